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
    def low(self) -> bool:
        """True while the sun stands low and lights things from the side."""
        return self.hour in LOW

    @property
    def haze(self) -> Colour:
        """The colour that far things take on."""
        return blend_colour(self.horizon, self.middle, 0.35)


LOW = frozenset(["dawn", "golden", "sunset", "dusk"])
HOURS: dict[str, tuple[Light, ...]] = {
    "day": (
        Light("day", (0.22, 0.47, 0.80), (0.48, 0.72, 0.93), (0.86, 0.93, 0.93),
              (1.0, 0.99, 0.96), (1.0, 0.96, 0.82), 0.55, 0.0),
        Light("day", (0.25, 0.58, 0.78), (0.56, 0.80, 0.88), (0.96, 0.94, 0.82),
              (1.0, 0.98, 0.93), (1.0, 0.93, 0.74), 0.50, 0.0),
        Light("day", (0.36, 0.52, 0.82), (0.66, 0.78, 0.95), (0.97, 0.90, 0.88),
              (1.0, 0.97, 0.96), (1.0, 0.94, 0.84), 0.60, 0.0),
    ),
    "noon": (
        Light("noon", (0.08, 0.36, 0.78), (0.30, 0.63, 0.93), (0.76, 0.90, 0.96),
              (1.06, 1.03, 0.96), (1.0, 0.98, 0.88), 0.40, 0.0),
        Light("noon", (0.10, 0.42, 0.74), (0.36, 0.70, 0.90), (0.86, 0.94, 0.88),
              (1.06, 1.03, 0.94), (1.0, 0.97, 0.82), 0.40, 0.0),
    ),
    "golden": (
        Light("golden", (0.44, 0.56, 0.72), (0.90, 0.76, 0.56), (1.0, 0.88, 0.56),
              (1.05, 0.88, 0.64), (1.0, 0.80, 0.40), 0.66, 0.12),
        Light("golden", (0.52, 0.54, 0.62), (0.96, 0.74, 0.46), (1.0, 0.86, 0.52),
              (1.05, 0.86, 0.60), (1.0, 0.78, 0.36), 0.70, 0.12),
    ),
    "overcast": (
        Light("overcast", (0.56, 0.60, 0.66), (0.70, 0.74, 0.78), (0.84, 0.86, 0.87),
              (0.82, 0.85, 0.89), (0.92, 0.94, 0.96), 0.72, 0.0),
        Light("overcast", (0.52, 0.55, 0.60), (0.66, 0.69, 0.72), (0.82, 0.82, 0.80),
              (0.84, 0.84, 0.85), (0.94, 0.93, 0.91), 0.72, 0.0),
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
    "moonlight": (
        Light("moonlight", (0.07, 0.13, 0.30), (0.20, 0.32, 0.54), (0.52, 0.64, 0.78),
              (0.58, 0.68, 0.90), (0.94, 0.97, 1.0), 0.68, 0.92),
        Light("moonlight", (0.06, 0.16, 0.28), (0.16, 0.36, 0.48), (0.50, 0.70, 0.74),
              (0.56, 0.72, 0.84), (0.92, 1.0, 0.96), 0.68, 0.92),
    ),
    "candle": (
        Light("candle", (0.08, 0.05, 0.12), (0.22, 0.12, 0.18), (0.56, 0.30, 0.22),
              (0.80, 0.60, 0.48), (1.0, 0.78, 0.42), 0.55, 0.9),
    ),
    "neon": (
        Light("neon", (0.05, 0.02, 0.16), (0.26, 0.06, 0.40), (0.92, 0.24, 0.62),
              (0.58, 0.48, 0.92), (0.30, 0.92, 1.0), 0.60, 0.85),
        Light("neon", (0.02, 0.04, 0.18), (0.10, 0.14, 0.46), (0.60, 0.22, 0.78),
              (0.50, 0.52, 0.95), (1.0, 0.36, 0.76), 0.60, 0.85),
    ),
    "eclipse": (
        Light("eclipse", (0.06, 0.06, 0.14), (0.20, 0.19, 0.30), (0.78, 0.48, 0.34),
              (0.60, 0.58, 0.68), (1.0, 0.86, 0.66), 0.60, 0.82),
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
    if "dust" in weather:
        sand = (0.86, 0.62, 0.36) if light.dark < 0.5 else (0.34, 0.22, 0.18)
        light = replace(
            light,
            top=blend_colour(light.top, scaled(sand, 0.8), 0.70),
            middle=blend_colour(light.middle, sand, 0.72),
            horizon=blend_colour(light.horizon, scaled(sand, 1.1), 0.72),
            ambient=blend_colour(light.ambient, (0.96, 0.78, 0.58), 0.5),
            mist=0.95,
        )
    if weather & {"clouds", "hail", "tornado"} and light.hour in ("day", "noon"):
        light = replace(
            light,
            top=blend_colour(light.top, (0.44, 0.50, 0.58), 0.45 if "clouds" in weather else 0.75),
            middle=blend_colour(light.middle, (0.62, 0.67, 0.72), 0.40 if "clouds" in weather else 0.70),
            ambient=blend_colour(light.ambient, (0.84, 0.87, 0.92), 0.5),
        )
    if "fog" in weather:
        veil = blend_colour(light.horizon, light.middle, 0.4)
        light = replace(
            light,
            top=blend_colour(light.top, veil, 0.62),
            middle=blend_colour(light.middle, veil, 0.75),
            ambient=blend_colour(light.ambient, veil, 0.25),
            mist=0.9,
        )
    return light
