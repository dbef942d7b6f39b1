"""Sculpting figures in relief: swept limbs and balls that grow into each other, lit as one piece.

Where clay.py sets one ball upon another, a sculpture keeps the height of its surface at every pixel: parts that
touch join smoothly, and light, hollows and folds come from the whole surface.
"""

from __future__ import annotations

import math

import numpy as np
from PIL import Image

from .pixels import Array, Colour, smoothstep

Knot = tuple[float, float, float]
"""x, y and radius in pixels of a point along a limb."""

LIGHT = np.array([-0.42, -0.62, 0.66], np.float32)
SHADOW = np.array([0.80, 0.70, 0.80], np.float32)
"""What the colours of hollows are multiplied by: clay in shade is warmer and deeper, not greyer."""
_NOTHING = np.float32(-400.0)


class Sculpture:
    """A relief on a clear sheet; sizes in pixels, `z` towards the viewer."""

    def __init__(self, width: int, height: int) -> None:
        self.height = np.zeros((height, width), np.float32)  # means nothing where alpha is 0
        self.colours = np.zeros((height, width, 3), np.float32)
        self.alpha = np.zeros((height, width), np.float32)

    def ball(
        self,
        x: float,
        y: float,
        wide: float,
        tall: float,
        colour: Colour,
        *,
        z: float = 0.0,
        turn: float = 0.0,
        blend: float = 10.0,
    ) -> None:
        """Add an ellipsoid of half-axes `wide` and `tall`, turned by `turn` radians."""
        box = self._box(x, y, max(wide, tall) + 3)
        if box is None:
            return
        across, down = _turned(box, x, y, turn)
        square = np.sqrt((across / np.float32(wide)) ** 2 + (down / np.float32(tall)) ** 2)
        thick = np.float32(min(wide, tall))
        beyond = (np.maximum(0.0, square - 1.0) * thick).astype(np.float32)
        surface = thick * np.sqrt(np.maximum(0.0, 1.0 - square**2)) + _at(z, beyond)
        cover = np.clip((1.0 - square) * thick / 1.4 + 0.5, 0.0, 1.0)
        self._join(box, surface.astype(np.float32), cover.astype(np.float32), colour, blend)

    def limb(
        self,
        knots: list[Knot],
        colour: Colour,
        *,
        z: float = 0.0,
        tip: Colour | None = None,
        tip_from: float = 0.74,
        rings: int = 0,
        blend: float = 10.0,
    ) -> None:
        """Add a round limb swept along the knots, bent smoothly; what lies beyond `tip_from` of it is in `tip`.

        rings: how often the colours alternate instead (a raccoon's tail).
        """
        points = _curve(knots)
        reach = max(radius for _, _, radius in points) + 4
        left, right = min(p[0] for p in points), max(p[0] for p in points)
        top, bottom = min(p[1] for p in points), max(p[1] for p in points)
        box = self._box((left + right) / 2, (top + bottom) / 2, (right - left) / 2 + reach, (bottom - top) / 2 + reach)
        if box is None:
            return
        surface, cover, along = _swept(points, box, reach, z)
        shade: Colour | Array = colour
        if tip is not None:
            if rings:
                share = (np.sin(along * np.float32(math.pi * 2 * rings)) > 0).astype(np.float32)
            else:
                share = smoothstep(tip_from - 0.03, tip_from + 0.03, along)
            shade = np.asarray(colour, np.float32) + share[..., None] * (
                np.asarray(tip, np.float32) - np.asarray(colour, np.float32)
            )
        self._join(box, surface, cover, shade, blend)

    def patch(
        self,
        x: float,
        y: float,
        wide: float,
        tall: float,
        colour: Colour,
        *,
        turn: float = 0.0,
        soft: float = 0.18,
        strength: float = 1.0,
    ) -> None:
        """Colour the surface there is within an ellipse, with an edge `soft` (a share of it) wide: a chest, a spot."""
        box = self._box(x, y, max(wide, tall) * (1 + soft) + 2)
        if box is None:
            return
        across, down = _turned(box, x, y, turn)
        far = np.sqrt((across / np.float32(wide)) ** 2 + (down / np.float32(tall)) ** 2).astype(np.float32)
        amount = smoothstep(1.0 + soft, 1.0 - soft, far) * np.float32(strength)
        x0, x1, y0, y1 = box
        region = self.colours[y0:y1, x0:x1]
        region += (np.asarray(colour, np.float32) - region) * amount[..., None]

    def picture(self) -> Array:
        """Return the relief under its light as RGBA in 0..1, as large as the sheet."""
        sheet = np.zeros((*self.alpha.shape, 4), np.float32)
        part, x, y = self.layer()
        sheet[int(y) : int(y) + part.shape[0], int(x) : int(x) + part.shape[1]] = part
        return sheet

    def layer(self) -> tuple[Array, float, float]:
        """Return what is on the sheet, lit, as RGBA in 0..1, and where its upper left corner lies."""
        rows, columns = np.nonzero(self.alpha.max(1) > 0)[0], np.nonzero(self.alpha.max(0) > 0)[0]
        if len(rows) == 0:
            return np.zeros((1, 1, 4), np.float32), 0.0, 0.0
        part = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
        return lit(self.height[part], self.colours[part], self.alpha[part]), float(columns[0]), float(rows[0])

    def _box(self, x: float, y: float, reach: float, reach_y: float | None = None) -> tuple[int, int, int, int] | None:
        tall = reach if reach_y is None else reach_y
        left, right = max(0, int(x - reach)), min(self.alpha.shape[1], int(x + reach) + 2)
        top, bottom = max(0, int(y - tall)), min(self.alpha.shape[0], int(y + tall) + 2)
        return (left, right, top, bottom) if left < right and top < bottom else None

    def _join(
        self, box: tuple[int, int, int, int], surface: Array, cover: Array, colour: Colour | Array, blend: float
    ) -> None:
        """Let a part grow into the surface: the higher wins, within `blend` pixels of height they meet smoothly."""
        x0, x1, y0, y1 = box
        height, alpha = self.height[y0:y1, x0:x1], self.alpha[y0:y1, x0:x1]
        both = alpha > 0.5  # there a part fades out beyond its rim, so that no seam is seen
        share = np.clip(0.5 + 0.5 * (surface - height) / np.float32(blend), 0.0, 1.0)
        share = np.where(both, share, np.where(cover > 0, 1.0, 0.0)).astype(np.float32)
        joined = height + (surface - height) * share + np.float32(blend) * share * (1 - share) * 0.5
        height[:] = np.where(both, joined, np.where(cover > 0, surface, height))
        colours = self.colours[y0:y1, x0:x1]
        colours += (np.asarray(colour, np.float32) - colours) * share[..., None]
        np.maximum(alpha, cover, out=alpha)


def lit(height: Array, colours: Array, alpha: Array) -> Array:
    """Return a relief under LIGHT as RGBA: lit by its slopes, darker in its hollows, glossy towards the light."""
    cover = (alpha > 0.3).astype(np.float32)
    known = height * cover
    smooth = _soft(known, 5) / np.maximum(_soft(cover, 5), np.float32(0.05))
    smooth = np.where(cover > 0, smooth, 0).astype(np.float32)
    down, across = np.gradient(_soft(known, 3) / np.maximum(_soft(cover, 3), np.float32(0.05)))
    down, across = np.clip(down, -2.5, 2.5), np.clip(across, -2.5, 2.5)
    length = np.sqrt(1.0 + down * down + across * across)
    facing = (-across * LIGHT[0] - down * LIGHT[1] + LIGHT[2]) / length
    shade = 1.0 + 0.46 * np.clip(facing, -0.35, 1.0) - 0.32
    around = _soft(known, 16) / np.maximum(_soft(cover, 16), np.float32(0.05))
    hollow = np.clip((around - smooth) / 30.0, 0.0, 1.0) * 0.36
    gloss = np.clip((facing - 0.93) / 0.07, 0.0, 1.0) ** 2 * 0.10
    dark = np.clip((0.96 - shade) / 0.4, 0.0, 1.0) * 0.35 + hollow
    shown = colours * shade[..., None]
    shown *= 1.0 - dark[..., None] * (1.0 - SHADOW)
    shown += gloss[..., None]
    return np.dstack([np.clip(shown, 0.0, 1.0), alpha]).astype(np.float32)


def _swept(points: list[Knot], box: tuple[int, int, int, int], reach: float, z: float) -> tuple[Array, Array, Array]:
    """Return surface, cover and how far along (0..1) of a chain of cones within a box."""
    x0, x1, y0, y1 = box
    shape = (y1 - y0, x1 - x0)
    surface, cover = np.full(shape, _NOTHING, np.float32), np.zeros(shape, np.float32)
    along = np.zeros(shape, np.float32)
    count = len(points) - 1
    for index in range(count):
        (ax, ay, ar), (bx, by, br) = points[index], points[index + 1]
        left, right = max(x0, int(min(ax, bx) - reach)), min(x1, int(max(ax, bx) + reach) + 2)
        top, bottom = max(y0, int(min(ay, by) - reach)), min(y1, int(max(ay, by) + reach) + 2)
        if left >= right or top >= bottom:
            continue
        part = (slice(top - y0, bottom - y0), slice(left - x0, right - x0))
        columns = np.arange(left, right, dtype=np.float32)[None, :]
        rows = np.arange(top, bottom, dtype=np.float32)[:, None]
        length = max(1e-3, (bx - ax) ** 2 + (by - ay) ** 2)
        t = np.clip(((columns - ax) * (bx - ax) + (rows - ay) * (by - ay)) / length, 0.0, 1.0)
        distance = np.hypot(columns - (ax + t * (bx - ax)), rows - (ay + t * (by - ay)))
        radius = ar + t * (br - ar)
        q = distance / radius
        here = radius * np.sqrt(np.maximum(0.0, 1.0 - q * q)) + _at(
            z, (np.maximum(0.0, q - 1.0) * radius).astype(np.float32)
        )
        higher = here > surface[part]
        along[part] = np.where(higher, (index + t) / count, along[part])
        surface[part] = np.where(higher, here, surface[part])
        np.maximum(cover[part], np.clip((radius - distance) / 1.4 + 0.5, 0.0, 1.0), out=cover[part])
    return surface, cover, along


def _at(z: float, beyond: Array) -> Array:
    """Return the height of a part's rim at z: beyond it (pixels) it falls away steeply, whatever z is."""
    return np.float32(z) - beyond * np.float32(3.0 + max(0.0, z) / 5.0)


def _turned(box: tuple[int, int, int, int], x: float, y: float, turn: float) -> tuple[Array, Array]:
    """Return the coordinates of a box's pixels along and across an axis turned by `turn` around (x, y)."""
    x0, x1, y0, y1 = box
    dx = np.arange(x0, x1, dtype=np.float32)[None, :] - np.float32(x)
    dy = np.arange(y0, y1, dtype=np.float32)[:, None] - np.float32(y)
    cosine, sine = np.float32(math.cos(turn)), np.float32(math.sin(turn))
    return dx * cosine + dy * sine, -dx * sine + dy * cosine


def _curve(knots: list[Knot], steps: int = 10) -> list[Knot]:
    """Return a Catmull-Rom curve through the knots."""
    if len(knots) < 3:
        return knots
    ends = [knots[0], *knots, knots[-1]]
    points: list[Knot] = []
    for index in range(1, len(ends) - 2):
        a, b, c, d = ends[index - 1 : index + 3]
        for step in range(steps):
            t = step / steps
            x, y, radius = (
                q + 0.5 * t * (r - p + t * (2 * p - 5 * q + 4 * r - s + t * (3 * (q - r) + s - p)))
                for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            points.append((x, y, max(1.0, radius)))
    points.append(knots[-1])
    return points


def _soft(field: Array, radius: int) -> Array:
    """Return a field blurred by about `radius` pixels."""
    height, width = field.shape
    small = Image.fromarray(field).resize((max(1, width // radius), max(1, height // radius)), Image.Resampling.BOX)
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC), np.float32)
