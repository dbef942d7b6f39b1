"""A client as the protocol wants it: it checks every frame's continuity and remembers what it was given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldEvent, HeldValue
from livefeed.hub.session import Session
from livefeed.position import Position
from livefeed.topic import Topic


class Violation(AssertionError):
    """The rule of positions was broken."""


class RecordingCodec:
    """Frames as maps. Sessions of one node share an instance, so shared frames are tested too."""

    shared = True

    def frame(self, frame: Any) -> Any:
        return dict(frame)

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> Any:
        return {"op": "events", "topic": topic, "from": start, "to": end, "events": [(e.id, e.data) for e in events]}

    def latest(self, topic: str, values: Sequence[HeldValue]) -> Any:
        return {"op": "latest", "topic": topic, "values": [(v.key, v.rev, v.data) for v in values]}


@dataclass(slots=True)
class Reading:
    """What a client knows of a topic.

    base: where its unbroken knowledge begins: the `at` of a fresh subscription or of a gap. events: since then.
    ref, since: of the last `subscribe`; what an earlier one brings is not for us.
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

    def restart(self, at: Position, *, forget: bool = True) -> None:
        """Begin anew: nothing before `at` is claimed to be known."""
        self.base = self.position = at
        self.events = []
        if forget:
            self.values = {}


class Client:
    """One browser: it may move between nodes and carries its positions along."""

    forgets_at_gap = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.session: Session | None = None
        self.node: Any = None
        self.ref = 0
        self.readings: dict[str, Reading] = {}
        self.network: list[dict[str, Any]] = []
        """Frames under way; lost when the connection ends."""

    def disconnect(self) -> None:
        self.session = self.node = None
        self.network.clear()
        for reading in self.readings.values():
            reading.answered = reading.gap_due = False

    def wants(self, names: Sequence[str]) -> list[Wanted]:
        """Return what a `subscribe` for these topics says now."""
        self.ref += 1
        for name in names:
            reading = self.readings[name]
            reading.ref = self.ref
            reading.answered = reading.gap_due = False
            reading.since = reading.position
        return [Wanted(Topic(name), self.readings[name].since, self.readings[name].replay) for name in names]

    def receive(self) -> None:
        """Take the next frame from the network."""
        frame = self.network.pop(0)
        if frame["op"] == "subscribed":
            for topic, answer in frame["topics"].items():
                if "error" not in answer and topic in self.readings and self.readings[topic].ref == frame["ref"]:
                    self._subscribed(topic, self.readings[topic], answer)
            return
        reading = self.readings.get(frame["topic"])
        if reading is None or not reading.answered:
            return  # an unsubscribe, or a subscribe anew, crossed it
        getattr(self, "_" + frame["op"])(frame, reading)

    def _subscribed(self, topic: str, reading: Reading, answer: dict[str, Any]) -> None:
        at, since = Position.parse(answer["at"]), reading.since
        reading.answered = True
        if answer["resumed"]:
            self._demand(at == since == reading.position, f"{topic}: resumed at {at}, not at {since}")
        else:
            reading.gap_due = since is not None
            reading.restart(at)

    def _events(self, frame: dict[str, Any], reading: Reading) -> None:
        start, end, ids = frame["from"], frame["to"], [id for id, _ in frame["events"]]
        self._demand(not reading.gap_due, "events came where a gap was due")
        self._demand(start == reading.position, f"{frame['topic']}: from {start} does not follow {reading.position}")
        self._demand(ids == sorted(set(ids)), f"out of order: {ids}")
        self._demand(start <= end and all(start < id <= end for id in ids), f"{ids} are not in ({start}, {end}]")
        reading.position = end
        reading.events += frame["events"]

    def _gap(self, frame: dict[str, Any], reading: Reading) -> None:
        reading.gap_due = False
        reading.restart(Position.parse(frame["at"]), forget=self.forgets_at_gap)

    def _latest(self, frame: dict[str, Any], reading: Reading) -> None:
        self._demand(not reading.gap_due, "values came where a gap was due")
        for key, rev, data in frame["values"]:
            held = reading.values.get(key)
            if held is None or held[0] < rev:
                reading.values[key] = (rev, data)

    def _demand(self, holds: bool, what: str) -> None:
        if not holds:
            raise Violation(f"{self.name}: {what}")
