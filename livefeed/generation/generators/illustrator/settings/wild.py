"""Wild land: savanna and jungle."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, mix, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import crown, dot, frond, leaf, scatter, trunk
from .land import grass, turf
from .woods import leafage


def savanna(stage: Stage, asked: Asked) -> None:
    """A golden plain to the horizon, flat-topped acacias, a lone far mountain."""
    stage.horizon, stage.ground, stage.back = 0.60, 0.87, 0.68
    heavens(stage, asked, 0.35)
    columns = np.linspace(0, 1, stage.width, dtype=np.float32)
    peak = 0.5 - stage.lampward * 0.22
    cone = 0.17 * np.exp(-(np.abs((columns - peak) / 0.19) ** 1.5)) - 0.02 * np.exp(-(((columns - peak) / 0.035) ** 2))
    profile = stage.profile("massif", stage.horizon, 0.008, 5, 4) - cone.astype(np.float32) * stage.height
    stage.fill_below(profile, stage.lit((0.46, 0.48, 0.62), 0.8), stage.lit((0.62, 0.60, 0.60), 0.9), name="massif")
    for index, (level, far, tall) in enumerate(((0.605, 0.75, 0.07), (0.66, 0.45, 0.16), (0.75, 0.10, 0.44))):
        random = stage.random(f"acacias{index}")
        spots = [(random.random(), level + 0.03, tall * (0.7 + 0.6 * random.random())) for _ in range(9 - 4 * index)]
        plain(stage, f"plain{index}", level, far)
        acacias(stage, f"acacias{index}", spots[1:] if index < 2 else [(0.5 - stage.lampward * 0.36, 0.79, tall)], far)
    dry = stage.lit(turf(stage, (0.72, 0.56, 0.24)))
    grass(stage, "savannaback", 0.72, 0.90, 380, 0.05, dry)
    stage.foreground.append(lambda: grass(stage, "savannafront", 0.91, 1.06, 520, 0.13, scaled(dry, 0.82)))


def plain(stage: Stage, name: str, level: float, far: float) -> None:
    """Lay a strip of dry grassland from a height down."""
    gold = turf(stage, (0.84, 0.66, 0.30))
    crest = blend_colour(stage.lit(gold, far), stage.light.key, 0.10)
    stage.fill_below(
        stage.profile(name, level, 0.008, 2.5, 3, 0.4),
        crest,
        stage.lit(scaled(gold, 0.74), far * 0.8),
        depth=0.2,
        grain=0.16,
        name=name,
        stretch=6,
    )


def acacias(stage: Stage, name: str, spots: list[tuple[float, float, float]], far: float) -> None:
    """Stand flat-topped thorn trees on the plain."""

    def acacia(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        bark: Colour = (0.30, 0.22, 0.16)
        for lean in (-0.34, 0.06, 0.38):
            trunk(
                pen,
                stage,
                x + lean * tall * 0.06,
                base,
                base - tall * 0.74,
                tall * 0.04,
                bark,
                lean=lean * tall,
                distance=far,
            )
        for shift, level, wide in ((-0.28, 0.74, 0.36), (0.30, 0.78, 0.34), (0.02, 0.86, 0.46)):
            crown(
                pen,
                stage,
                random,
                x + shift * tall,
                base - level * tall,
                tall * wide,
                tall * 0.075,
                (0.44, 0.50, 0.22),
                distance=far,
                clumps=int(20 + tall * 0.25),
            )

    scatter(stage, name, spots, acacia)


def jungle(stage: Stage, asked: Asked) -> None:
    """Layer upon layer of leaves in green haze, lianas, great fronds that frame the view."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.58, 0.88, 0.78, (0.16, 0.84)
    heavens(stage, asked, 0.2)
    haze = blend_colour(stage.light.horizon, (0.52, 0.76, 0.36), 0.15 if stage.dark else 0.66)
    stage.light = replace(stage.light, horizon=haze, mist=max(0.50, stage.light.mist - 0.1))
    stage.picture[:] = mix(stage.picture, haze, 0.55)
    stage.glow(0.5, 0.36, 0.26, blend_colour(haze, (1, 1, 0.9), 0.35), 0.5 if not stage.dark else 0.25)
    stage.keep_sky()
    cascade(stage, 0.5 + stage.lampward * 0.14, 0.10, 0.60, 0.07)
    green: Colour = (0.13, 0.40, 0.17)
    for index, (level, far) in enumerate(((0.50, 0.85), (0.58, 0.6), (0.68, 0.32))):
        thicket(stage, f"thicket{index}", level, green, far)
        leafage(stage, f"canopy{index}", 0.30 - 0.07 * index, stage.lit(green, far))
    stage.fill_below(
        stage.profile("junglefloor", 0.76, 0.02, 3, 4),
        stage.lit(turf(stage, (0.26, 0.36, 0.15))),
        stage.lit((0.14, 0.18, 0.09)),
        depth=0.2,
        grain=0.3,
        name="junglefloor",
    )
    giants(stage)
    palms(stage, "understory", [(0.10, 0.84, 0.26), (0.27, 0.79, 0.17), (0.74, 0.80, 0.18), (0.91, 0.85, 0.27)], 0.2)
    stage.foreground.append(lambda: near_fronds(stage))


def cascade(stage: Stage, x: float, top: float, bottom: float, wide: float) -> None:
    """Let a far, thin waterfall hang in the haze."""

    def draw(pen: Draw) -> None:
        left, right = (x - wide / 2) * stage.width, (x + wide / 2) * stage.width
        for step in range(9):
            t = step / 8
            shade = blend_colour(stage.light.haze, (1, 1, 1), 0.35 + 0.4 * abs(math.sin(step * 2.3)))
            px = left + (right - left) * t
            pen.line(
                (px, top * stage.height, px + 2 * (t - 0.5) * wide * stage.width * 0.3, bottom * stage.height),
                fill=rgba(shade, 0.8),
                width=max(2, int((right - left) / 6)),
            )

    stage.overlay(draw, blur=stage.unit * 0.004)
    stage.glow(x, bottom - 0.02, 0.07, blend_colour(stage.light.haze, (1, 1, 1), 0.6), 0.5)


def thicket(stage: Stage, name: str, level: float, green: Colour, far: float) -> None:
    """Raise one ragged wall of bushes."""
    profile = stage.profile(name, level, 0.07, 6, 5, 0.62)
    crest = blend_colour(stage.lit(scaled(green, 1.5), far), stage.light.key, 0.10)
    stage.fill_below(profile, crest, stage.lit(scaled(green, 0.6), far), depth=0.16, grain=0.5, name=name, stretch=1)


def giants(stage: Stage) -> None:
    """Stand a buttressed tree at each side, lianas between them."""
    random = stage.random("giants")

    def draw(pen: Draw) -> None:
        for side, size in ((0.03, 1.0), (0.96, 1.25)):
            x, base, thick = side * stage.width, 0.86 * stage.height, 0.11 * size * stage.unit
            trunk(pen, stage, x, base, 0.0, thick, (0.27, 0.22, 0.16), distance=0.08)
            for _ in range(9):
                y = random.random() * base * 0.9
                dot(
                    pen,
                    x + thick * (random.random() - 0.5),
                    y,
                    thick * 0.16,
                    thick * 0.10,
                    stage.lit((0.20, 0.40, 0.16)),
                )
        for _ in range(7):
            start, drop = random.random(), 0.12 + 0.34 * random.random()
            span = 0.10 + 0.14 * random.random()
            points = [
                ((start + span * t / 12) * stage.width, drop * 4 * (t / 12) * (1 - t / 12) * stage.height)
                for t in range(13)
            ]
            pen.line(
                points,
                fill=rgba(stage.lit((0.17, 0.26, 0.12), 0.2)),
                width=max(1, int(stage.unit * 0.006)),
                joint="curve",
            )

    alpha = stage.overlay(draw, blur=0.6)
    stage.flow[alpha > 0.5] = np.pi / 2


def palms(stage: Stage, name: str, spots: list[tuple[float, float, float]], far: float) -> None:
    """Let ferns and small palms spring from the ground."""

    def fern(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        for blade in range(9):
            angle = math.pi * (0.10 + 0.80 * (blade + 0.5 * random.random()) / 8.5)
            green = blend_colour((0.16, 0.46, 0.18), (0.46, 0.66, 0.20), random.random())
            frond(pen, x, base, tall * (0.8 + 0.4 * random.random()), angle, stage.lit(green, far), droop=0.55)

    scatter(stage, name, spots, fern)


def near_fronds(stage: Stage) -> None:
    """Push dark leaves in from the edges, near the eye."""
    random = stage.random("nearfronds")

    def draw(pen: Draw) -> None:
        for side in (0.0, 1.0):
            for index in range(7):
                y = (0.02 + 0.16 * index + 0.05 * random.random()) * stage.height
                out = math.pi * (0.02 + 0.16 * (random.random() - 0.4))
                angle = out if side == 0.0 else math.pi - out
                middle = 1.0 if index in (0, 6) else 0.62
                shade = stage.lit(scaled((0.08, 0.26, 0.11), 0.8 + 0.7 * random.random()))
                x, length = (side * 1.04 - 0.02) * stage.width, stage.unit * (0.26 + 0.10 * random.random()) * middle
                if index % 3 == 1:
                    frond(pen, x, y, length, angle, shade, wide=0.28)
                else:
                    leaf(pen, x, y, length * 0.9, angle, shade, wide=0.24)

    stage.overlay(draw, blur=0.8)
    grass(stage, "junglefront", 0.95, 1.06, 260, 0.09, stage.lit((0.10, 0.26, 0.10)))
