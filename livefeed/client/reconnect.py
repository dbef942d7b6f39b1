"""When to connect again, and when to give up. [pure]"""

from __future__ import annotations

from dataclasses import dataclass

from livefeed.client.errors import from_code
from livefeed.errors import LivefeedError

FINAL = {
    4500: ("bad_frame", "The server could not read what this client sent."),
    4501: ("unauthorised", "The server does not accept these credentials."),
    4502: ("too_large", "A message of this client is larger than the server takes."),
    4503: ("rate_limited", "This client sent more messages than the server takes."),
}
DRAINING, STORE_AWAY = 4000, 4002


def verdict(code: int | None, reason: str) -> LivefeedError | None:
    """Return why a connection that ended with `code` must not be repeated, or None if it may.

    4500 to 4599 are final; everything else, a cut line included, is a reason to come back with the positions.
    """
    if code is None or not 4500 <= code <= 4599:
        return None
    name, sentence = FINAL.get(code, ("bad_request", f"The server closed the connection with {code}."))
    return from_code(name, f"{sentence} ({reason})" if reason else sentence, status=400)


@dataclass(slots=True)
class BackOff:
    """Pauses between tries: doubling, full jitter, up to `longest_s`.

    settled_s: a connection that lived for so long was a good one, and the count begins anew.
    """

    first_s: float = 0.2
    longest_s: float = 10.0
    settled_s: float = 5.0
    tries: int = 0

    def pause_s(self, chance: float, *, at_least_s: float = 0.0) -> float:
        """Return how long to wait before the next try. chance: a random number in [0, 1)."""
        ceiling = min(self.longest_s, self.first_s * float(1 << min(self.tries, 30)))
        self.tries += 1
        return at_least_s + chance * ceiling

    def lived(self, seconds: float) -> None:
        """Take note of a connection that was greeted and then lasted `seconds`."""
        if seconds >= self.settled_s:
            self.tries = 0
