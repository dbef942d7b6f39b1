"""People: busts and heads of the art completed to whole figures, animals in people's dress."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .animals import Arms, arm_points
from .cutout import Cutout, Point, assembled, fit
from .pixels import Array, Colour, scaled, to_hsv
from .sculpture import Sculpture

SKIN: Colour = (0.99, 0.76, 0.22)
WIDE = 300.0
"""Pixels across a bust."""


@dataclass(frozen=True, slots=True)
class Dress:
    """The colours of limbs: sleeves, hands, trousers and shoes; an animal's fur and paws."""

    sleeve: Colour
    hand: Colour
    trousers: Colour
    shoe: Colour


def cloth(bust: Array, x: float, y: float, reach: float = 0.05) -> Colour:
    """Return the middle colour of a bust around a point (fractions)."""
    height, width = bust.shape[:2]
    part = bust[
        int(max(0.0, y - reach) * height) : int((y + reach) * height) + 1,
        int(max(0.0, x - reach) * width) : int((x + reach) * width) + 1,
    ]
    solid = part[part[..., 3] > 0.9][:, :3]
    if not len(solid):
        return (0.3, 0.3, 0.4)
    red, green, blue = (float(c) for c in np.median(solid, axis=0))
    return (red, green, blue)


def dress_of(bust: Array, hand: Colour = SKIN) -> Dress:
    """Return what a person wears, as far as the bust shows it."""
    sleeve = cloth(bust, 0.12, 0.88)
    low = cloth(bust, 0.5, 0.94, 0.1)
    trousers = scaled(low if sum(low) < 2.2 else sleeve, 0.80)
    shoe = (0.22, 0.20, 0.28) if sum(trousers) > 0.95 else (0.46, 0.40, 0.40)
    return Dress(sleeve, hand, trousers, shoe)


def upper_person(picture: Array) -> Cutout:
    """Return a bust as the upper half of a figure, with its joints as points."""
    bust = fit(picture, round(WIDE * picture.shape[1] / max(1.0, _shoulders(picture))))
    height, width = bust.shape[:2]
    middle = width / 2
    points: dict[str, Point] = {
        "head": (middle, 0.40 * height), "crown": (middle, 0.17 * height), "eyes": (middle, 0.38 * height),
        "neck": (middle, 0.66 * height), "chest": (middle, 0.82 * height),
        "shoulder": (middle - 0.40 * WIDE, 0.79 * height), "far shoulder": (middle + 0.40 * WIDE, 0.79 * height),
        "hip": (middle, height - 6.0), "seat": (middle, height + 16.0), "hand": (middle + 0.3 * WIDE, 0.9 * height),
    }  # fmt: skip
    across = np.abs(np.arange(width, dtype=np.float32)[None, :] - middle) / WIDE
    down = np.clip((np.arange(height, dtype=np.float32)[:, None] / height - 0.80) / 0.20, 0, 1)
    bust = bust.copy()
    bust[..., 3] *= np.clip((0.53 - 0.20 * down**2 - across) * WIDE / 2 + 0.5, 0, 1)  # the sides come in to the waist
    return Cutout(bust, points, WIDE * 0.50, (27.0, SKIN))


def _shoulders(picture: Array) -> float:
    """Return how wide a bust is at its lower edge, in pixels: a staff or a board beside it does not count."""
    low = picture[int(picture.shape[0] * 0.86) : int(picture.shape[0] * 0.97), :, 3].mean(0) > 0.5
    return float(max(low.sum(), 0.55 * picture.shape[1]))


def standing_person(picture: Array, arms: Arms = "down", hand: Colour = SKIN) -> Cutout:
    """Return a bust with hips, legs, arms and shoes of its own."""
    upper, dress = upper_person(picture), dress_of(picture, hand)
    pad, hem = 160.0, float(upper.height)
    middle = pad + upper.width / 2
    ground = hem + 150
    legs = Sculpture(round(upper.width + 2 * pad), round(ground + 30))
    for side in (-1, 1):
        legs.limb(
            [
                (middle + side * 56, hem - 30, 54.0),
                (middle + side * 54, hem + 56, 42.0),
                (middle + side * 54, ground - 34, 35.0),
            ],
            dress.trousers,
            blend=18,
        )
        legs.ball(middle + side * 62, ground - 20, 50, 26, dress.shoe, z=16)
    legs.limb([(middle - 64, hem - 14, 50.0), (middle + 64, hem - 14, 50.0)], dress.trousers, z=4, blend=20)
    front = Sculpture(round(upper.width + 2 * pad), round(ground + 30))
    points = {name: (x + pad, y) for name, (x, y) in upper.points.items()}
    points["seat"] = (middle, ground)
    for side, name, hand_name in (
        () if arms == "none" else ((-1, "shoulder", "other hand"), (1, "far shoulder", "hand"))
    ):
        shoulder = points[name]
        elbow, end, _ = arm_points(arms, side, middle, shoulder, 1.1)
        front.limb([(shoulder[0], shoulder[1] + 16, 34.0), (*elbow, 30.0), (*end, 27.0)], dress.sleeve, blend=12)
        front.ball(*end, 28, 27, dress.hand, z=16)
        points[hand_name] = end
    layers = [(legs.picture(), 0.0, 0.0), (upper.picture, pad, 0.0), (front.picture(), 0.0, 0.0)]
    return assembled(layers, points, upper.head, (27.0, hand))


def sitting_person(picture: Array, hand: Colour = SKIN) -> Cutout:
    """Return a bust with its legs stretched out to us."""
    upper, dress = upper_person(picture), dress_of(picture, hand)
    pad, hem = 160.0, float(upper.height)
    middle = pad + upper.width / 2
    legs = Sculpture(round(upper.width + 2 * pad), round(hem + 130))
    legs.limb([(middle - 50, hem + 8, 56.0), (middle + 50, hem + 8, 56.0)], dress.trousers)
    for side in (-1, 1):
        legs.limb([(middle + side * 50, hem + 10, 46.0), (middle + side * 96, hem + 44, 40.0)], dress.trousers, z=20)
        legs.ball(middle + side * 112, hem + 50, 36, 44, dress.shoe, z=50)
    points = {name: (x + pad, y) for name, (x, y) in upper.points.items()}
    points["seat"] = (middle, hem + 60)
    return assembled([(upper.picture, pad, 0.0), (legs.picture(), 0.0, 0.0)], points, upper.head, (27.0, hand))


CROWNED = ("prince", "princess", "person with crown")


def dressed(animal: Array, role: Array, label: str) -> Array:
    """Return a person's bust with an animal's face in place of its own ("astronaut cat"); label: the person's.

    What is skin or hair on the upper part becomes clear, and the animal looks through; a helmet keeps its rim, a crown
    is cut off with the hair and comes back on top.
    """
    bust = fit(role, 256).copy()
    height = bust.shape[0]
    rows = np.arange(height, dtype=np.float32)[:, None] / height
    if "astronaut" in label:
        face = fit(animal, 124)
        visor, shine = Sculpture(256, height), Sculpture(256, height)
        visor.ball(128, height * 0.365, 70, 66, (0.15, 0.13, 0.22))
        shine.ball(100, height * 0.24, 22, 7, (0.84, 0.92, 1.0), turn=-0.6)
        layers = [
            (bust, 0.0, 0.0), (visor.picture(), 0.0, 0.0),
            (face, 128.0 - 62, height * 0.375 - face.shape[0] / 2), (shine.picture(), 0.0, 0.0),
        ]  # fmt: skip
        return assembled(layers).picture
    face = fit(animal, 156)
    top = bust.copy()
    if label in CROWNED:
        below = bust.copy()
        below[..., 3] *= np.clip((rows - 0.60) / 0.03, 0, 1)
        top[..., 3] *= np.clip((0.30 - rows) / 0.02, 0, 1)
        y = height * 0.72 - face.shape[0]
        layers = [(below, 0.0, 0.0), (face, 128.0 - 78, y), (top, 0.0, y - height * 0.30 + 0.16 * face.shape[0])]
        return assembled(layers).picture
    bust[..., 3] = np.where(_skin(bust, rows), 0.0, bust[..., 3])
    top[..., 3] *= np.clip((0.24 - rows) / 0.03, 0, 1)
    layers = [(bust, 0.0, 0.0), (face, 128.0 - 78, height * 0.42 - face.shape[0] / 2), (top, 0.0, 0.0)]
    return assembled(layers).picture


def _skin(bust: Array, rows: Array) -> Array:
    """Return where the upper part of a bust shows skin or hair."""
    hsv = to_hsv(bust[..., :3])
    columns = np.arange(bust.shape[1], dtype=np.float32)[None, :] / bust.shape[1]
    warm = (np.abs(hsv[..., 0] - 0.105) < 0.055) & (hsv[..., 1] > 0.42) & (hsv[..., 2] > 0.45)
    near = np.hypot((columns - 0.5) / 0.36, (rows - 0.36) / 0.36) < 1.0
    skin: Array = warm & (rows < 0.74) & near
    return skin
