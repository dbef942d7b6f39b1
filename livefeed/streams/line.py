"""Commands to one server over connections that come and go: those of one turn of the loop travel in one pipeline.

What was sent and is unanswered when a connection breaks fails, because whether it took effect is unknown. What was not
sent yet waits for the next connection, for as long as a command may wait. Several pipelines may be under way.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from livefeed.errors import StoreUnavailable
from livefeed.streams.link import Answer, Link, unheard

MAX_WAITING = 10_000
"""Commands that may wait for one server, sent or not; more are refused at once."""
FIRST_PAUSE_S, LAST_PAUSE_S = 0.02, 0.25

Opener = Callable[[Callable[[], Link]], Awaitable[Link]]
"""Connects a link that it is given the making of, wherever the server is just now. Raises: StoreUnavailable."""


class NotSent(StoreUnavailable):
    """The command never left us: it had no effect, and may be tried elsewhere."""


@dataclass(slots=True)
class _Pipeline:
    packed: list[bytes]
    answers: list[Answer]
    deadline: float


class Line:
    """The way to one server. `run` makes its connections and must be running for commands to go out.

    patient: what was not sent waits while no connection can be had; else it fails at once with NotSent.
    """

    def __init__(self, open_: Opener, *, timeout_s: float, patient: bool = True) -> None:
        self._open = open_
        self._timeout_s = timeout_s
        self._patient = patient
        self._loop = asyncio.get_running_loop()
        self._link: Link | None = None
        self._packed: list[bytes] = []
        self._answers: list[Answer] = []
        self._last: tuple[bytes, Answer] | None = None
        self._flush_due = False
        self._held: deque[_Pipeline] = deque()
        self._held_commands = 0
        self._wanted = asyncio.Event()
        self._lost = asyncio.Event()
        self._why = "The store did not answer in time; try again in a moment."
        self._stopped = False

    def ask(self, packed: bytes) -> Answer:
        """Return the answer to a command that goes out with the others of this turn. Raises: StoreUnavailable."""
        link = self._link
        waiting = len(self._answers) + self._held_commands + (link.in_flight if link is not None else 0)
        if waiting >= MAX_WAITING or self._stopped:
            raise StoreUnavailable("Too many commands wait for the store; try again in a moment.", retry_after_s=1.0)
        answer: Answer = self._loop.create_future()
        self._packed.append(packed)
        self._answers.append(answer)
        if not self._flush_due:
            self._flush_due = True
            self._loop.call_soon(self._flush)
        return answer

    def ask_last(self, packed: bytes) -> Answer:
        """Return the answer to a command that goes out behind all others of this turn, once for all who ask for it."""
        if self._last is None:
            self._last = packed, unheard(self._loop.create_future())
        return self._last[1]

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing is under way."""
        return not (self._answers or self._held or (self._link is not None and self._link.in_flight))

    def drop(self) -> None:
        """End the present connection: the server is no longer the one it was."""
        if self._link is not None:
            self._link.close()

    async def run(self) -> None:
        """Connect whenever a command waits, until cancelled; what waits then fails."""
        try:
            while True:
                await self._wanted.wait()
                self._wanted.clear()
                self._lost.clear()
                await self._connect()
                self._send_held()
                if self._link is not None:
                    await self._lost.wait()
        finally:
            self._stopped = True
            self.drop()
            self._flush()
            self._why = "The server is stopping."
            self._expire(math.inf)

    async def _connect(self) -> None:
        """Try until there is a connection, or nobody waits for one any more."""
        pause_s = FIRST_PAUSE_S
        while self._held:
            try:
                link = await self._open(self._make)
            except StoreUnavailable as exc:
                self._why = exc.message
                if not self._patient:
                    self._expire(math.inf)
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, LAST_PAUSE_S)
            else:
                if link.alive:
                    self._link = link
                    return

    def _make(self) -> Link:
        return Link(timeout_s=self._timeout_s, changed=self._on_change)

    def _on_change(self) -> None:
        """The link takes bytes again, or is gone."""
        if self._link is not None and not self._link.alive:
            self._link = None
            self._lost.set()
            if self._held:
                self._wanted.set()
        self._send_held()

    def _flush(self) -> None:
        self._flush_due = False
        packed, self._packed = self._packed, []
        answers, self._answers = self._answers, []
        if self._last is not None:
            packed.append(self._last[0])
            answers.append(self._last[1])
            self._last = None
        if not answers:
            return
        if self._link is not None and self._link.writable and not self._held:
            self._link.send(packed, answers)
            return
        pipeline = _Pipeline(packed, answers, self._loop.time() + self._timeout_s)
        self._held.append(pipeline)
        self._held_commands += len(answers)
        if not self._stopped:
            # Told the deadline: a timer may come a little early, and would find nothing due.
            self._loop.call_at(pipeline.deadline, self._expire, pipeline.deadline)
        if self._link is None:
            self._wanted.set()

    def _send_held(self) -> None:
        while self._held and self._link is not None and self._link.writable:
            pipeline = self._held.popleft()
            self._held_commands -= len(pipeline.answers)
            # Whoever gave up meanwhile is left out: what was not sent has no effect.
            both = [pair for pair in zip(pipeline.packed, pipeline.answers, strict=True) if not pair[1].done()]
            if both:
                self._link.send([packed for packed, _ in both], [answer for _, answer in both])

    def _expire(self, now: float) -> None:
        """Fail what has waited unsent for as long as a command may."""
        while self._held and self._held[0].deadline <= now:
            pipeline = self._held.popleft()
            self._held_commands -= len(pipeline.answers)
            for answer in pipeline.answers:
                if not answer.done():
                    answer.set_exception(NotSent(self._why, retry_after_s=1.0))
