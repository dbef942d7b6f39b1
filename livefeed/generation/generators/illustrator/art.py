"""The pictures: which word means which, and their pixels, vendored (art/) or modelled (props.py)."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from .pixels import Array, to_floats
from .props import PROP_WORDS, PROPS

FOLDER = Path(__file__).parent / "art"


@dataclass(frozen=True, slots=True)
class Picture:
    """One vendored picture: its file's name without suffix, what it shows, and its kind (emojibase subgroup)."""

    code: str
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Index:
    """Every picture, and the words (single or several, spaces between) that name them.

    words: English; spoken: by language ("fr", "it"); foreign: of all other languages.
    """

    pictures: dict[str, Picture]
    words: dict[str, str]
    spoken: dict[str, dict[str, str]]
    foreign: dict[str, str]
    unspaced: tuple[str, ...]


@lru_cache(maxsize=1)
def index() -> Index:
    """Read the index once per process."""
    raw = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    foreign: dict[str, str] = raw["foreign"]
    unspaced = [word for word in foreign if re.search(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", word)]
    pictures = {code: Picture(code, p["label"], p["kind"]) for code, p in raw["pictures"].items()}
    pictures |= {name: Picture(name, name, kind) for name, (kind, _) in PROPS.items()}
    return Index(
        pictures=pictures,
        words=raw["words"] | PROP_WORDS,
        spoken=raw["spoken"],
        foreign=foreign,
        unspaced=tuple(sorted(unspaced, key=len, reverse=True)),
    )


def named(label: str) -> Picture:
    """Return the picture that an English word names. Raises: KeyError when there is none."""
    known = index()
    return known.pictures[known.words[label]]


@lru_cache(maxsize=12)
def pixels(code: str) -> Array:
    """Return a picture cut to what it shows, (h, w, 4) in 0..1, not premultiplied; do not write to it."""
    if code in PROPS:
        return PROPS[code][1]()
    with Image.open(FOLDER / f"{code}.webp") as file:
        image = file.convert("RGBA")
    box = image.getchannel("A").point(lambda a: 255 if a > 24 else 0).getbbox() or (0, 0, *image.size)
    values = to_floats(np.asarray(image.crop(box)))
    values.setflags(write=False)
    return values
