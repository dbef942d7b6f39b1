"""Modelling with shaded ellipsoids, in the manner of the vendored pictures: for what they do not show."""

from __future__ import annotations

import math

import numpy as np

from .pixels import Array, Colour, over

LIGHT = (-0.42, -0.62, 0.66)


class Clay:
    """A clear sheet on which lit ellipsoids are set, back to front; sizes in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.colours = np.zeros((height, width, 3), np.float32)
        self.alpha = np.zeros((height, width), np.float32)

    def ellipsoid(
        self, x: float, y: float, wide: float, tall: float, colour: Colour, *, turn: float = 0.0, flat: float = 1.0
    ) -> None:
        """Set an ellipsoid of half-axes `wide` and `tall`, turned by `turn` radians; flat < 1 shades it less."""
        reach = max(wide, tall) + 2
        left, right = max(0, int(x - reach)), min(self.alpha.shape[1], int(x + reach) + 1)
        top, bottom = max(0, int(y - reach)), min(self.alpha.shape[0], int(y + reach) + 1)
        if left >= right or top >= bottom:
            return
        dx = np.arange(left, right, dtype=np.float32)[None, :] - np.float32(x)
        dy = np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(y)
        across = (dx * math.cos(turn) + dy * math.sin(turn)) / np.float32(wide)
        down = (-dx * math.sin(turn) + dy * math.cos(turn)) / np.float32(tall)
        square = across**2 + down**2
        depth = np.sqrt(np.maximum(0.0, 1.0 - square))
        nx = across * math.cos(turn) - down * math.sin(turn)
        ny = across * math.sin(turn) + down * math.cos(turn)
        facing = np.clip(nx * LIGHT[0] + ny * LIGHT[1] + depth * LIGHT[2], -0.4, 1.0)
        shade = 1.0 + np.float32(flat) * (0.46 * facing - 0.32)
        alpha = np.clip((1.0 - np.sqrt(square)) * min(wide, tall) / 1.5 + 0.5, 0.0, 1.0).astype(np.float32)
        colours = np.asarray(colour, np.float32) * shade[..., None].astype(np.float32)
        over(self.colours, np.clip(colours, 0, 1), alpha, left, top)
        region = self.alpha[top:bottom, left:right]
        np.maximum(region, alpha, out=region)

    def limb(self, points: list[tuple[float, float, float]], colour: Colour, tip: Colour | None = None) -> None:
        """Set a chain of balls along (x, y, radius) points: a tail, a leg; the last quarter in `tip`."""
        steps = 14
        total = (len(points) - 1) * steps
        for index in range(total + 1):
            cell = min(index // steps, len(points) - 2)
            t = (index - cell * steps) / steps
            (x0, y0, r0), (x1, y1, r1) = points[cell], points[cell + 1]
            shade = tip if tip is not None and index > 0.74 * total else colour
            radius = r0 + (r1 - r0) * t
            self.ellipsoid(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, radius, radius, shade, flat=0.8)

    def lay(self, picture: Array, x: int, y: int) -> None:
        """Lay an RGBA picture over what is there, its corner at (x, y)."""
        over(self.colours, picture[..., :3], picture[..., 3], x, y)
        ones = np.ones(picture.shape[:2], np.float32)
        over(self.alpha, ones, picture[..., 3], x, y)

    def picture(self) -> Array:
        """Return the sheet as RGBA in 0..1, cut to what is on it."""
        rows, columns = np.where(self.alpha.max(1) > 0.05)[0], np.where(self.alpha.max(0) > 0.05)[0]
        sheet = np.dstack([self.colours, self.alpha])
        if len(rows) == 0:
            return sheet
        return sheet[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
