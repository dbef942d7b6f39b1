"""From a URL to the store it means, open; or to the reason why it is not to be had."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import hiredis

from livefeed.config import Config
from livefeed.errors import ConfigurationError, StoreUnavailable
from livefeed.streams import fault, keys
from livefeed.streams.address import Address, Kind, Login, Server
from livefeed.streams.cluster import ClusterStore
from livefeed.streams.connection import RedisStore, Spread, Store
from livefeed.streams.fault import Fault
from livefeed.streams.line import LAST_PAUSE_S
from livefeed.streams.link import Link, connect
from livefeed.streams.slots import slot_map
from livefeed.streams.streams import Streams

LOOK_S = 2.0
"""How long one server may take to say what it is; there may be others to ask."""


class NotToBeHad(ConfigurationError):
    """The store could not be opened; the message says why, and never a password."""


@contextlib.asynccontextmanager
async def store_at(url: str, *, timeout_s: float, replicas: int = 0) -> AsyncIterator[RedisStore | ClusterStore]:
    """Open the store of a URL: see `address.py` for what may be written.

    timeout_s: how long a command may take, and how long a store that may come yet is waited for.
    replicas: how many must have a change before it counts as done.
    Raises: ConfigurationError; NotToBeHad, at once where waiting mends nothing.
    """
    address = Address.parse(url)
    await _demand(address, timeout_s=timeout_s)
    kind = ClusterStore if address.kind is Kind.CLUSTER else RedisStore
    async with kind(url, timeout_s=timeout_s, replicas=replicas) as store:
        yield store


async def admit(store: Store, config: Config) -> None:
    """Say what would keep a server with this configuration from starting, and write nothing.

    Raises: ConfigurationError, StoreUnavailable, StoreRefused, as `Streams.open`.
    """
    is_cluster = b"cluster_enabled:1" in await store.execute("INFO", "cluster")
    is_fresh = is_cluster is isinstance(store, Spread) and await store.execute("GET", keys.SHARDS) is None
    if not is_fresh:  # then nothing is written: the number of shards stands, or the store is of another kind
        await Streams(store, config).open()


async def _demand(address: Address, *, timeout_s: float) -> None:
    """Wait until a server of an address can be worked with. Raises: NotToBeHad."""
    clock = asyncio.get_running_loop().time
    deadline = clock() + timeout_s
    while faults := await faults_of(address, timeout_s=min(LOOK_S, timeout_s)):
        if all(one.lasting for one in faults) or clock() >= deadline:
            raise NotToBeHad(fault.sentence(address, faults))
        await asyncio.sleep(LAST_PAUSE_S)


async def faults_of(address: Address, *, timeout_s: float) -> list[Fault]:
    """Return what is wrong with each server of an address; nothing if one of them will do."""
    looks = {Kind.SENTINEL: _look_by_sentinel, Kind.CLUSTER: _look_at_member}
    look = looks.get(address.kind, _look_at_server)
    faults = []
    for server in address.servers:
        found = await look(address, server, timeout_s)
        if found is None:
            return []
        faults.append(found)
    return faults


async def _look_at_server(address: Address, server: Server, timeout_s: float) -> Fault | None:
    replies = await _ask(server, address.login, timeout_s, ("INFO", "cluster"), ("ROLE",))
    if isinstance(replies, Fault):
        return replies
    info, role = replies
    in_cluster = isinstance(info, bytes) and b"cluster_enabled:1" in info  # `Streams.open` says it
    if in_cluster or isinstance(role, hiredis.ReplyError):
        return None
    return fault.of_role(server, role, alone=address.kind is Kind.SINGLE)


async def _look_by_sentinel(address: Address, server: Server, timeout_s: float) -> Fault | None:
    asked_as = address.sentinel_options
    login = Login(asked_as.get("username", ""), asked_as.get("password", ""), 0, address.login.tls)
    where = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.service)
    replies = await _ask(server, login, timeout_s, where, ("SENTINEL", "MASTERS"))
    if isinstance(replies, Fault):
        return replies
    primary, known = replies
    if not isinstance(primary, list):
        names = [one[1].decode() for one in known] if isinstance(known, list) else []
        return fault.of_sentinel(server, address, primary, names)
    return await _look_at_server(address, Server(primary[0].decode(), int(primary[1])), timeout_s)


async def _look_at_member(address: Address, server: Server, timeout_s: float) -> Fault | None:
    replies = await _ask(server, address.login, timeout_s, ("CLUSTER", "SLOTS"), ("CLUSTER", "INFO"))
    if isinstance(replies, Fault):
        return replies
    slots, info = replies
    if isinstance(slots, hiredis.ReplyError) or isinstance(info, hiredis.ReplyError):
        return None  # no Cluster: `Streams.open` says it
    missing = 0 if b"cluster_state:ok" in info else slot_map(slots, info, server).owners.count(None)
    return fault.of_slots(server, missing) if missing else None


async def _ask(server: Server, login: Login, timeout_s: float, *commands: tuple[str, ...]) -> list[Any] | Fault:
    """Put questions on a connection for them alone; a reply may be a hiredis.ReplyError."""
    link = Link()
    try:
        await connect(server, login, link, timeout_s=timeout_s)
        async with asyncio.timeout(timeout_s):
            return [await link.ask(*command) for command in commands]
    except (StoreUnavailable, TimeoutError) as exc:
        return fault.of_connecting(server, login, exc)
    finally:
        link.close()
