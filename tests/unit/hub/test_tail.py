"""The tail: bounded memory of a topic."""

from __future__ import annotations

from livefeed.hub.held import HeldEvent, HeldValue
from livefeed.hub.tail import NEVER, Tail
from livefeed.streams.entry import StoredEvent, StoredValue
from tests.unit.hub.talk import at


def tail(*, events=3, size=100_000, values=3):
    return Tail("app:talk", at(0), max_events=events, max_bytes=size, max_values=values)


def event(n, data=b"{}"):
    return HeldEvent(StoredEvent(at(n), "said", data))


def value(n, key, *, awaited=False):
    return HeldValue(StoredValue(key, at(n), "value", b"{}"), awaited=awaited)


def ids(events):
    return [event.id.n for event in events]


def revs(values):
    return [value.rev.n for value in values]


def test_the_oldest_events_go_first_and_the_start_follows_them():
    memory = tail(events=3)
    for n in range(1, 6):
        memory.append(event(n))
    assert ids(memory.events) == [3, 4, 5]
    assert memory.start == at(2)


def test_bytes_are_bounded_but_the_newest_event_stays():
    memory = tail(events=100, size=5_000)
    for n in range(1, 20):
        memory.append(event(n, b'"' + b"x" * 1_000 + b'"'))
    assert ids(memory.events) == [18, 19]
    memory.append(event(20, b'"' + b"x" * 9_000 + b'"'))
    assert ids(memory.events) == [20]
    assert memory.start == at(19)


def test_after_gives_what_follows_a_cursor():
    memory = tail()
    for n in (2, 4, 6):
        memory.append(event(n))
    assert ids(memory.after(at(0))) == [2, 4, 6]
    assert ids(memory.after(at(3))) == [4, 6]
    assert ids(memory.after(at(4))) == [6]
    assert ids(memory.after(at(9))) == []


def test_the_higher_rev_wins_in_whatever_order_values_come():
    memory = tail()
    assert memory.place(value(5, "k"))
    assert not memory.place(value(3, "k"))
    assert not memory.place(value(5, "k"))
    assert memory.place(value(4, "l"))
    assert memory.place(value(6, "k"))
    assert revs(memory.values_after(at(0))) == [4, 6]


def test_values_stay_ascending_when_older_ones_are_loaded_later():
    memory = tail()
    memory.place(value(8, "k"))
    memory.load([value(2, "l"), value(5, "m")], at(9))
    assert revs(memory.values_after(at(0))) == [2, 5, 8]
    assert revs(memory.values_after(at(2))) == [5, 8]
    assert memory.loaded


def test_the_keys_that_changed_longest_ago_are_forgotten():
    memory = tail(values=3)
    for n, key in enumerate(("a", "b", "c", "a", "d"), start=1):
        memory.place(value(n, key))
    assert list(memory.values) == ["c", "a", "d"]


def test_values_wait_behind_one_whose_bytes_are_awaited():
    memory = tail()
    memory.place(value(1, "a"))
    memory.place(value(2, "b", awaited=True))
    memory.place(value(3, "c"))
    assert revs(memory.values_after(at(0))) == [1]
    assert memory.fill(value(2, "b"))
    assert revs(memory.values_after(at(0))) == [1, 2, 3]


def test_only_an_awaited_value_is_filled():
    memory = tail()
    assert not memory.fill(value(1, "a"))
    memory.place(value(2, "a", awaited=True))
    assert not memory.fill(value(1, "a"))
    assert not memory.fill(value(2, "a", awaited=True))
    assert memory.fill(value(2, "a"))
    assert not memory.fill(value(2, "a"))


def test_a_loaded_value_fills_the_same_one_that_is_awaited():
    memory = tail()
    memory.place(value(2, "a", awaited=True))
    memory.load([value(2, "a")], at(9))
    assert revs(memory.values_after(at(0))) == [2]


def test_values_beyond_the_cut_of_their_page_are_left_to_the_follower():
    memory = tail()
    memory.load([value(1, "a"), value(5, "b"), value(6, "c")], at(5))
    assert list(memory.values) == ["a", "b"]
    assert memory.unproved == {at(6)}
    assert memory.loaded


def test_values_that_the_follower_has_brought_already_are_not_missed():
    memory = tail()
    memory.place(value(7, "c"))
    memory.load([value(7, "c")], at(5))
    assert memory.unproved == set()
    memory.load([value(6, "c")], at(5))
    assert memory.unproved == {at(6)}, "perhaps it was brought and replaced, perhaps never"


def test_what_one_page_left_open_another_does_not_settle():
    """They may be of two stores."""
    memory = tail(values=2)
    memory.load([value(6, "a"), value(7, "b"), value(8, "c"), value(9, "d")], at(5))
    memory.load([value(1, "a")], at(5))
    assert memory.unproved == {at(6), at(7), NEVER}, "bounded, and not forgotten"
    assert memory.distrust()


def test_a_store_whose_values_never_came_is_asked_again():
    memory = tail()
    memory.load([value(1, "a")], at(5))
    assert not memory.distrust()
    assert memory.loaded
    memory.load([value(6, "a")], at(5))
    assert memory.distrust()
    assert not memory.loaded
    assert memory.unproved == set()


def test_a_restart_forgets_the_bytes_too():
    memory = tail(size=1_500)
    memory.append(event(1, b'"' + b"x" * 600 + b'"'))
    memory.restart(at(5))
    memory.append(event(6))
    memory.append(event(7))
    assert ids(memory.events) == [6, 7]
    assert memory.start == at(5)
