"""The WebSocket shell: `GET /ws`.

aiohttp upgrades, reads and answers pings; what the hub gives out is written straight to the transport as prebuilt
messages, without a task or a copy per delivery.
"""

from __future__ import annotations

import asyncio
import logging
import secrets

from aiohttp import WSCloseCode, WSMsgType, web

from livefeed.clock import Clock
from livefeed.config import Config
from livefeed.hub.codec import JSON_PROTOCOL, MSGPACK_PROTOCOL, Codec, JsonCodec, MsgpackCodec, seal
from livefeed.hub.conversation import Conversation, Goodbye, Reception
from livefeed.hub.node import STALL_CHECK_S, Node
from livefeed.hub.session import Session
from livefeed.people import Caller

log = logging.getLogger(__name__)

CLOSE = 0x8
GIVE_UP_S = 2.0
"""How long a peer may take to answer our close frame before the connection is cut."""

TOO_BIG, BAD_FRAME = 4502, 4500
_CODES = {
    int(WSCloseCode.MESSAGE_TOO_BIG): (TOO_BIG, "the message is too big"),
    int(WSCloseCode.PROTOCOL_ERROR): (BAD_FRAME, "the frame breaks the WebSocket protocol"),
    int(WSCloseCode.INVALID_TEXT): (BAD_FRAME, "the text is no UTF-8"),
}

# One instance each for the whole process: sessions of a codec share their frames.
_CODECS: dict[str | None, Codec] = {MSGPACK_PROTOCOL: MsgpackCodec(), JSON_PROTOCOL: JsonCodec()}


class FeedSocket(web.WebSocketResponse):
    """Leaves a broken connection open, so that its peer can be told why in the codes of our protocol."""

    broken: Goodbye | None = None
    """Why nothing more can be read."""

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        if code in _CODES:
            self.broken = Goodbye(*_CODES[code])
            return False
        return await super().close(code=code, message=message, drain=drain)


class SocketOutlet:
    """Writes to the transport under an upgraded connection."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._closing = False

    def write(self, data: bytes) -> None:
        if not self._closing and not self._transport.is_closing():
            self._transport.write(data)

    def waiting(self) -> int:
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> None:
        """Send a close frame; whoever does not answer it soon is cut off."""
        self.write(seal(CLOSE, code.to_bytes(2, "big") + reason.encode()[:120]))
        self._closing = True
        asyncio.get_running_loop().call_later(GIVE_UP_S, self._transport.abort)


class WebSocketEndpoint:
    """Turns upgrade requests into conversations."""

    def __init__(self, node: Node, reception: Reception, config: Config, clock: Clock) -> None:
        self._node = node
        self._reception = reception
        self._config = config
        self._clock = clock

    async def serve(self, request: web.Request, caller: Caller) -> web.StreamResponse:
        """Upgrade the request of a caller who passed the gate, and talk until one side leaves.

        Raises: Busy before the upgrade.
        """
        socket = FeedSocket(
            protocols=(MSGPACK_PROTOCOL, JSON_PROTOCOL),
            max_msg_size=self._config.frame_bytes,
            heartbeat=self._config.heartbeat_s,
            compress=False,
        )
        self._node.admit()
        await socket.prepare(request)
        transport = request.transport
        if transport is None:
            return socket
        session = Session(secrets.token_hex(8), _CODECS.get(socket.ws_protocol) or _CODECS[JSON_PROTOCOL], caller)
        outlet = SocketOutlet(transport)
        self._node.open(session, outlet)
        conversation = Conversation(session, self._node, self._reception, self._config)
        try:
            conversation.greet(self._clock.now_ms())
            await self._talk(socket, conversation)
        except Goodbye as goodbye:
            outlet.close(goodbye.code, goodbye.reason)
            await _see_off(socket, transport)
        finally:
            conversation.leave()
        return socket

    async def _talk(self, socket: FeedSocket, conversation: Conversation) -> None:
        """Hear messages until the connection ends; while it is stalled, hear nothing: its replies would pile up."""
        text = conversation.session.codec is _CODECS[JSON_PROTOCOL]
        async for message in socket:
            if message.type is not (WSMsgType.TEXT if text else WSMsgType.BINARY):
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    raise Goodbye(BAD_FRAME, "JSON travels as text messages, MessagePack as binary ones")
                if socket.broken is not None:
                    raise socket.broken
                break
            await conversation.hear(message.data)


async def _see_off(socket: FeedSocket, transport: asyncio.Transport) -> None:
    """Throw away what the peer still sends, until it answers our close frame or its time is up.

    Whoever closes with bytes unread resets the connection, and the peer never learns why it ended.
    """
    while socket.broken is None and (await socket.receive()).type in (WSMsgType.TEXT, WSMsgType.BINARY):
        pass
    while socket.broken is not None and not transport.is_closing():
        await asyncio.sleep(STALL_CHECK_S)
