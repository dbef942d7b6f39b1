"""A camp among firs."""

from __future__ import annotations

from ..asked import Asked
from ..noise import Random
from ..pixels import Colour, blend_colour, hue_colour, scaled
from ..planting import plant
from ..sky import heavens
from ..stage import Draw, Stage, rgba
from .forms import Form, conifer, scatter, string_lights
from .land import grass, turf


def camp(stage: Stage, asked: Asked) -> None:
    """Tents and a fire in a clearing among firs."""
    stage.horizon, stage.ground, stage.back = 0.56, 0.89, 0.80
    heavens(stage, asked, 0.3)
    for index, (level, far) in enumerate(((0.52, 0.75), (0.60, 0.4))):
        ground = stage.profile(f"campwood{index}", level + 0.06, 0.02, 3, 4)
        green = turf(stage, (0.24, 0.38, 0.24))
        scatter(
            stage,
            f"firs{index}",
            [
                (0.02 + (0.06 + 0.03 * index) * i, level + 0.09, 0.20 + 0.13 * index + 0.05 * ((i * 7) % 4) / 3)
                for i in range(17 - 5 * index)
            ],
            fir_of(stage, far),
        )
        stage.fill_below(
            ground + 0.02 * stage.height,
            stage.lit(green, far),
            stage.lit(scaled(green, 0.8), far * 0.5),
            depth=0.2,
            grain=0.25,
            name=f"campwood{index}",
        )
    scatter(stage, "campfirs", [(0.02, 0.82, 0.66), (0.98, 0.83, 0.72)], fir_of(stage, 0.12))
    for x, base, tall, hue in ((0.26, 0.775, 0.22, 0.08), (0.76, 0.765, 0.19, 0.55)):
        tent(stage, x, base, tall, hue_colour(hue, 0.62, 0.88))
    fire = 0.5 - stage.lampward * 0.20
    plant(stage, "wood", fire, 0.872, 0.07, distance=0.0)
    plant(stage, "fire", fire, 0.86, 0.13, distance=0.0)
    strength = 0.60 if stage.dark else 0.25
    stage.glow(fire, 0.82, 0.10, (1.0, 0.72, 0.30), strength)
    stage.glow(fire, 0.86, 0.34, (1.0, 0.52, 0.20), strength * 0.6)
    if stage.dark:
        stage.lamp = (fire, 0.82)
        string_lights(stage, (0.10, 0.42), (0.90, 0.40), sag=0.07, bulbs=13)
    stage.foreground.append(
        lambda: grass(stage, "campgrass", 0.94, 1.06, 380, 0.08, stage.lit(turf(stage, (0.26, 0.42, 0.20))))
    )


def fir_of(stage: Stage, distance: float) -> Form:
    """Return a form that draws firs at one distance."""
    return lambda pen, random, x, base, tall: conifer(pen, stage, random, x, base, tall, distance)


def tent(stage: Stage, x: float, base: float, tall: float, colour: Colour) -> None:
    """Pitch a ridge tent, lit from within when it is dark."""
    cloth = stage.lit(colour, 0.1)

    def draw(pen: Draw, random: Random, cx: float, foot: float, high: float) -> None:
        away = -stage.lampward
        pen.polygon(
            [
                (cx + away * high * 0.10, foot - high),
                (cx + away * high * 0.75, foot - high * 0.86),
                (cx + away * high * 1.15, foot),
                (cx + away * high * 0.55, foot),
            ],
            rgba(scaled(cloth, 0.66)),
        )
        front = [(cx - high * 0.62, foot), (cx + away * high * 0.10, foot - high), (cx + high * 0.62, foot)]
        pen.polygon(front, rgba(blend_colour(cloth, (1.0, 0.80, 0.42), 0.4) if stage.dark else cloth))
        inside = (1.0, 0.84, 0.50) if stage.dark else scaled(cloth, 0.35)
        pen.polygon(
            [(cx - high * 0.22, foot), (cx + away * high * 0.08, foot - high * 0.80), (cx + high * 0.20, foot)],
            rgba(inside),
        )
        pen.line(
            (cx + away * high * 0.10, foot - high, cx - away * high * 1.0, foot), fill=rgba(scaled(cloth, 0.5)), width=1
        )

    scatter(stage, f"tent{x}", [(x, base, tall)], draw, focus=0.3)
    if stage.dark:
        stage.glow(x, base - stage.rise(tall * 0.35), tall * 0.5, (1.0, 0.76, 0.40), 0.35)
