"""Spectacles of the sky: auroras, rainbows, lightning, meteors, fireworks, lanterns, whirlwinds, beams of light."""

from __future__ import annotations

import numpy as np

from .noise import line
from .pixels import bands, blend_colour, hue_colour, scaled, smoothstep, to_rgb
from .stage import Draw, Stage, rgba


def aurora(stage: Stage) -> None:
    """Hang curtains of green and violet light in the sky: they wave, their folds are brighter, they fade upwards."""
    rows = np.arange(stage.height, dtype=np.float32)[:, None] / stage.height
    wide = stage.width / stage.unit
    for index, hue in enumerate((0.42, 0.38, 0.78)):
        random = stage.random(f"aurora{index}")
        foot = (0.56 + 0.16 * index) * stage.horizon + 0.10 * line(random, stage.width, 1.8 * wide, 3)
        folds = np.clip(0.62 + 0.55 * line(random, stage.width, 11 * wide, 3), 0.08, 1.2)
        above = (foot[None, :] - rows).astype(np.float32)
        light = np.exp(-np.clip(above, 0, 9) / 0.15) * smoothstep(-0.035, 0.0, above) * folds[None, :]
        light = light * (rows < stage.horizon)
        colour = np.asarray(hue_colour(hue, 0.7, 0.95), np.float32)
        stage.picture += (colour - stage.picture * 0.4) * (light * np.float32(0.60))[..., None]


def rainbow(stage: Stage) -> None:
    """Bend a rainbow over the horizon."""
    centre_x = (1 - stage.lamp[0]) * stage.width
    columns = np.arange(stage.width, dtype=np.float32)[None, :]
    for band in bands(stage.height):
        rows = np.arange(band.start, band.stop, dtype=np.float32)[:, None]
        distance = np.hypot(columns - centre_x, rows - stage.horizon * stage.height * 1.15) / stage.unit
        t = (distance - 0.52) / 0.085
        inside = smoothstep(0.0, 0.12, t) * smoothstep(1.0, 0.88, t) * (rows < stage.horizon * stage.height)
        hsv = np.stack([np.clip(0.78 * (1 - t), 0, 0.8), np.full_like(t, 0.65), np.full_like(t, 0.98)], -1)
        region = stage.picture[band]
        region += (to_rgb(hsv) - region) * (inside * np.float32(0.55))[..., None]


def lightning(stage: Stage) -> None:
    """Strike one bolt from the clouds to the horizon."""
    random = stage.random("lightning")
    x, y = 0.25 + 0.5 * random.random(), 0.0
    points = [(x * stage.width, 0.0)]
    while y < stage.horizon:
        y += 0.035 + 0.03 * random.random()
        x += random.normal(0, 0.03)
        points.append((x * stage.width, y * stage.height))
    white = scaled((0.97, 0.97, 1.0), 1.0)
    stage.glow(x, 0.25, 0.35, (0.75, 0.78, 0.95), 0.35)

    def draw(pen: Draw) -> None:
        pen.line(points, fill=rgba(white), width=max(2, int(stage.unit * 0.006)), joint="curve")

    stage.overlay(draw, blur=stage.unit * 0.006)
    stage.attend(stage.overlay(draw, blur=0.6), 0.5)


def meteors(stage: Stage) -> None:
    """Let shooting stars fall along one direction, each with a fading trail."""
    random = stage.random("meteors")
    lean = -stage.lampward * (0.9 + 0.5 * random.random())
    streaks = [(random.random() * 1.2 - 0.1, 0.6 * stage.horizon * random.random(), random.random()) for _ in range(9)]

    def draw(pen: Draw) -> None:
        for x, y, size in streaks:
            length = stage.unit * (0.10 + 0.20 * size)
            x0, y0 = x * stage.width, y * stage.height
            for step in range(12):
                t, width = step / 12, max(1, int(stage.unit * 0.006 * step / 12 * (0.5 + size)))
                part = (x0 + lean * length * t, y0 + 0.6 * length * t, x0 + lean * length * (t + 0.1),
                        y0 + 0.6 * length * (t + 0.1))  # fmt: skip
                pen.line(part, fill=rgba((1.0, 0.98, 0.90), 0.08 + 0.85 * t**2), width=width)

    stage.attend(stage.overlay(draw, blur=0.5), 0.4)
    for x, y, size in streaks:
        length = stage.unit * (0.10 + 0.20 * size)
        stage.glow(x + lean * length / stage.width, y + 0.6 * length / stage.height, 0.012, (1.0, 0.97, 0.88), 0.9)


def fireworks(stage: Stage) -> None:
    """Open three or four fireworks in the sky, and let their light fall on the land."""
    random = stage.random("fireworks")
    for index in range(4):
        x = (0.16, 0.82, 0.48, 0.66)[index] + 0.06 * (random.random() - 0.5)
        y = stage.horizon * (0.22 + 0.34 * random.random())
        colour = hue_colour(random.random(), 0.62, 1.0)
        stage.glow(x, y, 0.15, colour, 0.34 if stage.dark else 0.14)
        firework(stage, x, y, 0.10 + 0.07 * random.random(), f"firework{index}", hue=random.random())
    stage.glow(0.5, stage.horizon, 0.35, (1.0, 0.80, 0.60), 0.12)


def firework(stage: Stage, x: float, y: float, radius: float, name: str, *, hue: float) -> None:
    """Draw one burst around (x, y) (fractions): rays that droop and end in sparks."""
    random = stage.random(name)
    centre_x, centre_y, reach = x * stage.width, y * stage.height, radius * stage.unit
    rays = [(2 * np.pi * (i + 0.4 * random.random()) / 26, 0.55 + 0.45 * random.random()) for i in range(26)]

    def draw(pen: Draw) -> None:
        for angle, far in rays:
            for step in range(1, 9):
                t = step / 8
                px = centre_x + np.cos(angle) * reach * far * t
                py = centre_y + np.sin(angle) * reach * far * t + 0.22 * reach * t * t
                size = stage.unit * (0.0022 + 0.0034 * t)
                colour = blend_colour((1.0, 0.98, 0.88), hue_colour(hue + 0.10 * far, 0.70, 1.0), t**0.6)
                pen.ellipse((px - size, py - size, px + size, py + size), rgba(colour, 0.45 + 0.5 * t))

    stage.attend(stage.overlay(draw, blur=0.5), 0.5)


def sky_lanterns(stage: Stage) -> None:
    """Let paper lanterns rise, the far ones small; each glows from below."""
    random = stage.random("skylanterns")
    spots = sorted((random.random(), random.random(), 0.04 + 0.62 * random.random()) for _ in range(24))

    def draw(pen: Draw) -> None:
        for size, x, y in spots:
            half = stage.unit * (0.006 + 0.018 * size**2)
            cx, cy = x * stage.width, y * stage.height
            warm = blend_colour((0.98, 0.60, 0.22), stage.light.haze, 0.45 * (1 - size))
            pen.polygon(
                [(cx - half * 0.7, cy - half * 1.3), (cx + half * 0.7, cy - half * 1.3), (cx + half, cy - half * 0.6),
                 (cx + half * 0.7, cy + half), (cx - half * 0.7, cy + half), (cx - half, cy - half * 0.6)], rgba(warm),
            )  # fmt: skip
            pen.ellipse((cx - half * 0.6, cy - half * 0.1, cx + half * 0.6, cy + half), rgba((1.0, 0.90, 0.56), 0.9))

    stage.attend(stage.overlay(draw, blur=0.6), 0.4)
    for size, x, y in spots:
        stage.glow(x, y, 0.016 + 0.034 * size**2, (1.0, 0.66, 0.26), 0.42)


def tornado(stage: Stage) -> None:
    """Let a whirlwind hang from the clouds to the horizon on the side away from the lamp."""
    random = stage.random("tornado")
    x = 0.5 - stage.lampward * 0.26
    foot = stage.horizon + 0.03
    grey = blend_colour(stage.lit((0.34, 0.35, 0.40)), stage.light.haze, 0.25)

    def draw(pen: Draw) -> None:
        for step in range(64):
            t = step / 63
            half = stage.unit * (0.015 + 0.20 * (1 - t) ** 1.9)
            cx = (x + 0.035 * np.sin(t * 5.2 + 1.0) * (1 - 0.3 * t)) * stage.width + half * 0.2 * (
                random.random() - 0.5
            )
            cy = foot * t * stage.height
            tone = 0.72 + 0.5 * random.random()
            pen.ellipse((cx - half, cy - half * 0.22, cx + half, cy + half * 0.22), rgba(scaled(grey, tone), 0.92))
            lit = blend_colour(grey, stage.light.horizon, 0.45)
            side = stage.lampward * half * 0.5
            pen.ellipse(
                (cx + side - half * 0.3, cy - half * 0.1, cx + side + half * 0.3, cy + half * 0.1), rgba(lit, 0.4)
            )
        for _ in range(40):
            px = x * stage.width + random.normal() * 0.05 * stage.unit
            py = foot * stage.height - abs(random.normal()) * 0.03 * stage.unit
            size = stage.unit * 0.012 * random.random()
            pen.ellipse((px - size, py - size, px + size, py + size), rgba(scaled(grey, 0.9), 0.8))

    stage.attend(stage.overlay(draw, blur=stage.unit * 0.003), 0.3)


def sunbeams(stage: Stage) -> None:
    """Let beams of the scene's own light fan out from the lamp."""
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    dx = columns - np.float32(stage.lamp[0] * stage.width)
    dy = rows - np.float32((stage.lamp[1] - 0.12) * stage.height)
    angle = np.arctan2(dx, dy)
    random = stage.random("sunbeams")
    beams = np.zeros_like(angle)
    for _ in range(10):
        centre, width = random.normal(0.0, 0.55) - stage.lampward * 0.35, 0.02 + 0.05 * random.random()
        beams += np.exp(-(((angle - np.float32(centre)) / np.float32(width)) ** 2)) * np.float32(
            0.4 + 0.5 * random.random()
        )
    fade = smoothstep(1.25, 0.1, np.hypot(dx, dy) / np.float32(stage.unit))
    light = np.clip(beams, 0, 1) * fade * np.float32(0.42)
    warm = np.asarray(blend_colour(stage.light.key, (1, 1, 1), 0.2), np.float32)
    stage.picture += (warm - stage.picture * 0.55) * light[..., None]


def candles(stage: Stage) -> None:
    """Set small burning candles over the ground, fewer in the middle, and let them light it."""
    random = stage.random("candles")
    spots = sorted((stage.back + (0.98 - stage.back) * random.random(), random.random()) for _ in range(16))
    spots = [(y, x) for y, x in spots if abs(x - 0.5) > 0.16 or y < stage.back + 0.04]

    def draw(pen: Draw) -> None:
        for y, x in spots:
            near = 0.35 + (y - stage.back) / max(0.05, 1.0 - stage.back)
            half, tall = stage.unit * 0.010 * near, stage.unit * 0.045 * near
            cx, cy = x * stage.width, y * stage.height
            pen.rectangle((cx - half, cy - tall, cx + half, cy), rgba((0.96, 0.88, 0.70)))
            pen.rectangle((cx + half * 0.3, cy - tall, cx + half, cy), rgba((0.80, 0.62, 0.42)))
            pen.ellipse((cx - half * 0.7, cy - tall - half * 3.0, cx + half * 0.7, cy - tall), rgba((1.0, 0.86, 0.42)))

    stage.attend(stage.overlay(draw, blur=0.5), 0.4)
    for y, x in spots:
        stage.glow(x, y - 0.03, 0.07, (1.0, 0.66, 0.28), 0.36)
