"""Pictures being made before 1,000 watchers: how soon each has card and previews, how many bytes, who comes late."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import livefeed.client
from bench.cores import other_cores
from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.load_client import LoadFailed, load
from bench.servers.ours import on_server_core
from bench.store import valkey
from livefeed.client import Feed, Queued
from livefeed.errors import Conflict
from tests.integration import metronome
from tests.integration.onlooker import Onlooker
from tests.integration.server_process import ServerProcess
from tests.integration.workshop import Hand

WATCHERS, PICTURES = 1_000, 8
EVERY_S = (0.5, 1.5)
"""Between two pictures, at random: in step with them, the same previews would always meet the same crowd of joiners."""
STEPS, STEP_MS = 10, 250
SIZE = {"metronome": 256, "illustrator": 768}
"""Pixels of a side. A large picture's files would cost the worker what the load client needs; previews have 256."""
JOINS, RESTARTS = 100, 3
WAIT_S = 60.0
RATES = {"generations_per_user": 1_000, "commands_per_s": 1_000, "worker_slots": 8}
PROMPTS = ("a red fox in the snow at night", "a lighthouse in a storm", "three cats in a rocket", "zzyzx")
PREVIEW = "generation.preview"

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """A running server with a worker beside the load client. diary: what the worker has made, and when.

    cores: all that there are; this process keeps off the server's.
    """

    server: ServerProcess
    diary: Path
    cores: frozenset[int]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server.url.rpartition(':')[2]}/ws"

    def start(self) -> None:
        """Start the server on its core."""
        mine = os.sched_getaffinity(0)
        os.sched_setaffinity(0, self.cores)
        try:
            with on_server_core():
                self.server.start()
        finally:
            os.sched_setaffinity(0, mine)


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    effort = Effort.from_environment()
    with place(folder) as here:
        async with livefeed.client.connect(here.server.url) as feed:
            await feed.sign_in()
            reports, troubles = [], []
            for number in range(effort.pairs):
                try:
                    reports.append(await _crowd(here, feed, folder / f"ready-{number}"))
                except LoadFailed as failed:
                    troubles.append(str(failed))
            troubles += filter(None, map(missed, reports))
            for figure in _crowd_figures(reports, here.diary, troubles[0] if troubles else ""):
                yield figure
            yield await _bytes(here, feed, folder)
            for figure in await _late(here, feed):
                yield figure
            yield await _restarts(here, feed)


@contextlib.contextmanager
def place(folder: Path, *, workers: int = 1, **settings: object) -> Iterator[Place]:
    """Run a server on its core, and its store, workers and this process on the others."""
    plug_in, before, cores = metronome.install(folder / "plug-in"), dict(os.environ), os.sched_getaffinity(0)
    with contextlib.ExitStack() as stack:
        stack.callback(_restore, before, cores)
        os.environ.update(plug_in)
        store = stack.enter_context(valkey(folder / "store"))
        server = ServerProcess(folder / "data", redis_url=store.url, **{**RATES, **settings})
        stack.callback(server.stop)
        here = Place(server, Path(plug_in[metronome.DIARY]), frozenset(cores))
        here.start()
        os.sched_setaffinity(0, other_cores())  # whatever is started from now on inherits it
        for number in range(workers):
            stack.callback(Hand(server, f"worker-{number}").kill)
        yield here


def _restore(environment: Mapping[str, str], cores: set[int]) -> None:
    os.sched_setaffinity(0, cores)
    os.environ.clear()
    os.environ.update(environment)


# The crowd.


async def _crowd(here: Place, feed: Feed, ready: Path) -> Report:
    """Have pictures made before all the watchers; return what they saw, and when the pictures were asked for."""
    options: list[object] = ["--url", here.address, "--clients", WATCHERS, "--pictures", PICTURES]
    options += ["--processes", here.server.pid]
    watching = await _watching(options, ready)
    asked_us: dict[str, int] = {}
    chance = random.Random(PICTURES)
    for number in range(PICTURES):
        if not watching.done():
            began_us = time.time_ns() // 1000
            asked_us[await ask(feed, f"picture {number}, {STEP_MS} ms each", "metronome")] = began_us
            await asyncio.sleep(chance.uniform(*EVERY_S))
    return {**await watching, "asked_us": asked_us}


async def _watching(options: list[object], ready: Path) -> asyncio.Task[Report]:
    """Start the watchers and wait until all of them stand, or have failed."""
    options = [*options, "--protocol", "livefeed.v1.msgpack", "--ready", ready]
    watching = asyncio.create_task(asyncio.to_thread(load, "watch", options, timeout_s=WAIT_S))
    while not watching.done() and not os.access(ready, os.F_OK):
        await asyncio.sleep(0.05)
    return watching


async def ask(feed: Feed, prompt: str, generator: str, steps: int = STEPS) -> str:
    """Ask for a picture and return its id."""
    steps_told = feed.generate(prompt, generator=generator, width=SIZE[generator], height=SIZE[generator], steps=steps)
    queued = await anext(steps_told)
    await steps_told.aclose()
    assert isinstance(queued, Queued), queued
    return queued.id


def _crowd_figures(reports: Sequence[Report], diary: Path, trouble: str) -> Iterator[Figure]:
    made_us = {(entry.job, entry.what): entry.at_us for entry in metronome.read(diary)}
    cards = [delays_ms(report, "generation.created", made_us) for report in reports]
    previews = [delays_ms(report, PREVIEW, made_us) for report in reports]

    def runs(found: Sequence[Sequence[float]], percent: int) -> tuple[float, ...]:
        return tuple(percentile(values, percent) for values in found)

    before = f"{WATCHERS:,} watchers"
    yield Figure(f"{before}: asked for → card, p99", "ms", runs(cards, 99), Bar(high=150.0), trouble=trouble)
    yield Figure("  p50", "ms", runs(cards, 50))
    yield Figure(f"{before}: preview made → seen, p95", "ms", runs(previews, 95), Bar(high=200.0), trouble=trouble)
    yield Figure("  p50", "ms", runs(previews, 50))
    yield Figure("  previews seen, of those that somebody saw", "%", tuple(map(seen_percent, reports)))
    yield Figure("  server's CPU for a picture", "s", tuple(report["cpu_s"] / PICTURES for report in reports))
    each = tuple(report["bytes_each"] / 1000 for report in reports)
    yield Figure(f"{before}: bytes of a picture to each", "KB", each, Bar(high=120.0), trouble=trouble)


def delays_ms(report: Report, kind: str, made_us: Mapping[tuple[str, str], int]) -> list[float]:
    """Return how long after it was asked for, or made, each watcher had each card or preview."""
    found = []
    for sight in report["sights"]:
        if sight["type"] == kind:
            step = (sight["id"], str(sight["step"]))
            since_us = made_us[step] if kind == PREVIEW else report["asked_us"][sight["id"]]
            found += [(at_us - since_us) / 1000 for at_us in sight["at_us"] if at_us]
    return found


def missed(report: Report) -> str:
    """Return what is wrong where somebody had no card of a picture, or somebody no preview at all; else nothing.

    What nobody saw has no delay: without this it would not count against anything.
    """
    cards = [sight["at_us"] for sight in report["sights"] if sight["type"] == "generation.created"]
    without = sum(not at_us for times in cards for at_us in times) + report["clients"] * (
        len(report["asked_us"]) - len(cards)
    )
    if without:
        return f"{without} cards never came"
    for id in report["asked_us"]:
        shown = [sight["at_us"] for sight in report["sights"] if (sight["type"], sight["id"]) == (PREVIEW, id)]
        blind = report["clients"] - sum(map(any, zip(*shown, strict=True)))
        if blind:
            return f"{blind} watchers of a picture saw no preview"
    return ""


def seen_percent(report: Report) -> float:
    """Return how many of the previews a watcher saw, on average; a newer one may take the place of one unsent."""
    seen = [bool(at_us) for sight in report["sights"] if sight["type"] == PREVIEW for at_us in sight["at_us"]]
    return 100 * sum(seen) / len(seen)


async def _bytes(here: Place, feed: Feed, folder: Path) -> Figure:
    """One watcher of the illustrator's pictures: all that comes over its connection, the largest picture."""
    found: list[float] = []
    trouble = ""
    for number, prompt in enumerate(PROMPTS):
        ready = folder / f"bytes-{number}"
        options: list[object] = ["--url", here.address, "--clients", 1, "--pictures", 1]
        watching = await _watching(options, ready)
        await ask(feed, prompt, "illustrator")
        try:
            found.append((await watching)["bytes_each"] / 1000)
        except LoadFailed as failed:
            trouble = str(failed)
    largest = (max(found),) if found else ()
    what = f"bytes of an illustrator's picture to a watcher, the most of {len(PROMPTS)}"
    return Figure(what, "KB", largest, Bar(high=120.0), trouble=trouble)


# Who comes late, or comes back.


async def _late(here: Place, feed: Feed) -> list[Figure]:
    """Watch pictures that are half done: until state and newest preview are there, from asking for the first."""
    late_ms: list[float] = []
    back_ms: list[float] = []
    while len(late_ms) < JOINS:
        picture = await ask(feed, f"for late comers, {STEP_MS} ms each", "metronome", steps=40)
        first = Onlooker(f"generation:{picture}", packed=True)
        await _shown_ms(first, here.server.url)
        while len(late_ms) < JOINS and "generation.completed" not in first.kinds:
            began_s = time.monotonic()
            await feed.generation(picture)
            asked_ms = 1000 * (time.monotonic() - began_s)
            late = Onlooker(first.topic, packed=bool(len(late_ms) % 2))
            late_ms.append(asked_ms + await _shown_ms(late, here.server.url))
            back_ms.append(await _shown_ms(first, here.server.url))
        with contextlib.suppress(Conflict):
            await feed.cancel(picture)
    return [
        Figure(
            f"who comes late: state and newest preview, p99 of {JOINS}",
            "ms",
            (percentile(late_ms, 99),),
            Bar(high=200.0),
        ),
        Figure("  p50", "ms", (percentile(late_ms, 50),)),
        Figure(f"who comes back: newest preview, p99 of {JOINS}", "ms", (percentile(back_ms, 99),), Bar(high=200.0)),
        Figure("  p50", "ms", (percentile(back_ms, 50),)),
    ]


async def _restarts(here: Place, feed: Feed) -> Figure:
    """Kill the server under a watcher again and again; from being let in again until the newest preview is there."""
    picture, found = await ask(feed, f"over restarts, {4 * STEP_MS} ms each", "metronome", steps=90), []
    first = Onlooker(f"generation:{picture}", packed=True)
    await _shown_ms(first, here.server.url)
    for _ in range(RESTARTS):
        here.server.kill()
        here.start()
        found.append(await _shown_ms(first, here.server.url))
    await feed.cancel(picture)
    return Figure("the server is back after a kill: newest preview", "ms", tuple(found), Bar(high=200.0))


async def _shown_ms(onlooker: Onlooker, url: str) -> float:
    """Let somebody look until a preview is there; return how long that took, connecting included."""
    onlooker.shown_s, began_s = 0.0, time.monotonic()
    looking = asyncio.create_task(onlooker.look(url))
    try:
        async with asyncio.timeout(WAIT_S):
            while not onlooker.shown_s:
                await asyncio.sleep(0.005)
                if looking.done():
                    await looking
    finally:
        looking.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await looking
    return 1000 * (onlooker.shown_s - began_s)


def percentile(values: Sequence[float], percent: int) -> float:
    """Return a percentile of measured values."""
    return quantiles(values, n=100)[percent - 1]
