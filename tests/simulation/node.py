"""A node whose every wait is a step of the schedule: the real Hub and the real Follower over the model store.

It does what livefeed/hub/node.py does, without an event loop: a question put to the store, the store's reading of it
and the answer's arrival are separate steps, and anything may happen between them.
"""

from __future__ import annotations

import contextlib
import functools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from unittest import mock
from zlib import crc32

from livefeed.hub import session as session_module
from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldValue
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session
from livefeed.hub.subscription import Join, PageRequest, Question, Stage, Subscription
from livefeed.hub.tail import Tail
from livefeed.position import Position
from livefeed.streams.entry import Entry, Page, StoredValue
from livefeed.topic import Topic
from tests.simulation.asked import Reading, SharedPage, Subscribing
from tests.simulation.client import RecordingCodec, Violation, Wire, decode
from tests.simulation.link import BROKEN, FollowerLink
from tests.simulation.store import ModelStore


@contextlib.contextmanager
def same_order() -> Iterator[None]:
    """Let the hub's sets have the same order at every run: by name, not by address."""
    hashes: dict[type, Callable[[Any], int]] = {
        Subscription: lambda self: crc32(f"{self.session.id} {self.tail.topic}".encode()),
        Session: lambda self: crc32(self.id.encode()),
        Tail: lambda self: crc32(self.topic.encode()),
    }
    with contextlib.ExitStack() as stack:
        for kind, by_name in hashes.items():
            stack.enter_context(mock.patch.object(kind, "__hash__", by_name))
        yield


FRAME_BYTES = 150
"""What a frame costs besides what it holds, at most: nobody counts it."""


@contextlib.contextmanager
def room(size: int) -> Iterator[None]:
    """Let so many bytes of events and values be put before a transport at once."""
    with (
        mock.patch.object(session_module, "OUTGOING_BYTES", size),
        mock.patch.object(session_module, "MOST_BYTES", 2 * size),
    ):
        yield


class Node:
    """One process: sessions, hub, follower, and what is under way to the store."""

    def __init__(
        self,
        name: str,
        *,
        shards: int,
        tail_events: int,
        page_limit: int,
        values: int,
        struck: Counter[str] | None = None,
    ) -> None:
        self.name = name
        self.shards = shards
        self.hub = Hub(
            shards=shards, tail_events=tail_events, tail_bytes=1 << 20, page_limit=page_limit, tail_values=values
        )
        self.tail_events, self.tail_values = tail_events, values
        self.codecs = [RecordingCodec("one"), RecordingCodec("other")]
        self.struck: Counter[str] = Counter() if struck is None else struck
        self.readings: list[Reading] = []
        self.pages: dict[Question, SharedPage] = {}
        self.subscribing: list[Subscribing] = []
        self.sessions: dict[Session, Wire] = {}
        self.flush_due = False
        self.draining = False
        self.link = FollowerLink(self, shards=shards)

    # What the follower tells: as livefeed/hub/node.py does.

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        for tail, value in self.hub.advance(shard, entries):
            self._fetch(tail, value)
        self.flush_due = True

    def reset(self, shard: int, cut: Position) -> None:
        self.struck["reset"] += bool(self.sessions)
        self.hub.reset(shard, cut)
        self.flush_due = True

    def recheck(self, shard: int) -> None:
        self.struck["recheck"] += bool(self.sessions)
        self.hub.recheck(shard)
        self.flush_due = True

    def lost(self) -> None:
        pass

    def found(self) -> None:
        pass

    def _fetch(self, tail: Tail, value: StoredValue) -> None:
        """Read the bytes a value stands for; without them the value goes out as it is."""

        def arrive(image: bytes | None) -> None:
            self.hub.place(tail, HeldValue(value, image))
            self.flush_due = True

        self.readings.append(Reading(arrive, lambda store: b"image", lambda: arrive(None)))

    # Sessions.

    def open(self, name: str, wire: Wire) -> Session:
        session = Session(name, self._codec(name))
        self.sessions[session] = wire
        return session

    def _codec(self, name: str) -> RecordingCodec:
        """Return the codec of a client: one of two that are shared, or its own. Names that end alike have the same."""
        kind = ord(name[-1]) % 4
        return RecordingCodec(name, shared=False) if kind == 3 else self.codecs[kind // 2]

    def close(self, session: Session) -> None:
        for topic in list(session.subscriptions):
            self._leave(session, topic)
        self.subscribing = [item for item in self.subscribing if item.session is not session]
        del self.sessions[session]

    def drain(self) -> None:
        """Tell every client to come back elsewhere, and take no new ones in."""
        self.draining = True
        for session in self.sessions:
            self.hub.send(session, {"op": "drain", "after_ms": 0})
        self.flush_due = True

    def subscribe(self, session: Session, ref: int, wanted: Sequence[Wanted]) -> None:
        joins = {item.topic.name: self.hub.join(session, item, shard=item.topic.shard(self.shards)) for item in wanted}
        self.subscribing.append(Subscribing(session, ref, dict(joins)))
        self._ask_joins(self.subscribing[-1])

    def unsubscribe(self, session: Session, topic: str) -> None:
        self._leave(session, topic)
        self.hub.send(session, {"op": "result", "ref": 0, "data": {"topics": [topic]}})
        self.flush_due = True

    def _leave(self, session: Session, topic: str) -> None:
        left = self.hub.leave(session, topic)
        if left is not None and any(left in shard.ahead for shard in self.hub.shards):
            raise Violation(f"{session.id} left {topic}, and is still awaited beyond the cut")

    def _ask_joins(self, item: Subscribing) -> None:
        joins = [join for join in item.joins.values() if isinstance(join, Join)]
        requests = self.hub.unanswered(joins)
        if not requests:
            self._answer(item)
        for join in joins:
            if join.request in requests:
                item.waiting += 1
                self._read_join(item, join, join.request)

    def _read_join(self, item: Subscribing, join: Join, request: PageRequest) -> None:
        def take(answered: PageRequest, page: Page | None) -> None:
            if page is not None and join.request is request:
                join.request = answered
                if not self.hub.receive_join(join, page, _held(page)):
                    self.pages.pop(answered.question, None)
            item.waiting -= 1
            if item.waiting == 0 and item in self.subscribing:
                self._ask_joins(item)

        self._share(request, take)

    def give_up(self, item: Subscribing) -> None:
        """Answer a `subscribe` for which the store took too long."""
        for name, join in item.joins.items():
            if isinstance(join, Join):
                topic = join.subscription.tail.topic
                if item.session.subscriptions.get(topic) is join.subscription:
                    self.hub.leave(item.session, topic)
                item.joins[name] = BROKEN
        self._answer(item)

    def _answer(self, item: Subscribing) -> None:
        self.subscribing.remove(item)
        self.hub.answer(item.session, item.ref, item.joins)
        self.flush_due = True

    # The flush pass and its pages.

    def flush(self) -> None:
        self.flush_due = False
        written = [self.write(session) for session in self.hub.flush()]
        self.flush_due |= self.hub.pending
        requests = self.hub.requests()
        if self.flush_due and not any(written) and not requests:
            raise Violation("the flush pass has nothing to give, and asks for another one")
        for request in requests:
            self._page(request)

    def beat(self, session: Session) -> None:
        """Let a heartbeat pass."""
        self.hub.beat(session)
        for subscription in session.subscriptions.values():
            tail = subscription.tail
            live = subscription.stage is Stage.LIVE and session.room > 0 and subscription.cursor >= tail.start
            if (
                live
                and not tail.after(subscription.cursor)
                and subscription.cursor < self.hub.shards[subscription.shard].cut
            ):
                raise Violation(f"a heartbeat left {session.id} behind on {tail.topic}")
        self.flush_due = True

    def resume(self, session: Session) -> None:
        """Go on with a session whose transport takes bytes again."""
        self.hub.resume(session)
        self.flush_due = True

    def write(self, session: Session) -> bool:
        """Hand over what has gathered for a session; tell whether it was anything."""
        wire = self.sessions.get(session)
        if wire is None or not session.outgoing:
            session.take()
            return False
        frames = decode(session.take())
        self._check_pressure(session, frames)
        wire.frames += [frame for frame, _ in frames]
        if session.writable and wire.is_full:
            session.writable = False
            self.struck["stalled"] += 1
        return True

    def _check_pressure(self, session: Session, frames: Sequence[tuple[dict[str, Any], int]]) -> None:
        """Raises: Violation where a session that takes nothing is given more, or one gets more than its room."""
        given = [(frame["topic"], size) for frame, size in frames if frame.get("events") or frame.get("values")]
        sizes = [size for _, size in given]
        if sizes and not session.writable:
            raise Violation(f"{session.id} takes nothing, and is given more")
        together = len(given) > 1 and given[-2][0] == given[-1][0]  # an `events` and a `latest` frame went out as one
        if sum(sizes[: -2 if together else -1]) >= session_module.OUTGOING_BYTES:
            raise Violation(f"{session.id} is given {sizes} bytes, with room for {session_module.OUTGOING_BYTES}")
        room = session_module.MOST_BYTES + FRAME_BYTES * len(sizes)
        if len(sizes) > 1 and sum(sizes) > room:  # one alone may be as large as it is
            raise Violation(f"{session.id} is given {sizes} bytes, with room for {room}")

    def _page(self, request: PageRequest) -> None:
        def take(answered: PageRequest, page: Page | None) -> None:
            if page is None:
                self.hub.ask_again(request)
            else:
                if not self.hub.receive_page(answered, page, _held(page)):
                    self.pages.pop(answered.question, None)
                self._note_useless(answered, page)
            self.flush_due = True

        self._share(request, take)

    def _share(self, request: PageRequest, take: Callable[[PageRequest, Page | None], None]) -> None:
        """Read a page; or take one that answers the same question and is on its way, or came a moment ago."""
        shared = self.pages.get(request.question)
        if shared is not None:
            self.struck["shared_page"] += 1
            if request.subscription in shared.useless_to:
                raise Violation(f"{request.subscription.session.id} is given the same useless page again and again")
        else:
            shared = self.pages[request.question] = SharedPage(request.cut)
            arrive = functools.partial(self._arrive, request.question, shared)
            self.readings.append(Reading(arrive, self._reader(request), lambda: arrive(None)))
        if shared.page is not None:
            # As a task of its own would: not within the question.
            self.readings.append(
                Reading(lambda page: take(request.put_at(shared.cut), page), lambda _: shared.page, None)
            )
        else:
            shared.takers.append((request, take))

    def _arrive(self, question: Question, shared: SharedPage, page: Page | None) -> None:
        """Give a page to all who wait for it, and keep it for a moment if it can serve others."""
        if (page is None or not page.cut_held) and self.pages.get(question) is shared:
            del self.pages[question]
        shared.page = page
        takers, shared.takers = shared.takers, []
        for request, take in takers:
            take(request.put_at(shared.cut), page)

    def _note_useless(self, request: PageRequest, page: Page) -> None:
        """Remember whom a page did not serve although the store could prove it: nothing changes by giving it again."""
        shared = self.pages.get(request.question)
        waits = request.subscription.stage is Stage.PAGING
        if shared is not None and shared.page is page and waits and request.epoch == self._epoch(request):
            shared.useless_to.add(request.subscription)

    def _epoch(self, request: PageRequest) -> int:
        return self.hub.shards[request.subscription.shard].epoch

    def forget_pages(self) -> bool:
        """Let go of the pages that came a moment ago; tell whether there were any."""
        self.hub.forget_pages()
        kept = {question: shared for question, shared in self.pages.items() if shared.page is None}
        had, self.pages = len(kept) < len(self.pages), kept
        return had

    def _reader(self, request: PageRequest) -> Callable[[ModelStore], Page]:
        return lambda store: store.page(
            Topic(request.subscription.tail.topic),
            cut=request.cut,
            since=request.since,
            replay=request.replay,
            limit=self.hub.page_limit,
            values=request.values,
        )

    def step_reading(self, reading: Reading, store: ModelStore) -> None:
        """Let the store read a question, or its answer arrive."""
        if reading.was_read:
            self.readings.remove(reading)
            reading.arrive(reading.answer)
        else:
            reading.answer, reading.was_read = reading.read(store), True

    def lose(self, reading: Reading) -> bool:
        """Let the answer never come; tell whether it was still to come."""
        if reading.lose is None:
            return False
        self.readings.remove(reading)
        reading.lose()
        return True

    def break_link(self, chance: random.Random) -> bool:
        """Let the follower's connection end; tell whether there was one."""
        there = not self.link.paused
        self.link.cut(buffered=chance.random() < 0.5)
        return there

    def break_pages(self, chance: random.Random) -> bool:
        """End the commands' connection: some answers are lost, others in the buffer. Tell whether any was lost."""
        lost = [reading for reading in self.readings if chance.random() < 0.5]
        return sum(self.lose(reading) for reading in lost if reading in self.readings) > 0

    def kill(self) -> None:
        self.link.close()

    # What it may hold.

    def check_bounds(self) -> None:
        """Raises: Violation where a tail holds more than it may."""
        for shard in self.hub.shards:
            for tail in shard.tails.values():
                held = len(tail.events), len(tail.values), len(tail.unproved)
                bounds = self.tail_events, self.tail_values, self.tail_values + 1
                if (tail.frames and not self.flush_due) or any(
                    count > bound for count, bound in zip(held, bounds, strict=True)
                ):
                    raise Violation(f"{self.name} holds {held} events, values and unproved of {tail.topic}: {bounds}")

    def check_nothing_left(self) -> None:
        """Raises: Violation where something is held for sessions that are gone."""
        self.hub.flush()
        self.hub.requests()
        self.hub.forget_pages()
        holds = [(name, value) for name, value in vars(self.hub).items() if name != "shards"]
        holds += [("tails", shard.tails) for shard in self.hub.shards] + [
            ("ahead", shard.ahead) for shard in self.hub.shards
        ]
        for name, value in holds:
            if isinstance(value, (dict, list, set)) and value:
                raise Violation(f"{self.name} holds {name} for sessions that are gone: {value}")


def _held(page: Page) -> list[HeldValue]:
    return [HeldValue(value) for value in page.values or ()]
