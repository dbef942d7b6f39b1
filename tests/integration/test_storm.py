"""Many clients come back at once: they are let in at the rate that is set, and each has all it missed, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from tests.integration.returning import KEY, TOPIC, Storm, missed, storm_of
from tests.integration.server_process import ServerProcess, status_kib
from tests.soak import count

KIB_EACH = 64
"""What a client may cost the server in a storm: its connection, and what is on its way to it."""

WAIT_S = 30.0
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
STREAM = b"GET /sse?topic=app:storm HTTP/1.1\r\nHost: here\r\n\r\n"


def assert_paced(storm: Storm, rate: float) -> None:
    """At no time had more been let in than the rate and its burst allow since the storm began.

    No noise can break it: clients see their answers later than these were given, never earlier.
    """
    for inside, moment_s in enumerate(sorted(storm.admitted_s), 1):
        assert inside <= rate * (1 + moment_s + 0.001) + 2, f"{inside} were inside after {moment_s:.2f} s"


def report(storm: Storm, rate: float, grown_kib: int) -> None:
    """Print how the storm went, for who reads the log of a soak."""
    seconds: dict[int, int] = {}
    for moment in storm.admitted_s:
        seconds[int(moment)] = seconds.get(int(moment), 0) + 1
    print(f"let in by the second, at {rate:g}/s with as many at once: {[seconds[one] for one in sorted(seconds)]}")
    print(f"{storm.clients} clients asked {storm.tries} times and were sent away {storm.refused} times")
    print(f"all up to date after {max(storm.caught_up_s, default=0):.1f} s")
    print(f"the server grew by {grown_kib / storm.clients:.1f} KiB for each")


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_a_storm_is_let_in_at_the_rate_that_is_set_and_each_client_has_all_it_missed_once(tmp_path: Path) -> None:
    """More than may wait: some are sent away with a time of their own, come back then, and are let in."""
    clients, events, rate = count(300, 5_000), count(300, 500), count(40, 500)
    with ServerProcess(
        tmp_path / "data", api_keys=f"{KEY}={TOPIC}", admissions_per_s=rate, heartbeat_s=120, write_timeout_s=120
    ) as server:
        since = await missed(server.url, events)
        before_kib = status_kib(server.pid, "VmRSS")
        storm = await asyncio.to_thread(storm_of, server.url, clients, since, events)
        grown_kib = status_kib(server.pid, "VmHWM") - before_kib
        report(storm, rate, grown_kib)
        assert not storm.wrong
        assert len(storm.caught_up_s) == len(storm.admitted_s) == clients
        assert 0 < storm.refused <= storm.tries - clients
        assert_paced(storm, rate)
        assert grown_kib <= KIB_EACH * clients + 64 * 1024
        assert "Traceback" not in server.log()
        async with aiohttp.ClientSession(server.url) as http, http.get("/readyz") as answer:
            assert answer.status == 200


@pytest.mark.soak
@pytest.mark.timeout(300)
async def test_two_processes_together_let_in_no_more_than_one_would(tmp_path: Path) -> None:
    """The rate is the server's: each of its processes has its part of it."""
    clients, events, rate = count(150, 5_000), 200, count(50, 500)
    with ServerProcess(
        tmp_path / "data", processes=2, api_keys=f"{KEY}={TOPIC}", admissions_per_s=rate, heartbeat_s=120
    ) as server:
        since = await missed(server.url, events)
        storm = await asyncio.to_thread(storm_of, server.url, clients, since, events)
        assert not storm.wrong
        assert len(storm.caught_up_s) == clients
        assert_paced(storm, rate)
        assert max(storm.caught_up_s) < 10 * clients / rate


async def test_who_leaves_while_it_waits_is_no_error_and_keeps_no_place(tmp_path: Path) -> None:
    """Their turns pass; the next get theirs, and the log is silent."""
    with ServerProcess(tmp_path / "data", admissions_per_s=20, sessions=30) as server:
        host, port = server.url.removeprefix("http://").split(":")
        asked = [UPGRADE] * 25 + [STREAM] * 25
        waiting = [await asyncio.open_connection(host, int(port)) for _ in asked]
        for (_, line), request in zip(waiting, asked, strict=True):
            line.write(request)
        for answer, _ in waiting[:20]:
            assert (await answer.readline()).startswith(b"HTTP/1.1 101")
        for _, line in waiting:
            line.close()
        later = [await asyncio.open_connection(host, int(port)) for _ in range(25)]
        for _, line in later:
            line.write(UPGRADE)
        for answer, _ in later:
            async with asyncio.timeout(WAIT_S):
                assert (await answer.readline()).startswith(b"HTTP/1.1 101")
        for _, line in later:
            line.close()
        assert "ERROR" not in server.log()


async def test_who_waits_is_sent_away_when_the_server_begins_to_drain(tmp_path: Path) -> None:
    """Nobody is let in to be told to leave, and nobody holds up the stop."""
    with ServerProcess(tmp_path / "data", admissions_per_s=1, drain_s=0.2) as server:
        host, port = server.url.removeprefix("http://").split(":")
        lines = [await asyncio.open_connection(host, int(port)) for _ in range(22)]
        for _, line in lines:
            line.write(UPGRADE)
        assert (await lines[0][0].readline()).startswith(b"HTTP/1.1 101")
        server.terminate()
        for answer, line in lines[20:]:  # whose turns are twenty seconds off, however late the signal comes
            async with asyncio.timeout(WAIT_S):
                head = await answer.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 503")
            assert b"Retry-After: " in head
            line.close()
        for _, line in lines[:20]:
            line.close()
        assert await asyncio.to_thread(server.wait) == 0
