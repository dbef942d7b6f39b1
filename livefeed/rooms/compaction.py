"""Compaction: a consumer group that turns what was written of a document into a snapshot, and trims what that holds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from livefeed.errors import LivefeedError, NotFound, StoreUnavailable
from livefeed.rooms.archive import GROWN, Reading
from livefeed.rooms.documents import Documents
from livefeed.streams.outbox import Outgoing

log = logging.getLogger(__name__)

REST_S = 1.0
"""How old an edit is when it is trimmed, at least: a node that has not read it by then reads the whole document."""
ATTEMPTS = 3


class Compaction:
    """A projection. That another node does the same at the same time is found out by the base of the snapshot."""

    name = "compaction"

    def __init__(self, documents: Documents, *, rest_s: float = REST_S) -> None:
        self._documents = documents
        self._rest_s = rest_s

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Compact the documents that have grown; one that cannot be is put off. Raises: StoreUnavailable."""
        rooms = dict.fromkeys(str(entry.data["room"]) for entry in batch if entry.type == GROWN)
        readings = {}
        for room in rooms:
            try:
                readings[room] = await self._documents.measure(room)
            except NotFound:
                log.info("room %s has no document any more", room)
        if readings:
            await asyncio.sleep(self._rest_s)
        works = [self._compact(room, reading) for room, reading in readings.items()]
        for failed in await asyncio.gather(*works, return_exceptions=True):
            if failed is not None:
                raise failed

    async def _compact(self, room: str, reading: Reading) -> None:
        """Compact one; a room at fault keeps no other waiting for long."""
        for _ in range(ATTEMPTS):
            try:
                await self._documents.compact(room, reading)
                return
            except StoreUnavailable:
                raise
            except NotFound:
                return
            except LivefeedError as exc:
                log.info("room %s is not compacted: %s", room, exc.message)
            reading = await self._documents.measure(room)
        await self._documents.put_off(room, reading)
