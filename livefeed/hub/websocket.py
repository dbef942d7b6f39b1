"""The WebSocket shell: `GET /ws`.

aiohttp reads the upgrade request. The connection is then ours: a protocol on the bare transport that reads messages
from bytes and writes prebuilt ones, without a task, a timer or a copy while there is nothing to do. What a connection
costs while it idles, and what one more delivery costs, is what this file holds: see docs/architecture.md.
"""

from __future__ import annotations

import asyncio
import secrets
from typing import Protocol

from aiohttp import web

from livefeed.clock import Clock
from livefeed.config import Config
from livefeed.hub.codec import JSON_PROTOCOL, MSGPACK_PROTOCOL, Codec, JsonCodec, MsgpackCodec
from livefeed.hub.connection import Connection
from livefeed.hub.conversation import Conversation, Reception
from livefeed.hub.handshake import agree
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.takeover import take_over
from livefeed.hub.wire import BAD_FRAME, BINARY, CLOSE, PING, PONG, TEXT, Goodbye, Message, Reader, seal, seal_close
from livefeed.hub.wire import seal_deflated as deflated
from livefeed.people import Caller

NORMAL = 1000
UNREAD_BYTES = 65_536
"""What may wait to be heard before the client is no longer read from."""
SEEN_OFF_AT_ONCE = 100
"""Frames that are looked through for a close frame, of what a client sends behind its end."""
HEARD_AT_ONCE = 32
"""Messages of one client carried out before the others have their turn; 2 KB of a long one are as good as one more."""

# One instance each for the whole process: sessions of a codec share their frames.
_CODECS: dict[tuple[str, bool], Codec] = {
    (JSON_PROTOCOL, False): JsonCodec(),
    (JSON_PROTOCOL, True): JsonCodec(deflated),
    (MSGPACK_PROTOCOL, False): MsgpackCodec(),
    (MSGPACK_PROTOCOL, True): MsgpackCodec(deflated),
}
_EMPTY_PING = seal(PING, b"")


class Hearer(Protocol):
    """Who carries out what a client says; `Conversation` is one."""

    @property
    def session(self) -> Session:
        """The connection's session."""

    async def hear(self, message: str | bytes, /) -> None:
        """Carry out a message. Raises: Goodbye."""

    def count_frame(self) -> None:
        """Count a frame that is no message. Raises: Goodbye."""

    def leave(self) -> None:
        """Undo what the client had asked for: the connection is gone."""


class SocketConnection(Connection):
    """One WebSocket: bytes to messages, messages to the conversation, one after the other."""

    __slots__ = ("_conversation", "_deaf", "_hearing", "_node", "_reader", "_text")
    OTHER_KIND = "JSON travels as text messages, MessagePack as binary ones"
    """What a client is told that sends the other kind of message."""

    def __init__(self, conversation: Hearer, node: Node, reader: Reader, *, text: bool) -> None:
        super().__init__(conversation.session, node)
        self._conversation = conversation
        self._node = node
        self._reader = reader
        self._text = text
        self._hearing = False
        """A task carries out what the client said; what comes meanwhile waits in the reader."""
        self._deaf = False
        """Too much waits: the client is not read from."""

    def data_received(self, data: bytes) -> None:
        self.heard = True
        self._reader.feed(data)
        if self.closing:
            self._see_off()
        elif self._hearing:
            if self._reader.waiting > UNREAD_BYTES and not self._deaf:
                self._deaf = True
                self._transport.pause_reading()
        else:
            message = self._next()
            if message is not None:
                self._hearing = True
                self._node.start(self._hear(message))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._reader.forget()
        self._conversation.leave()

    def ping(self) -> bool:
        """Ask for a sign of life; return False when the last one was not given."""
        heard, self.heard = self.heard, False
        self.write(_EMPTY_PING)
        return heard

    def close(self, code: int, reason: str) -> None:
        """Send a close frame and wait a little for the peer's.

        Whoever closes with bytes unread resets the connection, and the peer never learns why it ended.
        """
        if not self.closing:
            self.write(self._session.take() + seal_close(code, reason))
            self.shut()
            self._listen()
            self._give_up_later()

    async def _hear(self, message: Message | None) -> None:
        """Carry out messages until none is left; while the connection is stalled, its replies would pile up."""
        try:
            work = 0
            while message is not None and not self.closing:
                await self._conversation.hear(message.payload)
                work += 1 + len(message.payload) // 2048
                if work >= HEARD_AT_ONCE:
                    work = 0
                    await asyncio.sleep(0)
                message = self._next()
        except Goodbye as goodbye:
            self.close(goodbye.code, goodbye.reason)
        finally:
            self._hearing = False

    def _next(self) -> Message | None:
        """Return the next message for the conversation; see to control frames and to what breaks the protocol."""
        try:
            while (message := self._reader.next()) is not None:
                if message.opcode in (TEXT, BINARY):
                    if (message.opcode == TEXT) is not self._text:
                        raise Goodbye(BAD_FRAME, self.OTHER_KIND)
                    return message
                self._conversation.count_frame()  # a message counts when it is heard
                if message.opcode == PING and self._conversation.session.writable:
                    self.write(seal(PONG, message.payload))  # type: ignore[arg-type]
                elif message.opcode == CLOSE:
                    self._answer_close(message.payload)  # type: ignore[arg-type]
                    return None
        except Goodbye as goodbye:
            self.close(goodbye.code, goodbye.reason)
            return None
        self._listen()
        return None

    def _listen(self) -> None:
        """Read from the client again."""
        if self._deaf and not self._transport.is_closing():
            self._deaf = False
            self._transport.resume_reading()

    def _answer_close(self, payload: bytes) -> None:
        self.write(self._session.take() + seal(CLOSE, payload[:2] or NORMAL.to_bytes(2, "big")))
        self.shut()
        self._transport.close()

    def _see_off(self) -> None:
        """Throw away what the peer still sends, until it answers our close frame."""
        try:
            for _ in range(SEEN_OFF_AT_ONCE):
                message = self._reader.next()
                if message is None:
                    return
                if message.opcode == CLOSE:
                    self._transport.close()
                    return
        except Goodbye:
            pass
        self._reader.forget()


class WebSocketEndpoint:
    """Turns upgrade requests into conversations."""

    def __init__(self, node: Node, reception: Reception, config: Config, clock: Clock) -> None:
        self._node = node
        self._reception = reception
        self._config = config
        self._clock = clock

    async def serve(self, request: web.Request, caller: Caller) -> web.StreamResponse:
        """Upgrade the request of a caller who passed the gate, and take its connection over.

        Raises: BadRequest, Busy, both before the upgrade.
        """
        agreement = agree(request.path_qs, request.headers.items(), deflate=bool(self._config.deflate))
        await self._node.admit()
        session = Session(secrets.token_hex(8), _CODECS[agreement.protocol, agreement.deflates], caller)
        conversation = Conversation(session, self._node, self._reception, self._config)
        connection = SocketConnection(
            conversation,
            self._node,
            Reader(limit=self._config.frame_bytes, deflates=agreement.deflates),
            text=agreement.protocol == JSON_PROTOCOL,
        )

        def begin(transport: asyncio.Transport) -> None:
            connection.begin(transport)
            connection.write(agreement.answer)
            self._node.open(session, connection)
            conversation.greet(self._clock.now_ms())

        return take_over(request, begin, connection.data_received)
