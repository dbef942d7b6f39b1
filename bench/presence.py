"""Presence: 500 people in one room who all move their cursors, and 20,000 who look at one feed and its count."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.request
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import redis

from bench.build import program
from bench.child import children
from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.load_client import LoadFailed, load
from bench.servers.ours import PROTOCOL, on_server_core
from bench.store import Valkey, valkey
from livefeed.presence.attendance import BEAT_S
from tests.integration.open_rooms import LAGS, OpenRooms, read_lags
from tests.integration.server_process import ServerProcess

PEOPLE, CURSORS_PER_S = 500, 10
ROOM = "room:editor-bench"
LOOKERS, PROCESSES = 20_000, 2
"""So many connections need two server processes and two load clients: a process has at most 20,000 files open here."""
RATES = (0, 1, 10, 100)
IDLE_BYTES_S, CHANGE_BYTES, CHANGES = 0.1, 128.0, 0.002
"""What one who looks may be sent: bytes in a second in which nobody comes, bytes of one change of the count, and such
changes for each who comes: the count has two digits, so that of 20,000 people about one in a thousand is news."""
JOIN_S = 12.0
READY_S = 120.0

Report = dict[str, Any]


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    for figure in _cursors(folder):
        yield figure
    async for item in _joins(folder):
        yield item


# Everybody points.


def _cursors(folder: Path) -> Sequence[Figure]:
    """Run the room again and again; each person sends ten cursors a second and is sent those of the others."""
    effort = Effort.from_environment()
    lags, reports, trouble = folder / "lags", list[Report](), ""
    os.environ[LAGS] = str(lags)
    try:
        with valkey(folder / "store") as store:
            server = OpenRooms(folder / "data", redis_url=store.url, guests_per_minute=1_000_000)
            try:
                with on_server_core():
                    server.start()
                _write_tokens(server.url, folder / "tokens")
                for _ in range(effort.pairs):
                    try:
                        reports.append(_point(server, folder / "tokens", 2 * effort.seconds))
                    except LoadFailed as failed:
                        trouble = str(failed)
            finally:
                server.stop()
    finally:
        del os.environ[LAGS]
    what = f"{PEOPLE} people in a room, {CURSORS_PER_S} cursors/s of each"
    late = [sorted(read_lags(lags, report["since_s"], report["until_s"])) for report in reports]

    def each(key: str, times: float = 1.0) -> tuple[float, ...]:
        return tuple([times * report[key] for report in reports])

    p99 = tuple([found[int(0.99 * len(found))] for found in late])
    return [
        Figure(f"{what}: share of one core", "%", each("core_percent"), Bar(high=40.0), trouble=trouble),
        Figure("  event loop late, p99", "ms", p99, Bar(high=50.0), trouble=trouble),
        Figure("  signals sent to each person", "KB/s", each("bytes_each_s", 0.001)),
        Figure("  frames sent to each person", "/s", each("frames_each_s")),
        Figure("  cursors sent to each person", "/s", each("cursors_each_s")),
        Figure("  age of a cursor when it is seen, p99", "ms", tuple([report["age_ms"]["p99"] for report in reports])),
    ]


def _write_tokens(url: str, path: Path) -> None:
    """Make guests, one token a line."""
    tokens = []
    for _ in range(PEOPLE):
        request = urllib.request.Request(f"{url}/api/guests", method="POST", data=b"")
        with urllib.request.urlopen(request, timeout=10) as answer:
            tokens.append(json.load(answer)["token"])
    path.write_text("".join([f"{token}\n" for token in tokens]), "ascii")


def _point(server: ServerProcess, tokens: Path, seconds: float) -> Report:
    """Raises: LoadFailed, also where somebody was sent an error or their own cursor."""
    options: list[object] = ["--url", _address(server), "--protocol", PROTOCOL, "--processes", server.pid]
    options += ["--clients", PEOPLE, "--per-s", CURSORS_PER_S, "--topic", ROOM, "--tokens", tokens]
    report = load("cursors", [*options, "--seconds", seconds], timeout_s=60 + 2 * seconds)
    if report["errors"] or report["own"] or report["sent_per_s"] < 0.98 * PEOPLE * CURSORS_PER_S:
        raise LoadFailed(
            f"{report['errors']} errors, {report['own']} frames with one's own cursor, "
            f"{report['sent_per_s']:.0f} cursors sent a second"
        )
    return report


# Everybody looks.


async def _joins(folder: Path) -> AsyncIterator[Figure | Note]:
    """20,000 on one feed: what they are sent of its count while more and more people come."""
    before = set(os.sched_getaffinity(0))
    with valkey(folder / "feed-store") as store:
        server = ServerProcess(
            folder / "feed",
            redis_url=store.url,
            processes=PROCESSES,
            sessions=2 * LOOKERS,
            admissions_per_s=5_000,
        )
        try:
            with on_server_core():
                server.start()
            reports, between = await _come(server, store, folder)
        except LoadFailed as failed:
            yield Figure(f"{LOOKERS:,} on one feed", "KB/s", (), trouble=str(failed))
            return
        finally:
            os.sched_setaffinity(0, before)
            server.stop()
    for number, per_s in enumerate(RATES):
        phases = [report["phases"][number] for report in reports]
        sent = sum(phase["bytes"] for phase in phases) / JOIN_S
        joined = sum(phase["joined"] for phase in phases)
        what = f"{LOOKERS:,} on one feed, {per_s} joins/s"
        yield Figure(f"{what}: presence sent to all of them", "KB/s", (sent / 1000,))
        yield Figure("  frames sent, for each who joined", "", (sum(p["frames"] for p in phases) / max(joined, 1),))
        yield Figure("  share of one core", "%", (100 * sum(phase["cpu_s"] for phase in phases) / 2 / JOIN_S,))
    phases = [phase for report in reports for phase in report["phases"]]
    told, came = sum(phase["frames"] for phase in phases), sum(phase["joined"] for phase in phases)
    idle = sum(report["phases"][0]["bytes"] for report in reports) / JOIN_S / LOOKERS
    yield Figure("  to each of them while nobody comes", "B/s", (idle,), Bar(high=IDLE_BYTES_S))
    each = sum(phase["bytes"] for phase in phases) / max(told, 1)
    yield Figure("  to each of them, for one change of the count", "B", (each,), Bar(high=CHANGE_BYTES))
    yield Figure("  changes told to each of them, for each who came", "", (told / LOOKERS / came,), Bar(high=CHANGES))
    yield Figure("  between the nodes, over all rates: what the store published", "KB/s", (between / 1000,))


async def _come(server: ServerProcess, store: Valkey, folder: Path) -> tuple[list[Report], float]:
    """Run two load clients at once; return their reports, and the bytes a second that the store sent meanwhile."""
    program("joins")  # built once, before two ask for it at the same time
    go, readies = folder / "go", [folder / "ready-0", folder / "ready-1"]
    options: list[object] = ["--url", _address(server), "--protocol", PROTOCOL, "--topic", "feed:all"]
    options += ["--processes", ",".join(map(str, children(server.pid)[:PROCESSES])), "--clients", LOOKERS // 2]
    options += ["--rates", ",".join([str(rate / 2) for rate in RATES]), "--seconds", JOIN_S, "--go", go]
    timeout_s = READY_S + len(RATES) * (JOIN_S + 1)
    running = [
        asyncio.create_task(asyncio.to_thread(load, "joins", [*options, "--ready", ready], timeout_s=timeout_s))
        for ready in readies
    ]
    while not all(ready.exists() or one.done() for ready, one in zip(readies, running, strict=True)):
        await asyncio.sleep(0.05)
    await asyncio.sleep(2 * BEAT_S)  # the last of the crowd is counted and told
    with redis.Redis(port=store.port) as client:
        before = client.info("stats")["total_net_output_bytes"]
        go.touch()
        reports = list(await asyncio.gather(*running))
        between = client.info("stats")["total_net_output_bytes"] - before
    return reports, between / (len(RATES) * (JOIN_S + 1))


def _address(server: ServerProcess) -> str:
    return f"127.0.0.1:{server.url.rpartition(':')[2]}/ws"
