"""Weather in front of everything: snow, rain, fog, wind, petals, leaves, fireflies; auroras and rainbows behind."""

from __future__ import annotations

import numpy as np

from .noise import clouds
from .pixels import Colour, blend_colour, hue_colour, mix, scaled, smoothstep, to_rgb
from .stage import Draw, Stage, rgba


def behind(stage: Stage) -> None:
    """Paint what the weather puts into the sky, behind the subjects."""
    if "aurora" in stage.weather:
        aurora(stage)
    if "rainbow" in stage.weather:
        rainbow(stage)
    if "storm" in stage.weather:
        lightning(stage)
    if "rain" in stage.weather or "storm" in stage.weather:
        rain(stage, "rainbehind", 260, 0.5)


def before(stage: Stage) -> None:
    """Paint what falls or drifts in front of the subjects."""
    if "fog" in stage.weather:
        fog(stage)
    if "snow" in stage.weather:
        snowfall(stage)
    if "rain" in stage.weather or "storm" in stage.weather:
        rain(stage, "rainbefore", 150, 0.9)
    if "wind" in stage.weather:
        wind(stage)
    if "petals" in stage.weather:
        drifting(stage, "petals", [(1.0, 0.74, 0.82), (1.0, 0.86, 0.90), (0.96, 0.60, 0.72)])
    if "leaves" in stage.weather:
        drifting(stage, "leaves", [(0.88, 0.42, 0.12), (0.94, 0.66, 0.18), (0.70, 0.24, 0.12)])
    if "fireflies" in stage.weather:
        fireflies(stage)


def snowfall(stage: Stage) -> None:
    """Let flakes fall, small and far, large and near."""
    random = stage.random("flakes")
    lean = 0.012 if "wind" in stage.weather else 0.002
    count = int(230 * stage.width / stage.unit * stage.height / stage.unit)
    flakes = [(random.random() * stage.width, random.random() * stage.height, random.random()) for _ in range(count)]
    white = blend_colour((1, 1, 1), stage.light.horizon, 0.12)

    def draw(pen: Draw) -> None:
        for x, y, size in flakes:
            radius = stage.unit * (0.0016 + 0.0062 * size**3)
            slant = lean * stage.unit * size
            pen.ellipse(
                (x - radius - slant, y - radius, x + radius + slant, y + radius), rgba(white, 0.55 + 0.4 * size)
            )

    stage.attend(stage.overlay(draw, blur=stage.unit * 0.0008), 0.30)


def rain(stage: Stage, name: str, count: int, strength: float) -> None:
    """Let rain fall aslant."""
    random = stage.random(name)
    slant = 0.35 if "wind" in stage.weather or "storm" in stage.weather else 0.16
    drops = [
        (random.random() * 1.2 - 0.1, random.random(), random.random())
        for _ in range(int(count * stage.width / stage.unit))
    ]
    colour = blend_colour(stage.light.horizon, (0.85, 0.92, 1.0), 0.55)

    def draw(pen: Draw) -> None:
        for x, y, size in drops:
            length = stage.unit * (0.025 + 0.05 * size)
            x0, y0 = x * stage.width, y * stage.height
            pen.line(
                (x0, y0, x0 - slant * length, y0 + length),
                fill=rgba(colour, (0.22 + 0.4 * size) * strength),
                width=max(1, int(stage.unit * 0.0032 * (0.5 + size))),
            )

    stage.attend(stage.overlay(draw), 0.16)


def fog(stage: Stage) -> None:
    """Lay banks of fog over the picture, thicker towards the horizon and the ground."""
    field = clouds(stage.random("fog"), stage.width, stage.height, 2.2, octaves=4, stretch=3.0)
    rows = np.linspace(0, 1, stage.height, dtype=np.float32)[:, None]
    thick = np.exp(-(((rows - stage.horizon - 0.06) / 0.17) ** 2)) * 0.80 + 0.34
    # Thinner before the subjects: they are what people asked to see.
    cover = np.clip(thick * (0.55 + 0.80 * field), 0, 0.88) * (1.0 - 0.38 * np.clip(stage.focus, 0, 1))
    veil = blend_colour(stage.light.horizon, (0.93, 0.94, 0.95), 0.25 * (1 - stage.light.dark))
    stage.picture[:] = mix(stage.picture, veil, cover)


def wind(stage: Stage) -> None:
    """Draw the wind: long pale curls across the picture."""
    random = stage.random("wind")
    colour = blend_colour(stage.light.horizon, (1, 1, 1), 0.6)

    def draw(pen: Draw) -> None:
        for _ in range(9):
            x, y, length = random.random() * 0.8, 0.1 + 0.65 * random.random(), 0.18 + 0.3 * random.random()
            phase = random.random() * 6
            points = [
                ((x + length * t / 20) * stage.width, (y + 0.016 * np.sin(phase + t * 0.35)) * stage.height)
                for t in range(21)
            ]
            pen.line(points, fill=rgba(colour, 0.5), width=max(1, int(stage.unit * 0.004)), joint="curve")

    stage.overlay(draw, blur=stage.unit * 0.0015)


def drifting(stage: Stage, name: str, palette: list[Colour]) -> None:
    """Let petals or leaves drift through the air."""
    random = stage.random(name)
    specks = [(random.random(), random.random(), random.random(), random.random()) for _ in range(70)]

    def draw(pen: Draw) -> None:
        for x, y, size, turn in specks:
            radius = stage.unit * (0.004 + 0.009 * size)
            cx, cy, angle = x * stage.width, y * stage.height, turn * 6.3
            c, s = float(np.cos(angle)) * radius, float(np.sin(angle)) * radius
            colour = stage.lit(palette[int(turn * 2.999)])
            pen.polygon(
                [
                    (cx + 1.5 * c, cy + 1.5 * s),
                    (cx - 0.6 * s, cy + 0.6 * c),
                    (cx - 1.5 * c, cy - 1.5 * s),
                    (cx + 0.6 * s, cy - 0.6 * c),
                ],
                rgba(colour, 0.95),
            )

    stage.attend(stage.overlay(draw), 0.3)


def fireflies(stage: Stage) -> None:
    """Light small warm lights in the lower half of the picture."""
    random = stage.random("fireflies")
    for _ in range(26):
        x, y, size = random.random(), 0.40 + 0.5 * random.random(), random.random()
        stage.glow(x, y, 0.010 + 0.014 * size, (1.0, 0.92, 0.45), 0.5 + 0.4 * size)
        stage.glow(x, y, 0.004, (1.0, 1.0, 0.85), 0.9)


def aurora(stage: Stage) -> None:
    """Hang curtains of green and violet light in the sky."""
    rows = np.arange(stage.height, dtype=np.float32)[:, None] / stage.height
    for index, hue in enumerate((0.42, 0.38, 0.78)):
        random = stage.random(f"aurora{index}")
        foot = clouds(random, stage.width, 2, 2.0, octaves=3)[0] * 0.22 + 0.26 + 0.06 * index
        pleats = 0.5 + 0.7 * (clouds(random, stage.width, 2, 16, octaves=2)[0] - 0.2)
        above = foot[None, :] - rows
        light = np.exp(-np.clip(above, 0, 9) / 0.13) * smoothstep(-0.03, 0.0, above) * np.clip(pleats, 0, 1.2)[None, :]
        light = light * (rows < stage.horizon)
        colour = np.asarray(hue_colour(hue, 0.7, 0.95), np.float32)
        stage.picture += (colour - stage.picture * 0.4) * (light * np.float32(0.55))[..., None]


def rainbow(stage: Stage) -> None:
    """Bend a rainbow over the horizon."""
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    centre_x = (1 - stage.lamp[0]) * stage.width
    distance = np.hypot(columns - centre_x, rows - stage.horizon * stage.height * 1.15) / stage.unit
    t = (distance - 0.52) / 0.085
    inside = smoothstep(0.0, 0.12, t) * smoothstep(1.0, 0.88, t) * (rows < stage.horizon * stage.height)
    hsv = np.stack([np.clip(0.78 * (1 - t), 0, 0.8), np.full_like(t, 0.65), np.full_like(t, 0.98)], -1)
    stage.picture += (to_rgb(hsv) - stage.picture) * (inside * np.float32(0.55))[..., None]


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
