"""An event loop whose time passes only when nothing else is to be done: worlds repeat, and hours take no time."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any


class _Clock(selectors.SelectSelector):
    """Turns waiting into time."""

    now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("the world stands still: everybody waits for somebody else")
        self.now_s += max(0.0, timeout)
        return []


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now_s


def play(world: Coroutine[Any, Any, None]) -> None:
    """Run a world to its end."""
    with asyncio.Runner(loop_factory=_Loop) as runner:
        runner.run(world)
