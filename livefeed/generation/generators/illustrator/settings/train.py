"""Aboard a train: a compartment, and the land that passes its windows."""

from __future__ import annotations

from ..asked import Asked
from ..pixels import Colour, hue_colour, scaled
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import box, conifer, dot, scatter
from .inside import lamplight, planks
from .land import GREENS, autumn, peaks, rolling

CLEAR = (0, 0, 0, 0)


def train(stage: Stage, asked: Asked) -> None:
    """Two wide windows on hills and firs, seats under them, a luggage rack and lamps above."""
    stage.horizon = 0.42
    heavens(stage, asked, 0.5)
    peaks(stage, "trainpeaks", 0.34, 0.10, 0.7)
    rolling(stage, autumn(GREENS) if "leaves" in stage.weather else GREENS, 0.04)
    spots = [(0.06 * i, 0.50 + 0.012 * ((i * 7) % 4), 0.10 + 0.03 * ((i * 5) % 4)) for i in range(18)]
    scatter(
        stage, "trainfirs", spots, lambda pen, random, x, base, tall: conifer(pen, stage, random, x, base, tall, 0.4)
    )
    evening = stage.dark
    lamplight(stage)
    stage.horizon, stage.ground, stage.back = 0.70, 0.90, 0.84
    hue = (0.0, 0.40, 0.60)[int(stage.random("seats").integers(3))]
    carriage(stage, hue)
    planks(stage, 0.80, (0.46, 0.36, 0.30))
    seats(stage, hue)
    for x in (0.14, 0.5, 0.86):
        stage.glow(x, 0.12, 0.05, (1.0, 0.88, 0.58), 0.8 if evening else 0.35)
        stage.glow(x, 0.20, 0.24, (1.0, 0.78, 0.46), 0.22 if evening else 0.08)
    stage.lamp = (0.34, 0.20)


def carriage(stage: Stage, hue: float) -> None:
    """Panel the wall around the windows, hang curtains beside them and a rack above."""
    wood, cloth = stage.lit((0.58, 0.38, 0.24)), stage.lit(hue_colour(hue, 0.46, 0.56))

    def draw(pen: Draw) -> None:
        width, height, bar = stage.width, stage.height, max(3, int(0.016 * stage.unit))
        pen.rectangle((0, 0, width, 0.82 * height), fill=rgba(wood))
        for i in range(24):
            pen.line(
                (width * i / 24, 0.60 * height, width * i / 24, 0.82 * height), fill=rgba(scaled(wood, 0.8)), width=2
            )
        for left, right in ((0.06, 0.47), (0.53, 0.94)):
            frame = (left * width, 0.20 * height, right * width, 0.58 * height)
            pen.rounded_rectangle(
                frame, radius=0.04 * stage.unit, fill=CLEAR, outline=rgba(scaled(wood, 1.5)), width=bar
            )
            for x, out in ((left, 1), (right, -1)):
                for fold in range(4):
                    x0, x1 = sorted((x + out * 0.016 * fold, x + out * 0.016 * (fold + 1)))
                    box(
                        pen,
                        x0 * width,
                        0.20 * height,
                        x1 * width,
                        0.58 * height,
                        scaled(cloth, 0.84 + 0.26 * (fold % 2)),
                    )
        brass = stage.lit((0.86, 0.66, 0.32))
        for y in (0.135, 0.165):
            box(pen, 0, y * height, width, y * height + bar * 0.5, brass)
        for x in (0.14, 0.5, 0.86):
            dot(pen, x * width, 0.115 * height, 0.026 * stage.unit, 0.022 * stage.unit, (1.0, 0.93, 0.70))
        trunks: tuple[tuple[float, float, Colour], ...] = (
            (0.24, 0.11, (0.66, 0.34, 0.22)),
            (0.68, 0.13, (0.30, 0.42, 0.40)),
        )
        for x, wide, colour in trunks:
            case = stage.lit(colour)
            box(pen, (x - wide / 2) * width, 0.045 * height, (x + wide / 2) * width, 0.135 * height, case)
            for strap in (-0.28, 0.28):
                at = (x + wide * strap) * width
                box(pen, at - bar * 0.4, 0.045 * height, at + bar * 0.4, 0.135 * height, scaled(case, 0.6))

    stage.attend(stage.overlay(draw, blur=0.5), 0.15)


def seats(stage: Stage, hue: float) -> None:
    """Set an upholstered bench at each side, its back high, buttons in it."""
    cloth = stage.lit(hue_colour(hue, 0.52, 0.62))

    def draw(pen: Draw) -> None:
        width, height, round_by = stage.width, stage.height, 0.035 * stage.unit
        for left, right in ((-0.06, 0.27), (0.73, 1.06)):
            x0, x1 = left * width, right * width
            pen.rounded_rectangle(
                (x0, 0.50 * height, x1, 0.86 * height), radius=round_by, fill=rgba(scaled(cloth, 0.84))
            )
            for row in range(2):
                for column in range(4):
                    x, y = x0 + (x1 - x0) * (column + 0.5) / 4, (0.56 + 0.08 * row) * height
                    dot(pen, x, y, round_by * 0.18, round_by * 0.18, scaled(cloth, 0.55))
            pen.rounded_rectangle(
                (x0, 0.70 * height, x1, 0.80 * height), radius=round_by, fill=rgba(scaled(cloth, 1.18))
            )
            pen.rectangle((x0, 0.77 * height, x1, 0.88 * height), fill=rgba(scaled(cloth, 0.72)))
            inner = x1 if left < 0.5 else x0
            arm = (inner - round_by, 0.62 * height, inner + round_by, 0.89 * height)
            pen.rounded_rectangle(arm, radius=round_by * 0.8, fill=rgba(stage.lit((0.42, 0.27, 0.17))))

    stage.attend(stage.overlay(draw, blur=0.5), 0.2)
