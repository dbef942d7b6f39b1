"""Finished strokes as the shared document keeps them: packed bytes, the same in every language. [pure]

Little-endian: u8 version (1), u8 kind, u8 red, green, blue, u16 diameter, u16 number of points (1 to 2,000), and for
each point u16 x, u16 y, u8 pressure. Source: docs/strokes.md.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

VERSION: Final = 1
MAX_POINTS: Final = 2000
FULL: Final = 65_535
"""The x of the picture's right edge, the y of its lower one."""
DIAMETERS: Final = 10_000
"""The diameter that is as wide as the picture's longer side."""
LIGHTEST: Final = 0.35
"""The share of its width that a stroke has without any pressure."""

HEADER: Final = struct.Struct("<BBBBBHH")
POINT: Final = struct.Struct("<HHB")

Point = tuple[int, int, int]
"""x, y, pressure."""


class Kind(IntEnum):
    """What a stroke does: brush and eraser to the paint over the picture, the two of the mask to the mask."""

    BRUSH = 0
    MASK = 1
    ERASER = 2
    MASK_ERASER = 3

    @property
    def masks(self) -> bool:
        """True for those that say where the picture may be repainted."""
        return self in (Kind.MASK, Kind.MASK_ERASER)


class BadStroke(ValueError):
    """The bytes are no stroke."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line drawn in one go.

    colour: red, green, blue, of a brush; the others have none, which is zeros. diameter: in 1/DIAMETERS of the
    picture's longer side, at full pressure. points: x and y 0 to FULL, pressure 0 to 255.
    """

    kind: Kind
    colour: tuple[int, int, int]
    diameter: int
    points: tuple[Point, ...]

    @property
    def packed(self) -> bytes:
        """The stroke as the document keeps it. Raises: BadStroke when it does not fit."""
        if not 1 <= len(self.points) <= MAX_POINTS:
            raise BadStroke(f"A stroke has 1 to {MAX_POINTS:,} points, not {len(self.points):,}.")
        try:
            head = HEADER.pack(VERSION, self.kind, *self.colour, self.diameter, len(self.points))
            return head + b"".join(POINT.pack(*point) for point in self.points)
        except struct.error as exc:
            raise BadStroke(f"The stroke holds a number that has no room: {exc}.") from exc


def parse(packed: bytes) -> Stroke:
    """Return the stroke that `packed` is; packing it again gives the same bytes. Raises: BadStroke."""
    if len(packed) < HEADER.size:
        raise BadStroke("A stroke is cut off in its head.")
    version, kind, red, green, blue, diameter, count = HEADER.unpack_from(packed)
    if version != VERSION or kind > max(Kind):
        raise BadStroke(f"A stroke of version {version} and kind {kind} is not known.")
    if not 1 <= count <= MAX_POINTS or len(packed) != HEADER.size + count * POINT.size:
        raise BadStroke(f"A stroke of {len(packed):,} bytes does not have {count:,} points.")
    return Stroke(Kind(kind), (red, green, blue), diameter, tuple(POINT.iter_unpack(packed[HEADER.size :])))


def parse_all(packed: Iterable[bytes]) -> list[Stroke]:
    """Return the strokes in their order; bytes that are none are skipped."""
    found = []
    for one in packed:
        try:
            found.append(parse(one))
        except BadStroke:
            continue
    return found
