"""Timelines: `feed:all`, `feed:tag:{tag}`, `feed:user:{id}`, kept by the projection of that name.

It carries all that posts mean beyond their own slot, so lineages and the remixes of parents too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, assert_never

import orjson

from livefeed.errors import BadTopic
from livefeed.feed import cursor, store
from livefeed.feed.effects import Change, Effect, effects
from livefeed.feed.lineage import Lineages
from livefeed.feed.origins import Origins
from livefeed.feed.people import People, refresh_authors
from livefeed.feed.posts import Posts, revs_of
from livefeed.feed.together import carry_out
from livefeed.streams.connection import Argument
from livefeed.streams.outbox import Outgoing
from livefeed.streams.script import Script
from livefeed.streams.streams import Once, Streams
from livefeed.topic import Topic

TIMELINE_POSTS = 10_000
"""Posts a timeline keeps; older ones are still found by their ids."""
LIVE_GENERATIONS = 1_000
"""Queued and running generations a feed keeps."""
SNAPSHOT_GENERATIONS = 100
"""Of those, how many a snapshot names: the newest."""
TOMBSTONE_MS = 7 * 86_400_000
"""How late an entry may come and still not undo a deletion."""
MARK_MS = 2 * 86_400_000
"""How late totals may come and still not replace newer ones."""

REMIXES_IN_THE_MAKING = 200
"""Remixes being made that a post remembers, the newest."""

TOLD_ONCE = frozenset({Change.POST, Change.DELETION, Change.GENERATION, Change.REMIX, Change.BEGINNING})
"""What leaves a mark of its own for a day, so that a repeat says nothing. Totals need none: the newest mark
is kept per post, as that of edits is; ends and deletions of remixes say nothing."""


class Timelines:
    """Reads feeds, and is the projection (see streams.outbox) that keeps them."""

    name = "timelines"

    def __init__(self, streams: Streams, posts: Posts, people: People, lineages: Lineages) -> None:
        self._streams = streams
        self._posts = posts
        self._people = people
        self._lineages = lineages
        self._origins = Origins(streams)

    async def read(
        self,
        topic: Topic,
        before: str | None = None,
        limit: int = 30,
        viewer: str | None = None,
        *,
        remixes: bool = False,
    ) -> dict[str, Any]:
        """Return `{posts, generations, at, next, mine, revs}` of a feed, newest first.

        generations: ids of queued and running ones, newest first, on the first page only. at: the position of
        the timeline; the posts are read after it, so they may be newer. next: the next `before`, None at the
        end. mine: the viewer's reactions by post id, for posts that have some. revs: which totals the posts have, by
        id. limit: 1 to 100 posts; a page may hold fewer, when some were deleted just now. remixes: of a person's feed,
        only those of its posts that were made from another, and no generations.

        Raises: BadTopic, BadRequest, StoreUnavailable.
        """
        if topic.name != "feed:all" and not topic.name.startswith(("feed:tag:", "feed:user:", "feed:following:")):
            raise BadTopic("This is no feed: take 'feed:all', 'feed:tag:…', 'feed:user:…' or one's own following.")
        created, after = ("", "") if before is None else cursor.parse_timeline(before)
        keys = store.timeline_keys(topic, self._streams.shards)
        if remixes:
            keys[0] = store.remix_keys(topic, self._streams.shards)[0]
        at, rows, live = await self._streams.read(
            store.TIMELINE_READ,
            shard=self._streams.shard(topic),
            keys_=keys,
            args=[created, after, cursor.check_limit(limit) + 1, 0 if remixes else SNAPSHOT_GENERATIONS],
        )
        ids, next = cursor.page_of(rows, limit)
        found = [page for page in await asyncio.gather(*[self._posts.read(id, viewer) for id in ids]) if page]
        posts = [page["post"] for page in found]
        await refresh_authors(self._people, posts)
        return {
            "posts": posts,
            "generations": [id.decode() for id in live] if before is None else [],
            "at": at.decode(),
            "next": next,
            "mine": {page["post"]["id"]: page["mine"] for page in found if page["mine"]},
            "revs": revs_of(found),
        }

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Carry out what a batch asks for; entries may come again and in any order.

        Raises: LivefeedError; every effect was tried.
        """
        await carry_out(self._carry_out(effect) for effect in effects(batch))

    async def _carry_out(self, effect: Effect) -> None:
        if effect.change is Change.FELLING:
            await self._lineages.fell(effect.entity, None if effect.data is None else effect.data["parent"])
            return
        if effect.change is Change.WITHDRAWAL:
            await self._origins.withdraw(effect.entity, effect.mark)
            return
        if effect.change is Change.REMIX:
            # Before it is told, so that whoever hears of it, or reads the lineage from then on, finds it there.
            await self._lineages.grow(effect.entity, effect.topic.rest, effect.mark)
        script, keys, args = self._command(effect)
        # A slot holds several feeds, so the topic is part of the key.
        once = Once.of(self.name, f"{effect.topic.name} {effect.mark}", effect.change.value)
        # Not bounded by the outbox it may write to (a parent's totals): projections must go on to empty it.
        answer = await self._streams.commit(
            script,
            shard=self._streams.shard(effect.topic),
            topics=[effect.topic],
            keys_=keys,
            args=args,
            once=once if effect.change in TOLD_ONCE else None,
        )
        if effect.change is Change.REMIX and answer == b"gone":
            await self._origins.leave(effect.entity)

    def _command(self, effect: Effect) -> tuple[Script, list[str], list[Argument]]:
        """Return the script of an effect, its keys and its arguments."""
        args: list[Argument]
        shards = self._streams.shards
        data = b"" if effect.data is None else orjson.dumps(effect.data)
        keys = store.timeline_entry_keys(effect.topic, effect.entity, shards)
        match effect.change:
            case Change.POST:
                args = [effect.entity, effect.created, data, TIMELINE_POSTS, effect.mark, _is_remix(effect)]
                return store.TIMELINE_POST, keys, args
            case Change.DELETION:
                return store.TIMELINE_DELETE, keys, [effect.entity, TOMBSTONE_MS, effect.mark]
            case Change.GENERATION:
                args = [effect.entity, effect.created, data, LIVE_GENERATIONS, effect.mark]
                return store.TIMELINE_GENERATION, keys, args
            case Change.END:
                return store.TIMELINE_END, keys, [effect.entity, TOMBSTONE_MS]
            case Change.UPDATE | Change.DEPARTURE:
                here = int(effect.change is Change.UPDATE)
                args = [effect.entity, effect.created, data, TIMELINE_POSTS, effect.mark, here, MARK_MS]
                args.append(_is_remix(effect))
                return store.TIMELINE_UPDATE, keys, args
            case Change.COUNTERS:
                remixes = effect.data["remixes"] if effect.data and _of_person(effect.topic) else ""
                args = [effect.entity, effect.mark, data, MARK_MS, remixes, TIMELINE_POSTS]
                return store.TIMELINE_COUNTERS, keys, args
            case Change.REMIX | Change.REMIX_DELETION:
                parent = effect.topic.rest
                keys = [*store.post_keys(parent, shards), store.unremixed_key(parent, effect.entity, shards)]
                return store.REMIX, keys, [parent, effect.entity, data, TOMBSTONE_MS]
            case Change.BEGINNING | Change.ENDING:
                parent, begun = effect.topic.rest, effect.change is Change.BEGINNING
                keys = [*store.post_keys(parent, shards), store.remixed_key(parent, effect.entity, shards)]
                args = [effect.entity, effect.created if begun else "", data, REMIXES_IN_THE_MAKING, TOMBSTONE_MS]
                return store.REMIXING, keys, args
            case Change.FELLING | Change.WITHDRAWAL:
                raise AssertionError("Lineages and Origins carry out their part themselves.")
            case _:
                assert_never(effect.change)


def _of_person(feed: Topic) -> bool:
    return feed.name.startswith("feed:user:")


def _is_remix(effect: Effect) -> int:
    """Tell whether a post counts among the remixes of the person whose feed it comes to."""
    post = effect.data["post"] if effect.data else {}
    return int(_of_person(effect.topic) and bool(post.get("parent")))
