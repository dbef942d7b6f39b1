"""Treatments: what a style does to a composed picture before it is painted: bare paper, ink lines, panes of glass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .noise import Random, clouds
from .pixels import (
    Array,
    Bytes,
    bands,
    blur,
    blur_bytes,
    luminance,
    mix,
    saturate,
    smoothstep,
    to_bytes,
    to_floats,
    to_hsv,
    to_rgb,
)
from .placing import vignette
from .stage import Stage
from .styles import Style, cell_of

COLOURS = 40
"""How many colours such a picture has."""


def treat(stage: Stage, style: Style) -> None:
    """Turn the stage's picture into what this style's brush is to paint."""
    match style.name:
        case "watercolour":
            wash(stage, style)
        case "ink":
            ink(stage, style)
        case "glass":
            stage.picture[:] = panes(stage)
        case "neon":
            stage.picture[:] = tubes(stage)
        case "pastel":
            chalk(stage, style)
        case _:
            vignette(stage)


def paper_of(style: Style) -> Array:
    """Return the colour of a style's ground as floats."""
    return to_floats(np.asarray(style.ground, np.uint8))


def wash(stage: Stage, style: Style) -> None:
    """Thin the colours to washes that pool at their edges, and leave the paper's edge bare."""
    paper = paper_of(style)
    random = stage.random("paper")
    unit, picture, focus = stage.unit, stage.picture, stage.focus
    flat = np.asarray(Image.fromarray(to_bytes(picture)).filter(ImageFilter.MedianFilter(_odd(0.010 * unit))))
    for band in bands(stage.height):
        picture[band] += (to_floats(flat[band]) - picture[band]) * (1.0 - focus[band])[..., None]
    grey = luminance(picture)
    edge = np.clip(blur(grey, 0.010 * unit) - grey, 0, 1)  # pigment gathers where a wash ends
    del flat, grey
    field = clouds(random, stage.width, stage.height, 3.5, octaves=5)
    fine = clouds(random, stage.width, stage.height, 40, octaves=2)
    inset = _inset(stage) + 0.07 * (clouds(random, stage.width, stage.height, 6, octaves=4) - 0.5)
    for band in bands(stage.height):
        part = picture[band] * (1.0 - np.clip(2.4 * edge[band], 0, 0.5))[..., None]
        thin = np.clip(0.34 + 0.80 * (field[band] - 0.5), 0.10, 0.74) * (1.0 - 0.60 * focus[band])
        part = mix(part, (float(paper[0]), float(paper[1]), float(paper[2])), thin)
        part = part * (1.0 + 0.10 * (fine[band] - 0.5))[..., None]
        bare = smoothstep(0.056, 0.034, inset[band])
        pooled = np.exp(-(((inset[band] - 0.064) / 0.012) ** 2))
        part *= (1.0 - 0.18 * pooled)[..., None]
        picture[band] = part + (paper - part) * bare[..., None]


def _odd(size: float) -> int:
    return max(3, int(size) // 2 * 2 + 1)


def _inset(stage: Stage) -> Array:
    """Return how far every pixel is from the frame, in shorter sides."""
    rows = np.linspace(-1, 1, stage.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, stage.width, dtype=np.float32)[None, :]
    inset: Array = np.minimum((1 - np.abs(rows)) * stage.height, (1 - np.abs(columns)) * stage.width) / (2 * stage.unit)
    return inset


def ink(stage: Stage, style: Style) -> None:
    """Draw with a brush and black ink: contours that swell, three greys of wash, a breath of colour on the subject."""
    paper, unit = paper_of(style), stage.unit
    random = stage.random("ink")
    grey = luminance(stage.picture)
    low, high = (float(v) for v in np.quantile(grey, (0.02, 0.96)))
    tone = np.clip((grey - low) / max(0.15, high - low), 0, 1)
    field = clouds(random, stage.width, stage.height, 5, octaves=4)
    soft = blur(tone, 0.006 * unit) + 0.16 * (field - 0.5)
    washes = 1.0 - 0.30 * smoothstep(0.62, 0.54, soft) - 0.26 * smoothstep(0.38, 0.31, soft)
    washes -= 0.22 * smoothstep(0.17, 0.11, soft)
    fade = np.clip(0.25 + 0.75 * np.clip(stage.focus * 1.6, 0, 1) + 0.35 * (field - 0.3), 0.25, 1.0)
    washes = 1.0 - (1.0 - washes) * fade
    contour = np.maximum(_contours(tone, 0.0022 * unit, 26.0), _contours(tone, 0.0045 * unit, 20.0) * 0.8)
    contour = contour * np.clip(0.45 + 0.9 * stage.focus + 0.5 * (field - 0.4), 0, 1)
    black = np.array([0.10, 0.09, 0.12], np.float32)
    bare = smoothstep(0.050, 0.020, _inset(stage) + 0.09 * (field - 0.5))
    for band in bands(stage.height):
        picture = paper * washes[band][..., None]
        breath = np.clip(1.5 * stage.focus[band] - 0.45, 0, 1)[..., None] * 0.62
        picture = picture * (1.0 + (np.clip(saturate(stage.picture[band], 0.9) * 1.12, 0, 1) - 1.0) * breath)
        picture += (black - picture) * np.clip(contour[band], 0, 0.95)[..., None]
        stage.picture[band] = picture + (paper - picture) * bare[band][..., None]


def _contours(tone: Array, radius: float, gain: float) -> Array:
    """Return dark lines along edges, on their darker side (a difference of Gaussians), 0..1."""
    fine, broad = blur(tone, max(0.6, radius)), blur(tone, max(1.2, 2.2 * radius))
    lines: Array = np.clip((broad - fine) * np.float32(gain) - 0.30, 0, 1)
    return lines


def panes(stage: Stage, *, count: int = 360) -> Array:
    """Return the picture as stained glass: panes that follow its colours, in leads, lit from behind.

    Source of the panes: R. Achanta et al., "SLIC Superpixels", IEEE PAMI 34(11), 2012 (without its search window).
    """
    random = stage.random("panes")
    width, height = stage.width, stage.height
    shrink = max(1.0, stage.unit / 300)
    small = (max(8, round(width / shrink)), max(8, round(height / shrink)))
    picture = to_floats(np.asarray(Image.fromarray(to_bytes(stage.picture)).resize(small, Image.Resampling.BOX)))
    focus = np.asarray(Image.fromarray(stage.focus).resize(small, Image.Resampling.BOX), np.float32)
    labels = _superpixels(picture, focus, count, random)
    lead = _borders(labels)
    size = (width, height)
    number = int(labels.max()) + 1
    sums = np.stack([np.bincount(labels.ravel(), picture[..., c].ravel(), number) for c in range(3)], -1)
    means = sums / np.maximum(np.bincount(labels.ravel(), minlength=number), 1)[:, None]
    tones = means.astype(np.float32) * (0.92 + 0.24 * random.random((number, 1), dtype=np.float32))
    bright = np.clip(tones * 1.10 + 0.03, 0, 1).astype(np.float32)
    glass = saturate(bright[None], 1.55)[0][labels]
    shown = to_floats(np.asarray(Image.fromarray(to_bytes(glass)).resize(size, Image.Resampling.NEAREST)))
    streak = clouds(random, width, height, 9, octaves=3, stretch=0.3)
    rows = np.linspace(-1, 1, height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    behind = 1.12 - 0.34 * np.hypot(rows, columns) ** 2
    line = np.asarray(Image.fromarray(to_bytes(lead)).resize(size, Image.Resampling.BICUBIC))
    soft = to_floats(np.asarray(Image.fromarray(line).filter(ImageFilter.GaussianBlur(0.0022 * stage.unit))))
    rim = smoothstep(0.012, 0.008, _inset(stage))
    stage.flow[:] = np.pi / 4
    dark = np.array([0.07, 0.065, 0.085], np.float32)
    for band in bands(height):
        part = shown[band] * (behind[band] * (1.0 + 0.30 * (streak[band] - 0.5)))[..., None]
        leads = np.maximum(smoothstep(0.30, 0.52, soft[band]), rim[band])[..., None]
        np.clip(part + (dark - part) * leads, 0, 1, out=shown[band])
    return shown


def _superpixels(picture: Array, focus: Array, count: int, random: Random) -> NDArray[np.int64]:
    """Return which of about `count` patches every pixel is in: near in place and in colour, smaller where focus is."""
    height, width = focus.shape
    weight = (0.10 + 0.62 * np.clip(focus, 0, 1) ** 2).ravel().astype(np.float64)
    start = random.choice(height * width, size=min(count, height * width // 4), replace=False, p=weight / weight.sum())
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    place = 4.2 / min(height, width)
    points = np.dstack([columns * place, rows * place, picture * 1.25]).reshape(-1, 5).astype(np.float32)
    centres = points[start]
    labels = np.zeros(len(points), np.int64)
    for _ in range(4):
        offsets = (centres**2).sum(1)
        for begin in range(0, len(points), 2048):
            part = points[begin : begin + 2048]
            labels[begin : begin + 2048] = np.argmin(offsets - 2.0 * (part @ centres.T), axis=1)
        sums = np.stack([np.bincount(labels, points[:, c], len(centres)) for c in range(5)], -1)
        sizes = np.bincount(labels, minlength=len(centres))[:, None]
        centres = np.where(sizes > 0, sums / np.maximum(sizes, 1), centres).astype(np.float32)
    return labels.reshape(height, width)


def _borders(labels: NDArray[np.int64]) -> Array:
    """Return 1 where a pixel's right or lower neighbour is in another patch."""
    border = np.zeros(labels.shape, np.float32)
    border[:, :-1] = labels[:, 1:] != labels[:, :-1]
    border[:-1] = np.maximum(border[:-1], labels[1:] != labels[:-1])
    return border


def tubes(stage: Stage) -> Array:
    """Return the picture as neon at night: its outlines as glowing tubes of their own colours over the dark."""
    unit = stage.unit
    strength = _steepness(blur_bytes(stage.picture, 0.0028 * unit)) * np.float32(unit / 768)
    strength = strength * np.float32(min(3.5, max(1.0, 0.15 / max(1e-3, float(np.quantile(strength, 0.95))))))
    strength = strength * (0.46 + 1.05 * np.clip(stage.focus * 1.5, 0, 1))
    shape_down, shape_across = np.gradient(blur(np.clip(stage.focus * 1.4 - 0.4, 0, 1), 0.0028 * unit))
    outline = np.hypot(shape_down, shape_across) * np.float32(unit / 768) * 1.6
    line = smoothstep(0.045, 0.115, np.maximum(strength, outline).astype(np.float32))
    del strength, shape_down, shape_across, outline
    line = blur(line, 0.0014 * unit)
    light = _tube_colours(stage)
    for band in bands(stage.height):
        light[band] *= line[band][..., None]
    near, far = blur_bytes(light, 0.010 * unit), blur_bytes(light, 0.036 * unit)
    dark = np.array([0.030, 0.018, 0.085], np.float32)
    for band in bands(stage.height):
        rest = saturate(stage.picture[band], 1.3) * np.array([0.30, 0.20, 0.44], np.float32)
        rest = dark + rest * (0.46 + 0.30 * np.clip(stage.focus[band], 0, 1))[..., None]
        glowing = rest + 1.15 * to_floats(near[band]) + 1.25 * to_floats(far[band]) + 0.70 * light[band]
        core = smoothstep(0.55, 0.95, line[band])[..., None]
        np.clip(glowing + (1.0 - glowing) * core * 0.72, 0, 1, out=light[band])
    return light


def _steepness(picture: Bytes) -> Array:
    """Return how much the colours of a picture change from pixel to pixel."""
    height, width = picture.shape[:2]
    steep = np.empty((height, width), np.float32)
    for band in bands(height):
        top = max(0, band.start - 1)
        down, across = np.gradient(to_floats(picture[top : band.stop + 1]), axis=(0, 1))
        steep[band] = np.sqrt((down**2 + across**2).sum(-1))[band.start - top : band.stop - top]
    return steep


def _tube_colours(stage: Stage) -> Array:
    """Return the picture's hues at their brightest; what is grey takes one of two."""
    smooth = blur_bytes(stage.picture, 0.012 * stage.unit)
    field = clouds(stage.random("neon"), stage.width, stage.height, 2.5, octaves=2)
    bright = np.empty(stage.picture.shape, np.float32)
    for band in bands(stage.height):
        hsv = to_hsv(to_floats(smooth[band]))
        plain = smoothstep(0.34, 0.16, hsv[..., 1])
        hue = np.where(plain > 0.5, np.where(field[band] > 0.5, 0.88, 0.52), hsv[..., 0])
        bright[band] = to_rgb(np.stack([hue, np.full_like(hue, 0.86), np.ones_like(hue)], -1).astype(np.float32))
    return bright


def chalk(stage: Stage, style: Style) -> None:
    """Lighten to the soft colours of pastel chalks, and let the tinted paper show towards the edges."""
    paper = paper_of(style)
    field = clouds(stage.random("chalk"), stage.width, stage.height, 5, octaves=4)
    bare = smoothstep(0.075, 0.012, _inset(stage) + 0.10 * (field - 0.5))
    veil = np.clip(0.16 * (field - 0.35), 0, 0.14) * (1.0 - stage.focus)
    covered = np.maximum(bare * 0.9, veil)
    ground = (float(paper[0]), float(paper[1]), float(paper[2]))
    for band in bands(stage.height):
        picture = mix(saturate(stage.picture[band], 0.94) ** 0.88, (0.98, 0.92, 0.89), 0.13)
        stage.picture[band] = mix(picture, ground, covered[band])


def in_squares(picture: Bytes, short_side: int) -> Bytes:
    """Return a picture in squares of COLOURS colours, PIXELS of them along its shorter side."""
    height, width = picture.shape[:2]
    cell = cell_of(short_side)
    small = (-(-width // cell), -(-height // cell))
    image = Image.fromarray(picture).resize(small, Image.Resampling.BOX, (0, 0, width, height))
    image = image.filter(ImageFilter.UnsharpMask(1.2, 90, 2))
    few = image.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    large = few.resize((small[0] * cell, small[1] * cell), Image.Resampling.NEAREST)
    return np.ascontiguousarray(np.asarray(large)[:height, :width])
