"""Which of a Cluster's slots a key lives in, and which server a slot. [pure]

Source: the Redis Cluster specification, "Key distribution model" and "Redirection".
"""

from __future__ import annotations

from binascii import crc_hqx
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import hiredis

from livefeed.streams.address import Server
from livefeed.streams.link import Argument

SLOTS = 16_384
_KEYLESS = frozenset(
    {"PING", "INFO", "CONFIG", "TIME", "PUBLISH", "SUBSCRIBE", "CLUSTER", "KEYS", "SCRIPT", "FLUSHALL"}
)


@lru_cache(maxsize=1024)
def _slot_of_tag(tag: str) -> int:
    return crc_hqx(tag.encode(), 0) % SLOTS


def slot(key: str) -> int:
    """Return the slot of a key: the CRC16 (XMODEM) of what stands between its first braces, or of all of it."""
    _, brace, rest = key.partition("{")
    tag, closed, _ = rest.partition("}")
    return _slot_of_tag(tag if brace and closed and tag else key)


def key_of(command: Sequence[Argument]) -> str | None:
    """Return the key that says where a command goes; None for one that any server answers."""
    name = str(command[0]).upper()
    if name in _KEYLESS:
        return None
    match name:
        case "EVAL" | "EVALSHA":
            place = 3
        case "XREAD" | "XREADGROUP":
            place = [str(part).upper() for part in command].index("STREAMS") + 1
        case "XGROUP" | "XINFO" | "OBJECT" | "MEMORY":
            place = 2
        case _:
            place = 1
    key = command[place]
    return key.decode() if isinstance(key, bytes) else str(key)


@dataclass(frozen=True, slots=True)
class SlotMap:
    """What one server says: the master of each slot, everybody it knows, and how far to believe it.

    epoch: rises with every failover. whole: the server sees all slots covered.
    """

    owners: list[Server | None]
    servers: frozenset[Server]
    epoch: int = 0
    whole: bool = True

    @property
    def rank(self) -> tuple[bool, int]:
        """Who sees the whole Cluster is believed before who does not, then who has heard of more failovers."""
        return self.whole, self.epoch


def slot_map(slots: Sequence[Sequence[Any]], info: bytes, asked: Server) -> SlotMap:
    """Read what `CLUSTER SLOTS` and `CLUSTER INFO` answered. asked: who told; an empty host means that one's."""
    owners: list[Server | None] = [None] * SLOTS
    servers = {asked}
    for first, last, *nodes in slots:
        named = [_server(node, asked) for node in nodes]
        servers.update(named)
        owners[first : last + 1] = named[:1] * (last + 1 - first)
    fields = dict(line.split(":", 1) for line in info.decode().split("\r\n") if ":" in line)
    epoch, state = int(fields.get("cluster_current_epoch", 0)), fields.get("cluster_state")
    return SlotMap(owners, frozenset(servers), epoch, state == "ok")


def _server(node: Sequence[Any], asked: Server) -> Server:
    host = (node[0] or b"").decode()
    return Server(host if host not in ("", "?") else asked.host, int(node[1]))


def redirection(reply: hiredis.ReplyError, asked: Server) -> tuple[int, Server]:
    """Return the slot and the server that a MOVED or ASK names."""
    _, slot_, address = str(reply).split(" ")[:3]
    host, _, port = address.rpartition(":")
    return int(slot_), Server(host.strip("[]") or asked.host, int(port))
