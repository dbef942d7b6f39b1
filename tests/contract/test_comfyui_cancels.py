"""Cancelling at ComfyUI: our prompt and no other, wherever it is."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

from tests.contract.comfyui_orders import (
    BOTH,
    OLD,
    Server,
    collect,
    foreign_graph,
    job,
    until,
)


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
        assert engine.work.history[theirs]["status"]["status_str"] == "success"


@BOTH
async def test_a_cancel_that_the_server_forgets_is_repeated(server: dict[str, Any]) -> None:
    """A prompt that is interrupted between its turn and its beginning runs on, though it counts as cancelled."""
    async with Server(**server) as engine:
        engine.work.begins.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job(steps=40)))
        await until(lambda: engine.running is not None)
        ours.cancel()
        await until(engine.work.interrupt.is_set)
        engine.work.begins.set()
        await asyncio.wait([ours])
        assert ours.cancelled()
        await until(lambda: engine.at_work == 0)
        assert engine.made == 0
        assert sum("cancel" in call or call == "POST /interrupt" for call in engine.calls) > 1


async def test_cancelled_before_the_server_says_that_it_took_the_prompt_it_is_taken_back() -> None:
    async with Server() as engine:
        engine.work.held.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        ours.cancel()
        await asyncio.wait([ours])
        assert engine.at_work == 0


@BOTH
async def test_cancelled_before_the_server_says_how_it_calls_the_prompt_that_does_not_run_on(
    server: dict[str, Any],
) -> None:
    """An old server's own id comes only with its answer; a prompt of somebody else goes on."""
    async with Server(**server) as engine:
        engine.tells.clear()
        theirs = await engine.queue_foreign(foreign_graph(), client="somebody")
        ours = asyncio.ensure_future(collect(engine.generator, job(steps=100)))
        await until(lambda: engine.at_work == 1)
        ours.cancel()
        await asyncio.wait([ours])
        engine.tells.set()
        assert ours.cancelled()
        await until(lambda: engine.at_work == engine.foreign == 0)
        assert engine.made == 0
        assert engine.work.history[theirs]["status"]["status_str"] == "success"


@BOTH
async def test_cancelled_while_the_prompt_is_on_its_way_it_is_taken_back_on_arrival(server: dict[str, Any]) -> None:
    async with Server(**server) as engine:
        engine.takes.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job(steps=100)))
        await until(lambda: bool(engine.prompts))
        ours.cancel()
        await until(lambda: "GET /queue" in engine.calls)
        engine.takes.set()
        await asyncio.wait([ours])
        assert ours.cancelled()
        await until(lambda: engine.at_work == 0)
        assert engine.made == 0


@BOTH
async def test_cancelled_twice_the_prompt_is_still_taken_back(server: dict[str, Any]) -> None:
    async with Server(**server) as engine:
        engine.work.held.clear()
        ours = asyncio.ensure_future(collect(engine.generator, job()))
        await until(lambda: engine.at_work == 1)
        ours.cancel()
        await asyncio.sleep(0)
        ours.cancel()
        await asyncio.wait([ours])
        assert ours.cancelled()
        assert engine.at_work == 0
