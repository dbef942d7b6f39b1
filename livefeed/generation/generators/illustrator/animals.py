"""Bodies of animals whose heads the art shows: sitting, on all fours, upright."""

from __future__ import annotations

import math
from typing import Literal

from .cutout import Cutout, Point, assembled, fit, shaded_under
from .pixels import Array, Colour, scaled
from .sculpture import Knot, Sculpture
from .species import FACE_LINES, Coat

Arms = Literal["down", "hold", "raised", "spread", "none"]


def darker(colour: Colour) -> Colour:
    """Return the colour of what is on the far side."""
    return scaled(colour, 0.80)


def headed(clay: Sculpture, coat: Coat, face: Array, middle: Point, points: dict[str, Point]) -> Cutout:
    """Return a sculpted body with a face laid on it, its middle at a point."""
    x, y = middle[0] - face.shape[1] / 2, middle[1] - face.shape[0] / 2
    trunk, left, top = clay.layer()
    body = shaded_under(trunk, face[..., 3], x - left, y - top)
    crown, eyes = FACE_LINES.get(coat.face, (0.14, 0.50))
    named = {
        "head": middle,
        "neck": (middle[0], middle[1] + 0.46 * face.shape[0]),
        "crown": (middle[0], y + crown * face.shape[0]),
        "eyes": (middle[0], y + eyes * face.shape[0]),
        **points,
    }
    return assembled([(body, left, top), (face, x, y)], named, float(face.shape[1]), grip=(27.0, coat.paws))


TAILS: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "bushy": ((0, 0, 0, 0.16), (0.5, 0.10, -0.1, 0.26), (0.92, 0, -0.42, 0.29), (1.06, 0, -0.92, 0.07)),
    "ringed": ((0, 0, 0, 0.15), (0.5, 0, 0, 0.22), (0.9, 0, -0.4, 0.21), (1.0, 0, -0.8, 0.08)),
    "long": ((0, 0, 0, 0.085), (0.5, 0.06, 0, 0.08), (0.78, 0, -0.40, 0.075), (1.02, 0, -0.72, 0.06)),
    "curl": ((0, 0, 0, 0.07), (0.26, -0.06, 0, 0.065), (0.34, -0.30, 0, 0.06), (0.14, -0.34, 0, 0.055),
             (0.20, -0.14, 0, 0.045)),
    "mane": ((0, 0, 0, 0.10), (0.34, 0.04, 0, 0.18), (0.52, 0.6, 0, 0.19), (0.46, 1.0, 0, 0.05)),
    "scaly": ((-0.1, 0, 0, 0.40), (0.6, 0.18, 0, 0.28), (1.1, -0.1, 0, 0.15), (1.34, 0, -0.5, 0.05)),
}  # fmt: skip
"""The knots of tails in tails' sizes: how far behind, how far below, how much higher when carried high, radius."""


def tail(clay: Sculpture, coat: Coat, x: float, y: float, size: float, *, up: float = 1.0) -> None:
    """Add a tail that begins at (x, y) and goes to the right; `up` 1 carried high, 0 trailing."""
    fur, tip, s = coat.fur, coat.tip, size
    shape = TAILS.get("long" if coat.tail == "tuft" else coat.tail, ())
    knots: list[Knot] = [(x + out * s, y + (down + high * up) * s, radius * s) for out, down, high, radius in shape]
    match coat.tail:
        case "bushy":
            clay.limb(knots, fur, z=-30, tip=tip, tip_from=0.72)
        case "ringed":
            clay.limb(knots, fur, z=-30, tip=tip, rings=4)
        case "long" | "tuft":
            clay.limb(knots, fur, z=-30, tip=tip, tip_from=0.80)
            if coat.tail == "tuft":
                clay.ball(x + 1.03 * s, y - 0.76 * up * s, 0.15 * s, 0.11 * s, tip, z=-24, turn=-0.9)
        case "curl" | "mane":
            clay.limb(knots, tip, z=-20)
        case "scaly":
            clay.limb(knots, fur, z=-20)
            for dx, dy in ((0.25, -0.28), (0.62, -0.14), (0.98, -0.16)):
                clay.ball(x + dx * s, y + dy * s, 0.13 * s, 0.07 * s, tip, z=-10, turn=-0.9)
        case "stub":
            clay.ball(x + 0.06 * s, y - 0.06 * s, 0.20 * s, 0.18 * s, tip, z=-20)
        case _:
            pass


def markings(clay: Sculpture, coat: Coat, x: float, y: float, wide: float, tall: float) -> None:
    """Mark the trunk whose middle is (x, y) with the coat's stripes, spots or patches."""
    if coat.mark == "stripes":
        for index in range(6):
            at = x + wide * (index - 2.5) / 2.9
            clay.patch(
                at, y - 0.55 * tall, 0.05 * wide, 0.60 * tall, coat.ink, turn=0.22 * (index - 2.5) / 2.5, soft=0.3
            )
    elif coat.mark == "spots":
        for index in range(26):
            angle = 2.4 * index
            far = math.sqrt((index + 0.5) / 26)
            clay.patch(
                x + 0.98 * wide * far * math.cos(angle),
                y - 0.1 * tall + 0.8 * tall * far * math.sin(angle),
                0.07 * wide,
                0.10 * tall,
                coat.ink,
                soft=0.3,
            )
    elif coat.mark == "belt":
        clay.patch(x, y + 0.62 * tall, 2.0 * wide, 0.17 * tall, (0.16, 0.14, 0.18), soft=0.04)
        clay.patch(x, y + 0.62 * tall, 0.26 * wide, 0.19 * tall, (0.98, 0.80, 0.30), soft=0.1)
        clay.patch(x, y - 0.2 * tall, 0.16 * wide, 0.72 * tall, (0.96, 0.95, 0.98), soft=0.1)
    elif coat.mark == "panel":
        clay.patch(x, y + 0.10 * tall, 0.62 * wide, 0.52 * tall, (0.58, 0.58, 0.72), soft=0.1)
        for dx, dy, size, lamp in (
            (-0.26, -0.06, 0.15, (0.25, 0.80, 0.95)),
            (0.22, -0.08, 0.13, (0.98, 0.78, 0.24)),
            (0.0, 0.30, 0.30, (0.92, 0.22, 0.38)),
        ):
            clay.patch(x + dx * wide, y + dy * tall, size * wide, min(0.13, size) * tall, lamp, soft=0.15)
    elif coat.mark == "patches":
        for dx, dy, w, h in (
            (-0.45, -0.5, 0.34, 0.55),
            (0.35, -0.35, 0.40, 0.60),
            (0.9, 0.2, 0.26, 0.5),
            (-0.1, 0.6, 0.2, 0.3),
        ):
            clay.patch(x + dx * wide, y + dy * tall, w * wide, h * tall, coat.ink, turn=dx, soft=0.08)


def leg(clay: Sculpture, coat: Coat, top: Point, foot: Point, colour: Colour, paw: Colour, z: float) -> None:
    """Add a leg from a hip or a shoulder to a foot that stands."""
    thick = coat.build.limb
    knee = ((top[0] + foot[0]) / 2 + 0.10 * (foot[0] - top[0]) + 5, (top[1] + foot[1]) / 2 + 8)
    end = foot[1] - 0.7 * thick
    clay.limb(
        [(top[0], top[1], thick * 1.40), (knee[0], knee[1], thick * 1.05), (foot[0], end, thick * 0.92)],
        colour,
        z=z,
        tip=paw if coat.build.hoofed else None,
        tip_from=0.86,
        blend=16,
    )
    if coat.build.hoofed:
        clay.ball(foot[0] - 3, end + 0.25 * thick, thick * 1.08, thick * 0.62, paw, z=z + 4)
    else:
        clay.ball(foot[0] - 0.35 * thick, end + 0.18 * thick, thick * 1.30, thick * 0.78, paw, z=z + 8)


def on_fours(coat: Coat, face: Array, stride: float = 0.0) -> Cutout:
    """Model an animal on its four legs, seen from its left side; stride 0 stands, 1 runs."""
    b = coat.build
    ground, fore = 660.0, 300.0
    hind, spine = fore + b.length, 660.0 - b.leg - 0.74 * b.girth
    clay = Sculpture(900, 680)
    swing = 0.62 * b.leg * stride
    lift = 0.24 * b.leg * stride
    limbs = coat.arms or coat.fur
    low = spine + 0.30 * b.girth
    tail(clay, coat, hind + 0.72 * b.girth, spine - 0.30 * b.girth, 150 if coat.tail != "mane" else 190)
    for top, foot in (
        ((fore + 40, low), (fore + 34 + swing, ground - 14 - lift)),
        ((hind - 44, low), (hind - 40 - swing, ground - 14)),
    ):
        leg(clay, coat, top, foot, darker(limbs), darker(coat.paws), -70)
    middle = (fore + hind) / 2
    clay.limb(
        [(fore, spine, b.girth * 0.96), (middle, spine + 0.06 * b.girth, b.girth * 0.93), (hind, spine, b.girth)],
        coat.fur,
    )
    out, up = (0.05, 0.30) if coat.profile else (0.58, 0.22)
    head = (fore - out * b.girth, spine - 0.62 * b.girth - b.neck - up * b.face)
    if not coat.profile:
        head = (head[0] - 0.10 * b.face, head[1])
    clay.limb(
        [
            (fore - 0.1 * b.girth, spine - 0.2 * b.girth, b.girth * 0.78),
            (head[0] + 0.10 * b.face, head[1] + 0.22 * b.face, 0.30 * b.face),
        ],
        coat.fur,
        blend=26,
    )
    clay.patch(middle - 8, spine + 0.92 * b.girth, b.length * 0.62, 0.40 * b.girth, coat.chest, soft=0.4)
    clay.patch(
        fore - 0.62 * b.girth, spine + 0.18 * b.girth, 0.42 * b.girth, 0.66 * b.girth, coat.chest, turn=-0.3, soft=0.4
    )
    near_side(clay, coat, (fore, hind), (spine, ground), (swing, lift))
    markings(clay, coat, middle, spine, b.length * 0.5 + b.girth * 0.5, b.girth)
    shown = fit(face, round(b.face))
    back = (middle, spine - 0.86 * b.girth)
    return headed(
        clay,
        coat,
        shown,
        head,
        {"back": back, "mouth": (head[0] - 6, head[1] + 0.26 * shown.shape[0]), "seat": (middle, ground)},
    )


def near_side(clay: Sculpture, coat: Coat, ends: Point, levels: Point, step: Point) -> None:
    """Add the legs of the near side, with haunch and shoulder.

    ends: x of shoulders and hips; levels: y of the spine and of the ground; step: how far a leg swings and is lifted.
    """
    b, limbs = coat.build, coat.arms or coat.fur
    (fore, hind), (spine, ground), (swing, lift) = ends, levels, step
    low = spine + 0.30 * b.girth
    for x, y, foot_x, up in ((fore + 4, low, fore - swing, 0.0), (hind + 6, low - 6, hind + 10 + swing, lift)):
        leg(clay, coat, (x, y), (foot_x, ground - up), limbs, coat.paws, 34)
    clay.ball(
        hind + 4,
        spine + 0.24 * b.girth,
        0.66 * b.girth,
        0.76 * b.girth,
        limbs if coat.arms else coat.fur,
        z=0.42 * b.girth,
        blend=40,
    )
    if coat.arms:
        clay.ball(
            fore - 2, spine + 0.05 * b.girth, 0.56 * b.girth, 0.86 * b.girth, coat.arms, z=0.40 * b.girth, blend=20
        )


def hen(coat: Coat, face: Array) -> Cutout:
    """Model a hen from its side: a round body, a wing, a fan of a tail, two thin legs."""
    clay = Sculpture(640, 640)
    shown = fit(face, 170)
    for index in range(5):
        angle = -0.10 - 0.34 * index
        end = (410 + 150 * math.cos(angle), 316 + 150 * math.sin(angle))
        clay.limb(
            [(390, 330, 44.0), ((390 + end[0]) / 2, (330 + end[1]) / 2, 42.0), (*end, 22.0)],
            darker(coat.fur) if index % 2 else coat.fur,
            z=-20 - 5 * index,
            blend=6,
        )
    for x, z in ((300.0, -20.0), (356.0, 10.0)):
        clay.limb([(x, 460, 15.0), (x - 4, 540, 12.0)], coat.paws, z=z)
        for toe in (-34, -6, 22):
            clay.limb([(x - 4, 540, 11.0), (x - 4 + toe, 560, 9.0)], coat.paws, z=z)
    clay.limb([(226, 300, 74.0), (270, 360, 112.0), (352, 370, 108.0), (410, 330, 60.0)], coat.fur, blend=20)
    clay.limb([(262, 350, 54.0), (350, 372, 60.0), (430, 344, 22.0)], darker(coat.fur), z=70, blend=10)
    return headed(clay, coat, shown, (210, 196), {"back": (330, 266), "seat": (320, 560)})


def sitting(coat: Coat, face: Array) -> Cutout:
    """Model an animal that sits facing us, its tail to its left."""
    clay = Sculpture(640, 700)
    shown = fit(face, 250)
    middle, neck, ground = 280.0, 300.0, 548.0
    limbs = coat.arms or coat.fur
    stout = coat.build.girth / 80
    tail(clay, coat, middle + 66, ground - 46, 150)
    for side in (-1, 1):
        clay.ball(
            middle + side * 74 * stout,
            ground - 56,
            56,
            58,
            limbs if coat.arms else coat.fur,
            z=-6,
            turn=-side * 0.25,
            blend=24,
        )
        clay.ball(middle + side * 92 * stout, ground - 18, 46, 22, coat.paws, z=26)
    clay.limb(
        [
            (middle, neck - 10, 58 * stout),
            (middle, neck + 90, 84 * stout),
            (middle, ground - 20 - 76 * stout, 90 * stout),
        ],
        coat.fur,
        blend=24,
    )
    markings(clay, coat, middle, neck + 90, 90 * stout, 110)
    clay.patch(middle, neck + 84, 54 * stout, 92, coat.chest, soft=0.3)
    for side in (-1, 1):
        clay.limb(
            [
                (middle + side * 52 * stout, neck + 62, 30.0),
                (middle + side * 44, neck + 140, 26.0),
                (middle + side * 40, ground - 30, 25.0),
            ],
            limbs,
            z=46 + 50 * (stout - 0.6),
            blend=26,
        )
        clay.ball(middle + side * 42, ground - 16, 36, 21, coat.paws, z=100)
    return headed(
        clay,
        coat,
        shown,
        (middle, neck - 0.34 * shown.shape[0]),
        {"seat": (middle, ground - 6), "back": (middle, neck), "hand": (middle + 40, ground - 60)},
    )


def upright(coat: Coat, face: Array, arms: Arms = "down", *, legs: bool = True) -> Cutout:
    """Model an animal on its hind legs, facing us; its hands are points to put things in."""
    clay = Sculpture(720, 900)
    shown = fit(face, 240)
    stout = 0.5 + 0.5 * coat.build.girth / 80
    middle, neck, hip, ground = 360.0, 360.0, 560.0, 680.0
    limbs = coat.arms or coat.fur
    paws = coat.paws
    if legs:
        tail(clay, coat, middle + 66 * stout, hip + 4, 140)
        for side in (-1, 1):
            clay.limb(
                [
                    (middle + side * 46 * stout, hip - 10, 42.0),
                    (middle + side * 50 * stout, hip + 50, 36.0),
                    (middle + side * 52 * stout, ground - 30, 32.0),
                ],
                limbs,
                z=-12,
                blend=20,
            )
            clay.ball(middle + side * 58 * stout, ground - 18, 46, 24, paws, z=24)
    clay.limb(
        [(middle, neck - 6, 56 * stout), (middle, neck + 80, 78 * stout), (middle, hip - 46, 90 * stout)],
        coat.fur,
        blend=24,
    )
    clay.patch(middle, neck + 104, 56 * stout, 100, coat.chest, soft=0.3)
    markings(clay, coat, middle, neck + 90, 80 * stout, 100)
    shoulder_y = neck + 34
    hands: dict[str, Point] = {"hand": (middle, hip - 70), "other hand": (middle, hip - 70)}
    for side in (-1, 1):
        if arms == "none":
            break
        shoulder = (middle + side * 62 * stout, shoulder_y)
        elbow, hand, z = arm_points(arms, side, middle, shoulder)
        clay.limb([(*shoulder, 29.0), (*elbow, 25.0), (*hand, 23.0)], limbs, z=z, blend=18)
        clay.ball(hand[0], hand[1], 27, 25, paws, z=z + 8)
        hands["hand" if side > 0 else "other hand"] = hand
    points = {
        **hands,
        "seat": (middle, ground if legs else hip + 20),
        "chest": (middle, neck + 80),
        "hip": (middle, hip),
        "shoulder": (middle - 58 * stout, shoulder_y),
        "far shoulder": (middle + 58 * stout, shoulder_y),
    }
    return headed(clay, coat, shown, (middle, neck - 0.36 * shown.shape[0]), points)


def arm_points(arms: Arms, side: int, middle: float, shoulder: Point, size: float = 1.0) -> tuple[Point, Point, float]:
    """Return elbow, hand and depth of one arm; side: -1 at the viewer's left, 1 at the right."""
    x, y = shoulder
    match arms:
        case "hold":
            return (x + side * 44 * size, y + 62 * size), (middle + side * 66 * size, y + 104 * size), 64.0
        case "raised" if side > 0:
            return (x + 70 * size, y - 6 * size), (x + 96 * size, y - 84 * size), 10.0
        case "spread":
            return (x + side * 62 * size, y + 10 * size), (x + side * 128 * size, y - 14 * size), 10.0
        case _:
            return (x + side * 40 * size, y + 66 * size), (x + side * 42 * size, y + 128 * size), 10.0
