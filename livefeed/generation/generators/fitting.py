"""From the picture an engine made to the picture that was asked for. [pure]"""

from __future__ import annotations

import io
import math
from collections.abc import Iterable
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""No engine may send a larger picture: what is read of it stops here."""


def fit(image: Image.Image, width: int, height: int) -> Image.Image:
    """Return `image` as RGB of exactly this size: scaled until it covers it, the rest cut off evenly.

    What shows through becomes white. An image that fits is returned as it is, not copied.
    """
    if image.mode != "RGB":
        image = _opaque(image)
    if image.size == (width, height):
        return image
    return ImageOps.fit(image, (width, height), Image.Resampling.LANCZOS)


def decode(file: bytes, width: int, height: int) -> Image.Image:
    """Return an engine's picture file as RGB of this size. It takes milliseconds: call it in a thread.

    Raises: ValueError saying what is wrong with the file.
    """
    if len(file) > MAX_FILE_BYTES:
        raise ValueError(f"The engine sent a picture of {len(file)} bytes; at most {MAX_FILE_BYTES} are read.")
    try:
        with Image.open(io.BytesIO(file)) as image:
            image.load()
            return fit(image, width, height)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as exc:
        raise ValueError(f"The engine sent a picture of {len(file)} bytes that cannot be read: {exc}.") from exc


def nearest(width: int, height: int, sizes: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return the one of an engine's `sizes` whose shape is closest to this one's, the smallest that is large enough.

    sizes: (width, height) in pixels, at least one.
    """

    def badness(size: tuple[int, int]) -> tuple[float, bool, int]:
        stretched = abs(math.log((size[0] / size[1]) / (width / height)))
        too_small = size[0] < width or size[1] < height
        pixels = size[0] * size[1]
        return round(stretched, 6), too_small, -pixels if too_small else pixels

    return min(sizes, key=badness)


def _opaque(image: Image.Image) -> Image.Image:
    if "A" not in image.mode and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
