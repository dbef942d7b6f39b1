"""Find and end a store that outlived its server, before a second one opens the same log."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from livefeed.errors import ConfigurationError
from livefeed.streams.embedded_place import Place

PROGRAM = "valkey-server"
GRACE_S = 10.0
KILLED_S = 5.0


def end_orphans(place: Place) -> list[int]:
    """End every store that runs on this place and return their process ids. Blocks until they are gone.

    Call it with the folder's lock held: whoever runs there then has no server. Each is recognised by its
    executable and its working directory, so a process that got a dead store's number is left alone.
    Raises: ConfigurationError if one does not go.
    """
    ended = []
    for pid in set(_candidates(place)):
        if serves(pid, place):
            _end(pid, place)
            ended.append(pid)
    return ended


def serves(pid: int, place: Place) -> bool:
    """Say whether this process is a live store on this place."""
    try:
        if sys.platform != "linux":
            said = ["ps", "-p", str(pid), "-o", "comm="]
            return Path(subprocess.run(said, capture_output=True, text=True).stdout.strip()).name == PROGRAM
        # Of a zombie both fail: it writes nothing any more.
        executable = os.readlink(f"/proc/{pid}/exe").removesuffix(" (deleted)")
        return Path(executable).name == PROGRAM and os.path.samefile(f"/proc/{pid}/cwd", place.folder)
    except OSError:
        return False


def _candidates(place: Place) -> Iterator[int]:
    """Yield the pid file's process and, where they can be listed, all others: the file may have been lost."""
    with contextlib.suppress(OSError, ValueError):
        yield int(place.pid_file.read_text("ascii"))
    if sys.platform == "linux":
        yield from (int(name) for name in os.listdir("/proc") if name.isdecimal())


def _end(pid: int, place: Place) -> None:
    for number, patience_s in ((signal.SIGTERM, GRACE_S), (signal.SIGKILL, KILLED_S)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            if not serves(pid, place):
                return
            time.sleep(0.02)
    raise ConfigurationError(
        f"A store of an earlier run (pid {pid}) still uses the data folder {place.data} and does not stop: end it."
    )
