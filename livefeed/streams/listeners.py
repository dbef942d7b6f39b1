"""Several listeners of one follower."""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.position import Position
from livefeed.streams.entry import Entry
from livefeed.streams.follower import Listener


class Listeners:
    """Tells each of them everything, in their order."""

    def __init__(self, *listeners: Listener) -> None:
        self._listeners = listeners

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        for listener in self._listeners:
            listener.advance(shard, entries)

    def reset(self, shard: int, cut: Position) -> None:
        for listener in self._listeners:
            listener.reset(shard, cut)

    def recheck(self, shard: int) -> None:
        for listener in self._listeners:
            listener.recheck(shard)

    def lost(self) -> None:
        for listener in self._listeners:
            listener.lost()

    def found(self) -> None:
        for listener in self._listeners:
            listener.found()
