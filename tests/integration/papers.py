"""What tests of documents on a real store begin with."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
from pycrdt import Doc, Text

from livefeed import identifiers
from livefeed.config import Config
from livefeed.errors import NotFound
from livefeed.rooms import varints
from livefeed.rooms.archive import GROWN
from livefeed.rooms.commands import members_key
from livefeed.rooms.documents import Origin
from livefeed.rooms.scribe import Scribe
from livefeed.streams import keys
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import EmbeddedStore
from livefeed.streams.streams import Streams

ROOM = identifiers.make(1_795_000_000_000, 0, 1)
NO_ROOM = identifiers.make(1_795_000_000_000, 0, 2)
PARAMS = {"width": 768, "height": 512, "strength": 0.6, "style": ""}
SMALL = {"document_bytes": 4_000, "compact_bytes": 400, "compact_entries": 8}


class Rooms:
    """Every room is opened when it is first asked for, but for one. gone: they are gone a moment later."""

    def __init__(self, streams: Streams, *, gone: bool = False) -> None:
        self._streams = streams
        self._gone = gone

    async def origin(self, room: str) -> Origin:
        if room == NO_ROOM or not identifiers.is_id(room):
            raise NotFound("This room does not exist.")
        if not self._gone:
            await self._streams.store.execute("HSET", members_key(room, 1), "ann", "owner 1")
        return Origin("a fox", PARAMS)


@contextlib.asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Streams]:
    """Run a store of one shard."""
    async with EmbeddedStore(folder) as embedded, RedisStore(embedded.url, timeout_s=20) as store:
        yield Streams(store, Config(shards=1))


@contextlib.asynccontextmanager
async def asking() -> AsyncIterator[Scribe]:
    """Run a process that holds documents."""
    found = Scribe()
    running = asyncio.ensure_future(found.run())
    try:
        yield found
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


class Writer:
    """Somebody with a copy of the document: `write` returns the update, behind its length."""

    def __init__(self, client: int = 5) -> None:
        self.doc: Doc[Any] = Doc(client_id=client)
        self.prompt = self.doc.get("prompt", type=Text)
        self.made: list[bytes] = []
        self._watching = self.doc.observe(lambda event: self.made.append(event.update))

    def write(self, text: str) -> bytes:
        self.prompt.insert(len(self.prompt), text)
        return varints.write_bytes(self.made[-1])


async def grown(streams: Streams) -> list[dict[str, Any]]:
    """Return what the outbox asks to be compacted."""
    found = await streams.store.execute("XRANGE", keys.outbox(0), "-", "+")
    return [orjson.loads(fields[5]) for _, fields in found if fields[1].decode() == GROWN]
