"""What a client may know once nothing happens any more."""

from __future__ import annotations

from livefeed.position import ZERO, Position
from livefeed.topic import Topic
from tests.simulation.client import Reading, Violation
from tests.simulation.store import ModelStore


class Judge:
    """Compares what one client knows of one topic with the final history.

    expired_ms: values of before then outlived their time on some server, and may be forgotten.
    """

    def __init__(self, where: str, topic: Topic, reading: Reading, store: ModelStore, expired_ms: int) -> None:
        self.where = where
        self.reading = reading
        self.log = store.state.log.get(topic.shard(store.shards), ())
        self.kept = [(entry.id, entry.data) for entry in self.log if entry.topic == topic.name and entry.key is None]
        self.newest = {
            value.key: (value.rev, value.data) for value in store.values(topic) if value.rev.ms >= expired_ms
        }
        self.revs = {entry.id: entry.data for entry in self.log if entry.topic == topic.name and entry.key is not None}

    def judge(self) -> None:
        """Raises: Violation."""
        reading = self.reading
        demand(reading.answered, f"{self.where} waits for its answer for ever")
        demand(not reading.gap_due, f"{self.where} waits for its gap for ever")
        assert reading.base is not None
        assert reading.position is not None
        self._in_history(reading.position, "its position")
        self._in_history(reading.base, "where it began")
        expected = [(id, data) for id, data in self.kept if id > reading.base]
        demand(reading.events == expected, f"{self.where} knows {reading.events}, not {expected}, since {reading.base}")
        for key, value in self.newest.items():
            demand(
                reading.values.get(key) == value, f"{self.where} holds {reading.values.get(key)} for {key}, not {value}"
            )
        for key, (rev, data) in reading.values.items():
            demand(self.revs.get(rev) == data, f"{self.where} holds {rev} for {key}, which is lost")

    def _in_history(self, position: Position, what: str) -> None:
        there = position == ZERO or any(entry.id == position for entry in self.log)
        demand(there, f"{self.where}: {what} {position} is not in the final history, and nobody said so")


def demand(holds: bool, what: str) -> None:
    """Raises: Violation unless it holds."""
    if not holds:
        raise Violation(what)
