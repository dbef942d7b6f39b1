"""What the composition root puts between the packages: a worker's finished pictures on their way to the folder."""

from __future__ import annotations

import asyncio
import gc
from typing import Any, cast

import pytest
from PIL import Image

from livefeed import composition
from livefeed.composition import Canvases
from livefeed.errors import Busy
from livefeed.making import Making
from livefeed.media import Media, Pictures

MAKING = cast(Making, None)


class BusyPictures:
    """A folder that is busy so many times. given: what came, refused or not."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.given: list[bytes] = []

    async def add(self, data: bytes, making: Making) -> Media:
        self.given.append(data)
        if len(self.given) <= self.times:
            raise Busy("The disk is busy; try again in a moment.")
        return Media("0" * 64, 8, 8, "", ())


@pytest.fixture
def encoded(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every picture that is encoded."""
    colours: list[Any] = []
    encode = composition._png

    def counted(image: Image.Image) -> bytes:
        colours.append(image.getpixel((0, 0)))
        return encode(image)

    monkeypatch.setattr(composition, "_png", counted)
    return colours


async def add(canvases: Canvases, image: Image.Image) -> None:
    try:
        await canvases.add_image(image, MAKING)
    except Busy:
        await asyncio.sleep(0)


async def test_a_picture_that_is_refused_again_and_again_is_encoded_once(encoded: list[Any]) -> None:
    pictures = BusyPictures(3)
    canvases, image = Canvases(cast(Pictures, pictures)), Image.new("RGB", (8, 8), "navy")
    for _ in range(4):
        await add(canvases, image)
    assert len(pictures.given) == 4
    assert len(set(pictures.given)) == 1
    assert encoded == [(0, 0, 128)]


async def test_two_refused_pictures_are_not_taken_for_each_other_nor_kept_when_they_are_gone(
    encoded: list[Any],
) -> None:
    pictures = BusyPictures(4)
    canvases = Canvases(cast(Pictures, pictures))
    images = [Image.new("RGB", (8, 8), colour) for colour in ("navy", "white")]
    for image in (*images, *images):
        await add(canvases, image)
    assert pictures.given[:2] == pictures.given[2:]
    assert pictures.given[0] != pictures.given[1]
    assert len(encoded) == len(canvases._refused) == 2
    del image, images[:]
    gc.collect()
    assert canvases._refused == {}
