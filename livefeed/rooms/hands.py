"""Drawings are made by few hands, in processes of their own: whose room has taken least has the next one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgpack

from livefeed.errors import BadPicture, Busy, TooLarge
from livefeed.rooms.canvas import Canvas, Size
from livefeed.rooms.canvas_process import LIMIT_S
from livefeed.rooms.debts import Ledger

log = logging.getLogger(__name__)

HANDS = 2
"""Drawings that one server makes at a time."""
MOST_WAITING = 100
"""Drawings that wait for a hand; where one more comes, the one is refused whose room or person has taken most."""
COMMAND = ["-m", "livefeed.rooms.canvas_process"]
BYTE_S = 1e-6
"""Processor time that a byte of strokes takes about."""

Draw = Callable[[bytes | None, Size, Sequence[bytes]], Awaitable[tuple[Canvas, float]]]
"""Makes a drawing, see canvas.render, and says what processor time it took."""


async def draw(parent: bytes | None, size: Size, strokes: Sequence[bytes]) -> tuple[Canvas, float]:
    """Return a drawing, and what processor time it took, from a process of its own, which ends with this call.

    Raises: BadPicture, TooLarge (also where it takes LIMIT_S), Busy.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *[sys.executable, *COMMAND],
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
    except OSError as exc:
        log.error("no process that draws can be started: %s", exc)
        raise _busy() from exc
    try:
        answer, _ = await process.communicate(msgpack.packb({"parent": parent, "size": size, "strokes": [*strokes]}))
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.communicate(b"")  # its pipes are closed, too
    if process.returncode in (-signal.SIGKILL, -signal.SIGXCPU):
        log.warning("a drawing of %d bytes took its process more than %d s", sum(map(len, strokes)), LIMIT_S)
        raise TooLarge("The drawing takes too long to draw; clear a part of it.")
    if process.returncode:
        log.error("a drawing of %d bytes ended its process: %d", sum(map(len, strokes)), process.returncode)
        raise Busy("The drawing could not be made; try again in a moment.", retry_after_s=2.0)
    found = msgpack.unpackb(answer)
    if "refused" in found:
        raise {"BadPicture": BadPicture, "TooLarge": TooLarge}[found["refused"]](found["message"])
    return Canvas(found["image"], found["mask"]), found["took_s"]


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    room: str
    person: str
    least_s: float
    """Processor time that the drawing takes, judged by its bytes."""
    called: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Hands:
    """Gives turns: one of a room at a time, and least attained service first, of rooms and of people. See Turn."""

    def __init__(self, draw: Draw = draw, *, hands: int = HANDS, most_waiting: int = MOST_WAITING) -> None:
        self._draw = draw
        self._free = hands
        self._most_waiting = most_waiting
        self._waiting: list[_Waiting] = []
        self._drawing: set[str] = set()
        self._ledger = Ledger()

    @asynccontextmanager
    async def turn(self, room: str, person: str, strokes: Sequence[bytes]) -> AsyncIterator[Turn]:
        """Wait for a hand, and have it. Raises: Busy, also while it waits, when too many wait that took less."""
        one = _Waiting(room, person, BYTE_S * sum(map(len, strokes)))
        self._waiting.append(one)
        try:
            self._call()
            if len(self._waiting) > self._most_waiting:
                now_s = asyncio.get_running_loop().time()
                dearest = max(
                    reversed(self._waiting), key=lambda one: self._rank(one, now_s)
                )  # of equals, who came last
                self._waiting.remove(dearest)
                if not dearest.called.done():  # cancelled, and has not had its turn to leave
                    dearest.called.set_exception(_busy())
            await one.called
            yield Turn(one, strokes, self._draw, self._ledger)
        finally:
            if one in self._waiting:
                self._waiting.remove(one)
            elif one.called.done() and not one.called.cancelled() and one.called.exception() is None:
                self._free += 1
                self._drawing.discard(room)
                self._call()

    def _call(self) -> None:
        """Give the hands that are free to those who have taken least."""
        while self._free and (able := [one for one in self._waiting if one.room not in self._drawing]):
            now_s = asyncio.get_running_loop().time()
            one = min(able, key=lambda one: self._rank(one, now_s))
            self._waiting.remove(one)
            if one.called.cancelled():
                continue
            self._free -= 1
            self._drawing.add(one.room)
            one.called.set_result(None)

    def _rank(self, one: _Waiting, now_s: float) -> float:
        return self._ledger.larger(one.room, one.person, now_s) + one.least_s


@dataclass(frozen=True, slots=True)
class Turn:
    """A hand that is free for one drawing, whose processor time is charged to its room and to its person."""

    one: _Waiting
    strokes: Sequence[bytes]
    by: Draw
    ledger: Ledger

    async def draw(self, parent: bytes | None, size: Size) -> Canvas:
        """Return the drawing. Raises: what `draw` does."""
        took_s = float(LIMIT_S)
        began_s = asyncio.get_running_loop().time()
        try:
            made, took_s = await self.by(parent, size, self.strokes)
        except BaseException:
            took_s = min(took_s, asyncio.get_running_loop().time() - began_s)
            raise
        finally:
            self.ledger.charge(self.one.room, self.one.person, took_s, asyncio.get_running_loop().time())
        return made


def _busy() -> Busy:
    return Busy("Too many drawings wait to be made; try again in a moment.", retry_after_s=2.0)
