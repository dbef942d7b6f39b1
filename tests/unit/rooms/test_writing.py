"""What is written of a batch when the store refuses some of its authors."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from livefeed.people import User
from livefeed.rooms.archive import Denied, Edit
from livefeed.rooms.documents import Appended
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.writing import Writing


class House:
    """A store that takes nothing of a batch while there is something in it of those who may not write."""

    def __init__(self, *without_right: str) -> None:
        self.without_right = set(without_right)
        self.written: list[tuple[list[bytes], list[str]]] = []
        self.delivered: list[bytes] = []
        self.denied: list[str] = []
        self.relay = Relay("den", "first", "5-1")
        self.work: list[asyncio.Task[None]] = []
        self.writing = Writing(self, self, deny=self._deny, start=self._start)  # type: ignore[arg-type]

    def _start(self, work: Any) -> None:
        self.work.append(asyncio.create_task(work))

    def _deny(self, seats: Sequence[Seat]) -> None:
        self.denied += [seat.user.id for seat in seats]

    async def append(self, room: str, epoch: str, pieces: list[bytes], **who: Any) -> Appended:
        refused = self.without_right.intersection(who["writers"])
        if refused:
            raise Denied(frozenset(refused))
        self.written.append((pieces, who["people"]))
        return Appended(f"{5 + len(self.written)}-1", f"{4 + len(self.written)}-1")

    def deliver(self, relay: Relay, edits: Sequence[Edit]) -> None:
        self.delivered += [piece for edit in edits for piece in edit.pieces]

    def read_soon(self, relay: Relay) -> None:
        raise AssertionError("there is nothing to be read")

    async def say(self, **pieces: bytes) -> None:
        """Have people say something in one tick, and wait until it is settled."""
        for user, piece in pieces.items():
            seat = Seat("den", f"a:{user}", User(user, user), True, None)  # type: ignore[arg-type]
            self.relay.take(seat, piece, waits=len(piece))
        self.writing.write(self.relay)
        async with asyncio.timeout(20):
            await asyncio.gather(*self.work)


async def test_what_others_wrote_in_the_same_tick_is_written_without_theirs() -> None:
    house = House("ann")
    await house.say(ann=b"\x01a", ben=b"\x01b", cat=b"\x01c")
    assert house.written == [([b"\x01b", b"\x01c"], ["ben", "cat"])]
    assert house.delivered == [b"\x01b", b"\x01c"]
    assert house.denied == ["ann"]
    assert house.relay.waits_settled == house.relay.waits_taken
    await house.say(ben=b"\x01d")
    assert house.written[1:] == [([b"\x01d"], ["ben"])]


@pytest.mark.parametrize("people", [["ann"], ["ann", "ben"]])
async def test_of_people_without_a_right_nothing_is_written_at_all(people: list[str]) -> None:
    house = House(*people)
    await house.say(**dict.fromkeys(people, b"\x01a"))
    assert (house.written, house.delivered, house.denied) == ([], [], people)
    assert house.relay.idle
