"""What places are made of: trees, rocks, houses, lamps, drawn with a pen in the scene's light; sizes in pixels."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from ..noise import Random
from ..pixels import Colour, blend_colour, scaled
from ..stage import Draw, Stage, rgba

SNOW: Colour = (0.93, 0.95, 1.0)
WINDOW: Colour = (1.0, 0.82, 0.44)


Form = Callable[[Draw, Random, float, float, float], object]
"""Draws one thing with its foot at (x, base), so high, with its own randomness."""


def scatter(
    stage: Stage, name: str, spots: Iterable[tuple[float, float, float]], form: Form, *, blur: float = 0.5,
    focus: float = 0.0,
) -> None:  # fmt: skip
    """Draw a form at every (x, base, tall): fractions of the frame, and a share of the shorter side; far ones first."""
    random = stage.random(name)
    ordered = sorted(spots, key=lambda spot: spot[1])

    def draw(pen: Draw) -> None:
        for x, base, tall in ordered:
            form(pen, random, x * stage.width, base * stage.height, tall * stage.unit)

    alpha = stage.overlay(draw, blur=blur)
    if focus:
        stage.attend(alpha, focus)


def dot(pen: Draw, x: float, y: float, wide: float, tall: float, colour: Colour, alpha: float = 1.0) -> None:
    """Fill an ellipse of half-axes `wide` and `tall`."""
    pen.ellipse((x - wide, y - tall, x + wide, y + tall), rgba(colour, alpha))


def box(pen: Draw, left: float, top: float, right: float, bottom: float, colour: Colour, alpha: float = 1.0) -> None:
    """Fill a rectangle; one that is turned inside out is left out."""
    if right > left and bottom > top:
        pen.rectangle((left, top, right, bottom), rgba(colour, alpha))


def crown(
    pen: Draw, stage: Stage, random: Random, x: float, y: float, wide: float, tall: float, colour: Colour,
    *, distance: float = 0.2, clumps: int = 70,
) -> None:  # fmt: skip
    """Pile up foliage or blossom around (x, y): dark clumps below, lit ones above and towards the lamp."""
    if stage.snowy:
        colour = blend_colour(colour, SNOW, 0.55)
    dark = stage.lit(scaled(colour, 0.52), distance)
    bright = blend_colour(stage.lit(scaled(colour, 1.12), distance), stage.light.key, 0.16)
    largest = min(0.34 * min(wide, tall), 0.062 * stage.unit)
    clumps = min(260, max(clumps, int(2.4 * wide * tall / max(1.0, largest) ** 2)))
    for step in range(clumps):
        t = step / max(1, clumps - 1)
        angle, reach = 2 * math.pi * random.random(), math.sqrt(random.random()) * (1.0 - 0.35 * t)
        centre_x = x + math.cos(angle) * reach * wide + stage.lampward * wide * 0.22 * t
        centre_y = y + math.sin(angle) * reach * tall - tall * 0.28 * t
        radius = largest * (1.0 - 0.62 * t) * (0.6 + 0.8 * random.random())
        dot(pen, centre_x, centre_y, radius * 1.15, radius, blend_colour(dark, bright, t))


def trunk(
    pen: Draw, stage: Stage, x: float, base: float, top: float, thick: float, colour: Colour,
    *, lean: float = 0.0, distance: float = 0.2,
) -> None:  # fmt: skip
    """Draw a trunk that widens at its foot, lit on the lamp's side; lean: how far its head is moved aside."""
    bark = stage.lit(colour, distance)
    half, head = thick / 2, x + lean
    bend = base + (top - base) * 0.14
    pen.polygon(
        [(x - half * 1.9, base), (x + half * 1.9, base), (x + half, bend), (head + half * 0.55, top),
         (head - half * 0.55, top), (x - half, bend)], rgba(bark),
    )  # fmt: skip
    side, edge = stage.lampward, blend_colour(bark, stage.light.key, 0.30)
    pen.polygon(
        [(x + side * half * 0.3, bend), (x + side * half, bend), (head + side * half * 0.55, top),
         (head + side * half * 0.15, top)], rgba(edge, 0.8),
    )  # fmt: skip


def tree(
    pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float, leaf: Colour,
    *, distance: float = 0.2, bark: Colour = (0.34, 0.25, 0.19), spread: float = 0.36, clumps: int = 70,
) -> None:  # fmt: skip
    """Draw a broad-leaved tree `tall` pixels high; spread: half its crown's width over its height."""
    lean = tall * 0.10 * (random.random() - 0.5)
    trunk(pen, stage, x, base, base - tall * 0.62, tall * 0.062, bark, lean=lean, distance=distance)
    for side in (-1, 1):
        trunk_x, reach = x + lean * 0.7, side * tall * spread * 0.55
        pen.line(
            (trunk_x, base - tall * 0.42, trunk_x + reach, base - tall * 0.64),
            fill=rgba(stage.lit(bark, distance)), width=max(1, int(tall * 0.022)),
        )  # fmt: skip
    crown(
        pen, stage, random, x + lean, base - tall * 0.68, tall * spread, tall * 0.31, leaf,
        distance=distance, clumps=clumps,
    )  # fmt: skip


def cypress(pen: Draw, stage: Stage, x: float, base: float, tall: float, *, distance: float = 0.3) -> None:
    """Draw a cypress: a dark flame, lit on one side."""
    green: Colour = blend_colour((0.16, 0.30, 0.18), SNOW, 0.4) if stage.snowy else (0.16, 0.30, 0.18)
    for step in range(14):
        t = step / 13
        half = tall * 0.085 * math.sin(math.pi * min(1.0, 0.18 + 0.82 * (1 - t))) ** 0.8 + tall * 0.012
        y = base - tall * (0.05 + 0.93 * t)
        dot(pen, x, y, half, tall * 0.065, stage.lit(green, distance))
        lit = blend_colour(stage.lit(scaled(green, 1.7), distance), stage.light.key, 0.12)
        dot(pen, x + stage.lampward * half * 0.42, y, half * 0.5, tall * 0.05, lit, 0.8)


def conifer(pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float, distance: float) -> None:
    """Draw a fir in ragged tiers, with snow on them if it snows."""
    green: Colour = (0.13, 0.31, 0.22)
    box(pen, x - tall * 0.025, base - tall * 0.12, x + tall * 0.025, base, stage.lit((0.30, 0.22, 0.17), distance))
    for tier in range(6):
        t = tier / 5
        y, half = base - tall * (0.08 + 0.68 * t), tall * (0.25 - 0.19 * t)
        shade = stage.lit(scaled(green, 0.85 + 0.35 * t), distance)
        ragged = [(x + half * (i / 4 - 1), y + tall * 0.03 * (random.random() - 0.3)) for i in range(9)]
        pen.polygon([*ragged, (x, y - tall * 0.26)], rgba(shade))
        lit = stage.lit(SNOW, distance) if stage.snowy else blend_colour(shade, stage.light.key, 0.25)
        side = stage.lampward
        pen.polygon(
            [(x, y - tall * 0.26), (x + side * half * 0.85, y), (x + side * half * 0.35, y - tall * 0.02)],
            rgba(lit, 0.75),
        )


def bare_tree(
    pen: Draw, random: Random, x: float, base: float, tall: float, colour: Colour
) -> list[tuple[float, float]]:
    """Draw a crooked tree without leaves, `tall` pixels high, and return where its boughs bend."""
    boughs: list[tuple[float, float]] = []

    def branch(x0: float, y0: float, angle: float, length: float, thick: float) -> None:
        bends = []
        px, py = x0, y0
        for step in range(4):
            angle += 0.35 * (random.random() - 0.5)
            nx, ny = px + math.cos(angle) * length / 4, py - math.sin(angle) * length / 4
            width = max(1, int(thick * (1 - 0.16 * step)))
            pen.line((px, py, nx, ny), fill=rgba(colour), width=width, joint="curve")
            dot(pen, nx, ny, width / 2, width / 2, colour)
            px, py = nx, ny
            bends.append((px, py))
        boughs.extend(bends[1:])
        if thick > tall * 0.008:
            for spread in (0.55 + 0.3 * random.random(), -0.55 - 0.3 * random.random()):
                start = bends[int(1 + 2.99 * random.random())]
                branch(*start, angle + spread, length * (0.62 + 0.15 * random.random()), thick * 0.55)

    pen.polygon(
        [(x - tall * 0.07, base), (x + tall * 0.07, base), (x + tall * 0.03, base - tall * 0.12),
         (x - tall * 0.03, base - tall * 0.12)], rgba(colour),
    )  # fmt: skip
    branch(x, base, math.pi / 2, tall * 0.52, tall * 0.065)
    return boughs


def rock(
    pen: Draw, stage: Stage, random: Random, x: float, base: float, wide: float, tall: float, colour: Colour,
    *, distance: float = 0.15,
) -> None:  # fmt: skip
    """Draw a boulder: a dark body, a lit face towards the lamp, snow on top if it snows."""
    dark = stage.lit(scaled(colour, 0.55), distance)
    bright = blend_colour(stage.lit(scaled(colour, 1.12), distance), stage.light.key, 0.14)
    outline = [(x + wide, base), (x - wide, base)]
    for i in range(9):
        angle, reach = math.pi * i / 8, 0.80 + 0.26 * random.random()
        outline.append((x - math.cos(angle) * wide * reach, base - math.sin(angle) ** 0.7 * tall * reach))
    centre = (x + stage.lampward * wide * 0.34, base - tall * 0.62)
    for step in range(5):
        t = step / 4
        shrunk = [(px + (centre[0] - px) * 0.80 * t, py + (centre[1] - py) * 0.80 * t) for px, py in outline]
        pen.polygon(shrunk, rgba(blend_colour(dark, bright, t**0.8)))
    if stage.snowy:
        pen.polygon([*outline[4:9], (x, base - tall * 0.60)], rgba(stage.lit(SNOW, distance)))


def lamp_post(pen: Draw, stage: Stage, x: float, base: float, tall: float, *, distance: float = 0.1) -> None:
    """Draw a street lamp of iron; its light is the caller's (`Stage.glow`)."""
    iron, thick = stage.lit((0.16, 0.17, 0.19), distance), max(1.0, tall * 0.014)
    box(pen, x - thick, base - tall * 0.86, x + thick, base, iron)
    box(pen, x - thick * 2.2, base - tall * 0.05, x + thick * 2.2, base, iron)
    top, half = base - tall * 0.86, tall * 0.045
    glass = (1.0, 0.90, 0.58) if stage.dark else stage.lit((0.86, 0.88, 0.84), distance)
    pen.polygon(
        [(x - half * 0.6, top), (x + half * 0.6, top), (x + half, top - half * 2), (x - half, top - half * 2)],
        rgba(glass),
    )
    pen.polygon([(x - half * 1.2, top - half * 2), (x + half * 1.2, top - half * 2), (x, top - half * 3.2)], rgba(iron))


def house(
    pen: Draw, stage: Stage, random: Random, x: float, base: float, wide: float, tall: float,
    wall: Colour, roof: Colour, *, distance: float = 0.3, door: bool = True,
) -> None:  # fmt: skip
    """Draw a gabled house seen from the front, centred on `x`: its windows lit when it is dark."""
    front = stage.lit(wall, distance)
    half, eaves = wide / 2, base - tall * 0.58
    box(pen, x - half, eaves, x + half, base, front)
    lit_edge = blend_colour(front, stage.light.key, 0.22)
    edge_left = x - half if stage.lampward < 0 else x + half * 0.72
    box(pen, edge_left, eaves, edge_left + half * 0.28, base, lit_edge)
    tiles = stage.lit(SNOW if stage.snowy else roof, distance)
    chimney = x - stage.lampward * half * 0.5
    box(pen, chimney - half * 0.10, base - tall * 0.98, chimney + half * 0.10, eaves, scaled(front, 0.72))
    pen.polygon([(x - half * 1.18, eaves), (x + half * 1.18, eaves), (x, base - tall)], rgba(tiles))
    shaded = [(x, base - tall), (x - stage.lampward * half * 1.18, eaves), (x, eaves)]
    pen.polygon(shaded, rgba(scaled(tiles, 0.78)))
    pane = half * 0.20
    for column in (-0.5, 0.5):
        for row in (0.24,) if tall < wide * 1.3 else (0.20, 0.42):
            pane_window(pen, stage, random, x + column * half, base - tall * row, pane, distance)
    if door:
        box(pen, x - pane * 0.7, base - tall * 0.26, x + pane * 0.7, base, stage.lit((0.36, 0.22, 0.16), distance))


def pane_window(pen: Draw, stage: Stage, random: Random, x: float, y: float, half: float, distance: float) -> None:
    """Draw one window with its frame and cross, lit at night more often than not."""
    glass = blend_colour(stage.lit((0.34, 0.46, 0.58), distance), stage.light.middle, 0.3)
    if stage.dark and random.random() < 0.72:
        glass = blend_colour(WINDOW, stage.light.haze, 0.3 * distance)
    frame = stage.lit((0.94, 0.91, 0.85), distance)
    box(pen, x - half * 1.15, y - half * 1.4, x + half * 1.15, y + half * 1.4, frame)
    box(pen, x - half, y - half * 1.25, x + half, y + half * 1.25, glass)
    line = max(1, int(half * 0.14))
    pen.line((x, y - half * 1.25, x, y + half * 1.25), fill=rgba(frame), width=line)
    pen.line((x - half, y, x + half, y), fill=rgba(frame), width=line)


def frond(
    pen: Draw, x: float, y: float, length: float, angle: float, colour: Colour, *, droop: float = 0.6, wide: float = 0.2
) -> None:
    """Draw one long leaf with leaflets on both sides, from (x, y) in a direction (radians, 0 right, up positive)."""
    spine = []
    for step in range(11):
        t = step / 10
        spine.append(
            (x + math.cos(angle) * length * t, y - math.sin(angle) * length * t + droop * length * t * t * 0.6)
        )
    for step in range(1, 11):
        (ax, ay), (bx, by) = spine[step - 1], spine[step]
        run = math.atan2(by - ay, bx - ax)
        reach = length * wide * math.sin(math.pi * (0.08 + 0.90 * step / 10)) ** 0.7
        for side in (-1, 1):
            out = run + side * 1.05
            tip = (bx + math.cos(out) * reach, by + math.sin(out) * reach)
            shade = scaled(colour, 1.12 if side < 0 else 0.86)
            pen.polygon([(ax, ay), tip, (bx, by)], rgba(shade))
    pen.line(spine, fill=rgba(scaled(colour, 0.7)), width=max(1, int(length * 0.018)))


def leaf(pen: Draw, x: float, y: float, length: float, angle: float, colour: Colour, *, wide: float = 0.20) -> None:
    """Draw one broad leaf that bends down, from (x, y) in a direction (radians, 0 right, up positive)."""
    upper, lower, spine = [], [], []
    for step in range(13):
        t = step / 12
        px = x + math.cos(angle) * length * t
        py = y - math.sin(angle) * length * t + 0.30 * length * t * t
        half = length * wide * math.sin(math.pi * t**0.8) ** 0.8
        run = math.atan2(-math.sin(angle) + 0.60 * t, math.cos(angle))
        spine.append((px, py))
        upper.append((px + math.sin(run) * half, py - math.cos(run) * half))
        lower.append((px - math.sin(run) * half, py + math.cos(run) * half))
    pen.polygon([*spine, *reversed(upper)], rgba(scaled(colour, 1.18)))
    pen.polygon([*spine, *reversed(lower)], rgba(scaled(colour, 0.84)))
    pen.line(spine, fill=rgba(scaled(colour, 1.5)), width=max(1, int(length * 0.014)))


def string_lights(
    stage: Stage, start: tuple[float, float], end: tuple[float, float], *, sag: float = 0.05, bulbs: int = 11
) -> None:
    """Hang a string of bulbs between two points (fractions); they glow when it is dark."""
    spots = []
    for step in range(bulbs):
        t = (step + 0.5) / bulbs
        y = start[1] + (end[1] - start[1]) * t + sag * 4 * t * (1 - t)
        spots.append((start[0] + (end[0] - start[0]) * t, y))

    def draw(pen: Draw) -> None:
        points = [start, *spots, end]
        cord = [(x * stage.width, y * stage.height) for x, y in points]
        pen.line(cord, fill=rgba(stage.lit((0.2, 0.18, 0.18))), width=max(1, int(stage.unit * 0.002)))
        for x, y in spots:
            dot(pen, x * stage.width, y * stage.height + stage.unit * 0.006, stage.unit * 0.007, stage.unit * 0.008,
                (1.0, 0.90, 0.60))  # fmt: skip

    stage.overlay(draw, blur=0.5)
    if stage.dark:
        for x, y in spots:
            stage.glow(x, y + 0.006, 0.024, (1.0, 0.76, 0.38), 0.40)


def boulders(
    stage: Stage, name: str, places: list[tuple[float, float, float]], colour: Colour, *, distance: float = 0.12
) -> None:
    """Set rocks at (x, base, tall), half as high as they are wide."""
    scatter(
        stage, name, places,
        lambda pen, random, x, base, tall: rock(pen, stage, random, x, base, tall * 0.95, tall, colour,
                                                distance=distance),
    )  # fmt: skip
