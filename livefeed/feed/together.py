"""Effects that are carried out side by side."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Sequence

from livefeed.errors import PeerError
from livefeed.streams.outbox import Outgoing, Projection


async def carry_out(work: Iterable[Coroutine[object, object, None]]) -> None:
    """Carry out all of it, whatever becomes of some, and then raise what went wrong.

    What may work later comes first: a PeerError means that it never will.
    """
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    failures = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for failure in sorted(failures, key=lambda failure: isinstance(failure, PeerError)):
        raise failure


class Social:
    """The projection `social`: what posts, comments and reactions mean for people and for search.

    Several read the outbox as one group, because each group more costs the store as much as the effects themselves.
    """

    name = "social"

    def __init__(self, *parts: Projection) -> None:
        self._parts = parts

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Let each part carry out a batch. Raises: LivefeedError; everything was tried."""
        await carry_out(part.apply(batch) for part in self._parts)
