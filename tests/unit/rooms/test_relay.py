"""One room on one node: what is written when, and who is given what."""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.people import User
from livefeed.rooms import relay as relays
from livefeed.rooms.archive import Edit, Reading
from livefeed.rooms.relay import Relay, Seat, messages


class Outlet:
    def __init__(self) -> None:
        self.writable = True
        self.held = False

    def give(self, messages: Sequence[bytes]) -> None: ...

    def give_sealed(self, data: bytes) -> None: ...

    def close(self, code: int, reason: str) -> None: ...

    def hold(self) -> None:
        self.held = True

    def release(self) -> None:
        self.held = False


def seat(tag: str = "a:1", user: str = "ann") -> Seat:
    return Seat("room", tag, User(user, user), True, Outlet())


def relay(cursor: str = "5-1") -> Relay:
    return Relay("room", "first", cursor)


def test_updates_of_a_tick_are_one_batch_and_the_next_waits_until_it_is_settled() -> None:
    room, ann, ben = relay(), seat(), seat("a:2", "ben")
    room.take(ann, b"\x01x")
    first = room.batch()
    assert first is not None
    assert (first.tag, first.people) == ("a:1", ["ann"])
    room.take(ben, b"\x01y")
    room.take(ann, b"\x01z")
    assert room.batch() is first
    room.settle(first)
    second = room.batch()
    assert second is not None
    assert (second.pieces, second.tag, second.people) == ([b"\x01y", b"\x01z"], "", ["ben", "ann"])


def test_a_batch_is_bounded() -> None:
    room, ann = relay(), seat()
    for _ in range(5):
        room.take(ann, bytes(relays.BATCH_BYTES // 2))
    batch = room.batch()
    assert batch is not None
    assert len(batch.pieces) == 2


def test_who_writes_faster_than_the_store_is_held_until_there_is_room() -> None:
    room, ann = relay(), seat()
    for _ in range(3):
        room.take(ann, bytes(relays.WAITING_BYTES // 2))
    assert ann.outlet.held  # type: ignore[attr-defined]
    while (batch := room.batch()) is not None:
        room.settle(batch)
    assert not ann.outlet.held  # type: ignore[attr-defined]


def test_what_follows_what_all_have_is_handed_on_without_a_reading() -> None:
    room, ann = relay(), seat()
    room.take(ann, b"\x01x")
    batch = room.batch()
    assert batch is not None
    assert room.appended(batch, "6-1", "5-1") == [Edit("6-1", "a:1", [b"\x01x"])]
    assert room.cursor == "6-1"
    assert not room.stale


def test_what_does_not_is_read_from_the_store() -> None:
    """Another node's edit is between, or a reading is under way that may bring this one."""
    room, ann = relay(), seat()
    room.take(ann, b"\x01x")
    batch = room.batch()
    assert batch is not None
    assert room.appended(batch, "7-1", "6-1") is None
    assert room.stale
    assert room.cursor == "5-1"
    room.stale, room.reading = False, True
    assert room.appended(batch, "7-1", "5-1") is None
    room.cursor = "8-1"
    assert room.appended(batch, "7-1", "6-1") == []


def test_news_of_what_all_have_is_none() -> None:
    room = relay()
    room.heard("5-1")
    assert not room.stale
    room.heard("10-1")
    assert room.stale


def test_a_lost_position_is_told_from_one_that_is_good() -> None:
    room = relay()
    assert room.receive(Reading("first", "1-1", None, [Edit("6-1", "", [])], True))
    assert room.cursor == "6-1"
    assert not room.receive(Reading("first", "4-1", b"\x00\x00", [], True))
    assert room.cursor == "4-1"


def test_a_reader_that_was_behind_is_live_once_it_has_what_the_others_have() -> None:
    room, ann = relay("9-1"), seat()
    ann.cursor, ann.live = "5-1", False
    assert not room.caught_up(ann, Reading("first", "1-1", None, [Edit("8-1", "", [])], False))
    assert not room.caught_up(ann, Reading("first", "1-1", None, [], True)), "it was read before the last edit"
    assert room.caught_up(ann, Reading("first", "1-1", None, [Edit("9-1", "", [])], True))


def test_an_edit_kept_from_before_the_snapshot_moves_nobody_back() -> None:
    reading = Reading("first", "7-1", b"\x00\x00", [Edit("3-1", "", [b"\x02\x00\x00"])], True)
    assert reading.end() == "7-1"


def test_what_cannot_be_applied_is_told_to_nobody() -> None:
    edit = Edit("6-1", "", [b"\x01x", b"\x01y"], frozenset({0}))
    assert messages(Reading("first", "1-1", None, [edit], True)) == [b"\x00\x02\x01y"]


def test_a_room_is_idle_once_nobody_is_there_and_nothing_waits() -> None:
    room, ann = relay(), seat()
    assert room.idle
    room.enter(ann)
    room.take(ann, b"\x01x")
    room.leave(ann)
    assert not room.idle
    batch = room.batch()
    assert batch is not None
    room.settle(batch)
    assert room.idle
