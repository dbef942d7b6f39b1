"""Words: splitting a prompt into them, singulars, and the pictures they name."""

from __future__ import annotations

import re
import unicodedata
import zlib

from . import art, lexicon

IRREGULAR = dict(
    pair.split(":")
    for pair in """mice:mouse geese:goose wolves:wolf men:man women:woman people:person children:person feet:foot
    oxen:ox leaves:leaf knives:knife elves:elf loaves:bread teeth:tooth calves:cow butterflies:butterfly""".split()
)
LONGEST_PROMPT = 1000  # characters; what comes after is not read

MEDIA = set("painting picture photo photograph portrait image illustration drawing sketch style".split())
VESSELS = set("bowl cup plate glass mug pot slice piece dish bottle cone pint jar vase".split())


def tokens(prompt: str) -> list[str]:
    """Return the words of a prompt, lower case, without accents' variants, punctuation or controls."""
    text = unicodedata.normalize("NFKC", prompt[:LONGEST_PROMPT]).casefold().replace("'s", " ").replace("’s", " ")
    return re.findall(r"[^\W_]+", text)


def without_medium(words: list[str]) -> list[str]:
    """Drop words that say how to show it or what holds it: "a painting of", "after van gogh", "a bowl of"."""
    kept = []
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else ""
        held = word in VESSELS | MEDIA and following == "of" and index + 2 < len(words)
        if not (held or (word == "van" and following == "gogh")):
            kept.append(word)
    return kept


def singulars(term: str) -> tuple[str, ...]:
    """Return the possible singulars of a plural term, likeliest first; none if it does not look like a plural."""
    if term in IRREGULAR:
        return (IRREGULAR[term],)
    if len(term) < 4 or not term.endswith("s") or term.endswith(("ss", "us", "is")):
        return ()
    if term.endswith("ies"):
        return (term[:-3] + "y", term[:-1])
    if term.endswith("es"):
        return (term[:-1], term[:-2])
    return (term[:-1],)


def noun(term: str, english: bool) -> str | None:
    """Return the code of the picture a term names, plural or not, or None."""
    if not term.strip() or term != term.strip() or term in lexicon.NOT_NOUNS:
        return None
    known = art.index()
    for candidate in (term, *singulars(term)):
        if candidate not in lexicon.NOT_NOUNS and candidate in known.words:
            return known.words[candidate]
    if english or term in lexicon.RELATIONS:
        return None
    # Elsewhere plurals end in s, n, en, e or i: "gatos", "Katzen", "Hunde", "gatti".
    stems = (
        (term[:-1], term[:-2], term[:-1] + "o", term[:-1] + "e", term[:-1] + "a")
        if len(term) > 4 and term[0] < "\u2e80"
        else ()
    )
    return next((known.foreign[stem] for stem in (term, *stems) if stem in known.foreign), None)


def is_animal(kind: str) -> bool:
    """True for every kind of animal."""
    return kind.startswith("animal")


def seed_of(prompt: str, seed: int) -> int:
    """Return the scene's seed: of the prompt's words and the caller's seed, so both matter."""
    return (zlib.crc32(" ".join(tokens(prompt)).encode()) * 2_654_435_761 + seed * 40_503 + 0x9E37) & 0xFFFF_FFFF
