"""What people are told of how long they wait: the first estimate of each picture, held against what it took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import livefeed.client
from bench.effort import Effort
from bench.figure import Bar, Figure
from bench.watchers import ask, percentile, place
from livefeed.client import Feed, Value
from tests.integration.crowd import Reader

SLOTS, PICTURES = 2, 12
STEPS, STEP_MS = (5, 15), 100
NEAR = 0.3
"""What is told counts as near when it is so much too short or too long at most."""
TOLD = ("generation.place", "generation.progress")
COMPLETED = "generation.completed"


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Fill two slots with pictures of two lengths, once what they take is known, and wait for all."""
    near, shares_told = list[float](), list[float]()
    with place(folder, worker_slots=SLOTS) as here:
        async with livefeed.client.connect(here.server.url) as feed:
            for steps in STEPS:
                await _learn(feed, steps)
            for _ in range(Effort.from_environment().pairs):
                shares = await _shares(feed, [STEPS[number % 2] for number in range(PICTURES)])
                near.append(100 * sum(abs(share - 1) <= NEAR for share in shares) / len(shares))
                shares_told += shares
    yield Figure(
        f"eta, {SLOTS} slots, {PICTURES} in line: told within {NEAR:.0%} of what it took", "%", tuple(near), Bar(low=80)
    )
    for percent in (10, 50, 90):
        yield Figure(f"  told / took, p{percent}", "", (percentile(shares_told, percent),))


async def _learn(feed: Feed, steps: int) -> None:
    """Have a picture made, so that it is known how long such a one takes."""
    picture = await ask(feed, f"to learn from, {STEP_MS} ms each", "metronome", steps=steps)
    async with Reader.of(feed, f"generation:{picture}") as reader:
        await reader.reach(lambda reader: bool(reader.events(COMPLETED)))


async def _shares(feed: Feed, steps: list[int]) -> list[float]:
    """Ask for pictures of so many steps, all at once; return what each was told first, divided by what it took then."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        found = []
        for number, count in enumerate(steps):
            picture = await ask(feed, f"estimated {number}, {STEP_MS} ms each", "metronome", steps=count)
            reader = await stack.enter_async_context(Reader.of(feed, f"generation:{picture}"))
            found.append(group.create_task(_share(reader)))
    return [task.result() for task in found]


async def _share(reader: Reader) -> float:
    """Return the first estimate that comes of a picture, divided by the seconds from then until it is complete."""
    await reader.reach(lambda reader: _estimate(reader) is not None)
    told_s, began_s = _estimate(reader), time.monotonic()
    assert told_s is not None
    await reader.reach(lambda reader: bool(reader.events(COMPLETED)))
    return told_s / (time.monotonic() - began_s)


def _estimate(reader: Reader) -> float | None:
    """Return the first seconds that were told, None where there are none yet."""
    told = [item.data.get("eta_s") for item in reader.items if isinstance(item, Value) and item.type in TOLD]
    return next((float(eta_s) for eta_s in told if eta_s is not None), None)
