"""ComfyUI as a generator."""

from __future__ import annotations

import asyncio
import hashlib
import io
from collections.abc import AsyncIterator, Coroutine
from importlib import resources
from pathlib import Path
from typing import Final

from PIL import Image, UnidentifiedImageError

from livefeed.config import Config, variable
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import DigitalSource, Picture, Progress, Range
from livefeed.generation.generators.comfyui.following import Following
from livefeed.generation.generators.comfyui.history import Unmade
from livefeed.generation.generators.comfyui.run import Shown
from livefeed.generation.generators.comfyui.server import Server
from livefeed.generation.generators.comfyui.workflow import MAX_TEMPLATE_BYTES, Template, Values, parse
from livefeed.generation.generators.fitting import decode, fit
from livefeed.generation.inpainting import mask_of
from livefeed.generation.job import Job

DEFAULT_STRENGTH: Final = 0.6

_UNREADABLE = (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError)


class ComfyUI:
    """Queues a workflow at a ComfyUI server for each picture, and shows what its sampler shows."""

    name = "comfyui"
    title = "ComfyUI"
    source = DigitalSource.TRAINED
    sizes = Range(256, 1536, 768, multiple=8)
    steps = Range(4, 100, 20)

    def __init__(self, settings: Config | None = None, *, silence_s: float = 60.0) -> None:
        """silence_s: without a sign from the server for so long, it is lost.

        Raises: ConfigurationError when there is no URL, or a workflow cannot be used.
        """
        settings = settings or Config.from_environment()
        if not settings.comfyui_url:
            raise ConfigurationError(f"{variable('comfyui_url')} is empty; it must name a ComfyUI server.")
        self._url = settings.comfyui_url
        self._checkpoint = settings.comfyui_model
        self._silence_s = silence_s
        self._new = _template(settings.comfyui_workflow) or _shipped("txt2img.json")
        self._remix = _template(settings.comfyui_remix_workflow)
        self._inpaint = _template(settings.comfyui_inpaint_workflow)
        if self._inpaint is None and not (settings.comfyui_workflow or settings.comfyui_remix_workflow):
            self._inpaint = _shipped("inpaint.json")
        if self._remix is None and not settings.comfyui_workflow:
            self._remix = _shipped("img2img.json")
        self.remixes, self.masks = self._remix is not None, self._inpaint is not None
        _check_marks(self._remix, settings.comfyui_remix_workflow, {"image": "the parent"})
        _check_marks(self._inpaint, settings.comfyui_inpaint_workflow, {"image": "the picture", "mask": "the mask"})
        for template, name in (
            (self._new, settings.comfyui_workflow), (self._remix, settings.comfyui_remix_workflow)
        ):  # fmt: skip
            if template is not None and "mask" in template.marks:
                raise ConfigurationError(
                    f"The workflow {name} wants a mask, which most pictures have not. Is it the inpainting one?"
                )
        if "image" in self._new.marks:
            name = settings.comfyui_workflow
            raise ConfigurationError(
                f"The workflow {name} wants an image; new pictures have none. Is it the remix one?"
            )

    @property
    def marks(self) -> frozenset[str]:
        """The marks of its workflows."""
        return self._new.marks | (self._remix.marks if self._remix else frozenset())

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        """Yield the steps of its samplers and the picture. Closed or cancelled, it takes the prompt back at the server.

        A graph that the server has made before is answered from its cache: a picture without a step.
        """
        template = self._template_for(job)
        async with Server(self._url, silence_s=self._silence_s) as server:
            values = await self._values(server, job, template)
            following = Following(server, template, steps=job.steps, silence_s=self._silence_s)
            try:
                await following.start(template.filled(values))
                while isinstance(news := await following.next(), list):
                    for shown in news:
                        yield await _progress(shown, job.steps)
                if isinstance(news, Unmade):
                    raise RuntimeError(news.reason)
                file = await server.view(news.file)
            finally:
                await _see_through(following.close())
        yield Picture(await asyncio.to_thread(decode, file, job.width, job.height))

    def _template_for(self, job: Job) -> Template:
        """Return the workflow for a job: without one of its own, a masked one is remixed, and a remix painted anew."""
        wanted = [self._inpaint] if job.mask is not None else []
        return next((one for one in (*wanted, self._remix) if one and job.parent_image is not None), self._new)

    async def _values(self, server: Server, job: Job, template: Template) -> Values:
        checkpoint, image, mask, denoise = self._checkpoint, "", "", 1.0
        if "checkpoint" in template.marks and not checkpoint:
            known = await server.checkpoints()
            if not known:
                raise RuntimeError(f"ComfyUI at {server.address} has no checkpoint; put one into models/checkpoints.")
            checkpoint = known[0]
        if "image" in template.marks and job.parent_image is not None:
            file = await asyncio.to_thread(_canvas, job.parent_image, job.width, job.height)
            image = await server.upload(f"{hashlib.sha256(file).hexdigest()[:32]}.png", file)
            denoise = DEFAULT_STRENGTH if job.strength is None else job.strength
        if "mask" in template.marks and job.mask is not None:
            file = await asyncio.to_thread(_grey, job.mask, job.width, job.height)
            mask = await server.upload(f"{hashlib.sha256(file).hexdigest()[:32]}.png", file)
        return Values(
            prompt=job.prompt, width=job.width, height=job.height, seed=job.seed, steps=job.steps, denoise=denoise,
            job=job.id, checkpoint=checkpoint, image=image, mask=mask,
        )  # fmt: skip


async def _see_through(work: Coroutine[None, None, None]) -> None:
    """Await `work` to its end even when cancelled meanwhile; it is short by itself."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


async def _progress(shown: Shown, steps: int) -> Progress:
    image = None if shown.file is None else await asyncio.to_thread(_preview, shown.file)
    return Progress(shown.step, steps, image)


def _preview(file: bytes) -> Image.Image | None:
    """Return a picture on the way, None when it cannot be read: the next one comes with the next step."""
    try:
        with Image.open(io.BytesIO(file)) as image:
            return image.convert("RGB")
    except _UNREADABLE:
        return None


def _canvas(parent: bytes, width: int, height: int) -> bytes:
    """Return the parent's picture as PNG of the size that is asked for. Raises: ValueError."""
    kept = io.BytesIO()
    try:
        with Image.open(io.BytesIO(parent)) as image:
            image.load()
            fit(image, width, height).save(kept, "PNG", compress_level=1)
    except _UNREADABLE as exc:
        raise ValueError(f"The parent's picture, {len(parent)} bytes, cannot be read: {exc}.") from exc
    return kept.getvalue()


def _grey(mask: bytes, width: int, height: int) -> bytes:
    """Return a mask as PNG of the size that is asked for, white in all three colours. Raises: ValueError."""
    kept = io.BytesIO()
    mask_of(mask, width, height).convert("RGB").save(kept, "PNG")
    return kept.getvalue()


def _check_marks(template: Template | None, name: str, wanted: dict[str, str]) -> None:
    """Raises: ConfigurationError when a workflow does not say where something goes that it is for."""
    for mark, what in wanted.items():
        if template is not None and mark not in template.marks:
            raise ConfigurationError(f"The workflow {name} does not say where {what} goes; write {{{{{mark}}}}} there.")


def _template(path: str) -> Template | None:
    """Return an operator's own template. Raises: ConfigurationError."""
    if not path:
        return None
    try:
        with Path(path).open("rb") as file:
            content = file.read(MAX_TEMPLATE_BYTES + 1)
        text = content.decode()
    except (OSError, UnicodeDecodeError) as exc:
        raise ConfigurationError(f"The workflow {path} cannot be read: {exc}.") from exc
    if len(content) > MAX_TEMPLATE_BYTES:
        raise ConfigurationError(f"The workflow {path} is larger than {MAX_TEMPLATE_BYTES} bytes.")
    return parse(text, path)


def _shipped(name: str) -> Template:
    return parse(resources.files(__package__).joinpath("workflows", name).read_text("utf-8"), name)
