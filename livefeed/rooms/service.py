"""Rooms: opened, read, listed; who may do what in them."""

from __future__ import annotations

import asyncio
import random
import zlib
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import orjson

from livefeed import identifiers
from livefeed.clock import Clock, SystemClock
from livefeed.errors import NotFound
from livefeed.rooms import commands, shapes
from livefeed.rooms.commands import check_room_id, no_such_room
from livefeed.rooms.ports import JSON, People, Posts, User
from livefeed.rooms.roles import Role
from livefeed.streams.script import Script
from livefeed.streams.streams import Once, Streams

NEWEST = 50
"""Messages that a room's snapshot has, and rooms that a list names."""
EPOCH_BITS = 50


class Rooms:
    """Opens and reads rooms. Everything here may raise StoreUnavailable."""

    def __init__(
        self,
        streams: Streams,
        people: People,
        posts: Posts,
        *,
        clock: Clock | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._streams = streams
        self._people = people
        self._posts = posts
        self._clock = clock or SystemClock()
        self._chance = chance or random.SystemRandom()

    async def open(self, owner: User, post: object, *, key: str | None = None) -> dict[str, Any]:
        """Open a room to remix a post, and return it.

        key: the same key again returns the same room. Raises: NotFound (of the post), KeyReused.
        """
        if not isinstance(post, str) or not identifiers.is_id(post):
            raise _no_such_post()
        room = self._new_id(owner["id"], key)
        repeated = key is not None and await self.role(room, owner["id"]) is not None
        if not repeated and await self._posts.post(post) is None:
            raise _no_such_post()
        epoch = identifiers.encode(self._chance.getrandbits(EPOCH_BITS), EPOCH_BITS // 5)
        fixed = {"id": room, "parent_id": post, "owner": owner["id"], "epoch": epoch}
        shown = orjson.dumps(shapes.snapshot(owner))
        once = Once.of(owner["id"], key, ["room.create", post]) if key else None
        await commands.commit(
            self._streams, commands.OPEN, room, [room, orjson.dumps(fixed)[:-1], owner["id"], shown], once=once
        )
        return await self.glance(room, owner["id"])

    async def read(self, room: str, viewer: str) -> dict[str, Any]:
        """Return `{room, members, variations, votes, vote, messages, mine, next, at}` as a member sees it.

        votes: how many by variation; vote: the viewer's own, or None. messages: the newest, the oldest of them first;
        mine: the viewer's reactions by message; next: the cursor of the messages before these, or None.
        at: the position on the room's topic that all of it stands for.
        Raises: NotFound, for whoever is not a member too.
        """
        raw = await self._read(commands.READ, room, [viewer, NEWEST + 1])
        if raw[1] is None:
            raise no_such_room()
        at, stored, published, members_, variations_, votes_, talk = raw
        fixed = orjson.loads(stored)
        members = shapes.roles_of(members_)
        variations = [orjson.loads(text) for text in variations_ if text is not None]
        messages, mine, next = page_of(talk, NEWEST)
        votes = {user.decode(): id.decode() for user, id in zip(votes_[::2], votes_[1::2], strict=True)}
        people, post = await asyncio.gather(
            self._people.users({*members, *shapes.authors_of(variations), *shapes.authors_of(messages)}),
            self._posts.post(fixed["parent_id"]),
        )
        return {
            "room": shapes.room_of(
                fixed,
                role=members[viewer][0],
                published=published.decode() if published else None,
                post=post,
                people=people,
            ),
            "members": [
                {"user": shapes.person(user, people), "role": str(role)} for user, (role, _) in members.items()
            ],
            "variations": shapes.with_authors(variations, people),
            "votes": shapes.counted(votes),
            "vote": votes.get(viewer),
            "messages": shapes.with_authors(messages, people),
            "mine": mine,
            "next": next,
            "at": at.decode(),
        }

    async def glance(self, room: str, viewer: str) -> dict[str, Any]:
        """Return the `room` as a member sees it. Raises: NotFound."""
        stored, published, role = await self._read(commands.GLANCE, room, [viewer])
        if role is None:
            raise no_such_room()
        fixed = orjson.loads(stored)
        people, post = await asyncio.gather(self._people.users([fixed["owner"]]), self._posts.post(fixed["parent_id"]))
        done = published.decode() if published else None
        return shapes.room_of(fixed, role=Role(role.decode()), published=done, post=post, people=people)

    async def mine(self, user: str, *, post: str | None = None) -> list[dict[str, Any]]:
        """Return the rooms that somebody is in, the one they came into last first, at most NEWEST.

        post: only those opened to remix this post.
        """
        if post is None:
            rooms: list[dict[str, Any]] = (await self.page(user, limit=NEWEST))["rooms"]
            return rooms
        shelf, _ = commands.shelf_keys(user, "", self._streams.shards)
        ids = [id.decode() for id in await self._streams.store.execute("ZREVRANGE", shelf, 0, -1)]
        return await self._glances((await self._remixing(ids, post))[:NEWEST], user)

    async def page(self, user: str, before: str | None = None, *, limit: int) -> dict[str, Any]:
        """Return `{rooms, next}`: the rooms that somebody is in, the one they came into last first.

        A room may be missing for a moment after they came in: the list is a projection. next: the cursor of the next
        page, None at the end; a page may hold fewer rooms than `limit`, when they have just left some.
        Raises: BadRequest.
        """
        shelf, _ = commands.shelf_keys(user, "", self._streams.shards)
        since, after = ("", "") if before is None else shapes.parse_shelf(before)
        rows = await self._streams.read(
            commands.SHELF,
            shard=commands.room_shard(user, self._streams.shards),
            keys_=[shelf],
            args=[since, after, limit + 1],
        )
        ids = [id.decode() for id in rows[: 2 * limit : 2]]
        more = len(rows) > 2 * limit
        next = shapes.after_room(rows[2 * limit - 1].decode(), ids[-1]) if more else None
        return {"rooms": await self._glances(ids, user), "next": next}

    async def count(self, user: str) -> int:
        """Return how many rooms somebody is in, of those that are remembered for their list."""
        shelf, _ = commands.shelf_keys(user, "", self._streams.shards)
        rooms: int = await self._streams.store.execute("ZCARD", shelf)
        return rooms

    async def _glances(self, rooms: Sequence[str], user: str) -> list[dict[str, Any]]:
        found = await asyncio.gather(*(self._glance_at(id, user) for id in rooms))
        return [room for room in found if room is not None]

    async def _remixing(self, rooms: Sequence[str], post: str) -> list[str]:
        """Return those among some rooms (at most so many as a shelf holds) that were opened to remix a post."""
        found: list[str] = []
        for start in range(0, len(rooms), NEWEST):
            some = rooms[start : start + NEWEST]
            opened = await asyncio.gather(*(self.stored(room) for room in some))
            found += [id for id, room in zip(some, opened, strict=True) if room and room["parent_id"] == post]
        return found

    async def role(self, room: str, user: str) -> Role | None:
        """Return what somebody is in a room, None for whoever is not in it and for a room that does not exist."""
        if not identifiers.is_id(room):
            return None
        found = await self._streams.store.execute("HGET", commands.members_key(room, self._streams.shards), user)
        return None if found is None else Role(found.decode().partition(" ")[0])

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        """Return the roles of those among some people that are in a room."""
        wanted = list(users)
        if not wanted or not identifiers.is_id(room):
            return {}
        key = commands.members_key(room, self._streams.shards)
        found = await self._streams.store.execute("HMGET", key, *wanted)
        return {
            user: str(Role(member.decode().partition(" ")[0]))
            for user, member in zip(wanted, found, strict=True)
            if member is not None
        }

    async def member(self, room: str, user: str) -> bool:
        """Tell whether somebody is in a room."""
        return await self.role(room, user) is not None

    async def stored(self, room: str) -> JSON | None:
        """Return what a room was opened with, `{id, parent_id, owner, epoch, created}`, or None."""
        if not identifiers.is_id(room):
            return None
        key = commands.room_keys(room, self._streams.shards)[0]
        found = await self._streams.store.execute("HGET", key, "room")
        opened: JSON | None = None if found is None else orjson.loads(found)
        return opened

    async def _glance_at(self, room: str, user: str) -> dict[str, Any] | None:
        try:
            return await self.glance(room, user)
        except NotFound:
            return None  # they have left since, and the list does not know yet

    async def _read(self, script: Script, room: object, args: Sequence[str | int]) -> Any:
        found, shards = check_room_id(room), self._streams.shards
        shard = commands.room_shard(found, shards)
        return await self._streams.read(script, shard=shard, keys_=commands.room_keys(found, shards), args=args)

    def _new_id(self, owner: str, key: str | None) -> str:
        """Return an id in any shard; the same one for the same owner and key."""
        shards = self._streams.shards
        if key:
            shard = zlib.crc32(f"{owner}\0{key}".encode(errors="surrogatepass")) % shards
            return identifiers.derive(owner, "room.create", key, shard=shard)
        now_ms, shard = self._clock.now_ms(), self._chance.randrange(shards)
        return identifiers.make(now_ms, shard, self._chance.getrandbits(identifiers.CHANCE_BITS))


def page_of(raw: Sequence[Any], limit: int) -> tuple[list[dict[str, Any]], dict[str, list[str]], str | None]:
    """Return a page of at most `limit` messages, what the viewer set on them, and the cursor of those before.

    raw: as scripts/thread.lua gives them, asked for one more than `limit`.
    """
    rows, texts, totals, set_ = raw
    more = len(texts) > limit
    messages, mine, oldest = shapes.messages_of((rows[: 2 * limit], texts[:limit], totals[:limit], set_[:limit]))
    return messages, mine, str(oldest) if more else None


def _no_such_post() -> NotFound:
    return NotFound("The picture to remix does not exist, or it was deleted.")
