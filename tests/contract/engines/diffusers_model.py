"""A tiny pipeline with random weights, made here: everything a real one has, and nothing worth looking at.

It is saved to a folder as diffusers saves models, so that loading it is loading. Needs torch.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import torch
from diffusers import (
    AutoencoderKL,
    AutoencoderTiny,
    DDIMScheduler,
    FlowMatchEulerDiscreteScheduler,
    FluxPipeline,
    FluxTransformer2DModel,
    StableDiffusionPipeline,
    UNet2DConditionModel,
)
from diffusers.pipelines.stable_diffusion.safety_checker import StableDiffusionSafetyChecker
from transformers import (
    CLIPConfig,
    CLIPImageProcessor,
    CLIPTextConfig,
    CLIPTextModel,
    CLIPTokenizer,
    T5Config,
    T5EncoderModel,
)

WIDTH: Final = 8
"""Channels, attention, embeddings: all of this size."""


def save_stable_diffusion(folder: Path, *, checked: bool) -> Path:
    """Save a pipeline of Stable Diffusion 1's kind. checked: with a safety checker, which lets everything pass."""
    torch.manual_seed(1)
    words = tokenizer(folder.parent / f"{folder.name}-words")
    unet = UNet2DConditionModel(
        # Attention only where the picture is an eighth: at the largest size there are 576 places instead of 36,864.
        block_out_channels=(WIDTH, WIDTH, WIDTH, WIDTH), layers_per_block=1, sample_size=32, in_channels=4,
        out_channels=4, down_block_types=("DownBlock2D", "DownBlock2D", "DownBlock2D", "CrossAttnDownBlock2D"),
        up_block_types=("CrossAttnUpBlock2D", "UpBlock2D", "UpBlock2D", "UpBlock2D"), cross_attention_dim=WIDTH,
        attention_head_dim=2, norm_num_groups=2,
    )  # fmt: skip
    scheduler = DDIMScheduler(
        beta_start=0.00085, beta_end=0.012, beta_schedule="scaled_linear", clip_sample=False, set_alpha_to_one=False
    )
    StableDiffusionPipeline(
        unet=unet, scheduler=scheduler, vae=vae(4), tokenizer=words,
        text_encoder=CLIPTextModel(text_config(len(words))),
        safety_checker=checker() if checked else None, feature_extractor=eye() if checked else None,
        requires_safety_checker=checked,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_flux(folder: Path) -> Path:
    """Save a pipeline of Flux's kind: a transformer, packed latents, flow matching, sizes in sixteens."""
    torch.manual_seed(2)
    words = tokenizer(folder.parent / f"{folder.name}-words")
    transformer = FluxTransformer2DModel(
        patch_size=1, in_channels=16, num_layers=1, num_single_layers=1, attention_head_dim=16, num_attention_heads=2,
        joint_attention_dim=32, pooled_projection_dim=WIDTH, axes_dims_rope=(4, 4, 8), guidance_embeds=False,
    )  # fmt: skip
    encoder = T5EncoderModel(T5Config(vocab_size=len(words), d_model=32, d_kv=8, d_ff=32, num_layers=1, num_heads=2))
    FluxPipeline(
        scheduler=FlowMatchEulerDiscreteScheduler(), vae=vae(4), tokenizer=words, tokenizer_2=words,
        text_encoder=CLIPTextModel(text_config(len(words))), text_encoder_2=encoder, transformer=transformer,
    ).save_pretrained(folder)  # fmt: skip
    return folder


def save_tiny_vae(folder: Path) -> Path:
    """Save an autoencoder as it is used for pictures on the way."""
    torch.manual_seed(3)
    blocks = (WIDTH, WIDTH, WIDTH, WIDTH)
    AutoencoderTiny(
        latent_channels=4, encoder_block_out_channels=blocks, decoder_block_out_channels=blocks,
        num_encoder_blocks=(1, 1, 1, 1), num_decoder_blocks=(1, 1, 1, 1),
    ).save_pretrained(folder)  # fmt: skip
    return folder


def vae(channels: int) -> AutoencoderKL:
    """Return a VAE that makes an eighth of the size, without attention, which the largest size has no room for."""
    return AutoencoderKL(
        block_out_channels=(WIDTH // 2,) * 4, in_channels=3, out_channels=3, latent_channels=channels,
        down_block_types=("DownEncoderBlock2D",) * 4, up_block_types=("UpDecoderBlock2D",) * 4, norm_num_groups=2,
        layers_per_block=1, mid_block_add_attention=False, shift_factor=0.1,
    )  # fmt: skip


def tokenizer(folder: Path) -> CLIPTokenizer:
    """Return a tokenizer that knows the letters."""
    folder.mkdir(parents=True)
    letters = [chr(code) for code in range(ord("a"), ord("z") + 1)]
    words = ["<|startoftext|>", "<|endoftext|>", *letters, *(f"{letter}</w>" for letter in letters)]
    (folder / "vocab.json").write_text(json.dumps({word: number for number, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    return CLIPTokenizer.from_pretrained(folder, model_max_length=77)


def text_config(words: int) -> CLIPTextConfig:
    """Return what an encoder of prompts is like."""
    return CLIPTextConfig(
        bos_token_id=0, eos_token_id=1, pad_token_id=1, hidden_size=WIDTH, intermediate_size=WIDTH, vocab_size=words,
        num_attention_heads=2, num_hidden_layers=1, max_position_embeddings=77, projection_dim=WIDTH,
    )  # fmt: skip


def checker() -> StableDiffusionSafetyChecker:
    """Return a safety checker that lets every picture pass: see `refuse`."""
    vision = {
        "hidden_size": WIDTH, "intermediate_size": WIDTH, "num_attention_heads": 2, "num_hidden_layers": 1,
        "image_size": 32, "patch_size": 16, "projection_dim": WIDTH,
    }  # fmt: skip
    made = StableDiffusionSafetyChecker(CLIPConfig(vision_config=vision, projection_dim=WIDTH))
    refuse(made, False)
    return made


def refuse(checker: Any, wanted: bool) -> None:
    """Let a checker find something in every picture, or in none: no similarity is less than -1 or more than 1."""
    for weights in (checker.concept_embeds_weights, checker.special_care_embeds_weights):
        weights.data.fill_(-2.0 if wanted else 2.0)


def eye() -> CLIPImageProcessor:
    """Return what makes a picture small for the checker."""
    return CLIPImageProcessor(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32})
