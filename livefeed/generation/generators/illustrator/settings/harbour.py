"""Harbour and pier."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, hue_colour, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import box, dot, house, lamp_post, scatter
from .land import turf
from .perspective import Perspective
from .town import quay, reflect
from .water import sea_colours, swell, waters


def pier(stage: Stage, asked: Asked) -> None:
    """A wooden jetty runs out over still water to the horizon; posts, a lamp at its end."""
    broad = stage.unit / stage.width
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.86, 0.74, (0.5 - 0.36 * broad, 0.5 + 0.36 * broad)
    heavens(stage, asked, 0.6)
    near, far = sea_colours(stage)
    hills = stage.profile("pierhills", 0.485, 0.02, 4, 4)
    stage.fill_below(hills, stage.lit((0.34, 0.46, 0.52), 0.8), stage.lit((0.34, 0.46, 0.50), 0.8), name="pierhills")
    waters(stage, stage.horizon, near, far, chop=0.8)
    stage.shallows = 0.80
    if asked.floats:
        stage.water = 0.84
    boards(stage, 0.20 if asked.floats else 0.5)
    if asked.floats:
        stage.foreground.append(lambda: swell(stage, "pierfront", 0.85, 0.006, near, 0.1))


def boards(stage: Stage, middle: float) -> None:
    """Lay the jetty, its feet around `middle` (fraction) of the bottom edge."""
    view = Perspective(stage, 0.5, stage.horizon)
    wood = turf(stage, (0.58, 0.44, 0.32))
    aspect = stage.unit / stage.width
    left, right = middle - 0.64 * aspect, middle + 0.64 * aspect
    random = stage.random("boards")

    def draw(pen: Draw) -> None:
        view.band(pen, (left, 1.16), (right, 1.16), (0.0, 7.0), scaled(stage.lit(wood), 0.4))
        depth = 0.0
        while depth < 6.5:
            step = 0.075 * (1 + depth * 0.35)
            tone = scaled(view.lit(wood, depth), 0.82 + 0.34 * random.random())
            view.band(pen, (left, 1.08), (right, 1.08), (depth, depth + step * 0.86), tone)
            depth += step
        for depth in (5.2, 3.6, 2.5, 1.7, 1.1, 0.65, 0.32):
            for x in (left - 0.01, right + 0.01):
                foot, head = view.at((x, 1.20, depth)), view.at((x, 0.90, depth))
                half = view.size(depth) * 0.020
                box(pen, head[0] - half, head[1], head[0] + half, foot[1], scaled(view.lit(wood, depth), 0.66))
                box(pen, head[0] - half, head[1], head[0] - half * 0.2, foot[1], view.lit(wood, depth))
                dot(pen, head[0], head[1], half, half * 0.4, scaled(view.lit(wood, depth), 1.15))
        end = view.at((right, 1.08, 5.2))
        lamp_post(pen, stage, end[0], end[1], stage.unit * 0.17, distance=0.2)

    stage.attend(stage.overlay(draw, blur=0.5), 0.25)
    end = view.at((right, 1.08, 5.2))
    if stage.dark:
        stage.glow(end[0] / stage.width, end[1] / stage.height - stage.rise(0.15), 0.05, (1.0, 0.80, 0.42), 0.8)


HOUSES: list[Colour] = [
    (0.86, 0.42, 0.34),
    (0.94, 0.78, 0.46),
    (0.52, 0.68, 0.74),
    (0.90, 0.88, 0.80),
    (0.64, 0.72, 0.50),
    (0.88, 0.60, 0.56),
]
ROOFS: list[Colour] = [(0.62, 0.28, 0.22), (0.36, 0.34, 0.38), (0.54, 0.34, 0.26)]


def house_row(stage: Stage, name: str, base: float, tall: float, distance: float, *, middle: float = 1.0) -> None:
    """Stand a row of tall narrow houses of many colours; middle: the height of those in the middle, as a share."""
    count = int(stage.width / stage.unit / (tall * 0.52)) + 2

    def one(pen: Draw, random: Random, x: float, foot: float, high: float) -> None:
        wall = HOUSES[int(random.random() * len(HOUSES))]
        house(pen, stage, random, x, foot, high * 0.58, high, wall, ROOFS[int(random.random() * 3)], distance=distance)

    random = stage.random(name + "heights")
    spots = []
    for i in range(count):
        x = (i + 0.5) / count
        share = middle + (1 - middle) * min(1.0, abs(x - 0.5) * 2.6)
        spots.append((x, base + 0.0001 * i, tall * share * (0.85 + 0.3 * random.random())))
    scatter(stage, name, spots, one, focus=0.3)


def harbour(stage: Stage, asked: Asked) -> None:
    """Coloured houses round a basin, masts and their reflections, a stone quay in front."""
    stage.horizon, stage.ground, stage.back = 0.48, 0.90, 0.88
    heavens(stage, asked, 0.5)
    hill = stage.profile("harbourhill", 0.42, 0.05, 2, 4)
    green = turf(stage, (0.36, 0.52, 0.34))
    stage.fill_below(hill, stage.lit(green, 0.6), stage.lit(green, 0.6), name="harbourhill", grain=0.2)
    house_row(stage, "harbourback", 0.55, 0.17, 0.5)
    house_row(stage, "harbourfront", 0.60, 0.22, 0.25)
    wall = np.full(stage.width, 0.598 * stage.height, np.float32)
    stage.fill_below(
        wall, stage.lit((0.52, 0.48, 0.46), 0.2), stage.lit((0.34, 0.32, 0.34), 0.2), depth=0.04, name="mole"
    )
    reflect(stage, 0.625)
    for index, (x, base, tall, hue) in enumerate(
        ((0.12, 0.70, 0.26, 0.02), (0.86, 0.68, 0.22, 0.58), (0.68, 0.655, 0.16, 0.12))
    ):
        moored(stage, f"boat{index}", x, base, tall, hue_colour(hue, 0.6, 0.8))
    stage.shallows = 0.76
    if asked.floats:
        stage.flood(0.80)
        near, _ = sea_colours(stage)
        stage.foreground.append(lambda: swell(stage, "harbourfrontwave", 0.81, 0.004, near, 0.0))
    else:
        quay(stage)


def moored(stage: Stage, name: str, x: float, base: float, tall: float, colour: Colour) -> None:
    """Moor a fishing boat with a mast at (x, base), and mirror it dimly."""

    def boat(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        hull, wide = stage.lit(colour, 0.1), high * 0.52
        pen.polygon(
            [
                (cx - wide * 0.8, foot),
                (cx + wide * 0.8, foot),
                (cx + wide * 0.7, foot + high * 0.30),
                (cx - wide * 0.7, foot + high * 0.30),
            ],
            rgba(scaled(hull, 0.6), 0.35),
        )
        pen.polygon(
            [
                (cx - wide, foot - high * 0.20),
                (cx + wide * 1.05, foot - high * 0.24),
                (cx + wide * 0.74, foot),
                (cx - wide * 0.8, foot),
            ],
            rgba(hull),
        )
        pen.line(
            (cx - wide, foot - high * 0.20, cx + wide * 1.05, foot - high * 0.24),
            fill=rgba(stage.lit((0.96, 0.94, 0.88))),
            width=max(1, int(high * 0.03)),
        )
        box(
            pen,
            cx - wide * 0.5,
            foot - high * 0.42,
            cx - wide * 0.02,
            foot - high * 0.20,
            stage.lit((0.93, 0.90, 0.84)),
        )
        box(
            pen,
            cx - wide * 0.4,
            foot - high * 0.37,
            cx - wide * 0.12,
            foot - high * 0.29,
            stage.lit((0.24, 0.34, 0.44)),
        )
        line = max(1, int(high * 0.018))
        dark = rgba(stage.lit((0.28, 0.22, 0.18)))
        pen.line((cx + wide * 0.2, foot - high * 0.22, cx + wide * 0.2, foot - high), fill=dark, width=line * 2)
        pen.line((cx + wide * 0.2, foot - high, cx + wide * 1.05, foot - high * 0.24), fill=dark, width=line)
        pen.line((cx + wide * 0.2, foot - high, cx - wide, foot - high * 0.20), fill=dark, width=line)

    scatter(stage, name, [(x, base, tall)], boat, focus=0.3)
