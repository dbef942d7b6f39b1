"""Whose turn it is: least attained service first, and of equals one question of each room after the other. [pure]

Source: Nuyens and Wierman, "The Foreground-Background queue: a survey" (2008).
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, by room. most: in all; most_of_room: of one of them.

    rank: asked of the first question of each room that waits whenever a turn is given: the lowest one has it.
    """

    def __init__(
        self, *, most: int, most_of_room: int, rank: Callable[[T], tuple[float, ...]] = lambda what: ()
    ) -> None:
        self._most = most
        self._most_of_room = most_of_room
        self._rank = rank
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, room: str, what: T) -> bool:
        """Put something in line behind all else of its room; tell whether there was room for it."""
        waiting = self._waiting.get(room)
        if self._count >= self._most or (waiting is not None and len(waiting) >= self._most_of_room):
            return False
        self._waiting.setdefault(room, deque()).append(what)
        self._count += 1
        return True

    def next(self) -> T | None:
        """Take what has its turn; its room is last among its equals now."""
        if not self._waiting:
            return None
        room = min(self._waiting, key=lambda room: self._rank(self._waiting[room][0]))
        waiting = self._waiting.pop(room)
        found = waiting.popleft()
        self._count -= 1
        if waiting:
            self._waiting[room] = waiting
        return found

    def take(self, room: str) -> list[T]:
        """Take all that waits of a room."""
        found = list(self._waiting.pop(room, ()))
        self._count -= len(found)
        return found

    def drop(self, room: str, what: T) -> None:
        """Forget something that may still be in line."""
        waiting = self._waiting.get(room)
        if waiting is not None and what in waiting:
            waiting.remove(what)
            self._count -= 1
            if not waiting:
                del self._waiting[room]
