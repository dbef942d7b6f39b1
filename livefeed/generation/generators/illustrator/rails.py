"""Railways: an engine with its carriages, the track they stand on and the steam above."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from . import art
from .asked import Subject
from .cutout import Cutout, assembled, fit
from .pixels import Array, Colour, blend_colour
from .planting import recolour
from .stage import Draw, Stage, rgba

ENGINE = "locomotive"
RAIL = frozenset({ENGINE, "railway car", "light rail", "tram", "tram car"})
CARRIAGE = 0.27
"""From which share of its height on the picture of a carriage shows it, and no longer its wire."""
COLOURS: tuple[Colour, ...] = ((0.72, 0.20, 0.28), (0.20, 0.42, 0.58))
"""What the carriages are painted in."""


def by_rail(subjects: Sequence[Subject]) -> bool:
    """True when one of these goes on rails."""
    return any(subject.label in RAIL for subject in subjects)


def coupled(engine: Cutout) -> Cutout:
    """Return an engine, which looks to the left, with its carriages behind it."""
    layers: list[tuple[Array, float, float]] = [(engine.picture, 0.0, 0.0)]
    plain = art.pixels(art.named("railway car").code)
    plain = plain[round(CARRIAGE * plain.shape[0]) :]
    x = float(engine.width)
    for colour in COLOURS:
        carriage = recolour(fit(plain, round(1.12 * engine.width)), colour)
        coupling = np.zeros((max(2, engine.height // 26), max(6, engine.width // 12), 4), np.float32)
        coupling[...] = (0.20, 0.18, 0.24, 1.0)
        layers.append((coupling, x - 0.2 * coupling.shape[1], 0.83 * engine.height))
        x += 0.6 * coupling.shape[1]
        layers.append((carriage, x, float(engine.height - carriage.shape[0])))
        x += carriage.shape[1]
    return assembled(layers, engine.points, engine.head)


def track(stage: Stage, base: float) -> None:
    """Lay a track from side to side on which wheels stand at `base` (fraction of the height)."""
    unit, foot = stage.unit, base * stage.height
    stone, wood = stage.lit((0.56, 0.52, 0.50)), stage.lit((0.36, 0.25, 0.20))
    steel = blend_colour(stage.lit((0.66, 0.68, 0.74)), stage.light.key, 0.25)
    random = stage.random("track")

    def draw(pen: Draw) -> None:
        pen.rectangle((0, foot - 0.006 * unit, stage.width, foot + 0.030 * unit), rgba(stone))
        for _ in range(int(stage.width / unit * 240)):
            x, y = random.random() * stage.width, foot + (0.002 + 0.030 * random.random()) * unit
            tone = 0.72 + 0.5 * random.random()
            size = (0.003 + 0.003 * random.random()) * unit
            shade = (min(1.0, stone[0] * tone), min(1.0, stone[1] * tone), min(1.0, stone[2] * tone))
            pen.ellipse((x - size, y - 0.7 * size, x + size, y + 0.7 * size), rgba(shade))
        step = 0.052 * unit
        for index in range(int(stage.width / step) + 2):
            x = index * step
            pen.rectangle((x, foot + 0.004 * unit, x + 0.026 * unit, foot + 0.018 * unit), rgba(wood))
        for y, thick in ((foot - 0.002 * unit, 0.006), (foot + 0.012 * unit, 0.008)):
            pen.rectangle((0, y, stage.width, y + thick * unit), rgba(steel))

    stage.attend(stage.overlay(draw, blur=0.0012 * unit), 0.5)


def steam(stage: Stage, x: float, y: float, size: float, way: float) -> None:
    """Let steam rise from (x, y) (fractions) and drift away, in puffs of `size` (of the shorter side); way: -1 or 1."""
    random = stage.random("steam")
    white = blend_colour(stage.lit((0.96, 0.96, 0.98)), stage.light.horizon, 0.25)

    def draw(pen: Draw) -> None:
        for index in reversed(range(9)):
            t = index / 8
            centre_x = x * stage.width + way * size * stage.unit * (2.6 * t**1.3 + 0.2 * random.random())
            centre_y = y * stage.height - size * stage.unit * (0.25 + 1.5 * t**0.8)
            reach = size * stage.unit * (0.20 + 0.50 * t)
            box = (centre_x - reach, centre_y - 0.8 * reach, centre_x + reach, centre_y + 0.8 * reach)
            pen.ellipse(box, rgba(white, 0.95 - 0.55 * t))

    stage.overlay(draw, blur=0.010 * stage.unit)
