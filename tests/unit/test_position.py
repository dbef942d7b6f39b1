"""Positions: opaque to clients, exact to us."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import BadPosition
from livefeed.position import ZERO, Position

numbers = st.integers(0, 10**16 - 1)
positions = st.builds(Position, numbers, numbers)


@given(positions)
def test_a_position_is_what_it_writes(position):
    assert Position.parse(str(position)) == position
    assert Position.parse(str(position).encode()) == position


@given(st.lists(positions, max_size=6))
def test_positions_compare_as_the_store_orders_its_entries(found):
    assert sorted(found) == sorted(found, key=lambda position: (position.ms, position.n))


def test_before_the_first_entry_is_zero():
    assert str(ZERO) == "0-0"
    assert min(ZERO, Position(0, 1)) is ZERO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "5-",
        "-5",
        "05-1",
        "5-01",
        "5-1 ",
        " 5-1",
        "5-1-1",
        "+5-1",
        "5--1",
        "٥-١",
        "$",
        "*",
        "(5-1",
        "5-1\n",
        "1" * 17 + "-1",
        None,
        5,
        5.1,
        True,
        [],
        {},
    ],
)
def test_anything_else_is_a_bad_position(text):
    """No text that means something else to the store gets through."""
    with pytest.raises(BadPosition) as caught:
        Position.parse(text)
    assert caught.value.code == "bad_position"


@given(st.text() | st.binary())
def test_any_text_is_a_position_or_a_bad_one(text):
    try:
        position = Position.parse(text)
    except BadPosition:
        return
    assert str(position).encode() == (text.encode() if isinstance(text, str) else text)
