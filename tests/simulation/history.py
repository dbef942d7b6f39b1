"""What really happened: every entry that any store ever wrote, on whichever history, and how they hang together."""

from __future__ import annotations

from livefeed.position import ZERO, Position
from livefeed.streams.entry import Entry


class History:
    """All entries by their ids, which no store issues twice. Each names the one before it, so every id has one past."""

    def __init__(self) -> None:
        self._entries: dict[tuple[int, Position], Entry] = {}

    def note(self, shard: int, entry: Entry) -> None:
        """Keep an entry that a store writes."""
        self._entries[shard, entry.id] = entry

    def knows(self, shard: int, position: Position) -> bool:
        """Tell whether a store ever wrote this."""
        return position == ZERO or (shard, position) in self._entries

    def between(self, shard: int, start: Position, end: Position) -> list[Entry] | None:
        """Return the entries of (start, end], oldest first; None if `start` is not in the past of `end`."""
        found: list[Entry] = []
        at = end
        while at != start:
            entry = self._entries.get((shard, at))
            if entry is None or at < start:
                return None
            found.append(entry)
            at = entry.prev
        found.reverse()
        return found
