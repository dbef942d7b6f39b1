"""Tended land: a vineyard, fields of tulips, a formal garden, a park."""

from __future__ import annotations

import math

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import blend_colour, hue_colour, scaled
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .country import leafy, verge, winding_path
from .forms import SNOW, box, crown, cypress, dot, house, lamp_post, scatter, tree
from .harbour import house_row
from .land import rolling, turf
from .perspective import Perspective
from .water import swell


def vineyard(stage: Stage, asked: Asked) -> None:
    """Rows of vines run to a villa and its cypresses on a hill."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.89, 0.76, (0.20, 0.80)
    heavens(stage, asked, 0.4)
    rolling(stage, [(0.46, 0.52, 0.62), (0.46, 0.56, 0.44), (0.56, 0.62, 0.34)], 0.05)
    hill = stage.profile("villahill", 0.55, 0.008, 3, 3) - (
        0.10 * stage.height * np.exp(-(((np.linspace(-1, 1, stage.width) + stage.lampward * 0.45) / 0.40) ** 2))
    ).astype(np.float32)
    earth = turf(stage, (0.66, 0.58, 0.34))
    stage.fill_below(
        hill.astype(np.float32),
        stage.lit(earth, 0.45),
        stage.lit(scaled(earth, 0.8), 0.1),
        depth=0.4,
        grain=0.18,
        name="villahill",
    )
    villa = 0.5 - stage.lampward * 0.225
    scatter(
        stage,
        "villa",
        [(villa, 0.475, 0.13)],
        lambda pen, random, x, base, tall: house(
            pen, stage, random, x, base, tall * 1.9, tall, (0.93, 0.78, 0.56), (0.74, 0.38, 0.24), distance=0.3
        ),
        focus=0.3,
    )
    cypresses = [
        (villa - 0.13, 0.49, 0.17),
        (villa - 0.09, 0.48, 0.21),
        (villa + 0.10, 0.48, 0.20),
        (villa + 0.14, 0.49, 0.16),
        (villa + 0.18, 0.505, 0.14),
    ]
    scatter(
        stage,
        "cypresses",
        cypresses,
        lambda pen, random, x, base, tall: cypress(pen, stage, x, base, tall, distance=0.3),
    )
    vines(stage)


def vines(stage: Stage) -> None:
    """Plant vines in rows towards the vanishing point, leaving the middle free."""
    view = Perspective(stage, 0.5, 0.53)
    random = stage.random("vines")
    aspect = stage.unit / stage.width

    def draw(pen: Draw) -> None:
        for step in range(26):
            depth = 9.0 * (1 - step / 25) ** 2.2
            for row in (-5, -4, -3, -2, -1, 1, 2, 3, 4, 5):
                x, base = view.at((0.5 + row * 0.62 * aspect, 1.14, depth))
                if not -0.1 * stage.width < x < 1.1 * stage.width:
                    continue
                size = view.size(depth) * 0.17
                box(pen, x - size * 0.05, base - size * 1.2, x + size * 0.05, base, view.lit((0.36, 0.26, 0.18), depth))
                leaf = leafy(stage, (0.34, 0.52, 0.18))
                clumps = 26 if depth < 1.2 else 9
                crown(
                    pen,
                    stage,
                    random,
                    x,
                    base - size * 1.05,
                    size * 0.60,
                    size * 0.42,
                    leaf,
                    distance=0.5 * depth / (depth + 2),
                    clumps=clumps,
                )
                if depth < 3 and random.random() < 0.8:
                    for _ in range(5):
                        gx, gy = x + size * (random.random() - 0.5) * 0.7, base - size * (0.55 + 0.4 * random.random())
                        dot(pen, gx, gy, size * 0.06, size * 0.075, view.lit((0.36, 0.14, 0.42), depth))

    alpha = stage.overlay(draw, blur=0.5)
    stage.attend(alpha, 0.2)


def tulips(stage: Stage, asked: Asked) -> None:
    """Bands of flowers in every colour run to the horizon, a windmill beyond them."""
    stage.horizon, stage.ground, stage.back = 0.50, 0.88, 0.70
    heavens(stage, asked, 0.55)
    meadow = stage.profile("polder", 0.50, 0.004, 3, 3)
    stage.fill_below(
        meadow,
        stage.lit(turf(stage, (0.44, 0.60, 0.34)), 0.5),
        stage.lit(turf(stage, (0.32, 0.52, 0.24))),
        name="polder",
    )
    scatter(
        stage,
        "poldertrees",
        [(0.03 + 0.085 * i, 0.512, 0.05 + 0.02 * (i % 3)) for i in range(12)],
        lambda pen, random, x, base, tall: tree(
            pen, stage, random, x, base, tall, (0.34, 0.50, 0.30), distance=0.6, clumps=24
        ),
    )
    plant(stage, "windmill", 0.5 - stage.lampward * 0.27, 0.545, 0.30, distance=0.25, mirrored=stage.lampward > 0)
    flower_rows(stage)
    stage.foreground.append(lambda: tulip_front(stage))


def flower_rows(stage: Stage) -> None:
    """Lay the bands of colour, dotted with single flowers towards the viewer."""
    view = Perspective(stage, 0.5 + stage.lampward * 0.10, 0.50)
    random = stage.random("tulips")
    hue = random.random()
    palette = [
        hue_colour(h, s, v)
        for h, s, v in (
            (0.98, 0.78, 0.90),
            (0.13, 0.80, 0.98),
            (0.93, 0.50, 0.98),
            (0.0, 0.06, 0.98),
            (0.06, 0.80, 0.96),
            (0.78, 0.52, 0.80),
        )
    ]
    start = int(hue * 6)
    aspect = stage.unit / stage.width

    def draw(pen: Draw) -> None:
        for row in range(-13, 14):
            near, colour = 0.5 + row * 0.42 * aspect, palette[(row + start) % 6]
            for first, last in ((6.0, 14.0), (2.6, 6.0), (1.1, 2.6), (0.35, 1.1), (0.0, 0.35)):
                tone = view.lit(turf(stage, colour), first)
                green = view.lit(turf(stage, (0.26, 0.48, 0.20)), first)
                view.band(pen, (near, 1.12), (near + 0.40 * aspect, 1.12), (first, last), green)
                view.band(pen, (near + 0.05 * aspect, 1.12), (near + 0.33 * aspect, 1.12), (first, last), tone)
        for _ in range(900):
            depth = 2.4 * random.random() ** 1.6
            row = int(random.random() * 27) - 13
            x, y = view.at((0.5 + (row * 0.42 + 0.04 + 0.30 * random.random()) * aspect, 1.12, depth))
            size = view.size(depth) * 0.014
            colour = scaled(view.lit(turf(stage, palette[(row + start) % 6]), depth), 0.72 + 0.5 * random.random())
            dot(pen, x, y, size * 0.8, size, colour)

    stage.attend(stage.overlay(draw, blur=0.5), 0.2)


def tulip_front(stage: Stage) -> None:
    """Stand large tulips along the bottom edge."""
    random = stage.random("tulipfront")
    hues = [(0.98, 0.78, 0.92), (0.13, 0.80, 0.98), (0.93, 0.50, 0.98)]

    def tulip(pen: Draw, _: Random, x: float, base: float, tall: float) -> None:
        colour, green = stage.lit(hue_colour(*hues[int(random.random() * 3)])), stage.lit((0.24, 0.50, 0.22))
        pen.line((x, base, x, base - tall * 0.7), fill=rgba(green), width=max(1, int(tall * 0.06)))
        pen.polygon(
            [(x, base), (x + tall * 0.22, base - tall * 0.55), (x + tall * 0.05, base - tall * 0.1)], rgba(green)
        )
        dot(pen, x, base - tall * 0.80, tall * 0.15, tall * 0.20, colour)
        pen.polygon(
            [
                (x - tall * 0.15, base - tall * 0.82),
                (x - tall * 0.12, base - tall * 1.05),
                (x, base - tall * 0.86),
                (x + tall * 0.12, base - tall * 1.05),
                (x + tall * 0.15, base - tall * 0.82),
            ],
            rgba(scaled(colour, 1.14)),
        )

    spots = [(random.random(), 1.0 + 0.06 * random.random(), 0.09 + 0.04 * random.random()) for _ in range(44)]
    scatter(stage, "tulipsfront", spots, tulip)


def garden(stage: Stage, asked: Asked) -> None:
    """A formal garden: clipped hedges, beds of roses, gravel to a fountain, an arch of climbing flowers."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.89, 0.74, (0.20, 0.80)
    heavens(stage, asked, 0.45)
    green = leafy(stage, (0.30, 0.54, 0.24))
    scatter(
        stage,
        "gardentrees",
        [(0.02 + 0.12 * i, 0.56, 0.30 + 0.05 * ((i * 5) % 3)) for i in range(9)],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, green, distance=0.45, spread=0.42),
    )
    lawn = np.full(stage.width, 0.545 * stage.height, np.float32)
    stage.fill_below(
        lawn,
        stage.lit(turf(stage, (0.44, 0.66, 0.30)), 0.3),
        stage.lit(turf(stage, (0.34, 0.58, 0.22))),
        name="lawn",
        grain=0.12,
        depth=0.4,
    )
    view = Perspective(stage, 0.5, stage.horizon)
    aspect = stage.unit / stage.width

    def beds(pen: Draw) -> None:
        gravel = turf(stage, (0.90, 0.82, 0.66))
        view.band(pen, (0.5 - 0.40 * aspect, 1.1), (0.5 + 0.40 * aspect, 1.1), (0.0, 6.0), stage.lit(gravel))
        for side in (-1, 1):
            for first, last in ((3.2, 5.0), (1.6, 2.7), (0.55, 1.25), (0.0, 0.3)):
                hedge(pen, view, stage, 0.5 + side * 0.46 * aspect, 0.5 + side * 1.10 * aspect, first, last)

    stage.overlay(beds, blur=0.6)
    roses(stage, view, aspect)
    plant(stage, "fountain", 0.5, 0.655, 0.24, distance=0.2)
    arch(stage, view, aspect)
    stage.foreground.append(lambda: verge(stage, (0.32, 0.56, 0.22), low=0.955))


def hedge(pen: Draw, view: Perspective, stage: Stage, inner: float, outer: float, first: float, last: float) -> None:
    """Draw a clipped hedge: its lit top, its shaded inner side, its front."""
    high, low = 0.99, 1.1
    green = leafy(stage, turf(stage, (0.22, 0.44, 0.20)))
    top = blend_colour(view.lit(scaled(green, 1.3), first), stage.light.key, 0.12)
    view.shape(
        pen,
        [(inner, low, first), (inner, high, first), (inner, high, last), (inner, low, last)],
        scaled(view.lit(green, first), 0.62),
    )
    view.shape(
        pen,
        [(inner, low, first), (outer, low, first), (outer, high, first), (inner, high, first)],
        scaled(view.lit(green, first), 0.82),
    )
    view.shape(pen, [(inner, high, first), (outer, high, first), (outer, high, last), (inner, high, last)], top)


def roses(stage: Stage, view: Perspective, aspect: float) -> None:
    """Scatter blossoms over the hedged beds."""
    random = stage.random("roses")
    palette = [(0.92, 0.24, 0.34), (0.98, 0.66, 0.74), (0.99, 0.94, 0.88), (0.98, 0.80, 0.36)]

    def draw(pen: Draw) -> None:
        for _ in range(420):
            depth = 4.5 * random.random() ** 1.8
            side = -1 if random.random() < 0.5 else 1
            x, y = view.at((0.5 + side * (0.50 + 0.56 * random.random()) * aspect, 0.985, depth))
            size = view.size(depth) * (0.008 + 0.009 * random.random())
            colour = view.lit(turf(stage, palette[int(random.random() * 4)]), depth)
            dot(pen, x, y, size, size * 0.9, colour)
            dot(pen, x - size * 0.2, y - size * 0.2, size * 0.5, size * 0.45, scaled(colour, 1.18))

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)


def arch(stage: Stage, view: Perspective, aspect: float) -> None:
    """Bend an arch of climbing roses over the path."""
    random = stage.random("arch")
    foot_left, foot_right = view.at((0.5 - 0.52 * aspect, 1.1, 1.05)), view.at((0.5 + 0.52 * aspect, 1.1, 1.05))
    centre_x, half = (foot_left[0] + foot_right[0]) / 2, (foot_right[0] - foot_left[0]) / 2
    spring = foot_left[1] - half * 1.35

    def draw(pen: Draw) -> None:
        for index in range(230):
            t = random.random() * 2.7 - 0.85
            if 0 <= t <= 1:
                angle = math.pi * (1 - t)
                x, y = centre_x + math.cos(angle) * half, spring - math.sin(angle) * half * 0.9
            else:
                down = (-t / 0.85) if t < 0 else (t - 1) / 0.85
                x, y = centre_x + (-half if t < 0 else half), spring + (foot_left[1] - spring) * down
            size = stage.unit * (0.010 + 0.012 * random.random())
            x, y = x + random.normal() * size, y + random.normal() * size
            green = stage.lit(blend_colour((0.18, 0.40, 0.18), (0.42, 0.62, 0.26), random.random()), 0.1)
            dot(pen, x, y, size, size, green)
            if index % 3 == 0:
                dot(
                    pen,
                    x,
                    y,
                    size * 0.62,
                    size * 0.62,
                    stage.lit((0.96, 0.48, 0.58) if index % 2 else (1.0, 0.90, 0.88), 0.05),
                )

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)


def park(stage: Stage, asked: Asked) -> None:
    """A pond with its ducks' reeds, benches along a path, old lamps, tall trees, the town behind them."""
    stage.horizon, stage.ground, stage.back = 0.48, 0.88, 0.74
    heavens(stage, asked, 0.5)
    house_row(stage, "parkhouses", 0.52, 0.20, 0.75)
    green = leafy(stage, (0.30, 0.54, 0.24))
    far = [(0.03 + 0.105 * i, 0.555 + 0.01 * (i % 2), 0.22 + 0.05 * ((i * 5) % 3)) for i in range(10)]
    scatter(
        stage,
        "parktrees",
        far,
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, green, distance=0.45, spread=0.42),
    )
    lawn = turf(stage, (0.42, 0.64, 0.28))
    meadow = stage.profile("parklawn", 0.55, 0.008, 2, 3)
    stage.fill_below(
        meadow, stage.lit(lawn, 0.35), stage.lit(scaled(lawn, 0.84)), depth=0.4, grain=0.14, name="parklawn"
    )
    side = -stage.lampward
    pond(stage, 0.5 + side * 0.22, 0.68)
    winding_path(stage, "parkpath", 0.5 - side * 0.06, (0.5 - side * 0.30, 0.58), 0.34, (0.88, 0.80, 0.64), bend=0.05)
    benches = [(0.5 - side * 0.36, 0.74, 0.12), (0.5 + side * 0.06, 0.615, 0.06)]
    scatter(stage, "benches", benches, lambda pen, random, x, base, tall: bench(pen, stage, x, base, tall), focus=0.2)
    posts = [(0.5 - side * 0.24, 0.68, 0.34), (0.5 + side * 0.02, 0.605, 0.19), (0.5 - side * 0.46, 0.80, 0.56)]
    scatter(stage, "parklamps", posts, lambda pen, _, x, base, tall: lamp_post(pen, stage, x, base, tall), focus=0.2)
    if stage.dark:
        for x, base, tall in posts:
            stage.glow(x, base - stage.rise(tall * 0.90), 0.14 * tall, (1.0, 0.86, 0.54), 0.8)
            stage.glow(x, base - stage.rise(tall * 0.80), 0.60 * tall, (1.0, 0.74, 0.40), 0.2)
    stage.shallows = 0.69
    if asked.floats:
        stage.flood(0.80)
        near = blend_colour(stage.lit((0.14, 0.44, 0.50)), stage.light.middle, 0.4)
        stage.foreground.append(lambda: swell(stage, "parkfront", 0.81, 0.004, near, 0.0))
    scatter(
        stage,
        "parknear",
        [(0.5 + side * 0.50, 0.86, 0.78)],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, green, distance=0.05),
    )
    stage.foreground.append(lambda: verge(stage, (0.36, 0.58, 0.24), low=0.94))


def pond(stage: Stage, x: float, y: float) -> None:
    """Sink an oval pond into the lawn at (x, y), lit by the sky, lilies at its edge."""
    water = blend_colour(stage.lit((0.20, 0.50, 0.56)), stage.light.middle, 0.5)
    random = stage.random("pond")

    def draw(pen: Draw) -> None:
        cx, cy, wide, tall = x * stage.width, y * stage.height, 0.32 * stage.unit, 0.062 * stage.unit
        dot(pen, cx, cy, wide * 1.05, tall * 1.12, stage.lit(turf(stage, (0.52, 0.48, 0.34))))
        dot(pen, cx, cy, wide, tall, water)
        dot(pen, cx, cy - tall * 0.45, wide * 0.8, tall * 0.42, scaled(water, 0.72))
        for _ in range(16):
            px, py = cx + wide * 1.3 * (random.random() - 0.5), cy + tall * 1.1 * (random.random() - 0.3)
            pen.line((px, py, px + wide * 0.14, py), fill=rgba(blend_colour(water, stage.light.horizon, 0.7)), width=2)
        for _ in range(18):
            turn = math.pi * random.random()
            px, py = cx + math.cos(turn) * wide * 1.02, cy + math.sin(turn) * tall * 0.2 + tall * 0.7 * math.sin(turn)
            pen.line(
                (px, py, px + 2, py - tall * (0.5 + 0.5 * random.random())),
                fill=rgba(stage.lit((0.30, 0.46, 0.20))),
                width=2,
            )

    alpha = stage.overlay(draw, blur=0.6)
    stage.flow[alpha > 0.5] = 0.0


def bench(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a park bench of slats on iron feet."""
    wood, iron, half = (
        stage.lit(SNOW if stage.snowy else (0.60, 0.38, 0.22), 0.1),
        stage.lit((0.16, 0.18, 0.18), 0.1),
        tall,
    )
    for side in (-1, 1):
        box(pen, x + side * half * 0.86 - tall * 0.05, base - tall, x + side * half * 0.86 + tall * 0.05, base, iron)
    for i in range(3):
        box(pen, x - half, base - tall * (1.0 - 0.16 * i), x + half, base - tall * (0.89 - 0.16 * i), wood)
    box(pen, x - half, base - tall * 0.46, x + half, base - tall * 0.34, scaled(wood, 1.15))
    box(pen, x - half, base - tall * 0.34, x + half, base - tall * 0.29, scaled(wood, 0.6))
