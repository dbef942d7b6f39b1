"""The way to the store: commands of one tick travel in one pipeline, blocking ones on connections of their own."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from types import TracebackType
from typing import Any, Protocol, Self, runtime_checkable

import hiredis

from livefeed.errors import StoreUnavailable
from livefeed.streams.address import Address, Server
from livefeed.streams.link import Argument, Link, pack, said, unavailable
from livefeed.streams.master import (
    PUT_OFF,
    Master,
    NotReplicated,
    Patience,
    StoreRefused,
    WritesRefused,
    in_words,
    refused,
    word,
)
from livefeed.streams.primary import primary_of
from livefeed.streams.script import Script

__all__ = ["Argument", "Dedicated", "NotReplicated", "RedisStore", "Store", "StoreRefused", "WritesRefused", "strands"]

LED_AWAY = PUT_OFF | {"UNBLOCKED", "MOVED", "ASK"}
"""Error replies after which a dedicated connection is of no use."""


class Store(Protocol):
    """What the backbone asks of Redis or Valkey."""

    async def execute(self, *command: Argument) -> Any:
        """Run one command and return its reply (bytes, ints, lists).

        Raises: StoreUnavailable; StoreRefused for an error reply.
        """

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """Run a script and return its reply. Raises as `execute`; NotReplicated for a script that changes something."""

    def dedicated(self) -> contextlib.AbstractAsyncContextManager[Dedicated]:
        """Open a connection of one's own, for commands that block."""


@runtime_checkable
class Spread(Protocol):
    """A store whose keys live on several servers, so that one command cannot name any two of them."""

    def slot(self, key: str) -> int:
        """Return what keys of one command must have in common."""

    def at(self, key: str) -> Store:
        """Return the same store for whoever asks about this key: its dedicated connections lead to the key's server."""


def strands(store: Store, names: Sequence[str]) -> list[tuple[Store, list[str]]]:
    """Split keys into those that one command may name, each part with the store to ask about it."""
    if not isinstance(store, Spread):
        return [(store, list(names))]
    parts: dict[int, list[str]] = {}
    for name in names:
        parts.setdefault(store.slot(name), []).append(name)
    return [(store.at(part[0]), part) for part in parts.values()]


class Led(StoreUnavailable):
    """A dedicated connection leads nowhere any more; `reply` says why, and on a Cluster where to go."""

    def __init__(self, reply: hiredis.ReplyError) -> None:
        super().__init__(unavailable(reply).message, retry_after_s=1.0)
        self.reply = reply


class Dedicated:
    """One connection, one command at a time."""

    def __init__(self, link: Link, *, timeout_s: float) -> None:
        self._link = link
        self._timeout_s = timeout_s

    async def execute(self, *command: Argument, block_s: float = 0.0) -> Any:
        """Run one command; `block_s` is how long it may block in the store, beyond the usual wait for a reply.

        Raises: StoreUnavailable, StoreRefused.
        """
        try:
            async with asyncio.timeout(block_s + self._timeout_s):
                return await said(self._link.ask(*command))
        except hiredis.ReplyError as exc:
            if word(exc) in LED_AWAY:
                raise Led(exc) from exc
            raise StoreRefused(f"The store refused {command[0]!r}: {exc}") from exc
        except TimeoutError as exc:
            self._link.close()
            raise unavailable(exc) from exc

    async def read(self, *, within_s: float) -> Any:
        """Wait for the next thing the store pushes. Raises: StoreUnavailable, also for silence."""
        try:
            async with asyncio.timeout(within_s):
                return await self._link.pushed()
        except TimeoutError as exc:
            raise unavailable(exc) from exc


class RedisStore:
    """One Redis or Valkey server (or the embedded one), or the present primary of several, reached by URL.

    An async context manager: it owns the tasks that carry the commands.
    replicas: how many must have a change before it counts as done.
    Raises: ConfigurationError for a URL that is none.
    """

    def __init__(self, url: str, *, timeout_s: float, replicas: int = 0) -> None:
        self._primary = primary_of(Address.parse(url), timeout_s=timeout_s)
        self._timeout_s = timeout_s
        self._replicas = replicas
        self._tasks = asyncio.TaskGroup()
        self._running: list[asyncio.Task[None]] = []
        self._master: Master
        self._at: Server | None = None
        self._dedicated: dict[Link, Server] = {}

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._master = Master(self._open, timeout_s=self._timeout_s, replicas=self._replicas)
        self._running = [
            self._tasks.create_task(self._master.run(), name="store"),
            self._tasks.create_task(self._primary.watch(self._moved), name="primary"),
        ]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._running:
            task.cancel()
        try:
            await end_tasks(self._tasks, kind, error, trace)
        finally:
            await self._primary.close()

    async def execute(self, *command: Argument) -> Any:
        packed = pack(command)
        reply = await self._master.ask(packed)
        if type(reply) is hiredis.ReplyError:
            return await self._insist(packed, reply, changes=False)
        return reply

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        packed = pack(("EVALSHA", script.digest, len(keys), *keys, *args))
        reply = await self._master.ask(packed, changes=script.changes)
        if type(reply) is hiredis.ReplyError:
            in_full = in_words(script, keys, args)
            return await self._insist(packed, reply, changes=script.changes, in_full=in_full)
        return reply

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Dedicated]:
        link, server = await self._primary.open(Link)
        self._dedicated[link] = server
        try:
            yield Dedicated(link, timeout_s=self._timeout_s)
        finally:
            del self._dedicated[link]
            link.close()

    async def _open(self, make: Callable[[], Link]) -> Link:
        """Connect to the primary; whoever has a connection of their own to another one must find it anew."""
        link, server = await self._primary.open(make)
        self._moved(server)
        return link

    def _moved(self, primary: Server) -> None:
        """End the connections that lead to another server than the primary."""
        if self._at not in (None, primary):
            self._master.drop()
        self._at = primary
        for link, server in self._dedicated.items():
            if server != primary:
                link.close()

    async def _insist(
        self, packed: bytes, reply: Any, *, changes: bool, in_full: Callable[[], bytes] | None = None
    ) -> Any:
        """Ask again, for as long as a command may take, what the server put off; tell it a script it does not know."""
        patience = Patience(self._timeout_s)
        while isinstance(reply, hiredis.ReplyError):
            if in_full is not None and word(reply) == "NOSCRIPT":
                packed, in_full = in_full(), None
            elif word(reply) not in PUT_OFF:
                raise refused(reply)
            else:
                if word(reply) == "READONLY":
                    self._master.drop()
                await patience.wait(unavailable(reply))
            reply = await self._master.ask(packed, changes=changes)
        return reply


async def end_tasks(
    tasks: asyncio.TaskGroup,
    kind: type[BaseException] | None,
    error: BaseException | None,
    trace: TracebackType | None,
) -> None:
    """Leave a task group; the block's own error goes on as it is."""
    try:
        await tasks.__aexit__(kind, error, trace)
    except BaseExceptionGroup as group:
        if error is not None and group.exceptions == (error,):
            return
        raise
