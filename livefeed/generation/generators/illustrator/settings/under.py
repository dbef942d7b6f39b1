"""Under the ground: a cave of crystals and a mine."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..asked import Asked
from ..light import Light
from ..noise import Random, clouds
from ..pixels import Array, Colour, blend_colour, hue_colour, scaled, smoothstep
from ..planting import plant
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .perspective import Perspective
from .water import swell


def underground(stage: Stage, ambient: Colour, key: Colour) -> Light:
    """Shut out the weather and return the light of the world above."""
    outside = stage.light
    stage.open_air = False
    stage.light = replace(
        outside,
        ambient=ambient,
        key=key,
        top=(0.06, 0.06, 0.10),
        middle=(0.18, 0.18, 0.24),
        horizon=(0.34, 0.36, 0.44),
        mist=0.5,
        dark=0.7,
    )
    return outside


def rough_stone(stage: Stage, name: str, colour: Colour, inside: Array) -> None:
    """Fill where `inside` (0..1) is with lumpy rock lit from the lamp's side."""
    lumps = clouds(stage.random(name), stage.width, stage.height, 7, octaves=5)
    lit = (np.roll(lumps, max(1, stage.height // 90), axis=0) - lumps) + stage.lampward * (
        np.roll(lumps, -max(1, stage.width // 90), axis=1) - lumps
    )
    tone = np.clip(0.66 + 0.55 * (lumps - 0.4) - 2.2 * lit, 0.18, 1.6)
    rock = np.asarray(stage.lit(colour), np.float32) * tone[..., None].astype(np.float32)
    stage.picture += (np.clip(rock, 0, 1) - stage.picture) * inside[..., None].astype(np.float32)


def cave(stage: Stage, asked: Asked) -> None:
    """Out of the dark towards the light: the mouth, stalactites, a pool, crystals that shine."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.62, 0.88, 0.74, (0.18, 0.82)
    random = stage.random("cave")
    hue = (0.52, 0.78, 0.90, 0.46)[int(random.integers(4))]
    outside = underground(stage, (0.66, 0.68, 0.80), hue_colour(hue, 0.3, 1.0))
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    x, y = (columns / stage.width - 0.5) / 0.25, (rows / stage.height - 0.44) / 0.27
    rim = clouds(stage.random("mouth"), stage.width, stage.height, 5, octaves=4) - 0.5
    mouth = np.hypot(x, y) + 0.5 * rim
    t = np.clip((rows / stage.height - 0.16) / 0.44, 0, 1)[..., None]
    stage.picture[:] = np.asarray(outside.middle, np.float32) * (1 - t) + np.asarray(outside.horizon, np.float32) * t
    far_hills(stage, outside)
    stone: Colour = (0.46, 0.42, 0.46)
    for index, (edge, tone) in enumerate(((0.92, 0.95), (1.35, 0.70), (2.0, 0.46))):
        wall = smoothstep(edge, edge + 0.10, mouth + 0.20 * index * rim)
        rough_stone(stage, f"cavewall{index}", scaled(stone, tone), wall)
    if asked.floats:
        stage.flood(0.80)
        stage.foreground.append(
            lambda: swell(
                stage, "cavefront", 0.81, 0.004, blend_colour(stage.lit((0.06, 0.30, 0.38)), (0.1, 0.5, 0.6), 0.3), 0.0
            )
        )
    cave_pool(stage, outside, bool(asked.floats))
    stage.shallows = 0.74
    stalactites(stage, stone)
    crystals(stage, hue)
    stage.lamp = (0.47, 0.40)
    stage.glow(0.5, 0.46, 0.26, outside.horizon, 0.32)


def far_hills(stage: Stage, outside: Light) -> None:
    """Show hills through the mouth."""
    for index, level in enumerate((0.50, 0.56)):
        ridge = stage.profile(f"mouthhill{index}", level, 0.02, 6, 3)
        green = blend_colour(outside.middle, (0.30, 0.50, 0.34), 0.45 + 0.25 * index)
        stage.fill_below(ridge, green, scaled(green, 0.85), name=f"mouthhill{index}")


def cave_pool(stage: Stage, outside: Light, wide: bool) -> None:
    """Lay the floor with a pool that mirrors the light of the mouth."""
    floor = stage.profile("cavefloor", 0.66, 0.015, 4, 4)
    rows = np.arange(stage.height, dtype=np.float32)[:, None]
    inside = np.clip(rows - floor[None, :], 0, 1)
    rough_stone(stage, "cavefloor", (0.40, 0.37, 0.40), inside)

    def draw(pen: Draw) -> None:
        cx, cy = 0.5 * stage.width, 0.745 * stage.height
        half, tall = (0.62 if wide else 0.34) * stage.width, (0.30 if wide else 0.065) * stage.height
        if wide:
            cy = 0.98 * stage.height
        deep = blend_colour(stage.lit((0.08, 0.36, 0.44)), outside.middle, 0.25)
        dot(pen, cx, cy, half * 1.05, tall * 1.08, stage.lit((0.24, 0.22, 0.25)))
        dot(pen, cx, cy, half, tall, deep)
        for i in range(7):
            shine = blend_colour(deep, outside.horizon, 0.75)
            dot(
                pen,
                cx + half * 0.10 * math.sin(i * 2.2),
                cy - tall * (0.75 - 0.22 * i),
                half * (0.34 - 0.03 * i),
                tall * 0.05,
                shine,
                0.8,
            )

    stage.overlay(draw, blur=1.2)


def stalactites(stage: Stage, stone: Colour) -> None:
    """Hang stone from the roof and raise it from the floor at the sides."""
    random = stage.random("stalactites")
    hanging = [(random.random(), 0.06 + 0.24 * random.random() ** 2) for _ in range(26)]

    def draw(pen: Draw) -> None:
        for x, long in sorted(hanging, key=lambda item: item[1]):
            side = abs(x - 0.5) * 2
            tall = long * (0.55 + 0.75 * side) * stage.height
            spike(pen, stage, x * stage.width, -2, tall, tall * 0.13 + 4, scaled(stone, 0.42 + 0.20 * random.random()))
        for x, tall in ((0.03, 0.30), (0.12, 0.16), (0.97, 0.34), (0.88, 0.18)):
            spike(
                pen,
                stage,
                x * stage.width,
                0.93 * stage.height,
                -tall * stage.height,
                tall * 0.12 * stage.height,
                scaled(stone, 0.58),
            )

    alpha = stage.overlay(draw, blur=0.6)
    stage.flow[alpha > 0.5] = np.pi / 2


def spike(pen: Draw, stage: Stage, x: float, base: float, tall: float, half: float, colour: Colour) -> None:
    """Draw one cone of stone from `base`, down (tall > 0) or up, with its lit side."""
    body = stage.lit(colour)
    pen.polygon(
        [
            (x - half, base),
            (x + half, base),
            (x + half * 0.2, base + tall * 0.7),
            (x, base + tall),
            (x - half * 0.25, base + tall * 0.6),
        ],
        rgba(body),
    )
    side = -half if x > stage.width / 2 else half
    pen.polygon(
        [(x + side * 0.2, base), (x + side * 0.9, base), (x + side * 0.15, base + tall * 0.7), (x, base + tall)],
        rgba(scaled(body, 1.6)),
    )


def crystals(stage: Stage, hue: float) -> None:
    """Grow clusters of shining crystals from the floor at both sides."""

    def cluster(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        for i in range(7):
            lean, size = (
                (i - 3) * 0.20 + 0.1 * (random.random() - 0.5),
                tall * (0.55 + 0.5 * random.random()) * (1.0 - 0.10 * abs(i - 3)),
            )
            foot, half = x + (i - 3) * tall * 0.10, size * 0.10
            tip = (foot + math.sin(lean) * size, base - math.cos(lean) * size)
            neck = (foot + math.sin(lean) * size * 0.8, base - math.cos(lean) * size * 0.8)
            colour = hue_colour(hue + 0.06 * (random.random() - 0.5), 0.55, 0.95)
            pen.polygon(
                [(foot - half, base), (neck[0] - half, neck[1]), tip, (neck[0], neck[1]), (foot, base)],
                rgba(colour, 0.95),
            )
            pen.polygon(
                [(foot, base), (neck[0], neck[1]), tip, (neck[0] + half, neck[1]), (foot + half, base)],
                rgba(scaled(colour, 0.62), 0.95),
            )
            pen.line(
                (foot - half * 0.5, base, neck[0] - half * 0.5, neck[1]),
                fill=rgba(blend_colour(colour, (1, 1, 1), 0.7)),
                width=max(1, int(half * 0.3)),
            )

    spots = [(0.09, 0.83, 0.20), (0.91, 0.84, 0.22), (0.22, 0.73, 0.09), (0.80, 0.73, 0.10), (0.03, 0.70, 0.08)]
    scatter(stage, "crystals", spots, cluster, focus=0.35)
    for x, base, tall in spots:
        stage.glow(x, base - stage.rise(tall * 0.4), tall * 0.7, hue_colour(hue, 0.6, 1.0), 0.40)


def mine(stage: Stage, asked: Asked) -> None:
    """A gallery shored with timber, rails and a cart, lamps on the posts, gold in the rock."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.60, 0.89, 0.76, (0.20, 0.80)
    underground(stage, (0.86, 0.70, 0.56), (1.0, 0.78, 0.44))
    view = Perspective(stage, 0.5, 0.50)
    stage.lamp = (0.30, 0.30)
    rough_stone(stage, "minewall", (0.46, 0.36, 0.30), np.ones((stage.height, stage.width), np.float32))
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    away = np.hypot((columns - 0.5 * stage.width) / stage.unit, (rows - 0.5 * stage.height) / stage.unit)
    stage.picture *= smoothstep(-0.05, 0.42, away)[..., None] * np.float32(0.85) + np.float32(0.15)
    ore(stage)
    tracks(stage, view)
    timber(stage, view)
    cart(stage)


def ore(stage: Stage) -> None:
    """Set nuggets and gems into the walls."""
    random = stage.random("ore")
    spots = [(random.random(), random.random()) for _ in range(70)]
    spots = [(x, y) for x, y in spots if abs(x - 0.5) > 0.27 or y < 0.16]

    def draw(pen: Draw) -> None:
        for x, y in spots:
            size = stage.unit * (0.004 + 0.009 * random.random())
            gem = random.random()
            colour = (1.0, 0.80, 0.30) if gem < 0.65 else hue_colour(gem * 5, 0.6, 0.95)
            cx, cy = x * stage.width, y * stage.height
            pen.polygon(
                [
                    (cx - size, cy),
                    (cx - size * 0.2, cy - size),
                    (cx + size, cy - size * 0.3),
                    (cx + size * 0.5, cy + size * 0.8),
                    (cx - size * 0.6, cy + size * 0.7),
                ],
                rgba(scaled(colour, 0.85)),
            )
            pen.polygon(
                [(cx - size * 0.5, cy - size * 0.1), (cx, cy - size * 0.7), (cx + size * 0.3, cy - size * 0.1)],
                rgba(blend_colour(colour, (1, 1, 1), 0.55)),
            )

    stage.attend(stage.overlay(draw, blur=0.3), 0.3)


def tracks(stage: Stage, view: Perspective) -> None:
    """Lay sleepers and rails into the dark."""
    aspect = stage.unit / stage.width

    def draw(pen: Draw) -> None:
        view.band(
            pen, (0.5 - 0.62 * aspect, 1.12), (0.5 + 0.62 * aspect, 1.12), (0.0, 9.0), stage.lit((0.26, 0.20, 0.17))
        )
        depth = 0.0
        while depth < 7:
            far = depth + 0.06 * (1 + depth)
            fade = 1 / (1 + 0.35 * depth)
            view.band(
                pen,
                (0.5 - 0.46 * aspect, 1.12),
                (0.5 + 0.46 * aspect, 1.12),
                (depth, far),
                scaled(stage.lit((0.52, 0.36, 0.24)), fade),
            )
            depth += 0.15 * (1 + depth)
        for side in (-1, 1):
            for first, last in ((0.0, 0.5), (0.5, 1.4), (1.4, 3.2), (3.2, 8.0)):
                view.band(
                    pen,
                    (0.5 + side * 0.31 * aspect, 1.10),
                    (0.5 + side * 0.34 * aspect, 1.10),
                    (first, last),
                    scaled((0.80, 0.80, 0.84), 1 / (1 + 0.4 * first)),
                )

    stage.overlay(draw, blur=0.5)


def timber(stage: Stage, view: Perspective) -> None:
    """Shore the gallery with frames of timber, a lantern on every other post."""
    aspect = stage.unit / stage.width
    lights = []

    def draw(pen: Draw) -> None:
        for index, depth in enumerate((5.2, 3.2, 2.0, 1.2, 0.62, 0.20)):
            fade = 1 / (1 + 0.28 * depth)
            wood, unit = scaled(stage.lit((0.60, 0.42, 0.27)), fade), view.size(depth)
            left, base = view.at((0.5 - 0.60 * aspect, 1.12, depth))
            right, _ = view.at((0.5 + 0.60 * aspect, 1.12, depth))
            top, thick = base - unit * 1.06 * max(1.0, 0.62 * stage.height / stage.width), unit * 0.045
            for x in (left, right):
                box(pen, x - thick, top, x + thick, base, scaled(wood, 0.72))
                box(pen, x - thick * 0.9, top, x - thick * 0.1, base, wood)
                way = 1 if x == left else -1
                pen.line(
                    (x, top + unit * 0.26, x + way * unit * 0.22, top + unit * 0.02),
                    fill=rgba(scaled(wood, 0.8)),
                    width=max(2, int(thick)),
                )
            box(pen, left - unit * 0.10, top - thick * 1.2, right + unit * 0.10, top + thick * 0.9, scaled(wood, 0.86))
            box(pen, left - unit * 0.10, top - thick * 1.2, right + unit * 0.10, top - thick * 0.5, scaled(wood, 1.15))
            if index % 2:
                x = right - unit * 0.09
                y = top + unit * 0.16
                pen.line((x, top, x, y), fill=rgba((0.15, 0.13, 0.12)), width=max(1, int(unit * 0.006)))
                box(pen, x - unit * 0.028, y, x + unit * 0.028, y + unit * 0.075, (1.0, 0.86, 0.48))
                box(pen, x - unit * 0.034, y - unit * 0.016, x + unit * 0.034, y, (0.18, 0.15, 0.14))
                box(pen, x - unit * 0.034, y + unit * 0.075, x + unit * 0.034, y + unit * 0.09, (0.18, 0.15, 0.14))
                lights.append((x / stage.width, (y + unit * 0.04) / stage.height, unit / stage.unit))

    stage.attend(stage.overlay(draw, blur=0.4), 0.2)
    for x, y, size in lights:
        stage.glow(x, y, 0.08 * size, (1.0, 0.84, 0.48), 0.75)
        stage.glow(x, y, 0.34 * size, (1.0, 0.66, 0.30), 0.32)


def cart(stage: Stage) -> None:
    """Leave a cart of ore beside the track."""

    def draw(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        iron = stage.lit((0.38, 0.38, 0.42))
        for _ in range(22):
            px, py, size = (
                x + (random.random() - 0.5) * tall * 1.25,
                base - tall * (0.72 + 0.22 * random.random()),
                tall * 0.11,
            )
            colour = (1.0, 0.78, 0.26) if random.random() < 0.45 else (0.46, 0.38, 0.34)
            dot(pen, px, py, size, size * 0.85, stage.lit(scaled(colour, 0.8 + 0.3 * random.random())))
        pen.polygon(
            [
                (x - tall * 0.78, base - tall * 0.72),
                (x + tall * 0.78, base - tall * 0.72),
                (x + tall * 0.56, base - tall * 0.16),
                (x - tall * 0.56, base - tall * 0.16),
            ],
            rgba(iron),
        )
        pen.polygon(
            [
                (x - tall * 0.78, base - tall * 0.72),
                (x - tall * 0.36, base - tall * 0.72),
                (x - tall * 0.30, base - tall * 0.16),
                (x - tall * 0.56, base - tall * 0.16),
            ],
            rgba(scaled(iron, 1.4)),
        )
        box(pen, x - tall * 0.82, base - tall * 0.76, x + tall * 0.82, base - tall * 0.69, scaled(iron, 0.7))
        for side in (-0.36, 0.36):
            dot(pen, x + side * tall, base - tall * 0.13, tall * 0.15, tall * 0.15, (0.14, 0.13, 0.14))
            dot(pen, x + side * tall, base - tall * 0.13, tall * 0.06, tall * 0.06, scaled(iron, 1.2))

    scatter(stage, "cart", [(0.86, 0.86, 0.20)], draw, focus=0.3)
    plant(stage, "pick", 0.13, 0.88, 0.18, distance=0.05)
