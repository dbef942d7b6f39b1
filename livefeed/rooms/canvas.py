"""What people have drawn, as pictures: the paint over the parent, and the mask of what may be repainted. [pure]

It takes tenths of a second for a full drawing: call it in a thread.
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
QUICK_AREA: Final = 400_000_000
"""Pixels that a third of a second fills: a drawing that would take more is drawn less finely."""
MOST_AREA: Final = 4_000_000_000
MOST_POINTS: Final = 400_000

SHARP: Final = 0.5
"""Radians of a turn from which on a strip would show its corners."""
STRIP_TURN: Final = 1.5
"""Radians that one strip turns at most: it must not run into itself."""

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
    area = sum(_area(line) for line in lines)
    if area > MOST_AREA:
        raise TooLarge("The drawing has too many wide strokes; clear a part of it.")
    fine = next((fine for fine in range(FINEST, 1, -1) if area * fine**2 <= QUICK_AREA), 1)
    layer = Image.new("RGBA", (size[0] * fine, size[1] * fine))
    draw = ImageDraw.Draw(layer)
    for stroke, line in zip(strokes, lines, strict=True):
        if not stroke.diameter:
            continue
        erases = stroke.kind in (Kind.ERASER, Kind.MASK_ERASER)
        _draw(draw, line * fine, (0, 0, 0, 0) if erases else (*stroke.colour, 255))
    if layer.getchannel("A").getbbox() is None:
        return None
    return layer if fine == 1 else layer.reduce(fine)


def _line(stroke: Stroke, frame: Frame) -> Floats:
    """Return a stroke's points as (n, 3): x, y and width in the canvas' pixels, those too near to matter left out."""
    points = np.array(stroke.points, np.float32)
    diameter = stroke.diameter / DIAMETERS * max(frame.width, frame.height)
    scale = np.array([frame.width / FULL, frame.height / FULL, diameter * (1 - LIGHTEST) / 255], np.float32)
    line = points * scale + np.array([-frame.left, -frame.top, diameter * LIGHTEST], np.float32)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line[:, :2], axis=0).T))])
    place = np.floor(along / max(0.4, min(0.04 * diameter, 1.5 + 0.015 * diameter)))
    kept = np.concatenate([[True], np.diff(place) > 0])
    kept[-1] = True
    found: Floats = line[kept].astype(np.float32)
    return found


def _area(line: Floats) -> float:
    """Return about how many pixels drawing a line fills, at its most winding."""
    steps = np.hypot(*np.diff(line[:, :2], axis=0).T)
    return float(steps @ line[1:, 2] + (line[:, 2] ** 2).sum())


def _draw(draw: ImageDraw.ImageDraw, line: Floats, ink: tuple[int, int, int, int]) -> None:
    """Draw a line: strips along its points, and a disc at its ends and wherever it turns too sharply for a strip."""
    places, halves = line[:, :2] - 0.5, np.maximum(line[:, 2] - 1, 0) / 2
    steps = np.diff(places, axis=0)
    lengths = np.maximum(np.hypot(*steps.T), 1e-6)
    ways = steps / lengths[:, None]
    turns = np.zeros(len(line), np.float32)
    turns[1:-1] = np.abs(np.arctan2(_cross(ways[:-1], ways[1:]), (ways[:-1] * ways[1:]).sum(1)))
    sharp = np.ones(len(line), bool)
    sharp[1:-1] = (turns > SHARP)[1:-1] | ((turns * halves)[1:-1] > 0.7 * np.minimum(lengths[:-1], lengths[1:]))
    for (x, y), half in zip((places[sharp] + 0.5).tolist(), (line[sharp, 2] / 2).tolist(), strict=True):
        box = [round(x - half), round(y - half), round(x + half) - 1, round(y + half) - 1]
        if box[0] <= box[2] and box[1] <= box[3]:
            draw.ellipse(box, fill=ink)
    if len(line) < 2:
        return
    before, after = np.concatenate([ways[:1], ways]), np.concatenate([ways, ways[-1:]])
    middle = before + after
    middle /= np.maximum(np.hypot(*middle.T), 1e-6)[:, None]
    # A strip begins and ends square to its own way at a disc, and passes on to the next one where there is none.
    arriving, leaving = (np.where(sharp[:, None], way, middle) for way in (before, after))
    bends = np.floor(np.cumsum(turns) / STRIP_TURN)
    cuts = np.flatnonzero(sharp[1:-1] | (np.diff(bends)[:-1] > 0)) + 1
    (right_in, left_in), (right_out, left_out) = (_sides(places, way, halves) for way in (arriving, leaving))
    for first, last in itertools.pairwise([0, *cuts.tolist(), len(line) - 1]):
        right = [right_out[first], *right_in[first + 1 : last + 1]]
        left = [left_out[first], *left_in[first + 1 : last + 1]]
        draw.polygon([*right, *reversed(left)], fill=ink)


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
