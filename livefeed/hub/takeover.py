"""Taking a connection over from aiohttp: it keeps nothing of it, not a task, a parser or a request."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter


class Gone(web.StreamResponse):
    """Stands for a response that was already sent, on a connection that is no longer aiohttp's."""

    async def prepare(self, request: web.BaseRequest) -> AbstractStreamWriter | None:
        return None

    async def write_eof(self, data: bytes | bytearray | memoryview = b"") -> None:
        pass


class _Rest:
    """Stands where aiohttp wants a parser: hands on what came behind the request."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        self.feed_data = take

    def feed_eof(self) -> None:
        pass


def take_over(
    request: web.Request, begin: Callable[[asyncio.Transport], None], take: Callable[[bytes], None]
) -> web.StreamResponse:
    """Give the transport under a request to somebody else; return what the handler is to return at once.

    begin: gets the transport and sets its protocol, unless the client has gone meanwhile. take: gets the bytes that
    the client sent behind its request.
    """
    handler, transport = request.protocol, request.transport
    if transport is not None and not transport.is_closing():
        begin(transport)
        handler.set_parser(_Rest(take))  # type: ignore[arg-type]
        handler.transport = None
        handler.connection_lost(None)
    return Gone()
