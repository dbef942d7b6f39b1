"""Arithmetic on pictures: float32 arrays in 0..1, colours (H, W, 3), masks (H, W)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Array = NDArray[np.float32]
Bytes = NDArray[np.uint8]
Colour = tuple[float, float, float]

LUMA = np.array([0.299, 0.587, 0.114], np.float32)


BAND = 64
"""Rows that are worked on at a time where whole pictures would take too much memory."""


def bands(height: int) -> Iterator[slice]:
    """Return the rows of a picture in bands: what is done to every pixel by itself is done to one after the other."""
    return (slice(top, min(top + BAND, height)) for top in range(0, height, BAND))


def to_bytes(picture: Array) -> Bytes:
    """Return a float picture or mask as uint8, clipped and rounded."""
    if picture.ndim < 2 or len(picture) <= BAND:
        return (np.clip(picture, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    result = np.empty(picture.shape, np.uint8)
    for band in bands(len(picture)):
        result[band] = np.clip(picture[band], 0.0, 1.0) * 255.0 + 0.5
    return result


def to_floats(picture: Bytes) -> Array:
    """Return a uint8 picture or mask as float32 in 0..1."""
    return picture.astype(np.float32) * np.float32(1 / 255)


def blur(picture: Array, radius: float) -> Array:
    """Blur a picture or a mask by a Gaussian of `radius` pixels, at 8 bits per channel."""
    return to_floats(blur_bytes(picture, radius))


def blur_bytes(picture: Array, radius: float) -> Bytes:
    """Return what `blur` does as bytes, which take a quarter of the room."""
    return np.asarray(Image.fromarray(to_bytes(picture)).filter(ImageFilter.GaussianBlur(radius)))


def mix(a: Array, b: Array | Colour, amount: Array | float) -> Array:
    """Return `a` moved towards `b` by `amount`; a mask amount is spread over the colour channels."""
    other = np.asarray(b, np.float32)
    weight = np.asarray(amount, np.float32)
    if weight.ndim == 2 and a.ndim == 3:
        weight = weight[..., None]
    result: Array = np.subtract(other, a, dtype=np.float32)
    if weight.shape == result.shape[: weight.ndim] or weight.shape == (*result.shape[:-1], 1):
        result *= weight  # in place: these are the largest arrays there are
        result += a
        return result
    broadcast: Array = a + result * weight
    return broadcast


def blend_colour(a: Colour, b: Colour, amount: float) -> Colour:
    """Return the colour `amount` of the way from `a` to `b`."""
    return (
        a[0] + (b[0] - a[0]) * amount,
        a[1] + (b[1] - a[1]) * amount,
        a[2] + (b[2] - a[2]) * amount,
    )


def scaled(colour: Colour, factor: float) -> Colour:
    """Return a colour with its brightness multiplied, clipped to 1."""
    return (min(1.0, colour[0] * factor), min(1.0, colour[1] * factor), min(1.0, colour[2] * factor))


def smoothstep(low: float, high: float, value: Array | NDArray[np.float64]) -> Array:
    """Return 0 below `low`, 1 above `high`, and the usual smooth cubic between (either may be larger)."""
    if value.ndim == 2 and len(value) > BAND:
        result = np.empty(value.shape, np.float32)
        for band in bands(len(value)):
            result[band] = smoothstep(low, high, value[band])
        return result
    t = np.clip((value - np.float32(low)) / np.float32(high - low), 0.0, 1.0)
    eased: Array = (t * t * (3.0 - 2.0 * t)).astype(np.float32)
    return eased


def luminance(picture: Array) -> Array:
    """Return the brightness of a colour picture as a mask."""
    result: Array = picture @ LUMA
    return result


def saturate(picture: Array, factor: float) -> Array:
    """Move every colour away from (factor > 1) or towards (factor < 1) its own grey."""
    result = np.empty(picture.shape, np.float32)
    for band in bands(len(picture)):
        grey = luminance(picture[band])[..., None]
        np.clip(grey + (picture[band] - grey) * np.float32(factor), 0.0, 1.0, out=result[band])
    return result


def to_hsv(picture: Array) -> Array:
    """Return hue, saturation and value, each in 0..1."""
    high, low = picture.max(-1), picture.min(-1)
    spread = high - low
    safe = np.where(spread > 1e-6, spread, 1.0)
    red, green, blue = picture[..., 0], picture[..., 1], picture[..., 2]
    hue = np.where(
        high == red,
        (green - blue) / safe,
        np.where(high == green, 2.0 + (blue - red) / safe, 4.0 + (red - green) / safe),
    )
    hue = np.where(spread > 1e-6, (hue / 6.0) % 1.0, 0.0)
    saturation = np.where(high > 1e-6, spread / np.where(high > 1e-6, high, 1.0), 0.0)
    return np.stack([hue, saturation, high], -1).astype(np.float32)


def to_rgb(hsv: Array) -> Array:
    """Return the colours of hue, saturation and value in 0..1 (hue wraps)."""
    hue = (hsv[..., 0] % 1.0)[..., None] * 6.0
    offsets = np.array([5.0, 3.0, 1.0], np.float32)
    k = (offsets + hue) % 6.0
    ramp = np.clip(np.minimum(k, 4.0 - k), 0.0, 1.0)
    value, saturation = hsv[..., 2:3], hsv[..., 1:2]
    result: Array = (value - value * saturation * ramp).astype(np.float32)
    return result


def hue_colour(hue: float, saturation: float, value: float) -> Colour:
    """Return one colour from hue, saturation and value in 0..1."""
    red, green, blue = (float(c) for c in to_rgb(np.array([[hue, saturation, value]], np.float32))[0])
    return (red, green, blue)


def over(base: Array, colours: Array, alpha: Array, x: int, y: int) -> None:
    """Lay a coloured patch with its alpha on `base` in place, its corner at (x, y), cut at the edges."""
    height, width = alpha.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(base.shape[1], x + width), min(base.shape[0], y + height)
    if left >= right or top >= bottom:
        return
    a = alpha[top - y : bottom - y, left - x : right - x]
    patch = colours[top - y : bottom - y, left - x : right - x]
    region = base[top:bottom, left:right]
    if region.ndim == 3:
        a = a[..., None]
    region += (patch - region) * a


def resize(picture: Array, width: int, height: int) -> Array:
    """Resample a picture or mask; RGBA should be premultiplied by its alpha before."""
    image = Image.fromarray(to_bytes(picture))
    return to_floats(np.asarray(image.resize((width, height), Image.Resampling.LANCZOS)))
