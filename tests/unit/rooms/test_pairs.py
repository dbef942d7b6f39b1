"""Characters of two UTF-16 units: where their middles are, and what becomes of those that are cut."""

from __future__ import annotations

import random

import pytest

from livefeed.rooms.pairs import Middles, in_order, mended
from livefeed.rooms.structure import anatomy
from livefeed.rooms.varints import write, write_bytes


def typed(text: str, clock: int = 0, client: int = 5) -> bytes:
    place = b"\x01\x06prompt" if clock == 0 else write(client) + write(clock - 1)
    info = b"\x04" if clock == 0 else b"\x84"
    return b"\x01\x01" + write(client) + write(clock) + info + place + write_bytes(text.encode()) + b"\x00"


def middles(*updates: bytes) -> Middles:
    found = Middles()
    for update in updates:
        found.add(update, anatomy(update))
    return found


def within(found: Middles, end: int) -> list[int]:
    return [clock for clock in range(end) if (5, clock) in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", []), ("aé€", []), ("😀", [1]), ("a😀é😀😀", [2, 5, 7]), ("\uffff\U00010000\U0010ffff", [2, 4])],
)
def test_middles_are_told_in_utf16_units(text: str, expected: list[int]) -> None:
    assert within(middles(typed(text + ".")), 20) == expected


def test_what_comes_again_and_longer_is_counted_once() -> None:
    found = middles(typed("a😀"), typed("😀b", 3))
    again = typed("a😀😀b😀")
    found.add(again, anatomy(again))
    assert within(found, 20) == [2, 4, 7]
    assert found.size == 24


def test_random_texts_are_mended_where_they_are_cut_and_nowhere_else(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(200):
        text = "".join(chance.choice("aé€😀🦊") for _ in range(chance.randrange(1, 30)))
        found, places = middles(typed(text)), chance.sample(range(60), chance.randrange(20))
        cuts = in_order([(5, place) for place in places] + [(6, 1)])
        expected, clock = "", 0
        for character in text:
            wide = character > "\uffff"
            expected += "\ufffd\ufffd" if wide and clock + 1 in places else character
            clock += 2 if wide else 1
        whole = mended(typed(text), cuts)
        assert whole == typed(expected)
        left = within(found, 80)
        found.discard(cuts)
        assert within(found, 80) == [one for one in left if one not in places] == within(middles(whole), 80)
