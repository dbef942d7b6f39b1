"""Under water: light from above, a reef, weed, bubbles."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from ..asked import Asked
from ..light import Light
from ..noise import Random, clouds
from ..pixels import Colour, blend_colour, hue_colour, mix, smoothstep
from ..planting import plant
from ..stage import Draw, Stage, rgba


def underwater(stage: Stage, asked: Asked) -> None:
    """Light from above, coral and weed on a sandy floor, bubbles."""
    stage.horizon, stage.ground, stage.back, stage.floating, stage.open_air = 0.8, 0.60, 0.5, True, False
    random = stage.random("underwater")
    top, deep = depths(stage, random)
    stage.lamp = (0.35 + 0.3 * random.random(), 0.02)
    rays(stage, top)
    stage.light = underwater_light(stage, top, deep)
    for index, (level, far) in enumerate(((0.74, 0.75), (0.83, 0.35))):
        reef(stage, random, index, level, far)
    sand = stage.profile("sand", 0.88, 0.015, 2, 3, 0.4)
    stage.fill_below(
        sand,
        stage.lit((0.96, 0.88, 0.70), 0.1),
        stage.lit((0.72, 0.66, 0.58), 0.3),
        depth=0.14,
        grain=0.08,
        name="sand",
    )
    for _ in range(3):
        plant(
            stage,
            "tropical fish",
            random.random(),
            0.2 + 0.4 * random.random(),
            0.055,
            distance=0.5,
            mirrored=random.random() < 0.5,
        )

    def front() -> None:
        weeds(stage)
        for x in (0.10, 0.90):
            plant(stage, "coral", x, 0.99, 0.24, distance=0.05, mirrored=x > 0.5)
        bubbles(stage)

    stage.foreground.append(front)


def depths(stage: Stage, random: Random) -> tuple[Colour, Colour]:
    """Fill the frame with water, and return its colours near the surface and in the deep."""
    hue = 0.50 + 0.07 * random.random()
    dark = 1.0 - 0.45 * stage.light.dark
    top, deep = hue_colour(hue - 0.02, 0.48, 0.94 * dark), hue_colour(hue + 0.07, 0.88, 0.34 * dark)
    rows = np.linspace(0, 1, stage.height, dtype=np.float32)[:, None] * np.ones((1, stage.width), np.float32)
    drift = clouds(random, stage.width, stage.height, 2.0, octaves=3)
    down = np.clip(rows**0.8 + 0.25 * (drift - 0.5), 0, 1)
    stage.picture[:] = mix(np.broadcast_to(np.asarray(top, np.float32), stage.picture.shape), deep, down)
    return top, deep


def reef(stage: Stage, random: Random, index: int, level: float, far: float) -> None:
    """Raise a reef to `level` (fraction), as far away as told, with corals on it."""
    name = f"reef{index}"
    crest, foot = stage.lit((0.55, 0.50, 0.62), far), stage.lit((0.40, 0.42, 0.58), far)
    skyline = stage.profile(name, level, 0.05, 4, 5, 0.55)
    stage.fill_below(skyline, crest, foot, depth=0.2, grain=0.2, name=name, stretch=1.2)
    for _ in range(4):
        place = random.random()
        tall = 0.10 + 0.08 * random.random()
        plant(stage, "coral", place, level + 0.03, tall, distance=far * 0.8, mirrored=place > 0.5)


def underwater_light(stage: Stage, top: Colour, deep: Colour) -> Light:
    """Return the scene's light as it is under water: blue-green, and thick."""
    return replace(
        stage.light, top=deep, middle=blend_colour(deep, top, 0.4), horizon=blend_colour(deep, top, 0.6),
        ambient=blend_colour((0.92, 1.0, 1.0), top, 0.45), key=(0.85, 1.0, 0.96), mist=0.85,
    )  # fmt: skip


def rays(stage: Stage, colour: Colour) -> None:
    """Let light fall in from above, fanning out."""
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    angle = np.arctan2(columns - stage.lamp[0] * stage.width, rows + 0.35 * stage.height)
    random = stage.random("rays")
    beams = np.zeros_like(angle)
    for _ in range(9):
        beams += (
            np.exp(-(((angle - np.float32(random.normal(0, 0.42))) / np.float32(0.02 + 0.05 * random.random())) ** 2))
            * 0.6
        )
    fade = smoothstep(0.85, 0.0, rows / stage.height)
    stage.picture += (np.asarray((0.92, 1.0, 0.95), np.float32) - stage.picture * 0.6) * (
        np.clip(beams, 0, 1) * fade * 0.42
    )[..., None]


def weeds(stage: Stage) -> None:
    """Let weed sway in front."""
    random = stage.random("weeds")
    stems = [(random.random(), 0.10 + 0.16 * random.random(), random.random()) for _ in range(26)]
    stems = [s for s in stems if abs(s[0] - 0.5) > 0.2]

    def draw(pen: Draw) -> None:
        for x, tall, tone in stems:
            colour = stage.lit(blend_colour((0.16, 0.52, 0.32), (0.46, 0.62, 0.22), tone), 0.15)
            points = []
            for step in range(12):
                t = step / 11
                sway = np.sin(t * 5 + tone * 6) * 0.016 * t
                points.append(((x + sway) * stage.width, (1.0 - tall * t) * stage.height))
            for step, (a, b) in enumerate(pairwise(points)):
                pen.line((*a, *b), fill=rgba(colour), width=max(1, int(stage.unit * 0.014 * (1 - step / 13))))

    stage.overlay(draw, blur=0.6)


def bubbles(stage: Stage) -> None:
    """Let bubbles rise."""
    random = stage.random("bubbles")
    spots = [(random.random(), random.random() * 0.85, random.random()) for _ in range(34)]

    def draw(pen: Draw) -> None:
        for x, y, size in spots:
            radius = stage.unit * (0.003 + 0.013 * size**2)
            cx, cy = x * stage.width, y * stage.height
            pen.ellipse(
                (cx - radius, cy - radius, cx + radius, cy + radius),
                fill=rgba((0.85, 1, 1), 0.25),
                outline=rgba((0.92, 1, 1), 0.75),
            )
            pen.ellipse(
                (cx - radius * 0.5, cy - radius * 0.6, cx - radius * 0.1, cy - radius * 0.2), fill=rgba((1, 1, 1), 0.9)
            )

    stage.overlay(draw)
