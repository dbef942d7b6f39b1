"""Casting: which body a subject gets for what it is to do, in which colours."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Literal

import numpy as np

from . import art, lexicon
from .animals import Arms, hen, on_fours, sitting, upright
from .asked import Pose, Subject
from .cutout import Cutout, assembled
from .persons import Dress, dress_of, dressed, sitting_person, standing_person, upper_person
from .pixels import Array, Colour
from .planting import recolour
from .sculpture import Sculpture
from .sleep import asleep, lying
from .species import BIPEDS, COATS, HEADS, Coat
from .wholes import dry, head_of, whole

Stance = Literal["natural", "standing", "running", "sitting", "lying", "upright", "upper"]

# Colours that an animal has by nature: a red fox is russet, not scarlet.
NATURAL = {("red", "fox"): 0.30, ("brown", "bear"): 0.0, ("red", "chipmunk"): 0.4, ("grey", "wolf"): 0.0,
           ("white", "swan"): 0.0, ("white", "ewe"): 0.0, ("black", "black bird"): 0.0, ("black", "black cat"): 0.0,
           ("green", "frog"): 0.0, ("white", "polar bear"): 0.0, ("red", "red apple"): 0.0, ("red", "rose"): 0.0,
           ("orange", "cat"): 0.4, ("orange", "fox"): 0.0, ("grey", "elephant"): 0.0, ("green", "turtle"): 0.0,
           ("white", "rabbit"): 0.0, ("pink", "pig"): 0.0, ("grey", "mouse"): 0.0}  # fmt: skip
BUSTS = frozenset(
    ["mage", "wizard", "witch", "superhero", "woman superhero", "supervillain", "woman supervillain", "vampire",
     "vampire woman", "elf", "elf woman", "genie", "genie woman", "zombie", "woman zombie"]
)  # fmt: skip
PROPPED = ("teacher", "judge", "farmer", "cook", "mechanic", "factory worker", "scientist", "singer", "artist",
           "firefighter", "detective", "witch", "wizard", "mage", "with veil", "feeding baby", "zombie", "pregnant",
           "superhero", "supervillain", "headscarf")  # fmt: skip
"""People whose pictures show hands that hold something already."""
STAND_INS = {"person": "office worker", "man": "man office worker", "woman": "woman office worker",
             "person walking": "office worker", "woman walking": "woman office worker",
             "person running": "office worker"}  # fmt: skip
"""Whole figures who cannot bend: who is modelled in their place when they ride or hold something."""


def colour_of(name: str | None) -> Colour | None:
    """Return the RGB of a colour or material word."""
    if name is None:
        return None
    return lexicon.COLOURS.get(name) or lexicon.MATERIALS.get(name)


def labelled(label: str) -> art.Picture:
    """Return the picture with a label of the art's index. Raises: KeyError when there is none."""
    return _labels()[label]


@lru_cache(maxsize=1)
def _labels() -> dict[str, art.Picture]:
    labels: dict[str, art.Picture] = {}
    for picture in art.index().pictures.values():
        labels.setdefault(picture.label, picture)
    return labels


def is_bust(subject: Subject) -> bool:
    """True for people whose picture ends at the chest."""
    return subject.label in BUSTS or (subject.kind == "person-role" and subject.label not in BIPEDS)


def coat_of(subject: Subject) -> Coat | None:
    """Return the coat of an animal (or robot) that can be given a body, unless it wears somebody's dress."""
    return None if subject.role else COATS.get(subject.label)


def bends(subject: Subject) -> bool:
    """True for what has limbs of its own that can ride, hold and sit."""
    return bool(subject.role) or coat_of(subject) is not None or is_bust(subject) or subject.label in STAND_INS


def stance_for(subject: Subject, variety: int = 0) -> Stance:
    """Return how a subject stands when only its pose decides; variety: any number, for those free to choose."""
    coat = coat_of(subject)
    match subject.pose:
        case Pose.SITTING:
            return "sitting"
        case Pose.LYING:
            return "lying"
        case Pose.DANCING:
            return "upright"
        case Pose.RUNNING | Pose.WALKING | Pose.JUMPING | Pose.FLYING | Pose.SWIMMING:
            return "running" if coat and subject.label not in BIPEDS else "natural"
        case Pose.STANDING:
            return "standing"
        case _:
            pass
    if coat is None or subject.label in BIPEDS:
        return "natural"
    if subject.label in HEADS:
        return "standing" if variety % 3 == 1 or coat.profile else "sitting"
    return "natural"


@lru_cache(maxsize=8)
def cast(subject: Subject, stance: Stance = "natural", arms: Arms = "down") -> Cutout:
    """Return one individual of a subject, whole, in its colour; do not write to it."""
    coat = coat_of(subject)
    if coat is not None and not (stance == "natural" and subject.label not in HEADS):
        figure = _animal(subject, coat, stance, arms)
    elif subject.role or is_bust(subject) or (subject.label in STAND_INS and stance in ("upper", "upright", "sitting")):
        figure = _person(subject, stance, arms)
    else:
        figure = whole(subject.label, dry(subject.label, art.pixels(subject.code)))
    done = subject.role or (subject.label == "black cat" and subject.colour is None)
    picture = figure.picture if done else tinted(figure.picture, subject)
    return replace(figure, picture=picture)


def tinted(picture: Array, subject: Subject) -> Array:
    """Return a picture in the subject's colour, if it has one."""
    colour = colour_of(subject.colour)
    if subject.label == "black cat" and colour is None and picture[..., 0].mean() > picture[..., 2].mean():
        return recolour(picture, (0.34, 0.30, 0.50))
    if colour is None:
        return picture
    strength = NATURAL.get((subject.colour or "", subject.label), 1.0)
    return recolour(picture, colour, strength) if strength else picture


def face_of(subject: Subject) -> Array:
    """Return the picture of an animal's face (asleep when it lies), or its whole picture where the art has none."""
    coat = COATS.get(subject.label)
    face = art.pixels(labelled(coat.face).code) if coat else head_of(subject.label, art.pixels(subject.code))
    if coat and subject.pose is Pose.LYING:
        return asleep(tinted(face, subject) if subject.label == "black cat" else face, coat.face)
    return lamp_eyed(tinted(face, subject)) if subject.label == "black cat" and subject.colour is None else face


def lamp_eyed(face: Array) -> Array:
    """Return a dark face with eyes that shine."""
    height, width = face.shape[:2]
    eyes = Sculpture(width, height)
    for x in (0.33, 0.67):
        eyes.ball(x * width, 0.485 * height, 0.085 * width, 0.095 * height, (0.99, 0.86, 0.30))
        eyes.ball(x * width, 0.485 * height, 0.026 * width, 0.075 * height, (0.10, 0.08, 0.14), z=60)
    return assembled([(face, 0, 0), eyes.layer()]).picture


def _animal(subject: Subject, coat: Coat, stance: Stance, arms: Arms) -> Cutout:
    face = face_of(subject)
    if subject.label == "chicken":
        return hen(coat, face)
    if subject.label in BIPEDS and stance in ("natural", "standing", "running"):
        return upright(coat, face, arms)
    match stance:
        case "sitting" | "natural" if subject.label not in BIPEDS:
            return sitting(coat, face)
        case "standing":
            return on_fours(coat, face)
        case "running":
            return on_fours(coat, face, 1.0)
        case "lying" if subject.label not in BIPEDS and not coat.profile:
            return lying(coat, face)
        case "lying" if subject.label not in BIPEDS:
            return on_fours(replace(coat, build=replace(coat.build, leg=16.0, neck=-26.0)), face)
        case "upper":
            return upright(coat, face, "none", legs=False)
        case _:
            return upright(coat, face, arms)


def _person(subject: Subject, stance: Stance, arms: Arms) -> Cutout:
    picture, hand = bust_of(subject)
    match stance:
        case "upper":
            return upper_person(picture)
        case "sitting":
            return sitting_person(picture, hand)
        case _:
            own = arms == "down" and any(word in _dresser(subject) for word in PROPPED)
            return standing_person(picture, "none" if own else arms, hand)


def _dresser(subject: Subject) -> str:
    return art.index().pictures[subject.role].label if subject.role else subject.label


def bust_of(subject: Subject) -> tuple[Array, Colour]:
    """Return the bust of a person, or of an animal in a person's dress, and the colour of its hands."""
    if subject.role:
        role = art.index().pictures[subject.role]
        coat = COATS.get(subject.label)
        face = face_of(subject)
        if subject.colour or subject.label == "black cat":
            face = tinted(face, subject)
        paw = coat.paws if coat else (0.9, 0.8, 0.7)
        return dressed(face, art.pixels(role.code), role.label), paw
    picture = art.pixels(
        labelled(STAND_INS.get(subject.label, subject.label)).code if subject.label in STAND_INS else subject.code
    )
    return picture, (0.99, 0.76, 0.22)


def limbs_of(subject: Subject) -> Dress | None:
    """Return the colours of a subject's limbs, None for what has none that bend."""
    if not bends(subject):
        return None
    coat = coat_of(subject)
    if coat is None:
        return dress_of(*bust_of(subject))
    limbs = coat.arms or coat.fur
    colours = np.array([[(*limbs, 1.0), (*coat.paws, 1.0)]], np.float32)
    colours = np.repeat(np.repeat(colours, 8, 0), 8, 1)
    colours = tinted(colours, subject)
    limb, paw = (tuple(float(c) for c in colours[0, at, :3]) for at in (0, 8))
    return Dress(limb, paw, limb, paw)  # type: ignore[arg-type]


def wings(size: float, colour: Colour = (0.93, 0.92, 0.98)) -> Cutout:
    """Return a pair of feathered wings seen from the side, spread upwards; the point "root" is where they grow."""
    clay = Sculpture(620, 520)
    for fan, z, shade in ((0.34, -60.0, 0.80), (0.0, 0.0, 1.0)):
        tone = (colour[0] * shade, colour[1] * shade, colour[2] * shade)
        for index in range(6):
            angle = -0.25 - 0.26 * index - fan
            reach = 250.0 - 18.0 * abs(index - 3.5) * 1.6
            x, y = 180 + 24 * index, 430 - 6 * index
            end = (x + reach * float(np.cos(angle)), y + reach * float(np.sin(angle)))
            middle = ((x + end[0]) / 2 + 16, (y + end[1]) / 2 - 22)
            clay.limb([(x, y, 26.0), (*middle, 34.0), (*end, 15.0)], tone, z=z - 7 * index, blend=6)
    picture = clay.picture()
    return assembled([(picture, 0.0, 0.0)], {"root": (230.0, 440.0)}).to_width(size)
