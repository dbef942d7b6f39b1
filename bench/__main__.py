"""`python -m bench`: measure, and print each figure as soon as it is there."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import livefeed
from bench import backbone, fanout, live, painting, start, takeover
from bench.figure import Figure, heading

Section = Callable[[Path], AsyncIterator[Figure]]
SECTIONS: dict[str, Section] = {
    "start": start.measure,
    "live": live.measure,
    "painting": painting.measure,
    "takeover": takeover.measure,
    "backbone": backbone.measure,
    "fanout": fanout.measure,
}


async def main(names: list[str]) -> None:
    """Run the named sections, or all."""
    unknown = [name for name in names if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"bench: there is no section '{unknown[0]}'; there are: {', '.join(SECTIONS)}.")
    began = time.monotonic()
    load = os.getloadavg()[0]
    print(
        f"livefeed {livefeed.__version__}, Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}"
    )
    print(heading())
    missed = 0
    for name in names or SECTIONS:
        with tempfile.TemporaryDirectory(prefix="livefeed-bench-") as folder:
            async for figure in SECTIONS[name](Path(folder)):
                print(figure.row(), flush=True)
                missed += not figure.ok
    verdict = "every bar is held" if missed == 0 else f"{missed} missed"
    print(f"{time.monotonic() - began:.0f} s in all; {verdict}. What each row means: docs/benchmarks.md")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
