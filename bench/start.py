"""How long a server takes from the start of its process to the line that says it is ready."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bench.figure import Bar, Figure
from tests.integration.server_process import ServerProcess

RUNS = 5


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Start it over the same data again and again: store, workers and pages included."""
    server = ServerProcess(folder / "data", workers=1)
    runs = []
    for _ in range(RUNS + 1):
        with server:
            runs.append(server.ready_s)
        await asyncio.sleep(0)
    yield Figure("warm start, process to ready", "s", tuple(runs[1:]), Bar(high=3.0))
