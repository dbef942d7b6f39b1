"""What stands in for a picture before it has loaded: thumbhash and palette. Pure."""

from __future__ import annotations

import base64
import colorsys
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

THUMBHASH_SIDE: Final = 100
PALETTE_SIDE: Final = 96
PALETTE_COLOURS: Final = 6
SMALLEST_WAVE: Final = 1e-9
"""What is smaller is rounding error: a flat channel has no waves."""

Floats = NDArray[np.float64]


def palette(image: Image.Image) -> tuple[str, ...]:
    """Return six #rrggbb of an RGB picture, ordered by hue, then from dark to light.

    A picture with fewer colours has some of them more than once.
    """
    small = image.copy()
    small.thumbnail((PALETTE_SIDE, PALETTE_SIDE), Image.Resampling.BOX, reducing_gap=1.0)
    flat = small.quantize(PALETTE_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).convert("RGB")
    distinct = np.unique(np.asarray(flat).reshape(-1, 3), axis=0).tolist()
    colours = [distinct[place % len(distinct)] for place in range(PALETTE_COLOURS)]
    return tuple("#{:02x}{:02x}{:02x}".format(*colour) for colour in sorted(colours, key=_hue_then_lightness))


def _hue_then_lightness(colour: list[int]) -> tuple[float, float]:
    red, green, blue = (value / 255 for value in colour)
    hue, lightness, _ = colorsys.rgb_to_hls(red, green, blue)
    return hue, lightness


def thumbhash(image: Image.Image) -> str:
    """Return the thumbhash of an RGB picture, in base64.

    The reference sums cosines pixel by pixel; here each channel is two small matrix products, so that other
    threads go on running. Source: github.com/evanw/thumbhash, rgbaToThumbHash.
    """
    small = image.copy()
    small.thumbnail((THUMBHASH_SIDE, THUMBHASH_SIDE), Image.Resampling.BOX, reducing_gap=2.0)
    red, green, blue = np.moveaxis(np.asarray(small, dtype=np.float64) / 255, 2, 0)
    wide, high = (max(1, round(7 * side / max(small.size))) for side in small.size)
    light, light_waves, light_scale = _channel((red + green + blue) / 3, max(3, wide), max(3, high))
    yellow, yellow_waves, yellow_scale = _channel((red + green) / 2 - blue, 3, 3)
    rose, rose_waves, rose_scale = _channel(red - green, 3, 3)
    landscape = small.width > small.height
    header = (
        round(63 * light)
        | round(31.5 + 31.5 * yellow) << 6
        | round(31.5 + 31.5 * rose) << 12
        | round(31 * light_scale) << 18
        | (high if landscape else wide) << 24
        | round(63 * yellow_scale) << 27
        | round(63 * rose_scale) << 33
        | landscape << 39
    ).to_bytes(5, "little")
    return base64.b64encode(header + _nibbles(light_waves + yellow_waves + rose_waves)).decode()


def _channel(values: Floats, wide: int, high: int) -> tuple[float, list[float], float]:
    """Return a channel's mean, its lowest waves as 0..1, and the scale to multiply them by."""
    waves = _cosines(values.shape[0], high) @ values @ _cosines(values.shape[1], wide).T / values.size
    kept = [
        float(waves[row, column])
        for row in range(high)
        for column in range(wide)
        if column * high < wide * (high - row)
    ]
    mean, rest = kept[0], kept[1:]
    scale = max(map(abs, rest))
    if scale < SMALLEST_WAVE:
        return mean, [0.5] * len(rest), 0.0
    return mean, [0.5 + 0.5 / scale * wave for wave in rest], scale


def _cosines(length: int, count: int) -> Floats:
    places = np.arange(length) + 0.5
    table: Floats = np.cos(np.pi / length * np.outer(np.arange(count), places))
    table[length:] = 0  # so few points have no such waves: they would see their mean in them
    return table


def _nibbles(waves: list[float]) -> bytes:
    """Return values of 0..1 as 4 bits each, the first one in the low half of a byte."""
    levels = [round(15 * wave) for wave in waves]
    if len(levels) % 2:
        levels.append(0)
    return bytes(low | high << 4 for low, high in zip(levels[::2], levels[1::2], strict=True))
