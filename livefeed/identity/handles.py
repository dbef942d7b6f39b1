"""What people are called: proposals for guests, rules for everyone. Pure.

A handle is unique as it is stored, in lower case. It is never what could be taken for something else:
an id, or a word that a page or an official voice would use.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from livefeed.errors import BadRequest
from livefeed.identifiers import is_id

_FORM = re.compile(r"[a-z0-9][a-z0-9-]{1,29}", re.ASCII)


def _words(name: str) -> tuple[str, ...]:
    return tuple(files(__package__).joinpath("words", f"{name}.txt").read_text(encoding="ascii").split())


ADJECTIVES: Final = _words("adjectives")
NOUNS: Final = _words("nouns")
RESERVED: Final = frozenset(_words("reserved"))

MAX_WISH: Final = 200
PLAIN_TRIES: Final = 3
NUMBERED_TRIES: Final = 12

CLAIM_GRACE_MS: Final = 120_000
"""How long a claimed handle may wait to be written into its user's record before another may take it."""


def normalise(text: object) -> str:
    """Return a wished-for handle as it will be stored.

    Raises: BadRequest, one sentence for the person who typed it.
    """
    handle = ""
    if isinstance(text, str) and len(text) <= MAX_WISH:
        handle = unicodedata.normalize("NFC", text.strip()).lower()
    if _FORM.fullmatch(handle) is None:
        raise BadRequest("A name has 2 to 30 letters (a to z), digits and hyphens, and starts with no hyphen.")
    if handle in RESERVED or is_id(handle):
        raise BadRequest(f"The name '{handle}' is kept for livefeed itself; choose another.")
    return handle


def is_handle(text: str) -> bool:
    """Tell whether `text` could be somebody's handle, as stored."""
    return _FORM.fullmatch(text) is not None


def proposals(chance: random.Random) -> Iterator[str]:
    """Yield handles for a new guest, such as quiet-otter, the later ones with a number."""
    for _ in range(PLAIN_TRIES):
        yield _pair(chance)
    for attempt in range(NUMBERED_TRIES):
        yield f"{_pair(chance)}-{chance.randrange(2, 10 ** (2 + attempt // 2))}"


def is_abandoned(age_ms: int, *, holder: str | None, handle: str) -> bool:
    """Tell whether a claim on `handle` binds nobody any more.

    A claim comes before the record that uses it, in another slot: whoever died in between, or changed the
    name twice at a time, leaves a claim behind.
    age_ms: of the claim, by one clock. holder: the handle in the claimant's record, None without a record.
    """
    return holder != handle and age_ms > CLAIM_GRACE_MS


def _pair(chance: random.Random) -> str:
    return f"{chance.choice(ADJECTIVES)}-{chance.choice(NOUNS)}"
