"""Finding the primary among servers that replicate each other, and connecting to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import hiredis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from livefeed.errors import StoreUnavailable
from livefeed.streams.address import Address, Kind, Login, Server
from livefeed.streams.link import Link, connect, said, unavailable

SENTINEL_ANSWERS_S = 0.5
SENTINEL_SILENCE_S = 10.0
"""A sentinel that says nothing for so long is asked again, or another one."""
TOLD_FOR_S = 3.0
"""How long the news of a primary spares asking for it; who asks a sentinel that hangs would wait."""
_NEVER_PROMOTED = b"master_replid2:" + 40 * b"0"


class Primary(Protocol):
    """The server that takes writes, wherever it is just now."""

    async def open(self, make: Callable[[], Link]) -> tuple[Link, Server]:
        """Connect one of the links that `make` makes. Raises: StoreUnavailable."""

    async def watch(self, moved: Callable[[Server], None]) -> None:
        """Tell where the primary is whenever somebody says so unasked; until cancelled, if there is such a one."""

    async def close(self) -> None:
        """Let go of what finding it took."""


def primary_of(address: Address, *, timeout_s: float) -> Primary:
    """Return the way to find the primary of an address."""
    if address.kind is Kind.SENTINEL:
        return WatchedPrimary(address, timeout_s=timeout_s)
    if address.kind is Kind.REPLICAS:
        return OneOf(address.servers, address.login, timeout_s=timeout_s)
    return Only(address.servers[0], address.login, timeout_s=timeout_s)


class Only:
    """A server that is said to be the primary; its name may lead to another one tomorrow."""

    def __init__(self, server: Server, login: Login, *, timeout_s: float) -> None:
        self._server, self._login, self._timeout_s = server, login, timeout_s

    async def open(self, make: Callable[[], Link]) -> tuple[Link, Server]:
        link = make()
        await connect(self._server, self._login, link, timeout_s=self._timeout_s)
        return link, self._server

    async def watch(self, moved: Callable[[Server], None]) -> None:
        return

    async def close(self) -> None:
        return


class OneOf:
    """Whichever of some servers says that it is the primary; the one it was before is asked first."""

    def __init__(self, servers: tuple[Server, ...], login: Login, *, timeout_s: float) -> None:
        self._servers, self._login = list(servers), login
        self._each_s = timeout_s / len(servers)

    async def open(self, make: Callable[[], Link]) -> tuple[Link, Server]:
        why = StoreUnavailable("None of the store's servers is a primary just now.", retry_after_s=1.0)
        for server in list(self._servers):
            link = make()
            try:
                await connect(server, self._login, link, timeout_s=self._each_s)
                await demand_primary(link, timeout_s=self._each_s)
            except StoreUnavailable as exc:
                why = exc
            else:
                self._servers.remove(server)
                self._servers.insert(0, server)
                return link, server
        raise why

    async def watch(self, moved: Callable[[Server], None]) -> None:
        return

    async def close(self) -> None:
        return


class WatchedPrimary:
    """The primary as the sentinels know it. redis-py asks them; that it is one is asked of the server itself."""

    def __init__(self, address: Address, *, timeout_s: float) -> None:
        self._address, self._each_s = address, timeout_s / 4
        self._told = address.servers[0], 0.0
        asked_as = address.sentinel_options
        self._sentinel_login = Login(asked_as.get("username", ""), asked_as.get("password", ""), 0, address.login.tls)
        # No socket_timeout: its wait_for may swallow a cancellation (CPython 3.11); ours bound the waits instead.
        options = {
            "socket_timeout": None,
            "socket_connect_timeout": SENTINEL_ANSWERS_S,
            "retry": Retry(NoBackoff(), 0),  # there is another sentinel to ask
            **address.sentinel_options,
        }
        self._sentinel = Sentinel(  # type: ignore[no-untyped-call]
            [(server.host, server.port) for server in address.servers], sentinel_kwargs=options
        )

    async def open(self, make: Callable[[], Link]) -> tuple[Link, Server]:
        why = StoreUnavailable(
            f"The sentinels know no primary of '{self._address.service}' just now; try again in a moment.",
            retry_after_s=1.0,
        )
        for find in (self._just_told, self._primary, self._replicas):
            for server in await find():
                link = make()
                try:
                    await connect(server, self._address.login, link, timeout_s=self._each_s)
                    await demand_primary(link, timeout_s=self._each_s, promoted=find == self._replicas)
                except StoreUnavailable as exc:
                    why = exc
                else:
                    return link, server
        raise why

    async def watch(self, moved: Callable[[Server], None]) -> None:
        """Listen to all sentinels: a primary that hangs breaks no connection, and one of them may hang with it."""
        async with asyncio.TaskGroup() as tasks:
            for sentinel in self._address.servers:
                tasks.create_task(self._listen(sentinel, moved), name=f"sentinel {sentinel}")

    async def _listen(self, sentinel: Server, moved: Callable[[Server], None]) -> None:
        while True:
            link = Link()
            with contextlib.suppress(StoreUnavailable, hiredis.ReplyError, TimeoutError):
                await connect(sentinel, self._sentinel_login, link, timeout_s=self._each_s)
                async with asyncio.timeout(SENTINEL_SILENCE_S):
                    await said(link.ask("SUBSCRIBE", "+switch-master"))
                    for server in await self._primary():
                        moved(server)
                    while True:
                        match (await link.pushed())[-1].decode().split(" "):
                            case [self._address.service, _, _, host, port]:
                                self._told = Server(host, int(port)), asyncio.get_running_loop().time() + TOLD_FOR_S
                                moved(self._told[0])
            link.close()
            await asyncio.sleep(SENTINEL_ANSWERS_S)

    async def _just_told(self) -> list[Server]:
        return [self._told[0]] if asyncio.get_running_loop().time() < self._told[1] else []

    async def _primary(self) -> list[Server]:
        found = await self._ask(self._sentinel.discover_master)
        return [Server(str(found[0]), int(found[1]))] if found else []

    async def _replicas(self) -> list[Server]:
        """The sentinels name a new primary up to a second after it is one; it says so itself at once."""
        found = await self._ask(self._sentinel.discover_slaves)
        return [Server(str(host), int(port)) for host, port in found or ()]

    async def _ask(self, question: Callable[[str], Awaitable[Any]]) -> Any:
        """Ask the sentinels in turn; None if nobody knows. One that hangs is asked last from then on."""
        sentinels = self._sentinel.sentinels
        first = sentinels[0]
        try:
            async with asyncio.timeout(self._each_s):
                return await question(self._address.service)
        except TimeoutError:
            if sentinels[0] is first:
                sentinels.append(sentinels.pop(0))
        except (RedisError, OSError):
            pass
        return None

    async def close(self) -> None:
        for client in self._sentinel.sentinels:
            with contextlib.suppress(RedisError, OSError):
                await client.aclose()


async def demand_primary(link: Link, *, timeout_s: float, promoted: bool = False) -> None:
    """Close a link that leads to a replica. Raises: StoreUnavailable.

    promoted: it must have become a primary by promotion, and not be an old one that came back and was not told yet.
    """
    try:
        async with asyncio.timeout(timeout_s):
            role = (await said(link.ask("ROLE")))[0]
            told = await said(link.ask("INFO", "replication")) if promoted else b""
    except (hiredis.ReplyError, TimeoutError) as exc:
        link.close()
        raise unavailable(exc) from exc
    if role != b"master" or _NEVER_PROMOTED in told:
        link.close()
        raise StoreUnavailable("The store's server is no primary just now; try again in a moment.", retry_after_s=1.0)
