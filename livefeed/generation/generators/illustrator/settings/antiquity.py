"""Antiquity: overgrown ruins and a temple."""

from __future__ import annotations

import math

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .country import verge
from .forms import boulders, box, crown, dot, scatter, tree
from .land import grass, rolling, turf
from .water import waters

MARBLE: Colour = (0.92, 0.88, 0.80)


def ruins(stage: Stage, asked: Asked) -> None:
    """Broken columns and an arch, overgrown; steps that lead up to nothing."""
    stage.horizon, stage.ground, stage.back = 0.50, 0.88, 0.76
    heavens(stage, asked, 0.5)
    rolling(stage, [(0.46, 0.54, 0.60), (0.42, 0.56, 0.42), (0.50, 0.60, 0.34)], 0.05)
    green = turf(stage, (0.30, 0.48, 0.22))
    scatter(
        stage,
        "ruintrees",
        [(0.03, 0.66, 0.34), (0.96, 0.66, 0.36), (0.62, 0.62, 0.17)],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, green, distance=0.35),
    )
    side = -stage.lampward
    scatter(
        stage,
        "brokenarch",
        [(0.5 + side * 0.20, 0.70, 0.42)],
        lambda pen, random, x, base, tall: broken_arch(pen, stage, random, x, base, tall),
        focus=0.3,
    )
    pillars = [
        (0.5 - side * 0.17, 0.69, 0.34),
        (0.5 - side * 0.27, 0.71, 0.20),
        (0.5 - side * 0.36, 0.74, 0.46),
        (0.5 + side * 0.45, 0.80, 0.60),
        (0.5 - side * 0.47, 0.84, 0.30),
    ]
    scatter(
        stage,
        "pillars",
        pillars,
        lambda pen, random, x, base, tall: pillar(pen, stage, random, x, base, tall, broken=True),
        focus=0.3,
    )
    boulders(
        stage,
        "drums",
        [(0.5 + side * 0.30, 0.80, 0.05), (0.5 - side * 0.30, 0.79, 0.06), (0.5 + side * 0.06, 0.735, 0.03)],
        MARBLE,
    )
    ground = stage.lit(scaled(green, 1.1))
    grass(stage, "ruingrass", 0.74, 0.92, 300, 0.05, ground)
    stage.foreground.append(lambda: verge(stage, (0.40, 0.54, 0.24)))


def pillar(
    pen: Draw,
    stage: Stage,
    random: Random,
    x: float,
    base: float,
    tall: float,
    *,
    broken: bool,
    stone: Colour = MARBLE,
    distance: float = 0.12,
    slim: float = 0.085,
) -> None:
    """Draw a fluted column; a broken one ends ragged and is overgrown."""
    half, top = max(tall, 0.30 * stage.unit if broken else 0.0) * slim, base - tall
    body = stage.lit(stone, distance)
    box(pen, x - half * 1.45, base - half * 0.5, x + half * 1.45, base, scaled(body, 0.86))
    box(pen, x - half * 1.2, base - half * 0.9, x + half * 1.2, base - half * 0.5, body)
    for i in range(8):
        t = (i + 0.5) / 8
        light = 0.58 + 0.5 * (1 - abs((t - 0.5) * 2 - stage.lampward * 0.5) / 1.5)
        ragged = half * 0.9 * random.random() if broken else 0.0
        left = x - half + half * 2 * i / 8
        box(
            pen,
            left,
            top + ragged,
            left + half * 0.25,
            base - half * 0.9,
            scaled(body, light if i % 2 else light * 0.86),
        )
    if not broken:
        box(pen, x - half * 1.25, top - half * 0.1, x + half * 1.25, top + half * 0.4, body)
        box(pen, x - half * 1.5, top - half * 0.6, x + half * 1.5, top - half * 0.1, scaled(body, 1.06))
        return
    for _ in range(16):
        y = base - tall * random.random()
        leaf = stage.lit(blend_colour((0.20, 0.42, 0.18), (0.40, 0.56, 0.24), random.random()), distance)
        dot(pen, x + stage.lampward * -half * (0.4 + 0.6 * random.random()), y, half * 0.28, half * 0.22, leaf)


def broken_arch(pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float) -> None:
    """Draw two piers and most of the arch between them, grown over on top."""
    body, half, thick = stage.lit((0.80, 0.74, 0.64), 0.18), tall * 0.34, tall * 0.15
    for side, high in ((-1, 0.62), (1, 0.62)):
        cx = x + side * half
        box(pen, cx - thick / 2, base - tall * high, cx + thick / 2, base, scaled(body, 0.84))
        box(
            pen,
            cx + stage.lampward * thick * 0.25 - thick * 0.25,
            base - tall * high,
            cx + stage.lampward * thick * 0.25 + thick * 0.25,
            base,
            body,
        )
        for row in range(6):
            y = base - tall * high * row / 6
            box(pen, cx - thick / 2, y, cx + thick / 2, y + 1.2, scaled(body, 0.60))
    spring = base - tall * 0.60
    for i in range(15):
        t = i / 14
        if 0.58 < t < 0.74:
            continue  # fallen out
        a0, a1 = math.pi * (1 - t), math.pi * (1 - t - 1 / 15)
        block = [
            (x + math.cos(a) * r, spring - math.sin(a) * r * 0.95)
            for a, r in ((a0, half - thick / 2), (a0, half + thick / 2), (a1, half + thick / 2), (a1, half - thick / 2))
        ]
        pen.polygon(block, rgba(scaled(body, 0.82 + 0.24 * random.random())))
    crown(
        pen,
        stage,
        random,
        x - half,
        spring - thick * 0.9,
        thick * 1.2,
        thick * 0.6,
        (0.28, 0.48, 0.20),
        distance=0.15,
        clumps=26,
    )
    for _ in range(14):
        px, drop = x - half * (0.4 + 0.9 * random.random()), tall * (0.06 + 0.20 * random.random())
        top = spring - thick * 0.5 * random.random()
        pen.line(
            (px, top, px + thick * 0.2 * random.random(), top + drop),
            fill=rgba(stage.lit((0.24, 0.44, 0.18), 0.15)),
            width=max(1, int(tall * 0.014)),
        )


def temple(stage: Stage, asked: Asked) -> None:
    """A white temple with its pediment at the head of wide steps, olive trees, the sea behind."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.52, 0.90, 0.80, (0.14, 0.86)
    heavens(stage, asked, 0.35)
    sea = blend_colour(stage.lit((0.08, 0.40, 0.58)), stage.light.horizon, 0.25)
    waters(stage, 0.50, sea, blend_colour(sea, stage.light.horizon, 0.5), chop=0.6, name="templesea")
    hill = stage.profile("templehill", 0.60, 0.012, 3, 4)
    earth = turf(stage, (0.70, 0.66, 0.42))
    stage.fill_below(
        hill, stage.lit(earth, 0.3), stage.lit(scaled(earth, 0.8)), depth=0.3, grain=0.3, name="templehill"
    )
    olive = turf(stage, (0.46, 0.54, 0.36))
    scatter(
        stage,
        "olives",
        [(0.05, 0.70, 0.24), (0.14, 0.67, 0.17), (0.88, 0.67, 0.18), (0.96, 0.71, 0.26)],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, olive, distance=0.25, spread=0.46),
    )
    marble = asked.material or MARBLE
    scatter(
        stage,
        "facade",
        [(0.5, 0.675, 0.50)],
        lambda pen, random, x, base, tall: facade_of_columns(pen, stage, random, x, base, tall, marble),
        focus=0.4,
    )
    steps(stage, marble, 0.675, 0.86)
    flat = np.full(stage.width, 0.86 * stage.height, np.float32)
    stage.fill_below(
        flat, stage.lit(scaled(marble, 0.94)), stage.lit(scaled(marble, 0.70)), depth=0.16, grain=0.16, name="forecourt"
    )


def facade_of_columns(
    pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float, marble: Colour
) -> None:
    """Draw six columns, the beam on them and the pediment."""
    half, far = tall * 0.72, 0.16
    body = stage.lit(marble, far)
    box(pen, x - half, base - tall * 0.66, x + half, base, scaled(stage.lit((0.40, 0.36, 0.36), far), 0.8))
    box(pen, x - tall * 0.10, base - tall * 0.46, x + tall * 0.10, base, stage.lit((0.18, 0.14, 0.14), far))
    if stage.dark:
        box(pen, x - tall * 0.09, base - tall * 0.44, x + tall * 0.09, base, (1.0, 0.74, 0.36), 0.8)
    for i in range(6):
        pillar(
            pen,
            stage,
            random,
            x + half * (i / 2.5 - 1) * 0.94,
            base,
            tall * 0.62,
            broken=False,
            stone=marble,
            distance=far,
        )
    box(pen, x - half * 1.08, base - tall * 0.74, x + half * 1.08, base - tall * 0.65, body)
    box(pen, x - half * 1.08, base - tall * 0.675, x + half * 1.08, base - tall * 0.65, scaled(body, 0.76))
    pen.polygon(
        [(x - half * 1.16, base - tall * 0.74), (x + half * 1.16, base - tall * 0.74), (x, base - tall)],
        rgba(scaled(body, 1.04)),
    )
    pen.polygon(
        [(x - half * 0.86, base - tall * 0.765), (x + half * 0.86, base - tall * 0.765), (x, base - tall * 0.945)],
        rgba(scaled(body, 0.72)),
    )
    for i in range(-4, 5):
        size = tall * 0.045 * (1.2 - abs(i) / 6)
        dot(pen, x + i * half * 0.15, base - tall * 0.765 - size, size * 0.6, size * 1.2, scaled(body, 0.95))


def steps(stage: Stage, stone: Colour, top: float, bottom: float) -> None:
    """Lay wide steps that grow towards the viewer."""

    def draw(pen: Draw) -> None:
        count = 8
        for i in range(count):
            t0, t1 = (i / count) ** 1.25, ((i + 1) / count) ** 1.25
            y0, y1 = (top + (bottom - top) * t0) * stage.height, (top + (bottom - top) * t1) * stage.height
            half = (0.40 + 0.24 * t1) * stage.unit
            x = stage.width / 2
            tread = blend_colour(stage.lit(turf(stage, stone), 0.12 * (1 - t0)), stage.light.key, 0.12)
            box(pen, x - half, y0, x + half, y0 + (y1 - y0) * 0.5, tread)
            box(pen, x - half, y0 + (y1 - y0) * 0.5, x + half, y1, scaled(stage.lit(stone, 0.12 * (1 - t0)), 0.70))

    stage.overlay(draw, blur=0.5)
