"""What clients cost the others, and the server's memory, that take nothing any more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.runs import EVENT_BYTES, SUBSCRIBERS, Runs, ratio
from bench.servers.ours import livefeed

WHAT = "1 % stalled / none"
STALLED = SUBSCRIBERS // 100
RATE = 50
FILL = ["--warm", 2_000, "--warm-bytes", 4_000, "--window", 16]
"""Sent before the measurement: more than the kernel ever holds for a client, which is 3 to 4 MB; it is looked at."""
PAIRS_AT_ONCE = 2
"""For each pair of the other rows, so that there is an even number of them."""
MANY = 200
"""For the memory: that of ten is lost in what a process of 100 MiB takes and gives back anyway."""
CLIENTS = ["--clients", SUBSCRIBERS, "--event-bytes", EVENT_BYTES]


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    """1 % stalled against none: processor time per delivery, the others' p99; then memory, with 200 stalled."""
    effort = Effort.from_environment()
    some, none = _at_once(folder, effort)
    yield ratio(f"{WHAT}: server CPU per delivery", some, none, "cpu_us_each", Bar(high=1.05))
    some, none = _in_turn(folder, effort)
    yield ratio(f"{WHAT}: p99 of the others", some, none, "latency_ms.p99", Bar(high=1.25))
    if any(
        after > 1.01 * before
        for before, after in zip(some.values("unsent_kib.0"), some.values("unsent_kib.1"), strict=True)
    ):
        yield Note("the kernel still took more for the stalled clients while it was measured")
    given_up = [STALLED - count for count in some.values("stalled_open") if count < STALLED]
    if given_up:
        yield Note(f"the server gave up {given_up} of the {STALLED} stalled clients within the run")
    yield _memory(folder, effort.pairs)


def _at_once(folder: Path, effort: Effort) -> tuple[Runs, Runs]:
    """Measure two servers that share the core at the same time, at half the rate each; they take turns at the stalled.

    One run after the other differs from the next by more than the bar leaves; what the machine does to two that run at
    once it does to both.
    Returns: the runs with stalled clients, and those without that ran beside them.
    """
    timeout_s = 60 + 2 * effort.seconds
    options = [*CLIENTS, *FILL, "--rate", RATE // 2, "--seconds", 2 * effort.seconds]
    places = [folder / "one", folder / "other"]
    with ExitStack() as stack:
        for place in places:
            place.mkdir()
        servers = [stack.enter_context(livefeed(place)) for place in places]
        pool = stack.enter_context(ThreadPoolExecutor(len(servers)))
        some, none = Runs(servers[0], folder), Runs(servers[0], folder)
        for number in range(PAIRS_AT_ONCE * effort.pairs):
            turn = number % 2
            some.target, some.folder = servers[turn], places[turn]
            none.target, none.folder = servers[1 - turn], places[1 - turn]
            beside = pool.submit(none.run, options, timeout_s=timeout_s)
            some.run([*options, "--stalled", STALLED], timeout_s=timeout_s)
            beside.result()
    return some, none


def _in_turn(folder: Path, effort: Effort) -> tuple[Runs, Runs]:
    """Measure one server with stalled clients and without, one run after the other: alone, for what others wait."""
    options = [*CLIENTS, *FILL, "--rate", RATE, "--seconds", 2 * effort.seconds]
    with livefeed(folder) as target:
        some, none = Runs(target, folder), Runs(target, folder)
        for number in range(effort.pairs):
            pair = [(some, [*options, "--stalled", STALLED]), (none, options)]
            for runs, asked in pair if number % 2 else reversed(pair):
                runs.run(asked, timeout_s=60 + 2 * effort.seconds)
    return some, none


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
