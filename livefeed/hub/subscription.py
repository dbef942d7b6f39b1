"""One session's place in one topic. [pure]"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from livefeed.errors import IllegalTransition
from livefeed.position import ZERO, Position
from livefeed.streams.entry import Page

if TYPE_CHECKING:
    from livefeed.hub.session import Session
    from livefeed.hub.tail import Tail


class Stage(Enum):
    """How a subscription gets its next events."""

    JOINING = "joining"
    """Not answered yet: its first page is being read."""
    LIVE = "live"
    """From the tail."""
    PAGING = "paging"
    """From the store: behind the tail, or its position is to be proved again."""
    CLOSED = "closed"


class Step(Enum):
    """What may happen to a subscription."""

    ANSWERED = "answered"
    FELL_BEHIND = "fell behind"
    CAUGHT_UP = "caught up"
    ENDED = "ended"


TRANSITIONS: dict[Stage, dict[Step, Stage]] = {
    Stage.JOINING: {Step.ANSWERED: Stage.LIVE, Step.ENDED: Stage.CLOSED},
    Stage.LIVE: {Step.FELL_BEHIND: Stage.PAGING, Step.ENDED: Stage.CLOSED},
    Stage.PAGING: {Step.CAUGHT_UP: Stage.LIVE, Step.ENDED: Stage.CLOSED},
    Stage.CLOSED: {},
}


def advance(stage: Stage, step: Step) -> Stage:
    """Return the stage after `step`. Raises: IllegalTransition."""
    try:
        return TRANSITIONS[stage][step]
    except KeyError:
        raise IllegalTransition(stage, step) from None


class Subscription:
    """A cursor into a topic, and the newest value revision that was sent.

    cursor: every event up to it was sent (or told of by a gap). rev: the same for values.
    """

    __slots__ = ("cursor", "rev", "session", "shard", "stage", "tail")

    def __init__(self, session: Session, shard: int, tail: Tail) -> None:
        self.session = session
        self.shard = shard
        self.tail = tail
        self.cursor = ZERO
        self.rev = ZERO
        self.stage = Stage.JOINING

    def move(self, step: Step) -> None:
        """Take a step of the table. Raises: IllegalTransition."""
        before, self.stage = self.stage, advance(self.stage, step)
        self.session.paging += (self.stage is Stage.PAGING) - (before is Stage.PAGING)


@dataclass(frozen=True, slots=True)
class PageRequest:
    """What the shell reads for a subscription: events in (since, cut], or the newest `replay` up to the cut.

    epoch: of the shard when it was asked; an answer to an older one is not used.
    values: whether the newest values are wanted too.
    """

    subscription: Subscription
    since: Position | None
    replay: int
    cut: Position
    epoch: int
    values: bool

    @property
    def question(self) -> Question:
        """What is asked, whoever asks it and at whichever cut."""
        return Question(self.subscription.tail, self.since, self.replay, self.epoch, self.values)

    def put_at(self, cut: Position) -> PageRequest:
        """Return the request as if it had been put when the follower was at `cut`: the answer is of then."""
        return self if cut == self.cut else replace(self, cut=cut)


class Question(NamedTuple):
    """What several sessions may want of the store at once, and what one answer serves.

    Guard: all of it is the same. The cut is the answer's: a page proves the cut it was asked with, in the same epoch,
    and what came later is in the tail or in the next page. The values that came later are in that very tail, no other.
    """

    tail: Tail
    since: Position | None
    replay: int
    epoch: int
    values: bool


@dataclass(slots=True)
class Join:
    """One topic of a `subscribe` frame, from the question to the answer."""

    subscription: Subscription
    since: Position | None
    replay: int
    request: PageRequest | None = None
    page: Page | None = None
