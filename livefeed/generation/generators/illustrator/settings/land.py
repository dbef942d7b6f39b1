"""Open land: meadow, hills, mountains, snow, desert."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import clouds
from ..pixels import Colour, blend_colour, hue_colour, mix, scaled, smoothstep
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba


def turf(stage: Stage, colour: Colour) -> Colour:
    """Return the ground's colour, under snow if it snows."""
    return blend_colour(colour, (0.90, 0.93, 1.0), 0.82) if "snow" in stage.weather else colour


def grass(stage: Stage, name: str, low: float, high: float, count: int, tall: float, colour: Colour) -> None:
    """Draw tufts of grass between two heights (fractions), the nearer the taller."""
    random = stage.random(name)
    if "snow" in stage.weather:
        count, colour = count // 3, blend_colour(colour, stage.lit((0.80, 0.82, 0.84)), 0.55)
    bend = 0.5 if "wind" in stage.weather else 0.15
    blades = sorted((low + (high - low) * random.random(), random.random(), random.random()) for _ in range(count))

    def draw(pen: Draw) -> None:
        for y, x, tone in blades:
            near = (y - low) / max(1e-6, high - low)
            reach = stage.unit * tall * (0.35 + 0.65 * near) * (0.6 + 0.6 * tone)
            foot_x, foot_y = x * stage.width * 1.04, y * stage.height
            lean = reach * (bend + 0.55 * (tone - 0.5))
            width = max(1.0, stage.unit * 0.0045 * (0.5 + near))
            shade = scaled(blend_colour(colour, stage.lit((0.75, 0.80, 0.30)), tone * 0.5), 0.72 + 0.5 * tone)
            pen.polygon(
                [(foot_x - width, foot_y), (foot_x + width, foot_y), (foot_x + lean, foot_y - reach)], rgba(shade, 0.95)
            )

    stage.overlay(draw)


def flowers(
    stage: Stage, name: str, low: float, high: float, count: int, span: tuple[float, float] = (0.0, 1.0)
) -> None:
    """Dot the ground with flowers in two or three colours, the nearer the larger; span: fractions of the width."""
    if "snow" in stage.weather:
        return
    random = stage.random(name)
    hue = random.random()
    palette = [hue_colour(hue, 0.75, 0.98), (1.0, 0.96, 0.90), hue_colour(hue + 0.12, 0.7, 1.0)]
    spots = sorted(
        (low + (high - low) * random.random() ** 0.8, random.random(), random.random()) for _ in range(count)
    )

    def draw(pen: Draw) -> None:
        for y, x, tone in spots:
            near = (y - low) / max(1e-6, high - low)
            radius = stage.unit * (0.003 + 0.007 * near) * (0.7 + 0.6 * tone)
            colour = stage.lit(palette[int(tone * 2.999)], 0.4 * (1 - near))
            centre_x, centre_y = (span[0] + (span[1] - span[0]) * x) * stage.width, y * stage.height
            for dx, dy in ((-0.8, 0), (0.8, 0), (0, -0.7), (0, 0.7)):
                px, py = centre_x + dx * radius, centre_y + dy * radius
                pen.ellipse((px - radius * 0.8, py - radius * 0.7, px + radius * 0.8, py + radius * 0.7), rgba(colour))
            pen.ellipse(
                (centre_x - radius * 0.5, centre_y - radius * 0.5, centre_x + radius * 0.5, centre_y + radius * 0.5),
                rgba(stage.lit((1.0, 0.80, 0.22))),
            )

    stage.attend(stage.overlay(draw), 0.5)


AUTUMN: list[Colour] = [(0.90, 0.46, 0.12), (0.93, 0.68, 0.18), (0.78, 0.26, 0.12)]


def trees(
    stage: Stage, name: str, label: str, base: float, count: int, tall: float, distance: float, snowy: float = 0.0
) -> None:
    """Plant a loose row of trees, leaving the middle free."""
    if "snow" in stage.weather and not snowy:
        snowy = 0.5
    random = stage.random(name)
    places = sorted((base + 0.05 * (random.random() - 0.4), random.random(), random.random()) for _ in range(count))
    for y, where, size in places:
        leaf = AUTUMN[int(size * 2.999)] if "leaves" in stage.weather and label == "tree" else None
        side = where * 0.38 if random.random() < 0.5 else 1 - where * 0.38
        plant(
            stage,
            label,
            side,
            y,
            tall * (0.7 + 0.6 * size),
            distance=distance,
            mirrored=size > 0.5,
            snowy=snowy,
            tint=leaf,
        )


def rolling(stage: Stage, greens: list[Colour], swing: float) -> None:
    """Paint ranges of hills from the horizon to the front, each nearer, warmer and darker."""
    count = len(greens)
    for index, green in enumerate(turf(stage, green) for green in greens):
        t = index / max(1, count - 1)
        level = stage.horizon - 0.02 + (0.86 - stage.horizon) * t**1.15
        profile = stage.profile(f"hill{index}", level, swing * (1.0 - 0.55 * t), 1.6 + 0.6 * (count - index), 3, 0.35)
        far = 0.85 * (1 - t) ** 1.1
        crest = blend_colour(stage.lit(green, far), stage.light.key, 0.18 if stage.light.dark < 0.8 else 0.08)
        stage.fill_below(
            profile,
            crest,
            stage.lit(scaled(green, 0.74), far * 0.8),
            depth=0.16 + 0.2 * t,
            grain=0.10,
            name=f"hill{index}",
        )


GREENS: list[Colour] = [(0.36, 0.56, 0.44), (0.38, 0.62, 0.36), (0.42, 0.68, 0.30), (0.36, 0.60, 0.24)]


def meadow(stage: Stage, asked: Asked) -> None:
    """Green fields with flowers under a wide sky."""
    stage.horizon, stage.ground, stage.back = 0.54, 0.86, 0.72
    heavens(stage, asked, 0.55)
    palette = autumn(GREENS) if "leaves" in stage.weather else GREENS
    rolling(stage, palette[1:], 0.035)
    trees(stage, "meadowtrees", "tree", 0.62, 7, 0.17, 0.5)
    green = stage.lit((0.34, 0.58, 0.22))
    grass(stage, "grassback", 0.64, 0.88, 420, 0.035, green)
    flowers(stage, "flowersback", 0.66, 0.86, 120)

    def front() -> None:
        grass(stage, "grassfront", 0.90, 1.06, 520, 0.10, scaled(green, 0.85))
        flowers(stage, "flowersfront", 0.90, 0.99, 46)

    stage.foreground.append(front)


def autumn(greens: list[Colour]) -> list[Colour]:
    """Turn greens to the colours of October."""
    return [blend_colour(green, (0.86, 0.50, 0.16), 0.55) for green in greens]


def hills(stage: Stage, asked: Asked) -> None:
    """Range behind range, trees in the folds."""
    stage.horizon, stage.ground, stage.back = 0.50, 0.85, 0.72
    heavens(stage, asked, 0.6)
    palette: list[Colour] = [(0.42, 0.50, 0.62), (0.40, 0.56, 0.54), *GREENS]
    rolling(stage, autumn(palette) if "leaves" in stage.weather else palette, 0.07)
    trees(stage, "hilltrees", "tree", 0.66, 6, 0.12, 0.45)
    trees(stage, "hillpines", "evergreen tree", 0.60, 7, 0.09, 0.6)
    green = stage.lit(turf(stage, (0.36, 0.56, 0.24)))
    grass(stage, "hillgrass", 0.76, 0.90, 200, 0.03, green)

    def front() -> None:
        mound = stage.profile("mound", 0.93, 0.02, 2.0, 3, 0.4)
        stage.fill_below(
            mound, blend_colour(green, stage.light.key, 0.12), scaled(green, 0.7), depth=0.1, grain=0.12, name="mound"
        )
        grass(stage, "moundgrass", 0.93, 1.05, 380, 0.075, scaled(green, 0.85))
        flowers(stage, "moundflowers", 0.94, 1.0, 24)

    stage.foreground.append(front)


def mountains(stage: Stage, asked: Asked) -> None:
    """Snow-capped peaks over foothills."""
    stage.horizon, stage.ground, stage.back = 0.56, 0.87, 0.76
    heavens(stage, asked, 0.5)
    for index, (level, swing, far) in enumerate(((0.40, 0.17, 0.75), (0.49, 0.13, 0.5))):
        peaks(stage, f"peak{index}", level, swing, far)
    rolling(stage, [(0.30, 0.44, 0.40), (0.30, 0.50, 0.32), (0.34, 0.52, 0.26)], 0.04)
    trees(stage, "pines", "evergreen tree", 0.72, 12, 0.15, 0.35)
    green = stage.lit((0.30, 0.48, 0.24))
    stage.foreground.append(lambda: grass(stage, "alpgrass", 0.92, 1.05, 420, 0.08, green))


def peaks(stage: Stage, name: str, level: float, swing: float, far: float) -> None:
    """Paint one range: rock lit on one side, snow above a ragged line."""
    profile = stage.profile(name, level, swing, 2.2, 6, 0.52)
    rock, snow = stage.lit((0.42, 0.40, 0.48), far), stage.lit((0.97, 0.98, 1.0), far * 0.7)
    top = max(0, int(profile.min()) - 2)
    stage.fill_below(
        profile, rock, stage.lit((0.46, 0.52, 0.52), min(1.0, far + 0.35)), depth=0.3, grain=0.08, name=name
    )
    rows = np.arange(top, stage.height, dtype=np.float32)[:, None]
    below = rows - profile[None, :]
    ragged = clouds(stage.random(name + "snow"), stage.width, len(rows), 9, octaves=4)
    line = (
        (0.05 + 0.16 * (ragged - 0.2))
        * stage.height
        * (1.4 - (profile / stage.height / max(0.05, level)))[None, :]
        * 1.6
    )
    snowy = np.clip((line - below) / 4 + 0.5, 0, 1) * (below > -0.5)
    slope = np.gradient(profile) * (1 if stage.lamp[0] < 0.5 else -1)
    facing = np.clip(0.5 - slope * 0.45, 0, 1)[None, :] + 0.6 * (ragged - 0.5)
    region = stage.picture[top:]
    shaded = mix(np.broadcast_to(np.asarray(scaled(snow, 0.74), np.float32), region.shape), snow, np.clip(facing, 0, 1))
    region += (shaded - region) * snowy[..., None]
    rocky = (below > 0) * (1 - snowy) * np.clip(facing - 0.5, -0.5, 0.5) * np.exp(-below / (0.2 * stage.height))
    region *= 1.0 + 0.5 * rocky[..., None]


def snow(stage: Stage, asked: Asked) -> None:
    """Drifts of snow, firs, blue shadows."""
    stage.horizon, stage.ground, stage.back = 0.60, 0.86, 0.77
    stage.weather = stage.weather | {"snow"}
    heavens(stage, asked, 0.35)
    white = (0.90, 0.94, 1.0)
    shade = (0.55, 0.64, 0.88)
    for index, (level, swing, far) in enumerate(((0.57, 0.045, 0.8), (0.64, 0.04, 0.45))):
        profile = stage.profile(f"drift{index}", level, swing, 2.0, 3, 0.4)
        stage.fill_below(
            profile, stage.lit(white, far), stage.lit(shade, far), depth=0.14, grain=0.04, name=f"drift{index}"
        )
        trees(
            stage, f"firs{index}", "evergreen tree", level + 0.06, 10 - 3 * index, 0.15 + 0.12 * index, far * 0.8, 0.55
        )
    profile = stage.profile("plain", 0.74, 0.025, 1.7, 3, 0.4)
    crest = blend_colour(stage.lit(white), stage.light.key, 0.15)
    stage.fill_below(profile, crest, stage.lit(shade), depth=0.30, grain=0.05, name="plain")
    hollows = smoothstep(
        0.45, 0.95, clouds(stage.random("hollows"), stage.width, stage.height, 5, octaves=3, stretch=4)
    )
    rows = np.arange(stage.height, dtype=np.float32)[:, None]
    ground = np.clip((rows - profile[None, :]) / (0.05 * stage.height), 0, 1)
    stage.picture[:] = mix(stage.picture, crest, hollows * ground * np.float32(0.55))

    def front() -> None:
        mound = stage.profile("snowmound", 0.915, 0.022, 1.6, 3, 0.4)
        stage.fill_below(mound, crest, stage.lit(shade), depth=0.12, grain=0.04, name="snowmound", soft=3.0)

    stage.foreground.append(front)


def desert(stage: Stage, asked: Asked) -> None:
    """Dunes with one bright and one shadowed side."""
    stage.horizon, stage.ground, stage.back = 0.55, 0.86, 0.74
    heavens(stage, asked, 0.2)
    sands: list[Colour] = [(0.88, 0.66, 0.48), (0.93, 0.70, 0.42), (0.96, 0.74, 0.42), (0.90, 0.64, 0.34)]
    for index, sand in enumerate(sands):
        t = index / (len(sands) - 1)
        profile = stage.profile(f"dune{index}", 0.55 + 0.30 * t**1.2, 0.05 * (1 - 0.4 * t), 1.5, 2, 0.3)
        stage.fill_below(
            profile,
            blend_colour(stage.lit(sand, 0.7 * (1 - t)), stage.light.key, 0.2),
            stage.lit(scaled(sand, 0.72), 0.5 * (1 - t)),
            depth=0.13,
            grain=0.05,
            name=f"dune{index}",
            stretch=6,
        )
        if index == 1:
            trees(stage, "farcacti", "cactus", 0.66, 4, 0.10, 0.4)
    trees(stage, "cacti", "cactus", 0.80, 2, 0.22, 0.1)

    def front() -> None:
        mound = stage.profile("sandmound", 0.93, 0.02, 1.4, 2, 0.3)
        stage.fill_below(
            mound, stage.lit(sands[2]), stage.lit(scaled(sands[3], 0.7)), depth=0.1, name="sandmound", soft=2.0
        )

    stage.foreground.append(front)
