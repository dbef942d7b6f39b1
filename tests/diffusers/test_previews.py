"""The picture so far: what schedulers make known of it, and its colours."""

from __future__ import annotations

import inspect
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import diffusers
import numpy as np
import pytest
import torch
import torch.nn.functional as F

from livefeed.generation.generators.diffusers import pipeline, previews

pytestmark = [pytest.mark.diffusers, pytest.mark.filterwarnings("ignore::DeprecationWarning")]  # of the schedulers

BETAS = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
SCHEDULERS: dict[str, tuple[str, dict[str, Any]]] = {
    "ddim": ("DDIMScheduler", BETAS | {"clip_sample": False}),
    "ddim-v": ("DDIMScheduler", BETAS | {"clip_sample": False, "prediction_type": "v_prediction"}),
    "ddpm": ("DDPMScheduler", BETAS | {"clip_sample": False}),
    "euler": ("EulerDiscreteScheduler", BETAS),
    "euler-v": ("EulerDiscreteScheduler", BETAS | {"prediction_type": "v_prediction"}),
    "euler-ancestral": ("EulerAncestralDiscreteScheduler", BETAS),
    "heun": ("HeunDiscreteScheduler", BETAS),
    "lcm": ("LCMScheduler", BETAS | {"clip_sample": False}),
    "pndm": ("PNDMScheduler", BETAS | {"skip_prk_steps": True}),
    "dpm++": ("DPMSolverMultistepScheduler", BETAS),
    "dpm++-v": ("DPMSolverMultistepScheduler", BETAS | {"prediction_type": "v_prediction"}),
    "dpm++-karras": ("DPMSolverMultistepScheduler", BETAS | {"use_karras_sigmas": True}),
    "unipc": ("UniPCMultistepScheduler", BETAS),
    "deis": ("DEISMultistepScheduler", BETAS),
    "unipc-flow": (
        "UniPCMultistepScheduler",
        {"prediction_type": "flow_prediction", "use_flow_sigmas": True, "flow_shift": 3.0},
    ),
    "flow-euler": ("FlowMatchEulerDiscreteScheduler", {"shift": 3.0}),
    "flow-heun": ("FlowMatchHeunDiscreteScheduler", {"shift": 3.0}),
}


def answer(scheduler: Any, sample: torch.Tensor, wanted: torch.Tensor, index: int, timestep: Any) -> torch.Tensor:
    """Return what a network would answer that knows that `wanted` is under the noise."""
    kind = getattr(scheduler.config, "prediction_type", "epsilon")
    if "Flow" in type(scheduler).__name__ or kind == "flow_prediction":
        return (sample - wanted) / scheduler.sigmas[index]
    if scheduler.init_noise_sigma > 1.5 and hasattr(scheduler, "sigmas"):  # such samples are not scaled down
        alpha = 1 / (scheduler.sigmas[index] ** 2 + 1)
        sample = sample * alpha.sqrt()
    else:
        alpha = scheduler.alphas_cumprod[int(timestep)]
    noise = (sample - alpha.sqrt() * wanted) / (1 - alpha).sqrt()
    return noise if kind == "epsilon" else alpha.sqrt() * noise - (1 - alpha).sqrt() * wanted


@pytest.mark.parametrize("name", SCHEDULERS)
def test_what_is_shown_is_what_the_network_sees_under_the_noise(name: str) -> None:
    kind, settings = SCHEDULERS[name]
    scheduler = getattr(diffusers, kind)(**settings)
    watch = previews.Watch(scheduler)
    scheduler.set_timesteps(8)
    torch.manual_seed(4)
    wanted = torch.randn(1, 4, 8, 8).clamp(-2, 2) / 2
    sample = torch.randn(1, 4, 8, 8) * getattr(scheduler, "init_noise_sigma", 1.0)
    for index, timestep in enumerate(scheduler.timesteps):
        if hasattr(scheduler, "scale_model_input"):
            scheduler.scale_model_input(sample, timestep)
        said = answer(scheduler, sample, wanted, index, timestep)
        sample = scheduler.step(said, timestep, sample, return_dict=False)[0]
        shown = watch.original()
        assert shown is not None
        if name == "pndm" and index == 1:
            continue  # it takes its second step over again, from the average of two answers
        torch.testing.assert_close(shown, wanted, atol=0.02, rtol=0.02)


def test_a_watched_scheduler_still_says_what_its_step_takes_and_returns_what_it_returned() -> None:
    """Pipelines look at the signature, and give `eta` and `generator` to those that know them."""
    plain, watched = diffusers.DDIMScheduler(), diffusers.DDIMScheduler()
    watch = previews.Watch(watched)
    assert inspect.signature(watched.step) == inspect.signature(plain.step)
    assert watch.original() is None
    for scheduler in (plain, watched):
        scheduler.set_timesteps(4)
    sample = torch.ones(1, 4, 2, 2)
    outcomes = [one.step(sample, one.timesteps[0], sample) for one in (plain, watched)]
    torch.testing.assert_close(outcomes[0].prev_sample, outcomes[1].prev_sample)
    torch.testing.assert_close(watch.original(), outcomes[0].pred_original_sample)
    watch.forget()
    assert watch.original() is None


class LinearVAE:
    """A VAE whose latents are a mixture of colours, an eighth of the size, as the map supposes them to be."""

    dtype = torch.float32

    def __init__(self, channels: int, **config: Any) -> None:
        self.config = SimpleNamespace(**config)
        self._mixture = torch.randn(channels, 3, generator=torch.Generator().manual_seed(5))

    def encode(self, picture: torch.Tensor) -> Any:
        assert picture.min() >= -1
        assert picture.max() <= 1
        mixed = torch.einsum("oc,nchw->nohw", self._mixture, F.avg_pool2d(picture, 8)) + 0.3
        return SimpleNamespace(latent_dist=SimpleNamespace(mode=lambda: mixed))


@pytest.mark.parametrize(
    "config",
    [
        {"scaling_factor": 0.18215},
        {"scaling_factor": 0.3611, "shift_factor": 0.1159},
        {"scaling_factor": 0.5, "latents_mean": [0.1] * 16, "latents_std": [2.0] * 16},
    ],
)
@pytest.mark.parametrize("channels", [4, 16])
def test_the_colours_of_latents_are_found_by_asking_the_vae(channels: int, config: dict[str, Any]) -> None:
    config = {name: of[:channels] if isinstance(of, list) else of for name, of in config.items()}
    vae = LinearVAE(channels, **config)
    weights = previews.fit_colours(vae, torch.device("cpu"))
    assert weights.shape == (channels + 1, 3)
    picture = torch.rand(1, 3, 64, 64)
    raw = vae.encode(picture * 2 - 1).latent_dist.mode()
    if "latents_mean" in config:  # as pipelines of each kind have their latents
        latents = (raw - 0.1) * 0.5 / 2.0
    else:
        latents = (raw - config.get("shift_factor", 0.0)) * config["scaling_factor"]
    shown = previews._mapped(weights, 8, latents, 64, 64)
    assert shown.size == (256, 256)
    small = np.asarray(shown.resize((8, 8), 4), np.float32) / 255
    wanted = F.avg_pool2d(picture, 8)[0].movedim(0, -1).numpy()
    assert np.abs(small - wanted).max() < 0.05


def test_a_vae_that_encodes_to_nothing_finite_is_not_fitted() -> None:
    with pytest.raises(ValueError, match="none"):
        previews.fit_colours(LinearVAE(4, scaling_factor=float("inf")), torch.device("cpu"))


def test_a_pipeline_that_cannot_be_shown_is_one_without_previews(caplog: pytest.LogCaptureFixture) -> None:
    pipe = SimpleNamespace(device=torch.device("cpu"))  # without a VAE, as those that paint pixels
    assert previews.shower(pipe, "") is None
    assert "cannot be shown" in caplog.text


def test_packed_latents_are_laid_out_again_as_flux_does() -> None:
    latents = torch.arange(16 * 4 * 12, dtype=torch.float32).view(1, 16, 4, 12)
    packed = diffusers.FluxPipeline._pack_latents(latents, 1, 16, 4, 12)
    torch.testing.assert_close(previews.unpacked(packed, 12, 4), latents)
    torch.testing.assert_close(previews.unpacked(latents[:, :, None], 12, 4), latents)
    with pytest.raises(ValueError, match="shape"):
        previews.unpacked(torch.zeros(1, 7, 3), 12, 4)


@pytest.mark.parametrize(
    ("wanted", "device", "model", "precision"),
    [
        ("auto", "cpu", {"transformer": []}, torch.float32),
        ("auto", "cuda", {"unet": []}, torch.float16),
        ("auto", "cuda:1", {"transformer": []}, torch.bfloat16),
        ("float32", "cuda", {"unet": []}, torch.float32),
        ("bfloat16", "cpu", {"unet": []}, torch.bfloat16),
    ],
)
def test_numbers_are_kept_as_the_device_and_the_model_allow(
    wanted: str, device: str, model: dict[str, Any], precision: torch.dtype
) -> None:
    assert pipeline.precision_of(wanted, torch.device(device), model) is precision


def test_a_path_is_never_taken_for_an_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models" / "own").mkdir(parents=True)
    assert pipeline.place_of(str(tmp_path)) == str(tmp_path)
    assert pipeline.place_of("models/own") == "models/own"
    assert pipeline.place_of("somebody/some-model") == "somebody/some-model"
    for path in ("/nowhere/at/all", "./nowhere", "~/nowhere/at/all"):
        with pytest.raises(FileNotFoundError):
            pipeline.place_of(path)


def test_a_lost_device_and_want_of_memory_are_told_apart() -> None:
    one: Any = SimpleNamespace(_watch=SimpleNamespace(forget=lambda: None))
    is_lost, is_short = pipeline.Pipeline.is_beyond_repair, pipeline.Pipeline.is_short_of_memory
    lost = RuntimeError("CUDA error: an illegal memory access was encountered")
    short = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    processor = RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: not enough memory: you tried …")
    assert [is_lost(one, exc) for exc in (lost, short, processor, RuntimeError("shapes"))] == [
        True,
        False,
        False,
        False,
    ]
    assert [is_short(one, exc) for exc in (lost, short, processor, MemoryError())] == [False, True, True, True]
