"""The one follower of a node: a blocking XREAD over all shard streams, checked link by link.

On a Cluster, where one command cannot name two slots, there is one such reading for each shard.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from typing import Any, Protocol

from livefeed.errors import LivefeedError
from livefeed.position import ZERO, Position
from livefeed.streams import keys
from livefeed.streams.chain import Chain
from livefeed.streams.connection import Dedicated, Store, strands
from livefeed.streams.entry import Entry, parse_entry
from livefeed.streams.outage import Outage

log = logging.getLogger(__name__)

BLOCK_MS = 5_000
READ_ENTRIES = 512
LONG_TURN_S, REST, MAX_REST_S = 0.001, 0.2, 0.005
"""From how long a turn of the loop one of several processes rests before it reads; for which part of it; at most."""
MAX_PAUSE_S = 0.5
"""A new primary must not wait for us: what it lost is told within two seconds."""


class Listener(Protocol):
    """What the follower tells: everything happens between two of its reads."""

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        """Take entries that continue the shard's chain."""

    def reset(self, shard: int, cut: Position) -> None:
        """Start anew at `cut`: what was between is unknown, every reader proves its own position."""

    def recheck(self, shard: int) -> None:
        """Ask again for what was held beyond the cut: the connection was another one."""

    def lost(self) -> None:
        """Note that no part of the backbone can be reached. A Cluster that lost a master goes on with the others."""

    def found(self) -> None:
        """Note that a part of it can be."""


class Follower:
    """Reads the shard streams of one server and never passes an entry whose predecessor it does not know."""

    def __init__(self, store: Store, listener: Listener, *, shards: int, shares_cores: bool = False) -> None:
        """shares_cores: others like this one run here; woken by the first entry of many, it would interrupt them."""
        self._store = store
        self._listener = listener
        self._shares_cores = shares_cores
        self._chains = [Chain() for _ in range(shards)]
        self._names = [keys.fan(shard) for shard in range(shards)]
        self._shard_of = {name.encode(): shard for shard, name in enumerate(self._names)}
        self._started = [False] * shards
        self._parts = self._apart = 1
        self._outage = Outage(log, "the follower")
        self.ready = asyncio.Event()
        """Set while the follower is connected and all its cursors are proved."""

    async def run(self) -> None:
        """Follow until cancelled; reconnect with back-off. On a Cluster, each slot on a connection of its own."""
        parts = strands(self._store, self._names)
        self._parts = self._apart = len(parts)
        if len(parts) == 1:
            await self._follow(self._store, range(len(self._chains)))
            return
        async with asyncio.TaskGroup() as tasks:
            for store, names in parts:
                tasks.create_task(self._follow(store, [self._shard_of[name.encode()] for name in names]))

    async def _follow(self, store: Store, shards: Sequence[int]) -> None:
        pause_s = 0.05
        connected = False
        while True:
            try:
                async with store.dedicated() as connection:
                    await self._prove(connection, shards)
                    connected = True
                    self._join()
                    self._outage.back(shards[0])
                    pause_s = 0.05
                    while True:
                        await self._read(connection, shards)
            except LivefeedError as exc:
                if connected:
                    self._outage.lost(shards[0], exc)
                    self._apart += 1
                    connected = False
                self.ready.clear()
                if self._apart == self._parts:
                    self._listener.lost()
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(2 * pause_s, MAX_PAUSE_S)

    def _join(self) -> None:
        """One more part is followed; with the last of them everything is."""
        self._apart -= 1
        self._listener.found()
        if self._apart == 0:
            self.ready.set()

    async def _prove(self, connection: Dedicated, shards: Sequence[int]) -> None:
        """After every connect: keep the cursors that are still in their streams, begin anew where they are not.

        A cursor that is gone would otherwise wait for the next entry to learn of the loss.
        """
        for shard in shards:
            chain = self._chains[shard]
            if self._started[shard] and await self._holds(connection, shard, chain.cursor):
                self._listener.recheck(shard)
            else:
                await self._restart(connection, shard)
            self._started[shard] = True

    async def _holds(self, connection: Dedicated, shard: int, cursor: Position) -> bool:
        if cursor == ZERO:
            return not await connection.execute("EXISTS", self._names[shard])
        return bool(await connection.execute("XRANGE", self._names[shard], str(cursor), str(cursor)))

    async def _restart(self, connection: Dedicated, shard: int) -> None:
        newest = await connection.execute("XREVRANGE", self._names[shard], "+", "-", "COUNT", 1)
        self._chains[shard].cursor = Position.parse(newest[0][0]) if newest else ZERO
        self._listener.reset(shard, self._chains[shard].cursor)

    async def _read(self, connection: Dedicated, shards: Sequence[int]) -> None:
        reply: list[Any] | None = await connection.execute(
            "XREAD",
            "COUNT",
            READ_ENTRIES,
            "BLOCK",
            BLOCK_MS,
            "STREAMS",
            *[self._names[shard] for shard in shards],
            *[str(self._chains[shard].cursor) for shard in shards],
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
        began_s = time.monotonic()
        await asyncio.sleep(0)  # what was read goes out before more is asked for; what comes meanwhile is one reading
        turn_s = time.monotonic() - began_s
        if self._shares_cores and turn_s > LONG_TURN_S:
            await asyncio.sleep(min(REST * turn_s, MAX_REST_S))
