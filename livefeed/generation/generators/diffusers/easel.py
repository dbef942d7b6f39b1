"""The worker's side of the painting process: started, spoken to, listened to, ended.

A process of its own, since nothing else ends a step that hangs, gives back a GPU's memory after an error that has
spoilt it, or keeps a model's loading from stopping the event loop.
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol

import livefeed
from livefeed.generation.generator import EngineLost
from livefeed.generation.generators.diffusers import wire
from livefeed.generation.generators.diffusers.wire import Broken, Finished, News, Order, Paint, Setup, Stop, Stopped

REAP_S: Final = 2.0
"""A killed process is awaited for so long; one that is stuck in a driver is left to the system."""
READ_BYTES: Final = 1024 * 1024
"""What is read ahead of whoever listens; then the process waits."""
QUIET: Final = {
    "HF_HUB_DISABLE_PROGRESS_BARS": "1", "TOKENIZERS_PARALLELISM": "false", "TRANSFORMERS_VERBOSITY": "error",
}  # fmt: skip
"""What keeps the libraries' remarks out of the log, unless the operator wants them."""


class Process(Protocol):
    """What is needed of a `subprocess.Popen`."""

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


Start = Callable[[], tuple[socket.socket, Process]]
"""Starts a painting process and returns our end of the line to it. It does not wait for anything."""


def launch() -> tuple[socket.socket, Process]:
    """Start `painter` with this interpreter and the very code that runs here. It ends when our end is closed."""
    ours, theirs = socket.socketpair()
    root = str(Path(livefeed.__file__).parents[1])
    paths = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", f"{__package__}.painter", str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            process_group=0,  # Ctrl-C is for the worker, which may finish its picture
            stdin=subprocess.DEVNULL,
            stdout=2,  # what libraries print belongs to the log
            env={**QUIET, **os.environ, "PYTHONPATH": paths},
        )
    return ours, process


class Easel:
    """One painting process. It paints one picture at a time; whoever uses it takes turns.

    ready: its model is loaded. began_s: when it was started, on the loop's clock.
    """

    def __init__(self, reader: StreamReader, writer: StreamWriter, process: Process) -> None:
        self.ready = False
        self.began_s = asyncio.get_running_loop().time()
        self._reader = reader
        self._writer = writer
        self._process = process
        self._length: int | None = None
        self._asked = self._settled = 0

    @classmethod
    async def open(cls, start: Start, setup: Setup) -> Easel:
        """Start a process and have it load a model. Raises: EngineLost when it cannot be started."""
        try:
            line, process = start()
        except OSError as exc:
            raise EngineLost(f"The process that paints cannot be started: {exc}.") from exc
        easel = cls(*await asyncio.open_connection(sock=line, limit=READ_BYTES), process)
        easel._say(setup)
        return easel

    @property
    def settled(self) -> bool:
        """Whether the last picture asked for has come to its end."""
        return self._settled == self._asked

    @property
    def gone(self) -> bool:
        """Whether the process has ended while nobody listened."""
        return self._reader.at_eof() or self._reader.exception() is not None

    async def paint(self, paint: Paint) -> None:
        """Ask for a picture, which needs a higher number than the one before."""
        self._asked = paint.number
        self._say(paint)
        try:
            await self._writer.drain()
        except ConnectionError:
            return  # which `receive` tells

    def call_off(self, *, within_s: float) -> None:
        """Have it stop after the step that it paints, unless the picture has come to its end.

        within_s: without that so long, the process ends itself, with whatever it holds, though nobody listens.
        """
        if not self.settled:
            self._say(Stop(self._asked, within_s))

    async def receive(self, *, within_s: float) -> News:
        """Return the next news, whichever picture's.

        Raises: EngineLost when nothing comes within the time, the process ends or says that it is broken.
        """
        try:
            async with asyncio.timeout(within_s):
                message = await self._next()
        except TimeoutError as exc:
            raise EngineLost(f"The process that paints gave no sign for {within_s:.3g} s.") from exc
        except (IncompleteReadError, ConnectionError) as exc:
            raise EngineLost(f"The process that paints has ended ({await self._end()}).") from exc
        except ValueError as exc:
            raise EngineLost(f"The process that paints cannot be understood: {exc}") from exc
        if isinstance(message, Broken):
            raise EngineLost(message.reason)
        if isinstance(message, Finished | wire.Withheld | wire.Failure | Stopped):
            self._settled = message.number
        return message

    async def settle(self, *, within_s: float) -> None:
        """Wait until a picture that was called off has come to its end. Raises: EngineLost."""
        while not self.settled:
            await self.receive(within_s=within_s)

    async def close(self) -> None:
        """End the process, whatever it does."""
        self._writer.close()
        await self._end()

    async def _next(self) -> News:
        """Read a message. Cancelled between its two parts, it goes on there the next time."""
        if self._length is None:
            self._length = wire.length_of(await self._reader.readexactly(wire.HEADER.size))
        body = await self._reader.readexactly(self._length)
        self._length = None
        message = wire.unpack(body)
        if isinstance(message, Setup | Paint | Stop):
            raise ValueError(f"The process that paints gives orders: {type(message).__name__}.")
        return message

    def _say(self, order: Order) -> None:
        self._writer.write(wire.pack(order))

    async def _end(self) -> str:
        """Kill the process if it still runs, and say how it ended."""
        try:
            code = await asyncio.to_thread(_ended, self._process)
        except subprocess.TimeoutExpired:
            return "it cannot even be killed"
        return f"by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _ended(process: Process) -> int:
    """Return a process's exit code. One that goes by itself has a moment for it, and is then killed."""
    try:
        return process.wait(timeout=0.2)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(timeout=REAP_S)
