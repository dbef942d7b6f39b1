"""The light of a scene: the colours of the sky, what they do to things, and what shines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .pixels import Colour, blend_colour, scaled

Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Light:
    """Colours of one hour.

    top, middle, horizon: the sky; ambient: multiplies what is lit; key: the sun's or moon's own light;
    haze: what distance fades to; mist: how fast (0..1); dark: 0 by day, 1 by night.
    """

    hour: str
    top: Colour
    middle: Colour
    horizon: Colour
    ambient: Colour
    key: Colour
    mist: float
    dark: float

    @property
    def haze(self) -> Colour:
        """The colour that far things take on."""
        return blend_colour(self.horizon, self.middle, 0.35)


HOURS: dict[str, tuple[Light, ...]] = {
    "day": (
        Light("day", (0.22, 0.47, 0.80), (0.48, 0.72, 0.93), (0.86, 0.93, 0.93),
              (1.0, 0.99, 0.96), (1.0, 0.96, 0.82), 0.55, 0.0),
        Light("day", (0.25, 0.58, 0.78), (0.56, 0.80, 0.88), (0.96, 0.94, 0.82),
              (1.0, 0.98, 0.93), (1.0, 0.93, 0.74), 0.50, 0.0),
        Light("day", (0.36, 0.52, 0.82), (0.66, 0.78, 0.95), (0.97, 0.90, 0.88),
              (1.0, 0.97, 0.96), (1.0, 0.94, 0.84), 0.60, 0.0),
    ),
    "dawn": (
        Light("dawn", (0.40, 0.50, 0.78), (0.90, 0.70, 0.76), (1.0, 0.88, 0.70),
              (0.98, 0.90, 0.90), (1.0, 0.84, 0.66), 0.75, 0.1),
        Light("dawn", (0.36, 0.58, 0.74), (0.80, 0.80, 0.78), (1.0, 0.84, 0.66),
              (0.97, 0.93, 0.90), (1.0, 0.88, 0.66), 0.75, 0.1),
    ),
    "sunset": (
        Light("sunset", (0.30, 0.20, 0.46), (0.84, 0.40, 0.44), (1.0, 0.74, 0.38),
              (1.0, 0.80, 0.70), (1.0, 0.72, 0.36), 0.62, 0.25),
        Light("sunset", (0.20, 0.26, 0.52), (0.92, 0.50, 0.40), (1.0, 0.82, 0.46),
              (1.0, 0.82, 0.70), (1.0, 0.76, 0.42), 0.62, 0.25),
        Light("sunset", (0.42, 0.22, 0.50), (0.96, 0.46, 0.50), (1.0, 0.70, 0.50),
              (1.0, 0.78, 0.74), (1.0, 0.70, 0.48), 0.62, 0.25),
    ),
    "dusk": (
        Light("dusk", (0.13, 0.14, 0.36), (0.42, 0.32, 0.58), (0.94, 0.60, 0.56),
              (0.74, 0.66, 0.84), (1.0, 0.72, 0.62), 0.6, 0.6),
    ),
    "night": (
        Light("night", (0.035, 0.05, 0.17), (0.09, 0.13, 0.34), (0.27, 0.33, 0.56),
              (0.50, 0.57, 0.88), (0.96, 0.94, 0.82), 0.62, 1.0),
        Light("night", (0.03, 0.07, 0.17), (0.06, 0.19, 0.34), (0.22, 0.40, 0.52),
              (0.47, 0.62, 0.82), (0.94, 0.96, 0.84), 0.62, 1.0),
        Light("night", (0.07, 0.04, 0.19), (0.18, 0.12, 0.38), (0.40, 0.30, 0.56),
              (0.56, 0.53, 0.86), (1.0, 0.92, 0.82), 0.62, 1.0),
    ),
}  # fmt: skip


def light_for(hour: str, weather: frozenset[str], random: Random) -> Light:
    """Return the light of an hour under some weather; `random` picks among palettes."""
    choices = HOURS[hour]
    light = choices[int(random.integers(len(choices)))]
    if weather & {"rain", "storm"}:
        grey = (0.40, 0.45, 0.52) if light.dark < 0.5 else (0.14, 0.17, 0.25)
        light = replace(
            light,
            top=blend_colour(light.top, scaled(grey, 0.62), 0.68),
            middle=blend_colour(light.middle, grey, 0.62),
            horizon=blend_colour(light.horizon, scaled(grey, 1.5), 0.5),
            ambient=blend_colour(light.ambient, (0.66, 0.72, 0.80), 0.55),
            mist=min(1.0, light.mist + 0.15),
        )
    if "fog" in weather:
        veil = blend_colour(light.horizon, light.middle, 0.4)
        light = replace(
            light,
            top=blend_colour(light.top, veil, 0.62),
            middle=blend_colour(light.middle, veil, 0.75),
            ambient=blend_colour(light.ambient, veil, 0.25),
            mist=1.0,
        )
    return light
