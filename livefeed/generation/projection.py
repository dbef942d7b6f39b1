"""What carries generations between the shards they live in and the queue, which has a slot of its own."""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.generation.store import GenerationStore
from livefeed.streams.outbox import Outgoing
from livefeed.streams.streams import Streams
from livefeed.streams.work import Work


class QueueProjection:
    """The projection `queue`. Its effects are idempotent by the generation's id and may come in any order."""

    name = "queue"

    def __init__(self, streams: Streams, work: Work) -> None:
        self._store = GenerationStore(streams)
        self._work = work

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Put what was queued into the line and tell its place; take out what has ended; forget what was taken down.

        Raises: LivefeedError.
        """
        for entry in batch:
            match entry.type:
                case "generation.queued":
                    place = await self._work.enqueue(entry.data["id"], entry.data["user"])
                    if place.place:
                        await self._store.tell_place(place)
                case "generation.ended":
                    await self._work.forget(entry.data["id"], entry.data["author"])
                case "post.deleted":
                    await self._store.withdraw(entry.data["id"])
                case _:
                    pass
