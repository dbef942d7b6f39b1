"""How long who waits will wait: from measured paces, who runs now and how far they are. [pure]

A kind of job is `<maker> <size>`, such as `illustrator 262144` (pixels). What was never measured is taken from the
nearest size of the same maker, else from what jobs take on the average.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median_low
from typing import Final

from livefeed.streams.replay import Arrival, History, Turn

NEWEST_SHARE: Final = 0.25
"""What the newest job counts for in a pace, once there are enough."""
SCALE_LIMIT: Final = 8.0
"""How far a pace is stretched to another size: beyond, it says nothing."""
LEFT_AT_LEAST: Final = 0.05
"""Of what a job takes in all, this much is left for as long as it runs: one that is late is nearly done."""
LEADS: Final = 5
"""Of so many of the newest jobs the lead is the median: the first one after a start also loads its model."""
LATE_SHARE: Final = 0.25
"""Of the time by which a job is late already, this much is left."""
TELL_SHARE: Final = 0.2
"""An estimate that is off by so much is told again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long one kind of job takes: until its first step is done, then per step, and after its last one. In ms.

    count: how many jobs it was measured on. leads_ms: the leads of the newest of them, oldest first.
    """

    lead_ms: float
    step_ms: float
    tail_ms: float
    count: int = 1
    leads_ms: Sequence[float] = field(default=(), compare=False)

    def total_ms(self, units: float) -> float:
        """Return what a job of so many steps takes."""
        return self.lead_ms + max(0.0, units - 1) * self.step_ms + self.tail_ms

    def after(self, newest: Pace) -> Pace:
        """Return the pace with one more job measured: their mean at first, then the newest counts for a quarter.

        Of the leads it is the median; of an even number of them the lower, because what loads at all loads first.
        """
        share = max(1 / (self.count + 1), NEWEST_SHARE)

        def moved(old: float, new: float) -> float:
            return old + share * (new - old)

        leads_ms = [*(self.leads_ms or [self.lead_ms]), newest.lead_ms][-LEADS:]
        return Pace(
            median_low(leads_ms),
            moved(self.step_ms, newest.step_ms),
            moved(self.tail_ms, newest.tail_ms),
            self.count + 1,
            leads_ms,
        )

    def stretched(self, ratio: float) -> Pace:
        """Return the pace of jobs that are so many times as large."""
        bounded = min(SCALE_LIMIT, max(1 / SCALE_LIMIT, ratio))
        return Pace(bounded * self.lead_ms, bounded * self.step_ms, bounded * self.tail_ms, self.count)


@dataclass(frozen=True, slots=True)
class Running:
    """A job that is being done. left_ms: what its worker thinks is left of it, None if it cannot say."""

    kind: str
    units: float
    elapsed_ms: float
    left_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Came:
    """A job that was put into the line lately."""

    who: str
    ago_ms: float
    kind: str
    units: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """A job in line. last: the token of the last claim on it, 0 if nobody had it. lost: its worker died.

    round: the line is served round by round, see scripts/work_enqueue.lua.
    """

    job: str
    kind: str
    units: float
    last: int = 0
    attempt: int = 0
    lost: bool = False
    round: int = 0


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known at one moment. slots: how many jobs run at the same time. head: the first in line, in order.

    round: the one that is served. came: the latest, oldest first. turns: of those, whose newest round is not over.
    """

    slots: int
    waiting: int
    running: Sequence[Running] = ()
    head: Sequence[Waiting] = ()
    paces: Mapping[str, Pace] = field(default_factory=dict)
    round: int = 0
    came: Sequence[Came] = ()
    turns: Mapping[str, int] = field(default_factory=dict)
    _sizes: Mapping[str, Sequence[tuple[float, Pace]]] = field(init=False, repr=False, compare=False)
    """By maker, smallest first: a line may hold as many sizes as people can think of, and each asks for its nearest."""

    def __post_init__(self) -> None:
        sizes: dict[str, list[tuple[float, Pace]]] = {}
        for kind, pace in self.paces.items():
            maker, size = _parts(kind)
            if size:
                sizes.setdefault(maker, []).append((size, pace))
        for near in sizes.values():
            near.sort(key=_size)
        object.__setattr__(self, "_sizes", sizes)

    def takes_ms(self, kind: str, units: float) -> float | None:
        """Return how long such a job takes; None while nothing was ever measured."""
        if kind in self.paces:
            return self.paces[kind].total_ms(units)
        maker, size = _parts(kind)
        if size and maker in self._sizes:
            near = self._sizes[maker]
            above = bisect_left(near, size, key=_size)
            of, pace = min(near[max(0, above - 1) : above + 1], key=lambda one: max(one[0] / size, size / one[0]))
            return pace.stretched(size / of).total_ms(units)
        if not self.paces:
            return None
        return sum(pace.total_ms(units) for pace in self.paces.values()) / len(self.paces)

    def done_ms(
        self, ahead: int, kind: str, units: float, *, rests_ms: float = 0.0, round: int | None = None
    ) -> float | None:
        """Return in how many ms a job with so many ahead of it will be done; None if nothing allows a guess.

        rests_ms: it does not begin before then. round: its own; without one that of whoever is before it.
        """
        takes = self.takes_ms(kind, units)
        if takes is None or not self.slots:
            return None
        own = self.round if round is None else round
        if ahead <= len(self.head):
            begins = self._begins_ms([*self._line(ahead), Turn(own, takes)])[-1]
        else:
            begins = self._beyond_ms(ahead, own)
        return max(begins, rests_ms) + takes

    def head_done_ms(self) -> Iterator[float | None]:
        """Yield for each of the head in how many ms it will be done."""
        if not self.slots or not self.paces:
            yield from (None for _ in self.head)
            return
        line = self._line(len(self.head))
        for begins, turn in zip(self._begins_ms(line), line, strict=True):
            yield begins + turn.takes_ms

    def _line(self, ahead: int) -> list[Turn]:
        return [Turn(job.round, self._or_average(job)) for job in self.head[:ahead]]

    def _begins_ms(self, line: Sequence[Turn]) -> list[float]:
        """Return when each of the first in line begins."""
        return self._history().begins_ms(line, self._free_ms())

    def _beyond_ms(self, ahead: int, own: int) -> float:
        """Return when a job begins that is further behind than the head: the line is as it looks there.

        Overtakers delay it as many times as much as they delay the part that is played.
        """
        line, free = self._line(len(self.head)), self._free_ms()
        average = sum(turn.takes_ms for turn in line) / max(1, len(line))
        last = Turn(own, 0.0)
        alone = History().begins_ms([*line, last], free)[-1]
        stretch = self._history().begins_ms([*line, last], free)[-1] / alone if alone else 1.0
        for turn in line:
            heapq.heapreplace(free, free[0] + turn.takes_ms)
        return stretch * (sum(free) + (ahead - len(line)) * average) / len(free)

    def _history(self) -> History:
        arrivals = [Arrival(one.who, one.ago_ms, self.takes_ms(one.kind, one.units) or 0.0) for one in self.came]
        return History(self.round, arrivals, self.turns)

    def _free_ms(self) -> list[float]:
        """Return when each slot is free, as a heap."""
        busy = [self._left_ms(job) for job in self.running[: self.slots]]
        free = [*busy, *[0.0] * (self.slots - len(busy))]
        heapq.heapify(free)
        return free

    def _left_ms(self, job: Running) -> float:
        """Return what is left of a job; one that is late, whatever its worker says, is not done at once."""
        takes = self.takes_ms(job.kind, job.units)
        if takes is None:
            return max(0.0, job.left_ms or 0.0)
        over = takes - job.elapsed_ms
        left = over if job.left_ms is None else job.left_ms
        late = max(-left, -over) if left <= 0 else 0.0
        return max(left, LEFT_AT_LEAST * takes, LATE_SHARE * late)

    def _or_average(self, job: Waiting) -> float:
        return self.takes_ms(job.kind, job.units) or 0.0


def told_s(done_ms: float | None) -> float | None:
    """Return an estimate as people are told it: in whole seconds, below ten in tenths, never nothing."""
    if done_ms is None:
        return None
    seconds = done_ms / 1000
    return round(seconds) if seconds >= 10 else max(0.1, round(seconds, 1))


def is_news(told: tuple[int, float | None] | None, place: int, eta_s: float | None) -> bool:
    """Tell whether a place and an estimate differ from what was told by so much that it is told again."""
    if told is None or told[0] != place or (told[1] is None) != (eta_s is None):
        return True
    if told[1] is None or eta_s is None:
        return False
    return abs(eta_s - told[1]) > max(1.0, TELL_SHARE * told[1])


def _size(one: tuple[float, Pace]) -> float:
    return one[0]


def _parts(kind: str) -> tuple[str, float]:
    maker, _, size = kind.rpartition(" ")
    return maker, float(size) if size.isdigit() else 0.0
