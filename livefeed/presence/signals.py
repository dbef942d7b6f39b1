"""Signals that wait for the next tick, merged: the newest per person and type. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MAX_PER_TOPIC = 100
"""Signals one tick carries per topic; what is more is dropped, signals are lossy."""


class Signals:
    """What was signalled since the last tick."""

    def __init__(self) -> None:
        self._topics: dict[str, dict[tuple[str, str], Mapping[str, Any]]] = {}

    def add(self, topic: str, user: Mapping[str, str], type: str, data: Mapping[str, Any]) -> None:
        """Note a signal; it replaces the same person's last one of that type."""
        held = self._topics.setdefault(topic, {})
        place = (user["id"], type)
        if place in held or len(held) < MAX_PER_TOPIC:
            held[place] = {"user": user, "type": type, "data": data}

    def take(self) -> dict[str, list[Mapping[str, Any]]]:
        """Return what is waiting, by topic, and forget it."""
        topics, self._topics = self._topics, {}
        return {topic: list(held.values()) for topic, held in topics.items()}
