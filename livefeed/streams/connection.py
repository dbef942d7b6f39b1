"""The way to the store: commands of one tick travel in one pipeline, blocking ones on connections of their own."""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncIterator, Sequence
from types import TracebackType
from typing import Any, Protocol, Self

import hiredis
import redis.asyncio as redis_asyncio
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import NoScriptError, RedisError, ResponseError

from livefeed.errors import BadRequest, LivefeedError, StoreUnavailable
from livefeed.streams.script import Script

Argument = str | bytes | int | float

MAX_WAITING = 10_000
"""Commands that may wait for the store; more are refused at once."""


class Store(Protocol):
    """What the backbone asks of Redis or Valkey."""

    async def execute(self, *command: Argument) -> Any:
        """Run one command and return its reply (bytes, ints, lists).

        Raises: StoreUnavailable; StoreRefused for an error reply.
        """

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        """Run a script and return its reply. Raises as `execute`."""

    def dedicated(self) -> contextlib.AbstractAsyncContextManager[Dedicated]:
        """Open a connection of one's own, for commands that block."""


class StoreRefused(LivefeedError):
    """The store answered with an error: a defect of ours, or a full store."""

    code = "store_refused"
    status = 503


class Dedicated:
    """One connection, one command at a time."""

    def __init__(self, connection: AbstractConnection, *, timeout_s: float) -> None:
        self._connection = connection
        self._timeout_s = timeout_s

    async def execute(self, *command: Argument, block_s: float = 0.0) -> Any:
        """Run one command; `block_s` is how long it may block in the store, beyond the usual wait for a reply.

        Raises: StoreUnavailable, StoreRefused.
        """
        try:
            async with asyncio.timeout(block_s + self._timeout_s):
                await self._connection.send_command(*command)
                return await _reply(self._connection)
        except ResponseError as exc:
            raise StoreRefused(f"The store refused {command[0]!r}: {exc}") from exc
        except (RedisError, OSError, TimeoutError) as exc:
            raise unavailable(exc) from exc

    async def read(self, *, within_s: float) -> Any:
        """Wait for the next thing the store pushes. Raises: StoreUnavailable, also for silence."""
        try:
            async with asyncio.timeout(within_s):
                return await _reply(self._connection)
        except (RedisError, OSError, TimeoutError) as exc:
            raise unavailable(exc) from exc


async def _reply(connection: AbstractConnection) -> Any:
    """Read one reply; the caller bounds the wait. Raises: RedisError, OSError."""
    return await connection.read_response(disconnect_on_error=False, timeout=math.inf)


async def _connect(connection: AbstractConnection) -> None:
    """Connect if need be, and try again while the store restarts; the caller bounds the wait.

    What has not been sent may wait: only commands in flight when a connection breaks have an unknown effect.
    """
    pause_s = 0.02
    while not connection.is_connected:
        try:
            await connection.connect()  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, 0.5)


def unavailable(exc: BaseException) -> StoreUnavailable:
    """Return the error that tells of a store that could not be reached."""
    return StoreUnavailable(
        f"The store cannot be reached just now ({type(exc).__name__}); try again in a moment.",
        retry_after_s=1.0,
    )


class RedisStore:
    """A single Redis or Valkey server (or the embedded one), reached by URL.

    An async context manager: it owns the task that carries the commands.
    """

    def __init__(self, url: str, *, timeout_s: float) -> None:
        # No socket_timeout: its wait_for may swallow a cancellation (CPython 3.11); ours bound the waits instead.
        self._pool = redis_asyncio.ConnectionPool.from_url(
            url, protocol=2, socket_timeout=None, socket_connect_timeout=timeout_s
        )
        self._timeout_s = timeout_s
        self._waiting: list[tuple[bytes, asyncio.Future[Any]]] = []
        self._wake = asyncio.Event()
        self._tasks = asyncio.TaskGroup()
        self._carrier: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self._tasks.__aenter__()
        self._carrier = self._tasks.create_task(self._carry(), name="store")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._carrier is not None
        self._carrier.cancel()
        try:
            await self._tasks.__aexit__(kind, error, trace)
        except BaseExceptionGroup as group:
            if error is not None and group.exceptions == (error,):
                return  # the block's own error goes on as it is
            raise
        finally:
            self._fail(self._waiting, StoreUnavailable("The server is stopping."))
            self._waiting = []

    async def execute(self, *command: Argument) -> Any:
        if len(self._waiting) >= MAX_WAITING or (self._carrier is not None and self._carrier.done()):
            raise StoreUnavailable("Too many commands wait for the store; try again in a moment.", retry_after_s=1.0)
        try:
            packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub means tuples of one
        except UnicodeEncodeError as exc:
            raise BadRequest("The text holds half of a character; send whole Unicode.") from exc
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting.append((packed, future))
        self._wake.set()
        reply = await future
        if isinstance(reply, NoScriptError):
            raise reply
        if isinstance(reply, ResponseError):
            raise StoreRefused(f"The store refused a command: {reply}") from reply
        return reply

    async def run(self, script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Any:
        try:
            return await self.execute("EVALSHA", script.digest, len(keys), *keys, *args)
        except NoScriptError:
            return await self.execute("EVAL", script.text, len(keys), *keys, *args)

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Dedicated]:
        connection: AbstractConnection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            async with asyncio.timeout(self._timeout_s):
                await connection.connect()  # type: ignore[no-untyped-call]
        except (RedisError, OSError, TimeoutError) as exc:
            raise unavailable(exc) from exc
        try:
            yield Dedicated(connection, timeout_s=self._timeout_s)
        finally:
            await connection.disconnect(nowait=True)

    async def _carry(self) -> None:
        """Send what has gathered, read the replies, again; one pipeline is in flight at a time."""
        connection = self._pool.make_connection()  # type: ignore[no-untyped-call]
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                batch, self._waiting = self._waiting, []
                try:
                    async with asyncio.timeout(self._timeout_s):
                        await _connect(connection)
                        await self._exchange(connection, batch)
                except (RedisError, OSError, TimeoutError) as exc:
                    await connection.disconnect(nowait=True)
                    self._fail(batch, unavailable(exc))
                except BaseException:
                    self._fail(batch, StoreUnavailable("The server is stopping."))
                    raise
        finally:
            await connection.disconnect(nowait=True)

    @staticmethod
    async def _exchange(connection: AbstractConnection, batch: list[tuple[bytes, asyncio.Future[Any]]]) -> None:
        await connection.send_packed_command(b"".join([packed for packed, _ in batch]))
        for _, future in batch:
            try:
                reply = await _reply(connection)
            except ResponseError as exc:
                reply = exc
            if not future.done():
                future.set_result(reply)

    @staticmethod
    def _fail(batch: list[tuple[bytes, asyncio.Future[Any]]], error: StoreUnavailable) -> None:
        for _, future in batch:
            if not future.done():
                future.set_exception(error)
