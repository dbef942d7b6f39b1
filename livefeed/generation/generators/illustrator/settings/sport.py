"""For sport: a stadium and a swimming pool."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import blend_colour, hue_colour, scaled
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .land import turf
from .perspective import Perspective
from .water import swell

PAINT = ((0.0, 0.76, 0.88), (0.13, 0.80, 0.98), (0.58, 0.72, 0.90), (0.36, 0.62, 0.74), (0.07, 0.80, 0.96))


def stadium(stage: Stage, asked: Asked) -> None:
    """A mown pitch with its lines and goal, the stands full, floodlights."""
    stage.horizon, stage.ground, stage.back = 0.46, 0.88, 0.66
    heavens(stage, asked, 0.4)
    stands(stage)
    floodlights(stage)
    pitch(stage)


def stands(stage: Stage) -> None:
    """Fill the stands with people, tier above tier, a roof over them and boards before them."""
    random = stage.random("stands")
    top, bottom = 0.26, 0.545

    def draw(pen: Draw) -> None:
        box(
            pen,
            0,
            (top - 0.055) * stage.height,
            stage.width,
            (top + 0.015) * stage.height,
            stage.lit((0.36, 0.38, 0.42), 0.2),
        )
        box(
            pen,
            0,
            (top + 0.008) * stage.height,
            stage.width,
            (top + 0.018) * stage.height,
            stage.lit((0.86, 0.87, 0.90), 0.2),
        )
        box(
            pen, 0, (top + 0.018) * stage.height, stage.width, bottom * stage.height, stage.lit((0.20, 0.22, 0.28), 0.2)
        )
        rows = 15
        for row in range(rows):
            y = (top + 0.03 + (bottom - top - 0.05) * row / rows) * stage.height
            size = stage.unit * (0.0065 + 0.0030 * row / rows)
            x = -size * random.random()
            while x < stage.width:
                if random.random() < 0.90:
                    shirt = stage.lit(hue_colour(*PAINT[int(random.random() ** 1.5 * 5)]), 0.25)
                    dot(pen, x, y + size * 1.5, size * 0.95, size * 1.2, scaled(shirt, 0.8 + 0.3 * random.random()))
                    skin = blend_colour((0.94, 0.76, 0.62), (0.42, 0.28, 0.20), random.random())
                    dot(pen, x, y, size * 0.6, size * 0.65, stage.lit(skin, 0.2))
                x += size * 2.3
        box(
            pen,
            0,
            (bottom - 0.028) * stage.height,
            stage.width,
            bottom * stage.height,
            stage.lit((0.93, 0.94, 0.95), 0.1),
        )
        for i in range(14):
            x = stage.width * i / 14
            board = stage.lit(hue_colour(*PAINT[i % 5]), 0.1)
            box(
                pen,
                x + 3,
                (bottom - 0.024) * stage.height,
                x + stage.width / 14 - 3,
                (bottom - 0.004) * stage.height,
                board,
            )

    stage.attend(stage.overlay(draw, blur=0.4), 0.15)


def floodlights(stage: Stage) -> None:
    """Raise a mast of lights at each side."""

    def draw(pen: Draw) -> None:
        steel = stage.lit((0.44, 0.46, 0.50), 0.2)
        for x in (0.09, 0.91):
            cx, half = x * stage.width, 0.055 * stage.unit
            box(pen, cx - stage.unit * 0.006, 0.09 * stage.height, cx + stage.unit * 0.006, 0.27 * stage.height, steel)
            box(pen, cx - half, 0.035 * stage.height, cx + half, 0.105 * stage.height, scaled(steel, 0.6))
            for row in range(2):
                for i in range(4):
                    shine = (1.0, 0.98, 0.90) if stage.dark else stage.lit((0.90, 0.92, 0.94))
                    dot(
                        pen,
                        cx + half * (i / 2 - 0.75),
                        (0.053 + 0.034 * row) * stage.height,
                        half * 0.18,
                        half * 0.18,
                        shine,
                    )

    stage.overlay(draw, blur=0.4)
    if stage.dark:
        for x in (0.09, 0.91):
            stage.glow(x, 0.07, 0.09, (1.0, 0.98, 0.92), 0.8)
            stage.glow(x, 0.20, 0.34, (0.90, 0.94, 1.0), 0.28)


def pitch(stage: Stage) -> None:
    """Mow the grass in stripes, draw the lines, set up the goal."""
    flat = np.full(stage.width, 0.545 * stage.height, np.float32)
    green = turf(stage, (0.32, 0.62, 0.24))
    bright = 1.25 if stage.dark else 1.0
    stage.fill_below(
        flat,
        stage.lit(scaled(green, bright), 0.12),
        stage.lit(scaled(green, 0.85 * bright)),
        depth=0.4,
        grain=0.10,
        name="pitch",
    )
    view = Perspective(stage, 0.5, 0.40)
    aspect = stage.unit / stage.width

    def draw(pen: Draw) -> None:
        for i in range(-9, 9, 2):
            view.band(
                pen,
                (0.5 + i * 0.42 * aspect, 1.1),
                (0.5 + (i + 1) * 0.42 * aspect, 1.1),
                (0.0, 3.9),
                scaled(stage.lit(green), 1.16 * bright),
                0.6,
            )
        white = stage.lit((0.97, 0.98, 0.96))
        for x0, x1, near, far in ((-1.5, 1.5, 1.3, 3.4), (-0.75, 0.75, 2.2, 3.4)):
            left, right = 0.5 + x0 * aspect, 0.5 + x1 * aspect
            for start, end in (
                ((left, near), (right, near)),
                ((left, near), (left, far)),
                ((right, near), (right, far)),
                ((left, far), (right, far)),
            ):
                view.line(pen, (start[0], 1.1, start[1]), (end[0], 1.1, end[1]), white, 0.016)
        cx, cy = view.at((0.5, 1.1, 1.3))
        reach = 0.16 * stage.unit
        pen.arc(
            (cx - reach, cy - reach * 0.32, cx + reach, cy + reach * 0.32),
            0,
            180,
            fill=rgba(white),
            width=max(2, int(stage.unit * 0.006)),
        )
        goal(pen, stage, view, aspect)

    stage.overlay(draw, blur=0.5)


def goal(pen: Draw, stage: Stage, view: Perspective, aspect: float) -> None:
    """Draw the goal at the far line, its net hanging behind."""
    left, base = view.at((0.5 - 0.46 * aspect, 1.1, 3.4))
    right, _ = view.at((0.5 + 0.46 * aspect, 1.1, 3.4))
    top = base - 0.085 * stage.unit
    net, white = stage.lit((0.90, 0.92, 0.92)), stage.lit((0.99, 0.99, 0.99))
    for i in range(13):
        x = left + (right - left) * i / 12
        pen.line((x, top, x, base), fill=rgba(net, 0.5), width=1)
    for i in range(5):
        y = top + (base - top) * i / 5
        pen.line((left, y, right, y), fill=rgba(net, 0.5), width=1)
    pen.line(
        [(left, base), (left, top), (right, top), (right, base)],
        fill=rgba(white),
        width=max(2, int(stage.unit * 0.007)),
    )


def pool(stage: Stage, asked: Asked) -> None:
    """A swimming pool with its lanes, tiles, parasols and loungers."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.46, 0.90, 0.86, (0.10, 0.90)
    heavens(stage, asked, 0.3)
    hedge = stage.profile("poolhedge", 0.47, 0.012, 9, 4, 0.6)
    stage.fill_below(
        hedge,
        stage.lit((0.30, 0.52, 0.28), 0.4),
        stage.lit((0.18, 0.36, 0.18), 0.3),
        depth=0.1,
        grain=0.4,
        name="poolhedge",
    )
    flat = np.full(stage.width, 0.545 * stage.height, np.float32)
    tiles = turf(stage, (0.90, 0.84, 0.74))
    stage.fill_below(
        flat, stage.lit(tiles, 0.15), stage.lit(scaled(tiles, 0.88)), depth=0.4, grain=0.06, name="poolside"
    )
    for x, base, tall in ((0.07, 0.60, 0.36), (0.95, 0.605, 0.40)):
        plant(stage, "palm tree", x, base, tall, distance=0.2, mirrored=x > 0.5)
    parasols(stage)
    basin(stage, bool(asked.floats))
    stage.shallows = 0.74
    if asked.floats:
        stage.flood(0.78)
        near = stage.lit((0.10, 0.62, 0.80))
        stage.foreground.append(lambda: swell(stage, "poolfront", 0.785, 0.003, near, 0.0))


def parasols(stage: Stage) -> None:
    """Stand parasols and loungers along the far side."""

    def parasol(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        pen.line(
            (x, base, x, base - tall), fill=rgba(stage.lit((0.9, 0.88, 0.84), 0.1)), width=max(2, int(tall * 0.03))
        )
        for i in range(6):
            t0, t1 = i / 3 - 1, (i + 1) / 3 - 1
            colour = stage.lit((0.94, 0.40, 0.34) if i % 2 else (0.99, 0.96, 0.88), 0.1)
            pen.polygon(
                [
                    (x + t0 * tall * 0.5, base - tall * (0.74 + 0.04 * (1 - abs(t0)))),
                    (x + t1 * tall * 0.5, base - tall * (0.74 + 0.04 * (1 - abs(t1)))),
                    (x, base - tall * 1.04),
                ],
                rgba(colour),
            )
        bed = stage.lit((0.97, 0.97, 0.95), 0.1)
        left = x + tall * 0.12
        pen.polygon(
            [
                (left, base - tall * 0.14),
                (left + tall * 0.52, base - tall * 0.14),
                (left + tall * 0.52, base - tall * 0.07),
                (left, base - tall * 0.07),
            ],
            rgba(bed),
        )
        pen.polygon(
            [
                (left, base - tall * 0.14),
                (left - tall * 0.14, base - tall * 0.36),
                (left - tall * 0.06, base - tall * 0.38),
                (left + tall * 0.08, base - tall * 0.14),
            ],
            rgba(scaled(bed, 0.88)),
        )

    scatter(stage, "parasols", [(0.20, 0.595, 0.20), (0.44, 0.59, 0.19), (0.70, 0.592, 0.19)], parasol, focus=0.25)


def basin(stage: Stage, wide: bool) -> None:
    """Sink the pool: turquoise water with lanes and a net of light, a pale rim, a ladder."""
    view = Perspective(stage, 0.5, 0.40)
    aspect = stage.unit / stage.width
    near = 0.0 if wide else 0.26
    blue = (
        stage.lit((0.14, 0.70, 0.86))
        if not stage.dark
        else blend_colour(stage.lit((0.14, 0.70, 0.86)), (0.20, 0.80, 0.96), 0.5)
    )
    half = 1.0 * aspect

    def draw(pen: Draw) -> None:
        rim = stage.lit((0.98, 0.98, 0.96))
        view.band(pen, (0.5 - half * 1.06, 1.1), (0.5 + half * 1.06, 1.1), (near - 0.03 if near else 0.0, 2.36), rim)
        view.band(pen, (0.5 - half, 1.1), (0.5 + half, 1.1), (near, 2.3), blue)
        view.band(pen, (0.5 - half, 1.1), (0.5 + half, 1.1), (2.0, 2.3), scaled(blue, 0.78))
        random = stage.random("poollight")
        for _ in range(150):
            depth = near + (2.2 - near) * random.random() ** 1.4
            x = 0.5 + half * (random.random() * 1.9 - 0.95)
            cx, cy = view.at((x, 1.1, depth))
            size = view.size(depth) * 0.03
            pen.arc(
                (cx - size, cy - size * 0.4, cx + size, cy + size * 0.4),
                int(360 * random.random()),
                int(360 * random.random()) + 160,
                fill=rgba((0.92, 1.0, 1.0), 0.55),
                width=max(1, int(size * 0.14)),
            )
        for lane in (-0.5, 0.0, 0.5):
            for i in range(34):
                depth = near + (2.25 - near) * i / 34
                cx, cy = view.at((0.5 + half * lane, 1.1, depth))
                size = view.size(depth) * 0.010
                dot(
                    pen, cx, cy, size, size * 0.7, stage.lit((0.92, 0.26, 0.24) if (i // 3) % 2 else (0.98, 0.98, 0.98))
                )
        steel = rgba(stage.lit((0.86, 0.88, 0.92)))
        for x in (0.80, 0.90):
            cx, cy = view.at((0.5 + half * x, 1.1, near + 0.05))
            high = stage.unit * 0.10
            pen.arc(
                (cx - high * 0.3, cy - high, cx + high * 0.3, cy), 180, 360, fill=steel, width=max(2, int(high * 0.09))
            )
            pen.line(
                (cx - high * 0.3, cy - high * 0.5, cx - high * 0.3, cy + high * 0.3),
                fill=steel,
                width=max(2, int(high * 0.09)),
            )

    alpha = stage.overlay(draw, blur=0.5)
    stage.flow[alpha > 0.5] = 0.0
    if stage.dark:
        stage.glow(0.5, 0.72, 0.34, (0.20, 0.76, 0.94), 0.30)
