"""What becomes of a message after a push service has answered, and when it is tried again. [pure]"""

from __future__ import annotations

import re
from enum import Enum
from typing import Final

ATTEMPTS: Final = 6
LONGEST_WAIT_MS: Final = 2 * 3600 * 1000
LONGEST_REST_S: Final = 3600.0


class Verdict(Enum):
    """DONE: the push service has it, or it needs nobody any more. GONE: the browser is not there any more; forget it.
    AGAIN: not now. REFUSED: it never will.
    """

    DONE = "done"
    GONE = "gone"
    AGAIN = "again"
    REFUSED = "refused"


def verdict(status: int) -> Verdict:
    """Return what an answer means. Source: RFC 8030, 5 and 7.3; 429 and 5xx pass."""
    if 200 <= status < 300:
        return Verdict.DONE
    if status in (404, 410):
        return Verdict.GONE
    if status in (408, 425, 429) or status >= 500:
        return Verdict.AGAIN
    return Verdict.REFUSED


def wait_ms(attempts: int, first_ms: int) -> int:
    """Return how long after its newest attempt a message may be tried again: four times longer each time."""
    return int(min(LONGEST_WAIT_MS, first_ms * 4 ** max(0, attempts - 1)))


def rest_s(retry_after: str | None) -> float:
    """Return for how long a push service wants to hear nothing, of anybody; of a date we make a minute."""
    if retry_after is None:
        return 0.0
    if re.fullmatch(r"\d{1,9}", retry_after.strip()):
        return min(LONGEST_REST_S, float(retry_after))
    return 60.0
