"""Following a shard's stream: what is proved to be the next entry, and what is not. [pure]

Source: docs/protocol.md, "Positions", Follow.
"""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.position import ZERO, Position
from livefeed.streams.entry import Entry


class Chain:
    """One shard's cursor, moved only along an unbroken chain of entries."""

    __slots__ = ("cursor",)

    def __init__(self, cursor: Position = ZERO) -> None:
        self.cursor = cursor

    def receive(self, entries: Sequence[Entry]) -> tuple[Sequence[Entry], bool]:
        """Take entries read after the cursor; move over those that follow on.

        Returns: the entries that continue the chain, and whether all of them did. When not, the stream was overrun by
        trimming, lost its tail or was restored: the caller starts anew from the last id.
        """
        for index, entry in enumerate(entries):
            if entry.prev != self.cursor:
                return entries[:index], False
            self.cursor = entry.id
        return entries, True
