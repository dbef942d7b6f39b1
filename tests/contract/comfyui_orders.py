"""Pictures ordered from the fake ComfyUI server: what its tests share."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any

import pytest
from PIL import Image

from livefeed.generation.generator import Generator, Picture, Progress
from livefeed.generation.generators import comfyui
from livefeed.generation.job import Job
from tests.contract.engines.comfyui import ComfyUIEngine

DEADLINE_S = 20.0
Server = partial(ComfyUIEngine, step_s=0.02)
OLD: dict[str, Any] = {
    **{"names_previews": False, "cancels_jobs": False, "stops_any": True},
    **{"mints_ids": True, "drops_newer": True},
}
BOTH = pytest.mark.parametrize("server", [{}, OLD], ids=["newest", "old"])


def job(**more: Any) -> Job:
    asked: dict[str, Any] = {
        "id": "01m0000000000000000000", "prompt": "a red fox in the snow", "width": 264, "height": 256, "seed": 7,
        "steps": 5, "generator": "comfyui",
    }  # fmt: skip
    return Job(**(asked | more))


async def collect(generator: Generator, asked: Job) -> list[Progress | Picture]:
    async with asyncio.timeout(DEADLINE_S):
        return [item async for item in generator.generate(asked)]


async def picture(generator: Generator, asked: Job) -> Image.Image:
    last = (await collect(generator, asked))[-1]
    assert isinstance(last, Picture)
    return last.image


async def failure(generator: Generator, asked: Job) -> Exception:
    try:
        await collect(generator, asked)
    except Exception as exc:
        return exc
    pytest.fail("it made a picture")


def steps(items: list[Progress | Picture]) -> list[tuple[int, bool]]:
    """Return each step that was told, and whether it was shown."""
    return [(item.step, item.image is not None) for item in items if isinstance(item, Progress)]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not holds():
            await asyncio.sleep(0.005)


def parent(colour: str = "navy") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (120, 90), colour).save(file, "WEBP", lossless=True)
    return file.getvalue()


def foreign_graph(seed: int = 99, count: int = 6) -> dict[str, Any]:
    """A workflow of somebody else, with the node names that ours has."""
    graph: dict[str, Any] = json.loads(resources.files(comfyui).joinpath("workflows", "txt2img.json").read_text())
    graph["checkpoint"]["inputs"]["ckpt_name"] = "dreamer_v1.safetensors"
    graph["positive"]["inputs"]["text"] = "a harbour"
    graph["canvas"]["inputs"] |= {"width": 512, "height": 512}
    graph["sampler"]["inputs"] |= {"seed": seed, "steps": count}
    return graph
