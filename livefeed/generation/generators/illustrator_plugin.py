"""The built-in illustrator as a generator: each pass is painted in a thread, so the loop lives and can cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from livefeed.generation.generator import Picture, Progress, Range
from livefeed.generation.generators.illustrator import NAME, TITLE, paint
from livefeed.generation.job import Job


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
        image = None
        while (canvas := await asyncio.to_thread(next, canvases, None)) is not None:
            image = canvas.image
            yield Progress(canvas.step, canvas.steps, image)
        if image is not None:
            yield Picture(image)
