"""How the store's servers are set up, and what about it would lose events or stop writes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import hiredis

from livefeed.errors import LivefeedError
from livefeed.streams.cluster import ClusterStore
from livefeed.streams.connection import Store


@dataclass(frozen=True, slots=True)
class Condition:
    """One primary. address: '' for the only one. silent: why it said nothing, else ''. cluster: its `cluster_state`."""

    address: str
    silent: str = ""
    name: str = ""
    policy: str = ""
    logs: bool = False
    replicas: int = 0
    cluster: str = ""

    def __str__(self) -> str:
        return f"the server {self.address}" if self.address else "the store"

    def complaints(self, *, replicas: int) -> list[str]:
        """Return what keeps the store from serving, one sentence each. replicas: how many writes wait for."""
        if self.silent:
            return [f"{self} does not answer ({self.silent})."]
        found = []
        if self.policy != "noeviction":
            found.append(f"{self} has maxmemory-policy {self.policy}; it must be noeviction, or events vanish.")
        if self.cluster not in ("", "ok"):
            found.append(f"{self} says cluster_state {self.cluster}: slots are without a master, see CLUSTER NODES.")
        if self.replicas < replicas:
            found.append(f"{self} has {self.replicas} replicas, but writes wait for {replicas}.")
        return [text[0].upper() + text[1:] for text in found]


async def conditions(store: Store) -> list[Condition]:
    """Ask every primary how it is. Raises: StoreUnavailable, StoreRefused where not even that can be asked."""
    if not isinstance(store, ClusterStore):
        return [_condition("", await store.execute("INFO"), None)]
    told = dict(await store.ask_each("INFO"))
    states = dict(await store.ask_each("CLUSTER", "INFO"))
    return [_condition(str(server), told[server], states.get(server)) for server in told]


async def complaints(store: Store, *, replicas: int = 0) -> list[str]:
    """Return what keeps the store from serving, one sentence each. Raises as `conditions`."""
    return [text for found in await conditions(store) for text in found.complaints(replicas=replicas)]


def _condition(address: str, info: Any, cluster: Any) -> Condition:
    for reply in (info, cluster):
        if isinstance(reply, LivefeedError | hiredis.ReplyError):
            return Condition(address, silent=reply.message if isinstance(reply, LivefeedError) else str(reply))
    fields = _fields(info)
    version = fields.get("valkey_version") or fields.get("redis_version", "unknown")
    return Condition(
        address,
        name=f"{'Valkey' if 'valkey_version' in fields else 'Redis'} {version}",
        policy=fields.get("maxmemory_policy", "unknown"),
        logs=fields.get("aof_enabled") == "1",
        replicas=int(fields.get("connected_slaves", 0)),
        cluster="" if cluster is None else _fields(cluster).get("cluster_state", "unknown"),
    )


def _fields(raw: bytes) -> Mapping[str, str]:
    lines = raw.decode(errors="replace").splitlines()
    return dict(line.split(":", 1) for line in lines if ":" in line and not line.startswith("#"))
