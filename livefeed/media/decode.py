"""From untrusted bytes to plain pixels: upright, sRGB, opaque, at most MAX_SIDE long. Pure.

Transparency is laid on white, which is what previews, thumbnails elsewhere and people's viewers do with it.
A moving picture gives its first frame. What follows the end of the picture in the file (phones append films,
attackers append archives) is ignored, and since the pixels are encoded anew it goes no further.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import ceil
from typing import Final

from PIL import Image, ImageCms

from livefeed.errors import BadPicture, LivefeedError, TooLarge
from livefeed.media.header import Header, read_header
from livefeed.media.provenance import Metadata, of_upload

MAX_SIDE: Final = 2048
"""Twice the widest variant; a longer picture is reduced to it."""

MAX_PROFILE_BYTES: Final = 1024 * 1024
"""Colour profiles of printers reach half of it; a longer one is ignored."""

STRIP_ROWS: Final = 128
"""Rows of the reduced picture that are converted at a time."""

_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is taken at most; checked before a pixel is decoded."""

    bytes: int = 20 * 1024 * 1024
    pixels: int = 40_000_000

    def pixels_of(self, format: str) -> int:
        """Return the bound for one format: half for WebP, whose decoder holds four copies of the picture."""
        return self.pixels // 2 if format == "WEBP" else self.pixels


def check(data: bytes, bounds: Bounds) -> Header:
    """Return the header of a file that may be decoded.

    Raises: TooLarge, BadPicture.
    """
    if len(data) > bounds.bytes:
        raise TooLarge(f"The picture file has {len(data):,} bytes; send at most {bounds.bytes:,}.")
    header = read_header(data)
    _check_pixels(header.width, header.height, bounds.pixels_of(header.format))
    return header


def decode(data: bytes, bounds: Bounds) -> Image.Image:
    """Return the picture in mode RGB, with no metadata, its longer side at most MAX_SIDE.

    Raises: TooLarge, BadPicture.
    """
    return decode_file(data, bounds)[0]


def decode_file(data: bytes, bounds: Bounds) -> tuple[Image.Image, Metadata]:
    """Return what `decode` does, and what may be kept of the file's own metadata.

    Raises: TooLarge, BadPicture.
    """
    header = check(data, bounds)
    with _pillow_errors_translated():
        image = Image.open(io.BytesIO(data), formats=(header.format,))
        _check_pixels(*image.size, bounds.pixels)  # a GIF's first frame may be larger than its canvas
        pixels = _reduced(image)
        orientation = _orientation(image)
        pixels = _in_srgb(pixels, image.info.get("icc_profile"))
        metadata = of_upload(image.info.get("xmp"), image.info.get("exif"))
    turn = None if orientation is None else _UPRIGHT.get(orientation)
    return pixels if turn is None else pixels.transpose(turn), metadata


def _check_pixels(width: int, height: int, most: int) -> None:
    if width * height > most:
        raise TooLarge(f"The picture has {width} x {height} pixels; send at most {most:,} in all.")


@contextmanager
def _pillow_errors_translated() -> Iterator[None]:
    """Turn whatever a decoder throws at damaged bytes into BadPicture, and its own alarm into TooLarge.

    Damage shows as OSError, SyntaxError, ValueError, struct.error, EOFError or zlib.error, depending on
    format and place, so everything is caught.
    """
    try:
        yield
    except LivefeedError:
        raise
    except Image.DecompressionBombError as exc:
        raise TooLarge("The picture has far too many pixels.") from exc
    except Exception as exc:
        raise BadPicture("The picture is damaged or cut off; send the whole file.") from exc


def _reduced(image: Image.Image) -> Image.Image:
    """Return the pixels in RGB or CMYK, opaque, no longer than MAX_SIDE, on a canvas without metadata.

    It is converted and reduced strip by strip, so only one copy in full size is ever in memory; a JPEG is
    decoded at a reduced size to begin with.
    """
    enough = 2 * MAX_SIDE / max(image.size)
    image.draft(None, (ceil(image.width * enough), ceil(image.height * enough)))
    image.load()
    factor = max(1, max(image.size) // MAX_SIDE)
    size = (ceil(image.width / factor), ceil(image.height / factor))
    canvas = Image.new("CMYK" if image.mode == "CMYK" else "RGB", size)
    for row in range(0, size[1], STRIP_ROWS):
        top, bottom = row * factor, min(image.height, (row + STRIP_ROWS) * factor)
        strip = _opaque(image.crop((0, top, image.width, bottom)))
        canvas.paste(strip.reduce(factor), (0, row))
    canvas.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    return canvas


def _opaque(image: Image.Image) -> Image.Image:
    """Return the picture in RGB on white, or in CMYK if it is."""
    if image.mode == "CMYK":
        return image
    if image.mode.startswith("I"):  # 16-bit greys, which a plain conversion would clip to white
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    canvas = Image.new("RGB", image.size, "white")
    canvas.paste(image, mask=image)
    return canvas


def _orientation(image: Image.Image) -> int | None:
    """Return the EXIF orientation; a damaged EXIF block is no reason to refuse the picture."""
    with suppress(Exception):
        orientation = image.getexif().get(_ORIENTATION)
        return orientation if isinstance(orientation, int) else None
    return None


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return the colours that the profile gives the numbers; a profile that does not fit is ignored."""
    if profile and len(profile) <= MAX_PROFILE_BYTES:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            moved = ImageCms.profileToProfile(image, meant, _SRGB, outputMode="RGB")
            if moved is not None:
                moved.info.clear()  # or the profile of sRGB would be stored with every picture
                return moved
    return image.convert("RGB")
