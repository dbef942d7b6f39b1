"""A masked picture lies in the server's whole, and what comes back lies on it again."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageStat

from livefeed.generation.generators.openai.framing import Framing

SERVER = (1536, 1024)


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def opened(file: tuple[str, bytes, str]) -> Image.Image:
    name, data, kind = file
    assert (name.endswith(".png"), kind) == (True, "image/png")
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize(
    ("picture", "box"),
    [
        ((768, 512), (0, 0, 1536, 1024)),
        ((1000, 600), (0, 51, 1536, 973)),
        ((640, 512), (128, 0, 1408, 1024)),
    ],
)
def test_nothing_of_the_picture_is_cut_off(picture: tuple[int, int], box: tuple[int, int, int, int]) -> None:
    framing = Framing.of(picture, SERVER)
    assert framing.box == box
    canvas = opened(framing.canvas(png(Image.new("RGB", picture, "teal"))))
    assert (canvas.mode, canvas.size) == ("RGB", SERVER)
    assert canvas.getextrema() == ((0, 0), (128, 128), (128, 128)), "the colours of its edge go on around it"


@pytest.mark.parametrize("picture", [(768, 512), (1000, 600), (640, 512), (264, 256)])
def test_what_the_server_leaves_alone_comes_back_to_its_place(picture: tuple[int, int]) -> None:
    framing = Framing.of(picture, SERVER)
    image = Image.linear_gradient("L").resize(picture).convert("RGB")
    ImageDraw.Draw(image).ellipse((60, 60, 180, 180), fill="red")
    back = framing.picture_of(framing.canvas(png(image))[1])
    assert back.size == picture
    assert max(ImageStat.Stat(ImageChops.difference(back, image)).mean) < 2


def test_the_mask_is_transparent_where_it_is_repainted_and_nowhere_else() -> None:
    mask = Image.new("L", (640, 512))
    ImageDraw.Draw(mask).rectangle((320, 0, 639, 511), fill=255)
    mask.paste(1, (310, 0, 320, 512))
    alpha = opened(Framing.of(mask.size, SERVER).mask(png(mask))).getchannel("A")
    assert alpha.size == SERVER
    assert {level for _, level in alpha.getcolors() or ()} == {0, 255}, (
        "servers take what lies between for one or the other"
    )
    assert alpha.crop((0, 0, 128, 1024)).getextrema() == (255, 255), "what is not of the picture stays"
    assert alpha.crop((128, 0, 740, 1024)).getextrema() == (255, 255)
    assert alpha.crop((752, 0, 1408, 1024)).getextrema() == (0, 0)
    assert alpha.crop((1408, 0, 1536, 1024)).getextrema() == (255, 255)


def test_the_answer_may_have_any_size() -> None:
    framing = Framing.of((640, 512), SERVER)
    assert framing.picture_of(png(Image.new("RGB", (768, 512), "red"))).size == (640, 512)


def test_files_that_cannot_be_read_are_told() -> None:
    framing = Framing.of((640, 512), SERVER)
    for read in (framing.canvas, framing.mask, framing.picture_of):
        with pytest.raises(ValueError, match="cannot be read"):
            read(b"no picture")
