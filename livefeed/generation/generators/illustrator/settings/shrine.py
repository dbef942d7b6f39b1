"""A shrine behind its gates."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..pixels import blend_colour, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .camp import fir_of
from .forms import SNOW, box, scatter
from .land import grass, turf
from .perspective import Perspective


def shrine(stage: Stage, asked: Asked) -> None:
    """Red gates, one behind the other, over stone steps among cedars."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.90, 0.76, (0.22, 0.78)
    heavens(stage, asked, 0.3)
    glow = blend_colour(stage.light.horizon, (0.86, 0.92, 0.74), 0.2)
    wood = stage.profile("cedarwood", 0.30, 0.08, 6, 5, 0.6)
    stage.fill_below(
        wood,
        stage.lit((0.30, 0.44, 0.32), 0.8),
        blend_colour(stage.lit((0.30, 0.42, 0.30), 0.7), glow, 0.4),
        depth=0.3,
        grain=0.35,
        name="cedarwood",
        stretch=0.5,
    )
    floor = np.full(stage.width, 0.55 * stage.height, np.float32)
    moss = turf(stage, (0.28, 0.40, 0.20))
    stage.fill_below(
        floor, stage.lit(moss, 0.5), stage.lit(scaled(moss, 0.7)), depth=0.4, grain=0.35, name="shrinefloor"
    )
    scatter(
        stage,
        "cedars",
        [
            (0.02, 0.80, 1.0),
            (0.16, 0.70, 0.74),
            (0.27, 0.62, 0.52),
            (0.73, 0.62, 0.52),
            (0.85, 0.70, 0.76),
            (0.98, 0.80, 1.02),
        ],
        fir_of(stage, 0.25),
    )
    view = Perspective(stage, 0.5, 0.50)
    aspect = stage.unit / stage.width

    def path(pen: Draw) -> None:
        depth = 6.0
        while depth > 0:
            near = max(0.0, depth - 0.10 * (1 + 0.8 * depth))
            stone = view.lit(turf(stage, (0.68, 0.66, 0.62)), depth)
            view.band(pen, (0.5 - 0.44 * aspect, 1.12), (0.5 + 0.44 * aspect, 1.12), (near, depth), stone)
            view.band(
                pen,
                (0.5 - 0.44 * aspect, 1.12),
                (0.5 + 0.44 * aspect, 1.12),
                (near, near + 0.25 * (depth - near)),
                scaled(stone, 0.66),
            )
            depth = near

    stage.overlay(path, blur=0.5)
    lanterns_of_stone(stage, view, aspect)
    for depth in (5.0, 3.3, 2.2, 1.4, 0.85, 0.42):
        gate(stage, view, depth, aspect)
    stage.foreground.append(lambda: grass(stage, "shrinemoss", 0.95, 1.06, 200, 0.05, stage.lit(scaled(moss, 0.9))))


def gate(stage: Stage, view: Perspective, depth: float, aspect: float) -> None:
    """Raise one red gate over the path."""
    red, black = view.lit((0.86, 0.22, 0.13), depth), view.lit((0.16, 0.13, 0.14), depth)
    snow = view.lit(SNOW, depth)

    def draw(pen: Draw) -> None:
        left, base = view.at((0.5 - 0.56 * aspect, 1.12, depth))
        right, _ = view.at((0.5 + 0.56 * aspect, 1.12, depth))
        unit = view.size(depth)
        thick, top = unit * 0.045, base - unit * 1.02
        for x in (left, right):
            box(pen, x - thick, top, x + thick, base, red)
            box(
                pen,
                x - stage.lampward * thick * 0.6 - thick * 0.4,
                top,
                x - stage.lampward * thick * 0.6 + thick * 0.4,
                base,
                scaled(red, 0.66),
            )
            box(pen, x - thick * 1.15, base - unit * 0.07, x + thick * 1.15, base, black)
        box(pen, left - unit * 0.04, top + unit * 0.17, right + unit * 0.04, top + unit * 0.245, red)
        box(pen, left - unit * 0.04, top + unit * 0.22, right + unit * 0.04, top + unit * 0.245, scaled(red, 0.66))
        centre = (left + right) / 2
        box(pen, centre - thick, top, centre + thick, top + unit * 0.18, scaled(red, 0.84))
        reach = (right - left) / 2 + unit * 0.17
        beam = [
            (centre - reach, top - unit * 0.095),
            (centre - reach * 0.5, top - unit * 0.05),
            (centre + reach * 0.5, top - unit * 0.05),
            (centre + reach, top - unit * 0.095),
        ]
        low = [
            (centre + reach * 0.94, top + unit * 0.01),
            (centre, top + unit * 0.05),
            (centre - reach * 0.94, top + unit * 0.01),
        ]
        pen.polygon([*beam, *low], rgba(red))
        pen.line(beam, fill=rgba(snow if stage.snowy else black), width=max(2, int(unit * 0.045)), joint="curve")

    stage.attend(stage.overlay(draw, blur=0.4), 0.3)


def lanterns_of_stone(stage: Stage, view: Perspective, aspect: float) -> None:
    """Stand stone lanterns along the path; a flame is in them when it is dark."""
    lights = []

    def draw(pen: Draw) -> None:
        for depth in (2.8, 1.1, 0.12):
            for side in (-1, 1):
                x, base = view.at((0.5 + side * 0.84 * aspect, 1.12, depth))
                unit, stone = view.size(depth) * 0.30, view.lit((0.60, 0.60, 0.58), depth)
                box(pen, x - unit * 0.16, base - unit * 0.12, x + unit * 0.16, base, scaled(stone, 0.8))
                box(pen, x - unit * 0.07, base - unit * 0.55, x + unit * 0.07, base, stone)
                box(pen, x - unit * 0.17, base - unit * 0.62, x + unit * 0.17, base - unit * 0.54, stone)
                flame = (1.0, 0.82, 0.44) if stage.dark else scaled(stone, 0.45)
                box(pen, x - unit * 0.13, base - unit * 0.82, x + unit * 0.13, base - unit * 0.62, scaled(stone, 0.9))
                box(pen, x - unit * 0.08, base - unit * 0.79, x + unit * 0.08, base - unit * 0.65, flame)
                pen.polygon(
                    [
                        (x - unit * 0.26, base - unit * 0.82),
                        (x + unit * 0.26, base - unit * 0.82),
                        (x, base - unit * 1.02),
                    ],
                    rgba(stone),
                )
                lights.append((x / stage.width, (base - unit * 0.72) / stage.height, unit / stage.unit))

    stage.attend(stage.overlay(draw, blur=0.4), 0.2)
    if stage.dark:
        for x, y, size in lights:
            stage.glow(x, y, size * 0.42, (1.0, 0.74, 0.36), 0.5)
