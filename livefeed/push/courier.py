"""Takes sealed messages to push services."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from livefeed.errors import BadRequest
from livefeed.push.device import Device
from livefeed.push.lanes import AT_ONE_SERVICE, Lanes
from livefeed.push.sealing import Chance, sealed
from livefeed.push.services import Services, is_public
from livefeed.push.vapid import TOKEN_S, Identity
from livefeed.push.verdict import Verdict, rest_s, verdict

log = logging.getLogger(__name__)

ANSWER_S: Final = 10.0
TTL_S: Final = 24 * 3600
"""How long a push service keeps a message for a browser that is not online."""
ORIGINS: Final = 256
"""Push services whose tokens and rests are remembered."""


class PublicResolver(AbstractResolver):
    """Finds the addresses of a name that are on the internet.

    It is asked when a connection is made, so a name that leads elsewhere later is no way in. named: hosts that the
    operator names, wherever they are.
    """

    def __init__(self, named: frozenset[str], resolver: AbstractResolver | None = None) -> None:
        self._named = named
        self._resolver = resolver or ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Raises: OSError where none is public."""
        found = await self._resolver.resolve(host, port, family)
        public = [each for each in found if host in self._named or is_public(each["host"])]
        if not public:
            raise OSError(f"{host} has no public address")
        return public

    async def close(self) -> None:
        await self._resolver.close()


class Courier:
    """Sends to push services; open it with `async with`. It follows no redirection and reads no answer's body."""

    def __init__(self, services: Services, identity: Identity, now_s: Callable[[], float] = time.time) -> None:
        self._services = services
        self._identity = identity
        self._now_s = now_s
        self._session: aiohttp.ClientSession | None = None
        self._lanes = Lanes()
        self._rests: OrderedDict[str, float] = OrderedDict()
        self._tokens: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def __aenter__(self) -> Self:
        hosts = frozenset(urlsplit(origin).hostname or "" for origin in self._services.origins)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=PublicResolver(hosts), limit=4 * AT_ONE_SERVICE),
            timeout=aiohttp.ClientTimeout(total=ANSWER_S),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()

    async def send(self, device: Device, message: bytes, *, topic: str) -> Verdict:
        """Send a message, and return what became of it.

        topic: at most 32 characters of base64url: a later message of the same takes the place of one that was not
        delivered yet. Source: RFC 8030, 5.4.
        """
        try:
            origin = self._services.check(device.endpoint)
            body = sealed(message, device, Chance.fresh())
        except BadRequest:
            return Verdict.GONE  # the settings were others when it came
        try:
            async with self._lanes.place(origin):
                return Verdict.AGAIN if self._resting(origin) else await self._post(origin, device, body, topic)
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            log.info("push service %s cannot be reached: %s", origin, type(exc).__name__)
            return Verdict.AGAIN

    async def _post(self, origin: str, device: Device, body: bytes, topic: str) -> Verdict:
        assert self._session is not None
        headers: dict[str, Any] = {
            "Authorization": self._credentials(origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL_S),
            "Urgency": "normal",
            "Topic": topic,
        }
        request = self._session.post(device.endpoint, data=body, headers=headers, allow_redirects=False)
        async with request as answer:
            found = verdict(answer.status)
            if found is Verdict.AGAIN:
                self._rest(origin, rest_s(answer.headers.get("Retry-After")))
            elif found is Verdict.REFUSED:
                # Never the whole address: who has it may push.
                log.warning("push service %s refuses a message with %d", origin, answer.status)
            return found

    def _credentials(self, origin: str) -> str:
        now_s = self._now_s()
        made_s, token = self._tokens.get(origin, (-TOKEN_S, ""))
        if now_s - made_s > TOKEN_S / 2:
            made_s, token = now_s, self._identity.credentials(origin, now_s=now_s)
            _remember(self._tokens, origin, (made_s, token))
        return token

    def _rest(self, origin: str, seconds: float) -> None:
        _remember(self._rests, origin, asyncio.get_running_loop().time() + seconds)

    def _resting(self, origin: str) -> bool:
        until_s = self._rests.get(origin, 0.0)
        if until_s <= asyncio.get_running_loop().time():
            self._rests.pop(origin, None)
            return False
        return True


def _remember(known: OrderedDict[str, Any], origin: str, value: object) -> None:
    known[origin] = value
    known.move_to_end(origin)
    while len(known) > ORIGINS:
        known.popitem(last=False)
