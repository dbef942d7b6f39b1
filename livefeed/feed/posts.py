"""Posts: pictures with a caption, each with a topic of its own."""

from __future__ import annotations

import random
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from livefeed import identifiers
from livefeed.clock import Clock, SystemClock
from livefeed.config import Config
from livefeed.errors import BadRequest, NotFound
from livefeed.feed import store
from livefeed.feed.people import People, User, refresh_authors
from livefeed.feed.publication import Publication, publication
from livefeed.feed.tags import tags_of
from livefeed.making import worded
from livefeed.streams.streams import Once, Streams
from livefeed.text import clean, is_blank
from livefeed.topic import post_topic

TOMBSTONE_MS = 7 * 86_400_000
"""How long a deleted post cannot be created again by a command that comes late."""


def no_such_post() -> NotFound:
    """Return the refusal for a post that is not there."""
    return NotFound("This picture does not exist, or it was deleted.")


def check_post_id(post: object) -> str:
    """Return `post` if it has the form of an id. Raises: NotFound."""
    if not isinstance(post, str) or not identifiers.is_id(post):
        raise no_such_post()
    return post


def changed(post: Mapping[str, Any], caption: str | None, alt: str | None) -> dict[str, Any]:
    """Return a stored post with another caption, the tags that follow from it, and another description."""
    new = {name: value for name, value in post.items() if name != "edited"}
    if caption is not None:
        new |= {"caption": caption, "tags": tags_of(caption, post.get("prompt"))}
    if alt is not None:
        new["alt"] = alt
        if is_blank(alt):
            del new["alt"]
    return new


def revs_of(found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return which totals posts have that were read, by id: those of all that was told on their topics up to there."""
    return {page["post"]["id"]: page["at"] for page in found}


class Posts:
    """Creates, reads and deletes posts; each in one step of the post's slot."""

    def __init__(
        self,
        streams: Streams,
        config: Config,
        people: People,
        *,
        clock: Clock | None = None,
        chance: random.Random | None = None,
    ) -> None:
        self._streams = streams
        self._config = config
        self._people = people
        self._clock = clock or SystemClock()
        self._chance = chance or random.SystemRandom()

    async def create(
        self,
        author: User,
        media: Mapping[str, Any],
        *,
        caption: str = "",
        prompt: str | None = None,
        parent: str | None = None,
        id: str | None = None,
        key: str | None = None,
    ) -> dict[str, Any]:
        """Create a post and return it as it is then.

        id: the post's id when it is known already, as a generation's is; a post that has it is left as it is.
        key: the same key again returns the same post.

        Raises: BadRequest, NotFound (of the parent, or a post that was deleted), KeyReused, StoreUnavailable.
        """
        caption = clean(caption, "caption", limit=self._config.caption_characters)
        if prompt is not None:
            prompt = clean(prompt, "prompt", limit=self._config.prompt_characters)
        origin = None if parent is None else await self.origin(parent)
        if parent is not None and origin is None:
            raise NotFound("The picture to remix does not exist, or it was deleted.")
        if id is not None and not identifiers.is_id(id):
            raise BadRequest("This is no id of a post.")
        post = self._new_id(author["id"], key) if id is None else id
        asked = {"caption": caption, "prompt": prompt, "media": media, "parent": parent}
        new = publication({"id": post, "author": author, "origin": origin, **asked}, self._streams.shards)
        result = await self._streams.commit(
            store.POST_CREATE,
            shard=store.post_shard(post, self._streams.shards),
            topics=[post_topic(post)],
            keys_=store.post_keys(post, self._streams.shards),
            args=new.args,
            once=Once.of(author["id"], key, ["post.create", asked]) if key else None,
            outbox=True,
        )
        created: dict[str, Any] = orjson.loads(result)
        return created

    async def get(self, id: str, viewer: str | None = None) -> dict[str, Any]:
        """Return `{post, at, mine}`: the post, the position it stands for, the viewer's reactions.

        Raises: NotFound, StoreUnavailable.
        """
        found = await self.read(id, viewer)
        if found is None:
            raise no_such_post()
        await refresh_authors(self._people, [found["post"]])
        return found

    async def read(self, id: str, viewer: str | None = None) -> dict[str, Any] | None:
        """Return what `get` returns, with the author as stored, or None when the post is not there."""
        if not identifiers.is_id(id):
            return None
        shards = self._streams.shards
        at, post, mine = await self._streams.read(
            store.POST_READ,
            shard=store.post_shard(id, shards),
            keys_=store.post_keys(id, shards),
            args=[viewer or ""],
        )
        if post is None:
            return None
        return {"post": orjson.loads(post), "at": at.decode(), "mine": orjson.loads(mine)}

    async def exists(self, id: str) -> bool:
        """Tell whether the post is there: who may see it may follow its topic."""
        return await self.read(id) is not None

    async def origin(self, id: str) -> dict[str, Any] | None:
        """Return what a remix shows of this post, `{media}`, or None when the post is not there.

        Its picture and nothing else: that never changes, so what is kept with the remix is right until the post goes.
        """
        found = await self.read(id)
        return None if found is None else {"media": found["post"]["media"]}

    async def publication(self, post: Mapping[str, Any]) -> Publication:
        """Return how another domain's script creates a post, see `publication`; of its parent it shows what there is.

        Raises: StoreUnavailable.
        """
        parent = post.get("parent")
        origin = None if parent is None else await self.origin(parent)
        return publication({**post, "origin": origin}, self._streams.shards)

    async def provenance(self, id: str) -> tuple[dict[str, Any], str]:
        """Return where a post's picture comes from as far as we saw it, and the picture's sha256.

        `{id, digital_source_type, generator, prompt, parents, created}`; the second and third are None of a picture
        that was not made here.
        Raises: NotFound, StoreUnavailable.
        """
        check_post_id(id)
        shards = self._streams.shards
        stored, made = await self._streams.read(
            store.POST_PROVENANCE, shard=store.post_shard(id, shards), keys_=store.post_keys(id, shards)
        )
        if not stored:
            raise no_such_post()
        post = orjson.loads(stored)
        parents = [await self._ancestor(parent) for parent in (post.get("parent"),) if parent is not None]
        return {
            "id": id,
            "digital_source_type": None,
            "generator": None,
            "prompt": worded(post["prompt"], post.get("style")) if "prompt" in post else None,
            "parents": parents,
            "created": post["created"],
            **(orjson.loads(made) if made else {}),
        }, post["media"]["sha256"]

    async def _ancestor(self, id: str) -> dict[str, Any]:
        return {"id": id} if await self.exists(id) else {"id": id, "deleted": True}

    async def delete(self, id: str, user: str, *, key: str | None = None) -> None:
        """Delete a post of `user`'s with its comments and reactions; timelines follow. Repeatable.

        Raises: NotFound, Forbidden, StoreUnavailable.
        """
        check_post_id(id)
        await self._streams.commit(
            store.POST_DELETE,
            shard=store.post_shard(id, self._streams.shards),
            topics=[post_topic(id)],
            keys_=store.post_keys(id, self._streams.shards),
            args=[id, user, TOMBSTONE_MS],
            once=Once.of(user, key, ["post.delete", id]) if key else None,
            outbox=True,
        )

    async def update(
        self, id: str, user: str, *, caption: str | None = None, alt: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Change what a post of `user`'s says, and return it as it is then; its tags follow. What is None stays.

        alt: what the picture shows, for whoever does not see it; blank for none of its own.

        Raises: BadRequest, NotFound, Forbidden, Conflict (somebody else did at the same moment), KeyReused,
            StoreUnavailable.
        """
        if caption is not None:
            caption = clean(caption, "caption", limit=self._config.caption_characters)
        if alt is not None:
            alt = clean(alt, "description", limit=self._config.caption_characters)
        if caption is None and alt is None:
            raise BadRequest("There is nothing to change: give a 'caption', or an 'alt'.")
        shards, shard = self._streams.shards, store.post_shard(check_post_id(id), self._streams.shards)
        keys = store.post_keys(id, shards)
        _, stored, *_ = await self._streams.read(store.LINEAGE_NODE, shard=shard, keys_=keys)
        if stored is None:
            raise no_such_post()
        post = changed(orjson.loads(stored), caption, alt)
        result = await self._streams.commit(
            store.POST_UPDATE,
            shard=shard,
            topics=[post_topic(id)],
            keys_=keys,
            args=[user, stored, orjson.dumps(post)[:-1], orjson.dumps(post["tags"])],
            once=Once.of(user, key, ["post.update", id, caption, alt]) if key else None,
            outbox=True,
        )
        updated: dict[str, Any] = orjson.loads(result)
        return updated

    def _new_id(self, author: str, key: str | None) -> str:
        """Return an id in any shard; the same one for the same author and key."""
        shards = self._streams.shards
        if key:
            shard = zlib.crc32(f"{author}\0{key}".encode(errors="surrogatepass")) % shards
            return identifiers.derive(author, "post.create", key, shard=shard)
        now_ms, shard = self._clock.now_ms(), self._chance.randrange(shards)
        return identifiers.make(now_ms, shard, self._chance.getrandbits(identifiers.CHANCE_BITS))
