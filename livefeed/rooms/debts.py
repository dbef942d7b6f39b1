"""How much processor time rooms, and the people who ask about them, have taken lately: debts that fade. [pure]"""

from __future__ import annotations

import math
from collections import OrderedDict

HALF_LIFE_S = 60.0
DEBTORS = 4_096
"""Rooms, and people, whose debt is known; the one that was charged longest ago is forgiven first."""
LEAST_S = 0.005
"""The debt that hardly counts; classes are half as wide again, one after the other, from here on."""
_CLASS = math.log(1.5)
STEP_S = 0.05
"""By how much the expected times of two questions must differ for the smaller one to go first."""


def rank(owed_s: float, expected_s: float) -> tuple[int, int]:
    """Return where a question stands in line: by what its debtor owes, in classes; within one, small questions first.

    Classes are finer where debts are small: many who each take a little are behind one who has taken less.
    """
    return int(math.log1p(owed_s / LEAST_S) / _CLASS), int(expected_s / STEP_S)


class Debts:
    """By room, or person, in seconds. Half of a debt is forgotten after `half_life_s`."""

    def __init__(self, *, half_life_s: float = HALF_LIFE_S, most: int = DEBTORS) -> None:
        self._half_life_s = half_life_s
        self._most = most
        self._owed: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """What was owed, and when."""

    def __len__(self) -> int:
        return len(self._owed)

    def charge(self, debtor: str, took_s: float, now_s: float) -> None:
        """Add what a question has taken."""
        self._owed[debtor] = (self.of(debtor, now_s) + took_s, now_s)
        self._owed.move_to_end(debtor)
        if len(self._owed) > self._most:
            self._owed.popitem(last=False)

    def of(self, debtor: str, now_s: float) -> float:
        """Return what somebody owes now."""
        owed_s, at_s = self._owed.get(debtor, (0.0, now_s))
        return float(owed_s * 0.5 ** ((now_s - at_s) / self._half_life_s))


class Ledger:
    """What rooms and people owe: whoever asks about many rooms owes for all of them. The person '' is nobody."""

    def __init__(self) -> None:
        self._rooms = Debts()
        self._people = Debts()

    def charge(self, room: str, person: str, took_s: float, now_s: float) -> None:
        """Add what a question of a person about a room has taken, to both."""
        self._rooms.charge(room, took_s, now_s)
        if person:
            self._people.charge(person, took_s, now_s)

    def of_room(self, room: str, now_s: float) -> float:
        """Return what a room owes now."""
        return self._rooms.of(room, now_s)

    def larger(self, room: str, person: str, now_s: float) -> float:
        """Return what a room or the person who asks about it owes now, whichever is more."""
        return max(self._rooms.of(room, now_s), self._people.of(person, now_s))
