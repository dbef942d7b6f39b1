"""One connection to one server: bytes out, replies in, in the order of the questions. asyncio and hiredis alone.

redis-py reads replies through a StreamReader, a lock and a coroutine per reply: as much again as everything else that
publishing an event costs. Here a reply costs one call of hiredis and one future.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, cast

import hiredis

from livefeed.errors import BadRequest, StoreUnavailable
from livefeed.streams.address import Login, Server

Argument = str | bytes | int | float
Answer = asyncio.Future[Any]

PUSHED = 1_000
"""Messages that the store pushed and nobody has read yet; beyond, we stop reading the connection."""
_MORE = object()


class Link(asyncio.Protocol):
    """A connection that has been made. Whoever asks gets a future; all of them fail when the connection breaks.

    timeout_s: a pipeline that is not answered in full after so long breaks the connection; None: the caller sees to it.
    changed: called when the connection takes bytes again, and when it is gone.
    """

    def __init__(self, *, timeout_s: float | None = None, changed: Callable[[], None] = lambda: None) -> None:
        self._loop = asyncio.get_running_loop()
        self._timeout_s = timeout_s
        self._changed = changed
        self._transport: asyncio.Transport | None = None
        self._replies = hiredis.Reader(notEnoughData=_MORE)
        self._answers: deque[Answer] = deque()
        self._sent = 0
        self._deadlines: deque[tuple[int, float]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._pushed: asyncio.Queue[Any] = asyncio.Queue()
        self._paused = False
        self.alive = False
        """Whether commands can be sent."""

    @property
    def writable(self) -> bool:
        """Whether the connection takes bytes without hoarding them."""
        return self.alive and not self._paused

    @property
    def in_flight(self) -> int:
        """Commands that were sent and are not answered."""
        return len(self._answers)

    def send(self, packed: Sequence[bytes], answers: Sequence[Answer]) -> None:
        """Send commands as one pipeline; each answer becomes the reply, which may be a hiredis.ReplyError."""
        assert self._transport is not None
        self._transport.write(packed[0] if len(packed) == 1 else b"".join(packed))
        self._answers.extend(answers)
        self._sent += len(answers)
        if self._timeout_s is not None:
            deadline = self._loop.time() + self._timeout_s
            self._deadlines.append((self._sent, deadline))
            if self._timer is None:
                self._timer = self._loop.call_at(deadline, self._overdue)

    def ask(self, *command: Argument) -> Answer:
        """Send one command and return its answer. Raises: StoreUnavailable, BadRequest."""
        answer: Answer = self._loop.create_future()
        packed = pack(command)
        if not self.alive:
            raise unavailable(ConnectionResetError())
        self.send((packed,), (answer,))
        return answer

    async def pushed(self) -> Any:
        """Return the next thing that came without being asked for. Raises: StoreUnavailable once the link is gone."""
        found = await self._pushed.get()
        if isinstance(found, StoreUnavailable):
            self._pushed.put_nowait(found)
            raise found
        if self._transport is not None and self._pushed.qsize() == PUSHED // 2:
            self._transport.resume_reading()
        return found

    def close(self) -> None:
        """End the connection at once; what is unanswered fails."""
        self.alive = False
        if self._transport is not None:
            self._transport.abort()

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one by its methods only
        self.alive = True

    def data_received(self, data: bytes) -> None:
        answers, read = self._answers, self._replies.gets
        try:
            self._replies.feed(data)
            while (reply := read()) is not _MORE:
                if not answers:
                    self._push(reply)
                    continue
                answer = answers.popleft()
                if not answer.done():
                    answer.set_result(reply)
        except hiredis.ProtocolError:
            self.close()
        answered = self._sent - len(answers)
        deadlines = self._deadlines
        while deadlines and deadlines[0][0] <= answered:
            deadlines.popleft()

    def connection_lost(self, exc: Exception | None) -> None:
        self.alive = False
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()
        error = unavailable(exc or ConnectionResetError())
        answers, self._answers = self._answers, deque()
        for answer in answers:
            if not answer.done():
                answer.set_exception(error)
        self._pushed.put_nowait(error)
        self._changed()

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._changed()

    def _push(self, reply: Any) -> None:
        self._pushed.put_nowait(reply)
        if self._transport is not None and self._pushed.qsize() == PUSHED:
            self._transport.pause_reading()

    def _overdue(self) -> None:
        """Break the connection if its oldest pipeline has waited too long; else look again when it will have."""
        self._timer = None
        if self._deadlines:
            deadline = self._deadlines[0][1]
            if deadline <= self._loop.time():
                self.close()
            else:
                self._timer = self._loop.call_at(deadline, self._overdue)


def pack(command: tuple[Argument, ...]) -> bytes:
    """Return a command's bytes. Raises: BadRequest for text that is no Unicode."""
    try:
        packed: bytes = hiredis.pack_command(command)  # type: ignore[arg-type]  # its stub means tuples of one
    except UnicodeEncodeError as exc:
        raise BadRequest("The text holds half of a character; send whole Unicode.") from exc
    return packed


async def connect(server: Server, login: Login, link: Link, *, timeout_s: float) -> None:
    """Connect, log in and make sure that the server takes commands: not while it loads its data.

    Raises: StoreUnavailable; the link is closed then.
    """
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(timeout_s):
            if server.path:
                await loop.create_unix_connection(lambda: link, server.path)
            else:
                await loop.create_connection(lambda: link, server.host, server.port, ssl=login.tls)
            await _log_in(link, login)
    except BaseException as exc:
        link.close()
        if isinstance(exc, OSError | TimeoutError | hiredis.ReplyError):
            raise unavailable(exc) from exc
        raise


async def _log_in(link: Link, login: Login) -> None:
    if login.password:
        await said(link.ask("AUTH", *([login.username] if login.username else []), login.password))
    if login.db:
        await said(link.ask("SELECT", login.db))
    await said(link.ask("PING"))


async def said(answer: Answer) -> Any:
    """Wait for a reply. Raises: hiredis.ReplyError, StoreUnavailable."""
    reply = await answer
    if isinstance(reply, hiredis.ReplyError):
        raise reply
    return reply


def unheard(answer: Answer) -> Answer:
    """Return the answer; nobody need look at it if it fails."""
    answer.add_done_callback(lambda done: done.cancelled() or done.exception())
    return answer


def unavailable(exc: BaseException) -> StoreUnavailable:
    """Return the error that tells of a store that could not be reached."""
    why = str(exc) if isinstance(exc, hiredis.ReplyError) else type(exc).__name__
    return StoreUnavailable(
        f"The store cannot be reached just now ({why}); try again in a moment.",
        retry_after_s=1.0,
    )
