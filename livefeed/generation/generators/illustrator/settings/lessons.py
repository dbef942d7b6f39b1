"""Rooms of learning: classroom and laboratory."""

from __future__ import annotations

import math

from ..asked import Asked
from ..noise import Random
from ..pixels import blend_colour, hue_colour, scaled
from ..planting import plant
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .home import hanging_lamp
from .shell import FRONT_FLOOR, Shell, boarded, build, checkered


def classroom(stage: Stage, asked: Asked) -> None:
    """A blackboard with sums on it, rows of desks, a globe, windows at the side."""
    shell = build(stage, (0.90, 0.84, 0.66), (0.62, 0.46, 0.30), (0.95, 0.94, 0.90), half=0.66)
    boarded(stage, shell, (0.68, 0.50, 0.33))
    side_windows(stage, shell)
    blackboard(stage, shell)
    width = shell.right - shell.left
    plant(
        stage,
        "earth",
        (shell.left + width * 0.90) / stage.width,
        (shell.floor - 0.13 * stage.height) / stage.height,
        0.11,
        distance=0.1,
    )
    rows = [
        (0.16, 0.80, 0.15),
        (0.84, 0.80, 0.15),
        (0.30, 0.735, 0.10),
        (0.70, 0.735, 0.10),
        (0.04, 0.90, 0.22),
        (0.96, 0.90, 0.22),
    ]
    scatter(stage, "desks", rows, lambda pen, random, x, base, tall: desk(pen, stage, x, base, tall), focus=0.2)
    plant(stage, "books", 0.845, 0.805 - stage.rise(0.115), 0.06, distance=0.05)
    plant(stage, "red apple", 0.155, 0.805 - stage.rise(0.115), 0.045, distance=0.05)


def side_windows(stage: Stage, shell: Shell) -> None:
    """Open three tall windows in the wall on the lamp's side; their light lies on the floor."""
    left = stage.lampward < 0
    edge = shell.west if left else shell.east
    outside = shell.outside

    def draw(pen: Draw) -> None:
        for first, last in ((0.30, 0.42), (0.52, 0.66), (0.76, 0.92)):
            frame = stage.lit((0.96, 0.95, 0.92))
            shell.view.shape(
                pen,
                [
                    (edge, 0.10, first - 0.01),
                    (edge, 0.66, first - 0.01),
                    (edge, 0.66, last + 0.01),
                    (edge, 0.10, last + 0.01),
                ],
                frame,
            )
            shell.view.shape(
                pen, [(edge, 0.13, first), (edge, 0.63, first), (edge, 0.63, last), (edge, 0.13, last)], outside.middle
            )
            shell.view.shape(
                pen, [(edge, 0.42, first), (edge, 0.63, first), (edge, 0.63, last), (edge, 0.42, last)], outside.horizon
            )
            middle = (first + last) / 2
            shell.view.line(pen, (edge, 0.12, middle), (edge, 0.64, middle), frame, 0.010)
            shell.view.line(pen, (edge, 0.38, first), (edge, 0.38, last), frame, 0.010)
            beam = blend_colour(stage.light.key, (1, 1, 1), 0.3)
            inner = 0.30 if left else 0.70
            other = 0.52 if left else 0.48
            if outside.dark < 0.5:
                shell.view.shape(
                    pen,
                    [
                        (inner, FRONT_FLOOR, first),
                        (other, FRONT_FLOOR, first),
                        (other, FRONT_FLOOR, last),
                        (inner, FRONT_FLOOR, last),
                    ],
                    beam,
                    0.28,
                )

    stage.attend(stage.overlay(draw, blur=0.5), 0.2)
    stage.lamp = (0.12 if left else 0.88, 0.30)


def blackboard(stage: Stage, shell: Shell) -> None:
    """Hang a blackboard on the back wall and write on it; a desk for the teacher."""
    width, high = shell.right - shell.left, shell.floor - shell.top
    random = stage.random("blackboard")

    def draw(pen: Draw) -> None:
        left, right, top, low = (
            shell.left + width * 0.14,
            shell.right - width * 0.14,
            shell.top + high * 0.18,
            shell.top + high * 0.58,
        )
        frame = stage.lit((0.60, 0.42, 0.26))
        box(pen, left - 5, top - 5, right + 5, low + 5, frame)
        box(pen, left, top, right, low, stage.lit((0.14, 0.28, 0.22)))
        chalk = rgba((0.94, 0.95, 0.92), 0.85)
        for row in range(4):
            x, y = left + width * 0.03, top + (low - top) * (0.16 + 0.22 * row)
            while x < right - width * (0.10 + 0.24 * random.random()):
                step, lift = width * (0.010 + 0.014 * random.random()), high * 0.016 * (random.random() - 0.5)
                pen.line((x, y, x + step, y + lift), fill=chalk, width=max(1, int(stage.unit * 0.003)))
                if random.random() < 0.4:
                    pen.arc(
                        (x, y - high * 0.018, x + step, y + high * 0.010),
                        0,
                        300,
                        fill=chalk,
                        width=max(1, int(stage.unit * 0.003)),
                    )
                x += step * 1.5
        cx, cy, size = right - width * 0.10, low - high * 0.12, width * 0.045
        pen.polygon([(cx - size, cy + size), (cx + size, cy + size), (cx - size, cy - size)], outline=chalk)
        box(pen, left, low + 5, right, low + high * 0.025, frame)
        desk_top = shell.floor - high * 0.20
        box(pen, shell.right - width * 0.30, desk_top, shell.right - width * 0.02, shell.floor, scaled(frame, 0.8))
        box(pen, shell.right - width * 0.32, desk_top - high * 0.022, shell.right, desk_top, frame)

    stage.attend(stage.overlay(draw, blur=0.3), 0.3)


def desk(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a pupil's desk from behind, with its bench."""
    wood, iron = stage.lit((0.80, 0.58, 0.34)), stage.lit((0.28, 0.32, 0.36))
    half, line = tall * 0.72, max(2, int(tall * 0.05))
    for side in (-1, 1):
        pen.line((x + side * half * 0.86, base - tall * 0.7, x + side * half * 0.95, base), fill=rgba(iron), width=line)
    pen.polygon(
        [
            (x - half * 0.92, base - tall * 0.86),
            (x + half * 0.92, base - tall * 0.86),
            (x + half, base - tall * 0.66),
            (x - half, base - tall * 0.66),
        ],
        rgba(wood),
    )
    box(pen, x - half, base - tall * 0.66, x + half, base - tall * 0.54, scaled(wood, 0.70))
    pen.polygon(
        [
            (x - half * 0.3, base - tall * 0.83),
            (x + half * 0.1, base - tall * 0.83),
            (x + half * 0.14, base - tall * 0.70),
            (x - half * 0.3, base - tall * 0.70),
        ],
        rgba(stage.lit((0.97, 0.96, 0.92))),
    )


def laboratory(stage: Stage, asked: Asked) -> None:
    """Benches with glowing flasks and coils, a blackboard of formulas, shelves of specimens."""
    shell = build(stage, (0.72, 0.80, 0.82), (0.70, 0.72, 0.74), (0.92, 0.94, 0.95), half=0.74)
    checkered(stage, shell, (0.90, 0.92, 0.93), (0.62, 0.68, 0.72), columns=12)
    specimens(stage, shell)
    bench(stage, shell)
    high, width = shell.floor - shell.top, shell.right - shell.left
    for x, label, tall in ((0.10, "microscope", 0.13), (0.92, "telescope", 0.17)):
        plant(
            stage,
            label,
            (shell.left + width * x) / stage.width,
            (shell.floor - high * 0.27) / stage.height,
            tall,
            distance=0.05,
        )
    scatter(
        stage,
        "flasks",
        [(0.05, 0.80, 0.17), (0.15, 0.81, 0.13), (0.86, 0.81, 0.13), (0.95, 0.80, 0.18)],
        lambda pen, random, cx, foot, t: flask(pen, stage, random, cx, foot, t),
        focus=0.3,
    )
    for x, hue in ((0.05, 0.36), (0.15, 0.52), (0.86, 0.90), (0.95, 0.30)):
        stage.glow(x, 0.80 - stage.rise(0.05), 0.07, hue_colour(hue, 0.6, 1.0), 0.35 if stage.dark else 0.18)
    side_tables(stage)
    hanging_lamp(stage, 0.5, 0.13, 0.11)


def specimens(stage: Stage, shell: Shell) -> None:
    """Fill shelves on the back wall with jars in every colour, a board of formulas between them."""
    width, high = shell.right - shell.left, shell.floor - shell.top
    random = stage.random("specimens")

    def draw(pen: Draw) -> None:
        steel = stage.lit((0.52, 0.58, 0.62))
        for x0, x1 in ((0.04, 0.32), (0.68, 0.96)):
            left, right = shell.left + width * x0, shell.left + width * x1
            box(pen, left, shell.top + high * 0.14, right, shell.top + high * 0.64, scaled(steel, 0.62))
            for shelf in range(3):
                y = shell.top + high * (0.30 + 0.165 * shelf)
                box(pen, left, y, right, y + high * 0.014, scaled(steel, 1.3))
                for i in range(6):
                    cx, half, tall = (
                        left + (right - left) * (i + 0.5) / 6,
                        (right - left) * 0.055,
                        high * (0.07 + 0.04 * random.random()),
                    )
                    fluid = hue_colour(random.random(), 0.55, 0.95)
                    box(pen, cx - half, y - tall, cx + half, y, stage.lit((0.86, 0.94, 0.95)), 0.7)
                    box(pen, cx - half, y - tall * (0.45 + 0.4 * random.random()), cx + half, y, stage.lit(fluid))
        board = (shell.left + width * 0.36, shell.top + high * 0.16, shell.left + width * 0.64, shell.top + high * 0.52)
        box(pen, board[0] - 4, board[1] - 4, board[2] + 4, board[3] + 4, scaled(steel, 1.2))
        box(pen, *board, stage.lit((0.12, 0.24, 0.30)))
        for row in range(5):
            y = board[1] + (board[3] - board[1]) * (0.15 + 0.17 * row)
            pen.line(
                (board[0] + 8, y, board[0] + (board[2] - board[0]) * (0.4 + 0.5 * random.random()), y),
                fill=rgba((0.9, 0.96, 0.96), 0.8),
                width=max(1, int(stage.unit * 0.004)),
            )

    stage.attend(stage.overlay(draw, blur=0.3), 0.2)


def bench(stage: Stage, shell: Shell) -> None:
    """Run a bench along the back wall with a coil of glass on it."""
    width, high = shell.right - shell.left, shell.floor - shell.top

    def draw(pen: Draw) -> None:
        top = shell.floor - high * 0.27
        white = stage.lit((0.90, 0.93, 0.94))
        box(pen, shell.left, top, shell.right, shell.floor, scaled(white, 0.82))
        for i in range(8):
            x0 = shell.left + width * (i + 0.1) / 8
            box(pen, x0, top + high * 0.05, x0 + width * 0.10, shell.floor - high * 0.02, white)
        box(pen, shell.left, top - high * 0.02, shell.right, top + high * 0.015, stage.lit((0.26, 0.32, 0.36)))
        glass = rgba((0.78, 0.95, 0.98), 0.9)
        for i in range(7):
            cx = shell.left + width * (0.36 + 0.035 * i)
            pen.ellipse(
                (cx - width * 0.022, top - high * 0.15, cx + width * 0.022, top - high * 0.06),
                outline=glass,
                width=max(1, int(stage.unit * 0.004)),
            )
        pen.line(
            (shell.left + width * 0.30, top - high * 0.02, shell.left + width * 0.34, top - high * 0.11),
            fill=glass,
            width=max(1, int(stage.unit * 0.004)),
        )
        pen.line(
            (shell.left + width * 0.59, top - high * 0.11, shell.left + width * 0.64, top - high * 0.02),
            fill=glass,
            width=max(1, int(stage.unit * 0.004)),
        )

    stage.attend(stage.overlay(draw, blur=0.3), 0.25)


def flask(pen: Draw, stage: Stage, random: Random, x: float, base: float, tall: float) -> None:
    """Draw a flask with a bright fluid that bubbles."""
    hue = (0.36, 0.52, 0.90, 0.30)[int(x / stage.width * 3.99)]
    fluid, glass = hue_colour(hue, 0.62, 0.95), (0.90, 0.97, 0.98)
    half = tall * 0.34
    pen.polygon(
        [
            (x - half, base),
            (x + half, base),
            (x + half * 0.26, base - tall * 0.62),
            (x + half * 0.26, base - tall),
            (x - half * 0.26, base - tall),
            (x - half * 0.26, base - tall * 0.62),
        ],
        rgba(glass, 0.45),
    )
    pen.polygon(
        [
            (x - half * 0.96, base - 1),
            (x + half * 0.96, base - 1),
            (x + half * 0.55, base - tall * 0.36),
            (x - half * 0.55, base - tall * 0.36),
        ],
        rgba(fluid),
    )
    dot(pen, x, base - tall * 0.36, half * 0.55, tall * 0.03, scaled(fluid, 1.3))
    box(pen, x - half * 0.36, base - tall * 1.03, x + half * 0.36, base - tall * 0.98, glass)
    for _ in range(6):
        size = half * (0.05 + 0.08 * random.random())
        dot(
            pen,
            x + half * (random.random() - 0.5),
            base - tall * 0.32 * random.random(),
            size,
            size,
            blend_colour(fluid, (1, 1, 1), 0.6),
        )
    for i in range(3):
        dot(
            pen,
            x + half * 0.25 * math.sin(i * 2.1),
            base - tall * (1.10 + 0.09 * i),
            half * (0.12 + 0.05 * i),
            half * (0.10 + 0.04 * i),
            (0.95, 0.98, 0.98),
            0.5,
        )


def side_tables(stage: Stage) -> None:
    """Stand a steel table in each lower corner, under the flasks."""

    def draw(pen: Draw) -> None:
        steel = stage.lit((0.66, 0.72, 0.76))
        for left, right in ((-0.02, 0.22), (0.79, 1.02)):
            box(pen, left * stage.width, 0.80 * stage.height, right * stage.width, 0.835 * stage.height, steel)
            box(pen, left * stage.width, 0.835 * stage.height, right * stage.width, stage.height, scaled(steel, 0.62))
            box(
                pen,
                left * stage.width,
                0.80 * stage.height,
                right * stage.width,
                0.807 * stage.height,
                scaled(steel, 1.3),
            )

    stage.overlay(draw, blur=0.4)
