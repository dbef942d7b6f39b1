"""Bodies for pictures that show only a head or a bust, so that a fox can sit and an astronaut can stand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .clay import Clay
from .pixels import Array, Colour, resize, scaled, to_hsv


@dataclass(frozen=True, slots=True)
class Coat:
    """What a sitting animal wears: fur, chest, paws, and its tail's shape (bushy, ringed, tuft, stub, none)."""

    fur: Colour
    chest: Colour
    paws: Colour
    tail: str
    tip: Colour = (0.98, 0.94, 0.88)
    arms: Colour | None = None


COATS: dict[str, Coat] = {
    "fox": Coat((0.98, 0.50, 0.14), (1.0, 0.90, 0.76), (0.30, 0.20, 0.22), "bushy"),
    "wolf": Coat((0.52, 0.52, 0.56), (0.84, 0.83, 0.86), (0.42, 0.42, 0.47), "bushy", (0.34, 0.34, 0.38)),
    "raccoon": Coat((0.52, 0.51, 0.55), (0.76, 0.75, 0.78), (0.25, 0.23, 0.28), "ringed", (0.24, 0.22, 0.27)),
    "lion": Coat((0.96, 0.70, 0.30), (1.0, 0.86, 0.58), (0.90, 0.62, 0.26), "tuft", (0.45, 0.26, 0.18)),
    "bear": Coat((0.50, 0.29, 0.19), (0.66, 0.43, 0.30), (0.40, 0.22, 0.15), "none"),
    "polar bear": Coat((0.93, 0.92, 0.95), (0.98, 0.98, 1.0), (0.86, 0.84, 0.89), "none"),
    "koala": Coat((0.58, 0.57, 0.61), (0.86, 0.85, 0.88), (0.50, 0.49, 0.53), "none"),
    "panda": Coat((0.95, 0.94, 0.97), (0.99, 0.98, 1.0), (0.17, 0.15, 0.22), "none", arms=(0.19, 0.17, 0.24)),
    "hamster": Coat((0.98, 0.68, 0.34), (1.0, 0.92, 0.80), (0.98, 0.72, 0.60), "none"),
    "frog": Coat((0.20, 0.74, 0.44), (0.96, 0.86, 0.36), (0.16, 0.64, 0.38), "none"),
    "cat face": Coat((1.0, 0.72, 0.18), (1.0, 0.88, 0.52), (0.98, 0.66, 0.16), "tuft", (0.95, 0.60, 0.14)),
    "dog face": Coat((0.80, 0.62, 0.42), (0.96, 0.88, 0.76), (0.72, 0.52, 0.34), "stub"),
}
HEADS_ONLY = frozenset(COATS)
BUSTS = frozenset(
    """mage|wizard|witch|superhero|woman superhero|supervillain|woman supervillain|vampire|vampire woman|elf|elf woman|
    genie|genie woman|zombie|woman zombie|woman with headscarf|person in tuxedo|person with veil""".replace(
        "\n    ", ""
    ).split("|")
)


def needs_body(label: str, kind: str) -> bool:
    """True if the picture shows a head or a bust that this module can complete."""
    return (
        label in HEADS_ONLY
        or label in ("robot", "alien", "santa", "mrs claus")
        or label in BUSTS
        or kind == "person-role"
    )


def with_body(picture: Array, label: str) -> Array:
    """Return the picture of a head or bust standing on a body of its own."""
    if label in COATS:
        return sitting(picture, COATS[label])
    if label in ("santa", "mrs claus"):
        return suited(picture)
    if label == "robot":
        return machine(picture)
    if label == "alien":
        return visitor(picture)
    return standing(picture)


def fit(picture: Array, width: int) -> Array:
    """Return an RGBA picture resampled to a width."""
    premultiplied = np.dstack([picture[..., :3] * picture[..., 3:], picture[..., 3]])
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    scaled_picture = resize(premultiplied, width, height)
    alpha = scaled_picture[..., 3:]
    return np.dstack([scaled_picture[..., :3] / np.maximum(alpha, 1e-3), alpha]).clip(0, 1)


def suited(head: Array) -> Array:
    """Model Santa Claus and his wife: a red coat with a belt and white trimmings, boots."""
    sheet = Clay(420, 600)
    face = fit(head, 230)
    middle, neck = 210.0, 6.0 + face.shape[0]
    red, white, black = (0.90, 0.14, 0.18), (0.97, 0.96, 0.98), (0.18, 0.16, 0.20)
    for side in (-1, 1):
        sheet.limb([(middle + side * 46, neck + 150, 40.0), (middle + side * 48, neck + 206, 34.0)], red, black)
        sheet.ellipsoid(middle + side * 54, neck + 226, 48, 24, black)
    sheet.ellipsoid(middle, neck + 74, 122, 108, red)
    for side in (-1, 1):
        sheet.limb([(middle + side * 96, neck + 20, 36.0), (middle + side * 136, neck + 104, 30.0)], red, white)
        sheet.ellipsoid(middle + side * 140, neck + 122, 30, 28, black)
    sheet.ellipsoid(middle, neck + 112, 116, 22, black)
    sheet.ellipsoid(middle, neck + 112, 26, 20, (0.98, 0.80, 0.26))
    sheet.ellipsoid(middle, neck + 44, 16, 54, white, flat=0.6)
    sheet.lay(face, int(middle - 115), 20)
    return sheet.picture()


def sitting(head: Array, coat: Coat) -> Array:
    """Model an animal that sits facing us, tail to its left."""
    sheet = Clay(420, 520)
    face = fit(head, 250)
    middle, neck = 200.0, 20.0 + face.shape[0]
    arms = coat.arms or coat.fur
    if coat.tail == "bushy":
        curve = [
            (250.0, neck + 170, 26.0),
            (330.0, neck + 165, 40.0),
            (362.0, neck + 90, 44.0),
            (340.0, neck + 22, 12.0),
        ]
        sheet.limb(curve, scaled(coat.fur, 0.94), coat.tip)
    elif coat.tail == "ringed":
        for index in range(8):
            t = index / 7
            shade = coat.tip if index % 2 else coat.fur
            sheet.ellipsoid(260 + 90 * t, neck + 165 - 90 * t * t, 34 - 10 * t, 32 - 8 * t, shade)
    elif coat.tail in ("tuft", "stub"):
        reach = 1.0 if coat.tail == "tuft" else 0.5
        curve = [(250.0, neck + 165, 14.0), (320.0, neck + 165, 13.0), (336.0, neck + 165 - 80 * reach, 13.0)]
        sheet.limb(curve, scaled(coat.fur, 0.92), coat.tip)
    for side in (-1, 1):
        sheet.ellipsoid(middle + side * 72, neck + 138, 52, 62, scaled(coat.arms or coat.fur, 0.92), turn=-side * 0.25)
        sheet.ellipsoid(middle + side * 88, neck + 188, 44, 20, coat.paws)
    sheet.ellipsoid(middle, neck + 80, 86, 122, coat.fur)
    sheet.ellipsoid(middle, neck + 48, 54, 84, coat.chest, flat=0.6)
    for side in (-1, 1):
        leg = [
            (middle + side * 40, neck + 40, 30.0),
            (middle + side * 34, neck + 120, 25.0),
            (middle + side * 34, neck + 172, 23.0),
        ]
        sheet.limb(leg, arms)
        sheet.ellipsoid(middle + side * 36, neck + 188, 33, 20, coat.paws)
    sheet.ellipsoid(middle, neck - 4, 70, 34, scaled(coat.fur, 0.86), flat=0.5)
    sheet.ellipsoid(middle, neck + 14, 50, 30, coat.chest, flat=0.5)
    sheet.lay(face, int(middle - 125), 34)
    return sheet.picture()


def machine(head: Array) -> Array:
    """Model the robot: a riveted chest, jointed arms, boots."""
    sheet = Clay(420, 560)
    face = fit(head, 230)
    middle, neck = 210.0, 10.0 + face.shape[0]
    steel, joint, glow = (0.80, 0.81, 0.88), (0.36, 0.34, 0.46), (0.25, 0.80, 0.95)
    for side in (-1, 1):
        sheet.limb([(middle + side * 42, neck + 150, 20.0), (middle + side * 44, neck + 210, 18.0)], joint)
        sheet.ellipsoid(middle + side * 48, neck + 226, 42, 24, (0.92, 0.22, 0.38))
        arm = [
            (middle + side * 92, neck + 40, 20.0),
            (middle + side * 122, neck + 96, 17.0),
            (middle + side * 96, neck + 142, 16.0),
        ]
        sheet.limb(arm, joint)
        sheet.ellipsoid(middle + side * 94, neck + 148, 25, 24, steel)
        sheet.ellipsoid(middle + side * 90, neck + 36, 30, 29, steel)
    sheet.ellipsoid(middle, neck + 4, 36, 26, joint)
    for offset in (0, 30, 60, 90):
        sheet.ellipsoid(middle, neck + 50 + offset, 92 - offset * 0.12, 50, steel, flat=0.9)
    sheet.ellipsoid(middle, neck + 84, 60, 44, (0.62, 0.63, 0.74), flat=0.6)
    sheet.ellipsoid(middle - 24, neck + 76, 13, 13, glow)
    sheet.ellipsoid(middle + 22, neck + 74, 11, 11, (0.98, 0.78, 0.24))
    sheet.ellipsoid(middle, neck + 106, 34, 7, (0.92, 0.22, 0.38))
    sheet.lay(face, int(middle - 115), 10)
    return sheet.picture()


def visitor(head: Array) -> Array:
    """Model the alien: a small body under a large head."""
    sheet = Clay(320, 460)
    face = fit(head, 220)
    middle, neck, skin = 160.0, 4.0 + face.shape[0], (0.36, 0.82, 0.36)
    for side in (-1, 1):
        sheet.limb([(middle + side * 26, neck + 100, 19.0), (middle + side * 30, neck + 160, 16.0)], skin)
        sheet.ellipsoid(middle + side * 36, neck + 170, 28, 15, scaled(skin, 0.85))
        sheet.limb([(middle + side * 44, neck + 22, 16.0), (middle + side * 78, neck + 84, 12.0)], skin)
        sheet.ellipsoid(middle + side * 80, neck + 90, 16, 15, skin)
    sheet.ellipsoid(middle, neck + 58, 54, 76, skin)
    sheet.ellipsoid(middle, neck + 66, 34, 46, (0.62, 0.94, 0.52), flat=0.6)
    sheet.lay(face, int(middle - 110), 4)
    return sheet.picture()


def standing(bust: Array) -> Array:
    """Give a person's bust hips, legs and shoes, in the darkest colour it wears below the chin."""
    body = fit(bust, 256)
    height = body.shape[0]
    strip = body[int(height * 0.86) : int(height * 0.98)]
    solid = strip[strip[..., 3] > 0.9][:, :3]
    cloth: Colour = (0.3, 0.3, 0.4)
    if len(solid):
        red, green, blue = (float(c) for c in np.median(solid, axis=0))
        cloth = scaled((red, green, blue), 0.86)
    sheet = Clay(300, height + 150)
    middle, hem = 150.0, float(height)
    shoe = (0.20, 0.18, 0.24) if sum(cloth) > 0.9 else (0.46, 0.40, 0.38)
    for side in (-1, 1):
        leg = [
            (middle + side * 44, hem - 14, 44.0),
            (middle + side * 42, hem + 58, 32.0),
            (middle + side * 42, hem + 98, 28.0),
        ]
        sheet.limb(leg, cloth)
        sheet.ellipsoid(middle + side * 48, hem + 116, 40, 21, shoe)
    sheet.ellipsoid(middle, hem - 6, 98, 30, cloth)
    sheet.lay(body, int(middle - 128), 4)
    return sheet.picture()


def dressed(animal: Array, role: Array, *, helmet: bool) -> Array:
    """Return a person's bust with an animal's face in place of its own ("astronaut cat").

    What is skin or hair on the upper part becomes clear, and the animal looks through; a helmet keeps its rim.
    """
    bust = fit(role, 256).copy()
    height = bust.shape[0]
    hsv = to_hsv(bust[..., :3])
    rows = np.arange(height, dtype=np.float32)[:, None] / height
    columns = np.arange(256, dtype=np.float32)[None, :] / 256
    warm = (np.abs(hsv[..., 0] - 0.105) < 0.055) & (hsv[..., 1] > 0.42) & (hsv[..., 2] > 0.45)
    near = np.hypot((columns - 0.5) / 0.36, (rows - 0.36) / 0.36) < 1.0
    skin = warm & (rows < 0.74) & near
    sheet = Clay(256, height + 20)
    if helmet:
        face = fit(animal, 116)
        sheet.lay(bust, 0, 0)
        sheet.ellipsoid(128, height * 0.365, 66, 62, (0.12, 0.10, 0.16), flat=0.5)
        sheet.lay(face, 128 - 58, int(height * 0.375 - face.shape[0] / 2))
        sheet.ellipsoid(104, height * 0.27, 20, 7, (0.75, 0.86, 0.98), turn=-0.6, flat=0.2)
        return sheet.picture()
    face = fit(animal, 150)
    bust[..., 3] = np.where(skin, 0.0, bust[..., 3])
    sheet.lay(bust, 0, 0)
    sheet.lay(face, 128 - 75, int(height * 0.40 - face.shape[0] / 2))
    top = bust.copy()
    top[..., 3] *= np.clip((0.24 - rows) / 0.03, 0, 1)
    sheet.lay(top, 0, 0)
    return sheet.picture()
