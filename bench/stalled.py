"""What clients cost the others, and the server's memory, that take nothing any more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.runs import EVENT_BYTES, SUBSCRIBERS, Runs, ratio
from bench.servers.ours import livefeed

STALLED = SUBSCRIBERS // 100
RATE = 50
FILL = ["--warm", 2_000, "--warm-bytes", 4_000, "--window", 16]
"""Sent before the measurement: more than the kernel ever holds for a client, which is 3 to 4 MB; it is looked at."""
PAIRS = 2
"""For each pair of the other rows: at 50 events/s a run is one second of processor time, which moves by 5 %."""
MANY = 200
"""For the memory: that of ten is lost in what a process of 100 MiB takes and gives back anyway."""
CLIENTS = ["--clients", SUBSCRIBERS, "--event-bytes", EVENT_BYTES]


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    """1 % stalled against none: processor time per delivery, the others' p99; then memory, with 200 stalled."""
    effort = Effort.from_environment()
    seconds = 2 * effort.seconds
    options = [*CLIENTS, *FILL, "--rate", RATE, "--seconds", seconds]
    with livefeed(folder) as target:
        some, none = Runs(target, folder), Runs(target, folder)
        for number in range(PAIRS * effort.pairs):
            pair = [(some, [*options, "--stalled", STALLED]), (none, options)]
            for runs, asked in pair if number % 2 else reversed(pair):
                runs.run(asked, timeout_s=60 + 2 * seconds)
    what = "1 % stalled / none"
    yield ratio(f"{what}: server CPU per delivery", some, none, "cpu_us_each", Bar(high=1.05))
    yield ratio(f"{what}: p99 of the others", some, none, "latency_ms.p99", Bar(high=1.25))
    if any(
        after > 1.01 * before
        for before, after in zip(some.values("unsent_kib.0"), some.values("unsent_kib.1"), strict=True)
    ):
        yield Note("the kernel still took more for the stalled clients while it was measured")
    given_up = [STALLED - count for count in some.values("stalled_open") if count < STALLED]
    if given_up:
        yield Note(f"the server gave up {given_up} of the {STALLED} stalled clients within the run")
    yield _memory(folder, effort.pairs)


def _memory(folder: Path, pairs: int) -> Figure:
    """RSS that a server gained from before the events until their end, less that of one with no stalled clients."""
    each: list[float] = []
    failure = ""
    for number in range(pairs):
        gained = []
        for stalled in (MANY, 0):
            here = folder / f"memory-{number}-{stalled}"
            here.mkdir()
            with livefeed(here) as target:
                runs = Runs(target, here)
                options = [*CLIENTS, "--stalled", stalled, *FILL]
                runs.run([*options, "--seconds", 1], timeout_s=90)
                failure = failure or runs.failure
                gained += [report["kib_after"] - report["kib_first"] for report in runs.reports if report is not None]
        if len(gained) == 2:
            each.append((gained[0] - gained[1]) / MANY)
    return Figure("RSS per stalled client", "KiB", tuple(each), Bar(high=64.0), trouble=failure)
