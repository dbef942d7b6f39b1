"""The picture that a link to us is shown with: 1200 × 630, paintings on the wall, their title beside them. [pure]

Source: docs/link-previews.md; the look is that of web/styles/tokens.css at night.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont

WIDTH: Final = 1200
HEIGHT: Final = 630
QUALITY: Final = 88
WALL, INK, INK_2, UNPAINTED = "#161716", "#f3f3f0", "#bbbcb7", "#3a3b39"
MARGIN, GUTTER = 56, 52
PICTURE_WIDTH, PICTURE_HEIGHT = 640, HEIGHT - 2 * MARGIN
TITLE_SIZES = (76, 64, 54, 46, 40)
TITLE_LINES = 6
LINE = 1.12
"""Height of a title's line, in sizes."""
TITLE_CHARACTERS = 220
TITLE_FONT, TEXT_FONT = "newsreader-italic.woff2", "figtree.woff2"
SEMIBOLD = 600
SCALE = 4
"""Brush marks lean; they are drawn so much larger and made smaller, so that their edges are smooth."""

Font = ImageFont.FreeTypeFont


@dataclass(frozen=True, slots=True)
class Fonts:
    """Where the two typefaces lie, as the page's build leaves them. Without them a card has no words."""

    folder: Path

    def title(self, size: int) -> Font | None:
        return _font(self.folder / TITLE_FONT, size)

    def text(self, size: int) -> Font | None:
        return _font(self.folder / TEXT_FONT, size, SEMIBOLD)


def post_card(picture: Image.Image, title: str, handle: str, palette: Sequence[str], fonts: Fonts) -> bytes:
    """Return a post's card as JPEG. title, handle: left out where the typeface cannot write them."""
    card = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    hung = _within(picture, PICTURE_WIDTH, PICTURE_HEIGHT)
    card.paste(hung, (MARGIN, (HEIGHT - hung.height) // 2))
    left = MARGIN + hung.width + GUTTER
    _signature(card, left, fonts, palette)
    _words(card, left, title, handle, fonts)
    return _jpeg(card)


def wall_card(pictures: Sequence[Image.Image], name: str, palette: Sequence[str], fonts: Fonts) -> bytes:
    """Return a feed's card as JPEG: up to three of its pictures in a row, its name under them."""
    card = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    column = (WIDTH - 2 * MARGIN - 2 * 20) // 3
    for place in range(3):
        at = (MARGIN + place * (column + 20), MARGIN)
        if place < len(pictures):
            card.paste(_filling(pictures[place], column, 400), at)
        else:
            ImageDraw.Draw(card).rectangle((*at, at[0] + column, at[1] + 400), fill="#1f201f")
    draw, foot = ImageDraw.Draw(card), HEIGHT - MARGIN
    signed = _signature(card, WIDTH - MARGIN, fonts, palette, from_right=True)
    found = _fitting(name, WIDTH - 2 * MARGIN - signed - GUTTER, 1, fonts)
    if found is not None:
        font, lines = found
        draw.text((MARGIN, foot), lines[0], font=font, fill=INK, anchor="ls")
    return _jpeg(card)


def _words(card: Image.Image, left: int, title: str, handle: str, fonts: Fonts) -> None:
    """Write the title and whose it is beside the picture; both begin at its upper edge's height."""
    draw, y = ImageDraw.Draw(card), float(MARGIN - 8)
    found = _fitting(title, WIDTH - MARGIN - left, TITLE_LINES, fonts)
    if found is not None:
        font, lines = found
        for line in lines:
            draw.text((left, y + font.size), line, font=font, fill=INK, anchor="ls")
            y += font.size * LINE
        y += 26
    text = fonts.text(30)
    if text is not None and can_write(text, handle):
        draw.text((left, y + 30), _cut(f"by {handle}", text, WIDTH - MARGIN - left), font=text, fill=INK_2, anchor="ls")


def _signature(card: Image.Image, x: int, fonts: Fonts, palette: Sequence[str], *, from_right: bool = False) -> int:
    """Put the mark and our name at the foot, beginning (or ending) at `x`; return how wide they are."""
    text, foot = fonts.text(30), HEIGHT - MARGIN
    dabs = mark(40, palette)
    wide = dabs.width + (14 + int(text.getlength("livefeed")) if text is not None else 0)
    left = x - wide if from_right else x
    card.paste(dabs, (left, foot - dabs.height + 4), dabs)
    if text is not None:
        ImageDraw.Draw(card).text((left + dabs.width + 14, foot), "livefeed", font=text, fill=INK, anchor="ls")
    return wide


def mark(height: int, palette: Sequence[str]) -> Image.Image:
    """Return the three leaning dabs, in a picture's colours where they stand out from the wall."""
    colours = [colour for colour in palette if _stands_out(colour)] or [INK]
    three = [colours[round(place * (len(colours) - 1) / 2)] for place in range(3)]
    unit = height * SCALE / 23
    large = Image.new("RGBA", (round(31 * unit), height * SCALE), (0, 0, 0, 0))
    draw, lean = ImageDraw.Draw(large), 0.364
    for place, (tall, colour) in enumerate(zip((11, 17, 23), three, strict=True)):
        x, top, bottom = place * 8 * unit, (23 - tall) * unit, 23 * unit
        corners = [
            (x + lean * (bottom - top), top),
            (x + 6 * unit + lean * (bottom - top), top),
            (x + 6 * unit, bottom),
            (x, bottom),
        ]
        draw.polygon(corners, fill=colour)
    return large.resize((large.width // SCALE, height), Image.Resampling.LANCZOS)


def _stands_out(colour: str) -> bool:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 70


def _fitting(title: str, width: float, most: int, fonts: Fonts) -> tuple[Font, list[str]] | None:
    """Return the largest font in which a title has no more than `most` lines, and these; the last one may be cut."""
    title = " ".join(title[:TITLE_CHARACTERS].split())
    font = fonts.title(TITLE_SIZES[0])
    if not title or font is None or not can_write(font, title):
        return None
    lines: list[str] = []
    for size in TITLE_SIZES:
        font = fonts.title(size)
        assert font is not None
        lines = _lines(title, font, width)
        if len(lines) <= most and all(font.getlength(line) <= width for line in lines):
            return font, lines
    if len(lines) > most:
        lines = [*lines[: most - 1], " ".join(lines[most - 1 :])]
    return font, [_cut(line, font, width) for line in lines]


def _lines(text: str, font: Font, width: float) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _cut(text: str, font: Font, width: float) -> str:
    """Return a text that is no wider, with an ellipsis where something is left out."""
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1].rstrip(" ,.;:")
    return f"{text}…"


def can_write(font: Font, text: str) -> bool:
    """Tell whether a font has every letter of a text: one that it lacks would be an empty box."""
    lacking = bytes(font.getmask("\uffff"))
    return bool(text.strip()) and all(mark.isspace() or bytes(font.getmask(mark)) != lacking for mark in set(text))


@lru_cache(maxsize=32)
def _font(path: Path, size: int, weight: int | None = None) -> Font | None:
    """Return a font; None where it is not there, or this FreeType cannot read it (WOFF2 needs Brotli)."""
    try:
        font = ImageFont.truetype(path, size)
        if weight is not None:
            font.set_variation_by_axes([weight])
    except (OSError, RuntimeError):
        return None
    return font


def _within(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return a picture as large as it can be in a place."""
    scale = min(width / picture.width, height / picture.height)
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _filling(picture: Image.Image, width: int, height: int) -> Image.Image:
    """Return the middle of a picture, so that it fills a place."""
    scale = max(width / picture.width, height / picture.height)
    across, down = width / scale, height / scale
    left, top = (picture.width - across) / 2, (picture.height - down) / 2
    return picture.resize((width, height), Image.Resampling.LANCZOS, box=(left, top, left + across, top + down))


def _jpeg(card: Image.Image) -> bytes:
    out = io.BytesIO()
    card.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()
