"""Brush tips: the marks one stroke leaves, as an alpha mask and a relief of its bristles.

A tip is drawn once per (width, length, bend, variant, mark) lying flat, then turned to its angle; both are kept,
so a pass of ten thousand strokes costs ten thousand pastes. Everything is 8-bit and seeded: the same strokes
always give the same bytes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from .noise import lattice
from .pixels import Array, bands, smoothstep, to_bytes
from .styles import Mark

ANGLES = 24
BENDS = (-0.9, -0.42, 0.0, 0.42, 0.9)
VARIANTS = 2
SMALL = 26.0  # widths (px) up to which turned tips are worth keeping: larger ones are few and heavy


@dataclass(frozen=True, slots=True)
class Tip:
    """One mark: `alpha` says where paint goes, `relief` how thick it lies there; both mode L, same size."""

    alpha: Image.Image
    relief: Image.Image


@lru_cache(maxsize=64)
def flat(width: float, length: float, bend: int, variant: int, opacity: float, mark: Mark = "bristle") -> Image.Image:
    """Return the tip lying along x as an LA image (relief, alpha), bent by BENDS[bend] radians in all.

    width, length: pixels.
    """
    turn = BENDS[bend]
    half = length / 2 + width * 0.3
    reach = half + 1.5
    tall = width * 0.62 + abs(turn) * length * 0.13 + 1.5
    columns, rows = 2 * math.ceil(reach) + 1, 2 * math.ceil(tall) + 1
    x = np.arange(columns, dtype=np.float32)[None, :] - (columns - 1) / 2
    y = np.arange(rows, dtype=np.float32)[:, None] - (rows - 1) / 2
    random = np.random.default_rng([variant, bend, round(width * 8), round(length * 8)])
    bristles = lattice(random, 48, 64, 3, max(4.0, min(24.0, width * 0.8)))
    ragged = lattice(random, 2, 64, 2, max(3.0, min(12.0, width * 0.5)))
    grains = random.random((rows, columns), dtype=np.float32) if mark == "chalk" else None
    pair = np.empty((rows, columns, 2), np.uint8)
    for band in bands(rows):
        u, v = unbent(x, y[band], length, turn)
        across = np.clip((v / width + 0.5) * 63, 0, 63).astype(np.int32)
        along = np.clip((u / (2 * half) + 0.5) * 47, 0, 47).astype(np.int32)
        hair = bristles[across, along]
        side = np.abs(v) / (width / 2)
        end_left = half - width * 0.42 * side**2 - width * 0.35 * ragged[across, 0]
        end_right = half - width * 0.42 * side**2 - width * 0.75 * ragged[across, 1]
        soft = max(1.0, width * 0.08)
        ends = smoothstep(-soft, soft, end_left + u) * smoothstep(-soft, soft, end_right - u)
        sides = smoothstep(1.0 + 0.9 / width, 1.0 - 0.24 - 0.9 / width, side)
        match mark:
            case "wash":  # paint gathers at the rim
                within = np.minimum(np.minimum(end_left + u, end_right - u) / (0.3 * width), (1.0 - side) * 1.6)
                body = 0.66 + 0.34 * np.exp(-((np.clip(within, 0, 4) / 0.34) ** 2)) - 0.16 * (hair - 0.5)
            case "chalk" if grains is not None:  # only the grains of the paper that stick out take it
                body = smoothstep(0.30, 0.62, 0.55 * grains[band] + 0.45 * hair + 0.12)
            case "bristle":
                body = 1.0 - (0.16 + 0.34 * (along / 47.0) ** 2) * (1.0 - hair) ** 2
            case _:
                body = np.ones_like(hair)
        ridge = 0.35 * smoothstep(0.55, 0.92, side) + 0.18 * smoothstep(0.0, -half, u)
        relief = np.clip(0.28 + 0.5 * hair + ridge, 0.0, 1.0)
        pair[band, :, 0] = to_bytes(relief.astype(np.float32))
        pair[band, :, 1] = to_bytes((ends * sides * body * opacity).astype(np.float32))
    return Image.fromarray(pair, "LA")


def unbent(x: Array, y: Array, length: float, turn: float) -> tuple[Array, Array]:
    """Return how far along and beside a stroke the points of a grid are, which bends by `turn` radians; pixels."""
    if abs(turn) <= 1e-3:
        return x + 0 * y, y + 0 * x
    radius = length / turn
    centre = radius - turn * length * 0.06
    u: Array = np.arctan2(x, (centre - y) * np.sign(radius)) * abs(radius)
    v: Array = (abs(radius) - np.hypot(x, centre - y)) * np.sign(radius)
    return u, v


def turned(width: float, length: float, bend: int, variant: int, opacity: float, angle: int, mark: Mark) -> Tip:
    """Return the tip turned to `angle` (index of ANGLES over half a circle, growing towards +y)."""
    left = flat(width, length, bend, variant, opacity, mark)
    if angle:
        left = left.rotate(-180.0 * angle / ANGLES, Image.Resampling.BILINEAR, expand=True)
    relief, alpha = left.split()
    return Tip(alpha, relief)


kept = lru_cache(maxsize=12_000)(turned)


def tip(
    width: float, length: float, bend: int, variant: int, opacity: float, angle: int, mark: Mark = "bristle"
) -> Tip:
    """Return a turned tip, from memory where the brush is small."""
    make = kept if width <= SMALL else turned
    return make(width, length, bend, variant, opacity, angle, mark)
