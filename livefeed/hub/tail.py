"""What a node remembers of a topic: its newest events, and the newest value of each key. [pure]"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from livefeed.hub.held import HeldEvent, HeldValue, first_above
from livefeed.hub.subscription import Subscription
from livefeed.position import Position


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
        "start",
        "subscriptions",
        "topic",
        "values",
    )

    def __init__(self, topic: str, start: Position, *, max_events: int, max_bytes: int, max_values: int) -> None:
        self.topic = topic
        self.start = start
        self.events: deque[HeldEvent] = deque()
        self.values: dict[str, HeldValue] = {}
        """Ascending by rev. Some may be newer than the shard's cut; those wait."""
        self.loaded = False
        """Whether the values that were there before the tail have been read."""
        self.subscriptions: set[Subscription] = set()
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

    def load(self, values: Iterable[HeldValue]) -> None:
        """Take the values that the store has."""
        for value in values:
            self.place(value)
        self.loaded = True

    def values_between(self, rev: Position, cut: Position) -> list[HeldValue]:
        """Return the values above `rev` and not above `cut`, ascending.

        None is overtaken: behind one whose bytes are awaited the others wait, for a reader is past what it was given.
        """
        found = []
        for value in first_above(self.values, rev):
            if value.rev > cut or value.awaited:
                break
            found.append(value)
        return found

    def drop_values_above(self, cut: Position) -> bool:
        """Forget values that may come from a store we are not connected to any more; tell whether there were any.

        What they replaced is gone too: the store is to be asked again.
        """
        kept = {key: value for key, value in self.values.items() if value.rev <= cut}
        dropped = len(kept) < len(self.values)
        self.values = kept
        self.loaded = self.loaded and not dropped
        return dropped

    def restart(self, cut: Position) -> None:
        """Forget everything: what holds after `cut` is all that is known."""
        self.events.clear()
        self._bytes = 0
        self.values = {}
        self.loaded = False
        self.start = cut
