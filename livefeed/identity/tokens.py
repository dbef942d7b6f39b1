"""Session tokens: issued once, kept only as digests. Pure.

A token is the user's id, a dot and 256 random bits. The id says where the record is, so proving a token takes
one read; whoever steals the store learns no token.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from livefeed.identifiers import is_id

SECRET_BYTES: Final = 32

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Proof:
    """What a token comes to: whose it claims to be, and the digest that the record must hold."""

    user: str
    digest: str


def issue(user: str, secret: bytes) -> str:
    """Return the token of `user`. `secret`: SECRET_BYTES random bytes that nobody else sees."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes, not {len(secret)}")
    return f"{user}.{base64.urlsafe_b64encode(secret).rstrip(b'=').decode()}"


def read(token: str) -> Proof | None:
    """Return what a token claims, or None when it has not the form of one."""
    user, _, secret = token.partition(".")
    if not is_id(user) or _SECRET.fullmatch(secret) is None:
        return None
    return Proof(user, digest(token))


def digest(token: str) -> str:
    """Return what the store keeps of a token."""
    return hashlib.sha256(token.encode("ascii")).hexdigest()
