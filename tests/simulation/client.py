"""A client as the protocol wants it: it holds every frame against what happened, and remembers what it was given."""

from __future__ import annotations

import io
import pickle
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldEvent, HeldValue
from livefeed.hub.session import Session
from livefeed.position import Position
from livefeed.topic import Topic
from tests.simulation.history import History

SHARDS = 2


class Violation(AssertionError):
    """A rule of the protocol was broken."""


class RecordingCodec:
    """Frames as maps, each as a pickle that names its codec.

    shared: sessions of one node share an instance, so shared frames are tested too. Otherwise a frame is for one alone.
    """

    def __init__(self, name: str, *, shared: bool = True) -> None:
        self.name = name
        self.shared = shared
        self.envelope_bytes = 100

    def frame(self, frame: Any) -> bytes:
        return pickle.dumps({**frame, "codec": self.name})

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> bytes:
        told = [(event.id, event.data) for event in events]
        return self.frame({"op": "events", "topic": topic, "from": start, "to": end, "events": told})

    def latest(self, topic: str, values: Sequence[HeldValue]) -> bytes:
        told = [(value.key, value.rev, value.data) for value in values]
        return self.frame({"op": "latest", "topic": topic, "values": told})


def decode(data: bytes) -> list[tuple[dict[str, Any], int]]:
    """Return the frames that were joined, each with its size."""
    stream, found = io.BytesIO(data), []
    while (began := stream.tell()) < len(data):
        found.append((pickle.load(stream), stream.tell() - began))
    return found


@dataclass(slots=True, eq=False)
class Wire:
    """A connection: frames under way, lost when it ends.

    high: with more frames than this the transport takes no more until half of them are gone. frozen: the client takes
    nothing.
    """

    high: int
    frames: list[dict[str, Any]] = field(default_factory=list)
    frozen: bool = False

    @property
    def is_full(self) -> bool:
        return len(self.frames) > self.high


@dataclass(slots=True)
class Reading:
    """What a client knows of a topic.

    base: where its unbroken knowledge begins: the `at` of a fresh subscription or of a gap. events: since then.
    ref, since: of the last `subscribe`; what an earlier one brings is not for us.
    refused: the store was away, the client is to ask again.
    """

    replay: int = 0
    ref: int = 0
    since: Position | None = None
    base: Position | None = None
    position: Position | None = None
    events: list[tuple[Position, bytes]] = field(default_factory=list)
    values: dict[str, tuple[Position, bytes]] = field(default_factory=dict)
    answered: bool = False
    gap_due: bool = False
    refused: bool = False

    def restart(self, at: Position) -> None:
        """Begin anew: nothing before `at` is claimed to be known."""
        self.base = self.position = at
        self.events = []
        self.values = {}

    def ask(self, ref: int) -> None:
        """Stand where a new `subscribe` was sent and not answered yet."""
        self.ref = ref
        self.answered = self.gap_due = self.refused = False
        self.since = self.position


class Client:
    """One browser: it may move between nodes and carries its positions along.

    history: what really happened, if that is known: frames are held against it.
    """

    def __init__(self, name: str, history: History | None = None, struck: Counter[str] | None = None) -> None:
        self.name = name
        self.session: Session | None = None
        self.node: Any = None
        self.last_node: str | None = None
        self.ref = 0
        self.leaving = False
        """Whether the node said that it drains."""
        self.readings: dict[str, Reading] = {}
        self.wire = Wire(0)
        self._history = history
        self._struck: Counter[str] = Counter() if struck is None else struck
        self._told: set[str] = set()
        """The topics that may have frames on this connection: answered, and not ended since."""

    def connect(self, node: Any, wire: Wire) -> None:
        """Open a connection."""
        self.node, self.wire, self.last_node = node, wire, node.name
        self.session = node.open(self.name, wire)

    def disconnect(self) -> None:
        """Lose the connection; what was under way is gone."""
        self.session = self.node = None
        self.leaving = False
        self.wire.frames.clear()
        self._told.clear()
        for reading in self.readings.values():
            reading.answered = reading.gap_due = reading.refused = False

    def wants(self, names: Sequence[str]) -> list[Wanted]:
        """Return what a `subscribe` for these topics says now."""
        self.ref += 1
        for name in names:
            self.readings[name].ask(self.ref)
        return [Wanted(Topic(name), self.readings[name].since, self.readings[name].replay) for name in names]

    def receive(self) -> None:
        """Take the next frame from the network."""
        frame = self.wire.frames.pop(0)
        self._demand(frame["codec"] == self.session.codec.name, f"a frame of {frame['codec']}")
        self.hear(frame)

    def hear(self, frame: dict[str, Any]) -> None:
        """Judge a frame, and remember what it says. Raises: Violation."""
        match frame["op"]:
            case "subscribed":
                for topic, answer in frame["topics"].items():
                    self._hear_answer(frame["ref"], topic, answer)
            case "result":
                self._told.difference_update(frame["data"]["topics"])
            case "drain":
                self.leaving = True
            case op:
                topic = frame["topic"]
                self._demand(topic in self._told, f"frames of {topic}, which it does not follow")
                reading = self.readings.get(topic)
                if reading is not None and reading.answered:  # else an unsubscribe, or a subscribe anew, crossed it
                    getattr(self, "_" + op)(Topic(topic).shard(SHARDS), frame, reading)

    def _hear_answer(self, ref: int, topic: str, answer: dict[str, Any]) -> None:
        reading = self.readings.get(topic)
        newest = reading is not None and reading.ref == ref
        if "error" not in answer:
            self._told.add(topic)
            if newest:
                self._subscribed(topic, reading, answer)
        elif newest:
            self._told.discard(topic)
            reading.refused = True

    def _subscribed(self, topic: str, reading: Reading, answer: dict[str, Any]) -> None:
        at, since = Position.parse(answer["at"]), reading.since
        if self._history is not None:
            self._demand(
                self._history.knows(Topic(topic).shard(SHARDS), at), f"{topic} begins at {at}, which never was"
            )
        reading.answered = True
        if answer["resumed"]:
            self._demand(at == since == reading.position, f"{topic}: resumed at {at}, not at {since}")
        else:
            reading.gap_due = since is not None
            reading.restart(at)

    def _events(self, shard: int, frame: dict[str, Any], reading: Reading) -> None:
        topic, start, end, events = frame["topic"], frame["from"], frame["to"], frame["events"]
        self._demand(not reading.gap_due, "events came where a gap was due")
        self._demand(start == reading.position, f"{topic}: from {start} does not follow {reading.position}")
        ids = [id for id, _ in events]
        self._demand(ids == sorted(set(ids)), f"out of order: {ids}")
        self._demand(start <= end and all(start < id <= end for id in ids), f"{ids} are not in ({start}, {end}]")
        if self._history is not None:
            past = self._history.between(shard, start, end)
            self._demand(past is not None, f"{topic}: {start} is not in the past of {end}")
            kept = [(entry.id, entry.data) for entry in past if entry.topic == topic and entry.key is None]
            self._demand(kept == events, f"{topic}: {events} in ({start}, {end}], where {kept} happened")
        reading.position = end
        reading.events += events

    def _gap(self, shard: int, frame: dict[str, Any], reading: Reading) -> None:
        at = Position.parse(frame["at"])
        if self._history is not None:
            self._demand(self._history.knows(shard, at), f"a gap to {at}, which never was")
        self._struck["gap"] += 1
        reading.gap_due = False
        reading.restart(at)

    def _latest(self, shard: int, frame: dict[str, Any], reading: Reading) -> None:
        topic, values = frame["topic"], frame["values"]
        self._demand(not reading.gap_due, "values came where a gap was due")
        self._demand(len({key for key, _, _ in values}) == len(values), f"{topic}: a key twice in {values}")
        revs = [rev for _, rev, _ in values]
        self._demand(revs == sorted(set(revs)), f"{topic}: the revs {revs} do not rise")
        self._demand(revs[-1] <= reading.position, f"{topic}: {revs[-1]} is beyond {reading.position}")
        if self._history is not None:
            past = self._history.between(shard, revs[0], reading.position)
            self._demand(past is not None, f"{topic}: {revs[0]} is not in the past of {reading.position}")
        for key, rev, data in values:
            held = reading.values.get(key)
            if held is None or held[0] < rev:
                reading.values[key] = (rev, data)

    def _demand(self, holds: bool, what: str) -> None:
        if not holds:
            raise Violation(f"{self.name}: {what}")
