"""Strokes are the same bytes in every language, and bytes that are none are told apart."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.rooms.strokes import MAX_POINTS, BadStroke, Kind, Stroke, parse, parse_all

VECTORS = {
    # The page's tests hold the same.
    "0100f2b705fa00020000000000ffffff008080": Stroke(
        Kind.BRUSH, (0xF2, 0xB7, 0x05), 250, ((0, 0, 255), (65_535, 32_768, 128))
    ),
    "0101000000f40101000080004000": Stroke(Kind.MASK, (0, 0, 0), 500, ((32_768, 16_384, 0),)),
    "0103000000102701003412785601": Stroke(Kind.MASK_ERASER, (0, 0, 0), 10_000, ((0x1234, 0x5678, 1),)),
}
BYTE, WORD = st.integers(0, 255), st.integers(0, 65_535)
STROKES = st.builds(
    Stroke,
    kind=st.sampled_from(Kind),
    colour=st.tuples(BYTE, BYTE, BYTE),
    diameter=WORD,
    points=st.lists(st.tuples(WORD, WORD, BYTE), min_size=1, max_size=40).map(tuple),
)


@pytest.mark.parametrize("packed", VECTORS)
def test_the_bytes_are_those_that_were_agreed_on(packed):
    assert parse(bytes.fromhex(packed)) == VECTORS[packed]
    assert VECTORS[packed].packed.hex() == packed


@given(STROKES)
def test_a_stroke_survives_being_packed(stroke):
    assert parse(stroke.packed) == stroke


NEARLY = st.builds(lambda count, rest: b"\1\0abc\1\0" + count + rest, st.binary(max_size=2), st.binary())


@given(st.binary(max_size=64) | NEARLY)
def test_whatever_bytes_come_are_a_stroke_of_just_these_bytes_or_none(packed):
    try:
        found = parse(packed)
    except BadStroke:
        return
    assert found.packed == packed


def test_the_longest_stroke_fits_and_a_longer_one_does_not():
    stroke = Stroke(Kind.BRUSH, (1, 2, 3), 10, ((1, 2, 3),) * MAX_POINTS)
    assert parse(stroke.packed) == stroke
    with pytest.raises(BadStroke, match="2,000 points"):
        _ = Stroke(Kind.BRUSH, (1, 2, 3), 10, ((1, 2, 3),) * (MAX_POINTS + 1)).packed


@pytest.mark.parametrize(
    ("what", "damage"),
    [
        ("another version", lambda packed: b"\2" + packed[1:]),
        ("another kind", lambda packed: packed[:1] + b"\4" + packed[2:]),
        ("no points", lambda packed: packed[:7] + b"\0\0"),
        ("too many points", lambda packed: packed[:7] + struct.pack("<H", 2001) + bytes(5 * 2001)),
        ("cut off", lambda packed: packed[:-1]),
        ("cut off in its head", lambda packed: packed[:8]),
        ("something behind it", lambda packed: packed + b"\0"),
        ("nothing", lambda packed: b""),
    ],
)
def test_what_is_not_a_stroke_is_refused(what, damage):
    with pytest.raises(BadStroke):
        parse(damage(bytes.fromhex(next(iter(VECTORS)))))


@pytest.mark.parametrize(
    "numbers", [{"colour": (256, 0, 0)}, {"diameter": 65_536}, {"points": ((0, 65_536, 0),)}, {"points": ((-1, 0, 0),)}]
)
def test_a_number_that_has_no_room_cannot_be_packed(numbers):
    usual = {"kind": Kind.BRUSH, "colour": (1, 2, 3), "diameter": 10, "points": ((0, 0, 0),)}
    with pytest.raises(BadStroke, match="no room"):
        _ = Stroke(**(usual | numbers)).packed


def test_what_is_no_stroke_is_skipped_among_those_that_are():
    good = [bytes.fromhex(packed) for packed in VECTORS]
    assert parse_all([b"no stroke", good[0], b"", good[1], good[2][:-1], good[2]]) == list(VECTORS.values())
