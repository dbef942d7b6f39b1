"""Mounts: where on a thing others ride, sit or stand, or how they are inside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from .cutout import Cutout, Point, resized

Way = Literal["saddle", "hull", "board", "window", "shell", "top"]
RIDER = 640.0
"""The height in pixels of a figure that stands upright, to which the width of mounts is relative."""


@dataclass(frozen=True, slots=True)
class Mount:
    """How a thing carries somebody; points are fractions of its picture, which looks to the left.

    way: on a saddle (legs to both sides), inside a hull (what lies below `seat` is before the rider), standing on a
    board, a face behind a window, whole inside a clear shell, or on top. wide: its width in riders' heights; hands,
    foot: handlebar and pedal; row: the gap between two riders; lean: degrees to the front; turn, squash,
    mirror: applied to the picture before; scale: of the riders.
    """

    way: Way
    seat: Point
    wide: float = 1.0
    hands: Point | None = None
    foot: Point | None = None
    row: float = 0.20
    lean: float = 0.0
    turn: float = 0.0
    squash: float = 1.0
    mirror: bool = False
    scale: float = 1.0


MOUNTS: dict[str, Mount] = {
    "bicycle": Mount("saddle", (0.62, 0.13), 0.92, (0.33, 0.06), (0.57, 0.80), lean=8),
    "motorcycle": Mount("saddle", (0.70, 0.27), 1.05, (0.30, 0.20), (0.60, 0.80), lean=12),
    "motor scooter": Mount("saddle", (0.62, 0.25), 0.85, (0.29, 0.05), (0.42, 0.76), lean=2),
    "kick scooter": Mount("board", (0.62, 0.84), 0.74, (0.20, 0.02)),
    "skateboard": Mount("board", (0.5, 0.30), 0.74, turn=-44, squash=0.55),
    "surfboard": Mount("board", (0.5, 0.42), 1.05),
    "roller skate": Mount("board", (0.55, 0.10), 0.5),
    "skis": Mount("board", (0.5, 0.4), 0.9),
    "sled": Mount("saddle", (0.62, 0.10), 0.85, (0.20, 0.10), (0.12, 0.62)),
    "broom": Mount("saddle", (0.56, 0.44), 1.05, (0.30, 0.44), (0.62, 1.6), turn=-46, mirror=True, lean=8),
    "carousel horse": Mount("saddle", (0.58, 0.36), 0.9, (0.30, 0.26), (0.52, 0.72)),
    "manual wheelchair": Mount("saddle", (0.52, 0.50), 0.72, (0.50, 0.44), (0.14, 0.80)),
    "sailboat": Mount("hull", (0.28, 0.81), 1.15, row=0.30),
    "canoe": Mount("hull", (0.42, 0.66), 1.15, row=0.26),
    "speedboat": Mount("hull", (0.62, 0.62), 1.25),
    "motor boat": Mount("hull", (0.30, 0.76), 1.3),
    "ferry": Mount("hull", (0.30, 0.70), 1.6, scale=0.7),
    "ship": Mount("hull", (0.25, 0.44), 1.6, scale=0.7),
    "passenger ship": Mount("hull", (0.30, 0.50), 1.6, scale=0.6),
    "ring buoy": Mount("hull", (0.5, 0.55), 0.75),
    "taxi": Mount("hull", (0.58, 0.13), 1.2),
    "automobile": Mount("hull", (0.58, 0.06), 1.2),
    "sport utility vehicle": Mount("hull", (0.55, 0.06), 1.2),
    "police car": Mount("hull", (0.6, 0.16), 1.2),
    "pickup truck": Mount("hull", (0.78, 0.34), 1.3, row=0.2),
    "delivery truck": Mount("top", (0.62, 0.06), 1.3),
    "tractor": Mount("hull", (0.64, 0.06), 1.15),
    "racing car": Mount("hull", (0.66, 0.40), 1.5),
    "auto rickshaw": Mount("hull", (0.62, 0.08), 1.0),
    "bus": Mount("top", (0.5, 0.03), 1.3),
    "locomotive": Mount("top", (0.36, 0.20), 1.2),
    "fire engine": Mount("hull", (0.6, 0.28), 1.25),
    "airplane": Mount("saddle", (0.52, 0.44), 1.3, (0.36, 0.32), (0.56, 0.72), mirror=True),
    "helicopter": Mount("window", (0.25, 0.47), 1.2, row=0.30),
    "rocket": Mount("saddle", (0.66, 0.44), 1.05, (0.44, 0.32), (0.52, 0.72), lean=6, mirror=True),
    "flying saucer": Mount("hull", (0.55, 0.24), 1.25),
    "hot air balloon": Mount("hull", (0.5, 0.865), 1.0, scale=0.46),
    "shopping cart": Mount("hull", (0.45, 0.34), 0.75),
    "bathtub": Mount("hull", (0.48, 0.52), 1.0),
    "basket": Mount("hull", (0.5, 0.46), 0.72),
    "bucket": Mount("hull", (0.5, 0.14), 0.6),
    "teacup without handle": Mount("hull", (0.55, 0.40), 0.72),
    "hot beverage": Mount("hull", (0.42, 0.20), 0.72),
    "bowl with spoon": Mount("hull", (0.45, 0.22), 0.85),
    "steaming bowl": Mount("hull", (0.5, 0.45), 0.85),
    "pot of food": Mount("hull", (0.5, 0.28), 0.72),
    "package": Mount("hull", (0.5, 0.30), 0.72),
    "wrapped gift": Mount("hull", (0.5, 0.40), 0.72),
    "egg": Mount("hull", (0.5, 0.50), 0.55),
    "nest with eggs": Mount("hull", (0.5, 0.45), 0.85),
    "amphora": Mount("hull", (0.5, 0.10), 0.5),
    "handbag": Mount("hull", (0.5, 0.36), 0.6),
    "backpack": Mount("hull", (0.5, 0.16), 0.62),
    "man’s shoe": Mount("hull", (0.68, 0.22), 0.8),
    "hiking boot": Mount("hull", (0.66, 0.10), 0.75),
    "tent": Mount("hull", (0.5, 0.72), 1.2),
    "jar": Mount("shell", (0.5, 0.60), 0.75),
    "crystal ball": Mount("shell", (0.5, 0.40), 0.8),
    "bubbles": Mount("shell", (0.68, 0.32), 1.1),
    "ringed planet": Mount("top", (0.5, 0.18), 1.0),
    "chair": Mount("top", (0.5, 0.56), 0.66),
    "couch and lamp": Mount("top", (0.40, 0.80), 1.25, row=0.2),
    "bed": Mount("top", (0.62, 0.28), 1.35, row=0.18),
    "crescent moon": Mount("top", (0.62, 0.62), 0.85),
    "cloud": Mount("top", (0.5, 0.28), 1.1),
    "mushroom": Mount("top", (0.5, 0.10), 0.8),
    "cactus": Mount("top", (0.5, 0.06), 0.6),
    "lotus": Mount("top", (0.5, 0.35), 0.9),
    "wood": Mount("top", (0.4, 0.08), 0.6),
    "house": Mount("top", (0.42, 0.14), 1.3),
    "castle": Mount("top", (0.20, 0.46), 1.5),
    "horse": Mount("saddle", (0.60, 0.43), 1.05, (0.36, 0.34), (0.54, 0.78)),
    "camel": Mount("saddle", (0.63, 0.14), 1.1, (0.46, 0.26), (0.56, 0.52)),
    "two-hump camel": Mount("saddle", (0.60, 0.24), 1.1, (0.46, 0.20), (0.54, 0.56)),
    "elephant": Mount("saddle", (0.60, 0.06), 1.15, (0.44, 0.10), (0.54, 0.44)),
    "giraffe": Mount("saddle", (0.62, 0.52), 0.9, (0.44, 0.46), (0.56, 0.74)),
    "zebra": Mount("saddle", (0.62, 0.36), 1.0, (0.40, 0.30), (0.56, 0.72)),
    "deer": Mount("saddle", (0.60, 0.46), 1.0, (0.40, 0.40), (0.54, 0.76)),
    "llama": Mount("saddle", (0.64, 0.46), 0.9, (0.40, 0.36), (0.58, 0.76)),
    "donkey": Mount("saddle", (0.55, 0.42), 1.0, (0.34, 0.34), (0.50, 0.72)),
    "dragon": Mount("saddle", (0.42, 0.50), 1.15, (0.36, 0.40), (0.40, 0.76)),
    "sauropod": Mount("saddle", (0.60, 0.50), 1.15, (0.36, 0.42), (0.52, 0.80)),
    "T-Rex": Mount("saddle", (0.52, 0.36), 1.05, (0.32, 0.36), (0.48, 0.62)),
    "turtle": Mount("saddle", (0.55, 0.10), 1.05, (0.30, 0.26), (0.46, 0.56)),
    "snail": Mount("saddle", (0.62, 0.08), 0.95, (0.34, 0.30), (0.50, 0.5)),
    "whale": Mount("saddle", (0.40, 0.14), 1.25, (0.22, 0.24), (0.32, 0.50)),
    "spouting whale": Mount("saddle", (0.52, 0.40), 1.25, (0.36, 0.42), (0.40, 0.66)),
    "dolphin": Mount("saddle", (0.44, 0.08), 1.05, (0.24, 0.18), (0.36, 0.46)),
    "swan": Mount("saddle", (0.66, 0.46), 1.0, (0.40, 0.42), (0.56, 0.72)),
    "duck": Mount("saddle", (0.62, 0.46), 0.95, (0.40, 0.42), (0.54, 0.72)),
    "goose": Mount("saddle", (0.66, 0.50), 0.9, (0.44, 0.44), (0.60, 0.72)),
    "rooster": Mount("saddle", (0.52, 0.40), 0.9, (0.34, 0.34), (0.50, 0.66)),
    "flamingo": Mount("saddle", (0.62, 0.36), 0.9, (0.40, 0.30), (0.58, 0.56)),
}  # fmt: skip


def mount_of(label: str, kind: str, thing: Cutout, way: Way | None = None) -> Mount:
    """Return how a thing carries others: by the table, by its own back, else on top of it.

    way: how it was asked for ("on" a car is on top, "inside" a pumpkin is in a hull) where the table allows both.
    """
    if label in MOUNTS:
        mount = MOUNTS[label]
        if way == "top" and mount.way == "hull" and not kind.startswith("transport-water"):
            return replace(mount, way="top", seat=top_of(thing))
        if way == "hull" and mount.way == "top":
            return replace(mount, way="hull", seat=(mount.seat[0], max(0.4, mount.seat[1])))
        return mount
    if way == "hull":
        return Mount("hull", (0.5, 0.42), 0.9)
    if "back" in thing.points:
        x, y = thing.points["back"]
        seat = (x / thing.width, y / thing.height)
    else:
        seat = top_of(thing)
    if kind.startswith("animal"):
        foot = (seat[0] - 0.08, min(0.9, seat[1] + 0.40))
        return Mount("saddle", seat, 1.05, (seat[0] - 0.24, seat[1] + 0.02), foot)
    if kind.startswith("transport"):
        return Mount("hull", (seat[0], min(0.5, seat[1] + 0.12)), 1.25)
    return Mount("top", seat, 0.9)


def top_of(thing: Cutout) -> Point:
    """Return where one can sit on a thing, as fractions: the top of its middle."""
    alpha = thing.picture[..., 3] > 0.5
    low, high = int(0.42 * thing.width), max(int(0.42 * thing.width) + 1, int(0.58 * thing.width))
    rows = np.nonzero(alpha[:, low:high].mean(1) > 0.5)[0]
    top = float(rows[0]) if len(rows) else 0.0
    return 0.5, min(0.8, top / thing.height + 0.05)


def prepared(thing: Cutout, mount: Mount) -> Cutout:
    """Return a mount's picture turned, squashed and sized for a rider of RIDER pixels."""
    turned = thing.turned(mount.turn) if mount.turn else thing
    turned = turned.mirrored() if mount.mirror else turned
    width = mount.wide * RIDER
    height = turned.height * width / turned.width * mount.squash
    picture = resized(turned.picture, round(width), max(2, round(height)))
    scale_x, scale_y = width / turned.width, height / turned.height
    points = {name: (x * scale_x, y * scale_y) for name, (x, y) in turned.points.items()}
    return Cutout(picture, points, turned.head * scale_x)
