"""Who is who: guests, names, sessions."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from livefeed import identifiers
from livefeed.clock import Clock
from livefeed.errors import Busy, Conflict, NotFound, StoreUnavailable
from livefeed.identity import handles, tokens
from livefeed.identity.limits import RateLimits, neighbourhood
from livefeed.identity.store import Claim, Users
from livefeed.people import User
from livefeed.streams.connection import WritesRefused

GUESTS = "guest"
"""The kind of act that `create_guest` spends, by address."""
MOST_CALLED = 8
"""People whom a beginning finds."""
SEEN_S = 0.25
"""How long anybody waits at most for an entry among the names."""
TIDIED = 3
"""So often entries that name nobody are taken out, and others read in their place."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A new person and the only copy of their token."""

    user: User
    token: str


class Identity:
    """Creates, names and recognises people. Everything here may raise StoreUnavailable.

    chance: a source that nobody can predict; the sessions' secrets come from it.
    """

    def __init__(
        self,
        users: Users,
        limits: RateLimits,
        clock: Clock,
        *,
        shards: int,
        chance: random.Random | None = None,
    ) -> None:
        self._users = users
        self._limits = limits
        self._clock = clock
        self._shards = shards
        self._chance = chance or random.SystemRandom()

    async def create_guest(self, address: str) -> Guest:
        """Return a new person with a pleasant handle, and their token.

        address: of whoever asks, for the rate limit.
        Raises: RateLimited; Busy when no free handle was found in 15 tries.
        """
        self._limits.spend(GUESTS, neighbourhood(address))
        now_ms = self._clock.now_ms()
        shard = self._chance.randrange(self._shards)
        user_id = identifiers.make(now_ms, shard, self._chance.getrandbits(identifiers.CHANCE_BITS))
        user = User(user_id, await self._claim_proposal(user_id))
        token = tokens.issue(user_id, self._chance.randbytes(tokens.SECRET_BYTES))
        await self._users.create(user, tokens.digest(token), now_ms=now_ms)
        await self.seen(user)
        return Guest(user, token)

    async def authenticate(self, token: str) -> User | None:
        """Return whose token this is, or None: malformed, unknown and revoked ones answer alike."""
        proof = tokens.read(token)
        return None if proof is None else await self._users.authenticate(proof)

    async def rename(self, user_id: str, wish: object) -> User:
        """Give a person another handle, shown from the next read on; the old one becomes free.

        Safe to repeat: claim, record and release are each done once.
        Raises: BadRequest (not a handle), Conflict (taken), NotFound.
        """
        handle = handles.normalise(wish)
        user = await self.user(user_id)
        await self._claim(handle, user.id)
        before = await self._users.change(user.id, "handle", handle)
        if await self._users.claim(handle, user.id) is not None:
            # We stood still so long between claim and record that our claim was taken for abandoned.
            await self._users.change(user.id, "handle", before)
            raise _taken(handle)
        await _hinted(self._users.names.enter(handle))
        if before != handle:
            # While the name is still claimed: whoever takes it next is entered after this.
            await _hinted(self._users.names.leave(before))
            await self._users.release(before, user.id)
        return User(user.id, handle, user.avatar)

    async def seen(self, user: User) -> None:
        """Let a person be found by the beginnings of their handle; what fails or lasts is left to the next time."""
        await _hinted(self._users.names.enter(user.handle))

    async def set_avatar(self, user_id: str, sha256: str) -> None:
        """Show people as their newest picture; '' for none. Raises: NotFound."""
        await self._users.change(user_id, "avatar", sha256)

    async def user(self, user_id: str) -> User:
        """Return one person. Raises: NotFound."""
        found = await self.users([user_id])
        if user_id not in found:
            raise _unknown()
        return found[user_id]

    async def users(self, user_ids: Iterable[str]) -> dict[str, User]:
        """Return, by id, those of the people that exist, as they are called now; one round trip."""
        return await self._users.read(user_ids)

    async def by_handle(self, handle: str) -> User:
        """Return the person who is called so now, however the handle is capitalised. Raises: NotFound."""
        handle = handle.lower()
        claimant = await self._users.claimant(handle) if handles.is_handle(handle) else None
        if claimant is None:
            raise _unknown()
        user = await self.user(claimant)
        if user.handle != handle:
            raise _unknown()  # claimed, and not or no longer used
        return user

    async def beginning(self, text: str) -> list[User]:
        """Return who is called so, whose handle begins so, and in whose handle a word does; at most MOST_CALLED.

        text: however it is capitalised; what cannot begin a handle finds nobody.
        """
        text = text.lower()
        if not handles.is_handle(text):
            return []
        found: dict[str, User | None] = {}
        for _ in range(TIDIED):
            names = await self._users.names.find(text, limit=MOST_CALLED)
            asked = list(dict.fromkeys([text, *names]))
            found = dict(zip(asked, await asyncio.gather(*map(self._called, asked)), strict=True))
            left = [name for name in names if found[name] is None]
            if not left:
                break
            await asyncio.gather(*map(self._tidy, left))
        return [user for user in found.values() if user is not None][:MOST_CALLED]

    async def _tidy(self, handle: str) -> None:
        """Take out what names nobody; whoever takes the name meanwhile is entered again."""
        await _hinted(self._users.names.leave(handle))
        user = await self._called(handle)
        if user is not None:
            await self.seen(user)

    async def _called(self, handle: str) -> User | None:
        with suppress(NotFound):
            return await self.by_handle(handle)
        return None

    async def named(self, name: str) -> User:
        """Return the person with this id, else who is called so now. Raises: NotFound."""
        known = (await self.users([name])).get(name) if identifiers.is_id(name) else None
        return known or await self.by_handle(name)

    async def _claim_proposal(self, user_id: str) -> str:
        for handle in handles.proposals(self._chance):
            if await self._users.claim(handle, user_id) is None:
                return handle
        raise Busy("No free name was found; try again.", retry_after_s=1)

    async def _claim(self, handle: str, user_id: str) -> None:
        """Claim a handle, from somebody who never came to use it if need be. Raises: Conflict."""
        claim = await self._users.claim(handle, user_id)
        if claim is not None and await self._is_abandoned(claim, handle):
            claim = await self._users.claim(handle, user_id, instead_of=claim)
        if claim is not None:
            raise _taken(handle)

    async def _is_abandoned(self, claim: Claim, handle: str) -> bool:
        holder = (await self._users.read([claim.user])).get(claim.user)
        return handles.is_abandoned(claim.age_ms, holder=holder.handle if holder else None, handle=handle)


async def _hinted(step: Awaitable[None]) -> None:
    """Change how people are found; what fails or lasts is left to the next time: it keeps nobody from anything."""
    with suppress(StoreUnavailable, WritesRefused, TimeoutError):
        async with asyncio.timeout(SEEN_S):
            await step


def _unknown() -> NotFound:
    return NotFound("There is no such user.")


def _taken(handle: str) -> Conflict:
    return Conflict(f"The name '{handle}' is taken; choose another.")
