"""Where the strokes of a pass go: painterly rendering with curved strokes of several sizes.

Each pass looks at the composed scene blurred to its brush, compares it with the canvas as it stands, and
paints where they differ most; a stroke follows the edges of the scene (or its flow) and ends where its colour
would do more harm than good. The colours come from the blurred scene only.
Source: A. Hertzmann, "Painterly Rendering with Curved Brush Strokes of Multiple Sizes", SIGGRAPH 1998.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .brush import ANGLES, BENDS, VARIANTS
from .canvas import Pass, Strokes
from .pixels import BAND, LUMA, Array, Bytes, bands
from .styles import Style, cell_of

Indices = NDArray[np.int32]
SMOOTH = 2
"""Over how many pixels to every side orientations are averaged."""
HALO = SMOOTH + 1
"""How many rows around a band its orientations depend on."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What the planner reads: the scene as bytes, its flow (radians) and where detail matters (0..1)."""

    picture: Image.Image
    flow: Array
    focus: Array
    style: Style
    seed: int


def widths(style: Style, steps: int, short_side: int) -> list[float]:
    """Return the brush width in pixels of every pass, large to small."""
    if style.mark == "square":
        cell = cell_of(short_side)
        return [float(cell * max(1, round(12 ** (1 - i / max(1, steps - 1))))) for i in range(steps - 1)] + [
            float(cell)
        ]
    scale = short_side / 768
    largest, smallest = style.largest * scale, max(2.0, style.smallest * math.sqrt(scale))
    if steps == 1:
        return [max(2.0, math.sqrt(largest * smallest) / 2)]
    ratio = (smallest / largest) ** (1 / (steps - 1))
    return [round(largest * ratio**i, 2) for i in range(steps)]


def plan_pass(reference: Reference, canvas: Image.Image, step: int, steps: int, brush: float) -> Pass:
    """Return the strokes of pass `step` (1..steps) for the canvas as it stands."""
    style = reference.style
    if style.mark == "square":
        return plan_squares(reference, canvas, step, steps, brush)
    random = np.random.default_rng([reference.seed & 0xFFFF_FFFF, step, steps])
    blurred = reference.picture.filter(ImageFilter.GaussianBlur(brush * 0.22))
    target = np.asarray(blurred)
    # Seen as softly as the target: the texture of wider strokes is wanted, and is no error.
    current = np.asarray(canvas.filter(ImageFilter.GaussianBlur(brush * 0.5)))
    y, x = places(reference, target, current, brush, random, step / steps)
    lengths = tuple(round(brush * factor, 2) for factor in style.lengths)
    angle = directions(reference, blurred, brush)
    heading = angle[y, x] + random.normal(0, 0.10, len(x)).astype(np.float32)
    turn = bends(angle, x, y, heading, lengths[-2])
    length = reach(target, current, x, y, heading, turn, lengths)
    return Pass(
        step=step,
        steps=steps,
        brush=brush,
        lengths=lengths,
        opacity=style.opacity,
        mark=style.mark,
        strokes=Strokes(
            x=x.astype(np.int32),
            y=y.astype(np.int32),
            angle=(np.round(heading / np.pi * ANGLES).astype(np.int32) % ANGLES).astype(np.int32),
            bend=nearest_bend(turn * (np.asarray(lengths, np.float32)[length] / lengths[-2])),
            length=length,
            variant=random.integers(0, VARIANTS, len(x)).astype(np.int32),
            colour=colours(target[y, x], style, random),
        ),
    )


def plan_squares(reference: Reference, canvas: Image.Image, step: int, steps: int, brush: float) -> Pass:
    """Return the squares of a pass, side by side on a grid of the brush's size, where they change something."""
    side = round(brush)
    width, height = reference.picture.size
    across, down = -(-width // side), -(-height // side)
    box = (0, 0, min(width, across * side), min(height, down * side))
    wanted, there = (
        np.asarray(image.resize((across, down), Image.Resampling.BOX, box)) for image in (reference.picture, canvas)
    )
    error = np.abs(wanted.astype(np.int16) - there.astype(np.int16)).max(-1)
    rows, columns = np.nonzero(error > (0 if step == steps else reference.style.tolerance))
    order = np.random.default_rng([reference.seed & 0xFFFF_FFFF, step, steps]).permutation(len(rows))
    rows, columns = rows[order], columns[order]
    nothing = np.zeros(len(rows), np.int32)
    return Pass(
        step=step,
        steps=steps,
        brush=brush,
        lengths=(brush,),
        opacity=1.0,
        mark="square",
        strokes=Strokes(
            x=(columns * side + side // 2).astype(np.int32),
            y=(rows * side + side // 2).astype(np.int32),
            angle=nothing,
            bend=nothing,
            length=nothing,
            variant=nothing,
            colour=wanted[rows, columns],
        ),
    )


def places(
    reference: Reference,
    target: Bytes,
    current: Bytes,
    brush: float,
    random: np.random.Generator,
    progress: float,
) -> tuple[Indices, Indices]:
    """Return rows and columns of the strokes: per grid cell the worst pixel, where the cell is bad enough.

    progress: step / steps; the first pass covers the whole canvas.
    """
    height, width = reference.focus.shape
    cell = max(2, round(brush * reference.style.grid))
    down, across = -(-height // cell), -(-width // cell)
    worst, mean, peak = np.empty(down * across, np.int64), *np.empty((2, down * across), np.float32)
    ranks = max(1, BAND // cell)
    for first in range(0, down, ranks):
        last = min(down, first + ranks)
        part = slice(first * cell, min(height, last * cell))
        error = np.abs(target[part].astype(np.int16) - current[part].astype(np.int16)).sum(-1).astype(np.float32) / 3
        padded = np.full(((last - first) * cell, across * cell), -1.0, np.float32)
        padded[: len(error), :width] = error
        blocks = padded.reshape(last - first, cell, across, cell).transpose(0, 2, 1, 3).reshape(-1, cell * cell)
        jitter = random.random(blocks.shape, dtype=np.float32)
        here = slice(first * across, last * across)
        worst[here] = np.argmax(np.where(blocks >= 0, blocks + jitter * (4.0 + 0.5 * blocks), -1.0), axis=1)
        mean[here], peak[here] = np.maximum(blocks, 0).mean(axis=1), blocks.max(axis=1)
    rows = (np.arange(down * across) // across) * cell + worst // cell
    columns = (np.arange(down * across) % across) * cell + worst % cell
    if (current != current[0, 0]).any():
        detail = reference.focus[rows, columns]
        tolerance = reference.style.tolerance * (1.0 - 0.72 * detail)
        tolerance = tolerance + reference.style.calm * progress**2 * (1.0 - detail)
        chosen = np.maximum(mean, 0.30 * peak) > tolerance
        rows, columns = rows[chosen], columns[chosen]
    order = random.permutation(len(rows))
    return rows[order].astype(np.int32), columns[order].astype(np.int32)


def directions(reference: Reference, blurred: Image.Image, brush: float) -> Array:
    """Return the angle of strokes (radians, half circle) per pixel: along edges, else along the flow."""
    height, width = reference.flow.shape
    shrink = max(1, min(12, int(brush // 3)))
    small = blurred.resize((max(4, width // shrink), max(4, height // shrink)), Image.Resampling.BOX)
    flow = np.asarray(Image.fromarray(reference.flow).resize(small.size, Image.Resampling.NEAREST), np.float32)
    seen, angle = np.asarray(small), np.empty_like(flow)
    for band in bands(len(seen)):
        top = max(0, band.start - HALO)
        along_x, along_y = orientation(seen[top : band.stop + HALO])
        inner = slice(band.start - top, band.stop - top)
        angle[band] = turned_to_flow(along_x[inner], along_y[inner], flow[band], reference.style.flow)
    return np.asarray(Image.fromarray(angle).resize((width, height), Image.Resampling.NEAREST), np.float32)


def orientation(picture: Bytes) -> tuple[Array, Array]:
    """Return along which way the edges near every pixel run: doubled angles as vectors, long where edges are strong."""
    gy, gx = np.gradient(picture.astype(np.float32) @ LUMA)
    # Doubled angles average orientations without caring which way along the edge they point.
    return smooth(gy * gy - gx * gx, SMOOTH), smooth(-2 * gx * gy, SMOOTH)


def turned_to_flow(along_x: Array, along_y: Array, flow: Array, strength: float) -> Array:
    """Return the angles (radians, half circle) of orientations, where they are weak those of a flow."""
    length = np.hypot(along_x, along_y)
    weight = (strength * 42.0) / np.maximum(length, 1e-3) ** 0.5
    doubled_x = along_x / np.maximum(length, 1e-3) + weight * np.cos(2 * flow)
    doubled_y = along_y / np.maximum(length, 1e-3) + weight * np.sin(2 * flow)
    angle: Array = (0.5 * np.arctan2(doubled_y, doubled_x)).astype(np.float32)
    return angle


def smooth(field: Array, radius: int) -> Array:
    """Average a float field over squares of 2 * radius + 1 pixels."""
    size = 2 * radius + 1
    padded = np.pad(field, ((radius + 1, radius), (radius + 1, radius)), mode="edge")
    sums = padded.cumsum(0, dtype=np.float64).cumsum(1)
    total = sums[size:, size:] - sums[:-size, size:] - sums[size:, :-size] + sums[:-size, :-size]
    mean: Array = (total / (size * size)).astype(np.float32)
    return mean


def bends(angle: Array, x: Indices, y: Indices, heading: Array, length: float) -> Array:
    """Return how far (radians) the direction turns over a stroke of `length` pixels."""
    height, width = angle.shape
    dx, dy = np.cos(heading) * length * 0.4, np.sin(heading) * length * 0.4
    ends = []
    for sign in (1, -1):
        column = np.clip(x + sign * dx, 0, width - 1).astype(np.int32)
        row = np.clip(y + sign * dy, 0, height - 1).astype(np.int32)
        ends.append(angle[row, column])
    difference = (ends[0] - ends[1] + np.pi / 2) % np.pi - np.pi / 2
    result: Array = (difference * 1.2).astype(np.float32)
    return result


def nearest_bend(turn: Array) -> Indices:
    """Return the index of the brush bend nearest to every turn."""
    available = np.asarray(BENDS, np.float32)
    nearest: Indices = np.abs(turn[:, None] - available[None, :]).argmin(1).astype(np.int32)
    return nearest


def reach(
    target: Bytes,
    current: Bytes,
    x: Indices,
    y: Indices,
    heading: Array,
    turn: Array,
    lengths: tuple[float, ...],
) -> Indices:
    """Return the longest length (its index) at which both ends of every stroke still improve the canvas."""
    height, width = target.shape[:2]
    colour = target[y, x].astype(np.int16)
    good = np.ones(len(x), bool)
    best = np.zeros(len(x), np.int32)
    for index, length in enumerate(lengths):
        for sign in (1.0, -1.0):
            part = sign * length / 2
            way = heading + turn * (part / lengths[-2]) * 0.5
            column = np.clip(x + np.cos(way) * part, 0, width - 1).astype(np.int32)
            row = np.clip(y + np.sin(way) * part, 0, height - 1).astype(np.int32)
            wanted = target[row, column].astype(np.int16)
            with_stroke = np.abs(wanted - colour).sum(-1)
            without = np.abs(wanted - current[row, column].astype(np.int16)).sum(-1)
            good &= with_stroke <= np.maximum(without * 0.9, 26)
        best[good] = index
    return best


def colours(sampled: Bytes, style: Style, random: np.random.Generator) -> Bytes:
    """Return the strokes' colours: the blurred scene's, a little lighter or darker and off its hue."""
    count = len(sampled)
    bright, tint = style.jitter
    value = 1.0 + random.normal(0, bright, (count, 1)).astype(np.float32)
    shift = random.normal(0, tint * 255, (count, 3)).astype(np.float32)
    shift -= shift.mean(1, keepdims=True)
    laid: Bytes = np.clip(sampled * value + shift + 0.5, 0, 255).astype(np.uint8)
    return laid
