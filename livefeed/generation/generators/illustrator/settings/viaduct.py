"""A viaduct: stone arches that lead over whatever place they are set in."""

from __future__ import annotations

from ..pixels import Colour, blend_colour, scaled
from ..stage import Draw, Stage, rgba
from .forms import SNOW

DECK, FOOT = 0.60, 0.83
"""Where the deck is and where the piers stand (fractions of the height)."""
STONE: Colour = (0.74, 0.66, 0.57)
NEAR = 0.58
"""How large subjects are shown up there."""


def lead_over(stage: Stage) -> None:
    """Build arches from side to side of a place that is painted already, and let the subjects stand on them."""
    stage.ground = stage.back = DECK
    stage.span, stage.near, stage.water, stage.shallows = (0.06, 0.94), NEAR, None, None
    stone = stage.lit(STONE, 0.12)
    top, foot = DECK * stage.height, FOOT * stage.height
    wide = 0.235 * stage.unit
    count = int(stage.width / wide) + 2
    first = (stage.width - count * wide) / 2

    def draw(pen: Draw) -> None:
        pen.rectangle((0, top, stage.width, foot), rgba(stone))
        masonry(pen, stage, stone, top, foot)
        for index in range(count):
            arch(pen, stage, stone, first + (index + 0.5) * wide, 0.40 * wide, top + 0.055 * stage.unit, foot)
        cap = stage.lit(SNOW if stage.snowy else scaled(STONE, 1.15), 0.05)
        pen.rectangle((0, top - 0.006 * stage.unit, stage.width, top + 0.018 * stage.unit), rgba(cap))
        shade = scaled(stone, 0.62)
        pen.rectangle((0, top + 0.018 * stage.unit, stage.width, top + 0.028 * stage.unit), rgba(shade))

    alpha = stage.overlay(draw, blur=0.0012 * stage.unit)
    stage.attend(alpha, 0.5)


def masonry(pen: Draw, stage: Stage, stone: Colour, top: float, foot: float) -> None:
    """Draw courses of stones of slightly different tones between two heights (pixels)."""
    random = stage.random("masonry")
    tall = 0.022 * stage.unit
    y = top
    while y < foot:
        x = -0.05 * stage.unit * float(random.random())
        shade = 1.0 - 0.22 * (y - top) / (foot - top)
        while x < stage.width:
            long = (0.03 + 0.03 * float(random.random())) * stage.unit
            tone = scaled(stone, shade * (0.88 + 0.20 * float(random.random())))
            pen.rectangle((x, y, x + long - 1, y + tall - 1), rgba(tone))
            x += long
        y += tall


def arch(pen: Draw, stage: Stage, stone: Colour, x: float, half: float, top: float, foot: float) -> None:
    """Cut an arch around x, open below; all in pixels: half its width, where it is highest, where it ends."""
    rim = 0.010 * stage.unit
    ring = blend_colour(scaled(stone, 1.12), stage.light.key, 0.12)
    inner = scaled(stone, 0.55)
    side = stage.lampward
    for reach, colour in ((half + rim, rgba(ring)), (half, rgba(inner))):
        pen.pieslice(
            (x - reach, top - (reach - half), x + reach, top + 2 * half + (reach - half)), 180, 360, fill=colour
        )
        pen.rectangle((x - reach, top + half, x + reach, foot + 2), fill=colour)
    shift, clear = side * 0.16 * half, (0, 0, 0, 0)
    left, right = max(x - half, x - half + shift), min(x + half, x + half + shift)
    pen.pieslice((left, top + 2, right, top + 2 * half), 180, 360, fill=clear)
    pen.rectangle((left, top + half, right, foot + 2), fill=clear)
