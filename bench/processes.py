"""What several processes cost: `livefeed serve --processes 2` against one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure
from bench.runs import EVENT_BYTES, SUBSCRIBERS, Runs, ratio
from bench.servers.ours import livefeed

PROCESSES = 2


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Saturated, 16 in flight; all processes have the one core between them, so that only what they do is compared."""
    effort = Effort.from_environment()
    options = ["--clients", SUBSCRIBERS, "--event-bytes", EVENT_BYTES, "--window", 16, "--warm", 40]
    options += ["--seconds", effort.seconds]
    with ExitStack() as stack:
        two = Runs(stack.enter_context(livefeed(folder, name="two", processes=PROCESSES)), folder)
        one = Runs(stack.enter_context(livefeed(folder, name="one")), folder)
        for _ in range(effort.pairs):
            two.run(options, timeout_s=30 + 2 * effort.seconds)
            one.run(options, timeout_s=30 + 2 * effort.seconds)
    yield ratio(f"{PROCESSES} processes / one, deliveries per CPU-second", two, one, "per_cpu_s", Bar(low=0.9))
