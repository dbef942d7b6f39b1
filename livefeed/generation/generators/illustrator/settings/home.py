"""At home: kitchen and bedroom."""

from __future__ import annotations

import math

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, hue_colour, scaled
from ..planting import plant
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .shell import FRONT_FLOOR, Shell, boarded, build, checkered, panes

BRASS: Colour = (0.86, 0.62, 0.28)


def kitchen(stage: Stage, asked: Asked) -> None:
    """Tiles, a stove, copper pans on their rail, shelves of jars, a window over the sink."""
    hue = stage.random("kitchen").random()
    shell = build(stage, hue_colour(hue, 0.18, 0.90), (0.80, 0.76, 0.70), (0.93, 0.91, 0.87), half=0.74)
    checkered(stage, shell, (0.93, 0.90, 0.84), hue_colour(hue + 0.05, 0.34, 0.58))
    width, high = shell.right - shell.left, shell.floor - shell.top
    panes(
        stage,
        shell,
        shell.left + width * 0.36,
        shell.top + high * 0.20,
        shell.left + width * 0.64,
        shell.top + high * 0.50,
        columns=2,
        rows=2,
    )
    counter(stage, shell, hue)
    pans(stage, shell)
    for x, label, tall in (
        (0.30, "pot of food", 0.09),
        (0.62, "teapot", 0.075),
        (0.72, "red apple", 0.04),
        (0.20, "jar", 0.07),
    ):
        place = (shell.left + width * (x - 0.05)) / stage.width
        plant(stage, label, place, (shell.floor - high * 0.265) / stage.height, tall, distance=0.08)
    hanging_lamp(stage, 0.5, 0.16, 0.12)


def counter(stage: Stage, shell: Shell, hue: float) -> None:
    """Build cupboards with a worktop along the back wall, a stove among them, tiles above."""
    width, high = shell.right - shell.left, shell.floor - shell.top

    def draw(pen: Draw) -> None:
        left, right, floor = shell.left, shell.right, shell.floor
        tile = stage.lit((0.94, 0.95, 0.94))
        for row in range(3):
            for i in range(22):
                x0 = left + width * i / 22
                tone = scaled(tile, 0.92 + 0.05 * ((i * 7 + row * 3) % 3))
                box(
                    pen,
                    x0 + 1,
                    floor - high * (0.31 + 0.06 * row + 0.05),
                    x0 + width / 22 - 1,
                    floor - high * (0.31 + 0.06 * row),
                    tone,
                )
        wood, top = stage.lit(hue_colour(hue + 0.48, 0.30, 0.66)), stage.lit((0.62, 0.42, 0.27))
        box(pen, left, floor - high * 0.27, right, floor, scaled(wood, 0.9))
        for i in range(6):
            x0, x1 = left + width * (i + 0.08) / 6, left + width * (i + 0.92) / 6
            if i == 4:
                oven(pen, stage, x0, x1, floor, high)
                continue
            box(pen, x0, floor - high * 0.235, x1, floor - high * 0.02, wood)
            box(pen, x0 + 3, floor - high * 0.22, x1 - 3, floor - high * 0.04, scaled(wood, 1.12))
            dot(pen, (x0 + x1) / 2, floor - high * 0.20, high * 0.012, high * 0.012, stage.lit(BRASS))
        box(pen, left, floor - high * 0.30, right, floor - high * 0.265, top)
        box(pen, left, floor - high * 0.275, right, floor - high * 0.262, scaled(top, 0.6))
        for shelf, (x0, x1) in ((0.62, (0.04, 0.30)), (0.62, (0.70, 0.96))):
            y = floor - high * shelf
            box(pen, left + width * x0, y, left + width * x1, y + high * 0.016, top)
            for i in range(5):
                cx, tall = left + width * (x0 + (x1 - x0) * (i + 0.5) / 5), high * (0.075 + 0.02 * ((i * 3) % 2))
                half = width * 0.017
                box(pen, cx - half, y - tall, cx + half, y, stage.lit(hue_colour(0.08 + 0.21 * i, 0.5, 0.8)))
                box(pen, cx - half * 0.9, y - tall - high * 0.016, cx + half * 0.9, y - tall, top)

    stage.attend(stage.overlay(draw, blur=0.4), 0.2)


def oven(pen: Draw, stage: Stage, x0: float, x1: float, floor: float, high: float) -> None:
    """Draw a range with its oven door and knobs."""
    iron = stage.lit((0.24, 0.25, 0.28))
    box(pen, x0 - 3, floor - high * 0.30, x1 + 3, floor, iron)
    box(pen, x0 + 3, floor - high * 0.19, x1 - 3, floor - high * 0.05, scaled(iron, 0.5))
    box(pen, x0 + 6, floor - high * 0.17, x1 - 6, floor - high * 0.07, (1.0, 0.62, 0.24), 0.75)
    for i in range(3):
        dot(
            pen,
            x0 + (x1 - x0) * (i + 1) / 4,
            floor - high * 0.235,
            high * 0.012,
            high * 0.012,
            stage.lit((0.8, 0.8, 0.82)),
        )
    for i in range(2):
        dot(
            pen,
            x0 + (x1 - x0) * (0.3 + 0.4 * i),
            floor - high * 0.305,
            (x1 - x0) * 0.16,
            high * 0.010,
            scaled(iron, 0.5),
        )


def pans(stage: Stage, shell: Shell) -> None:
    """Hang copper pans from a rail on the back wall."""
    width, high = shell.right - shell.left, shell.floor - shell.top

    def draw(pen: Draw) -> None:
        y = shell.top + high * 0.10
        box(
            pen,
            shell.left + width * 0.06,
            y,
            shell.right - width * 0.06,
            y + high * 0.010,
            stage.lit((0.3, 0.28, 0.28)),
        )
        for i, x in enumerate((0.10, 0.17, 0.25, 0.33, 0.68, 0.76, 0.84, 0.91)):
            cx, size = shell.left + width * x, width * (0.024 + 0.007 * (i % 3))
            copper = stage.lit((0.82, 0.46, 0.26) if i % 2 else (0.72, 0.74, 0.78))
            pen.line((cx, y, cx, y + high * 0.07), fill=rgba(scaled(copper, 0.6)), width=max(2, int(size * 0.22)))
            dot(pen, cx, y + high * 0.07 + size, size, size, scaled(copper, 0.8))
            dot(
                pen,
                cx + stage.lampward * size * 0.2,
                y + high * 0.07 + size * 0.9,
                size * 0.7,
                size * 0.7,
                scaled(copper, 1.15),
            )

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)


def hanging_lamp(stage: Stage, x: float, y: float, size: float) -> None:
    """Hang a shaded lamp from the ceiling, its bulb at (x, y); size: of the shorter side."""

    def draw(pen: Draw) -> None:
        cx, cy, half = x * stage.width, y * stage.height, size * stage.unit / 2
        pen.line((cx, 0, cx, cy - half * 0.7), fill=rgba(stage.lit((0.2, 0.18, 0.18))), width=max(1, int(half * 0.06)))
        pen.polygon(
            [
                (cx - half, cy),
                (cx + half, cy),
                (cx + half * 0.35, cy - half * 0.8),
                (cx - half * 0.35, cy - half * 0.8),
            ],
            rgba(stage.lit((0.24, 0.40, 0.38))),
        )
        dot(pen, cx, cy, half * 0.45, half * 0.2, (1.0, 0.92, 0.64))

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)
    stage.glow(x, y + 0.02, size * 0.7, (1.0, 0.86, 0.54), 0.7 if stage.dark else 0.3)
    stage.glow(x, y + 0.10, size * 3.0, (1.0, 0.76, 0.42), 0.26 if stage.dark else 0.10)


def bedroom(stage: Stage, asked: Asked) -> None:
    """A bed under a window with the moon or the morning in it, a night table, a rug, stars on strings."""
    hue = stage.random("bedroom").random()
    shell = build(stage, hue_colour(hue, 0.26, 0.80), (0.60, 0.42, 0.28), (0.92, 0.90, 0.87), half=0.72)
    boarded(stage, shell, (0.66, 0.46, 0.30))
    side = -1.0 if stage.random("bedside").random() < 0.5 else 1.0
    width, high = shell.right - shell.left, shell.floor - shell.top
    middle = (shell.left + shell.right) / 2
    panes(
        stage,
        shell,
        middle - width * 0.16 - side * width * 0.18,
        shell.top + high * 0.14,
        middle + width * 0.16 - side * width * 0.18,
        shell.top + high * 0.50,
        columns=2,
        rows=2,
    )
    if shell.outside.dark > 0.5:
        moon_in(stage, (middle - side * width * 0.12) / stage.width, (shell.top + high * 0.24) / stage.height)
    curtains(stage, shell, middle - side * width * 0.18, width * 0.19, hue + 0.5)
    bed(stage, shell, side, hue)
    night_table(stage, shell, side)
    mobile(stage, shell, 0.5 + side * 0.12)
    rug(stage, hue)


def moon_in(stage: Stage, x: float, y: float) -> None:
    """Hang a moon in the window."""
    radius = 0.026 * stage.unit
    stage.overlay(lambda pen: dot(pen, x * stage.width, y * stage.height, radius, radius, (0.98, 0.95, 0.80)), blur=0.5)
    stage.glow(x, y, 0.05, (0.95, 0.93, 0.80), 0.4)


def curtains(stage: Stage, shell: Shell, x: float, half: float, hue: float) -> None:
    """Hang curtains on both sides of a window."""
    high = shell.floor - shell.top

    def draw(pen: Draw) -> None:
        cloth = stage.lit(hue_colour(hue, 0.46, 0.76))
        top, low = shell.top + high * 0.09, shell.top + high * 0.62
        box(pen, x - half * 1.35, top - high * 0.012, x + half * 1.35, top, stage.lit((0.42, 0.30, 0.20)))
        for side in (-1, 1):
            for i in range(6):
                outer, inner = x + side * half * (1.28 - 0.09 * i), x + side * half * (1.19 - 0.09 * i)
                shade = scaled(cloth, 0.80 + 0.30 * (i % 2))
                pen.polygon(
                    [
                        (outer, top),
                        (inner, top),
                        (x + side * half * (1.21 - 0.045 * i), low),
                        (x + side * half * (1.28 - 0.045 * i), low),
                    ],
                    rgba(shade),
                )

    stage.overlay(draw, blur=0.5)


def bed(stage: Stage, shell: Shell, side: float, hue: float) -> None:
    """Stand a bed along one wall: headboard, pillow, a quilt in squares."""
    view, depth = shell.view, shell.depth

    def draw(pen: Draw) -> None:
        edge, inner = 0.5 + side * shell.half, 0.5 + side * shell.half * 0.34
        far, near, top = depth * 0.97, depth * 0.22, 0.86
        wood = stage.lit((0.50, 0.32, 0.20))
        view.shape(
            pen, [(edge, FRONT_FLOOR, far), (edge, 0.62, far), (inner, 0.62, far), (inner, FRONT_FLOOR, far)], wood
        )
        quilt = stage.lit(hue_colour(hue + 0.52, 0.50, 0.80))
        view.shape(
            pen, [(inner, 1.08, far), (inner, top, far), (inner, top, near), (inner, 1.08, near)], scaled(quilt, 0.66)
        )
        view.shape(
            pen, [(edge, 1.08, near), (edge, top, near), (inner, top, near), (inner, 1.08, near)], scaled(quilt, 0.80)
        )
        for row in range(5):
            for column in range(4):
                d0, d1 = near + (far * 0.74 - near) * row / 5, near + (far * 0.74 - near) * (row + 1) / 5
                x0, x1 = inner + (edge - inner) * column / 4, inner + (edge - inner) * (column + 1) / 4
                patch = stage.lit(
                    hue_colour(hue + 0.52 + 0.10 * ((row + column) % 3 - 1), 0.46, 0.84 if (row + column) % 2 else 0.94)
                )
                view.shape(pen, [(x0, top, d0), (x1, top, d0), (x1, top, d1), (x0, top, d1)], patch)
        sheet = stage.lit((0.97, 0.96, 0.94))
        view.shape(pen, [(inner, top, far * 0.72), (edge, top, far * 0.72), (edge, top, far), (inner, top, far)], sheet)
        px, py = view.at(((edge * 1.1 + inner * 0.9) / 2, top - 0.04, far * 0.86))
        size = view.size(far * 0.86)
        dot(pen, px, py, size * 0.15, size * 0.055, scaled(sheet, 0.86))
        dot(pen, px, py - size * 0.012, size * 0.14, size * 0.045, sheet)

    stage.attend(stage.overlay(draw, blur=0.5), 0.2)


def night_table(stage: Stage, shell: Shell, side: float) -> None:
    """Set a small table with a lamp beside the bed."""
    x, base = shell.view.at((0.5 - side * shell.half * 0.80, FRONT_FLOOR, shell.depth * 0.94))

    def table(pen: Draw, random: Random, cx: float, foot: float, tall: float) -> None:
        wood = stage.lit((0.56, 0.37, 0.23))
        box(pen, cx - tall * 0.42, foot - tall, cx + tall * 0.42, foot, scaled(wood, 0.9))
        box(pen, cx - tall * 0.50, foot - tall * 1.06, cx + tall * 0.50, foot - tall * 0.96, wood)
        dot(pen, cx, foot - tall * 0.55, tall * 0.05, tall * 0.05, stage.lit(BRASS))
        box(pen, cx - tall * 0.05, foot - tall * 1.5, cx + tall * 0.05, foot - tall * 1.06, stage.lit(BRASS))
        shade = [
            (cx - tall * 0.34, foot - tall * 1.42),
            (cx + tall * 0.34, foot - tall * 1.42),
            (cx + tall * 0.20, foot - tall * 1.86),
            (cx - tall * 0.20, foot - tall * 1.86),
        ]
        pen.polygon(shade, rgba((1.0, 0.88, 0.60) if stage.dark else stage.lit((0.95, 0.86, 0.68))))

    scatter(stage, "nighttable", [(x / stage.width, base / stage.height, 0.13)], table, focus=0.25)
    stage.glow(
        x / stage.width, base / stage.height - stage.rise(0.21), 0.16, (1.0, 0.78, 0.44), 0.55 if stage.dark else 0.15
    )


def mobile(stage: Stage, shell: Shell, x: float) -> None:
    """Hang stars on strings from the ceiling."""

    def draw(pen: Draw) -> None:
        for i, drop in enumerate((0.14, 0.22, 0.11, 0.19, 0.15)):
            cx, cy, size = (x - 0.10 + 0.05 * i) * stage.width, drop * stage.height, 0.016 * stage.unit
            pen.line((cx, 0, cx, cy), fill=rgba(stage.lit((0.8, 0.78, 0.74))), width=1)
            star = [
                (
                    cx + math.sin(k * math.pi / 5) * size * (1 if k % 2 == 0 else 0.45),
                    cy - math.cos(k * math.pi / 5) * size * (1 if k % 2 == 0 else 0.45),
                )
                for k in range(10)
            ]
            pen.polygon(star, rgba((1.0, 0.88, 0.46)))

    stage.overlay(draw, blur=0.3)


def rug(stage: Stage, hue: float) -> None:
    """Lay a round rug on the floor."""
    cloth = stage.lit(hue_colour(hue + 0.40, 0.42, 0.74))

    def draw(pen: Draw) -> None:
        cx, cy, wide, tall = 0.5 * stage.width, 0.905 * stage.height, 0.36 * stage.unit, 0.065 * stage.unit
        for shrink, shade in ((1.0, 0.74), (0.9, 1.0), (0.66, 1.18), (0.56, 1.0)):
            dot(pen, cx, cy, wide * shrink, tall * shrink, scaled(cloth, shade))

    stage.overlay(draw, blur=0.9)
