"""What people have drawn, as pictures: the paint over the parent, and the mask of what may be repainted. [pure]

What it is going to cost is counted before anything is drawn: MOST_WORK takes a core about two seconds. Call it where
nothing else waits, see hands.py.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from livefeed.errors import BadPicture, TooLarge
from livefeed.rooms.strokes import DIAMETERS, FULL, LIGHTEST, Kind, Stroke, parse_all

FINEST: Final = 4
"""How many times finer than the picture strokes are drawn: their edges have so many squared shades."""
QUICK_WORK: Final = 600_000_000
"""Pixels that half a second fills: where strokes would fill more, they are drawn less finely."""
MOST_WORK: Final = 2_500_000_000
"""What the paint may cost, and the mask, where they are drawn least finely."""
ROW, SHAPE, POINT, STROKE = 120, 2_500, 1_500, 50_000
"""What they cost, in pixels filled: a row of a shape, however short; a shape; a point; a stroke."""
MOST_POINTS: Final = 400_000
MOST_STROKES: Final = 10_000

SHARP: Final = 0.5
"""Radians of a turn from which on a strip would show its corners."""
STRIP_TURN: Final = 1.5
"""Radians that one strip turns at most: it must not run into itself."""
STRIP_POINTS: Final = 16
"""Points of one strip at most: all its edges are asked about in every row of it."""

Floats = NDArray[np.floating]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Canvas:
    """PNG files of one size.

    image: RGB, the parent with the paint on it; None where nothing is painted. mask: grey, white where the picture may
    be repainted; None where nothing is masked, which means everywhere.
    """

    image: bytes | None
    mask: bytes | None


@dataclass(frozen=True, slots=True)
class Frame:
    """Where on a canvas the picture lies that people draw on: cut to the canvas' shape as pictures are, evenly.

    width, height: of the whole picture, in the canvas' pixels. left, top: what is cut off.
    """

    width: float
    height: float
    left: float
    top: float

    @classmethod
    def of(cls, picture: Size, canvas: Size) -> Frame:
        """Return the frame of a picture of one size that covers a canvas of another."""
        scale = max(canvas[0] / picture[0], canvas[1] / picture[1])
        width, height = picture[0] * scale, picture[1] * scale
        return cls(width, height, (width - canvas[0]) / 2, (height - canvas[1]) / 2)


def render(parent: bytes | None, size: Size, strokes: Iterable[bytes]) -> Canvas:
    """Return what a document's strokes make of the parent's picture (None: of white paper) at this size.

    size: width and height in pixels. strokes: packed, in their order; bytes that are none are skipped. Strokes lie on
    the parent where they were drawn, also where `size` has another shape and cuts the parent.
    Raises: BadPicture when the parent cannot be read; TooLarge when the strokes are more than can be drawn.
    """
    drawn = parse_all(strokes)
    if sum(len(stroke.points) for stroke in drawn) > MOST_POINTS:
        raise TooLarge(f"The drawing has more than {MOST_POINTS:,} points; clear a part of it.")
    if len(drawn) > MOST_STROKES:
        raise TooLarge(f"The drawing has more than {MOST_STROKES:,} strokes; clear a part of it.")
    if not drawn:
        return Canvas(None, None)
    paper = None if parent is None else _opened(parent)
    frame = Frame.of(size if paper is None else paper.size, size)
    image = mask = None
    layer = paint([stroke for stroke in drawn if not stroke.kind.masks], size, frame)
    if layer is not None:
        ground = Image.new("RGB", size, "white") if paper is None else ImageOps.fit(paper, size, _LANCZOS)
        ground.paste(layer, mask=layer)
        image = _png(ground)
    shade = paint([stroke for stroke in drawn if stroke.kind.masks], size, frame)
    if shade is not None:
        mask = _png(shade.getchannel("A"))
    return Canvas(image, mask)


def paint(strokes: Sequence[Stroke], size: Size, frame: Frame) -> Image.Image | None:
    """Return the layer that strokes make, RGBA: brushes and masks lay their colour, erasers take away what is there.

    None when nothing is left on it. Raises: TooLarge.
    """
    if not any(stroke.kind in (Kind.BRUSH, Kind.MASK) for stroke in strokes):
        return None
    lines = [_line(stroke, frame) for stroke in strokes]
    fine = fineness(lines)
    layer = Image.new("RGBA", (size[0] * fine, size[1] * fine))
    draw = ImageDraw.Draw(layer)
    for stroke, line in zip(strokes, lines, strict=True):
        if not stroke.diameter:
            continue
        erases = stroke.kind in (Kind.ERASER, Kind.MASK_ERASER)
        _draw(draw, line, fine, (0, 0, 0, 0) if erases else (*stroke.colour, 255))
    if layer.getchannel("A").getbbox() is None:
        return None
    return layer if fine == 1 else layer.reduce(fine)


@dataclass(frozen=True, slots=True)
class Line:
    """A stroke as it lies on a canvas.

    points: (n, 3), x, y and width in the canvas' pixels. sharp: (n,), where a disc is drawn: at its ends, and wherever
    it turns too sharply for a strip. ends: the first point and the last one of each strip, together.
    """

    points: Floats
    sharp: NDArray[np.bool_]
    ends: NDArray[np.intp]

    def work(self, fine: int) -> float:
        """Return about what it costs to draw it so many times finer than the canvas, in pixels filled.

        fine: 0 for that part of it which is the same at any fineness.
        """
        width = self.points[:, 2]
        steps = np.abs(np.diff(self.points[:, :2], axis=0))
        discs = width[self.sharp]
        area = np.hypot(*steps.T) @ width[1:] + discs @ discs
        rows = steps[:, 1].sum() + discs.sum() + width[self.ends].sum()
        shapes = SHAPE * (len(discs) + len(self.ends)) + POINT * len(width) + STROKE
        return float(area * fine**2 + ROW * rows * fine) + shapes


def fineness(lines: Sequence[Line]) -> int:
    """Return how many times finer than the canvas to draw these lines, FINEST to 1. Raises: TooLarge."""
    if sum(line.work(1) for line in lines) > MOST_WORK:
        raise TooLarge("The drawing has too many long or wide strokes; clear a part of it.")
    every = sum(line.work(0) for line in lines)
    filled = (fine for fine in range(FINEST, 1, -1) if sum(line.work(fine) for line in lines) - every <= QUICK_WORK)
    return next(filled, 1)


def _line(stroke: Stroke, frame: Frame) -> Line:
    """Return a stroke as it lies on the canvas, the points that are too near to matter left out."""
    points = np.array(stroke.points, np.float32)
    diameter = stroke.diameter / DIAMETERS * max(frame.width, frame.height)
    scale = np.array([frame.width / FULL, frame.height / FULL, diameter * (1 - LIGHTEST) / 255], np.float32)
    line = points * scale + np.array([-frame.left, -frame.top, diameter * LIGHTEST], np.float32)
    if len(line) == 1:
        return Line(line, np.ones(1, bool), np.zeros(1, np.intp))
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line[:, :2], axis=0).T))])
    place = np.floor(along / max(0.4, min(0.04 * diameter, 1.5 + 0.015 * diameter)))
    kept = np.concatenate([[True], np.diff(place) > 0])
    kept[-1] = True
    return _parted(line[kept].astype(np.float32))


def _parted(points: Floats) -> Line:
    """Return the line through these points, parted into strips."""
    ways, lengths = _ways(points)
    turns = np.zeros(len(points), np.float32)
    turns[1:-1] = np.abs(np.arctan2(_cross(ways[:-1], ways[1:]), (ways[:-1] * ways[1:]).sum(1)))
    sharp = np.ones(len(points), bool)
    tight = (turns * points[:, 2] / 2)[1:-1] > 0.7 * np.minimum(lengths[:-1], lengths[1:])
    sharp[1:-1] = (turns > SHARP)[1:-1] | tight
    bends = np.diff(np.floor(np.cumsum(turns) / STRIP_TURN))[:-1] > 0
    full = np.arange(1, len(points) - 1) % STRIP_POINTS == 0
    cuts = np.flatnonzero(sharp[1:-1] | bends | full) + 1
    return Line(points, sharp, np.concatenate([[0], cuts, [len(points) - 1]]))


def _draw(draw: ImageDraw.ImageDraw, line: Line, fine: int, ink: tuple[int, int, int, int]) -> None:
    """Draw a line so many times finer: strips along its points, and its discs."""
    points, sharp = line.points * fine, line.sharp
    for x, y, half in (points[sharp] * (1, 1, 0.5)).tolist():
        box = [round(x - half), round(y - half), round(x + half) - 1, round(y + half) - 1]
        if box[0] <= box[2] and box[1] <= box[3]:
            draw.ellipse(box, fill=ink)
    if len(points) < 2:
        return
    places, halves = points[:, :2] - 0.5, np.maximum(points[:, 2] - 1, 0) / 2
    ways, _ = _ways(points)
    before, after = np.concatenate([ways[:1], ways]), np.concatenate([ways, ways[-1:]])
    middle = before + after
    middle /= np.maximum(np.hypot(*middle.T), 1e-6)[:, None]
    # A strip begins and ends square to its own way at a disc, and passes on to the next one where there is none.
    arriving, leaving = (np.where(sharp[:, None], way, middle) for way in (before, after))
    (right_in, left_in), (right_out, left_out) = (_sides(places, way, halves) for way in (arriving, leaving))
    for first, last in itertools.pairwise(line.ends.tolist()):
        right = [right_out[first], *right_in[first + 1 : last + 1]]
        left = [left_out[first], *left_in[first + 1 : last + 1]]
        draw.polygon([*right, *reversed(left)], fill=ink)


def _ways(points: Floats) -> tuple[Floats, Floats]:
    """Return the ways from each point to the next, one long, and how far it is."""
    steps = np.diff(points[:, :2], axis=0)
    lengths = np.maximum(np.hypot(*steps.T), 1e-6)
    return steps / lengths[:, None], lengths


def _sides(places: Floats, ways: Floats, halves: Floats) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the corners of a strip on both sides of its points, in whole pixels."""
    across = np.column_stack([-ways[:, 1], ways[:, 0]]) * halves[:, None]
    right, left = (np.rint(places + side).astype(int).tolist() for side in (across, -across))
    return [(x, y) for x, y in right], [(x, y) for x, y in left]


_LANCZOS: Final = Image.Resampling.LANCZOS


def _cross(one: Floats, other: Floats) -> Floats:
    found: Floats = one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]
    return found


def _opened(file: bytes) -> Image.Image:
    try:
        with Image.open(io.BytesIO(file)) as image:
            return image.convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as exc:
        raise BadPicture("The picture of the room cannot be read.") from exc


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=1)
    return out.getvalue()
