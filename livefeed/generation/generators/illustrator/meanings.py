"""What verbs and prepositions mean between two things: "in" a boat is riding, "in" a hat wearing, "in" a cup inside.

Pure tables of what is alive, worn, carried, mounted or driven.
"""

from __future__ import annotations

from .asked import ALOFT, Pose, Relation, Subject
from .words import is_animal

LIVING = frozenset({"robot", "alien", "ghost", "snowman", "snowman without snow", "teddy bear"})
WORN_TOO = frozenset({"diving mask", "backpack", "headphone"})
NOT_WORN = frozenset(
    {"folding hand fan", "purse", "handbag", "clutch bag", "shopping bags", "lipstick", "gem stone", "ring"}
)
# What is carried in the hand when it comes "with" somebody; other things, and these, stand beside.
CARRIED = (
    "musical-instrument", "clothing", "book-paper", "light-video", "tool", "sport", "phone", "writing", "event",
    "drink", "food", "plant-flower", "mail", "money", "game", "household", "lock", "other-object", "science",
    "award", "heart",
)  # fmt: skip
STANDS = frozenset({
    "door", "mirror", "window", "bed", "couch and lamp", "chair", "shower", "bathtub", "shopping cart",
    "Christmas tree", "slot machine", "fireplace", "fire extinguisher", "moai", "headstone", "chess pawn", "skis",
    "sled", "surfboard", "jack-o-lantern",
})  # fmt: skip
MOUNTS = frozenset({
    "horse", "unicorn", "donkey", "camel", "two-hump camel", "elephant", "llama", "deer", "moose", "bison", "ox",
    "water buffalo", "zebra", "giraffe", "mammoth", "dragon", "sauropod", "T-Rex", "turtle", "whale",
    "spouting whale", "dolphin", "eagle", "carousel horse", "ram", "goat", "snail", "kangaroo", "pig", "boar", "lion",
    "tiger",
})  # fmt: skip
CONVEYANCES = ("transport-ground", "transport-water", "transport-air")
CONVEYANCES_TOO = frozenset({
    "surfboard", "skateboard", "sled", "skis", "broom", "roller skate", "hot air balloon", "carousel horse",
})  # fmt: skip
NO_CONVEYANCES = frozenset({
    "anchor", "ring buoy", "oil drum", "fuel pump", "wheel", "police car light", "vertical traffic light",
    "satellite", "parachute", "seat",
})  # fmt: skip


def living(subject: Subject) -> bool:
    """True for what acts by itself: people, animals, robots."""
    return is_animal(subject.kind) or subject.kind.startswith("person") or subject.label in LIVING


def worn(subject: Subject) -> bool:
    """True for what is worn on the body."""
    return (subject.kind == "clothing" and subject.label not in NOT_WORN) or subject.label in WORN_TOO


def conveyance(subject: Subject) -> bool:
    """True for what one drives or sits in."""
    return (subject.kind in CONVEYANCES and subject.label not in NO_CONVEYANCES) or subject.label in CONVEYANCES_TOO


def resolve(raw: str, subject: Subject, thing: Subject) -> Relation:
    """Return what a verb or a preposition means between these two."""
    match raw:
        case "at" if conveyance(thing) or thing.label in MOUNTS:  # "à vélo", "a cavallo"
            return Relation.RIDING
        case "with" | "at":
            return accompanied(thing)
        case "in":
            return dressed_or_inside(thing)
        case "on":
            mounted = thing.label in MOUNTS and subject.kind.startswith("person")
            return Relation.RIDING if conveyance(thing) or mounted else Relation.ON
        case "playing":
            return Relation.HOLDING if thing.kind == "musical-instrument" else accompanied(thing)
        case "wearing":  # "porter" and "portare" are to wear and to carry
            return Relation.WEARING if worn(thing) or thing.label == "ring" else Relation.HOLDING
        case "holding":
            return Relation.HOLDING
        case "doing":  # a verb that is not known
            return Relation.FACING if living(thing) else accompanied(thing)
        case "reading":
            return Relation.READING if thing.kind in ("book-paper", "mail", "phone") else Relation.HOLDING
        case "above":  # Italian has one word for on and over
            aloft = subject.pose in (*ALOFT, Pose.JUMPING) or subject.kind in ("transport-air", "animal-bug")
            return Relation.OVER if aloft or thing.kind.startswith("place") else Relation.ON
        case "as" | "full" | "mounted" | "carried":
            return Relation.BESIDE
        case _:
            return Relation(raw)


def accompanied(thing: Subject) -> Relation:
    """Return how something stands to somebody it is "with"."""
    if thing.label == "umbrella":
        return Relation.UNDER
    if worn(thing):
        return Relation.WEARING
    if conveyance(thing) or thing.label in STANDS or living(thing):
        return Relation.BESIDE
    return Relation.HOLDING if thing.kind.startswith(CARRIED) else Relation.BESIDE


def dressed_or_inside(thing: Subject) -> Relation:
    """Return how somebody stands to something they are "in"."""
    if worn(thing):
        return Relation.WEARING
    if conveyance(thing):
        return Relation.RIDING
    return Relation.AMONG if thing.kind.startswith("plant") and thing.count > 1 else Relation.INSIDE
