"""Who follows whom: kept twice, in the slot of who follows and, by a projection (following.py), of who is followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from livefeed.errors import BadRequest
from livefeed.feed import cursor, store
from livefeed.feed.people import People, User, snapshot
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
    """How a person stands among the others. followed: whether whoever looks follows them.

    pictures, remixes: of the newest that their feed keeps, how many there are, and how many of them are remixes.
    remixed: how often all of them were remixed. liked: how many they react to, which is said to themselves only.
    """

    followers: int
    following: int
    followed: bool
    pictures: int
    remixes: int
    remixed: int
    liked: int

    def as_dict(self) -> dict[str, Any]:
        """Return what a profile says of it to everybody."""
        counts = {name: getattr(self, name) for name in ("followers", "following", "pictures", "remixes", "remixed")}
        return {**counts, "followed": self.followed}


class Follows:
    """Follows and unfollows; each in one step of the follower's slot. Repeatable."""

    def __init__(self, streams: Streams, people: People) -> None:
        self._streams = streams
        self._people = people

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
        """Return what a profile counts, and whether the viewer follows the person. Raises: StoreUnavailable."""
        shards = self._streams.shards
        counts = await self._streams.read(
            store.STANDING, shard=store.person_shard(user, shards), keys_=store.standing_keys(user, shards)
        )
        followers, following, pictures, remixes, remixed, liked = counts
        followed = None
        if viewer is not None:
            followed = await self._streams.store.execute("ZSCORE", store.following_key(viewer, shards), user)
        return Standing(
            followers, following, followed is not None, pictures=pictures, remixes=remixes, remixed=remixed, liked=liked
        )

    async def followers(self, user: str, before: str | None = None, limit: int = 30) -> dict[str, Any]:
        """Return `{people: [{user, followed}], next}`: who follows somebody, who began last first.

        followed: whether they are followed back. For that somebody alone. Raises: BadRequest, StoreUnavailable.
        """
        shards = self._streams.shards
        keys = [store.followers_keys(user, shards)[1], store.following_key(user, shards)]
        rows, followed = await self._page(store.FOLLOWERS_LIST, user, keys, before, limit)
        return await self._listed(rows, [flag == b"1" for flag in followed], limit)

    async def following(self, user: str, before: str | None = None, limit: int = 30) -> dict[str, Any]:
        """Return the same of whom somebody follows: all of them `followed`. Raises: BadRequest, StoreUnavailable."""
        keys = [store.following_key(user, self._streams.shards)]
        (rows,) = await self._page(store.FOLLOWING_LIST, user, keys, before, limit)
        return await self._listed(rows, [True] * limit, limit)

    async def _page(self, script: Script, user: str, keys: list[str], before: str | None, limit: int) -> Any:
        since, after = ("", "") if before is None else cursor.parse_timeline(before)
        args: list[Argument] = [since, after, cursor.check_limit(limit) + 1]
        shard = store.person_shard(user, self._streams.shards)
        return await self._streams.read(script, shard=shard, keys_=keys, args=args)

    async def _listed(self, rows: Sequence[bytes], followed: Sequence[bool], limit: int) -> dict[str, Any]:
        ids, next = cursor.page_of(rows, limit)
        known = await self._people.users(ids) if ids else {}
        people = [
            {"user": snapshot(known[id]), "followed": flag}
            for id, flag in zip(ids, followed, strict=False)
            if id in known
        ]
        return {"people": people, "next": next}

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
