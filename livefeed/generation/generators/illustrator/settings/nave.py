"""Inside a church."""

from __future__ import annotations

import numpy as np

from ..asked import Asked
from ..pixels import hue_colour, scaled
from ..planting import plant
from ..stage import Draw, Stage, rgba
from .forms import box, dot
from .shell import FRONT_FLOOR, Shell, build, checkered
from .vaults import DEPTHS


def church(stage: Stage, asked: Asked) -> None:
    """A nave of pointed arches, a rose window and stained glass whose colours lie on the floor, rows of pews."""
    shell = build(stage, (0.66, 0.60, 0.54), (0.56, 0.52, 0.50), (0.40, 0.37, 0.38), depth=2.2, eye=0.56)
    stage.span = (0.24, 0.76)
    checkered(stage, shell, (0.66, 0.62, 0.58), (0.52, 0.47, 0.45), columns=12, rows=14)
    rose_window(stage, shell)
    nave(stage, shell)
    pews(stage, shell)
    random = stage.random("colouredlight")
    for _ in range(10):
        x, y = 0.30 + 0.40 * random.random(), 0.78 + 0.18 * random.random()
        stage.glow(x, y, 0.035, hue_colour(random.random(), 0.7, 1.0), 0.16 if stage.dark else 0.30)
    for x in (0.36, 0.64):
        plant(stage, "candle", x, shell.floor / stage.height + 0.05, 0.11, distance=0.05)
        stage.glow(x, shell.floor / stage.height - 0.05, 0.10, (1.0, 0.80, 0.44), 0.5)


def rose_window(stage: Stage, shell: Shell) -> None:
    """Set a rose of coloured glass and two lancets into the back wall."""
    cx, wide, high = (shell.left + shell.right) / 2, shell.right - shell.left, shell.floor - shell.top
    cy, size = shell.top + high * 0.36, wide * 0.30
    random = stage.random("rose")
    bright = 0.62 if stage.dark else 1.0

    def draw(pen: Draw) -> None:
        stone = stage.lit((0.46, 0.42, 0.40))
        dot(pen, cx, cy, size * 1.12, size * 1.12, stone)
        for ring, count, hue in ((1.0, 16, 0.60), (0.70, 12, 0.98), (0.40, 8, 0.12)):
            for i in range(count):
                start = 360 * i / count
                colour = hue_colour(hue + 0.10 * random.random(), 0.72, bright * (0.75 + 0.25 * random.random()))
                pen.pieslice(
                    (cx - size * ring, cy - size * ring, cx + size * ring, cy + size * ring),
                    start + 2,
                    start + 360 / count - 2,
                    fill=rgba(colour),
                )
            pen.ellipse(
                (cx - size * ring, cy - size * ring, cx + size * ring, cy + size * ring),
                outline=rgba(scaled(stone, 0.6)),
                width=max(2, int(size * 0.05)),
            )
        dot(pen, cx, cy, size * 0.15, size * 0.15, (1.0, 0.92, 0.62))
        for side in (-1, 1):
            x, half, top, low = cx + side * wide * 0.38, wide * 0.065, shell.top + high * 0.34, shell.top + high * 0.80
            pen.polygon(
                [
                    (x - half * 1.2, low),
                    (x - half * 1.2, top),
                    (x, top - half * 2.4),
                    (x + half * 1.2, top),
                    (x + half * 1.2, low),
                ],
                rgba(stone),
            )
            for row in range(7):
                for column in (-1, 0):
                    y0 = top + (low - top) * row / 7
                    colour = hue_colour(
                        (0.60, 0.98, 0.12, 0.40)[(row * 2 + column) % 4], 0.7, bright * (0.75 + 0.25 * random.random())
                    )
                    box(
                        pen,
                        x + column * half + 1,
                        y0 + 1,
                        x + (column + 1) * half - 1,
                        y0 + (low - top) / 7 - 1,
                        colour,
                    )

    stage.attend(stage.overlay(draw, blur=0.3), 0.35)
    stage.glow(cx / stage.width, cy / stage.height, size / stage.unit * 1.2, (1.0, 0.86, 0.72), 0.25)
    stage.lamp = (cx / stage.width - 0.01, cy / stage.height)


def nave(stage: Stage, shell: Shell) -> None:
    """Raise piers on both sides and pointed arches between and over them."""
    view = shell.view
    stone = (0.74, 0.68, 0.60)

    def draw(pen: Draw) -> None:
        for depth in (*[d for d in DEPTHS if d < shell.depth], 0.02):
            tone = stage.lit(stone, 0.3 * depth / shell.depth)
            feet = []
            for side in (0.08, 0.92):
                x, base = view.at((side, FRONT_FLOOR, depth))
                spring = view.at((side, 0.20, depth))[1]
                half = view.size(depth) * 0.050
                inner = stage.lampward if side < 0.5 else -stage.lampward
                box(pen, x - half, spring, x + half, base, scaled(tone, 0.72))
                box(pen, x - half * 0.4, spring, x + half * 0.5, base, scaled(tone, 1.0 if inner else 0.9))
                box(pen, x - half * 1.4, spring - half * 0.5, x + half * 1.4, spring, tone)
                box(pen, x - half * 1.4, base - half * 0.7, x + half * 1.4, base, tone)
                feet.append((x, spring))
            (x0, y0), (x1, _) = feet
            width = max(2, int(view.size(depth) * 0.040))
            apex = view.at((0.5, -0.62, depth))
            for start, control in (((x0, y0), (x0, apex[1])), ((x1, y0), (x1, apex[1]))):
                curve = []
                for i in range(13):
                    t = i / 12
                    curve.append(
                        (
                            (1 - t) ** 2 * start[0]
                            + 2 * t * (1 - t) * (control[0] * 0.9 + apex[0] * 0.1)
                            + t * t * apex[0],
                            (1 - t) ** 2 * start[1]
                            + 2 * t * (1 - t) * (control[1] * 0.8 + start[1] * 0.2)
                            + t * t * apex[1],
                        )
                    )
                pen.line(curve, fill=rgba(tone), width=width, joint="curve")

    alpha = stage.overlay(draw, blur=0.5)
    stage.attend(alpha, 0.15)
    stage.flow[alpha > 0.5] = np.pi / 2


def pews(stage: Stage, shell: Shell) -> None:
    """Set rows of pews on both sides of the aisle."""

    def draw(pen: Draw) -> None:
        wood = stage.lit((0.42, 0.27, 0.17))
        for depth in (1.5, 1.12, 0.82, 0.56, 0.34, 0.15, 0.0):
            for inner, outer in ((0.30, -0.10), (0.70, 1.10)):
                shape = [
                    (inner, FRONT_FLOOR, depth),
                    (inner, 0.90, depth),
                    (outer, 0.90, depth),
                    (outer, FRONT_FLOOR, depth),
                ]
                shell.view.shape(pen, shape, scaled(wood, 0.84))
                shell.view.shape(
                    pen,
                    [(inner, 0.90, depth), (inner, 0.875, depth), (outer, 0.875, depth), (outer, 0.90, depth)],
                    scaled(wood, 1.5),
                )
                edge = inner - 0.014 if inner < 0.5 else inner + 0.014
                shell.view.shape(
                    pen,
                    [
                        (inner, FRONT_FLOOR, depth),
                        (inner, 0.86, depth),
                        (edge, 0.86, depth),
                        (edge, FRONT_FLOOR, depth),
                    ],
                    scaled(wood, 1.2),
                )

    stage.overlay(draw, blur=0.4)
