"""Bodies that break while they arrive are the peer's fault."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.http import HttpProcessingError

from livefeed.api.arrival import RequestTimeout, arriving
from livefeed.errors import BadRequest, TooLarge


@pytest.mark.parametrize(
    "failure", [web.RequestPayloadError("bad chunk"), HttpProcessingError(message="x"), ConnectionResetError("gone")]
)
async def test_a_body_that_breaks_is_a_bad_request(failure: Exception) -> None:
    with pytest.raises(BadRequest):
        async with arriving(10):
            raise failure


async def test_a_body_that_does_not_come_is_a_timeout() -> None:
    with pytest.raises(RequestTimeout):
        async with arriving(0):
            await asyncio.Event().wait()


async def test_what_the_reader_itself_refuses_stays_what_it_is() -> None:
    with pytest.raises(TooLarge):
        async with arriving(10):
            raise TooLarge("Too much.")


async def test_a_cancellation_stays_one() -> None:
    async def read() -> None:
        async with arriving(10):
            await asyncio.Event().wait()

    reading = asyncio.ensure_future(read())
    await asyncio.sleep(0)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
