"""Placing: laying cutouts on a stage, in its light, with shadow, rim, ripples and focus."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .cutout import Cutout
from .pixels import Array, blur, over, smoothstep
from .planting import lit_picture, shadow
from .stage import Draw, Stage, rgba


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a figure stands: foot (x, base) in fractions, height in shorter sides, how far away (0..1).

    shadow: it stands on the ground and darkens it; lift: how far it is above its shadow (a fraction, when it jumps);
    keeps: how much of its own colour it keeps in the dark (0..1); sunk: the share of it that is under water.
    """

    x: float
    base: float
    height: float
    distance: float = 0.02
    mirrored: bool = False
    shadow: bool = True
    lift: float = 0.0
    keeps: float = 0.34
    sunk: float = 0.0


def limit(stage: Stage, figure: Cutout, tall: float, widest: float) -> float:
    """Return a height (shorter sides) at which the figure is not wider than `widest` of the frame."""
    width = tall * stage.unit * figure.width / figure.height
    return float(min(tall * min(1.0, widest * stage.width / width), 0.86 * stage.height / stage.unit))


def put(stage: Stage, figure: Cutout, spot: Spot) -> None:
    """Lay one figure on the stage: shadow first, then the figure in the scene's light with its rim."""
    shown = figure.to_height(max(6, round(spot.height * stage.unit)))
    if spot.mirrored:
        shown = shown.mirrored()
    lit = rimmed(stage, lit_picture(stage, shown.picture, spot.distance, softness=spot.keeps))
    height, width = lit.shape[:2]
    foot_y = round(spot.base * stage.height)
    left, top = round(spot.x * stage.width - width / 2), foot_y - round(spot.lift * stage.height) - height
    if spot.sunk:
        top = foot_y - round(height * (1 - spot.sunk))
        lit = _submerged(stage, lit, spot.sunk)
    elif spot.shadow:
        foot = lit[-max(2, height // 14) :, :, 3].max(0)
        span = float(np.count_nonzero(foot > 0.4))
        shadow(stage, spot.x, spot.base - 0.004, max(width * 0.5, span), strength=0.62 - 0.8 * spot.lift)
    if stage.light.dark > 0.5:
        middle = (top + height / 2) / stage.height
        stage.glow(spot.x, middle, 0.36 * height / stage.unit, stage.light.haze, 0.22)
    over(stage.picture, lit[..., :3], lit[..., 3], left, top)
    near = np.float32(1.0 - 0.8 * spot.distance)
    over(stage.focus, np.full((height, width), near, np.float32), lit[..., 3], left, top)
    over(stage.flow, modelling(lit[..., 3]), (lit[..., 3] > 0.5).astype(np.float32), left, top)
    if spot.sunk:
        ripples(stage, spot.x, spot.base, width / stage.width)


def modelling(alpha: Array) -> Array:
    """Return brushwork that follows a figure's outline around its form: angles (radians)."""
    soft = blur(alpha, max(2.0, 0.08 * min(alpha.shape)))
    down, across = np.gradient(soft)
    around: Array = np.arctan2(across, -down)
    steep = np.hypot(across, down)
    return np.where(steep > 1e-3, around, np.pi / 2).astype(np.float32)


def _submerged(stage: Stage, picture: Array, sunk: float) -> Array:
    """Return a figure whose lower part shows only faintly, as through water."""
    height = picture.shape[0]
    rows = np.arange(height, dtype=np.float32)[:, None]
    line = height * (1 - sunk) + 2.0 * np.sin(np.arange(picture.shape[1], dtype=np.float32) * 40 / stage.unit)[None, :]
    above = smoothstep(3.0, -3.0, rows - line)
    shown = picture.copy()
    shown[..., 3] *= above
    return shown


def ripples(stage: Stage, x: float, y: float, width: float) -> None:
    """Draw rings of light on the water around something `width` (fraction) wide at (x, y)."""
    centre_x, centre_y = x * stage.width, y * stage.height
    light = tuple(0.5 * a + 0.5 * b for a, b in zip(stage.light.horizon, (1.0, 1.0, 1.0), strict=True))

    def draw(pen: Draw) -> None:
        for ring, strength in ((1.12, 0.75), (1.42, 0.45), (1.75, 0.28)):
            reach = 0.5 * width * stage.width * ring
            tall = 0.13 * reach
            box = (centre_x - reach, centre_y - tall, centre_x + reach, centre_y + tall)
            pen.arc(box, 8, 172, rgba((light[0], light[1], light[2]), strength), max(2, round(0.006 * stage.unit)))

    stage.overlay(draw, blur=0.0015 * stage.unit)


def rimmed(stage: Stage, picture: Array) -> Array:
    """Return a figure with light caught on the edge that faces the lamp, and a darker far edge."""
    step = max(2, round(min(0.011 * stage.unit, 0.035 * min(picture.shape[:2]))))
    toward = step if stage.lamp[0] < 0.5 else -step
    alpha = picture[..., 3]
    padded = np.pad(alpha, step)
    lamp_side = padded[
        step - step // 2 : padded.shape[0] - step - step // 2, step - toward : padded.shape[1] - step - toward
    ]
    far_side = padded[step : padded.shape[0] - step, step + toward : padded.shape[1] - step + toward]
    edge = blur(np.clip(alpha - lamp_side, 0, 1), step * 0.45)
    strength = 0.75 if stage.light.dark > 0.5 or stage.light.low else 0.30
    shade = blur(np.clip(alpha - far_side, 0, 1), step * 0.8) * np.float32(0.42)
    colours = picture[..., :3] * (1.0 - shade[..., None])
    colours = colours + np.asarray(stage.light.key, np.float32) * (edge * np.float32(strength))[..., None]
    return np.dstack([np.clip(colours, 0, 1), alpha]).astype(np.float32)


def beam(stage: Stage, x: float, y: float) -> None:
    """Let the light of a lighthouse sweep out to both sides of (x, y) (fractions), and glow."""
    centre_x, centre_y = x * stage.width, y * stage.height

    def draw(pen: Draw) -> None:
        for side in (-1, 1):
            end = centre_x + side * stage.width
            low, high = centre_y + 0.02 * stage.height, centre_y - 0.16 * stage.height
            pen.polygon(
                [(centre_x, centre_y), (end, low + 0.06 * stage.height), (end, high)], rgba((1.0, 0.93, 0.66), 0.34)
            )

    stage.overlay(draw, blur=0.012 * stage.unit)
    stage.glow(x, y, 0.11, (1.0, 0.92, 0.62), 0.75)


def vignette(stage: Stage) -> None:
    """Darken the corners a little."""
    rows = np.linspace(-1, 1, stage.height, dtype=np.float32)[:, None]
    columns = np.linspace(-1, 1, stage.width, dtype=np.float32)[None, :]
    fall = 1.0 - 0.26 * smoothstep(0.75, 1.45, np.hypot(rows, columns))
    stage.picture *= fall[..., None]
