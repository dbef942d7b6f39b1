"""Remix rooms, as a program uses them. Source: docs/rooms.md."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, cast
from urllib.parse import quote

from livefeed.client.http import Http
from livefeed.client.shapes import Invite, Member, Message, MessagePage, Post, Room, RoomSnapshot, Variation


class Rooms:
    """The rooms of a server. Every command carries an idempotency key, so that a repeat happens once.

    Raises: LivefeedError, everywhere; NotFound for rooms that this client is not in.
    """

    def __init__(self, http: Http, identify: Callable[[], Awaitable[None]], new_key: Callable[[], str]) -> None:
        """identify: makes sure that this client is somebody."""
        self._http = http
        self._identify = identify
        self._new_key = new_key

    async def open(self, post: str) -> Room:
        """Open a room to remix a post, and return it."""
        return cast(Room, (await self._ask("POST", "/api/rooms", {"post": post}))["room"])

    async def mine(self, post: str | None = None) -> list[Room]:
        """Return the rooms this client is in, the one it came into last first. post: only those that remix it."""
        await self._identify()
        query = {"mine": "1"} if post is None else {"mine": "1", "post": post}
        return cast("list[Room]", (await self._http.json("GET", "/api/rooms", query=query))["rooms"])

    async def get(self, room: str) -> RoomSnapshot:
        """Return a room and the position to subscribe to its topic from."""
        return cast(RoomSnapshot, await self._http.json("GET", _path(room)))

    async def invite(self, room: str, role: str) -> Invite:
        """Return the invitation for a role, 'editor' or 'viewer': the same until it is ended."""
        return cast(Invite, await self._ask("POST", _path(room, "invites"), {"role": role}))

    async def end_invite(self, room: str, role: str) -> None:
        """Let nobody in by a role's invitation any more."""
        await self._ask("DELETE", _path(room, "invites", role))

    async def join(self, room: str, token: str) -> Room:
        """Come in by an invitation."""
        return cast(Room, (await self._ask("POST", _path(room, "join"), {"token": token}))["room"])

    async def set_member(self, room: str, handle: str, role: str) -> Member:
        """Give somebody a role in an own room."""
        return cast(Member, (await self._ask("PUT", _path(room, "members", handle), {"role": role}))["member"])

    async def remove_member(self, room: str, handle: str) -> None:
        """Take somebody out of an own room, or leave a room under one's own handle."""
        await self._ask("DELETE", _path(room, "members", handle))

    async def messages(self, room: str, *, before: str | None = None, limit: int = 30) -> MessagePage:
        """Return a page of what was said, the oldest first."""
        query = {"limit": str(limit), **({"before": before} if before else {})}
        return cast(MessagePage, await self._http.json("GET", _path(room, "messages"), query=query))

    async def say(self, room: str, text: str) -> Message:
        """Say something to everybody in a room."""
        return cast(Message, (await self._ask("POST", _path(room, "messages"), {"text": text}))["message"])

    async def react(self, room: str, message: str, emoji: str, on: bool = True) -> None:
        """Set or unset a reaction to a message."""
        await self._ask("PUT" if on else "DELETE", _path(room, "messages", message, "reactions", emoji))

    async def begin_variation(self, room: str, *, seed: int | None = None) -> Variation:
        """Have a picture painted from a room's document as it stands; follow its `topic` to see it come."""
        body = {} if seed is None else {"seed": seed}
        return cast(Variation, (await self._ask("POST", _path(room, "variations"), body))["variation"])

    async def vote(self, room: str, variation: str, on: bool = True) -> None:
        """Vote for a variation, or take that back."""
        await self._ask("PUT" if on else "DELETE", _path(room, "votes", variation))

    async def publish(self, room: str, variation: str, caption: str | None = None) -> Post:
        """Make a post of a finished variation and return it: once, and the same again. Raises: NotEnoughVotes."""
        body = {"variation": variation, **({} if caption is None else {"caption": caption})}
        return cast(Post, (await self._ask("POST", _path(room, "publish"), body))["post"])

    async def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        await self._identify()
        return await self._http.json(method, path, body=body, key=self._new_key())


def _path(room: str, *parts: str) -> str:
    return "/".join(["/api/rooms", *(quote(part, safe="") for part in (room, *parts))])
