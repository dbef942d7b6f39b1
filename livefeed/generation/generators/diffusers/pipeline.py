"""The pipeline: loaded, painting, watched. Only the painting process imports this file."""

from __future__ import annotations

import gc
import inspect
import logging
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import (
    AutoPipelineForImage2Image,
    AutoPipelineForInpainting,
    AutoPipelineForText2Image,
    DiffusionPipeline,
)
from diffusers.utils import logging as diffusers_logging
from PIL import Image
from transformers.utils import logging as transformers_logging

from livefeed.generation.generators.diffusers import asked, previews
from livefeed.generation.generators.diffusers.wire import Paint, Setup
from livefeed.generation.generators.fitting import fit
from livefeed.generation.inpainting import mask_of

log = logging.getLogger("livefeed.painter")

BETWEEN_S: Final = 0.2
"""Between two pictures on the way: more than four a second are not shown."""

Tell = Callable[[int, int, Image.Image | None], None]
"""Is told how many steps are done, of how many, and the picture so far."""
GoOn = Callable[[], None]
"""Raises what ends the painting when it is to end."""


class Pipeline:
    """A text-to-image pipeline and, where its model has them, its sisters with the same weights: one that starts from a
    picture, one that repaints a part of it.

    words: what was loaded, in one sentence.
    """

    def __init__(self, pipe: Any, setup: Setup, show: previews.Show | None, words: str) -> None:
        self.words = words
        self._new = pipe
        self._remix = _sister(AutoPipelineForImage2Image, pipe, "remixes are painted from their prompt alone")
        self._inpaint = _sister(AutoPipelineForInpainting, pipe, "masked pictures are painted as remixes are")
        self._guidance = setup.guidance
        self._watch = previews.Watch(pipe.scheduler)
        self._show = show
        self._multiple = getattr(pipe, "vae_scale_factor", 8) * (2 if hasattr(pipe, "transformer") else 1)

    @classmethod
    def load(cls, setup: Setup) -> Pipeline:
        """Load what the settings say, from a folder or by its id. Raises: whatever keeps it from being loaded."""
        diffusers_logging.set_verbosity_error()
        diffusers_logging.disable_progress_bar()
        transformers_logging.set_verbosity_error()
        transformers_logging.disable_progress_bar()
        began_s = time.monotonic()
        place, device = place_of(setup.model), device_of(setup.device)
        precision = precision_of(setup.precision, device, DiffusionPipeline.load_config(place))
        pipe = AutoPipelineForText2Image.from_pretrained(place, dtype=precision).to(device)
        if "callback_on_step_end" not in inspect.signature(pipe.__call__).parameters:
            raise ValueError(f"{type(pipe).__name__} tells nothing between its steps: it could not be stopped.")
        pipe.set_progress_bar_config(disable=True)
        checks = getattr(pipe, "safety_checker", None) is not None
        wanted = setup.previews == "on" or (setup.previews == "auto" and not checks)
        show = previews.shower(pipe, setup.preview_vae) if wanted else None
        words = (
            f"{type(pipe).__name__} {setup.model} is loaded on {device} in {str(precision).removeprefix('torch.')}, "
            f"after {time.monotonic() - began_s:.1f} s, {'with' if show else 'without'} previews, "
            f"{'with' if checks else 'without'} a safety checker."
        )
        return cls(pipe, setup, show, words)

    def paint(self, paint: Paint, tell: Tell, go_on: GoOn) -> Image.Image | None:
        """Return the picture, at least as large as asked for, or None when the safety checker withholds it.

        go_on: called after every step.
        """
        width, height = (asked.whole(side, self._multiple) for side in (paint.width, paint.height))
        pipe, more = self._new, dict[str, Any](width=width, height=height)
        start = self._remix if paint.mask is None else self._inpaint or self._remix
        if paint.parent is not None and start is not None:
            pipe = start
            more |= {
                "image": _opened(paint.parent, width, height),
                "strength": asked.strength_for(paint.strength, paint.steps),
            }
        if paint.mask is not None:
            more["mask_image"] = mask_of(paint.mask, width, height)
        if self._guidance >= 0:
            more["guidance_scale"] = self._guidance
        shown_s = 0.0

        def after_step(painting: Any, index: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            nonlocal shown_s
            go_on()
            image = None
            if self._show is not None and time.monotonic() - shown_s >= BETWEEN_S:
                shown_s = time.monotonic()
                image = self._so_far(width, height)
            tell(index + 1, getattr(painting, "num_timesteps", None) or paint.steps, image)
            return tensors

        known = inspect.signature(pipe.__call__).parameters
        made = pipe(
            prompt=paint.prompt,
            num_inference_steps=paint.steps,
            generator=torch.Generator("cpu").manual_seed(paint.seed),  # gives every device the same noise
            callback_on_step_end=after_step,
            **{name: value for name, value in more.items() if name in known},
        )
        if any(getattr(made, "nsfw_content_detected", None) or ()):
            return None
        image: Image.Image = made.images[0]
        return image.convert("RGB")

    def _so_far(self, width: int, height: int) -> Image.Image | None:
        """Return what the last step takes the picture to be. A model that cannot be shown this way shows nothing."""
        latents = self._watch.original()
        if latents is None or self._show is None:
            return None
        try:
            return self._show(latents, width, height)
        except (ValueError, RuntimeError) as exc:
            if self.is_beyond_repair(exc) or self.is_short_of_memory(exc):
                raise
            log.warning("the pictures on the way cannot be shown: %s", exc)
            self._show = None
            return None

    def tidy(self) -> None:
        """Let go of what a picture, or its failure, has left behind."""
        self._watch.forget()

    def is_short_of_memory(self, exc: Exception) -> bool:
        """Tell whether an exception is want of memory, and then give back what can be given back."""
        if not isinstance(exc, (torch.OutOfMemoryError, MemoryError)) and "not enough memory" not in str(exc):
            return False
        self._watch.forget()
        exc.__traceback__ = None  # its frames hold the tensors
        gc.collect()
        if torch.cuda.is_available():
            torch.cuda.empty_cache()
        return True

    def is_beyond_repair(self, exc: Exception) -> bool:
        """Tell whether this process can use its device no more: after such an error every later call fails as well."""
        lost = getattr(torch, "AcceleratorError", None)
        if isinstance(exc, torch.OutOfMemoryError):
            return False
        return (lost is not None and isinstance(exc, lost)) or "CUDA error" in str(exc)


def place_of(model: str) -> str:
    """Return what diffusers takes for a model. Raises: FileNotFoundError, rather than to ask the Hub for a path."""
    folder = Path(model).expanduser()
    if model.startswith(("/", ".", "~")) and not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    return str(folder) if folder.is_dir() else model


def device_of(wanted: str) -> torch.device:
    """Return a device: the best there is, or the one that is wanted."""
    if wanted != "auto":
        return torch.device(wanted)
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def precision_of(wanted: str, device: torch.device, model: Mapping[str, Any]) -> torch.dtype:
    """Return how numbers are kept. model: its model_index.json.

    Half of them by default on a GPU: bfloat16 for transformers, whose values leave float16's range, float16 for UNets.
    """
    if wanted != "auto":
        dtype = getattr(torch, wanted)
        assert isinstance(dtype, torch.dtype)
        return dtype
    if device.type == "cpu":
        return torch.float32
    return torch.bfloat16 if "transformer" in model else torch.float16


def _sister(kind: Any, pipe: Any, otherwise: str) -> Any | None:
    """Return a pipeline of another kind with the same weights, or None when this model has none. otherwise: the log."""
    try:
        sister = kind.from_pipe(pipe)
    except ValueError as exc:
        log.warning("%s: %s", otherwise, exc)
        return None
    if "callback_on_step_end" not in inspect.signature(sister.__call__).parameters:
        log.warning("%s: %s tells nothing between its steps", otherwise, type(sister).__name__)
        return None
    sister.set_progress_bar_config(disable=True)
    return sister


def _opened(file: bytes, width: int, height: int) -> Image.Image:
    with Image.open(BytesIO(file)) as image:
        image.load()
        return fit(image, width, height)
