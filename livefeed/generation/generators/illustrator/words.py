"""Words: splitting a prompt into them, and the singulars of plurals in English, French and Italian."""

from __future__ import annotations

import re
import unicodedata
import zlib
from functools import lru_cache

from . import art

IRREGULAR = dict(
    pair.split(":")
    for pair in """mice:mouse geese:goose wolves:wolf men:man women:woman people:person children:person feet:foot
    oxen:ox leaves:leaf knives:knife elves:elf loaves:bread teeth:tooth calves:cow butterflies:butterfly
    witches:witch""".split()
)
LONGEST_PROMPT = 1000  # characters; what comes after is not read
PAUSE = ","
"""Stands between the words of a prompt wherever it has punctuation that ends a phrase."""


def prepared(prompt: str) -> str:
    """Return what is read of a prompt: one case, one form of every character, no English genitives."""
    text = unicodedata.normalize("NFKC", prompt[:LONGEST_PROMPT]).casefold()
    text = text[:LONGEST_PROMPT]  # again, since one character may become eighteen
    return re.sub(r"['’]s\b", " ", text)


def tokens(prompt: str) -> list[str]:
    """Return the words of a prompt, lower case, without accents' variants, punctuation or controls."""
    return re.findall(r"[^\W_]+", prepared(prompt))


def phrases(prompt: str) -> list[str]:
    """Return the words of a prompt with a PAUSE at punctuation, and emoji as the English names of what they show."""
    text = re.sub("[\ufe0f\u200d]", "", prepared(prompt))
    shown = [emoji(character) for character in text]
    named = (
        (f" {label} , " if any(shown[i + 1 : i + 2]) else f" {label} ") if label else text[i]
        for i, label in enumerate(shown)
    )
    found = re.findall(r"[^\W_]+|[,;:.!?()\[\]\n/|—–]", "".join(named))
    return [word if word[0].isalnum() else PAUSE for word in found]


@lru_cache(maxsize=256)
def emoji(character: str) -> str:
    """Return the English name of an emoji of which there is a picture, else nothing."""
    if ord(character) < 0x2000:
        return ""
    known = art.index().pictures
    code = f"{ord(character):x}"
    picture = known.get(code) or known.get(f"{code}-fe0f")
    return " ".join(tokens(picture.label)) if picture else ""


def singulars(term: str, language: str = "en") -> tuple[str, ...]:
    """Return the possible singulars of a plural term, likeliest first; none if it does not look like a plural."""
    match language:
        case "en":
            return english_singulars(term)
        case "fr":
            return french_singulars(term)
        case "it":
            return italian_singulars(term)
        case _:  # plurals end in s, n, en, e or i: "gatos", "Katzen", "Hunde"
            if len(term) < 5 or term[0] >= "\u2e80" or " " in term[-3:]:
                return ()
            return (term[:-1], term[:-2], term[:-1] + "o", term[:-1] + "e", term[:-1] + "a")


def english_singulars(term: str) -> tuple[str, ...]:
    """Return the singulars of a term whose last word is an English plural."""
    first, _, last = term.rpartition(" ")
    if last in IRREGULAR:
        return (f"{first} {IRREGULAR[last]}".strip(),)
    if len(term) < 4 or not term.endswith("s") or term.endswith(("ss", "us", "is")):
        return ()
    if term.endswith("ies"):
        return (term[:-3] + "y", term[:-1])
    if term.endswith("es"):
        return (term[:-1], term[:-2])
    return (term[:-1],)


def french_singulars(term: str) -> tuple[str, ...]:
    """Return the singulars of a French plural: of its last word, or of its first ("pommes de terre")."""
    first, _, rest = term.partition(" ")
    found = []
    for word, end in ((term, ""), (first, f" {rest}")) if rest else ((term, ""),):
        if len(word) > 3 and word.endswith("aux"):
            found += [word[:-1] + end, word[:-3] + "al" + end]
        elif len(word) > 3 and word[-1] in "sx":
            found.append(word[:-1] + end)
    return tuple(found)


ITALIAN = {"chi": ("co",), "ghi": ("go",), "che": ("ca",), "ghe": ("ga",), "ci": ("co", "cio"), "gi": ("go", "gio")}


def italian_singulars(term: str) -> tuple[str, ...]:
    """Return the singulars of an Italian plural: of its last word, or of its first ("mazzi di fiori")."""
    first, _, rest = term.partition(" ")
    found = []
    for word, end in ((term, ""), (first, f" {rest}")) if rest else ((term, ""),):
        if len(word) < 4 or word[-1] not in "ie":
            continue
        stems = [word[: -len(s)] + e for s, ends in ITALIAN.items() if word.endswith(s) for e in ends]
        stems += [word[:-1] + e for e in ("oea" if word[-1] == "i" else "a")]
        found += [stem + end for stem in (*stems, word + "o")]
    return tuple(found)


def is_animal(kind: str) -> bool:
    """True for every kind of animal."""
    return kind.startswith("animal")


def seed_of(prompt: str, seed: int) -> int:
    """Return the scene's seed: of the prompt's words and the caller's seed, so both matter."""
    return (zlib.crc32(" ".join(tokens(prompt)).encode()) * 2_654_435_761 + seed * 40_503 + 0x9E37) & 0xFFFF_FFFF
