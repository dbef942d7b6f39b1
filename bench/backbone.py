"""What the backbone costs: appending an event, and reading a page of them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from bench.figure import Figure
from livefeed.config import Config
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.streams import Streams
from livefeed.topic import Topic
from tests.integration.server_process import cpu_s

RUNS = 5
APPENDS, AT_ONCE = 4_000, 64
EVENT = ("bench.tick", {"text": "x" * 200}, None)
PAGES, PAGE = 100, 256


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """One client process and the embedded store, on 100 topics over all the shards."""
    config = Config()
    async with EmbeddedStore(folder) as embedded, RedisStore(embedded.url, timeout_s=10) as store:
        streams = Streams(store, config)
        await streams.open()
        rates, here, there = [], [], []
        for _ in range(RUNS):
            began, mine, stores = time.monotonic(), time.process_time(), cpu_s(embedded.pid)
            await _append(streams)
            rates.append(APPENDS / (time.monotonic() - began))
            here.append(1e6 * (time.process_time() - mine) / APPENDS)
            there.append(1e6 * (cpu_s(embedded.pid) - stores) / APPENDS)
        yield Figure(f"appends, {AT_ONCE} at once", "/s", tuple(rates))
        yield Figure("CPU of one append, in the store", "µs", tuple(there))
        yield Figure("CPU of one append, in the server", "µs", tuple(here))
        yield Figure(f"page of {PAGE} events from the store", "ms", await _pages(streams))


async def _append(streams: Streams) -> None:
    async def some(number: int) -> None:
        for turn in range(APPENDS // AT_ONCE):
            await streams.append(Topic(f"app:bench:{(number + turn) % 100}"), [EVENT])

    await asyncio.gather(*[some(number) for number in range(AT_ONCE)])


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
