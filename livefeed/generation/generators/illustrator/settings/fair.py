"""For play: a playground and a fair."""

from __future__ import annotations

import math

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import hue_colour, scaled
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .country import verge
from .forms import SNOW, box, dot, scatter, string_lights, tree
from .land import GREENS, autumn, rolling, turf
from .sport import PAINT
from .squares import pennants


def playground(stage: Stage, asked: Asked) -> None:
    """Swings, a slide with its tower, a see-saw, a sandpit under trees."""
    stage.horizon, stage.ground, stage.back = 0.50, 0.88, 0.72
    heavens(stage, asked, 0.5)
    greens = GREENS[1:]
    rolling(stage, autumn(greens) if "leaves" in stage.weather else greens, 0.02)
    leafy = autumn([(0.34, 0.58, 0.26)])[0] if "leaves" in stage.weather else (0.34, 0.58, 0.26)
    scatter(
        stage,
        "playtrees",
        [(0.03 + 0.135 * i, 0.60, 0.24 + 0.05 * ((i * 5) % 3)) for i in range(8)],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, leafy, distance=0.4),
    )
    side = -stage.lampward
    sandpit(stage)
    scatter(
        stage,
        "swings",
        [(0.5 - side * 0.25, 0.735, 0.36)],
        lambda pen, random, x, base, tall: swings(pen, stage, x, base, tall),
        focus=0.3,
    )
    scatter(
        stage,
        "slide",
        [(0.5 + side * 0.27, 0.765, 0.44)],
        lambda pen, random, x, base, tall: slide(pen, stage, x, base, tall, -side),
        focus=0.3,
    )
    stage.foreground.append(lambda: verge(stage, (0.34, 0.58, 0.24)))


def sandpit(stage: Stage) -> None:
    """Lay an oval of sand with toys in it."""
    sand = stage.lit(turf(stage, (0.94, 0.82, 0.56)))

    def draw(pen: Draw) -> None:
        cx, cy, wide, tall = 0.5 * stage.width, 0.835 * stage.height, 0.50 * stage.unit, 0.115 * stage.unit
        for shrink, colour in (
            (1.06, stage.lit((0.60, 0.42, 0.26))),
            (1.03, stage.lit((0.76, 0.56, 0.36))),
            (1.0, scaled(sand, 0.84)),
            (0.94, sand),
        ):
            dot(pen, cx, cy, wide * shrink, tall * shrink, colour)
        for x, y, hue in ((-0.34, 0.02, 0.0), (0.32, -0.02, 0.58)):
            px, py, size = cx + x * stage.unit, cy + y * stage.unit, 0.028 * stage.unit
            colour = stage.lit(hue_colour(hue, 0.7, 0.9))
            pen.polygon(
                [
                    (px - size, py - size * 1.6),
                    (px + size, py - size * 1.6),
                    (px + size * 0.7, py),
                    (px - size * 0.7, py),
                ],
                rgba(colour),
            )
            dot(pen, px, py - size * 1.6, size, size * 0.3, scaled(colour, 0.7))

    stage.overlay(draw, blur=0.5)


def swings(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a swing frame with two seats."""
    frame, line = stage.lit((0.84, 0.26, 0.22), 0.12), max(2, int(tall * 0.035))
    half = tall * 0.52
    for side in (-1, 1):
        pen.line((x + side * half, base - tall, x + side * half * 1.3, base), fill=rgba(frame), width=line)
        pen.line(
            (x + side * half, base - tall, x + side * half * 0.8, base + tall * 0.02),
            fill=rgba(scaled(frame, 0.7)),
            width=line,
        )
    pen.line((x - half * 1.05, base - tall, x + half * 1.05, base - tall), fill=rgba(scaled(frame, 1.1)), width=line)
    chain = rgba(stage.lit((0.34, 0.34, 0.38), 0.1))
    for seat, swing in ((-0.42, -0.10), (0.42, 0.16)):
        for edge in (-0.10, 0.10):
            pen.line(
                (x + half * (seat + edge), base - tall, x + half * (seat + edge) + tall * swing, base - tall * 0.26),
                fill=chain,
                width=max(1, line // 3),
            )
        cx = x + half * seat + tall * swing
        box(
            pen,
            cx - half * 0.14,
            base - tall * 0.27,
            cx + half * 0.14,
            base - tall * 0.23,
            stage.lit((0.18, 0.30, 0.56), 0.1),
        )


def slide(pen: Draw, stage: Stage, x: float, base: float, tall: float, way: float) -> None:
    """Draw a tower with a pointed roof, its ladder and the slide, which runs to the left (-1) or right (1)."""
    wood, half = stage.lit((0.66, 0.46, 0.28), 0.12), tall * 0.16
    back = scaled(wood, 0.7)
    for shift in (-half, half):
        box(pen, x + shift - tall * 0.02, base - tall * 0.78, x + shift + tall * 0.02, base, wood)
    box(pen, x - half, base - tall * 0.50, x + half, base - tall * 0.45, wood)
    for i in range(5):
        box(pen, x - half, base - tall * (0.62 - 0.030 * i), x + half, base - tall * (0.615 - 0.030 * i), back)
    roof = stage.lit(SNOW if stage.snowy else (0.20, 0.52, 0.72), 0.12)
    pen.polygon(
        [(x - half * 1.5, base - tall * 0.76), (x + half * 1.5, base - tall * 0.76), (x, base - tall)], rgba(roof)
    )
    shade = -stage.lampward
    pen.polygon(
        [(x, base - tall * 0.76), (x + shade * half * 1.5, base - tall * 0.76), (x, base - tall)],
        rgba(scaled(roof, 0.74)),
    )
    for i in range(6):
        y = base - tall * 0.08 * i
        pen.line(
            (x - way * half, y, x - way * half * 1.9 + way * half * 0.16 * i, y),
            fill=rgba(wood),
            width=max(1, int(tall * 0.018)),
        )
    pen.line(
        (x - way * half * 2.0, base, x - way * half, base - tall * 0.48),
        fill=rgba(wood),
        width=max(2, int(tall * 0.022)),
    )
    curve = [
        (x + way * (half + tall * 0.52 * t), base - tall * (0.46 * (1 - t) ** 1.25 + 0.03))
        for t in (i / 12 for i in range(13))
    ]
    yellow = stage.lit((0.97, 0.78, 0.20), 0.08)
    pen.line(curve, fill=rgba(scaled(yellow, 0.68)), width=max(4, int(tall * 0.085)), joint="curve")
    pen.line(
        [(px, py - tall * 0.018) for px, py in curve], fill=rgba(yellow), width=max(2, int(tall * 0.050)), joint="curve"
    )


def fair(stage: Stage, asked: Asked) -> None:
    """A big wheel, a striped tent, a carousel's roof, lights strung everywhere."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.58, 0.89, 0.76, (0.16, 0.84)
    heavens(stage, asked, 0.35)
    side = -stage.lampward
    trees = turf(stage, (0.24, 0.38, 0.26))
    profile = stage.profile("fairtrees", 0.575, 0.02, 7, 4, 0.6)
    stage.fill_below(profile, stage.lit(trees, 0.5), stage.lit(trees, 0.5), name="fairtrees", grain=0.3)
    big_wheel(stage, 0.5 + side * 0.20, 0.62, 0.25)
    tent_of_circus(stage, 0.5 - side * 0.29, 0.665, 0.38)
    booths(stage)
    flat = np.full(stage.width, 0.665 * stage.height, np.float32)
    ground = turf(stage, (0.66, 0.54, 0.40))
    stage.fill_below(
        flat, stage.lit(ground, 0.15), stage.lit(scaled(ground, 0.7)), depth=0.3, grain=0.25, name="fairground"
    )
    for start, end in (((0.0, 0.10), (0.62, 0.16)), ((0.40, 0.14), (1.0, 0.08))):
        string_lights(stage, start, end, sag=0.09, bulbs=12)
    pennants(stage, (0.0, 0.46), (1.0, 0.44))
    for x, hue in ((0.07, 0.0), (0.93, 0.58)):
        plant(stage, "balloon", x, 0.80, 0.20, distance=0.0, tint=hue_colour(hue, 0.72, 0.92))


def big_wheel(stage: Stage, x: float, base: float, radius: float) -> None:
    """Raise a big wheel with coloured cabins; it is lit at night (radius: of the shorter side)."""
    lights = []

    def draw(pen: Draw) -> None:
        cx, cy, reach = x * stage.width, (base - 0.02) * stage.height - radius * stage.unit, radius * stage.unit
        steel = stage.lit((0.88, 0.88, 0.92), 0.2) if not stage.dark else (0.74, 0.66, 0.88)
        line = max(2, int(stage.unit * 0.006))
        for side in (-1, 1):
            pen.line(
                (cx, cy, cx + side * reach * 0.42, base * stage.height + stage.unit * 0.03),
                fill=rgba(scaled(steel, 0.7)),
                width=line * 2,
            )
        for size in (1.0, 0.90, 0.34):
            pen.ellipse(
                (cx - reach * size, cy - reach * size, cx + reach * size, cy + reach * size),
                outline=rgba(steel),
                width=line,
            )
        for i in range(16):
            angle = 2 * math.pi * (i + 0.25) / 16
            px, py = cx + math.cos(angle) * reach, cy + math.sin(angle) * reach
            pen.line((cx, cy, px, py), fill=rgba(steel, 0.9), width=max(1, line // 2))
            colour = hue_colour(*PAINT[i % 5]) if stage.dark else stage.lit(hue_colour(*PAINT[i % 5]), 0.15)
            size = reach * 0.085
            box(pen, px - size, py + size * 0.3, px + size, py + size * 1.7, colour)
            pen.chord(
                (px - size * 1.15, py - size * 0.5, px + size * 1.15, py + size * 1.2),
                180,
                360,
                fill=rgba(scaled(colour, 0.76)),
            )
            box(
                pen,
                px - size * 0.6,
                py + size * 0.5,
                px + size * 0.6,
                py + size * 1.0,
                (1.0, 0.92, 0.66) if stage.dark else scaled(colour, 0.5),
            )
            lights.append((px / stage.width, py / stage.height, colour))
        dot(pen, cx, cy, reach * 0.08, reach * 0.08, steel)

    stage.attend(stage.overlay(draw, blur=0.4), 0.4)
    if stage.dark:
        for px, py, colour in lights:
            stage.glow(px, py, 0.024, colour, 0.6)
        stage.glow(x, base - 0.02 - radius * stage.unit / stage.height, radius * 0.9, (0.86, 0.52, 0.90), 0.16)


def tent_of_circus(stage: Stage, x: float, base: float, tall: float) -> None:
    """Pitch a striped big top with a flag."""

    def top(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        half, eaves, count = high * 0.62, foot - high * 0.42, 10
        for i in range(count):
            t0, t1 = i / count * 2 - 1, (i + 1) / count * 2 - 1
            colour = stage.lit(
                (0.82, 0.18, 0.18) if i % 2 == 0 else (SNOW if stage.snowy else (0.97, 0.92, 0.80)), 0.15
            )
            shade = 1.06 - 0.42 * abs((t0 + t1) / 2 - stage.lampward * 0.4)
            wall = scaled(colour, shade * 0.9)
            pen.polygon(
                [
                    (cx + t0 * half * 0.88, eaves),
                    (cx + t1 * half * 0.88, eaves),
                    (cx + t1 * half * 0.92, foot),
                    (cx + t0 * half * 0.92, foot),
                ],
                rgba(wall),
            )
            pen.polygon(
                [
                    (cx + t0 * half, eaves + high * 0.03),
                    (cx + t1 * half, eaves + high * 0.03),
                    (cx + t1 * half * 0.05, foot - high * 0.92),
                    (cx + t0 * half * 0.05, foot - high * 0.92),
                ],
                rgba(scaled(colour, shade)),
            )
            pen.chord(
                (cx + t0 * half, eaves - high * 0.01, cx + t1 * half, eaves + high * 0.075),
                0,
                180,
                fill=rgba(scaled(colour, shade * 0.82)),
            )
        glow = (1.0, 0.86, 0.52) if stage.dark else stage.lit((0.24, 0.12, 0.12))
        pen.polygon([(cx - half * 0.16, foot), (cx, eaves + high * 0.05), (cx + half * 0.16, foot)], rgba(glow))
        pen.line(
            (cx, foot - high * 0.90, cx, foot - high * 1.08),
            fill=rgba(stage.lit((0.3, 0.25, 0.2))),
            width=max(1, int(high * 0.012)),
        )
        pen.polygon(
            [(cx, foot - high * 1.08), (cx + high * 0.12, foot - high * 1.045), (cx, foot - high * 1.0)],
            rgba(stage.lit((0.20, 0.44, 0.78))),
        )

    scatter(stage, "bigtop", [(x, base, tall)], top, focus=0.35)
    if stage.dark:
        stage.glow(x, base - stage.rise(tall * 0.2), tall * 0.5, (1.0, 0.72, 0.38), 0.30)


def booths(stage: Stage) -> None:
    """Set a row of small booths with pointed roofs in the middle distance."""
    random = stage.random("booths")

    def booth(pen: Draw, _: Random, x: float, base: float, tall: float) -> None:
        hue = PAINT[int(random.random() * 5)]
        colour, half = stage.lit(hue_colour(*hue), 0.25), tall * 0.42
        box(pen, x - half, base - tall * 0.6, x + half, base, scaled(colour, 0.55))
        box(
            pen,
            x - half * 0.8,
            base - tall * 0.52,
            x + half * 0.8,
            base - tall * 0.22,
            (1.0, 0.88, 0.56) if stage.dark else stage.lit((0.92, 0.86, 0.72), 0.2),
        )
        box(pen, x - half, base - tall * 0.22, x + half, base, colour)
        pen.polygon(
            [(x - half * 1.25, base - tall * 0.58), (x + half * 1.25, base - tall * 0.58), (x, base - tall)],
            rgba(stage.lit(SNOW, 0.2) if stage.snowy else colour),
        )

    scatter(
        stage,
        "booths",
        [(0.04, 0.68, 0.15), (0.40, 0.675, 0.12), (0.53, 0.675, 0.12), (0.66, 0.675, 0.13), (0.95, 0.68, 0.16)],
        booth,
        focus=0.2,
    )
