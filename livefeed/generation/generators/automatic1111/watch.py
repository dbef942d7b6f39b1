"""What the looks at a task amount to: steps that never go back, and silence. [pure]"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from livefeed.generation.generators.automatic1111.wire import Phase, Sighting

LOADING: Final = 4
"""Before the first step patience is so many times as long: Forge loads its model inside the task, without a sign."""
UNKNOWN_S: Final = 2.0
"""A server that has not heard of our task for so long does not take names for tasks (before version 1.8)."""
SLACK: Final = 1e-6
"""1/3 of 3 steps is one step, whatever the digits lost on the way."""


class Watch:
    """Follows one task. Times are seconds of a clock that never goes back."""

    def __init__(self, steps: int, *, silence_s: float, now_s: float) -> None:
        self.step = 0
        """The last step told of."""
        self._steps = steps
        self._silence_s = silence_s
        self._sign_s = self._began_s = now_s
        self._mark: Hashable = None
        self._known = False
        self._preview: str | None = None

    def see(self, sighting: Sighting, now_s: float) -> int | None:
        """Take in what was seen; return the step to tell of if it is a new one.

        Waiting in the server's queue is no silence, however long; an unchanged active task is.
        """
        if sighting.mark != self._mark or sighting.phase is Phase.QUEUED:
            self._mark, self._sign_s = sighting.mark, now_s
        self._preview = sighting.preview or self._preview
        step = int(sighting.done * self._steps + SLACK)
        if step <= self.step:
            return None
        self.step = step
        return step

    def take_preview(self) -> str | None:
        """Return the newest preview that has not been taken."""
        preview, self._preview = self._preview, None
        return preview

    def left_s(self, now_s: float) -> float:
        """Return how long the server may still give no sign; it is lost at zero."""
        patience_s = self._silence_s * (1 if self.step else LOADING)
        return max(0.0, self._sign_s + patience_s - now_s)

    def takes_names(self, phase: Phase, now_s: float) -> bool:
        """Take in what the server says when asked for our task by its name; tell whether it knows such names.

        A task is known as soon as it waits, but its request takes a moment to get there.
        """
        self._known = self._known or phase is not Phase.UNKNOWN
        return self._known or now_s - self._began_s <= UNKNOWN_S
