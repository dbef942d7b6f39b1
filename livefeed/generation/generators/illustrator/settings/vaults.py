"""Under glass: a railway station and a greenhouse."""

from __future__ import annotations

import math
from itertools import pairwise

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, hue_colour, scaled
from ..stage import Draw, Stage, rgba
from .forms import WINDOW, box, crown, dot, frond
from .shell import FRONT_FLOOR, Shell, build

DEPTHS = (3.4, 2.3, 1.55, 1.0, 0.58, 0.24)


def daylight(shell: Shell, t: float) -> Colour:
    """Return the colour of the sky outside, from its horizon (0) to its top (1)."""
    return blend_colour(shell.outside.horizon, shell.outside.top, t)


def station(stage: Stage, asked: Asked) -> None:
    """A vault of glass and iron, a train at the platform, the clock, lamps in a row."""
    shell = build(stage, (0.60, 0.52, 0.46), (0.62, 0.60, 0.58), (0.70, 0.74, 0.78), depth=4.0, eye=0.52)
    stage.span = (0.30, 0.88)
    vault(stage, shell, (0.26, 0.32, 0.34))
    platform(stage, shell)
    side = -1.0
    train(stage, shell, side)
    clock(stage, 0.62, 0.30)
    lights = []

    def lamps(pen: Draw) -> None:
        for depth in DEPTHS[1:]:
            x, base = shell.view.at((0.96, FRONT_FLOOR, depth))
            tall = shell.view.size(depth) * 0.80
            box(pen, x - tall * 0.014, base - tall, x + tall * 0.014, base, stage.lit((0.20, 0.26, 0.26)))
            for arm in (-1, 1):
                dot(pen, x + arm * tall * 0.10, base - tall, tall * 0.05, tall * 0.05, (1.0, 0.93, 0.70))
                pen.line(
                    (x, base - tall * 0.94, x + arm * tall * 0.10, base - tall),
                    fill=rgba(stage.lit((0.20, 0.26, 0.26))),
                    width=max(1, int(tall * 0.014)),
                )
            lights.append((x / stage.width, (base - tall) / stage.height, tall / stage.unit))

    stage.attend(stage.overlay(lamps, blur=0.4), 0.2)
    for x, y, size in lights:
        stage.glow(x, y, size * 0.22, (1.0, 0.84, 0.52), 0.45 if stage.dark else 0.15)


def vault(stage: Stage, shell: Shell, iron: Colour) -> None:
    """Bend glass over the hall: the sky through it, ribs that recede, the arch at the end open."""
    view = shell.view

    def arch(depth: float) -> list[tuple[float, float]]:
        points = []
        for i in range(17):
            angle = math.pi * (1 - i / 16)
            points.append(view.at((0.5 + 0.62 * math.cos(angle), 0.34 - 0.62 * math.sin(angle), depth)))
        return points

    def draw(pen: Draw) -> None:
        depths = [-0.25, 0.0, 0.24, 0.58, 1.0, 1.55, 2.3, 3.4, shell.depth]
        for near, far in pairwise(depths):
            outer, inner = arch(near), arch(far)
            for i in range(16):
                t = math.sin(math.pi * (i + 0.5) / 16)
                glass = blend_colour(daylight(shell, t), (1, 1, 1), 0.15 if not stage.dark else 0.0)
                pen.polygon(
                    [outer[i], outer[i + 1], inner[i + 1], inner[i]], rgba(scaled(glass, 0.80 + 0.20 * (i % 2)))
                )
        for i in range(0, 17, 2):
            pen.line(
                (*arch(-0.25)[i], *arch(shell.depth)[i]),
                fill=rgba(stage.lit(iron)),
                width=max(1, int(stage.unit * 0.004)),
            )
        for depth in reversed(depths):
            pen.line(
                arch(depth),
                fill=rgba(stage.lit(iron, 0.3 * depth / shell.depth)),
                width=max(2, int(view.size(max(0.0, depth)) * 0.022)),
                joint="curve",
            )
        end = arch(shell.depth)
        floor = view.at((0.5, FRONT_FLOOR, shell.depth))[1]
        pen.polygon([*end, (end[-1][0], floor), (end[0][0], floor)], rgba(daylight(shell, 0.1)))

    stage.overlay(draw, blur=0.5)


def platform(stage: Stage, shell: Shell) -> None:
    """Lay the platform's slabs, its yellow line, the rails beside it."""
    view = shell.view

    def draw(pen: Draw) -> None:
        bed, slab = stage.lit((0.30, 0.27, 0.26)), stage.lit((0.66, 0.64, 0.62))
        view.band(pen, (-0.6, 1.30), (0.16, 1.30), (0.0, shell.depth), bed)
        depth = 0.0
        while depth < shell.depth:
            view.band(
                pen, (-0.40, 1.26), (0.10, 1.26), (depth, depth + 0.03 * (1 + depth)), stage.lit((0.42, 0.32, 0.24))
            )
            depth += 0.10 * (1 + depth)
        for x in (-0.28, 0.02):
            view.band(pen, (x, 1.24), (x + 0.018, 1.24), (0.0, shell.depth), stage.lit((0.74, 0.76, 0.80)))
        view.band(pen, (0.16, FRONT_FLOOR), (1.1, FRONT_FLOOR), (0.0, shell.depth), slab)
        view.shape(
            pen,
            [(0.16, FRONT_FLOOR, 0.0), (0.16, 1.30, 0.0), (0.16, 1.30, shell.depth), (0.16, FRONT_FLOOR, shell.depth)],
            scaled(slab, 0.55),
        )
        depth = 0.05
        while depth < shell.depth:
            view.line(pen, (0.16, FRONT_FLOOR, depth), (1.1, FRONT_FLOOR, depth), scaled(slab, 0.80), 0.005)
            depth += 0.16 * (1 + 0.8 * depth)
        view.band(pen, (0.215, FRONT_FLOOR), (0.245, FRONT_FLOOR), (0.0, shell.depth), stage.lit((0.96, 0.80, 0.24)))

    stage.overlay(draw, blur=0.6)


def train(stage: Stage, shell: Shell, side: float) -> None:
    """Stand a train along the platform: its side in perspective, its lit windows and doors."""
    view = shell.view

    def draw(pen: Draw) -> None:
        body, x = stage.lit((0.62, 0.16, 0.17)), 0.10
        cream = stage.lit((0.95, 0.90, 0.78))
        for first, last in ((2.15, 3.6), (1.02, 2.05), (0.30, 0.95)):
            view.shape(pen, [(x, 1.16, first), (x, 0.36, first), (x, 0.36, last), (x, 1.16, last)], body)
            view.shape(pen, [(x, 0.36, first), (x, 0.30, first), (x, 0.30, last), (x, 0.36, last)], scaled(body, 0.6))
            view.shape(pen, [(x, 0.80, first), (x, 0.46, first), (x, 0.46, last), (x, 0.80, last)], cream)
            view.shape(
                pen,
                [(x, 1.16, first), (x, 0.30, first), (x - 0.30, 0.30, first), (x - 0.30, 1.16, first)],
                scaled(body, 0.7),
            )
            count = 5
            for i in range(count):
                d0, d1 = first + (last - first) * (i + 0.16) / count, first + (last - first) * (i + 0.80) / count
                if i == 2:
                    view.shape(pen, [(x, 1.12, d0), (x, 0.48, d0), (x, 0.48, d1), (x, 1.12, d1)], scaled(body, 0.72))
                view.shape(
                    pen,
                    [(x, 0.74, d0), (x, 0.52, d0), (x, 0.52, d1), (x, 0.74, d1)],
                    WINDOW if stage.dark else stage.lit((0.36, 0.46, 0.54)),
                )

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)


def clock(stage: Stage, x: float, y: float) -> None:
    """Hang the station's clock."""

    def draw(pen: Draw) -> None:
        cx, cy, size = x * stage.width, y * stage.height, 0.052 * stage.unit
        pen.line((cx, 0, cx, cy), fill=rgba(stage.lit((0.2, 0.24, 0.26))), width=max(2, int(size * 0.1)))
        dot(pen, cx, cy, size * 1.14, size * 1.14, stage.lit((0.16, 0.22, 0.22)))
        dot(pen, cx, cy, size, size, (0.99, 0.97, 0.90))
        for i in range(12):
            angle = math.pi * i / 6
            dot(
                pen,
                cx + math.sin(angle) * size * 0.82,
                cy - math.cos(angle) * size * 0.82,
                size * 0.06,
                size * 0.06,
                (0.15, 0.15, 0.17),
            )
        for angle, length in ((5.23, 0.48), (1.05, 0.72)):
            pen.line(
                (cx, cy, cx + math.sin(angle) * size * length, cy - math.cos(angle) * size * length),
                fill=rgba((0.1, 0.1, 0.12)),
                width=max(2, int(size * 0.09)),
            )

    stage.attend(stage.overlay(draw, blur=0.3), 0.35)


def greenhouse(stage: Stage, asked: Asked) -> None:
    """A house of glass full of plants: palms, pots on staging, a tiled path, the sky through every pane."""
    shell = build(stage, (0.80, 0.86, 0.84), (0.70, 0.66, 0.58), (0.86, 0.90, 0.92), depth=3.2, eye=0.52)
    stage.span = (0.20, 0.80)
    glass_walls(stage, shell)
    vault(stage, shell, (0.90, 0.93, 0.92))
    view = shell.view

    def path(pen: Draw) -> None:
        view.band(pen, (-0.2, FRONT_FLOOR), (1.2, FRONT_FLOOR), (0.0, shell.depth), stage.lit((0.34, 0.30, 0.22)))
        for row in range(16):
            first, last = (shell.depth * ((row + k) / 16) ** 1.7 for k in (0, 1))
            for column in range(4):
                tone = (0.86, 0.80, 0.70) if (row + column) % 2 else (0.68, 0.48, 0.38)
                view.band(
                    pen,
                    (0.30 + 0.10 * column, FRONT_FLOOR),
                    (0.40 + 0.10 * column, FRONT_FLOOR),
                    (first, last),
                    stage.lit(tone),
                )

    stage.overlay(path, blur=0.5)
    beds(stage, shell)
    stage.lamp = (0.40, 0.06)


def glass_walls(stage: Stage, shell: Shell) -> None:
    """Turn the walls to glass: the sky, a line of trees outside, white bars."""
    view = shell.view

    def draw(pen: Draw) -> None:
        edges = [0.0, 0.24, 0.58, 1.0, 1.55, 2.3, shell.depth]
        for x in (-0.12, 1.12):
            for first, last in pairwise(edges):
                view.shape(
                    pen, [(x, 0.36, first), (x, 0.36, last), (x, 0.70, last), (x, 0.70, first)], daylight(shell, 0.25)
                )
                view.shape(
                    pen,
                    [(x, 0.62, first), (x, 0.60, last), (x, 0.90, last), (x, 0.90, first)],
                    blend_colour(shell.outside.middle, (0.30, 0.48, 0.30), 0.55),
                )
                view.line(pen, (x, 0.34, first), (x, FRONT_FLOOR, first), stage.lit((0.95, 0.96, 0.95)), 0.016)
            view.shape(
                pen,
                [(x, 0.90, 0.0), (x, 0.90, shell.depth), (x, FRONT_FLOOR, shell.depth), (x, FRONT_FLOOR, 0.0)],
                stage.lit((0.70, 0.42, 0.34)),
            )

    stage.overlay(draw, blur=0.5)


def beds(stage: Stage, shell: Shell) -> None:
    """Fill both sides with plants, the far ones first: bushes, ferns, flowers, pots in front."""
    random = stage.random("beds")

    def draw(pen: Draw) -> None:
        for depth in (2.7, 2.0, 1.45, 1.0, 0.66, 0.38, 0.14):
            for side in (-1, 1):
                for lane in (0.52, 0.36):
                    where = (0.5 + side * (lane + 0.04 * random.random()), FRONT_FLOOR, depth)
                    size = shell.view.size(depth) * (0.34 if lane > 0.5 else 0.19) * (0.8 + 0.4 * random.random())
                    fade = 0.5 * depth / (depth + 2)
                    growth(pen, stage, random, *shell.view.at(where), size, fade)
                    if lane < 0.5:
                        pot(pen, *shell.view.at(where), size, stage.lit((0.76, 0.42, 0.28), fade))

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)


def growth(pen: Draw, stage: Stage, random: Random, x: float, base: float, size: float, fade: float) -> None:
    """Draw a fern, or a bush in flower."""
    green = blend_colour((0.14, 0.42, 0.20), (0.44, 0.62, 0.24), random.random())
    if random.random() < 0.55:
        for blade in range(9):
            length, angle = size * (0.8 + 0.5 * random.random()), math.pi * (0.1 + 0.8 * blade / 8)
            frond(pen, x, base - size * 0.2, length, angle, stage.lit(green, fade), droop=0.5, wide=0.24)
        return
    crown(pen, stage, random, x, base - size * 0.5, size * 0.42, size * 0.40, green, distance=fade, clumps=22)
    bloom = stage.lit(hue_colour(random.random(), 0.55, 0.96), fade)
    for _ in range(12):
        px, py = x + size * 0.7 * (random.random() - 0.5), base - size * (0.2 + 0.6 * random.random())
        dot(pen, px, py, size * 0.045, size * 0.045, bloom)


def pot(pen: Draw, x: float, base: float, size: float, clay: Colour) -> None:
    """Draw a flower pot under a plant."""
    half, rim = size * 0.30, base - size * 0.34
    pen.polygon([(x - half, rim), (x + half, rim), (x + half * 0.7, base), (x - half * 0.7, base)], rgba(clay))
    box(pen, x - half * 1.13, base - size * 0.40, x + half * 1.13, base - size * 0.31, scaled(clay, 1.12))
