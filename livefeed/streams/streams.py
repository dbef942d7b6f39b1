"""The backbone as the rest of the house sees it: commit, append, page, read."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError, refusal
from livefeed.position import Position
from livefeed.streams import keys
from livefeed.streams.connection import Argument, Spread, Store
from livefeed.streams.entry import LATEST_KEYS, Page, parse_event, parse_values, stored
from livefeed.streams.script import Script, changing, source
from livefeed.topic import Topic

_APPEND = changing(source(__package__, "append"))
_PAGE = Script(source(__package__, "page"))


@dataclass(frozen=True, slots=True)
class Once:
    """An idempotency key: who may repeat what.

    fingerprint: digest of what was asked; the same key with another one is refused.
    """

    who: str
    key: str
    fingerprint: str

    @classmethod
    def of(cls, who: str, key: str, request: object) -> Once:
        """Return the key of a request (any JSON value)."""
        body = orjson.dumps(request, option=orjson.OPT_SORT_KEYS)
        return cls(who, key, hashlib.sha256(body).hexdigest()[:32])


class Streams:
    """Append, commit, page and read, on a store that keeps `config.shards` logical shards."""

    def __init__(self, store: Store, config: Config, *, chance: random.Random | None = None) -> None:
        self.store = store
        self.shards = config.shards
        self._config = config
        # Ids need chance, not secrecy: a generator of our own, seeded by the system, asks it nothing per event.
        self._chance = chance or random.Random()
        self._shard_of = lru_cache(maxsize=keys.REMEMBERED)(lambda topic: topic.shard(config.shards))

    async def open(self) -> None:
        """Make sure that the store was made for as many shards as we think.

        Raises: ConfigurationError, StoreUnavailable.
        """
        is_cluster = b"cluster_enabled:1" in await self.store.execute("INFO", "cluster")
        if is_cluster is not isinstance(self.store, Spread):
            scheme, other = ("redis+cluster://", "a Cluster") if is_cluster else ("redis://", "no Cluster")
            raise ConfigurationError(f"The store is {other}: {variable('redis_url')} must begin with {scheme}")
        await self.store.execute("SET", keys.SHARDS, self.shards, "NX")
        found = int(await self.store.execute("GET", keys.SHARDS))
        if found != self.shards:
            raise ConfigurationError(
                f"The store was made with LIVEFEED_SHARDS={found}, not {self.shards}; "
                "the number is fixed at the first start."
            )

    def shard(self, topic: Topic) -> int:
        """Return the logical shard of a topic."""
        shard: int = self._shard_of(topic)
        return shard

    async def commit(
        self,
        script: Script,
        *,
        shard: int,
        topics: Sequence[Topic] = (),
        keys_: Sequence[str] = (),
        args: Sequence[Argument] = (),
        once: Once | None = None,
        outbox: bool = False,
    ) -> bytes:
        """Run a script made by `changing`: state, events and outbox in one atomic step of one slot.

        topics: those the body appends to, all of this shard. keys_: the body's own keys, all tagged with the shard.
        once: the same key again returns the first result and changes nothing.
        outbox: the body publishes; refused as busy while the outbox is full.

        Returns: the body's result.
        Raises: the error of the body's refusal; KeyReused; StoreUnavailable (repeat with the same key).
        """
        fan = keys.fan(shard)
        names = [fan, keys.outbox(shard), keys.idempotency(shard, once.who, once.key) if once else fan]
        for topic in topics:
            names += keys.of_topic(shard, topic)
        config = self._config
        head: list[Argument] = [
            self._chance.getrandbits(40),
            1 + self._chance.getrandbits(20),
            config.topic_events,
            config.shard_events,
            config.topic_idle_s * 1000,
            config.outbox_entries if outbox else 0,
            LATEST_KEYS,
            once.fingerprint if once else "",
            len(topics),
        ]
        head += [topic.name for topic in topics]
        reply = await self.store.run(script, [*names, *keys_], [*head, *args])
        if reply[0] == 0:
            raise refusal(reply[1].decode(), reply[2].decode())
        return bytes(reply[1])

    async def append(
        self, topic: Topic, events: Sequence[tuple[str, Any, str | None]], *, once: Once | None = None
    ) -> list[Position]:
        """Append `(type, data, key)` events to one topic in one step; `key` None: KEPT, else that key's LATEST value.

        Returns: their ids, in order.
        """
        args: list[Argument] = []
        for kind, data, key in events:
            args += (kind, orjson.dumps(data), key or "")
        result = await self.commit(_APPEND, shard=self.shard(topic), topics=[topic], args=args, once=once)
        return [stored(text) for text in result.split()]

    async def page(
        self,
        topic: Topic,
        *,
        cut: Position,
        since: Position | None = None,
        replay: int = 0,
        limit: int | None = None,
        values: bool = False,
    ) -> Page:
        """Return the events in (since, cut], oldest first; without `since` the newest `replay` ones up to the cut.

        One round trip, so that trimming cannot slip between the events and the proof of the position.

        Source: docs/protocol.md, "Positions".
        """
        shard, limit = self.shard(topic), limit or self._config.page_events
        cut_held, good, at, raw, found, complete = await self.store.run(
            _PAGE,
            [keys.fan(shard), keys.stream(shard, topic), keys.latest(shard, topic)],
            [str(since) if since is not None else "", str(cut), limit, replay, int(values)],
        )
        return Page(
            cut_held=bool(cut_held),
            good=bool(good),
            at=stored(at),
            events=[parse_event(entry) for entry in raw],
            complete=bool(complete),
            values=parse_values(found) if values else None,
        )

    async def read(
        self, script: Script, *, shard: int, keys_: Sequence[str] = (), args: Sequence[Argument] = ()
    ) -> Any:
        """Run a script made by `reading` and return its raw reply."""
        return await self.store.run(script, [keys.fan(shard), *keys_], args)
