"""Who is in a room: by the owner's word, by an invitation, until they leave."""

from __future__ import annotations

import base64
import random
import re
from typing import Any

import orjson

from livefeed.errors import NotFound
from livefeed.rooms import commands, shapes
from livefeed.rooms.commands import check_room_id
from livefeed.rooms.ports import User
from livefeed.rooms.roles import Role, given_role
from livefeed.streams.connection import Argument
from livefeed.streams.script import Script
from livefeed.streams.streams import Once, Streams

MAX_MEMBERS = 100
MAX_BARRED = 1_000
"""People whom the links of a room do not let in any more, or only as viewers; beyond, all its links end."""
TOKEN_BYTES = 24
"""Chance in an invitation: 192 bits, which nobody guesses."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class Members:
    """Changes who is in a room, each time in one step of the room's slot. Everything may raise StoreUnavailable.

    chance: a source that nobody can predict; invitations come from it.
    """

    def __init__(self, streams: Streams, *, chance: random.Random | None = None) -> None:
        self._streams = streams
        self._chance = chance or random.SystemRandom()

    async def set(self, room: str, by: str, user: User, role: object, *, key: str | None = None) -> dict[str, Any]:
        """Give somebody a role, on behalf of the owner, and return the `member`. Repeatable.

        No link that there is makes an editor again of whom this makes a viewer.
        Raises: BadRequest, NotFound, Forbidden, Conflict (of the owner's own role, or MAX_MEMBERS), KeyReused.
        """
        given, shown = given_role(role), shapes.snapshot(user)
        args: list[Argument] = [room, by, user["id"], orjson.dumps(shown), str(given), MAX_MEMBERS, MAX_BARRED]
        asked = ["room.member", room, user["id"], str(given)]
        await self._commit(commands.MEMBER_SET, room, args, by, key, asked)
        return {"user": shown, "role": str(given)}

    async def remove(self, room: str, by: str, user: User, *, key: str | None = None) -> None:
        """Take somebody out of a room: the owner others, everybody else themselves. Repeatable.

        Whom the owner takes out does not come back by a link that there is; who leaves may.
        Raises: NotFound, Forbidden, Conflict (the owner cannot leave), KeyReused.
        """
        args: list[Argument] = [room, by, user["id"], orjson.dumps(shapes.snapshot(user)), MAX_BARRED]
        await self._commit(commands.MEMBER_REMOVE, room, args, by, key, ["room.leave", room, user["id"]])

    async def invite(self, room: str, by: str, role: object) -> tuple[Role, str]:
        """Return the token that lets people into a room with a role; the same one until it is ended.

        Raises: BadRequest, NotFound, Forbidden.
        """
        given = given_role(role)
        token = base64.urlsafe_b64encode(self._chance.randbytes(TOKEN_BYTES)).decode()
        found = await self._commit(commands.INVITE, room, [by, str(given), token], by, None, None)
        return given, found.decode()

    async def end_invite(self, room: str, by: str, role: object) -> None:
        """Let nobody in by a role's token any more; who came stays. Repeatable.

        Raises: BadRequest, NotFound, Forbidden.
        """
        await self._commit(commands.INVITE_END, room, [by, str(given_role(role))], by, None, None)

    async def join(self, room: str, user: User, token: object, *, key: str | None = None) -> None:
        """Let somebody in who has a token; nobody loses a right by it. Repeatable.

        Raises: NotFound for a token that is wrong or ended, or older than their removal; Conflict (MAX_MEMBERS),
            KeyReused.
        """
        if not isinstance(token, str) or _TOKEN.fullmatch(token) is None:
            raise NotFound("This invitation is not valid, or not any more; ask for another.")
        args: list[Argument] = [room, user["id"], orjson.dumps(shapes.snapshot(user)), token, MAX_MEMBERS]
        await self._commit(commands.JOIN, room, args, user["id"], key, ["room.join", room, token])

    async def _commit(
        self, script: Script, room: str, args: list[Argument], by: str, key: str | None, asked: object
    ) -> bytes:
        once = Once.of(by, key, asked) if key else None
        return await commands.commit(self._streams, script, check_room_id(room), args, once=once)
