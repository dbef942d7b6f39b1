"""The floor: a C program that does nothing but write (bench/load/floor.c)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from bench.build import program
from bench.child import running
from bench.servers.target import Target


@contextlib.contextmanager
def floor(folder: Path, how: str) -> Iterator[Target]:
    """Run it. how: `each`, one send() per event and client; `joined`, whatever is waiting in one send()."""
    command = [str(program("floor")), how]
    with running(command, log=folder / f"floor-{how}.log", says=r"floor is ready (\d+) (\d+)") as (process, said):
        assert said is not None
        name = "C floor, joined" if how == "joined" else "C floor"
        yield Target(name, f"127.0.0.1:{said[1]}/", (process.pid,), "line", f"127.0.0.1:{said[2]}")
