"""Rooms of a trade: tavern and workshop."""

from __future__ import annotations

from ..asked import Asked
from ..pixels import hue_colour, scaled
from ..planting import plant
from ..stage import Draw, Stage, rgba
from .forms import box, dot, scatter
from .home import BRASS, hanging_lamp
from .shell import Shell, boarded, build, panes


def tavern(stage: Stage, asked: Asked) -> None:
    """Beams, a fire, barrels and bottles behind the bar, benches, candles."""
    shell = build(stage, (0.60, 0.46, 0.32), (0.44, 0.30, 0.20), (0.40, 0.27, 0.18), half=0.76)
    boarded(stage, shell, (0.50, 0.34, 0.22))
    side = -1.0 if stage.random("tavern").random() < 0.5 else 1.0
    width, high = shell.right - shell.left, shell.floor - shell.top
    bottles(stage, shell, side)
    beams(stage, shell)
    hearth = (shell.left + shell.right) / 2 - side * width * 0.28
    plant(
        stage,
        "fireplace",
        hearth / stage.width,
        shell.floor / stage.height + 0.005,
        high * 0.62 / stage.unit,
        distance=0.05,
    )
    stage.glow(hearth / stage.width, shell.floor / stage.height - 0.08, 0.14, (1.0, 0.60, 0.24), 0.5)
    stage.glow(hearth / stage.width, shell.floor / stage.height, 0.40, (1.0, 0.52, 0.20), 0.26)
    stage.lamp = (hearth / stage.width, shell.floor / stage.height - 0.08)
    for x, base, tall in ((0.07, 0.86, 0.22), (0.93, 0.88, 0.25), (0.86, 0.83, 0.18)):
        scatter(
            stage,
            f"barrel{x}",
            [(x, base, tall)],
            lambda pen, random, cx, foot, t: barrel(pen, stage, cx, foot, t),
            focus=0.2,
        )
    plant(stage, "candle", 0.065, 0.865 - stage.rise(0.22), 0.09, distance=0.0)
    stage.glow(0.065, 0.865 - stage.rise(0.30), 0.07, (1.0, 0.80, 0.42), 0.6)
    hanging_lamp(stage, 0.5 + side * 0.14, 0.20, 0.09)


def bottles(stage: Stage, shell: Shell, side: float) -> None:
    """Fill shelves with bottles behind a bar of dark wood on one side of the back wall."""
    width, high = shell.right - shell.left, shell.floor - shell.top
    start = (shell.left + shell.right) / 2 + (0.02 * width if side > 0 else -0.50 * width)
    random = stage.random("bottles")

    def draw(pen: Draw) -> None:
        end, wood = start + width * 0.48, stage.lit((0.34, 0.21, 0.13))
        box(pen, start, shell.top + high * 0.18, end, shell.floor, scaled(wood, 0.7))
        for shelf in range(3):
            y = shell.top + high * (0.34 + 0.14 * shelf)
            box(pen, start, y, end, y + high * 0.018, scaled(wood, 1.3))
            x = start + width * 0.015
            while x < end - width * 0.02:
                tall, half = high * (0.07 + 0.045 * random.random()), width * 0.010
                glass = stage.lit(
                    hue_colour(
                        (0.30, 0.08, 0.02, 0.55, 0.13)[int(random.random() * 5)], 0.6, 0.35 + 0.4 * random.random()
                    )
                )
                box(pen, x - half, y - tall * 0.66, x + half, y, glass)
                box(pen, x - half * 0.4, y - tall, x + half * 0.4, y - tall * 0.6, glass)
                box(pen, x - half * 0.7, y - tall * 0.6, x - half * 0.3, y - tall * 0.1, scaled(glass, 1.7))
                x += width * (0.026 + 0.01 * random.random())
        box(pen, start - width * 0.02, shell.floor - high * 0.26, end + width * 0.02, shell.floor + high * 0.06, wood)
        box(
            pen,
            start - width * 0.035,
            shell.floor - high * 0.29,
            end + width * 0.035,
            shell.floor - high * 0.25,
            scaled(wood, 1.6),
        )
        for i in range(5):
            x0 = start + width * 0.48 * (i + 0.1) / 5
            box(pen, x0, shell.floor - high * 0.22, x0 + width * 0.076, shell.floor + high * 0.03, scaled(wood, 1.22))

    stage.attend(stage.overlay(draw, blur=0.4), 0.25)


def beams(stage: Stage, shell: Shell) -> None:
    """Cross the ceiling with heavy beams."""
    wood = stage.lit((0.26, 0.17, 0.11))

    def draw(pen: Draw) -> None:
        for depth in (0.80, 0.48, 0.22, 0.02):
            left, y = shell.view.at((shell.west, -0.10, depth))
            right, _ = shell.view.at((shell.east, -0.10, depth))
            thick = shell.view.size(depth) * 0.055
            box(pen, left, y, right, y + thick, wood)
            box(pen, left, y + thick * 0.72, right, y + thick, scaled(wood, 1.6))

    stage.overlay(draw, blur=0.5)


def barrel(pen: Draw, stage: Stage, x: float, base: float, tall: float) -> None:
    """Draw a barrel with its hoops."""
    wood, half = stage.lit((0.58, 0.38, 0.22)), tall * 0.36
    for step in range(9):
        t = step / 8 * 2 - 1
        shade = 1.12 - 0.55 * abs(t - stage.lampward * 0.35)
        left, right = x + half * (t - 0.12), x + half * (t + 0.12)
        bulge = half * 0.14 * t
        pen.polygon(
            [
                (left - bulge, base),
                (right - bulge, base),
                (right + bulge * 0.6, base - tall * 0.5),
                (right - bulge, base - tall),
                (left - bulge, base - tall),
                (left + bulge * 0.6, base - tall * 0.5),
            ],
            rgba(scaled(wood, max(0.4, shade))),
        )
    dot(pen, x, base - tall, half * 0.94, tall * 0.07, scaled(wood, 0.75))
    for level in (0.12, 0.34, 0.66, 0.88):
        wide = half * (1.10 - 0.18 * abs(level - 0.5) * 2)
        box(
            pen,
            x - wide,
            base - tall * level - tall * 0.022,
            x + wide,
            base - tall * level + tall * 0.022,
            stage.lit((0.28, 0.26, 0.26)),
        )


def workshop(stage: Stage, asked: Asked) -> None:
    """Tools on a board above the bench, shavings, gears, planks leaning, light from a high window."""
    shell = build(stage, (0.66, 0.56, 0.44), (0.52, 0.42, 0.32), (0.56, 0.46, 0.36), half=0.76)
    boarded(stage, shell, (0.58, 0.45, 0.32))
    width, high = shell.right - shell.left, shell.floor - shell.top
    panes(
        stage,
        shell,
        shell.left + width * 0.66,
        shell.top + high * 0.10,
        shell.left + width * 0.94,
        shell.top + high * 0.46,
        columns=3,
        rows=2,
    )
    tool_board(stage, shell)
    beams(stage, shell)
    for x, label, tall in (
        (0.10, "toolbox", 0.09),
        (0.33, "gear", 0.07),
        (0.52, "clamp", 0.08),
        (0.78, "potted plant", 0.12),
        (0.92, "gear", 0.05),
    ):
        plant(
            stage,
            label,
            (shell.left + width * x) / stage.width,
            (shell.floor - high * 0.265) / stage.height,
            tall,
            distance=0.05,
        )
    leaning(stage)
    shavings(stage)
    hanging_lamp(stage, 0.42, 0.20, 0.11)


def tool_board(stage: Stage, shell: Shell) -> None:
    """Build the bench with its drawers, and hang the tools over it."""
    width, high = shell.right - shell.left, shell.floor - shell.top

    def draw(pen: Draw) -> None:
        wood = stage.lit((0.66, 0.46, 0.27))
        box(
            pen,
            shell.left + width * 0.05,
            shell.top + high * 0.12,
            shell.left + width * 0.60,
            shell.top + high * 0.60,
            scaled(wood, 1.15),
        )
        for row in range(7):
            for column in range(12):
                dot(
                    pen,
                    shell.left + width * (0.08 + 0.045 * column),
                    shell.top + high * (0.16 + 0.065 * row),
                    1.3,
                    1.3,
                    scaled(wood, 0.6),
                )
        top = shell.floor - high * 0.26
        box(pen, shell.left, top, shell.right, shell.floor, scaled(wood, 0.56))
        for i in range(5):
            x0 = shell.left + width * (i + 0.08) / 5
            box(pen, x0, top + high * 0.06, x0 + width * 0.168, top + high * 0.15, scaled(wood, 0.86))
            dot(pen, x0 + width * 0.084, top + high * 0.105, high * 0.012, high * 0.012, stage.lit(BRASS))
        box(pen, shell.left - width * 0.02, top - high * 0.03, shell.right + width * 0.02, top + high * 0.02, wood)

    stage.attend(stage.overlay(draw, blur=0.4), 0.2)
    for index, label in enumerate(("hammer", "carpentry saw", "wrench", "screwdriver", "axe", "magnet")):
        x, y = 0.12 + 0.165 * (index % 3), 0.34 + 0.22 * (index // 3)
        plant(
            stage,
            label,
            (shell.left + width * x) / stage.width,
            (shell.top + high * y) / stage.height,
            0.085,
            distance=0.08,
        )


def leaning(stage: Stage) -> None:
    """Lean planks against the walls at both sides."""

    def draw(pen: Draw) -> None:
        for i, (x, lean) in enumerate(((0.02, 0.05), (0.06, 0.06), (0.96, -0.06), (0.99, -0.05))):
            wood = stage.lit(scaled((0.78, 0.58, 0.36), 0.84 + 0.10 * (i % 3)))
            half = 0.020 * stage.unit
            foot, head = x * stage.width, (x - lean) * stage.width
            pen.polygon(
                [
                    (foot - half, 0.93 * stage.height),
                    (foot + half, 0.93 * stage.height),
                    (head + half, 0.30 * stage.height),
                    (head - half, 0.30 * stage.height),
                ],
                rgba(wood),
            )

    stage.overlay(draw, blur=0.4)


def shavings(stage: Stage) -> None:
    """Strew curls of wood over the floor."""
    random = stage.random("shavings")

    def draw(pen: Draw) -> None:
        for _ in range(46):
            x, y = random.random() * stage.width, (0.80 + 0.18 * random.random()) * stage.height
            size, turn = stage.unit * (0.008 + 0.010 * random.random()), int(360 * random.random())
            pen.arc(
                (x - size, y - size * 0.6, x + size, y + size * 0.6),
                turn,
                turn + 250,
                fill=rgba(stage.lit((0.92, 0.76, 0.50))),
                width=max(1, int(size * 0.35)),
            )

    stage.overlay(draw, blur=0.3)
