"""What is special to ComfyUI: its old and new servers, and the other people on them."""

from __future__ import annotations

import asyncio
import base64
import io
import json
from collections.abc import Callable
from contextlib import aclosing
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import EngineLost, Generator, Picture, Progress
from livefeed.generation.generators import comfyui
from livefeed.generation.generators.comfyui import ComfyUI
from livefeed.generation.job import Job
from tests.contract.engines import Trouble
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


@BOTH
async def test_every_step_is_told_once_and_shown(server: dict[str, Any]) -> None:
    """Whether the picture comes before `progress` or behind it."""
    async with Server(**server) as engine:
        items = await collect(engine.generator, job())
    assert steps(items) == [(step, True) for step in range(1, 6)]


@BOTH
async def test_a_server_that_shows_nothing_on_the_way_still_tells_every_step(server: dict[str, Any]) -> None:
    async with Server(shows_previews=False, **server) as engine:
        items = await collect(engine.generator, job())
    assert steps(items) == [(step, False) for step in range(1, 6)]


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


async def test_the_same_job_again_comes_from_the_cache_without_a_step_and_is_the_same() -> None:
    async with Server() as engine:
        first = await picture(engine.generator, job())
        again = await collect(engine.generator, job())
        other = await collect(engine.generator, job(seed=8))
    assert steps(again) == []
    assert isinstance(again[-1], Picture)
    assert again[-1].image.tobytes() == first.tobytes()
    assert len(steps(other)) == 5


@BOTH
async def test_a_socket_that_says_nothing_is_not_needed_for_the_picture(server: dict[str, Any]) -> None:
    async with Server(**server) as engine:
        engine.deaf = True
        assert steps(await collect(engine.generator, job())) == []
        assert engine.made == 1


@BOTH
async def test_a_cut_socket_is_replaced_and_the_prompt_is_not_queued_again(server: dict[str, Any]) -> None:
    async with Server(**server) as engine:
        engine.tell(Trouble.CUTS)
        items = await collect(engine.generator, job(steps=12))
        assert engine.connections >= 2
        assert len(engine.prompts) == 1
    told = [step for step, _ in steps(items)]
    assert told == sorted(set(told))
    assert isinstance(items[-1], Picture)


async def test_after_a_cut_the_new_socket_asks_again_for_named_pictures() -> None:
    """What a client can read is forgotten with its connection."""
    async with Server() as engine:
        engine.tell(Trouble.CUTS)
        items = await collect(engine.generator, job(steps=12))
        assert engine.agreements == engine.connections == 2
    assert (12, True) in steps(items)


async def test_a_server_that_closes_every_socket_is_not_stormed() -> None:
    async with Server() as engine:
        engine.slams = True
        assert steps(await collect(engine.generator, job(steps=40))) == []
        assert 2 <= engine.connections <= 20


@BOTH
async def test_other_peoples_steps_and_pictures_are_not_ours(server: dict[str, Any]) -> None:
    """A prompt without a client tells everybody, with nodes that are called like ours, and nameless pictures."""
    async with Server(**server) as engine:
        alone = await collect(engine.generator, job())
    async with Server(**server) as engine:
        engine.held.clear()
        await engine.queue_foreign(foreign_graph(1))
        together = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        await engine.queue_foreign(foreign_graph(2))
        engine.held.set()
        items = await together
        await until(lambda: engine.foreign == 0)
    assert [item.image and item.image.tobytes() for item in items] == [
        item.image and item.image.tobytes() for item in alone
    ]
    assert steps(items) == [(step, True) for step in range(1, 6)]


async def test_somebody_elses_interruption_is_not_ours() -> None:
    """Everybody is told of it when the prompt has no client."""
    async with Server() as engine:
        engine.loaded.clear()
        stopped = await engine.queue_foreign(foreign_graph())
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1 and engine.running == stopped)
        await engine.interrupt()
        engine.loaded.set()
        assert isinstance((await ours)[-1], Picture)
        assert engine.history[stopped]["status"]["status_str"] == "error"


async def test_a_running_prompt_is_cancelled_by_its_id() -> None:
    async with Server() as engine:
        async with aclosing(engine.generator.generate(job(steps=40))) as items:  # type: ignore[type-var]
            await anext(items)
        prompt = engine.prompts[0]["prompt_id"]
        assert f"POST /api/jobs/{prompt}/cancel" in engine.calls
        assert "POST /interrupt" not in engine.calls
        await until(lambda: engine.at_work == 0)
        assert engine.made == 0


async def test_a_server_without_that_call_is_told_by_queue_and_interrupt() -> None:
    async with Server(**OLD) as engine:
        async with aclosing(engine.generator.generate(job(steps=40))) as items:  # type: ignore[type-var]
            await anext(items)
        assert engine.calls[-3:] == ["POST /queue", "GET /queue", "POST /interrupt"]
        await until(lambda: engine.at_work == 0)
        assert engine.made == 0


@BOTH
async def test_cancelling_a_waiting_prompt_does_not_stop_whose_turn_it_is(server: dict[str, Any]) -> None:
    """An old server's /interrupt stops whatever runs."""
    async with Server(**server) as engine:
        theirs = await engine.queue_foreign(foreign_graph())
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        ours.cancel()
        await asyncio.wait([ours])
        assert ours.cancelled()
        assert engine.at_work == 0
        assert "POST /interrupt" not in engine.calls
        await until(lambda: engine.foreign == 0)
        assert engine.history[theirs]["status"]["status_str"] == "success"


async def test_cancelled_before_the_server_says_that_it_took_the_prompt_it_is_taken_back() -> None:
    async with Server() as engine:
        engine.held.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        ours.cancel()
        await asyncio.wait([ours])
        assert engine.at_work == 0


@BOTH
async def test_cancelled_twice_the_prompt_is_still_taken_back(server: dict[str, Any]) -> None:
    async with Server(**server) as engine:
        engine.held.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        ours.cancel()
        await asyncio.sleep(0)
        ours.cancel()
        await asyncio.wait([ours])
        assert ours.cancelled()
        assert engine.at_work == 0


async def test_a_prompt_that_waits_for_its_turn_is_not_silent() -> None:
    async with Server(silence_s=0.2) as engine:
        engine.held.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.calls.count("GET /queue") > 24)  # more than five times the silence
        engine.held.set()
        assert isinstance((await ours)[-1], Picture)
        assert engine.connections == 1


async def test_a_model_may_take_its_time_to_load() -> None:
    async with Server(silence_s=0.4) as engine:
        engine.loaded.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.calls.count("GET /queue") > 5)  # more than the silence
        engine.loaded.set()
        assert isinstance((await ours)[-1], Picture)


async def test_a_model_that_never_loads_is_a_lost_engine() -> None:
    async with Server(silence_s=0.2) as engine:
        engine.loaded.clear()
        failed = await failure(engine.generator, job())
    assert isinstance(failed, EngineLost)
    assert "for 1 s" in str(failed)


async def test_a_workflow_that_the_server_does_not_take_fails_with_the_node_and_the_reason() -> None:
    async with Server(comfyui_model="gone.safetensors") as engine:
        failed = await failure(engine.generator, job())
        assert engine.at_work == 0
    assert isinstance(failed, ValueError)
    assert "CheckpointLoaderSimple (node checkpoint): Value not in list: ckpt_name: 'gone.safetensors'" in str(failed)


async def test_an_error_while_it_works_names_the_node_and_the_reason() -> None:
    async with Server() as engine:
        engine.tell(Trouble.FAILS)
        failed = await failure(engine.generator, job())
    assert isinstance(failed, RuntimeError)
    assert str(failed) == (
        "KSampler (node sampler) failed: torch.OutOfMemoryError: Allocation on device 0 would exceed allowed memory."
    )


async def test_stopped_by_somebody_at_the_server_it_fails_and_says_so() -> None:
    async with Server() as engine:
        items = engine.generator.generate(job(steps=40))
        await anext(items)
        await engine.interrupt()
        with pytest.raises(RuntimeError, match="interrupted at the ComfyUI server"):
            _ = [item async for item in items]


async def test_a_queue_that_somebody_empties_is_noticed_though_nobody_is_told() -> None:
    async with Server() as engine:
        engine.held.clear()
        ours = asyncio.ensure_future(failure(engine.generator, job()))
        await until(lambda: engine.at_work == 1 and bool(engine.prompts))
        await engine.empty_queue()
        failed = await ours
    assert isinstance(failed, EngineLost)
    assert "does not know prompt" in str(failed)


@pytest.mark.parametrize("path", ["/models", "/ws", "/prompt", "/view"])
async def test_a_server_error_is_a_lost_engine(path: str) -> None:
    async with Server() as engine:
        engine.answers[path] = (503, "try later")
        failed = await failure(engine.generator, job())
        engine.answers.clear()
        await until(lambda: engine.at_work == 0)
    assert isinstance(failed, EngineLost)
    assert "503" in str(failed)


@pytest.mark.parametrize("path", ["/models", "/ws", "/prompt", "/view"])
async def test_a_proxy_that_refuses_is_a_matter_for_the_operator(path: str) -> None:
    async with Server() as engine:
        engine.answers[path] = (403, "who are you?")
        failed = await failure(engine.generator, job())
    assert isinstance(failed, ValueError)
    assert "403" in str(failed)


async def test_an_error_page_while_it_is_watched_is_borne() -> None:
    """The picture is made all the same."""
    async with Server() as engine:
        engine.held.clear()
        engine.answers["/history"] = (502, "bad gateway")
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: any(call.startswith("GET /history") for call in engine.calls))
        engine.answers.clear()
        engine.held.set()
        assert isinstance((await ours)[-1], Picture)


async def test_something_that_is_no_picture_is_a_failure() -> None:
    async with Server() as engine:
        engine.answers["/view"] = (200, "<html>")
        failed = await failure(engine.generator, job())
    assert isinstance(failed, ValueError)
    assert "cannot be read" in str(failed)


async def test_a_server_that_hangs_is_lost() -> None:
    async with Server(silence_s=0.2) as engine:
        engine.hangs.set()
        assert isinstance(await failure(engine.generator, job()), EngineLost)


async def test_a_crash_is_not_waited_out() -> None:
    """Nothing listens there any more, so that the queue is gone too."""
    async with Server(silence_s=10 * DEADLINE_S) as engine:
        engine.tell(Trouble.CRASHES)
        assert isinstance(await failure(engine.generator, job()), EngineLost)


async def test_no_server_is_a_lost_engine_and_the_password_stays_secret() -> None:
    async with Server() as engine:
        url = engine.url.replace("http://", "http://ann:secret@")
    failed = await failure(ComfyUI(Config(comfyui_url=url)), job())
    assert isinstance(failed, EngineLost)
    assert str(failed).startswith("Nothing listens at http://")
    assert "secret" not in str(failed)


async def test_the_password_of_a_proxy_goes_with_every_call() -> None:
    async with Server() as engine:
        generator = ComfyUI(Config(comfyui_url=engine.url.replace("http://", "http://ann:secret@") + "/"))
        await collect(generator, job(parent_image=parent()))
        assert engine.credentials == {"Basic " + base64.b64encode(b"ann:secret").decode()}


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


def test_workflows_that_do_not_fit_their_purpose_stop_the_start(tmp_path: Path) -> None:
    new = own_workflow(tmp_path)
    with pytest.raises(ConfigurationError, match=r"does not say where the parent goes; write \{\{image\}\}"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_remix_workflow=new))
    with pytest.raises(ConfigurationError, match="cannot be read"):
        ComfyUI(Config(comfyui_url="http://127.0.0.1:1", comfyui_workflow=str(tmp_path / "missing.json")))
    with pytest.raises(ConfigurationError, match="LIVEFEED_COMFYUI_URL is empty"):
        ComfyUI(Config())
