"""Rooms, members, messages and variations as the protocol's maps. [pure]"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from livefeed.errors import BadRequest
from livefeed.rooms.ports import JSON, Painting, User
from livefeed.rooms.roles import Role
from livefeed.topic import room_topic

_SHELF = re.compile(r"([0-9]{1,15})-(\w{22})", re.ASCII)


def snapshot(user: User) -> dict[str, Any]:
    """Return what events and stored things say of a person."""
    return {name: user[name] for name in ("id", "handle", "avatar")}


def person(id: str, people: Mapping[str, User]) -> dict[str, Any]:
    """Return somebody as they are called now; of whoever is unknown only the id."""
    found = people.get(id)
    return snapshot(found) if found is not None else {"id": id, "handle": "", "avatar": ""}


def room_of(
    stored: JSON, *, role: Role, published: str | None, post: JSON | None, people: Mapping[str, User]
) -> dict[str, Any]:
    """Return the protocol's `room`.

    stored: `{id, parent_id, owner, epoch, created}`. post: the room's parent, None when it is gone. role: the asker's.
    published: the post that the room's picture became.
    """
    room = {
        "id": stored["id"],
        "topic": room_topic(stored["id"]).name,
        "post": post,
        "parent_id": stored["parent_id"],
        "owner": person(stored["owner"], people),
        "role": str(role),
        "epoch": stored["epoch"],
        "state": "open" if published is None else "published",
        "created": stored["created"],
    }
    return room if published is None else {**room, "published": published}


def after_room(since: str, room: str) -> str:
    """Return the cursor of the page after a room into which somebody came at a time in ms."""
    return f"{since}-{room}"


def parse_shelf(before: str) -> tuple[int, str]:
    """Return time and room of `after_room`. Raises: BadRequest."""
    match = _SHELF.fullmatch(before)
    if match is None:
        raise BadRequest("The cursor 'before' is not one that the server gave as 'next'.")
    return int(match[1]), match[2]


def roles_of(flat: Sequence[bytes]) -> dict[str, tuple[Role, int]]:
    """Return role and time of coming (ms) by user, who came first first; flat: user, 'role since', …"""
    members = {}
    for user, member in zip(flat[::2], flat[1::2], strict=True):
        role, _, since = member.decode().partition(" ")
        members[user.decode()] = (Role(role), int(since))
    return dict(sorted(members.items(), key=lambda item: (item[1][1], item[0])))


def variation_of(painting: Painting, author: User) -> dict[str, Any]:
    """Return the protocol's `variation`."""
    variation: dict[str, Any] = {
        "id": painting.id,
        "topic": "generation:" + painting.id,
        "room": painting.room,
        "author": snapshot(author),
        "prompt": painting.prompt,
        "seed": painting.seed,
        "state": painting.state,
        "created": painting.created,
    }
    if painting.style is not None:
        variation["style"] = painting.style
    if painting.media is not None:
        variation["media"] = dict(painting.media)
    if painting.error is not None:
        variation |= {name: painting.error[name] for name in ("code", "message")}
    return variation


def messages_of(raw: Sequence[Any]) -> tuple[list[dict[str, Any]], dict[str, list[str]], int | None]:
    """Return messages, the oldest first; by message what the viewer set; the number of the oldest.

    raw: as scripts/thread.lua gives them, the newest first.
    """
    rows, texts, totals, set_ = raw
    found, mine = [], {}
    for text, total, emojis in zip(texts, totals, set_, strict=True):
        message = {**orjson.loads(text), "reactions": orjson.loads(total) if total else {}}
        found.append(message)
        if emojis:
            mine[message["id"]] = sorted(emoji.decode() for emoji in emojis)
    return found[::-1], mine, int(rows[-1]) if rows else None


def counted(votes: Mapping[str, str]) -> dict[str, int]:
    """Return how many voted for each variation; votes: by user."""
    counts: dict[str, int] = {}
    for variation in votes.values():
        counts[variation] = counts.get(variation, 0) + 1
    return counts


def authors_of(things: Iterable[JSON]) -> set[str]:
    """Return who wrote or made these."""
    return {thing["author"]["id"] for thing in things}


def with_authors(things: Iterable[JSON], people: Mapping[str, User]) -> list[dict[str, Any]]:
    """Return messages or variations with their authors as they are called now."""
    shown = []
    for thing in things:
        user = people.get(thing["author"]["id"])
        shown.append({**thing, "author": thing["author"] if user is None else snapshot(user)})
    return shown
