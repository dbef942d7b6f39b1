"""A Redis or Valkey Cluster: a pipeline for each master, the way there by slots, and redirections followed."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Any, Self

import hiredis

from livefeed.errors import StoreUnavailable
from livefeed.streams import fault, slots
from livefeed.streams.address import Address, Server
from livefeed.streams.cluster_map import ANSWERS_S, ClusterMap
from livefeed.streams.connection import Dedicated, Led, Store, end_tasks
from livefeed.streams.line import NotSent, Opener
from livefeed.streams.link import Argument, Link, connect, pack, unavailable, unheard
from livefeed.streams.master import PUT_OFF, Master, Patience, in_words, refused, word
from livefeed.streams.script import Script

_ASKING = pack(("ASKING",))


class ClusterStore:
    """A Cluster, reached by the URL of some of its servers.

    An async context manager: it owns the tasks that carry the commands. A command that was not carried out (moved, put
    off, never sent) is tried again for as long as a command may take; one whose effect is unknown is not.
    replicas: how many must have a change before it counts as done.
    """

    def __init__(self, url: str, *, timeout_s: float, replicas: int = 0) -> None:
        self._address = Address.parse(url)
        self._timeout_s = timeout_s
        self._replicas = replicas
        self._tasks = asyncio.TaskGroup()
        self._map = ClusterMap(self._address, timeout_s=timeout_s, changed=self._go_by_map)
        self._watch: asyncio.Task[None] | None = None
        self._masters: dict[Server, Master] = {}
        self._running: dict[Server, asyncio.Task[None]] = {}
        self._dedicated: dict[Link, tuple[int, Server]] = {}
        self._moving: dict[int, Server] = {}
        self._silent: dict[Server, str] = {}

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._watch = self._tasks.create_task(self._map.run(), name="cluster map")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._watch is not None
        for task in (self._watch, *self._running.values()):
            task.cancel()
        await end_tasks(self._tasks, kind, error, trace)

    async def execute(self, *command: Argument) -> Any:
        key = slots.key_of(command)
        slot = random.randrange(slots.SLOTS) if key is None else slots.slot(key)
        return await self._insist(slot, pack(command), changes=False)

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        packed = pack(("EVALSHA", script.digest, len(keys), *keys, *args))
        in_full = in_words(script, keys, args)
        return await self._insist(slots.slot(keys[0]), packed, changes=script.changes, in_full=in_full)

    def dedicated(self) -> contextlib.AbstractAsyncContextManager[Dedicated]:
        return self.dedicated_to(random.randrange(slots.SLOTS))

    def slot(self, key: str) -> int:
        return slots.slot(key)

    def at(self, key: str) -> Store:
        return _At(self, slots.slot(key))

    async def masters(self) -> list[Server]:
        """Return the servers that hold slots, by the present map. Raises: StoreUnavailable."""
        return await self._map.any_master()

    async def ask_each(self, *command: Argument) -> list[tuple[Server, Any]]:
        """Put a command to every master and return what each says, or the error that kept it from answering.

        Raises: StoreUnavailable when nobody knows the masters.
        """
        packed = pack(command)

        async def ask(server: Server) -> Any:
            try:
                return await self._master(server).ask(packed)
            except StoreUnavailable as exc:
                self._map.doubt()
                return exc

        masters = await self.masters()
        return list(zip(masters, await asyncio.gather(*[ask(server) for server in masters]), strict=True))

    def why_silent(self, server: Server) -> str:
        """Return in a few words why no connection to a server came about when it was last tried; else ''."""
        return self._silent.get(server, "")

    # Commands.

    async def _insist(
        self, slot: int, packed: bytes, *, changes: bool, in_full: Callable[[], bytes] | None = None
    ) -> Any:
        """Ask the slot's master, then whoever it names; ask again what was put off."""
        server, asking = self._map.owners[slot] or await self._map.owner(slot), False
        reply = await self._ask(server, packed, asking=asking, changes=changes)
        if not isinstance(reply, hiredis.ReplyError | NotSent):
            return reply
        patience = Patience(self._timeout_s)
        while isinstance(reply, hiredis.ReplyError | NotSent):
            if in_full is not None and isinstance(reply, hiredis.ReplyError) and word(reply) == "NOSCRIPT":
                packed, in_full = in_full(), None
            else:
                server, asking = await self._elsewhere(slot, server, reply, patience)
            reply = await self._ask(server, packed, asking=asking, changes=changes)
        return reply

    async def _ask(self, server: Server, packed: bytes, *, asking: bool, changes: bool) -> Any:
        """Return a reply, or that nothing was sent. Raises: StoreUnavailable where the effect is unknown."""
        master = self._master(server)
        try:
            if asking:
                return await master.ask_behind(_ASKING, packed, changes=changes)
            return await master.ask(packed, changes=changes)
        except NotSent as exc:
            return exc
        except StoreUnavailable:
            self._map.doubt()
            raise

    async def _elsewhere(
        self, slot: int, server: Server, reply: hiredis.ReplyError | NotSent, patience: Patience
    ) -> tuple[Server, bool]:
        """Return whom to ask next, and whether as a guest. Raises: StoreUnavailable after too long; StoreRefused."""
        if isinstance(reply, NotSent):
            self._map.doubt()
            await patience.wait(reply)
            return await self._map.owner(slot), False
        if word(reply) in ("MOVED", "ASK"):
            _, there = slots.redirection(reply, server)
            if word(reply) == "MOVED":
                self._map.note(slot, there)
            await patience.wait(unavailable(reply))
            return there, word(reply) == "ASK"
        if word(reply) not in PUT_OFF:
            raise refused(reply)
        self._map.doubt()
        await patience.wait(unavailable(reply))
        return await self._map.owner(slot), False

    def _master(self, server: Server) -> Master:
        master = self._masters.get(server)
        if master is None:
            master = Master(self._opener(server), timeout_s=self._timeout_s, replicas=self._replicas, patient=False)
            self._masters[server] = master
            self._running[server] = self._tasks.create_task(master.run(), name=f"store {server}")
        return master

    def _opener(self, server: Server) -> Opener:
        async def open_(make: Callable[[], Link]) -> Link:
            link = make()
            try:
                await connect(server, self._address.login, link, timeout_s=min(self._timeout_s, ANSWERS_S))
            except StoreUnavailable as exc:
                self._silent[server] = fault.why_silent(exc)
                raise
            self._silent.pop(server, None)
            return link

        return open_

    def _go_by_map(self) -> None:
        """Whoever blocks at a server that lost its slot looks for it anew; idle lines to servers without slots end."""
        for link, (slot, server) in self._dedicated.items():
            if self._map.owners[slot] not in (server, None):
                link.close()
        for server in set(self._masters) - set(self._map.owners):
            if self._masters[server].idle:
                del self._masters[server]
                self._silent.pop(server, None)
                self._running.pop(server).cancel()

    # Connections of one's own.

    @contextlib.asynccontextmanager
    async def dedicated_to(self, slot: int) -> AsyncIterator[Dedicated]:
        """Open a connection to a slot's master, or to where the slot is being moved. Raises: StoreUnavailable."""
        guest_of = self._moving.pop(slot, None)
        server = guest_of or await self._map.owner(slot)
        link = Link()
        try:
            await connect(server, self._address.login, link, timeout_s=min(self._timeout_s, ANSWERS_S))
        except StoreUnavailable:
            self._map.doubt()
            raise
        self._dedicated[link] = slot, server
        try:
            yield _Guest(link, timeout_s=self._timeout_s) if guest_of else Dedicated(link, timeout_s=self._timeout_s)
        except Led as exc:
            self._led(slot, server, exc.reply)
            raise
        finally:
            del self._dedicated[link]
            link.close()

    def _led(self, slot: int, server: Server, reply: hiredis.ReplyError) -> None:
        """Remember where the next connection for a slot must go; what it reads there is proved anew by its owner."""
        match word(reply):
            case "MOVED":
                self._map.note(slot, slots.redirection(reply, server)[1])
            case "ASK":
                self._moving[slot] = slots.redirection(reply, server)[1]
            case _:
                self._map.doubt()


class _Guest(Dedicated):
    """A connection to a server that a slot is being moved to: it answers only who says that they were sent."""

    async def execute(self, *command: Argument, block_s: float = 0.0) -> Any:
        unheard(self._link.ask("ASKING"))
        return await super().execute(*command, block_s=block_s)


class _At:
    """The Cluster for whoever asks about one slot."""

    def __init__(self, store: ClusterStore, slot: int) -> None:
        self.execute = store.execute
        self.run = store.run
        self._store, self._slot = store, slot

    def dedicated(self) -> contextlib.AbstractAsyncContextManager[Dedicated]:
        return self._store.dedicated_to(self._slot)
