"""Strange woods: giant mushrooms and a graveyard."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..asked import Asked
from ..noise import Random, clouds
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import SNOW, bare_tree, box, dot, scatter, trunk
from .land import grass, turf


def mushrooms(stage: Stage, asked: Asked) -> None:
    """An enchanted wood: mushrooms as tall as trees, their gills alight, moss and fireflies."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.58, 0.88, 0.76, (0.24, 0.76)
    heavens(stage, asked, 0.3)
    stage.weather = stage.weather | {"fireflies"}
    mist = blend_colour(stage.light.middle, (0.44, 0.62, 0.72), 0.5)
    stage.picture[:] = mix(stage.picture, scaled(mist, 0.8), 0.62)
    stage.light = replace(stage.light, horizon=blend_colour(stage.light.horizon, mist, 0.6), mist=0.6)
    stage.glow(0.5, 0.48, 0.30, (0.60, 0.86, 0.80), 0.40)
    stage.keep_sky()
    random = stage.random("mushroomspots")
    hue = (0.93, 0.56, 0.74)[int(random.integers(3))]
    moss: Colour = turf(stage, (0.16, 0.36, 0.26))
    ranks = (
        (
            0.85,
            0.58,
            [(0.06, 0.26), (0.19, 0.36), (0.33, 0.24), (0.47, 0.30), (0.62, 0.26), (0.76, 0.36), (0.93, 0.28)],
        ),
        (0.45, 0.66, [(0.12, 0.46), (0.29, 0.26), (0.72, 0.30), (0.88, 0.50)]),
        (0.05, 0.83, [(-0.01, 0.76), (0.17, 0.16), (0.85, 0.19), (1.0, 0.86)]),
    )
    for index, (far, level, row) in enumerate(ranks):
        soil = stage.profile(f"moss{index}", level - 0.015, 0.02, 3, 4)
        stage.fill_below(
            soil,
            stage.lit(scaled(moss, 1.5), far),
            stage.lit(scaled(moss, 0.7), far * 0.6),
            depth=0.22,
            grain=0.35,
            name=f"moss{index}",
        )
        toadstools(stage, f"toadstools{index}", [(x, level + 0.01, tall) for x, tall in row], far, hue)
    stage.foreground.append(lambda: grass(stage, "mossfront", 0.94, 1.06, 300, 0.06, stage.lit(scaled(moss, 0.9))))


def toadstools(stage: Stage, name: str, spots: list[tuple[float, float, float]], far: float, hue: float) -> None:
    """Stand mushrooms with spotted caps; their undersides glow."""

    def mushroom(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        cap = stage.lit(hue_colour(hue + 0.16 * random.random(), 0.66, 0.84), far)
        stem, half = stage.lit((0.90, 0.86, 0.78), far), tall * 0.34
        trunk(
            pen,
            stage,
            x,
            base,
            base - tall * 0.72,
            tall * 0.16,
            (0.88, 0.84, 0.76),
            lean=tall * 0.05 * (random.random() - 0.5),
            distance=far,
        )
        y = base - tall * 0.66
        glow = blend_colour((1.0, 0.88, 0.58), stage.light.haze, far * 0.6)
        dot(pen, x, y, half * 0.96, tall * 0.085, blend_colour(glow, cap, 0.15))
        for i in range(-4, 5):
            pen.line(
                (x + i * half * 0.10, y, x + i * half * 0.21, y + tall * 0.05), fill=rgba(scaled(glow, 0.8)), width=1
            )
        box(pen, x - tall * 0.06, y, x + tall * 0.06, y + tall * 0.08, stem)
        pen.chord((x - half, y - tall * 0.36, x + half, y + tall * 0.30), 180, 360, fill=rgba(scaled(cap, 0.72)))
        for step in range(5):
            t = step / 4
            shrink, shift = 1 - 0.6 * t, stage.lampward * half * 0.26 * t
            pen.chord(
                (
                    x + shift - half * shrink * 0.96,
                    y - tall * 0.35,
                    x + shift + half * shrink * 0.96,
                    y - tall * 0.02 + tall * 0.28 * (1 - t),
                ),
                180,
                360,
                fill=rgba(scaled(cap, 0.78 + 0.42 * t)),
            )
        for sx, sy, size in (
            (-0.55, 0.10, 0.10),
            (-0.12, 0.22, 0.13),
            (0.34, 0.15, 0.11),
            (0.68, 0.05, 0.07),
            (-0.82, 0.03, 0.05),
        ):
            dot(pen, x + sx * half, y - sy * tall, size * half, size * half * 0.72, stage.lit((0.98, 0.95, 0.88), far))

    scatter(stage, name, spots, mushroom, focus=0.25)
    for x, base, tall in spots:
        stage.glow(
            x, base - tall * 0.60 * stage.unit / stage.height, tall * 0.22, (1.0, 0.84, 0.50), 0.30 * (1 - far) + 0.08
        )


def graveyard(stage: Stage, asked: Asked) -> None:
    """Leaning stones, bare trees, an iron fence, mist over the ground."""
    stage.horizon, stage.ground, stage.back = 0.54, 0.88, 0.74
    heavens(stage, asked, 0.8)
    hill = stage.profile("gravehill", 0.55, 0.03, 2.5, 4)
    ground = turf(stage, (0.26, 0.32, 0.24))
    stage.fill_below(
        hill, stage.lit(ground, 0.55), stage.lit(scaled(ground, 0.8), 0.2), depth=0.3, grain=0.3, name="gravehill"
    )
    chapel = 0.5 + stage.lampward * 0.24
    plant(stage, "church", chapel, 0.585, 0.26, distance=0.55)
    dark = stage.lit((0.15, 0.13, 0.14), 0.1)
    scatter(
        stage,
        "gravetrees",
        [(0.09, 0.70, 0.66), (0.94, 0.74, 0.76), (0.34, 0.60, 0.26)],
        lambda pen, random, x, base, tall: bare_tree(pen, random, x, base, tall, dark),
    )
    iron_fence(stage, 0.635)
    front = stage.profile("gravefront", 0.66, 0.02, 2, 4)
    stage.fill_below(
        front,
        stage.lit(scaled(ground, 1.15), 0.1),
        stage.lit(scaled(ground, 0.62)),
        depth=0.3,
        grain=0.35,
        name="gravefront",
    )
    stones = [
        (0.15, 0.72, 0.12),
        (0.28, 0.69, 0.09),
        (0.41, 0.68, 0.08),
        (0.62, 0.685, 0.085),
        (0.75, 0.70, 0.10),
        (0.88, 0.73, 0.13),
        (0.05, 0.83, 0.21),
        (0.24, 0.80, 0.15),
        (0.79, 0.80, 0.16),
        (0.96, 0.85, 0.23),
    ]
    scatter(
        stage,
        "stones",
        stones,
        lambda pen, random, x, base, tall: gravestone(pen, stage, random, x, base, tall),
        focus=0.2,
    )
    field = clouds(stage.random("gravemist"), stage.width, stage.height, 3, octaves=4, stretch=4)
    rows = np.linspace(0, 1, stage.height, dtype=np.float32)[:, None]
    veil = np.exp(-(((rows - 0.68) / 0.07) ** 2)) * np.clip(field, 0, 1) * np.float32(0.55)
    stage.picture[:] = mix(stage.picture, stage.light.horizon, veil)
    stage.foreground.append(lambda: grass(stage, "gravegrass", 0.93, 1.06, 380, 0.09, stage.lit(scaled(ground, 0.8))))


def iron_fence(stage: Stage, base: float) -> None:
    """Run a fence of iron spears across the middle ground."""
    iron = stage.lit((0.12, 0.12, 0.14), 0.25)

    def draw(pen: Draw) -> None:
        gap, tall, foot = 0.024 * stage.unit, 0.10 * stage.unit, base * stage.height
        for i in range(int(stage.width / gap) + 1):
            x = i * gap
            box(pen, x - 0.8, foot - tall, x + 0.8, foot, iron)
            pen.polygon(
                [(x - gap * 0.2, foot - tall), (x + gap * 0.2, foot - tall), (x, foot - tall * 1.18)], rgba(iron)
            )
        for level in (0.85, 0.2):
            box(pen, 0, foot - tall * level, stage.width, foot - tall * level + max(1.5, tall * 0.04), iron)

    stage.overlay(draw, blur=0.4)


def gravestone(pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float) -> None:
    """Draw a stone that leans a little: rounded or a cross, moss at its foot."""
    grey, lean, half = stage.lit((0.56, 0.57, 0.60), 0.1), tall * 0.16 * (random.random() - 0.5), tall * 0.33
    side = -stage.lampward * half * 0.24
    if random.random() < 0.35:
        for shift, shade in ((side, scaled(grey, 0.6)), (0.0, grey)):
            cx = x + shift
            pen.polygon(
                [
                    (cx - half * 0.26, base),
                    (cx + half * 0.26, base),
                    (cx + half * 0.26 + lean, base - tall),
                    (cx - half * 0.26 + lean, base - tall),
                ],
                rgba(shade),
            )
            y = base - tall * 0.70
            box(
                pen,
                cx - half * 0.75 + lean * 0.7,
                y - half * 0.22,
                cx + half * 0.75 + lean * 0.7,
                y + half * 0.22,
                shade,
            )
    else:
        for shift, shade in ((side, scaled(grey, 0.6)), (0.0, grey)):
            cx = x + shift
            dot(pen, cx + lean, base - tall * 0.72, half, half * 0.9, shade)
            pen.polygon(
                [
                    (cx - half, base),
                    (cx + half, base),
                    (cx + half + lean, base - tall * 0.72),
                    (cx - half + lean, base - tall * 0.72),
                ],
                rgba(shade),
            )
        for row in range(3):
            y = base - tall * (0.66 - 0.12 * row)
            box(pen, x + lean - half * 0.5, y, x + lean + half * 0.5, y + max(1.0, tall * 0.02), scaled(grey, 0.6))
    dot(pen, x, base, half * 1.2, tall * 0.06, stage.lit((0.26, 0.36, 0.20)))
    if stage.snowy:
        dot(pen, x + lean, base - tall * 0.98, half * 0.8, tall * 0.06, stage.lit(SNOW))
