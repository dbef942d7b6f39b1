"""The SSE shell: `GET /sse?topic=…&topic=…`, for anything that has no WebSocket."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aiohttp import HttpVersion11, web

from livefeed.config import Config
from livefeed.errors import BadPosition, BadRequest, NotFound
from livefeed.hub.codec import SseCodec
from livefeed.hub.connection import Connection
from livefeed.hub.conversation import Reception
from livefeed.hub.frames import MAX_REPLAY, Wanted
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.takeover import Gone, take_over
from livefeed.people import Caller
from livefeed.position import Position
from livefeed.topic import Topic

RETRY_MS = (1_000, 4_000)
"""After how long a client comes back: each in its own time, so that a drained server's do not come at once."""
COUNTED = frozenset({"feed", "post"})
"""The kinds of topic that people look at."""
HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",
}


@dataclass(frozen=True, slots=True)
class Presence:
    """The topics that a stream is counted on, and told the counts of."""

    topics: tuple[str, ...]
    reception: Reception

    def begin(self, session: Session) -> None:
        for topic in self.topics:
            self.reception.watch(session, topic, roster=False, hidden=False)

    def end(self, session: Session) -> None:
        for topic in self.topics:
            self.reception.unwatch(session, topic, hidden=False)


class StreamConnection(Connection):
    """A response without an end. What else the client sends on it is not heard."""

    __slots__ = ("_attends", "_chunked", "_node", "_presence")

    def __init__(self, session: Session, node: Node, presence: Presence | None = None, *, chunked: bool = True) -> None:
        """presence: of the topics whose counts were asked for.

        chunked: False for HTTP/1.0, where the end of the connection is that of the stream.
        """
        super().__init__(session, node)
        self._node = node
        self._presence = presence
        self._attends = False
        self._chunked = chunked

    def attend(self) -> None:
        """Be counted, and told counts, from now on: the topics are followed."""
        if self._presence is not None:
            self._presence.begin(self._session)
            self._attends = True

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._presence is not None and self._attends:
            self._presence.end(self._session)
        self._node.close(self._session)

    def sender(self) -> Callable[[bytes], int]:
        return self._send

    def _send(self, data: bytes) -> int:
        self.write(data)
        return len(data)

    def write(self, data: bytes) -> None:
        if not self._chunked:
            super().write(data)
        elif data:  # an empty chunk would end the stream
            super().write(b"%x\r\n%s\r\n" % (len(data), data))

    def ping(self) -> bool:
        """Say that we are there; who has gone is noticed when the line takes nothing more."""
        self.write(b": here\n\n")
        return True

    def close(self, code: int, reason: str) -> None:
        """End the stream: an EventSource comes back by itself, with the positions it has.

        One that takes nothing is cut off soon: it would hold what waits for it for as long as it likes.
        """
        if not self.closing:
            self.write(self._session.take())
            if self._chunked:
                self._transport.write(b"0\r\n\r\n")
            self.shut()
            self._transport.close()
            self._give_up_later()


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
        before = self._node.rights_lost
        wanted = await self._wanted(request, caller)
        await self._node.admit()
        if request.transport is None or request.transport.is_closing():
            return Gone()  # it has left while it waited
        response = web.StreamResponse(headers=HEADERS)
        chunked = request.version >= HttpVersion11
        if chunked:
            response.enable_chunked_encoding()
        await response.prepare(request)
        await response.write(b"retry: %d\n\n" % random.randint(*RETRY_MS))
        session = Session(secrets.token_hex(8), SseCodec({item.topic.shown: item.since for item in wanted}), caller)
        connection = StreamConnection(session, self._node, self._presence(request, wanted), chunked=chunked)

        def begin(transport: asyncio.Transport) -> None:
            connection.begin(transport)
            self._node.open(session, connection)
            self._node.start(self._subscribe(session, connection, wanted, before))

        return take_over(request, begin, connection.data_received)

    async def _subscribe(
        self, session: Session, connection: StreamConnection, wanted: Sequence[Wanted], before: int
    ) -> None:
        """Begin the stream's topics; one that could not begin ends: its client comes back with the positions it has.

        before: how often rights had been lost here when these topics were asked about. Once more since, and the client
        is asked to come again.
        """
        unchanged = self._node.rights_lost == before
        if not unchanged or not await self._node.subscribe(session, None, {item.topic.shown: item for item in wanted}):
            connection.close(0, "")
        if connection.closing:
            self._node.close(session)
        else:
            connection.attend()

    def _presence(self, request: web.Request, wanted: Sequence[Wanted]) -> Presence | None:
        """Return what to be counted on, if the client asked for the counts of feeds and posts."""
        if request.query.get("presence") != "count":
            return None
        return Presence(tuple(item.topic.name for item in wanted if item.topic.kind in COUNTED), self._reception)

    async def _wanted(self, request: web.Request, caller: Caller) -> list[Wanted]:
        user = None if caller.user is None else caller.user.id
        topics = list(dict.fromkeys(Topic.parse(name).of(user) for name in request.query.getall("topic", [])))
        if not 0 < len(topics) <= self._config.session_topics:
            raise BadRequest(f"Name 1 to {self._config.session_topics} topics, as in /sse?topic=feed:all.")
        replay = request.query.get("latest", "0")
        if not (replay.isascii() and replay.isdigit() and len(replay) <= 3 and int(replay) <= MAX_REPLAY):
            raise BadRequest(f"'latest' is a whole number from 0 to {MAX_REPLAY}.")
        for topic in topics:
            right = self._reception.may_subscribe(caller, topic)
            if not (right if isinstance(right, bool) else await right):
                raise NotFound(f"There is no topic '{topic.shown}', or you may not follow it.")
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
