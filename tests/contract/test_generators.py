"""What every generator keeps to, whatever happens to its engine. A plug-in's own tests can run this suite on it."""

from __future__ import annotations

import asyncio
import io
import random
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import Final

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from livefeed.generation.generator import DigitalSource, EngineLost, Generator, Picture, Progress, Refused
from livefeed.generation.inpainting import keeping
from livefeed.generation.job import Job
from tests.contract.engines import FOR_ALL, End, Engine, Failed, Trouble, end_of, engines, names
from tests.soak import count

ENGINES: Final = engines()
DEADLINE_S: Final = 20.0
"""What takes longer hangs; everything here is done in a second or two."""


@pytest.fixture(params=names())
async def engine(request: pytest.FixtureRequest) -> AsyncIterator[Engine]:
    async with ENGINES[request.param]() as engine:
        yield engine


@pytest.fixture
def generator(engine: Engine) -> Generator:
    return engine.generator


def job(generator: Generator, **more: object) -> Job:
    asked = {
        "id": "01m0000000000000000000", "prompt": "a red fox in the snow at night", "width": 264,
        "height": generator.sizes.low, "seed": 7, "steps": min(generator.steps.high, max(generator.steps.low, 4)),
        "generator": generator.name,
    }  # fmt: skip
    return Job(**(asked | more))  # type: ignore[arg-type]


async def collect(generator: Generator, job: Job) -> list[Progress | Picture]:
    async with asyncio.timeout(DEADLINE_S):
        return [item async for item in generator.generate(job)]


async def end(generator: Generator, job: Job) -> Picture | Exception:
    """Return how the picture ended, having checked all that was told on the way."""
    last: Progress | Picture | None = None
    items = generator.generate(job)
    assert isinstance(items, AsyncGenerator)
    failure: Exception | None = None
    async with asyncio.timeout(DEADLINE_S) as deadline, aclosing(items):
        try:
            async for item in items:
                assert not isinstance(last, Picture), "something came after the picture"
                check(item, last, job)
                last = item
        except AssertionError:
            raise
        except Exception as exc:
            failure = exc
    assert not deadline.expired()
    if failure is not None:
        assert not isinstance(last, Picture), f"the picture came, and then {failure!r}"
        assert str(failure).strip(), "nobody can tell what happened"
        return failure
    assert isinstance(last, Picture), "there was no end"
    return last


def check(item: Progress | Picture, before: Progress | Picture | None, job: Job) -> None:
    image = item.image
    if isinstance(item, Picture):
        assert image is not None
        assert image.size == (job.width, job.height)
    else:
        assert 0 <= item.step <= item.steps
        if isinstance(before, Progress):
            assert item.steps == before.steps
            assert item.step >= before.step
    assert image is None or image.mode == "RGB"


def kind(end: Picture | Exception) -> End:
    return type(end) if isinstance(end, (Picture, Refused, EngineLost)) else Failed


async def until(holds: Callable[[], bool], what: str) -> None:
    try:
        async with asyncio.timeout(DEADLINE_S):
            while not holds():
                await asyncio.sleep(0.005)
    except TimeoutError:
        pytest.fail(f"{what}, after {DEADLINE_S:g} s")


async def at_rest(engine: Engine) -> None:
    await until(lambda: engine.at_work == 0, "the engine still works at a picture that nobody waits for")


def test_it_says_who_it_is_and_what_it_can_do(generator: Generator) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,40}", generator.name)
    assert generator.title.strip() == generator.title != ""
    assert isinstance(generator.source, DigitalSource)
    for allowed in (generator.sizes, generator.steps):
        assert allowed.default in allowed
        assert allowed.low in allowed
        assert allowed.high in allowed


async def test_progress_is_monotonic_and_the_picture_comes_last_in_the_size_asked(engine: Engine) -> None:
    assert isinstance(await end(engine.generator, job(engine.generator)), Picture)
    await at_rest(engine)
    assert engine.made == 1


@pytest.mark.parametrize("shape", ["wide", "tall", "largest"])
async def test_every_size_that_it_says_it_makes_comes_out(engine: Engine, shape: str) -> None:
    low, high = engine.generator.sizes.low, engine.generator.sizes.high
    width, height = {"wide": (high, low), "tall": (low, high), "largest": (high, high)}[shape]
    asked = job(engine.generator, width=width, height=height, steps=engine.generator.steps.low)
    assert isinstance(await end(engine.generator, asked), Picture)


async def test_a_remix_of_a_picture_of_another_shape_has_the_size_asked(engine: Engine) -> None:
    file = io.BytesIO()
    Image.linear_gradient("L").resize((120, 90)).convert("RGB").save(file, "PNG")
    asked = job(engine.generator, parent="01m000000000000000000p", parent_image=file.getvalue(), strength=0.5)
    assert isinstance(await end(engine.generator, asked), Picture)


def masked(generator: Generator, strength: float = 0.8) -> tuple[Job, Image.Image, Image.Image]:
    """Return a job whose canvas is red where it may be repainted and blue elsewhere, and its canvas and mask."""
    size = 264, generator.sizes.low
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).ellipse((40, 90, 140, 220), fill=255)
    canvas = Image.composite(Image.new("RGB", size, "red"), Image.new("RGB", size, "blue"), mask)
    asked = job(generator, parent="01m000000000000000000p", parent_image=png(canvas), mask=png(mask), strength=strength)
    return asked, canvas, mask


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


async def test_the_canvas_and_its_mask_reach_the_engine_and_lie_on_each_other(engine: Engine) -> None:
    asked, canvas, mask = masked(engine.generator)
    assert isinstance(await end(engine.generator, asked), Picture)
    told = engine.masked()
    if told is None:
        pytest.skip("nobody can look into this engine")
    assert told[0].size == told[1].size
    if told[0].size == canvas.size:
        assert (told[0].tobytes(), told[1].tobytes()) == (canvas.tobytes(), mask.tobytes())
    red = told[0].getchannel("R").point(lambda level: 255 * (level > 127))
    amiss = ImageChops.difference(red, told[1]).point(lambda level: 255 * (level > 127))
    assert ImageStat.Stat(amiss).mean[0] < 0.01 * 255
    assert ImageStat.Stat(told[1]).mean[0] == pytest.approx(ImageStat.Stat(mask).mean[0], rel=0.1)


async def test_outside_the_mask_not_a_pixel_changes_neither_on_the_way_nor_at_the_end(generator: Generator) -> None:
    """Whatever the engine does there: the worker paints through the mask."""
    asked, canvas, mask = masked(generator)
    outside = mask.point(lambda level: 255 * (level == 0))
    async with asyncio.timeout(DEADLINE_S):
        images = [item.image async for item in keeping(asked, generator.generate(asked)) if item.image is not None]
    for image in images:
        assert image.size == canvas.size
        kept = Image.composite(canvas, image, outside)
        assert ImageChops.difference(kept, image).getbbox() is None
    inside = ImageStat.Stat(ImageChops.difference(images[-1], canvas), mask).mean
    assert max(inside) > 5, "nothing was repainted"


async def test_a_step_shown_is_not_painted_over_later(generator: Generator) -> None:
    """Previews are made while the next step is painted."""
    seen = []
    async for item in generator.generate(job(generator)):
        if isinstance(item, Progress) and item.image is not None:
            seen.append((item.image, item.image.tobytes()))
    if not seen:
        pytest.skip("it shows nothing before the picture")
    assert all(image.tobytes() == as_shown for image, as_shown in seen)
    assert len({id(image) for image, _ in seen}) == len(seen)


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


async def test_two_at_once_do_not_disturb_each_other(generator: Generator) -> None:
    both = [job(generator, seed=1), job(generator, seed=2, prompt="a blue boat on a river", width=272)]
    together = await asyncio.gather(*(collect(generator, asked) for asked in both))
    apart = [await collect(generator, asked) for asked in both]
    for one, other in zip(together, apart, strict=True):
        assert isinstance(one[-1], Picture)
        assert isinstance(other[-1], Picture)
        assert one[-1].image.tobytes() == other[-1].image.tobytes()
    assert together[0][-1].image != together[1][-1].image


async def test_closed_after_a_step_it_stops_and_so_does_its_engine(engine: Engine) -> None:
    items = engine.generator.generate(job(engine.generator))
    assert isinstance(items, AsyncGenerator)
    async with asyncio.timeout(DEADLINE_S), aclosing(items):
        first = await anext(items)
    if isinstance(first, Picture):
        pytest.skip("it tells of no step before the picture")
    with pytest.raises(StopAsyncIteration):
        await anext(items)
    await at_rest(engine)
    assert engine.made == 0, "the engine went on to the end"


@pytest.mark.parametrize("moment", ["as soon as the engine works", "after a step"])
async def test_cancel_stops_it_and_its_engine(engine: Engine, moment: str) -> None:
    told = 0

    async def paint() -> None:
        nonlocal told
        async with aclosing(engine.generator.generate(job(engine.generator))) as items:  # type: ignore[type-var]
            async for _ in items:
                told += 1

    async with asyncio.TaskGroup() as group:
        painting = group.create_task(paint())
        if moment == "after a step":
            await until(lambda: told > 0 or painting.done(), "nothing is told")
        else:
            await until(lambda: engine.at_work > 0 or painting.done(), "the engine does not begin")
        in_time = not engine.made
        painting.cancel()
    if not in_time:
        pytest.skip("it tells of no step before the picture")
    assert painting.cancelled()
    await at_rest(engine)
    assert engine.made == 0, "the engine went on to the end"


def test_the_suite_can_make_every_engine_fail(engine: Engine) -> None:
    """What never happens to one is said with its reason, and it is none of what makes generators fail."""
    assert not FOR_ALL & set(engine.never)
    assert all(engine.never.values())
    assert {end_of(engine, trouble) for trouble in FOR_ALL} >= {Failed, EngineLost}


@pytest.mark.parametrize("trouble", [Trouble.FAILS, Trouble.CUTS, Trouble.SHOWS_NOTHING])
async def test_exactly_one_terminal_state_and_the_next_picture_knows_nothing_of_it(
    engine: Engine, trouble: Trouble
) -> None:
    if trouble in engine.never:
        pytest.skip(f"this engine never {trouble}: {engine.never[trouble]}")
    engine.tell(trouble)
    ended = await end(engine.generator, job(engine.generator))
    assert kind(ended) is end_of(engine, trouble), repr(ended)
    await at_rest(engine)
    assert isinstance(await end(engine.generator, job(engine.generator)), Picture)


async def test_refusal_is_final_and_says_why(engine: Engine) -> None:
    """And an engine that cannot refuse is never taken for one that did."""
    engine.tell(Trouble.REFUSES)
    ended = await end(engine.generator, job(engine.generator))
    assert kind(ended) is end_of(engine, Trouble.REFUSES), repr(ended)
    if isinstance(ended, Refused):
        assert re.fullmatch(r"[a-z0-9_]{1,64}", ended.code), "programs compare it"
        assert re.fullmatch(r"[A-Z].+[.!]", ended.message), "a person reads it"
        assert engine.made == 0
    await at_rest(engine)
    assert isinstance(await end(engine.generator, job(engine.generator, seed=8)), Picture)


async def test_timeout_of_a_picture_that_never_ends_stops_the_engine(engine: Engine) -> None:
    """It is not silent, so that only the worker's deadline ends it, which cancels as this one does."""
    engine.tell(Trouble.NEVER_ENDS)
    painting = asyncio.ensure_future(end(engine.generator, job(engine.generator)))
    await until(lambda: engine.at_work > 0 or painting.done(), "the engine does not begin")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.25 * engine.silence_s):
            pytest.fail(f"it came to an end: {await painting!r}")
    assert painting.cancelled()
    await at_rest(engine)
    assert engine.made == 0, "the engine went on to the end"
    assert isinstance(await end(engine.generator, job(engine.generator)), Picture)


async def test_engine_crash_is_a_lost_engine_and_once_it_is_there_again_the_next_picture_comes(engine: Engine) -> None:
    engine.tell(Trouble.CRASHES)
    ended = await end(engine.generator, job(engine.generator))
    assert isinstance(ended, EngineLost), repr(ended)
    assert re.fullmatch(r"[A-Z].+\.", ended.message), "the operator reads it"
    await at_rest(engine)
    assert engine.made == 0
    await engine.restart()
    assert isinstance(await end(engine.generator, job(engine.generator)), Picture)
    await at_rest(engine)
    assert engine.made == 1, "nothing of the lost one was made"


async def test_engine_silent_is_a_lost_engine_and_the_next_picture_comes(engine: Engine) -> None:
    engine.tell(Trouble.FALLS_SILENT)
    ended = await end(engine.generator, job(engine.generator))
    assert isinstance(ended, EngineLost), repr(ended)
    assert re.fullmatch(r"[A-Z].+\.", ended.message), "the operator reads it"
    await at_rest(engine)
    assert isinstance(await end(engine.generator, job(engine.generator)), Picture)
    await at_rest(engine)
    assert engine.made == 1, "nothing of the lost one was made"


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", names())
async def test_random_trouble_and_random_cancels_lead_to_one_end_each(name: str, seed: int) -> None:
    """Each round has an engine of its own, since some do not survive."""
    chance = random.Random(f"{seed} {name}")
    for number in range(count(4, 200)):
        async with ENGINES[name]() as engine:
            trouble = chance.choice([None, *sorted(set(Trouble) - set(engine.never))])
            hurried = chance.random() < 0.3 or trouble is Trouble.NEVER_ENDS
            patience_s = chance.uniform(0, 0.4) if hurried else None
            print(f"round {number}: {trouble or 'no trouble'}, patience {patience_s}")
            if trouble is not None:
                engine.tell(trouble)
            asked = job(engine.generator, seed=chance.randrange(2**32))
            async with asyncio.TaskGroup() as group:
                painting = group.create_task(end(engine.generator, asked))
                done, _ = await asyncio.wait([painting], timeout=patience_s)
                if not done:
                    painting.cancel()
                    await asyncio.wait([painting], timeout=DEADLINE_S)
                    assert painting.done(), "cancelled, it goes on"
            if not painting.cancelled():
                expected = end_of(engine, trouble) if trouble else Picture
                assert kind(painting.result()) is expected, repr(painting.result())
            await at_rest(engine)
