"""Ids of people, posts, generations and comments.

An id is 22 characters of Crockford's base32 in lower case: 10 of time (milliseconds), 2 of the shard it lives in,
10 (50 bits) of chance. It sorts by time, and whoever holds it knows the shard. A comment's id is
`<post id>.<own part>`, so it knows its post too.
"""

from __future__ import annotations

import hashlib
import re

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_FORM = re.compile(f"[{ALPHABET}]{{22}}", re.ASCII)
CHANCE_BITS = 50
MAX_SHARDS = 1024


def encode(value: int, length: int) -> str:
    """Return `value` as `length` characters of base32, most significant first."""
    return "".join(ALPHABET[(value >> shift) & 31] for shift in range(5 * (length - 1), -1, -5))


def make(now_ms: int, shard: int, chance: int) -> str:
    """Return a new id. `chance`: 50 random bits."""
    return encode(now_ms, 10) + encode(shard, 2) + encode(chance & (1 << CHANCE_BITS) - 1, 10)


def derive(user: str, method: str, key: str, *, shard: int) -> str:
    """Return the id that a create with an idempotency key gets, the same at every try.

    Its time part is chance too: an id made so does not sort by time.
    """
    digest = hashlib.sha256("\0".join((user, method, key)).encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest, "big")
    return encode(number, 10) + encode(shard, 2) + encode(number >> CHANCE_BITS, 10)


def is_id(text: str) -> bool:
    """Tell whether `text` has the form of an id; whether it names anything is the store's to say."""
    return _FORM.fullmatch(text) is not None


def shard_of(identifier: str) -> int:
    """Return the shard written in an id (or in the post part of a comment id)."""
    return _VALUES[identifier[10]] << 5 | _VALUES[identifier[11]]
