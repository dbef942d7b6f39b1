"""Keeping what is not to be repainted: engines drift, so a picture is laid on its canvas through the mask.

A mask is an 8-bit grey picture: white is repainted, black is kept, pixel for pixel.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, UnidentifiedImageError

from livefeed.generation.generator import Picture, Progress
from livefeed.generation.generators.fitting import decode, fit
from livefeed.generation.job import Job

EDGE: Final = 1 / 200
"""How wide the soft edge is, in shorter sides of the picture; it lies inside the mask."""

Level = TypeVar("Level", np.uint8, np.uint16)


def mask_of(file: bytes, width: int, height: int) -> Image.Image:
    """Return a mask's file as an image of mode L in this size. Raises: ValueError saying what is wrong with it."""
    try:
        with Image.open(io.BytesIO(file)) as image:
            image.load()
            mask = image.convert("L")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError) as exc:
        raise ValueError(f"The mask of {len(file)} bytes cannot be read: {exc}.") from exc
    return mask if mask.size == (width, height) else mask.resize((width, height), Image.Resampling.BILINEAR)


def feathered(mask: Image.Image, rings: int | None = None) -> Image.Image:
    """Return how much of the new picture shows at every pixel: none where the mask is black, all in its middle.

    Between them it rises over `rings` pixels, a few by default; a line of the mask that is thinner than that shows
    wholly in its middle.
    """
    levels = np.asarray(mask)
    rings = rings or max(2, round(EDGE * min(mask.size)))
    total = np.zeros(levels.shape, np.uint16)
    shrunk = levels
    for ring in range(rings):
        total += shrunk
        shrunk = _neighbours(shrunk, np.minimum, corners=bool(ring % 2))
    highest = total
    for ring in range(rings):
        highest = _neighbours(highest, np.maximum, corners=bool(ring % 2))
    risen = np.minimum(total.astype(np.float32) * 255 / np.maximum(highest, 1), levels)
    return Image.fromarray(np.rint(risen).astype(np.uint8))


def _neighbours(field: NDArray[Level], pick: np.ufunc, *, corners: bool) -> NDArray[Level]:
    """Return what `pick` makes of every value and its four or eight neighbours; beyond the frame there are none."""
    found = field.copy()
    pick(found[1:], field[:-1], out=found[1:])
    pick(found[:-1], field[1:], out=found[:-1])
    across = found.copy() if corners else field
    pick(found[:, 1:], across[:, :-1], out=found[:, 1:])
    pick(found[:, :-1], across[:, 1:], out=found[:, :-1])
    return found


class Kept:
    """A canvas and the mask of what may change on it."""

    def __init__(self, canvas: Image.Image, mask: Image.Image) -> None:
        """canvas: RGB; mask: L, of the same size."""
        self._canvas = canvas
        self._share = feathered(mask)
        self._outside = mask.point([255] + 255 * [0])

    def over(self, picture: Image.Image) -> Image.Image:
        """Return the canvas with `picture`, of any size, where the mask lets it be seen.

        A picture that has left all the rest as it was is returned as it is: its maker has softened the edge itself.
        """
        picture = fit(picture, *self._canvas.size)
        if ImageChops.difference(Image.composite(self._canvas, picture, self._outside), picture).getbbox() is None:
            return picture
        return Image.composite(picture, self._canvas, self._share)


def kept_of(job: Job) -> Kept | None:
    """Return what a job wants kept, None when everything may be repainted. It takes milliseconds: call it in a thread.

    Raises: ValueError when its canvas or its mask cannot be read.
    """
    if job.mask is None or job.parent_image is None:
        return None
    size = job.width, job.height
    return Kept(decode(job.parent_image, *size), mask_of(job.mask, *size))


async def keeping(job: Job, items: AsyncIterator[Progress | Picture]) -> AsyncGenerator[Progress | Picture]:
    """Yield what a generator yields for `job`, every image laid on the canvas through the mask, if it has one.

    Closed, it closes the generator. Raises: what the generator does; ValueError as `kept_of`.
    """
    async with AsyncExitStack() as stack:
        if isinstance(items, AsyncGenerator):
            await stack.enter_async_context(aclosing(items))
        kept = await asyncio.to_thread(kept_of, job)
        async for item in items:
            if kept is None or item.image is None:
                yield item
            else:
                yield replace(item, image=await asyncio.to_thread(kept.over, item.image))
