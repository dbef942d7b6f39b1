"""Who follows whom: kept twice, in the slot of who follows and, by a projection (following.py), of who is followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from livefeed.errors import BadRequest
from livefeed.feed import store
from livefeed.feed.people import User, snapshot
from livefeed.streams.connection import Argument
from livefeed.streams.script import Script
from livefeed.streams.streams import Once, Streams
from livefeed.topic import feed_following

MAX_FOLLOWED = 5_000
"""People one may follow."""
TURN_MS = 7 * 86_400_000
"""How late news of a change may come and still not undo a later one."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands among the others. followed: whether whoever looks follows them."""

    followers: int
    following: int
    followed: bool

    def as_dict(self) -> dict[str, Any]:
        """Return what a profile says of it."""
        return {"followers": self.followers, "following": self.following, "followed": self.followed}


class Follows:
    """Follows and unfollows; each in one step of the follower's slot. Repeatable."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams

    async def follow(self, follower: User, followed: User, *, key: str | None = None) -> None:
        """Let `follower` follow somebody: their newest posts come into the follower's feed, and all that they make now.

        Raises: BadRequest (oneself), Conflict (MAX_FOLLOWED), KeyReused, StoreUnavailable.
        """
        if follower["id"] == followed["id"]:
            raise BadRequest("You cannot follow yourself.")
        told, who = orjson.dumps(snapshot(followed)), orjson.dumps(snapshot(follower))
        args: list[Argument] = [followed["id"], told, who, MAX_FOLLOWED, TURN_MS]
        once = Once.of(follower["id"], key, ["follow", followed["id"]]) if key else None
        await self._commit(store.FOLLOW, follower, args, once)

    async def unfollow(self, follower: User, followed: User, *, key: str | None = None) -> None:
        """End what `follow` began; what they made leaves the follower's feed. Raises: KeyReused, StoreUnavailable."""
        args: list[Argument] = [followed["id"], orjson.dumps(snapshot(follower)), TURN_MS]
        once = Once.of(follower["id"], key, ["unfollow", followed["id"]]) if key else None
        await self._commit(store.UNFOLLOW, follower, args, once)

    async def standing(self, user: str, viewer: str | None = None) -> Standing:
        """Return how many follow a person and are followed, and whether the viewer does. Raises: StoreUnavailable."""
        shards = self._streams.shards
        keys = [store.followers_keys(user, shards)[0], store.following_key(user, shards)]
        followers, following = await self._streams.read(
            store.FOLLOW_COUNTS, shard=store.person_shard(user, shards), keys_=keys
        )
        followed = None
        if viewer is not None:
            followed = await self._streams.store.execute("ZSCORE", store.following_key(viewer, shards), user)
        return Standing(followers, following, followed is not None)

    async def _commit(self, script: Script, follower: User, args: list[Argument], once: Once | None) -> None:
        shards = self._streams.shards
        await self._streams.commit(
            script,
            shard=store.person_shard(follower["id"], shards),
            topics=[feed_following(follower["id"])],
            keys_=store.following_keys(follower["id"], shards),
            args=args,
            once=once,
            outbox=True,
        )
