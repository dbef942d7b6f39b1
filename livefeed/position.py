"""Positions: where in a shard's stream a reader stands.

A position is the id `<ms>-<n>` of a shard entry. It is opaque to clients and proved by membership, never by
arithmetic. Source: docs/protocol.md, "Positions".
"""

from __future__ import annotations

import re
from typing import NamedTuple

from livefeed.errors import BadPosition

_FORM = re.compile(r"(0|[1-9]\d{0,15})-(0|[1-9]\d{0,15})", re.ASCII)


class Position(NamedTuple):
    """An id of the store: milliseconds and a number within them. Compares in stream order."""

    ms: int
    n: int

    def __str__(self) -> str:
        return f"{self.ms}-{self.n}"

    @classmethod
    def parse(cls, text: object) -> Position:
        """Return the position that `text` (str or bytes) writes.

        Raises: BadPosition for anything else.
        """
        if isinstance(text, bytes):
            text = text.decode("ascii", "replace")
        match = _FORM.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise BadPosition("A position is text that the server gave, such as '1700000000000-42'.")
        return cls(int(match[1]), int(match[2]))


ZERO = Position(0, 0)
