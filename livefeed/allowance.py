"""How often somebody may do something: a token bucket. [pure]"""

from __future__ import annotations


class Allowance:
    """`rate_per_s` uses a second, and up to `burst` of them at once after a rest."""

    __slots__ = ("_at_s", "_left", "burst", "rate_per_s")

    def __init__(self, rate_per_s: float, burst: float, *, now_s: float) -> None:
        self.rate_per_s = rate_per_s
        self.burst = max(burst, 1.0)
        self._left = self.burst
        self._at_s = now_s

    def take(self, now_s: float, uses: int = 1) -> float:
        """Use it; return 0, or the seconds until so many uses would be allowed (nothing is used then)."""
        self._left = min(self.burst, self._left + max(0.0, now_s - self._at_s) * self.rate_per_s)
        self._at_s = now_s
        if self._left >= uses:
            self._left -= uses
            return 0.0
        return (uses - self._left) / self.rate_per_s

    def full(self, now_s: float) -> bool:
        """Tell whether it is as good as new, so that it need not be remembered."""
        return self._left + (now_s - self._at_s) * self.rate_per_s >= self.burst
