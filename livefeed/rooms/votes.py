"""Votes: one for each editor, and the owner."""

from __future__ import annotations

import orjson

from livefeed.rooms import commands, shapes
from livefeed.rooms.commands import check_room_id
from livefeed.rooms.ports import User
from livefeed.rooms.variations import check_variation_id
from livefeed.streams.connection import Argument
from livefeed.streams.streams import Once, Streams


class Votes:
    """Votes and takes votes back, in one step of the room's slot."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def set(self, room: str, voter: User, variation: str, on: bool, *, key: str | None = None) -> None:
        """Vote for a variation, which moves a vote for another one, or take the vote for it back. Repeatable.

        Raises: NotFound, Forbidden (viewers), Conflict (published), KeyReused, StoreUnavailable.
        """
        check_room_id(room)
        check_variation_id(variation)
        args: list[Argument] = [room, voter["id"], orjson.dumps(shapes.snapshot(voter)), variation, int(on)]
        once = Once.of(voter["id"], key, ["room.vote", room, variation, on]) if key else None
        await commands.commit(self._streams, commands.VOTE, room, args, once=once)
