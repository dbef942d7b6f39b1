"""Bare rock: a canyon and a volcano."""

from __future__ import annotations

import math

import numpy as np

from ..asked import Asked
from ..noise import clouds, lattice
from ..pixels import Array, Colour, blend_colour, mix, scaled, smoothstep
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import boulders, dot
from .land import turf

STRATA: list[Colour] = [
    (0.80, 0.42, 0.26),
    (0.90, 0.58, 0.36),
    (0.68, 0.32, 0.22),
    (0.94, 0.70, 0.48),
    (0.76, 0.38, 0.28),
    (0.58, 0.26, 0.22),
    (0.86, 0.52, 0.32),
]


def canyon(stage: Stage, asked: Asked) -> None:
    """Red walls in layers, step behind step, and a river far below between them."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.87, 0.80, (0.14, 0.86)
    heavens(stage, asked, 0.25)
    floor = turf(stage, (0.84, 0.54, 0.36))
    flat = np.full(stage.width, 0.60 * stage.height, np.float32)
    stage.fill_below(
        flat, stage.lit(floor, 0.7), stage.lit(scaled(floor, 0.7)), depth=0.3, grain=0.2, name="floor", stretch=4
    )
    if asked.floats:
        stage.flood(0.82)
    gorge_river(stage, 0.42 if asked.floats else 0.16)
    for index, (gap, top, far) in enumerate(((0.09, 0.32, 0.7), (0.19, 0.25, 0.45), (0.32, 0.12, 0.2))):
        walls(stage, f"mesa{index}", gap, top, 0.66 + 0.07 * index, far)
    if not asked.floats:
        ledge = stage.profile("ledge", 0.84, 0.012, 3, 5, 0.6)
        sand = turf(stage, (0.84, 0.52, 0.34))
        stage.fill_below(
            ledge,
            blend_colour(stage.lit(sand), stage.light.key, 0.15),
            stage.lit(scaled(sand, 0.6)),
            depth=0.2,
            grain=0.25,
            name="ledge",
            stretch=4,
        )
    boulders(
        stage,
        "canyonrocks",
        [(0.07, 0.90, 0.10), (0.17, 0.87, 0.05), (0.92, 0.92, 0.12), (0.83, 0.86, 0.04)],
        (0.72, 0.40, 0.28),
    )
    stage.foreground.append(
        lambda: boulders(stage, "nearrocks", [(0.02, 1.03, 0.16), (0.97, 1.04, 0.14)], (0.62, 0.34, 0.25))
    )


def walls(stage: Stage, name: str, gap: float, top: float, foot: float, far: float) -> None:
    """Raise both walls of the canyon, `gap` away from the middle, from `foot` to `top` (fractions), in terraces."""
    random = stage.random(name)
    columns = np.linspace(0, 1, stage.width, dtype=np.float32)
    away = np.abs(columns - 0.5) - gap
    ragged = stage.profile(name + "edge", 0.0, 0.05, 7, 5, 0.6) / stage.height
    rise = np.clip((away + ragged * 0.5) / 0.16, 0, 1)
    steps = (np.floor(rise * 3.0) + smoothstep(0.55, 1.0, (rise * 3.0) % 1.0)) / 3.0
    mesa = stage.profile(name + "top", 0.0, 0.035, 4, 4, 0.5) / stage.height
    profile = (foot - (foot - top) * np.clip(steps, 0, 1.02) + mesa * (steps > 0.3)) * stage.height
    rows = np.arange(stage.height, dtype=np.float32)[:, None]
    below = rows - profile[None, :]
    mask = np.clip(below + 0.5, 0, 1) * (steps > 0.02)[None, :]
    mask = mask * smoothstep(foot + 0.05, foot, rows / stage.height - 0.10 * np.clip(away, 0, 1)[None, :])
    wobble = clouds(random, stage.width, stage.height, 2.5, octaves=4, stretch=2.0)
    layer = ((rows / stage.height * 17 + wobble * 2.2) % len(STRATA)).astype(np.int32)
    palette = np.asarray([stage.lit(c, far) for c in STRATA], np.float32)
    grain = lattice(random, stage.width, stage.height, 60 * stage.width / stage.unit, 10)
    faces = 0.80 + 0.36 * grain * np.clip(1.1 + stage.lampward * (columns - 0.5) * -1.6, 0.5, 1.4)[None, :]
    rock = palette[layer] * faces[..., None]
    if stage.snowy:
        rock = mix(rock.astype(np.float32), stage.lit((0.92, 0.95, 1.0), far), np.exp(-below / (0.03 * stage.height)))
    stage.picture += (np.clip(rock, 0, 1) - stage.picture) * mask[..., None].astype(np.float32)
    stage.flow[:] = np.where(mask > 0.5, np.pi / 2, stage.flow)


def gorge_river(stage: Stage, wide: float) -> None:
    """Wind a river from the vanishing point to the front, as wide there as told (fraction)."""
    water = blend_colour(stage.lit((0.16, 0.52, 0.54)), stage.light.middle, 0.35)

    def draw(pen: Draw) -> None:
        left, right = [], []
        for step in range(30):
            t = step / 29
            y = (0.60 + 0.42 * t**1.4) * stage.height
            x = 0.5 + 0.07 * math.sin(t * 7.0) * (1 - 0.3 * t)
            half = wide * (0.06 + 1.1 * t**2.0)
            left.append(((x - half) * stage.width, y))
            right.append(((x + half) * stage.width, y))
        sand = stage.lit((0.86, 0.64, 0.44), 0.3)
        bank = stage.unit * 0.02
        pen.polygon([*((x - bank, y) for x, y in left), *((x + bank, y) for x, y in reversed(right))], rgba(sand))
        pen.polygon([*left, *reversed(right)], rgba(water))
        for step in range(4, 29, 2):
            (lx, y), (rx, _) = left[step], right[step]
            gleam = blend_colour(water, stage.light.horizon, 0.6)
            pen.line((lx + (rx - lx) * 0.2, y, lx + (rx - lx) * 0.6, y), fill=rgba(gleam, 0.8), width=2)

    stage.overlay(draw, blur=1.0)


def volcano(stage: Stage, asked: Asked) -> None:
    """A cone that spits fire, lava down its side, cracked black rock with fire in the cracks."""
    stage.horizon, stage.ground, stage.back = 0.62, 0.88, 0.76
    stage.near = 0.72 if stage.flying else 1.0
    stage.weather = stage.weather | {"embers"}
    heavens(stage, asked, 0.5)
    centre = 0.5 - stage.lampward * (0.03 if asked.embodied else 0.14)
    stage.glow(centre, 0.24, 0.30, (1.0, 0.40, 0.12), 0.55)
    stage.keep_sky()
    plume(stage, centre, 0.25)
    profile = cone_profile(stage, centre, 0.25)
    rock: Colour = (0.30, 0.25, 0.27)
    stage.fill_below(
        profile,
        stage.lit(rock, 0.25),
        stage.lit(scaled(rock, 0.8), 0.5),
        depth=0.4,
        grain=0.35,
        name="cone",
        stretch=0.6,
    )
    lava_streams(stage, centre, 0.25)
    for index, (level, far) in enumerate(((0.64, 0.4), (0.72, 0.1))):
        field = stage.profile(f"basalt{index}", level, 0.02, 4, 5, 0.6)
        stage.fill_below(
            field,
            stage.lit((0.34, 0.29, 0.30), far),
            stage.lit((0.16, 0.14, 0.16), far),
            depth=0.25,
            grain=0.4,
            name=f"basalt{index}",
            stretch=2,
        )
    cracks(stage)
    stage.glow(centre, 0.66, 0.40, (1.0, 0.36, 0.10), 0.22)
    boulders(
        stage,
        "basaltrocks",
        [(0.06, 0.90, 0.10), (0.15, 0.86, 0.05), (0.93, 0.91, 0.11), (0.84, 0.85, 0.04)],
        (0.30, 0.26, 0.28),
    )


def cone_profile(stage: Stage, centre: float, top: float) -> Array:
    """Return the skyline of the mountain with its bitten summit, pixels per column."""
    columns = np.linspace(0, 1, stage.width, dtype=np.float32)
    away = np.abs(columns - centre) * stage.width / stage.unit
    slope = np.clip((away - 0.055) / 0.46, 0, 1) ** 0.72
    rough = stage.profile("coneedge", 0.0, 0.012, 9, 5, 0.6)
    bitten = 0.022 * np.exp(-((away / 0.04) ** 2))
    result: Array = ((top + bitten + (0.66 - top) * slope) * stage.height + rough).astype(np.float32)
    return result


def plume(stage: Stage, x: float, y: float) -> None:
    """Pile smoke above a crater, lit red from below, drifting with the wind."""
    random = stage.random("plume")
    drift = stage.lampward * (0.30 if "wind" in stage.weather else 0.14)

    def draw(pen: Draw) -> None:
        for step in range(120):
            t = 1 - step / 119
            spread = stage.unit * (0.025 + 0.15 * t)
            cx = (x + drift * t**1.4) * stage.width + random.normal() * spread * 0.7
            cy = (y * (1 - 1.05 * t)) * stage.height + random.normal() * spread * 0.25
            size = spread * (0.35 + 0.5 * random.random())
            grey = blend_colour((0.24, 0.22, 0.25), (0.50, 0.46, 0.48), random.random())
            colour = blend_colour(stage.lit(grey, 0.2), (1.0, 0.42, 0.14), 0.62 * (1 - t) ** 3)
            dot(pen, cx, cy, size, size * 0.85, colour, 0.9)

    stage.overlay(draw, blur=stage.unit * 0.006)
    random = stage.random("bombs")

    def fire(pen: Draw) -> None:
        for _ in range(46):
            angle, reach = math.pi * (0.2 + 0.6 * random.random()), stage.unit * 0.17 * random.random()
            cx = x * stage.width + math.cos(angle) * reach
            cy = (y + 0.01) * stage.height - math.sin(angle) * reach * 1.1
            size = stage.unit * (0.002 + 0.006 * random.random())
            dot(pen, cx, cy, size, size, blend_colour((1.0, 0.45, 0.10), (1.0, 0.90, 0.45), random.random()))

    stage.attend(stage.overlay(fire, blur=0.5), 0.4)


def lava_streams(stage: Stage, centre: float, top: float) -> None:
    """Let lava run from the crater down to the plain."""
    random = stage.random("lava")

    def draw(pen: Draw) -> None:
        for start, lean, wide in ((-0.02, -0.10, 1.0), (0.0, 0.03, 1.5), (0.025, 0.16, 0.8)):
            points = []
            for step in range(16):
                t = step / 15
                x = centre + start + (lean * t**1.2 + 0.012 * random.normal() * t) * stage.unit / stage.width
                points.append((x * stage.width, (top + 0.015 + 0.44 * t) * stage.height))
            for colour, factor in (((0.86, 0.16, 0.05), 1.0), ((1.0, 0.46, 0.08), 0.62), ((1.0, 0.86, 0.40), 0.26)):
                pen.line(
                    points, fill=rgba(colour), width=max(1, int(stage.unit * 0.020 * wide * factor)), joint="curve"
                )

    stage.attend(stage.overlay(draw, blur=0.7), 0.4)
    for lean in (-0.07, 0.03, 0.12):
        stage.glow(centre + lean * 0.5, 0.48, 0.10, (1.0, 0.36, 0.10), 0.30)


def cracks(stage: Stage) -> None:
    """Split the ground with fire: a net of glowing lines, denser towards the viewer."""
    first = int(0.70 * stage.height)
    random = stage.random("cracks")
    count = stage.height - first
    where = (np.linspace(0, 1, count) ** 0.55 * (stage.height - 1)).astype(np.int32)
    field = clouds(random, stage.width, stage.height, 6, octaves=3, stretch=1.6)[where]
    veins = np.exp(-(((field - 0.5) / 0.018) ** 2)) * np.linspace(0.3, 1, count, dtype=np.float32)[:, None]
    middle = np.exp(-(((field - 0.5) / 0.008) ** 2))
    region = stage.picture[first:]
    region += (np.asarray((1.0, 0.36, 0.06), np.float32) - region) * (np.clip(veins, 0, 1) * np.float32(0.9))[..., None]
    region += (np.asarray((1.0, 0.84, 0.40), np.float32) - region) * (middle * np.float32(0.7))[..., None]
