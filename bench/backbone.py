"""What the backbone costs: appending an event, beside a floor and beside redis-py, and reading a page of events."""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, cast

import hiredis
import redis.asyncio

from bench.figure import Bar, Figure
from livefeed.config import Config
from livefeed.streams.connection import RedisStore, Store
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.script import Script
from livefeed.streams.streams import Streams
from livefeed.topic import Topic
from tests.integration.server_process import cpu_s

RUNS = 5
APPENDS, AT_ONCE = 8_000, 64
TOPICS = [Topic(f"app:bench:{number}") for number in range(100)]
EVENT = ("bench.tick", {"text": "x" * 200}, None)
PAGES, PAGE = 100, 128

Command = tuple[Any, ...]
Append = Callable[[int], Awaitable[object]]


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """One client process and the embedded store, on 100 topics over all the shards; the three ways take turns."""
    async with EmbeddedStore(folder) as embedded, RedisStore(embedded.url, timeout_s=10) as store:
        streams = Streams(store, Config())
        await streams.open()
        await streams.append(TOPICS[0], [EVENT])
        commands = await _commands()
        floor = await Floor.connect(embedded.url)
        alone = redis.asyncio.Redis.from_url(embedded.url)
        ways: dict[str, Append] = {
            "ours": lambda number: streams.append(TOPICS[number % len(TOPICS)], [EVENT]),
            "floor": lambda number: floor.ask(commands[number % len(commands)]),
            "alone": lambda number: alone.execute_command(  # type: ignore[no-untyped-call]
                *commands[number % len(commands)]
            ),
        }
        runs: dict[str, list[Run]] = {name: [] for name in ways}
        for turn in range(RUNS):
            for name in list(ways)[:: -1 if turn % 2 else 1]:
                runs[name].append(await _run(ways[name], embedded.pid))
        floor.close()
        await alone.aclose()
        for figure in _figures(runs):
            yield figure
        yield Figure(f"page of {PAGE} events from the store", "ms", await _pages(streams))


class Run(tuple[float, float, float]):
    """Appends a second, and the µs of CPU that each cost here and in the store."""


def _figures(runs: dict[str, list[Run]]) -> list[Figure]:
    ours, floor, alone = ([run[0] for run in runs[name]] for name in ("ours", "floor", "alone"))
    there = [run[2] for run in runs["ours"]]
    paired = [mine / least for mine, least in zip(ours, floor, strict=True)]
    return [
        Figure(f"appends, {AT_ONCE} at once", "/s", tuple(ours)),
        Figure("the same, raw asyncio and hiredis: the floor", "/s", tuple(floor)),
        Figure("the same, redis-py alone", "/s", tuple(alone)),
        Figure("appends: ours, of the floor", "", tuple(paired), Bar(low=0.75)),
        Figure("appends: redis-py, of the floor", "", tuple(a / b for a, b in zip(alone, floor, strict=True))),
        Figure("CPU of one append, in the store", "µs", tuple(there)),
        Figure("CPU of one append, in the server", "µs", tuple(run[1] for run in runs["ours"])),
        Figure("the same, the floor's", "µs", tuple(run[1] for run in runs["floor"])),
        Figure("the same, redis-py's", "µs", tuple(run[1] for run in runs["alone"])),
    ]


async def _run(append: Append, store: int) -> Run:
    async def some(first: int) -> None:
        for turn in range(APPENDS // AT_ONCE):
            await append(first + turn)

    began, mine, stores = time.monotonic(), time.process_time(), cpu_s(store)
    await asyncio.gather(*[some(number) for number in range(AT_ONCE)])
    took, cpu = time.monotonic() - began, time.process_time() - mine
    return Run((APPENDS / took, 1e6 * cpu / APPENDS, 1e6 * (cpu_s(store) - stores) / APPENDS))


async def _commands() -> list[Command]:
    """Return the very commands that our path sends, for the other two to send."""
    recorder = Recorder()
    streams = Streams(cast(Store, recorder), Config(), chance=random.Random(1))
    for number in range(10 * len(TOPICS)):
        await streams.append(TOPICS[number % len(TOPICS)], [EVENT])
    return recorder.commands


class Recorder:
    """A store that only notes what it is asked."""

    def __init__(self) -> None:
        self.commands: list[Command] = []

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Any]) -> Any:
        self.commands.append(("EVALSHA", script.digest, len(keys), *keys, *args))
        return [1, b"1-1"]


class Floor(asyncio.Protocol):
    """The least that asyncio and hiredis can do: pack, write once per turn, read, resolve. No limit, no reconnect."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._reader = hiredis.Reader()
        self._packed: list[bytes] = []
        self._asked: deque[asyncio.Future[Any]] = deque()

    @classmethod
    async def connect(cls, url: str) -> Floor:
        path = url.removeprefix("unix://").partition("?")[0]
        _, floor = await asyncio.get_running_loop().create_unix_connection(cls, path)
        return floor

    def ask(self, command: Command) -> asyncio.Future[Any]:
        future = self._loop.create_future()
        if not self._packed:
            self._loop.call_soon(self._send)
        self._packed.append(hiredis.pack_command(command))
        self._asked.append(future)
        return future

    def _send(self) -> None:
        self._transport.write(b"".join(self._packed))
        self._packed.clear()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)
        while (reply := self._reader.gets()) is not False:
            if isinstance(reply, hiredis.ReplyError):
                raise reply
            self._asked.popleft().set_result(reply)

    def close(self) -> None:
        self._transport.close()


async def _pages(streams: Streams) -> tuple[float, ...]:
    topic = Topic("app:pages")
    ids = await streams.append(topic, [EVENT] * 500)
    runs = []
    for _ in range(PAGES):
        began = time.monotonic()
        page = await streams.page(topic, cut=ids[-1], since=ids[0], limit=PAGE)
        runs.append(1000 * (time.monotonic() - began))
        assert len(page.events) == PAGE
    return tuple(runs)
