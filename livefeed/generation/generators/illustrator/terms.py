"""Terms: the language of a prompt, and its words joined into the longest terms that mean something in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .lexicon import CONTENT, LANGUAGES, LONGEST_TERM, Vocabulary, vocabulary
from .words import PAUSE, singulars

LITTLE = frozenset("determiners plurals and or of not but ignored relations".split())
SURE = 1.5
"""How much more a little word tells of a prompt's language than the name of a thing."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a prompt: what it means by section, the picture it names, whether it is a plural.

    A pause is a term with the sense "pause"; an unknown word has no sense and no picture.
    """

    text: str
    senses: Mapping[str, str] = field(default_factory=dict)
    code: str | None = None
    plural: bool = False

    def is_a(self, section: str) -> bool:
        """True when the term has a meaning in a section."""
        return section in self.senses

    @property
    def known(self) -> bool:
        """True when the term means something, be it little."""
        return bool(self.senses or self.code)


def language_of(words: Sequence[str]) -> str:
    """Return the language most words of a prompt are of; English when none is."""

    def score(language: str) -> float:
        terms, total = vocabulary(language), 0.0
        for word in words:
            spelt = terms.spelt(word)
            senses = terms.senses.get(spelt, {})
            if LITTLE & senses.keys():
                total += SURE
            elif senses or spelt in terms.nouns or any(s in terms.nouns for s in singulars(word, language)):
                total += 1.0
        return total

    return max(LANGUAGES, key=score)


def terms(words: Sequence[str]) -> tuple[str, list[Term]]:
    """Return the language of a prompt's words and their terms, longest first; a language borrows words of others.

    A sentence borrows from English only, and an English one not at all: "pain" is bread in French, and only there.
    """
    language = language_of(words)
    own = vocabulary(language)
    sentence = any(LITTLE & own.senses.get(word, {}).keys() for word in words)
    lenders = [other for other in (("en",) if sentence else LANGUAGES) if other != language]
    others = tuple(vocabulary(other) for other in lenders)
    found: list[Term] = []
    position = 0
    while position < len(words):
        term, taken = longest(words[position : position + LONGEST_TERM], own, others)
        found.append(term)
        position += taken
    return language, found


def longest(words: Sequence[str], own: Vocabulary, others: Sequence[Vocabulary]) -> tuple[Term, int]:
    """Return the longest term that some words begin with, and how many it takes."""
    if words[0] == PAUSE:
        return Term(PAUSE, {"pause": ""}), 1
    for length in range(len(words), 0, -1):
        text = " ".join(words[:length])
        if PAUSE in words[:length]:
            continue
        for index, terms in enumerate((own, *others)):
            senses = terms.senses.get(terms.spelt(text)) or places(text, terms)
            if index:
                senses = {section: meaning for section, meaning in senses.items() if section in CONTENT}
            code, plural = noun(text, terms)
            if senses or code:
                return Term(text, senses, code, plural), length
    return Term(words[0]), 1


def places(text: str, terms: Vocabulary) -> Mapping[str, str]:
    """Return the places a plural names ("lavender fields"); nothing for any other term."""
    for stem in singulars(text, terms.language) if text not in terms.nouns else ():
        if settings := terms.meaning("settings", stem):
            return {"settings": settings}
    return {}


def noun(text: str, terms: Vocabulary) -> tuple[str | None, bool]:
    """Return the picture that a term names, if any, and whether the term is a plural."""
    code = terms.nouns.get(terms.spelt(text))
    stems = [found for stem in singulars(text, terms.language) if (found := terms.nouns.get(terms.spelt(stem)))]
    if code is None:
        return (stems[0], terms.language in ("en", "fr", "it")) if stems else (None, False)
    return code, code in stems
