"""The SSE shell: `GET /sse?topic=…&topic=…`, for anything that has no WebSocket."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

from aiohttp import web

from livefeed.config import Config
from livefeed.errors import BadPosition, BadRequest, NotFound
from livefeed.hub.codec import SseCodec
from livefeed.hub.conversation import Reception
from livefeed.hub.frames import MAX_REPLAY, Wanted
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.people import Caller
from livefeed.position import Position
from livefeed.topic import Topic

RETRY_MS = 2000
GIVE_UP_S = 2.0
"""How long what still waits at the end of a stream may take to go out."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


class StreamOutlet:
    """Writes to the transport of a chunked response."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.ended = asyncio.Event()

    def write(self, data: bytes) -> None:
        if not self._transport.is_closing() and not self.ended.is_set():
            self._transport.write(b"%x\r\n%s\r\n" % (len(data), data))

    def waiting(self) -> int:
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> None:
        """End the stream: an EventSource comes back by itself, with the positions it has.

        One that takes nothing is cut off soon: it would hold what waits for it for as long as it likes.
        """
        self.ended.set()
        asyncio.get_running_loop().call_later(GIVE_UP_S, self._cut)

    def _cut(self) -> None:
        if self.waiting():
            self._transport.abort()


class SseEndpoint:
    """Turns requests into streams of events."""

    def __init__(self, node: Node, reception: Reception, config: Config) -> None:
        self._node = node
        self._reception = reception
        self._config = config

    async def serve(self, request: web.Request, caller: Caller) -> web.StreamResponse:
        """Stream topics to a caller until one side leaves.

        Raises: BadRequest, BadTopic, BadPosition, NotFound, Busy, all before the stream begins.
        """
        wanted = await self._wanted(request, caller)
        self._node.admit()
        response = web.StreamResponse(headers=HEADERS)
        response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(b"retry: %d\n\n" % RETRY_MS)
        transport = request.transport
        if transport is None:
            return response
        session = Session(secrets.token_hex(8), SseCodec({item.topic.name: item.since for item in wanted}), caller)
        outlet = StreamOutlet(transport)
        self._node.open(session, outlet)
        try:
            # A stream that could not begin ends: its client comes back with the positions it has.
            if await self._node.subscribe(session, None, {item.topic.name: item for item in wanted}):
                await self._stream(outlet, transport)
        finally:
            self._node.close(session)
        return response

    async def _stream(self, outlet: StreamOutlet, transport: asyncio.Transport) -> None:
        """Wait for the end, saying every heartbeat that we are there."""
        while not transport.is_closing():
            try:
                async with asyncio.timeout(self._config.heartbeat_s):
                    await outlet.ended.wait()
                return
            except TimeoutError:
                outlet.write(b": here\n\n")

    async def _wanted(self, request: web.Request, caller: Caller) -> list[Wanted]:
        topics = list(dict.fromkeys(Topic.parse(name) for name in request.query.getall("topic", [])))
        if not 0 < len(topics) <= self._config.session_topics:
            raise BadRequest(f"Name 1 to {self._config.session_topics} topics, as in /sse?topic=feed:all.")
        replay = request.query.get("latest", "0")
        if not (replay.isascii() and replay.isdigit() and len(replay) <= 3 and int(replay) <= MAX_REPLAY):
            raise BadRequest(f"'latest' is a whole number from 0 to {MAX_REPLAY}.")
        for topic in topics:
            if not await self._reception.may_subscribe(caller, topic):
                raise NotFound(f"There is no topic '{topic}', or you may not follow it.")
        since = _positions(request.headers.get("Last-Event-ID") or request.query.get("since"), len(topics))
        return [Wanted(topic, at, int(replay)) for topic, at in zip(topics, since, strict=True)]


def _positions(text: str | None, topics: int) -> Sequence[Position | None]:
    """Return the position per topic that an event's id told. Raises: BadPosition."""
    if not text:
        return [None] * topics
    parts = text.split(",")
    if len(parts) != topics:
        raise BadPosition("The Last-Event-ID belongs to other topics; it holds one position per topic, in their order.")
    return [Position.parse(part) if part else None for part in parts]
