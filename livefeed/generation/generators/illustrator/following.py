"""A remix whose words name nobody: "the same in heavy rain" is about who is in its parent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .asked import Understanding
from .prompt import read

SAME = frozenset(
    "same again but now still même mêmes encore mais maintenant stesso stessa stessi ancora ma adesso uguale "
    "gleiche gleichen dasselbe derselbe dieselbe nochmal aber jetzt mismo misma igual pero ahora".split()
)
"""One of these among the first words says that it is about the parent."""
WHERE = frozenset(
    "in at on under by with within during inside dans à au aux sous sur avec pendant nel nella nello nei al alla a su "
    "sotto con durante im am an bei unter mit auf en bajo sobre".split()
)
"""A prompt that begins so says where, when or how, not who."""
FIRST = 3

Said = tuple[str, int | None]
"""A prompt, and the seed it was painted with, if that is known."""


@dataclass(frozen=True, slots=True)
class Continuation:
    """What a prompt asks for with what it leaves unsaid, and the prompt and seed whose composition it goes on with."""

    understood: Understanding
    prompt: str
    seed: int


def continued(prompt: str, seed: int, before: Sequence[Said]) -> Continuation:
    """Return what a prompt asks for that goes on from others: what its parent was asked for first, then its parent's.

    A composition goes on where nobody new is named, nor another place, and its seed is known; else it is the prompt's.
    """
    if not before:
        return Continuation(read(prompt), prompt, seed)
    said, (words, known), further = read(prompt), before[0], before[1:]
    parent = continued(words, -1 if known is None else known, further)
    understood = followed(said, parent.understood)
    goes_on = understood is not said and not said.setting and parent.seed >= 0
    return Continuation(understood, *((parent.prompt, parent.seed) if goes_on else (prompt, seed)))


def followed(said: Understanding, before: Understanding) -> Understanding:
    """Return what a remix's words ask for, with what they leave unsaid taken from its parent's.

    Words that name somebody, or a place for its own sake ("a castle"), stand for themselves; so does everything where
    the parent's words show nobody and no place.
    """
    if said.subjects or said.decor or not (before.subjects or before.setting):
        return said
    if said.setting and not about_the_parent(said.words):
        return said
    light_said = said.light or said.moons or said.suns
    sky = said if light_said else before
    return replace(
        said if said.setting else before,
        words=said.words,
        subjects=before.subjects,
        links=before.links,
        decor=before.decor,
        light=said.light or (None if said.suns else before.light),
        weather=said.weather or (frozenset() if said.suns else before.weather),
        style=said.style or before.style,
        lamps=said.lamps | (frozenset() if light_said else before.lamps),
        moons=sky.moons,
        suns=sky.suns,
        in_vase=before.in_vase,
    )


def about_the_parent(words: tuple[str, ...]) -> bool:
    """Tell whether a prompt begins like a sentence that was begun by another."""
    return bool(SAME & set(words[:FIRST]) or WHERE & set(words[:1]))
