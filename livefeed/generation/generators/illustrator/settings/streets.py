"""Between houses: a street and a canal."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Array, Colour, blend_colour, hue_colour, mix, scaled, smoothstep
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .castle import cobbles
from .forms import SNOW, WINDOW, box, dot, lamp_post, scatter
from .harbour import HOUSES, ROOFS
from .land import turf
from .perspective import Perspective
from .water import perspective_ripples

NEON = (0.92, 0.50, 0.13, 0.80, 0.58)


def street(stage: Stage, asked: Asked) -> None:
    """Between two rows of houses that run to the vanishing point; lamps, lit windows, neon signs on such a night."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.54, 0.89, 0.72, (0.18, 0.82)
    heavens(stage, asked, 0.45)
    view = Perspective(stage, 0.5, stage.horizon)
    pavement(stage, view)
    neon = "neon" in asked.lamps or stage.light.hour == "neon"
    facades(stage, view, asked.material, neon=neon)
    lamps(stage, view)
    if stage.dark or stage.wet:
        mirror(stage, 0.62, 0.46 if stage.wet else 0.24)
    if neon:
        signs(stage, view)


def pavement(stage: Stage, view: Perspective) -> None:
    """Lay the roadway and its pavements."""
    flat = np.full(stage.width, stage.horizon * stage.height, np.float32)
    stone = turf(stage, (0.52, 0.50, 0.52))
    stage.fill_below(
        flat, stage.lit(stone, 0.6), stage.lit(scaled(stone, 0.82)), depth=0.4, grain=0.2, name="pavement", stretch=3
    )
    aspect = stage.unit / stage.width

    def draw(pen: Draw) -> None:
        tar = stage.lit(turf(stage, (0.36, 0.36, 0.40)))
        view.band(pen, (0.5 - 0.62 * aspect, 1.12), (0.5 + 0.62 * aspect, 1.12), (0.0, 30.0), tar)
        for side in (-1, 1):
            view.band(
                pen,
                (0.5 + side * 0.62 * aspect, 1.12),
                (0.5 + side * 0.66 * aspect, 1.12),
                (0.0, 30.0),
                stage.lit((0.72, 0.70, 0.70)),
            )
        depth = 0.02
        while depth < 12:
            for side in (-1, 1):
                view.line(
                    pen,
                    (0.5 + side * 0.66 * aspect, 1.12, depth),
                    (0.5 + side * 1.2 * aspect, 1.12, depth),
                    scaled(stage.lit(stone), 0.66),
                    0.004,
                )
            depth += 0.16 * (1 + 0.7 * depth)

    stage.overlay(draw, blur=0.8)


def facades(stage: Stage, view: Perspective, material: Colour | None, *, neon: bool) -> None:
    """Raise the houses of both sides, the far ones first."""
    random = stage.random("facades")
    edges = [0.0, 0.30, 0.66, 1.12, 1.75, 2.6, 3.9, 6.0, 10.0]
    aspect = stage.unit / stage.width

    def draw(pen: Draw) -> None:
        for first, last in reversed(list(zip([-0.16, *edges[1:-1]], edges[1:], strict=True))):
            for side in (-1, 1):
                wall = material or HOUSES[int(random.random() * len(HOUSES))]
                facade(
                    pen,
                    stage,
                    view,
                    random,
                    side,
                    (first, last),
                    0.5 + side * 0.98 * aspect,
                    scaled(wall, 0.92),
                    neon=neon,
                )

    alpha = stage.overlay(draw, blur=0.4)
    stage.attend(alpha, 0.35)
    stage.flow[alpha > 0.5] = np.pi / 2


def facade(
    pen: Draw,
    stage: Stage,
    view: Perspective,
    random: Random,
    side: int,
    depths: tuple[float, float],
    x: float,
    wall: Colour,
    *,
    neon: bool,
) -> None:
    """Draw one house along the street: its wall in perspective, rows of windows, a shop below, its gable's edge."""
    first, last = depths
    top, low = -0.30 - 0.42 * random.random(), 1.10
    lit_side = 1.0 if side == -stage.lampward else 0.74
    tone = scaled(view.lit(wall, (first + last) / 2), lit_side)
    roof = view.lit(SNOW if stage.snowy else ROOFS[int(random.random() * 3)], first)
    view.shape(pen, [(x, low, first), (x, top, first), (x, top, last), (x, low, last)], tone)
    view.shape(
        pen,
        [(x, top, first), (x + side * 0.10, top - 0.16, first), (x + side * 0.10, top - 0.16, last), (x, top, last)],
        roof,
    )
    view.line(pen, (x, top, first), (x, low, first), scaled(tone, 0.72), 0.006)
    panes(pen, stage, view, random, (x, top), depths, scaled(tone, 1.0), neon=neon)
    shop(pen, stage, view, random, side, x, depths, lit_side)


def panes(
    pen: Draw,
    stage: Stage,
    view: Perspective,
    random: Random,
    edge: tuple[float, float],
    depths: tuple[float, float],
    wall: Colour,
    *,
    neon: bool,
) -> None:
    """Set four rows of windows with their frames into a wall that recedes from its edge (x, top)."""
    (x, top), (first, last) = edge, depths
    columns, span = max(2, round((last - first) / (1 + first) * 7)), last - first
    frame, margin = blend_colour(wall, (1, 1, 1), 0.28), span * 0.05 / columns
    for floor in range(4):
        y0, y1 = (top + 0.10 + (0.74 - top) * (floor + part) / 4 for part in (0.0, 0.58))
        for column in range(columns):
            d0, d1 = (first + span * (column + part) / columns for part in (0.25, 0.72))
            glass = blend_colour(view.lit((0.34, 0.44, 0.56), first), stage.light.middle, 0.3)
            if stage.dark and random.random() < 0.55:
                coloured = neon and random.random() < 0.4
                glow = hue_colour(NEON[int(random.random() * 5)], 0.5, 1.0) if coloured else WINDOW
                glass = blend_colour(glow, stage.light.haze, min(0.6, 0.06 * first))
            elif stage.dark:
                glass = scaled(wall, 0.5)
            view.upright(pen, x, (y0 - 0.015, y1 + 0.015), (d0 - margin, d1 + margin), frame)
            view.upright(pen, x, (y0, y1), (d0, d1), glass)


def shop(
    pen: Draw,
    stage: Stage,
    view: Perspective,
    random: Random,
    side: int,
    x: float,
    depths: tuple[float, float],
    lit_side: float,
) -> None:
    """Open a shop on the ground floor, under its awning."""
    first, span = depths[0], depths[1] - depths[0]
    glass = (1.0, 0.86, 0.56) if stage.dark else scaled(view.lit((0.30, 0.36, 0.40), first), lit_side)
    awning = view.lit(hue_colour(random.random(), 0.55, 0.75), first)
    view.upright(pen, x, (0.86, 1.06), (first + span * 0.12, first + span * 0.84), glass)
    near, far, out = first + span * 0.05, first + span * 0.92, x - side * 0.10
    view.shape(pen, [(x, 0.83, near), (out, 0.90, near), (out, 0.90, far), (x, 0.83, far)], awning)


def lamps(stage: Stage, view: Perspective) -> None:
    """Stand lamps along both pavements."""
    aspect = stage.unit / stage.width
    lights = []

    def draw(pen: Draw) -> None:
        for depth in (4.2, 2.2, 1.0, 0.28):
            for side in (-1, 1):
                x, base = view.at((0.5 + side * 0.72 * aspect, 1.12, depth))
                tall = view.size(depth) * 0.86
                lamp_post(pen, stage, x, base, tall, distance=0.5 * depth / (depth + 2))
                lights.append((x / stage.width, (base - tall * 0.91) / stage.height, tall / stage.unit))

    stage.attend(stage.overlay(draw, blur=0.4), 0.2)
    if stage.dark:
        for x, y, size in lights:
            stage.glow(x, y, 0.10 * size, (1.0, 0.86, 0.54), 0.85)
            stage.glow(x, y, 0.34 * size, (1.0, 0.74, 0.40), 0.22)


def mirror(stage: Stage, top: float, strength: float) -> None:
    """Let wet ground mirror what stands above a height (fraction), drawn out downwards."""
    first = int(top * stage.height)
    count = stage.height - first
    rows = np.clip(first - (np.arange(count) * 0.95).astype(np.int32), 0, stage.height - 1)
    source = stage.picture[rows]
    ripples = perspective_ripples(stage, count, "wetripples")
    shift = ((ripples - 0.5) * 0.016 * stage.unit).astype(np.int32)
    columns = np.clip(np.arange(stage.width)[None, :] + shift, 0, stage.width - 1)
    mirrored = source[np.arange(count)[:, None], columns]
    amount = np.float32(strength) * (0.55 + 0.45 * smoothstep(0.35, 0.65, ripples))
    stage.picture[first:] = mix(stage.picture[first:], mirrored, amount)


def signs(stage: Stage, view: Perspective) -> None:
    """Hang neon signs over the street: bars, rings and arrows of coloured light."""
    random = stage.random("signs")
    aspect = stage.unit / stage.width
    glows = []

    def draw(pen: Draw) -> None:
        for index, depth in enumerate((2.6, 1.7, 1.05, 0.55, 0.15)):
            for side in (-1, 1):
                x0, x1 = 0.5 + side * 0.97 * aspect, 0.5 + side * (0.74 + 0.06 * random.random()) * aspect
                y0 = 0.02 + 0.42 * random.random()
                hue = NEON[int(random.random() * 5)]
                colour, line = hue_colour(hue, 0.68, 1.0), max(2, int(view.size(depth) * 0.012))
                left, top = view.at((min(x0, x1), y0, depth))
                right, bottom = view.at((max(x0, x1), y0 + 0.26 + 0.1 * (index % 2), depth))
                box(pen, left, top, right, bottom, (0.07, 0.04, 0.12))
                pen.rectangle((left, top, right, bottom), outline=rgba(colour), width=line)
                for bar in range(3):
                    y = top + (bottom - top) * (0.25 + 0.25 * bar)
                    tint = hue_colour(hue + 0.35 * (bar % 2), 0.5, 1.0)
                    pen.line(
                        (left + (right - left) * 0.2, y, left + (right - left) * (0.5 + 0.35 * random.random()), y),
                        fill=rgba(tint),
                        width=line,
                    )
                glows.append(
                    (
                        (left + right) / 2 / stage.width,
                        (top + bottom) / 2 / stage.height,
                        (right - left) / stage.unit,
                        colour,
                    )
                )

    stage.attend(stage.overlay(draw, blur=0.4), 0.4)
    for x, y, size, colour in glows:
        stage.glow(x, y, size * 1.1, colour, 0.35)


def canal(stage: Stage, asked: Asked) -> None:
    """Water between tall houses, a bridge across it, mooring poles; their colours broken in it."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.52, 0.90, 0.88, (0.10, 0.90)
    heavens(stage, asked, 0.45)
    view = Perspective(stage, 0.5, stage.horizon)
    box_water(stage)
    facades(stage, view, asked.material, neon="neon" in asked.lamps or stage.light.hour == "neon")
    canal_bridge(stage)
    mirrored_water(stage, view)
    for x, base, tall in ((0.19, 0.82, 0.30), (0.255, 0.79, 0.24), (0.80, 0.83, 0.32), (0.735, 0.78, 0.23)):
        mooring(stage, x, base, tall)
    stage.shallows = 0.76
    if asked.floats:
        stage.flood(0.83)
        return
    random = stage.random("canalquay")
    stage.overlay(lambda pen: cobbles(pen, stage, random, 0.86), blur=0.6)


def box_water(stage: Stage) -> None:
    """Fill below the horizon with dull water, for what the houses do not cover."""
    first = int(stage.horizon * stage.height)
    stage.picture[first:] = blend_colour(stage.lit((0.16, 0.38, 0.40)), stage.light.middle, 0.35)


def canal_bridge(stage: Stage) -> None:
    """Bend a small bridge over the canal at half distance."""
    stone = stage.lit(SNOW if stage.snowy else (0.80, 0.72, 0.64), 0.25)

    def draw(pen: Draw) -> None:
        half, rise, foot, cx = 0.30 * stage.unit, 0.10 * stage.unit, 0.605 * stage.height, stage.width / 2
        bow = [(cx + half * (i / 10 - 1), foot - rise * (1 - (i / 10 - 1) ** 2)) for i in range(21)]
        top = [(x, y - stage.unit * 0.055) for x, y in bow]
        pen.polygon([*top, *reversed(bow)], rgba(stone))
        pen.line(top, fill=rgba(scaled(stone, 1.14)), width=max(2, int(stage.unit * 0.010)), joint="curve")
        pen.line(bow, fill=rgba(scaled(stone, 0.7)), width=max(2, int(stage.unit * 0.008)), joint="curve")
        for i in range(1, 20, 2):
            x, y = top[i]
            pen.line(
                (x, y, x, y + stage.unit * 0.05), fill=rgba(scaled(stone, 0.8)), width=max(1, int(stage.unit * 0.006))
            )

    stage.attend(stage.overlay(draw, blur=0.5), 0.3)


def mirrored_water(stage: Stage, view: Perspective) -> None:
    """Turn what lies between the houses' feet into water that mirrors the street above it."""
    first = int(0.61 * stage.height)
    count = stage.height - first
    rows = np.arange(first, stage.height, dtype=np.float32)[:, None]
    columns = np.arange(stage.width, dtype=np.float32)[None, :]
    near = (rows / stage.height - view.y) / (1.10 - view.y)
    half = near * 0.98 * stage.unit
    inside = smoothstep(half[0, 0] * 0 + 1.02, 0.98, np.abs(columns - 0.5 * stage.width) / np.maximum(half, 1.0))
    source_rows = np.clip(first - (np.arange(count) * 0.85).astype(np.int32), 0, stage.height - 1)
    ripples = perspective_ripples(stage, count, "canalripples")
    shift = ((ripples - 0.5) * 0.06 * stage.unit).astype(np.int32)
    wide = np.clip(np.arange(stage.width)[None, :] + shift, 0, stage.width - 1)
    water: Array = stage.picture[source_rows][np.arange(count)[:, None], wide]
    tint = blend_colour(stage.lit((0.10, 0.34, 0.34)), stage.light.middle, 0.3)
    water = mix(water, tint, 0.42)
    water = water + (smoothstep(0.70, 0.9, ripples) * np.float32(0.14))[..., None] * np.asarray(
        stage.light.horizon, np.float32
    )
    region = stage.picture[first:]
    region += (water - region) * inside[..., None]
    stage.flow[first:] = np.where(inside > 0.5, 0.0, stage.flow[first:])


def mooring(stage: Stage, x: float, base: float, tall: float) -> None:
    """Drive a striped pole into the water."""

    def pole(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        half = high * 0.045
        for band in range(8):
            colour = stage.lit((0.82, 0.20, 0.18) if band % 2 else (0.95, 0.92, 0.86), 0.1)
            y0, y1 = foot - high * (band + 1) / 8, foot - high * band / 8
            pen.polygon(
                [(cx - half, y0 + half), (cx + half, y0 - half), (cx + half, y1 - half), (cx - half, y1 + half)],
                rgba(colour),
            )
        dot(pen, cx, foot - high, half * 1.4, half * 1.4, stage.lit((0.92, 0.74, 0.30), 0.1))
        box(pen, cx - half * 0.7, foot, cx + half * 0.7, foot + high * 0.3, stage.lit((0.5, 0.3, 0.3), 0.1), 0.3)

    scatter(stage, f"mooring{x}", [(x, base, tall)], pole, focus=0.2)
