"""What a node has under way to the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from livefeed.errors import LivefeedError
from livefeed.hub.session import Session
from livefeed.hub.subscription import Join, PageRequest, Subscription
from livefeed.position import Position
from livefeed.streams.entry import Page
from tests.simulation.store import ModelStore


@dataclass(slots=True, eq=False)
class Reading:
    """A page, or the bytes of a value, from the question to the arrival of the answer.

    lose: what happens when the answer cannot come; None: it is here already.
    held: how many of the schedule's attempts to go on with it are still in vain.
    """

    arrive: Callable[[Any], None]
    read: Callable[[ModelStore], Any]
    lose: Callable[[], None] | None
    answer: Any = None
    was_read: bool = False
    held: int = 0


@dataclass(slots=True, eq=False)
class SharedPage:
    """A page for all who ask the same before it is forgotten. cut: that it was asked with. page: once it came."""

    cut: Position
    takers: list[tuple[PageRequest, Callable[[PageRequest, Page | None], None]]] = field(default_factory=list)
    page: Page | None = None
    useless_to: set[Subscription] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Subscribing:
    """A `subscribe` frame until it is answered."""

    session: Session
    ref: int
    joins: dict[str, Join | LivefeedError]
    waiting: int = 0
