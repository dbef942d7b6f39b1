"""The built-in illustrator as a generator: each pass is painted in a thread, so the loop lives and can cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from livefeed.generation.generator import Picture, Progress, Range
from livefeed.generation.generators.illustrator import NAME, TITLE, paint
from livefeed.generation.job import Job

PASS_S = 0.25
"""A pass lasts at least so long: previews are shown four a second, and a picture is there to be watched."""


class Illustrator:
    """Paints what the prompt says, the same picture for the same prompt, seed, size and steps.

    It starts every picture anew: a parent is its lineage, not its canvas.
    """

    name = NAME
    title = TITLE
    sizes = Range(256, 1024, 768, multiple=8)
    steps = Range(4, 20, 10)

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        """Yield every pass and the picture. Cancelled, it stops after the pass that is being painted."""
        canvases = paint(job.prompt, seed=job.seed, width=job.width, height=job.height, steps=job.steps)
        image, clock = None, asyncio.get_running_loop().time
        began_s = clock()
        while (canvas := await asyncio.to_thread(next, canvases, None)) is not None:
            await asyncio.sleep(max(0.0, PASS_S - (clock() - began_s)))
            began_s = clock()
            image = canvas.image
            yield Progress(canvas.step, canvas.steps, image)
        if image is not None:
            yield Picture(image)
