"""From an engine's picture to the one that was asked for."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from livefeed.generation.generators import fitting
from livefeed.generation.generators.fitting import decode, fit, nearest

STANDARD = ((1024, 1024), (1536, 1024), (1024, 1536))


def file_of(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def test_a_picture_that_fits_is_not_touched() -> None:
    image = Image.new("RGB", (30, 20), "red")
    assert fit(image, 30, 20) is image


@pytest.mark.parametrize("size", [(30, 20), (20, 30), (7, 7), (300, 8)])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "CMYK", "LA", "I;16"])
def test_whatever_comes_leaves_as_rgb_of_the_size_asked(mode: str, size: tuple[int, int]) -> None:
    fitted = fit(Image.new(mode, (40, 24)), *size)
    assert (fitted.mode, fitted.size) == ("RGB", size)


def test_what_is_cut_off_is_cut_off_evenly_and_nothing_is_stretched() -> None:
    """Three stripes, the middle one as wide as the picture is high: only it is left."""
    image = Image.new("RGB", (90, 30), "red")
    image.paste("blue", (30, 0, 60, 30))
    assert set(fit(image, 30, 30).tobytes()[2::3]) == {255}
    assert set(fit(image, 30, 30).tobytes()[0::3]) == {0}


def test_what_is_clear_becomes_white() -> None:
    assert fit(Image.new("RGBA", (4, 4), (0, 0, 0, 0)), 4, 4).getpixel((1, 1)) == (255, 255, 255)
    palette = Image.new("P", (4, 4))
    palette.info["transparency"] = 0
    assert fit(palette, 4, 4).getpixel((1, 1)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_file_becomes_a_picture_of_the_size_asked(kind: str) -> None:
    image = decode(file_of(Image.new("RGB", (64, 48), "green"), kind), 32, 32)
    assert (image.mode, image.size) == ("RGB", (32, 32))


WHOLE = file_of(Image.effect_noise((64, 64), 90))


@pytest.mark.parametrize(
    "file", [b"", b"<html>", WHOLE[: len(WHOLE) // 2], WHOLE[:40]], ids=["nothing", "no picture", "a half", "a head"]
)
def test_a_broken_file_is_said_to_be_one(file: bytes) -> None:
    with pytest.raises(ValueError, match=f"{len(file)} bytes that cannot be read"):
        decode(file, 32, 32)


def test_a_file_that_is_too_large_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "MAX_FILE_BYTES", 10)
    with pytest.raises(ValueError, match="at most 10 are read"):
        decode(WHOLE, 32, 32)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((256, 256), (1024, 1024)),
        ((1024, 768), (1536, 1024)),
        ((1280, 1024), (1536, 1024)),
        ((1536, 256), (1536, 1024)),
        ((256, 1536), (1024, 1536)),
        ((768, 1024), (1024, 1536)),
        ((1024, 900), (1024, 1024)),
    ],
)
def test_the_nearest_size_is_that_of_the_nearest_shape(asked: tuple[int, int], found: tuple[int, int]) -> None:
    assert nearest(*asked, STANDARD) == found


def test_of_one_shape_the_smallest_that_is_large_enough_is_nearest_or_else_the_largest() -> None:
    squares = ((256, 256), (1024, 1024), (512, 512))
    assert nearest(500, 500, squares) == (512, 512)
    assert nearest(512, 512, squares) == (512, 512)
    assert nearest(2000, 2000, squares) == (1024, 1024)
