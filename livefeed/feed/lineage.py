"""Lineages: the trees that remixes make, each kept whole in the slot of its root.

A place in a tree is taken when the remix is told of, and left when it is deleted; a deleted post keeps a tombstone for
as long as something grows from it. Both happen once however often and in whatever order they are asked for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from livefeed.feed import cursor, store, tree
from livefeed.feed.people import People, refresh_authors
from livefeed.feed.posts import TOMBSTONE_MS, check_post_id, no_such_post
from livefeed.streams.connection import Argument
from livefeed.streams.script import Script
from livefeed.streams.streams import Streams

BRANCHES = 12
"""Remixes of one post that are read at once, the newest."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a post stands: below its parent ("" : it is a root), told of at `born` (ms, as 13 digits)."""

    id: str
    parent: str
    born: str
    gone: bool


class Lineages:
    """Reads lineages, and keeps them for the projection."""

    def __init__(self, streams: Streams, people: People) -> None:
        self._streams = streams
        self._people = people

    async def read(self, id: str, before: str | None = None, limit: int = 30) -> dict[str, Any]:
        """Return `{nodes}`: the posts of the lineage that are nearest to one, a parent before its remixes.

        nodes: first half of them at most the way to the root, then remixes breadth first, from the post itself upward;
            the newest of each, the oldest of these first. A node's `next` is the `before` of a page with more of its
            remixes, None if there are none; such a page holds that node again. Each node's `at` is the position from
            which its topic tells what is not in the answer.
        limit: 1 to 100 nodes. Reads that many posts, from their slots, and the tree twice.

        Raises: NotFound, BadRequest, StoreUnavailable.
        """
        check_post_id(id)
        page = None if before is None else cursor.parse_branch(before)
        limit = cursor.check_limit(limit)
        stem, root = await self._stem(id)
        if stem[0].gone:
            raise no_such_post()
        args: list[Argument] = [limit, BRANCHES]
        args += ["", (limit + 1) // 2] if page is None else page
        if page is None:
            for place in stem:
                args += (place.id, place.parent, place.born)
        known = await self._nodes(await self._rows(root, args))
        # Remixes take their place before they are told of: what the positions above leave out is in the tree by now.
        rows = await self._rows(root, args)
        late = await self._nodes([row for row in rows if row.id not in known], newborn=True)
        nodes = tree.drawn(rows, known | late)
        if page is None and not any(node["id"] == id and "deleted" not in node for node in nodes):
            raise no_such_post()
        await refresh_authors(self._people, [node for node in nodes if "author" in node])
        return {"nodes": nodes}

    async def grow(self, id: str, parent: str, event: str) -> None:
        """Give a remix its place below its parent, which may be gone. event: the id of the one that told of it.

        Raises: StoreUnavailable.
        """
        above, root = await self._stem(parent)
        places = [Place(id, parent, _born(event), gone=False), *above]
        while missing := await self._placed(root, places):
            place, _ = await self._place(missing)
            places.append(place if place.parent or missing == root else Place(missing, root, place.born, place.gone))
        await self._change(store.LINEAGE_ROOT, id, store.post_keys(id, self._streams.shards), [root])

    async def fell(self, id: str, parent: str | None) -> None:
        """Take a deleted post out of its lineage, or leave its tombstone there. Raises: StoreUnavailable."""
        root = id
        if parent is not None:
            _, known = await self._place(id)
            root = known or (await self._stem(parent))[1]
        keys = store.lineage_keys(root, self._streams.shards)
        await self._change(store.LINEAGE_FELL, root, keys, [root, id, TOMBSTONE_MS])

    async def _placed(self, root: str, places: Sequence[Place]) -> str:
        args: list[Argument] = [root]
        for place in places:
            args += (place.id, place.parent, place.born, int(place.gone))
        keys = store.lineage_keys(root, self._streams.shards)
        return (await self._change(store.LINEAGE_GROW, root, keys, args)).decode()

    async def _change(self, script: Script, post: str, keys: Sequence[str], args: Sequence[Argument]) -> bytes:
        shard = store.post_shard(post, self._streams.shards)
        return await self._streams.commit(script, shard=shard, keys_=keys, args=args)

    async def _rows(self, root: str, args: Sequence[Argument]) -> list[tree.Row]:
        shards = self._streams.shards
        found = await self._streams.read(
            store.LINEAGE_READ, shard=store.post_shard(root, shards), keys_=store.lineage_keys(root, shards), args=args
        )
        texts = [text.decode() for text in found]
        return [tree.Row(*texts[i : i + 4]) for i in range(0, len(texts), 4)]

    async def _nodes(self, rows: Iterable[tree.Row], *, newborn: bool = False) -> dict[str, Mapping[str, Any]]:
        """Return what the posts say of themselves, by id; without what is deleted.

        newborn: they are to be followed from their very beginning.
        """
        shards = self._streams.shards
        ids = [row.id for row in rows]
        found = await asyncio.gather(
            *[
                self._streams.read(
                    store.LINEAGE_NODE, shard=store.post_shard(id, shards), keys_=store.post_keys(id, shards)
                )
                for id in ids
            ]
        )
        return {
            id: tree.node(orjson.loads(post), remixes=remixes, at=(event if newborn else head).decode())
            for id, (head, post, remixes, event) in zip(ids, found, strict=True)
            if post is not None
        }

    async def _stem(self, id: str) -> tuple[list[Place], str]:
        """Return the places from a post towards its root, as far as they do not know their root, and the root.

        It is one place but for posts that have just been made.
        """
        places: list[Place] = []
        while True:
            place, root = await self._place(id)
            places.append(place)
            if root or not place.parent:
                return places, root or place.id
            id = place.parent

    async def _place(self, id: str) -> tuple[Place, str]:
        """Return where a post says that it stands, and its root if it knows it, else ""."""
        shards = self._streams.shards
        there, parent, root, event = await self._streams.read(
            store.LINEAGE_PLACE, shard=store.post_shard(id, shards), keys_=store.post_keys(id, shards)
        )
        born = _born(event.decode() if event else "0-0")
        return Place(id, (parent or b"").decode(), born, gone=there == b"0"), (root or b"").decode()


def _born(event: str) -> str:
    return event.partition("-")[0].zfill(13)
