"""What is special to diffusers: one warm process, what a remix is, what is shown, and what ends a process."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from livefeed.generation.generator import EngineLost, Picture, Progress, Refused
from livefeed.generation.generators.diffusers import Diffusers
from livefeed.generation.generators.diffusers.generator import Failed
from livefeed.generation.job import Job
from tests.contract.engines import Trouble
from tests.contract.engines.diffusers import DiffusersEngine, nursery

pytestmark = pytest.mark.diffusers

DEADLINE_S = 20.0
JOB = Job(
    id="01m0000000000000000000", prompt="a red fox", width=264, height=256, seed=7, steps=4, generator="diffusers"
)


def job(**more: Any) -> Job:
    return Job(**({name: getattr(JOB, name) for name in JOB.__slots__} | more))


async def collect(maker: Diffusers, asked: Job = JOB) -> tuple[list[Progress], Image.Image]:
    async with asyncio.timeout(DEADLINE_S):
        *steps, picture = [item async for item in maker.generate(asked)]
    assert isinstance(picture, Picture)
    return [step for step in steps if isinstance(step, Progress)], picture.image


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not holds():
            await asyncio.sleep(0.005)


def png(colour: str, size: tuple[int, int] = (120, 90)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


def apart(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are apart, 0 to 255."""
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


async def test_every_step_is_told_and_the_model_is_loaded_once() -> None:
    async with DiffusersEngine() as engine:
        for _ in range(2):
            steps, _ = await collect(engine.generator)
            assert [(step.step, step.steps) for step in steps] == [(1, 4), (2, 4), (3, 4), (4, 4)]
        assert len(engine.born) == 1


async def test_the_same_job_gives_the_same_picture_in_another_process_and_another_seed_another_one() -> None:
    async with DiffusersEngine() as engine, DiffusersEngine() as other:
        _, one = await collect(engine.generator)
        _, same = await collect(other.generator)
        _, different = await collect(other.generator, job(seed=8))
        _, elsewhere = await collect(other.generator, job(prompt="a blue boat on a river"))
    assert one.tobytes() == same.tobytes()
    assert apart(one, different) > 1
    assert one.tobytes() != elsewhere.tobytes()


async def test_a_remix_begins_with_the_parents_picture_and_goes_as_far_as_its_strength() -> None:
    async with DiffusersEngine("unchecked") as engine:
        remixes = {}
        for colour in ("black", "yellow"):
            for strength in (0.0, 0.5, 1.0):
                asked = job(parent="p", parent_image=png(colour), strength=strength)
                steps, image = await collect(engine.generator, asked)
                remixes[colour, strength] = image
                assert image.size == (264, 256)
                assert [step.step for step in steps] == {0.0: [4], 0.5: [2, 4], 1.0: [1, 2, 3, 4]}[strength]
    far = [apart(remixes["black", strength], remixes["yellow", strength]) for strength in (0.0, 0.5, 1.0)]
    assert far[0] > far[1] > far[2], "the more a remix may change, the less is left of its parent"


async def test_a_parent_that_is_no_picture_is_a_failure_and_the_process_goes_on() -> None:
    async with DiffusersEngine() as engine:
        with pytest.raises(Failed, match="UnidentifiedImageError"):
            await collect(engine.generator, job(parent="p", parent_image=b"no picture"))
        await collect(engine.generator)
        assert len(engine.born) == 1


async def test_cancelled_it_stops_after_the_step_and_the_model_stays_loaded() -> None:
    async with DiffusersEngine() as engine:
        async with aclosing(engine.generator.generate(job(steps=100))) as items:
            await anext(items)
        await until(lambda: engine.at_work == 0)
        assert engine.made == 0
        await collect(engine.generator)
        assert (engine.made, len(engine.born)) == (1, 1)


async def test_a_process_that_is_killed_is_lost_and_replaced() -> None:
    async with DiffusersEngine() as engine:
        engine.tell(Trouble.CRASHES)
        with pytest.raises(EngineLost, match="SIGKILL"):
            await collect(engine.generator)
        await collect(engine.generator)
        assert len(engine.born) == 2


async def test_a_step_that_hangs_is_ended_with_its_process() -> None:
    """Nothing else ends it: a thread that hangs would stay, and hold the device's memory."""
    async with DiffusersEngine(silence_s=3.0) as engine:
        engine.tell(Trouble.FALLS_SILENT)
        with pytest.raises(EngineLost, match="no sign for 3 s"):
            await collect(engine.generator)
        assert not engine.born[0].lives
        await collect(engine.generator)
        assert len(engine.born) == 2


async def test_a_step_that_hangs_after_its_cancellation_is_no_harm_to_the_next_picture() -> None:
    async with DiffusersEngine(silence_s=3.0) as engine:
        engine.tell(Trouble.FALLS_SILENT)
        async with aclosing(engine.generator.generate(JOB)) as items:
            await anext(items)
        await collect(engine.generator)
        assert [process.lives for process in engine.born] == [False, True]


async def test_a_step_that_hangs_after_its_cancellation_ends_with_its_process_though_nobody_comes() -> None:
    """Else it would hold the device until the next picture, which may be tomorrow's."""
    async with DiffusersEngine(silence_s=3.0) as engine:
        engine.tell(Trouble.FALLS_SILENT)
        async with aclosing(engine.generator.generate(JOB)) as items:
            await anext(items)
        await until(lambda: not engine.born[0].lives)
        await collect(engine.generator)
        assert len(engine.born) == 2


async def test_a_process_whose_worker_is_gone_ends_though_a_step_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    async with DiffusersEngine() as engine:
        engine.tell(Trouble.FALLS_SILENT)
        async with aclosing(engine.generator.generate(JOB)) as items:
            await anext(items)
            monkeypatch.setattr(engine.born[0], "kill", lambda: pytest.fail("it had to be killed"))
            await until(lambda: engine.at_work == 1)
            await engine.generator.close()
        assert not engine.born[0].lives


@pytest.mark.parametrize(("model", "words"), [("empty", "model_index.json"), ("nowhere", "there is no folder")])
async def test_a_model_that_cannot_be_loaded_is_a_lost_engine_which_says_why(model: str, words: str) -> None:
    async with DiffusersEngine(model) as engine:
        for number in (1, 2):
            with pytest.raises(EngineLost, match=f"cannot be loaded: .*{words}"):
                await collect(engine.generator)
            assert len(engine.born) == number, "the next picture tries again"


async def test_a_picture_that_the_safety_checker_withholds_is_refused() -> None:
    async with DiffusersEngine() as engine:
        engine.tell(Trouble.REFUSES)
        with pytest.raises(Refused, match="change the prompt") as caught:
            await collect(engine.generator)
    assert caught.value.code == "content_policy"


@pytest.mark.parametrize(
    ("model", "previews", "shown"),
    [("checked", "auto", False), ("checked", "on", True), ("unchecked", "auto", True), ("unchecked", "off", False)],
)
async def test_pictures_on_the_way_are_shown_unless_a_checker_would_come_too_late(
    model: str, previews: str, shown: bool
) -> None:
    async with DiffusersEngine(model, diffusers_previews=previews) as engine:
        steps, _ = await collect(engine.generator)
    assert any(step.image is not None for step in steps) is shown
    assert len(steps) == 4


async def test_a_tiny_vae_shows_pictures_of_its_own() -> None:
    tiny = str(nursery().folder / "tiny-vae")
    async with DiffusersEngine(diffusers_preview_vae=tiny) as engine, DiffusersEngine() as other:
        (one, *_), _ = await collect(engine.generator, job(width=512))
        (coarse, *_), _ = await collect(other.generator, job(width=512))
    assert one.image is not None
    assert coarse.image is not None
    assert one.image.size == coarse.image.size == (256, 128)
    assert apart(one.image, coarse.image) > 1


async def test_a_tiny_vae_that_is_not_there_keeps_the_model_from_being_loaded() -> None:
    async with DiffusersEngine(diffusers_preview_vae=str(nursery().folder / "empty")) as engine:
        with pytest.raises(EngineLost, match="cannot be loaded"):
            await collect(engine.generator)


async def test_guidance_is_the_pipelines_own_unless_it_is_set() -> None:
    async with DiffusersEngine() as engine, DiffusersEngine(diffusers_guidance=0.0) as other:
        _, one = await collect(engine.generator)
        _, unguided = await collect(other.generator)
    assert one.tobytes() != unguided.tobytes()


async def test_a_transformer_with_packed_latents_paints_every_size_and_is_shown() -> None:
    async with DiffusersEngine("flux") as engine:
        steps, image = await collect(engine.generator)
        remixed, remix = await collect(engine.generator, job(parent="p", parent_image=png("red"), strength=0.5))
    assert image.size == remix.size == (264, 256), "though it paints multiples of 16 only"
    assert [step.step for step in steps] == [1, 2, 3, 4]
    assert [step.step for step in remixed] == [2, 4]
    shown = steps[0].image
    assert shown is not None
    assert shown.size == (256, 241)


@pytest.mark.parametrize("model", ["unchecked", "flux"])
async def test_under_a_mask_the_pipeline_repaints_and_the_rest_is_nearly_as_it_was(model: str) -> None:
    """Nearly: it goes through the VAE and back, which is why the worker keeps it by pixels."""
    mask = Image.new("L", (264, 256))
    mask.paste(255, (0, 0, 132, 256))
    file = io.BytesIO()
    mask.save(file, "PNG")
    sides = {"left": (0, 0, 116, 256), "right": (148, 0, 264, 256)}
    async with DiffusersEngine(model) as engine:
        whole, part = [
            (await collect(engine.generator, job(parent="p", parent_image=png("navy"), strength=1.0, mask=told)))[1]
            for told in (None, file.getvalue())
        ]
        other = (await collect(engine.generator, job(parent="p", parent_image=png("yellow"), strength=1.0)))[1]
        again = job(parent="p", parent_image=png("yellow"), strength=1.0, mask=file.getvalue())
        kept = (await collect(engine.generator, again))[1]
    assert part.size == whole.size == (264, 256)
    far = {side: apart(part.crop(box), kept.crop(box)) for side, box in sides.items()}
    assert far["right"] > 2 * far["left"], "the parent is seen where it was not to be repainted, and only there"
    assert apart(whole, other) < far["right"]
