"""Edits on their way to the store: who is told when they are not taken."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any

from livefeed.errors import TooLarge
from livefeed.people import User
from livefeed.rooms.archive import Edit
from livefeed.rooms.documents import Appended
from livefeed.rooms.hearing import TOO_BIG
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.writing import Writing


class Outlet:
    writable = True

    def __init__(self) -> None:
        self.closes: list[int] = []

    def give(self, messages: Sequence[bytes]) -> None: ...

    def give_sealed(self, data: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None:
        self.closes.append(code)

    def hold(self) -> None: ...

    def release(self) -> None: ...


class House:
    """A document with room for so many bytes, and who reads along."""

    def __init__(self, room_for: int) -> None:
        self.left = room_for
        self.pieces: list[bytes] = []
        self.asked = 0

    async def append(self, room: str, epoch: str, pieces: Sequence[bytes], **_: Any) -> Appended:
        self.asked += 1
        size = sum(map(len, pieces))
        if size > self.left:
            raise TooLarge("The document is full.")
        self.left -= size
        self.pieces += pieces
        return Appended(f"{5 + self.asked}-1", "5-1")

    def deliver(self, relay: Relay, edits: Sequence[Edit]) -> None: ...

    def read_soon(self, relay: Relay) -> None: ...


async def test_who_writes_more_than_fits_is_closed_and_no_other_writer_of_the_tick() -> None:
    house, relay = House(room_for=20), Relay("room", "first", "5-1")
    seats = [Seat("room", f"a:{number}", User(name, name), True, Outlet()) for number, name in enumerate("xyz")]
    ann, ben, eve = seats
    tasks: list[asyncio.Task[None]] = []

    def start(work: Coroutine[Any, Any, None]) -> None:
        tasks.append(asyncio.ensure_future(work))

    writing = Writing(house, house, deny=lambda seats: None, start=start)  # type: ignore[arg-type]
    for seat, piece in ((ann, b"ann"), (eve, b"e" * 30), (ben, b"ben"), (eve, b"eve"), (ann, b"ann again")):
        relay.take(seat, piece)
    writing.write(relay)
    await asyncio.gather(*tasks)
    assert house.pieces == [b"ann", b"ben", b"ann again"], "nor what builds on what was refused"
    assert [seat.outlet.closes for seat in seats] == [[], [], [TOO_BIG]]  # type: ignore[attr-defined]
    assert house.asked < 10
    assert relay.idle
