"""Sizes: how large things are beside each other."""

from __future__ import annotations

from .asked import Subject

# In the heights of a grown person; kinder to the small than nature is.
SIZES: dict[str, float] = {
    "mouse": 0.34, "rat": 0.38, "hamster": 0.36, "frog": 0.40, "snail": 0.36, "rabbit": 0.52, "chipmunk": 0.42,
    "hedgehog": 0.40, "cat": 0.60, "black cat": 0.60, "cat face": 0.60, "dog": 0.70, "dog face": 0.70, "fox": 0.72,
    "raccoon": 0.62, "koala": 0.7, "turtle": 0.5, "lizard": 0.42, "snake": 0.55, "crab": 0.40, "bat": 0.45,
    "baby chick": 0.34, "front-facing baby chick": 0.34, "hatching chick": 0.34, "bird": 0.40, "dove": 0.42,
    "black bird": 0.42, "duck": 0.50, "owl": 0.52, "penguin": 0.66, "parrot": 0.44, "rooster": 0.5, "chicken": 0.5,
    "peacock": 0.8, "swan": 0.8, "flamingo": 0.95, "eagle": 0.7, "goose": 0.66, "dodo": 0.66, "pig": 0.75, "ewe": 0.8,
    "ram": 0.85, "goat": 0.85, "wolf": 0.85, "panda": 0.95, "monkey": 0.75, "tiger": 0.95, "lion": 1.0, "bear": 1.1,
    "polar bear": 1.15, "gorilla": 1.1, "horse": 1.35, "unicorn": 1.4, "cow": 1.2, "ox": 1.3, "moose": 1.5,
    "camel": 1.5, "two-hump camel": 1.5, "giraffe": 2.3, "elephant": 1.9, "mammoth": 2.0, "rhinoceros": 1.3,
    "hippopotamus": 1.2, "dragon": 2.1, "dragon face": 2.1, "sauropod": 2.3, "T-Rex": 2.0, "whale": 2.0,
    "spouting whale": 2.0, "shark": 1.2, "dolphin": 1.0, "robot": 1.0, "alien": 0.9, "ghost": 0.85, "lighthouse": 2.6,
    "windmill": 2.4, "castle": 2.8, "bicycle": 0.9, "chair": 0.7, "bed": 0.8, "umbrella": 0.8, "mushroom": 0.5,
    "cactus": 1.2, "rock": 0.8, "wood": 0.6, "tent": 1.2, "fountain": 1.3, "door": 1.5, "snowman": 0.9,
    "teddy bear": 0.5, "sailboat": 1.7, "canoe": 0.8, "passenger ship": 2.2, "ship": 2.2, "rocket": 2.2,
    "flying saucer": 1.3, "hot air balloon": 2.2, "carousel horse": 1.2, "Statue of Liberty": 2.6,
}  # fmt: skip
SIZES_BY_KIND: tuple[tuple[str, float], ...] = (
    ("animal-bug", 0.24), ("animal-marine", 0.6), ("animal", 0.8), ("person", 1.0), ("place-building", 2.2),
    ("place", 2.0), ("transport-ground", 1.25), ("transport-air", 1.5), ("transport-water", 1.8),
    ("plant-flower", 0.42), ("food", 0.34), ("drink", 0.34), ("dishware", 0.36), ("sky", 0.7), ("musical", 0.5),
    ("face", 0.9), ("cat", 0.6), ("household", 0.6),
)  # fmt: skip
TREES = ("deciduous tree", "evergreen tree", "palm tree", "Christmas tree", "tanabata tree")


def size_of(subject: Subject) -> float:
    """Return how large a subject is beside others, in the heights of a person."""
    if subject.role:
        size = 0.9
    elif subject.label in TREES:
        size = 2.0
    else:
        by_kind = next((size for prefix, size in SIZES_BY_KIND if subject.kind.startswith(prefix)), 0.4)
        size = SIZES.get(subject.label, by_kind)
    return size * subject.size
