"""Above the ground: space, the moon's surface, the top of the clouds."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..light import HOURS
from ..noise import clouds, lattice
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled, smoothstep
from ..planting import plant
from ..sky import paint_luminaries, paint_sky, paint_stars
from ..stage import Draw, Stage, rgba


def darkness(stage: Stage) -> None:
    """Fill the frame with deep space: nebulae and stars."""
    random = stage.random("nebula")
    stage.light = HOURS["night"][int(random.integers(3))]
    hue = random.random()
    stage.picture[:] = (0.020, 0.022, 0.065)
    for index, offset in enumerate((0.0, 0.12, -0.18)):
        field = clouds(random, stage.width, stage.height, 1.5 + index, octaves=5)
        band = clouds(random, stage.width, stage.height, 1.0, octaves=2)
        cover = smoothstep(0.45, 1.0, 0.6 * field + 0.5 * band)
        colour = hue_colour(hue + offset, 0.72, 0.72 - 0.12 * index)
        stage.picture += (np.asarray(colour, np.float32) - stage.picture) * (cover * np.float32(0.62))[..., None]
        stage.flow += ((field - 0.5) * np.float32(2.2)).astype(np.float32)
    paint_stars(stage, 2.2, below=1.0)


def planet(stage: Stage, x: float, y: float, radius: float, colour: Colour, name: str, *, ringed: bool = False) -> None:
    """Hang a banded, half-lit planet at (x, y) (fractions); radius of the shorter side."""
    reach = radius * stage.unit
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    dx, dy = (columns - x * stage.width) / reach, (rows - y * stage.height) / reach
    square = dx**2 + dy**2
    mask = np.clip((1 - np.sqrt(square)) * reach / 1.5 + 0.5, 0, 1)
    depth = np.sqrt(np.clip(1 - square, 0, 1))
    bands = lattice(stage.random(name), 64, 256, 4, 14)
    where = np.clip(((dy + 0.25 * dx * dx + 1) / 2) * 255, 0, 255).astype(np.int32)
    stripe = bands[where, np.clip((dx + 1) * 31.5, 0, 63).astype(np.int32)]
    face = mix(
        np.broadcast_to(np.asarray(scaled(colour, 0.6), np.float32), stage.picture.shape),
        blend_colour(colour, (1, 1, 1), 0.25),
        np.clip(stripe, 0, 1),
    )
    lamp = np.array([-0.55 if stage.lamp[0] < 0.5 else 0.55, -0.5, 0.66], np.float32)
    facing = np.clip(dx * lamp[0] + dy * lamp[1] + depth * lamp[2], 0, 1)
    face = face * (0.10 + 1.05 * facing)[..., None]
    if ringed:
        tilt = dy * 3.4 + dx * 0.9
        ring = np.hypot(dx, tilt)
        stripes = smoothstep(1.35, 1.45, ring) * smoothstep(2.15, 2.05, ring) * (0.55 + 0.45 * np.sin(ring * 24))
        behind = (tilt < 0) & (square < 1)
        stage.picture += (face - stage.picture) * mask[..., None]
        ring_alpha = np.where(behind, 0, stripes * 0.8).astype(np.float32)
        stage.picture += (
            np.asarray(blend_colour(colour, (1, 0.95, 0.85), 0.6), np.float32) - stage.picture
        ) * ring_alpha[..., None]
    else:
        stage.picture += (face - stage.picture) * mask[..., None]
        rim = np.exp(-(((np.sqrt(square) - 1.02) / 0.05) ** 2)) * np.clip(dx * lamp[0] + dy * lamp[1] + 0.3, 0, 1)
        stage.picture += (rim * np.float32(0.55))[..., None] * np.asarray(
            blend_colour(colour, (0.7, 0.9, 1.0), 0.6), np.float32
        )
    stage.attend(mask.astype(np.float32), 0.3)


def space(stage: Stage, asked: Asked) -> None:
    """Nebulae, stars, a great planet at the edge; subjects float."""
    stage.horizon, stage.ground, stage.back, stage.floating, stage.open_air = 1.0, 0.60, 0.5, True, False
    darkness(stage)
    random = stage.random("planets")
    stage.lamp = (0.15 if random.random() < 0.5 else 0.85, 0.12)
    hue = random.random()
    left = stage.lamp[0] > 0.5
    planet(stage, 0.16 if left else 0.84, 1.02, 0.46, hue_colour(hue, 0.55, 0.9), "great")
    planet(stage, 0.84 if left else 0.16, 0.22, 0.085, hue_colour(hue + 0.35, 0.5, 0.95), "small", ringed=True)
    if asked.moons or asked.suns:
        paint_luminaries(stage, asked.moons, asked.suns, asked.crescent)


def lunar(stage: Stage, asked: Asked) -> None:
    """Grey dust and craters, the earth in a black sky."""
    stage.horizon, stage.ground, stage.back, stage.open_air = 0.66, 0.86, 0.74, False
    darkness(stage)
    stage.picture *= np.float32(0.75)
    stage.lamp = (0.22, 0.1)
    plant(stage, "earth", 0.76, 0.34, 0.20, distance=0.0)
    stage.glow(0.76, 0.24, 0.16, (0.35, 0.60, 0.95), 0.28)
    dust = (0.70, 0.69, 0.68)
    for index, (level, swing) in enumerate(((0.64, 0.03), (0.72, 0.02))):
        profile = stage.profile(f"moon{index}", level, swing, 3, 4, 0.5)
        stage.fill_below(
            profile,
            scaled(dust, 0.55 + 0.35 * index),
            scaled(dust, 0.42 + 0.2 * index),
            depth=0.3,
            grain=0.12,
            name=f"moon{index}",
            stretch=1.6,
        )
    random = stage.random("craters")
    craters = sorted((0.74 + 0.24 * random.random(), random.random(), random.random()) for _ in range(15))

    def draw(pen: Draw) -> None:
        for y, x, size in craters:
            wide = stage.unit * (0.02 + 0.055 * size) * (0.5 + 2.6 * (y - 0.72))
            tall = wide * 0.30
            cx, cy = x * stage.width, y * stage.height
            pen.ellipse((cx - wide, cy - tall, cx + wide, cy + tall), rgba(scaled(dust, 1.08)))
            pen.ellipse((cx - wide * 0.88, cy - tall * 0.7, cx + wide * 0.94, cy + tall), rgba(scaled(dust, 0.40)))
            pen.ellipse((cx - wide * 0.6, cy - tall * 0.1, cx + wide * 0.9, cy + tall * 0.95), rgba(scaled(dust, 0.60)))

    stage.overlay(draw, blur=stage.unit * 0.0035)

    def front() -> None:
        mound = stage.profile("moonmound", 0.935, 0.018, 2.4, 4, 0.5)
        stage.fill_below(mound, scaled(dust, 0.95), scaled(dust, 0.5), depth=0.1, grain=0.14, name="moonmound", soft=2)

    stage.foreground.append(front)


def clouds_above(stage: Stage, asked: Asked) -> None:
    """The sky above a sea of clouds; subjects fly."""
    stage.horizon, stage.ground, stage.back, stage.floating = 0.80, 0.62, 0.5, True
    paint_sky(stage, cloudiness=0.55)
    if stage.light.dark > 0.5:
        paint_stars(stage, 1.2)
    paint_luminaries(stage, asked.moons, asked.suns, asked.crescent)
    stage.keep_sky()
    puffs(stage, "far", 0.74, 0.6)
    puffs(stage, "middle", 0.84, 0.3)
    stage.foreground.append(lambda: puffs(stage, "near", 0.93, 0.0))


def puffs(stage: Stage, name: str, level: float, far: float) -> None:
    """Pile up one bank of round clouds."""
    random = stage.random("puffs" + name)
    size = 0.09 * (1.25 - far)
    spots = sorted((level + 0.05 * random.random(), random.random(), size * (0.5 + random.random())) for _ in range(46))
    bright = blend_colour(stage.lit((1.0, 0.99, 0.98), far), stage.light.key, 0.3)
    shade = blend_colour(stage.lit((0.72, 0.76, 0.86), far), stage.light.middle, 0.35)
    lean = -0.22 if stage.lamp[0] < 0.5 else 0.22

    def draw(pen: Draw) -> None:
        pen.rectangle((0, (level + 0.04) * stage.height, stage.width, stage.height), rgba(shade))
        for y, x, radius in spots:
            cx, cy, r = x * stage.width, y * stage.height, radius * stage.unit
            for step in range(7):
                t = step / 6
                inner = r * (1 - 0.62 * t)
                dx, dy = lean * r * t, -0.30 * r * t
                pen.ellipse(
                    (cx + dx - inner, cy + dy - inner * 0.8, cx + dx + inner, cy + dy + inner * 0.8),
                    rgba(blend_colour(shade, bright, t)),
                )

    stage.overlay(draw, blur=stage.unit * 0.006)
