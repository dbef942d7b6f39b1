"""The real follower, command by command: what it asks the store, and what comes back, are steps of the schedule."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator
from types import SimpleNamespace
from typing import Any

from livefeed.errors import StoreUnavailable
from livefeed.streams import follower as follower_module
from tests.simulation.store import ModelStore

BROKEN = StoreUnavailable("The connection broke.")


class _Asked:
    """A command on its way: whoever drives the coroutine answers it."""

    def __init__(self, command: tuple[Any, ...]) -> None:
        self.command = command

    def __await__(self) -> Generator[_Asked, Any, Any]:
        return (yield self)


class _Slept:
    """The follower pauses before it connects again."""

    def __await__(self) -> Generator[_Slept, Any, Any]:
        return (yield self)


class _Connection:
    async def execute(self, *command: Any, **_: Any) -> Any:
        return await _Asked(command)


class _FakeStore:
    """The `Store` port for the follower: each command is answered by the schedule."""

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[_Connection]:
        yield _Connection()


class _Flag:
    def is_set(self) -> bool:
        return False

    def set(self) -> None:
        pass

    clear = set


async def _sleep(pause_s: float) -> None:
    if pause_s > 0:  # else it only lets others have their turn
        await _Slept()


_QUIET = logging.getLogger("livefeed.simulation")
_QUIET.disabled = True
_STEPPED = SimpleNamespace(Event=_Flag, sleep=_sleep)
"""What the follower uses of asyncio, as steps of the schedule."""


@contextlib.contextmanager
def _stepped() -> Iterator[None]:
    real = follower_module.asyncio, follower_module.log
    follower_module.asyncio, follower_module.log = _STEPPED, _QUIET  # type: ignore[assignment]
    try:
        yield
    finally:
        follower_module.asyncio, follower_module.log = real


class FollowerLink:
    """Drives `Follower.run` command by command."""

    def __init__(self, listener: Any, *, shards: int) -> None:
        self.dead = False
        self._replies: list[Any] = []
        with _stepped():
            follower = follower_module.Follower(_FakeStore(), listener, shards=shards)  # type: ignore[arg-type]
        self._run: Coroutine[Any, Any, None] = follower.run()
        self._waits: Any = None
        self._go(None)

    @property
    def paused(self) -> bool:
        """Whether there is no connection."""
        return isinstance(self._waits, _Slept)

    @property
    def answered(self) -> bool:
        """Whether a reply is in the socket's buffer."""
        return bool(self._replies)

    @property
    def buffers_entries(self) -> bool:
        """Whether the reply in the buffer is one of XREAD."""
        return self.answered and self._waits.command[0] == "XREAD"

    def step(self, store: ModelStore, entries: int) -> bool:
        """Do the next thing on this connection; tell whether there was one. `entries`: COUNT of this XREAD."""
        if self.paused:
            self.dead = False
            self._go(None)
        elif self._replies:
            self._go(self._replies.pop())
        elif self.dead:
            self.notice()
        else:
            command = self._waits.command
            if command[0] == "XREAD":
                command = (*command[:2], entries, *command[3:])
            reply = store.execute(*command)
            if command[0] == "XREAD" and reply is None:
                return False
            self._replies.append(reply)
        return True

    def cut(self, *, buffered: bool) -> None:
        """Let the connection break; what is in the socket's buffer may still be read first."""
        if not buffered:
            self._replies.clear()
        self.dead = not self.paused

    def notice(self) -> None:
        """See that the connection is broken."""
        with _stepped():
            self._waits = self._run.throw(BROKEN)

    def close(self) -> None:
        """The process dies."""
        self._run.close()

    def _go(self, reply: Any) -> None:
        with _stepped():
            self._waits = self._run.send(reply)
