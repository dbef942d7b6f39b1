"""What remixes show of the pictures they were made from: it goes with these, in steps of the projection `timelines`.

A remix has it from its creation. Its parent's slot lists the remixes, so whoever deletes the parent knows whom to tell;
a remix that comes to the list too late is told by whoever brings it there.
"""

from __future__ import annotations

import asyncio

import orjson

from livefeed.feed import store
from livefeed.streams.streams import Streams
from livefeed.topic import post_topic

REMIXES_AT_ONCE = 100
"""Remixes that one step tells; so a picture with many of them does not hold up the others."""


class Origins:
    """Takes deleted pictures out of their remixes."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def withdraw(self, parent: str, mark: str) -> None:
        """Take a deleted picture out of the next of its remixes, and leave the others to a step of its own.

        mark: the id of the event that told of the deletion. Repeatable.
        Raises: StoreUnavailable.
        """
        shards = self._streams.shards
        shard, keys = store.post_shard(parent, shards), store.post_keys(parent, shards)
        found = await self._streams.read(store.ORIGIN_NEXT, shard=shard, keys_=keys, args=[REMIXES_AT_ONCE])
        remixes = [id.decode() for id in found]
        if not remixes:
            return
        await asyncio.gather(*[self.leave(remix) for remix in remixes])
        step = orjson.dumps({"id": parent})
        await self._streams.commit(store.ORIGIN_STEP, shard=shard, keys_=keys, args=[mark, step, *remixes])

    async def leave(self, remix: str) -> None:
        """Have a post show nothing of the picture it was made from. Repeatable. Raises: StoreUnavailable."""
        shards = self._streams.shards
        await self._streams.commit(
            store.ORIGIN_GONE,
            shard=store.post_shard(remix, shards),
            topics=[post_topic(remix)],
            keys_=store.post_keys(remix, shards),
        )
