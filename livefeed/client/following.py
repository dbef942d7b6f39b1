"""One topic as a client follows it: frames in, items out, the position always known. [pure]"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from livefeed.client.errors import ProtocolBroken
from livefeed.client.items import Count, Gap, Item, Signal, Signals
from livefeed.errors import BadPosition, IllegalTransition, LivefeedError
from livefeed.event import Event, Value
from livefeed.position import ZERO, Position

MAX_KEYS = 256
"""Values that may wait, and keys whose revision is remembered: as many as the server keeps of a topic."""
MAX_SIGNALS = 100


class Stage(Enum):
    """What the server knows of a subscription, on the present connection."""

    WANTED = "wanted"
    """It is to be told."""
    ASKED = "asked"
    """It was told and has not answered yet."""
    LIVE = "live"
    FULL = "full"
    """Unsubscribed, because the consumer is slow; goes on from its own position when there is room."""
    ENDED = "ended"


class Step(Enum):
    """What may happen to a subscription."""

    ASKED = "asked"
    ANSWERED = "answered"
    LOST = "lost"
    """The connection is gone, the server is too busy, or frames do not join."""
    OVERFLOWED = "overflowed"
    DRAINED = "drained"
    ENDED = "ended"


TRANSITIONS: dict[Stage, dict[Step, Stage]] = {
    Stage.WANTED: {Step.ASKED: Stage.ASKED, Step.LOST: Stage.WANTED, Step.ENDED: Stage.ENDED},
    Stage.ASKED: {Step.ANSWERED: Stage.LIVE, Step.LOST: Stage.WANTED, Step.ENDED: Stage.ENDED},
    Stage.LIVE: {Step.OVERFLOWED: Stage.FULL, Step.LOST: Stage.WANTED, Step.ENDED: Stage.ENDED},
    Stage.FULL: {Step.DRAINED: Stage.WANTED, Step.LOST: Stage.FULL, Step.ENDED: Stage.ENDED},
    Stage.ENDED: {Step.LOST: Stage.ENDED, Step.ENDED: Stage.ENDED},
}


def advance(stage: Stage, step: Step) -> Stage:
    """Return the stage after `step`. Raises: IllegalTransition."""
    try:
        return TRANSITIONS[stage][step]
    except KeyError:
        raise IllegalTransition(stage, step) from None


class Following:
    """Folds the frames of one topic and keeps what its consumer has not taken yet.

    Bounds: events and gaps are never dropped; when `max_waiting` of them wait (one frame more at most), the
    topic is unsubscribed and later resumed from where it stopped. Values are conflated by key: the newest of
    the MAX_KEYS most recently changed ones wait. Of counts the newest waits, of signals the newest
    MAX_SIGNALS.
    """

    def __init__(
        self,
        topic: str,
        *,
        since: Position | None = None,
        latest: int = 0,
        presence: bool = False,
        max_waiting: int = 1_000,
    ) -> None:
        self.topic = topic
        self.stage = Stage.WANTED
        self.ref: int | None = None
        self.answered = False
        self.failure: LivefeedError | None = None
        self.position = since
        """Where the consumer stands: everything up to it was taken. It moves when a frame's last event is taken."""
        self.received = since
        """Where the connection stands: everything up to it was taken or waits here."""
        self._latest = latest
        self._presence = presence
        self._max_waiting = max_waiting
        self._kept: deque[tuple[Position, Event | Gap, Position]] = deque()
        """What waits, between the position that its frame began at and the one that it takes the consumer to."""
        self._gaps = 0
        """How many gaps wait among it."""
        self._values: dict[str, Value] = {}
        self._revs: dict[str, Position] = {}
        self._count: Count | None = None
        self._signals: deque[Signal] = deque(maxlen=MAX_SIGNALS)
        self._durable_next = False

    # Towards the server.

    def options(self) -> dict[str, Any]:
        """Return what `subscribe` asks of this topic as things stand."""
        options: dict[str, Any] = {}
        if self.received is not None:
            options["since"] = str(self.received)
        elif self._latest:
            options["latest"] = self._latest
        if self._presence:
            options["presence"] = "count"
        return options

    def move(self, step: Step) -> None:
        """Take a step of the table. Raises: IllegalTransition."""
        self.stage = advance(self.stage, step)
        if step in (Step.LOST, Step.DRAINED):
            self.ref = None

    def fail(self, error: LivefeedError) -> None:
        """End for good; what waits can still be taken."""
        self.failure = self.failure or error
        self.move(Step.ENDED)

    # From the server.

    def receive(self, op: str, frame: Mapping[str, Any]) -> bool:
        """Fold a frame of this topic; outside of LIVE it is of an earlier subscription and passed over.

        Returns: whether too much waits now, and the server is to be told to stop.

        Raises: ProtocolBroken when frames do not join: then nothing of this one is kept, and the topic is to
        be asked anew from `received`.
        """
        if self.stage is not Stage.LIVE:
            return False
        try:
            self._fold(op, frame)
        except (KeyError, TypeError, AttributeError, BadPosition) as exc:
            raise ProtocolBroken(f"The server sent a '{op}' frame of '{self.topic}' that cannot be read.") from exc
        if len(self._kept) <= self._max_waiting:
            return False
        self.move(Step.OVERFLOWED)
        return True

    def subscribed(self, answer: Mapping[str, Any]) -> None:
        """Take the answer to `subscribe`. Raises: ProtocolBroken."""
        try:
            at, resumed = Position.parse(answer["at"]), answer["resumed"] is True
        except (KeyError, TypeError, BadPosition) as exc:
            raise ProtocolBroken(f"The server's answer about '{self.topic}' cannot be read.") from exc
        if resumed and at != self.received:
            raise ProtocolBroken(f"The server resumed '{self.topic}' from elsewhere than asked.")
        self.move(Step.ANSWERED)
        self.answered = True
        if resumed or self.received is None:
            self._move_to(at)
        # Otherwise a gap follows. Until it is here we stand where we stood: a connection that is lost in
        # between must not turn the gap into a silent hole.

    def _fold(self, op: str, frame: Mapping[str, Any]) -> None:
        match op:
            case "events":
                self._take_events(frame)
            case "latest":
                self._take_values(frame["values"])
            case "gap":
                at = Position.parse(frame["at"])
                self._forget_values()
                self._kept.append((at, Gap(at), at))
                self._gaps += 1
                self.received = at
            case "presence":
                self._count = Count(int(frame["count"]))
            case "signals":
                self._signals.extend([_signal(item) for item in frame["signals"]])

    def _take_events(self, frame: Mapping[str, Any]) -> None:
        start, end = Position.parse(frame["from"]), Position.parse(frame["to"])
        if start != self.received:
            raise ProtocolBroken(f"Frames of '{self.topic}' do not join: {start} after {self.received}.")
        events = [Event(Position.parse(item["id"]), str(item["type"]), dict(item["data"])) for item in frame["events"]]
        # An event keeps its id on every topic that carries it: only the frame tells positions.
        self._kept.extend((start, event, start) for event in events)
        self._move_to(end)

    def _move_to(self, end: Position) -> None:
        """Stand at `end`; the consumer does too, once it has taken what waits."""
        self.received = end
        if self._kept:
            start, item, _ = self._kept[-1]
            self._kept[-1] = (start, item, end)
        else:
            self.position = end

    def _take_values(self, raw: Iterable[Mapping[str, Any]]) -> None:
        values = [
            Value(str(item["key"]), Position.parse(item["rev"]), str(item["type"]), dict(item["data"])) for item in raw
        ]
        for value in values:
            known = self._revs.pop(value.key, ZERO)
            if value.rev > known:
                self._values.pop(value.key, None)
                self._values[value.key] = value
            self._revs[value.key] = max(known, value.rev)
        for held in (self._values, self._revs):
            while len(held) > MAX_KEYS:
                del held[next(iter(held))]

    def _forget_values(self) -> None:
        self._values.clear()
        self._revs.clear()

    # Towards the consumer.

    @property
    def waiting(self) -> int:
        """How many items wait for the consumer."""
        return len(self._kept) + len(self._values) + (self._count is not None) + bool(self._signals)

    def take(self) -> Item | None:
        """Return the next item, or None.

        A value comes when the events before its revision have been taken, and never before a gap, which would
        make the consumer forget it. What is fleeting (counts, signals) takes turns with what is not, so that
        neither starves.
        """
        fleeting = self._take_fleeting() if not self._durable_next else None
        item = fleeting or self._take_durable() or self._take_fleeting()
        self._durable_next = fleeting is not None
        if self.stage is Stage.FULL and len(self._kept) <= self._max_waiting // 2:
            self.move(Step.DRAINED)
        return item

    def _take_fleeting(self) -> Item | None:
        if self._count is not None:
            count, self._count = self._count, None
            return count
        if self._signals:
            signals = Signals(tuple(self._signals))
            self._signals.clear()
            return signals
        return None

    def _take_durable(self) -> Item | None:
        key = next(iter(self._values), None)
        if self._kept and (key is None or self._gaps or self._kept[0][0] < self._values[key].rev):
            _, item, self.position = self._kept.popleft()
            self._gaps -= isinstance(item, Gap)
            return item
        return None if key is None else self._values.pop(key)


def _signal(told: Mapping[str, Any]) -> Signal:
    data = told["data"]
    return Signal(dict(told["user"]), str(told["type"]), None if data is None else dict(data))
