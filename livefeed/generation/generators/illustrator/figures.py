"""Figures: subjects as they will stand in a scene, with their bodies, colours and what they hold, wear or ride."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from PIL import Image

from . import art, lexicon
from .bodies import HEADS_ONLY, dressed, fit, needs_body, with_body
from .clay import Clay
from .noise import Random
from .pixels import Array, resize, to_floats
from .planting import recolour
from .prompt import Subject

# Colours that an animal has by nature: a red fox is russet, not scarlet.
NATURAL = {("red", "fox"): 0.30, ("brown", "bear"): 0.0, ("red", "chipmunk"): 0.4, ("grey", "wolf"): 0.0,
           ("gray", "wolf"): 0.0, ("white", "swan"): 0.0, ("white", "ewe"): 0.0, ("black", "black bird"): 0.0,
           ("green", "frog"): 0.0, ("white", "polar bear"): 0.0, ("red", "red apple"): 0.0, ("red", "rose"): 0.0,
           ("orange", "cat"): 0.4, ("grey", "elephant"): 0.0}  # fmt: skip
FACES = {"cat": "grinning cat", "black cat": "grinning cat", "dog": "dog face", "tiger": "tiger face",
         "mouse": "mouse face", "rabbit": "rabbit face", "monkey": "monkey face", "pig": "pig face",
         "cow": "cow face"}  # fmt: skip
# What is carried in the hand when it comes "with" somebody; other things stand beside.
CARRIED = (
    "musical-instrument",
    "clothing",
    "book-paper",
    "light-video",
    "tool",
    "sport",
    "phone",
    "writing",
    "event",
    "drink",
)
HATS = {"top hat", "crown", "billed cap", "graduation cap", "woman’s hat", "military helmet", "rescue worker’s helmet"}


def colour_of(name: str | None) -> tuple[float, float, float] | None:
    """Return the RGB of a colour or material word."""
    if name is None:
        return None
    return lexicon.COLOURS.get(name) or lexicon.MATERIALS.get(name)


@lru_cache(maxsize=8)
def figure(subject: Subject) -> Array:
    """Return one individual of a subject as RGBA, whole, in its colour; do not write to it."""
    label = subject.label
    picture = art.pixels(subject.code)
    if subject.role:
        role = art.index().pictures[subject.role]
        face = art.pixels(art.named(FACES[label]).code if label in FACES else subject.code)
        if face_colour := colour_of("black" if label == "black cat" else subject.colour):
            face = recolour(face, face_colour)
        bust = dressed(face, art.pixels(role.code), helmet="astronaut" in role.label)
        return with_body(bust, role.label)
    if needs_body(label, subject.kind) and (label not in ("cat face", "dog face") or label in HEADS_ONLY):
        picture = with_body(picture, label)
    if tint := colour_of(subject.colour):
        strength = NATURAL.get((subject.colour or "", label), 1.0)
        picture = recolour(picture, tint, strength) if strength else picture
    return picture


def tilted(picture: Array, degrees: float) -> Array:
    """Return an RGBA picture turned counter-clockwise."""
    premultiplied = np.dstack([picture[..., :3] * picture[..., 3:], picture[..., 3]])
    image = Image.fromarray((premultiplied * 255 + 0.5).astype(np.uint8), "RGBA")
    turned = to_floats(np.asarray(image.rotate(degrees, Image.Resampling.BICUBIC, expand=True)))
    alpha = turned[..., 3:]
    return np.dstack([turned[..., :3] / np.maximum(alpha, 1e-3), alpha]).clip(0, 1).astype(np.float32)


def resized(picture: Array, width: int, height: int) -> Array:
    """Return an RGBA picture at exactly this size, its proportions aside."""
    premultiplied = np.dstack([picture[..., :3] * picture[..., 3:], picture[..., 3]])
    shown = resize(premultiplied, width, height)
    return np.dstack([shown[..., :3] / np.maximum(shown[..., 3:], 1e-3), shown[..., 3]]).clip(0, 1)


def trimmed(picture: Array) -> Array:
    """Return an RGBA picture cut to what is on it."""
    sheet = Clay(picture.shape[1], picture.shape[0])
    sheet.lay(picture, 0, 0)
    return sheet.picture()


def row_of(picture: Array, count: int) -> Array:
    """Return `count` copies side by side, turned to each other, overlapping a little."""
    if count <= 1:
        return picture
    height, width = picture.shape[:2]
    step = int(width * 0.86)
    sheet = Clay(step * (count - 1) + width + 4, height + 4)
    for index in range(count):
        one = picture if index < count / 2 else picture[:, ::-1]
        sheet.lay(one, index * step, 2)
    return sheet.picture()


def group(main: Subject, others: list[Subject]) -> Array:
    """Return the main subject with everything that is attached to it as one RGBA picture."""
    body = fit_height(figure(main), 420)
    others = [attached(o) for o in others]
    close = any(o.relation in ("held", "read", "worn", "ridden", "above") for o in others)
    body = row_of(body, min(main.count, 3) if close else 1)
    for other in others:
        thing = figure(other)
        match other.relation:
            case "worn":
                body = worn(body, thing, hat=other.label in HATS)
            case "read":
                body = attach(body, fit(thing, int(body.shape[1] * 0.62)), 0.5, 0.80)
            case "held":
                body = held(body, thing, other)
            case "ridden":
                body = ridden(body, thing, other)
            case "above":
                body = sheltered(body, thing)
            case _:
                pass
    return body


def attached(other: Subject) -> Subject:
    """Return a second subject with "with" read as held or as beside, whichever fits what it is."""
    upward = other.relation == "above" and other.kind.startswith(("plant", "animal"))
    if upward or (other.relation in ("above", "ridden") and other.kind.startswith("place")):
        return replace(other, relation="beside")
    if other.relation != "with":
        return other
    carried = other.kind in CARRIED or other.label in ("umbrella", "kite")
    relation = ("above" if other.label == "umbrella" else "held") if carried else "beside"
    return replace(other, relation=relation)


def fit_height(picture: Array, height: int) -> Array:
    """Return an RGBA picture resampled to a height."""
    return fit(picture, max(2, round(picture.shape[1] * height / picture.shape[0])))


def attach(body: Array, thing: Array, x: float, y: float, *, behind: bool = False) -> Array:
    """Lay a thing on a body, its centre at (x, y) as fractions of the body, growing the sheet as needed."""
    height, width = body.shape[:2]
    left, top = int(x * width - thing.shape[1] / 2), int(y * height - thing.shape[0] / 2)
    pad_x, pad_y = max(0, -left), max(0, -top)
    right = max(width, left + thing.shape[1]) + pad_x
    bottom = max(height, top + thing.shape[0]) + pad_y
    sheet = Clay(right, bottom)
    layers = [(body, pad_x, pad_y), (thing, left + pad_x, top + pad_y)]
    for layer, dx, dy in reversed(layers) if behind else layers:
        sheet.lay(layer, dx, dy)
    return sheet.picture()


def held(body: Array, thing: Array, other: Subject) -> Array:
    """Put what is held before the body, at the height of its hands."""
    if other.kind == "musical-instrument":
        turned = tilted(thing, 14) if other.label in ("guitar", "banjo", "violin") else thing
        return attach(body, fit_height(turned, int(body.shape[0] * 0.50)), 0.56, 0.70)
    if other.label in ("balloon", "kite"):
        return attach(body, on_a_string(fit_height(thing, int(body.shape[0] * 0.36))), 0.98, 0.22)
    size = 0.42 if other.kind.startswith(("food", "drink", "plant", "household", "light")) else 0.46
    spread = 0.56 if other.kind == "book-paper" else 0.80
    return attach(body, fit_height(thing, int(body.shape[0] * size)), spread, 0.72)


def on_a_string(thing: Array) -> Array:
    """Return a balloon or kite with a string down to a hand."""
    height, width = thing.shape[:2]
    sheet = Clay(width + 40, int(height * 1.9))
    sheet.limb(
        [(width / 2 + 20, height - 6, 1.6), (width / 2 + 8, height * 1.4, 1.6), (16, height * 1.86, 1.6)],
        (0.95, 0.93, 0.88),
    )
    sheet.lay(thing, 20, 0)
    return sheet.picture()


def head_of(body: Array) -> tuple[float, float]:
    """Return where the top of a figure's head likely is, as fractions of it: on the heavier side of its upper part."""
    height, width = body.shape[:2]
    upper = body[: max(1, height // (8 if height > 1.1 * width else 2)), :, 3] > 0.5
    if height <= 1.1 * width:  # on four legs: a head weighs more than a tail
        left = upper[:, : width // 2].sum() >= upper[:, width // 2 :].sum()
        upper = (
            upper * (np.arange(width)[None, :] < width / 2)
            if left
            else upper * (np.arange(width)[None, :] >= width / 2)
        )
        rows = np.nonzero(upper.any(1))[0]
        top = int(rows[0]) if len(rows) else 0
        columns = np.nonzero(upper[top : top + height // 6].any(0))[0]
    else:
        top, columns = 0, np.nonzero(upper.any(0))[0]
    centre = float(columns.mean()) / width if len(columns) else 0.5
    return centre, top / height


def worn(body: Array, thing: Array, *, hat: bool) -> Array:
    """Put a hat on the head, glasses before the eyes, or what else is worn at the neck."""
    centre, top = head_of(body)
    upright = body.shape[0] > 1.1 * body.shape[1]
    if hat:
        dress = fit(thing, int(body.shape[1] * (0.46 if upright else 0.30)))
        return attach(body, dress, centre, top + 0.04 - 0.28 * dress.shape[0] / body.shape[0])
    if thing.shape[1] > 1.8 * thing.shape[0]:
        dress = fit(thing, int(body.shape[1] * (0.44 if upright else 0.24)))
        return attach(body, dress, centre, 0.27 if upright else top + 0.13)
    return attach(body, fit(thing, int(body.shape[1] * 0.42)), 0.48, 0.56)


def ridden(body: Array, thing: Array, other: Subject) -> Array:
    """Set the body on what it rides: behind a boat's or a car's side, above a board, a saddle or a rail."""
    height, width = body.shape[:2]
    if other.label in ("surfboard", "skateboard", "sled", "skis"):
        thing = tilted(thing, -44) if other.label == "skateboard" else thing
        thing = trimmed(thing)
        if other.label == "skateboard":  # drawn from below: foreshorten it
            thing = resized(thing, thing.shape[1], thing.shape[0] // 2)
        board = fit(thing, int(max(width * 1.25, height * 0.72)))
        return attach(body, board, 0.5, 1.0 + 0.08 * board.shape[0] / height, behind=False)
    if other.label == "broom":
        return attach(body, fit(tilted(thing, -46), int(height * 1.15)), 0.5, 0.74, behind=True)
    if not other.kind.startswith(("transport", "animal-mammal")) and other.label != "carousel horse":
        return perched(body, thing)
    mount = fit(thing, int(max(width * 1.35, height * 0.95)))
    if other.kind == "animal-mammal":
        return attach(mount, fit_height(body, int(mount.shape[0] * 0.78)), 0.56, 0.13, behind=True)
    rise = 0.42 if other.kind == "transport-water" else 0.30
    small = fit_height(body, int(mount.shape[0] * 0.95))
    return attach(mount, small, 0.48, rise - 0.5 * small.shape[0] / mount.shape[0] + 0.12, behind=True)


def perched(body: Array, thing: Array) -> Array:
    """Set the body on top of a thing that is no vehicle: a chair, a rock, a flower."""
    stand = fit(thing, int(body.shape[1] * 1.05))
    small = fit_height(body, int(body.shape[0] * 0.80))
    foot = (
        0.58
        if thing.shape[0] > 1.35 * thing.shape[1] and thing.shape[0] < 1.7 * thing.shape[1]
        else 0.16
        if stand.shape[0] < 1.2 * stand.shape[1]
        else 0.30
    )
    return attach(stand, small, 0.5, foot - 0.5 * small.shape[0] / stand.shape[0])


def sheltered(body: Array, thing: Array) -> Array:
    """Hold an umbrella (or whatever it is) over the body."""
    cover = fit(thing, int(max(body.shape[1] * 0.98, body.shape[0] * 0.62)))
    height = body.shape[0]
    return attach(body, cover, 0.5, 0.10 - 0.18 * cover.shape[0] / height, behind=True)


def vase_of(subject: Subject, random: Random) -> Array:
    """Return a vase of flowers: heads of the subject's flower over stems and leaves."""
    flower = figure(subject)
    head = flower[
        : int(flower.shape[0] * (0.60 if subject.label in ("sunflower", "blossom", "tulip", "rose") else 1.0))
    ]
    rows = np.nonzero(head[..., 3].max(0) > 0.3)[0]
    head = head[:, rows[0] : rows[-1] + 1] if len(rows) else head
    vase = fit_height(art.pixels(art.named("amphora").code), 330)
    sheet = Clay(640, 860)
    neck_x, neck_y = 320.0, 560.0
    spots = [(320.0, 330.0, 1.12)]
    for ring, (count, wide, tall) in enumerate(((5, 115.0, 100.0), (8, 205.0, 180.0))):
        for i in range(count):
            angle = 2 * np.pi * (i + 0.5 * ring) / count + random.normal(0, 0.10)
            spots.append((320 + wide * np.cos(angle), 300 + tall * np.sin(angle) * 0.92, 0.92 + 0.2 * random.random()))
    spots = [(x, y, s) for x, y, s in spots if y < 520]
    for x, y, _ in spots:
        sheet.limb(
            [(x, y, 6.0), ((x + neck_x) / 2, (y + neck_y) / 2 + 30, 7.0), (neck_x + (x - 320) * 0.10, neck_y, 7.0)],
            (0.26, 0.48, 0.20),
        )
    for x, y, s in spots:
        side = -1 if x < 320 else 1
        sheet.ellipsoid(x + side * 30 * s, y + 62, 50, 20, (0.28, 0.56, 0.24), turn=side * 0.6)
    for side in (-1, 1):
        sheet.ellipsoid(neck_x + side * 92, neck_y - 34, 66, 25, (0.24, 0.50, 0.22), turn=side * 0.45)
        sheet.ellipsoid(neck_x + side * 52, neck_y - 4, 52, 22, (0.32, 0.60, 0.26), turn=-side * 0.3)
    sheet.lay(vase, int(neck_x - vase.shape[1] / 2), int(neck_y - 30))
    for x, y, s in sorted(spots, key=lambda spot: spot[1] + 40 * random.random()):
        bloom = tilted(fit(head, int(146 * s)), random.normal(0, 16))
        shade = 0.86 + 0.14 * (y / 520) + 0.05 * random.normal()
        bloom = np.dstack([np.clip(bloom[..., :3] * np.float32(shade), 0, 1), bloom[..., 3]]).astype(np.float32)
        sheet.lay(bloom, int(x - bloom.shape[1] / 2), int(y - bloom.shape[0] / 2))
    return sheet.picture()
