"""When who waits begins, if others come as the latest ones came: newcomers whose round is earlier overtake. [pure]

How many will come, and whose turn will be before whose, no formula says well: people come in bursts, some more often
than others, and who has come once is in a later round the next time. So the latest arrivals are played again, from
several moments of their history, into the line as it stands; the median of what comes of it is the estimate.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import median
from typing import Final

REPLAYS: Final = 9
FEWEST: Final = 8
"""Fewer arrivals than these say nothing about how people come."""
LONGEST: Final = 400
"""So many arrivals are played in one replay at most, after which nobody comes any more."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A job that came. ago_ms: how long ago. takes_ms: how long it takes one slot."""

    who: str
    ago_ms: float
    takes_ms: float


@dataclass(frozen=True, slots=True)
class Turn:
    """A job in line: its round, and how long it takes one slot."""

    round: int
    takes_ms: float


@dataclass(frozen=True, slots=True)
class History:
    """How people came lately, oldest first.

    round: the one that is served now. turns: the newest round of each who has one that is not over; who comes again
    comes after it.
    """

    round: int = 0
    arrivals: Sequence[Arrival] = ()
    turns: Mapping[str, int] = field(default_factory=dict)

    def begins_ms(self, line: Sequence[Turn], free: Sequence[float]) -> list[float]:
        """Return in how many ms each of a line begins. free: in how many ms each slot is."""
        if len(self.arrivals) < FEWEST or all(turn.round <= self.round for turn in line):
            return _Play(line, free, self.round, {}).run(iter(()))
        plays = [
            _Play(line, free, self.round, self.turns).run(self._from((number + 0.5) / REPLAYS))
            for number in range(REPLAYS)
        ]
        return [median(begins) for begins in zip(*plays, strict=True)]

    def _from(self, share: float) -> Iterator[tuple[float, Arrival]]:
        """Yield who comes and in how many ms, as if now were a moment of the past; after the newest, the oldest again.

        share: of the time that the history spans. Moments are chosen by time, not by arrival: most of it is quiet.
        """
        span = self.arrivals[0].ago_ms
        at = share * span
        first = next((i for i, one in enumerate(self.arrivals) if span - one.ago_ms >= at), 0)
        for number in range(LONGEST):
            lap, i = divmod(first + number, len(self.arrivals))
            one = self.arrivals[i]
            yield max(0.0, lap * max(span, 1.0) + span - one.ago_ms - at), one


class _Play:
    """One way in which a line may be served."""

    def __init__(self, line: Sequence[Turn], free: Sequence[float], round: int, turns: Mapping[str, int]) -> None:
        self._free = list(free)
        heapq.heapify(self._free)
        self._round = round
        self._turns = dict(turns)
        self._end = max((turn.round for turn in line), default=round)
        # The line's own order is kept, also where a later one has an earlier round; who comes is the last of a round.
        rounds = accumulate((turn.round for turn in line), max)
        self._line = [(of, number, turn.takes_ms) for number, (of, turn) in enumerate(zip(rounds, line, strict=True))]
        self._left = len(line)

    def run(self, coming: Iterator[tuple[float, Arrival]]) -> list[float]:
        """Serve it to its end; return when each began."""
        begins, came, known = [0.0] * self._left, next(coming, None), self._left
        while self._left:
            while came is not None and came[0] <= self._free[0]:
                self._arrive(came[1], known)
                known, came = known + 1, next(coming, None)
            of, number, takes_ms = heapq.heappop(self._line)
            self._round = max(self._round, of)
            if number < len(begins):
                begins[number] = self._free[0]
                self._left -= 1
            heapq.heapreplace(self._free, self._free[0] + takes_ms)
        return begins

    def _arrive(self, one: Arrival, number: int) -> None:
        of = max(self._round, self._turns.get(one.who, -1) + 1)
        self._turns[one.who] = of
        if of < self._end:  # whoever comes later than the last in line changes nothing
            heapq.heappush(self._line, (of, number, one.takes_ms))
