"""A canvas and its mask in a size that the server makes: whatever it answers has to lie on the canvas again. [pure]"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from livefeed.generation.generators.fitting import decode
from livefeed.generation.inpainting import mask_of

Size = tuple[int, int]
File = tuple[str, bytes, str]
"""Name, bytes and type, as the server takes files."""


@dataclass(frozen=True, slots=True)
class Framing:
    """Where in a picture of the server's size the whole of ours lies, and nothing of it is cut off.

    picture, server: width and height in pixels. box: left, top, right, bottom of the picture within the server's.
    """

    picture: Size
    server: Size
    box: tuple[int, int, int, int]

    @classmethod
    def of(cls, picture: Size, server: Size) -> Framing:
        """Return how a picture of one size lies in the middle of the other."""
        scale = min(server[0] / picture[0], server[1] / picture[1])
        width, height = max(1, round(picture[0] * scale)), max(1, round(picture[1] * scale))
        left, top = (server[0] - width) // 2, (server[1] - height) // 2
        return cls(picture, server, (left, top, left + width, top + height))

    def canvas(self, file: bytes) -> File:
        """Return a picture as the server is to see it, around it the colours of its edge. Raises: ValueError."""
        left, top, right, bottom = self.box
        inner = decode(file, *self.picture).resize((right - left, bottom - top), Image.Resampling.LANCZOS)
        around = ((top, self.server[1] - bottom), (left, self.server[0] - right), (0, 0))
        return _png("canvas.png", Image.fromarray(np.pad(np.asarray(inner), around, mode="edge")))

    def mask(self, file: bytes) -> File:
        """Return a mask as the server reads it: transparent is repainted, and it is one or the other.

        Raises: ValueError.
        """
        left, top, right, bottom = self.box
        inner = mask_of(file, *self.picture).resize((right - left, bottom - top), Image.Resampling.BILINEAR)
        alpha = Image.new("L", self.server, 255)
        alpha.paste(inner.point([255] + 255 * [0]), (left, top))
        masked = Image.new("RGBA", self.server)
        masked.putalpha(alpha)
        return _png("mask.png", masked)

    def picture_of(self, file: bytes) -> Image.Image:
        """Return our part of the server's picture, in our size. Raises: ValueError."""
        image = decode(file, *self.server).crop(self.box)
        return image if image.size == self.picture else image.resize(self.picture, Image.Resampling.LANCZOS)


def _png(name: str, image: Image.Image) -> File:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1 if image.mode == "RGB" else 6)
    return name, out.getvalue(), "image/png"
