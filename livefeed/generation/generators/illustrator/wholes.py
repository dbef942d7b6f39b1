"""Whole pictures: those of the art that need no body, where their heads are, and boats without their water."""

from __future__ import annotations

import numpy as np

from .cutout import Cutout
from .pixels import Array

WHOLE_HEADS: dict[str, tuple[float, float, float]] = {
    "elephant": (0.26, 0.30, 0.44), "penguin": (0.50, 0.20, 0.62), "owl": (0.50, 0.30, 0.85),
    "duck": (0.20, 0.22, 0.34), "front-facing baby chick": (0.50, 0.24, 0.50), "baby chick": (0.30, 0.24, 0.48),
    "flamingo": (0.16, 0.12, 0.22), "parrot": (0.22, 0.18, 0.42), "rooster": (0.20, 0.18, 0.30),
    "turtle": (0.11, 0.36, 0.22), "snail": (0.14, 0.16, 0.24), "octopus": (0.50, 0.30, 0.66),
    "whale": (0.28, 0.42, 0.44), "T-Rex": (0.28, 0.12, 0.34), "sauropod": (0.12, 0.10, 0.24),
    "giraffe": (0.26, 0.08, 0.24), "llama": (0.20, 0.12, 0.24), "camel": (0.12, 0.16, 0.22),
    "deer": (0.16, 0.24, 0.24), "zebra": (0.14, 0.18, 0.30), "goat": (0.14, 0.28, 0.24), "ram": (0.14, 0.24, 0.34),
    "ewe": (0.16, 0.24, 0.32), "chipmunk": (0.20, 0.22, 0.40), "beaver": (0.26, 0.20, 0.36),
    "hedgehog": (0.18, 0.66, 0.34), "kangaroo": (0.14, 0.14, 0.26), "gorilla": (0.18, 0.24, 0.34),
    "orangutan": (0.50, 0.26, 0.50), "crab": (0.50, 0.40, 0.56), "ghost": (0.50, 0.30, 0.80),
    "snowman": (0.50, 0.24, 0.44), "teddy bear": (0.50, 0.24, 0.58), "bird": (0.34, 0.14, 0.34),
    "swan": (0.22, 0.10, 0.24), "goose": (0.30, 0.10, 0.28), "dodo": (0.24, 0.18, 0.34), "person": (0.50, 0.12, 0.62),
    "man": (0.50, 0.12, 0.62), "woman": (0.50, 0.12, 0.62), "hippopotamus": (0.16, 0.36, 0.34),
    "dolphin": (0.20, 0.26, 0.30), "seal": (0.24, 0.20, 0.36), "poodle": (0.30, 0.20, 0.36), "ox": (0.18, 0.22, 0.34),
    "bison": (0.22, 0.30, 0.40), "donkey": (0.20, 0.36, 0.24), "snake": (0.80, 0.12, 0.24),
    "otter": (0.20, 0.24, 0.34), "peacock": (0.50, 0.36, 0.16), "eagle": (0.14, 0.30, 0.26),
}  # fmt: skip
"""Middle and width of the head of whole pictures, as fractions of the picture."""
HANDS = frozenset({"person", "man", "woman"})
"""Whose pictures show hands that hang down and are free."""
WATERLINES = {"sailboat": 0.815, "canoe": 0.70, "speedboat": 0.65, "motor boat": 0.60, "ferry": 0.60, "ship": 0.91,
              "passenger ship": 0.92, "person rowing boat": 0.60, "woman rowing boat": 0.60}  # fmt: skip
"""Below which fraction of their height the pictures of boats show water, which the stage has of its own."""


def dry(label: str, picture: Array) -> Array:
    """Return the picture of a boat without the water it came with; any other as it is."""
    return picture[: round(picture.shape[0] * WATERLINES[label])] if label in WATERLINES else picture


def whole(label: str, picture: Array) -> Cutout:
    """Return a picture that needs no body, with its head where the table says it is."""
    height, width = picture.shape[:2]
    if label not in WHOLE_HEADS:
        return Cutout(picture)
    x, y, wide = WHOLE_HEADS[label]
    head = (x * width, y * height)
    points = {
        "head": head,
        "crown": (head[0], max(0.0, head[1] - 0.36 * wide * width)),
        "eyes": head,
        "neck": (head[0], head[1] + 0.5 * wide * width),
        "mouth": (head[0] - 0.3 * wide * width, head[1] + 0.2 * wide * width),
    }
    if label in HANDS:
        points |= {"hand": (0.88 * width, 0.57 * height), "other hand": (0.12 * width, 0.57 * height)}
        return Cutout(picture, points, wide * width, (0.10 * width, (0.99, 0.76, 0.22)))
    return Cutout(picture, points, wide * width)


def head_of(label: str, picture: Array) -> Array:
    """Return the head of a whole picture, cut out with a soft round edge; all of it where the head is not known."""
    if label not in WHOLE_HEADS:
        return picture
    height, width = picture.shape[:2]
    x, y, wide = WHOLE_HEADS[label]
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    reach = 0.56 * wide * width
    far = np.hypot(columns - np.float32(x * width), rows - np.float32(y * height)) / np.float32(reach)
    head = picture.copy()
    head[..., 3] *= np.clip((1.0 - far) * 12, 0, 1)
    return Cutout(head).trimmed().picture
