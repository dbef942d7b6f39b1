"""Signals that wait for their topic's next tick, merged. [pure]

A topic has a tick for every `1 / SENDS_PER_S` seconds of each follower it has, at least TICK_S and at most SLOWEST_S:
many followers, few ticks. A tick carries `BYTES_PER_S` of signals to a follower; what waits longest goes first, and
what is signalled again meanwhile keeps its place, so that everybody has their turn.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

TICK_S, SLOWEST_S = 0.05, 2.0
GATHER_S = 0.01
SENDS_PER_S = 4_000
"""Frames of signals a second that one topic costs a server at most, over all its followers there."""
ALL_SENDS_PER_S = 20_000
"""The same over all topics: beyond, ticks of all topics become fewer."""
MOST_DEBT_S = 0.25
"""How long one large topic keeps the others waiting at most."""
BYTES_PER_S = 65_536
"""Signals that a follower is sent of one topic; a single one goes whatever its size."""
MAX_WAITING = 1_000
"""Signals that wait per topic, and MAX_TOPICS topics: what is more is dropped, signals are lossy."""
MAX_WEIGHT = 1 << 20
"""Bytes of memory, about, that the signals of one topic wait in, and ALL_WEIGHT those of all topics."""
ALL_WEIGHT = 64 << 20
MAX_TOPICS = 10_000
JOINED_POINTS = 400
"""Points that the parts of one stroke are joined to, at most."""


class Signal:
    """What somebody does just now. origin: the session it came from, where that is one of this node's."""

    __slots__ = ("_json", "data", "origin", "type", "user")

    def __init__(self, user: Mapping[str, str], type: str, data: Mapping[str, Any] | None, *, origin: str = "") -> None:
        self.user = user
        self.type = type
        self.data = data
        self.origin = origin
        self._json: bytes | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """What a newer signal of the same place is merged with: the person's, of that type, of that stroke."""
        stroke = self.data["id"] if self.type == "stroke" and self.data else ""
        return self.user["id"], self.type, stroke

    @property
    def weight(self) -> int:
        """Bytes of memory it takes, about."""
        points = self.data.get("points") if self.type == "stroke" and self.data else None
        return 800 + 40 * len(points or ())

    def as_dict(self) -> dict[str, Any]:
        """Return it as the protocol has it."""
        return {"user": self.user, "type": self.type, "data": self.data}

    def json(self) -> bytes:
        """Return it as JSON, written once."""
        if self._json is None:
            self._json = orjson.dumps(self.as_dict())
        return self._json


def merged(before: Signal, after: Signal) -> Signal:
    """Return what goes out for two signals of one place: the newer one, with what it continues of a stroke."""
    if after.type != "stroke" or before.data is None or after.data is None:
        return after
    first, then = before.data, after.data
    points = len(first["points"]) // 3
    continues = then["from"] == first["from"] + points and points + len(then["points"]) // 3 <= JOINED_POINTS
    if not continues or any(first.get(name) != then.get(name) for name in ("kind", "color", "size")):
        return after
    data = {**then, "from": first["from"], "points": [*first["points"], *then["points"]]}
    return Signal(after.user, after.type, data, origin=after.origin)


class _Waiting:
    """The signals of one topic. due_s: its next tick."""

    __slots__ = ("due_s", "held", "weight")

    def __init__(self) -> None:
        self.held: dict[tuple[str, str, str], Signal] = {}
        self.due_s = 0.0
        self.weight = 0


class Signals:
    """What was signalled since each topic's last tick."""

    def __init__(self, *, sends_per_s: float = ALL_SENDS_PER_S) -> None:
        self._topics: dict[str, _Waiting] = {}
        self._weight = 0
        self._sends_per_s = sends_per_s
        self._sends_left = 0.0
        self._refilled_s: float | None = None

    def __bool__(self) -> bool:
        """Whether something waits, or a topic's next tick is still to be kept in mind."""
        return bool(self._topics)

    def add(self, topic: str, signal: Signal) -> None:
        """Let a signal wait; it is merged with the one that waits in its place."""
        waiting = self._topics.get(topic)
        if waiting is None:
            if len(self._topics) >= MAX_TOPICS:
                return
            waiting = self._topics[topic] = _Waiting()
        before = waiting.held.get(signal.place)
        after = signal if before is None else merged(before, signal)
        more = after.weight - (before.weight if before else 0)
        room = min(MAX_WEIGHT - waiting.weight, ALL_WEIGHT - self._weight)
        if more > room or (before is None and len(waiting.held) >= MAX_WAITING):
            return
        waiting.held[signal.place] = after
        waiting.weight += more
        self._weight += more

    def take(self, now_s: float, size: Callable[[str], int]) -> dict[str, list[Signal]]:
        """Return the signals whose tick has come, by topic, and forget them. size: how many follow a topic here."""
        self._refill(now_s)
        taken = {}
        for topic, waiting in self._due(now_s):
            if not waiting.held:
                del self._topics[topic]
                continue
            if self._sends_left <= 0:
                break
            followers = size(topic)
            self._sends_left = max(self._sends_left - followers, -self._sends_per_s * MOST_DEBT_S)
            taken[topic] = self._batch(waiting, now_s, pause_s(followers))
        return taken

    def wait_s(self, now_s: float) -> float:
        """Return for how long there is no tick: at most TICK_S, and long enough to let several ticks come together."""
        first_s = min([waiting.due_s for waiting in self._topics.values()], default=now_s + TICK_S)
        return min(max(first_s - now_s, GATHER_S), TICK_S)

    def _due(self, now_s: float) -> list[tuple[str, _Waiting]]:
        """Return the topics whose tick has come, the one that waits longest first."""
        due = [item for item in self._topics.items() if item[1].due_s <= now_s]
        due.sort(key=lambda item: item[1].due_s)
        return due

    def _batch(self, waiting: _Waiting, now_s: float, tick_s: float) -> list[Signal]:
        """Take what one tick of a topic carries."""
        room = BYTES_PER_S * tick_s
        waiting.due_s = now_s + tick_s
        batch: list[Signal] = []
        for place, signal in list(waiting.held.items()):
            room -= len(signal.json())
            if room < 0 and batch:
                break
            batch.append(signal)
            del waiting.held[place]
            waiting.weight -= signal.weight
            self._weight -= signal.weight
        return batch

    def _refill(self, now_s: float) -> None:
        since_s, self._refilled_s = self._refilled_s, now_s
        passed_s = SLOWEST_S if since_s is None else max(0.0, now_s - since_s)
        self._sends_left = min(self._sends_left + passed_s * self._sends_per_s, self._sends_per_s * TICK_S)


def pause_s(followers: int) -> float:
    """Return the time between two ticks of a topic that so many follow."""
    return min(max(TICK_S, followers / SENDS_PER_S), SLOWEST_S)
