"""What a node knows of a Cluster's slots: a hint that servers correct, and that is asked for again and again."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Callable

import hiredis

from livefeed.errors import StoreUnavailable
from livefeed.streams.address import Address, Server
from livefeed.streams.line import NotSent
from livefeed.streams.link import Link, connect, said, unheard
from livefeed.streams.slots import SLOTS, SlotMap, slot_map

GAP_S = 0.1
"""The map is asked for at most so often."""
AGE_S = 1.0
"""And at least so often: a master that hangs breaks no connection, and the others know who has replaced it."""
ANSWERS_S = 1.0


class ClusterMap:
    """The master of each slot, as far as is known.

    changed: called with each new map, and with each correction.
    """

    def __init__(self, address: Address, *, timeout_s: float, changed: Callable[[], None]) -> None:
        self._login = address.login
        self._seeds = address.servers
        self._timeout_s = timeout_s
        self._changed = changed
        self._servers: frozenset[Server] = frozenset()
        self._epoch = 0
        self._doubted = asyncio.Event()
        self._taken = asyncio.Event()
        self.owners: list[Server | None] = [None] * SLOTS
        """By slot; None: nobody, or not known."""

    def masters(self) -> list[Server]:
        """Return the servers that hold slots."""
        return sorted({server for server in self.owners if server is not None}, key=str)

    async def owner(self, slot: int) -> Server:
        """Return a slot's master, waiting for the map if need be. Raises: NotSent."""
        try:
            async with asyncio.timeout(self._timeout_s):
                while (found := self.owners[slot]) is None:
                    self._taken.clear()
                    self.doubt()
                    await self._taken.wait()
                return found
        except TimeoutError as exc:
            why = "No server of the Cluster says who has the keys; try again in a moment."
            raise NotSent(why, retry_after_s=1.0) from exc

    async def any_master(self) -> list[Server]:
        """Return the servers that hold slots, waiting for the first map if need be. Raises: NotSent."""
        try:
            async with asyncio.timeout(self._timeout_s):
                while not (found := self.masters()):
                    self._taken.clear()
                    self.doubt()
                    await self._taken.wait()
                return found
        except TimeoutError as exc:
            raise NotSent("No server of the Cluster knows a master; try again in a moment.", retry_after_s=1.0) from exc

    def note(self, slot: int, server: Server) -> None:
        """Take a server's word for where a slot is, and have the whole looked at."""
        if self.owners[slot] != server:
            self.owners[slot] = server
            self._changed()
        self.doubt()

    def doubt(self) -> None:
        """Have the map asked for: something is not as it says."""
        self._doubted.set()

    async def run(self) -> None:
        """Keep the map, until cancelled."""
        self.doubt()
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(AGE_S):
                    await self._doubted.wait()
            self._doubted.clear()
            found = await self._best()
            if found is None:
                self.doubt()
            else:
                self._epoch = max(self._epoch, found.epoch)
                self._servers = found.servers
                self._taken.set()
                if found.owners != self.owners:
                    self.owners = found.owners
                    self._changed()
            await asyncio.sleep(GAP_S)

    async def _best(self) -> SlotMap | None:
        """Ask one server after the other until one is to be believed; else return the best there is.

        Guard: who has heard of fewer failovers than we have, such as a master that comes back, is not believed.
        """
        known = list({*self.masters(), *self._servers, *self._seeds})
        random.shuffle(known)
        best = None
        for server in known:
            with contextlib.suppress(StoreUnavailable, hiredis.ReplyError, TimeoutError):
                found = await self._ask(server)
                if found.rank >= (True, self._epoch):
                    return found
                if best is None or found.rank > best.rank:
                    best = found
        return best

    async def _ask(self, server: Server) -> SlotMap:
        link = Link()
        await connect(server, self._login, link, timeout_s=min(self._timeout_s, ANSWERS_S))
        try:
            async with asyncio.timeout(ANSWERS_S):
                slots, info = link.ask("CLUSTER", "SLOTS"), unheard(link.ask("CLUSTER", "INFO"))
                return slot_map(await said(slots), await said(info), server)
        except hiredis.ReplyError as exc:
            if "cluster support disabled" in str(exc):  # `Streams.open` says what is wrong with the address
                return SlotMap([server] * SLOTS, frozenset({server}))
            raise
        finally:
            link.close()
