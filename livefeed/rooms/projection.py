"""What rooms mean for other slots, and other slots for rooms, carried by the projection of that name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

from livefeed.rooms import commands
from livefeed.rooms.ports import Documents
from livefeed.rooms.variations import Variations
from livefeed.streams.outbox import Outgoing
from livefeed.streams.streams import Streams

SHELF = 1_000
"""Rooms of one person that are remembered for their list: those they came into last."""
MARK_MS = 7 * 86_400_000
"""How late an entry may come and still not undo a later one."""


class RoomsProjection:
    """The projection `rooms`: who is in which room for people's lists, how variations stand for their rooms,
    variations and votes for the documents. Effects are idempotent and may come in any order.
    """

    name = "rooms"

    def __init__(
        self, streams: Streams, *, variations: Variations | None = None, documents: Documents | None = None
    ) -> None:
        """variations, documents: where rooms have them."""
        self._streams = streams
        self._variations = variations
        self._documents = documents

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Carry out what a batch asks for. Raises: LivefeedError."""
        changed: set[str] = set()
        for entry in batch:
            match entry.type:
                case "room.member":
                    await self._shelve(entry)
                case "room.changed":
                    changed.add(entry.data["room"])
                case "generation.queued" | "generation.ended" if "room" in entry.data:
                    if self._variations is not None:
                        await self._variations.note(entry.data["id"])
                case _:
                    pass
        for room in changed:
            await self._mirror(room)

    async def _shelve(self, entry: Outgoing) -> None:
        """Put a room on somebody's list, or take it off."""
        data, shards = entry.data, self._streams.shards
        since = "" if data["role"] is None else data["since"]
        await self._streams.commit(
            commands.SHELVE,
            shard=commands.room_shard(data["user"], shards),
            keys_=commands.shelf_keys(data["user"], data["room"], shards),
            args=[data["room"], since, entry.mark, MARK_MS, SHELF],
        )

    async def _mirror(self, room: str) -> None:
        """Show the document what the room says of variations and votes now.

        Read again afterwards: another node may have shown it something newer in between, and this was then older.
        """
        if self._documents is None:
            return
        shown, found = None, await self._decided(room)
        while found != shown:
            await self._documents.mirror(room, variations=found[0], votes=found[1])
            shown, found = found, await self._decided(room)

    async def _decided(self, room: str) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
        """Return the variations by id and the votes by user."""
        told, voted = await self._streams.read(
            commands.DECIDED,
            shard=commands.room_shard(room, self._streams.shards),
            keys_=commands.room_keys(room, self._streams.shards),
        )
        variations = {}
        for id, text in zip(told[::2], told[1::2], strict=True):
            variation = orjson.loads(text)
            variations[id.decode()] = {name: variation[name] for name in ("state", "seed", "prompt")}
        return variations, {user.decode(): id.decode() for user, id in zip(voted[::2], voted[1::2], strict=True)}
