"""A generator of known steps, as an installed plug-in: for tests and benchmarks that kill, cancel and time.

Its plain but not flat pictures cost little. What it does is written to a file as it happens, with the machine's clock,
so that what others saw and when can be compared with what was made and when.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image

from livefeed.generation.generator import DigitalSource, Picture, Progress, Range
from livefeed.generation.job import Job

DIARY = "METRONOME_DIARY"
"""The environment's variable with the path of the diary; without it none is kept."""
_STEP = re.compile(r"(\d+) ms")
_GRAIN = 24
"""Side of what the pictures' noise is drawn in: their previews have the 8 to 12 KB that a painted picture's have."""


class Metronome:
    """Each step takes as long as the prompt says, as in `150 ms each`; 100 ms if it says nothing."""

    name = "metronome"
    title = "Metronome"
    source = DigitalSource.ALGORITHMIC
    sizes = Range(64, 1024, 256, multiple=8)
    steps = Range(1, 100, 10)

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        told = _STEP.search(job.prompt)
        step_s = int(told.group(1)) / 1000 if told else 0.1
        note(job.id, "begun")
        try:
            for step in range(1, job.steps + 1):
                await asyncio.sleep(step_s)
                image = canvas(job, step)
                note(job.id, str(step))
                yield Progress(step, job.steps, image)
            yield Picture(canvas(job, 0))
        finally:
            note(job.id, "left")


def canvas(job: Job, step: int) -> Image.Image:
    """Return the picture after a step: the same grain in a colour of the job and the step."""
    size = (job.width, job.height)
    colour = (job.seed % 256, job.seed // 256 % 256, 255 * step // (job.steps + 1))
    return Image.blend(_grain(size), Image.new("RGB", size, colour), 0.5)


@cache
def _grain(size: tuple[int, int]) -> Image.Image:
    small = max(1, min(size) * _GRAIN // 256)
    return Image.effect_noise((small * 4, small * 4), 70).resize(size, Image.Resampling.BILINEAR).convert("RGB")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a metronome did. at_us: microseconds since 1970. what: `begun`, the number of a step, `left`."""

    at_us: int
    pid: int
    job: str
    what: str


def note(job: str, what: str) -> None:
    """Write into the diary; each line goes into it whole, however many processes write."""
    path = os.environ.get(DIARY)
    if path:
        line = f"{time.time_ns() // 1000} {os.getpid()} {job} {what}\n"
        with open(path, "ab", buffering=0) as diary:
            diary.write(line.encode())


def read(diary: Path) -> list[Entry]:
    """Return what the diary holds, in the order it was written."""
    lines = diary.read_text("ascii").splitlines() if diary.exists() else []
    return [Entry(int(at_us), int(pid), job, what) for at_us, pid, job, what in map(str.split, lines)]


def install(folder: Path) -> dict[str, str]:
    """Put the plug-in's metadata into a folder, as pip would; return what the environment needs to find it there.

    The class itself is found because server and workers run in this checkout.
    """
    about = folder / "livefeed_metronome-1.0.dist-info"
    about.mkdir(parents=True, exist_ok=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: livefeed-metronome\nVersion: 1.0\n", "ascii")
    (about / "entry_points.txt").write_text(f"[livefeed.generators]\nmetronome = {__name__}:Metronome\n", "ascii")
    return {"PYTHONPATH": str(folder), DIARY: str(folder / "diary")}
