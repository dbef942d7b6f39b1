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
from livefeed.rooms.debts import Ledger, rank
from livefeed.rooms.held import IDLE
from livefeed.rooms.ink import Overdrawn, Spoiled
from livefeed.rooms.scribe_process import ABANDONED, GRACE_S, INDEX, LENGTH, PROGRESS_BYTES
from livefeed.rooms.turns import Turns

log = logging.getLogger(__name__)

DEADLINE_S = 10.0
"""How long a question may take with its turn; then it is `busy`, and asked again."""
PATIENCE_S = 60.0
"""How long an answer may take on a busy machine. The process's own limits count processor time, and end it sooner."""
LEAST_BUDGET_S, MOST_BUDGET_S = 0.75, 4.0
"""Processor time of a question: as much as its room has taken lately, within these. So rooms that need little are done
with before one has all it asks for, and what is done again for want of time is about as much as what is not."""
EXPECTED_S_PER_BYTE = 1e-6
WAITING, WAITING_OF_ROOM = 1_024, 64
"""Questions that may wait for their turn."""
OURS_TO_BLAME = {signal.SIGPROF, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL}
"""Ends that an update has caused; any other is somebody's who ended the process."""


class Forgotten(Exception):
    """The document is not held up to the position that was named: give all of it."""


class TooDear(Busy):
    """A question takes more processor time than is given to one."""


class Scholar(Protocol):
    """Who can be asked about documents."""

    async def ask(
        self,
        room: str,
        held: str | None,
        pieces: Sequence[bytes],
        at: str,
        question: str,
        argument: Any = None,
        *,
        person: str = "",
    ) -> Any:
        """Apply the pieces that lead from `held` (None: a snapshot and what follows it) to `at`, and answer.

        question: state, missing (argument: a state vector), whole, weigh (an update), contents, mirrored (maps).
        person: the id of whoever asks, '' for nobody.
        Raises: Forgotten, Spoiled (the piece that cannot be applied), Overdrawn, TooDear, Busy, LivefeedError for a
        defect of ours.
        """

    async def tell(self, question: str, argument: Any, *, room: str = "", person: str = "") -> Any:
        """Answer what needs no document: `check state` (a complaint or ''), `seed`. room: whose turn it takes.

        Raises: Overdrawn, Busy, LivefeedError.
        """


class _Question:
    """Somebody who waits. answer: a word and a value, or why there is none. expected_s: going by its size alone."""

    __slots__ = ("answer", "expected_s", "person", "request", "room")

    def __init__(self, room: str, person: str, request: dict[str, Any]) -> None:
        self.room = room_of(room)
        self.person = person
        self.request = request
        size = sum(map(len, request.get("pieces", ())))
        argument = request["argument"]
        size += len(argument) if isinstance(argument, bytes) else 0
        self.expected_s = size * EXPECTED_S_PER_BYTE
        self.answer: asyncio.Future[tuple[str, Any]] = asyncio.get_running_loop().create_future()


def room_of(document: str) -> str:
    """Return the room of what a document is called by: the room's id, and its epoch behind a space."""
    return document.partition(" ")[0]


class Scribe:
    """A process, and the line in front of it. `run` must be running: it asks, one question at a time.

    Processor time is charged to the room and the person who asked. Whose room and who themselves have taken least of
    it lately has the next turn; of equals, those that ask about little go first.

    budget_s: the processor time of a question, None for as much as its room has taken lately, within bounds. Who needs
    more is told so, and charged. blames: an update that stalls is named. dear_s: where a question took more, the
    others about its room that are in line are told what it would be told, before they cost as much; `dear` is told
    the room, by the budget's end too.
    """

    def __init__(
        self,
        *,
        budget_s: float | None = None,
        blames: bool = True,
        ledger: Ledger | None = None,
        dear_s: float = math.inf,
        dear: Callable[[str], None] = lambda room: None,
    ) -> None:
        self._budget_s = budget_s
        self._blames = blames
        self._ledger = Ledger() if ledger is None else ledger
        self._dear_s = dear_s
        self._dear = dear
        self._turns: Turns[_Question] = Turns(most=WAITING, most_of_room=WAITING_OF_ROOM, rank=self._rank)
        self._asking: _Question | None = None
        self._asked = 0
        """How many questions this process was asked."""
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
        self,
        room: str,
        held: str | None,
        pieces: Sequence[bytes],
        at: str,
        question: str,
        argument: Any = None,
        *,
        person: str = "",
    ) -> Any:
        asked = {"room": room, "held": held, "pieces": pieces, "at": at, "question": question, "argument": argument}
        return await self._line_up(_Question(room, person, asked))

    async def tell(self, question: str, argument: Any, *, room: str = "", person: str = "") -> Any:
        return await self._line_up(_Question(room, person, {"question": question, "argument": argument}))

    def _rank(self, question: _Question) -> tuple[int, int]:
        now_s = asyncio.get_running_loop().time()
        return rank(self._ledger.larger(question.room, question.person, now_s), question.expected_s)

    def budget_s(self, room: str) -> float:
        """Return the processor time that a question about a room has now."""
        if self._budget_s is not None:
            return self._budget_s
        owed_s = self._ledger.of_room(room_of(room), asyncio.get_running_loop().time())
        return min(MOST_BUDGET_S, max(LEAST_BUDGET_S, owed_s))

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
            if self._asking is question and self._page is not None:
                ABANDONED.pack_into(self._page, INDEX.size, self._asked)
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
        self._asking = question
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
            self._settle(question, word, value, took_s)
        finally:
            self._asking = None

    def _settle(self, question: _Question, word: str, value: Any, took_s: float) -> None:
        self._ledger.charge(question.room, question.person, took_s, asyncio.get_running_loop().time())
        if not question.answer.done():
            question.answer.set_result((word, value))
        if took_s > self._dear_s:
            self._dear(question.room)
            for one in self._turns.take(question.room):
                if not one.answer.done():
                    one.answer.set_result(("overdrawn", None))

    async def _ask(self, question: _Question) -> tuple[str, Any, float]:
        """Return a word, a value, and the processor time it took. Raises: Busy."""
        budget_s = self.budget_s(question.room)
        packed = msgpack.packb({**question.request, "budget_s": budget_s})
        process = await self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        answered = False
        self._asked += 1
        try:
            async with asyncio.timeout(PATIENCE_S):
                process.stdin.write(LENGTH.pack(len(packed)) + packed)
                await process.stdin.drain()
                size = LENGTH.unpack(await process.stdout.readexactly(LENGTH.size))[0]
                word, value, took_s = msgpack.unpackb(await process.stdout.readexactly(size), strict_map_key=False)
            answered = True
        except (OSError, asyncio.IncompleteReadError) as exc:
            return await self._fallen(process, exc, budget_s)
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

    async def _fallen(
        self, process: asyncio.subprocess.Process, exc: Exception, budget_s: float
    ) -> tuple[str, Any, float]:
        """Return what is to blame for the end of the process. Raises: Busy where nothing we gave it is."""
        code = await process.wait()
        self.deaths += 1
        index = self.at
        log.warning("the process that holds documents ended (%s) at piece %d and is replaced", code, index)
        took_s = budget_s + GRACE_S
        if -code == signal.SIGPROF and (index == IDLE or not self._blames):
            return "overdrawn", None, took_s
        if index != IDLE and -code in OURS_TO_BLAME:
            return "spoiled", index, took_s
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
            self._asked = 0
            blames = ["blames"] if self._blames else []
            try:
                self._process = await asyncio.create_subprocess_exec(
                    *[sys.executable, "-m", "livefeed.rooms.scribe_process", str(file.fileno()), *blames],
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
