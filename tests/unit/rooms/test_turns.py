"""Whose turn it is."""

from __future__ import annotations

from livefeed.rooms.turns import Turns


def test_rooms_take_turns_however_much_one_of_them_asks() -> None:
    turns: Turns[str] = Turns(most=100, most_of_room=50)
    for number in range(50):
        assert turns.add("loud", f"loud {number}")
    for room in ("ann", "ben"):
        assert turns.add(room, room)
    assert [turns.next() for _ in range(5)] == ["loud 0", "ann", "ben", "loud 1", "loud 2"]
    assert turns.add("eve", "eve")
    assert [turns.next() for _ in range(2)] == ["loud 3", "eve"]


def test_a_room_that_asks_too_much_takes_no_places_from_others() -> None:
    turns: Turns[int] = Turns(most=5, most_of_room=3)
    assert [turns.add("loud", number) for number in range(4)] == [True, True, True, False]
    assert [turns.add(f"room {number}", number) for number in range(3)] == [True, True, False]
    assert len(turns) == 5


def test_who_waits_no_more_loses_its_place() -> None:
    turns: Turns[int] = Turns(most=2, most_of_room=2)
    turns.add("a", 1)
    turns.add("a", 2)
    turns.drop("a", 1)
    turns.drop("a", 1)
    turns.drop("b", 1)
    assert (turns.next(), turns.next(), len(turns)) == (2, None, 0)
    turns.add("a", 3)
    turns.drop("a", 3)
    assert turns.next() is None


def test_all_of_a_room_can_be_taken_at_once() -> None:
    turns: Turns[int] = Turns(most=9, most_of_room=9)
    for number in range(3):
        turns.add("a", number)
    turns.add("b", 9)
    assert (turns.take("a"), turns.take("a"), len(turns)) == ([0, 1, 2], [], 1)
    assert turns.next() == 9


def test_the_lowest_rank_has_the_next_turn_and_equals_take_turns() -> None:
    ranks = {"a": (1, 0), "b": (0, 9), "c": (0, 9)}
    turns: Turns[str] = Turns(most=9, most_of_room=9, rank=lambda what: ranks[what[0]])
    for what in ("a1", "b1", "b2", "c1"):
        turns.add(what[0], what)
    assert [turns.next(), turns.next()] == ["b1", "c1"]
    ranks["b"] = (2, 0)
    assert [turns.next(), turns.next(), turns.next()] == ["a1", "b2", None]
