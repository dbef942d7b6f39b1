"""Somebody in a room: follows its roster as the protocol says, and what the others signal."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from tests.conformance.peers import Caller, Wire

WAIT_S = 60.0


class Member:
    """One connection to a room. people: the roster by user id, folded from the frames."""

    def __init__(self, wire: Wire, room: str, caller: Caller) -> None:
        self.wire = wire
        self.room = room
        self.caller = caller
        self.people: dict[str, dict[str, Any]] = {}
        self.count = 0
        self.frames: list[dict[str, Any]] = []
        self.signals: list[dict[str, Any]] = []
        self.errors: list[str] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def enter(
        cls, url: str, room: str, caller: Caller, *, codec: str = "json", **options: Any
    ) -> AsyncIterator[Member]:
        async with Wire.open(url, codec=codec, token=caller.token) as wire:
            member = cls(wire, room, caller)
            answer = await wire.subscribe(room, **{"presence": "roster", **options})
            assert "at" in answer, answer
            yield member

    async def until(self, true: Callable[[Member], object], what: str = "") -> None:
        """Hear frames until something is true of this member."""
        try:
            async with asyncio.timeout(WAIT_S):
                while not true(self):
                    self.fold(await self.wire.hear("presence", "signals", "error"))
        except TimeoutError:
            raise AssertionError(f"in vain: {what}; {sorted(self.people)}, {self.count} are here") from None

    async def settle(self) -> None:
        """Hear whatever the server has sent so far."""
        await self.wire.say({"op": "ping", "ref": "settle"})
        while (frame := await self.wire.hear())["op"] != "pong":
            self.fold(frame)

    async def until_here(self, *callers: Caller) -> None:
        ids = {caller.id for caller in callers}
        await self.until(lambda me: set(me.people) == ids and me.count == len(ids), f"{sorted(ids)} are here")

    async def signal(self, type: str, data: Any = None) -> None:
        await self.wire.say({"op": "signal", "topic": self.room, "type": type, "data": data})

    def fold(self, frame: dict[str, Any]) -> None:
        """Take a frame as docs/protocol.md says; it fails for one that contradicts what was told before."""
        self.frames.append(frame)
        match frame:
            case {"op": "presence", "topic": self.room, "count": count}:
                self.count = count
                if "roster" in frame:
                    self.people = {entry["user"]["id"]: entry for entry in frame["roster"]}
                for entry in frame.get("joined", ()):
                    assert entry["user"]["id"] not in self.people, frame
                    self.people[entry["user"]["id"]] = entry
                for user in frame.get("left", ()):
                    del self.people[user]
                for entry in frame.get("changed", ()):
                    assert entry["user"]["id"] in self.people, frame
                    self.people[entry["user"]["id"]] = entry
            case {"op": "signals", "topic": self.room, "signals": signals}:
                self.signals += signals
            case {"op": "error", "code": code}:
                self.errors.append(code)

    def pigments(self) -> dict[str, int]:
        return {entry["user"]["handle"]: entry["pigment"] for entry in self.people.values()}
