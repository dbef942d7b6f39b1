"""Flow: fields of direction that curl around lights, and the streaks that follow them."""

from __future__ import annotations

import numpy as np
from PIL import Image

from .noise import Random, vortex
from .pixels import Array


def whirl(flow: Array, random: Random, lamp: tuple[float, float], horizon: float) -> Array:
    """Return the flow with whirls in the sky: one around the lamp, a few more beside it."""
    height, width = flow.shape
    unit = min(width, height)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = np.cos(2 * flow), np.sin(2 * flow)
    centres = [(lamp[0], lamp[1], 0.30)]
    for _ in range(4):
        centres.append((random.random(), random.random() * max(0.3, horizon) * 0.95, 0.12 + 0.12 * random.random()))
    for centre_x, centre_y, radius in centres:
        px, py = centre_x * width, centre_y * height
        near = 3.0 * np.exp(-((columns - px) ** 2 + (rows - py) ** 2) / np.float32((radius * unit) ** 2))
        around = vortex(width, height, px, py)
        x, y = x + near * np.cos(2 * around), y + near * np.sin(2 * around)
    result: Array = (0.5 * np.arctan2(y, x)).astype(np.float32)
    return result


def streaks(flow: Array, random: Random, *, steps: int = 9) -> Array:
    """Return noise drawn out along the flow, 0..1 with mean 0.5, of the flow's shape.

    Source: B. Cabral, L. Leedom, "Imaging Vector Fields Using Line Integral Convolution", SIGGRAPH 1993.
    """
    height, width = flow.shape
    shrink = max(1, round(min(width, height) / 190))
    rows, columns = max(2, height // shrink), max(2, width // shrink)
    small = np.asarray(Image.fromarray(flow).resize((columns, rows), Image.Resampling.NEAREST), np.float32)
    noise = random.random((rows, columns), dtype=np.float32)
    y0, x0 = np.mgrid[0:rows, 0:columns].astype(np.float32)
    total = noise.copy()
    for sign in (1.0, -1.0):
        x, y = x0.copy(), y0.copy()
        before = small
        for _ in range(steps):
            angle = small[np.clip(y, 0, rows - 1).astype(np.int32), np.clip(x, 0, columns - 1).astype(np.int32)]
            # Directions are only known up to half a turn: keep going the way we came.
            facing = np.sign(np.cos(angle - before) + np.float32(1e-6))
            angle = np.where(facing < 0, angle + np.pi, angle).astype(np.float32)
            x, y = x + np.float32(sign) * np.cos(angle), y + np.float32(sign) * np.sin(angle)
            total += noise[np.clip(y, 0, rows - 1).astype(np.int32), np.clip(x, 0, columns - 1).astype(np.int32)]
            before = angle
    mean = total / (2 * steps + 1)
    spread = np.clip((mean - 0.5) * 3.2 + 0.5, 0, 1).astype(np.float32)
    return np.asarray(Image.fromarray(spread).resize((width, height), Image.Resampling.BILINEAR), np.float32)
