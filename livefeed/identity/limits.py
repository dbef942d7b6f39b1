"""Rate limits: how much of what anybody may do. Time comes from a Clock; nothing here waits.

Each server counts for itself: behind a balancer with N servers a caller may get up to N times the allowance.
That is enough for what the limits are for, to keep one caller from crowding out the others.
"""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from livefeed.allowance import Allowance
from livefeed.clock import Clock
from livefeed.errors import RateLimited

MAX_ALLOWANCES: Final = 100_000
"""About 30 MB. Beyond, the one that was not asked for longest is forgotten, which fills it up again."""


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_s` in the long run, `burst` at once."""

    per_s: float
    burst: float

    @classmethod
    def per_hour(cls, count: float) -> Rate:
        """An hour's worth may come at once."""
        return cls(count / 3600, count)

    @classmethod
    def per_minute(cls, count: float) -> Rate:
        """A minute's worth may come at once."""
        return cls(count / 60, count)

    @classmethod
    def per_second(cls, count: float) -> Rate:
        """Two seconds' worth may come at once."""
        return cls(count, 2 * count)


class RateLimits:
    """Rates by kind of act, spent by whoever acts: an address for guests, a user's id for what users do."""

    def __init__(self, rates: Mapping[str, Rate], clock: Clock, *, max_allowances: int = MAX_ALLOWANCES) -> None:
        self._rates = dict(rates)
        self._clock = clock
        self._max_allowances = max_allowances
        self._allowances: OrderedDict[tuple[str, str], Allowance] = OrderedDict()

    def spend(self, kind: str, who: str) -> None:
        """Count one act of `who`; a refused one is not counted.

        Raises: RateLimited with `retry_after_s`. KeyError for a kind without rate: a defect of ours.
        """
        rate, now_s = self._rates[kind], self._clock.monotonic_s()
        allowance = self._allowances.pop((kind, who), None)
        if allowance is None:
            allowance = Allowance(rate.per_s, rate.burst, now_s=now_s)
        self._allowances[kind, who] = allowance  # at the end, as the one asked for last
        if len(self._allowances) > self._max_allowances:
            self._allowances.popitem(last=False)
        retry_after_s = allowance.take(now_s)
        if retry_after_s:
            raise RateLimited("You are too fast; wait a moment and try again.", retry_after_s=retry_after_s)

    def __len__(self) -> int:
        """How many allowances are in memory."""
        return len(self._allowances)


def neighbourhood(address: str) -> str:
    """Return what an address is limited as: itself, or the /64 of an IPv6 one, which is one household's.

    Anything that is no address (a unix socket has none) is limited together under its own text.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
