"""Pictures that a room asks for: from its canvas, under its mask, seen by its members, on a real store."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw

from livefeed.composition import furnish
from livefeed.config import Config
from livefeed.errors import BadRequest, Busy, Forbidden, KeyReused, NotFound
from livefeed.generation.generator import DigitalSource
from livefeed.generation.generators.illustrator_plugin import Illustrator
from livefeed.generation.previews import PreviewMaker
from livefeed.generation.registry import Generators
from livefeed.making import Making
from livefeed.media.provenance import said
from livefeed.media.variants import read_metadata, read_webp
from livefeed.rooms.canvas import render
from livefeed.rooms.strokes import Kind, Stroke
from livefeed.server import work
from livefeed.streams.outbox import Carrier
from tests.integration.test_generation_studio import (
    Album,
    KnownPosts,
    KnownRooms,
    Studio,
    eventually,
    open_store,
    small_jpeg,
    user,
)

ROOM: dict[str, Any] = {"room": KnownRooms.room, "publish": False, "parent": KnownPosts.parent}
SIZE = (256, 256)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def canvas() -> Image.Image:
    return Image.fromarray(np.random.default_rng(4).integers(0, 255, (256, 256, 3), np.uint8))


def mask() -> Image.Image:
    image = Image.new("L", SIZE)
    ImageDraw.Draw(image).ellipse((30, 100, 180, 240), fill=255)
    return image


def outside(image: Image.Image) -> np.ndarray[Any, Any]:
    return np.asarray(image)[np.asarray(mask()) == 0]


class Wall(Album):
    """Keeps the pictures, and how they were made."""

    def __init__(self) -> None:
        self.pictures: list[tuple[Image.Image, Making]] = []

    async def add_image(self, image: Image.Image, making: Making) -> Mapping[str, Any]:
        self.pictures.append((image, making))
        return await super().add_image(image, making)


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with open_store(tmp_path) as (store, _):
        yield Studio(store)


async def test_the_generator_is_handed_the_canvas_and_the_mask(studio: Studio) -> None:
    drawn, masked = studio.posts.keep(png(canvas())), studio.posts.keep(png(mask()))
    async with studio.working("one"):
        id = await studio.ask(**ROOM, canvas=drawn, mask=masked, strength=0.25)
        await studio.until(id, "completed")
    [job] = studio.quick.jobs
    assert (job.parent_image, job.mask, job.strength) == (png(canvas()), png(mask()), 0.25)
    assert job.parent == KnownPosts.parent


async def test_without_a_canvas_the_mask_is_of_the_parents_picture(studio: Studio) -> None:
    studio.posts.file = png(canvas())
    async with studio.working("one"):
        await studio.until(await studio.ask(**ROOM, mask=studio.posts.keep(png(mask()))), "completed")
    assert studio.quick.jobs[0].parent_image == png(canvas())


async def test_of_a_generator_that_knows_no_masks_the_worker_keeps_what_is_outside(studio: Studio) -> None:
    """On the way too: what people watch never shows another picture around the mask."""
    drawn, masked = studio.posts.keep(png(canvas())), studio.posts.keep(png(mask()))
    wall, shown = Wall(), []

    def jpeg(image: Image.Image) -> bytes:
        shown.append(image)
        return small_jpeg(image)

    previews = PreviewMaker(jpeg=jpeg, palette=lambda image: ["#102030"] * 6)
    async with studio.working("one", pictures=wall, previews=previews):
        id = await studio.ask(**ROOM, canvas=drawn, mask=masked)
        await studio.until(id, "completed")
    [(made, making)] = wall.pictures
    assert shown
    for image in (made, *shown):
        assert (outside(image) == outside(canvas())).all()
        assert image.getpixel((100, 170)) != canvas().getpixel((100, 170))
    assert making.source is DigitalSource.COMPOSITE
    assert making.parents == (KnownPosts.parent,)
    assert making.prompt is None


@pytest.mark.parametrize("strength", [0.3, 1.0])
async def test_the_illustrator_repaints_under_the_mask_alone(studio: Studio, strength: float) -> None:
    studio.generators = Generators([Illustrator()])
    studio.generations._generators = studio.generators
    wall = Wall()
    drawn, masked = studio.posts.keep(png(canvas())), studio.posts.keep(png(mask()))
    async with studio.working("one", pictures=wall):
        asked = {"width": 256, "height": 256, "steps": 4, "seed": 3, "strength": strength}
        id = await studio.ask("a red fox", **ROOM, **asked, canvas=drawn, mask=masked)
        await studio.until(id, "completed")
    [(made, _)] = wall.pictures
    assert (outside(made) == outside(canvas())).all()
    assert np.abs(np.asarray(made, float) - np.asarray(canvas(), float))[np.asarray(mask()) > 0].mean() > 20


async def test_what_people_drew_is_waited_for_while_its_storage_is_busy_and_missed_when_it_is_gone(
    studio: Studio,
) -> None:
    drawn = studio.posts.keep(png(canvas()))
    studio.posts.trouble = [Busy("The storage fails.")]
    async with studio.working("one"):
        await studio.until(await studio.ask(**ROOM, canvas=drawn), "completed")
        for name in ("canvas", "mask"):
            ended = await studio.until(await studio.ask(**ROOM, **{name: "0" * 64}), "failed")
            assert ended["error"]["code"] == "drawing_gone"
            assert ended["error"]["message"] == "What was painted in the room is no longer kept; have it made again."
    assert len(studio.quick.jobs) == 1


async def test_members_of_the_room_follow_it_and_nobody_else_does(studio: Studio) -> None:
    id = await studio.ask(**ROOM)
    for number, sees in ((1, True), (2, True), (3, False)):
        assert await studio.generations.visible(id, user(number)) is sees
    assert not await studio.generations.visible(id)
    told = (await studio.generations.get(id, user(2)))["generation"]
    assert told["room"] == KnownRooms.room
    with pytest.raises(NotFound):
        await studio.generations.get(id, user(3))
    with pytest.raises(Forbidden):
        await studio.generations.cancel(id, user(2))
    with pytest.raises(NotFound):
        await studio.generations.cancel(id, user(3))
    assert await studio.generations.states([id]) == [], "no feed shows it"
    assert [entry.type for entry in await studio.outbox()] == ["generation.queued"]
    await studio.generations.cancel(id, user(1))
    ended = (await studio.outbox())[-1]
    assert (ended.type, ended.data["room"], ended.data["state"]) == ("generation.ended", KnownRooms.room, "cancelled")


async def test_the_names_of_the_drafts_are_nobodys_business(studio: Studio) -> None:
    drawn, masked = studio.posts.keep(png(canvas())), studio.posts.keep(png(mask()))
    async with studio.working("one"):
        id = await studio.ask(**ROOM, canvas=drawn, mask=masked)
        await studio.until(id, "completed")
    said = str(await studio.told(id)) + str(await studio.state(id)) + str(await studio.events(f"generation:{id}"))
    assert KnownRooms.room in said
    assert drawn not in said
    assert masked not in said


async def test_a_finished_picture_of_a_room_says_how_it_was_made(studio: Studio) -> None:
    studio.posts.file = png(canvas())
    id = await studio.ask("a fox", **ROOM, seed=5, mask=studio.posts.keep(png(mask())), key="k")
    assert await studio.generations.begun(user(1).id, "k") == id
    assert await studio.generations.begun(user(1).id, "another") is None
    assert await studio.generations.begun(user(2).id, "k") is None
    async with studio.working("one"):
        media = (await studio.until(id, "completed"))["media"]
    record = await studio.generations.record(id)
    assert record is not None
    assert (record.media, record.document["room"], record.document["seed"]) == (media, KnownRooms.room, 5)
    assert studio.generations.made(record) == {
        "digital_source_type": "http://cv.iptc.org/newscodes/digitalsourcetype/composite",
        "generator": {"name": "quick", "title": "Quick"},
    }
    assert await studio.generations.record("nothing") is None
    studio.generations._generators = Generators([Illustrator()])
    assert studio.generations.made(record) is None


async def test_a_room_goes_on_when_the_parent_is_deleted_and_a_remix_does_not(studio: Studio) -> None:
    studio.posts.deleted = True
    with pytest.raises(NotFound):
        await studio.ask(parent=KnownPosts.parent)
    async with studio.working("one"):
        id = await studio.ask(**ROOM, mask=studio.posts.keep(png(mask())))
        await studio.until(id, "completed")
    [job] = studio.quick.jobs
    assert (job.parent, job.parent_image, job.mask) == (KnownPosts.parent, None, None)


@pytest.mark.parametrize(
    "asked",
    [
        {"room": KnownRooms.room},
        {"mask": "0" * 64},
        {"canvas": "0" * 63},
        {"canvas": "A" * 64},
        {"canvas": "0" * 64, "mask": "../" * 21 + "0"},
        {"canvas": 7},
    ],
    ids=str,
)
async def test_what_does_not_go_together_is_refused(studio: Studio, asked: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        await studio.ask(**asked)


async def test_the_same_key_with_another_drawing_is_another_request(studio: Studio) -> None:
    one, other = studio.posts.keep(b"one"), studio.posts.keep(b"other")
    first = await studio.ask(**ROOM, canvas=one, key="k")
    assert await studio.ask(**ROOM, canvas=one, key="k") == first
    with pytest.raises(KeyReused):
        await studio.ask(**ROOM, canvas=other, key="k")


async def test_from_strokes_to_the_stored_picture(tmp_path: Path) -> None:
    """With everything that the server and its workers are made of, and the real illustrator."""
    strokes = [
        Stroke(Kind.BRUSH, (200, 30, 30), 1500, ((10_000, 8_000, 255), (55_000, 8_000, 255))).packed,
        Stroke(Kind.MASK, (0, 0, 0), 4000, ((20_000, 40_000, 255), (32_000, 45_000, 255))).packed,
    ]
    async with open_store(tmp_path) as (store, url):
        config = Config(redis_url=url, data=tmp_path / "data", drain_s=0.0)
        async with furnish(config, store) as services, asyncio.TaskGroup() as group:
            author = await services.identity.create_guest("127.0.0.1")
            parent = await services.pictures.add(png(Image.linear_gradient("L").convert("RGB")))
            drawn = await asyncio.to_thread(
                render, await services.pictures.original(parent.sha256), (320, 256), strokes
            )
            assert drawn.image is not None
            assert drawn.mask is not None
            stop = asyncio.Event()
            carrying = group.create_task(Carrier(store, services.queue, shards=config.shards, consumer="test").run())
            working = group.create_task(work(config, stop))
            made = await services.generations.create(
                author.user, prompt="a red fox", width=320, height=256, steps=4, strength=1.0, publish=False,
                room="01m000000000000000000r", canvas=await services.drafts.add(drawn.image),
                mask=await services.drafts.add(drawn.mask),
            )  # fmt: skip

            async def finished() -> Mapping[str, Any] | None:
                record = await services.generations.record(made["id"])
                return None if record is None else record.media

            media = await eventually(finished)
            file = await services.pictures.original(media["sha256"])
            stop.set()
            await working
            carrying.cancel()
    away = np.asarray(Image.open(io.BytesIO(drawn.mask))) == 0
    before = np.asarray(Image.open(io.BytesIO(drawn.image)), float)
    after = np.asarray(read_webp(file), float)
    assert np.abs(after - before)[away].mean() < 6, "what WebP loses, and no more"
    assert np.abs(after - before)[~away].mean() > 20
    told = said(read_metadata(file))
    assert told is not None
    assert told["digital_source_type"].endswith("/composite")
