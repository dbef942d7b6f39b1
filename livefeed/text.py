"""What people write, made safe to store and to show. Text is plain: nothing reads it as markup."""

from __future__ import annotations

import re
import unicodedata

from livefeed.errors import BadRequest

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]")
"""What has no look of its own: control characters, and the overrides of direction that disguise what is written."""


def clean(text: object, what: str, *, limit: int) -> str:
    """Return `text` in NFC without control characters; line breaks (as U+000A) and tabs stay.

    what: the name of the text in the refusal. limit: characters (code points) of the result.
    Raises: BadRequest.
    """
    if not isinstance(text, str):
        raise BadRequest(f"The {what} must be text.")
    if len(text) > 4 * limit:  # so that nobody makes us normalise megabytes
        raise _too_long(what, limit)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadRequest(f"The {what} is not valid Unicode: it holds half of a surrogate pair.") from None
    cleaned = _CONTROLS.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    if len(cleaned) > limit:
        raise _too_long(what, limit)
    return cleaned


def is_blank(text: str) -> bool:
    """Tell whether a reader would see nothing: only spaces, marks of format and unassigned characters."""
    return all(unicodedata.category(character)[0] in "ZC" for character in text)


def _too_long(what: str, limit: int) -> BadRequest:
    return BadRequest(f"The {what} is too long: at most {limit} characters.")
