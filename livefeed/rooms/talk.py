"""What is said in a room, and the reactions to it."""

from __future__ import annotations

import random
import re
from typing import Any

import orjson

from livefeed import identifiers
from livefeed.clock import Clock, SystemClock
from livefeed.config import Config
from livefeed.errors import BadRequest, NotFound
from livefeed.rooms import commands, shapes
from livefeed.rooms.commands import check_room_id, no_such_room
from livefeed.rooms.ports import Emoji, People, User
from livefeed.rooms.service import page_of
from livefeed.streams.connection import Argument
from livefeed.streams.streams import Once, Streams
from livefeed.text import clean, is_blank

MAX_MESSAGES = 5_000
"""Messages a room keeps; beyond, the oldest go."""
MAX_EMOJIS = 20
"""Different emojis that one message may have; those it has stay open to everyone in the room."""
MAX_LIMIT = 100

_NUMBER = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


class Talk:
    """Says, lists and applauds messages. Everything may raise StoreUnavailable."""

    def __init__(
        self,
        streams: Streams,
        config: Config,
        people: People,
        *,
        emoji: Emoji,
        clock: Clock | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._streams = streams
        self._config = config
        self._people = people
        self._emoji = emoji
        self._clock = clock or SystemClock()
        self._chance = chance or random.SystemRandom()

    async def say(self, room: str, author: User, text: object, *, key: str | None = None) -> dict[str, Any]:
        """Say something to everybody in a room, and return the message.

        key: the same key again returns the same message. Raises: BadRequest, NotFound, KeyReused.
        """
        check_room_id(room)
        said = clean(text, "message", limit=self._config.message_characters)
        if is_blank(said):
            raise BadRequest("A message needs some text.")
        id = self._new_id(room, author["id"], key)
        fixed = {"id": id, "room": room, "author": shapes.snapshot(author), "text": said}
        args: list[Argument] = [author["id"], id, orjson.dumps(fixed)[:-1], MAX_MESSAGES]
        once = Once.of(author["id"], key, ["room.message", room, said]) if key else None
        message = orjson.loads(await commands.commit(self._streams, commands.SAY, room, args, once=once))
        return {**message, "reactions": {}}

    async def list(self, room: str, viewer: str, before: str | None = None, limit: int = 50) -> dict[str, Any]:
        """Return `{messages, mine, at, next}`: the newest before a cursor, oldest first, and the position.

        mine: the viewer's reactions by message. limit: 1 to 100. next: the cursor of the page before, None at the
        first message. Raises: BadRequest, NotFound.
        """
        shards = self._streams.shards
        if not 1 <= limit <= MAX_LIMIT:
            raise BadRequest(f"The limit is a whole number from 1 to {MAX_LIMIT}.")
        if before is not None and _NUMBER.fullmatch(before) is None:
            raise BadRequest("The cursor 'before' is not one that the server gave as 'next'.")
        at, raw = await self._streams.read(
            commands.TALK,
            shard=commands.room_shard(check_room_id(room), shards),
            keys_=commands.room_keys(room, shards),
            args=[viewer, before or "", limit + 1],
        )
        if raw is None:
            raise no_such_room()
        messages, mine, next = page_of(raw, limit)
        people = await self._people.users(shapes.authors_of(messages)) if messages else {}
        return {"messages": shapes.with_authors(messages, people), "mine": mine, "at": at.decode(), "next": next}

    async def react(
        self, room: str, message: str, user: str, emoji: object, on: bool, *, key: str | None = None
    ) -> dict[str, Any]:
        """Set or unset one reaction to a message, repeatable, and return `{reactions: {emoji: n}, mine: [emoji]}`.

        Raises: BadRequest (no emoji), NotFound, Conflict (MAX_EMOJIS different ones are there), KeyReused.
        """
        check_room_id(room)
        emoji = self._emoji(emoji)
        if not identifiers.is_id(message):
            raise NotFound("There is no such message in this room.")
        args: list[Argument] = [user, message, emoji, int(on), MAX_EMOJIS]
        once = Once.of(user, key, ["room.reaction", room, message, emoji, on]) if key else None
        totals: dict[str, Any] = orjson.loads(
            await commands.commit(self._streams, commands.REACT, room, args, once=once)
        )
        return totals

    def _new_id(self, room: str, author: str, key: str | None) -> str:
        shard = identifiers.shard_of(room)
        if key:
            return identifiers.derive(author, f"room.message {room}", key, shard=shard)
        return identifiers.make(self._clock.now_ms(), shard, self._chance.getrandbits(identifiers.CHANCE_BITS))
