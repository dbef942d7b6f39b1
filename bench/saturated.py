"""Saturated fan-out, and one event in flight: deliveries against the C floor and against the peers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.runs import EVENT_BYTES, SUBSCRIBERS, Runs, ratio, start_all
from bench.servers.floor import floor
from bench.servers.ours import livefeed
from bench.servers.peers import PEERS

WARM_EVENTS = 40
REFERENCE = "socketify"
FAR = 1.5
"""What we take "far behind" to mean of the other peers."""


async def saturated(folder: Path) -> AsyncIterator[Figure | Note]:
    """16 events in flight, against the floor that joins what waits, and against socketify: pairs of each."""
    with ExitStack() as stack:
        ours = Runs(stack.enter_context(livefeed(folder)), folder)
        lowest = Runs(stack.enter_context(floor(folder, "joined")), folder)
        references, notes = start_all(stack, folder, [(REFERENCE, PEERS[REFERENCE])])
        again = Runs(ours.target, folder)
        for number in range(Effort.from_environment().pairs):
            _pair(ours, lowest, number, window=16)
            for reference in references:
                _pair(again, reference, number, window=16)
    for note in notes:
        yield note
    yield ratio("saturated: livefeed / C floor, per CPU-second", ours, lowest, "per_cpu_s", Bar(low=0.6))
    for reference in references:
        what = f"saturated: livefeed / {reference.name}"
        yield ratio(f"{what}, per CPU-second", again, reference, "per_cpu_s", Bar(low=0.95))
        yield ratio(f"{what}, per second", again, reference, "per_s", Bar(low=0.95))
    for runs in (ours, lowest, *references):
        yield runs.figure("saturated, deliveries", "/s", "per_s").alone()
        yield runs.figure("saturated, deliveries per CPU-second", "", "per_cpu_s").alone()


async def peers(folder: Path) -> AsyncIterator[Figure | Note]:
    """The same with everybody who is here side by side: each of them once, we first, again and again."""
    with ExitStack() as stack:
        ours = Runs(stack.enter_context(livefeed(folder)), folder)
        others, notes = start_all(stack, folder, [("C floor", partial(floor, how="joined")), *PEERS.items()])
        for _ in range(Effort.from_environment().pairs):
            for runs in (ours, *others):
                _run(runs, window=16)
    for note in notes:
        yield note
    far = [other for other in others if "floor" not in other.name and "socketify" not in other.name]
    against = [
        ratio(f"side by side: livefeed / {other.name}, per CPU-second", ours, other, "per_cpu_s") for other in far
    ]
    for figure in against:
        yield figure
    measured = [figure for figure in against if figure.runs]
    if measured:
        nearest = min(measured, key=lambda figure: figure.median)
        yield replace(nearest, what="side by side: livefeed / the nearest of these, per CPU-second", bar=Bar(low=FAR))
    for key, unit, what in (("per_s", "/s", "deliveries"), ("per_cpu_s", "", "deliveries per CPU-second")):
        for runs in (ours, *others):
            yield runs.figure(f"side by side, {what}", unit, key)


async def single(folder: Path) -> AsyncIterator[Figure | Note]:
    """One event in flight: nobody can join anything, each delivery is a write."""
    with ExitStack() as stack:
        ours = Runs(stack.enter_context(livefeed(folder)), folder)
        lowest = Runs(stack.enter_context(floor(folder, "each")), folder)
        delayed = Runs(ours.target, folder), Runs(lowest.target, folder)
        for number in range(Effort.from_environment().pairs):
            _pair(ours, lowest, number, window=1)
            _pair(*delayed, number, window=1, more=["--delayed-acks"])
    yield ratio("one in flight: livefeed / C floor, per CPU-second", ours, lowest, "per_cpu_s", Bar(low=0.65))
    yield ratio("one in flight, acknowledgements delayed: livefeed / C floor", *delayed, "per_cpu_s")
    for runs in (ours, lowest):
        yield runs.figure("one in flight, deliveries per CPU-second", "", "per_cpu_s")


def _pair(ours: Runs, reference: Runs, number: int, *, window: int, more: Sequence[str] = ()) -> None:
    """Run both, in turns one and the other first: what drifts within a pair favours neither."""
    for runs in (ours, reference) if number % 2 == 0 else (reference, ours):
        _run(runs, window=window, more=more)


def _run(runs: Runs, *, window: int, more: Sequence[str] = ()) -> None:
    seconds = Effort.from_environment().seconds
    options = ["--clients", SUBSCRIBERS, "--event-bytes", EVENT_BYTES, "--window", window, *more]
    if window == 1:
        options.append("--spin")  # nobody who waits for the next one is to be woken by the server: docs/benchmarks.md
    runs.run([*options, "--warm", WARM_EVENTS, "--seconds", seconds], timeout_s=30 + 2 * seconds)
