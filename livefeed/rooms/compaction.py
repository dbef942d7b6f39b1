"""Compaction: a consumer group that turns what was written of a document into a snapshot, and trims what that holds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from livefeed.errors import NotFound
from livefeed.rooms.archive import GROWN
from livefeed.rooms.documents import Documents
from livefeed.streams.outbox import Outgoing

log = logging.getLogger(__name__)

REST_S = 1.0
"""How old an edit is when it is trimmed, at least: a node that has not read it by then reads the whole document."""


class Compaction:
    """A projection. That another node does the same at the same time is found out by the base of the snapshot."""

    name = "compaction"

    def __init__(self, documents: Documents, *, rest_s: float = REST_S) -> None:
        self._documents = documents
        self._rest_s = rest_s

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        """Compact the documents that have grown. Raises: StoreUnavailable, Busy."""
        rooms = dict.fromkeys(str(entry.data["room"]) for entry in batch if entry.type == GROWN)
        readings = {}
        for room in rooms:
            try:
                readings[room] = await self._documents.measure(room)
            except NotFound:
                log.info("room %s has no document any more", room)
        if readings:
            await asyncio.sleep(self._rest_s)
        for room, reading in readings.items():
            await self._documents.compact(room, reading)
