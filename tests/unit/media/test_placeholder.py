"""Thumbhash and palette stand in for a picture."""

from __future__ import annotations

import base64
import colorsys
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

from livefeed.media.placeholder import palette, thumbhash
from tests.unit.media.files import gradient


def patches(width: int, height: int) -> Image.Image:
    """A picture without symmetry, the same everywhere."""
    values = (
        (x * x * 37 + y * 91 + x * y * 7 + channel * 53) % 256
        for y in range(height)
        for x in range(width)
        for channel in range(3)
    )
    return Image.frombytes("RGB", (width, height), bytes(values))


def average(hashed: str) -> tuple[float, float, float]:
    """Return the mean colour that a thumbhash begins with, 0 to 255."""
    header = int.from_bytes(base64.b64decode(hashed)[:3], "little")
    light = (header & 63) / 63
    yellow, rose = (header >> 6 & 63) / 31.5 - 1, (header >> 12 & 63) / 31.5 - 1
    blue = light - 2 / 3 * yellow
    red = (3 * light - blue + rose) / 2
    return red * 255, (red - rose) * 255, blue * 255


def shape(hashed: str) -> tuple[int, int]:
    """Return how many waves a thumbhash has along width and height: about the shape."""
    header = int.from_bytes(base64.b64decode(hashed)[3:5], "little")
    shorter, landscape = header & 7, bool(header >> 15)
    return (7, shorter) if landscape else (shorter, 7)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((100, 100), "3wcCBwDZc2zZloCGZmmWAq2IpJQHxzYP"),
        ((64, 48), "4PcBDYIvh1qGhIjEZYVYZmhzn3zz"),
        ((30, 90), "4PcBCgKGX1mlSH3leGighwc="),
        ((7, 3), "IMgFK4gacudGQQZlkiLwJUM="),
    ],
)
def test_the_thumbhash_is_that_of_the_reference(size, expected):
    """The expected values were made with another implementation: the `thumbhash` package, 0.1.2."""
    assert thumbhash(patches(*size)) == expected


@pytest.mark.parametrize(
    ("size", "waves"), [((900, 300), (7, 2)), ((300, 900), (2, 7)), ((500, 500), (7, 7)), ((9, 3000), (1, 7))]
)
def test_the_thumbhash_knows_the_shape(size, waves):
    assert shape(thumbhash(gradient(*size))) == waves


@settings(max_examples=50, deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 3), st.integers(1, 150), st.integers(1, 150))
@example((255, 0, 0), 1, 1)
@example((255, 0, 0), 150, 1)
@example((255, 0, 0), 2, 6)
def test_the_thumbhash_of_a_flat_picture_has_its_colour_and_no_waves(colour, width, height):
    hashed = thumbhash(Image.new("RGB", (width, height), colour))
    assert average(hashed) == pytest.approx(colour, abs=8)
    assert set(base64.b64decode(hashed)[5:-1]) == {0x88}


def test_the_palette_is_six_colours_ordered_by_hue():
    colours = palette(gradient(400, 300))
    assert len(colours) == 6
    assert all(re.fullmatch("#[0-9a-f]{6}", colour) for colour in colours)
    hues = [colorsys.rgb_to_hls(*bytes.fromhex(colour[1:]))[0] for colour in colours]
    assert hues == sorted(hues)


def test_the_palette_finds_the_colours_that_are_there():
    image = Image.new("RGB", (96, 96))
    wanted = ["#c81e1e", "#d2b41e", "#1eaa28", "#1e96c8", "#2828c8", "#b428b4"]
    for place, colour in enumerate(wanted):
        image.paste(colour, (16 * place, 0, 16 * place + 16, 96))
    assert list(palette(image)) == wanted


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (500, 2)])
def test_a_flat_picture_has_six_colours_too(size):
    assert palette(Image.new("RGB", size, "#102030")) == ("#102030",) * 6
