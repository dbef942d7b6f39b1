"""A room's shared document: how many updates one core hands on, and how soon a late joiner has it all."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from bench.cores import pinned
from bench.effort import Effort
from bench.figure import Bar, Figure, Note
from bench.rooms_load import connect, drained
from bench.servers.ours import on_server_core
from bench.store import valkey
from tests.integration.crowded_room import come_late, crowd
from tests.integration.document_lines import arrive, settled
from tests.integration.server_process import cpu_s
from tests.integration.stock import RoomServer

READERS = {10: 30_000.0, 50: 4_000.0}
"""How many read, and the updates per second and core that are promised then."""
JOINS, COLD_JOINS, JOIN_MS = 100, 100, 100.0
CROWDS, PEOPLE, STROKES = 8, 50, 2_000
"""Rooms with so many people around so many strokes, which are 2 MB."""
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
    for figure in cold(folder / "cold"):
        yield figure


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
    """Return the path of a room's document, as somebody new opens it."""
    return f"/api/rooms/{room}/doc?token={here.guest()[1]}"


def relayed(here: RoomServer, readers: int, seconds: float, number: int) -> tuple[float, float, float]:
    """Return updates per second of the server's processor, per second, and the other process's share of a core."""
    address = here.url.removeprefix("http://")
    path = f"/api/rooms/{here.room(number, everybody='editor')}/doc"
    tokens = [here.guest()[1] for _ in range(1 + readers)]
    command = [sys.executable, "-m", "bench.rooms_load", address, path, str(seconds), *tokens]
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
    address = here.url.removeprefix("http://")
    first = connect(address, path_of(here, room))
    waits = []
    for _ in range(JOINS):
        path = path_of(here, room)
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
    return Figure(f"late joiner has the document, 99 of {JOINS}", "ms", (sorted(waits)[98],), Bar(high=JOIN_MS))


def cold(folder: Path) -> Iterator[Figure]:
    """Measure how long late joiners wait for all there is at a node that has never served their room.

    Each comes to a room of its own, which somebody at another node has open; first of all, to warm nothing of that room
    but the node itself, one comes who is not counted.
    """
    with valkey(folder / "store") as store, contextlib.ExitStack() as stack:
        nodes = [RoomServer(folder / name / "data", redis_url=store.url, **UNLIMITED) for name in ("here", "there")]
        for node in nodes:
            stack.callback(node.stop)
            with on_server_core():
                node.start()
        waits = [_arrival(nodes, 20_000 + number) for number in range(COLD_JOINS + 1)][1:]
        crowded = list(_late_to_crowds(nodes))
    what = f"late joiner at a cold node has document, roster and awareness, 99 of {COLD_JOINS}"
    yield Figure(what, "ms", (sorted(waits)[98],), Bar(high=JOIN_MS))
    yield Figure("  the slowest", "ms", (max(waits),))
    yield from crowded


def _late_to_crowds(nodes: Sequence[RoomServer]) -> Iterator[Figure]:
    """Measure the same with many people around a large document, at the node where they are and at a cold one."""
    waits: dict[str, list[float]] = {"their": [], "a cold": []}
    for number in range(CROWDS):
        room = nodes[0].room(30_000 + number, everybody="editor")
        with crowd(nodes[0], room, people=PEOPLE, strokes=STROKES, seed=number) as painted:
            for node, found in zip(nodes, waits.values(), strict=True):
                found.append(1000 * come_late(node, room, people=PEOPLE, painted=painted))
    for which, found in waits.items():
        what = f"late joiner at {which} node has 2 MB of strokes, roster and awareness of {PEOPLE} people"
        yield Figure(what, "ms", tuple(found))


def _arrival(nodes: Sequence[RoomServer], number: int) -> float:
    """Return the milliseconds in which somebody comes to a room at the second node that is open at the first one."""
    (first, token), (late, late_token) = nodes[0].guest(), nodes[0].guest()
    room = nodes[0].room(number, **{first: "owner", late: "editor"})
    with settled(nodes[0], room, token, text="early ", client=7):
        return 1000 * arrive(nodes[1], room, late_token, text=b"early ", client=7)
