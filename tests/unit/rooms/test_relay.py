"""One room on one node: what is written when, and who is given what."""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.people import User
from livefeed.rooms import relay as relays
from livefeed.rooms.archive import Edit, Reading
from livefeed.rooms.relay import Relay, Seat, messages
from livefeed.rooms.structure import anatomy
from livefeed.rooms.varints import write, write_bytes


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


def test_credited_is_who_said_something_new_and_nobody_else() -> None:
    room, ann, ben = relay(), seat(), seat("a:2", "ben")
    room.take(ann, b"\x01x")
    room.take(ben, b"\x01y", credited=False)
    batch = room.batch()
    assert batch is not None
    assert (batch.people, batch.seats, batch.tag) == (["ann"], [ann, ben], "")


def written(client: int, clock: int) -> bytes:
    return b"\x01\x01" + write(client) + write(clock) + b"\x04\x01\x06prompt\x01x\x00"


def test_what_fits_is_known_from_what_was_taken_and_read_until_something_is_lost() -> None:
    room = relay()
    assert not room.fits(anatomy(written(5, 0))), "a client that is not known is asked about"
    room.learn({5: 3})
    assert room.fits(anatomy(written(5, 3)))
    assert room.note(anatomy(written(5, 3))), "it is new"
    assert not room.note(anatomy(written(5, 3)))
    assert room.fits(anatomy(written(5, 4)))
    assert not room.fits(anatomy(written(5, 5)))
    pieces = [write_bytes(written(7, 0)), write_bytes(b"\x05"), write_bytes(written(7, 1))]
    room.receive(Reading("first", "1-1", None, [Edit("6-1", "b:1", pieces)], True))
    assert room.fits(anatomy(written(7, 2))), "what others wrote is built upon"
    room.receive(Reading("first", "7-1", written(7, 0), [], True))
    assert not room.fits(anatomy(written(7, 2))), "what the store lost is not"
    room.learn({7: 2})
    room.forget()
    assert not room.fits(anatomy(written(7, 2)))


def test_what_waits_is_counted_until_it_is_settled() -> None:
    room, ann = relay(), seat()
    room.take(ann, b"\x01x", waits=10)
    batch = room.batch()
    assert batch is not None
    room.take(ann, b"\x01y", waits=5)
    room.settle(batch)
    assert (room.waits_taken, room.waits_settled) == (15, 10)


def test_what_is_dropped_of_a_batch_is_what_they_wrote_who_may_not() -> None:
    """The others' updates stay, in their order, and who was held is heard again."""
    room, ann, ben, again = relay(), seat(), seat("a:2", "ben"), seat("a:3", "ann")
    for one, piece in ((ann, b"\x01a"), (ben, b"\x01b"), (again, b"\x01c"), (ben, bytes(relays.WAITING_BYTES))):
        room.take(one, piece)
    batch = room.batch()
    assert batch is not None
    assert (batch.writers, ben.outlet.held) == (["ann", "ben"], True)
    assert room.drop(batch, {"ann"}) == [ann, again], "of Ben's something waits"
    rest = room.batch()
    assert rest is not None
    assert (rest.pieces, rest.writers, rest.tag) == ([b"\x01b"], ["ben"], "a:2")
    assert room.drop(rest, {"ben"}) == [ben]
    assert (room.batch(), ben.outlet.held, room.idle) == (None, False, True)


def test_with_what_is_dropped_goes_what_the_same_people_have_in_line() -> None:
    """It builds on that, and they may be editors again before its turn; it is counted as settled."""
    room, ann, ben, again = relay(), seat(), seat("a:2", "ben"), seat("a:3", "ann")
    room.take(ann, b"\x01a")
    batch = room.batch()
    assert batch is not None
    for one, piece in ((ann, b"\x01b"), (ben, b"\x01c"), (again, bytes(relays.WAITING_BYTES))):
        room.take(one, piece, waits=len(piece))
    assert room.drop(batch, {"ann"}) == [ann, again]
    rest = room.batch()
    assert rest is not None
    assert (rest.pieces, again.outlet.held) == ([b"\x01c"], False)
    room.settle(rest)
    assert (room.settled, room.waits_settled) == (room.taken, room.waits_taken) == (4, 4 + relays.WAITING_BYTES)


def test_what_was_dropped_is_not_taken_for_known() -> None:
    """Ann may not write any more; what Ben builds on her words must be weighed, for it waits."""
    room, ann = relay(), seat()
    hers, his = written(5, 0), anatomy(b"\x01\x01\x06\x01\x84\x05\x00\x01b\x00")
    room.learn({5: 0, 6: 1})
    room.note(anatomy(hers))
    room.take(ann, write_bytes(hers))
    assert room.fits(his)
    batch = room.batch()
    assert batch is not None
    assert room.drop(batch, {"ann"}) == [ann]
    room.learn({6: 1})
    assert not room.fits(his)


def test_a_batch_that_is_too_large_is_halved_and_goes_on_in_order() -> None:
    room, ann, ben = relay(), seat(), seat("a:2", "ben")
    for number in range(3):
        room.take(ann if number < 2 else ben, bytes((1, number)), waits=number)
    batch = room.batch()
    assert batch is not None
    assert room.halve(batch)
    first = room.batch()
    assert first is not None
    assert first.pieces == [b"\x01\x00"]
    assert not room.halve(first)
    room.settle(first)
    rest = room.batch()
    assert rest is not None
    assert rest.pieces == [b"\x01\x01", b"\x01\x02"]
    room.settle(rest)
    assert room.waits_settled == room.waits_taken == 3


def test_what_an_expelled_writer_has_in_line_is_forgotten() -> None:
    room, ann, ben = relay(), seat(), seat("a:2", "ben")
    first = bytes(relays.WAITING_BYTES)
    room.take(ann, first)
    room.take(ben, b"\x01b")
    assert ben.outlet.held  # type: ignore[attr-defined]
    room.expel(ann)
    assert not ben.outlet.held, "there is room again"  # type: ignore[attr-defined]
    batch = room.batch()
    assert batch is not None
    assert batch.pieces == [b"\x01b"]
