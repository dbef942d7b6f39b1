"""The forest: trunks behind trunks, light between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..asked import Asked
from ..noise import clouds
from ..pixels import Colour, bands, blend_colour, mix, scaled, smoothstep
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .land import grass, turf


def forest(stage: Stage, asked: Asked) -> None:
    """A clearing among tall trees: haze and light far away, dark leaves near."""
    stage.horizon, stage.ground, stage.back = 0.62, 0.87, 0.78
    night = stage.light.dark > 0.8
    heavens(stage, asked, 0.2)
    stage.light = replace(stage.light, mist=0.48 if "fog" not in stage.weather else 0.9)
    glow_colour = blend_colour(stage.light.horizon, (0.66, 0.88, 0.48), 0.0 if night else 0.62)
    stage.picture[:] = mix(stage.picture, scaled(glow_colour, 0.95), (0.0 if asked.moons else 0.35) if night else 0.6)
    stage.glow(0.5, 0.45, 0.38, glow_colour, 0.6)
    stage.keep_sky()
    floor = turf(stage, (0.20, 0.37, 0.17))
    for index, (far, count, thick, level) in enumerate(
        ((0.85, 16, 0.016, 0.62), (0.55, 11, 0.030, 0.66), (0.20, 7, 0.060, 0.74))
    ):
        leafage(stage, f"leaves{index}", 0.44 - 0.09 * index, stage.lit((0.16, 0.40, 0.18), far), gap=asked.moons > 0)
        trunks(stage, f"trunks{index}", count, thick, level, far)
        profile = stage.profile(f"floor{index}", level - 0.02, 0.015, 3, 4)
        stage.fill_below(
            profile,
            stage.lit(scaled(floor, 1.25), far),
            stage.lit(floor, far * 0.6),
            depth=0.25,
            grain=0.16,
            name=f"floor{index}",
        )
    if not stage.weather & {"rain", "storm"}:
        shafts(stage, glow_colour, 0.16 if night else 0.34)
    random = stage.random("undergrowth")
    for _ in range(9):
        where = random.random()
        x = where * 0.6 if where < 0.5 else 1 - (1 - where) * 0.6
        label = "mushroom" if random.random() < 0.3 else ("herb" if random.random() < 0.6 else "seedling")
        plant(stage, label, x, 0.76 + 0.12 * random.random(), 0.05 + 0.04 * random.random(), distance=0.2)
    grass(stage, "ferns", 0.76, 0.92, 300, 0.05, stage.lit((0.20, 0.38, 0.16)))

    def front() -> None:
        grass(stage, "forestfront", 0.93, 1.06, 420, 0.11, stage.lit((0.10, 0.22, 0.10)))
        leafage(stage, "canopyfront", 0.10, stage.lit((0.06, 0.16, 0.09)), gap=asked.moons > 0)

    stage.foreground.append(front)
    if night:
        stage.weather = stage.weather | {"fireflies"}


def trunks(stage: Stage, name: str, count: int, thick: float, level: float, far: float) -> None:
    """Draw a rank of trunks, lit on the lamp's side."""
    random = stage.random(name)
    bark = stage.lit((0.26, 0.20, 0.17), far)
    edge = blend_colour(bark, stage.light.horizon, 0.35)
    spread = count * max(1.0, stage.width / stage.height)
    places = [
        ((i + random.random()) / spread, 0.7 + 0.6 * random.random(), random.normal() * 0.02)
        for i in range(int(spread))
    ]
    if thick > 0.04:
        places = [p for p in places if abs(p[0] - 0.5) > 0.24]

    def draw(pen: Draw) -> None:
        for x, size, lean in places:
            half = thick * size * stage.unit / 2
            foot, head = x * stage.width, (x + lean) * stage.width
            base = (level + 0.03 * size) * stage.height
            pen.polygon(
                [(foot - half * 1.5, base), (foot + half * 1.5, base), (foot + half, base * 0.9),
                 (head + half * 0.7, 0),                 (head - half * 0.7, 0), (foot - half, base * 0.9)], rgba(bark),
            )  # fmt: skip
            side = -1 if stage.lamp[0] < 0.5 else 1
            pen.polygon(
                [(foot + side * half * 0.35, base * 0.92), (foot + side * half, base * 0.9),
                 (head + side * half * 0.7, 0),                 (head + side * half * 0.25, 0)], rgba(edge, 0.8),
            )  # fmt: skip

    alpha = stage.overlay(draw, blur=0.5 + far)
    stage.flow[alpha > 0.5] = np.pi / 2


def leafage(stage: Stage, name: str, level: float, colour: Colour, *, gap: bool = False) -> None:
    """Hang foliage from the top of the frame down to about `level`, ragged, with lighter tufts.

    gap: leave the lamp to be seen through the leaves.
    """
    rows = np.arange(stage.height, dtype=np.float32)[:, None] / np.float32(stage.height)
    tufts = clouds(stage.random(name), stage.width, stage.height, 7, octaves=4)
    columns = np.abs(np.linspace(-1, 1, stage.width, dtype=np.float32))[None, :]
    cover = smoothstep(0.0, 0.05, level * (0.55 + 0.75 * columns**1.5) + 0.42 * (tufts - 0.5) - rows)
    if gap:
        away_x = np.linspace(0, 1, stage.width, dtype=np.float32)[None, :] - np.float32(stage.lamp[0])
        away_y = rows - np.float32(stage.lamp[1])
        distance = np.hypot(away_x * stage.width, away_y * stage.height) / np.float32(stage.unit)
        cover *= smoothstep(0.12, 0.20, distance + 0.10 * (tufts - 0.5))
    for band in bands(stage.height):
        region, tone = stage.picture[band], smoothstep(0.5, 0.85, tufts[band])
        shade = mix(np.broadcast_to(np.asarray(colour, np.float32), region.shape), scaled(colour, 1.75), tone)
        region += (shade - region) * (cover[band] * np.float32(0.94))[..., None]


def shafts(stage: Stage, colour: Colour, strength: float) -> None:
    """Let slanting beams of light fall between the trees."""
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    slant = 0.45 if stage.lamp[0] < 0.5 else -0.45
    across = (columns - slant * rows) / stage.unit
    random = stage.random("shafts")
    beams = np.zeros_like(across)
    for _ in range(5):
        centre, width = random.random() * 1.3 - 0.2, 0.02 + 0.04 * random.random()
        beams += np.exp(-(((across - np.float32(centre)) / np.float32(width)) ** 2)) * np.float32(
            0.5 + random.random() * 0.5
        )
    fade = smoothstep(0.95, 0.25, rows / stage.height)
    stage.picture += (np.asarray(colour, np.float32) - stage.picture * 0.5) * (
        np.clip(beams, 0, 1) * fade * np.float32(strength)
    )[..., None]
