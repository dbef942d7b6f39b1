"""Projections: what one slot's events mean for other slots, carried by consumer groups.

A command's script writes its outbox entry in the same step as its state, so no effect is forgotten; an entry goes when
every group has acknowledged it. Deliveries repeat after a crash and may overtake each other between nodes, so a
projection's effect is idempotent (committed `Once` per entry) and does not rely on order.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from livefeed.errors import LivefeedError, PeerError, StoreUnavailable
from livefeed.streams import keys
from livefeed.streams.connection import Dedicated, Store, StoreRefused, strands
from livefeed.streams.outage import Outage
from livefeed.streams.script import Script, source

log = logging.getLogger(__name__)

BLOCK_MS = 2_000
READ_ENTRIES = 64
RECLAIM_AFTER_MS = 5_000
MAX_PAUSE_S = 2.0

_SETTLE = Script(source(__package__, "settle"))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An outbox entry. `mark` is the id of the event it tells of: the key that makes its effects happen once."""

    id: str
    type: str
    mark: str
    data: Mapping[str, Any]


class Projection(Protocol):
    """One consumer group's work."""

    @property
    def name(self) -> str:
        """The group's name: stable for ever, it is what the store remembers."""

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Carry out the effects of a batch, oldest first.

        Raises: LivefeedError; the batch is then tried again, entry by entry.
        """


class Carrier:
    """Feeds one projection from the outboxes of all shards, sharing the work with the same group on other nodes."""

    def __init__(self, store: Store, projection: Projection, *, shards: int, consumer: str) -> None:
        self._store = store
        self._projection = projection
        self._consumer = consumer
        self._names = [keys.outbox(shard) for shard in range(shards)]
        self._reading = Outage(log, f"projection {projection.name}")
        self._applying = Outage(log, f"projection {projection.name}, carrying out effects,")

    async def run(self) -> None:
        """Carry until cancelled; reconnect with back-off. On a Cluster, each slot on a connection of its own."""
        async with asyncio.TaskGroup() as tasks:
            for store, names in strands(self._store, self._names):
                tasks.create_task(self._run(store, names))

    async def _run(self, store: Store, names: Sequence[str]) -> None:
        pause_s = 0.05
        while True:
            try:
                async with store.dedicated() as connection:
                    await self._create_groups(connection, names)
                    while True:
                        await self._reclaim(connection, names)
                        self._reading.back(names[0])
                        until = asyncio.get_running_loop().time() + RECLAIM_AFTER_MS / 1000
                        await self._read(connection, names, until=until)
                        pause_s = 0.05
            except LivefeedError as exc:
                self._reading.lost(names[0], exc)
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(2 * pause_s, MAX_PAUSE_S)

    async def _create_groups(self, connection: Dedicated, names: Sequence[str]) -> None:
        for name in names:
            try:
                await connection.execute("XGROUP", "CREATE", name, self._projection.name, "0", "MKSTREAM")
            except StoreRefused as exc:
                if "BUSYGROUP" not in exc.message:
                    raise

    async def _read(self, connection: Dedicated, names: Sequence[str], *, until: float) -> None:
        """Take new entries until the time has come to look for abandoned ones."""
        while asyncio.get_running_loop().time() < until:
            reply = await connection.execute(
                "XREADGROUP",
                "GROUP",
                self._projection.name,
                self._consumer,
                "COUNT",
                READ_ENTRIES,
                "BLOCK",
                BLOCK_MS,
                "STREAMS",
                *names,
                *[">"] * len(names),
                block_s=BLOCK_MS / 1000,
            )
            for name, raw in reply or ():
                await self._carry(name.decode(), [_parse(item) for item in raw])

    async def _reclaim(self, connection: Dedicated, names: Sequence[str]) -> None:
        """Take over what another consumer, or we before a failure, left unacknowledged."""
        for name in names:
            _, raw, *_ = await connection.execute(
                "XAUTOCLAIM",
                name,
                self._projection.name,
                self._consumer,
                RECLAIM_AFTER_MS,
                "0",
                "COUNT",
                READ_ENTRIES,
            )
            if raw:
                await self._carry(name, [_parse(item) for item in raw if item[1]])
            else:
                self._applying.back(name)

    async def _carry(self, name: str, batch: Sequence[Outgoing]) -> None:
        try:
            await self._projection.apply(batch)
            done = list(batch)
        except Exception as exc:
            if not isinstance(exc, StoreUnavailable):
                log.info("projection %s repeats a batch entry by entry: %s", self._projection.name, exc)
            done = [entry for entry in batch if await self._carry_one(name, entry)]
        else:
            self._applying.back(name)
        if done:
            await self._store.run(_SETTLE, [name], [self._projection.name, *[entry.id for entry in done]])

    async def _carry_one(self, name: str, entry: Outgoing) -> bool:
        """Tell whether the entry is settled: applied, or refused for good. Otherwise it is claimed again later."""
        try:
            await self._projection.apply([entry])
        except PeerError as exc:
            log.error("projection %s drops %s %s: %s", self._projection.name, entry.type, entry.mark, exc.message)
        except StoreUnavailable as exc:
            self._applying.lost(name, exc)
            return False
        except LivefeedError as exc:
            log.warning("projection %s keeps %s for later: %s", self._projection.name, entry.mark, exc.message)
            return False
        except Exception:
            # A defect of ours with one entry must not stop the others: it stays, and is seen in the log every time.
            log.exception("projection %s cannot carry %s %s", self._projection.name, entry.type, entry.mark)
            return False
        return True


def _parse(raw: Sequence[Any]) -> Outgoing:
    """Return the entry that a raw reply holds; its fields are k, m, d."""
    fields = raw[1]
    return Outgoing(raw[0].decode(), fields[1].decode(), fields[3].decode(), orjson.loads(fields[5]))
