"""One vanishing point: where things lie that recede from the frame towards it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..pixels import Colour
from ..stage import Draw, Stage, rgba

Place = tuple[float, float, float]
"""x and y as they would be at the frame (fractions of it, may lie outside), and how deep the place lies behind it."""


@dataclass(frozen=True, slots=True)
class Perspective:
    """The view from the frame to the vanishing point (x, y), fractions; depth 1 is half way there, 3 three quarters."""

    stage: Stage
    x: float
    y: float

    def at(self, place: Place) -> tuple[float, float]:
        """Return the pixel at which a place is seen."""
        x, y, depth = place
        near = 1.0 / (1.0 + depth)
        return (
            (self.x + (x - self.x) * near) * self.stage.width,
            (self.y + (y - self.y) * near) * self.stage.height,
        )

    def shape(self, pen: Draw, places: Sequence[Place], colour: Colour, alpha: float = 1.0) -> None:
        """Fill the polygon between places."""
        pen.polygon([self.at(place) for place in places], rgba(colour, alpha))

    def band(
        self, pen: Draw, near: tuple[float, float], far: tuple[float, float], depths: tuple[float, float],
        colour: Colour, alpha: float = 1.0,
    ) -> None:  # fmt: skip
        """Fill what lies between the lines that recede from two points, from one depth to another."""
        first, last = depths
        places = [(*near, first), (*far, first), (*far, last), (*near, last)]
        self.shape(pen, places, colour, alpha)

    def upright(
        self,
        pen: Draw,
        x: float,
        heights: tuple[float, float],
        depths: tuple[float, float],
        colour: Colour,
        alpha: float = 1.0,
    ) -> None:
        """Fill a part of a wall that recedes from the frame at `x`, between two heights and two depths."""
        (top, low), (near, far) = heights, depths
        self.shape(pen, [(x, low, near), (x, top, near), (x, top, far), (x, low, far)], colour, alpha)

    def line(self, pen: Draw, start: Place, end: Place, colour: Colour, width: float) -> None:
        """Draw a line `width` (of the shorter side, at the frame) between two places, as thin as it is far."""
        depth = (start[2] + end[2]) / 2
        pixels = max(1, round(width * self.stage.unit / (1.0 + depth)))
        pen.line((*self.at(start), *self.at(end)), fill=rgba(colour), width=pixels)

    def size(self, depth: float) -> float:
        """Return how long the shorter side of the frame is in pixels at a depth."""
        return self.stage.unit / (1.0 + depth)

    def lit(self, colour: Colour, depth: float, *, air: float = 0.75) -> Colour:
        """Return a colour under the scene's light as it fades with depth; air: how much it fades at the most."""
        return self.stage.lit(colour, air * depth / (depth + 2.0))
