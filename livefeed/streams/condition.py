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

    def complaints(self, *, replicas: int) -> list[str]:
        """Return what keeps the store from serving, one sentence each. replicas: how many writes wait for."""
        who = f"The server {self.address}" if self.address else "The store"
        if self.silent:
            return [f"{who} does not answer ({self.silent})."]
        found = []
        if self.policy != "noeviction":
            found.append(f"{who} has maxmemory-policy {self.policy}; it must be noeviction, or events vanish.")
        if self.cluster not in ("", "ok"):
            found.append(f"{who} says cluster_state {self.cluster}: slots are without a master, see CLUSTER NODES.")
        if self.replicas < replicas:
            found.append(f"{who} has {self.replicas} replicas, but writes wait for {replicas}.")
        return found


async def conditions(store: Store) -> list[Condition]:
    """Ask every primary how it is. Raises: StoreUnavailable, StoreRefused where not even that can be asked."""
    if not isinstance(store, ClusterStore):
        return [_condition("", await store.execute("INFO"), None)]
    told = dict(await store.ask_each("INFO"))
    states = dict(await store.ask_each("CLUSTER", "INFO"))
    return [
        _condition(str(server), told[server], states.get(server), silent=store.why_silent(server)) for server in told
    ]


async def complaints(store: Store, *, replicas: int = 0) -> list[str]:
    """Return what keeps the store from serving, one sentence each. Raises as `conditions`."""
    return [text for found in await conditions(store) for text in found.complaints(replicas=replicas)]


def _condition(address: str, info: Any, cluster: Any, *, silent: str = "") -> Condition:
    for reply in (info, cluster):
        if isinstance(reply, hiredis.ReplyError):
            return Condition(address, silent=f"it says {reply}")
        if isinstance(reply, LivefeedError):
            return Condition(address, silent=silent or "it was lost just now")
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
