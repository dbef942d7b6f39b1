"""What goes wrong at a ComfyUI server, and whose fault it is."""

from __future__ import annotations

import asyncio
import base64

import pytest

from livefeed.config import Config
from livefeed.generation.generator import EngineLost, Picture
from livefeed.generation.generators.comfyui import ComfyUI
from tests.contract.comfyui_orders import (
    DEADLINE_S,
    Server,
    collect,
    failure,
    job,
    parent,
    until,
)
from tests.contract.engines import Trouble


async def test_a_model_that_never_loads_is_a_lost_engine() -> None:
    async with Server(silence_s=0.2) as engine:
        engine.work.loaded.clear()
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
        engine.work.held.clear()
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
        engine.work.held.clear()
        engine.answers["/history"] = (502, "bad gateway")
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: any(call.startswith("GET /history") for call in engine.calls))
        engine.answers.clear()
        engine.work.held.set()
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
