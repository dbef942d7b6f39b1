"""A picture to be made: its states and what a generator is told. [pure]"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from livefeed.errors import IllegalTransition


class State(StrEnum):
    """Where a generation stands. The last five are its end; only an operator brings a failed one back into the line."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


class JobEvent(StrEnum):
    """What may happen to a generation. Its event's type is `generation.<value>`."""

    QUEUED = "queued"
    STARTED = "started"
    COMPLETED = "completed"
    REFUSED = "refused"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ABORTED = "aborted"


TRANSITIONS: dict[State, dict[JobEvent, State]] = {
    State.QUEUED: {
        JobEvent.STARTED: State.RUNNING,
        JobEvent.CANCELLED: State.CANCELLED,
        JobEvent.FAILED: State.FAILED,  # its workers died between the claim and the start
        JobEvent.ABORTED: State.ABORTED,  # it was not started by its deadline
    },
    State.RUNNING: {
        JobEvent.QUEUED: State.QUEUED,  # its worker, its engine or the pictures' storage was lost: it is tried again
        JobEvent.STARTED: State.RUNNING,  # another worker has taken it over
        JobEvent.COMPLETED: State.COMPLETED,
        JobEvent.REFUSED: State.REFUSED,
        JobEvent.FAILED: State.FAILED,
        JobEvent.CANCELLED: State.CANCELLED,
        JobEvent.ABORTED: State.ABORTED,
    },
    State.FAILED: {
        JobEvent.QUEUED: State.QUEUED,  # the operator's doing alone: `livefeed jobs retry`
    },
}

ACTIVE = frozenset({State.QUEUED, State.RUNNING})
"""The states that are not the end."""


def advance(state: State, event: JobEvent) -> State:
    """Return the state after `event`. Raises: IllegalTransition."""
    try:
        return TRANSITIONS[state][event]
    except KeyError:
        raise IllegalTransition(state, event) from None


def sources(event: JobEvent) -> tuple[State, ...]:
    """Return the states that accept `event`: what a script compares with the stored one."""
    return tuple(state for state, events in TRANSITIONS.items() if event in events)


def target(event: JobEvent) -> State:
    """Return the one state that `event` leads to."""
    return advance(sources(event)[0], event)


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A picture that a remix goes back to.

    prompt: what it was asked for, "" where nobody said. seed: None unless it was painted by the generator that is asked
    now, not long ago.
    """

    prompt: str
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a generator is asked for. The same job gives the same picture where the generator can.

    width, height: pixels. seed: 0 to 2**32 - 1. strength: 0 to 1, how far a remix may go from its parent.
    parent_image: what to start from, a file: the parent's picture as it is stored, or the canvas that people have
    painted over it; None when there is none, or it cannot be had. mask: where that may be repainted, a grey PNG of the
    job's size, white for yes; None: everywhere. Whatever a generator does outside the mask is undone. ancestors:
    what the parent was asked for, then its own parent, a few of them: for who reads "the same in heavy rain".
    """

    id: str
    prompt: str
    width: int
    height: int
    seed: int
    steps: int
    generator: str
    parent: str | None = None
    strength: float | None = None
    parent_image: bytes | None = None
    ancestors: tuple[Ancestor, ...] = ()
    mask: bytes | None = None


@dataclass(frozen=True, slots=True)
class Ending:
    """How a generation ended without a picture.

    stage: `queued`, `painting` or `publishing`. code: stable. message: one sentence for a person.
    """

    event: JobEvent
    stage: str
    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        """Return the event's data."""
        return {"stage": self.stage, "code": self.code, "message": self.message}
