"""What a picture costs: processor time of the illustrator, and of one preview."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

from PIL import Image

from bench.figure import Bar, Figure
from livefeed.generation.generators.illustrator import paint
from livefeed.media import preview_jpeg

PROMPTS = ("a red fox in the snow at night", "a sailing boat at sunset", "an owl reading in a forest", "zzyzx")
SIZE, STEPS = 768, 10
PREVIEWS = 50


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Paint in this process, on one thread, and count its processor seconds, however busy the machine is."""
    runs, image = [], Image.new("RGB", (SIZE, SIZE))
    for seed, prompt in enumerate(PROMPTS):
        began = time.process_time()
        image = await asyncio.to_thread(_paint, prompt, seed)
        runs.append(time.process_time() - began)
    yield Figure("picture, 768 px, 10 passes (CPU)", "s", tuple(runs), Bar(2.0, 6.0))
    runs = []
    for _ in range(PREVIEWS):
        began = time.process_time()
        preview_jpeg(image)
        runs.append(1000 * (time.process_time() - began))
    yield Figure("one JPEG preview of it (CPU)", "ms", tuple(runs))


def _paint(prompt: str, seed: int) -> Image.Image:
    *_, last = paint(prompt, seed=seed, width=SIZE, height=SIZE, steps=STEPS)
    return last.image
