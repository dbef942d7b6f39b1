"""A node whose every wait is a step of the schedule: the real Hub and the real Follower over the model store.

It does what livefeed/hub/node.py does, without an event loop: a question put to the store, the store's reading of it
and the answer's arrival are separate steps, and anything may happen between them.
"""

from __future__ import annotations

import contextlib
import logging
import random
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock
from zlib import crc32

from livefeed.errors import LivefeedError, StoreUnavailable
from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldValue
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session
from livefeed.hub.subscription import Join, PageRequest, Subscription
from livefeed.hub.tail import Tail
from livefeed.position import Position
from livefeed.streams import follower as follower_module
from livefeed.streams.entry import Entry, Page, StoredValue
from livefeed.topic import Topic
from tests.simulation.client import RecordingCodec
from tests.simulation.store import ModelStore

BROKEN = StoreUnavailable("The connection broke.")


class _Asked:
    """A command on its way: whoever drives the coroutine answers it."""

    def __init__(self, command: tuple[Any, ...]) -> None:
        self.command = command

    def __await__(self) -> Generator[_Asked, Any, Any]:
        return (yield self)


class _Slept:
    """The follower pauses before it connects again."""

    def __await__(self) -> Generator[_Slept, Any, Any]:
        return (yield self)


class _Connection:
    async def execute(self, *command: Any, **_: Any) -> Any:
        return await _Asked(command)


class _FakeStore:
    """The `Store` port for the follower: each command is answered by the schedule."""

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[_Connection]:
        yield _Connection()


class _Flag:
    def is_set(self) -> bool:
        return False

    def set(self) -> None:
        pass

    clear = set


async def _sleep(_: float) -> None:
    await _Slept()


_QUIET = logging.getLogger("livefeed.simulation")
_QUIET.disabled = True
_STEPPED = SimpleNamespace(Event=_Flag, sleep=_sleep)
"""What the follower uses of asyncio, as steps of the schedule."""


@contextlib.contextmanager
def _stepped() -> Iterator[None]:
    real = follower_module.asyncio, follower_module.log
    follower_module.asyncio, follower_module.log = _STEPPED, _QUIET  # type: ignore[assignment]
    try:
        yield
    finally:
        follower_module.asyncio, follower_module.log = real


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


class FollowerLink:
    """Drives `Follower.run` command by command."""

    def __init__(self, listener: Any, *, shards: int) -> None:
        self.dead = False
        self._replies: list[Any] = []
        with _stepped():
            follower = follower_module.Follower(_FakeStore(), listener, shards=shards)  # type: ignore[arg-type]
        self._run: Coroutine[Any, Any, None] = follower.run()
        self._waits: Any = None
        self._go(None)

    @property
    def paused(self) -> bool:
        """Whether there is no connection."""
        return isinstance(self._waits, _Slept)

    @property
    def answered(self) -> bool:
        """Whether a reply is in the socket's buffer."""
        return bool(self._replies)

    @property
    def buffers_entries(self) -> bool:
        """Whether the reply in the buffer is one of XREAD."""
        return self.answered and self._waits.command[0] == "XREAD"

    def step(self, store: ModelStore, entries: int) -> bool:
        """Do the next thing on this connection; tell whether there was one. `entries`: COUNT of this XREAD."""
        if self.paused:
            self.dead = False
            self._go(None)
        elif self._replies:
            self._go(self._replies.pop())
        elif self.dead:
            self.notice()
        else:
            command = self._waits.command
            if command[0] == "XREAD":
                command = (*command[:2], entries, *command[3:])
            reply = store.execute(*command)
            if command[0] == "XREAD" and reply is None:
                return False
            self._replies.append(reply)
        return True

    def cut(self, *, buffered: bool) -> None:
        """Let the connection break; what is in the socket's buffer may still be read first."""
        if not buffered:
            self._replies.clear()
        self.dead = not self.paused

    def notice(self) -> None:
        """See that the connection is broken."""
        with _stepped():
            self._waits = self._run.throw(BROKEN)

    def close(self) -> None:
        """The process dies."""
        self._run.close()

    def _go(self, reply: Any) -> None:
        with _stepped():
            self._waits = self._run.send(reply)


@dataclass(slots=True, eq=False)
class Reading:
    """A page, or the bytes of a value, from the question to the arrival of the answer."""

    arrive: Callable[[Any], None]
    read: Callable[[ModelStore], Any]
    lose: Callable[[], None]
    answer: Any = None
    was_read: bool = False


@dataclass(slots=True, eq=False)
class Subscribing:
    """A `subscribe` frame until it is answered."""

    session: Session
    ref: int
    joins: dict[str, Join | LivefeedError]
    waiting: int = 0


class Node:
    """One process: sessions, hub, follower, and what is under way to the store."""

    def __init__(self, name: str, *, shards: int, tail_events: int, page_limit: int, values: int) -> None:
        self.name = name
        self.shards = shards
        self.hub = Hub(
            shards=shards, tail_events=tail_events, tail_bytes=1 << 20, page_limit=page_limit, tail_values=values
        )
        self.codec = RecordingCodec()
        self.readings: list[Reading] = []
        self.subscribing: list[Subscribing] = []
        self.outlets: dict[Session, list[Any]] = {}
        self.flush_due = False
        self.link = FollowerLink(self, shards=shards)

    # What the follower tells: as livefeed/hub/node.py does.

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        for tail, value in self.hub.advance(shard, entries):
            self._fetch(tail, value)
        self.flush_due = True

    def reset(self, shard: int, cut: Position) -> None:
        self.hub.reset(shard, cut)
        self.flush_due = True

    def recheck(self, shard: int) -> None:
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

    def open(self, name: str, network: list[Any]) -> Session:
        session = Session(name, self.codec)
        self.outlets[session] = network
        return session

    def close(self, session: Session) -> None:
        for topic in list(session.subscriptions):
            self.hub.leave(session, topic)
        self.subscribing = [item for item in self.subscribing if item.session is not session]
        del self.outlets[session]

    def subscribe(self, session: Session, ref: int, wanted: Sequence[Wanted]) -> None:
        joins = {item.topic.name: self.hub.join(session, item, shard=item.topic.shard(self.shards)) for item in wanted}
        self.subscribing.append(Subscribing(session, ref, dict(joins)))
        self._ask_joins(self.subscribing[-1])

    def unsubscribe(self, session: Session, topic: str) -> None:
        self.hub.leave(session, topic)

    def _ask_joins(self, item: Subscribing) -> None:
        joins = [join for join in item.joins.values() if isinstance(join, Join)]
        requests = self.hub.unanswered(joins)
        if not requests:
            self.subscribing.remove(item)
            self.hub.answer(item.session, item.ref, item.joins)
            self.flush_due = True
        for join in joins:
            if join.request in requests:
                item.waiting += 1
                self._read_join(item, join)

    def _read_join(self, item: Subscribing, join: Join) -> None:
        request = join.request
        assert request is not None

        def arrive(page: Page | None) -> None:
            if page is not None:
                self.hub.receive_join(join, page, [HeldValue(value) for value in page.values or ()])
            item.waiting -= 1
            if item.waiting == 0 and item in self.subscribing:
                self._ask_joins(item)

        self.readings.append(Reading(arrive, self._reader(request), lambda: arrive(None)))

    # The flush pass and its pages.

    def flush(self) -> None:
        self.flush_due = False
        for session in self.hub.flush():
            self.write(session)
        for request in self.hub.requests():
            self._page(request)

    def beat(self, session: Session) -> None:
        self.hub.beat(session)
        self.write(session)

    def write(self, session: Session) -> None:
        network = self.outlets.get(session)
        if network is not None:
            network += session.outgoing
        session.outgoing.clear()

    def _page(self, request: PageRequest) -> None:
        def arrive(page: Page) -> None:
            self.hub.receive_page(request, page, [HeldValue(value) for value in page.values or ()])
            self.flush_due = True

        def lose() -> None:
            self.hub.ask_again(request)
            self.flush_due = True

        self.readings.append(Reading(arrive, self._reader(request), lose))

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

    def lose(self, reading: Reading) -> None:
        """Let the answer never come."""
        self.readings.remove(reading)
        reading.lose()

    def break_link(self, chance: random.Random) -> None:
        """The follower's connection ends."""
        self.link.cut(buffered=chance.random() < 0.5)

    def break_pages(self, chance: random.Random) -> None:
        """The commands' connection ends: some answers are lost, some were already in the buffer."""
        for reading in list(self.readings):
            if chance.random() < 0.5:
                self.lose(reading)

    def kill(self) -> None:
        self.link.close()
