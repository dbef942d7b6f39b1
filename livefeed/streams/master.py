"""A server that takes writes: the lines to it, what waits until its replicas have it, and which refusals to sit out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import hiredis

from livefeed.errors import LivefeedError, StoreUnavailable
from livefeed.streams.line import FIRST_PAUSE_S, LAST_PAUSE_S, Line, Opener
from livefeed.streams.link import Argument, pack, unheard
from livefeed.streams.script import Script

PUT_OFF = frozenset({"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "BUSY"})
"""Error replies that say: not carried out, ask again (a script's first write already fails on a replica)."""

NO_WRITES = frozenset({"OOM", "MISCONF", "NOREPLICAS"})
"""Error replies that say: not carried out, and not before an operator has looked."""


class StoreRefused(LivefeedError):
    """The store answered with an error: a defect of ours, or a full store."""

    code = "store_refused"
    status = 503


class WritesRefused(StoreRefused):
    """The store takes no writes: it is full, cannot save, or has too few replicas. Nothing was changed.

    Nobody asks again by themselves but who has time: an operator must look first.
    """


class NotReplicated(StoreUnavailable):
    """It was written, but fewer replicas than asked for have it. Repeated with its key, it is answered when they do."""


class Master:
    """The lines to a server that takes writes: one, or a second for what waits until replicas have it.

    replicas: how many must have a script's changes before its answer is given.
    """

    def __init__(self, open_: Opener, *, timeout_s: float, replicas: int = 0, patient: bool = True) -> None:
        self._line = Line(open_, timeout_s=timeout_s, patient=patient)
        self._lines = [self._line]
        self._replicas = replicas
        if replicas:
            self._lines.append(Line(open_, timeout_s=timeout_s, patient=patient))
            self._wait = pack(("WAIT", replicas, max(1, round(500 * timeout_s))))

    def ask(self, packed: bytes, *, changes: bool = False) -> Awaitable[Any]:
        """Return the reply to come, which may be a hiredis.ReplyError. Raises: StoreUnavailable, NotReplicated."""
        return self._replicated(packed) if changes and self._replicas else self._line.ask(packed)

    def ask_behind(self, first: bytes, packed: bytes, *, changes: bool) -> Awaitable[Any]:
        """The same, with another command right before it whose reply does not matter."""
        unheard(self._lines[-1 if changes else 0].ask(first))
        return self.ask(packed, changes=changes)

    async def _replicated(self, packed: bytes) -> Any:
        line = self._lines[1]
        answer, last = line.ask(packed), line.ask_last(self._wait)
        reply = await answer
        if isinstance(reply, hiredis.ReplyError):
            return reply
        reached = await asyncio.shield(last)
        if isinstance(reached, hiredis.ReplyError) or reached < self._replicas:
            raise NotReplicated(
                f"It was written, but {reached} of {self._replicas} replicas have it so far; repeat it with its key.",
                retry_after_s=1.0,
            )
        return reply

    @property
    def idle(self) -> bool:
        return all(line.idle for line in self._lines)

    def drop(self) -> None:
        """End the connections: the server is not the primary any more."""
        for line in self._lines:
            line.drop()

    async def run(self) -> None:
        """Carry the commands until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for line in self._lines:
                tasks.create_task(line.run(), name="store")


class Patience:
    """How long a command that was not carried out is asked again."""

    def __init__(self, timeout_s: float) -> None:
        self._deadline = asyncio.get_running_loop().time() + timeout_s
        self._pause_s = 0.0

    async def wait(self, why: StoreUnavailable) -> None:
        """Pause, a little longer each time. Raises: `why` once the time is over."""
        if asyncio.get_running_loop().time() > self._deadline:
            raise why
        await asyncio.sleep(self._pause_s)
        self._pause_s = min(2 * self._pause_s or FIRST_PAUSE_S, LAST_PAUSE_S)


def word(reply: hiredis.ReplyError) -> str:
    """Return the code an error reply begins with."""
    return str(reply).partition(" ")[0]


def in_words(script: Script, keys: Sequence[str], args: Sequence[Argument]) -> Callable[[], bytes]:
    """Return what makes the command that carries a script's text, for a server that does not know it."""
    return lambda: pack(("EVAL", script.text, len(keys), *keys, *args))


def refused(reply: hiredis.ReplyError) -> StoreRefused:
    """Return the error that an error reply stands for."""
    kind = WritesRefused if word(reply) in NO_WRITES else StoreRefused
    return kind(f"The store refused a command: {reply}")
