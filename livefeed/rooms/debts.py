"""How much processor time each room has taken lately: a debt that fades. [pure]"""

from __future__ import annotations

from collections import OrderedDict

HALF_LIFE_S = 60.0
ROOMS = 4_096
"""Rooms whose debt is known; the one that was charged longest ago is forgiven first."""


class Debts:
    """By room, in seconds. Half of a debt is forgotten after `half_life_s`."""

    def __init__(self, *, half_life_s: float = HALF_LIFE_S, most: int = ROOMS) -> None:
        self._half_life_s = half_life_s
        self._most = most
        self._owed: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What was owed, and when."""

    def __len__(self) -> int:
        return len(self._owed)

    def charge(self, room: str, took_s: float, now_s: float) -> None:
        """Add what a question about a room has taken."""
        self._owed[room] = (self.of(room, now_s) + took_s, now_s)
        self._owed.move_to_end(room)
        if len(self._owed) > self._most:
            self._owed.popitem(last=False)

    def of(self, room: str, now_s: float) -> float:
        """Return what a room owes now."""
        owed_s, at_s = self._owed.get(room, (0.0, now_s))
        return float(owed_s * 0.5 ** ((now_s - at_s) / self._half_life_s))
