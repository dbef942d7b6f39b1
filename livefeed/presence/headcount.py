"""How many are present on feeds, posts and the like: one node's numbers, told to the others and heard from them. [pure]

Costs the nodes a message each time that numbers change, at most ten a second, and one every HEARTBEAT_S; and the
readers a frame for each change of what is shown, at most one a second.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from livefeed.presence.counts import HEARTBEAT_S, Counts

SHOW_EVERY_S = 1.0
EXACT_TO = 1_000
"""Above it people are told two digits: whether 1,204 or 1,210 are here makes no difference to them."""
MAX_TOPICS = 50_000
"""Topics that one node counts; whoever comes to one more is told of others, and not counted."""


def shown(count: int, before: int = 0) -> int:
    """Return a count as people are told it who were told `before`.

    A rounded one stays while the true one is less than a unit away: people who come and go around a boundary would
    have everybody told again and again.
    """
    if count <= EXACT_TO:
        return count
    unit: int = 10 ** (len(str(count)) - 2)
    return before if before > EXACT_TO and abs(count - before) < unit else count // unit * unit


class Headcount:
    """The numbers of one node, and what it knows of the others'."""

    def __init__(self, node: str) -> None:
        self._node = node
        self._counts = Counts()
        self._here: dict[str, int] = {}
        self._changed: set[str] = set()
        self._told: dict[str, int] = {}
        """What was shown last of each topic that is looked at here."""
        self._unshown: set[str] = set()
        self._again: set[str] = set()
        self._looking: dict[str, int] = {}
        self._greeted = False
        self._next_beat_s = 0.0
        self._next_show_s = 0.0

    def watch(self, topic: str, *, hidden: bool = False) -> int:
        """Count one more who looks here, unless hidden; return how many there are in all, as people are told."""
        self._looking[topic] = self._looking.get(topic, 0) + 1
        if not hidden and (topic in self._here or len(self._here) < MAX_TOPICS):
            self._here[topic] = self._here.get(topic, 0) + 1
            self._note(topic)
        count = shown(self._count(topic), self._told.get(topic, 0))
        if self._told.setdefault(topic, count) != count:
            self._again.add(topic)  # even if the others' number is the right one again by then
        return count

    def unwatch(self, topic: str, *, hidden: bool = False) -> None:
        """Count one less."""
        looking = self._looking.pop(topic, 0) - 1
        if looking > 0:
            self._looking[topic] = looking
        else:
            self._told.pop(topic, None)
        if hidden or topic not in self._here:
            return
        left = self._here.pop(topic) - 1
        if left > 0:
            self._here[topic] = left
        self._note(topic)

    def hear(self, node: str, counts: Mapping[str, int], *, whole: bool, now_s: float) -> None:
        """Take a node's numbers, this one's own among them."""
        self._unshown |= self._counts.tell(node, counts, whole=whole, now_s=now_s)

    def greet(self) -> None:
        """Have everything told again: there is a new node."""
        self._greeted = True

    @property
    def alone(self) -> bool:
        """Whether no other node was heard of late."""
        return self._counts.nodes <= {self._node}

    def show_again(self, topic: str) -> None:
        """Have a count shown once more: somebody could not be told."""
        self._again.add(topic)

    def tell(self, now_s: float) -> dict[str, Any] | None:
        """Return what the other nodes are to be told now: at a heartbeat and to a new node all, else what changed."""
        if now_s >= self._next_beat_s or self._greeted:
            self._next_beat_s, self._greeted = now_s + HEARTBEAT_S, False
            self._changed.clear()
            self._unshown |= self._counts.expire(now_s=now_s)
            return {"node": self._node, "counts": self._here, "whole": True}
        if not self._changed:
            return None
        counts = {topic: self._here.get(topic, 0) for topic in self._changed}
        self._changed.clear()
        return {"node": self._node, "counts": counts, "whole": False}

    def show(self, now_s: float) -> dict[str, int]:
        """Return the counts that have changed for whoever looks here."""
        if now_s < self._next_show_s:
            return {}
        self._next_show_s = now_s + SHOW_EVERY_S
        topics, self._unshown = self._unshown, set()
        again, self._again = self._again, set()
        news = {}
        for topic in (topics | again) & self._looking.keys():
            before = self._told[topic]
            self._told[topic] = count = shown(self._count(topic), before)
            if count != before or topic in again:
                news[topic] = count
        return news

    def _count(self, topic: str) -> int:
        """Return how many there are: here as of now, elsewhere as far as it was heard."""
        return self._counts.without(self._node, topic) + self._here.get(topic, 0)

    def _note(self, topic: str) -> None:
        self._changed.add(topic)
        self._unshown.add(topic)
