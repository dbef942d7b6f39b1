"""One job while it is done: what is left of it by its own steps, and in the end its pace. [pure]"""

from __future__ import annotations

from livefeed.streams.estimates import Pace


class Tempo:
    """One job as its worker sees it: what is left by its own steps, and in the end its pace."""

    def __init__(self, pace: Pace | None, units: float, began_s: float) -> None:
        """pace: of its kind so far. began_s: on a clock that never goes back, as are all times here."""
        self._pace = pace
        self._units = units
        self._began_s = began_s
        self._first: tuple[int, float] | None = None
        self._last: tuple[int, float] | None = None
        self._painted_s: float | None = None

    def step(self, step: int, steps: int, now_s: float) -> None:
        """Note that a step is done."""
        self._units = max(step, steps)
        self._last = (step, now_s)
        if self._first is None:
            self._first = self._last

    def painted(self, now_s: float) -> None:
        """Note that the last step is done and the rest begins."""
        self._painted_s = now_s

    def left_s(self, now_s: float) -> float | None:
        """Return what is left; before the first step what its kind takes, None if that is unknown."""
        tail_s = self._pace.tail_ms / 1000 if self._pace else 0.0
        if self._painted_s is not None:
            return max(0.0, tail_s - (now_s - self._painted_s))
        if self._last is None:
            if self._pace is None:
                return None
            return max(0.0, self._pace.total_ms(self._units) / 1000 - (now_s - self._began_s))
        done, at_s = self._last
        return max(0.0, (self._units - done) * self._step_s() - (now_s - at_s)) + tail_s

    def pace(self, done_s: float) -> Pace:
        """Return how long it took, when all is done."""
        painted_s = done_s if self._painted_s is None else self._painted_s
        tail_ms = 1000 * (done_s - painted_s)
        if self._first is None or self._last is None:
            return Pace(1000 * (painted_s - self._began_s), 0.0, tail_ms)
        step_s = self._own_step_s() or 0.0
        lead_s = max(0.0, self._first[1] - self._began_s - (self._first[0] - 1) * step_s)
        # The last steps told of need not be the last ones: what lies between them and the picture is steps too.
        untold_s = max(0.0, painted_s - self._last[1] - (self._units - self._last[0]) * step_s)
        return Pace(1000 * lead_s, 1000 * step_s, tail_ms + 1000 * untold_s)

    def _own_step_s(self) -> float | None:
        if self._first is None or self._last is None or self._last[0] <= self._first[0]:
            return None
        return (self._last[1] - self._first[1]) / (self._last[0] - self._first[0])

    def _step_s(self) -> float:
        """Return what a step takes: by its own steps, else as its kind's do, else by the first one."""
        own = self._own_step_s()
        if own is not None:
            return own
        if self._pace is not None and self._pace.step_ms:
            return self._pace.step_ms / 1000
        done, at_s = self._last or (1, self._began_s)
        return (at_s - self._began_s) / max(1, done)
