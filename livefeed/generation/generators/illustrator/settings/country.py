"""Settled land: village, farm, road."""

from __future__ import annotations

import math

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import SNOW, box, dot, house, scatter, tree
from .land import GREENS, autumn, flowers, grass, rolling, turf
from .perspective import Perspective

PLASTER: list[Colour] = [(0.93, 0.88, 0.78), (0.88, 0.74, 0.58), (0.80, 0.84, 0.84), (0.94, 0.80, 0.66)]


TILES: list[Colour] = [(0.70, 0.32, 0.22), (0.60, 0.30, 0.22), (0.44, 0.32, 0.30)]


def leafy(stage: Stage, colour: Colour) -> Colour:
    """Return the colour of leaves in the season."""
    return autumn([colour])[0] if "leaves" in stage.weather else colour


def winding_path(
    stage: Stage, name: str, start: float, end: tuple[float, float], wide: float, colour: Colour, *, bend: float = 0.08
) -> None:
    """Wind a path from the bottom edge at `start` to the point `end` (fractions), `wide` (fraction) at its foot."""
    earth = stage.lit(turf(stage, colour))

    def draw(pen: Draw) -> None:
        for margin, shade in ((1.14, scaled(earth, 0.72)), (1.0, earth), (0.5, scaled(earth, 1.08))):
            left, right = [], []
            for step in range(32):
                t = step / 31
                near = (1 - t) ** 1.7
                x = end[0] + (start - end[0]) * (1 - t) ** 1.2 + bend * math.sin(t * 6.0) * (0.25 + near)
                y = (1.04 + (end[1] - 1.04) * t**0.75) * stage.height
                half = wide / 2 * (near + 0.035) * margin
                left.append(((x - half) * stage.width, y))
                right.append(((x + half) * stage.width, y))
            pen.polygon([*left, *reversed(right)], rgba(shade, 1.0 if margin >= 1 else 0.6))

    stage.overlay(draw, blur=1.0)


def village(stage: Stage, asked: Asked) -> None:
    """Cottages round a green, a church on the hill, a path that leads in."""
    stage.horizon, stage.ground, stage.back = 0.46, 0.88, 0.74
    heavens(stage, asked, 0.5)
    greens = [(0.42, 0.52, 0.56), *GREENS[1:]]
    rolling(stage, autumn(greens) if "leaves" in stage.weather else greens, 0.045)
    spire = 0.5 + stage.lampward * 0.08

    scatter(
        stage,
        "church",
        [(spire, 0.60, 0.30)],
        lambda pen, random, x, base, tall: parish_church(pen, stage, x, base, tall),
        focus=0.2,
    )
    winding_path(stage, "villagepath", 0.5 - stage.lampward * 0.10, (spire, 0.62), 0.34, (0.82, 0.72, 0.54))
    random = stage.random("cottages")
    spots = [
        (0.11, 0.79, 0.30),
        (0.27, 0.70, 0.20),
        (0.40, 0.64, 0.13),
        (0.66, 0.655, 0.14),
        (0.78, 0.71, 0.20),
        (0.92, 0.80, 0.31),
    ]
    spots = [(x, y, tall * (0.92 + 0.16 * random.random())) for x, y, tall in spots]

    def cottage(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        wall, roof = PLASTER[int(random.random() * 4)], TILES[int(random.random() * 3)]
        far = 0.45 - tall / stage.unit
        house(pen, stage, random, x, base, tall * 1.05, tall, wall, roof, distance=max(0.08, far))

    scatter(stage, "cottages", spots, cottage, focus=0.3)
    green = leafy(stage, (0.32, 0.54, 0.26))
    scatter(
        stage,
        "villagetrees",
        [
            (0.0, 0.82, 0.40),
            (0.19, 0.705, 0.13),
            (0.335, 0.65, 0.09),
            (0.86, 0.715, 0.13),
            (0.60, 0.635, 0.08),
            (1.01, 0.83, 0.40),
        ],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, green, distance=0.25),
    )
    if stage.dark:
        for x, y, tall in spots:
            stage.glow(x, y - stage.rise(tall * 0.25), tall * 0.32, (1.0, 0.74, 0.38), 0.30)
    stage.foreground.append(lambda: verge(stage, (0.34, 0.56, 0.24)))


def parish_church(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a far white church with its spire."""
    wall, roof = stage.lit((0.90, 0.86, 0.78), 0.4), stage.lit((0.40, 0.40, 0.46), 0.4)
    box(pen, x - tall * 0.10, base - tall * 0.55, x + tall * 0.10, base, wall)
    pen.polygon(
        [(x - tall * 0.13, base - tall * 0.55), (x + tall * 0.13, base - tall * 0.55), (x, base - tall)], rgba(roof)
    )
    box(pen, x + tall * 0.10, base - tall * 0.26, x + tall * 0.48, base, scaled(wall, 0.92))
    pen.polygon(
        [
            (x + tall * 0.06, base - tall * 0.26),
            (x + tall * 0.52, base - tall * 0.26),
            (x + tall * 0.44, base - tall * 0.42),
            (x + tall * 0.12, base - tall * 0.42),
        ],
        rgba(roof),
    )
    box(
        pen,
        x - tall * 0.03,
        base - tall * 0.48,
        x + tall * 0.03,
        base - tall * 0.36,
        stage.lit((0.3, 0.3, 0.36), 0.4),
    )


def verge(stage: Stage, colour: Colour, *, low: float = 0.93) -> None:
    """Let grass and flowers stand along the bottom edge."""
    green = stage.lit(scaled(leafy(stage, colour), 0.85))
    grass(stage, "verge", low, 1.06, 420, 0.085, green)
    flowers(stage, "vergeflowers", low + 0.01, 1.0, 26)


def farm(stage: Stage, asked: Asked) -> None:
    """A red barn and its silo, a white fence, bales on a stubble field."""
    stage.horizon, stage.ground, stage.back = 0.52, 0.88, 0.72
    heavens(stage, asked, 0.5)
    fields: list[Colour] = [(0.40, 0.54, 0.44), (0.46, 0.62, 0.30), (0.90, 0.74, 0.34)]
    rolling(stage, fields, 0.02)
    furrows(stage)
    side = -stage.lampward
    scatter(
        stage,
        "barn",
        [(0.5 + side * 0.27, 0.705, 0.34)],
        lambda pen, random, x, base, tall: barn(pen, stage, x, base, tall),
        focus=0.35,
    )
    scatter(
        stage,
        "farmtrees",
        [(0.5 + side * 0.46, 0.70, 0.30), (0.5 - side * 0.36, 0.64, 0.15), (0.5 - side * 0.45, 0.645, 0.17)],
        lambda pen, random, x, base, tall: tree(
            pen, stage, random, x, base, tall, leafy(stage, (0.34, 0.54, 0.26)), distance=0.3
        ),
    )
    bales = [(0.5 - side * 0.20, 0.715, 0.06), (0.5 - side * 0.33, 0.75, 0.09), (0.5 - side * 0.42, 0.83, 0.14)]
    scatter(stage, "bales", bales, lambda pen, random, x, base, tall: bale(pen, stage, x, base, tall), focus=0.2)
    fence(stage, 0.795)
    stage.foreground.append(
        lambda: grass(stage, "stubble", 0.93, 1.06, 460, 0.10, stage.lit(turf(stage, (0.72, 0.60, 0.26))))
    )


def furrows(stage: Stage) -> None:
    """Draw the rows of a field towards the vanishing point."""
    view = Perspective(stage, 0.5, stage.horizon - 0.06)
    earth = stage.lit(turf(stage, (0.74, 0.58, 0.26)))

    def draw(pen: Draw) -> None:
        for i in range(-26, 27):
            view.band(pen, (0.5 + i * 0.14, 1.1), (0.5 + i * 0.14 + 0.05, 1.1), (0.0, 0.95), scaled(earth, 0.80), 0.55)

    stage.overlay(draw, blur=1.0)


def barn(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a red barn with a gambrel roof and white boards, its silo beside it."""
    red, roof = stage.lit((0.72, 0.18, 0.15), 0.12), stage.lit(SNOW if stage.snowy else (0.42, 0.40, 0.42), 0.12)
    white, half = stage.lit((0.96, 0.94, 0.90), 0.12), tall * 0.48
    silo = x - stage.lampward * tall * 0.66
    box(pen, silo - tall * 0.14, base - tall * 0.92, silo + tall * 0.14, base, stage.lit((0.74, 0.74, 0.76), 0.15))
    box(
        pen,
        silo + stage.lampward * tall * 0.10 - tall * 0.03,
        base - tall * 0.92,
        silo + stage.lampward * tall * 0.10 + tall * 0.03,
        base,
        stage.lit((0.94, 0.94, 0.94), 0.12),
    )
    dot(pen, silo, base - tall * 0.92, tall * 0.14, tall * 0.11, roof)
    shape = [
        (x - half, base),
        (x - half, base - tall * 0.52),
        (x - half * 0.62, base - tall * 0.84),
        (x, base - tall),
        (x + half * 0.62, base - tall * 0.84),
        (x + half, base - tall * 0.52),
        (x + half, base),
    ]
    pen.polygon(shape, rgba(red))
    for i in range(-4, 5):
        pen.line(
            (x + i * half / 4.6, base - tall * 0.55, x + i * half / 4.6, base), fill=rgba(scaled(red, 0.82)), width=1
        )
    edge = max(2, int(tall * 0.05))
    pen.line([(px, py) for px, py in shape[1:6]], fill=rgba(roof), width=edge, joint="curve")
    door = half * 0.42
    box(pen, x - door, base - tall * 0.40, x + door, base, scaled(red, 0.70))
    line = max(1, int(tall * 0.022))
    for start, end in (
        ((-door, 0), (door, 0.40)),
        ((door, 0), (-door, 0.40)),
        ((-door, 0), (-door, 0.40)),
        ((door, 0), (door, 0.40)),
        ((-door, 0.40), (door, 0.40)),
    ):
        pen.line((x + start[0], base - tall * start[1], x + end[0], base - tall * end[1]), fill=rgba(white), width=line)
    pane = (1.0, 0.84, 0.46) if stage.dark else stage.lit((0.24, 0.16, 0.16), 0.1)
    box(pen, x - half * 0.2, base - tall * 0.74, x + half * 0.2, base - tall * 0.56, white)
    box(pen, x - half * 0.15, base - tall * 0.72, x + half * 0.15, base - tall * 0.58, pane)


def bale(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a round bale of straw from its end."""
    straw = stage.lit(turf(stage, (0.90, 0.72, 0.34)), 0.15)
    half = tall / 2
    body = x - stage.lampward * tall * 0.36
    dot(pen, body, base - half, half, half, scaled(straw, 0.66))
    box(pen, min(body, x), base - tall, max(body, x), base, scaled(straw, 0.78))
    for ring in range(5):
        dot(
            pen,
            x,
            base - half,
            half * (1 - 0.2 * ring),
            half * (1 - 0.2 * ring),
            scaled(straw, 1.0 if ring % 2 else 0.86),
        )


def fence(stage: Stage, base: float) -> None:
    """Run a white fence across the middle ground."""
    white = stage.lit((0.95, 0.93, 0.88), 0.1)

    def draw(pen: Draw) -> None:
        gap, tall = 0.085 * stage.unit, 0.075 * stage.unit
        for i in range(int(stage.width / gap) + 2):
            x = (i - 0.3) * gap
            box(pen, x, base * stage.height - tall, x + gap * 0.16, base * stage.height, white)
            box(
                pen,
                x + gap * 0.11,
                base * stage.height - tall,
                x + gap * 0.16,
                base * stage.height,
                scaled(white, 0.74),
            )
        for level in (0.86, 0.46):
            y = base * stage.height - tall * level
            box(pen, 0, y, stage.width, y + tall * 0.13, white)
            box(pen, 0, y + tall * 0.10, stage.width, y + tall * 0.15, scaled(white, 0.72))

    stage.overlay(draw, blur=0.4)


def road(stage: Stage, asked: Asked) -> None:
    """A straight road to the horizon, its broken line, telegraph poles, far blue hills."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.52, 0.88, 0.66, (0.20, 0.80)
    heavens(stage, asked, 0.5)
    for index, (level, swing, far) in enumerate(((0.47, 0.05, 0.85), (0.50, 0.03, 0.65))):
        ridge = stage.profile(f"roadhill{index}", level, swing, 3, 4)
        stage.fill_below(
            ridge, stage.lit((0.42, 0.42, 0.56), far), stage.lit((0.56, 0.50, 0.50), far), name=f"roadhill{index}"
        )
    flat = np.full(stage.width, stage.horizon * stage.height, np.float32)
    scrub = turf(stage, (0.74, 0.62, 0.38))
    stage.fill_below(
        flat, stage.lit(scrub, 0.7), stage.lit(scaled(scrub, 0.86)), depth=0.35, grain=0.25, name="scrub", stretch=6
    )
    grass(stage, "roadscrub", 0.60, 0.94, 190, 0.05, stage.lit(turf(stage, (0.56, 0.54, 0.26))))
    view = Perspective(stage, 0.5, stage.horizon)
    aspect = stage.unit / stage.width
    tar = stage.lit((0.36, 0.36, 0.40)) if not stage.snowy else stage.lit((0.70, 0.72, 0.78))
    if stage.wet:
        tar = blend_colour(scaled(tar, 0.7), stage.light.middle, 0.4)

    def draw(pen: Draw) -> None:
        view.band(pen, (0.5 - 0.62 * aspect, 1.1), (0.5 + 0.62 * aspect, 1.1), (0.0, 40.0), scaled(tar, 0.85))
        view.band(pen, (0.5 - 0.56 * aspect, 1.1), (0.5 + 0.56 * aspect, 1.1), (0.0, 40.0), tar)
        for x in (-0.53, 0.50):
            view.band(
                pen,
                (0.5 + x * aspect, 1.1),
                (0.5 + (x + 0.025) * aspect, 1.1),
                (0.0, 30.0),
                stage.lit((0.95, 0.93, 0.86)),
            )
        depth = 0.0
        while depth < 20:
            view.band(
                pen,
                (0.5 - 0.016 * aspect, 1.1),
                (0.5 + 0.016 * aspect, 1.1),
                (depth, depth + 0.16 * (1 + 0.5 * depth)),
                stage.lit((0.98, 0.84, 0.36)),
            )
            depth += 0.34 * (1 + 0.5 * depth)
        poles(pen, stage, view, aspect)

    stage.attend(stage.overlay(draw, blur=0.5), 0.15)


def poles(pen: Draw, stage: Stage, view: Perspective, aspect: float) -> None:
    """Stand telegraph poles along one side, their wires from one to the next."""
    side = -stage.lampward
    previous: list[tuple[float, float]] = []
    for depth in (9.0, 5.2, 3.0, 1.7, 0.9, 0.35):
        x, base = view.at((0.5 + side * 0.98 * aspect, 1.1, depth))
        tall, wood = view.size(depth) * 0.86, view.lit((0.34, 0.26, 0.20), depth)
        half = max(1.0, tall * 0.012)
        box(pen, x - half, base - tall, x + half, base, wood)
        box(pen, x - tall * 0.13, base - tall * 0.93, x + tall * 0.13, base - tall * 0.90, wood)
        ends = [(x + dx * tall * 0.12, base - tall * 0.93) for dx in (-1, 1)]
        for start, end in zip(previous, ends, strict=False):
            middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2 + tall * 0.05)
            pen.line([start, middle, end], fill=rgba(wood, 0.8), width=1, joint="curve")
        previous = ends
