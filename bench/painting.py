"""What a picture costs: processor time of the illustrator, and of one preview."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

from PIL import Image

from bench.figure import Bar, Figure
from livefeed.generation.generator import Picture
from livefeed.generation.generators.illustrator_plugin import Illustrator
from livefeed.generation.job import Job
from livefeed.media import preview_jpeg

PROMPTS = ("a red fox in the snow at night", "a sailing boat at sunset", "an owl reading in a forest", "zzyzx")
SIZE, STEPS = 768, 10
PREVIEWS = 50


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Paint in this process, a pass at a time in a thread, as a worker does; the cost is processor seconds."""
    lasted, cost, image = [], [], Image.new("RGB", (SIZE, SIZE))
    for seed, prompt in enumerate(PROMPTS):
        began, worked = time.monotonic(), time.process_time()
        image = await _paint(prompt, seed)
        lasted.append(time.monotonic() - began)
        cost.append(time.process_time() - worked)
    yield Figure("picture, 768 px, 10 passes", "s", tuple(lasted), Bar(2.0, 6.0))
    yield Figure("the same (CPU)", "s", tuple(cost))
    runs = []
    for _ in range(PREVIEWS):
        began = time.process_time()
        preview_jpeg(image)
        runs.append(1000 * (time.process_time() - began))
    yield Figure("one JPEG preview of it (CPU)", "ms", tuple(runs))


async def _paint(prompt: str, seed: int) -> Image.Image:
    """Paint as a worker does, and return the picture."""
    job = Job(id="0" * 22, prompt=prompt, width=SIZE, height=SIZE, seed=seed, steps=STEPS, generator=Illustrator.name)
    async for item in Illustrator().generate(job):
        if isinstance(item, Picture):
            return item.image
    raise AssertionError("the illustrator made no picture")
