"""Variations: pictures painted from a room's document, told of in the room."""

from __future__ import annotations

from typing import Any

import orjson

from livefeed import identifiers
from livefeed.errors import KeyReused, NotFound, refusal
from livefeed.rooms import commands, shapes
from livefeed.rooms.commands import check_room_id
from livefeed.rooms.ports import Atelier, Documents, People, Permit, Posts, User
from livefeed.rooms.roles import Role
from livefeed.rooms.wishes import wish_of
from livefeed.streams.streams import Streams

MAX_VARIATIONS, MAX_ON_THE_WAY = 500, 20
"""Variations that one room may have, and those of them that may be queued or painted at once."""
OVER = frozenset({"completed", "refused", "cancelled", "aborted"})
"""States from which no generation comes back: one that failed may be tried again, and needs its drawings then."""
_NO_SUCH_VARIATION = "There is no such variation in this room."


class Variations:
    """Has variations painted and keeps their place in the room. Everything may raise StoreUnavailable.

    A variation is a generation first. What the room tells of it comes by `note`, which is called at once when it
    begins, and for everything that happens later, and for a beginning that a crash cut short, by the projection.
    """

    def __init__(
        self, streams: Streams, people: People, posts: Posts, *, documents: Documents, atelier: Atelier
    ) -> None:
        self._streams = streams
        self._people = people
        self._posts = posts
        self._documents = documents
        self._atelier = atelier

    async def begin(
        self, room: str, author: User, *, seed: int | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Have a picture painted from the document as it stands, and return the variation.

        seed: instead of the document's. key: the same key again returns the same variation, whatever the document
        says meanwhile.
        Raises: NotFound, Forbidden (viewers), Conflict (published, MAX_VARIATIONS, or MAX_ON_THE_WAY), and what
            generations refuse.
        """
        permit = self._permit(room, author["id"])
        opened = await self._may(permit)
        begun = await self._atelier.begun(author["id"], key, shard=permit.shard) if key else None
        if begun is None:
            parent = opened["parent_id"] if await self._posts.post(opened["parent_id"]) is not None else None
            wish = wish_of(await self._documents.read(room), parent=parent, seed=seed)
            begun = await self._atelier.begin(author, room, wish, permit=permit, key=key)
        variation = await self.note(begun, told=author)
        if variation is None or variation["room"] != room:
            raise KeyReused("This idempotency key was used before for something else; take a new one.")
        return variation

    async def note(self, generation: str, *, told: User | None = None) -> dict[str, Any] | None:
        """Tell the room how the generation of one of its variations stands, if it does not know; return the variation.

        In whatever order this is called: of two readings of a generation the later one stands.
        told: its author, if known. Returns: None for a generation that is gone or no room's.
        """
        painting = await self._atelier.painting(generation)
        if painting is None or painting.room is None:
            return None
        known = {told["id"]: told} if told is not None else {}
        if painting.author not in known:
            known = dict(await self._people.users([painting.author]))
        variation = shapes.variation_of(painting, shapes.person(painting.author, known))
        await commands.commit(
            self._streams,
            commands.NOTE,
            painting.room,
            [painting.room, generation, orjson.dumps(variation), str(painting.at)],
            bounded=False,
        )
        if painting.state in OVER and painting.drawings:
            await self._atelier.clear(painting)
        return variation

    def _permit(self, room: str, user: str) -> Permit:
        """Return what asks whether this person may have one more variation painted there. Raises: NotFound."""
        shards = self._streams.shards
        shard, names = commands.room_shard(check_room_id(room), shards), commands.room_keys(room, shards)
        return Permit(shard, commands.PERMIT, names, [user, MAX_VARIATIONS, MAX_ON_THE_WAY])

    async def _may(self, permit: Permit) -> dict[str, Any]:
        """Ask before anything is done, and return what the room was opened with; it is asked again as that is done."""
        code, found = await self._streams.read(
            commands.MAY_PAINT, shard=permit.shard, keys_=permit.keys, args=permit.args
        )
        if code:
            raise refusal(code.decode(), found.decode())
        opened: dict[str, Any] = orjson.loads(found)
        return opened


async def read_variation(
    streams: Streams, room: str, viewer: str, variation: str
) -> tuple[Role | None, dict[str, Any] | None, dict[str, Any]]:
    """Return the viewer's role, a variation of a room, and the room."""
    role, found, opened = await streams.read(
        commands.VARIATION,
        shard=commands.room_shard(check_room_id(room), streams.shards),
        keys_=commands.room_keys(room, streams.shards),
        args=[viewer, variation],
    )
    return (
        None if role is None else Role(role.decode()),
        None if found is None else orjson.loads(found),
        {} if opened is None else orjson.loads(opened),
    )


def check_variation_id(variation: object) -> str:
    """Return `variation` if it has the form of an id. Raises: NotFound."""
    if not isinstance(variation, str) or not identifiers.is_id(variation):
        raise NotFound(_NO_SUCH_VARIATION)
    return variation


def no_such_variation() -> NotFound:
    """Return the refusal for a variation that the room has not."""
    return NotFound(_NO_SUCH_VARIATION)
