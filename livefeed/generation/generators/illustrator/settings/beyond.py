"""Other worlds: Mars, islands in the sky, the cockpit of a starship."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from ..asked import Asked
from ..noise import Random, clouds
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled
from ..sky import heavens, paint_disc, paint_stars
from ..stage import Draw, Stage, rgba
from .cosmos import darkness, planet, puffs
from .forms import boulders, box, dot, scatter, tree
from .land import flowers, turf
from .perspective import Perspective


def mars(stage: Stage, asked: Asked) -> None:
    """Rust-red plains under a butterscotch sky, two small moons, domes of a station far off."""
    stage.horizon, stage.ground, stage.back, stage.open_air = 0.54, 0.88, 0.68, "dust" in stage.weather
    martian_sky(stage)
    rust: Colour = (0.78, 0.40, 0.24)
    for index, (level, swing, far) in enumerate(
        ((0.48, 0.07, 0.8), (0.54, 0.03, 0.55), (0.62, 0.02, 0.25), (0.74, 0.015, 0.0))
    ):
        ridge = stage.profile(f"mars{index}", level, swing, 3, 5, 0.55)
        stage.fill_below(
            ridge,
            blend_colour(stage.lit(scaled(rust, 1.12), far), stage.light.key, 0.08),
            stage.lit(scaled(rust, 0.66), far * 0.8),
            depth=0.2,
            grain=0.28,
            name=f"mars{index}",
            stretch=3,
        )
        if index == 1:
            domes(stage)
    random = stage.random("marsrocks")
    stones = [(random.random(), 0.66 + 0.24 * random.random(), 0.006 + 0.02 * random.random()) for _ in range(40)]
    boulders(stage, "pebbles", [(x, y, t * (0.5 + 2.5 * (y - 0.6))) for x, y, t in stones], (0.60, 0.32, 0.22))
    boulders(
        stage,
        "marsboulders",
        [(0.05, 0.86, 0.12), (0.93, 0.88, 0.15), (0.83, 0.82, 0.05), (0.16, 0.80, 0.04)],
        (0.62, 0.33, 0.22),
    )

    def front() -> None:
        mound = stage.profile("marsmound", 0.945, 0.012, 3, 4)
        stage.fill_below(
            mound, stage.lit(rust), stage.lit(scaled(rust, 0.6)), depth=0.1, grain=0.3, name="marsmound", soft=2
        )

    stage.foreground.append(front)


def martian_sky(stage: Stage) -> None:
    """Paint the dusty sky, its small white sun and two moons; the light is theirs."""
    dark = stage.light.dark
    stage.light = replace(
        stage.light,
        top=blend_colour((0.62, 0.40, 0.30), (0.10, 0.07, 0.12), dark),
        middle=blend_colour((0.86, 0.62, 0.44), (0.26, 0.16, 0.18), dark),
        horizon=blend_colour((0.98, 0.82, 0.62), (0.52, 0.34, 0.30), dark),
        ambient=blend_colour((1.0, 0.92, 0.84), (0.62, 0.50, 0.56), dark),
        mist=0.6,
    )
    rows = np.linspace(0, 1 / stage.horizon, stage.height, dtype=np.float32)[:, None] * np.ones(
        (1, stage.width), np.float32
    )
    veil = clouds(stage.random("marsdust"), stage.width, stage.height, 2, octaves=4, stretch=3)
    sky = mix(
        np.broadcast_to(np.asarray(stage.light.top, np.float32), stage.picture.shape),
        stage.light.middle,
        np.clip(rows * 1.5, 0, 1),
    )
    stage.picture[:] = mix(sky, stage.light.horizon, np.clip(rows * 1.8 - 0.8 + 0.5 * (veil - 0.5), 0, 1))
    if dark > 0.5:
        paint_stars(stage, 1.0)
    stage.lamp = (0.24 if stage.random("marssun").random() < 0.5 else 0.76, 0.20)
    paint_disc(stage, stage.lamp[0], 0.22, 0.034, (0.96, 0.97, 1.0), moon=False)
    for shift, y, radius in ((0.30, 0.16, 0.030), (0.42, 0.30, 0.016)):
        paint_disc(stage, stage.lamp[0] - stage.lampward * shift, y, radius, (0.84, 0.72, 0.64), moon=True)
    stage.keep_sky()


def domes(stage: Stage) -> None:
    """Build the station: glass domes, an airlock, an aerial."""
    side = -stage.lampward

    def dome(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        white, glass = (
            stage.lit((0.93, 0.93, 0.94), 0.4),
            blend_colour(stage.lit((0.46, 0.66, 0.74), 0.35), stage.light.horizon, 0.2),
        )
        if stage.dark:
            glass = (0.98, 0.86, 0.56)
        half = tall * 0.95
        pen.chord((x - half, base - tall, x + half, base + tall), 180, 360, fill=rgba(glass))
        for t in (-0.6, -0.2, 0.2, 0.6):
            pen.arc(
                (x - half * abs(t), base - tall, x + half * abs(t), base + tall),
                180,
                360,
                fill=rgba(white),
                width=max(1, int(tall * 0.03)),
            )
        pen.arc(
            (x - half, base - tall, x + half, base + tall), 180, 360, fill=rgba(white), width=max(2, int(tall * 0.06))
        )
        pen.line(
            (x - half * 0.85, base - tall * 0.52, x + half * 0.85, base - tall * 0.52),
            fill=rgba(white),
            width=max(1, int(tall * 0.03)),
        )
        box(pen, x - half * 1.08, base - tall * 0.16, x + half * 1.08, base, white)
        box(pen, x - half * 1.08, base - tall * 0.06, x + half * 1.08, base, scaled(white, 0.7))

    scatter(
        stage,
        "domes",
        [(0.5 + side * 0.24, 0.585, 0.085), (0.5 + side * 0.35, 0.59, 0.055), (0.5 + side * 0.14, 0.588, 0.045)],
        dome,
        focus=0.25,
    )


def skyland(stage: Stage, asked: Asked) -> None:
    """Islands that float in the sky, green above and rock below; water falls from them into the clouds."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.84, 0.80, 0.76, (0.24, 0.76)
    heavens(stage, asked, 0.6)
    puffs(stage, "skyfar", 0.88, 0.6)
    stage.picture[:] = mix(stage.picture, stage.light.haze, 0.10)
    stage.keep_sky()
    for name, x, y, wide, far in (
        ("isle1", 0.16, 0.30, 0.13, 0.55),
        ("isle2", 0.83, 0.40, 0.17, 0.42),
        ("isle3", 0.60, 0.20, 0.07, 0.7),
        ("isle4", 0.36, 0.50, 0.08, 0.6),
    ):
        floating_isle(stage, name, x, y, wide, far)
    floating_isle(stage, "ownisle", 0.5, 0.79, 0.40 * stage.width / stage.unit, 0.0, own=True)
    stage.foreground.append(lambda: puffs(stage, "skynear", 0.95, 0.1))


def floating_isle(stage: Stage, name: str, x: float, y: float, wide: float, far: float, *, own: bool = False) -> None:
    """Hang one island with its turf at (x, y); half its width in shorter sides; own: it is stood on."""
    green = turf(stage, (0.42, 0.66, 0.28))

    def isle(pen: Draw, random: Random, cx: float, foot: float, half: float) -> None:
        hanging_rock(pen, stage, random, (cx, foot), half, half * (0.42 if own else 0.95), far)
        fall = cx + half * (0.52 if x < 0.5 or own else -0.52)
        water = blend_colour(stage.lit((0.80, 0.92, 0.98), far), stage.light.horizon, 0.2)
        for i in range(-2, 3):
            pen.line(
                (fall + i * half * 0.02, foot, fall + i * half * 0.035, foot + half * (0.50 if own else 1.5)),
                fill=rgba(water, 0.85),
                width=max(1, int(half * 0.022)),
            )
        tall = half * (0.19 if own else 0.17)
        dot(pen, cx, foot + tall * 0.25, half * 1.02, tall * 1.15, stage.lit(scaled(green, 0.62), far))
        dot(pen, cx, foot, half * 1.02, tall, blend_colour(stage.lit(green, far), stage.light.key, 0.10))
        if not own:
            for dx, size in ((-0.45, 0.8), (0.05, 1.0), (0.42, 0.65)):
                tree(
                    pen,
                    stage,
                    random,
                    cx + dx * half,
                    foot,
                    half * 0.72 * size,
                    (0.30, 0.56, 0.26),
                    distance=far,
                    clumps=34,
                )

    scatter(stage, name, [(x, y, wide)], isle, focus=0.2)
    if own:
        near = 0.40 * stage.width / stage.unit
        spots = [(0.5 - near * 0.40, y - 0.03, 0.30), (0.5 + near * 0.42, y - 0.035, 0.26)]
        scatter(
            stage,
            "isletrees",
            [(0.5 + (px - 0.5) * stage.unit / stage.width * 2.2, base, tall) for px, base, tall in spots],
            lambda pen, random, cx, base, tall: tree(
                pen, stage, random, cx, base, tall, (0.32, 0.58, 0.26), distance=0.05
            ),
        )
        flowers(stage, "isleflowers", y - 0.03, y + 0.045, 30, (0.18, 0.82))


def hanging_rock(
    pen: Draw, stage: Stage, random: Random, place: tuple[float, float], half: float, deep: float, far: float
) -> None:
    """Draw the ragged rock under an island: its middle, half its width and its depth in pixels."""
    (cx, foot), rock = place, (0.50, 0.44, 0.42)
    teeth = [
        (cx + half * (i / 7 - 1), foot + deep * (1 - abs(i / 7 - 1) ** 1.3) * (0.55 + 0.75 * random.random()))
        for i in range(1, 14)
    ]
    pen.polygon([(cx - half, foot), *teeth, (cx + half, foot)], rgba(stage.lit(scaled(rock, 0.72), far)))
    lit = teeth[:7] if stage.lampward < 0 else teeth[6:]
    pen.polygon(
        [(cx + stage.lampward * half, foot), *(lit if stage.lampward < 0 else reversed(lit)), (cx, foot)],
        rgba(stage.lit(rock, far)),
    )
    for i in range(0, 13, 2):
        px, py = teeth[i]
        pen.line(
            (px, foot + half * 0.04, px + half * 0.02, foot + (py - foot) * 0.85),
            fill=rgba(stage.lit(scaled(rock, 0.5), far), 0.8),
            width=max(1, int(half * 0.02)),
        )


def spaceship(stage: Stage, asked: Asked) -> None:
    """The bridge of a starship: a wide window on a planet and the stars, desks of lights, a metal floor."""
    stage.horizon, stage.ground, stage.back, stage.open_air = 0.62, 0.90, 0.80, False
    neon = stage.light.hour == "neon"
    darkness(stage)
    random = stage.random("starship")
    hue = random.random()
    planet(
        stage, 0.5 + stage.lampward * 0.20, 0.46, 0.24, hue_colour(hue, 0.55, 0.9), "view", ringed=random.random() < 0.5
    )
    stage.light = replace(
        stage.light, ambient=(0.78, 0.84, 0.98), horizon=(0.40, 0.56, 0.78), key=(0.66, 0.92, 1.0), dark=0.55
    )
    glow = hue_colour(0.88 if neon else 0.53, 0.62, 1.0)
    hull(stage, glow)
    desks(stage, glow)
    stage.lamp = (0.5 - stage.lampward * 0.2, 0.2)
    stage.glow(0.5, 0.70, 0.34, glow, 0.10)


def hull(stage: Stage, glow: Colour) -> None:
    """Frame the window with ribs, above a floor of plates."""
    steel = (0.30, 0.33, 0.40)

    def draw(pen: Draw) -> None:
        width, height = stage.width, stage.height
        panel = stage.lit(steel)
        pen.polygon(
            [
                (0, 0),
                (width, 0),
                (width, 0.10 * height),
                (0.80 * width, 0.13 * height),
                (0.20 * width, 0.13 * height),
                (0, 0.10 * height),
            ],
            rgba(panel),
        )
        box(pen, 0.20 * width, 0.115 * height, 0.80 * width, 0.13 * height, glow, 0.9)
        for side in (-1, 1):
            edge = 0.5 + side * 0.5
            pen.polygon(
                [
                    ((0.5 + side * s) * width, y * height)
                    for s, y in ((0.52, 0.05), (0.43, 0.11), (0.47, 0.38), (0.43, 0.66), (0.52, 0.70))
                ],
                rgba(scaled(panel, 0.8)),
            )
            pen.line(
                [((0.5 + side * s) * width, y * height) for s, y in ((0.43, 0.11), (0.47, 0.38), (0.43, 0.66))],
                fill=rgba(scaled(panel, 1.5)),
                width=max(2, int(stage.unit * 0.008)),
            )
            rib = 0.5 + side * 0.17
            pen.line(
                (rib * width, 0.12 * height, (0.5 + side * 0.19) * width, 0.63 * height),
                fill=rgba(scaled(panel, 0.9)),
                width=max(3, int(stage.unit * 0.022)),
            )
            pen.line(
                (rib * width, 0.12 * height, (0.5 + side * 0.19) * width, 0.63 * height),
                fill=rgba(scaled(panel, 1.5)),
                width=max(1, int(stage.unit * 0.006)),
            )
            box(
                pen,
                min(edge, edge - side * 0.02) * width,
                0.10 * height,
                max(edge, edge - side * 0.02) * width,
                0.7 * height,
                scaled(panel, 0.6),
            )
        plates(pen, stage, panel, glow)

    stage.overlay(draw, blur=0.6)


def plates(pen: Draw, stage: Stage, panel: Colour, glow: Colour) -> None:
    """Lay the floor in plates, with two strips of light that lead to the window."""
    view = Perspective(stage, 0.5, 0.50)
    box(pen, 0, 0.62 * stage.height, stage.width, stage.height, scaled(panel, 0.62))
    for i in range(-6, 7):
        view.band(
            pen,
            (0.5 + i * 0.19, 1.1),
            (0.5 + i * 0.19 + 0.18, 1.1),
            (0.0, 2.6),
            scaled(panel, 0.72 + 0.10 * (i % 2)),
        )
    for depth in (0.25, 0.6, 1.05, 1.6):
        view.line(pen, (-0.8, 1.1, depth), (1.8, 1.1, depth), scaled(panel, 0.45), 0.006)
    for x in (-0.40, 0.40):
        view.band(pen, (0.5 + x - 0.012, 1.1), (0.5 + x + 0.012, 1.1), (0.0, 2.6), glow, 0.9)


def desks(stage: Stage, glow: Colour) -> None:
    """Stand a curved row of consoles before the window, full of lights and screens."""
    random = stage.random("desks")

    def draw(pen: Draw) -> None:
        width, height = stage.width, stage.height
        panel = stage.lit((0.36, 0.39, 0.47))
        for side in (-1, 1):
            shape = [
                ((0.5 + side * s) * width, y * height)
                for s, y in ((0.16, 0.655), (0.52, 0.60), (0.52, 0.86), (0.44, 0.84), (0.18, 0.745))
            ]
            pen.polygon(shape, rgba(scaled(panel, 0.7)))
            pen.polygon(
                [
                    ((0.5 + side * s) * width, y * height)
                    for s, y in ((0.16, 0.655), (0.52, 0.60), (0.52, 0.70), (0.18, 0.70))
                ],
                rgba(panel),
            )
            for _ in range(46):
                t = random.random()
                x, y = (0.5 + side * (0.19 + 0.30 * t)) * width, (0.675 - 0.03 * t + 0.022 * random.random()) * height
                size = stage.unit * (0.003 + 0.004 * random.random())
                dot(
                    pen,
                    x,
                    y,
                    size,
                    size * 0.8,
                    hue_colour((0.0, 0.12, 0.36, 0.53, 0.86)[int(random.random() * 5)], 0.6, 1.0),
                )
            for t in (0.24, 0.36):
                x, y, half = (0.5 + side * t) * width, (0.615 - 0.10 * (t - 0.24)) * height, stage.unit * 0.045
                box(pen, x - half, y - half * 0.75, x + half, y + half * 0.35, (0.05, 0.10, 0.16))
                pen.rectangle(
                    (x - half, y - half * 0.75, x + half, y + half * 0.35),
                    outline=rgba(glow),
                    width=max(1, int(stage.unit * 0.004)),
                )
                curve = [
                    (x - half * 0.8 + half * 0.16 * i, y - half * 0.2 + half * 0.35 * math.sin(i * 1.3 + 9 * t))
                    for i in range(11)
                ]
                pen.line(curve, fill=rgba(glow), width=max(1, int(stage.unit * 0.003)))

    stage.attend(stage.overlay(draw, blur=0.4), 0.3)
    for x in (0.18, 0.82):
        stage.glow(x, 0.66, 0.10, glow, 0.22)
