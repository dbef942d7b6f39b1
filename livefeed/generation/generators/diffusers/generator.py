"""The generator: one picture at a time, in a process that keeps the model warm."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import Image

from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import DigitalSource, EngineLost, Picture, Progress, Range, Refused
from livefeed.generation.generators.diffusers import asked, easel
from livefeed.generation.generators.diffusers.easel import Easel
from livefeed.generation.generators.diffusers.wire import (
    Failure,
    Finished,
    Paint,
    Ready,
    Setup,
    Step,
    Stopped,
    Withheld,
)
from livefeed.generation.generators.fitting import fit
from livefeed.generation.job import Job

log = logging.getLogger(__name__)

SILENCE_S: Final = 120.0
"""Long, since a large step, or the decoding of the picture, takes a processor a minute."""
LOAD_S: Final = 3600.0
"""A model that is not on this machine is fetched first."""
PACKAGES: Final = ("torch", "diffusers", "transformers")
PRECISIONS: Final = ("auto", "float32", "float16", "bfloat16")
PREVIEWS: Final = ("auto", "on", "off")


class Failed(Exception):
    """The pipeline could not paint this picture: words for the operator."""


class Diffusers:
    """Pictures from the pipeline at `settings.diffusers_model`. Nothing of it is imported into this process.

    The pipeline is loaded when the first picture is asked for, and stays loaded.
    """

    name = "diffusers"
    source = DigitalSource.TRAINED

    def __init__(
        self,
        settings: Config | None = None,
        *,
        silence_s: float = SILENCE_S,
        load_s: float = LOAD_S,
        start: easel.Start = easel.launch,
    ) -> None:
        """silence_s, load_s: without a sign for so long, while painting and while loading, the process is lost.

        Raises: ConfigurationError; ImportError when this process has workers but not the packages.
        """
        settings = settings or Config.from_environment()
        self._setup = _setup_of(settings)
        if settings.workers and (lacking := [name for name in PACKAGES if find_spec(name) is None]):
            raise ModuleNotFoundError(f"no module named {' or '.join(lacking)}")
        self.title = Path(self._setup.model).expanduser().resolve().name or self.name
        self.sizes = Range(256, 1536, settings.diffusers_size, multiple=8)
        self.steps = Range(1, 100, settings.diffusers_steps)
        self._silence_s = silence_s
        self._load_s = load_s
        self._start = start
        self._turn = asyncio.Lock()
        self._easel: Easel | None = None
        self._number = 0

    async def generate(self, job: Job) -> AsyncGenerator[Progress | Picture]:
        """Yield the pipeline's steps, some with the picture so far, and the picture. Others wait for their turn.

        Closed or cancelled, it has the pipeline stop after the step that is being painted, and does not wait for that.
        Raises: Refused by the pipeline's safety checker; EngineLost, also when the model cannot be loaded; Failed.
        """
        async with self._turn:
            try:
                easel = await self._warm()
                async with aclosing(self._paint(easel, job)) as items:
                    async for item in items:
                        yield item
            except EngineLost:
                await self.close()
                raise

    async def close(self) -> None:
        """End the process and give its memory back. The next picture starts another one."""
        easel, self._easel = self._easel, None
        if easel is not None:
            await easel.close()

    async def _paint(self, easel: Easel, job: Job) -> AsyncGenerator[Progress | Picture]:
        self._number += 1
        try:
            await easel.paint(_order(self._number, job))
            while True:
                match await easel.receive(within_s=self._silence_s):
                    case Step() as step:
                        image = await asyncio.to_thread(_image, step) if step.width else None
                        yield Progress(asked.share(step.done, step.total, job.steps), job.steps, image)
                    case Finished() as finished:
                        image = await asyncio.to_thread(_image, finished)
                        yield Picture(await asyncio.to_thread(fit, image, job.width, job.height))
                        return
                    case Withheld():
                        raise Refused(
                            "content_policy",
                            "The model's safety check did not let this picture pass; change the prompt and try again.",
                        )
                    case Failure(reason=reason):
                        raise Failed(reason)
                    case Ready() | Stopped():
                        raise EngineLost("The process that paints says what it was not asked.")
        finally:
            easel.call_off(within_s=self._silence_s)

    async def _warm(self) -> Easel:
        """Return a process that has loaded the model and paints nothing. Raises: EngineLost.

        Whoever is cancelled while it loads leaves it loading, for the next one.
        """
        if self._easel is not None and self._easel.gone:
            log.warning("the process that paints has ended between two pictures")
            await self.close()
        if self._easel is not None and not self._easel.settled:
            try:
                await self._easel.settle(within_s=self._silence_s)
            except EngineLost as exc:
                log.warning("a picture that was called off did not stop: %s", exc.message)
                await self.close()
        if self._easel is None:
            self._easel = await Easel.open(self._start, self._setup)
        easel = self._easel
        if not easel.ready:
            left_s = easel.began_s + self._load_s - asyncio.get_running_loop().time()
            match await easel.receive(within_s=max(0.0, left_s)):
                case Ready(words=words):
                    easel.ready = True
                    log.info("%s", words)
                case _:
                    raise EngineLost("The process that paints says what it was not asked.")
        return easel


def _order(number: int, job: Job) -> Paint:
    return Paint(
        number=number, prompt=job.prompt, width=job.width, height=job.height, seed=job.seed, steps=job.steps,
        strength=job.strength, parent=job.parent_image, mask=job.mask,
    )  # fmt: skip


def _setup_of(settings: Config) -> Setup:
    """Return what the painting process is told. Raises: ConfigurationError."""
    if not settings.diffusers_model:
        raise ConfigurationError(f"There is no diffusers model; set {variable('diffusers_model')}.")
    for name, known in (("diffusers_precision", PRECISIONS), ("diffusers_previews", PREVIEWS)):
        if getattr(settings, name) not in known:
            raise ConfigurationError(f"{variable(name)} must be one of: {', '.join(known)}.")
    if settings.diffusers_size % 8:
        raise ConfigurationError(f"{variable('diffusers_size')} must be a multiple of 8.")
    return Setup(
        model=settings.diffusers_model.rstrip("/"), device=settings.diffusers_device,
        precision=settings.diffusers_precision, previews=settings.diffusers_previews,
        preview_vae=settings.diffusers_preview_vae, guidance=settings.diffusers_guidance,
    )  # fmt: skip


def _image(told: Step | Finished) -> Image.Image:
    return Image.frombytes("RGB", (told.width, told.height), told.pixels)
