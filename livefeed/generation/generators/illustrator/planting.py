"""Placing vendored pictures in a scene: sized, mirrored, coloured by its light, faded by distance."""

from __future__ import annotations

import numpy as np

from . import art
from .cutout import fit
from .pixels import Array, Colour, mix, over, to_hsv, to_rgb
from .stage import Stage


def lit_picture(stage: Stage, picture: Array, distance: float, *, softness: float = 0.0) -> Array:
    """Return an RGBA picture under the scene's light: its ambient, its key light on one side, its haze.

    softness: 0..1, how much of its own colour it keeps in the dark, so that a subject stays readable.
    """
    light = stage.light
    ambient = np.asarray(light.ambient, np.float32)
    ambient = ambient + (1.0 - ambient) * np.float32(softness)
    height, width = picture.shape[:2]
    side = np.linspace(1.0, -1.0, width, dtype=np.float32)[None, :] * (1.0 if stage.lamp[0] < 0.5 else -1.0)
    down = np.linspace(0.0, 1.0, height, dtype=np.float32)[:, None]
    shade = 1.0 + 0.10 * side - 0.20 * down**2
    colours = picture[..., :3] * ambient * shade[..., None]
    key = np.clip(side * 0.8 + 0.35 - down * 0.5, 0, 1) * (0.22 if light.dark > 0.5 else 0.13)
    if light.low:
        key *= 1.7
    colours = colours + np.asarray(light.key, np.float32) * key[..., None] * (0.35 + picture[..., :3])
    colours = mix(colours.astype(np.float32), light.haze, min(0.95, distance * light.mist))
    return np.dstack([np.clip(colours, 0, 1), picture[..., 3]]).astype(np.float32)


def plant(
    stage: Stage,
    label: str,
    x: float,
    base: float,
    height: float,
    *,
    distance: float = 0.3,
    mirrored: bool = False,
    snowy: float = 0.0,
    focus: float = 0.35,
    tint: Colour | None = None,
) -> None:
    """Set the picture an English word names with its foot at (x, base) (fractions), `height` of the shorter side."""
    picture = art.pixels(art.named(label).code)
    if tint:
        picture = recolour(picture, tint)
    pixels_high = max(4.0, height * stage.unit)
    picture = fit(picture, max(3, round(picture.shape[1] * pixels_high / picture.shape[0])))
    if mirrored:
        picture = picture[:, ::-1]
    if snowy:
        rows = np.linspace(1.0, 0.0, picture.shape[0], dtype=np.float32)[:, None]
        above = np.vstack([np.zeros((3, picture.shape[1]), np.float32), picture[:-3, :, 3]])
        bright = picture[..., :3].max(-1)
        cover = np.clip((bright - 0.30) * 2.2, 0, 1) * (0.35 + 0.65 * rows) + (picture[..., 3] - above).clip(0, 1)
        snow = mix(picture[..., :3], (0.93, 0.96, 1.0), np.clip(cover * snowy, 0, 0.92))
        picture = np.dstack([snow, picture[..., 3]])
    shown = lit_picture(stage, picture, distance)
    left, top = round(x * stage.width - shown.shape[1] / 2), round(base * stage.height - shown.shape[0] + 1)
    over(stage.picture, shown[..., :3], shown[..., 3], left, top)
    over(stage.focus, np.full(shown.shape[:2], focus, np.float32), shown[..., 3] * 0.9, left, top)


def shadow(stage: Stage, x: float, base: float, width: float, *, strength: float = 0.4, tall: float = 0.16) -> None:
    """Darken the ground under something `width` (pixels) wide that stands at (x, base) (fractions)."""
    lean = (0.5 - stage.lamp[0]) * 0.5
    reach_x, reach_y = width * 0.56, width * tall
    centre_x, centre_y = x * stage.width + lean * width, base * stage.height - reach_y * 0.15
    top, bottom = max(0, int(centre_y - 2.4 * reach_y)), min(stage.height, int(centre_y + 2.4 * reach_y) + 1)
    if top >= bottom:
        return
    columns = (np.arange(stage.width, dtype=np.float32)[None, :] - np.float32(centre_x)) / np.float32(reach_x)
    rows = (np.arange(top, bottom, dtype=np.float32)[:, None] - np.float32(centre_y)) / np.float32(reach_y)
    fall = np.exp(-1.6 * (columns**2 + rows**2) ** 1.5) * np.float32(strength)
    region = stage.picture[top:bottom]
    dark = np.asarray(stage.light.top, np.float32) * 0.35
    region += (region * 0.35 + dark * 0.4 - region) * fall[..., None]


def recolour(picture: Array, colour: Colour, strength: float = 1.0) -> Array:
    """Return an RGBA picture with its main hue moved to `colour`; eyes, teeth and greys keep theirs."""
    hsv = to_hsv(picture[..., :3])
    hue, saturation, value = hsv[..., 0], hsv[..., 1], hsv[..., 2]
    solid = picture[..., 3] > 0.5
    weights = np.where(solid & (value > 0.2), saturation * value, 0.0).ravel()
    if weights.sum() < 1.0:
        weights = solid.astype(np.float32).ravel()
    counts = np.bincount((hue.ravel() * 36).astype(np.int64) % 36, weights=weights, minlength=36)
    spread = counts + np.roll(counts, 1) + np.roll(counts, -1)
    main = (float(np.argmax(spread)) + 0.5) / 36
    target = to_hsv(np.asarray(colour, np.float32)[None, None])[0, 0]
    distance = np.abs((hue - main + 0.5) % 1.0 - 0.5)
    chroma = float(counts.sum() / max(1.0, float(solid.sum())))
    near = np.clip((0.19 - distance) / 0.07, 0, 1) if chroma > 0.12 else np.ones_like(hue)
    amount = near * np.clip((value - 0.13) / 0.12, 0, 1) * strength
    typical = float(np.median(value[solid & (near > 0.5)])) if (solid & (near > 0.5)).any() else 0.7
    turned = hsv.copy()
    turned[..., 0] = target[0] + (hue - main + 0.5) % 1.0 - 0.5 if target[1] > 0.08 and chroma > 0.12 else target[0]
    if chroma > 0.12:
        ratio = float(target[1]) / max(0.25, float(np.median(saturation[solid & (near > 0.5)])))
        turned[..., 1] = np.clip(saturation * ratio, 0, 1)
    else:
        turned[..., 1] = np.clip(target[1] * (1.15 - 0.4 * value), 0, 1)
    lift = np.clip(value / max(0.2, typical), 0, 1.5) ** 0.9
    wanted = np.clip(lift * float(target[2]), 0, 1)
    turned[..., 2] = wanted if target[1] < 0.15 or target[2] < 0.5 else 0.35 * value + 0.65 * wanted
    colours = mix(picture[..., :3], to_rgb(turned), amount.astype(np.float32))
    return np.dstack([colours, picture[..., 3]]).astype(np.float32)
