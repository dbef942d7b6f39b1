"""What words mean to the illustrator: the vocabularies of its languages, and the colours and moods they lead to.

A vocabulary is a file in vocabulary/: sections (settings, lights, colours, relations ...) of lines that give a meaning
and the terms that have it. The names of things come from there, too, and from the art's index.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from . import art
from .pixels import Colour

FOLDER = Path(__file__).parent / "vocabulary"
LANGUAGES = ("en", "fr", "it", "others")
LONGEST_TERM = 5  # words
CONTENT = frozenset("settings venues lights weather lamps colours styles".split())
"""The sections that a prompt in one language may borrow from another."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The terms of one language: what each means, by section, and the code of the picture each names.

    folded: terms without their accents -> terms.
    """

    language: str
    senses: Mapping[str, Mapping[str, str]]
    nouns: Mapping[str, str]
    folded: Mapping[str, str]

    def spelt(self, term: str) -> str:
        """Return a term with the accents it should have."""
        return term if term in self.senses or term in self.nouns else self.folded.get(fold(term), term)

    def meaning(self, section: str, term: str) -> str | None:
        """Return what a term means in a section, or None."""
        return self.senses.get(self.spelt(term), {}).get(section)

    def of(self, section: str) -> Iterator[str]:
        """Yield every term of a section."""
        return (term for term, senses in self.senses.items() if section in senses)


def fold(term: str) -> str:
    """Return a term without accents on its Latin letters."""
    if term.isascii():
        return term
    letters = unicodedata.normalize("NFD", term)
    kept: list[str] = []
    for letter in letters:
        if not (unicodedata.combining(letter) and kept and kept[-1].isascii()):
            kept.append(letter)
    return unicodedata.normalize("NFC", "".join(kept)).replace("œ", "oe").replace("æ", "ae")


@lru_cache(maxsize=len(LANGUAGES))
def vocabulary(language: str) -> Vocabulary:
    """Read a language's vocabulary once per process. Raises: KeyError for a noun of which there is no picture."""
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    known = art.index()
    pictures: dict[str, str] = {}
    for label, terms in tables.pop("nouns", {}).items():
        code = known.words[spaced(label.casefold())]
        pictures |= {spaced(term): code for term in terms.split()}
    little = {section: {"": terms} for section, terms in tables.pop("little").items()}
    senses: dict[str, dict[str, str]] = {}
    for section, meanings in (tables | little).items():
        for meaning, terms in meanings.items():
            for term in terms.split():
                senses.setdefault(spaced(term), {}).setdefault(section, meaning)
    # A word that means something else here is no keyword of a picture, unless this project says so.
    named = known.words if language == "en" else known.foreign if language == "others" else known.spoken[language]
    for term, code in named.items():
        if term not in NOT_NOUNS and (language == "en" or term not in senses):
            pictures.setdefault(term, code)
    pictures = {term: whole(code) for term, code in pictures.items()}
    folded = {fold(term): term for term in (*pictures, *senses) if not term.isascii()}
    return Vocabulary(language, senses, pictures, folded)


def whole(code: str) -> str:
    """Return the code of the whole animal for that of a picture of its face, where there is one."""
    known = art.index()
    picture = known.pictures[code]
    if not (picture.kind.startswith("animal") and picture.label.endswith(" face")):
        return code
    return known.words.get(picture.label.removesuffix(" face"), code)


def spaced(term: str) -> str:
    """Return a term as a prompt's words spell it: `_`, hyphens and apostrophes are spaces."""
    return " ".join(term.replace("_", " ").replace("-", " ").replace("'", " ").casefold().split())


COLOURS: dict[str, Colour] = {
    "red": (0.86, 0.13, 0.11), "crimson": (0.72, 0.05, 0.16), "scarlet": (0.90, 0.16, 0.08),
    "orange": (0.96, 0.50, 0.10), "yellow": (0.98, 0.82, 0.16), "golden": (0.92, 0.70, 0.20),
    "green": (0.20, 0.66, 0.28), "lime": (0.58, 0.80, 0.28), "olive": (0.26, 0.40, 0.16),
    "emerald": (0.06, 0.58, 0.40), "teal": (0.06, 0.55, 0.56), "turquoise": (0.16, 0.74, 0.72),
    "cyan": (0.15, 0.76, 0.86), "blue": (0.13, 0.36, 0.86), "azure": (0.20, 0.56, 0.92),
    "navy": (0.10, 0.16, 0.44), "indigo": (0.28, 0.18, 0.62), "purple": (0.52, 0.20, 0.72),
    "violet": (0.54, 0.30, 0.82), "lilac": (0.74, 0.58, 0.86), "magenta": (0.86, 0.14, 0.60),
    "pink": (0.97, 0.52, 0.68), "coral": (0.98, 0.46, 0.38), "rose": (0.92, 0.42, 0.52),
    "salmon": (0.96, 0.58, 0.48), "brown": (0.46, 0.28, 0.16), "beige": (0.86, 0.77, 0.62),
    "black": (0.10, 0.10, 0.13), "white": (0.96, 0.96, 0.96), "grey": (0.55, 0.56, 0.58),
    "silver": (0.75, 0.77, 0.80), "copper": (0.74, 0.42, 0.24), "jade": (0.20, 0.62, 0.46),
    "ruby": (0.76, 0.06, 0.22), "amber": (0.96, 0.64, 0.14), "ivory": (0.96, 0.93, 0.84),
}  # fmt: skip

# What cities and other places "of coral", "of glass" are made of.
MATERIALS: dict[str, Colour] = {
    "glass": (0.55, 0.80, 0.86), "ice": (0.70, 0.86, 0.96), "stone": (0.60, 0.58, 0.54),
    "sand": (0.88, 0.74, 0.50), "gold": (0.92, 0.70, 0.24), "paper": (0.93, 0.89, 0.80),
    "candy": (0.97, 0.58, 0.74), "brick": (0.70, 0.34, 0.26), "crystal": (0.70, 0.62, 0.92),
    "chocolate": (0.42, 0.26, 0.18), "marble": (0.90, 0.89, 0.88), "steel": (0.52, 0.58, 0.66),
    "fire": (0.96, 0.44, 0.10), "wood": (0.62, 0.42, 0.24), "silver": (0.75, 0.77, 0.80), "bronze": (0.62, 0.42, 0.22),
}  # fmt: skip
MOODS: dict[str, tuple[float, float, float]] = {  # hue, saturation, value: what abstract paintings lean to
    "melancholy": (0.61, 0.45, 0.55), "sad": (0.60, 0.45, 0.5), "sadness": (0.60, 0.45, 0.5),
    "grief": (0.64, 0.35, 0.4),
    "lonely": (0.58, 0.4, 0.5), "loneliness": (0.58, 0.4, 0.5), "joy": (0.12, 0.8, 0.95),
    "happy": (0.13, 0.8, 0.95),
    "happiness": (0.12, 0.8, 0.95), "love": (0.97, 0.65, 0.9), "anger": (0.01, 0.85, 0.8),
    "rage": (0.99, 0.9, 0.75),
    "fear": (0.75, 0.5, 0.35), "hope": (0.30, 0.5, 0.85), "calm": (0.50, 0.4, 0.8),
    "peace": (0.48, 0.35, 0.85),
    "silence": (0.58, 0.2, 0.75), "quiet": (0.55, 0.25, 0.75), "dream": (0.76, 0.5, 0.8),
    "dreams": (0.76, 0.5, 0.8),
    "nostalgia": (0.08, 0.5, 0.75), "memory": (0.09, 0.4, 0.75), "jealousy": (0.33, 0.7, 0.5),
    "energy": (0.06, 0.9, 0.95),
    "chaos": (0.02, 0.8, 0.8), "music": (0.83, 0.6, 0.8), "jazz": (0.08, 0.75, 0.8),
    "blues": (0.61, 0.7, 0.6),
    "time": (0.11, 0.35, 0.7), "infinity": (0.70, 0.6, 0.5), "summer": (0.14, 0.75, 0.95),
    "spring": (0.28, 0.55, 0.9),
}  # fmt: skip

# Pictures whose names are mostly something else in a prompt.
NOT_NOUNS = frozenset(
    "cooking pick link label mate seat sweet present mean time light dark deep old new open wing eye link lit "
    "tag see fall spring pen clamp knot mask key cap charm rich high low long short fresh cool "
    "的 中 人 子 大 小 上 下 と の".split()
)
