"""Painting over a picture that is there already: a remix begins on its parent's canvas."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter, ImageOps

from .noise import clouds
from .pixels import Array, blur, mix, smoothstep, to_bytes, to_floats
from .scene import Scene

SUBJECT = (0.50, 0.75)
"""From which focus on something is a subject of the scene, and from which on wholly."""
COLOURS, GROUND = (0.05, 0.60), (0.15, 0.95)
"""From which strength to which the parent takes on the scene's colours, and gives up its own ground."""
SUBJECTS = 0.30
"""The strength that brings the scene's subjects and their ground: wholly, for nobody wants to see through a fox."""
EDGE = 0.07
"""How soft the edge is between what is painted over and what is not, in the field it is cut from (0 to 1)."""
FALLS = (0.04, 0.10, 0.22, 0.45)
"""The radii, in shorter sides, over which the neighbourhood of the subjects fades out."""

# RGB to the opponent colours of early vision, in logarithms: brightness, yellow-blue, red-green, nearly independent.
# Source: E. Reinhard et al., "Color Transfer between Images", IEEE Computer Graphics and Applications 21(5), 2001.
_TO_CONES = np.array([[0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444]], np.float32)
_TO_OPPONENTS = np.diag(np.array([3, 6, 2], np.float32) ** -0.5) @ np.array(
    [[1, 1, 1], [1, 1, -2], [1, -1, 0]], np.float32
)
_DARKEST = np.float32(1 / 255)


def remix(scene: Scene, parent: Image.Image, strength: float) -> Scene:
    """Return a scene that is painted over `parent`, cut to its size, and takes on more of `scene` with `strength`.

    strength: 0 (the parent, in the prompt's manner of painting) to 1 (the scene). A little brings the prompt's light
    and colours, more its subjects and the ground around them, most of it its place. Raises: ValueError outside that.
    """
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"the strength of a remix is 0 to 1, not {strength}")
    before = to_floats(np.asarray(ImageOps.fit(parent.convert("RGB"), (scene.width, scene.height))))
    wanted = to_floats(scene.picture)
    toned = mix(before, with_colours_of(wanted, before), ramp(COLOURS, strength))
    given_up = patches(scene, ramp(GROUND, strength) if strength >= SUBJECTS else 0.0, detail(before))
    if strength >= SUBJECTS:
        given_up = np.maximum(given_up, smoothstep(*SUBJECT, scene.focus))
    return replace(
        scene,
        picture=to_bytes(mix(toned, wanted, given_up)),
        focus=np.maximum(scene.focus * given_up, detail(before) * (1 - given_up)),
        canvas=to_bytes(before),
    )


def patches(scene: Scene, share: float, busy: Array | None = None) -> Array:
    """Return the part that makes up `share` of a picture, 1 within and 0 without: painted over whole, not veiled.

    It grows from the subjects outwards, so that they stand on ground of their own. busy: where the picture below has
    detail (0 to 0.6); what is busy and near goes first, for it is likely what stood there before.
    """
    if share in (0.0, 1.0):
        return np.full((scene.height, scene.width), share, np.float32)
    field = neighbourhood(scene)
    if busy is not None:
        field = field * (0.75 + 0.6 * blur(busy, 0.03 * min(scene.width, scene.height)))
    noise = clouds(np.random.default_rng([scene.seed, 11]), scene.width, scene.height, 4, octaves=4)
    field = field + np.float32(0.16) * (noise - np.float32(0.5))
    least = float(np.quantile(field, 1 - share))
    return smoothstep(least - EDGE, least + EDGE, field)


def neighbourhood(scene: Scene) -> Array:
    """Return how near every pixel is to the subjects, 1 on them; to the middle where there are none."""
    subject = (scene.focus > SUBJECT[0]).astype(np.float32)
    if not subject.any():
        subject[scene.height * 2 // 5 : scene.height * 3 // 5, scene.width * 2 // 5 : scene.width * 3 // 5] = 1.0
    unit = min(scene.width, scene.height)
    size = (max(8, scene.width // 4), max(8, scene.height // 4))
    small = Image.fromarray(to_bytes(subject)).resize(size, Image.Resampling.BOX)
    near = sum(np.asarray(small.filter(ImageFilter.GaussianBlur(r * unit / 4)), np.float32) / 255 for r in FALLS)
    field = Image.fromarray(np.asarray(near, np.float32) / len(FALLS))
    return np.asarray(field.resize((scene.width, scene.height), Image.Resampling.BICUBIC), np.float32)


def ramp(span: tuple[float, float], strength: float) -> float:
    """Return how much of something a strength brings, 0 to 1."""
    return float(smoothstep(*span, np.full(1, strength, np.float32))[0])


def with_colours_of(model: Array, picture: Array) -> Array:
    """Return `picture` with the mean and the spread of `model`'s colours."""
    one, other = opponents(picture), opponents(model)
    axes = (0, 1)
    spread = other.std(axes) / np.maximum(one.std(axes), 1e-3)
    moved = (one - one.mean(axes)) * np.clip(spread, 0.5, 1.6) + other.mean(axes)
    cones = np.exp(moved @ np.linalg.inv(_TO_OPPONENTS).T.astype(np.float32))
    colours: Array = np.clip(cones @ np.linalg.inv(_TO_CONES).T.astype(np.float32), 0.0, 1.0)
    return colours


def opponents(picture: Array) -> Array:
    """Return a picture's colours as brightness, yellow-blue and red-green."""
    opposed: Array = np.log(np.maximum(picture @ _TO_CONES.T, _DARKEST)) @ _TO_OPPONENTS.T
    return opposed


def detail(picture: Array) -> Array:
    """Return where a picture has detail that would be missed, 0 to 0.6."""
    grey = np.asarray(Image.fromarray(to_bytes(picture)).convert("L"), np.float32) / 255
    down, across = np.gradient(grey)
    edges = Image.fromarray(to_bytes(np.hypot(down, across) * 4)).resize(
        (max(1, grey.shape[1] // 8), max(1, grey.shape[0] // 8)), Image.Resampling.BOX
    )
    spread = edges.resize((grey.shape[1], grey.shape[0]), Image.Resampling.BILINEAR)
    return np.clip(np.asarray(spread, np.float32) / 255 * 3, 0.0, 0.6).astype(np.float32)
