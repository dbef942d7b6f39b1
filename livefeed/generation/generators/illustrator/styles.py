"""Painterly styles: how the same scene is laid on with the brush. What a style does to the scene: treatment.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mark = Literal["bristle", "wash", "chalk", "flat", "square"]
"""What one stroke leaves: hairs, a wash that pools at its rim, grains, even paint, a square."""


@dataclass(frozen=True, slots=True)
class Style:
    """The hand of a painter.

    largest, smallest: brush widths in pixels of a 768 px picture, first and last pass.
    lengths: strokes' lengths in brush widths, shortest to longest.
    opacity: 0..1 of one stroke; grid: strokes' spacing in brush widths.
    tolerance: mean error (0..255) below which a place is left alone; detail lowers it on the subject.
    calm: how much more error the quiet parts may keep as the brush gets small, so that broad strokes stay.
    jitter: (brightness, colour) spread of strokes, 0..1; flow: how far the scene's flow outweighs its edges.
    relief: strength of the light on the paint's ridges; ground: colour of the primed canvas.
    swirl: how strongly the scene's flow curls; saturation: applied to the scene before painting.
    mark: what a stroke leaves; surface: how much of the paper's grain shows, 0..1.
    """

    name: str
    largest: float
    smallest: float
    lengths: tuple[float, ...]
    opacity: float
    grid: float
    tolerance: float
    jitter: tuple[float, float]
    flow: float
    relief: float
    calm: float
    ground: tuple[int, int, int]
    swirl: float
    saturation: float
    mark: Mark = "bristle"
    surface: float = 0.0


OIL = Style(
    name="oil",
    largest=104,
    smallest=2.8,
    lengths=(1.3, 2.2, 3.4, 4.6),
    opacity=0.94,
    grid=0.78,
    tolerance=9.0,
    jitter=(0.035, 0.02),
    flow=0.30,
    relief=0.55,
    calm=4.0,
    ground=(122, 96, 78),
    swirl=0.35,
    saturation=1.06,
)
IMPASTO = Style(
    name="impasto",
    largest=96,
    smallest=3.6,
    lengths=(1.8, 3.2, 4.8, 6.4),
    opacity=0.97,
    grid=0.72,
    tolerance=11.0,
    jitter=(0.085, 0.05),
    flow=0.72,
    relief=1.0,
    calm=15.0,
    ground=(108, 92, 60),
    swirl=1.0,
    saturation=1.22,
)
GOUACHE = Style(
    name="gouache",
    largest=112,
    smallest=2.8,
    lengths=(1.2, 1.9, 2.8, 3.8),
    opacity=0.90,
    grid=0.82,
    tolerance=8.0,
    jitter=(0.018, 0.012),
    flow=0.22,
    relief=0.22,
    calm=4.0,
    ground=(196, 178, 158),
    swirl=0.2,
    saturation=1.0,
)
WATERCOLOUR = Style(
    name="watercolour",
    largest=120,
    smallest=3.0,
    lengths=(1.1, 1.7, 2.6, 3.6),
    opacity=0.62,
    grid=0.80,
    tolerance=8.0,
    jitter=(0.03, 0.025),
    flow=0.25,
    relief=0.0,
    calm=5.0,
    ground=(244, 239, 228),
    swirl=0.3,
    saturation=0.95,
    mark="wash",
    surface=0.55,
)
DOTS = Style(
    name="pointillist",
    largest=72,
    smallest=4.2,
    lengths=(1.0, 1.15, 1.3, 1.5),
    opacity=0.93,
    grid=0.66,
    tolerance=7.0,
    jitter=(0.07, 0.07),
    flow=0.5,
    relief=0.6,
    calm=3.0,
    ground=(214, 202, 178),
    swirl=0.4,
    saturation=1.15,
)
INK = Style(
    name="ink", largest=84, smallest=2.4, lengths=(1.4, 2.6, 4.2, 6.0), opacity=0.86, grid=0.78, tolerance=8.0,
    jitter=(0.02, 0.004), flow=0.45, relief=0.0, calm=3.0, ground=(243, 237, 224), swirl=0.4, saturation=1.0,
    surface=0.45,
)  # fmt: skip
PIXEL = Style(
    name="pixel", largest=96, smallest=8.0, lengths=(1.0,), opacity=1.0, grid=1.0, tolerance=3.0, jitter=(0.0, 0.0),
    flow=0.0, relief=0.0, calm=0.0, ground=(34, 32, 52), swirl=0.0, saturation=1.18, mark="square",
)  # fmt: skip
GLASS = Style(
    name="glass", largest=96, smallest=2.4, lengths=(1.2, 1.8, 2.6, 3.4), opacity=0.96, grid=0.80, tolerance=9.0,
    jitter=(0.012, 0.01), flow=0.05, relief=0.12, calm=0.5, ground=(18, 17, 22), swirl=0.0, saturation=1.0, mark="flat",
)  # fmt: skip
NEON = Style(
    name="neon", largest=96, smallest=2.4, lengths=(1.3, 2.2, 3.4, 4.8), opacity=0.92, grid=0.76, tolerance=6.0,
    jitter=(0.015, 0.008), flow=0.25, relief=0.0, calm=2.0, ground=(9, 6, 24), swirl=0.3, saturation=1.12, mark="flat",
)  # fmt: skip
PASTEL = Style(
    name="pastel", largest=88, smallest=3.2, lengths=(1.6, 2.8, 4.2, 5.6), opacity=0.86, grid=0.72, tolerance=8.0,
    jitter=(0.05, 0.03), flow=0.45, relief=0.0, calm=8.0, ground=(218, 206, 200), swirl=0.4, saturation=1.0,
    mark="chalk", surface=0.75,
)  # fmt: skip
STYLES = {style.name: style for style in (OIL, IMPASTO, GOUACHE, WATERCOLOUR, DOTS, INK, PIXEL, GLASS, NEON, PASTEL)}
DEFAULTS = (OIL, GOUACHE, OIL)


def style_named(name: str | None, choice: float) -> Style:
    """Return the style of a name, or a default picked by `choice` (0..1) for a name that is None or unknown."""
    if name in STYLES:
        return STYLES[name]
    return DEFAULTS[int(choice * len(DEFAULTS)) % len(DEFAULTS)]


PIXELS = 96
"""Squares along the shorter side of a picture in pixels."""


def cell_of(short_side: int) -> int:
    """Return the side in pixels of one square of a picture in squares."""
    return max(2, round(short_side / PIXELS))
