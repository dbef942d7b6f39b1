"""Authors: stored as they were, shown as they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """Put the present handles and avatars into posts or comments; those of unknown people stay as stored."""
    things = list(things)
    if not things:
        return
    known = await people.users({user["id"] for thing in things for user in (thing["author"], *credited(thing))})
    for thing in things:
        thing["author"] = _present(thing["author"], known)
        if credited(thing):
            thing["credits"] = [_present(user, known) for user in credited(thing)]


def credited(thing: Mapping[str, Any]) -> Sequence[User]:
    """Return everybody that a post names as having made it; nobody where its author did alone."""
    users: Sequence[User] = thing.get("credits", ())
    return users


def _present(user: User, known: Mapping[str, User]) -> User:
    found = known.get(user["id"])
    return user if found is None else snapshot(found)
