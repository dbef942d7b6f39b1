"""The way to the process that holds documents: one question at a time, and a new process where one was lost."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import mmap
import signal
import sys
import tempfile
from collections.abc import Sequence
from typing import Any, Protocol

import msgpack

from livefeed.errors import Busy
from livefeed.rooms.ink import Spoiled
from livefeed.rooms.scribe_process import IDLE, INDEX, LENGTH, PROGRESS_BYTES

log = logging.getLogger(__name__)

PATIENCE_S = 60.0
"""How long an answer may take on a busy machine. The process's own limits count processor time, and end it sooner."""
WAITING = 256
"""Questions that may wait for their turn."""
OURS_TO_BLAME = {signal.SIGPROF, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL}
"""Ends that an update has caused; any other is somebody's who ended the process."""


class Forgotten(Exception):
    """The document is not held up to the position that was named: give all of it."""


class Scholar(Protocol):
    """Who can be asked about documents."""

    async def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any = None
    ) -> Any:
        """Apply the pieces that lead from `held` (None: from nothing) to `at`, and answer.

        question: state, missing (argument: a state vector), whole, news (an update), contents, mirrored (maps).
        Raises: Forgotten, Spoiled (the piece that cannot be applied), Busy.
        """

    async def tell(self, question: str, argument: Any) -> Any:
        """Answer what needs no document: `check update`, `check state` (a complaint or ''), `seed`. Raises: Busy."""


class Scribe:
    """A process, started when it is needed. `run` must be running for it to be ended with us."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: asyncio.subprocess.Process | None = None
        self._page: mmap.mmap | None = None
        self._ended = False
        self.deaths = 0
        """How often a process ended before its time."""

    @property
    def pid(self) -> int:
        """The process; 0: there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def at(self) -> int:
        """The piece that is being applied; IDLE for none."""
        return IDLE if self._page is None else int(INDEX.unpack_from(self._page, 0)[0])

    async def run(self) -> None:
        """Have a process ready until cancelled."""
        try:
            async with self._turn:
                await self._start()
            await asyncio.get_running_loop().create_future()
        finally:
            self._ended = True
            process = self._process
            self._drop()
            if process is not None:
                await process.wait()

    async def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any = None
    ) -> Any:
        return await self._exchange(
            {"room": room, "held": held, "pieces": pieces, "at": at, "question": question, "argument": argument}
        )

    async def tell(self, question: str, argument: Any) -> Any:
        return await self._exchange({"question": question, "argument": argument})

    async def _exchange(self, request: dict[str, Any]) -> Any:
        if self._waiting >= WAITING:
            raise Busy("Too many rooms are opened at once; try again in a moment.", retry_after_s=1.0)
        self._waiting += 1
        try:
            async with self._turn:
                word, value = await self._ask(request)
        finally:
            self._waiting -= 1
        if word == "unknown":
            raise Forgotten
        if word == "spoiled":
            raise Spoiled(value)
        return value

    async def _ask(self, request: dict[str, Any]) -> tuple[str, Any]:
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        packed = msgpack.packb(request)
        answered = False
        try:
            async with asyncio.timeout(PATIENCE_S):
                process.stdin.write(LENGTH.pack(len(packed)) + packed)
                await process.stdin.drain()
                size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
                word, value = msgpack.unpackb(await process.stdout.readexactly(size))
            answered = True
            return word, value
        except (OSError, asyncio.IncompleteReadError) as exc:
            return await self._fallen(process, exc)
        except TimeoutError as exc:
            log.warning("the process that holds documents does not answer and is replaced")
            raise Busy("The document cannot be read just now; try again in a moment.", retry_after_s=1.0) from exc
        finally:
            if not answered:
                self._drop()  # cancelled or failed half-way: the next answer would be to the wrong question

    async def _fallen(self, process: asyncio.subprocess.Process, exc: Exception) -> tuple[str, Any]:
        """Return what is to blame for the end of the process. Raises: Busy where nothing we gave it is."""
        code = await process.wait()
        self.deaths += 1
        index = self.at
        log.warning("the process that holds documents ended (%s) at piece %d and is replaced", code, index)
        if index != IDLE and code < 0 and -code in OURS_TO_BLAME:
            return "spoiled", index
        raise Busy("The document cannot be read just now; try again in a moment.", retry_after_s=1.0) from exc

    async def _start(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        if self._ended:
            raise Busy("The server is stopping.", retry_after_s=1.0)
        self._drop()
        with tempfile.TemporaryFile() as file:
            file.truncate(PROGRESS_BYTES)
            self._page = mmap.mmap(file.fileno(), PROGRESS_BYTES)
            INDEX.pack_into(self._page, 0, IDLE)
            self._process = await asyncio.create_subprocess_exec(
                *[sys.executable, "-m", "livefeed.rooms.scribe_process", str(file.fileno())],
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                pass_fds=[file.fileno()],
            )
        return self._process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        if self._page is not None:
            self._page.close()
            self._page = None
