"""Skies: gradients, clouds, stars, suns, moons."""

from __future__ import annotations

import numpy as np

from .asked import Asked
from .noise import clouds
from .pixels import Array, Colour, bands, blend_colour, mix, scaled, smoothstep
from .stage import Draw, Stage, rgba


def heavens(stage: Stage, asked: Asked, cloudiness: float) -> None:
    """Paint sky and clouds, stars when it is dark, and what hangs there."""
    weather, hour = stage.weather, stage.light.hour
    if "clear" in weather:
        cloudiness = 0.0
    elif hour == "overcast" or weather & {"clouds", "hail", "tornado"}:
        cloudiness = max(cloudiness, 1.8)
    paint_sky(stage, cloudiness=cloudiness)
    veiled = bool(weather & {"rain", "storm", "fog", "hail", "dust", "clouds"})
    if stage.light.dark > 0.8 and not veiled and hour != "neon":
        paint_stars(stage, 1.5 if "stars" in weather else 0.9)
    elif "stars" in weather or hour == "dusk":
        paint_stars(stage, 0.6)
    paint_luminaries(stage, asked.moons, asked.suns, asked.crescent)
    stage.keep_sky()


def paint_sky(stage: Stage, *, cloudiness: float = 0.5) -> None:
    """Fill the frame with the sky of the scene's light, down to the horizon and below it."""
    light = stage.light
    random = stage.random("sky")
    rows = np.arange(stage.height, dtype=np.float32)[:, None] / np.float32(stage.height * stage.horizon)
    drift = clouds(random, stage.width, stage.height, 1.6, octaves=3, stretch=2.2)
    for band in bands(stage.height):
        t = np.clip(rows[band] + 0.22 * (drift[band] - 0.5), 0.0, 1.0)
        top = np.broadcast_to(np.asarray(light.top, np.float32), (*t.shape, 3))
        upper = mix(top, light.middle, smoothstep(0.0, 0.62, t))
        stage.picture[band] = mix(upper, light.horizon, smoothstep(0.45, 1.0, t))
    if cloudiness > 0:
        paint_clouds(stage, cloudiness)


def paint_clouds(stage: Stage, amount: float) -> None:
    """Lay banks of cloud over the sky: lit from the lamp's side, thinner towards the top."""
    light = stage.light
    random = stage.random("clouds")
    height = max(8, int(stage.height * stage.horizon))
    field = clouds(random, stage.width, height, 3.2, octaves=5, stretch=2.4)
    lifted = np.roll(field, max(1, stage.height // 60), axis=0)
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    cover = smoothstep(0.66 - 0.24 * amount, 0.92 - 0.12 * amount, field + 0.05 * rows)
    edge = np.clip((field - lifted) * 5.0 + 0.5, 0.0, 1.0)
    if light.dark > 0.8:
        bright, shade = blend_colour(light.middle, light.horizon, 0.75), scaled(light.middle, 1.15)
    elif light.dark > 0.4:
        bright, shade = blend_colour(light.horizon, light.key, 0.3), blend_colour(light.middle, light.top, 0.4)
    elif stage.weather & {"rain", "storm"}:
        bright, shade = blend_colour(light.horizon, (1, 1, 1), 0.12), scaled(light.top, 0.85)
    else:
        bright = blend_colour(light.key, (1, 1, 1), 0.45)
        shade = blend_colour(light.middle, light.top, 0.25) if light.dark > 0 else scaled(light.horizon, 0.93)
    strength = 0.85 if light.dark < 0.8 else 0.55
    for band in bands(height):
        region, lit = stage.picture[band], edge[band]
        colours = mix(np.broadcast_to(np.asarray(shade, np.float32), (*lit.shape, 3)), bright, lit)
        region += (colours - region) * (cover[band] * np.float32(strength))[..., None]


def paint_stars(stage: Stage, density: float = 1.0, below: float | None = None) -> None:
    """Scatter stars over the sky: many faint ones, a few that glow."""
    random = stage.random("stars")
    floor = (below if below is not None else stage.horizon * 0.96) * stage.height
    count = int(150 * density * stage.width / stage.height)
    spots = [(random.random() * stage.width, random.random() ** 1.15 * floor, random.random()) for _ in range(count)]

    def faint(draw: Draw) -> None:
        for x, y, size in spots:
            radius = stage.unit * (0.0016 + 0.0030 * size**4)
            warm = blend_colour((0.85, 0.90, 1.0), (1.0, 0.93, 0.78), (size * 7) % 1.0)
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), rgba(warm, 0.45 + 0.55 * size))

    stage.overlay(faint, blur=stage.unit * 0.0006)
    for x, y, size in spots:
        if size > 0.94:
            stage.glow(x / stage.width, y / stage.height, 0.014, (0.9, 0.92, 1.0), 0.55)


def paint_disc(
    stage: Stage, x: float, y: float, radius: float, colour: Colour, *, moon: bool, crescent: bool = False
) -> None:
    """Hang a moon or a sun at (x, y) (fractions), with its glow; a moon has seas, a crescent is bitten into."""
    stage.glow(x, y, radius * 3.2, scaled(colour, 0.75), 0.42)
    stage.glow(x, y, radius * 1.5, colour, 0.50)
    reach = radius * stage.unit
    seas = clouds(stage.random(f"moon{x:.3f}"), stage.width, stage.height, 0.42 / radius, octaves=3) if moon else None
    left, right = max(0, int(x * stage.width - 1.2 * reach) - 2), int(x * stage.width + 1.2 * reach) + 3
    top, bottom = max(0, int(y * stage.height - 1.2 * reach) - 2), int(y * stage.height + 1.2 * reach) + 3
    region = stage.picture[top:bottom, left:right]
    rows, columns = np.ogrid[top : top + region.shape[0], left : left + region.shape[1]]
    distance = np.hypot(columns - np.float32(x * stage.width), rows - np.float32(y * stage.height)).astype(np.float32)
    mask = np.clip((reach - distance) / max(1.0, reach * 0.03), 0.0, 1.0)
    if not mask.any():
        return
    if crescent:
        bite_x, bite_y = x * stage.width + reach * 0.46, y * stage.height - reach * 0.20
        bite = np.hypot(columns - np.float32(bite_x), rows - np.float32(bite_y)).astype(np.float32)
        mask = mask * np.clip((bite - reach * 0.92) / max(1.0, reach * 0.03), 0.0, 1.0)
    face: Array = np.broadcast_to(np.asarray(colour, np.float32), (*mask.shape, 3))
    if seas is not None:
        face = mix(face, scaled(colour, 0.74), 0.75 * smoothstep(0.52, 0.74, seas[top:bottom, left:right]))
        limb = np.clip(distance / reach, 0, 1) ** 3
        face = mix(face, scaled(colour, 0.80), 0.6 * limb)
    else:
        face = mix(face, (1.0, 0.98, 0.88), np.clip(1.0 - distance / reach, 0, 1))
    region += (face - region) * mask[..., None]
    focus = stage.focus[top:bottom, left:right]
    np.maximum(focus, smoothstep(reach * 1.12, reach, distance) * np.float32(0.4), out=focus)


def paint_luminaries(stage: Stage, moons: int, suns: int, crescent: bool) -> None:
    """Hang the moons and suns the prompt names, or those of the hour; the first becomes the lamp."""
    light, random = stage.light, stage.random("luminaries")
    wide = stage.width / stage.height
    side = 0.24 if random.random() < 0.55 else 0.76
    if light.hour == "eclipse":
        paint_eclipse(stage, side)
        return
    if moons == 0 and suns == 0:
        moons, suns = luminaries_of(stage)
    tints: list[Colour] = [(0.95, 0.92, 0.78), (0.93, 0.72, 0.60), (0.76, 0.84, 0.95), (0.88, 0.80, 0.96)]
    for index in range(min(moons, 4)):
        x = side if index == 0 else (1 - side if index == 1 else 0.2 + 0.6 * random.random())
        y = (0.18 + 0.06 * random.random() - 0.025 * index) * min(1.3, 0.8 / max(0.5, min(1.0, wide)) + 0.2)
        radius = (0.092 if index == 0 else 0.06) * (1.0 if index < 2 else 0.8)
        paint_disc(stage, x, y, radius, tints[index], moon=True, crescent=crescent and index == 0)
        if index == 0:
            stage.lamp = (x, y)
    for index in range(min(suns, 3)):
        low = light.low
        x = side if index == 0 else 1 - side
        y = stage.horizon - (0.055 if low else 0.40) if index == 0 else stage.horizon * 0.35
        y = max(0.09, y)
        colour = blend_colour(light.key, (1.0, 0.96, 0.78), 0.75)
        if low:
            stage.glow(x, y, 0.42, light.horizon, 0.5)
        paint_disc(stage, x, y, 0.07 if low else 0.062, colour, moon=False)
        if index == 0:
            stage.lamp = (x, y)
    if moons == 0 and suns == 0:
        stage.lamp = (side, 0.15)


def luminaries_of(stage: Stage) -> tuple[int, int]:
    """Return how many moons and suns hang in the sky of the hour when the prompt names none."""
    if stage.weather & {"rain", "storm", "fog", "hail", "dust", "tornado", "clouds"}:
        return (0, 0)
    if stage.light.hour in ("night", "moonlight"):
        return (1, 0)
    return (0, 1) if stage.light.hour in ("sunset", "dawn", "golden", "noon") else (0, 0)


def paint_eclipse(stage: Stage, x: float) -> None:
    """Hang a black sun with its corona at `x`; it is the lamp."""
    y, radius = max(0.16, stage.horizon * 0.36), 0.085
    corona = (1.0, 0.90, 0.70)
    stage.glow(x, y, 0.40, scaled(corona, 0.6), 0.45)
    stage.glow(x, y, 0.16, corona, 0.85)
    paint_disc(stage, x, y, radius * 1.12, corona, moon=False)
    paint_black_disc(stage, x, y, radius)
    stage.lamp = (x, y)


def paint_black_disc(stage: Stage, x: float, y: float, radius: float) -> None:
    """Cover what is around (x, y) with a dark disc; radius of the shorter side."""
    centre_x, centre_y, reach = x * stage.width, y * stage.height, radius * stage.unit

    def draw(pen: Draw) -> None:
        pen.ellipse((centre_x - reach, centre_y - reach, centre_x + reach, centre_y + reach), rgba((0.03, 0.03, 0.07)))

    stage.overlay(draw, blur=0.8)
