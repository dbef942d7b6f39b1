"""People are shown as their newest picture: a projection of what is posted."""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.errors import NotFound
from livefeed.identity.service import Identity
from livefeed.streams.outbox import Outgoing


class Avatars:
    """The projection `avatars`. The last of a batch wins; an order lost between nodes shows a slightly older one."""

    name = "avatars"

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Give each author of a new post its picture. Raises: StoreUnavailable."""
        newest = {
            entry.data["post"]["author"]["id"]: entry.data["post"]["media"]["sha256"]
            for entry in batch
            if entry.type == "post.created"
        }
        for author, picture in newest.items():
            try:
                await self._identity.set_avatar(author, picture)
            except NotFound:
                continue  # the author left
