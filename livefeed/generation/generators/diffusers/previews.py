"""The picture so far, out of the latents of a step. Only the painting process imports this file.

What is shown is not the noisy latents but what the step takes the finished picture to be, which pipelines keep to
themselves; so the scheduler is watched. It becomes colours by a linear map, fitted to the model's own VAE when it is
loaded (the idea: keturn, "Decoding latents to RGB without upscaling", discuss.huggingface.co/t/23204), or by a tiny
VAE when there is one.
"""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

log = logging.getLogger("livefeed.painter")

SIDE: Final = 256
"""Pixels of the longest side of a picture that is shown on the way."""
SAMPLES: Final = 6
"""Pictures, of 256 x 256, that the map is fitted to: thousands of latent pixels."""

Show = Callable[[torch.Tensor, int, int], Image.Image]
"""Makes a picture of latents; the numbers are the finished picture's width and height."""


class Watch:
    """Watches the steps of a scheduler."""

    def __init__(self, scheduler: Any) -> None:
        self._scheduler = scheduler
        self._last: tuple[dict[str, Any], Any] | None = None
        step = scheduler.step
        signature = inspect.signature(step)

        @functools.wraps(step)  # pipelines look at its signature
        def watched(*args: Any, **named: Any) -> Any:
            outcome = step(*args, **named)
            self._last = (signature.bind(*args, **named).arguments, outcome)
            return outcome

        scheduler.step = watched

    def original(self) -> torch.Tensor | None:
        """Return what the last step takes the noiseless latents to be; None when this cannot be known."""
        if self._last is None:
            return None
        told, outcome = self._last
        return original_sample(self._scheduler, told, outcome)

    def forget(self) -> None:
        """Let go of the last step's tensors."""
        self._last = None


def original_sample(scheduler: Any, told: dict[str, Any], outcome: Any) -> torch.Tensor | None:
    """Return the noiseless sample that a step predicts: as the scheduler says it, else computed.

    told: the arguments of `scheduler.step`, `outcome` what it returned.
    Source: arXiv 2010.02502, equation 12; 2202.00512, appendix D (v); 2210.02747 (flow).
    """
    said = _said(outcome, told["sample"])
    if said is not None:
        return said
    output, sample = told["model_output"], told["sample"].float()
    output, config = output.float(), scheduler.config
    kind = getattr(config, "prediction_type", "epsilon")
    if "FlowMatch" in type(scheduler).__name__ or kind == "flow_prediction":
        if scheduler.step_index is None:
            return None
        sigma = scheduler.sigmas[scheduler.step_index - 1].to(sample.device)
        return sample - sigma * output
    if not hasattr(scheduler, "alphas_cumprod"):
        return None
    alpha = scheduler.alphas_cumprod[int(told["timestep"])].to(sample.device, torch.float32)
    match kind:
        case "epsilon":
            return (sample - (1 - alpha).sqrt() * output) / alpha.sqrt()
        case "v_prediction":
            return alpha.sqrt() * sample - (1 - alpha).sqrt() * output
        case "sample":
            return output
    return None


def _said(outcome: Any, sample: torch.Tensor) -> torch.Tensor | None:
    """Return the prediction that comes second in a scheduler's outcome, as a tuple or with names."""
    parts = outcome if isinstance(outcome, tuple) else outcome.to_tuple()
    if len(parts) > 1 and isinstance(parts[1], torch.Tensor) and parts[1].shape == sample.shape:
        return parts[1].float()
    return None


def shower(pipe: Any, tiny: str) -> Show | None:
    """Return what makes pictures of a pipeline's latents; None, and a line in the log, when nothing can.

    tiny: folder or id of an `AutoencoderTiny` to use, or "". Raises: what keeps that one from being loaded.
    """
    scale = getattr(pipe, "vae_scale_factor", 8)
    if tiny:
        from diffusers import AutoencoderTiny

        vae = AutoencoderTiny.from_pretrained(tiny, dtype=pipe.dtype).to(pipe.device)
        return functools.partial(_decoded, vae, scale)
    try:
        weights = fit_colours(pipe.vae, pipe.device)
    except Exception as exc:
        log.warning("%s cannot be shown on the way: %s", type(pipe).__name__, exc)
        return None
    return functools.partial(_mapped, weights, scale)


def fit_colours(vae: Any, device: torch.device) -> torch.Tensor:
    """Return the linear map, (channels + 1, 3), the last row a constant, from a VAE's latents to colours 0 to 1.

    Made-up pictures are encoded, and the map is what gives their colours back with the least error.
    Raises: whatever keeps the VAE from encoding single pictures.
    """
    pictures = torch.from_numpy(sample_pictures(SAMPLES))
    with torch.no_grad():
        latents = torch.cat([_encoded(vae, picture[None] * 2 - 1, device) for picture in pictures])
    colours = F.adaptive_avg_pool2d(pictures, latents.shape[-2:])
    known = latents.movedim(1, -1).reshape(-1, latents.shape[1])
    known = torch.cat([known, torch.ones(len(known), 1)], 1).double()
    wanted = colours.movedim(1, -1).reshape(-1, 3).double()
    if not known.isfinite().all():
        raise ValueError("its VAE encodes to numbers that are none")
    solved = torch.linalg.lstsq(known, wanted, driver="gelsd").solution
    return solved.float().to(device)


def _encoded(vae: Any, picture: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Return a picture's latents as a pipeline has them, on the processor. picture: (1, 3, H, W), -1 to 1."""
    kept = vae.dtype
    upcast = kept == torch.float16 and getattr(vae.config, "force_upcast", False)
    if upcast:  # as the pipelines do: such a VAE leaves float16's range
        vae.to(torch.float32)
    try:
        made = vae.encode(picture.to(device, vae.dtype))
    finally:
        if upcast:
            vae.to(kept)
    latents = (made.latent_dist.mode() if hasattr(made, "latent_dist") else made.latents).float().cpu()
    factor = getattr(vae.config, "scaling_factor", None) or 1.0
    mean, deviation = (getattr(vae.config, name, None) for name in ("latents_mean", "latents_std"))
    if mean is not None and deviation is not None:
        mean, deviation = (torch.tensor(of).view(1, -1, 1, 1) for of in (mean, deviation))
        return (latents - mean) * factor / deviation
    return (latents - (getattr(vae.config, "shift_factor", None) or 0.0)) * factor


def sample_pictures(count: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return made-up pictures, (count, 3, 256, 256), 0 to 1: blotches, coarse to fine, some with edges.

    As in photographs, light varies more than colour, and coarse things more than fine ones.
    """
    chance = np.random.default_rng(0)
    pictures = np.full((count, 3, SIDE, SIDE), 0.5, np.float32)
    for picture in pictures:
        for cells, weight in ((2, 0.8), (8, 0.6), (32, 0.3)):
            blotches = weight * (chance.random((4, cells, cells), np.float32) - 0.5)
            edges = Image.Resampling.NEAREST if chance.random() < 0.5 else Image.Resampling.BICUBIC
            light, *colours = (np.asarray(Image.fromarray(one).resize((SIDE, SIDE), edges)) for one in blotches)
            picture += light + 0.7 * np.stack(colours)
    return pictures.clip(0, 1, out=pictures)


def _mapped(weights: torch.Tensor, scale: int, latents: torch.Tensor, width: int, height: int) -> Image.Image:
    """Return a picture of one pixel per latent one, made as large as a picture that is shown."""
    plane = unpacked(latents, width // scale, height // scale)[0].float()
    colours = torch.einsum("chw,co->ohw", plane, weights[:-1].to(plane.device)) + weights[-1].view(3, 1, 1)
    image = _image(colours)
    larger = SIDE / max(image.size)
    size = (max(1, round(image.width * larger)), max(1, round(image.height * larger)))
    return image.resize(size, Image.Resampling.BICUBIC)


def _decoded(vae: Any, scale: int, latents: torch.Tensor, width: int, height: int) -> Image.Image:
    plane = unpacked(latents, width // scale, height // scale)
    colours = vae.decode(plane.to(vae.device, vae.dtype)).sample[0].float() / 2 + 0.5
    smaller = max(1.0, max(colours.shape[1:]) / SIDE)
    return _image(F.adaptive_avg_pool2d(colours, [max(1, round(side / smaller)) for side in colours.shape[1:]]))


def unpacked(latents: torch.Tensor, width: int, height: int) -> torch.Tensor:
    """Return latents as (1, channels, height, width); Flux and its like pack 2 x 2 of them into one of a row.

    Raises: ValueError for what is no latents of one picture.
    """
    if latents.ndim == 5 and latents.shape[2] == 1:  # a film of one picture
        latents = latents[:, :, 0]
    if latents.ndim == 3 and latents.shape[1] * 4 == width * height:
        rows = latents.view(1, height // 2, width // 2, -1, 2, 2)
        return rows.permute(0, 3, 1, 4, 2, 5).reshape(1, -1, height, width)
    if latents.ndim != 4:
        raise ValueError(f"latents of shape {tuple(latents.shape)}")
    return latents[:1]


def _image(colours: torch.Tensor) -> Image.Image:
    """Return a picture of colours, (3, H, W), 0 to 1."""
    pixels = (colours.clamp(0, 1) * 255).round().to(torch.uint8).movedim(0, -1)
    return Image.fromarray(pixels.cpu().numpy())
