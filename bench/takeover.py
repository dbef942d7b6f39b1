"""How long a picture is delayed when its worker is killed: two workers that no server minds, the default lease."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import livefeed.client
from bench.figure import Bar, Figure
from livefeed.client import Completed, Feed, Progress, Started
from livefeed.config import Config
from tests.integration.server_process import ServerProcess, busiest, external_worker

RUNS = 3


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Kill whoever paints a 768 px picture; another has finished it within the lease and 2 s."""
    lease_s = Config().lease_s
    taken, finished = [], []
    for number in range(RUNS):
        with (
            ServerProcess(folder / f"data-{number}") as server,
            external_worker(server) as first,
            external_worker(server) as second,
        ):
            async with livefeed.client.connect(server.url) as feed:
                taken_s, finished_s = await _take_over(feed, [first.pid, second.pid])
                taken.append(taken_s)
                finished.append(finished_s)
    yield Figure(f"worker killed → taken over, lease {lease_s:g} s", "s", tuple(taken))
    yield Figure("worker killed → finished by another, 768 px", "s", tuple(finished), Bar(high=lease_s + 2.0))


async def _take_over(feed: Feed, workers: list[int]) -> tuple[float, float]:
    """Return the seconds from the kill until another worker has begun, and until it has finished."""
    killed = taken = 0.0
    async for step in feed.generate("a red fox in the snow at night"):
        now = time.monotonic()
        match step:
            case Progress() if not killed:
                os.kill(busiest(workers), signal.SIGKILL)
                killed = time.monotonic()
            case Started() if killed:
                taken = now - killed
            case Completed() if taken:
                return taken, now - killed
    raise AssertionError("the picture was finished before its worker could be killed")
