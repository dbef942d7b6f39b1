"""State rooms: a ballroom and a museum."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import blend_colour, hue_colour, scaled
from ..planting import plant
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .home import BRASS
from .shell import FRONT_FLOOR, FRONT_TOP, Shell, boarded, build, checkered
from .vaults import daylight


def ballroom(stage: Stage, asked: Asked) -> None:
    """Gold and mirrors, tall windows with red curtains, chandeliers, a floor like a chessboard."""
    shell = build(stage, (0.92, 0.86, 0.74), (0.80, 0.70, 0.58), (0.96, 0.93, 0.86), half=0.68)
    checkered(stage, shell, (0.96, 0.92, 0.84), (0.46, 0.34, 0.30), columns=10, rows=9)
    tall_windows(stage, shell)
    gilding(stage, shell)
    for x, y, size in ((0.5, 0.25, 0.13), (0.20, 0.16, 0.19), (0.80, 0.16, 0.19)):
        chandelier(stage, x, y, size)
    gloss(stage, shell)


def tall_windows(stage: Stage, shell: Shell) -> None:
    """Open three arched windows in the back wall, curtains at their sides."""
    width, high = shell.right - shell.left, shell.floor - shell.top

    def draw(pen: Draw) -> None:
        for i in range(3):
            cx, half = shell.left + width * (i + 0.5) / 3, width * 0.085
            top, low = shell.top + high * 0.30, shell.floor - high * 0.08
            gold = stage.lit(BRASS)
            pen.pieslice(
                (cx - half * 1.15, top - half * 1.15, cx + half * 1.15, top + half * 1.15), 180, 360, fill=rgba(gold)
            )
            box(pen, cx - half * 1.15, top, cx + half * 1.15, low, gold)
            pen.pieslice((cx - half, top - half, cx + half, top + half), 180, 360, fill=rgba(daylight(shell, 0.8)))
            for row in range(8):
                y0 = top + (low - top) * row / 8
                box(pen, cx - half, y0, cx + half, y0 + (low - top) / 8 + 1, daylight(shell, 0.75 - 0.09 * row))
            for bar in (-0.33, 0.33):
                box(pen, cx + bar * half - 1, top - half * 0.9, cx + bar * half + 1, low, gold)
            red = stage.lit((0.66, 0.10, 0.14))
            for side in (-1, 1):
                for fold in range(4):
                    outer = cx + side * half * (1.30 - 0.14 * fold)
                    pen.polygon(
                        [
                            (outer, top - half * 0.9),
                            (outer - side * half * 0.14, top - half * 0.9),
                            (outer - side * half * 0.02 + side * half * 0.12, low),
                            (outer + side * half * 0.12, low),
                        ],
                        rgba(scaled(red, 0.78 + 0.34 * (fold % 2))),
                    )
            pen.chord(
                (cx - half * 1.4, top - half * 1.5, cx + half * 1.4, top - half * 0.3),
                0,
                180,
                fill=rgba(scaled(red, 0.9)),
            )

    stage.attend(stage.overlay(draw, blur=0.4), 0.3)
    stage.lamp = ((shell.left + width * 0.3) / stage.width, 0.3)


def gilding(stage: Stage, shell: Shell) -> None:
    """Stand gilded pilasters along the side walls, mirrors between them, a cornice above."""
    gold, pale = stage.lit(BRASS), stage.lit((0.97, 0.93, 0.84))

    def draw(pen: Draw) -> None:
        for x in (shell.west, shell.east):
            for first, last in ((0.20, 0.34), (0.44, 0.64), (0.76, 0.94)):
                shell.view.shape(pen, [(x, 0.90, first), (x, 0.16, first), (x, 0.16, last), (x, 0.90, last)], gold)
                inner = (first + 0.02, last - 0.02)
                mirror = blend_colour(stage.lit((0.70, 0.78, 0.80)), stage.light.key, 0.25)
                shell.view.shape(
                    pen, [(x, 0.87, inner[0]), (x, 0.20, inner[0]), (x, 0.20, inner[1]), (x, 0.87, inner[1])], mirror
                )
            for depth in (0.16, 0.39, 0.70, 0.98):
                near = max(0.0, depth - 0.025)
                shell.view.shape(
                    pen,
                    [
                        (x, FRONT_FLOOR, near),
                        (x, FRONT_TOP, near),
                        (x, FRONT_TOP, depth + 0.02),
                        (x, FRONT_FLOOR, depth + 0.02),
                    ],
                    pale,
                )
            shell.view.band(pen, (x, FRONT_TOP), (x, FRONT_TOP + 0.07), (0.0, shell.depth), gold)
        box(pen, shell.left, shell.top, shell.right, shell.top + stage.unit * 0.028, gold)
        box(
            pen,
            shell.left,
            shell.top + stage.unit * 0.020,
            shell.right,
            shell.top + stage.unit * 0.028,
            scaled(gold, 0.7),
        )

    stage.overlay(draw, blur=0.5)


def chandelier(stage: Stage, x: float, y: float, size: float) -> None:
    """Hang a chandelier at (x, y); size: half its width in shorter sides."""
    lights = []

    def draw(pen: Draw) -> None:
        cx, cy, half = x * stage.width, y * stage.height, size * stage.unit * 0.5
        gold = stage.lit(BRASS)
        pen.line((cx, 0, cx, cy), fill=rgba(gold), width=max(2, int(half * 0.05)))
        for level, reach, count in ((0.0, 1.0, 9), (-0.42, 0.6, 6)):
            pen.arc(
                (cx - half * reach, cy + half * (level - 0.22), cx + half * reach, cy + half * (level + 0.22)),
                0,
                180,
                fill=rgba(gold),
                width=max(2, int(half * 0.06)),
            )
            for i in range(count):
                t = (i + 0.5) / count * 2 - 1
                px, py = cx + half * reach * t, cy + half * (level + 0.20 * math.sqrt(max(0.0, 1 - t * t)))
                box(pen, px - half * 0.03, py - half * 0.20, px + half * 0.03, py, (0.97, 0.94, 0.86))
                dot(pen, px, py - half * 0.28, half * 0.05, half * 0.09, (1.0, 0.92, 0.60))
                dot(pen, px, py + half * 0.10, half * 0.035, half * 0.075, (0.90, 0.96, 1.0))
                lights.append((px / stage.width, (py - half * 0.28) / stage.height))
        dot(pen, cx, cy + half * 0.42, half * 0.08, half * 0.12, (0.90, 0.96, 1.0))

    stage.attend(stage.overlay(draw, blur=0.3), 0.35)
    for px, py in lights:
        stage.glow(px, py, size * 0.10, (1.0, 0.88, 0.56), 0.40)
    stage.glow(x, y, size * 0.8, (1.0, 0.82, 0.50), 0.26)


def gloss(stage: Stage, shell: Shell) -> None:
    """Let the polished floor mirror the room a little."""
    first = int(shell.floor)
    count = stage.height - first
    rows = np.clip(first - (np.arange(count) * 0.9).astype(np.int32), 0, stage.height - 1)
    stage.picture[first:] += (stage.picture[rows] - stage.picture[first:]) * np.float32(0.22)


def museum(stage: Stage, asked: Asked) -> None:
    """A gallery: framed paintings under lamps, statues on plinths, a rope before them, a skylight."""
    shell = build(
        stage,
        hue_colour((0.98, 0.42, 0.60)[int(stage.random("museum").integers(3))], 0.42, 0.52),
        (0.60, 0.42, 0.28),
        (0.92, 0.91, 0.88),
        half=0.70,
    )
    boarded(stage, shell, (0.62, 0.44, 0.29), count=18)
    width, high = shell.right - shell.left, shell.floor - shell.top
    skylight(stage, shell)
    for index, (x, y, wide, tall) in enumerate(
        ((0.18, 0.42, 0.22, 0.34), (0.5, 0.38, 0.30, 0.40), (0.82, 0.44, 0.20, 0.30))
    ):
        painting(
            stage, f"painting{index}", shell.left + width * x, shell.top + high * y, width * wide / 2, high * tall / 2
        )
    side_paintings(stage, shell)
    for x, label in ((0.10, "amphora"), (0.90, "moai")):
        plinth(stage, x, 0.86, 0.20)
        plant(stage, label, x, 0.865 - stage.rise(0.20), 0.24, distance=0.05)
    rope(stage, shell)


def skylight(stage: Stage, shell: Shell) -> None:
    """Open panes of glass in the ceiling."""

    def draw(pen: Draw) -> None:
        for column in range(4):
            for first, last in ((0.10, 0.32), (0.38, 0.60), (0.66, 0.90)):
                left, right = 0.28 + 0.11 * column, 0.38 + 0.11 * column
                shell.view.shape(
                    pen,
                    [
                        (left, FRONT_TOP, first),
                        (right, FRONT_TOP, first),
                        (right, FRONT_TOP, last),
                        (left, FRONT_TOP, last),
                    ],
                    daylight(shell, 0.5),
                )

    stage.overlay(draw, blur=0.4)
    stage.glow(0.5, 0.10, 0.25, shell.outside.horizon, 0.25)
    stage.lamp = (0.42, 0.05)


def painting(stage: Stage, name: str, cx: float, cy: float, half_wide: float, half_tall: float) -> None:
    """Hang a painting in a gold frame, a small landscape of its own, a lamp above it (pixels)."""
    random = stage.random(name)
    hue = random.random()

    def draw(pen: Draw) -> None:
        edge, gold = half_wide * 0.12 + 3, stage.lit(BRASS)
        box(pen, cx - half_wide - edge, cy - half_tall - edge, cx + half_wide + edge, cy + half_tall + edge, gold)
        box(
            pen,
            cx - half_wide - edge * 0.4,
            cy - half_tall - edge * 0.4,
            cx + half_wide + edge * 0.4,
            cy + half_tall + edge * 0.4,
            scaled(gold, 0.6),
        )
        box(pen, cx - half_wide, cy - half_tall, cx + half_wide, cy + half_tall, stage.lit(hue_colour(hue, 0.36, 0.90)))
        dot(
            pen,
            cx + half_wide * 0.4,
            cy - half_tall * 0.4,
            half_wide * 0.16,
            half_wide * 0.16,
            stage.lit((1.0, 0.90, 0.62)),
        )
        for layer in range(3):
            points = [
                (
                    cx - half_wide + half_wide * 2 * i / 8,
                    cy + half_tall * (0.05 + 0.28 * layer + 0.22 * (random.random() - 0.5)),
                )
                for i in range(9)
            ]
            colour = stage.lit(hue_colour(hue + 0.32 + 0.06 * layer, 0.45, 0.68 - 0.14 * layer))
            pen.polygon([(cx - half_wide, cy + half_tall), *points, (cx + half_wide, cy + half_tall)], rgba(colour))
        box(
            pen,
            cx - half_wide * 0.4,
            cy - half_tall - edge * 2.2,
            cx + half_wide * 0.4,
            cy - half_tall - edge * 1.6,
            scaled(gold, 0.8),
        )

    stage.attend(stage.overlay(draw, blur=0.3), 0.4)
    stage.glow(cx / stage.width, (cy - half_tall) / stage.height, half_wide / stage.unit, (1.0, 0.88, 0.62), 0.30)


def side_paintings(stage: Stage, shell: Shell) -> None:
    """Hang paintings on the side walls, foreshortened."""
    random = stage.random("sidepaintings")

    def draw(pen: Draw) -> None:
        for x in (shell.west, shell.east):
            for first, last in ((0.42, 0.60), (0.70, 0.90)):
                gold = stage.lit(BRASS)
                shell.view.shape(pen, [(x, 0.66, first), (x, 0.16, first), (x, 0.16, last), (x, 0.66, last)], gold)
                near, far, hue = first + 0.02, last - 0.02, random.random()
                for row in range(4):
                    y0, y1 = 0.20 + 0.105 * row, 0.20 + 0.105 * (row + 1)
                    shell.view.shape(
                        pen,
                        [(x, y1, near), (x, y0, near), (x, y0, far), (x, y1, far)],
                        stage.lit(hue_colour(hue + 0.08 * row, 0.5, 0.86 - 0.13 * row)),
                    )

    stage.attend(stage.overlay(draw, blur=0.4), 0.2)


def plinth(stage: Stage, x: float, base: float, tall: float) -> None:
    """Stand a white plinth."""

    def draw(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        white, half = stage.lit((0.92, 0.91, 0.88)), high * 0.34
        box(pen, cx - half, foot - high, cx + half, foot, scaled(white, 0.86))
        lit = cx + stage.lampward * half * 0.5
        box(pen, lit - half * 0.5, foot - high, lit + half * 0.5, foot, white)
        box(pen, cx - half * 1.15, foot - high, cx + half * 1.15, foot - high * 0.92, scaled(white, 1.05))
        box(pen, cx - half * 1.15, foot - high * 0.07, cx + half * 1.15, foot, scaled(white, 0.74))

    scatter(stage, f"plinth{x}", [(x, base, tall)], draw, focus=0.15)


def rope(stage: Stage, shell: Shell) -> None:
    """Hang a red rope between brass posts before the back wall."""
    y = shell.floor + 0.035 * stage.height

    def draw(pen: Draw) -> None:
        brass, tall = stage.lit(BRASS), 0.105 * stage.unit
        posts = [shell.left + (shell.right - shell.left) * t for t in (0.04, 0.27, 0.5, 0.73, 0.96)]
        for start, end in pairwise(posts):
            sag = [
                (start + (end - start) * i / 10, y - tall * 0.9 + tall * 1.4 * (i / 10) * (1 - i / 10))
                for i in range(11)
            ]
            pen.line(sag, fill=rgba(stage.lit((0.66, 0.10, 0.14))), width=max(2, int(tall * 0.10)), joint="curve")
        for x in posts:
            box(pen, x - tall * 0.035, y - tall, x + tall * 0.035, y, brass)
            dot(pen, x, y - tall, tall * 0.07, tall * 0.07, scaled(brass, 1.15))
            dot(pen, x, y, tall * 0.16, tall * 0.05, scaled(brass, 0.8))

    stage.overlay(draw, blur=0.3)
