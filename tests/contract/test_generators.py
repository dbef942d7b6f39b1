"""What every generator keeps to. A plug-in's own tests can run this suite on it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from livefeed.generation.generator import Generator, Picture, Progress
from livefeed.generation.generators.illustrator_plugin import Illustrator
from livefeed.generation.job import Job


@pytest.fixture(params=[Illustrator], ids=lambda made: made.__name__.lower())
def generator(request: pytest.FixtureRequest) -> Generator:
    made: Generator = request.param()
    return made


def job(generator: Generator, **more: object) -> Job:
    asked = {
        "id": "01m0000000000000000000", "prompt": "a red fox in the snow at night", "width": 264,
        "height": generator.sizes.low, "seed": 7, "steps": generator.steps.low, "generator": generator.name,
    }  # fmt: skip
    return Job(**(asked | more))  # type: ignore[arg-type]


async def collect(generator: Generator, job: Job) -> list[Progress | Picture]:
    return [item async for item in generator.generate(job)]


def test_it_says_who_it_is_and_what_it_can_do(generator: Generator) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,40}", generator.name)
    assert generator.title.strip() == generator.title != ""
    for allowed in (generator.sizes, generator.steps):
        assert allowed.default in allowed
        assert allowed.low in allowed
        assert allowed.high in allowed


async def test_every_step_is_told_in_order_and_the_picture_comes_last_in_the_size_asked(generator: Generator) -> None:
    asked = job(generator)
    *steps, picture = await collect(generator, asked)
    assert [step.step for step in steps if isinstance(step, Progress)] == list(range(1, asked.steps + 1))
    assert {step.steps for step in steps if isinstance(step, Progress)} == {asked.steps}
    assert isinstance(picture, Picture)
    assert (picture.image.size, picture.image.mode) == ((asked.width, asked.height), "RGB")


async def test_a_step_shown_is_not_painted_over_later(generator: Generator) -> None:
    """Previews are made while the next step is painted."""
    seen = []
    async for item in generator.generate(job(generator)):
        if isinstance(item, Progress) and item.image is not None:
            seen.append((item.image, item.image.tobytes()))
    assert all(image.tobytes() == as_shown for image, as_shown in seen)
    assert len({as_shown for _, as_shown in seen}) == len(seen)


async def test_the_event_loop_lives_while_it_paints(generator: Generator) -> None:
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        turning = group.create_task(turn())
        *steps, _ = await collect(generator, job(generator))
        turning.cancel()
    assert turns > 10 * len(steps)


async def test_closed_after_a_step_it_stops(generator: Generator) -> None:
    items = generator.generate(job(generator))
    assert isinstance(items, AsyncGenerator)
    async with aclosing(items):
        first = await anext(items)
    assert isinstance(first, Progress)
    with pytest.raises(StopAsyncIteration):
        await anext(items)


async def test_two_at_once_do_not_disturb_each_other(generator: Generator) -> None:
    both = [job(generator, seed=1), job(generator, seed=2)]
    together = await asyncio.gather(*(collect(generator, asked) for asked in both))
    apart = [await collect(generator, asked) for asked in both]
    for one, other in zip(together, apart, strict=True):
        assert isinstance(one[-1], Picture)
        assert isinstance(other[-1], Picture)
        assert one[-1].image.tobytes() == other[-1].image.tobytes()
