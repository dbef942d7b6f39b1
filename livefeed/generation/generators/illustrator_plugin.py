"""The built-in illustrator as a generator: each pass is painted in a thread, so the loop lives and can cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO

from PIL import Image

from livefeed.generation.generator import DigitalSource, Picture, Progress, Range
from livefeed.generation.generators.illustrator import LARGEST, NAME, STRENGTH, TITLE, paint
from livefeed.generation.job import Job

PASS_S = 0.25
"""A pass lasts at least so long: previews are shown four a second, and a picture is there to be watched."""


class Illustrator:
    """Paints what the prompt says, the same picture for the same prompt, seed, size and steps, over the same parent."""

    name = NAME
    title = TITLE
    source = DigitalSource.ALGORITHMIC
    sizes = Range(256, 1024, 768, multiple=8)
    steps = Range(4, 20, 10)

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        """Yield every pass and the picture. Cancelled, it stops after the pass that is being painted."""
        canvases = paint(
            job.prompt, seed=job.seed, width=job.width, height=job.height, steps=job.steps,
            parent=await asyncio.to_thread(_opened, job.parent_image),
            strength=STRENGTH if job.strength is None else job.strength,
        )  # fmt: skip
        image, clock = None, asyncio.get_running_loop().time
        began_s = clock()
        while (canvas := await asyncio.to_thread(next, canvases, None)) is not None:
            await asyncio.sleep(max(0.0, PASS_S - (clock() - began_s)))
            began_s = clock()
            image = canvas.image
            yield Progress(canvas.step, canvas.steps, image)
        if image is not None:
            yield Picture(image)


def _opened(picture: bytes | None) -> Image.Image | None:
    """Return the parent's picture, small: it is painted over at the size that is asked for."""
    if picture is None:
        return None
    image = Image.open(BytesIO(picture))
    image.thumbnail((LARGEST, LARGEST))
    return image.convert("RGB")
