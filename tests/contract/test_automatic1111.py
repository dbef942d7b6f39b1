"""What is special to AUTOMATIC1111: one picture at a time, names for tasks, an interruption that hits whatever runs."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import aiohttp
import pytest
from PIL import Image

from livefeed.config import Config
from livefeed.errors import ConfigurationError
from livefeed.generation.generator import EngineLost, Picture, Progress
from livefeed.generation.generators.automatic1111 import Automatic1111, generator, watch
from livefeed.generation.generators.automatic1111.wire import STRENGTH, Failed
from livefeed.generation.job import Job
from tests.contract.engines import SILENCE_S, STEP_S, Trouble
from tests.contract.engines.automatic1111 import Automatic1111Engine, painted, unpacked

DEADLINE_S = 20.0
JOB = Job(
    id="01m0000000000000000000", prompt="a red fox", width=256, height=264, seed=7, steps=4, generator="automatic1111"
)


@pytest.fixture
async def engine() -> AsyncIterator[Automatic1111Engine]:
    async with Automatic1111Engine() as engine:
        yield engine


def job(**more: Any) -> Job:
    return Job(**({name: getattr(JOB, name) for name in JOB.__slots__} | more))


async def collect(maker: Automatic1111, asked: Job = JOB) -> tuple[list[Progress], Picture]:
    async with asyncio.timeout(DEADLINE_S):
        *steps, picture = [item async for item in maker.generate(asked)]
    assert isinstance(picture, Picture)
    return [step for step in steps if isinstance(step, Progress)], picture


def red(picture: Picture) -> int:
    """Return how red the top left is: a new picture's seed, a remix's mixture of seed and parent."""
    pixel = picture.image.getpixel((0, 0))
    assert isinstance(pixel, tuple)
    return pixel[0]


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not holds():
            await asyncio.sleep(STEP_S / 20)


@asynccontextmanager
async def somebody_else(engine: Automatic1111Engine, *, steps: int = 4) -> AsyncIterator[Any]:
    """Another client's picture is in work and goes no further until `engine.held` is set."""
    body = {
        "prompt": "not ours", "seed": 99, "steps": steps, "width": 64, "height": 64, "force_task_id": "task(SOMEONE)",
        "override_settings": {"show_progress_every_n_steps": 1},
    }  # fmt: skip

    async def ask() -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{engine.url}/sdapi/v1/txt2img", json=body) as said,
        ):
            return await said.json()

    engine.held.clear()
    async with asyncio.TaskGroup() as group:
        asking = group.create_task(ask())
        await until(lambda: engine.at_work == 1)
        yield asking
        engine.held.set()


async def test_what_is_asked_for_names_seed_steps_size_and_a_task_of_its_own_for_each_attempt(
    engine: Automatic1111Engine,
) -> None:
    """Left out, the seed would be chance; and a name used twice is taken for completed at once."""
    for _ in range(2):
        await collect(engine.another())
    one, two = engine.asked
    assert (one["prompt"], one["seed"], one["steps"], one["width"], one["height"]) == ("a red fox", 7, 4, 256, 264)
    assert JOB.id in one["force_task_id"]
    assert one["force_task_id"] != two["force_task_id"]


async def test_each_step_shows_its_preview_which_is_sent_once(engine: Automatic1111Engine) -> None:
    steps, picture = await collect(engine.another(), job(steps=8))
    shown = [step.image for step in steps if step.image is not None]
    assert [step.step for step in steps] == sorted({step.step for step in steps})
    assert shown
    assert len({image.tobytes() for image in shown}) == len(shown)
    assert all((image.mode, image.size) == ("RGB", (32, 33)) for image in shown)
    assert engine.previews_sent <= 8
    assert picture.image.tobytes() == painted(engine.asked[0], 8, None).tobytes()


async def test_a_remix_is_sent_to_img2img_in_the_size_asked_with_its_strength(engine: Automatic1111Engine) -> None:
    file = io.BytesIO()
    Image.new("RGB", (90, 120), (200, 0, 0)).save(file, "WEBP", lossless=True)
    reds = {}
    for strength in (None, 0.0, 1.0):
        _, picture = await collect(engine.another(), job(parent_image=file.getvalue(), parent="p", strength=strength))
        reds[strength] = red(picture)
    assert [asked["denoising_strength"] for asked in engine.asked] == [STRENGTH, 0.0, 1.0]
    assert reds[0.0] == 200
    assert reds[1.0] == JOB.seed
    assert reds[1.0] < reds[None] < reds[0.0]


async def test_a_mask_goes_with_its_canvas_and_says_that_white_is_repainted_from_what_is_there(
    engine: Automatic1111Engine,
) -> None:
    canvas, mask = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (256, 264), (200, 0, 0)).save(canvas, "PNG")
    Image.linear_gradient("L").resize((256, 264)).save(mask, "PNG")
    asked = job(parent_image=canvas.getvalue(), mask=mask.getvalue(), strength=0.7)
    await collect(engine.another(), asked)
    [body] = engine.asked
    told = {name: body[name] for name in ("inpainting_mask_invert", "inpainting_fill", "inpaint_full_res")}
    assert told == {"inpainting_mask_invert": 0, "inpainting_fill": 1, "inpaint_full_res": False}
    assert 0 < body["mask_blur"] < 16
    assert body["denoising_strength"] == 0.7
    sent = unpacked(body["mask"])
    assert (sent.mode, sent.tobytes()) == ("L", Image.open(mask).tobytes())
    await collect(engine.another(), job(parent_image=canvas.getvalue()))
    assert not {"mask", "inpainting_fill"} & set(engine.asked[-1])


async def test_a_mask_that_is_no_picture_is_a_failure_before_anything_is_asked(engine: Automatic1111Engine) -> None:
    canvas = io.BytesIO()
    Image.new("RGB", (256, 264)).save(canvas, "PNG")
    with pytest.raises(Failed, match="mask cannot be sent"):
        await collect(engine.another(), job(parent_image=canvas.getvalue(), mask=b"no picture"))
    assert not engine.asked


async def test_a_parent_that_is_no_picture_is_a_failure_before_anything_is_asked(engine: Automatic1111Engine) -> None:
    with pytest.raises(Failed, match="parent's picture"):
        await collect(engine.another(), job(parent_image=b"GIF89a, or so it says", parent="p"))
    assert not engine.asked


@pytest.mark.parametrize("prefixed", [True, False])
async def test_a_picture_is_read_with_and_without_a_data_url_before_it(prefixed: bool) -> None:
    async with Automatic1111Engine(prefixed=prefixed) as engine:
        _, picture = await collect(engine.another())
    assert picture.image.size == (256, 264)


async def test_one_picture_at_a_time_is_in_work_whoever_asks(engine: Automatic1111Engine) -> None:
    """Two generators of one process share the turn: they could interrupt each other's picture."""
    both = engine.another(), engine.another()
    await asyncio.gather(*(collect(maker) for maker in (*both, *both)))
    assert (engine.most_at_work, engine.made, engine.interrupted) == (1, 4, 0)


async def test_waiting_for_others_is_no_silence_in_the_servers_queue_nor_for_our_turn(
    engine: Automatic1111Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "LOADING", 1)
    maker = engine.another()
    async with somebody_else(engine), asyncio.TaskGroup() as group:
        both = [group.create_task(collect(maker, job(seed=seed))) for seed in (1, 2)]
        await until(lambda: engine.looks > 2 * SILENCE_S / engine.poll_s)
        assert len(engine.asked) == 2, "the second of ours waits here, not there"
        engine.held.set()
    assert [red(task.result()[1]) for task in both] == [1, 2]


async def test_called_off_in_the_servers_queue_it_is_interrupted_when_its_turn_comes_and_nobody_else(
    engine: Automatic1111Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has no way to take a task out of its queue, and its interruption stops whatever runs."""
    monkeypatch.setattr(generator, "FAREWELL_S", STEP_S)
    maker = engine.another()
    async with somebody_else(engine) as theirs:
        async with asyncio.TaskGroup() as group:
            painting = group.create_task(collect(maker))
            await until(lambda: engine.at_work == 2)
            painting.cancel()
        assert (engine.interrupted, engine.at_work) == (0, 2)
        engine.held.set()
        answer = await theirs
    assert answer["images"]
    await until(lambda: engine.at_work == 0)
    assert (engine.interrupted, engine.made) == (1, 1), "theirs was made, ours was not"
    await collect(maker)
    assert engine.made == 2, "and ours have their turn again"


async def test_closed_when_the_picture_is_done_interrupts_nobody(engine: Automatic1111Engine) -> None:
    async with aclosing(engine.another().generate(JOB)) as items:
        async for item in items:
            if isinstance(item, Picture):
                break
    assert engine.interrupted == 0


async def test_a_picture_that_somebody_interrupts_at_the_server_is_not_taken_for_finished(
    engine: Automatic1111Engine,
) -> None:
    """The server answers 200 with what there was."""
    async with aclosing(engine.another().generate(job(steps=40))) as items, asyncio.timeout(DEADLINE_S):
        await anext(items)
        async with aiohttp.ClientSession() as session:
            await session.post(f"{engine.url}/sdapi/v1/interrupt")
        with pytest.raises(EngineLost, match="interrupted"):
            assert all([isinstance(item, Progress) async for item in items])


@pytest.mark.parametrize("kind", [{"per_task": False}, {"takes_names": False}])
async def test_a_server_that_cannot_tell_of_tasks_is_watched_as_a_whole_while_it_is_ours(
    kind: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "UNKNOWN_S", 0.0)
    async with Automatic1111Engine(**kind) as engine:
        steps, _ = await collect(engine.another(), job(steps=16))
    assert steps
    assert any(step.image is not None for step in steps)


@pytest.mark.parametrize("kind", [{}, {"per_task": False}, {"takes_names": False}])
async def test_somebody_elses_progress_is_never_shown(kind: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Theirs is half done while ours waits; a server that knows no tasks gives ours no progress at all then."""
    monkeypatch.setattr(watch, "UNKNOWN_S", 0.0)
    async with Automatic1111Engine(**kind) as engine, somebody_else(engine, steps=16) as theirs:
        engine.held.set()
        await until(lambda: engine.step > 1)
        engine.held.clear()
        maker, told = engine.another(), []
        async with asyncio.TaskGroup() as group:

            async def paint() -> None:
                async for item in maker.generate(job(steps=16)):
                    told.append((item, theirs.done()))

            group.create_task(paint())
            await until(lambda: engine.at_work == 2)
            before = engine.looks
            await until(lambda: engine.looks > before + 10)
            assert not told
            engine.held.set()
        assert all(theirs_is_done for _, theirs_is_done in told)
        assert isinstance(told[-1][0], Picture)
        assert bool(told[:-1]) is (not kind), "only a server with tasks tells of ours behind others"


async def test_a_task_that_failed_stays_the_current_one_and_does_not_confuse_the_next(
    engine: Automatic1111Engine,
) -> None:
    engine.tell(Trouble.FAILS)
    with pytest.raises(Failed, match=r"MemoryError: CUDA out of memory\."):
        await collect(engine.another())
    await collect(engine.another())
    assert engine.interrupted == 0


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((502, "text/html", "<h1>Bad Gateway</h1>"), EngineLost, "502"),
        ((504, "text/html", ""), EngineLost, "504"),
        ((429, "text/plain", "slow down"), EngineLost, "429 slow down"),
        ((500, "text/plain", "Internal Server Error"), EngineLost, "500"),
        ((500, "application/json", '{"error":"RuntimeError","errors":"no such model"}'), Failed, "no such model"),
        ((422, "application/json", '{"detail":[{"loc":["body","steps"],"msg":"bad"}]}'), Failed, "422 .*steps"),
        ((404, "application/json", '{"error":"HTTPException","detail":"Sampler not found"}'), Failed, "Sampler"),
        ((307, "text/plain", ""), Failed, "sends us elsewhere"),
        ((200, "text/html", "<html>"), Failed, "no picture"),
        ((200, "application/json", '{"images": [], "info": "{}"}'), Failed, "no picture"),
        ((200, "application/json", '{"images": ["bm90IGEgcGljdHVyZQ=="], "info": "{}"}'), Failed, "cannot be read"),
    ],
)
async def test_an_answer_that_is_no_picture_says_whose_fault_it_is(
    engine: Automatic1111Engine, answer: tuple[int, str, str], error: type[Exception], words: str
) -> None:
    engine.answers_with = answer
    with pytest.raises(error, match=words):
        await collect(engine.another())


async def test_user_and_password_of_the_url_are_used_and_never_told() -> None:
    async with Automatic1111Engine(auth="sam:swordfish") as engine:
        await collect(engine.another())
        for url in (engine.url.replace("swordfish", "marlin"), f"http://{engine.host}"):
            with pytest.raises(Failed, match="--api-auth") as caught:
                await collect(engine.another(url))
            assert not re.search("marlin|swordfish|sam:", str(caught.value))
        await engine.crash()
        with pytest.raises(EngineLost, match="cannot be reached") as lost:
            await collect(engine.another())
        assert not re.search("swordfish|sam:", str(lost.value))
        assert "LIVEFEED_AUTOMATIC1111_URL" in str(lost.value)


async def test_a_server_without_its_api_says_how_to_start_it() -> None:
    async with Automatic1111Engine(api=False) as engine:
        with pytest.raises(Failed, match="start it with --api"):
            await collect(engine.another())


@pytest.mark.parametrize("moment", ["before", "after a step"])
async def test_a_server_that_answers_nothing_any_more_is_lost(engine: Automatic1111Engine, moment: str) -> None:
    async with asyncio.timeout(DEADLINE_S), aclosing(engine.another().generate(job(steps=40))) as items:
        if moment != "before":
            await anext(items)
        engine.hangs.set()
        engine.held.clear()
        with pytest.raises(EngineLost, match=r"silent|does not answer"):
            assert all([isinstance(item, Progress) async for item in items])


def test_without_an_address_there_is_no_such_generator() -> None:
    with pytest.raises(ConfigurationError, match="LIVEFEED_AUTOMATIC1111_URL"):
        Automatic1111(Config())
