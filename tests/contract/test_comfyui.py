"""What is special to ComfyUI: what its sockets say, and the other people on its servers."""

from __future__ import annotations

import asyncio
from typing import Any

from livefeed.generation.generator import Picture
from tests.contract.comfyui_orders import (
    BOTH,
    Server,
    collect,
    foreign_graph,
    job,
    picture,
    steps,
    until,
)
from tests.contract.engines import Trouble


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
        engine.voice.deaf = True
        assert steps(await collect(engine.generator, job())) == []
        assert engine.made == 1


@BOTH
async def test_a_cut_socket_is_replaced_and_the_prompt_is_not_queued_again(server: dict[str, Any]) -> None:
    async with Server(**server) as engine:
        engine.tell(Trouble.CUTS)
        items = await collect(engine.generator, job(steps=12))
        assert engine.voice.connections >= 2
        assert len(engine.prompts) == 1
    told = [step for step, _ in steps(items)]
    assert told == sorted(set(told))
    assert isinstance(items[-1], Picture)


async def test_after_a_cut_the_new_socket_asks_again_for_named_pictures() -> None:
    """What a client can read is forgotten with its connection."""
    async with Server() as engine:
        engine.tell(Trouble.CUTS)
        items = await collect(engine.generator, job(steps=12))
        assert engine.voice.agreements == engine.voice.connections == 2
    assert (12, True) in steps(items)


async def test_a_server_that_closes_every_socket_is_not_stormed() -> None:
    async with Server() as engine:
        engine.voice.slams = True
        assert steps(await collect(engine.generator, job(steps=40))) == []
        assert 2 <= engine.voice.connections <= 20


@BOTH
async def test_other_peoples_steps_and_pictures_are_not_ours(server: dict[str, Any]) -> None:
    """A prompt without a client tells everybody, with nodes that are called like ours, and nameless pictures."""
    async with Server(**server) as engine:
        alone = await collect(engine.generator, job())
    async with Server(**server) as engine:
        engine.work.held.clear()
        await engine.queue_foreign(foreign_graph(1))
        together = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        await engine.queue_foreign(foreign_graph(2))
        engine.work.held.set()
        items = await together
        await until(lambda: engine.foreign == 0)
    assert [item.image and item.image.tobytes() for item in items] == [
        item.image and item.image.tobytes() for item in alone
    ]
    assert steps(items) == [(step, True) for step in range(1, 6)]


async def test_somebody_elses_interruption_is_not_ours() -> None:
    """Everybody is told of it when the prompt has no client."""
    async with Server() as engine:
        engine.work.loaded.clear()
        stopped = await engine.queue_foreign(foreign_graph())
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1 and engine.running == stopped)
        await engine.interrupt()
        engine.work.loaded.set()
        assert isinstance((await ours)[-1], Picture)
        assert engine.work.history[stopped]["status"]["status_str"] == "error"


async def test_a_prompt_that_waits_for_its_turn_is_not_silent() -> None:
    async with Server(silence_s=0.2) as engine:
        engine.work.held.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.calls.count("GET /queue") > 24)  # more than five times the silence
        engine.work.held.set()
        assert isinstance((await ours)[-1], Picture)
        assert engine.voice.connections == 1


async def test_a_model_may_take_its_time_to_load() -> None:
    async with Server(silence_s=0.4) as engine:
        engine.work.loaded.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.calls.count("GET /queue") > 5)  # more than the silence
        engine.work.loaded.set()
        assert isinstance((await ours)[-1], Picture)
