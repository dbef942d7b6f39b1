"""What people in open documents may do now: asked of the store when it may have changed, carried out at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Protocol

from livefeed.errors import LivefeedError
from livefeed.rooms.hearing import LOST, PATIENCE_S, PAUSE_S, insist
from livefeed.rooms.relay import Relay, Seat

log = logging.getLogger(__name__)

WRITERS = frozenset({"owner", "editor"})


class Rights(Protocol):
    """Who may do what in a room."""

    async def role(self, room: str, user: str, /) -> str | None:
        """Return `owner`, `editor` or `viewer`, or None for who is no member of it. Raises: StoreUnavailable."""

    async def roles(self, room: str, users: Collection[str], /) -> Mapping[str, str]:
        """Return the roles of those among some people that are members, in one round trip. Raises: StoreUnavailable."""


class Stage(Protocol):
    """Where roles are played."""

    def play(self, seat: Seat, role: str) -> None:
        """Let somebody do what their role ('': none) allows, and nothing else."""

    def end(self, relay: Relay, code: int, reason: str) -> None:
        """Close everybody's connection to a room."""


class Standing:
    """Asks who may do what, and has it played.

    Questions are answered in any order. Whatever changes a right is followed by a question, so what was asked last is
    right: an answer to what was asked before counts for nothing once a later one has been played.
    """

    def __init__(self, rights: Rights, stage: Stage) -> None:
        self._rights = rights
        self._stage = stage
        self._asked = 0
        self._played: dict[Seat, int] = {}
        """The number of the latest question whose answer was played, or of the last one before a doubt."""

    def doubt(self, seat: Seat) -> None:
        """Let what has been asked about somebody until now count for nothing."""
        self._played[seat] = self._asked

    def forget(self, seat: Seat) -> None:
        """Note that somebody has left."""
        self._played.pop(seat, None)

    def _ask(self) -> int:
        self._asked += 1
        return self._asked

    def _play(self, seat: Seat, role: str, asked: int) -> None:
        if not seat.gone and asked > self._played.get(seat, 0):
            self._played[seat] = asked
            self._stage.play(seat, role)

    async def recheck_all(self, relay: Relay) -> None:
        """Carry out what everybody's role now is: one question for all of them."""
        until_s = asyncio.get_running_loop().time() + PATIENCE_S
        while seats := list(relay.seats):
            asked = self._ask()
            try:
                roles = await self._rights.roles(relay.room, {seat.user.id for seat in seats})
            except LivefeedError as exc:
                if asyncio.get_running_loop().time() > until_s:
                    log.info("who is in room %s cannot be asked: %s", relay.room, exc.message)
                    self._stage.end(relay, LOST, "the room cannot be read just now")
                    return
                await asyncio.sleep(PAUSE_S)
            else:
                for seat in seats:
                    self._play(seat, roles.get(seat.user.id, ""), asked)
                return

    async def recheck(self, seat: Seat) -> None:
        """Carry out what somebody's role now is."""
        found = await insist(seat, lambda: self._role(seat))
        if found is not None:
            self._play(seat, *found)

    async def _role(self, seat: Seat) -> tuple[str, int]:
        """Return a role, and the number of the question that it answers."""
        asked = self._ask()
        return str(await self._rights.role(seat.room, seat.user.id) or ""), asked
