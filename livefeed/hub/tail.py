"""What a node remembers of a topic: its newest events, and the newest value of each key. [pure]"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from itertools import takewhile

from livefeed.hub.held import HeldEvent, HeldValue, first_above
from livefeed.hub.subscription import Subscription
from livefeed.position import Position
from livefeed.topic import Topic

NEVER = Position(-1, 0)
"""Stands for revs beyond the bound of `Tail.unproved`: no entry proves it."""


class Tail:
    """Everything after `start`, bounded by number and bytes; the oldest go first and `start` follows them.

    One tail serves every session of the topic: a session holds a cursor into it, never a queue.
    """

    __slots__ = (
        "_bytes",
        "_max_bytes",
        "_max_events",
        "_max_values",
        "events",
        "frames",
        "loaded",
        "shown",
        "start",
        "subscriptions",
        "topic",
        "unproved",
        "values",
    )

    def __init__(self, topic: str, start: Position, *, max_events: int, max_bytes: int, max_values: int) -> None:
        self.topic = topic
        self.shown = Topic(topic).shown
        """What frames call it."""
        self.start = start
        self.events: deque[HeldEvent] = deque()
        self.values: dict[str, HeldValue] = {}
        """Ascending by rev, none above the shard's cut."""
        self.loaded = False
        """Whether the values that were there before the tail have been read."""
        self.unproved: set[Position] = set()
        """Revs that the store had beyond the cut it was asked with: the follower is to bring them."""
        self.subscriptions: dict[Subscription, None] = {}
        """As they came: a pass in that order goes through memory mostly forwards, ours and the kernel's."""
        self.frames: dict[tuple[object, ...], bytes] = {}
        """Frames of this flush pass by what they hold, shared by all sessions at the same cursor."""
        self._bytes = 0
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._max_values = max_values

    def append(self, event: HeldEvent) -> None:
        """Add the newest event, let the oldest go."""
        self.events.append(event)
        self._bytes += event.size
        while len(self.events) > self._max_events or (self._bytes > self._max_bytes and len(self.events) > 1):
            oldest = self.events.popleft()
            self._bytes -= oldest.size
            self.start = oldest.id

    def after(self, cursor: Position) -> list[HeldEvent]:
        """Return the events after `cursor`, which is not before `start`, oldest first."""
        found = []
        for event in reversed(self.events):
            if event.id <= cursor:
                break
            found.append(event)
        found.reverse()
        return found

    def passed(self, position: Position) -> bool:
        """Tell whether a position is proved by the tail itself: one of its events, or where it starts."""
        for event in reversed(self.events):
            if event.id <= position:
                return event.id == position
        return position == self.start

    def before_newest(self, count: int) -> Position | None:
        """Return the position before the `count` newest events, or None when they are not all here."""
        if len(self.events) < count:
            return None
        return self.events[-count - 1].id if len(self.events) > count else self.start

    def place(self, value: HeldValue) -> bool:
        """Keep a value if it is newer than what its key has, or the same with its bytes; tell whether it was.

        Beyond the bound the keys that changed longest ago are forgotten, as the store does.
        """
        held = self.values.get(value.key)
        if held is not None and held.rev >= value.rev:
            return self.fill(value)
        self.values.pop(value.key, None)
        newest = next(reversed(self.values.values()), None)
        self.values[value.key] = value
        if newest is not None and newest.rev > value.rev:
            self.values = dict(sorted(self.values.items(), key=lambda item: item[1].rev))
        while len(self.values) > self._max_values:
            del self.values[next(iter(self.values))]
        return True

    def fill(self, value: HeldValue) -> bool:
        """Take a value whose bytes were awaited, if they still are; tell whether they were."""
        held = self.values.get(value.key)
        if held is None or held.rev != value.rev or not held.awaited or value.awaited:
            return False
        self.values[value.key] = value
        return True

    def load(self, values: Iterable[HeldValue], cut: Position) -> None:
        """Take the values that the store has up to `cut`, which their page proves.

        A later one may be of a store that the follower does not read: it is left to the follower, and noted.
        """
        for value in values:
            if value.rev <= cut:
                self.place(value)
            elif value.key not in self.values or self.values[value.key].rev != value.rev:
                self.unproved.add(value.rev if len(self.unproved) < self._max_values else NEVER)
        self.loaded = True

    def values_after(self, rev: Position) -> list[HeldValue]:
        """Return the values above `rev`, ascending.

        None is overtaken: behind one whose bytes are awaited the others wait, for a reader is past what it was given.
        """
        return list(takewhile(lambda value: not value.awaited, first_above(self.values, rev)))

    def distrust(self) -> bool:
        """Tell whether the store had values that the follower never brought, and if so, ask it for all values again.

        They were lost, and what they had replaced was never seen.
        """
        if self.unproved:
            self.unproved = set()
            self.loaded = False
        return not self.loaded

    def restart(self, cut: Position) -> None:
        """Forget everything: what holds after `cut` is all that is known."""
        self.events.clear()
        self._bytes = 0
        self.values = {}
        self.unproved = set()
        self.loaded = False
        self.start = cut
