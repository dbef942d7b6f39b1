"""Rooms on a real store, with their feed, for the tests of this folder that are named after them.

What paints and what holds the shared document are played by two small classes that keep everything in memory.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from livefeed import identifiers
from livefeed.errors import NotFound
from livefeed.feed.emoji import canonical
from livefeed.position import Position
from livefeed.rooms.members import Members
from livefeed.rooms.ports import Painting, Permit, Wish
from livefeed.rooms.projection import RoomsProjection
from livefeed.rooms.publishing import Publishing
from livefeed.rooms.service import Rooms
from livefeed.rooms.talk import Talk
from livefeed.rooms.variations import Variations
from livefeed.rooms.votes import Votes
from livefeed.streams.connection import Store
from livefeed.streams.script import changing
from livefeed.streams.streams import Streams
from tests.integration.test_feed_house import MEDIA, SHARDS, House, user

OWNER, EDITOR, SECOND, VIEWER, STRANGER = (user(number)["id"] for number in range(1, 6))
MADE = {
    "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia",
    "generator": {"name": "quick", "title": "Quick"},
}


class Everybody:
    """All people of a test are known, as `user` calls them."""

    async def users(self, ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        return {id: user(int(id[12:])) for id in ids}


class Wall:
    """The feed's posts, for rooms."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def post(self, id: str) -> Mapping[str, Any] | None:
        try:
            return (await self._house.posts.get(id))["post"]
        except NotFound:
            return None


async def nothing() -> None:
    """Happens most of the time."""


@dataclass
class Page:
    """What one document says."""

    prompt: str = "a fox in the snow"
    params: dict[str, Any] = field(default_factory=lambda: {"width": 512.0, "height": 512.0, "strength": 0.6})
    strokes: Sequence[bytes] = ()


class Papers:
    """Documents in memory."""

    def __init__(self) -> None:
        self.page = Page()
        self.who_edited: set[str] = set()
        self.mirrored: dict[str, tuple[Any, Any]] = {}

    async def read(self, room: str) -> Page:
        return self.page

    async def mirror(self, room: str, *, variations: Mapping[str, Any], votes: Mapping[str, str]) -> None:
        self.mirrored[room] = (variations, votes)

    async def editors(self, room: str) -> Set[str]:
        return self.who_edited


class Easel:
    """Begins pictures and finishes them when the test says so. Each reading of one has a higher position.

    meanwhile: what happens between the question whether one may and the picture's beginning.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self.meanwhile: Callable[[], Awaitable[object]] = nothing
        self.cleared: list[str] = []
        self.paintings: dict[str, Painting] = {}
        self.wishes: list[Wish] = []
        self.trouble: list[Exception] = []
        self._keys: dict[tuple[str, str], str] = {}
        self._count = 0

    async def begin(self, author: Mapping[str, Any], room: str, wish: Wish, *, permit: Permit, key: str | None) -> str:
        await self.meanwhile()
        if self.trouble:
            raise self.trouble.pop()
        await self._ask(permit)
        self._count += 1
        self.wishes.append(wish)
        id = identifiers.make(1_700_000_000_000 + self._count, self._count % SHARDS, self._count)
        self.paintings[id] = Painting(
            id=id,
            room=room,
            author=author["id"],
            prompt=wish.prompt,
            style=wish.style,
            seed=wish.seed or 7,
            state="queued",
            created=1_700_000_000_000,
            at=Position(1, self._count),
        )
        if key is not None:
            self._keys[author["id"], key] = id
        return id

    async def begun(self, author: str, key: str, *, shard: int) -> str | None:
        return self._keys.get((author, key))

    async def clear(self, painting: Painting) -> None:
        self.cleared += painting.drawings

    async def painting(self, generation: str) -> Painting | None:
        return self.paintings.get(generation)

    async def _ask(self, permit: Permit) -> None:
        """Ask as the generation's script does: in the step in which it is written."""
        script = changing(permit.lua + "\nreturn refused(1, 1) or ''")
        await self._streams.commit(script, shard=permit.shard, keys_=permit.keys, args=permit.args)

    def change(self, generation: str, state: str, **more: Any) -> None:
        self._count += 1
        at = Position(1, 1000 + self._count)
        self.paintings[generation] = replace(self.paintings[generation], state=state, at=at, **more)

    def finish(self, generation: str) -> None:
        self.change(generation, "completed", media=MEDIA, made=MADE)


class RoomHouse:
    """Everything of rooms on one store, and what a test looks into."""

    def __init__(self, store: Store, *, seed: int = 20) -> None:
        self.feed = House(store, seed=seed)
        streams, config, chance = self.feed.streams, self.feed.config, random.Random(seed)
        self.store, self.streams = store, streams
        people, posts = Everybody(), Wall(self.feed)
        self.papers, self.easel = Papers(), Easel(streams)
        self.rooms = Rooms(streams, people, posts, chance=chance)
        self.members = Members(streams, chance=chance)
        self.talk = Talk(streams, config, people, emoji=canonical, chance=chance)
        self.votes = Votes(streams)
        self.variations = Variations(streams, people, posts, documents=self.papers, atelier=self.easel)
        self.publishing = Publishing(
            streams,
            config,
            people,
            posts,
            documents=self.papers,
            atelier=self.easel,
            publisher=self.feed.posts.publication,
        )
        self.projection = RoomsProjection(streams, variations=self.variations, documents=self.papers)

    async def room(self, *, key: str | None = None, caption: str = "a fox") -> str:
        """Open a room with an owner, two editors and a viewer; return its id."""
        parent = (await self.feed.post(author=9, caption=caption))["id"]
        room = (await self.rooms.open(user(1), parent, key=key))["id"]
        for number, role in ((2, "editor"), (3, "editor"), (4, "viewer")):
            await self.members.set(room, OWNER, user(number), role)
        return str(room)

    async def painted(self, room: str, *, by: int = 1) -> str:
        """Return a finished variation of a room."""
        variation = (await self.variations.begin(room, user(by)))["id"]
        self.easel.finish(variation)
        await self.variations.note(variation)
        return str(variation)

    async def told(self, room: str, *types: str) -> list[tuple[str, dict[str, Any]]]:
        """Return the events of a room's topic, of some types or all."""
        events = await self.feed.events("room:" + room)
        return [(kind.removeprefix("room."), data) for _, kind, data in events if not types or kind[5:] in types]

    async def carry(self) -> None:
        """Project all there is."""
        await self.projection.apply(await self.feed.outbox())
