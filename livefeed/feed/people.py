"""Authors: stored as they were, shown as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

User = Mapping[str, Any]
"""`{id, handle, avatar}`."""


class People(Protocol):
    """Who is behind an id now."""

    async def users(self, ids: Iterable[str]) -> Mapping[str, User]:
        """Return the people that are known among `ids`, in one round trip."""


def snapshot(user: User) -> dict[str, Any]:
    """Return what events and stored things say of their author."""
    return {name: user[name] for name in ("id", "handle", "avatar")}


async def refresh_authors(people: People, things: Iterable[dict[str, Any]]) -> None:
    """Put the present handle and avatar into posts or comments; an unknown author's stay as stored."""
    things = list(things)
    if not things:
        return
    known = await people.users({thing["author"]["id"] for thing in things})
    for thing in things:
        user = known.get(thing["author"]["id"])
        if user is not None:
            thing["author"] = snapshot(user)
