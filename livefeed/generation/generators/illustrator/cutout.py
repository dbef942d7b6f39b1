"""Cutouts: pictures of single figures that know where their head, hands and seat are."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from PIL import Image

from .pixels import Array, Colour, over, resize, to_floats

Point = tuple[float, float]
Layer = tuple[Array, float, float]
"""A picture (RGBA in 0..1) and where its upper left corner lies, in pixels."""


@dataclass(frozen=True, slots=True)
class Cutout:
    """One figure or several that belong together, RGBA in 0..1, cut to what is on it.

    points: named places in pixels: head (the middle of the face), neck, hand, other hand, seat (what touches a saddle),
    back (where others sit on it), mouth. head: the face's width in pixels, 0 when there is none.
    bare: how many pixels of head there are above the middle of the face (where a hat's brim goes is half of it).
    """

    picture: Array
    points: Mapping[str, Point] = field(default_factory=dict)
    head: float = 0.0
    grip: tuple[float, Colour] | None = None

    @property
    def width(self) -> int:
        """Pixels across."""
        return int(self.picture.shape[1])

    @property
    def height(self) -> int:
        """Pixels down."""
        return int(self.picture.shape[0])

    def at(self, name: str, x: float = 0.5, y: float = 0.5) -> Point:
        """Return a named point, or the one at these fractions if it has none of this name."""
        return self.points.get(name, (x * self.width, y * self.height))

    def scaled(self, factor: float) -> Cutout:
        """Return it resampled by a factor."""
        width, height = max(2, round(self.width * factor)), max(2, round(self.height * factor))
        points = {name: (x * width / self.width, y * height / self.height) for name, (x, y) in self.points.items()}
        return Cutout(resized(self.picture, width, height), points, self.head * factor, self._grip(factor))

    def to_height(self, height: float) -> Cutout:
        """Return it resampled to a height in pixels."""
        return self.scaled(height / self.height)

    def to_width(self, width: float) -> Cutout:
        """Return it resampled to a width in pixels."""
        return self.scaled(width / self.width)

    def mirrored(self) -> Cutout:
        """Return it seen in a mirror."""
        points = {name: (self.width - x, y) for name, (x, y) in self.points.items()}
        return Cutout(np.ascontiguousarray(self.picture[:, ::-1]), points, self.head, self.grip)

    def turned(self, degrees: float) -> Cutout:
        """Return it turned counter-clockwise."""
        picture = tilted(self.picture, degrees)
        angle = math.radians(degrees)
        cosine, sine = math.cos(angle), math.sin(angle)
        points = {}
        for name, (x, y) in self.points.items():
            dx, dy = x - self.width / 2, y - self.height / 2
            points[name] = (
                picture.shape[1] / 2 + dx * cosine + dy * sine,
                picture.shape[0] / 2 - dx * sine + dy * cosine,
            )
        return Cutout(picture, points, self.head, self.grip).trimmed()

    def trimmed(self) -> Cutout:
        """Return it cut to what is on it."""
        return assembled([(self.picture, 0, 0)], self.points, self.head, self.grip)

    def _grip(self, factor: float) -> tuple[float, Colour] | None:
        return None if self.grip is None else (self.grip[0] * factor, self.grip[1])

    def with_points(self, **points: Point) -> Cutout:
        """Return it with some more named points; `other_hand` stands for "other hand"."""
        return replace(self, points={**self.points, **{name.replace("_", " "): at for name, at in points.items()}})


def assembled(
    layers: list[Layer],
    points: Mapping[str, Point] | None = None,
    head: float = 0.0,
    grip: tuple[float, Colour] | None = None,
) -> Cutout:
    """Return pictures laid over each other, back to front, cut to what is on them; points are moved along."""
    left = math.floor(min(x for _, x, _ in layers))
    top = math.floor(min(y for _, _, y in layers))
    right = math.ceil(max(x + picture.shape[1] for picture, x, _ in layers)) + 1
    bottom = math.ceil(max(y + picture.shape[0] for picture, _, y in layers)) + 1
    colours = np.zeros((bottom - top, right - left, 3), np.float32)
    alpha = np.zeros((bottom - top, right - left), np.float32)
    for picture, x, y in layers:
        corner = (round(x - left), round(y - top))
        region = _region(colours, picture, corner)
        before = _region(alpha, picture, corner)
        cover = picture[..., 3]
        union = cover + before * (1 - cover)
        share = cover / np.maximum(union, 1e-4)
        region += (picture[..., :3] - region) * share[..., None]
        before[:] = union
    rows, columns = np.nonzero(alpha.max(1) > 0.05)[0], np.nonzero(alpha.max(0) > 0.05)[0]
    if len(rows) == 0:
        rows, columns = np.array([0, 1]), np.array([0, 1])
    y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    sheet = np.dstack([colours[y0:y1, x0:x1], alpha[y0:y1, x0:x1]])
    moved = {name: (x - left - float(x0), y - top - float(y0)) for name, (x, y) in (points or {}).items()}
    return Cutout(np.ascontiguousarray(sheet, np.float32), moved, head, grip)


def _region(sheet: Array, picture: Array, corner: tuple[int, int]) -> Array:
    height, width = picture.shape[:2]
    part: Array = sheet[corner[1] : corner[1] + height, corner[0] : corner[0] + width]
    return part


def premultiplied(picture: Array) -> Array:
    """Return an RGBA picture with its colours multiplied by its alpha."""
    return np.dstack([picture[..., :3] * picture[..., 3:], picture[..., 3]])


def unmultiplied(picture: Array) -> Array:
    """Return the inverse of `premultiplied`."""
    alpha = picture[..., 3:]
    return np.dstack([picture[..., :3] / np.maximum(alpha, 1e-3), alpha]).clip(0, 1).astype(np.float32)


def fit(picture: Array, width: int) -> Array:
    """Return an RGBA picture resampled to a width."""
    return resized(picture, width, max(1, round(picture.shape[0] * width / picture.shape[1])))


def resized(picture: Array, width: int, height: int) -> Array:
    """Return an RGBA picture at exactly this size, its proportions aside."""
    return unmultiplied(resize(premultiplied(picture), width, height))


def tilted(picture: Array, degrees: float) -> Array:
    """Return an RGBA picture turned counter-clockwise, on a sheet grown to hold it."""
    image = Image.fromarray((premultiplied(picture) * 255 + 0.5).astype(np.uint8), "RGBA")
    return unmultiplied(to_floats(np.asarray(image.rotate(degrees, Image.Resampling.BICUBIC, expand=True))))


def shaded_under(surface: Array, cover: Array, x: float, y: float, strength: float = 0.30) -> Array:
    """Return an RGBA picture darkened where `cover` (a mask at (x, y)) will lie on it, softly and a little lower."""
    height, width = cover.shape
    spread = max(4, width // 14)
    small = (max(1, width // spread), max(1, height // spread))
    padded = np.pad(cover, spread)
    soft = Image.fromarray(padded).resize((small[0] + 2, small[1] + 2), Image.Resampling.BOX)
    shade = np.asarray(soft.resize((width + 2 * spread, height + 2 * spread), Image.Resampling.BICUBIC), np.float32)
    shaded = surface.copy()
    dark = np.clip(shade, 0, 1) * np.float32(strength)
    black = np.zeros((*dark.shape, 3), np.float32)
    colours = np.ascontiguousarray(shaded[..., :3])
    over(colours, black, dark, round(x) - spread, round(y) - spread + round(0.05 * height))
    shaded[..., :3] = colours
    return shaded
