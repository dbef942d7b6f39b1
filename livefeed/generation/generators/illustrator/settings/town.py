"""The city: towers behind towers, lit windows, their light on water."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .water import perspective_ripples

STONES: list[Colour] = [(0.62, 0.54, 0.52), (0.54, 0.56, 0.66), (0.72, 0.60, 0.50), (0.48, 0.52, 0.60)]


def city(stage: Stage, asked: Asked) -> None:
    """A skyline across the water; subjects stand on the near quay."""
    stage.horizon, stage.ground, stage.back, stage.shallows = 0.66, 0.90, 0.87, 0.78
    heavens(stage, asked, 0.45)
    random = stage.random("city")
    neon = "neon" in asked.lamps
    shore = 0.72
    for index, (far, tall, wide) in enumerate(((0.8, 0.34, 0.075), (0.5, 0.30, 0.10), (0.15, 0.22, 0.13))):
        stone = asked.material or STONES[int(random.integers(len(STONES)))]
        if asked.material:
            stone = blend_colour(scaled(stone, 0.86 + 0.14 * index), (1, 1, 1), 0.04 * index)
        towers(stage, f"towers{index}", shore, tall, wide, stone, far, rounded=asked.material is not None, neon=neon)
    reflect(stage, shore)
    quay(stage)
    if stage.light.dark > 0.5:
        stage.glow(0.5, shore, 0.30, (1.0, 0.74, 0.42), 0.20)


@dataclass(frozen=True, slots=True)
class Rank:
    """One rank of buildings: how far away, of which stone, with round roofs, under neon, its feet at `shore`."""

    shore: float
    stone: Colour
    far: float
    rounded: bool
    neon: bool


@dataclass(frozen=True, slots=True)
class Building:
    """Where a building stands (fraction), how high and wide it is (of height and unit), its tone and roof (0..1)."""

    x: float
    high: float
    wide: float
    tone: float
    roof: float


def towers(
    stage: Stage, name: str, shore: float, tall: float, wide: float, stone: Colour, far: float, *, rounded: bool,
    neon: bool = False,
) -> None:  # fmt: skip
    """Raise one rank of buildings with their windows, lower in the middle so that the sky stays open."""
    random = stage.random(name)
    rank = Rank(shore, stone, far, rounded, neon)
    buildings = skyline(random, int(stage.width / stage.unit / wide * 1.25) + 2, tall, wide)

    def draw(pen: Draw) -> None:
        for building in buildings:
            raise_building(pen, stage, random, rank, building)

    alpha = stage.overlay(draw, blur=0.4 + 0.5 * far)
    stage.attend(alpha, 0.55 - 0.25 * far)
    stage.flow[alpha > 0.5] = np.pi / 2


def skyline(random: Random, count: int, tall: float, wide: float) -> list[Building]:
    """Return the buildings of a rank from left to right, lower in the middle."""
    buildings = []
    for index in range(count):
        x = (index + 0.2 + 0.6 * random.random()) / count
        high = tall * (0.75 + 0.45 * abs(x - 0.5) * 2) * (0.45 + 0.75 * random.random())
        buildings.append(Building(x, high, wide * (0.7 + 0.6 * random.random()), random.random(), random.random()))
    return buildings


def raise_building(pen: Draw, stage: Stage, random: Random, rank: Rank, building: Building) -> None:
    """Draw one building: roof, body, its lit edge and its windows."""
    body = stage.lit(scaled(rank.stone, 0.8 + 0.45 * building.tone), rank.far)
    if rank.rounded:  # what a city is made of shows, whatever the hour
        body = blend_colour(body, rank.stone, 0.50 * (1 - 0.5 * rank.far))
    half = building.wide * stage.unit / 2
    cx, foot = building.x * stage.width, (rank.shore + 0.01) * stage.height
    top = foot - building.high * stage.height
    roof(pen, stage, rank, building.roof, (cx, top, half), body)
    pen.rectangle((cx - half, top, cx + half, foot), rgba(body))
    side = -1 if stage.lamp[0] < 0.5 else 1
    inner, outer = sorted((cx + side * half * 0.55, cx + side * half))
    pen.rectangle((inner, top, outer, foot), rgba(blend_colour(body, stage.light.key, 0.30)))
    windows(pen, stage, random, rank, (cx, top, half, foot), building.tone)


def roof(
    pen: Draw, stage: Stage, rank: Rank, kind: float, place: tuple[float, float, float], body: Colour
) -> None:  # fmt: skip
    """Draw a dome, a gable, a storey set back, a mast or nothing, by `kind` (0..1); place: middle, top, half width."""
    cx, top, half = place
    if kind > 0.68 or (rank.rounded and kind > 0.3):
        peak = half * (1.5 if rank.rounded else 1.0)
        if rank.rounded and kind < 0.7:
            pen.ellipse((cx - half, top - half, cx + half, top + half), rgba(body))
        else:
            pen.polygon([(cx - half, top), (cx, top - peak), (cx + half, top)], rgba(scaled(body, 0.9)))
    elif kind > 0.5:
        pen.rectangle((cx - half * 0.5, top - half * 0.6, cx + half * 0.5, top), rgba(body))
    elif kind > 0.38:
        pen.line((cx, top, cx, top - half * 1.6), fill=rgba(body), width=max(1, int(stage.unit * 0.004)))


def windows(
    pen: Draw, stage: Stage, random: Random, rank: Rank, wall: tuple[float, float, float, float], tone: float
) -> None:  # fmt: skip
    """Draw the windows of a wall (middle, top, half width, foot), many of them lit at night."""
    cx, top, half, foot = wall
    far, night = rank.far, stage.light.dark > 0.5
    pane = max(2.0, stage.unit * 0.0105 * (1.1 - 0.45 * far))
    columns, rows = int(half * 2 / (pane * 2.1)), int((foot - top) / (pane * 2.3))
    if columns < 1:
        return
    left = cx - columns * pane * 2.1 / 2 + pane * 0.5
    glow = stage.lit((1.0, 0.82, 0.46), far * 0.5)
    if night:
        glow = blend_colour((1.0, 0.80, 0.42), stage.light.haze, far * 0.45)
    if rank.neon:
        hue = (0.50, 0.88, 0.12, 0.80)[int(tone * 3.999)]
        glow = blend_colour(hue_colour(hue, 0.75, 1.0), stage.light.haze, far * 0.4)
    glass = blend_colour(stage.lit((0.30, 0.40, 0.55), far), stage.light.horizon, 0.25)
    for row in range(rows):
        for column in range(columns):
            lit = random.random() < (0.55 if night else 0.06)
            if night and not lit and tone > 0.3:
                continue
            wx, wy = left + column * pane * 2.1, top + pane * 1.4 + row * pane * 2.3
            if wy + pane * 1.2 < foot:
                colour = glow if lit else (scaled(glass, 0.55) if night else glass)
                pen.rectangle((wx, wy, wx + pane, wy + pane * 1.25), rgba(colour, 0.95))


def reflect(stage: Stage, shore: float) -> None:
    """Mirror what stands above the shore in the water below, broken by ripples."""
    first = int(shore * stage.height)
    count = stage.height - first
    source = stage.picture[first - count : first][::-1]
    ripples = perspective_ripples(stage, count, "cityripples")
    shift = ((ripples - 0.5) * 0.07 * stage.unit).astype(np.int32)
    columns = np.clip(np.arange(stage.width)[None, :] + shift, 0, stage.width - 1)
    water = source[np.arange(count)[:, None], columns]
    tint = blend_colour(stage.light.top, stage.lit((0.08, 0.24, 0.34)), 0.5)
    stage.picture[first:] = mix(water, tint, 0.36)
    bright = (ripples > 0.72).astype(np.float32) * np.float32(0.10)
    stage.picture[first:] += bright[..., None] * np.asarray(stage.light.horizon, np.float32)
    stage.flow[first:] = 0.0


def quay(stage: Stage) -> None:
    """Lay a stone quay along the bottom for subjects to stand on."""
    stone = stage.lit((0.46, 0.44, 0.46))
    top = np.full(stage.width, 0.855 * stage.height, np.float32)
    stage.fill_below(
        top,
        blend_colour(stone, stage.light.key, 0.18),
        scaled(stone, 0.55),
        depth=0.15,
        grain=0.2,
        name="quay",
        stretch=2,
    )
    random = stage.random("slabs")

    def draw(pen: Draw) -> None:
        for row, y in enumerate((0.862, 0.90, 0.955)):
            pen.line(
                (0, y * stage.height, stage.width, y * stage.height),
                fill=rgba(scaled(stone, 0.55), 0.7),
                width=max(1, int(stage.unit * 0.003)),
            )
            below = (0.90, 0.955, 1.03)[row]
            for i in range(9):
                x = (i + 0.3 * (row % 2) + 0.1 * random.random()) / 8
                spread = 1.0 + 0.12 * row
                top_x = ((x - 0.5) * spread + 0.5) * stage.width
                low_x = ((x - 0.5) * (spread + 0.12) + 0.5) * stage.width
                seam = (top_x, y * stage.height, low_x, below * stage.height)
                pen.line(seam, fill=rgba(scaled(stone, 0.55), 0.6), width=max(1, int(stage.unit * 0.0025)))

    stage.overlay(draw, blur=0.7)
