"""On the stage of a theatre."""

from __future__ import annotations

import math

from ..asked import Asked
from ..pixels import hue_colour, scaled
from ..stage import Draw, Stage, rgba
from .forms import box, dot
from .home import BRASS
from .inside import lamplight, planks


def theatre(stage: Stage, asked: Asked) -> None:
    """The boards between red curtains, spotlights from above, footlights, a painted backdrop."""
    stage.ground, stage.back, stage.span = 0.84, 0.72, (0.20, 0.80)
    lamplight(stage)
    stage.picture[:] = stage.lit((0.14, 0.07, 0.10))
    random = stage.random("theatre")
    hue = random.random()
    backdrop(stage, hue)
    planks(stage, 0.64, (0.62, 0.42, 0.26), name="boards")
    for x, lean in ((0.30, 0.10), (0.72, -0.12)):
        spotlight(stage, x, lean)
    curtain(stage)
    stage.foreground.append(lambda: footlights(stage))
    stage.lamp = (0.34, 0.02)


def backdrop(stage: Stage, hue: float) -> None:
    """Hang a painted cloth behind the boards: sky, hills, a sun of gold paper with rays."""

    def draw(pen: Draw) -> None:
        width, height = stage.width, stage.height
        for row in range(16):
            box(
                pen,
                0,
                0.64 * height * row / 16,
                width,
                0.64 * height * (row + 1) / 16 + 1,
                stage.lit(hue_colour(0.58 + 0.05 * hue, 0.62 - 0.028 * row, 0.52 + 0.026 * row)),
            )
        cx, cy, size = 0.5 * width, 0.36 * height, 0.10 * stage.unit
        for i in range(20):
            angle = 2 * math.pi * i / 20
            pen.polygon(
                [
                    (cx + math.cos(angle - 0.08) * size * 1.1, cy + math.sin(angle - 0.08) * size * 1.1),
                    (
                        cx + math.cos(angle) * size * (2.0 if i % 2 else 1.6),
                        cy + math.sin(angle) * size * (2.0 if i % 2 else 1.6),
                    ),
                    (cx + math.cos(angle + 0.08) * size * 1.1, cy + math.sin(angle + 0.08) * size * 1.1),
                ],
                rgba(stage.lit((0.98, 0.80, 0.34))),
            )
        dot(pen, cx, cy, size, size, stage.lit((1.0, 0.86, 0.44)))
        for layer, tone in ((0, 0.74), (1, 0.56)):
            shift = 0.11 * layer
            hills = [
                (width * i / 24, (0.50 + shift + 0.035 * math.sin(i * 0.9 + layer * 2.0 + hue * 6)) * height)
                for i in range(25)
            ]
            pen.polygon(
                [(0, 0.64 * height), *hills, (width, 0.64 * height)],
                rgba(stage.lit(hue_colour(0.33 + 0.06 * layer, 0.46, tone))),
            )
        for x, y in ((0.24, 0.20), (0.74, 0.16)):
            for dx, size in ((-0.05, 0.03), (0.0, 0.042), (0.05, 0.03)):
                dot(
                    pen,
                    (x + dx) * width,
                    y * height,
                    size * stage.unit,
                    size * 0.7 * stage.unit,
                    stage.lit((0.97, 0.97, 0.98)),
                )

    stage.overlay(draw, blur=0.7)


def spotlight(stage: Stage, x: float, lean: float) -> None:
    """Throw a cone of light onto the boards."""

    def draw(pen: Draw) -> None:
        top, foot = x * stage.width, (x + lean * 1.4) * stage.width
        half = 0.20 * stage.unit
        pen.polygon(
            [(top - 6, -4), (top + 6, -4), (foot + half, 0.85 * stage.height), (foot - half, 0.85 * stage.height)],
            rgba((1.0, 0.95, 0.78), 0.20),
        )
        dot(pen, foot, 0.85 * stage.height, half, half * 0.22, (1.0, 0.95, 0.80), 0.38)

    stage.overlay(draw, blur=stage.unit * 0.012)


def curtain(stage: Stage) -> None:
    """Draw the red curtains aside, a valance with gold fringe above."""
    red, gold = stage.lit((0.70, 0.10, 0.13)), stage.lit(BRASS)

    def draw(pen: Draw) -> None:
        width, height = stage.width, stage.height
        for side in (-1, 1):
            count = 9
            for fold in range(count):
                top0, top1 = 0.5 + side * (0.54 - 0.030 * fold), 0.5 + side * (0.54 - 0.030 * (fold + 1))
                tied = 0.5 + side * (0.52 - 0.014 * fold), 0.5 + side * (0.52 - 0.014 * (fold + 1))
                low = 0.5 + side * (0.54 - 0.020 * fold), 0.5 + side * (0.54 - 0.020 * (fold + 1))
                shade = scaled(red, 0.60 + 0.62 * abs(math.sin(fold * 1.57 + 0.5)))
                pen.polygon(
                    [
                        (top0 * width, 0),
                        (top1 * width, 0),
                        (tied[1] * width, 0.56 * height),
                        (low[1] * width, 0.86 * height),
                        (low[0] * width, 0.86 * height),
                        (tied[0] * width, 0.56 * height),
                    ],
                    rgba(shade),
                )
            edge = sorted(((0.5 + side * 0.53) * width, (0.5 + side * 0.385) * width))
            box(pen, edge[0], 0.555 * height, edge[1], 0.58 * height, gold)
        count = 11
        for i in range(count):
            x0, x1 = width * i / count, width * (i + 1) / count
            shade = scaled(red, 0.84 + 0.24 * (i % 2))
            box(pen, x0, 0, x1, 0.07 * height, shade)
            pen.chord((x0, 0.02 * height, x1, 0.125 * height), 0, 180, fill=rgba(shade))
            pen.arc(
                (x0, 0.02 * height, x1, 0.125 * height), 0, 180, fill=rgba(gold), width=max(2, int(stage.unit * 0.008))
            )

    stage.attend(stage.overlay(draw, blur=0.5), 0.25)


def footlights(stage: Stage) -> None:
    """Set a row of shell-shaped footlights along the edge of the boards, the dark of the house before them."""
    lights = [(i + 0.5) / 9 for i in range(9)]

    def draw(pen: Draw) -> None:
        box(pen, 0, 0.915 * stage.height, stage.width, stage.height, stage.lit((0.22, 0.12, 0.10)))
        box(pen, 0, 0.905 * stage.height, stage.width, 0.925 * stage.height, stage.lit(BRASS))
        for x in lights:
            cx, cy, size = x * stage.width, 0.908 * stage.height, 0.026 * stage.unit
            dot(pen, cx, cy - size * 0.4, size * 0.6, size * 0.6, (1.0, 0.92, 0.62))
            pen.chord((cx - size, cy - size, cx + size, cy + size), 0, 180, fill=rgba(stage.lit(scaled(BRASS, 0.8))))

    stage.overlay(draw, blur=0.4)
    for x in lights:
        stage.glow(x, 0.895, 0.05, (1.0, 0.84, 0.50), 0.40)
