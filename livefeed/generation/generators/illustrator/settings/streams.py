"""Fresh water: a river, a waterfall, a swamp, an oasis."""

from __future__ import annotations

import math

import numpy as np

from ..asked import Asked
from ..noise import Random, clouds, lattice
from ..pixels import Colour, blend_colour, mix, scaled, smoothstep
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import SNOW, bare_tree, boulders, dot, frond, scatter, tree
from .land import GREENS, autumn, flowers, grass, rolling, turf
from .water import swell, waters


def river(stage: Stage, asked: Asked) -> None:
    """A river winds out of the hills and past the viewer."""
    stage.horizon, stage.ground, stage.back = 0.48, 0.88, 0.74
    heavens(stage, asked, 0.5)
    greens: list[Colour] = [(0.40, 0.52, 0.58), *GREENS]
    rolling(stage, autumn(greens) if "leaves" in stage.weather else greens, 0.05)
    green = stage.lit(turf(stage, (0.34, 0.56, 0.24)))
    grass(stage, "riverbank", 0.70, 0.94, 260, 0.04, green)
    leaf: Colour = autumn([(0.32, 0.56, 0.24)])[0] if "leaves" in stage.weather else (0.32, 0.56, 0.24)
    stream(stage, 0.0 if asked.floats else -stage.lampward)
    scatter(
        stage,
        "rivertrees",
        [
            (x, y, 0.10 + 1.2 * (y - 0.60))
            for x, y in ((0.08, 0.66), (0.20, 0.62), (0.78, 0.61), (0.90, 0.65), (0.66, 0.595))
        ],
        lambda pen, random, x, base, tall: tree(pen, stage, random, x, base, tall, leaf, distance=0.35),
        focus=0.2,
    )
    if asked.floats:
        stage.flood(0.80)
        near = river_colour(stage)
        stage.foreground.append(lambda: swell(stage, "riverfront", 0.815, 0.005, near, 0.0))
    else:
        stage.shallows = 0.84
        stage.foreground.append(lambda: flowers(stage, "riverflowers", 0.93, 1.0, 26))
    stage.foreground.append(lambda: grass(stage, "riverfrontgrass", 0.94, 1.06, 420, 0.10, scaled(green, 0.85)))


def river_colour(stage: Stage) -> Colour:
    """Return what fresh water looks like under the sky."""
    return blend_colour(stage.lit((0.14, 0.44, 0.52)), stage.light.middle, 0.45)


def stream(stage: Stage, side: float) -> None:
    """Wind water from the far hills to the bottom edge, to the left (-1), straight at us (0) or to the right (1)."""
    near = river_colour(stage)
    rows = []
    for step in range(48):
        t = step / 47
        bend = 0.17 * math.sin(5.6 * t + 0.6) * t**0.5 * (1 - 0.25 * t)
        centre = 0.5 + (0.30 * side * t**1.6) - bend * (side or 0.6)
        half = 0.007 + (0.46 if side == 0 else 0.32) * t**1.8
        rows.append((centre, half, 0.555 + 0.48 * t**1.35))

    def draw(pen: Draw) -> None:
        for margin, colour in ((0.22, stage.lit((0.60, 0.52, 0.36), 0.1)), (0.0, near)):
            left = [((c - h * (1 + margin)) * stage.width, y * stage.height) for c, h, y in rows]
            right = [((c + h * (1 + margin)) * stage.width, y * stage.height) for c, h, y in rows]
            pen.polygon([*left, *reversed(right)], rgba(colour))
        random = stage.random("streamlight")
        for _ in range(90):
            c, h, y = rows[int(random.random() * 47)]
            x0, length = c + h * (1.7 * random.random() - 0.9), h * 0.30 * random.random()
            tone = blend_colour(near, stage.light.horizon, 0.75) if random.random() < 0.6 else scaled(near, 0.66)
            pen.line(
                (x0 * stage.width, y * stage.height, (x0 + length) * stage.width, y * stage.height),
                fill=rgba(tone, 0.8),
                width=max(1, int(stage.unit * 0.014 * h)),
            )

    alpha = stage.overlay(draw, blur=0.9)
    stage.flow[alpha > 0.5] = 0.0


def waterfall(stage: Stage, asked: Asked) -> None:
    """A fall plunges over a wooded cliff into a pool; mist rises; rocks to stand on."""
    stage.horizon, stage.ground, stage.back = 0.28, 0.90, 0.84
    heavens(stage, asked, 0.6)
    stone: Colour = (0.42, 0.42, 0.42)
    crest = stage.profile("fallcliff", 0.24, 0.05, 4, 5, 0.55)
    stage.fill_below(
        crest,
        stage.lit(scaled(stone, 1.15), 0.4),
        stage.lit(scaled(stone, 0.8), 0.3),
        depth=0.5,
        grain=0.0,
        name="fallcliff",
    )
    cliff_face(stage, 0.24, 0.76)
    bushes = [(0.02 + 0.075 * i, 0.285 + 0.02 * ((i * 7) % 3), 0.11 + 0.03 * ((i * 5) % 4)) for i in range(14)]
    fall = 0.5 + stage.lampward * 0.17
    scatter(
        stage,
        "falltrees",
        [b for b in bushes if abs(b[0] - fall) > 0.09],
        lambda pen, random, x, base, tall: tree(
            pen, stage, random, x, base, tall * 1.25, (0.24, 0.46, 0.22), distance=0.45
        ),
    )
    waters(stage, 0.74, river_colour(stage), blend_colour(river_colour(stage), (1, 1, 1), 0.35), name="fallpool")
    plunge(stage, fall, 0.255, 0.75)
    boulders(
        stage,
        "fallrocks",
        [
            (fall - 0.15, 0.775, 0.06),
            (fall + 0.15, 0.78, 0.07),
            (0.06, 0.80, 0.13),
            (0.95, 0.80, 0.12),
            (0.16, 0.83, 0.06),
        ],
        stone,
        distance=0.15,
    )
    if asked.floats:
        stage.flood(0.86)
        near = river_colour(stage)
        stage.foreground.append(lambda: swell(stage, "fallfront", 0.865, 0.006, near, 0.1))
    else:
        stage.shallows = 0.83
        moss = stage.profile("fallbank", 0.865, 0.015, 2, 4, 0.5)
        green = turf(stage, (0.30, 0.46, 0.24))
        stage.fill_below(
            moss, stage.lit(green), stage.lit(scaled(green, 0.55)), depth=0.13, grain=0.35, name="fallbank"
        )
    stage.foreground.append(lambda: ferns(stage, "fallferns", 0.1))


def cliff_face(stage: Stage, top: float, bottom: float) -> None:
    """Break a wall of stone into columns and ledges, lit from the lamp's side."""
    random = stage.random("cliffface")
    first, last = int(top * stage.height), int(bottom * stage.height)
    columns = lattice(random, stage.width, last - first, 26 * stage.width / stage.unit, 5)
    ledges = lattice(random, stage.width, last - first, 7 * stage.width / stage.unit, 14)
    relief = 0.62 * columns + 0.38 * ledges
    lit = np.roll(relief, int(2 * stage.lampward), axis=1) - relief
    region = stage.picture[first:last]
    region *= (0.72 + 0.56 * relief - 1.6 * lit)[..., None].clip(0.4, 1.4)
    moss = smoothstep(0.58, 0.72, ledges)
    cover = stage.lit(SNOW if stage.snowy else (0.24, 0.42, 0.20), 0.3)
    region += (np.asarray(cover, np.float32) - region) * (moss * np.float32(0.6))[..., None]
    stage.flow[first:last] = np.pi / 2


def plunge(stage: Stage, x: float, top: float, bottom: float) -> None:
    """Let water fall at `x` from top to bottom (fractions), white and streaked, with mist at its foot."""
    first, last = int(top * stage.height), int(bottom * stage.height)
    random = stage.random("plunge")
    rows = np.linspace(0, 1, last - first, dtype=np.float32)[:, None]
    columns = np.arange(stage.width, dtype=np.float32)[None, :]
    half = (0.055 + 0.03 * rows) * stage.unit
    wobble = (lattice(random, stage.width, last - first, 20, 4) - 0.5) * 0.02 * stage.unit
    inside = smoothstep(1.0, 0.82, np.abs(columns - x * stage.width + wobble) / half)
    threads = lattice(random, stage.width, last - first, 75 * stage.width / stage.unit, 3)
    pale = np.asarray(blend_colour(stage.lit((0.97, 0.99, 1.0)), stage.light.horizon, 0.15), np.float32)
    deep = np.asarray(blend_colour(river_colour(stage), stage.lit((0.75, 0.88, 0.95)), 0.5), np.float32)
    colours = deep + (pale - deep) * smoothstep(0.30, 0.62, threads)[..., None]
    region = stage.picture[first:last]
    region += (colours - region) * (inside * np.float32(0.95))[..., None]
    stage.flow[first:last] = np.where(inside > 0.5, np.pi / 2, stage.flow[first:last])
    for dx in (-0.06, 0.0, 0.06):
        stage.glow(x + dx, bottom, 0.06, blend_colour(stage.light.horizon, (1, 1, 1), 0.5), 0.5)


def ferns(stage: Stage, name: str, distance: float) -> None:
    """Let ferns lean in from the lower corners."""

    def fern(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        for blade in range(7):
            angle = math.pi * (0.16 + 0.68 * (blade + 0.4 * random.random()) / 6.5)
            green = blend_colour((0.14, 0.36, 0.15), (0.36, 0.54, 0.20), random.random())
            frond(pen, x, base, tall * (0.8 + 0.4 * random.random()), angle, stage.lit(green, distance), droop=0.5)

    scatter(stage, name, [(0.05, 1.02, 0.20), (0.18, 1.04, 0.14), (0.83, 1.04, 0.15), (0.95, 1.02, 0.21)], fern)


def swamp(stage: Stage, asked: Asked) -> None:
    """Dark still water between crooked trees hung with moss; lily pads, reeds, a green mist."""
    stage.horizon, stage.ground, stage.back = 0.56, 0.88, 0.78
    heavens(stage, asked, 0.7)
    mist = blend_colour(stage.light.horizon, (0.62, 0.70, 0.46), 0.2 if stage.dark else 0.5)
    stage.picture[:] = mix(stage.picture, mist, 0.5)
    stage.keep_sky()
    far_wood = stage.profile("swampwood", 0.44, 0.06, 7, 5, 0.65)
    stage.fill_below(
        far_wood,
        stage.lit((0.36, 0.46, 0.36), 0.85),
        blend_colour(mist, stage.lit((0.3, 0.4, 0.3)), 0.3),
        depth=0.14,
        grain=0.3,
        name="swampwood",
        stretch=0.6,
    )
    dim = stage.lit((0.30, 0.33, 0.26), 0.5)
    scatter(
        stage,
        "fardead",
        [(0.14, 0.60, 0.34), (0.36, 0.585, 0.24), (0.68, 0.59, 0.28), (0.88, 0.60, 0.36)],
        lambda pen, random, x, base, tall: bare_tree(pen, random, x, base, tall, dim),
    )
    murk = blend_colour(stage.lit((0.16, 0.24, 0.16)), stage.light.middle, 0.18)
    waters(stage, 0.575, murk, blend_colour(murk, mist, 0.6), chop=0.5, name="swampwater")
    mossy_trees(stage)
    lily_pads(stage)
    reeds: Colour = turf(stage, (0.34, 0.42, 0.18))
    if asked.floats:
        stage.flood(0.83)
        stage.foreground.append(lambda: swell(stage, "swampfront", 0.84, 0.004, murk, 0.0))
    else:
        stage.shallows = 0.80
        mound = stage.profile("swampmound", 0.93, 0.01, 4, 4) - (
            0.10 * stage.height * np.exp(-((np.linspace(-1, 1, stage.width) / 0.62) ** 4))
        ).astype(np.float32)
        stage.fill_below(
            mound.astype(np.float32),
            stage.lit(scaled(reeds, 1.05)),
            stage.lit((0.14, 0.15, 0.09)),
            depth=0.12,
            grain=0.35,
            name="swampmound",
        )
    stage.foreground.append(lambda: grass(stage, "swampreeds", 0.95, 1.06, 330, 0.16, stage.lit(scaled(reeds, 0.75))))
    if stage.light.dark > 0.8:
        stage.weather = stage.weather | {"fireflies"}


def mossy_trees(stage: Stage) -> None:
    """Stand a great crooked tree on each side, moss hanging from its boughs."""
    bark = stage.lit((0.20, 0.19, 0.15), 0.1)

    def old(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        boughs = bare_tree(pen, random, x, base, tall, bark)
        for px, py in boughs:
            if py > base - tall * 0.42:
                continue
            length = tall * (0.04 + 0.15 * random.random())
            green = stage.lit(blend_colour((0.34, 0.40, 0.24), (0.52, 0.56, 0.36), random.random()), 0.2)
            pen.polygon([(px - tall * 0.012, py), (px + tall * 0.012, py), (px, py + length)], rgba(green, 0.85))

    scatter(stage, "mossytrees", [(0.10, 0.80, 0.74), (0.93, 0.84, 0.84)], old, focus=0.2)


def lily_pads(stage: Stage) -> None:
    """Float lily pads, some in flower."""

    def pad(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        green = blend_colour((0.26, 0.46, 0.20), (0.46, 0.60, 0.26), random.random())
        turn = int(360 * random.random())
        pen.pieslice(
            (x - tall, base - tall * 0.32, x + tall, base + tall * 0.32),
            turn,
            turn + 325,
            fill=rgba(stage.lit(green, 0.1)),
        )
        if random.random() < 0.3:
            for dx in (-0.24, 0.0, 0.24):
                dot(pen, x + dx * tall, base - tall * 0.16, tall * 0.15, tall * 0.20, stage.lit((0.97, 0.74, 0.84)))

    random = stage.random("padspots")
    spots = []
    for _ in range(26):
        near = random.random()
        spots.append((random.random(), 0.62 + 0.26 * near, 0.012 + 0.034 * near))
    scatter(stage, "lilypads", spots, pad)


def oasis(stage: Stage, asked: Asked) -> None:
    """A blue pool in the sand, palms around it, dunes behind."""
    stage.horizon, stage.ground, stage.back = 0.50, 0.89, 0.80
    heavens(stage, asked, 0.1)
    sand: Colour = turf(stage, (0.95, 0.74, 0.46))
    for index, (level, swing, far) in enumerate(((0.49, 0.05, 0.75), (0.55, 0.035, 0.45), (0.63, 0.01, 0.15))):
        dune = stage.profile(f"oasisdune{index}", level, swing, 1.6, 2, 0.3)
        stage.fill_below(
            dune,
            blend_colour(stage.lit(sand, far), stage.light.key, 0.18),
            stage.lit(scaled(sand, 0.76), far * 0.7),
            depth=0.16,
            grain=0.06,
            name=f"oasisdune{index}",
            stretch=6,
        )
    pool_shape(stage)
    lined = [(0.07, 0.70, 0.46), (0.18, 0.665, 0.34), (0.30, 0.645, 0.25), (0.80, 0.66, 0.34), (0.92, 0.70, 0.50)]
    for x, base, tall in sorted(lined, key=lambda spot: spot[1]):
        plant(stage, "palm tree", x, base, tall, distance=0.2, mirrored=x > 0.5)
    scatter(
        stage,
        "oasisbush",
        [(x, y + 0.01, 0.07) for x, y, _ in lined] + [(0.5, 0.635, 0.05), (0.62, 0.64, 0.05)],
        lambda pen, random, x, base, tall: tuft(pen, stage, random, x, base, tall),
    )
    stage.shallows = 0.76
    if asked.floats:
        stage.flood(0.79)
        near = blend_colour(stage.lit((0.10, 0.52, 0.60)), stage.light.middle, 0.3)
        stage.foreground.append(lambda: swell(stage, "oasisfront", 0.80, 0.004, near, 0.0))
    front = stage.profile("oasisfrontsand", 0.955 if asked.floats else 0.83, 0.010, 1.6, 3, 0.4)

    def shore() -> None:
        stage.fill_below(
            front,
            stage.lit(sand),
            stage.lit(scaled(sand, 0.74)),
            depth=0.16,
            grain=0.08,
            name="oasisfrontsand",
            soft=2.0,
        )

    if asked.floats:
        stage.foreground.append(shore)
    else:
        shore()
        stage.foreground.append(
            lambda: grass(stage, "oasisgrass", 0.96, 1.06, 120, 0.11, stage.lit((0.46, 0.54, 0.24)))
        )


def tuft(pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float) -> None:
    """Draw a bush of blades that spread from one foot."""
    for blade in range(11):
        angle = math.pi * (0.12 + 0.76 * blade / 10)
        green = stage.lit(blend_colour((0.28, 0.46, 0.20), (0.56, 0.62, 0.28), random.random()), 0.2)
        tip = (x + math.cos(angle) * tall, base - math.sin(angle) * tall * (0.7 + 0.5 * random.random()))
        pen.polygon([(x - tall * 0.06, base), (x + tall * 0.06, base), tip], rgba(green))


def pool_shape(stage: Stage) -> None:
    """Sink the pool into the sand: an ellipse of sky-coloured water with a wet rim, the palms' green in it."""
    rows, columns = np.mgrid[0 : stage.height, 0 : stage.width].astype(np.float32)
    wobble = 0.10 * (clouds(stage.random("poolshape"), stage.width, stage.height, 5, octaves=3) - 0.5)
    x, y = (columns / stage.width - 0.5) / 0.46, (rows / stage.height - 0.775) / 0.125
    edge = np.hypot(x, y) + wobble
    water = np.asarray(blend_colour(stage.lit((0.08, 0.54, 0.62)), stage.light.middle, 0.30), np.float32)
    deep = water * np.float32(0.62)
    mirrored = np.asarray(stage.lit((0.16, 0.38, 0.26)), np.float32)
    face = water + (deep - water) * smoothstep(0.9, 0.1, edge)[..., None]
    face = face + (mirrored - face) * (smoothstep(-0.2, -1.0, y) * np.float32(0.55))[..., None]
    ripple = lattice(stage.random("poolripple"), stage.width, stage.height, 9, 70)
    face += (smoothstep(0.66, 0.85, ripple) * np.float32(0.20))[..., None] * np.asarray(stage.light.horizon, np.float32)
    rim = np.asarray(stage.lit((0.58, 0.44, 0.28)), np.float32)
    stage.picture += (rim - stage.picture) * (smoothstep(1.10, 1.0, edge) * np.float32(0.75))[..., None]
    stage.picture += (face - stage.picture) * smoothstep(1.0, 0.975, edge)[..., None]
    stage.flow[edge < 1] = 0.0
