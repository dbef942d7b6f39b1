"""`feed:following`: everybody's own feed, written to the followers of whoever makes something.

It is a part of the projection `social`. A step tells so many followers and leaves the rest to the outbox, so that
somebody with many followers does not hold up the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, assert_never

import orjson

from livefeed.errors import BadRequest
from livefeed.feed import store
from livefeed.feed.effects import totals_of
from livefeed.feed.timelines import MARK_MS, TOMBSTONE_MS
from livefeed.feed.together import carry_out
from livefeed.streams.connection import Argument
from livefeed.streams.outbox import Outgoing
from livefeed.streams.script import Script
from livefeed.streams.streams import Once, Streams
from livefeed.topic import feed_following

FOLLOWERS_AT_ONCE = 200
"""Followers that one step tells. Totals are told to the followers of those who have no more than that."""
TIMELINE_POSTS = 1_000
"""Posts that a person's own feed keeps."""
LIVE_GENERATIONS = 100
NEWEST = 20
"""Posts of somebody that come into the feed of a new follower."""


class Change(StrEnum):
    """What a follower is told of."""

    POST = "post"
    DELETION = "deletion"
    UPDATE = "update"
    COUNTERS = "counters"
    GENERATION = "generation"
    END = "end"


@dataclass(frozen=True, slots=True)
class Telling:
    """Something that an author's followers are to be told. mark: the id of the event it comes from.

    after: the follower after whom to go on, "" : from the first.
    """

    change: Change
    author: str
    entity: str
    mark: str
    created: int = 0
    data: Mapping[str, Any] | None = None
    after: str = ""


def telling(entry: Outgoing) -> Telling | None:
    """Return what an outbox entry means for followers, if anything. Raises: BadRequest for one that makes no sense."""
    try:
        return _telling(entry)
    except (KeyError, TypeError, AttributeError, ValueError) as exc:
        raise BadRequest(f"The outbox entry {entry.type} lacks {exc}.") from exc


def _telling(entry: Outgoing) -> Telling | None:
    data, mark = entry.data, entry.mark
    match entry.type:
        case "post.created":
            post = data["post"]
            return Telling(Change.POST, post["author"]["id"], post["id"], mark, post["created"], {"post": post})
        case "post.deleted":
            return Telling(Change.DELETION, data["author"], data["id"], mark)
        case "post.updated":
            post = data["post"]
            return Telling(Change.UPDATE, post["author"]["id"], post["id"], mark, data={"post": post})
        case "post.counters":
            return Telling(Change.COUNTERS, data["author"], data["post"], mark, data=totals_of(entry))
        case "generation.created":
            made = data["generation"]
            told = {"generation": made}
            return Telling(Change.GENERATION, made["author"]["id"], made["id"], mark, made["created"], told)
        case "generation.ended":
            return Telling(Change.END, data["author"], data["id"], mark)
        case "following.step":
            return Telling(**{**data, "change": Change(data["change"])})
        case _:
            return None


class Following:
    """The part of the projection `social` that keeps everybody's `feed:following`, and who is followed by whom."""

    name = "following"

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Carry out what a batch asks for; entries may come again and in any order.

        Raises: LivefeedError; everything was tried.
        """
        newest = {entry.data.get("post"): entry for entry in batch if entry.type == "post.counters"}
        due = [e for e in batch if e.type != "post.counters" or newest[e.data.get("post")] is e]
        await carry_out(self._carry_out(entry) for entry in due)

    async def _carry_out(self, entry: Outgoing) -> None:
        if entry.type in ("follow.created", "follow.deleted"):
            await self._change(entry, on=entry.type == "follow.created")
        elif (told := telling(entry)) is not None:
            await self._step(told)

    async def _change(self, entry: Outgoing, *, on: bool) -> None:
        """Note that somebody follows an author, or no more, and give a new follower the author's newest posts."""
        shards, follower, author = self._streams.shards, entry.data["follower"]["id"], entry.data["followed"]
        newest = await self._streams.commit(
            store.FOLLOWERS_CHANGE,
            shard=store.person_shard(author, shards),
            keys_=[*store.followers_keys(author, shards), store.unfollowed_key(author, follower, shards)],
            args=[follower, entry.data["since"], int(on), TOMBSTONE_MS],
        )
        for id in newest.decode().split():
            raw, event = await self._streams.read(
                store.POST_TOLD, shard=store.post_shard(id, shards), keys_=store.post_keys(id, shards)
            )
            if raw is not None:
                post = orjson.loads(raw)
                told = Telling(Change.POST, author, id, event.decode(), post["created"], {"post": post})
                await self._tell(follower, told)

    async def _step(self, told: Telling) -> None:
        """Tell the next followers, and leave those behind them to a step of its own."""
        shards, shard = self._streams.shards, store.person_shard(told.author, self._streams.shards)
        keys = store.followers_keys(told.author, shards)
        noted = told.entity if told.change in (Change.POST, Change.DELETION) and not told.after else ""
        found = await self._streams.commit(
            store.FOLLOWERS_STEP,
            shard=shard,
            keys_=keys,
            args=[
                noted,
                told.created or "",
                NEWEST,
                told.after,
                FOLLOWERS_AT_ONCE,
                FOLLOWERS_AT_ONCE if told.change is Change.COUNTERS else "",
            ],
        )
        followers = found.decode().split()
        await asyncio.gather(*[self._tell(follower, told) for follower in followers])
        if len(followers) == FOLLOWERS_AT_ONCE and told.change is not Change.COUNTERS:
            rest = orjson.dumps(asdict(replace(told, after=followers[-1])))
            once = Once.of(self.name, f"{told.entity} {told.mark} {told.change} {followers[-1]}", told.change)
            await self._streams.commit(store.FOLLOWERS_NEXT, shard=shard, keys_=keys, args=[told.mark, rest], once=once)

    async def _tell(self, follower: str, told: Telling) -> None:
        script, args = _command(told)
        shards = self._streams.shards
        await self._streams.commit(
            script,
            shard=store.person_shard(follower, shards),
            topics=[feed_following(follower)],
            keys_=store.following_keys(follower, shards, told.entity),
            args=[told.entity, told.author, *args],
        )


def _command(told: Telling) -> tuple[Script, list[Argument]]:
    data = b"" if told.data is None else orjson.dumps(told.data)
    match told.change:
        case Change.POST:
            return store.FOLLOWING_POST, [told.created, data, told.mark, TIMELINE_POSTS]
        case Change.DELETION:
            return store.FOLLOWING_DELETE, [TOMBSTONE_MS, told.mark]
        case Change.UPDATE:
            return store.FOLLOWING_UPDATE, [data, told.mark, MARK_MS]
        case Change.COUNTERS:
            return store.FOLLOWING_COUNTERS, [data, told.mark, MARK_MS]
        case Change.GENERATION:
            return store.FOLLOWING_GENERATION, [told.created, data, told.mark, LIVE_GENERATIONS]
        case Change.END:
            return store.FOLLOWING_END, [TOMBSTONE_MS]
        case _:
            assert_never(told.change)
