"""The queue for its operator: what waits and runs, and the dead letters, tried again or dropped."""

from __future__ import annotations

import asyncio
from typing import Any

from livefeed.errors import NotFound
from livefeed.generation import documents
from livefeed.generation.authors import as_told, author_of
from livefeed.generation.ports import People
from livefeed.generation.retry import Retry
from livefeed.generation.store import Fence, GenerationStore, Record
from livefeed.streams.ledger import Entry, Ledger, Letter
from livefeed.streams.streams import Streams

READ_AT_ONCE = 64
_AGAIN = Retry(1, "operator", "It could not be made before; an operator has it tried again.")


class Jobs:
    """Reads and mends the queue. Raises: StoreUnavailable, everywhere."""

    def __init__(self, streams: Streams, people: People) -> None:
        self._store = GenerationStore(streams)
        self._ledger = Ledger(streams.store)
        self._people = people

    async def dead(self) -> list[dict[str, Any]]:
        """Return the dead letters, newest first.

        Each: `{id, state, author, handle, generator, code, reason, attempts, at, cause?}`; state: dead.

        reason: what its author was told. cause: what was behind it, for the operator.
        """
        letters = await self._ledger.letters()
        authors = await self._handles({letter.author for letter in letters})
        return [
            {
                "id": letter.id, "state": "dead", "author": letter.author, "handle": authors[letter.author],
                "generator": letter.generator, "code": letter.code, "reason": letter.reason,
                "attempts": letter.attempts, "at": letter.at, **({"cause": letter.cause} if letter.cause else {}),
            }
            for letter in letters
        ]  # fmt: skip

    async def queued(self) -> list[dict[str, Any]]:
        """Return what rests, waits and runs, in this order, the line as it will be served.

        Each: `{id, state, author, handle, generator, attempt, prompt, place?, eta_s?, priority?, urgent?, step?,
        steps?, rests_s?, runs_s?, worker?, retry?}`; state: resting, waiting or running, as the queue has it.
        """
        entries = await self._ledger.entries()
        records: list[Record | None] = []
        for start in range(0, len(entries), READ_AT_ONCE):
            some = entries[start : start + READ_AT_ONCE]
            records += await asyncio.gather(*(self._store.read(entry.id) for entry in some))
        authors = await self._handles({entry.author for entry in entries})
        return [_row(entry, record, authors[entry.author]) for entry, record in zip(entries, records, strict=True)]

    async def retry(self, identifier: str) -> None:
        """Bring a dead letter's generation back into the line, with the same id.

        Raises: NotFound when there is no such dead letter, or its generation is gone or failed no more.
        """
        letter = await self._letter(identifier)
        record = await self._store.read(identifier)
        fence = Fence.GONE
        if record is not None:
            announced = documents.announce(record.document, await author_of(self._people, record.document))
            fence = await self._store.revive(record.document, announced, _AGAIN)
        await self._ledger.drop(letter.id)
        if fence is not Fence.OK:
            raise NotFound(f"'{identifier}' cannot be tried again: it is gone. Its dead letter is dropped.")

    async def drop(self, identifier: str) -> None:
        """Drop a dead letter; its generation stays failed. Raises: NotFound."""
        await self._letter(identifier)
        await self._ledger.drop(identifier)

    async def _letter(self, identifier: str) -> Letter:
        letter = await self._ledger.letter(identifier)
        if letter is None:
            raise NotFound(f"'{identifier}' is no dead letter; `livefeed jobs list --dead` shows them.")
        return letter

    async def _handles(self, authors: set[str]) -> dict[str, str]:
        """Return how people are called now, '' for who is gone."""
        people = await self._people.users(authors) if authors else {}
        return {author: str(as_told(author, people.get(author))["handle"]) for author in authors}


def _row(entry: Entry, record: Record | None, handle: str) -> dict[str, Any]:
    document = {} if record is None else record.document
    row: dict[str, Any] = {
        "id": entry.id, "state": str(entry.standing), "author": entry.author, "handle": handle,
        "generator": document.get("generator", ""), "attempt": entry.attempt, "prompt": document.get("prompt", ""),
    }  # fmt: skip
    match entry.standing:
        case "running":
            row |= {"runs_s": round(entry.for_ms / 1000, 1), "worker": entry.consumer.partition(".")[0]}
            row |= {} if record is None else {"step": record.step or 0, "steps": record.steps}
        case "resting":
            row |= {"place": entry.place, "rests_s": round(entry.for_ms / 1000, 1)}
        case _:
            row |= {"place": entry.place}
            row |= {} if record is None or record.eta_s is None else {"eta_s": record.eta_s}
    if record is not None and record.retry is not None and entry.standing != "running":
        row["retry"] = dict(record.retry)
    if entry.urgent:
        row["urgent"] = True
    if entry.priority:
        row["priority"] = entry.priority
    return row
