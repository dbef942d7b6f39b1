"""Processor time of this thread: by frame, by read of the socket, by turn of the event loop. In seconds."""

from __future__ import annotations

import time
import types
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Cost:
    """The dearest of each: a frame with all that follows from it, a call of `data_received`, a turn of the hearing."""

    frame_s: float = 0.0
    read_s: float = 0.0
    turn_s: float = 0.0

    def least(self, other: Cost) -> Cost:
        return Cost(min(self.frame_s, other.frame_s), min(self.read_s, other.read_s), min(self.turn_s, other.turn_s))

    def most(self, other: Cost) -> Cost:
        return Cost(max(self.frame_s, other.frame_s), max(self.read_s, other.read_s), max(self.turn_s, other.turn_s))


class Meter:
    """Processor time from one frame's beginning to the next one's: whatever runs meanwhile is the frame's."""

    def __init__(self) -> None:
        self.cost = Cost()
        self._since = time.thread_time()

    def start(self) -> None:
        """Forget what was before."""
        self._since = time.thread_time()

    def mark(self) -> None:
        """A frame ends here, and another begins."""
        now = time.thread_time()
        self.cost.frame_s = max(self.cost.frame_s, now - self._since)
        self._since = now

    def turn(self, took_s: float) -> None:
        self.cost.turn_s = max(self.cost.turn_s, took_s)

    def read(self, took_s: float) -> None:
        self.cost.read_s = max(self.cost.read_s, took_s)


@types.coroutine
def timed(work: Coroutine[Any, Any, None], note: Callable[[float], None]) -> Generator[Any, Any, None]:
    """Run a coroutine, and note how long each of its turns takes."""
    wrong: BaseException | None = None
    while True:
        began = time.thread_time()
        try:
            awaited = work.throw(wrong) if wrong else work.send(None)
        except StopIteration:
            return
        finally:
            note(time.thread_time() - began)
        try:
            wrong = None
            yield awaited
        except BaseException as exc:  # goes on into the coroutine
            wrong = exc
