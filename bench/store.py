"""The Valkey that a measurement uses: on a TCP port of the loopback interface, so that the publisher reaches it too."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.child import free_port, running
from livefeed.streams.embedded import binary

SETTINGS = {"save": "", "appendonly": "no", "maxmemory-policy": "noeviction", "bind": "127.0.0.1", "daemonize": "no"}
"""Nothing is written to the disk: a disk's moods are not what is measured, and every server here has the same store."""


@dataclass(frozen=True, slots=True)
class Valkey:
    port: int
    pid: int

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


@contextlib.contextmanager
def valkey(folder: Path) -> Iterator[Valkey]:
    """Run an empty one while the block lasts, beside the load client."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    settings = {**SETTINGS, "port": str(port), "dir": str(folder)}
    command = [str(binary()), *[word for name, value in settings.items() for word in (f"--{name}", value)]]
    with running(command, log=folder / "valkey.log", server=False, listens=port) as (process, _):
        yield Valkey(port, process.pid)
