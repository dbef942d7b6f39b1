"""The backbone on a real store: append, commit once, the outbox, and what a crash in between does."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from livefeed.config import Config
from livefeed.errors import BadRequest, Busy, ConfigurationError, Conflict, KeyReused, LivefeedError, StoreUnavailable
from livefeed.position import ZERO, Position
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.entry import parse_entry
from livefeed.streams.outbox import Carrier, Outgoing
from livefeed.streams.script import Script, changing, reading, source
from livefeed.streams.streams import Once, Streams
from livefeed.topic import Topic

TOPIC, OTHER = Topic("app:here"), Topic("app:there")
CONFIG = Config(shards=1, outbox_entries=10)
PUBLISH = changing(
    """
local id = append(1, 'said', '{}')
publish('told', id, '{"n":1}')
return id
"""
)
REFUSE = changing("return refuse('conflict', 'It is over.')")
HEAD = reading("return {head(), keys[1], args[1]}")


@pytest.fixture
async def embedded(tmp_path: Path) -> AsyncIterator[EmbeddedStore]:
    async with EmbeddedStore(tmp_path) as store:
        yield store


@pytest.fixture
async def store(embedded: EmbeddedStore) -> AsyncIterator[RedisStore]:
    async with RedisStore(embedded.url, timeout_s=20) as found:
        yield found


@pytest.fixture
def streams(store: RedisStore) -> Streams:
    return Streams(store, CONFIG)


async def followed(store: RedisStore) -> list[Position]:
    """Return the ids of the shard's stream, having checked that each names the one before it."""
    entries = [parse_entry(raw) for raw in await store.execute("XRANGE", keys.fan(0), "-", "+")]
    ids = [entry.id for entry in entries]
    assert [entry.prev for entry in entries] == [ZERO, *ids[:-1]]
    return ids


async def test_an_event_has_one_id_in_its_topic_and_in_its_shard(streams: Streams, store: RedisStore) -> None:
    kept, latest = await streams.append(TOPIC, [("said", {"a": 1}, None), ("progress", {"step": 2}, "k")])
    assert await followed(store) == [kept, latest]
    page = await streams.page(TOPIC, cut=latest, since=ZERO, values=True)
    assert not page.good, "0-0 is no position any more"
    page = await streams.page(TOPIC, cut=latest, replay=5, values=True)
    assert [(event.id, event.data) for event in page.events] == [(kept, b'{"a":1}')]
    assert [(value.rev, value.key) for value in page.values or ()] == [(latest, "k")]


async def test_commands_that_come_at_once_make_one_chain(streams: Streams, store: RedisStore) -> None:
    """Two topics of one shard, in any order: ids rise and every entry names the one before it."""
    topics = [TOPIC, OTHER] * 100
    found = await asyncio.gather(*[streams.append(topic, [("said", {"n": n}, None)]) for n, topic in enumerate(topics)])
    ids = await followed(store)
    assert sorted(id for (id,) in found) == ids
    assert len(set(ids)) == 200


async def test_a_command_with_a_key_takes_effect_once(streams: Streams, store: RedisStore) -> None:
    once = Once.of("user", "key", {"text": "hello"})
    first = await streams.append(TOPIC, [("said", {}, None)], once=once)
    again = await asyncio.gather(*[streams.append(TOPIC, [("said", {}, None)], once=once) for _ in range(5)])
    assert all(ids == first for ids in again)
    assert await followed(store) == first
    left_ms = await store.execute("PTTL", keys.idempotency(0, "user", "key"))
    assert 86_000_000 < left_ms <= 86_400_000


async def test_the_same_key_with_another_body_is_refused(streams: Streams, store: RedisStore) -> None:
    await streams.append(TOPIC, [("said", {}, None)], once=Once.of("user", "key", {"text": "hello"}))
    with pytest.raises(KeyReused) as caught:
        await streams.append(TOPIC, [("said", {}, None)], once=Once.of("user", "key", {"text": "good bye"}))
    assert (caught.value.code, caught.value.status) == ("key_reused", 422)
    await streams.append(TOPIC, [("said", {}, None)], once=Once.of("somebody else", "key", {"text": "good bye"}))
    assert len(await followed(store)) == 2


async def test_a_refusal_writes_nothing_and_may_be_tried_again(streams: Streams, store: RedisStore) -> None:
    once = Once.of("user", "key", 1)
    with pytest.raises(Conflict, match="It is over"):
        await streams.commit(REFUSE, shard=0, topics=[TOPIC], once=once)
    assert await store.execute("KEYS", "*") == []


async def test_a_snapshot_carries_the_shards_last_id(streams: Streams) -> None:
    assert await streams.read(HEAD, shard=0, keys_=["lf:{s00}:k"], args=["a"]) == [b"0-0", b"lf:{s00}:k", b"a"]
    (id,) = await streams.append(OTHER, [("said", {}, None)])
    assert (await streams.read(HEAD, shard=0, keys_=["lf:{s00}:k"], args=["a"]))[0] == str(id).encode()


async def test_another_number_of_shards_is_refused(streams: Streams, store: RedisStore) -> None:
    await streams.open()
    await streams.open()
    with pytest.raises(ConfigurationError, match="LIVEFEED_SHARDS=1, not 2"):
        await Streams(store, Config(shards=2)).open()


async def test_events_that_a_crash_interrupts_are_there_once_and_in_order(
    embedded: EmbeddedStore, streams: Streams, store: RedisStore
) -> None:
    """Whether a command took effect is unknown when the store dies: it is repeated with its key."""
    acknowledged: list[int] = []

    async def publish() -> None:
        for n in range(400):
            once = Once.of("user", str(n), n)
            while True:
                try:
                    await streams.append(TOPIC, [("said", {"n": n}, None)], once=once)
                    break
                except StoreUnavailable:
                    await asyncio.sleep(0.01)
            acknowledged.append(n)

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        tasks.create_task(publish())
        for killed_after in (100, 250):
            while len(acknowledged) < killed_after:
                await asyncio.sleep(0.001)
            os.kill(embedded.pid, signal.SIGKILL)
    ids = await followed(store)
    page = await streams.page(TOPIC, cut=ids[-1], replay=500)
    assert [event.data for event in page.events] == [b'{"n":%d}' % n for n in range(400)]


# The outbox.


async def test_a_full_outbox_makes_commands_wait_and_writes_nothing(streams: Streams, store: RedisStore) -> None:
    for _ in range(CONFIG.outbox_entries):
        await streams.commit(PUBLISH, shard=0, topics=[TOPIC], outbox=True)
    with pytest.raises(Busy) as caught:
        await streams.commit(PUBLISH, shard=0, topics=[TOPIC], outbox=True)
    assert caught.value.status == 503
    assert len(await followed(store)) == CONFIG.outbox_entries
    await streams.append(TOPIC, [("said", {}, None)])


async def test_an_outbox_entry_goes_when_every_group_has_acknowledged_it(streams: Streams, store: RedisStore) -> None:
    settle, name = Script(source("livefeed.streams", "settle")), keys.outbox(0)
    for group in ("feeds", "notices"):
        await store.execute("XGROUP", "CREATE", name, group, "0", "MKSTREAM")
    for _ in range(3):
        await streams.commit(PUBLISH, shard=0, topics=[TOPIC], outbox=True)

    async def take(group: str, count: int) -> list[bytes]:
        reply = await store.execute("XREADGROUP", "GROUP", group, "me", "COUNT", count, "STREAMS", name, ">")
        return [entry[0] for entry in reply[0][1]]

    first, second, third = await take("feeds", 3)
    assert await store.run(settle, [name], ["feeds", first, second, third]) == 0
    assert await store.execute("XLEN", name) == 3, "the other group has not even read them"
    assert await take("notices", 2) == [first, second]
    assert await store.run(settle, [name], ["feeds", first]) == 0, "acknowledging twice removes nothing"
    assert await store.run(settle, [name], ["notices", second]) == 1
    assert [entry[0] for entry in await store.execute("XRANGE", name, "-", "+")] == [first, third]
    assert await store.run(settle, [name], ["notices", first]) == 1
    assert await take("notices", 1) == [third]
    assert await store.run(settle, [name], ["notices", third]) == 1
    assert await store.execute("XLEN", name) == 0


class Remembering:
    """A projection that notes what it was given, and fails while it is told to."""

    def __init__(self, name: str, *, failing: bool = False) -> None:
        self.name = name
        self.failing = failing
        self.seen: list[Outgoing] = []

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        if self.failing:
            raise LivefeedError("Not now.")
        self.seen += batch


async def test_carriers_bring_every_entry_to_every_projection(streams: Streams, store: RedisStore) -> None:
    projections = [Remembering("one"), Remembering("two")]
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        carriers = [
            tasks.create_task(Carrier(store, projection, shards=1, consumer="me").run()) for projection in projections
        ]
        ids = [await streams.commit(PUBLISH, shard=0, topics=[TOPIC], outbox=True) for _ in range(5)]
        while any(len(projection.seen) < 5 for projection in projections) or await store.execute(
            "XLEN", keys.outbox(0)
        ):
            await asyncio.sleep(0.01)
        for carrier in carriers:
            carrier.cancel()
    for projection in projections:
        assert [(entry.type, entry.mark.encode(), entry.data) for entry in projection.seen] == [
            ("told", id, {"n": 1}) for id in ids
        ]


async def test_an_entry_that_a_projection_cannot_take_yet_stays(streams: Streams, store: RedisStore) -> None:
    willing, unwilling = Remembering("willing"), Remembering("unwilling", failing=True)
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        carriers = [
            tasks.create_task(Carrier(store, each, shards=1, consumer="me").run()) for each in (willing, unwilling)
        ]
        await streams.commit(PUBLISH, shard=0, topics=[TOPIC], outbox=True)
        while not willing.seen or not await _pending(store, "unwilling"):
            await asyncio.sleep(0.01)
        assert await store.execute("XLEN", keys.outbox(0)) == 1
        for carrier in carriers:
            carrier.cancel()
    unwilling.failing = False
    await store.execute(
        "XCLAIM", keys.outbox(0), "unwilling", "me", 0, *await _pending(store, "unwilling"), "IDLE", 60_000
    )
    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        carrier = tasks.create_task(Carrier(store, unwilling, shards=1, consumer="another").run())
        while await store.execute("XLEN", keys.outbox(0)):
            await asyncio.sleep(0.01)
        carrier.cancel()
    assert [entry.type for entry in unwilling.seen] == ["told"]


async def _pending(store: RedisStore, group: str) -> list[bytes]:
    found = await store.execute("XPENDING", keys.outbox(0), group, "-", "+", 10)
    return [entry[0] for entry in found]


async def test_a_page_stops_at_its_bytes_and_says_that_there_is_more(streams: Streams) -> None:
    """Large events make short pages; the next one goes on, and nothing is left out."""
    ids = await streams.append(TOPIC, [("said", {"text": "x" * 60_000}, None) for _ in range(10)])
    read: list[Position] = []
    pages = 0
    first = await streams.append(TOPIC, [("said", {}, None)])
    since = ids[0]
    while True:
        page = await streams.page(TOPIC, cut=first[0], since=since)
        assert page.good
        read += [event.id for event in page.events]
        pages += 1
        if page.complete:
            break
        since = page.events[-1].id
    assert read == [*ids[1:], *first]
    assert pages > 1
    newest = await streams.page(TOPIC, cut=first[0], replay=10)
    assert 0 < len(newest.events) < 10
    assert newest.events[-1].id == first[0]


async def test_half_a_character_is_refused_and_the_store_goes_on(store: RedisStore) -> None:
    """Whatever cannot be sent fails its own caller, nobody else."""
    with pytest.raises(BadRequest):
        await store.execute("SET", "key\udcff", "1")
    assert await store.execute("PING") == b"PONG"
