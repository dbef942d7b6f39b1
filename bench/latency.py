"""Latency at a low rate: 50 events a second to 1,000 subscribers, where nothing can be joined and nobody is busy."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.runs import EVENT_BYTES, SUBSCRIBERS, Runs, ratio, start_all
from bench.servers.floor import floor
from bench.servers.ours import livefeed
from bench.servers.peers import PEERS

RATE = 50
NCHAN = "Nchan, Redis"


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    """From the time that the publisher writes into the event until a subscriber has read it, p99 of all deliveries."""
    effort = Effort.from_environment()
    options = ["--clients", SUBSCRIBERS, "--event-bytes", EVENT_BYTES, "--rate", RATE, "--warm", 40]
    options += ["--seconds", 2 * effort.seconds]
    with ExitStack() as stack:
        ours = Runs(stack.enter_context(livefeed(folder)), folder)
        lowest = Runs(stack.enter_context(floor(folder, "each")), folder)
        peers, notes = start_all(stack, folder, [(NCHAN, PEERS[NCHAN])])
        for _ in range(effort.pairs):
            for runs in (ours, lowest, *peers):
                runs.run(options, timeout_s=30 + 4 * effort.seconds)
    for note in notes:
        yield note
    key, what = "latency_ms.p99", f"latency p99, {RATE} events/s: livefeed"
    yield ratio(f"{what} / C floor", ours, lowest, key, Bar(high=1.5))
    for peer in peers:
        yield ratio(f"{what} / {peer.name}", ours, peer, key, Bar(high=1.0))
    for runs in (ours, lowest, *peers):
        yield runs.figure(f"latency p50, {RATE} events/s", "ms", "latency_ms.p50")
        yield runs.figure(f"latency p99, {RATE} events/s", "ms", key)
