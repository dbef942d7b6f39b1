"""How many connections to one document a node takes."""

from __future__ import annotations

import pytest

from livefeed.people import User
from livefeed.rooms import relays
from livefeed.rooms.company import OpenRoom
from livefeed.rooms.hearing import Refused
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.relays import CROWDED, PERSON_SEATS, ROOM_SEATS, Relays


@pytest.fixture
def house() -> Relays:
    """A node at which two rooms are open."""
    house = Relays(None, None, None, node="a", seal=b"".join)  # type: ignore[arg-type]
    for room in ("den", "nest"):
        house._rooms[room] = OpenRoom(Relay(room, "first", "5-1"))
    return house


def enter(house: Relays, user: str, room: str = "den") -> Seat:
    return house.enter(room, User(user, user), None, role="editor")  # type: ignore[arg-type]


def refused(house: Relays, user: str) -> str:
    with pytest.raises(Refused) as caught:
        enter(house, user)
    assert caught.value.code == CROWDED
    return caught.value.reason


async def test_a_person_has_a_few_and_another_when_one_has_ended(house: Relays) -> None:
    seats = [enter(house, "ann") for _ in range(PERSON_SEATS)]
    assert "you have this room open" in refused(house, "ann")
    enter(house, "ben")
    enter(house, "ann", "nest")
    house.leave(seats[3], clean=False)
    enter(house, "ann")
    refused(house, "ann")


async def test_a_room_has_many_of_all_together(house: Relays) -> None:
    seats = [enter(house, f"user {number // PERSON_SEATS}") for number in range(ROOM_SEATS)]
    assert "too many" in refused(house, "newcomer")
    assert len(seats) == relays.ROOM_SEATS
    house.leave(seats[0], clean=True)
    enter(house, "newcomer")
    refused(house, "another")
