"""What is kept is kept to the pixel; what is repainted meets it softly."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import numpy as np
import pytest
from PIL import Image, ImageDraw

from livefeed.generation.generator import Picture, Progress
from livefeed.generation.inpainting import Kept, feathered, keeping, kept_of, mask_of
from livefeed.generation.job import Job

SIZE = (400, 300)


def drawn(*boxes: tuple[int, int, int, int]) -> Image.Image:
    mask = Image.new("L", SIZE)
    for box in boxes:
        ImageDraw.Draw(mask).rectangle(box, fill=255)
    return mask


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def noise(seed: int) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 255, (300, 400, 3), np.uint8))


def job(**more: object) -> Job:
    usual = {"id": "a", "prompt": "b", "width": 400, "height": 300, "seed": 0, "steps": 4, "generator": "any"}
    return Job(**(usual | more))  # type: ignore[arg-type]


def test_nothing_shows_where_the_mask_is_black_and_all_of_it_in_the_middle():
    mask = drawn((100, 100, 299, 199))
    share = np.asarray(feathered(mask))
    assert not share[np.asarray(mask) == 0].any()
    assert (share[104:196, 104:296] == 255).all()


def test_the_edge_rises_inside_the_mask_over_a_few_pixels():
    across = np.asarray(feathered(drawn((100, 100, 299, 199))))[150, 98:106].astype(int)
    assert across[:2].tolist() == [0, 0]
    assert 0 < across[2] < 255
    assert (np.diff(across) >= 0).all()
    assert across[-1] == 255


@pytest.mark.parametrize("width", [1, 2, 3, 5])
def test_a_line_that_is_thinner_than_two_edges_shows_wholly_in_its_middle(width: int):
    share = np.asarray(feathered(drawn((100, 100, 299, 99 + width))))
    assert share[100 + width // 2, 200] == 255


def test_a_grey_mask_shows_no_more_than_it_says():
    mask = Image.new("L", SIZE, 100)
    assert np.asarray(feathered(mask)).max() == 100


def test_a_mask_that_reaches_the_frame_has_no_edge_there():
    share = np.asarray(feathered(drawn((0, 0, 399, 149))))
    assert (share[0] == 255).all()
    assert (share[:100, 0] == 255).all()


@pytest.mark.parametrize("size", [SIZE, (200, 150), (800, 600), (640, 480)])
def test_outside_the_mask_the_canvas_stays_whatever_size_comes(size: tuple[int, int]):
    canvas, mask = noise(1), drawn((50, 60, 200, 180))
    made = Kept(canvas, mask).over(noise(2).resize(size))
    outside = np.asarray(mask) == 0
    assert made.size == SIZE
    assert (np.asarray(made)[outside] == np.asarray(canvas)[outside]).all()
    assert (np.asarray(made)[~outside] != np.asarray(canvas)[~outside]).any()


def test_the_middle_of_the_mask_is_the_pictures_own():
    picture = noise(2)
    made = Kept(noise(1), drawn((50, 60, 200, 180))).over(picture)
    assert made.crop((60, 70, 190, 170)).tobytes() == picture.crop((60, 70, 190, 170)).tobytes()


def test_a_picture_that_has_kept_the_rest_is_not_softened_once_more():
    canvas, mask = noise(1), drawn((50, 60, 200, 180))
    picture = canvas.copy()
    picture.paste("red", (50, 60, 201, 181))
    assert Kept(canvas, mask).over(picture) is picture


def test_without_a_mask_or_a_canvas_nothing_is_kept():
    assert kept_of(job(mask=png(drawn()))) is None
    assert kept_of(job(parent_image=png(noise(1)))) is None


def test_a_mask_of_another_size_is_stretched_and_one_in_colours_is_read_as_grey():
    mask = mask_of(png(drawn((0, 0, 199, 299)).convert("RGB")), 40, 30)
    assert (mask.mode, mask.size) == ("L", (40, 30))
    assert mask.getpixel((5, 5)) == 255
    assert mask.getpixel((35, 5)) == 0


def test_a_mask_that_cannot_be_read_is_told():
    with pytest.raises(ValueError, match="mask of 7 bytes"):
        mask_of(b"no mask", 40, 30)


async def test_previews_and_picture_are_laid_on_the_canvas_and_the_generator_is_closed_with_its_user():
    """Previews come in sizes of their own; a step without one stays without one."""
    canvas, mask, closed = noise(1), drawn((50, 60, 200, 180)), []

    async def paint() -> AsyncIterator[Progress | Picture]:
        try:
            yield Progress(1, 3, noise(2).resize((50, 38)))
            yield Progress(2, 3)
            yield Picture(noise(3))
        finally:
            closed.append(True)

    asked = job(parent_image=png(canvas), mask=png(mask))
    items = [item async for item in keeping(asked, paint())]
    assert [type(item) for item in items] == [Progress, Progress, Picture]
    assert items[1] == Progress(2, 3)
    outside = np.asarray(mask) == 0
    for item in (items[0], items[2]):
        assert item.image is not None
        assert (np.asarray(item.image)[outside] == np.asarray(canvas)[outside]).all()
    half = keeping(asked, paint())
    await anext(half)
    assert len(closed) == 1
    await half.aclose()
    assert len(closed) == 2


async def test_without_a_mask_every_item_passes_as_it_is_also_from_what_is_no_generator():
    class Plain:
        def __init__(self) -> None:
            self.left = [Progress(1, 2, noise(1)), Picture(noise(2))]

        def __aiter__(self) -> Plain:
            return self

        async def __anext__(self) -> Progress | Picture:
            if not self.left:
                raise StopAsyncIteration
            return self.left.pop(0)

    items = Plain()
    wanted = list(items.left)
    assert [item async for item in keeping(job(), items)] == wanted
