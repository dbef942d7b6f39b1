"""Which core does what: the measured server has one of its own, everything else shares the other."""

from __future__ import annotations

import os


def server_core() -> int | None:
    """Return the core of the measured server; None where there is only one."""
    cores = sorted(os.sched_getaffinity(0))
    return cores[-1] if len(cores) > 1 else None


def other_cores() -> set[int]:
    """Return the cores of the load client, the publisher and the store."""
    cores = sorted(os.sched_getaffinity(0))
    return set(cores[:1]) if len(cores) == 2 else set(cores[:-1]) or set(cores)


def pinned(command: list[str], *, server: bool) -> list[str]:
    """Return the command, bound to the server's core or to the others."""
    core = server_core()
    if core is None:
        return command
    chosen = {core} if server else other_cores()
    return ["taskset", "-c", ",".join(map(str, sorted(chosen))), *command]
