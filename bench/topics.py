"""Many topics: 10,000 clients that each follow 20 of 20,000, and change 2 of them a second."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from bench.effort import Effort
from bench.figure import Figure, Note
from bench.load_client import LoadFailed, load
from bench.servers.ours import livefeed

CLIENTS, TOPICS, FOLLOWED = 10_000, 20_000, 20


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    """A change leaves one topic for another. 20,000 a second are asked for, as views that scroll do."""
    seconds = 2 * Effort.from_environment().seconds
    for what, per_s, swapped in (("two in one message each second", 1, 2), ("one in a message, twice a second", 2, 1)):
        here = folder / str(swapped)
        here.mkdir()
        with livefeed(here) as target:
            options = [
                *target.connecting(),
                "--clients",
                CLIENTS,
                "--topics",
                TOPICS,
                "--followed",
                FOLLOWED,
                "--pace",
                1500,
            ]
            options += ["--per-s", per_s, "--swapped", swapped, "--seconds", seconds]
            try:
                report = load("churn", options, timeout_s=90)
            except LoadFailed as failed:
                yield Figure(f"changes answered, {what}", "/s", (), trouble=str(failed))
                continue
        yield Figure(f"changes answered, {what}", "/s", (report["per_s"],))
        yield Figure("the same: per CPU-second", "", (report["per_cpu_s"],))
        yield Figure("the same: share of one core", "%", (100 * report["cpu_s"] / report["wall_s"],))
        yield Figure("the same: answer, p50", "ms", (report["latency_ms"]["p50"],))
        yield Figure("the same: answer, p99", "ms", (report["latency_ms"]["p99"],))
        if report["errors"] or report["skipped"] or report["unanswered"]:
            yield Note(
                f"topics, {what}: {report['errors']} errors; {report['skipped']} changes were due "
                f"before the last was answered, "
                f"{report['unanswered'] or 'none'} unanswered at the end. {report['said'][:300]}".rstrip()
            )
