"""Tags: the #words of a caption or a prompt."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from livefeed.errors import BadTopic
from livefeed.topic import feed_tag, normal_tag

MAX_TAGS = 10
MAX_CHARACTERS = 64

_HASH = re.compile("[#\uff03]")


def tags_of(*texts: str | None) -> list[str]:
    """Return the tags of the texts as topics carry them: NFC, lower case, each once, in order of appearance.

    A tag is a run of letters, marks, digits and underscores with at least one letter, after a # that no such
    character precedes. One that is too long for a topic is no tag; after MAX_TAGS the rest are plain words.
    """
    tags: dict[str, None] = {}
    for text in texts:
        for word in _words(unicodedata.normalize("NFC", text or "")):
            tag = normal_tag(word)
            if _fits(tag):
                tags[tag] = None
            if len(tags) == MAX_TAGS:
                return list(tags)
    return list(tags)


def is_tag(word: str) -> bool:
    """Tell whether texts can have this tag, in whatever case it is written."""
    tag = normal_tag(word)
    return tags_of("#" + word) == [tag]


def _words(text: str) -> Iterator[str]:
    for match in _HASH.finditer(text):
        start = end = match.end()
        if match.start() and _belongs(text[match.start() - 1]):
            continue
        while end < len(text) and _belongs(text[end]):
            end += 1
        if any(unicodedata.category(character)[0] == "L" for character in text[start:end]):
            yield text[start:end]


def _belongs(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def _fits(tag: str) -> bool:
    if len(tag) > MAX_CHARACTERS:
        return False
    try:
        return feed_tag(tag).rest == "tag:" + tag
    except BadTopic:
        return False
