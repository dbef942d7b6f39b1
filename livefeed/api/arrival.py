"""Request bodies while they arrive: bounded in time, and whatever breaks them is told as the peer's fault."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from aiohttp.http import HttpProcessingError

from livefeed.errors import BadRequest, PeerError


class RequestTimeout(PeerError):
    """The body did not arrive in time. Nothing was changed."""

    code = "request_timeout"
    status = 408


@asynccontextmanager
async def arriving(within_s: float) -> AsyncIterator[None]:
    """Read from a request's body inside the block.

    Raises: RequestTimeout when the block takes longer than `within_s`; BadRequest when the body is cut off or is
    not encoded as its headers say.
    """
    try:
        async with asyncio.timeout(within_s):
            yield
    except TimeoutError as exc:
        raise RequestTimeout(f"The body did not arrive within {within_s:g} s; send it without pauses.") from exc
    except (web.RequestPayloadError, HttpProcessingError, ConnectionError) as exc:
        raise BadRequest("The body ends too early or is not encoded as its headers say.") from exc
