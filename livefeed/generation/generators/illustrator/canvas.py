"""The canvas: paint and its thickness, and the strokes that change it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from .brush import SMALL, flat, tip
from .noise import clouds
from .pixels import Bytes, bands, to_bytes
from .styles import Mark


@dataclass(frozen=True, slots=True)
class Strokes:
    """The strokes of one pass in painting order, one entry per stroke in every array.

    x, y: centre in pixels; angle: index of brush.ANGLES; bend: index of brush.BENDS;
    length: index of the pass's lengths; variant: which of the brush's bristle patterns;
    colour: (n, 3) RGB.
    """

    x: NDArray[np.int32]
    y: NDArray[np.int32]
    angle: NDArray[np.int32]
    bend: NDArray[np.int32]
    length: NDArray[np.int32]
    variant: NDArray[np.int32]
    colour: Bytes

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the canvas with one brush: width and lengths in pixels, opacity 0..1."""

    step: int
    steps: int
    brush: float
    lengths: tuple[float, ...]
    opacity: float
    strokes: Strokes
    mark: Mark = "bristle"


class Painting:
    """A canvas being painted: pass by pass, always the same bytes for the same passes."""

    def __init__(
        self, width: int, height: int, ground: tuple[int, int, int], relief: float, surface: float = 0.0
    ) -> None:
        self.paint = Image.new("RGB", (width, height), ground)
        self._thickness = Image.new("L", (width, height), 96)
        self._relief = relief
        self._grain = grain(width, height, surface) if surface else None

    def apply(self, layer: Pass) -> None:
        """Lay the strokes of one pass on the canvas, in their order."""
        if layer.mark == "square":
            self._set_squares(layer)
            return
        paste, raise_paint = self.paint.paste, self._thickness.paste
        s = layer.strokes
        rows = zip(
            s.x.tolist(),
            s.y.tolist(),
            s.angle.tolist(),
            s.bend.tolist(),
            s.length.tolist(),
            s.variant.tolist(),
            map(tuple, s.colour.tolist()),
            strict=True,
        )
        for x, y, angle, bend, length, variant, colour in rows:
            mark = tip(layer.brush, layer.lengths[length], bend, variant, layer.opacity, angle, layer.mark)
            width, height = mark.alpha.size
            corner = (x - width // 2, y - height // 2)
            paste(colour, (*corner, corner[0] + width, corner[1] + height), mark.alpha)
            if self._relief:
                raise_paint(mark.relief, corner, mark.alpha)
        if layer.brush > SMALL:  # no other pass has brushes of this width, and they take much room
            flat.cache_clear()

    def _set_squares(self, layer: Pass) -> None:
        s, half = layer.strokes, round(layer.brush) // 2
        side = round(layer.brush)
        for x, y, colour in zip(s.x.tolist(), s.y.tolist(), map(tuple, s.colour.tolist()), strict=True):
            self.paint.paste(colour, (x - half, y - half, x - half + side, y - half + side))

    def image(self) -> Image.Image:
        """Return the canvas as it is seen: the paint, with light from the upper left on its ridges or on the paper."""
        if self._grain is not None:
            return ImageChops.multiply(self.paint, self._grain)
        if not self._relief:
            return self.paint.copy()
        paint, shown = np.asarray(self.paint), np.empty((self.paint.height, self.paint.width, 3), np.uint8)
        thickness = np.asarray(self._thickness)
        for band in bands(len(paint)):
            above = max(0, band.start - 1)
            thick = thickness[above : band.stop].astype(np.int16)
            slope = np.zeros_like(thick)
            slope[1:, 1:] = 2 * thick[1:, 1:] - thick[:-1, 1:] - thick[1:, :-1]
            light = np.clip(slope[band.start - above :], -60, 60) * np.float32(self._relief / 255.0)
            colours = paint[band].astype(np.float32)
            lit = colours * (1.0 + 0.55 * light[..., None]) + 18.0 * np.maximum(light, 0.0)[..., None]
            shown[band] = np.clip(lit + 0.5, 0, 255)
        return Image.fromarray(shown, "RGB")


@lru_cache(maxsize=4)
def grain(width: int, height: int, strength: float) -> Image.Image:
    """Return what the grain of paper darkens: an RGB image to multiply by, always the same for the same size."""
    random = np.random.default_rng([width, height])
    fine = random.random((height, width), dtype=np.float32)
    soft = np.asarray(Image.fromarray(to_bytes(fine)).filter(ImageFilter.GaussianBlur(0.9)), np.float32) / 255
    slope = np.zeros_like(soft)
    slope[1:, 1:] = 2 * soft[1:, 1:] - soft[:-1, 1:] - soft[1:, :-1]
    large = clouds(random, width, height, 24, octaves=2)
    shade = 1.0 - np.float32(strength) * (0.05 + 0.16 * np.clip(slope, -0.6, 0.6) + 0.05 * (large - 0.5))
    return Image.fromarray(to_bytes(shade.astype(np.float32)), "L").convert("RGB")
