"""Reactions are emojis: one grapheme, in the one spelling that Unicode recommends for it.

Source: UTS #51, "Emoji Sequences" (ED-4a to ED-17a); the code points are in emoji_table.py.
"""

from __future__ import annotations

from livefeed.errors import BadRequest
from livefeed.feed import emoji_table as table

JOINER = "\u200d"
PICTURE = "\ufe0f"
"""The variation selector that asks for the coloured form."""
KEYCAP = "\u20e3"
MAX_CHARACTERS = 32
MAX_JOINED = 4


def canonical(text: object) -> str:
    """Return the fully qualified spelling of a single emoji, so that one emoji is counted as one.

    Raises: BadRequest for anything else: words, two emojis, a lone skin tone, a flag of no region.
    """
    if isinstance(text, str) and 0 < len(text) <= MAX_CHARACTERS:
        parts = text.split(JOINER)
        found = _joined(parts) if len(parts) > 1 else _single(text)
        if found:
            return found
    raise BadRequest("A reaction is a single emoji, such as 👍 or ❤️.")


def _single(text: str) -> str | None:
    return _flag(text) or _keycap(text) or _element(text, joined=False)


def _joined(parts: list[str]) -> str | None:
    if len(parts) > MAX_JOINED:
        return None
    elements = [_element(part, joined=True) for part in parts]
    return JOINER.join(element for element in elements if element) if all(elements) else None


def _element(text: str, *, joined: bool) -> str | None:
    """Return one emoji character with its selector or skin tone."""
    if not text:
        return None
    base, rest = text[0], text[1:]
    if rest.removeprefix(PICTURE) in table.SKIN_TONES:
        return base + rest[-1] if base in table.SKINNED else None
    if rest not in ("", PICTURE):
        return None
    if base in table.COLOURED or (joined and base in table.HAIR):
        return base
    return base + PICTURE if base in table.TEXTUAL else None


def _flag(text: str) -> str | None:
    if text in table.SUBDIVISION_FLAGS:
        return text
    letters = "".join(
        chr(ord(character) - table.INDICATOR_A + ord("A"))
        for character in text
        if table.INDICATOR_A <= ord(character) < table.INDICATOR_A + 26
    )
    return text if len(text) == len(letters) == 2 and letters in table.REGIONS else None


def _keycap(text: str) -> str | None:
    if text[0] in "0123456789#*" and text[1:] in (KEYCAP, PICTURE + KEYCAP):
        return text[0] + PICTURE + KEYCAP
    return None
