"""A node is taken away and comes back, and nobody notices: two nodes on one store behind a balancer."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import orjson
import pytest
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosedError

import livefeed.client
from livefeed.config import Config
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.streams import Streams
from livefeed.topic import Topic
from tests.integration.balancer import balancer
from tests.integration.crowd import Reader
from tests.integration.following import Socket, Stream
from tests.integration.server_process import ServerProcess

TOPIC, QUIET = "app:steady", "app:quiet"
READERS = 4
MANY = 40
DRAIN_S = 4.0
"""Readers leave evenly over all but the last part of it: the last one is a second early."""
SPREAD_S = 2.0
STREAMS = 4
TURN_S = 0.1
"""So much too early a timer may end: uvloop counts it in whole milliseconds, from when the loop's turn began."""
EVERY_S = 0.01
WAIT_S = 60.0


class Log:
    """What is appended, steadily, from outside the nodes."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self.count = 0

    async def run(self) -> None:
        """Append one numbered event after the other until cancelled."""
        while True:
            await self._streams.append(Topic(TOPIC), [("tick", {"number": self.count}, None)])
            self.count += 1
            await asyncio.sleep(EVERY_S)

    async def reach(self, more: int) -> None:
        """Wait until so many more are appended."""
        wanted = self.count + more
        async with asyncio.timeout(WAIT_S):
            while self.count < wanted:
                await asyncio.sleep(EVERY_S)


@asynccontextmanager
async def writing(url: str) -> AsyncIterator[Log]:
    """Append to the store as long as the block lasts; what is begun is ended."""
    async with RedisStore(url, timeout_s=10) as store:
        streams = Streams(store, Config())
        await streams.open()
        log = Log(streams)
        task = asyncio.create_task(log.run())
        try:
            yield log
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def numbers(reader: Reader) -> list[int]:
    return [event.data["number"] for event in reader.events("tick")]


@asynccontextmanager
async def two_nodes(tmp_path: Path, drain_s: float) -> AsyncIterator[tuple[ServerProcess, ServerProcess, Log]]:
    """Two servers on one store, and what is appended there."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(EmbeddedStore(tmp_path / "store"))
        settings = {"redis_url": store.url, "drain_s": drain_s}
        first, second = (
            stack.enter_context(ServerProcess(tmp_path / name / "data", **settings)) for name in ("a", "b")
        )
        yield first, second, await stack.enter_async_context(writing(store.url))


async def test_both_nodes_are_restarted_one_after_the_other_and_no_reader_misses_or_repeats_an_event(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Each leaves when its node tells it to, finds the other, and goes on from its position. Nobody is thrown out."""
    caplog.set_level(logging.INFO, "livefeed.client")
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(EmbeddedStore(tmp_path / "store"))
        settings = {"redis_url": store.url, "drain_s": DRAIN_S}
        nodes = [stack.enter_context(ServerProcess(tmp_path / name / "data", **settings)) for name in ("a", "b")]
        address = await stack.enter_async_context(balancer([node.url for node in nodes]))
        log = await stack.enter_async_context(writing(store.url))
        readers = []
        for _ in range(READERS):
            feed = await stack.enter_async_context(livefeed.client.connect(address))
            readers.append(await stack.enter_async_context(Reader.of(feed, TOPIC)))
            await readers[-1].reach(lambda reader: bool(reader.events("tick")))
        for node in nodes:
            await log.reach(20)
            caplog.clear()
            node.terminate()
            assert await asyncio.to_thread(node.wait) == 0
            assert "Traceback" not in node.log()
            gone = [record.getMessage() for record in caplog.records if "the connection is gone" in record.getMessage()]
            assert len(gone) >= READERS // 2, "half of them, at least, were at the node that stopped"
            assert not [message for message in gone if "draining" in message or "4000" in message]
            await asyncio.to_thread(node.start)
        await log.reach(20)
        last = log.count - 1
        for reader in readers:
            await reader.reach(lambda reader: numbers(reader)[-1] >= last)
            got = numbers(reader)
            assert got == list(range(got[0], got[-1] + 1))
            assert reader.gaps == 0


async def test_events_are_delivered_until_a_draining_node_closes_and_the_last_position_is_good_elsewhere(
    tmp_path: Path,
) -> None:
    """A client that does not heed `drain` gets what happens meanwhile, then 4000, and resumes at another node."""
    async with two_nodes(tmp_path, DRAIN_S) as (first, second, log):
        heard: list[int] = []
        drained_at = at = None
        async with open_socket(first.url.replace("http", "ws") + "/ws") as line:
            await line.send(orjson.dumps({"op": "subscribe", "ref": 1, "topics": {TOPIC: {}}}).decode())
            with contextlib.suppress(ConnectionClosedError):
                async for message in line:
                    frame = orjson.loads(message)
                    if frame["op"] == "subscribed":
                        at = frame["topics"][TOPIC]["at"]
                        first.terminate()
                    elif frame["op"] == "drain":
                        drained_at = len(heard)
                    elif frame["op"] == "events":
                        assert frame["from"] == at
                        at = frame["to"]
                        heard += [event["data"]["number"] for event in frame["events"]]
            assert line.close_code == 4000
        assert drained_at is not None
        assert len(heard) > drained_at + 10
        await log.reach(5)
        async with open_socket(second.url.replace("http", "ws") + "/ws") as line:
            await line.send(orjson.dumps({"op": "subscribe", "ref": 1, "topics": {TOPIC: {"since": at}}}).decode())
            wanted = heard[-1] + 5
            async with asyncio.timeout(WAIT_S):
                while heard[-1] < wanted:
                    frame = orjson.loads(await line.recv())
                    assert frame["op"] != "gap"
                    if frame["op"] == "events":
                        heard += [event["data"]["number"] for event in frame["events"]]
        assert heard == list(range(heard[0], heard[-1] + 1))
        assert await asyncio.to_thread(first.wait) == 0


async def test_drain_is_spread_evenly_over_many_sessions_and_each_goes_on_elsewhere_where_it_stood(
    tmp_path: Path,
) -> None:
    """Every other one leaves when it is told to; who stays hears what happens meanwhile, and is closed with 4000."""
    async with two_nodes(tmp_path, SPREAD_S) as (first, second, log):
        sockets = [Socket(TOPIC) for _ in range(MANY)]
        staying = sockets[::2]
        async with asyncio.TaskGroup() as group:
            for socket in sockets:
                group.create_task(socket.follow(first.url, heed=socket not in staying))
            for socket in sockets:
                await socket.reach(0)
            first.terminate()
        assert await asyncio.to_thread(first.wait) == 0
        assert "Traceback" not in first.log()
        told = sorted(socket.drain_ms for socket in sockets if socket.drain_ms is not None)
        assert len(told) == MANY
        apart_ms = 1000 * SPREAD_S / MANY
        assert all(abs(after_ms - apart_ms * number) <= 1 for number, after_ms in enumerate(told)), told
        assert [socket.close_code for socket in staying] == [4000] * len(staying)
        assert all(len(socket.heard) > socket.heard_before_drain + 10 for socket in staying)
        await log.reach(5)
        last = log.count - 1
        async with asyncio.TaskGroup() as group:
            again = [group.create_task(socket.follow(second.url)) for socket in sockets]
            for socket in sockets:
                await socket.reach(last)
            for task in again:
                task.cancel()
        for socket in sockets:
            assert socket.resumed == [True]
            assert socket.gaps == 0
            assert socket.is_unbroken


async def test_event_streams_are_ended_one_after_the_other_and_last_event_id_resumes_them_elsewhere(
    tmp_path: Path,
) -> None:
    """A stream cannot be told when to leave: it is ended at its own time, as HTTP ends one, while the others go on."""
    async with two_nodes(tmp_path, SPREAD_S) as (first, second, log):
        streams = [Stream([TOPIC, QUIET]) for _ in range(STREAMS)]
        ends: list[Stream] = []
        ended_s: list[float] = []

        async def follow(stream: Stream) -> None:
            await stream.follow(first.url)
            ends.append(stream)
            ended_s.append(asyncio.get_running_loop().time())

        async with asyncio.TaskGroup() as group:
            for stream in streams:
                group.create_task(follow(stream))
                await stream.reach(0)
            began_s = asyncio.get_running_loop().time()
            first.terminate()
        assert ends == streams, "in the order they came"
        for number, (one, end_s) in enumerate(zip(streams, ended_s, strict=True)):
            assert end_s - began_s >= SPREAD_S * number / STREAMS - TURN_S, f"stream {number} was ended before its time"
            assert number == 0 or one.heard[-1] > streams[number - 1].heard[-1], "it went on when the one before ended"
        assert await asyncio.to_thread(first.wait) == 0
        assert "Traceback" not in first.log()
        await log.reach(5)
        last = log.count - 1
        async with asyncio.TaskGroup() as group:
            again = [group.create_task(stream.follow(second.url)) for stream in streams]
            for stream in streams:
                await stream.reach(last)
            for task in again:
                task.cancel()
        for stream in streams:
            assert stream.resumed == [True, True], "both topics, though nothing ever happened on one of them"
            assert stream.gaps == 0
            assert stream.is_unbroken
