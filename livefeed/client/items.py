"""What a subscription gives: events, values, gaps, counts, signals. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from livefeed.event import Event, Value
from livefeed.position import Position


@dataclass(frozen=True, slots=True)
class Gap:
    """Some of what came before `at` is lost: reload the snapshot. What follows comes after `at`."""

    at: Position


@dataclass(frozen=True, slots=True)
class Count:
    """About how many are looking at the topic."""

    count: int


@dataclass(frozen=True, slots=True)
class Signal:
    """Something fleeting that somebody did, such as `typing`. user: the contract's user map; data: None: it is over."""

    user: Mapping[str, Any]
    type: str
    data: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Signals:
    """The signals since the last ones, oldest first; lossy by nature."""

    signals: tuple[Signal, ...]


Item = Event | Value | Gap | Count | Signals
