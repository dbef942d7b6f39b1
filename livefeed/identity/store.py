"""Where users are kept: a record in the shard of the user's id, a claim in the shard of the handle.

`lf:{sNN}:u:<id>` is a hash of `handle`, `avatar`, `created` and one `token:<digest>` per session;
`lf:{sNN}:h:<handle>` is `<id> <ms of the claim>`. The record is the truth, the claim keeps others off it.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from livefeed.identifiers import is_id, shard_of
from livefeed.identity.names import Names
from livefeed.identity.tokens import Proof
from livefeed.people import User
from livefeed.streams.keys import tag
from livefeed.streams.script import changing, source
from livefeed.streams.streams import Streams

_CLAIM = changing(source(__package__, "claim"))
_RELEASE = changing(source(__package__, "release"))
_CHANGE = changing(source(__package__, "change"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A handle is somebody's: since when and for how long, by the store's clock."""

    user: str
    at_ms: int
    age_ms: int

    def __str__(self) -> str:
        return f"{self.user} {self.at_ms}"


class Users:
    """Records and claims, each written in one atomic step. Raises: StoreUnavailable, everywhere."""

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._store = streams.store
        self.names = Names(streams)

    async def claim(self, handle: str, user: str, *, instead_of: Claim | None = None) -> Claim | None:
        """Claim `handle` for `user` (again: no harm); return None, or the claim that is in the way."""
        shard, key = self._handle_key(handle)
        args = [user, str(instead_of) if instead_of else ""]
        found = await self._streams.commit(_CLAIM, shard=shard, keys_=[key], args=args)
        return _claim(found)

    async def claimant(self, handle: str) -> str | None:
        """Return the id of whoever has claimed `handle`."""
        found = await self._store.execute("GET", self._handle_key(handle)[1])
        return None if found is None else found.decode().partition(" ")[0]

    async def release(self, handle: str, user: str) -> None:
        """Give up a claim; nothing happens when it is not the user's."""
        shard, key = self._handle_key(handle)
        await self._streams.commit(_RELEASE, shard=shard, keys_=[key], args=[user])

    async def create(self, user: User, token_digest: str, *, now_ms: int) -> None:
        """Write a new record with its first session."""
        await self._store.execute(
            "HSET",
            self._user_key(user.id),
            "handle",
            user.handle,
            "avatar",
            user.avatar,
            "created",
            now_ms,
            f"token:{token_digest}",
            now_ms,
        )

    async def change(self, user: str, field: str, value: str) -> str:
        """Set a field of a record and return what it was. Raises: NotFound."""
        shard = shard_of(user) % self._streams.shards
        before = await self._streams.commit(_CHANGE, shard=shard, keys_=[self._user_key(user)], args=[field, value])
        return before.decode()

    async def authenticate(self, proof: Proof) -> User | None:
        """Return the user whose session the proof is of."""
        handle, avatar, session = await self._store.execute(
            "HMGET", self._user_key(proof.user), "handle", "avatar", f"token:{proof.digest}"
        )
        return User(proof.user, handle.decode(), avatar.decode()) if session is not None else None

    async def read(self, ids: Iterable[str]) -> dict[str, User]:
        """Return the users that exist among `ids`; the reads travel in one pipeline."""
        wanted = [user for user in dict.fromkeys(ids) if is_id(user)]
        replies = await asyncio.gather(
            *(self._store.execute("HMGET", self._user_key(user), "handle", "avatar") for user in wanted)
        )
        return {
            user: User(user, handle.decode(), avatar.decode())
            for user, (handle, avatar) in zip(wanted, replies, strict=True)
            if handle is not None
        }

    def _user_key(self, user: str) -> str:
        return f"{tag(shard_of(user) % self._streams.shards)}u:{user}"

    def _handle_key(self, handle: str) -> tuple[int, str]:
        shard = zlib.crc32(handle.encode()) % self._streams.shards
        return shard, f"{tag(shard)}h:{handle}"


def _claim(text: bytes) -> Claim | None:
    if not text:
        return None
    user, at_ms, age_ms = text.decode().split(" ")
    return Claim(user, int(at_ms), int(age_ms))
