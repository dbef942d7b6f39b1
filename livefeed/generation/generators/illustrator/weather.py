"""Weather: what falls and drifts in front of everything, and when each kind is painted."""

from __future__ import annotations

import numpy as np

from .noise import clouds
from .pixels import Colour, bands, blend_colour, hue_colour, mix, scaled
from .spectacle import aurora, candles, fireworks, lightning, meteors, rainbow, sky_lanterns, sunbeams, tornado
from .stage import Draw, Stage, rgba

BLOSSOM: list[Colour] = [(1.0, 0.74, 0.82), (1.0, 0.86, 0.90), (0.96, 0.60, 0.72)]
FOLIAGE: list[Colour] = [(0.88, 0.42, 0.12), (0.94, 0.66, 0.18), (0.70, 0.24, 0.12)]
PAPER: list[Colour] = [
    (0.96, 0.30, 0.34),
    (0.98, 0.80, 0.20),
    (0.20, 0.66, 0.86),
    (0.44, 0.80, 0.36),
    (0.80, 0.42, 0.88),
]

# In this order: each lies over the ones before, and behind whatever stands before the sky.
BEHIND = {
    "aurora": aurora, "rainbow": rainbow, "meteors": meteors, "tornado": tornado, "storm": lightning,
    "fireworks": fireworks,
}  # fmt: skip


def behind(stage: Stage) -> None:
    """Paint what the weather puts into the sky, behind the subjects; nothing where there is no sky."""
    if not stage.open_air:
        return
    spectacles = [paint for name, paint in BEHIND.items() if name in stage.weather]
    if spectacles:
        land, covered = stage.picture.copy(), stage.covered()
        stage.sky = None  # all that appears behind the land is painted here
        for paint in spectacles:
            paint(stage)
        for band in bands(stage.height):
            stage.picture[band] = mix(stage.picture[band], land[band], covered[band])
    stage.sky = None
    if "lanterns" in stage.weather:
        sky_lanterns(stage)
    if stage.wet:
        rain(stage, "rainbehind", 260, 0.5)
    if stage.light.hour == "candle":
        candles(stage)


def before(stage: Stage) -> None:
    """Paint what falls or drifts in front of the subjects; under a roof, only what may drift there."""
    if stage.open_air:
        fall(stage)
    drift(stage)


def fall(stage: Stage) -> None:
    """Paint what comes down from the sky or blows over the land."""
    weather = stage.weather
    if "sunbeams" in weather:
        sunbeams(stage)
    if "fog" in weather:
        fog(stage)
    if "dust" in weather:
        dust(stage)
    if stage.snowy:
        snowfall(stage)
    if stage.wet:
        rain(stage, "rainbefore", 150, 0.9)
    if "hail" in weather:
        hail(stage)
    if "wind" in weather:
        wind(stage)
    if "leaves" in weather:
        flutter(stage, "leaves", FOLIAGE)


def drift(stage: Stage) -> None:
    """Paint what drifts through any air: petals, confetti, bubbles, sparks, fireflies."""
    for name, palette in (("petals", BLOSSOM), ("confetti", PAPER)):
        if name in stage.weather:
            flutter(stage, name, palette)
    for name, paint in (("bubbles", bubbles), ("embers", embers), ("fireflies", fireflies)):
        if name in stage.weather:
            paint(stage)


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
    thick = np.exp(-(((rows - stage.horizon - 0.06) / 0.17) ** 2)) * 0.60 + 0.22
    # Thinner before the subjects: they are what people asked to see.
    cover = np.clip(thick * (0.50 + 0.72 * field), 0, 0.78) * (1.0 - 0.38 * np.clip(stage.focus, 0, 1))
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


def flutter(stage: Stage, name: str, palette: list[Colour]) -> None:
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


def hail(stage: Stage) -> None:
    """Let hailstones fall in short white strokes, and lie on the ground."""
    random = stage.random("hail")
    stones = [(random.random(), random.random(), random.random()) for _ in range(int(130 * stage.width / stage.unit))]
    white = blend_colour((0.94, 0.97, 1.0), stage.light.horizon, 0.15)

    def draw(pen: Draw) -> None:
        for x, y, size in stones:
            radius = stage.unit * (0.003 + 0.006 * size)
            centre_x, centre_y = x * stage.width, y * stage.height
            pen.line(
                (centre_x, centre_y - radius * 7, centre_x, centre_y),
                fill=rgba(white, 0.25), width=max(1, int(radius)),
            )  # fmt: skip
            pen.ellipse(
                (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius),
                fill=rgba(white, 0.95), outline=rgba(scaled(white, 0.72)),
            )  # fmt: skip
            ground_y = stage.height * (stage.back + (1.02 - stage.back) * x)
            pen.ellipse(
                (y * stage.width, ground_y, y * stage.width + radius * 2.2, ground_y + radius * 1.6), rgba(white, 0.9)
            )

    stage.attend(stage.overlay(draw), 0.3)


def dust(stage: Stage) -> None:
    """Blow sand across the picture: a thick low veil and long grains."""
    random = stage.random("dust")
    field = clouds(random, stage.width, stage.height, 2.4, octaves=4, stretch=4.0)
    rows = np.linspace(0, 1, stage.height, dtype=np.float32)[:, None]
    cover = np.clip((0.18 + 0.34 * rows) * (0.45 + field), 0, 0.6) * (1.0 - 0.5 * np.clip(stage.focus, 0, 1))
    sand = blend_colour(stage.light.horizon, stage.lit((0.92, 0.70, 0.42)), 0.5)
    stage.picture[:] = mix(stage.picture, sand, cover)
    grains = [(random.random(), random.random(), random.random()) for _ in range(150)]

    def draw(pen: Draw) -> None:
        for x, y, size in grains:
            length = stage.unit * (0.01 + 0.06 * size**2)
            x0, y0 = x * stage.width, y * stage.height
            pen.line(
                (x0, y0, x0 + length, y0 + 0.10 * length),
                fill=rgba(scaled(sand, 1.12), 0.30 + 0.4 * size), width=max(1, int(stage.unit * 0.003)),
            )  # fmt: skip

    stage.overlay(draw, blur=0.6)


def bubbles(stage: Stage) -> None:
    """Let soap bubbles float, with a rim of all colours."""
    random = stage.random("soap")
    spots = [(random.random(), 0.05 + 0.8 * random.random(), random.random()) for _ in range(26)]

    def draw(pen: Draw) -> None:
        for x, y, size in spots:
            radius = stage.unit * (0.008 + 0.032 * size**2)
            centre_x, centre_y = x * stage.width, y * stage.height
            box = (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius)
            pen.ellipse(box, fill=rgba((0.92, 0.97, 1.0), 0.16))
            width = max(1, int(radius * 0.16))
            for part in range(4):
                rim = hue_colour(0.48 + 0.16 * part + 0.3 * size, 0.35, 1.0)
                pen.arc(box, 90 * part, 90 * part + 90, fill=rgba(rim, 0.8), width=width)
            spark = radius * 0.28
            pen.ellipse(
                (centre_x - radius * 0.55, centre_y - radius * 0.6, centre_x - radius * 0.55 + spark,
                 centre_y - radius * 0.6 + spark), rgba((1, 1, 1), 0.9),
            )  # fmt: skip

    stage.attend(stage.overlay(draw, blur=0.4), 0.3)


def embers(stage: Stage) -> None:
    """Let sparks rise and grey ash sink."""
    random = stage.random("embers")
    ash = [(random.random(), random.random(), random.random()) for _ in range(80)]

    def draw(pen: Draw) -> None:
        for x, y, size in ash:
            radius = stage.unit * (0.0015 + 0.003 * size)
            centre_x, centre_y = x * stage.width, y * stage.height
            pen.ellipse(
                (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius),
                rgba((0.42, 0.40, 0.42), 0.7),
            )

    stage.overlay(draw, blur=0.4)
    for _ in range(36):
        x, y, size = random.random(), random.random(), random.random()
        stage.glow(x, y, 0.006 + 0.008 * size, (1.0, 0.46, 0.12), 0.75)
        stage.glow(x, y, 0.0025, (1.0, 0.90, 0.55), 0.95)
