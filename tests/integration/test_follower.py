"""A node on a real store that crashes, loses its newest entries, or is overrun: its readers learn of it at once.

The reader is the simulation's client, so every frame's continuity is checked on the way.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import pytest

from livefeed.config import Config
from livefeed.errors import StoreUnavailable
from livefeed.hub.codec import JsonCodec
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.position import Position
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import arguments, binary
from livefeed.streams.embedded_place import Place
from livefeed.streams.follower import Follower
from livefeed.streams.streams import Once, Streams
from livefeed.topic import Topic
from tests.simulation.client import Client, Reading

TOPIC, OTHER = Topic("app:here"), Topic("app:there")
CONFIG = Config(shards=1, topic_events=1_000, shard_events=8, page_events=7, tail_events=5, heartbeat_s=300)


class Store:
    """A store that the test starts, kills, and whose files it may replace."""

    def __init__(self, data: Path) -> None:
        self.place = Place.at(data)
        self.place.prepare()
        self._process: Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            str(binary()), *arguments(self.place), stdout=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(60):
            while True:
                try:
                    _, line = await asyncio.open_unix_connection(str(self.place.socket))
                    line.close()
                    await line.wait_closed()
                    return
                except OSError:
                    await asyncio.sleep(0.01)

    async def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None
            self.place.socket.unlink(missing_ok=True)

    def back_up(self) -> Path:
        """Copy the log as it is now."""
        return Path(shutil.copytree(self.place.folder, self.place.data / "backup", dirs_exist_ok=True))

    async def restore(self, backup: Path) -> None:
        """Come back with what a copy of the log holds."""
        await self.kill()
        shutil.rmtree(self.place.folder)
        shutil.copytree(backup, self.place.folder)
        await self.start()


@dataclass
class Reader:
    """A client with one session: the outlet its bytes go to, and what it makes of them."""

    client: Client = field(default_factory=lambda: Client("reader"))
    gaps: list[Position] = field(default_factory=list)
    told: asyncio.Event = field(default_factory=asyncio.Event)

    def write(self, data: bytes) -> int:
        """Take bytes as a socket does: all of them."""
        for frame in opened(data):
            if frame["op"] == "gap":
                self.gaps.append(Position.parse(frame["at"]))
            self.client.hear(translated(frame))
        self.told.set()
        return len(data)

    def waiting(self) -> int:
        return 0

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(f"closed with {code}: {reason}")

    @property
    def reading(self) -> Reading:
        return self.client.readings[TOPIC.name]

    @property
    def said(self) -> list[int]:
        return [orjson.loads(data)["n"] for _, data in self.reading.events]

    @property
    def values(self) -> dict[str, int]:
        return {key: orjson.loads(data)["n"] for key, (_, data) in self.reading.values.items()}

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not holds():
                self.told.clear()
                await self.told.wait()


def opened(data: bytes) -> list[dict]:
    """Return the frames in some unmasked WebSocket messages."""
    found = []
    while data:
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        elif size == 127:
            size, start = int.from_bytes(data[2:10], "big"), 10
        found.append(orjson.loads(data[start : start + size]))
        data = data[start + size :]
    return found


def translated(frame: dict) -> dict:
    """Return a frame as the simulation's codec records it."""
    match frame["op"]:
        case "events":
            events = [(Position.parse(event["id"]), orjson.dumps(event["data"])) for event in frame["events"]]
            start, end = Position.parse(frame["from"]), Position.parse(frame["to"])
            return {**frame, "from": start, "to": end, "events": events}
        case "latest":
            values = [
                (value["key"], Position.parse(value["rev"]), orjson.dumps(value["data"])) for value in frame["values"]
            ]
            return {**frame, "values": values}
    return frame


@dataclass
class House:
    """A node and its follower, at work."""

    streams: Streams
    node: Node
    follower: Follower

    async def say(self, *ns: int, topic: Topic = TOPIC) -> list[Position]:
        """Publish events, each until the store has acknowledged it."""
        return [(await self._append(topic, ("said", {"n": n}, None), str(n)))[0] for n in ns]

    async def set(self, key: str, n: int) -> Position:
        return (await self._append(TOPIC, ("value", {"n": n}, key), f"{key} {n}"))[0]

    async def _append(self, topic: Topic, event: tuple, key: str) -> list[Position]:
        async with asyncio.timeout(30):
            while True:
                with contextlib.suppress(StoreUnavailable):
                    return await self.streams.append(topic, [event], once=Once.of(topic.name, key, key))
                await asyncio.sleep(0.01)

    async def listen(self) -> Reader:
        reader = Reader()
        reader.client.readings[TOPIC.name] = Reading()
        session = Session("s", JsonCodec())
        self.node.open(session, reader)
        session.send = reader.write
        (wanted,) = reader.client.wants([TOPIC.name])
        await self.node.subscribe(session, reader.client.ref, {TOPIC.name: wanted})
        await reader.until(lambda: reader.reading.answered)
        return reader


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    found = Store(tmp_path)
    await found.start()
    yield found
    await found.kill()


@pytest.fixture
async def house(store: Store) -> AsyncIterator[House]:
    async with RedisStore(store.place.url, timeout_s=20) as connection, asyncio.TaskGroup() as tasks:
        streams = Streams(connection, CONFIG)
        node = Node(streams, CONFIG)
        follower = Follower(connection, node, shards=1)
        running = [tasks.create_task(node.run()), tasks.create_task(follower.run())]
        await follower.ready.wait()
        yield House(streams, node, follower)
        for task in running:
            task.cancel()


async def test_readers_get_every_event_once_and_in_order_over_kills_of_the_store(house: House, store: Store) -> None:
    reader = await house.listen()

    async def publish() -> None:
        await house.say(*range(300))

    async with asyncio.timeout(90), asyncio.TaskGroup() as tasks:
        tasks.create_task(publish())
        for killed_after in (80, 200):
            await reader.until(lambda least=killed_after: len(reader.said) >= least)
            await store.kill()
            await store.start()
    await reader.until(lambda: len(reader.said) >= 300)
    assert reader.said == list(range(300))
    assert reader.gaps == []


async def test_a_burst_that_overruns_the_shards_stream_leaves_no_hole(house: House) -> None:
    """One script appends more than the shard keeps: the chain breaks, and readers get the rest from the topic."""
    reader = await house.listen()
    await house.say(0)
    await reader.until(lambda: reader.said == [0])
    await house.streams.append(TOPIC, [("said", {"n": n}, None) for n in range(1, 40)])
    await reader.until(lambda: len(reader.said) >= 40)
    await house.say(40)
    await reader.until(lambda: len(reader.said) >= 41)
    assert reader.said == list(range(41))
    assert reader.gaps == []


async def test_a_lost_tail_is_told_as_a_gap_although_nothing_more_happens(house: House, store: Store) -> None:
    (kept,) = await house.say(1)
    value = await house.set("k", 1)
    reader = await house.listen()
    backup = store.back_up()
    await house.say(2, 3)
    await house.set("k", 4)
    await reader.until(lambda: reader.said == [2, 3] and reader.values == {"k": 4})
    await store.restore(backup)
    await reader.until(lambda: bool(reader.gaps) and bool(reader.values))
    assert reader.gaps == [value]
    assert value > kept
    assert reader.said == []
    assert reader.values == {"k": 1}, "the lost value was taken back"
    await house.say(5)
    await reader.until(lambda: reader.said == [5])


async def test_a_reader_that_saw_nothing_of_what_was_lost_is_told_nothing(house: House, store: Store) -> None:
    """Only another topic of the shard lost something, after this reader's position."""
    await house.say(1)
    reader = await house.listen()
    backup = store.back_up()
    await house.say(2, topic=OTHER)
    before = reader.reading.position
    await store.restore(backup)
    await house.say(3)
    await reader.until(lambda: reader.said == [3])
    assert reader.gaps == []
    assert before is not None


async def test_a_store_that_comes_back_empty_is_told_as_a_gap(house: House, store: Store, tmp_path: Path) -> None:
    await house.say(1)
    reader = await house.listen()
    await house.say(2)
    await reader.until(lambda: reader.said == [2])
    (tmp_path / "nothing").mkdir()
    await store.restore(tmp_path / "nothing")
    await reader.until(lambda: bool(reader.gaps))
    assert reader.gaps == [Position(0, 0)]
    await house.say(3)
    await reader.until(lambda: reader.said == [3])


async def test_a_position_from_before_trimming_or_expiry_gets_a_gap(house: House) -> None:
    """And one that the topic still holds does not."""
    ids = await house.say(*range(20))
    page = await house.streams.page(TOPIC, cut=ids[-1], since=ids[0])
    assert page.good, "the shard has trimmed it, the topic has not"
    assert len(page.events) == CONFIG.page_events
    await house.streams.store.execute("DEL", "lf:{s00}:t:" + TOPIC.name)
    assert not (await house.streams.page(TOPIC, cut=ids[-1], since=ids[0])).good
