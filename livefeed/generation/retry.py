"""What becomes of a picture that was lost and is not at fault: how often and how soon it is tried again. [pure]"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from livefeed.generation.job import Ending, JobEvent

ATTEMPTS: Final = 3
"""How many workers may lose a picture before it is given up."""
RETRY_PAUSES_S: Final = (1.0, 4.0)
"""How long a picture rests after its first and second loss, give or take RETRY_JITTER."""
RETRY_JITTER: Final = 0.25
WORKERS_LOST: Final = f"Each of the {ATTEMPTS} workers that had it died or fell silent; look at their logs."
"""The cause of a picture that was given up so, for the operator."""


@dataclass(frozen=True, slots=True)
class Retry:
    """Why a generation is in the line again: nothing of its own.

    attempt: which one is next, of `attempts`. after_s: how long it rests first. code: `engine_lost`,
    `picture_not_read`, `worker_lost`, `worker_stopped` or `operator`.
    """

    attempt: int
    code: str
    message: str
    after_s: float = 0.0
    attempts: int = ATTEMPTS

    def as_dict(self) -> dict[str, int | float | str]:
        """Return what is told of it."""
        return {
            "attempt": self.attempt, "attempts": self.attempts, "code": self.code, "message": self.message,
            "after_s": round(self.after_s, 1),
        }  # fmt: skip


def rest_s(attempt: int, chance: float) -> float:
    """Return how long a picture rests that was lost at its `attempt`-th; chance: 0 to 1."""
    rest = RETRY_PAUSES_S[min(attempt, len(RETRY_PAUSES_S)) - 1]
    return rest * (1 + RETRY_JITTER * (2 * chance - 1))


def given_up() -> Ending:
    """Return how a picture ends whose workers died one after the other."""
    message = f"The picture could not be finished in {ATTEMPTS} attempts; try again or change the prompt."
    return Ending(JobEvent.FAILED, "painting", "worker_lost", message)


def returned(lost: bool, attempt: int) -> Retry:
    """Return why a job is in line again that nobody gave back with a reason. attempt: how many were counted so far."""
    if lost:
        return Retry(attempt + 1, "worker_lost", "What was painting it was lost; it is painted again.")
    return Retry(attempt + 1, "worker_stopped", "What was painting it was stopped; it is painted again.")
