"""How many messages are on their way to one push service at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

AT_ONE_SERVICE: Final = 16
"""Requests to one push service at a time: a slow one does not hold up the others."""
MOVES_S: Final = 2.0
"""A place at a push service that answers is waited for this long: all of Chrome is one of them."""


class _Lane:
    def __init__(self) -> None:
        self.places = asyncio.Semaphore(AT_ONE_SERVICE)
        self.users = 0
        self.left_s = asyncio.get_running_loop().time()

    def moves(self) -> bool:
        """Tell whether a place was free, or became free, a moment ago."""
        return not self.places.locked() or asyncio.get_running_loop().time() - self.left_s < MOVES_S


class Lanes:
    """A lane per push service, as long as anybody is in it."""

    def __init__(self) -> None:
        self._lanes: dict[str, _Lane] = {}

    @asynccontextmanager
    async def place(self, origin: str) -> AsyncIterator[None]:
        """Hold one of the places of a push service. Raises: TimeoutError when none becomes free in good time."""
        lane = self._lanes.setdefault(origin, _Lane())
        if not lane.moves():
            raise TimeoutError
        lane.users += 1
        try:
            async with asyncio.timeout(MOVES_S):
                await lane.places.acquire()
            try:
                yield
            finally:
                lane.left_s = asyncio.get_running_loop().time()
                lane.places.release()
        finally:
            lane.users -= 1
            if not lane.users:
                del self._lanes[origin]
