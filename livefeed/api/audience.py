"""Counts and signals on their way to the sessions of this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.topic import Topic


class SessionAudience:
    """Who asked for counts, by topic; signals go to every session that follows the topic."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._watching: dict[str, dict[Session, int]] = {}
        """By topic: who asked, and the count each was told last."""

    def watch(self, session: Session, topic: str, count: int) -> None:
        """Tell a session the count now and at every change."""
        self._watching.setdefault(topic, {})[session] = 0
        self._tell([session], topic, count)

    def unwatch(self, session: Session, topic: str) -> None:
        """Tell it no more."""
        watching = self._watching.get(topic, {})
        watching.pop(session, None)
        if not watching:
            self._watching.pop(topic, None)

    def show_count(self, topic: str, count: int) -> None:
        """Tell the sessions that are present on a topic how many are."""
        self._tell(list(self._watching.get(topic, ())), topic, count)

    def show_signals(self, topic: str, signals: list[Mapping[str, Any]]) -> None:
        """Pass signals on to the sessions that follow a topic; one that is stalled misses them."""
        self._node.send_all(self._node.followers(Topic(topic)), {"op": "signals", "topic": topic, "signals": signals})

    def _tell(self, sessions: Iterable[Session], topic: str, count: int) -> None:
        told = self._watching.get(topic, {})
        news = [session for session in sessions if session.writable and told[session] != count]
        told.update(dict.fromkeys(news, count))
        self._node.send_all(news, {"op": "presence", "topic": topic, "count": count})
