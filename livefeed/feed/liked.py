"""What a person reacts to: kept in their slot by a part of the projection `social`, and shown to themselves alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from livefeed.errors import BadRequest
from livefeed.feed import cursor, store
from livefeed.feed.people import People, refresh_authors
from livefeed.feed.posts import Posts, revs_of
from livefeed.feed.together import carry_out
from livefeed.streams.connection import Argument
from livefeed.streams.outbox import Outgoing
from livefeed.streams.script import Script
from livefeed.streams.streams import Streams

KEPT = 5_000
"""Posts of one person's list: those to which they began to react last."""
MARK_MS = 7 * 86_400_000
"""How late an entry may come and still not undo a later one."""


class Liked:
    """Reads what somebody reacts to, and is the part of the projection `social` that keeps it."""

    name = "liked"

    def __init__(self, streams: Streams, posts: Posts, people: People) -> None:
        self._streams = streams
        self._posts = posts
        self._people = people

    async def read(self, person: str, before: str | None = None, limit: int = 30) -> dict[str, Any]:
        """Return what a feed's page has, `{posts, generations, at, next, mine, revs}`: what they reacted to last first.

        at: the position of the person's own topic. A page may hold fewer than `limit`: posts that were deleted are left
        out, and leave the list now, since their own slot does not know on whose lists they are.
        Raises: BadRequest, StoreUnavailable.
        """
        when, after = ("", "") if before is None else cursor.parse_timeline(before)
        shards = self._streams.shards
        at, rows = await self._streams.read(
            store.LIKED_READ,
            shard=store.person_shard(person, shards),
            keys_=store.liked_keys(person, shards),
            args=[when, after, cursor.check_limit(limit) + 1],
        )
        ids, next = cursor.page_of(rows, limit)
        pages = await asyncio.gather(*[self._posts.read(id, person) for id in ids])
        if gone := [id for id, page in zip(ids, pages, strict=True) if page is None]:
            await self._commit(store.LIKED_FORGET, person, store.liked_keys(person, shards), [*gone])
        # A reaction that was taken back a moment ago may still be on the list.
        found = [page for page in pages if page is not None and page["mine"]]
        posts = [page["post"] for page in found]
        await refresh_authors(self._people, posts)
        return {
            "posts": posts,
            "generations": [],
            "at": at.decode(),
            "next": next,
            "mine": {page["post"]["id"]: page["mine"] for page in found},
            "revs": revs_of(found),
        }

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Note what a batch says of reactions; entries may come again and in any order.

        Raises: LivefeedError; everything was tried.
        """
        await carry_out(self._note(entry) for entry in batch if entry.type == "reacted")

    async def _note(self, entry: Outgoing) -> None:
        try:
            post, person, at = entry.data["post"], entry.data["user"], entry.data["at"] if entry.data["on"] else ""
        except KeyError as exc:
            raise BadRequest(f"The outbox entry {entry.type} lacks {exc}.") from exc
        args: list[Argument] = [post, at, entry.mark, KEPT, MARK_MS]
        await self._commit(store.LIKED, person, store.liked_keys(person, self._streams.shards, post), args)

    async def _commit(self, script: Script, person: str, keys: list[str], args: list[Argument]) -> None:
        shard = store.person_shard(person, self._streams.shards)
        await self._streams.commit(script, shard=shard, keys_=keys, args=args)
