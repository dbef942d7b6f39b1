"""From what was asked for to what a pipeline can be told. [pure]"""

from __future__ import annotations

import math
from typing import Final

STRENGTH: Final = 0.6
"""How far a remix goes from its parent when nobody says."""


def strength_for(strength: float | None, steps: int) -> float:
    """Return the strength of a remix, raised until at least one step is left.

    Pipelines paint int(steps * strength) steps, and fail at none.
    """
    wanted = min(1.0, STRENGTH if strength is None else strength)
    least = 1 / steps
    while int(steps * least) < 1:  # for some numbers, such as 49, steps * (1 / steps) is a little less than 1
        least = math.nextafter(least, 1.0)
    return max(wanted, least)


def whole(pixels: int, multiple: int) -> int:
    """Return the least size of at least `pixels` that a pipeline with this multiple paints."""
    return -(-pixels // multiple) * multiple


def share(done: int, total: int, steps: int) -> int:
    """Return how many of the `steps` asked for are done when `done` of a pipeline's own `total` are.

    A remix skips the first ones, and some schedulers take two evaluations for a step.
    """
    return max(0, min(steps, done * steps // max(1, total)))
