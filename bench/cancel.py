"""Cancelling: how soon a picture that waits is out of the line, and how soon the worker leaves one that it paints."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import livefeed.client
from bench.effort import Effort
from bench.figure import Bar, Figure
from bench.watchers import Place, ask, percentile, place
from livefeed.client import Feed
from tests.integration import metronome
from tests.integration.crowd import Reader

WAITING = 100
AT_ONCE, STEP_S, BEYOND_S = 4, 1.0, 0.5
PAINTED = 4
WAIT_S = 60.0


async def measure(folder: Path) -> AsyncIterator[Figure]:
    rounds = Effort.from_environment().pairs
    with place(folder / "idle", workers=0) as here:
        async with livefeed.client.connect(here.server.url) as feed:
            answered, told = await _waiting(feed)
            yield Figure(
                f"cancel, waiting: answered, p99 of {WAITING}", "ms", (percentile(answered, 99),), Bar(high=100.0)
            )
            yield Figure(
                f"cancel, waiting: told to a watcher, p99 of {WAITING}", "ms", (percentile(told, 99),), Bar(high=100.0)
            )
    with place(folder / "busy") as here:
        async with livefeed.client.connect(here.server.url) as feed:
            left = [await _painted(here, feed) for _ in range(rounds)]
            bar = Bar(high=STEP_S + BEYOND_S)
            yield Figure(f"cancel, steps of {STEP_S:g} s: left by the worker, last of {AT_ONCE}", "s", tuple(left), bar)
    with place(folder / "illustrator", worker_slots=1) as here:
        async with livefeed.client.connect(here.server.url) as feed:
            step_s = await _longest_step(feed)
            next_ = [await _next(feed) for _ in range(max(PAINTED, rounds))]
            bar = Bar(high=round(step_s + BEYOND_S, 2))
            yield Figure("cancel, illustrator: the next picture is begun", "s", tuple(next_), bar)
            yield Figure("  its longest step", "s", (step_s,))


async def _waiting(feed: Feed) -> tuple[list[float], list[float]]:
    """Cancel pictures that nobody paints; return the milliseconds until the answer, and until a watcher is told."""
    answered, told = [], []
    for number in range(WAITING):
        picture = await ask(feed, f"waiting {number}", "metronome")
        async with Reader.of(feed, f"generation:{picture}") as reader:
            began_s = time.monotonic()
            hearing = asyncio.create_task(_heard(reader, "generation.cancelled"))
            await feed.cancel(picture)
            answered.append(1000 * (time.monotonic() - began_s))
            told.append(1000 * (await hearing - began_s))
    return answered, told


async def _heard(reader: Reader, kind: str) -> float:
    """Return when an event came."""
    await reader.reach(lambda reader: bool(reader.events(kind)))
    return time.monotonic()


async def _painted(here: Place, feed: Feed) -> float:
    """Cancel pictures at random moments of their steps; return the seconds until the slowest was left in peace."""

    async def one(number: int) -> float:
        picture = await ask(feed, f"painted {number}, {STEP_S * 1000:.0f} ms each", "metronome", steps=90)
        await _noted(here, picture, "1")
        await asyncio.sleep(random.uniform(0, STEP_S))
        began_us = time.time_ns() // 1000
        await feed.cancel(picture)
        return (await _noted(here, picture, "left") - began_us) / 1e6

    return max(await asyncio.gather(*map(one, range(AT_ONCE))))


async def _noted(here: Place, picture: str, what: str) -> int:
    """Wait until the generator has done something; return when it did, in microseconds."""
    async with asyncio.timeout(WAIT_S):
        while True:
            for entry in metronome.read(here.diary):
                if (entry.job, entry.what) == (picture, what):
                    return entry.at_us
            await asyncio.sleep(0.02)


async def _longest_step(feed: Feed) -> float:
    """Have the illustrator paint; return the longest time between two of its steps."""
    times: list[float] = []
    async for step in feed.generate("a red fox in the snow at night"):
        if isinstance(step, livefeed.client.Progress):
            times.append(time.monotonic())
    return max(after - before for before, after in pairwise(times))


async def _next(feed: Feed) -> float:
    """Cancel what the illustrator paints while another one waits; return the seconds until that is begun."""
    first = await ask(feed, "a lighthouse in a storm", "illustrator")
    async with Reader.of(feed, f"generation:{first}") as reader:
        await reader.reach(
            lambda reader: any(getattr(item, "type", "") == "generation.progress" for item in reader.items)
        )
        second = await ask(feed, "a red fox in the snow at night", "illustrator")
        async with Reader.of(feed, f"generation:{second}") as waiting:
            await asyncio.sleep(random.uniform(0, 0.5))
            began_s = time.monotonic()
            hearing = asyncio.create_task(_heard(waiting, "generation.started"))
            await feed.cancel(first)
            took_s = await hearing - began_s
            await feed.cancel(second)
    return took_s
