"""Painterly styles: how the same scene is laid on with the brush, and the words that ask for one."""

from __future__ import annotations

from dataclasses import dataclass


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
    words: frozenset[str]


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
    words=frozenset("oil oils painting painterly classical rembrandt turner".split()),
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
    words=frozenset(
        "gogh impasto vincent expressionist expressionism swirling monet impressionist thick munch".split()
    ),
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
    words=frozenset("gouache soft storybook illustration poster ghibli anime pastel flat".split()),
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
    words=frozenset("watercolour watercolor aquarelle wash ink sumi delicate".split()),
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
    words=frozenset("pointillist pointillism seurat signac dots dotted".split()),
)
STYLES = (OIL, IMPASTO, GOUACHE, WATERCOLOUR, DOTS)
DEFAULTS = (OIL, GOUACHE, OIL)


def style_for(words: frozenset[str], choice: float) -> tuple[Style, bool]:
    """Return the style some word asks for and True, or a default picked by `choice` (0..1) and False."""
    for style in STYLES:
        if style.words & words:
            return style, True
    return DEFAULTS[int(choice * len(DEFAULTS)) % len(DEFAULTS)], False
