"""Everybody comes back at once: how long until all are up to date, what it costs, and what those inside notice."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import aiohttp
import orjson

from bench.figure import Bar, Figure
from livefeed.config import Config
from tests.integration.returning import KEY, TOPIC, Storm, busiest_second, missed, storm_of
from tests.integration.server_process import ServerProcess, cpu_s, status_kib

RUNS = 3
CLIENTS, MISSED = 5_000, 500
BYSTANDER, EVERY_S = f"{TOPIC}:bystander", 0.02
UNPACED = 1_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """One storm. cpu_s: of the server. delays_ms: from publishing to one who was inside all the time."""

    storm: Storm
    cpu_s: float
    grown_kib: float
    delays_ms: tuple[float, ...]


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Storms at the default rate and, to compare, at none, in turn; each on a server of its own."""
    rate = Config().admissions_per_s
    paced, unpaced = [], []
    for number in range(RUNS):
        paced.append(await _run(folder / f"paced-{number}", rate))
        unpaced.append(await _run(folder / f"unpaced-{number}", UNPACED))
    bar_s = 1.5 * (CLIENTS / rate + 4)
    for what, runs, bar in (
        (f"storm of {CLIENTS:,}, each {MISSED} events behind, {rate:g}/s", paced, Bar(high=bar_s)),
        ("storm, all let in at once", unpaced, None),
    ):
        yield Figure(f"{what}: all are back", "s", tuple(max(run.storm.caught_up_s) for run in runs), bar)
        yield Figure("  up to date, p99", "s", tuple(_p99(run.storm.caught_up_s) for run in runs))
        yield Figure("  let in, the fullest second after the first", "/s", tuple(map(_fullest, runs)))
        yield Figure("  server's CPU", "s", tuple(run.cpu_s for run in runs))
        yield Figure("  server's growth for each client, at its peak", "KiB", tuple(run.grown_kib for run in runs))
        yield Figure("  delay of an event to who was inside, p99", "ms", tuple(_p99(run.delays_ms) for run in runs))


async def _run(data: Path, rate: float) -> Run:
    keys = f"{KEY}={TOPIC}"
    with ServerProcess(data, api_keys=keys, admissions_per_s=rate, heartbeat_s=120, write_timeout_s=120) as server:
        since = await missed(server.url, MISSED)
        before_kib, used_s = status_kib(server.pid, "VmRSS"), cpu_s(server.pid)
        storming = asyncio.create_task(asyncio.to_thread(storm_of, server.url, CLIENTS, since, MISSED))
        delays_ms = await _watch(server.url, storming)
        storm = await storming
        if storm.wrong:
            raise AssertionError(f"a client met with what must not be: {dict(storm.wrong)}")
        grown_kib = (status_kib(server.pid, "VmHWM") - before_kib) / CLIENTS
        return Run(storm, cpu_s(server.pid) - used_s, grown_kib, delays_ms)


async def _watch(url: str, storming: asyncio.Task[Storm]) -> tuple[float, ...]:
    """Be inside while the storm lasts, and publish to oneself; return the milliseconds that each event took."""
    delays_ms: list[float] = []
    async with aiohttp.ClientSession(url) as http, http.ws_connect("/ws") as line:
        await line.send_str(orjson.dumps({"op": "subscribe", "topics": {BYSTANDER: {}}}).decode())

        async def listen() -> None:
            async for message in line:
                if '"tick"' in message.data:
                    now = time.monotonic()
                    events = orjson.loads(message.data)["events"]
                    delays_ms.extend(1000 * (now - event["data"]["sent_s"]) for event in events)

        listening = asyncio.create_task(listen())
        while not storming.done():
            event = {"type": "tick", "data": {"sent_s": time.monotonic()}}
            headers = {"Authorization": f"Bearer {KEY}"}
            async with http.post(f"/api/topics/{BYSTANDER}/events", json=event, headers=headers) as answer:
                answer.raise_for_status()
            await asyncio.sleep(EVERY_S)
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
    return tuple(delays_ms)


def _fullest(run: Run) -> float:
    return float(busiest_second(run.storm.admitted_s, 1.0))


def _p99(values: list[float] | tuple[float, ...]) -> float:
    return quantiles(values, n=100)[98]
