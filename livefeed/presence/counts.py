"""How many are present on a topic, over all nodes. [pure]

Every node tells the others its own number per topic when it changes and again at every heartbeat; a node that has not
been heard for `EXPIRES_S` no longer counts. The traffic is one heartbeat per node, not per person.
"""

from __future__ import annotations

from collections.abc import Mapping

HEARTBEAT_S = 10.0
EXPIRES_S = 30.0


class Counts:
    """The sums, from what each node said last."""

    def __init__(self) -> None:
        self._nodes: dict[str, tuple[float, dict[str, int]]] = {}
        self._sums: dict[str, int] = {}

    def of(self, topic: str) -> int:
        """Return how many are present."""
        return self._sums.get(topic, 0)

    @property
    def nodes(self) -> set[str]:
        """The nodes that were heard of late."""
        return set(self._nodes)

    def without(self, node: str, topic: str) -> int:
        """Return how many are present by way of the other nodes."""
        _, held = self._nodes.get(node, (0.0, {}))
        return self.of(topic) - held.get(topic, 0)

    def tell(self, node: str, counts: Mapping[str, int], *, whole: bool, now_s: float) -> set[str]:
        """Take a node's numbers: `whole`, all it has, else only what changed.

        Returns: the topics whose sums changed.
        """
        _, held = self._nodes.get(node, (now_s, {}))
        new = {topic: count for topic, count in ({} if whole else held).items() if topic not in counts}
        new.update({topic: count for topic, count in counts.items() if count > 0})
        self._nodes[node] = (now_s, new)
        return self._add(held, new)

    def expire(self, *, now_s: float) -> set[str]:
        """Forget nodes that were not heard for too long; return the topics whose sums changed."""
        changed: set[str] = set()
        for node, (heard_s, held) in list(self._nodes.items()):
            if now_s - heard_s > EXPIRES_S:
                del self._nodes[node]
                changed |= self._add(held, {})
        return changed

    def _add(self, before: Mapping[str, int], after: Mapping[str, int]) -> set[str]:
        changed = {topic for topic in before.keys() | after.keys() if before.get(topic, 0) != after.get(topic, 0)}
        for topic in changed:
            total = self._sums.get(topic, 0) - before.get(topic, 0) + after.get(topic, 0)
            if total > 0:
                self._sums[topic] = total
            else:
                self._sums.pop(topic, None)
        return changed
