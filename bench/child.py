"""Processes that a measurement starts: each is waited for until it is ready, and stopped by its process id."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.build import NotHere
from bench.cores import pinned

READY_S, GONE_S = 30.0, 10.0


@contextlib.contextmanager
def running(
    command: list[str],
    *,
    log: Path,
    server: bool = True,
    says: str | None = None,
    listens: int | None = None,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Iterator[tuple[subprocess.Popen[bytes], re.Match[str] | None]]:
    """Run a process while the block lasts, on the server's core or on the others'.

    It is ready once its log matches `says`, or once the port `listens` takes connections.
    Yields: the process, and the match of `says`.
    Raises: NotHere if it ends or is not ready in time, with the end of its log.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            pinned(command, server=server),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
            cwd=folder,
            start_new_session=True,
        )
    try:
        yield process, _until_ready(process, command[0], log, says, listens)
    finally:
        stop(process)


def _until_ready(
    process: subprocess.Popen[bytes], name: str, log: Path, says: str | None, listens: int | None
) -> re.Match[str] | None:
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline and process.poll() is None:
        said = re.search(says, log.read_text("utf-8", "replace")) if says else None
        if said or (listens is not None and _takes_connections(listens)):
            return said
        time.sleep(0.02)
    raise NotHere(f"{Path(name).name} did not start: {log.read_text('utf-8', 'replace')[-500:].strip()}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and make it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GONE_S)
    if process.poll() is None:
        process.kill()
    process.wait()


def children(pid: int) -> tuple[int, ...]:
    """Return the processes that a process has started."""
    return tuple(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))


def free_port() -> int:
    """Return a TCP port of the loopback interface that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _takes_connections(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
