"""What ComfyUI is given to carry out: the workflow, its marks, the checkpoint, the parent."""

from __future__ import annotations

import io
import json
from importlib import resources
from pathlib import Path

import pytest
from PIL import Image

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import EngineLost, Picture
from livefeed.generation.generators import comfyui
from livefeed.generation.generators.comfyui import ComfyUI
from tests.contract.comfyui_orders import (
    Server,
    collect,
    failure,
    foreign_graph,
    job,
    parent,
    picture,
    steps,
)


async def test_what_the_job_says_is_in_the_graph_that_is_queued() -> None:
    async with Server(comfyui_model="painter_xl.safetensors") as engine:
        await collect(engine.generator, job(prompt='a "fox" {{seed}}', seed=2**32 - 1))
        graph = engine.prompts[0]["prompt"]
    assert graph["positive"]["inputs"]["text"] == 'a "fox" {{seed}}'
    assert graph["checkpoint"]["inputs"]["ckpt_name"] == "painter_xl.safetensors"
    assert (graph["canvas"]["inputs"]["width"], graph["canvas"]["inputs"]["height"]) == (264, 256)
    assert (graph["sampler"]["inputs"]["seed"], graph["sampler"]["inputs"]["steps"]) == (2**32 - 1, 5)


async def test_without_a_model_the_first_checkpoint_of_the_server_is_used() -> None:
    async with Server() as engine:
        await collect(engine.generator, job())
        assert engine.prompts[0]["prompt"]["checkpoint"]["inputs"]["ckpt_name"] == "dreamer_v1.safetensors"
        engine.checkpoints.clear()
        failed = await failure(engine.generator, job())
    assert "no checkpoint" in str(failed)
    assert not isinstance(failed, EngineLost)


async def test_a_remix_starts_from_the_parent_and_strength_says_how_far_it_goes() -> None:
    async with Server() as engine:
        kept = await picture(engine.generator, job(parent_image=parent(), strength=0.0))
        near = await picture(engine.generator, job(parent_image=parent(), strength=0.25))
        far = await picture(engine.generator, job(parent_image=parent()))
        denoise = [body["prompt"]["sampler"]["inputs"]["denoise"] for body in engine.prompts]
        assert [kind for kind, _ in engine.uploads] == ["temp"], "one file, however often it is remixed"
    assert kept.getpixel((130, 250)) == (0, 0, 128)
    assert kept.size == near.size == far.size == (264, 256)
    assert denoise == [0.0, 0.25, 0.6]
    assert near.tobytes() != far.tobytes()


async def test_without_a_step_a_remix_of_strength_zero_is_still_a_success() -> None:
    async with Server() as engine:
        items = await collect(engine.generator, job(parent_image=parent(), strength=0.0))
    assert steps(items) == []


async def test_a_parent_that_is_no_picture_fails_before_anything_is_queued() -> None:
    async with Server() as engine:
        failed = await failure(engine.generator, job(parent_image=b"no picture"))
        assert engine.prompts == []
    assert isinstance(failed, ValueError)
    assert "parent's picture" in str(failed)


def own_workflow(folder: Path) -> str:
    """Write a workflow as an operator exports and marks it: numbered, with own steps, a seed and two pictures."""
    graph = foreign_graph(count=8)
    graph["positive"]["inputs"]["text"] = "oil on canvas, {{prompt}}"
    graph["save"] = {
        "class_type": "SaveImage",
        "inputs": {"images": ["decoded", 0], "filename_prefix": "feed/{{job}}"},
        "_meta": {"title": "Save Image"},
    }
    numbers = {name: str(number) for number, name in enumerate(graph, 3)}
    text = json.dumps({numbers[name]: body for name, body in graph.items()})
    for name, number in numbers.items():
        text = text.replace(f'["{name}", ', f'["{number}", ')
    path = folder / "own.json"
    path.write_text(text)
    return str(path)


async def test_an_own_workflow_is_filled_where_it_is_marked_and_its_picture_fitted(tmp_path: Path) -> None:
    async with Server(comfyui_workflow=own_workflow(tmp_path)) as engine:
        items = await collect(engine.generator, job(steps=16))
        graph = engine.prompts[0]["prompt"]
        saved = [call for call in engine.calls if call == "GET /view"]
        await collect(engine.generator, job(parent_image=parent()))
        assert not engine.uploads, "without an own remix workflow, remixes are painted from the prompt alone"
    assert {body["inputs"].get("seed") for body in graph.values()} == {None, 7}
    assert {body["inputs"].get("filename_prefix") for body in graph.values()} == {None, "feed/01m0000000000000000000"}
    assert "oil on canvas, a red fox in the snow" in {body["inputs"].get("text") for body in graph.values()}
    assert steps(items) == [(step, True) for step in range(2, 17, 2)]
    assert isinstance(items[-1], Picture)
    assert items[-1].image.size == (264, 256)
    assert len(saved) == 1


def shipped(folder: Path, name: str) -> str:
    """Return a copy of a workflow that comes along, as an operator has it."""
    own = folder / f"own-{name}"
    own.write_text(resources.files(comfyui).joinpath("workflows", name).read_text())
    return str(own)


@pytest.mark.parametrize(
    ("own", "masked", "sampled_from"),
    [
        ({}, True, "SetLatentNoiseMask"),
        ({"comfyui_inpaint_workflow": "inpaint.json", "comfyui_workflow": "txt2img.json"}, True, "SetLatentNoiseMask"),
        ({"comfyui_remix_workflow": "img2img.json"}, False, "VAEEncode"),
        ({"comfyui_workflow": "txt2img.json"}, False, "EmptyLatentImage"),
    ],
    ids=["none", "for masks", "for remixes", "for new pictures"],
)
async def test_with_own_workflows_that_know_no_masks_a_masked_picture_is_made_as_well_as_they_can(
    tmp_path: Path, own: dict[str, str], masked: bool, sampled_from: str
) -> None:
    """What comes along is not mixed with what somebody has set up for other models; the worker keeps the rest."""
    mask = io.BytesIO()
    Image.new("L", (264, 256), 255).save(mask, "PNG")
    settings = {setting: shipped(tmp_path, name) for setting, name in own.items()}
    async with Server(**settings) as engine:
        await collect(engine.generator, job(parent="p", parent_image=parent(), mask=mask.getvalue(), strength=0.5))
        graph = engine.prompts[0]["prompt"]
        assert len(engine.uploads) == 1 + masked - (sampled_from == "EmptyLatentImage")
    assert graph[graph["sampler"]["inputs"]["latent_image"][0]]["class_type"] == sampled_from
    if masked:
        assert graph["mask"]["inputs"]["channel"] == "red"
        assert graph["sampler"]["inputs"]["denoise"] == 0.5


async def test_a_mask_without_a_parent_asks_for_a_new_picture() -> None:
    async with Server() as engine:
        await collect(engine.generator, job(mask=b"whatever"))
        assert not engine.uploads


def test_workflows_that_do_not_fit_their_purpose_stop_the_start(tmp_path: Path) -> None:
    new = own_workflow(tmp_path)
    with pytest.raises(ConfigurationError, match=r"does not say where the parent goes; write \{\{image\}\}"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_remix_workflow=new))
    with pytest.raises(ConfigurationError, match=r"does not say where the picture goes; write \{\{image\}\}"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_inpaint_workflow=new))
    remix = shipped(tmp_path, "img2img.json")
    with pytest.raises(ConfigurationError, match=r"does not say where the mask goes; write \{\{mask\}\}"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_inpaint_workflow=remix))
    with pytest.raises(ConfigurationError, match="wants a mask"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_remix_workflow=shipped(tmp_path, "inpaint.json")))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_workflow=str(tmp_path / "missing.json")))
    with pytest.raises(ConfigurationError, match="LIVEFEED_COMFYUI_URL is empty"):
        ComfyUI(Config())
