"""What rooms are handed of the rest of the house: the feed, the generators, the pictures."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from livefeed.config import Config
from livefeed.errors import LivefeedError, NotFound, StoreUnavailable
from livefeed.feed.posts import Posts
from livefeed.generation.service import Generations
from livefeed.media import Drafts
from livefeed.people import User
from livefeed.rooms.documents import Documents, Origin
from livefeed.rooms.hands import Hands
from livefeed.rooms.ports import Painting, People, Permit, Publisher, Wish
from livefeed.rooms.projection import RoomsProjection
from livefeed.rooms.publishing import Publishing
from livefeed.rooms.service import Rooms
from livefeed.rooms.variations import Variations
from livefeed.streams.streams import Streams

log = logging.getLogger(__name__)

STRENGTH = 0.7
"""How far a variation may go from the room's picture, unless its people want it otherwise.

Below two thirds the illustrator leaves the picture's own subject standing behind the new one.
"""


class Parents(Protocol):
    """Where the picture is that a room remixes."""

    async def picture(self, post: str) -> bytes | None:
        """Return the stored file of a post's picture, None when either is gone. Raises: StoreUnavailable, Busy."""


class Walls:
    """The rooms' port to the feed: the posts they begin from and end with."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts

    async def post(self, id: str) -> Mapping[str, Any] | None:
        """Return a post as everybody sees it, or None when it is gone."""
        try:
            return (await self._posts.get(id))["post"]  # type: ignore[no-any-return]
        except NotFound:
            return None


class Beginnings:
    """The documents' port to rooms: what a room's document begins as."""

    def __init__(self, rooms: Rooms, walls: Walls, generations: Generations) -> None:
        self._rooms = rooms
        self._walls = walls
        self._generations = generations

    async def origin(self, room: str) -> Origin:
        """Return the parent's prompt, and a size of its shape that can be painted. Raises: NotFound."""
        opened = await self._rooms.stored(room)
        if opened is None:
            raise NotFound("There is no such room.")
        post, params = await self._walls.post(opened["parent_id"]), {"strength": STRENGTH}
        if post is None:
            return Origin("", params)
        width, height = self._generations.fitted_size(None, post["media"]["width"], post["media"]["height"])
        return Origin(post.get("prompt", ""), {"width": width, "height": height, **params})


class Easels:
    """The rooms' port to generations, pictures and drawings: variations are painted here."""

    def __init__(self, generations: Generations, parents: Parents, drafts: Drafts, hands: Hands | None = None) -> None:
        self._generations = generations
        self._parents = parents
        self._drafts = drafts
        self._hands = hands or Hands()

    async def begin(self, author: Mapping[str, Any], room: str, wish: Wish, *, permit: Permit, key: str | None) -> str:
        """Have a picture painted, from the parent with what was drawn on it, where it may be repainted.

        Raises: what the permit refuses, BadRequest, RateLimited, Busy, TooLarge, KeyReused, StoreUnavailable.
        """
        size = self._generations.fitted_size(wish.generator, wish.width, wish.height)
        drawn: list[str] = []

        async def draw(generation: str) -> tuple[str | None, str | None]:
            return await self._draw(room, author["id"], wish, size, generation, drawn)

        try:
            asked = await self._generations.create(
                User(author["id"], author["handle"], author["avatar"]),
                prompt=wish.prompt,
                style=wish.style,
                width=size[0],
                height=size[1],
                seed=wish.seed,
                generator=wish.generator,
                parent=wish.parent,
                strength=wish.strength,
                publish=False,
                room=room,
                permit=permit,
                draw=draw,
                key=key,
            )
        except StoreUnavailable:
            raise  # it may have been created, and need them
        except LivefeedError:
            if key is None or await self.begun(author["id"], key, shard=permit.shard) is None:
                await self._drop(drawn)  # else they are those of the same picture, asked for at the same time
            raise
        return asked["id"]

    async def _draw(
        self, room: str, author: str, wish: Wish, size: tuple[int, int], generation: str, drawn: list[str]
    ) -> tuple[str | None, str | None]:
        """Make canvas and mask and keep them, one of a room at a time; `drawn`: takes the names of what is kept."""
        async with self._hands.turn(room, author, wish.strokes) as turn:
            parent = None if wish.parent is None else await self._parents.picture(wish.parent)
            found = await turn.draw(parent, size)
            if found.image is not None:
                drawn.append(await self._drafts.add(found.image, use=generation))
            canvas = drawn[-1] if drawn else None
            if found.mask is None or (parent is None and canvas is None):
                return canvas, None
            drawn.append(await self._drafts.add(found.mask, use=generation))
            return canvas, drawn[-1]

    async def clear(self, painting: Painting) -> None:
        """Throw away what a painting that is over started from."""
        await self._drop(painting.drawings)

    async def _drop(self, drawings: Sequence[str]) -> None:
        try:
            await self._drafts.drop(drawings)
        except LivefeedError as exc:
            log.info("drawings stay until they are swept: %s", exc.message)

    async def begun(self, author: str, key: str, *, shard: int) -> str | None:
        """Return the id of what was begun with this key, if anything was."""
        return await self._generations.begun(author, key, shard=shard)

    async def painting(self, generation: str) -> Painting | None:
        """Return how a generation stands, None when it is gone."""
        record = await self._generations.record(generation)
        if record is None:
            return None
        document = record.document
        return Painting(
            id=generation,
            room=document.get("room"),
            author=record.author,
            prompt=document["prompt"],
            seed=document["seed"],
            state=str(record.state),
            created=document["created"],
            at=record.at,
            media=record.media,
            error=record.error,
            made=self._generations.made(record),
            style=document.get("style"),
            drawings=[document[name] for name in ("canvas", "mask") if name in document],
        )


@dataclass(frozen=True, slots=True)
class Remixing:
    """What of rooms needs the shared documents."""

    variations: Variations
    publishing: Publishing
    projection: RoomsProjection


def remixing(
    streams: Streams,
    config: Config,
    *,
    people: People,
    walls: Walls,
    documents: Documents,
    easels: Easels,
    publisher: Publisher,
) -> Remixing:
    """Put together what of rooms needs the shared documents."""
    variations = Variations(streams, people, walls, documents=documents, atelier=easels)
    publishing = Publishing(streams, config, people, walls, documents=documents, atelier=easels, publisher=publisher)
    return Remixing(variations, publishing, RoomsProjection(streams, variations=variations, documents=documents))
