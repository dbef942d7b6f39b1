"""A castle on its rock, and a bridge."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import Random, clouds
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .country import verge, winding_path
from .forms import SNOW, box, conifer, dot, scatter, tree
from .land import GREENS, autumn, peaks, rolling, turf
from .streams import river_colour
from .water import swell, waters

GREY: Colour = (0.66, 0.64, 0.62)


def castle(stage: Stage, asked: Asked) -> None:
    """A castle with banners on its rock, a road that winds up to the gate."""
    stage.horizon, stage.ground, stage.back = 0.52, 0.89, 0.76
    stage.near = 0.72 if stage.flying else 1.0
    heavens(stage, asked, 0.55)
    peaks(stage, "castlepeaks", 0.44, 0.10, 0.8)
    side = -stage.lampward
    middle = 0.5 + side * (0.05 if asked.embodied else 0.17)
    tall, foot = (0.54, 0.585) if asked.embodied else (0.46, 0.475)
    columns = np.linspace(0, 1, stage.width, dtype=np.float32)
    away = (columns - middle) * stage.width / stage.unit
    crag = stage.profile("crag", foot + 0.145, 0.02, 5, 5, 0.6) - 0.19 * stage.height * np.exp(
        -((away / 0.30) ** 4)
    ).astype(np.float32)
    green = turf(stage, (0.40, 0.50, 0.32))
    stage.fill_below(
        crag.astype(np.float32),
        stage.lit(green, 0.35),
        stage.lit((0.40, 0.40, 0.38), 0.3),
        depth=0.18,
        grain=0.4,
        name="crag",
        stretch=0.7,
    )
    stone = asked.material or GREY
    scatter(
        stage,
        "castle",
        [(middle, foot, tall)],
        lambda pen, random, x, base, tall: keep(pen, stage, x, base, tall, stone),
        focus=0.9 if asked.embodied else 0.45,
    )
    palette = GREENS[1:]
    rolling_below(stage, foot + 0.185, autumn(palette) if "leaves" in stage.weather else palette)
    winding_path(stage, "castleroad", 0.5 - side * 0.06, (middle, foot + 0.025), 0.30, (0.80, 0.72, 0.56), bend=0.11)
    spots = [
        (0.06, 0.70, 0.16),
        (0.14, 0.73, 0.20),
        (0.90, 0.71, 0.18),
        (0.97, 0.75, 0.24),
        (0.80, 0.68, 0.11),
        (0.24, 0.68, 0.11),
    ]
    scatter(
        stage, "castlefirs", spots, lambda pen, random, x, base, tall: conifer(pen, stage, random, x, base, tall, 0.3)
    )
    stage.foreground.append(lambda: verge(stage, (0.34, 0.56, 0.24)))


def rolling_below(stage: Stage, level: float, greens: list[Colour]) -> None:
    """Paint hills from `level` (fraction) down that hide the foot of what stands behind them."""
    horizon, stage.horizon = stage.horizon, level
    rolling(stage, greens, 0.02)
    stage.horizon = horizon


def keep(pen: Draw, stage: Stage, x: float, base: float, tall: float, stone: Colour) -> None:
    """Draw a castle's towers and walls, `tall` pixels to the highest spire."""
    roof_colour = SNOW if stage.snowy else hue_colour(0.60, 0.46, 0.46)
    for shift, wide, high, far, spire in (
        (-0.30, 0.13, 0.50, 0.34, True),
        (0.30, 0.13, 0.46, 0.34, True),
        (0.0, 0.19, 0.64, 0.30, True),
        (-0.155, 0.10, 0.74, 0.26, True),
        (0.16, 0.085, 0.62, 0.26, True),
        (0.0, 0.50, 0.24, 0.22, False),
        (-0.27, 0.12, 0.34, 0.18, True),
        (0.27, 0.12, 0.34, 0.18, True),
        (0.0, 0.17, 0.32, 0.16, False),
    ):
        tower(pen, stage, x + shift * tall, base, wide * tall, high * tall, stone, far, roof_colour if spire else None)
    dot(pen, x, base - tall * 0.10, tall * 0.042, tall * 0.042, stage.lit((0.16, 0.12, 0.12), 0.2))
    box(pen, x - tall * 0.042, base - tall * 0.10, x + tall * 0.042, base, stage.lit((0.16, 0.12, 0.12), 0.2))
    for shift, high in ((-0.155, 0.94), (0.0, 0.99), (0.16, 0.79)):
        px, py = x + shift * tall, base - high * tall
        pen.line(
            (px, py, px, py - tall * 0.07), fill=rgba(stage.lit((0.2, 0.2, 0.22), 0.2)), width=max(1, int(tall * 0.006))
        )
        pen.polygon(
            [(px, py - tall * 0.07), (px + tall * 0.07, py - tall * 0.05), (px, py - tall * 0.03)],
            rgba(stage.lit((0.84, 0.22, 0.24), 0.2)),
        )


def tower(
    pen: Draw,
    stage: Stage,
    x: float,
    base: float,
    wide: float,
    tall: float,
    stone: Colour,
    far: float,
    roof: Colour | None,
) -> None:
    """Draw one round tower with battlements, a pointed roof if one is given, and slits that light up in the dark."""
    half, top = wide / 2, base - tall
    body = stage.lit(stone, far)
    for step in range(8):
        t = step / 7
        lit = 0.62 + 0.50 * (1 - abs((t - 0.5) * 2 - stage.lampward * 0.5) / 1.5)
        box(pen, x - half + wide * t * 0.875, top, x - half + wide * (t * 0.875 + 0.125), base, scaled(body, lit))
    merlon = wide / 7
    box(pen, x - half * 1.12, top - merlon * 0.3, x + half * 1.12, top + merlon * 0.9, scaled(body, 0.92))
    for i in range(5):
        left = x - half * 1.12 + i * merlon * 1.71
        box(pen, left, top - merlon * 1.3, left + merlon * 0.95, top, scaled(body, 0.96))
    if roof is not None:
        tiles = stage.lit(roof, far)
        peak = (x, top - wide * 1.55)
        pen.polygon([(x - half * 1.22, top - merlon), (x + half * 1.22, top - merlon), peak], rgba(tiles))
        pen.polygon(
            [(x, top - merlon), (x - stage.lampward * half * 1.22, top - merlon), peak], rgba(scaled(tiles, 0.72))
        )
    slit = (1.0, 0.82, 0.44) if stage.dark else scaled(body, 0.34)
    for level in (0.30, 0.62) if tall > wide * 2 else (0.5,):
        for dx in (-0.22, 0.22) if wide > tall * 0.8 else (0.0,):
            y = top + tall * level
            box(pen, x + dx * wide - wide * 0.05, y, x + dx * wide + wide * 0.05, y + wide * 0.26, slit)


def bridge(stage: Stage, asked: Asked) -> None:
    """On a stone bridge: its parapet behind, the river and its next arches below; alone, it is seen from a bank."""
    stage.horizon, stage.ground, stage.back = 0.44, 0.90, 0.86
    heavens(stage, asked, 0.5)
    rolling(stage, [(0.44, 0.52, 0.60), (0.40, 0.56, 0.40), (0.42, 0.60, 0.34)], 0.05)
    leafy = autumn([(0.32, 0.54, 0.26)])[0] if "leaves" in stage.weather else (0.32, 0.54, 0.26)
    scatter(
        stage,
        "banks",
        [
            (0.04, 0.56, 0.26),
            (0.15, 0.53, 0.18),
            (0.26, 0.515, 0.13),
            (0.74, 0.515, 0.13),
            (0.86, 0.535, 0.19),
            (0.97, 0.56, 0.27),
        ],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, leafy, distance=0.4),
    )
    water = river_colour(stage)
    river_between(stage, water)
    scatter(
        stage,
        "arches",
        [(0.5, 0.70, 0.40)] if asked.floats is None else [(0.5, 0.62, 0.20)],
        lambda pen, random, x, base, tall: far_bridge(pen, stage, x, base, tall),
        focus=0.9 if asked.floats is None else 0.2,
    )
    stage.shallows = 0.70
    if asked.floats:
        stage.flood(0.78)
        stage.foreground.append(lambda: swell(stage, "bridgefront", 0.79, 0.005, water, 0.0))
        stage.foreground.append(lambda: parapet(stage, 0.93))
    elif asked.floats is None:
        stage.foreground.append(lambda: verge(stage, (0.34, 0.56, 0.24)))
    else:
        parapet(stage, 0.80)


def river_between(stage: Stage, water: Colour) -> None:
    """Fill the valley with the river that runs towards us."""
    first = int(0.50 * stage.height)
    shore = np.linspace(0, 1, stage.height - first, dtype=np.float32)[:, None]
    columns = np.abs(np.linspace(-1, 1, stage.width, dtype=np.float32))[None, :]
    wobble = 0.08 * (clouds(stage.random("shoreline"), stage.width, stage.height - first, 6, octaves=4) - 0.5)
    inside = np.clip((0.14 + 1.7 * shore + wobble - columns) * 30, 0, 1)
    behind = stage.picture.copy()
    waters(stage, 0.50, water, blend_colour(water, stage.light.horizon, 0.4), chop=0.7, name="bridgeriver")
    stage.picture[first:] = mix(behind[first:], stage.picture[first:], inside.astype(np.float32))
    stage.picture[: first + 2] = behind[: first + 2]


def far_bridge(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw the next bridge up the river: three arches from bank to bank."""
    stone = stage.lit(SNOW if stage.snowy else (0.66, 0.60, 0.54), 0.35)
    half = stage.width * 0.56
    deck = [(x + half * (i / 10 - 1), base - tall * (0.62 + 0.30 * (1 - (i / 10 - 1) ** 2))) for i in range(21)]
    pen.polygon([(x - half, base), *deck, (x + half, base)], rgba(scaled(stone, 0.82)))
    pen.line(deck, fill=rgba(stone), width=max(2, int(tall * 0.11)), joint="curve")
    hole = blend_colour(river_colour(stage), (0.1, 0.12, 0.14), 0.45)
    for shift, wide, high in ((-0.52, 0.17, 0.52), (0.0, 0.21, 0.70), (0.52, 0.17, 0.52)):
        cx, reach = x + shift * half, wide * half
        pen.chord((cx - reach, base - tall * high, cx + reach, base + tall * high), 180, 360, fill=rgba(hole))
        pen.arc(
            (cx - reach, base - tall * high, cx + reach, base + tall * high),
            180,
            360,
            fill=rgba(scaled(stone, 1.1)),
            width=max(2, int(tall * 0.05)),
        )


def parapet(stage: Stage, top: float) -> None:
    """Build the parapet we stand before, and the cobbles at our feet (top: fraction)."""
    stone = (0.64, 0.60, 0.56)
    random = stage.random("parapet")

    def draw(pen: Draw) -> None:
        low = (top + 0.06) * stage.height
        mortar = scaled(stage.lit(stone), 0.55)
        box(pen, 0, (top - 0.075) * stage.height, stage.width, low, mortar)
        for row in range(3):
            y0 = (top - 0.07 + 0.043 * row) * stage.height
            x = -0.08 * stage.unit * random.random()
            while x < stage.width:
                wide = stage.unit * (0.07 + 0.06 * random.random())
                tone = scaled(stage.lit(stone), 0.84 + 0.30 * random.random())
                box(pen, x, y0, x + wide - 2, y0 + 0.039 * stage.height, tone)
                x += wide
        cap = stage.lit(SNOW if stage.snowy else (0.78, 0.74, 0.68))
        box(
            pen,
            0,
            (top - 0.10) * stage.height,
            stage.width,
            (top - 0.07) * stage.height,
            blend_colour(cap, stage.light.key, 0.15),
        )
        box(pen, 0, (top - 0.076) * stage.height, stage.width, (top - 0.066) * stage.height, scaled(cap, 0.66))
        cobbles(pen, stage, random, top + 0.06)

    stage.attend(stage.overlay(draw, blur=0.5), 0.15)


def cobbles(pen: Draw, stage: Stage, random: Random, top: float) -> None:
    """Pave what lies below `top` (fraction) with cobbles in perspective."""
    ground = stage.lit(turf(stage, (0.52, 0.50, 0.50)))
    if stage.wet:
        ground = blend_colour(scaled(ground, 0.75), stage.light.middle, 0.35)
    box(pen, 0, top * stage.height, stage.width, stage.height, scaled(ground, 0.58))
    y, step = top, 0.012
    while y < 1.02:
        wide = step * 2.0 * stage.height
        shift = wide * random.random()
        for i in range(int(stage.width / wide) + 2):
            tone = scaled(ground, 0.80 + 0.38 * random.random())
            cx = i * wide - shift
            dot(pen, cx, (y + step / 2) * stage.height, wide * 0.47, step * 0.46 * stage.height, tone)
        y, step = y + step, min(0.05, step * 1.14)
