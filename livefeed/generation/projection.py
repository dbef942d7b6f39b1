"""What carries generations between the shards they live in and the queue, which has a slot of its own."""

from __future__ import annotations

from collections.abc import Sequence

from livefeed.generation.store import GenerationStore
from livefeed.position import Position
from livefeed.streams.ledger import Ledger, Letter
from livefeed.streams.outbox import Outgoing
from livefeed.streams.streams import Streams
from livefeed.streams.work import Place, Work


class QueueProjection:
    """The projection `queue`. Its effects are idempotent by the generation's id and may come in any order."""

    name = "queue"

    def __init__(self, streams: Streams, work: Work) -> None:
        self._store = GenerationStore(streams)
        self._work = work
        self._ledger = Ledger(streams.store)

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Put what was queued into the line and tell its place; take out what has ended, with a dead letter of what was
        given up; forget what was taken down.

        Raises: LivefeedError.
        """
        for entry in batch:
            match entry.type:
                case "generation.queued":
                    place = await self._enqueue(entry)
                    if place.place:
                        await self._store.tell_place(place)
                case "generation.ended":
                    life = entry.data.get("life", 1)
                    if "dead" in entry.data:
                        await self._ledger.bury(_letter(entry), life=life)
                    await self._work.forget(entry.data["id"], entry.data["author"], life=life)
                case "post.deleted":
                    await self._store.withdraw(entry.data["id"])
                case _:
                    pass

    async def _enqueue(self, entry: Outgoing) -> Place:
        data = entry.data
        return await self._work.enqueue(
            data["id"],
            data["user"],
            kind=data.get("kind", ""),
            units=data.get("units", 1),
            priority=data.get("priority", 0),
            due_ms=data.get("due"),
            life=data.get("life", 1),
        )


def _letter(entry: Outgoing) -> Letter:
    """Return the dead letter of a generation that was given up; its time is that of the event."""
    dead = entry.data["dead"]
    return Letter(
        id=entry.data["id"],
        author=entry.data["author"],
        generator=dead["generator"],
        code=dead["code"],
        reason=dead["message"],
        cause=dead.get("cause", ""),
        attempts=dead["attempts"],
        at=Position.parse(entry.mark).ms,
    )
