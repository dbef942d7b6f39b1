"""Variants are WebP, narrower or equal, and the same every time."""

from __future__ import annotations

import pytest

from livefeed.media.header import Header, read_header
from livefeed.media.variants import original_webp, read_webp, variant_webp
from tests.unit.media.files import gradient


@pytest.mark.parametrize(
    ("size", "width", "expected"),
    [
        ((800, 600), 256, (256, 192)),
        ((800, 600), 1024, (800, 600)),
        ((2000, 3), 256, (256, 1)),
        ((300, 900), 512, (300, 900)),
    ],
)
def test_a_variant_is_never_wider_than_the_picture(size, width, expected):
    assert read_header(variant_webp(gradient(*size), width)) == Header("WEBP", *expected)


def test_equal_pixels_give_equal_bytes():
    assert original_webp(gradient()) == original_webp(gradient().copy())
    assert original_webp(gradient()) != original_webp(gradient(64, 47))


def test_the_original_can_be_read_again():
    image = read_webp(original_webp(gradient()))
    assert (image.mode, image.size) == ("RGB", (64, 48))
