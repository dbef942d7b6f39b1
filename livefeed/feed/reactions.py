"""Reactions: any emoji, once per person and emoji."""

from __future__ import annotations

from typing import Any

import orjson

from livefeed.errors import BadRequest
from livefeed.feed import store
from livefeed.feed.emoji import canonical
from livefeed.feed.posts import check_post_id
from livefeed.streams.streams import Once, Streams
from livefeed.topic import post_topic

MAX_EMOJIS = 50
"""Different emojis that one post may have; those it has stay open to everyone."""


class Reactions:
    """Sets and unsets reactions; totals are counted in the same step."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def set(self, post: str, user: str, emoji: str, on: bool, *, key: str | None = None) -> dict[str, Any]:
        """Set or unset one reaction, repeatable, and return `{reactions: {emoji: n}, mine: [emoji]}`.

        Raises: BadRequest (no emoji), NotFound, Conflict (MAX_EMOJIS different ones are there),
            StoreUnavailable.
        """
        check_post_id(post)
        emoji = canonical(emoji)
        if not isinstance(on, bool):
            raise BadRequest("A reaction is set with 'on' true and unset with 'on' false.")
        result = await self._streams.commit(
            store.REACTION,
            shard=store.post_shard(post, self._streams.shards),
            topics=[post_topic(post)],
            keys_=store.post_keys(post, self._streams.shards),
            args=[post, user, emoji, int(on), MAX_EMOJIS],
            once=Once.of(user, key, ["reaction.set", post, emoji, on]) if key else None,
            outbox=True,
        )
        totals: dict[str, Any] = orjson.loads(result)
        return totals
