"""Decor: what a place is full of: a city of coral, a field of sunflowers, the houses of a village, a vase's flowers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import art
from .asked import Subject
from .casting import cast
from .cutout import Cutout, Layer, assembled
from .noise import Random
from .placing import Spot, put
from .sculpture import Sculpture
from .stage import Stage


def decorate(stage: Stage, subject: Subject) -> None:
    """Grow what a place is made of at its edges and between its things."""
    random = stage.random(f"decor{subject.code}")
    figure = cast(replace(subject, count=1))
    if subject.kind.startswith("plant") and stage.horizon < 0.66:
        meadow_of(stage, figure, random)
        return
    if subject.kind == "place-building" and stage.horizon < 0.7:
        village(stage, figure, subject.count)
        return
    spots = [(0.04, 0.92, 0.34), (0.96, 0.93, 0.38), (0.20, 0.90, 0.20), (0.82, 0.895, 0.22)]
    far = [(0.1 + 0.8 * random.random(), 0.725, 0.12 + 0.08 * random.random()) for _ in range(5)]
    for x, base, tall in far + spots[2:] + spots[:2]:
        put(stage, figure, Spot(x, base, tall, 0.4 if base < 0.8 else 0.03, x > 0.5, shadow=False, keeps=0.75))


def meadow_of(stage: Stage, figure: Cutout, random: Random) -> None:
    """Cover the ground with one plant, small and many far away, large and few near by."""
    low, high = stage.back - 0.06, stage.ground + 0.12
    for depth in sorted((float(random.random()) for _ in range(64)), reverse=True):
        x, base = float(random.random()), high - (high - low) * depth**0.7
        tall = 0.22 * (1.1 - depth) ** 1.3 + 0.03
        put(stage, figure, Spot(x, base, tall, 0.55 * depth, random.random() < 0.5, shadow=False))


def village(stage: Stage, figure: Cutout, count: int) -> None:
    """Scatter houses over the middle ground, their windows lit when it is dark."""
    random = stage.random("village")
    spots = sorted((stage.horizon + 0.10 + 0.17 * random.random(), random.random()) for _ in range(count))
    for base, where in spots:
        x = 0.5 + (where - 0.5) * 0.96
        near = (base - stage.horizon - 0.10) / 0.17
        put(stage, figure, Spot(x, base, 0.11 + 0.10 * near, 0.45 - 0.3 * near, where > 0.5))
        if stage.light.dark > 0.5:
            stage.glow(x, base - 0.04, 0.035 + 0.02 * near, (1.0, 0.80, 0.40), 0.55)


LEAF, STEM = (0.28, 0.56, 0.24), (0.26, 0.48, 0.20)


def vase_of(subject: Subject, random: Random) -> Cutout:
    """Return a vase of flowers: heads of the subject's flower over stems and leaves."""
    flower = cast(replace(subject, count=1)).picture
    cut = 0.60 if subject.label in ("sunflower", "blossom", "tulip", "rose") else 1.0
    head = Cutout(flower[: int(flower.shape[0] * cut)]).trimmed()
    vase = Cutout(art.pixels(art.named("amphora").code)).to_height(330)
    neck_x, neck_y = 320.0, 560.0
    spots = [(320.0, 330.0, 1.12)]
    for ring, (count, wide, tall) in enumerate(((5, 115.0, 100.0), (8, 205.0, 180.0))):
        for i in range(count):
            angle = 2 * np.pi * (i + 0.5 * ring) / count + random.normal(0, 0.10)
            spots.append((320 + wide * np.cos(angle), 300 + tall * np.sin(angle) * 0.92, 0.92 + 0.2 * random.random()))
    spots = [(x, y, s) for x, y, s in spots if y < 520]
    stems = Sculpture(640, 860)
    for x, y, _ in spots:
        middle = ((x + neck_x) / 2, (y + neck_y) / 2 + 30)
        stems.limb([(x, y, 6.0), (*middle, 7.0), (neck_x + (x - 320) * 0.10, neck_y, 7.0)], STEM)
    for x, y, s in spots:
        side = -1 if x < 320 else 1
        stems.ball(x + side * 30 * s, y + 62, 50, 20, LEAF, turn=side * 0.6)
    for side in (-1, 1):
        stems.ball(neck_x + side * 92, neck_y - 34, 66, 25, LEAF, turn=side * 0.45)
        stems.ball(neck_x + side * 52, neck_y - 4, 52, 22, (0.32, 0.60, 0.26), turn=-side * 0.3)
    layers: list[Layer] = [stems.layer(), (vase.picture, neck_x - vase.width / 2, neck_y - 30)]
    for x, y, s in sorted(spots, key=lambda spot: spot[1] + 40 * random.random()):
        bloom = head.to_width(146 * s).turned(float(random.normal(0, 16)))
        shade = np.float32(0.86 + 0.14 * (y / 520) + 0.05 * random.normal())
        shown = np.dstack([np.clip(bloom.picture[..., :3] * shade, 0, 1), bloom.picture[..., 3]]).astype(np.float32)
        layers.append((shown, x - bloom.width / 2, y - bloom.height / 2))
    return assembled(layers)
