"""Comments on a post, and one level of replies to them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import orjson

from livefeed import identifiers
from livefeed.clock import Clock, SystemClock
from livefeed.config import Config
from livefeed.errors import BadRequest, NotFound
from livefeed.feed import cursor, store
from livefeed.feed.mentions import NamedPeople, handles_in, mentioned, renamed
from livefeed.feed.people import User, refresh_authors, snapshot
from livefeed.feed.posts import check_post_id, no_such_post
from livefeed.feed.tags import tags_of
from livefeed.streams.streams import Once, Streams
from livefeed.text import clean, is_blank
from livefeed.topic import post_topic

REMIXES = 50
"""Remixes in the making that a thread's first page names, the newest."""

_REWRITTEN = frozenset({"text", "mentions", "tags", "edited"})
"""What another text changes of a comment."""


class Comments:
    """Creates, changes, lists and deletes comments; each in one step of the post's slot."""

    def __init__(
        self,
        streams: Streams,
        config: Config,
        people: NamedPeople,
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
        self, post: str, author: User, text: str, *, parent: str | None = None, key: str | None = None
    ) -> dict[str, Any]:
        """Comment on a post, or reply to the comment `parent` of the same post, and return the comment.

        Whom it mentions is found out now: `mentions` names ids, which stay when people change their handles.

        key: the same key again returns the same comment.

        Raises: BadRequest, NotFound, KeyReused, StoreUnavailable.
        """
        shard = store.post_shard(check_post_id(post), self._streams.shards)
        text = self._clean(text)
        if parent is not None and not isinstance(parent, str):
            raise BadRequest("The parent of a reply is the id of a comment.")
        comment = self._new_id(post, author["id"], key)
        fixed = {"id": comment, "post": post, "author": snapshot(author), **await self._written(text)}
        if parent is not None:
            fixed["parent"] = parent
        result = await self._streams.commit(
            store.COMMENT_CREATE,
            shard=shard,
            topics=[post_topic(post)],
            keys_=store.post_keys(post, self._streams.shards),
            args=[post, comment, orjson.dumps(fixed)[:-1], parent or ""],
            once=Once.of(author["id"], key, ["comment.create", post, text, parent]) if key else None,
            outbox=True,
        )
        created: dict[str, Any] = orjson.loads(result)
        return created

    async def list(self, post: str, before: str | None = None, limit: int = 50) -> dict[str, Any]:
        """Return `{comments, generations, at, next}`: the newest comments before a cursor, oldest first.

        limit: 1 to 100. generations: ids of the remixes that are being made, newest first, on the first page only. at:
        the position of all of it. next: the cursor of the page before this one, None at the first comment.

        Raises: BadRequest, NotFound, StoreUnavailable.
        """
        shards = self._streams.shards
        cursor.check_limit(limit)
        at, there, rows, texts, remixes = await self._streams.read(
            store.COMMENT_LIST,
            shard=store.post_shard(check_post_id(post), shards),
            keys_=store.post_keys(post, shards),
            args=["", limit + 1, REMIXES] if before is None else [cursor.parse_thread(before), limit + 1, 0],
        )
        if there == b"0":
            raise no_such_post()
        comments = [orjson.loads(text) for text in texts[:limit]]
        more = len(texts) > limit
        await refresh_authors(self._people, comments)
        await self._refresh_mentions(comments)
        return {
            "comments": comments[::-1],
            "generations": [id.decode() for id in remixes],
            "at": at.decode(),
            "next": str(int(rows[2 * limit - 1])) if more else None,
        }

    async def update(self, comment: str, user: str, text: str, *, key: str | None = None) -> dict[str, Any]:
        """Give a comment of `user`'s another text, and return the comment as it is then.

        Raises: BadRequest, NotFound, Forbidden, Conflict (it was changed at the same moment), KeyReused,
            StoreUnavailable.
        """
        shards, post, text = self._streams.shards, post_of(comment), self._clean(text)
        stored = await self._streams.store.execute("HGET", store.comments_key(post, shards), comment)
        if stored is None:
            raise _no_such_comment()
        changing = {name: value for name, value in orjson.loads(stored).items() if name not in _REWRITTEN}
        result = await self._streams.commit(
            store.COMMENT_UPDATE,
            shard=store.post_shard(post, shards),
            topics=[post_topic(post)],
            keys_=store.post_keys(post, shards),
            args=[post, comment, user, stored, orjson.dumps(changing | await self._written(text))[:-1]],
            once=Once.of(user, key, ["comment.update", comment, text]) if key else None,
            outbox=True,
        )
        updated: dict[str, Any] = orjson.loads(result)
        return updated

    def _clean(self, text: str) -> str:
        text = clean(text, "comment", limit=self._config.comment_characters)
        if is_blank(text):
            raise BadRequest("A comment needs some text.")
        return text

    async def _written(self, text: str) -> dict[str, Any]:
        """Return a text with what it says besides: `{text, mentions?, tags?}`."""
        handles = handles_in(text)
        found = {
            "mentions": mentioned(text, await self._people.named(handles)) if handles else [],
            "tags": tags_of(text),
        }
        return {"text": text} | {name: value for name, value in found.items() if value}

    async def _refresh_mentions(self, comments: Sequence[dict[str, Any]]) -> None:
        """Put present handles into what comments say of people."""
        mentioning = [comment for comment in comments if comment.get("mentions")]
        if not mentioning:
            return
        known = await self._people.users({each["id"] for comment in mentioning for each in comment["mentions"]})
        for comment in mentioning:
            comment["text"], comment["mentions"] = renamed(comment["text"], comment["mentions"], known)

    async def delete(self, comment: str, user: str, *, key: str | None = None) -> None:
        """Delete a comment of `user`'s. Replies to it stay: they are others' words. Repeatable.

        Raises: NotFound, Forbidden, StoreUnavailable.
        """
        post = post_of(comment)
        await self._streams.commit(
            store.COMMENT_DELETE,
            shard=store.post_shard(post, self._streams.shards),
            topics=[post_topic(post)],
            keys_=store.post_keys(post, self._streams.shards),
            args=[post, comment, user],
            once=Once.of(user, key, ["comment.delete", comment]) if key else None,
            outbox=True,
        )

    def _new_id(self, post: str, author: str, key: str | None) -> str:
        shard = identifiers.shard_of(post)
        if key:
            return f"{post}.{identifiers.derive(author, 'comment.create', key, shard=shard)}"
        chance = self._chance.getrandbits(identifiers.CHANCE_BITS)
        return f"{post}.{identifiers.make(self._clock.now_ms(), shard, chance)}"


def post_of(comment: object) -> str:
    """Return the id of the post that a comment's id names. Raises: NotFound."""
    if isinstance(comment, str):
        post, _, own = comment.partition(".")
        if identifiers.is_id(post) and identifiers.is_id(own):
            return post
    raise _no_such_comment()


def _no_such_comment() -> NotFound:
    return NotFound("This comment does not exist, or it was deleted.")
