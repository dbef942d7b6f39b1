"""The pictures that links are shown with: of one size, whatever is on them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageFont

from livefeed.media.card import TEXT_FONT, TITLE_FONT, Fonts, can_write, mark, post_card, wall_card

FONTS = Path(__file__).resolve().parents[3] / "web" / "fonts"
PALETTE = ("#31445c", "#e8b04a", "#9ab8c8", "#c45a3c", "#efe4d0", "#4c6a3c")


@pytest.fixture(scope="module")
def fonts(tmp_path_factory: pytest.TempPathFactory) -> Fonts:
    folder = tmp_path_factory.mktemp("fonts")
    for name, source in ((TITLE_FONT, "newsreader-italic-420"), (TEXT_FONT, "figtree-400-700")):
        (folder / name).write_bytes((FONTS / f"{source}.woff2").read_bytes())
    return Fonts(folder)


def opened(card: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(card))
    image.load()
    assert (image.size, image.format) == ((1200, 630), "JPEG")
    return image


@pytest.mark.parametrize("size", [(1, 1), (2048, 16), (16, 2048), (768, 512)])
@pytest.mark.parametrize("title", ["", "A fox", "word " * 60, "x" * 300])
def test_every_picture_and_every_title_have_a_card(fonts: Fonts, size: tuple[int, int], title: str) -> None:
    image = opened(post_card(Image.new("RGB", size, "#c45a3c"), title, "slow-heron", PALETTE, fonts))
    edges = [image.getpixel(at) for at in ((3, 3), (1196, 3), (3, 626), (1196, 626))]
    assert all(max(edge) < 40 for edge in edges if isinstance(edge, tuple)), "nothing runs off the wall"


def test_a_title_stands_beside_its_picture_if_the_typeface_can_write_it(fonts: Fonts) -> None:
    def words(title: str) -> int:
        image = opened(post_card(Image.new("RGB", (518, 518), "black"), title, "", PALETTE, fonts)).convert("L")
        return int(image.crop((600, 40, 1190, 500)).getextrema()[1])

    assert words("A fox") > 200
    assert words("雪の中の狐") < 60
    assert words("fox 🦊") < 60


def test_a_wall_has_three_places_however_many_pictures_there_are(fonts: Fonts) -> None:
    for number in range(4):
        opened(wall_card([Image.new("RGB", (64, 96), "red")] * number, "#foxes", PALETTE, fonts))


def test_without_typefaces_a_card_has_no_words(tmp_path: Path) -> None:
    image = opened(post_card(Image.new("RGB", (518, 518), "black"), "A fox", "slow-heron", PALETTE, Fonts(tmp_path)))
    assert image.convert("L").crop((640, 40, 1190, 500)).getextrema()[1] < 60


def test_what_a_font_lacks_is_known(fonts: Fonts) -> None:
    font = fonts.title(40)
    assert isinstance(font, ImageFont.FreeTypeFont)
    assert can_write(font, "Éclair – “naïve”")
    assert not can_write(font, "ثعلب")
    assert not can_write(font, " ")


def test_the_mark_takes_the_colours_that_stand_out() -> None:
    dabs = mark(40, ("#000000", "#e8b04a"))
    colours = {colour[:3] for _, colour in dabs.getcolors(10_000) or [] if colour[3] == 255}
    assert (0, 0, 0) not in colours
    assert (0xE8, 0xB0, 0x4A) in colours
