"""A hub of one shard, fed by hand: what the store would answer is written in the tests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldValue
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session
from livefeed.hub.subscription import PageRequest, Subscription
from livefeed.position import ZERO, Position
from livefeed.streams.entry import Entry, Page, StoredEvent, StoredValue
from livefeed.topic import Topic
from tests.simulation.client import RecordingCodec

TOPIC = "app:talk"


def at(n: int) -> Position:
    """Return the n-th position."""
    return Position(1_000, n) if n else ZERO


def event(n: int, text: str = "") -> StoredEvent:
    return StoredEvent(at(n), "said", b'{"text":"%s"}' % (text or str(n)).encode())


class Talk:
    """One topic on one hub, and who listens."""

    def __init__(self, *, tail_events: int = 4, tail_values: int = 3, page_limit: int = 10) -> None:
        self.hub = Hub(
            shards=1, tail_events=tail_events, tail_bytes=100_000, page_limit=page_limit, tail_values=tail_values
        )
        self.codec = RecordingCodec()

    def say(self, *ns: int, topic: str = TOPIC) -> None:
        """Let KEPT events come from the follower."""
        for n in ns:
            self._advance(Entry(at(n), self.hub.shards[0].cut, topic, "said", event(n).data))

    def set(self, n: int, key: str, *, image: bool = False, topic: str = TOPIC) -> list[tuple[Any, StoredValue]]:
        """Let a LATEST value come from the follower; returns what is awaited."""
        data = b'{"n":%d%s}' % (n, b',"image_key":"lf:{s00}:pv:x:1"' if image else b"")
        return self._advance(Entry(at(n), self.hub.shards[0].cut, topic, "value", data, key))

    def _advance(self, entry: Entry) -> list[tuple[Any, StoredValue]]:
        return self.hub.advance(0, [entry])

    def page(self, *ns: int, since: int | None = None, **changes: Any) -> Page:
        """Return the page that holds these events."""
        fields: dict[str, Any] = {"cut_held": True, "good": True, "at": at(since or 0), "complete": True, "values": []}
        return Page(**{**fields, "events": [event(n) for n in ns], **changes})

    def listen(
        self, name: str = "s", since: int | None = None, page: Page | None = None, values: Sequence[StoredValue] = ()
    ) -> Session:
        """Subscribe a new session, its first page answered at once."""
        session = Session(name, self.codec)  # type: ignore[arg-type]
        join = self.hub.join(session, Wanted(Topic(TOPIC), None if since is None else at(since)), shard=0)
        for request in self.hub.unanswered([join]):
            fresh = Page(cut_held=True, good=True, at=request.since or request.cut, events=[], complete=True, values=[])
            self.hub.receive_join(join, page or fresh, [HeldValue(value) for value in values])
        self.hub.answer(session, 1, {TOPIC: join})
        return session

    def subscription(self, session: Session) -> Subscription:
        return session.subscriptions[TOPIC]

    def flush(self) -> list[Session]:
        return self.hub.flush()

    def given(self, session: Session) -> list[Any]:
        """Flush, and return what the session got since the last time, in short."""
        self.hub.flush()
        frames, session.outgoing = session.outgoing, []
        return [short(frame) for frame in frames]

    def asked(self) -> PageRequest:
        """Return the one page that is asked for."""
        (request,) = self.hub.requests()
        return request


def short(frame: Any) -> Any:
    """Return a frame as a tuple: ("events", from, to, [n, …]), ("latest", [n, …]), ("gap", at), ("subscribed", …)."""
    match frame:
        case {"op": "events", "from": start, "to": end, "events": events}:
            return ("events", start.n, end.n, [id.n for id, _ in events])
        case {"op": "latest", "values": values}:
            return ("latest", [rev.n for _, rev, _ in values])
        case {"op": "gap", "at": where}:
            return ("gap", Position.parse(where).n)
        case {"op": "subscribed", "topics": topics}:
            (answer,) = topics.values()
            return ("subscribed", answer.get("error") or (Position.parse(answer["at"]).n, answer["resumed"]))
    return frame
