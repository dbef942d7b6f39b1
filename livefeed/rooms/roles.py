"""Who may do what in a room. [pure]"""

from __future__ import annotations

from enum import StrEnum

from livefeed.errors import BadRequest


class Role(StrEnum):
    """What a member of a room is. Whoever is none of these does not learn that the room exists."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"

    @property
    def edits(self) -> bool:
        """Whether they may change the document, paint strokes, have variations painted, and vote."""
        return self is not Role.VIEWER


GIVEN = (Role.EDITOR, Role.VIEWER)
"""What the owner may make of others; there is one owner, who opened the room."""


def given_role(role: object) -> Role:
    """Return a role that can be given. Raises: BadRequest."""
    if role not in GIVEN:
        raise BadRequest("A role is 'editor' or 'viewer'; the owner is who opened the room.")
    return Role(str(role))
