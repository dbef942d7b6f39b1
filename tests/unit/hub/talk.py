"""A hub of one shard, fed by hand: what the store would answer is written in the tests."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from typing import Any

from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldEvent, HeldValue
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session
from livefeed.hub.subscription import Join, PageRequest, Subscription
from livefeed.position import ZERO, Position
from livefeed.streams.entry import Entry, Page, StoredEvent, StoredValue
from livefeed.topic import Topic

TOPIC = "app:talk"


def at(n: int) -> Position:
    """Return the n-th position."""
    return Position(1_000, n) if n else ZERO


def event(n: int, text: str = "") -> StoredEvent:
    return StoredEvent(at(n), "said", b'{"text":"%s"}' % (text or str(n)).encode())


class RecordingCodec:
    """Frames as the maps they hold, pickled one behind the other."""

    shared = True
    envelope_bytes = 100

    def frame(self, frame: Any) -> bytes:
        return pickle.dumps(frame)

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> bytes:
        told = [(event.id, event.data) for event in events]
        return pickle.dumps({"op": "events", "topic": topic, "from": start, "to": end, "events": told})

    def latest(self, topic: str, values: Sequence[HeldValue]) -> bytes:
        return pickle.dumps({"op": "latest", "topic": topic, "values": [(v.key, v.rev, v.data) for v in values]})

    def decode(self, data: bytes) -> list[dict[str, Any]]:
        stream, frames = io.BytesIO(data), []
        while stream.tell() < len(data):
            frames.append(pickle.load(stream))
        return frames


class Talk:
    """One topic on one hub, and who listens."""

    def __init__(self, *, tail_events: int = 4, tail_values: int = 3, page_limit: int = 10) -> None:
        self.hub = Hub(
            shards=1, tail_events=tail_events, tail_bytes=1_000_000, page_limit=page_limit, tail_values=tail_values
        )
        self.codec = RecordingCodec()

    def say(self, *ns: int, topic: str = TOPIC, text: str = "") -> None:
        """Let KEPT events come from the follower."""
        for n in ns:
            self._advance(self.entry(n, topic=topic, text=text))

    def entry(self, n: int, *, topic: str = TOPIC, text: str = "") -> Entry:
        """Return what the follower brings of a KEPT event."""
        return Entry(at(n), self.hub.shards[0].cut, topic, "said", event(n, text).data)

    def set(
        self, n: int, key: str, *, image: bool = False, topic: str = TOPIC, text: str = ""
    ) -> list[tuple[Any, StoredValue]]:
        """Let a LATEST value come from the follower; returns what is awaited."""
        more = (b',"image_key":"lf:{s00}:pv:x:1"' if image else b"") + (
            b',"text":"%s"' % text.encode() if text else b""
        )
        data = b'{"n":%d%s}' % (n, more)
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
        session = Session(name, self.codec)
        join = self.hub.join(session, Wanted(Topic(TOPIC), None if since is None else at(since)), shard=0)
        for request in self.hub.unanswered([join]):
            fresh = Page(cut_held=True, good=True, at=request.since or request.cut, events=[], complete=True, values=[])
            self.hub.receive_join(join, page or fresh, [HeldValue(value) for value in values])
        self.hub.answer(session, 1, {TOPIC: join})
        return session

    def listen_from_memory(self, name: str, **asked: int) -> Session:
        """Subscribe a new session that needs no page."""
        session, join, requests = self._join(name, **asked)
        assert not requests
        self.hub.answer(session, 1, {TOPIC: join})
        return session

    def unanswered(self, name: str, **asked: int) -> list[PageRequest]:
        """Return what must be read before a new session can be answered."""
        return self._join(name, **asked)[2]

    def _join(self, name: str, *, since: int | None = None, latest: int = 0) -> tuple[Session, Join, list[PageRequest]]:
        session = Session(name, self.codec)
        wanted = Wanted(Topic(TOPIC), None if since is None else at(since), latest)
        join = self.hub.join(session, wanted, shard=0)
        return session, join, self.hub.unanswered([join])

    def subscription(self, session: Session) -> Subscription:
        return session.subscriptions[TOPIC]

    def flush(self) -> list[Session]:
        return self.hub.flush()

    def given(self, session: Session) -> list[Any]:
        """Flush, and return what the session got since the last time, in short."""
        self.hub.flush()
        return self.taken_short(session)

    def taken_short(self, session: Session) -> list[Any]:
        """Take what the last flush gave a session, in short."""
        return [short(frame) for frame in self.taken(session)]

    def taken(self, session: Session) -> list[dict[str, Any]]:
        """Take what goes out to a session, and return its frames."""
        return self.codec.decode(session.take())

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
