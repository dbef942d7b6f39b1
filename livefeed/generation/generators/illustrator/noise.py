"""Seeded noise: lines, fields, and directions that flow."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .pixels import Array

Random = np.random.Generator


def lattice(random: Random, width: int, height: int, across: float, down: float) -> Array:
    """Return smooth noise in 0..1 of shape (height, width) with about `across` by `down` bumps."""
    columns, rows = max(2, round(across) + 1), max(2, round(down) + 1)
    coarse = random.random((rows, columns), dtype=np.float32)
    image = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
    return np.asarray(image, np.float32)


def clouds(random: Random, width: int, height: int, scale: float, octaves: int = 4, stretch: float = 1.0) -> Array:
    """Return fractal noise, mostly in 0..1 with mean 0.5.

    scale: bumps of the first octave along the shorter side; stretch > 1 draws them out sideways.
    """
    if min(width, height) > 320:  # the finest octave is far coarser than a pixel: half the size shows the same
        half = clouds(random, width // 2, height // 2, scale, octaves, stretch)
        return np.asarray(Image.fromarray(half).resize((width, height), Image.Resampling.BILINEAR), np.float32)
    total = np.zeros((height, width), np.float32)
    short = min(width, height)
    weight, weights = 1.0, 0.0
    for octave in range(octaves):
        bumps = scale * 2**octave
        total += np.float32(weight) * lattice(
            random, width, height, bumps * width / short / stretch, bumps * height / short
        )
        weights += weight
        weight *= 0.5
    spread = np.float32(1.6)
    return (total / np.float32(weights) - np.float32(0.5)) * spread + np.float32(0.5)


def line(random: Random, length: int, bumps: float, octaves: int = 4, roughness: float = 0.5) -> Array:
    """Return one-dimensional fractal noise, mostly in -1..1, of `length` samples."""
    total = np.zeros(length, np.float32)
    weight, weights = 1.0, 0.0
    positions = np.linspace(0.0, 1.0, length, dtype=np.float32)
    for octave in range(octaves):
        count = max(2, round(bumps * 2**octave)) + 3
        knots = random.random(count, dtype=np.float32) * 2.0 - 1.0
        where = positions * (count - 3) + 1.0
        cell = where.astype(np.int32)
        t = where - cell
        a, b, c, d = knots[cell - 1], knots[cell], knots[cell + 1], knots[np.minimum(cell + 2, count - 1)]
        total += np.float32(weight) * (
            b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)))
        )
        weights += weight
        weight *= roughness
    result: Array = total / np.float32(weights) * np.float32(1.5)
    return result


def swirls(random: Random, width: int, height: int, scale: float, strength: float) -> Array:
    """Return a field of angles (radians) that flows sideways and curls around `scale` noise bumps."""
    field = clouds(random, width, height, scale, octaves=2)
    angles: Array = (field - np.float32(0.5)) * np.float32(2.0 * np.pi * strength)
    return angles


def vortex(width: int, height: int, x: float, y: float) -> Array:
    """Return the angle of circles around the point (x, y), in pixels."""
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    around: Array = np.arctan2(columns - np.float32(x), -(rows - np.float32(y))).astype(np.float32)
    return around
