"""Who is in a room, as its readers are told. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SHOWN = 100
"""People of a roster that are told; the count goes on."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One person in a room, however many connections they have.

    pigment: 0 to 7, nobody else's while at most eight are here. since: when they came, ms since 1970.
    """

    user: Mapping[str, str]
    role: str
    pigment: int
    since: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as the protocol has it."""
        return {"user": self.user, "role": self.role, "pigment": self.pigment, "since": self.since}


@dataclass(frozen=True, slots=True, eq=False)
class Roster:
    """A room at one moment. rev: another one says something else. entries: by user id, the longest here first."""

    rev: int
    count: int
    entries: Mapping[str, Entry]


def whole(roster: Roster) -> dict[str, Any]:
    """Return what somebody is told who knows nothing yet."""
    return {"count": roster.count, "roster": [entry.as_dict() for entry in roster.entries.values()]}


def change(before: Roster, after: Roster) -> dict[str, Any]:
    """Return what somebody is told who knows `before`: nothing if it shows the same."""
    joined = [entry.as_dict() for user, entry in after.entries.items() if user not in before.entries]
    left = [user for user in before.entries if user not in after.entries]
    changed = [
        entry.as_dict()
        for user, entry in after.entries.items()
        if user in before.entries and before.entries[user] != entry
    ]
    told = {name: found for name, found in (("joined", joined), ("left", left), ("changed", changed)) if found}
    return {"count": after.count, **told} if told or after.count != before.count else {}
