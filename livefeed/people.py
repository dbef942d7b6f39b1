"""Who is speaking: people as others see them, and callers as the server knows them."""

from __future__ import annotations

from dataclasses import dataclass

from livefeed.errors import Unauthorised


@dataclass(frozen=True, slots=True)
class User:
    """A person. `avatar`: sha256 of a picture of theirs, or ''."""

    id: str
    handle: str
    avatar: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return the contract's `user` map."""
        return {"id": self.id, "handle": self.handle, "avatar": self.avatar}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whose request it is: a person, an API key that may publish to topics, or nobody known.

    key: the API key the request came with, known to be one of ours.
    """

    user: User | None = None
    key: str | None = None

    def person(self) -> User:
        """Return who asks. Raises: Unauthorised where it is no person."""
        if self.user is None:
            what = "a user's token, not an API key" if self.key is not None else "a user's token"
            raise Unauthorised(f"This needs {what}: POST /api/guests makes a guest, at no cost.")
        return self.user


ANONYMOUS = Caller()
