"""How long a client that missed 10,000 events needs to have them all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

from bench.effort import Effort
from bench.figure import Bar, Figure
from bench.load_client import LoadFailed, load
from bench.runs import EVENT_BYTES
from bench.servers.ours import TOPIC, livefeed
from bench.servers.target import Target

EVENTS = 10_000
CLIENTS = 100


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """From the subscription with `since` until the last event, p99 of a hundred clients; one at a time, then ten.

    Each gets every event once and in order, or the run counts for nothing.
    """
    yield _figure(f"resume of {EVENTS:,} missed events, p99", folder, 1, Effort.from_environment().pairs, Bar(high=1.0))
    yield _figure("the same, 10 clients at a time", folder, 10, 1, None)


def _figure(what: str, folder: Path, at_once: int, count: int, bar: Bar | None) -> Figure:
    runs: list[float] = []
    failure = ""
    for number in range(count):
        here = folder / f"{at_once}-{number}"
        here.mkdir()
        with livefeed(here) as target:
            try:
                runs.append(_p99_s(target, here, at_once))
            except LoadFailed as failed:
                failure = str(failed)
    return Figure(what, "s", () if failure else tuple(runs), bar, trouble=failure)


def _p99_s(target: Target, folder: Path, at_once: int) -> float:
    words = folder / "words"
    words.write_text("".join([f"{word}\n" for word in target.words]), "utf-8")
    options = [*target.connecting(), "--topic", TOPIC, "--publish-to", target.publish_to, "--words", words]
    options += ["--event-bytes", EVENT_BYTES, "--clients", CLIENTS, "--at-once", at_once, "--events", EVENTS]
    report = load("resume", options, timeout_s=90)
    if report["gaps"] or report["wrong"]:
        raise LoadFailed(f"{report['gaps']} gaps, {report['wrong']} events or frames that are not what must follow")
    return float(report["latency_ms"]["p99"]) / 1000
