"""Among trees of one kind: an autumn avenue, bamboo, blossoming cherries."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, mix, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .country import winding_path
from .forms import SNOW, box, crown, dot, leaf, scatter, trunk
from .land import AUTUMN, grass, rolling, turf
from .perspective import Perspective
from .woods import shafts

DEPTHS = (7.0, 4.6, 3.1, 2.1, 1.4, 0.85, 0.42, 0.1)


def autumn_avenue(stage: Stage, asked: Asked) -> None:
    """Two rows of birches in yellow and red over a path covered with leaves."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.52, 0.88, 0.70, (0.20, 0.80)
    if not stage.snowy:
        stage.weather = stage.weather | {"leaves"}
    heavens(stage, asked, 0.3)
    glow = blend_colour(stage.light.horizon, (1.0, 0.82, 0.46), 0.2 if stage.dark else 0.55)
    stage.picture[:] = mix(stage.picture, glow, 0.35)
    stage.keep_sky()
    stage.light = replace(stage.light, horizon=glow, mist=max(0.45, stage.light.mist - 0.1))
    woods = stage.profile("autumnwoods", 0.40, 0.05, 5, 5, 0.6)
    stage.fill_below(
        woods,
        stage.lit((0.86, 0.58, 0.24), 0.75),
        stage.lit((0.70, 0.44, 0.22), 0.7),
        depth=0.14,
        grain=0.5,
        name="autumnwoods",
        stretch=1,
    )
    flat = np.full(stage.width, 0.535 * stage.height, np.float32)
    carpet = turf(stage, (0.80, 0.48, 0.18))
    stage.fill_below(
        flat, stage.lit(carpet, 0.5), stage.lit(scaled(carpet, 0.78)), depth=0.4, grain=0.5, name="carpet", stretch=3
    )
    view = Perspective(stage, 0.5, 0.52)
    lane(stage, view, (0.78, 0.64, 0.44))
    rows_of_trees(stage, view)
    if not stage.wet:
        shafts(stage, glow, 0.22)
    stage.foreground.append(lambda: leaf_carpet(stage))


def lane(stage: Stage, view: Perspective, colour: Colour) -> None:
    """Lay a lane to the vanishing point with leaves blown onto it."""
    aspect = stage.unit / stage.width
    random = stage.random("lane")
    earth = turf(stage, colour)

    def draw(pen: Draw) -> None:
        view.band(pen, (0.5 - 0.50 * aspect, 1.1), (0.5 + 0.50 * aspect, 1.1), (0.0, 14.0), stage.lit(earth))
        for _ in range(520):
            depth = 6.0 * random.random() ** 1.8
            x, y = view.at((0.5 + (random.random() - 0.5) * 2.6 * aspect, 1.1, depth))
            size = view.size(depth) * 0.013
            colour = turf(stage, AUTUMN[int(random.random() * 3)])
            dot(pen, x, y, size, size * 0.45, scaled(view.lit(colour, depth), 0.8 + 0.4 * random.random()))

    stage.overlay(draw, blur=0.8)


def rows_of_trees(stage: Stage, view: Perspective) -> None:
    """Line the lane with birches: white trunks with dark marks, crowns that meet above."""
    random = stage.random("avenue")
    aspect = stage.unit / stage.width
    for depth in DEPTHS:
        fade = 0.75 * depth / (depth + 2.0)
        shades = [AUTUMN[int(random.random() * 3)] for _ in range(2)]
        pair_of_birches(stage, view, random, depth, fade, shades, aspect)


def pair_of_birches(
    stage: Stage, view: Perspective, random: Random, depth: float, fade: float, shades: list[Colour], aspect: float
) -> None:
    """Draw the birches of both sides at one depth."""

    def draw(pen: Draw) -> None:
        for side, shade in zip((-1, 1), shades, strict=True):
            x, base = view.at((0.5 + side * (0.80 + 0.1 * random.random()) * aspect, 1.1, depth))
            tall = view.size(depth) * (1.25 + 0.2 * random.random())
            trunk(
                pen,
                stage,
                x,
                base,
                base - tall * 0.8,
                tall * 0.06,
                (0.90, 0.87, 0.82),
                lean=-side * tall * 0.05,
                distance=fade,
            )
            for _ in range(9):
                y = base - tall * (0.05 + 0.6 * random.random())
                mark = tall * 0.02
                box(pen, x - mark, y, x + mark * random.random(), y + tall * 0.006, view.lit((0.24, 0.20, 0.20), depth))
            crown(
                pen,
                stage,
                random,
                x - side * tall * 0.05,
                base - tall * 0.80,
                tall * 0.38,
                tall * 0.30,
                shade,
                distance=fade,
                clumps=60,
            )

    stage.overlay(draw, blur=0.5)


def leaf_carpet(stage: Stage) -> None:
    """Heap leaves along the bottom edge."""
    random = stage.random("carpetfront")

    def draw(pen: Draw) -> None:
        for _ in range(260):
            x, y = random.random() * stage.width, (0.945 + 0.07 * random.random()) * stage.height
            size = stage.unit * (0.010 + 0.012 * random.random())
            colour = stage.lit(turf(stage, AUTUMN[int(random.random() * 3)]))
            leaf(
                pen,
                x,
                y,
                size * 2.2,
                math.pi * 2 * random.random(),
                scaled(colour, 0.75 + 0.4 * random.random()),
                wide=0.28,
            )

    stage.overlay(draw)


def bamboo(stage: Stage, asked: Asked) -> None:
    """Straight green stems, rank behind rank, a stone path, light from above."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.56, 0.88, 0.76, (0.20, 0.80)
    heavens(stage, asked, 0.2)
    haze = blend_colour(stage.light.horizon, (0.74, 0.90, 0.52), 0.2 if stage.dark else 0.6)
    stage.picture[:] = mix(stage.picture, haze, 0.6)
    stage.light = replace(stage.light, horizon=haze, mist=max(0.5, stage.light.mist - 0.1))
    stage.glow(0.5, 0.40, 0.30, blend_colour(haze, (1, 1, 0.9), 0.5), 0.5)
    stage.keep_sky()
    floor = turf(stage, (0.34, 0.42, 0.18))
    for index, (count, thick, level, far) in enumerate(
        ((40, 0.010, 0.57, 0.8), (26, 0.018, 0.62, 0.5), (15, 0.032, 0.70, 0.2))
    ):
        stems(stage, f"stems{index}", count, thick, level, far)
        soil = stage.profile(f"bamboofloor{index}", level + 0.005, 0.012, 3, 4)
        stage.fill_below(
            soil,
            stage.lit(scaled(floor, 1.2), far),
            stage.lit(floor, far * 0.5),
            depth=0.25,
            grain=0.3,
            name=f"bamboofloor{index}",
        )
    winding_path(stage, "bamboopath", 0.5, (0.5 + stage.lampward * 0.08, 0.60), 0.40, (0.66, 0.64, 0.56), bend=0.03)
    stems(stage, "nearstems", 7, 0.062, 0.86, 0.0)
    if not stage.wet:
        shafts(stage, blend_colour(haze, (1, 1, 0.8), 0.4), 0.30)

    def front() -> None:
        grass(stage, "bamboofront", 0.95, 1.06, 260, 0.07, stage.lit(scaled(floor, 0.8)))
        sprays(stage)

    stage.foreground.append(front)


def stems(stage: Stage, name: str, count: int, thick: float, level: float, far: float) -> None:
    """Stand one rank of bamboo: knotted stems lit on the lamp's side; near ones leave the middle free."""
    random = stage.random(name)
    spread = int(count * max(1.0, stage.width / stage.height))

    def draw(pen: Draw) -> None:
        for i in range(spread):
            x = (i + random.random()) / spread
            if far < 0.4 and abs(x - 0.5) < 0.24:
                continue
            half, foot = (
                thick * stage.unit / 2 * (0.7 + 0.5 * random.random()),
                (level + 0.06 * random.random()) * stage.height,
            )
            green = stage.lit(blend_colour((0.28, 0.52, 0.20), (0.56, 0.66, 0.26), random.random()), far)
            cx, lean = x * stage.width, (random.random() - 0.5) * 0.04 * stage.unit
            pen.polygon(
                [(cx - half, foot), (cx + half, foot), (cx + lean + half, 0), (cx + lean - half, 0)], rgba(green)
            )
            lit = blend_colour(scaled(green, 1.25), stage.light.key, 0.2)
            side = stage.lampward * half
            pen.polygon(
                [
                    (cx + side * 0.2, foot),
                    (cx + side * 0.8, foot),
                    (cx + lean + side * 0.8, 0),
                    (cx + lean + side * 0.2, 0),
                ],
                rgba(lit, 0.85),
            )
            gap = stage.unit * (0.05 + 1.6 * thick)
            y = foot - gap * random.random()
            while y > 0:
                shift = lean * (1 - y / foot)
                box(
                    pen,
                    cx + shift - half * 1.15,
                    y,
                    cx + shift + half * 1.15,
                    y + max(1.0, half * 0.22),
                    scaled(green, 0.62),
                )
                y -= gap

    alpha = stage.overlay(draw, blur=0.4 + far)
    stage.flow[alpha > 0.5] = np.pi / 2


def sprays(stage: Stage) -> None:
    """Hang sprays of bamboo leaves into the upper corners."""
    random = stage.random("sprays")

    def draw(pen: Draw) -> None:
        for _ in range(80):
            side = -1 if random.random() < 0.5 else 1
            x = (0.5 + side * (0.22 + 0.32 * random.random() ** 0.7)) * stage.width
            y = random.random() ** 2 * 0.24 * stage.height
            green = stage.lit(blend_colour((0.14, 0.36, 0.14), (0.44, 0.62, 0.24), random.random()))
            leaf(
                pen,
                x,
                y,
                stage.unit * (0.05 + 0.04 * random.random()),
                -math.pi * (0.2 + 0.6 * random.random()),
                green,
                wide=0.11,
            )

    stage.overlay(draw, blur=0.4)


BLOSSOM: list[Colour] = [(0.98, 0.62, 0.75), (0.97, 0.54, 0.69), (1.0, 0.74, 0.83)]


def orchard(stage: Stage, asked: Asked) -> None:
    """Cherry trees in blossom on both sides of a stream with a red bridge."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.89, 0.78, (0.22, 0.78)
    if not stage.snowy:
        stage.weather = stage.weather | {"petals"}
    heavens(stage, asked, 0.45)
    rolling(stage, [(0.56, 0.60, 0.72), (0.50, 0.62, 0.48), (0.48, 0.66, 0.36)], 0.04)
    far_row = [(0.04 + 0.115 * i, 0.60 + 0.006 * (i % 2), 0.15 + 0.03 * ((i * 5) % 3)) for i in range(9)]
    cherry_trees(stage, "farcherry", far_row, 0.22)
    water = blend_colour(stage.lit((0.26, 0.50, 0.60)), stage.light.middle, 0.4)
    brook(stage, water)
    red_bridge(stage, 0.5 + stage.lampward * 0.02, 0.665, 0.17)
    cherry_trees(stage, "midcherry", [(0.20, 0.72, 0.30), (0.80, 0.715, 0.28)], 0.12)
    cherry_trees(stage, "nearcherry", [(0.0, 0.86, 0.72), (1.0, 0.87, 0.76)], 0.05)
    grass(stage, "orchardgrass", 0.74, 0.92, 200, 0.03, stage.lit(turf(stage, (0.42, 0.62, 0.28))))
    stage.shallows = 0.74
    stage.foreground.append(
        lambda: grass(stage, "orchardfront", 0.94, 1.06, 420, 0.085, stage.lit(turf(stage, (0.34, 0.54, 0.24))))
    )


def cherry_trees(stage: Stage, name: str, spots: list[tuple[float, float, float]], far: float) -> None:
    """Stand trees in full blossom: dark leaning trunks, wide clouds of pink."""

    def cherry(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        inward = 1.0 if x < stage.width / 2 else -1.0
        trunk(
            pen,
            stage,
            x,
            base,
            base - tall * 0.62,
            tall * 0.085,
            (0.30, 0.21, 0.20),
            lean=inward * tall * 0.14,
            distance=far,
        )
        for reach, level in ((-0.26, 0.66), (0.36, 0.70), (0.06, 0.84)):
            colour = BLOSSOM[int(random.random() * 3)]
            crown(
                pen,
                stage,
                random,
                x + inward * tall * (0.10 + reach),
                base - tall * level,
                tall * 0.32,
                tall * 0.19,
                colour,
                distance=far,
                clumps=int(36 + tall * 0.12),
            )

    scatter(stage, name, spots, cherry, focus=0.2)


def brook(stage: Stage, water: Colour) -> None:
    """Lead a brook from under the bridge to the lower corner away from the lamp."""
    side = -stage.lampward

    def draw(pen: Draw) -> None:
        left, right = [], []
        for step in range(24):
            t = step / 23
            centre, half = 0.5 + side * 0.40 * t**1.5, 0.045 + 0.20 * t**1.5
            y = (0.635 + 0.42 * t) * stage.height
            left.append(((centre - half) * stage.width, y))
            right.append(((centre + half) * stage.width, y))
        pen.polygon([*left, *reversed(right)], rgba(water))
        random = stage.random("brook")
        for _ in range(60):
            i = int(random.random() * 23)
            (lx, y), (rx, _) = left[i], right[i]
            x0 = lx + (rx - lx) * random.random() * 0.8
            tone = BLOSSOM[0] if random.random() < 0.4 else blend_colour(water, stage.light.horizon, 0.7)
            pen.line(
                (x0, y, x0 + (rx - lx) * 0.18, y),
                fill=rgba(stage.lit(tone), 0.8),
                width=max(1, int(stage.unit * 0.004)),
            )

    stage.overlay(draw, blur=1.0)


def red_bridge(stage: Stage, x: float, base: float, wide: float) -> None:
    """Arch a red wooden bridge over the brook."""
    red = stage.lit(SNOW if stage.snowy else (0.78, 0.18, 0.14), 0.25)
    post = stage.lit((0.62, 0.13, 0.11), 0.25)

    def draw(pen: Draw) -> None:
        half, rise = wide * stage.unit, wide * stage.unit * 0.34
        cx, foot = x * stage.width, base * stage.height

        def bow(t: float, lift: float) -> tuple[float, float]:
            return (cx + half * t, foot - rise * (1 - t * t) - lift)

        deck = [bow(i / 10 - 1, 0) for i in range(21)]
        under = [bow(1 - i / 10, -rise * 0.30) for i in range(21)]
        pen.polygon([*deck, *under], rgba(post))
        for lift in (rise * 0.34, rise * 0.62):
            pen.line(
                [bow(i / 10 - 1, lift) for i in range(21)],
                fill=rgba(red),
                width=max(2, int(rise * 0.11)),
                joint="curve",
            )
        for i in range(7):
            px, py = bow(i / 3 - 1, 0)
            box(pen, px - rise * 0.05, py - rise * 0.76, px + rise * 0.05, py, red)

    stage.attend(stage.overlay(draw, blur=0.4), 0.3)
