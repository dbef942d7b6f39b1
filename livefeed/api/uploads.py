"""How many uploads may arrive at a time: in all, and of one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from livefeed.errors import Busy, RateLimited


class Uploads:
    """Places for uploads on their way in. Nobody waits for one: a body that is not read yet costs its sender little."""

    def __init__(self, *, in_all: int, per_person: int) -> None:
        self._in_all = in_all
        self._per_person = per_person
        self._arriving: Counter[str] = Counter()

    @contextmanager
    def place(self, person: str) -> Iterator[None]:
        """Hold a place inside the block.

        Raises: RateLimited when the person has theirs in use; Busy when all are.
        """
        if self._arriving[person] >= self._per_person:
            raise RateLimited(
                f"You are uploading {self._per_person} pictures already; wait for one.", retry_after_s=2.0
            )
        if self._arriving.total() >= self._in_all:
            raise Busy("The server is taking as many pictures as it can just now; try again.", retry_after_s=2.0)
        self._arriving[person] += 1
        try:
            yield
        finally:
            self._arriving[person] -= 1
            if not self._arriving[person]:
                del self._arriving[person]
