"""Water: the open sea, a beach, a lake, and the world below."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..noise import clouds, lattice
from ..pixels import Array, Colour, blend_colour, mix, scaled, smoothstep
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .land import grass, peaks, trees, turf


def waters(stage: Stage, top: float, near: Colour, far: Colour, *, chop: float = 1.0, name: str = "waters") -> None:
    """Fill the frame below `top` (fraction) with water in perspective, with the sky's and the lamp's light on it."""
    first = int(top * stage.height)
    count = stage.height - first
    t = np.linspace(0, 1, count, dtype=np.float32)[:, None]
    colours = mix(np.broadcast_to(np.asarray(far, np.float32), (count, stage.width, 3)), near, t**0.7)
    ripples = perspective_ripples(stage, count, name)
    crest = smoothstep(0.60, 0.86, ripples)
    trough = smoothstep(0.42, 0.20, ripples)
    colours = mix(colours, blend_colour(stage.light.horizon, near, 0.25), crest * np.float32(0.55 * chop))
    colours = mix(colours, scaled(near, 0.62), trough * np.float32(0.5 * chop))
    if stage.light.dark > 0.15:
        columns = np.arange(stage.width, dtype=np.float32)[None, :] / stage.width
        spread = (0.05 + 0.12 * t) * (stage.height / stage.width + 0.2)
        path = np.exp(-(((columns - np.float32(stage.lamp[0])) / spread) ** 2)) * smoothstep(0.45, 0.75, ripples)
        colours = mix(colours, stage.light.key, np.clip(path * 0.9, 0, 1))
    stage.picture[first:] = colours
    stage.flow[first:] = (ripples - 0.5) * 0.5
    edge = stage.picture[max(0, first - 2) : first + 2]
    edge[:] = mix(edge, stage.light.haze, 0.5)


def perspective_ripples(stage: Stage, count: int, name: str) -> Array:
    """Return ripples that grow towards the viewer, (count, width) in about 0..1."""
    random = stage.random(name)
    fine = lattice(random, stage.width, 512, 13 * stage.width / stage.unit, 90)
    coarse = lattice(random, stage.width, 512, 5 * stage.width / stage.unit, 44)
    where = (np.linspace(0, 1, count) ** 0.5 * 511).astype(np.int32)
    result: Array = np.clip(0.5 * fine[where] + 0.5 * coarse[where], 0, 1)
    return (result - 0.5) * np.float32(1.5) + np.float32(0.5)


def sea_colours(stage: Stage) -> tuple[Colour, Colour]:
    """Return the water's colour near and at the horizon under this light."""
    near = stage.lit((0.05, 0.33, 0.46))
    far = blend_colour(stage.lit((0.16, 0.50, 0.60)), stage.light.horizon, 0.42)
    return near, far


def sea(stage: Stage, asked: Asked) -> None:
    """The open sea: swell, foam, and a rock or a giant wave where the prompt wants one."""
    stage.horizon, stage.ground, stage.shallows = 0.56, 0.80, 0.72
    heavens(stage, asked, 0.6)
    near, far = sea_colours(stage)
    waters(stage, stage.horizon, near, far)
    if asked.great_wave:
        great_wave(stage, near)
    else:
        for index, level in enumerate((0.68, 0.76)):
            swell(stage, f"swell{index}", level, 0.014 + 0.006 * index, near, 0.25 + 0.1 * index)
    if asked.floats is not False or asked.great_wave:
        stage.water = 0.83
        stage.foreground.append(lambda: front_waves(stage, near, asked.great_wave))
        return
    stage.ground = 0.785
    headland(stage)
    stage.foreground.append(lambda: shoreline(stage, near))


def swell(stage: Stage, name: str, level: float, swing: float, near: Colour, foam: float) -> None:
    """Paint one long wave with a broken crest."""
    profile = stage.profile(name, level, swing, 3.0, 3, 0.45)
    crest = blend_colour(scaled(near, 1.5), stage.light.horizon, 0.25)
    stage.fill_below(profile, crest, near, depth=0.09, grain=0.16, name=name, stretch=5)
    if foam:
        crests(stage, profile, name, foam)


def crests(stage: Stage, profile: Array, name: str, amount: float) -> None:
    """Break foam along a wave's crest."""
    white = blend_colour((1.0, 1.0, 1.0), stage.light.horizon, 0.25)
    white = blend_colour(white, stage.lit(white), 0.6)
    top = max(0, int(profile.min() - 0.02 * stage.height))
    bottom = min(stage.height, int(profile.max() + 0.07 * stage.height))
    if top >= bottom:
        return
    below = np.arange(top, bottom, dtype=np.float32)[:, None] - profile[None, :]
    lace = clouds(stage.random(name + "foam"), stage.width, bottom - top, 20, octaves=3, stretch=3.5)
    reach = stage.unit * 0.042
    cover = smoothstep(0.62, 0.80, lace + amount - 0.95 * np.clip(below / reach, 0, 2)) * (below > -stage.unit * 0.006)
    region = stage.picture[top:bottom]
    region += (np.asarray(white, np.float32) - region) * (cover * np.float32(0.9))[..., None]


def front_waves(stage: Stage, near: Colour, wild: bool) -> None:
    """Roll waves over the feet of what stands or floats in the sea."""
    for index, level in enumerate((0.835, 0.92)):
        profile = stage.profile(f"front{index}", level, 0.018 if wild else 0.014, 3.2, 3, 0.4)
        crest = blend_colour(scaled(near, 1.6), stage.light.horizon, 0.2)
        stage.fill_below(
            profile, crest, scaled(near, 0.8), depth=0.09, grain=0.18, name=f"front{index}", stretch=5, soft=2.0
        )
        crests(stage, profile, f"front{index}", 0.42 if wild else 0.30)


def headland(stage: Stage) -> None:
    """Raise a rocky, grassy ground from the sea for what cannot float: high on one side, low on the other."""
    columns = np.linspace(-1, 1, stage.width, dtype=np.float32) * (1 if stage.lamp[0] < 0.5 else -1)
    bump = 1.0 / (1.0 + np.exp(-(columns + 0.74) * 9.0))
    profile = stage.profile("headland", 0.97, 0.012, 6, 5, 0.55) - (0.215 * stage.height) * bump.astype(np.float32)
    stage.fill_below(
        profile, stage.lit((0.50, 0.60, 0.32)), stage.lit((0.36, 0.46, 0.26)), depth=0.09, grain=0.25, name="headland"
    )
    cliff = profile + (0.10 + 0.02 * np.sin(columns * 9)) * stage.height
    stage.fill_below(
        cliff.astype(np.float32), stage.lit((0.46, 0.43, 0.42)), stage.lit((0.26, 0.25, 0.29)), depth=0.12, grain=0.5,
        name="cliff", stretch=0.5, soft=3,
    )  # fmt: skip
    grass(stage, "headgrass", 0.80, 0.86, 160, 0.03, stage.lit((0.42, 0.54, 0.28)))


def shoreline(stage: Stage, near: Colour) -> None:
    """Break one wave on the rocks in front."""
    profile = stage.profile("shoreline", 0.945, 0.014, 3.0, 3, 0.45)
    stage.fill_below(profile, scaled(near, 1.4), scaled(near, 0.8), depth=0.08, grain=0.16, name="shoreline", stretch=5)
    crests(stage, profile, "shoreline", 0.42)


def great_wave(stage: Stage, near: Colour) -> None:
    """Raise a breaking wave on the side away from the lamp, its lip curling over with foam."""
    sign = 1.0 if stage.lamp[0] < 0.5 else -1.0
    height, width = stage.height, stage.width
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x = (columns / width - 0.5) * np.float32(sign * min(1.25, max(0.8, width / height))) + 0.5
    y = rows / height
    wobble = clouds(stage.random("wavewobble"), width, height, 4, octaves=3) - 0.5
    # Two circles: the barrel, and the wave's back, which meets it at the lip's tip on the left.
    barrel = np.hypot(x - 0.54, y - 0.46) - 0.25 + 0.02 * wobble
    back = np.hypot(x - 0.645, y - 0.425) - 0.345 + 0.05 * wobble
    mouth = (x < 0.56) & (y > 0.46)
    lip = np.minimum(smoothstep(-0.004, 0.004, barrel), smoothstep(0.004, -0.004, back)) * ~mouth
    shoulder = smoothstep(0.64, 0.66, x) * smoothstep(0.0, 0.01, y - 0.09 - 0.5 * np.clip(x - 0.70, 0, 1) ** 2)
    wall = np.minimum(shoulder, smoothstep(-0.004, 0.004, barrel))
    base = smoothstep(0.0, 0.02, y - 0.70 - 0.05 * wobble) * smoothstep(-0.004, 0.004, barrel)
    body = np.maximum(np.maximum(lip, wall), base).astype(np.float32)
    angle = np.arctan2(y - 0.46, x - 0.54)
    depth = np.clip(barrel / 0.30, 0, 1)
    streaks = np.sin(barrel * 105 + 7.0 * wobble + 1.5 * np.sin(angle * 3)) * 0.5 + 0.5
    deep, clear = scaled(near, 0.55), stage.lit((0.16, 0.66, 0.66))
    colours = mix(np.broadcast_to(np.asarray(clear, np.float32), stage.picture.shape), deep, depth**0.7)
    colours = mix(colours, blend_colour(clear, stage.light.horizon, 0.5), streaks * (1 - depth) * 0.42)
    stage.picture += (colours - stage.picture) * body[..., None]
    stage.flow[:] = np.where(body > 0.5, (angle + np.pi / 2) * sign, stage.flow)
    foam_on_wave(stage, near, x, y, barrel, back, body)
    spray(stage, sign)


def foam_on_wave(stage: Stage, near: Colour, x: Array, y: Array, barrel: Array, back: Array, body: Array) -> None:
    """Break the great wave's crest: foam along its back, thick at the lip's tip, thin down the face."""
    lace = clouds(stage.random("wavefoam"), stage.width, stage.height, 20, octaves=3)
    crest = np.exp(-((back / 0.040) ** 2)) * smoothstep(0.92, 0.66, x) * (y < 0.48)
    tip = np.exp(-(((x - 0.315) / 0.075) ** 2) - ((y - 0.46) / 0.085) ** 2)
    edge = np.exp(-((barrel / 0.014) ** 2)) * smoothstep(0.50, 0.30, y) * smoothstep(0.70, 0.40, x) * 0.8
    foam = smoothstep(0.52, 0.70, lace * 0.55 + np.maximum(np.maximum(crest, tip), edge) * 0.66)
    threads = smoothstep(0.74, 0.92, lace + 0.2 * smoothstep(0.25, 0.0, barrel)) * body * np.float32(0.22)
    white = blend_colour((1.0, 0.99, 0.97), stage.light.horizon, 0.18)
    shade = blend_colour(white, near, 0.38)
    face = mix(np.broadcast_to(np.asarray(shade, np.float32), stage.picture.shape), white, smoothstep(0.35, 0.7, lace))
    stage.picture += (face - stage.picture) * np.maximum(foam, threads)[..., None]
    stage.attend(foam, 0.4)


def spray(stage: Stage, sign: float) -> None:
    """Throw drops from the lip of the great wave."""
    random = stage.random("spray")
    drops = [(random.normal(0.33, 0.08), random.normal(0.40, 0.10), random.random()) for _ in range(90)]

    def draw(pen: Draw) -> None:
        for x, y, size in drops:
            radius = stage.unit * (0.002 + 0.009 * size**2)
            centre_x, centre_y = ((x - 0.5) * sign + 0.5) * stage.width, y * stage.height
            pen.ellipse(
                (centre_x - radius, centre_y - radius, centre_x + radius, centre_y + radius), rgba((1, 0.99, 0.97), 0.9)
            )

    stage.overlay(draw)


def beach(stage: Stage, asked: Asked) -> None:
    """Sand, the wet edge of the sea, palms."""
    stage.horizon, stage.ground, stage.back, stage.shallows = 0.50, 0.86, 0.74, 0.62
    heavens(stage, asked, 0.55)
    near, far = sea_colours(stage)
    waters(stage, stage.horizon, blend_colour(near, stage.lit((0.20, 0.72, 0.72)), 0.5), far)
    sand = turf(stage, (0.94, 0.82, 0.60))
    shore = stage.profile("shore", 0.665, 0.016, 1.4, 3, 0.4)
    if asked.floats:  # the sea comes up to the viewer; only the spit with its palms stays dry
        columns = np.linspace(-1, 1, stage.width, dtype=np.float32) * np.float32(1 if stage.lamp[0] > 0.5 else -1)
        shore = shore + np.float32(0.40 * stage.height) * smoothstep(-0.80, -0.35, columns)
        stage.flood(0.80)
        stage.foreground.append(lambda: swell(stage, "beachfront", 0.81, 0.007, near, 0.18))
    stage.fill_below(
        shore - 0.022 * stage.height,
        stage.lit((0.97, 0.98, 0.97)),
        stage.lit((0.80, 0.90, 0.88)),
        depth=0.02,
        name="foamline",
    )
    stage.fill_below(shore, stage.lit(scaled(sand, 0.70)), stage.lit(sand), depth=0.06, grain=0.05, name="shore")
    crests(stage, shore - 0.05 * stage.height, "shorefoam", 0.25)
    side = 0.10 if stage.lamp[0] > 0.5 else 0.90
    plant(stage, "palm tree", side, 0.80, 0.46, distance=0.1, mirrored=side > 0.5)
    plant(stage, "palm tree", abs(side - 0.14), 0.74, 0.28, distance=0.25)
    if asked.floats:
        return
    random = stage.random("shells")
    for label in ("spiral shell", "crab")[: 1 + int(random.random() < 0.5)]:
        plant(stage, label, 0.15 + 0.7 * random.random(), 0.93, 0.06, distance=0.0)

    def front() -> None:
        mound = stage.profile("beachmound", 0.94, 0.015, 2, 3, 0.4)
        stage.fill_below(
            mound,
            stage.lit(scaled(sand, 1.04)),
            stage.lit(scaled(sand, 0.78)),
            depth=0.08,
            grain=0.1,
            name="beachmound",
            soft=3,
        )

    stage.foreground.append(front)


def lake(stage: Stage, asked: Asked) -> None:
    """Still water that mirrors the far shore; subjects float, or stand on the near bank."""
    stage.horizon, stage.ground, stage.back, stage.shallows = 0.52, 0.87, 0.83, 0.74
    afloat = asked.floats is not False
    stage.water = 0.825 if afloat else None
    heavens(stage, asked, 0.5)
    peaks(stage, "lakepeaks", 0.42, 0.10, 0.75)
    shore = stage.profile("lakeshore", 0.52, 0.02, 3, 4, 0.5)
    stage.fill_below(shore, stage.lit((0.30, 0.46, 0.34), 0.6), stage.lit((0.24, 0.40, 0.30), 0.5), name="lakeshore")
    trees(stage, "shorepines", "evergreen tree", 0.575, 16, 0.10, 0.55)
    first = int(0.575 * stage.height)
    count = stage.height - first
    mirrored = stage.picture[max(0, first - count) : first][::-1]
    mirrored = (
        np.vstack([mirrored, np.repeat(mirrored[-1:], count - len(mirrored), 0)]) if len(mirrored) < count else mirrored
    )
    ripples = perspective_ripples(stage, count, "lakeripples")
    shift = ((ripples - 0.5) * 0.05 * stage.unit).astype(np.int32)
    columns = np.clip(np.arange(stage.width)[None, :] + shift, 0, stage.width - 1)
    water = mirrored[np.arange(count)[:, None], columns]
    near, _ = sea_colours(stage)
    t = np.linspace(0, 1, count, dtype=np.float32)[:, None]
    stage.picture[first:] = mix(water, near, 0.18 + 0.42 * t)
    stage.picture[first:] += (smoothstep(0.72, 0.92, ripples) * np.float32(0.16))[..., None] * np.asarray(
        stage.light.horizon, np.float32
    )
    stage.flow[first:] = 0.0
    if not afloat:
        bank = stage.profile("bank", 0.80, 0.015, 2, 3, 0.4)
        green = stage.lit((0.34, 0.52, 0.24))
        stage.fill_below(bank, green, scaled(green, 0.7), depth=0.15, grain=0.14, name="bank")
        stage.foreground.append(lambda: grass(stage, "reeds", 0.92, 1.05, 380, 0.13, scaled(green, 0.85)))
    else:
        stage.foreground.append(lambda: swell(stage, "lakefront", 0.83, 0.006, near, 0.0))
