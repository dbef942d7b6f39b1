"""Over the roofs of a town."""

from __future__ import annotations

from ..asked import Asked
from ..noise import Random
from ..pixels import blend_colour, scaled
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import SNOW, box, dot, pane_window, scatter
from .harbour import HOUSES, ROOFS


def rooftops(stage: Stage, asked: Asked) -> None:
    """Tiled roofs and chimneys as far as one sees; a ridge to stand on."""
    stage.horizon, stage.ground, stage.back, stage.span = 0.50, 0.83, 0.80, (0.16, 0.84)
    heavens(stage, asked, 0.5)
    random = stage.random("rooftops")
    plant(stage, "church", 0.5 - stage.lampward * 0.22, 0.60, 0.28, distance=0.7)
    for index, (level, tall, far) in enumerate(((0.58, 0.13, 0.75), (0.65, 0.18, 0.5), (0.75, 0.25, 0.25))):
        count = int(stage.width / stage.unit / tall) + 2
        spots = [
            (
                (i + 0.2 + 0.6 * random.random()) / count,
                level + 0.05 * random.random(),
                tall * (0.8 + 0.4 * random.random()),
            )
            for i in range(count)
        ]
        gables(stage, f"gables{index}", spots, far)
    ridge(stage)


def gables(stage: Stage, name: str, spots: list[tuple[float, float, float]], far: float) -> None:
    """Raise gable ends and roof slopes with chimneys; smoke rises from some."""

    def gable(pen: Draw, random: Random, x: float, base: float, tall: float) -> None:
        wall = stage.lit(HOUSES[int(random.random() * len(HOUSES))], far)
        tiles = stage.lit(SNOW if stage.snowy else ROOFS[int(random.random() * 3)], far)
        half, eaves, deep = tall * 0.5, base - tall * 0.45, stage.lampward * -tall * 0.75
        box(pen, x - half, eaves, x + half, base + tall * 2, wall)
        pen.polygon([(x - half, eaves), (x + half, eaves), (x, base - tall)], rgba(wall))
        edge = half if deep > 0 else -half
        box(
            pen,
            min(x + edge, x + edge + deep),
            eaves,
            max(x + edge, x + edge + deep),
            base + tall * 2,
            scaled(wall, 0.66),
        )
        pen.polygon(
            [
                (x, base - tall * 1.04),
                (x + deep, base - tall * 1.04),
                (x + edge * 1.12 + deep, eaves + tall * 0.06),
                (x + edge * 1.12, eaves + tall * 0.06),
            ],
            rgba(tiles),
        )
        for row in range(1, 6):
            t = row / 6
            y = base - tall * 1.04 + (eaves - base + tall * 1.10) * t
            pen.line(
                (x + edge * 1.12 * t, y, x + deep + edge * 1.12 * t, y),
                fill=rgba(scaled(tiles, 0.82)),
                width=max(1, int(tall * 0.012)),
            )
        rim = max(2, int(tall * 0.045))
        pen.line(
            [(x - half * 1.12, eaves + tall * 0.06), (x, base - tall * 1.04), (x + half * 1.12, eaves + tall * 0.06)],
            fill=rgba(scaled(tiles, 0.9)),
            width=rim,
        )
        pane_window(pen, stage, random, x, base - tall * 0.48, tall * 0.095, far)
        if random.random() < 0.7:
            cx = x + deep * 0.6
            box(pen, cx - tall * 0.07, base - tall * 1.26, cx + tall * 0.07, base - tall * 0.96, scaled(wall, 0.7))
            box(pen, cx - tall * 0.09, base - tall * 1.30, cx + tall * 0.09, base - tall * 1.24, scaled(wall, 0.85))
            smoke = blend_colour(stage.light.haze, (1, 1, 1), 0.2)
            for puff in range(5):
                dot(
                    pen,
                    cx + tall * 0.07 * puff * stage.lampward,
                    base - tall * (1.36 + 0.10 * puff),
                    tall * (0.04 + 0.02 * puff),
                    tall * (0.035 + 0.012 * puff),
                    smoke,
                    0.38,
                )

    scatter(stage, name, spots, gable, focus=0.25)


def ridge(stage: Stage) -> None:
    """Lay the roof we stand on: its ridge across the picture, tiles falling away below."""
    tiles = SNOW if stage.snowy else (0.66, 0.32, 0.24)
    random = stage.random("ridge")

    def draw(pen: Draw) -> None:
        base = stage.lit(tiles)
        box(pen, 0, 0.815 * stage.height, stage.width, stage.height, scaled(base, 0.62))
        y, step = 0.825, 0.030
        row = 0
        while y < 1.04:
            wide = step * 1.5 * stage.unit
            for i in range(-1, int(stage.width / wide) + 2):
                x = (i + 0.5 * (row % 2)) * wide
                tone = scaled(base, 0.78 + 0.32 * random.random())
                top = y * stage.height
                box(pen, x + 1, top, x + wide - 1, top + step * 0.6 * stage.height, tone)
                pen.chord(
                    (x + 1, top + step * 0.1 * stage.height, x + wide - 1, top + step * 1.1 * stage.height),
                    0,
                    180,
                    fill=rgba(tone),
                )
            y, step, row = y + step * 0.86, step * 1.16, row + 1
        for i in range(int(stage.width / (0.055 * stage.unit)) + 2):
            x = (i + 0.5) * 0.055 * stage.unit
            dot(pen, x, 0.825 * stage.height, 0.034 * stage.unit, 0.020 * stage.unit, scaled(base, 0.86))
            dot(
                pen,
                x + stage.lampward * 0.006 * stage.unit,
                0.819 * stage.height,
                0.024 * stage.unit,
                0.010 * stage.unit,
                scaled(base, 1.14),
            )

    stage.attend(stage.overlay(draw, blur=0.5), 0.15)
