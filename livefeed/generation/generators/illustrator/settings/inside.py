"""Indoors: a room, a library, a table for still lifes."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..light import HOURS, Light
from ..noise import clouds
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled
from ..planting import plant, shadow
from ..stage import Draw, Stage, rgba


def lamplight(stage: Stage) -> Light:
    """Return the light outside, and set the stage's to that of a lamp indoors."""
    outside = stage.light
    evening = outside.dark > 0.5
    stage.open_air = False
    ambient, key = ((0.86, 0.74, 0.64) if evening else (1.0, 0.96, 0.90)), (1.0, 0.84, 0.54)
    middle, horizon = (0.34, 0.24, 0.20), (0.72, 0.55, 0.40)
    if outside.hour == "candle":
        ambient = (0.72, 0.54, 0.42)
    elif outside.hour == "neon":
        ambient, key = (0.66, 0.52, 0.88), (0.96, 0.42, 0.86)
        middle, horizon = (0.30, 0.14, 0.40), (0.52, 0.30, 0.72)
    stage.light = Light(
        hour="night" if evening else "day",
        top=(0.10, 0.07, 0.08),
        middle=middle,
        horizon=horizon,
        ambient=ambient,
        key=key,
        mist=0.35,
        dark=0.6 if evening else 0.1,
    )
    return outside


def wall(stage: Stage, colour: Colour, bottom: float) -> None:
    """Fill the frame with a plastered wall, lighter towards the lamp, and set the flow of its brushwork."""
    stage.picture[:] = stage.lit(colour)
    texture = clouds(stage.random("plaster"), stage.width, stage.height, 3, octaves=4)
    stage.picture *= (0.88 + 0.24 * texture)[..., None].astype(np.float32)
    rows = np.linspace(0, 1, stage.height, dtype=np.float32)[:, None]
    stage.picture *= (1.04 - 0.22 * np.abs(rows - 0.45))[..., None]
    stage.flow[:] = (texture - 0.5) * np.float32(2.0)
    stage.horizon = bottom


def planks(stage: Stage, top: float, colour: Colour, *, name: str = "planks", across: bool = False) -> None:
    """Lay boards from `top` (fraction) to the bottom, in perspective or across."""
    line = np.full(stage.width, top * stage.height, np.float32)
    wood = stage.lit(colour)
    stage.fill_below(
        line, scaled(wood, 0.92), scaled(wood, 0.72), depth=1 - top, grain=0.22, name=name, stretch=9 if across else 1.5
    )
    seam = rgba(scaled(wood, 0.48), 0.75)
    width = max(1, int(stage.unit * 0.004))

    def draw(pen: Draw) -> None:
        if across:
            y, step = top, 0.035
            while y < 1.1:
                pen.line((0, y * stage.height, stage.width, y * stage.height), fill=seam, width=width)
                y, step = y + step, step * 1.5
        else:
            for i in range(-8, 9):
                x0, x1 = 0.5 + i * 0.085, 0.5 + i * 0.20
                pen.line((x0 * stage.width, top * stage.height, x1 * stage.width, stage.height), fill=seam, width=width)
        pen.rectangle(
            (0, (top - 0.006) * stage.height, stage.width, (top + 0.002) * stage.height), fill=rgba(scaled(wood, 0.5))
        )

    stage.overlay(draw, blur=0.8)


def window(stage: Stage, outside: Light, x: float, y: float, wide: float, tall: float, *, moon: bool) -> None:
    """Open a window on the sky outside: centre (x, y) fractions, size of the shorter side."""
    half_w, half_h = wide * stage.unit / 2, tall * stage.unit / 2
    left, right = int(x * stage.width - half_w), int(x * stage.width + half_w)
    top, bottom = int(y * stage.height - half_h), int(y * stage.height + half_h)
    left, top = max(0, left), max(0, top)
    t = np.linspace(0, 1, max(1, bottom - top), dtype=np.float32)[:, None, None]
    view = stage.picture[top:bottom, left:right]
    view[:] = np.asarray(outside.top, np.float32) * (1 - t) + np.asarray(outside.horizon, np.float32) * t
    random = stage.random("windowhills")
    frame = rgba(stage.lit((0.93, 0.90, 0.84)))

    def draw(pen: Draw) -> None:
        hill = scaled(blend_colour(outside.middle, (0.18, 0.34, 0.24), 0.6), 0.9)
        points = [(left + (right - left) * i / 8, bottom - half_h * (0.25 + 0.3 * random.random())) for i in range(9)]
        pen.polygon([(left, bottom), *points, (right, bottom)], rgba(hill))
        if outside.dark > 0.5:
            for _ in range(18):
                sx, sy = left + (right - left) * random.random(), top + half_h * 1.2 * random.random()
                pen.ellipse((sx - 1, sy - 1, sx + 1.5, sy + 1.5), rgba((0.95, 0.95, 0.9), 0.9))
        if moon or outside.dark > 0.8:
            mx, my, r = x * stage.width + half_w * 0.35, y * stage.height - half_h * 0.45, half_w * 0.24
            pen.ellipse((mx - r, my - r, mx + r, my + r), rgba((0.97, 0.94, 0.80)))
        bar = max(2.0, stage.unit * 0.012)
        for fx in (left, (left + right) / 2, right):
            pen.rectangle((fx - bar / 2, top - bar, fx + bar / 2, bottom + bar), frame)
        for fy in (top, (top + bottom) / 2, bottom):
            pen.rectangle((left - bar, fy - bar / 2, right + bar, fy + bar / 2), frame)
        pen.rectangle((left - bar * 2.5, bottom, right + bar * 2.5, bottom + bar * 1.6), frame)

    stage.attend(stage.overlay(draw), 0.3)
    stage.glow(x, y, 0.24, outside.horizon, 0.30)
    stage.lamp = (x, y)


def room(stage: Stage, asked: Asked) -> None:
    """A room: a window, a lamp, a picture, boards and a rug."""
    stage.ground, stage.back = 0.88, 0.80
    outside = lamplight(stage)
    random = stage.random("room")
    hue = random.random()
    wall(stage, hue_colour(hue, 0.30, 0.80), 0.70)
    window_left = random.random() < 0.5
    wx = 0.24 if window_left else 0.76
    window(stage, outside, wx, 0.34, 0.34, 0.40, moon="moon" in asked.lamps)
    planks(stage, 0.70, (0.56, 0.36, 0.22))
    other = 1 - wx
    plant(stage, "framed picture", other, 0.40, 0.20, distance=0.1)
    plant(
        stage,
        "couch and lamp" if random.random() < 0.5 else "potted plant",
        other + (0.06 if window_left else -0.06),
        0.78,
        0.34,
        distance=0.1,
        mirrored=window_left,
    )
    stage.glow(other, 0.45, 0.30, (1.0, 0.80, 0.45), 0.34 if outside.dark > 0.5 else 0.15)
    rug = stage.lit(hue_colour(hue + 0.45, 0.55, 0.62))

    def draw(pen: Draw) -> None:
        cx, cy, wide, tall = 0.5 * stage.width, 0.885 * stage.height, 0.44 * stage.unit, 0.085 * stage.unit
        for factor, shade in ((1.0, 0.7), (0.9, 1.0), (0.62, 1.25), (0.54, 1.0)):
            pen.ellipse(
                (cx - wide * factor, cy - tall * factor, cx + wide * factor, cy + tall * factor),
                rgba(scaled(rug, shade)),
            )

    stage.overlay(draw, blur=1.0)


def reading_room(stage: Stage, asked: Asked) -> None:
    """Shelves of books to the ceiling, a lamp's warm circle."""
    stage.ground, stage.back = 0.90, 0.82
    stage.light = HOURS["night"][0] if stage.light.dark > 0.5 else stage.light
    lamplight(stage)
    random = stage.random("library")
    wall(stage, (0.34, 0.21, 0.15), 0.74)
    wood = stage.lit((0.36, 0.21, 0.13))
    shelf = 0.125
    hues = [random.random() for _ in range(3)] + [0.02, 0.09, 0.58, 0.36]

    def draw(pen: Draw) -> None:
        y = 0.02
        while y < 0.74:
            bottom = (y + shelf) * stage.height
            pen.rectangle((0, y * stage.height, stage.width, bottom), rgba(scaled(wood, 0.42)))
            x = -0.01
            while x < 1.0:
                wide = 0.012 + 0.018 * random.random()
                tall = shelf * (0.60 + 0.30 * random.random())
                if random.random() < 0.07:
                    x += wide * 1.6
                    continue
                colour = stage.lit(
                    hue_colour(
                        hues[int(random.integers(len(hues)))] + 0.03 * random.random(),
                        0.35 + 0.35 * random.random(),
                        0.34 + 0.42 * random.random(),
                    )
                )
                x0, x1 = x * stage.unit, (x + wide) * stage.unit
                for offset in range(1 + int(stage.width / stage.unit - 0.01)):
                    shift = offset * stage.unit
                    pen.rectangle(
                        (x0 + shift, bottom - tall * stage.height, max(x0, x1 - 1) + shift, bottom), rgba(colour)
                    )
                    band = bottom - tall * stage.height * 0.78
                    pen.rectangle(
                        (x0 + shift, band, max(x0, x1 - 1) + shift, band + 0.008 * stage.height),
                        rgba(scaled(colour, 1.5)),
                    )
                x += wide
            pen.rectangle((0, bottom, stage.width, bottom + 0.016 * stage.height), rgba(wood))
            y += shelf + 0.016

    stage.overlay(draw, blur=0.6)
    stage.flow[:] = np.pi / 2
    planks(stage, 0.76, (0.42, 0.25, 0.15))
    side = 0.16 if random.random() < 0.5 else 0.84
    stage.lamp = (side, 0.34)
    plant(stage, "books", 1 - side, 0.86, 0.17, distance=0.0)
    plant(stage, "books", 1 - side + (0.02 if side > 0.5 else -0.02), 0.75 + 0.02, 0.12, distance=0.1, mirrored=True)
    plant(stage, "candle", side, 0.80, 0.20, distance=0.0)
    stage.picture *= np.float32(0.84)
    stage.glow(side, 0.62, 0.16, (1.0, 0.86, 0.52), 0.65)
    stage.glow(side, 0.55, 0.50, (1.0, 0.70, 0.34), 0.42)
    stage.glow(0.5, 0.6, 0.34, (1.0, 0.74, 0.42), 0.22)


def table(stage: Stage, asked: Asked) -> None:
    """A table's edge before a wall, light from one side: the still life."""
    stage.ground, stage.back = 0.85, 0.78
    outside = lamplight(stage)
    random = stage.random("table")
    hue = (0.48 + 0.18 * random.random()) if random.random() < 0.8 else random.random()
    wall(stage, hue_colour(hue, 0.42, 0.58), 0.70)
    side = 0.15 if random.random() < 0.5 else 0.85
    if stage.width >= stage.height * 0.9 and random.random() < 0.6:
        window(stage, outside, side, 0.30, 0.30, 0.42, moon="moon" in asked.lamps)
    else:
        stage.lamp = (side, 0.2)
    columns = np.linspace(0, 1, stage.width, dtype=np.float32)[None, :]
    falloff = 1.22 - 0.55 * np.abs(columns - stage.lamp[0])
    stage.picture *= falloff[..., None]
    stage.picture[:] = mix(stage.picture, (1.0, 0.86, 0.62), np.clip(falloff - 0.9, 0, 1) * 0.4)
    planks(stage, 0.70, (0.62, 0.40, 0.24), across=True)
    companions = (
        "potted plant",
        "teapot",
        "books",
        "lemon",
        "pear",
        "jar",
        "cherries",
        "hot beverage",
        "candle",
        "rose",
    )
    for index, choice in enumerate(random.choice(len(companions), 2, replace=False)):
        label = companions[int(choice)]
        x = (0.14 if (side < 0.5) == (index == 0) else 0.87) + 0.05 * random.random()
        tall = 0.26 if label == "potted plant" else 0.14 + 0.03 * random.random()
        base = 0.77 + 0.05 * random.random()
        shadow(stage, x, base, tall * stage.unit, strength=0.5)
        plant(stage, label, x, base, tall, distance=0.12)
    if outside.dark > 0.5 or "lantern" in asked.lamps:
        plant(stage, "candle", 1 - side, 0.80, 0.26, distance=0.0)
        stage.glow(1 - side, 0.58, 0.22, (1.0, 0.80, 0.42), 0.5)
