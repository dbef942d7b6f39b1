"""The shared document's WebSocket: `GET /api/rooms/{id}/doc`, for y-websocket clients."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Sequence

from aiohttp import HttpVersion11, web

from livefeed.allowance import Allowance
from livefeed.config import BURST_S, Config
from livefeed.errors import BadRequest, NotFound
from livefeed.hub.codec import SseCodec
from livefeed.hub.handshake import agree
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.takeover import take_over
from livefeed.hub.websocket import SocketConnection
from livefeed.hub.wire import BINARY, Goodbye, Reader, seal
from livefeed.people import Caller, User
from livefeed.rooms.hearing import Refused
from livefeed.rooms.protocol import MESSAGE_BYTES
from livefeed.rooms.relay import Seat
from livefeed.rooms.relays import Relays

TOO_MANY = 4503
BYTES_PER_MESSAGE = 2_621
"""What a client may send for long, for each message that it may: 256 KB a second with the defaults."""


def sealed(messages: Sequence[bytes]) -> bytes:
    """Return messages as WebSocket frames: a client reads one message of the y-protocols in each."""
    if len(messages) == 1:
        return seal(BINARY, messages[0])
    return b"".join([seal(BINARY, message) for message in messages])


class DocumentTalk:
    """What one client says, carried out message by message; and the outlet through which it is told."""

    def __init__(self, session: Session, node: Node, relays: Relays, config: Config) -> None:
        self.session = session
        self._node = node
        self._relays = relays
        self._seat: Seat | None = None
        self._released = asyncio.Event()
        self._released.set()
        self._clean = False
        rate, now_s = config.session_frames_per_s, time.monotonic()
        self._frames = Allowance(rate, BURST_S * rate, now_s=now_s)
        self._bytes = Allowance(BYTES_PER_MESSAGE * rate, BURST_S * BYTES_PER_MESSAGE * rate, now_s=now_s)

    def begin(self, room: str, user: User, *, role: str, epoch: str, hidden: bool) -> None:
        """Take a seat in the room. Raises: Refused."""
        self._seat = self._relays.enter(room, user, self, role=role, epoch=epoch, hidden=hidden)

    # What the client says.

    async def hear(self, message: str | bytes) -> None:
        """Carry out a message. Raises: Goodbye."""
        assert isinstance(message, bytes)
        seat = self._seat
        if seat is None or seat.gone:
            return
        await self._node.room(self.session)  # whoever reads nothing gets no answers
        now_s = time.monotonic()
        if self._frames.take(now_s) or self._bytes.take(now_s, len(message)):
            raise Goodbye(TOO_MANY, "too many messages, or too many bytes")
        try:
            waiting = self._relays.hear(seat, message)
            if waiting is not None:
                await waiting
        except Refused as exc:
            raise Goodbye(exc.code, exc.reason) from exc
        if not self._released.is_set():
            await self._released.wait()

    def count_frame(self) -> None:
        """Count a frame that is no message. Raises: Goodbye."""
        if self._frames.take(time.monotonic()):
            raise Goodbye(TOO_MANY, "too many messages")

    def goodbye(self) -> None:
        """Note that the client has closed the connection itself."""
        self._clean = True

    def leave(self) -> None:
        """Give the seat up: the connection is gone."""
        self._node.close(self.session)
        if self._seat is not None:
            self._relays.leave(self._seat, clean=self._clean)
        self._released.set()

    def stall(self) -> None:
        """Note that the transport takes no more."""
        if self._seat is not None:
            self._relays.stall(self._seat)

    def thaw(self) -> None:
        """Note that it does again."""
        if self._seat is not None:
            self._relays.thaw(self._seat)

    # What the client is told.

    @property
    def writable(self) -> bool:
        return self.session.writable

    def give(self, messages: Sequence[bytes]) -> None:
        self.give_sealed(sealed(messages))

    def give_sealed(self, data: bytes) -> None:
        session = self.session
        if session.writable:
            try:
                sent = session.send(data)
            except OSError:  # full, or gone: the transport finds out which
                sent = 0
            if sent == len(data):
                return
            data = data[sent:]
        if session.outlet is not None:
            session.outlet.write(data)

    def close(self, code: int, reason: str) -> None:
        if self.session.outlet is not None:
            self.session.outlet.close(code, reason)

    def hold(self) -> None:
        self._released.clear()

    def release(self) -> None:
        self._released.set()


class DocumentConnection(SocketConnection):
    """The WebSocket of a document's client."""

    __slots__ = ("_talk",)
    OTHER_KIND = "a document's messages are binary, see the y-protocols"

    def __init__(self, talk: DocumentTalk, node: Node) -> None:
        super().__init__(talk, node, Reader(limit=MESSAGE_BYTES), text=False)
        self._talk = talk

    def pause_writing(self) -> None:
        super().pause_writing()
        self._talk.stall()

    def resume_writing(self) -> None:
        super().resume_writing()
        self._talk.thaw()

    def _answer_close(self, payload: bytes) -> None:
        self._talk.goodbye()
        super()._answer_close(payload)


class DocumentEndpoint:
    """Turns upgrade requests into connections to a room's document."""

    def __init__(self, node: Node, relays: Relays, config: Config) -> None:
        self._node = node
        self._relays = relays
        self._config = config

    async def serve(self, request: web.Request, caller: Caller, room: str) -> web.StreamResponse:
        """Upgrade the request of a caller who passed the gate.

        Raises: Unauthorised, NotFound, BadRequest, Busy, StoreUnavailable, all before the upgrade.
        """
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise NotFound("This address speaks WebSocket (y-protocols); see docs/protocol.md.")
        if request.version < HttpVersion11:
            raise BadRequest("A WebSocket begins with HTTP/1.1; a proxy in between must speak it too.")
        user = caller.person()
        epoch, hidden = request.query.get("epoch", ""), request.query.get("hidden", "false")
        if hidden not in ("true", "false"):
            raise BadRequest("'hidden' is true or false.")
        agreement = agree(request.path_qs, request.headers.items(), deflate=False)
        await self._node.admit()
        role = await self._relays.prepare(room, user)
        # No frames of /ws ever go out on it; and as on a stream, to drain it is to end it.
        session = Session(secrets.token_hex(8), SseCodec({}), caller)
        talk = DocumentTalk(session, self._node, self._relays, self._config)
        connection = DocumentConnection(talk, self._node)

        def begin(transport: asyncio.Transport) -> None:
            connection.begin(transport)
            connection.write(agreement.answer)
            self._node.open(session, connection)
            try:
                talk.begin(room, user, role=role, epoch=epoch, hidden=hidden == "true")
            except Refused as exc:
                connection.close(exc.code, exc.reason)

        return take_over(request, begin, connection.data_received)
