"""Which of our languages somebody reads. [pure] Source: RFC 9110, 12.5.4; RFC 4647, 3.4."""

from __future__ import annotations

import re
from collections.abc import Collection

USUAL = "en"
RIGHT_TO_LEFT = frozenset({"ar"})
COOKIE = "livefeed_language"
"""What a reader chose in the page, told to the server by the page."""
_RANGE = re.compile(r"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)(?:\s*;\s*q=([01](?:\.\d{0,3})?))?")
LONGEST = 1_000
"""Characters of a header that are looked at."""


def language_of(asked: str | None, accepted: str, known: Collection[str]) -> str:
    """Return the language that is asked for if we have it, else the one that the reader likes best, else English.

    asked: a tag such as `fr` or `pt-BR`, of which the first part counts. accepted: an Accept-Language header.
    """
    if asked and (found := _first(asked)) in known:
        return found
    wanted: list[tuple[float, int, str]] = []
    for place, text in enumerate(accepted[:LONGEST].split(",")):
        parsed = _RANGE.fullmatch(text.strip())
        if parsed is not None and (weight := float(parsed[2] or 1)) > 0:
            wanted.append((-weight, place, _first(parsed[1])))
    return next((tag for _, _, tag in sorted(wanted) if tag in known), USUAL)


def _first(tag: str) -> str:
    return tag.partition("-")[0].lower()
