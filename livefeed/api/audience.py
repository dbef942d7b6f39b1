"""Counts, rosters and signals on their way to the sessions of this process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from livefeed.hub.codec import Codec
from livefeed.hub.held import HeldSignal
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.presence.headcount import shown
from livefeed.presence.roster import Roster, change, whole
from livefeed.presence.signals import Signal
from livefeed.topic import Topic


@dataclass(slots=True, eq=False)
class _Watcher:
    """A session that sees how many, or who, are on a topic.

    greeted: of a room, it is told what changes. count, roster: what it was told last, None: nothing yet.
    """

    session: Session
    rosters: bool
    greeted: bool = False
    count: int | None = None
    roster: Roster | None = None


class SessionAudience:
    """Who asked for counts and rosters, by topic; signals go to every session that follows the topic."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._watching: dict[str, dict[str, _Watcher]] = {}

    def watch(self, session: Session, topic: str, count: int | None, *, roster: bool) -> None:
        """Tell a session the count now and at every change; of a room, whose count is None, from when it is greeted."""
        watcher = self._watching.setdefault(topic, {})[session.id] = _Watcher(session, roster)
        if count is not None:
            self._tell_count([watcher], topic, count)

    def unwatch(self, session: Session, topic: str) -> None:
        """Tell it no more."""
        self.dismiss(topic, session.id)

    def dismiss(self, topic: str, session: str) -> None:
        watching = self._watching.get(topic, {})
        watching.pop(session, None)
        if not watching:
            self._watching.pop(topic, None)

    def size(self, topic: str) -> int:
        return len(self._node.followers(Topic(topic)))

    def show_count(self, topic: str, count: int) -> bool:
        return self._tell_count(self._watching.get(topic, {}).values(), topic, count)

    def greet(self, topic: str, session: str, roster: Roster) -> bool:
        watcher = self._watching.get(topic, {}).get(session)
        if watcher is None:
            return True
        watcher.greeted = True
        return self._tell_roster([watcher], topic, roster)

    def show_roster(self, topic: str, roster: Roster) -> bool:
        return self._tell_roster(self._watching.get(topic, {}).values(), topic, roster)

    def show_signals(self, topic: str, signals: Sequence[Signal]) -> None:
        """Pass signals on; all get the same bytes, but for those whose own is among them. The stalled miss them."""
        held = [HeldSignal(signal.as_dict(), signal.origin, signal.json()) for signal in signals]
        origins, shared = {signal.origin for signal in held}, dict[Codec, bytes]()
        for session in self._node.followers(Topic(topic)):
            codec = session.codec
            if not (session.writable and codec.shared):
                continue
            if session.id in origins:
                others = [signal for signal in held if signal.origin != session.id]
                data = codec.signals(topic, others, alone=True) if others else b""
            else:
                data = shared.get(codec) or shared.setdefault(codec, codec.signals(topic, held))
            if data:
                self._node.put(session, data)

    def _tell_count(self, watchers: Iterable[_Watcher], topic: str, count: int) -> bool:
        """Tell a count to whoever knows another one; return whether all know it now."""
        news = [watcher for watcher in watchers if watcher.count != count]
        awake = [watcher for watcher in news if watcher.session.writable]
        for watcher in awake:
            watcher.count = count
        self._send(awake, topic, {"count": count})
        return len(awake) == len(news)

    def _tell_roster(self, watchers: Iterable[_Watcher], topic: str, roster: Roster) -> bool:
        """Tell each watcher what has changed since it was told; return whether all know it now."""
        news = [watcher for watcher in watchers if watcher.greeted and watcher.roster is not roster]
        awake = [watcher for watcher in news if watcher.session.writable]
        groups: dict[Roster | None, list[_Watcher]] = {}
        for watcher in awake:
            if watcher.rosters:
                groups.setdefault(watcher.roster, []).append(watcher)
            watcher.roster = roster
        for before, group in groups.items():
            told = whole(roster) if before is None else change(before, roster)
            if told:
                self._send(group, topic, {**told, "count": shown(roster.count)})
        self._tell_count([watcher for watcher in awake if not watcher.rosters], topic, shown(roster.count))
        return len(awake) == len(news)

    def _send(self, watchers: Sequence[_Watcher], topic: str, told: Mapping[str, Any]) -> None:
        self._node.send_all(
            [watcher.session for watcher in watchers if topic in watcher.session.subscriptions],
            {"op": "presence", "topic": Topic(topic).shown, **told},
        )
