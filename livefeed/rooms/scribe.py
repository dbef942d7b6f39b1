"""The way to a process that holds documents: room after room has its turn, and a lost process is replaced."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import mmap
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import msgpack

from livefeed.errors import Busy, LivefeedError
from livefeed.rooms.ink import IDLE, Spoiled
from livefeed.rooms.scribe_process import INDEX, LENGTH, PROGRESS_BYTES
from livefeed.rooms.turns import Turns

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
"""How long a question may take with its turn; then it is `busy`, and asked again."""
PATIENCE_S = 60.0
"""How long an answer may take on a busy machine. The process's own limits count processor time, and end it sooner."""
WAITING, WAITING_OF_ROOM = 1_024, 64
"""Questions that may wait for their turn."""
OURS_TO_BLAME = {signal.SIGPROF, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL}
"""Ends that an update has caused; any other is somebody's who ended the process."""


class Forgotten(Exception):
    """The document is not held up to the position that was named: give all of it."""


class Overdrawn(Exception):
    """A question took more processor time than there is for one here; the document is not held any more."""


class Scholar(Protocol):
    """Who can be asked about documents."""

    async def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any = None
    ) -> Any:
        """Apply the pieces that lead from `held` (None: a snapshot and what follows it) to `at`, and answer.

        question: state, missing (argument: a state vector), whole, weigh (an update), contents, mirrored (maps).
        Raises: Forgotten, Spoiled (the piece that cannot be applied), Busy, LivefeedError for a defect of ours.
        """

    async def tell(self, question: str, argument: Any, *, room: str = "") -> Any:
        """Answer what needs no document: `check state` (a complaint or ''), `seed`. room: whose turn it takes.

        Raises: Busy, LivefeedError.
        """


class _Question:
    """Somebody who waits. packed: what is asked; answer: a word and a value, or why there is none."""

    __slots__ = ("answer", "packed", "room")

    def __init__(self, room: str, request: dict[str, Any]) -> None:
        self.room = room
        self.packed: bytes = msgpack.packb(request)
        self.answer: asyncio.Future[tuple[str, Any]] = asyncio.get_running_loop().create_future()


class Scribe:
    """A process, and the line in front of it. `run` must be running: it asks, one question at a time.

    budget_s: the processor time of a question, None for what its pieces' sizes allow: who needs more than the budget
    is told so, and no piece of it is blamed. dear_s: where a question took more, the others about its room that are in
    line are told the same, before they cost as much; `dear` is told the room, by the budget's end too.
    """

    def __init__(
        self,
        *,
        budget_s: float | None = None,
        dear_s: float = math.inf,
        dear: Callable[[str], None] = lambda room: None,
    ) -> None:
        self._budget_s = budget_s
        self._dear_s = dear_s
        self._dear = dear
        self._turns: Turns[_Question] = Turns(most=WAITING, most_of_room=WAITING_OF_ROOM)
        self._wake = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._dropped: set[asyncio.subprocess.Process] = set()
        """Those that were ended and are still to be waited for: their pipes are open until then."""
        self._page: mmap.mmap | None = None
        self._ended = False
        self.deaths = 0
        """How often a process ended before its time."""
        self.failures = 0
        """How many questions it failed at and lived: defects of ours."""

    @property
    def pid(self) -> int:
        """The process; 0: there is none."""
        return self._process.pid if self._process is not None else 0

    @property
    def at(self) -> int:
        """The piece that is being applied; IDLE for none."""
        return IDLE if self._page is None else int(INDEX.unpack_from(self._page, 0)[0])

    @property
    def waiting(self) -> int:
        """How many questions are in line."""
        return len(self._turns)

    async def run(self) -> None:
        """Ask what is in line until cancelled."""
        try:
            while True:
                question = self._turns.next()
                if question is None:
                    self._wake.clear()
                    await self._wake.wait()
                elif not question.answer.done():
                    await self._put(question)
        finally:
            self._ended = True
            while (question := self._turns.next()) is not None:
                if not question.answer.done():
                    question.answer.set_exception(_stopping())
            self._drop()
            await self._bury()

    async def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any = None
    ) -> Any:
        asked = {"room": room, "held": held, "pieces": pieces, "at": at, "question": question, "argument": argument}
        return await self._line_up(_Question(room, asked))

    async def tell(self, question: str, argument: Any, *, room: str = "") -> Any:
        return await self._line_up(_Question(room, {"question": question, "argument": argument}))

    async def _line_up(self, question: _Question) -> Any:
        if self._ended:
            raise _stopping()
        if not self._turns.add(question.room, question):
            raise Busy("Too much is asked about documents at once; try again in a moment.", retry_after_s=1.0)
        self._wake.set()
        try:
            async with asyncio.timeout(DEADLINE_S):
                word, value = await question.answer
        except TimeoutError:
            raise _busy() from None
        finally:
            self._turns.drop(question.room, question)
        match word:
            case "unknown":
                raise Forgotten
            case "overdrawn":
                raise Overdrawn
            case "spoiled":
                raise Spoiled(value)
            case "failed":
                raise LivefeedError("The server failed at the room's document, and has logged why.")
        return value

    async def _put(self, question: _Question) -> None:
        """Ask the process, and give the answer to whoever still waits for it."""
        try:
            word, value, took_s = await self._ask(question)
        except LivefeedError as exc:
            if not question.answer.done():
                question.answer.set_exception(exc)
        except BaseException:
            if not question.answer.done():
                question.answer.set_exception(_stopping())
            raise
        else:
            if not question.answer.done():
                question.answer.set_result((word, value))
            if took_s > self._dear_s:
                self._dear(question.room)
                for one in self._turns.take(question.room):
                    if not one.answer.done():
                        one.answer.set_result(("overdrawn", None))

    async def _ask(self, question: _Question) -> tuple[str, Any, float]:
        """Return a word, a value, and the processor time it took. Raises: Busy."""
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        answered = False
        try:
            async with asyncio.timeout(PATIENCE_S):
                process.stdin.write(LENGTH.pack(len(question.packed)) + question.packed)
                await process.stdin.drain()
                size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
                word, value, took_s = msgpack.unpackb(await process.stdout.readexactly(size), strict_map_key=False)
            answered = True
        except (OSError, asyncio.IncompleteReadError) as exc:
            return await self._fallen(process, exc)
        except TimeoutError as exc:
            log.warning("the process that holds documents does not answer and is replaced")
            raise _busy() from exc
        finally:
            if not answered:
                self._drop()  # cancelled or failed half-way: the next answer would be to the wrong question
        if word == "failed":
            self.failures += 1
            log.error("the process that holds documents failed at a question about %s:\n%s", question.room, value)
        return word, value, took_s

    async def _fallen(self, process: asyncio.subprocess.Process, exc: Exception) -> tuple[str, Any, float]:
        """Return what is to blame for the end of the process. Raises: Busy where nothing we gave it is."""
        code = await process.wait()
        self.deaths += 1
        index = self.at
        log.warning("the process that holds documents ended (%s) at piece %d and is replaced", code, index)
        if self._budget_s is not None and -code == signal.SIGPROF:
            return "overdrawn", None, math.inf
        if index != IDLE and -code in OURS_TO_BLAME:
            return "spoiled", index, 0.0
        raise _busy() from exc

    async def _start(self) -> asyncio.subprocess.Process:
        if self._process is not None and self._process.returncode is None:
            return self._process
        self._drop()
        await self._bury()
        with tempfile.TemporaryFile() as file:
            file.truncate(PROGRESS_BYTES)
            self._page = mmap.mmap(file.fileno(), PROGRESS_BYTES)
            INDEX.pack_into(self._page, 0, IDLE)
            budget = [] if self._budget_s is None else [str(self._budget_s)]
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *[sys.executable, "-m", "livefeed.rooms.scribe_process", str(file.fileno()), *budget],
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    pass_fds=[file.fileno()],
                )
            except OSError as exc:
                log.error("no process that holds documents can be started: %s", exc)
                raise _busy() from exc
        return self._process

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            self._dropped.add(process)
            if process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        if self._page is not None:
            self._page.close()
            self._page = None

    async def _bury(self) -> None:
        """Wait until every process that was ended is gone, and its pipes are closed."""
        while self._dropped:
            process = next(iter(self._dropped))
            await process.communicate(b"")
            self._dropped.discard(process)


def _busy() -> Busy:
    return Busy("The document cannot be read just now; try again in a moment.", retry_after_s=1.0)


def _stopping() -> Busy:
    return Busy("The server is stopping.", retry_after_s=1.0)
