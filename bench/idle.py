"""What a connection costs that only waits: 5,000 of them, subscribed to three topics."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure
from bench.runs import Runs
from bench.servers.ours import livefeed

CONNECTIONS, FIRST = 5_000, 50
SHARED = '{"op":"subscribe","ref":1,"topics":{"feed:all":{},"app:bench":{},"app:bench:news":{}}}'
OWN = '{"op":"subscribe","ref":1,"topics":{"feed:all":{},"app:bench":{},"app:own:{i}":{}}}'


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """RSS with all of them less RSS with the first 50, divided by the others; a new server for each run."""
    pairs = Effort.from_environment().pairs
    yield _figure("idle connection, 3 topics, RSS each", folder, SHARED, pairs, Bar(high=12.0))
    yield _figure("the same, one of the topics its own", folder, OWN, 1, None)


def _figure(what: str, folder: Path, greeting: str, count: int, bar: Bar | None) -> Figure:
    each: list[float] = []
    failure = ""
    for number in range(count):
        here = folder / f"{bar is None}-{number}"
        here.mkdir()
        with livefeed(here) as target:
            runs = Runs(replace(target, greeting=(greeting,)), here)
            options = ["--clients", CONNECTIONS, "--base", FIRST, "--idle", 3, "--pace", 1500]
            runs.run(options, timeout_s=90)
            each += runs.values("kib_each")
            failure = failure or runs.failure
    return Figure(what, "KiB", tuple(each), bar, trouble=failure)
