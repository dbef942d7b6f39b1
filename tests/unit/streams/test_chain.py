"""The chain: a cursor never passes an entry whose predecessor it does not know."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from livefeed.position import ZERO, Position
from livefeed.streams.chain import Chain
from livefeed.streams.entry import Entry


def entry(n, prev):
    return Entry(Position(1, n), Position(1, prev) if prev else ZERO, "app:t", "said", b"{}")


def test_entries_that_follow_on_move_the_cursor():
    chain = Chain()
    first, second = entry(1, 0), entry(4, 1)
    assert chain.receive([first]) == ([first], True)
    assert chain.receive([second]) == ([second], True)
    assert chain.cursor == second.id


def test_nothing_new_changes_nothing():
    chain = Chain(Position(1, 5))
    assert chain.receive([]) == ([], True)
    assert chain.cursor == Position(1, 5)


def test_an_entry_after_an_unknown_one_stops_the_chain():
    """Trimming overran it, its tail was lost, or it was restored."""
    chain = Chain(Position(1, 1))
    known, stray, later = entry(2, 1), entry(9, 7), entry(10, 9)
    assert chain.receive([known, stray, later]) == ([known], False)
    assert chain.cursor == known.id
    assert chain.receive([later]) == ([], False)


def test_the_first_entry_of_a_new_stream_does_not_follow_an_old_one():
    assert Chain(Position(1, 3)).receive([entry(4, 0)]) == ([], False)


@given(st.integers(1, 30), st.sets(st.integers(1, 29)), st.data())
def test_whatever_is_missing_the_cursor_stops_before_it(length, missing, data):
    entries = [entry(n, n - 1) for n in range(1, length + 1)]
    kept = [item for item in entries if item.id.n not in missing]
    chain, got = Chain(), []
    while kept:
        size = data.draw(st.integers(1, len(kept)))
        accepted, whole = chain.receive(kept[:size])
        got += accepted
        kept = kept[size:]
        if not whole:
            break
    first_missing = min((n for n in missing if n <= length), default=length + 1)
    reachable = [item for item in entries if item.id.n < first_missing]
    assert got == reachable
