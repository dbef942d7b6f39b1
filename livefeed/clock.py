"""Time as a port, so that everything that decides can be given it."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks: one for people and stored records, one for intervals."""

    def now_ms(self) -> int:
        """Return milliseconds since 1970, as the wall clock has it; it may step."""

    def monotonic_s(self) -> float:
        """Return seconds of a clock that never goes back; only differences mean anything."""


class SystemClock:
    """The machine's own clocks."""

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000

    def monotonic_s(self) -> float:
        return time.monotonic()
