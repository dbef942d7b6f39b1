"""Commands and snapshots over HTTP: problems become errors, what may be repeated is repeated."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson

from livefeed.client.errors import Unreachable, from_problem
from livefeed.client.reason import reason_of
from livefeed.client.reconnect import BackOff
from livefeed.errors import LivefeedError, TooLarge

MAX_ANSWER_BYTES = 64 * 1024 * 1024
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=60)
PASSING = frozenset({502, 503, 504})


@dataclass(slots=True)
class Credentials:
    """The token that this client speaks with; None until there is one."""

    token: str | None


class Http:
    """A server's HTTP side. An async context manager.

    patience_s: how long a request that may be repeated is tried.
    """

    def __init__(self, base: str, credentials: Credentials, *, patience_s: float) -> None:
        self._base = base
        self._credentials = credentials
        self._patience_s = patience_s
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Http:
        # A token is all we send: a cookie would make writes subject to the Origin rule.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=TIMEOUT)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def json(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        form: Callable[[], aiohttp.FormData] | None = None,
        key: str | None = None,
        also: int = 200,
    ) -> Any:
        """Return the JSON that the server answers with, or None for an empty answer.

        form: makes the multipart body anew for every try. key: of idempotency; a POST with one may be
        repeated. also: another status that is an answer, not a problem.
        Raises: LivefeedError by the problem's code; Unreachable.
        """
        headers = {} if key is None else {"Idempotency-Key": key}
        if body is not None:
            headers["Content-Type"] = "application/json"
        data = None if body is None else orjson.dumps(body)
        raw = await self._repeat(
            method != "POST" or key is not None,
            lambda: self._once(method, path, query, headers, form() if form else data, also),
        )
        if not raw:
            return None
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError as exc:
            raise Unreachable(f"{self._base} answered something that is no JSON; is it a livefeed server?") from exc

    async def download(self, path: str) -> bytes:
        """Return the bytes at an address. Raises: LivefeedError, Unreachable, TooLarge."""
        return await self._repeat(True, lambda: self._once("GET", path, None, {}, None))

    async def _repeat(self, repeatable: bool, once: Callable[[], Awaitable[bytes]]) -> bytes:
        back_off = BackOff(longest_s=2.0)
        loop = asyncio.get_running_loop()
        until_s = loop.time() + self._patience_s
        while True:
            try:
                return await once()
            except LivefeedError as exc:
                pause_s = back_off.pause_s(random.random(), at_least_s=exc.retry_after_s or 0.0)
                if not repeatable or exc.status not in PASSING or loop.time() + pause_s > until_s:
                    raise
            await asyncio.sleep(pause_s)

    async def _once(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        headers: Mapping[str, str],
        data: Any,
        also: int = 200,
    ) -> bytes:
        if self._session is None:
            raise Unreachable("The client is closed; use it inside 'async with connect(…)'.")
        token = self._credentials.token
        with_token = {**headers, "Authorization": f"Bearer {token}"} if token else dict(headers)
        try:
            async with self._session.request(
                method, self._base + path, params=query, headers=with_token, data=data, allow_redirects=False
            ) as answer:
                raw = await _read(answer)
                if answer.status >= 300 and answer.status != also:
                    raise _problem(answer.status, answer.headers.get("Retry-After"), raw)
                return raw
        except (aiohttp.ClientError, OSError, TimeoutError) as exc:
            raise Unreachable(f"No livefeed server answers at {self._base} ({reason_of(exc)}); is it running?") from exc


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    chunks, size = [], 0
    async for chunk in answer.content.iter_chunked(65_536):
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise TooLarge(f"The server's answer is larger than {MAX_ANSWER_BYTES} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)


def _problem(status: int, retry_after: str | None, raw: bytes) -> LivefeedError:
    body: Any = None
    with contextlib.suppress(orjson.JSONDecodeError):
        body = orjson.loads(raw)
    error = from_problem(status, body)
    if error.retry_after_s is None and retry_after is not None and retry_after.isdigit():
        error.retry_after_s = float(retry_after)
    return error
