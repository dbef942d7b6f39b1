"""From a URL to the store it means."""

from __future__ import annotations

from livefeed.streams.address import Address, Kind
from livefeed.streams.cluster import ClusterStore
from livefeed.streams.connection import RedisStore


def store_at(url: str, *, timeout_s: float, replicas: int = 0) -> RedisStore | ClusterStore:
    """Return the store of a URL, to be entered: see `address.py` for what may be written.

    replicas: how many must have a change before it counts as done.
    Raises: ConfigurationError.
    """
    kind = ClusterStore if Address.parse(url).kind is Kind.CLUSTER else RedisStore
    return kind(url, timeout_s=timeout_s, replicas=replicas)
