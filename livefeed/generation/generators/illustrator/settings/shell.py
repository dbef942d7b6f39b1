"""The empty room that halls and chambers begin with: floor, walls and ceiling in one-point perspective."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..light import Light
from ..noise import clouds
from ..pixels import Colour, blend_colour, scaled
from ..stage import Draw, Stage, rgba
from .inside import lamplight
from .perspective import Perspective

FRONT_TOP, FRONT_FLOOR = -0.12, 1.12
"""Where ceiling and floor meet the walls at the frame (fractions of the height; outside of it)."""


@dataclass(frozen=True, slots=True)
class Shell:
    """A room: its view, how deep its back wall lies, half its width at the frame, the light outside its windows."""

    view: Perspective
    depth: float
    half: float
    outside: Light

    @property
    def west(self) -> float:
        """Where the left wall would meet the frame (a fraction of its width)."""
        return 0.5 - self.half

    @property
    def east(self) -> float:
        """Where the right wall would meet the frame."""
        return 0.5 + self.half

    @property
    def left(self) -> float:
        """The left edge of the back wall in pixels."""
        return self.view.at((self.west, 0.5, self.depth))[0]

    @property
    def right(self) -> float:
        """The right edge of the back wall in pixels."""
        return self.view.at((self.east, 0.5, self.depth))[0]

    @property
    def top(self) -> float:
        """The upper edge of the back wall in pixels."""
        return self.view.at((0.5, FRONT_TOP, self.depth))[1]

    @property
    def floor(self) -> float:
        """The lower edge of the back wall in pixels."""
        return self.view.at((0.5, FRONT_FLOOR, self.depth))[1]


def build(
    stage: Stage,
    wall: Colour,
    floor: Colour,
    ceiling: Colour,
    *,
    depth: float = 1.0,
    half: float = 0.5,
    eye: float = 0.46,
) -> Shell:
    """Build a room of three colours; depth: how far its back wall lies; half: half its width at the frame (fraction);
    eye: the height of the vanishing point.
    """
    outside = lamplight(stage)
    shell = Shell(Perspective(stage, 0.5, eye), depth, half, outside)
    view = shell.view

    def draw(pen: Draw) -> None:
        near, back = stage.lit(wall), blend_colour(stage.lit(scaled(wall, 1.05)), stage.light.key, 0.08)
        lit = -stage.lampward
        view.band(pen, (shell.west, FRONT_TOP), (shell.east, FRONT_TOP), (0.0, depth), stage.lit(ceiling))
        view.band(
            pen,
            (shell.west, FRONT_TOP),
            (shell.west, FRONT_FLOOR),
            (0.0, depth),
            scaled(near, 0.94 if lit < 0 else 0.74),
        )
        view.band(
            pen,
            (shell.east, FRONT_TOP),
            (shell.east, FRONT_FLOOR),
            (0.0, depth),
            scaled(near, 0.94 if lit > 0 else 0.74),
        )
        view.band(pen, (shell.west, FRONT_FLOOR), (shell.east, FRONT_FLOOR), (0.0, depth), stage.lit(floor))
        pen.rectangle((shell.left, shell.top, shell.right, shell.floor), rgba(back))

    stage.picture[:] = stage.lit(wall)
    stage.overlay(draw, blur=0.6)
    plaster = clouds(stage.random("shellplaster"), stage.width, stage.height, 4, octaves=4)
    stage.picture *= (0.95 + 0.10 * plaster)[..., None].astype(np.float32)
    stage.flow[:] = (plaster - 0.5) * np.float32(1.4)
    stage.horizon = shell.floor / stage.height
    stage.ground, stage.back, stage.air = 0.90, min(0.86, shell.floor / stage.height + 0.06), 0.42
    return shell


def checkered(stage: Stage, shell: Shell, one: Colour, other: Colour, *, columns: int = 10, rows: int = 9) -> None:
    """Lay the floor with tiles of two colours."""
    view = shell.view

    def draw(pen: Draw) -> None:
        for row in range(rows):
            first, last = (shell.depth * ((row + k) / rows) ** 1.5 for k in (0, 1))
            for column in range(columns):
                colour = one if (row + column) % 2 else other
                left, right = (shell.west + 2 * shell.half * k / columns for k in (column, column + 1))
                view.band(
                    pen,
                    (left, FRONT_FLOOR),
                    (right, FRONT_FLOOR),
                    (first, last),
                    stage.lit(colour, 0.25 * first / shell.depth),
                )

    stage.overlay(draw, blur=0.6)


def boarded(stage: Stage, shell: Shell, wood: Colour, *, count: int = 15) -> None:
    """Lay the floor with boards that run away from the viewer."""
    view, random = shell.view, stage.random("boarded")

    def draw(pen: Draw) -> None:
        for i in range(count):
            left, right = shell.west + 2 * shell.half * i / count, shell.west + 2 * shell.half * (i + 1) / count - 0.004
            cut = shell.depth * (0.15 + 0.6 * random.random())
            for first, last in ((0.0, cut), (cut + 0.01, shell.depth)):
                tone = scaled(stage.lit(wood), 0.82 + 0.30 * random.random())
                view.band(pen, (left, FRONT_FLOOR), (right, FRONT_FLOOR), (first, last), tone)

    stage.overlay(draw, blur=0.6)


def panes(
    stage: Stage, shell: Shell, left: float, top: float, right: float, bottom: float, *, columns: int, rows: int
) -> None:
    """Open a window on the sky in the back wall (pixels), divided by bars; its light falls into the room."""
    outside = shell.outside
    x0, y0, x1, y1 = max(0, int(left)), max(0, int(top)), min(stage.width, int(right)), min(stage.height, int(bottom))
    if x1 <= x0 or y1 <= y0:
        return
    t = np.linspace(0, 1, y1 - y0, dtype=np.float32)[:, None, None]
    sky = np.asarray(outside.top, np.float32) * (1 - t) + np.asarray(outside.horizon, np.float32) * t
    stage.picture[y0:y1, x0:x1] = sky
    random = stage.random(f"panes{x0}")

    def draw(pen: Draw) -> None:
        if outside.dark > 0.5:
            for _ in range(14):
                sx, sy = x0 + (x1 - x0) * random.random(), y0 + (y1 - y0) * 0.7 * random.random()
                pen.ellipse((sx - 1, sy - 1, sx + 1, sy + 1), rgba((0.96, 0.95, 0.88)))
        hill = scaled(blend_colour(outside.middle, (0.20, 0.38, 0.24), 0.6), 0.95)
        bumps = [(x0 + (x1 - x0) * i / 6, y1 - (y1 - y0) * (0.10 + 0.16 * random.random())) for i in range(7)]
        pen.polygon([(x0, y1), *bumps, (x1, y1)], rgba(hill))
        frame, bar = rgba(stage.lit((0.92, 0.89, 0.83))), max(2, int(stage.unit * 0.008))
        for i in range(columns + 1):
            x = x0 + (x1 - x0) * i / columns
            pen.line((x, y0, x, y1), fill=frame, width=bar)
        for i in range(rows + 1):
            y = y0 + (y1 - y0) * i / rows
            pen.line((x0, y, x1, y), fill=frame, width=bar)

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)
    middle = ((x0 + x1) / 2 / stage.width, (y0 + y1) / 2 / stage.height)
    stage.glow(*middle, (x1 - x0) / stage.unit * 0.8, outside.horizon, 0.26)
    stage.lamp = middle
