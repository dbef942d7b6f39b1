"""What the built-in illustrator promises beyond what every generator does."""

from __future__ import annotations

import asyncio
import gc
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from livefeed.generation.generator import EngineLost, Picture, Progress
from livefeed.generation.generators import illustrator_plugin
from livefeed.generation.generators.illustrator_plugin import Illustrator
from livefeed.generation.job import Job
from tests.contract.engines import Trouble
from tests.contract.engines.illustrator import IllustratorEngine

JOB = Job(
    id="01m0000000000000000000", prompt="a red fox", width=264, height=256, seed=7, steps=5, generator="illustrator"
)


async def collect(maker: Illustrator) -> list[Progress | Picture]:
    async with asyncio.timeout(20):
        return [item async for item in maker.generate(JOB)]


async def test_every_pass_is_told_in_order_and_shown() -> None:
    async with IllustratorEngine() as engine:
        *steps, _ = await collect(engine.generator)
    told = [(step.step, step.steps) for step in steps if isinstance(step, Progress)]
    assert told == [(number, 5) for number in range(1, 6)]
    shown = [step.image.tobytes() for step in steps if step.image is not None]
    assert len(set(shown)) == 5


async def test_want_of_memory_is_a_failure_and_the_next_picture_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be short of it again: neither a refusal nor a lost engine."""

    def short(*_: Any, **__: Any) -> Iterator[Any]:
        raise MemoryError("Unable to allocate 48.0 MiB")
        yield

    async with IllustratorEngine() as engine:
        with monkeypatch.context() as patch:
            patch.setattr(illustrator_plugin, "paint", short)
            with pytest.raises(MemoryError, match="48"):
                await collect(engine.generator)
        assert isinstance((await collect(engine.generator))[-1], Picture)


async def test_pictures_that_are_gone_are_a_failure_that_names_the_file() -> None:
    async with IllustratorEngine() as engine:
        engine.tell(Trouble.FAILS)
        with pytest.raises(FileNotFoundError, match=r"\.webp"):
            await collect(engine.generator)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Until this is set, whoever paints stands still; and then fails."""
    moves = threading.Event()

    def stand(*_: Any, **__: Any) -> Iterator[Any]:
        moves.wait(60)
        raise RuntimeError("too late")
        yield

    monkeypatch.setattr(illustrator_plugin, "paint", stand)
    yield moves
    moves.set()


def standing() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "illustrator"]


async def test_passes_that_stand_still_hold_up_neither_the_loops_threads_nor_the_end_of_the_process(
    held: threading.Event,
) -> None:
    """More of them than the loop has threads of its own."""
    before = standing()
    for _ in range(40):
        with pytest.raises(EngineLost, match=r"more than 0\.01 s"):
            await collect(Illustrator(silence_s=0.01))
    ours = [thread for thread in standing() if thread not in before]
    assert len(ours) == 40
    assert all(thread.daemon for thread in ours)
    async with asyncio.timeout(20):
        assert await asyncio.to_thread(lambda: "a thread of the loop")


async def test_a_pass_that_fails_when_nobody_waits_any_more_is_no_error(held: threading.Event) -> None:
    before, complaints = standing(), list[dict[str, Any]]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    painting = asyncio.ensure_future(collect(Illustrator()))
    async with asyncio.timeout(20):
        while not (threads := [thread for thread in standing() if thread not in before]):
            await asyncio.sleep(0.005)
    painting.cancel()
    await asyncio.wait([painting])
    assert painting.cancelled()
    held.set()
    for thread in threads:
        await asyncio.to_thread(thread.join, 20)
    await asyncio.sleep(0)
    gc.collect()
    assert not complaints
