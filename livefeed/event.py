"""Events: what topics carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from livefeed.position import Position


class Delivery(Enum):
    """How an event reaches its readers."""

    KEPT = "kept"
    """Ordered, resumable, never skipped without a `gap`."""
    LATEST = "latest"
    """Only the newest value per key matters; older ones may never be seen."""


@dataclass(frozen=True, slots=True)
class Event:
    """A KEPT event: `data` is a map of JSON values."""

    id: Position
    type: str
    data: Mapping[str, Any]

    @property
    def time(self) -> int:
        """When it was appended, in milliseconds since 1970."""
        return self.id.ms


@dataclass(frozen=True, slots=True)
class Value:
    """A LATEST value: the newest `data` of `key`; the higher `rev` wins."""

    key: str
    rev: Position
    type: str
    data: Mapping[str, Any]

    @property
    def time(self) -> int:
        """When it was appended, in milliseconds since 1970."""
        return self.rev.ms
