"""Attire: what figures wear, and what they hold or read."""

from __future__ import annotations

from dataclasses import replace

from .asked import Subject
from .casting import cast, colour_of
from .cutout import Cutout, Layer, Point, assembled, resized
from .pixels import blend_colour
from .sculpture import Sculpture

HATS = {"top hat", "crown", "billed cap", "graduation cap", "woman’s hat", "military helmet", "rescue worker’s helmet"}
AIRY = {"balloon", "kite", "umbrella", "closed umbrella"}
"""Held up high."""
CLOTHES = {"t-shirt", "coat", "dress", "kimono", "sari", "lab coat", "safety vest", "necktie", "woman’s clothes",
           "martial arts uniform", "running shirt"}  # fmt: skip
FOOTWEAR = {"man’s shoe", "running shoe", "hiking boot", "flat shoe", "high-heeled shoe", "woman’s sandal",
            "woman’s boot", "ballet shoes", "roller skate", "ice skate", "socks", "thong sandal"}  # fmt: skip


def worn(body: Cutout, thing: Subject) -> Cutout:
    """Put on a hat, glasses, a scarf, clothes or shoes."""
    picture = cast(replace(thing, count=1))
    head = body.head or 0.5 * min(body.width, body.height)
    x, y = body.at("crown", 0.5, 0.08)
    label = thing.label
    if label in HATS:
        hat = picture.to_width(head * (0.66 if label == "crown" else 0.82))
        return _with(body, hat, x, y + 0.10 * head - 0.5 * hat.height)
    if label in ("glasses", "sunglasses", "goggles"):
        eyes = body.at("eyes", 0.5, 0.25)
        return _with(body, picture.to_width(head * 0.74), eyes[0], eyes[1])
    if label == "headphone":
        middle = body.at("head", 0.5, 0.2)
        return _with(body, picture.to_width(head * 1.12), x, (y + middle[1]) / 2 + 0.02 * head)
    if label in FOOTWEAR:
        foot = body.at("seat", 0.5, 1.0)
        shoe = picture.to_width(0.44 * head)
        both = _with(body, shoe, foot[0] - 0.24 * head, foot[1] - 0.45 * shoe.height)
        return _with(
            both, shoe, both.at("seat", 0.5, 1.0)[0] + 0.26 * head, both.at("seat", 0.5, 1.0)[1] - 0.45 * shoe.height
        )
    neck = body.at("neck", 0.5, 0.45)
    if label == "scarf":
        return scarfed(body, neck, head, thing)
    if label in ("ribbon", "prayer beads", "reminder ribbon"):
        bow = picture.to_width(head * 0.46)
        return _with(body, bow, neck[0], neck[1] + 0.28 * bow.height)
    if label == "backpack":
        bag = picture.to_width(head * 0.9)
        return _with(body, bag, neck[0] + 0.30 * head, neck[1] + 0.42 * bag.height, behind=True)
    if label in CLOTHES:
        wide = {"dress": 1.10, "sari": 1.1, "necktie": 0.62}.get(label, 1.02)
        cloth = picture.to_width(head * wide)
        tall = min(cloth.height * 1.0, 0.95 * head)
        cloth = Cutout(resized(cloth.picture, cloth.width, max(2, round(tall))))
        return _with(body, cloth, neck[0], neck[1] + 0.44 * cloth.height)
    ring = picture.to_width(head * 0.42)
    return _with(body, ring, neck[0], neck[1] + 0.3 * ring.height)


def scarfed(body: Cutout, neck: Point, head: float, thing: Subject) -> Cutout:
    """Wind a scarf around the neck, one end hanging down."""
    colour = colour_of(thing.colour) or (0.90, 0.16, 0.20)
    pale = blend_colour(colour, (1.0, 0.96, 0.90), 0.75)
    clay = Sculpture(body.width, body.height)
    x, y, h = *neck, head
    clay.limb(
        [
            (x + 0.15 * h, y + 0.10 * h, 0.070 * h),
            (x + 0.20 * h, y + 0.26 * h, 0.080 * h),
            (x + 0.19 * h, y + 0.46 * h, 0.086 * h),
        ],
        colour,
        tip=pale,
        tip_from=0.72,
    )
    clay.limb(
        [
            (x - 0.29 * h, y - 0.02 * h, 0.080 * h),
            (x, y + 0.09 * h, 0.092 * h),
            (x + 0.29 * h, y - 0.02 * h, 0.080 * h),
        ],
        colour,
        z=30,
    )
    return replace(body, picture=assembled([(body.picture, 0, 0), clay.layer()]).picture)


def grasp(body: Cutout, thing: Cutout, label: str, kind: str = "") -> Cutout:
    """Put a thing in both hands (or before the mouth of what has none), the hands closed around it."""
    if "hand" not in body.points or body.grip is None:
        head = body.at("head", 0.2, 0.3)
        facing_us = 0.4 < head[0] / body.width < 0.6
        mouth = (0.5 * body.width, 0.56 * body.height) if facing_us else body.at("mouth", 0.16, 0.42)
        small = (
            thing.to_height(0.36 * body.height) if thing.height > thing.width else thing.to_width(0.36 * body.height)
        )
        aside = 0.0 if facing_us else 0.2 * small.width
        return _with(body, small, mouth[0] - aside, mouth[1] + 0.30 * small.height)
    size = 0.40
    if kind == "musical-instrument":
        size = 0.46
        thing = thing.turned(8) if label in ("guitar", "banjo", "violin") else thing
    elif label == "book" or kind == "book-paper":
        size = 0.30
    elif kind.startswith(("food", "drink", "plant")) or label in ("teddy bear", "wrapped gift"):
        size = 0.32
    tall = size * body.height
    shown = thing.to_height(tall) if thing.height >= 0.7 * thing.width else thing.to_width(tall * 1.4)
    left, right = body.at("other hand"), body.at("hand")
    middle = ((left[0] + right[0]) / 2, (left[1] + right[1]) / 2)
    joined = _with(body, shown, middle[0], middle[1] - 0.06 * shown.height)
    return _gripping(joined, [joined.at("hand"), joined.at("other hand")])


def hold_up(body: Cutout, thing: Cutout, label: str, count: int = 1) -> Cutout:
    """Let a raised hand hold balloons or a kite on strings, or an umbrella over the head."""
    hand = body.at("hand", 0.92, 0.55)
    if "umbrella" in label:
        cover = thing.to_width(max(1.05 * body.width, 1.45 * body.head))
        cover = cover.scaled(max(1.0, (hand[1] + 0.10 * body.height) / cover.height))  # over the head it must be
        layers: list[Layer] = [
            (cover.picture, hand[0] - 0.52 * cover.width, hand[1] - 0.94 * cover.height),
            (body.picture, 0, 0),
        ]
        joined = assembled(layers, body.points, body.head, body.grip)
        return _gripping(joined, [joined.at("hand", 0.5, 0.5)])
    strings = Sculpture(body.width + 700, body.height + 900)
    pad_x, pad_y, thin = 350.0, 800.0, max(1.2, 0.0045 * body.height)
    tied: list[Layer] = []
    for number in range(min(5, count)):
        small = thing.to_height(0.34 * body.height)
        x = hand[0] + (number - (min(5, count) - 1) / 2) * 0.62 * small.width + 0.10 * body.width
        y = max(hand[1] - 1.25 * small.height - 0.18 * small.height * (number % 2), -700.0)
        strings.limb(
            [
                (hand[0] + pad_x, hand[1] + pad_y, thin),
                (0.5 * (hand[0] + x) + pad_x + 8, 0.5 * (hand[1] + y) + pad_y, thin),
                (x + pad_x, y + 0.4 * small.height + pad_y, thin),
            ],
            (0.95, 0.93, 0.90),
        )
        tied.append((small.picture, x - small.width / 2, y - small.height / 2))
    string, x, y = strings.layer()
    layers = [(string, x - pad_x, y - pad_y), *tied, (body.picture, 0.0, 0.0)]
    joined = assembled(layers, body.points, body.head, body.grip)
    return _gripping(joined, [joined.at("hand", 0.5, 0.5)])


def _with(body: Cutout, thing: Cutout, x: float, y: float, *, behind: bool = False) -> Cutout:
    """Lay a thing on (or behind) a body, its middle at (x, y) in the body's pixels."""
    layers: list[Layer] = [(body.picture, 0.0, 0.0), (thing.picture, x - thing.width / 2, y - thing.height / 2)]
    return assembled(layers[::-1] if behind else layers, body.points, body.head, body.grip)


def _gripping(body: Cutout, hands: list[Point]) -> Cutout:
    """Close the hands around what they hold."""
    if body.grip is None:
        return body
    radius, colour = body.grip
    clay = Sculpture(body.width, body.height)
    for x, y in hands:
        clay.ball(x, y, radius, 0.9 * radius, colour)
    return replace(body, picture=assembled([(body.picture, 0, 0), clay.layer()]).picture)
