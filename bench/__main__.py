"""`python -m bench`: measure, print each figure as soon as it is there, and write what was found to bench/results/."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path

from bench import (
    backbone,
    browser,
    cancel,
    deflate,
    embed,
    eta,
    failover,
    fanout,
    fuzz,
    idle,
    latency,
    live,
    painting,
    presence,
    processes,
    report,
    resume,
    rooms,
    saturated,
    stalled,
    start,
    storm,
    takeover,
    topics,
    watchers,
)
from bench.build import NotHere
from bench.effort import Effort
from bench.figure import Figure, Note, heading

Section = Callable[[Path], AsyncIterator[Figure | Note]]
SECTIONS: Mapping[str, Section] = {
    "saturated": saturated.saturated,
    "single": saturated.single,
    "latency": latency.measure,
    "idle": idle.measure,
    "deflate": deflate.measure,
    "stalled": stalled.measure,
    "processes": processes.measure,
    "resume": resume.measure,
    "topics": topics.measure,
    "storm": storm.measure,
    "failover": failover.measure,
    "fuzz": fuzz.measure,
    "peers": saturated.peers,
    "start": start.measure,
    "live": live.measure,
    "painting": painting.measure,
    "takeover": takeover.measure,
    "watchers": watchers.measure,
    "cancel": cancel.measure,
    "eta": eta.measure,
    "presence": presence.measure,
    "backbone": backbone.measure,
    "fanout": fanout.measure,
    "rooms": rooms.measure,
    "embed": embed.measure,
    "browser": browser.measure,
}


class Unmeasured(Note):
    """A whole section that could not be measured here."""


async def main(names: list[str]) -> None:
    """Run the named sections, or all; then show once more whatever is held to a bar."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"bench: there is no section '{unknown[0]}'; there are: {', '.join(SECTIONS)}.")
    raise_file_limit()
    began, effort, machine = time.monotonic(), Effort.from_environment(), report.Machine.here()
    print(f"{machine.line(effort)}\n{heading()}", flush=True)
    found: list[Figure | Note] = []
    for name in names or SECTIONS:
        async for item in _section(name):
            print(item.row(), flush=True)
            found.append(item)
        report.write(found, machine, effort)
    print("\n".join(["\nThe bars", heading(), *last_words(found)]))
    print(f"{time.monotonic() - began:.0f} s in all. Also in bench/results/: table.md, results.json, plot.svg.")
    print("What each row means: docs/benchmarks.md")


def last_words(found: Sequence[Figure | Note]) -> list[str]:
    """Return the rows that are held to a bar, what is not here, and how many bars are held."""
    held = [item for item in found if isinstance(item, Figure) and item.bar is not None]
    notes = list(dict.fromkeys([item.row() for item in found if isinstance(item, Note)]))
    unmeasured = sum(isinstance(item, Unmeasured) for item in found)
    verdict = f"{sum(figure.ok for figure in held)} of {len(held)} bars are held"
    untried = sum(figure.verdict == "not tried" for figure in held)
    were, them = ("was", "it") if untried == 1 else ("were", "them")
    verdict += f"; {untried} {were} not tried, the machine was too slow for {them}" if untried else ""
    verdict += f"; {unmeasured} sections were not measured" if unmeasured else ""
    return [*[figure.row() for figure in held], *notes, verdict]


def raise_file_limit() -> None:
    """Let what is started here have as many open files as the system allows: every connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (hard if hard != resource.RLIM_INFINITY else max(soft, 65_536), hard)
        )


async def _section(name: str) -> AsyncIterator[Figure | Note]:
    with tempfile.TemporaryDirectory(prefix="livefeed-bench-") as folder:
        try:
            async for item in SECTIONS[name](Path(folder)):
                yield item
        except NotHere as why:
            yield Unmeasured(f"{name} was not measured: {why}")
        except Exception as exc:  # the other sections are worth having all the same
            traceback.print_exc()
            yield Unmeasured(f"{name} was not measured, it broke: {type(exc).__name__}, see above")


def _stop(number: int, _: object) -> None:
    """End as Ctrl-C does: every server that was started is stopped on the way out."""
    raise SystemExit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    asyncio.run(main(sys.argv[1:]))
