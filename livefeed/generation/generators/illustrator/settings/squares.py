"""On a square: a market and a café's terrace."""

from __future__ import annotations

from ..asked import Asked
from ..noise import Random
from ..pixels import blend_colour, hue_colour, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .castle import cobbles
from .forms import SNOW, box, dot, pane_window, scatter, string_lights
from .harbour import house_row


def market(stage: Stage, asked: Asked) -> None:
    """Stalls under striped awnings on both sides, crates of fruit, cobbles, bunting overhead."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.89, 0.74, (0.20, 0.80)
    heavens(stage, asked, 0.4)
    house_row(stage, "marketback", 0.60, 0.30, 0.5)
    random = stage.random("cobbles")
    stage.overlay(lambda pen: cobbles(pen, stage, random, 0.595), blur=0.6)
    for x, base, tall in (
        (0.37, 0.655, 0.20),
        (0.63, 0.655, 0.20),
        (0.24, 0.73, 0.33),
        (0.76, 0.73, 0.33),
        (0.02, 0.87, 0.56),
        (0.98, 0.87, 0.56),
    ):
        stall(stage, x, base, tall)
    for start, end in (((0.0, 0.20), (1.0, 0.16)), ((0.0, 0.31), (1.0, 0.34))):
        pennants(stage, start, end)
    if stage.dark:
        string_lights(stage, (0.0, 0.26), (1.0, 0.24), sag=0.08, bulbs=17)


def stall(stage: Stage, x: float, base: float, tall: float) -> None:
    """Set up one stall: its table of fruit, its posts, its awning; goods hang from it."""
    far = max(0.0, 0.45 - tall)
    hue = stage.random(f"stall{x}{base}").random()
    wide = tall * 1.02

    def draw(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        half, wood = wide * stage.unit / 2, stage.lit((0.56, 0.38, 0.24), far)
        for side in (-1, 1):
            box(
                pen,
                cx + side * half * 0.92 - high * 0.012,
                foot - high * 0.9,
                cx + side * half * 0.92 + high * 0.012,
                foot,
                scaled(wood, 0.8),
            )
        box(pen, cx - half * 0.9, foot - high * 0.66, cx + half * 0.9, foot - high * 0.30, scaled(wood, 0.5))
        box(pen, cx - half, foot - high * 0.30, cx + half, foot, wood)
        for i in range(1, 5):
            box(
                pen,
                cx - half,
                foot - high * 0.30 * i / 5,
                cx + half,
                foot - high * 0.30 * i / 5 + 1.2,
                scaled(wood, 0.7),
            )
        fruit(pen, stage, random, (cx, foot), half, high, far)
        stripe, white = stage.lit(hue_colour(hue, 0.68, 0.80), far), stage.lit((0.97, 0.94, 0.88), far)
        count = 8
        for i in range(count):
            colour = stripe if i % 2 == 0 else (stage.lit(SNOW, far) if stage.snowy else white)
            t0, t1 = i / count * 2 - 1, (i + 1) / count * 2 - 1
            pen.polygon(
                [
                    (cx + t0 * half * 0.86, foot - high),
                    (cx + t1 * half * 0.86, foot - high),
                    (cx + t1 * half * 1.14, foot - high * 0.74),
                    (cx + t0 * half * 1.14, foot - high * 0.74),
                ],
                rgba(colour),
            )
            pen.chord(
                (cx + t0 * half * 1.14, foot - high * 0.79, cx + t1 * half * 1.14, foot - high * 0.69),
                0,
                180,
                fill=rgba(scaled(colour, 0.86)),
            )

    scatter(stage, f"stall{x}", [(x, base, tall)], draw, focus=0.3)
    if stage.dark:
        stage.glow(x, base - stage.rise(tall * 0.45), tall * 0.42, (1.0, 0.78, 0.42), 0.42)


def fruit(
    pen: Draw, stage: Stage, random: Random, place: tuple[float, float], half: float, high: float, far: float
) -> None:
    """Heap fruit in five crates along the front of a stall; half: of its width, high: its height, in pixels."""
    (cx, foot), wood, first = place, stage.lit((0.56, 0.38, 0.24), far), int(random.random() * 5)
    fruits = ((0.02, 0.72, 0.86), (0.09, 0.80, 0.98), (0.27, 0.62, 0.66), (0.14, 0.72, 0.98), (0.80, 0.42, 0.60))
    for crate in range(5):
        colour = stage.lit(hue_colour(*fruits[(crate + first) % 5]), far)
        left = cx - half * 0.96 + half * 1.92 * crate / 5
        for _ in range(22):
            px, py = left + half * 0.36 * random.random(), foot - high * (0.30 + 0.10 * random.random() ** 0.7)
            size = high * 0.024
            dot(pen, px, py, size, size, scaled(colour, 0.72 + 0.2 * random.random()))
            dot(pen, px - size * 0.2, py - size * 0.3, size * 0.5, size * 0.5, scaled(colour, 1.12))
        box(pen, left, foot - high * 0.32, left + half * 0.36, foot - high * 0.25, scaled(wood, 1.25))


def pennants(stage: Stage, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Hang a string of coloured flags across."""

    def draw(pen: Draw) -> None:
        count = 19
        for i in range(count):
            t = (i + 0.5) / count
            x = (start[0] + (end[0] - start[0]) * t) * stage.width
            y = (start[1] + (end[1] - start[1]) * t + 0.20 * t * (1 - t)) * stage.height
            colour, half = (
                stage.lit(hue_colour((0.0, 0.12, 0.36, 0.58, 0.82)[i % 5], 0.60, 0.92), 0.15),
                0.017 * stage.unit,
            )
            pen.polygon([(x - half, y), (x + half, y), (x, y + half * 2.3)], rgba(colour))

    stage.overlay(draw, blur=0.4)


def cafe(stage: Stage, asked: Asked) -> None:
    """A café's terrace: its awning and lit windows, round tables, strings of lights, the street going on beside it."""
    stage.horizon, stage.ground, stage.back = 0.54, 0.90, 0.78
    heavens(stage, asked, 0.4)
    house_row(stage, "cafeback", 0.64, 0.36, 0.45)
    random = stage.random("cafecobbles")
    stage.overlay(lambda pen: cobbles(pen, stage, random, 0.63), blur=0.6)
    side = -stage.lampward
    shopfront(stage, side)
    for x, base, tall in (
        (0.5 - side * 0.30, 0.74, 0.13),
        (0.5 + side * 0.16, 0.735, 0.12),
        (0.5 - side * 0.42, 0.87, 0.20),
        (0.5 + side * 0.41, 0.88, 0.21),
    ):
        bistro(stage, x, base, tall)
    string_lights(stage, (0.0, 0.22), (1.0, 0.18), sag=0.08, bulbs=15)


def shopfront(stage: Stage, side: float) -> None:
    """Build the café's front over one side of the picture, seen straight on."""
    wall = stage.lit((0.80, 0.62, 0.36), 0.08)
    edge = 0.5 + side * 0.02

    def draw(pen: Draw) -> None:
        left, right = sorted((edge * stage.width, (0.5 + side * 0.55) * stage.width))
        high = stage.height
        box(pen, left, 0.0, right, 0.70 * high, wall)
        box(pen, left, 0.66 * high, right, 0.71 * high, scaled(wall, 0.6))
        wide = (right - left) / 3
        random = stage.random("shopfront")
        for i in range(3):
            x = left + wide * (i + 0.5)
            pane_window(pen, stage, random, x, 0.15 * high, wide * 0.20, 0.1)
            glass = (
                (1.0, 0.84, 0.50)
                if stage.dark
                else blend_colour(stage.lit((0.42, 0.50, 0.54)), stage.light.middle, 0.3)
            )
            box(pen, x - wide * 0.42, 0.42 * high, x + wide * 0.42, 0.68 * high, stage.lit((0.24, 0.36, 0.30)))
            box(pen, x - wide * 0.37, 0.43 * high, x + wide * 0.37, 0.66 * high if i != 1 else 0.69 * high, glass)
            box(pen, x - 1.5, 0.43 * high, x + 1.5, 0.66 * high, stage.lit((0.24, 0.36, 0.30)))
        stripe, white, count = stage.lit((0.74, 0.20, 0.18)), stage.lit((0.96, 0.93, 0.86)), 12
        for i in range(count):
            x0, x1 = left + (right - left) * i / count, left + (right - left) * (i + 1) / count
            colour = stripe if i % 2 == 0 else (stage.lit(SNOW) if stage.snowy else white)
            lean = side * -0.03 * stage.unit
            pen.polygon(
                [(x0, 0.31 * high), (x1, 0.31 * high), (x1 + lean, 0.42 * high), (x0 + lean, 0.42 * high)], rgba(colour)
            )
            pen.chord((x0 + lean, 0.40 * high, x1 + lean, 0.44 * high), 0, 180, fill=rgba(scaled(colour, 0.86)))

    stage.attend(stage.overlay(draw, blur=0.4), 0.3)
    if stage.dark:
        stage.glow(0.5 + side * 0.28, 0.58, 0.26, (1.0, 0.76, 0.40), 0.40)


def bistro(stage: Stage, x: float, base: float, tall: float) -> None:
    """Set a round table with a cup on it, and a chair at each side."""

    def draw(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        iron, top = stage.lit((0.16, 0.20, 0.20), 0.05), stage.lit((0.94, 0.92, 0.86), 0.05)
        line = max(2, int(high * 0.05))
        for side in (-1, 1):
            sx = cx + side * high * 0.95
            pen.line(
                [
                    (sx + side * high * 0.16, foot - high * 1.15),
                    (sx + side * high * 0.10, foot - high * 0.48),
                    (sx + side * high * 0.14, foot),
                ],
                fill=rgba(iron),
                width=line,
            )
            pen.line(
                [(sx - side * high * 0.22, foot - high * 0.46), (sx - side * high * 0.22, foot)],
                fill=rgba(iron),
                width=line,
            )
            dot(
                pen,
                sx - side * high * 0.05,
                foot - high * 0.48,
                high * 0.24,
                high * 0.07,
                stage.lit((0.70, 0.42, 0.24), 0.05),
            )
            pen.arc(
                (
                    sx - high * 0.02,
                    foot - high * 1.22,
                    sx + side * 0 + high * 0.34 if side > 0 else sx + high * 0.10,
                    foot - high * 0.7,
                ),
                180,
                360,
                fill=rgba(iron),
                width=line,
            )
        pen.line((cx, foot - high * 0.8, cx, foot), fill=rgba(iron), width=line)
        dot(pen, cx, foot, high * 0.26, high * 0.06, iron)
        dot(pen, cx, foot - high * 0.78, high * 0.60, high * 0.15, scaled(top, 0.72))
        dot(pen, cx, foot - high * 0.81, high * 0.60, high * 0.15, top)
        box(
            pen,
            cx - high * 0.09,
            foot - high * 0.99,
            cx + high * 0.09,
            foot - high * 0.84,
            stage.lit((0.98, 0.98, 0.98)),
        )
        dot(pen, cx, foot - high * 0.99, high * 0.09, high * 0.03, stage.lit((0.36, 0.22, 0.14)))

    scatter(stage, f"bistro{x}", [(x, base, tall)], draw, focus=0.25)
    if stage.dark:
        stage.glow(x, base - stage.rise(tall * 0.9), tall * 0.5, (1.0, 0.78, 0.44), 0.25)
