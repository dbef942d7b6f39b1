"""A room's shared document: how many updates one core hands on, and how soon a late joiner has it all."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from statistics import quantiles

from bench.cores import pinned
from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.rooms_load import connect, drained
from bench.servers.ours import on_server_core
from bench.store import valkey
from tests.integration.server_process import cpu_s
from tests.integration.stock import RoomServer

READERS = {10: 30_000.0, 50: 4_000.0}
"""How many read, and the updates per second and core that are promised then."""
JOINS, JOIN_MS = 100, 100.0
UNLIMITED = {"session_frames_per_s": 100_000}
STEP1 = b"\x82\x84" + bytes(4) + b"\x00\x00\x01\x00"
"""A frame that asks for everything."""


async def measure(folder: Path) -> AsyncIterator[Figure | Note]:
    effort = Effort.from_environment()
    with server(folder) as here:
        for readers, bar in READERS.items():
            runs, walls, scribes = [], [], []
            for number in range(effort.pairs):
                run = relayed(here, readers, effort.seconds, 1 + number + 100 * readers)
                runs.append(run[0])
                walls.append(run[1])
                scribes.append(run[2])
            what = f"updates handed on to {readers} readers, per second of the server's core"
            yield Figure(what, "", tuple(runs), Bar(low=bar))
            yield Figure(f"the same per second, {readers} readers", "", tuple(walls))
            yield Figure("core of the process that compacts, meanwhile", "%", tuple(scribes))
        yield joined(here)


@contextlib.contextmanager
def server(folder: Path) -> Iterator[RoomServer]:
    """Run a server on its core, with its store on the others."""
    with valkey(folder / "store") as store:
        here = RoomServer(folder / "data", redis_url=store.url, **UNLIMITED)
        with contextlib.ExitStack() as stack:
            stack.callback(here.stop)
            with on_server_core():
                here.start()
            yield here


def path_of(here: RoomServer, room: str) -> str:
    return f"/api/rooms/{room}/doc?token={here.guest()[1]}"


def relayed(here: RoomServer, readers: int, seconds: float, number: int) -> tuple[float, float, float]:
    """Return updates per second of the server's processor, per second, and the other process's share of a core."""
    address = here.url.removeprefix("http://")
    command = [sys.executable, "-m", "bench.rooms_load", address, path_of(here, here.room(number, everybody="editor"))]
    command += [str(readers), str(seconds)]
    with subprocess.Popen(pinned(command, server=False), stdout=subprocess.PIPE) as load:
        assert load.stdout is not None
        load.stdout.readline()
        children = here.children()
        before, others = cpu_s(here.pid), sum(map(cpu_s, children))
        said = json.loads(load.stdout.readline() or "{}")
    if not said or said["behind"]:
        raise RuntimeError(f"the readers did not get what was sent: {said}\n{here.log()}")
    used = cpu_s(here.pid) - before
    scribe = 100 * (sum(map(cpu_s, children)) - others) / said["seconds"]
    return said["sent"] / used, said["sent"] / said["seconds"], scribe


def joined(here: RoomServer) -> Figure:
    """Return how long late joiners wait for the document and the states of those who are there."""
    room = here.room(7, everybody="editor")
    path, address = path_of(here, room), here.url.removeprefix("http://")
    first = connect(address, path)
    waits = []
    for _ in range(JOINS):
        began = time.perf_counter()
        line = connect(address, path)
        line.sendall(STEP1)
        said = b""
        while b"\x00\x01" not in said:  # sync step 2
            said += line.recv(65_536)
        waits.append(1000 * (time.perf_counter() - began))
        line.close()
    first.setblocking(False)
    drained(first)
    first.close()
    return Figure(
        f"late joiner has the document, 99 of {JOINS}", "ms", (quantiles(waits, n=100)[98],), Bar(high=JOIN_MS)
    )
