"""The one follower of a node: a blocking XREAD over all shard streams, checked link by link."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Sequence
from typing import Any, Protocol

from livefeed.errors import LivefeedError
from livefeed.position import ZERO, Position
from livefeed.streams import keys
from livefeed.streams.chain import Chain
from livefeed.streams.connection import Dedicated, Store
from livefeed.streams.entry import Entry, parse_entry

log = logging.getLogger(__name__)

BLOCK_MS = 5_000
READ_ENTRIES = 512
MAX_PAUSE_S = 2.0


class Listener(Protocol):
    """What the follower tells: everything happens between two of its reads."""

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        """Take entries that continue the shard's chain."""

    def reset(self, shard: int, cut: Position) -> None:
        """Start anew at `cut`: what was between is unknown, every reader proves its own position."""

    def recheck(self, shard: int) -> None:
        """Ask again for what was held beyond the cut: the connection was another one."""

    def lost(self) -> None:
        """Note that the backbone cannot be reached."""

    def found(self) -> None:
        """Note that it can be again."""


class Follower:
    """Reads the shard streams of one server and never passes an entry whose predecessor it does not know."""

    def __init__(self, store: Store, listener: Listener, *, shards: int) -> None:
        self._store = store
        self._listener = listener
        self._chains = [Chain() for _ in range(shards)]
        self._names = [keys.fan(shard) for shard in range(shards)]
        self._shard_of = {name.encode(): shard for shard, name in enumerate(self._names)}
        self._started = False
        self.ready = asyncio.Event()
        """Set while the follower is connected and all its cursors are proved."""

    async def run(self) -> None:
        """Follow until cancelled; reconnect with back-off."""
        pause_s = 0.05
        while True:
            try:
                async with self._store.dedicated() as connection:
                    await self._prove(connection)
                    self.ready.set()
                    self._listener.found()
                    pause_s = 0.05
                    while True:
                        await self._read(connection)
            except LivefeedError as exc:
                if self.ready.is_set():
                    log.warning("the follower lost the store: %s", exc.message)
                self.ready.clear()
                self._listener.lost()
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(2 * pause_s, MAX_PAUSE_S)

    async def _prove(self, connection: Dedicated) -> None:
        """After every connect: keep the cursors that are still in their streams, begin anew where they are not.

        A cursor that is gone would otherwise wait for the next entry to learn of the loss.
        """
        for shard, chain in enumerate(self._chains):
            if self._started and await self._holds(connection, shard, chain.cursor):
                self._listener.recheck(shard)
            else:
                await self._restart(connection, shard)
        self._started = True

    async def _holds(self, connection: Dedicated, shard: int, cursor: Position) -> bool:
        if cursor == ZERO:
            return not await connection.execute("EXISTS", self._names[shard])
        return bool(await connection.execute("XRANGE", self._names[shard], str(cursor), str(cursor)))

    async def _restart(self, connection: Dedicated, shard: int) -> None:
        newest = await connection.execute("XREVRANGE", self._names[shard], "+", "-", "COUNT", 1)
        self._chains[shard].cursor = Position.parse(newest[0][0]) if newest else ZERO
        self._listener.reset(shard, self._chains[shard].cursor)

    async def _read(self, connection: Dedicated) -> None:
        cursors = [str(chain.cursor) for chain in self._chains]
        reply: list[Any] | None = await connection.execute(
            "XREAD",
            "COUNT",
            READ_ENTRIES,
            "BLOCK",
            BLOCK_MS,
            "STREAMS",
            *self._names,
            *cursors,
            block_s=BLOCK_MS / 1000,
        )
        for name, raw in reply or ():
            shard = self._shard_of[name]
            entries, whole = self._chains[shard].receive([parse_entry(item) for item in raw])
            if entries:
                self._listener.advance(shard, entries)
            if not whole:
                log.warning(
                    "shard %d lost its chain at %s; readers prove their positions",
                    shard,
                    self._chains[shard].cursor,
                )
                await self._restart(connection, shard)
