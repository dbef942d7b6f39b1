"""Notifications: what concerns one person, kept in their slot by a part of the projection `social`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

import orjson

from livefeed.errors import BadRequest
from livefeed.feed import cursor, store
from livefeed.feed.aloud import SILENT, Aloud
from livefeed.feed.notices import (
    EXCERPT,
    Clearance,
    Notice,
    Reaction,
    Remix,
    Told,
    Withdrawal,
    notices,
    reaction_id,
    remix_id,
)
from livefeed.feed.people import People, snapshot
from livefeed.feed.posts import Posts
from livefeed.feed.timelines import TOMBSTONE_MS
from livefeed.feed.together import carry_out
from livefeed.streams.connection import Argument
from livefeed.streams.outbox import Outgoing
from livefeed.streams.script import Script
from livefeed.streams.streams import Streams
from livefeed.topic import user_topic

KEPT = 500
"""Notifications of one person: the newest."""
PEOPLE = 1_000
"""People whose reactions to one post are counted."""
CROWD_MS = 30 * 86_400_000
"""How long they are remembered after the last one."""


class Notifications:
    """Reads people's notifications, and is the part of the projection `social` that keeps them."""

    name = "notifications"

    def __init__(self, streams: Streams, posts: Posts, people: People, aloud: Aloud = SILENT) -> None:
        """aloud: what else is done when a person is told something, in the same step."""
        self._streams = streams
        self._posts = posts
        self._people = people
        self._aloud = aloud
        self._add, self._reaction = store.telling(aloud)

    async def read(self, person: str, before: str | None = None, limit: int = 30) -> dict[str, Any]:
        """Return `{notifications, unread, at, next}`: the newest first, as what they are about stands now.

        unread: how many in all. at: the position of the person's topic. next: the next `before`, None at the end. A
        page may hold fewer than `limit`: what is gone by now is left out.

        Raises: BadRequest, StoreUnavailable.
        """
        cursor.check_limit(limit)
        at, unread, read, rows, texts = await self._streams.read(
            store.NOTICES_LIST,
            shard=store.person_shard(person, self._streams.shards),
            keys_=store.notices_keys(person, self._streams.shards),
            args=["" if before is None else cursor.parse_thread(before), limit + 1],
        )
        found = [orjson.loads(text) for text in texts[:limit]]
        shown = [each for each in await asyncio.gather(*[self._present(person, one) for one in found]) if each]
        there = {each["id"] for each in shown}
        known = await self._people.users({actor["id"] for each in shown for actor in each["actors"]})
        for each in shown:
            each["actors"] = [snapshot(known.get(actor["id"], actor)) for actor in each["actors"]]
            each["unread"] = each["time"] > int(read)
        return {
            "notifications": shown,
            "unread": unread - sum(one["time"] > int(read) for one in found if one["id"] not in there),
            "at": at.decode(),
            "next": str(int(rows[2 * limit - 1])) if len(texts) > limit else None,
        }

    async def one(self, person: str, id: str) -> dict[str, Any] | None:
        """Return an unread notification as what it is about stands now, with the `title` of its picture if it has one.

        None when it was read, or is gone. Raises: StoreUnavailable.
        """
        shards = self._streams.shards
        text, read = await self._streams.read(
            store.NOTICE_ONE,
            shard=store.person_shard(person, shards),
            keys_=store.notices_keys(person, shards),
            args=[id],
        )
        notice = await self._present(person, orjson.loads(text)) if text else None
        if notice is None or notice["time"] <= int(read):
            return None
        known = await self._people.users({actor["id"] for actor in notice["actors"]})
        notice["actors"] = [snapshot(known.get(actor["id"], actor)) for actor in notice["actors"]]
        # A finished picture that was posted has the generation's id.
        found = await self._posts.read(notice.get("post") or notice.get("generation", ""))
        if found is not None:
            post = found["post"]
            notice |= {"post": post["id"], "media": post["media"], "title": post["caption"] or post.get("prompt") or ""}
        return notice

    async def mark_read(self, person: str, until: int) -> dict[str, int]:
        """Take all up to a time in ms as read, and return `{until, unread}`. What was read stays read.

        Raises: BadRequest, StoreUnavailable.
        """
        if not 0 <= until < 2**53:
            raise BadRequest("'until' is a time in milliseconds since 1970, such as that of the newest one shown.")
        answer: dict[str, int] = orjson.loads(await self._commit(store.NOTICES_READ, person, "", [until]))
        return answer

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Tell people what a batch means for them; entries may come again and in any order.

        Raises: LivefeedError; everything was tried.
        """
        told: list[Told] = [each for entry in batch for each in notices(entry)]
        await carry_out(self._tell(each) for each in told)

    async def _tell(self, told: Told) -> None:
        match told:
            case Notice():
                args: list[Argument] = [told.id, orjson.dumps(told.as_dict())[:-1], KEPT]
                await self._commit(self._add, told.person, told.id, args)
            case Withdrawal():
                await self._commit(store.NOTICE_REMOVE, told.person, told.id, [told.id, TOMBSTONE_MS])
            case Clearance():
                args = [told.post, TOMBSTONE_MS]
                await self._commit(store.NOTICE_CLEAR, told.person, reaction_id(told.post), args)
            case Reaction():
                await self._tell_reaction(told)
            case Remix():
                await self._tell_remix(told)
            case _:
                assert_never(told)

    async def _tell_reaction(self, told: Reaction) -> None:
        known = await self._people.users([told.actor])
        actor = snapshot(known.get(told.actor, {"id": told.actor, "handle": "", "avatar": ""}))
        id = reaction_id(told.post)
        args: list[Argument] = [id, told.post, told.actor, int(told.on), told.mark, orjson.dumps(actor)]
        await self._commit(self._reaction, told.person, id, [*args, KEPT, PEOPLE, CROWD_MS])

    async def _tell_remix(self, told: Remix) -> None:
        parent = await self._posts.read(told.parent)
        if parent is None:
            return  # nobody's any more
        owner, id = parent["post"]["author"]["id"], remix_id(told.child)
        if told.author is None:
            await self._tell(Withdrawal(owner, id))
        elif owner != told.author["id"] and owner not in told.credited:  # who is named on it has been told so
            about = {"post": told.child, "parent": told.parent}
            await self._tell(Notice(owner, id, "remix", told.author, about))

    async def _present(self, person: str, notice: dict[str, Any]) -> dict[str, Any] | None:
        """Return a notification as what it is about stands now; None, and it leaves, if that is gone."""
        if "post" not in notice:
            return notice
        shards = self._streams.shards
        post, comments = await self._streams.read(
            store.POST_GLANCE,
            shard=store.post_shard(notice["post"], shards),
            keys_=store.post_keys(notice["post"], shards),
            args=[notice["comment"]] if "comment" in notice else [],
        )
        comment: Mapping[str, Any] = orjson.loads(comments[0]) if comments and comments[0] else {}
        if post is None or ("comment" in notice and "text" not in comment):
            await self._tell(Withdrawal(person, notice["id"]))
            return None
        text = {"text": comment["text"][:EXCERPT]} if comment else {}
        return {**notice, **text, "media": orjson.loads(post)["media"]}

    async def _commit(self, script: Script, person: str, notice: str, args: Sequence[Argument]) -> bytes:
        shards = self._streams.shards
        aloud = self._aloud.keys(person) if script in (self._add, self._reaction) else []
        return await self._streams.commit(
            script,
            shard=store.person_shard(person, shards),
            topics=[user_topic(person)],
            keys_=store.notices_keys(person, shards, notice) + aloud,
            args=args,
        )
