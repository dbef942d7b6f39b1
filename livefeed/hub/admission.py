"""How fast newcomers are let in, so that a storm of them starves nobody who is in already. [pure]

One line, kept as a point in time: each newcomer takes the next place in it, `1 / rate_per_s` behind the one before.
Whoever's place is near waits for it with the connection open; whoever's is further off is sent away and told when to
come back, each to a time of their own, so that they return at the rate at which they are let in.
"""

from __future__ import annotations

import math

from livefeed.errors import Busy

PATIENCE_S = 4.0
"""How long a newcomer may be kept waiting: our page gives up after six seconds, our client after ten."""

FURTHEST_S = 60.0
"""Nobody is sent away for longer; who would be is told a random time in the last half of it."""

AT_ONCE_S = 0.001
"""A turn that is so near is now."""


class Admission:
    """`rate_per_s` newcomers a second, and `burst` of them at once after a rest.

    What may wait is bounded: by `patience_s` in time, and so by `rate_per_s * patience_s` in number. A place that is
    not used (the newcomer has gone meanwhile) passes unused.

    rate_per_s, burst: at least 1 is let in at once, whatever they are.
    """

    __slots__ = ("_burst_s", "_next_s", "_patience_s", "_promised_s", "_step_s")

    def __init__(self, rate_per_s: float, burst: float, *, patience_s: float = PATIENCE_S) -> None:
        self._step_s = 1.0 / rate_per_s
        self._burst_s = max(burst - 1.0, 0.0) * self._step_s
        self._patience_s = patience_s
        self._next_s = float("-inf")  # when the line would have come to the next newcomer, if there were no burst
        self._promised_s = float("-inf")  # when the last of those sent away was told to come back

    def ask(self, now_s: float, chance: float) -> float:
        """Take the next place; return the seconds until its turn, 0 for at once and at most `patience_s`.

        now_s: of a clock that never goes back. chance: a random number in [0, 1).
        Raises: Busy with `retry_after_s` when the place is further off than that; it is not taken then.
        """
        next_s = max(self._next_s, now_s)
        delay_s = next_s - self._burst_s - now_s
        if delay_s > self._patience_s:
            raise Busy(
                "Many connections are being made just now; come back in a moment.",
                retry_after_s=self._away_s(now_s, chance),
            )
        self._next_s = next_s + self._step_s
        return delay_s if delay_s > AT_ONCE_S else 0.0

    def waiting(self, now_s: float) -> int:
        """Return how many hold a place whose turn has not come."""
        places = (self._next_s - self._burst_s - now_s) / self._step_s
        return max(0, math.ceil(places - 1e-6) - 1) if places > 0 else 0

    def _away_s(self, now_s: float, chance: float) -> float:
        """Return when to come back: behind all who wait now, and behind all who were sent away before."""
        promised_s = max(self._promised_s, now_s + self._patience_s) + self._step_s
        if promised_s - now_s > FURTHEST_S:
            return FURTHEST_S * (0.5 + chance / 2)
        self._promised_s = promised_s
        return promised_s - now_s
