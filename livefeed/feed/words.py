"""Words as search knows them: of a post, and of what somebody looks for. [pure]

Folded: casefolded, without diacritics, in NFC. So é is e and ß is ss, whoever writes it how.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from livefeed.feed.emoji_table import COLOURED, INDICATOR_A, TEXTUAL

MAX_WORDS = 128
"""Words by which one post is found."""
MAX_CHARACTERS = 32
"""What is longer is known by its beginning."""
MAX_TERMS = 8
"""Words of one question."""

_MARKS = re.compile("[\u20e3\ufe0e\ufe0f\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]")
_PICTURES = frozenset(each for each in COLOURED | TEXTUAL if unicodedata.category(each) == "So")
_INDICATORS = frozenset(chr(INDICATOR_A + letter) for letter in range(26))
"""Two of them are a flag."""
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "œ": "oe", "æ": "ae", "ı": "i"})
_HANDLE = re.compile(r"[a-z0-9][a-z0-9-]{1,29}", re.ASCII)

STOP_WORDS = frozenset(
    """
    an and are as at be by for from has he her his in is it its of on or that the their there this to was were with
    au aux avec ce ces dans de des du elle en est et il ils je la le les leur lui ma mais me mes mon ne nos nous on ou
    par pas pour qu que qui sa se ses son sur ta te tes toi ton tu un une vos vous
    al alla alle agli ai che chi ci col come con cui da dal dalla dei del della delle degli di do e gli i il io lo loro
    mi ne nei nel nella noi non nostro per piu se si sono sua sue sui sul sulla suo ti tra tu una uno voi
    aber als am an auch auf aus bei bin bis das dass dem den der des die dir du ein eine einem einen einer eines er es
    fur hat ich ihr im in ist ja kein mein mich mir mit nach nicht noch nur oder sein sich sie sind so uber um und uns
    unter vom von vor war was wenn wie wir zu zum zur
    algo como con cual de del desde donde dos el ella ellas ellos en era es esa ese eso esta este esto fue ha hay la las
    le les lo los mas me mi mis muy nos o otra otro para pero por porque que se ser si sin sobre su sus te tu un una
    unas unos y ya yo
    """.split()
)
"""Words that say nothing by themselves, in English, French, Italian, German and Spanish; folded."""


@dataclass(frozen=True, slots=True)
class Term:
    """One word of a question. handle: whose posts are found as well, "" : nobody's. begins: longer words match too."""

    word: str
    handle: str = ""
    begins: bool = False


def fold(text: str) -> str:
    """Return a text as search compares it."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", unicodedata.normalize("NFC", text).casefold()))
    return unicodedata.normalize("NFC", bare.translate(_LETTERS))


def words_of(text: str) -> Iterator[str]:
    """Yield the words of a text, folded, in order, at most MAX_CHARACTERS of each; single ASCII letters are none.

    Each emoji is a word, whatever its skin and hair; of joined ones each part.
    """
    word = flag = ""
    for character in fold(text) + " ":
        if character == "_" or unicodedata.category(character)[0] in "LMN":
            word += character
            continue
        if len(word) > 1 or not word.isascii() or word.isdigit():
            yield word[:MAX_CHARACTERS]
        begun = "" if word else flag
        word = flag = ""
        if character in _PICTURES:
            yield character
        elif character in _INDICATORS and begun:
            yield begun + character
        elif character in _INDICATORS:
            flag = character


def words_of_post(post: Mapping[str, Any]) -> list[str]:
    """Return what a post is found by: `#tag` for its tags, `@id` for who made it, words of what it says."""
    people = [f"@{user['id']}" for user in (post["author"], *post.get("credits", ()))]
    said = " ".join(post.get(name) or "" for name in ("caption", "alt", "prompt", "style"))
    told = [word for word in words_of(said) if word not in STOP_WORDS]
    return list(dict.fromkeys([*people, *map(tag_word, post["tags"]), *told]))[:MAX_WORDS]


def tag_word(tag: str) -> str:
    """Return the word that stands for a tag."""
    return "#" + fold(tag)[:MAX_CHARACTERS]


def terms_of(question: str) -> list[Term]:
    """Return the words of a question, at most MAX_TERMS. Of the last one the beginning will do.

    Stop words count only if there is nothing else.
    """
    terms = [term for item in question.split() for term in _terms(item)]
    last = terms[-1] if terms else None
    told = [term for term in terms if term.word not in STOP_WORDS] or terms[-1:]
    told = list(dict.fromkeys(told))[:MAX_TERMS]
    if last is not None and told[-1] == last and not last.word.startswith("@"):
        told[-1] = Term(last.word, last.handle, begins=True)
    return told


def beginning_of(question: str) -> str:
    """Return the beginning of a handle that a question may be, "" for none.

    It is the last word if that has an @, else all of the question, with a hyphen for what stands between its words.
    """
    *_, last = question.split() or [""]
    typed = last if last.startswith("@") else "-".join(question.split())
    begun = fold(typed.removeprefix("@")).strip(".,;:!?()'\"")
    return begun if _HANDLE.fullmatch(begun) else ""


def _terms(item: str) -> Iterable[Term]:
    if item.startswith(("#", "\uff03")):
        return [Term("#" + word) for word in list(words_of(item))[:1]]
    name = item.removeprefix("@").strip(".,;:!?()'\"").lower()
    handle = name if _HANDLE.fullmatch(name) else ""
    if item.startswith("@"):
        return [Term("@", handle)] if handle else []
    return [Term(word, handle) for word in words_of(item)]
