"""By the sea: island, cliff, ice, and the deck of a ship."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import Random, clouds
from ..pixels import Array, Colour, blend_colour, scaled, smoothstep
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .land import grass, turf
from .perspective import Perspective
from .water import crests, front_waves, sea_colours, swell, waters


def island(stage: Stage, asked: Asked) -> None:
    """A small round island of sand and palms in a lagoon, surf around it."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.52, 0.81, 0.77, (0.20, 0.80)
    heavens(stage, asked, 0.55)
    near, far = sea_colours(stage)
    lagoon = blend_colour(near, stage.lit((0.20, 0.76, 0.72)), 0.55)
    waters(stage, stage.horizon, lagoon, far)
    stage.shallows = 0.90
    if asked.floats:
        stage.flood(0.86)
    columns = np.linspace(-1, 1, stage.width, dtype=np.float32)
    for reach, low, colour in (
        (0.96, 0.86, (1.0, 1.0, 1.0)),
        (0.89, 0.845, (0.80, 0.66, 0.44)),
        (0.83, 0.83, (0.95, 0.84, 0.60)),
    ):
        shore = dome(stage, columns, reach, low, 0.10)
        lens(stage, shore, low, stage.lit(turf(stage, colour) if reach < 0.95 else colour), f"isle{low}")
    green = dome(stage, columns * 1.2, 0.80, 0.775, 0.08)
    lens(stage, green, 0.775, stage.lit(turf(stage, (0.36, 0.56, 0.26))), "islegreen")
    for x, base, tall in ((0.20, 0.765, 0.42), (0.29, 0.75, 0.54), (0.78, 0.765, 0.46)):
        plant(stage, "palm tree", x, base, tall, distance=0.1, mirrored=x > 0.5)
    plant(stage, "rock", 0.84, 0.80, 0.07, distance=0.1)
    if asked.floats:
        stage.foreground.append(lambda: front_waves(stage, near, False))
    else:
        stage.foreground.append(lambda: swell(stage, "lagoonfront", 0.93, 0.008, lagoon, 0.22))


def dome(stage: Stage, columns: Array, reach: float, low: float, high: float) -> Array:
    """Return a low hill's skyline: columns -1..1, half its width, where it meets the water, how high (fractions)."""
    rise = high * np.clip(1 - (columns / reach) ** 2, 0, 1) ** 0.8
    outside = np.where(np.abs(columns) < reach, 0.0, 9.0)
    result: Array = ((low - rise + outside) * stage.height).astype(np.float32)
    return result


def lens(stage: Stage, profile: Array, low: float, colour: Colour, name: str) -> None:
    """Fill between a dome's skyline and a shore that bulges a little towards the viewer."""
    rows = np.arange(stage.height, dtype=np.float32)[:, None]
    rise = np.clip(low * stage.height - profile, 0, None)
    bottom = low * stage.height + 0.35 * rise
    mask = np.clip(rows - profile[None, :], 0, 1) * np.clip(bottom[None, :] - rows, 0, 1) * (rise > 0)[None, :]
    texture = clouds(stage.random(name), stage.width, stage.height, 16, octaves=3, stretch=3)
    shade = (0.92 + 0.22 * (texture - 0.5)) * (1.06 - 0.25 * np.clip((rows - profile) / (bottom - profile + 1), 0, 1))
    colours = np.asarray(colour, np.float32) * shade[..., None]
    stage.picture += (np.clip(colours, 0, 1) - stage.picture) * mask[..., None].astype(np.float32)


def cliff(stage: Stage, asked: Asked) -> None:
    """A grassy headland high over the sea, chalk falling to the surf, a lighthouse on this point or the next."""
    stage.horizon, stage.ground, stage.back = 0.50, 0.86, 0.74
    heavens(stage, asked, 0.55)
    near, far = sea_colours(stage)
    waters(stage, stage.horizon, near, far)
    side = -stage.lampward
    chalk = turf(stage, (0.90, 0.87, 0.80))
    point(stage, "farpoint", side, reach=0.40, top=0.46, foot=0.62, chalk=chalk, far=0.45)
    tower = 0.5 + side * 0.30
    alone = "lighthouse" not in asked.shown
    if alone:
        plant(stage, "lighthouse", tower, 0.475, 0.24, distance=0.25)
    if alone and (stage.dark or "fog" in stage.weather):
        lantern = 0.475 - stage.rise(0.19)
        stage.glow(tower, lantern, 0.10, (1.0, 0.92, 0.62), 0.75)
        stage.glow(tower, lantern, 0.30, (1.0, 0.88, 0.56), 0.25)
    point(stage, "midpoint", -side, reach=0.26, top=0.56, foot=0.80, chalk=chalk, far=0.15)
    green = turf(stage, (0.40, 0.58, 0.26))
    brow = stage.profile("brow", 0.78, 0.012, 2, 4) - (
        side * 0.07 * stage.height * np.linspace(-1, 1, stage.width)
    ).astype(np.float32)
    stage.fill_below(
        brow.astype(np.float32),
        blend_colour(stage.lit(green), stage.light.key, 0.12),
        stage.lit(scaled(green, 0.62)),
        depth=0.2,
        grain=0.2,
        name="brow",
    )
    grass(stage, "browgrass", 0.84, 0.92, 240, 0.045, stage.lit((0.46, 0.60, 0.26)))
    stage.foreground.append(lambda: grass(stage, "cliffgrass", 0.93, 1.06, 460, 0.10, stage.lit((0.36, 0.50, 0.20))))


def point(
    stage: Stage, name: str, side: float, *, reach: float, top: float, foot: float, chalk: Colour, far: float
) -> None:
    """Push a headland into the sea from one side: grass above, a steep face below, foam at its foot (fractions)."""
    columns = np.linspace(0, 1, stage.width, dtype=np.float32)
    inward = columns if side < 0 else 1 - columns
    ragged = stage.profile(name, 0.0, 0.03, 8, 5, 0.6) / stage.height
    edge = smoothstep(reach + 0.05, reach - 0.03, (inward + ragged).astype(np.float32))
    crest = ((top + 0.3 * ragged + (1 - edge) * 2.0) * stage.height).astype(np.float32)
    rows = np.arange(stage.height, dtype=np.float32)[:, None]
    bottom = (foot + 0.15 * ragged) * stage.height
    face = np.clip(rows - crest[None, :], 0, 1) * np.clip(bottom[None, :] - rows, 0, 1)
    cracks = clouds(stage.random(name + "face"), stage.width, stage.height, 16, octaves=4, stretch=0.25)
    tone = 0.74 + 0.48 * cracks
    stone = np.asarray(stage.lit(chalk, far), np.float32) * tone[..., None]
    stage.picture += (np.clip(stone, 0, 1) - stage.picture) * face[..., None].astype(np.float32)
    cap = (
        face
        * np.clip(1.0 - (rows - crest[None, :]) / ((foot - top) * 0.22 * stage.height * (0.6 + 0.8 * cracks)), 0, 1)
        ** 0.3
    )
    green = stage.lit(turf(stage, (0.40, 0.58, 0.28)), far)
    stage.picture += (np.asarray(green, np.float32) - stage.picture) * cap[..., None].astype(np.float32)
    stage.flow[face > 0.5] = np.pi / 2
    surf = np.where(edge > 0.3, bottom, 3.0 * stage.height).astype(np.float32)
    crests(stage, (surf - 0.010 * stage.height).astype(np.float32), name, 0.40)


def ice(stage: Stage, asked: Asked) -> None:
    """Floes on a dark polar sea, icebergs blue at their feet; one floe to stand on."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.85, 0.80, (0.18, 0.82)
    heavens(stage, asked, 0.5)
    near, far = stage.lit((0.06, 0.24, 0.38)), blend_colour(stage.lit((0.20, 0.44, 0.56)), stage.light.horizon, 0.4)
    waters(stage, stage.horizon, near, far, chop=0.7)
    for index, (x, wide, tall, base, distance) in enumerate(
        ((0.16, 0.17, 0.15, 0.53, 0.55), (0.80, 0.26, 0.30, 0.575, 0.30), (0.47, 0.09, 0.07, 0.515, 0.6))
    ):
        iceberg(stage, f"berg{index}", x, wide, tall, base, distance)
    random = stage.random("floes")
    spots = []
    for _ in range(20):
        nearness = random.random()
        spots.append((random.random(), 0.55 + 0.20 * nearness, 0.02 + 0.055 * nearness))
    scatter(
        stage,
        "floes",
        spots,
        lambda pen, random, x, base, tall: floe(pen, stage, random, x, base, tall * 1.8, tall * 0.5),
    )
    stage.shallows = 0.76
    if asked.floats:
        stage.flood(0.82)
        stage.foreground.append(lambda: swell(stage, "icefront", 0.83, 0.005, near, 0.0))
        front = [(0.08, 0.95, 0.16), (0.90, 0.97, 0.18)]
        stage.foreground.append(
            lambda: scatter(
                stage,
                "frontfloes",
                front,
                lambda pen, random, x, base, tall: floe(pen, stage, random, x, base, tall, tall * 0.3),
            )
        )
        return
    wide = 0.46 * stage.width / stage.unit
    scatter(
        stage,
        "ownfloe",
        [(0.5, 0.87, wide)],
        lambda pen, random, x, base, tall: floe(pen, stage, random, x, base, tall, stage.unit * 0.075),
    )


def floe(pen: Draw, stage: Stage, random: Random, x: float, y: float, wide: float, tall: float) -> None:
    """Draw a slab of ice seen from a little above: white on top, blue at its edge, its depth seen through the water."""
    outline = []
    for i in range(14):
        angle, reach = 2 * np.pi * i / 14, 0.86 + 0.20 * random.random()
        outline.append((x + float(np.cos(angle)) * wide * reach, y + float(np.sin(angle)) * tall * reach))
    for drop, colour, alpha in (
        (0.75, stage.lit((0.16, 0.46, 0.58)), 0.55),
        (0.42, stage.lit((0.46, 0.74, 0.84)), 1.0),
        (0.0, blend_colour(stage.lit((0.92, 0.96, 1.0)), stage.light.key, 0.10), 1.0),
    ):
        pen.polygon([(px, py + drop * tall) for px, py in outline], rgba(colour, alpha))
    shade = stage.lit((0.74, 0.84, 0.94))
    for _ in range(3):
        px, py = x + wide * (random.random() - 0.5), y + tall * (random.random() - 0.5) * 0.9
        dot(pen, px, py, wide * 0.16, tall * 0.10, shade, 0.8)


def iceberg(stage: Stage, name: str, x: float, wide: float, tall: float, base: float, distance: float) -> None:
    """Raise an iceberg with facets at (x, base); sizes in shorter sides."""

    def berg(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        half = wide * stage.unit / 2
        tops = [
            (-1.0, 0.0),
            (-0.86, 0.42),
            (-0.5, 0.62),
            (-0.28, 1.0),
            (0.02, 0.72),
            (0.32, 0.82),
            (0.62, 0.44),
            (0.94, 0.30),
            (1.0, 0.0),
        ]
        outline = [
            (cx + half * px * (0.94 + 0.1 * random.random()), foot - high * py * (0.85 + 0.3 * random.random()))
            for px, py in tops
        ]
        pen.polygon(
            [(px, foot + (foot - py) * 0.35) for px, py in outline], rgba(stage.lit((0.30, 0.58, 0.70), distance), 0.45)
        )
        white, blue = stage.lit((0.94, 0.97, 1.0), distance), stage.lit((0.56, 0.76, 0.88), distance)
        pen.polygon(outline, rgba(blue))
        lit = outline[:5] if stage.lampward < 0 else outline[3:]
        pen.polygon([*lit, (cx + half * 0.1 * stage.lampward, foot)], rgba(blend_colour(white, stage.light.key, 0.12)))
        pen.polygon([outline[3], outline[4], (cx, foot - high * 0.2)], rgba(scaled(blue, 0.9)))
        pen.line(
            (cx - half, foot, cx + half, foot),
            fill=rgba(stage.lit((0.24, 0.66, 0.74), distance)),
            width=max(1, int(high * 0.05)),
        )

    scatter(stage, name, [(x, base, tall)], berg, focus=0.25)


def ship(stage: Stage, asked: Asked) -> None:
    """The deck of a sailing ship: planks, rail and rigging, the sea beyond."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.88, 0.76, (0.12, 0.88)
    heavens(stage, asked, 0.6)
    near, far = sea_colours(stage)
    waters(stage, stage.horizon, near, far)
    swell(stage, "shipswell", 0.60, 0.014, near, 0.25)
    wood = turf(stage, (0.66, 0.46, 0.28))
    view = Perspective(stage, 0.5, 0.36)
    random = stage.random("deck")

    def deck(pen: Draw) -> None:
        for i in range(-9, 9):
            tone = scaled(stage.lit(wood), 0.84 + 0.3 * random.random())
            view.band(pen, (0.5 + i * 0.155, 1.10), (0.5 + (i + 1) * 0.155 - 0.006, 1.10), (0.0, 0.98), tone)
        bulwark = scaled(stage.lit(wood), 0.62)
        y = 0.735 * stage.height
        box(pen, 0, y - 0.075 * stage.height, stage.width, y, bulwark)
        for i in range(40):
            x = (i + 0.5) / 40 * stage.width
            box(pen, x - 1, y - 0.075 * stage.height, x + 1, y, scaled(bulwark, 0.7))
        box(pen, 0, y - 0.095 * stage.height, stage.width, y - 0.070 * stage.height, scaled(stage.lit(wood), 1.12))
        for x in (0.20, 0.80):
            box(
                pen,
                x * stage.width - 0.016 * stage.unit,
                y - 0.13 * stage.height,
                x * stage.width + 0.016 * stage.unit,
                y,
                scaled(stage.lit(wood), 0.9),
            )

    stage.attend(stage.overlay(deck, blur=0.6), 0.2)
    rigging(stage)
    for x, tall in ((0.06, 0.17), (0.93, 0.20)):
        plant(stage, "oil drum", x, 0.86, tall * 0.9, distance=0.05, tint=(0.56, 0.36, 0.20))


def rigging(stage: Stage) -> None:
    """Raise the mast on the side away from the lamp with a furled sail, shrouds and ratlines to the rail."""
    side = -stage.lampward
    mast = 0.5 + side * 0.30

    def draw(pen: Draw) -> None:
        x, half = mast * stage.width, 0.022 * stage.unit
        wood, canvas = stage.lit((0.46, 0.32, 0.21)), stage.lit((0.93, 0.88, 0.76))
        box(pen, x - half, 0, x + half, 0.78 * stage.height, wood)
        box(
            pen,
            x + stage.lampward * half * 0.6 - half * 0.3,
            0,
            x + stage.lampward * half * 0.6 + half * 0.3,
            0.78 * stage.height,
            scaled(wood, 1.35),
        )
        top, low = 0.10 * stage.height, 0.46 * stage.height
        reach = 0.34 * stage.unit
        pen.polygon(
            [
                (x - reach, top),
                (x + reach, top),
                (x + reach * 1.06, low * 0.9),
                (x + reach * 0.5, low),
                (x, low * 0.97),
                (x - reach * 0.5, low),
                (x - reach * 1.06, low * 0.9),
            ],
            rgba(canvas),
        )
        for i in range(-3, 4):
            pen.line(
                (x + i * reach / 3.4, top, x + i * reach / 3.2, low * 0.95), fill=rgba(scaled(canvas, 0.82)), width=2
            )
        box(pen, x - reach * 1.1, top - half * 0.7, x + reach * 1.1, top + half * 0.2, wood)
        shrouds(pen, stage, x, side)

    stage.attend(stage.overlay(draw, blur=0.5), 0.25)


def shrouds(pen: Draw, stage: Stage, x: float, side: float) -> None:
    """Draw the ropes from a mast at `x` (pixels) to the rail, with rungs between those on one side."""
    rope = rgba(stage.lit((0.26, 0.21, 0.16)))
    for end in (0.0, 0.5 - side * 0.08):
        foot = end * stage.width if end else (0.0 if side > 0 else stage.width)
        pen.line((x, -0.05 * stage.height, foot, 0.66 * stage.height), fill=rope, width=max(1, int(stage.unit * 0.004)))
    for step in range(10):
        t = step / 9
        spread = (0.03 + 0.09 * t) * stage.unit
        y = (0.10 + 0.56 * t) * stage.height
        shift = x + side * 0.16 * stage.unit * t
        pen.line((shift - spread, y, shift + spread, y), fill=rope, width=max(1, int(stage.unit * 0.003)))
    for edge in (-1, 0, 1):
        pen.line(
            (
                x + edge * 0.02 * stage.unit,
                0.05 * stage.height,
                x + side * 0.16 * stage.unit + edge * 0.12 * stage.unit,
                0.66 * stage.height,
            ),
            fill=rope,
            width=max(1, int(stage.unit * 0.004)),
        )
