"""Publishing: one variation of a room becomes a post, once, with all names on it."""

from __future__ import annotations

from typing import Any

from livefeed import identifiers
from livefeed.config import Config
from livefeed.errors import Conflict, NotFound
from livefeed.rooms import commands, shapes
from livefeed.rooms.commands import check_room_id, no_such_room
from livefeed.rooms.ports import Atelier, Documents, People, Posts, Publisher, User
from livefeed.rooms.variations import check_variation_id, no_such_variation, read_variation
from livefeed.streams.connection import Argument
from livefeed.streams.streams import Once, Streams
from livefeed.text import clean

MAX_CREDITS = 100


class Publishing:
    """Publishes rooms. The post lives in the room's own slot, so post and room change in one step."""

    def __init__(
        self,
        streams: Streams,
        config: Config,
        people: People,
        posts: Posts,
        *,
        documents: Documents,
        atelier: Atelier,
        publisher: Publisher,
    ) -> None:
        self._streams = streams
        self._config = config
        self._people = people
        self._posts = posts
        self._documents = documents
        self._atelier = atelier
        self._publisher = publisher

    async def publish(
        self, room: str, author: User, variation: str, *, caption: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Make a post of a finished variation and return it; once more is the same.

        caption: the variation's prompt, if not given.
        Raises: BadRequest, NotFound, Forbidden (viewers), NotEnoughVotes (editors), Conflict (nothing finished, or
            another variation is published), KeyReused, StoreUnavailable.
        """
        check_room_id(room)
        check_variation_id(variation)
        if caption is not None:
            caption = clean(caption, "caption", limit=self._config.caption_characters)
        role, found, opened = await read_variation(self._streams, room, author["id"], variation)
        if role is None:
            raise no_such_room()
        if found is None:
            raise no_such_variation()
        if found["state"] != "completed":  # said here as well: what the post is made of was read before the script asks
            raise Conflict("This variation has no finished picture that could be published.")
        post = await self._post(opened, author, found, caption)
        publication = await self._publisher(post)
        args: list[Argument] = [room, author["id"], variation, post["id"], *publication.args]
        published = await commands.commit(
            self._streams,
            commands.publish_script(publication.lua),
            room,
            args,
            once=Once.of(author["id"], key, ["room.publish", room, variation, caption]) if key else None,
            names=publication.keys,
            post=post["id"],
        )
        shown = await self._posts.post(published.decode())
        if shown is None:
            raise NotFound("This room's picture was published, and deleted since.")
        return dict(shown)

    async def _post(
        self, opened: dict[str, Any], author: User, variation: dict[str, Any], caption: str | None
    ) -> dict[str, Any]:
        """Return the post that a variation becomes: a remix of the room's picture, also when that is gone."""
        room = opened["id"]
        painting = await self._atelier.painting(variation["id"])
        post = {
            "id": post_id(room),
            "author": shapes.snapshot(author),
            "caption": variation["prompt"] if caption is None else caption,
            "prompt": variation["prompt"],
            "style": variation.get("style"),
            "media": variation.get("media"),
            "parent": opened["parent_id"],
            "credits": await self._credits(room, author, variation["author"]["id"]),
        }
        made = painting.made if painting is not None else None
        return post if made is None else {**post, "made": dict(made)}

    async def _credits(self, room: str, author: User, maker: str) -> list[dict[str, Any]]:
        """Return who made it: who publishes it first, then who had it painted and whose edits the document took."""
        others = sorted({maker, *await self._documents.editors(room)} - {author["id"]})[: MAX_CREDITS - 1]
        people = await self._people.users(others) if others else {}
        known = [shapes.snapshot(people[id]) for id in others if id in people]
        return [shapes.snapshot(author), *known]


def post_id(room: str) -> str:
    """Return the id of the post that a room publishes, in the room's shard: there is no second one."""
    return identifiers.derive(room, "room.publish", "", shard=identifiers.shard_of(room))
