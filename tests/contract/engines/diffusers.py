"""A diffusers pipeline, tiny and random, in a painting process that knows trouble."""

from __future__ import annotations

import atexit
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from livefeed.config import Config
from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.diffusers import Diffusers
from livefeed.generation.generators.diffusers.easel import QUIET
from tests.contract.engines import End, Engine, Trouble

ROOT: Final = Path(__file__).parents[3]
SILENCE_S: Final = 4.0
"""Longer than the suite's: a step of torch takes a machine with other work seconds."""
OFFLINE: Final = {"HF_HUB_OFFLINE": "1"}


class Nursery:
    """The one process that has imported torch; it makes painting processes, and the models they load."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="livefeed-diffusers-"))
        self._address = str(self.folder / "line")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.contract.engines.diffusers_nursery", self._address, str(self.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**QUIET, **os.environ, **OFFLINE},
        )
        atexit.register(self._close)
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == b"ready\n", "the nursery did not start: see its words above"

    def start(self) -> tuple[socket.socket, Born]:
        """Start a painting process."""
        line = socket.socket(socket.AF_UNIX)
        line.connect(self._address)
        (pid,) = struct.unpack(">I", line.recv(4, socket.MSG_WAITALL))
        return line, Born(pid)

    def _close(self) -> None:
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Born:
    """A painting process of the nursery, which is not our child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    @property
    def lives(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        if self.lives:
            os.kill(self.pid, signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Its exit code is not to be had: that of a killed one is told."""
        until_s = time.monotonic() + (timeout or 0)
        while self.lives:
            if time.monotonic() > until_s:
                raise subprocess.TimeoutExpired("painter", timeout or 0)
            time.sleep(0.005)
        return -signal.SIGKILL


@cache
def nursery() -> Nursery:
    """Return the nursery of this test run."""
    return Nursery()


class DiffusersEngine:
    """A generator with a model of its own to load.

    model: `checked`, `unchecked` (without a safety checker), `flux`. settings: of the configuration, more of them.
    born: the processes it has had.
    """

    # What cuts the line to its process ends the process, and the picture with it.
    ends: Mapping[Trouble, End] = {Trouble.CUTS: EngineLost}
    never: Mapping[Trouble, str] = {Trouble.SHOWS_NOTHING: "a pipeline that tells of no step is not loaded"}

    def __init__(self, model: str = "checked", *, silence_s: float = SILENCE_S, **settings: Any) -> None:
        self._model = model
        self.silence_s = silence_s
        self._settings = settings
        self.born: list[Born] = []
        self._line: socket.socket | None = None

    async def __aenter__(self) -> Self:
        folder = nursery().folder
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        (self.folder / "model").symlink_to(folder / self._model)
        settings = {"diffusers_model": str(self.folder / "model"), "diffusers_previews": "on", "workers": 0}
        self.generator = Diffusers(Config(**(settings | self._settings)), start=self._start)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.generator.close()

    def _start(self) -> tuple[socket.socket, Born]:
        line, process = nursery().start()
        self.born.append(process)
        self._line = line
        return line, process

    async def crash(self) -> None:
        for process in self.born:
            process.kill()

    async def restart(self) -> None:
        """Nobody has to: the generator starts another process."""

    def lines(self) -> Sequence[Callable[[], object]]:
        """The line to its process, cut or with the process behind it killed."""
        living = [process.kill for process in self.born if process.lives]
        return [*living, *([self._cut] if living else [])]

    def _cut(self) -> None:
        if self._line is not None and self._line.fileno() != -1:
            with suppress(OSError):  # it was cut before
                self._line.shutdown(socket.SHUT_RDWR)

    def tell(self, trouble: Trouble) -> None:
        if trouble in (Trouble.FALLS_SILENT, Trouble.NEVER_ENDS):
            # Only now: the largest picture takes a processor long to decode.
            self.generator._silence_s = self.silence_s
        (self.folder / "trouble").write_text(trouble)

    @property
    def _log(self) -> list[tuple[int, str]]:
        """What its processes have written down: which, and what."""
        try:
            lines = (self.folder / "log").read_text().splitlines()
        except FileNotFoundError:
            return []
        return [(int(pid), words) for pid, _, words in (line.partition(" ") for line in lines)]

    @property
    def at_work(self) -> int:
        living = {process.pid for process in self.born if process.lives}
        last = {pid: words for pid, words in self._log if pid in living}
        return sum(words == "begins" for words in last.values())

    @property
    def made(self) -> int:
        return sum(words == "has made one" for _, words in self._log)

    def masked(self) -> None:
        return None


ENGINES: dict[str, Callable[[], Engine]] = {"diffusers": DiffusersEngine}
