"""The hub at work: feeds it from the follower, reads the pages it asks for, writes what it gives out.

One flush pass per turn of the event loop joins what is waiting; there is no fixed tick.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from livefeed.config import Config
from livefeed.errors import Busy, LivefeedError, StoreUnavailable
from livefeed.hub.codec import Codec
from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldValue, image_key
from livefeed.hub.hub import Hub
from livefeed.hub.session import Session
from livefeed.hub.subscription import Join, PageRequest
from livefeed.hub.tail import Tail
from livefeed.position import Position
from livefeed.streams.entry import Entry, Page, StoredValue
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

log = logging.getLogger(__name__)

PAGES_AT_ONCE = 32
LOST_AFTER_S = 10.0
STALL_CHECK_S = 0.05
ASK_AGAIN_S = 0.02
BEATS_AT_ONCE = 100


class Outlet(Protocol):
    """Where a session's bytes go."""

    def write(self, data: bytes) -> None:
        """Hand bytes to the transport; never blocks."""

    def waiting(self) -> int:
        """Return how many bytes the transport still holds."""

    def close(self, code: int, reason: str) -> None:
        """End the connection with a close code of the protocol."""


class Node:
    """All the connections of one process. Owns its tasks between `run` and its cancellation."""

    def __init__(self, streams: Streams, config: Config) -> None:
        self.hub = Hub(
            shards=config.shards,
            tail_events=config.tail_events,
            tail_bytes=config.tail_bytes,
            page_limit=config.page_events,
        )
        self.draining = False
        self._streams = streams
        self._config = config
        self._outlets: dict[Session, Outlet] = {}
        self._stalled: dict[Session, tuple[float, int]] = {}
        self._flush_due = False
        self._tasks: asyncio.TaskGroup | None = None
        self._pages = asyncio.Semaphore(PAGES_AT_ONCE)
        self._lost_since: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Serve until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as self._tasks:
            self._tasks.create_task(self._watch(), name="stalled sessions")
            self._tasks.create_task(self._beat(), name="heartbeats")

    # Connections.

    def admit(self) -> None:
        """Make sure that one more connection can be taken in.

        Raises: Busy when there are too many, or the store is away, or the server drains.
        """
        if self.draining:
            raise Busy("This server is stopping; connect again in a moment.", retry_after_s=1.0)
        if len(self._outlets) >= self._config.sessions:
            raise Busy("This server has as many connections as it takes; try again later.", retry_after_s=5.0)
        if self._backbone_lost():
            raise Busy("The server cannot reach its store; try again in a moment.", retry_after_s=2.0)

    def open(self, session: Session, outlet: Outlet) -> None:
        """Take in a connection that was admitted."""
        self._outlets[session] = outlet

    def close(self, session: Session) -> None:
        """Forget a connection."""
        for name in list(session.subscriptions):
            self.hub.leave(session, name)
        self._outlets.pop(session, None)
        self._stalled.pop(session, None)

    @property
    def sessions(self) -> Iterable[Session]:
        """The open sessions."""
        return list(self._outlets)

    def followers(self, topic: Topic) -> list[Session]:
        """Return the sessions that follow a topic."""
        tail = self.hub.shards[self._streams.shard(topic)].tails.get(topic.name)
        return [subscription.session for subscription in tail.subscriptions] if tail else []

    async def room(self, session: Session) -> None:
        """Wait until a session's transport takes bytes; whoever reads nothing gets no further answers."""
        while not session.writable:
            await asyncio.sleep(STALL_CHECK_S)

    def send(self, session: Session, frame: Mapping[str, object]) -> None:
        """Send one frame behind what is already going out."""
        session.send(frame)
        self.write(session)

    def send_all(self, sessions: Iterable[Session], frame: Mapping[str, object]) -> None:
        """Send one frame to many, encoded once per codec; a session that is stalled misses it."""
        encoded: dict[Codec, bytes] = {}
        for session in sessions:
            if not session.writable:
                continue
            data = encoded.get(session.codec)
            if data is None:
                data = session.codec.frame(frame)
                if session.codec.shared:
                    encoded[session.codec] = data
            session.put(data)
            self.write(session)

    def write(self, session: Session) -> None:
        """Hand over what has gathered for a session."""
        outlet = self._outlets.get(session)
        if outlet is None:
            session.take()
        elif session.outgoing:
            outlet.write(session.take())
            if session.writable and outlet.waiting() > self._config.write_buffer_bytes:
                session.writable = False
                self._stalled[session] = (asyncio.get_running_loop().time(), outlet.waiting())

    def drain(self) -> None:
        """Tell every client to come back elsewhere, spread over `config.drain_s`."""
        self.draining = True
        sessions = list(self._outlets)
        for index, session in enumerate(sessions):
            after_ms = int(1000 * self._config.drain_s * index / max(len(sessions), 1))
            self.send(session, {"op": "drain", "after_ms": after_ms})

    def close_all(self, code: int, reason: str) -> None:
        """End every connection."""
        for outlet in list(self._outlets.values()):
            outlet.close(code, reason)

    # Subscriptions.

    async def subscribe(
        self, session: Session, ref: str | int | None, wanted: Mapping[str, Wanted | LivefeedError]
    ) -> bool:
        """Subscribe to topics that the caller is known to have a right to, and answer; tell whether the store did."""
        reached = True
        joins: dict[str, Join | LivefeedError] = {
            name: self.hub.join(session, item, shard=self._streams.shard(item.topic))
            if isinstance(item, Wanted)
            else item
            for name, item in wanted.items()
        }
        try:
            async with asyncio.timeout(self._config.redis_timeout_s):
                await self._read_joins([join for join in joins.values() if isinstance(join, Join)])
        except (TimeoutError, LivefeedError) as exc:
            reached = False
            for name, join in joins.items():
                if isinstance(join, Join):
                    topic = join.subscription.tail.topic
                    if session.subscriptions.get(topic) is join.subscription:
                        self.hub.leave(session, topic)
                    joins[name] = exc if isinstance(exc, LivefeedError) else StoreUnavailable("The store is silent.")
        self.hub.answer(session, ref, joins)
        self._soon()
        return reached

    async def _read_joins(self, joins: Sequence[Join]) -> None:
        first = True
        while requests := self.hub.unanswered(joins):
            if not first:
                await asyncio.sleep(ASK_AGAIN_S)
            first = False
            waiting = [join for join in joins if join.request in requests]
            await asyncio.gather(*[self._read_join(join) for join in waiting])

    async def _read_join(self, join: Join) -> None:
        assert join.request is not None
        try:
            page, values = await self._read(join.request)
        except StoreUnavailable:
            return
        self.hub.receive_join(join, page, values)

    # What the follower tells.

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        for tail, value in self.hub.advance(shard, entries):
            if image_key(value) is None:
                self.hub.place(tail, HeldValue(value))
            elif self._tasks is not None:
                self._tasks.create_task(self._place(tail, value))
        self._soon()

    def reset(self, shard: int, cut: Position) -> None:
        self.hub.reset(shard, cut)
        self._soon()

    def recheck(self, shard: int) -> None:
        self.hub.recheck(shard)
        self._soon()

    def lost(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._lost_since is None:
            self._lost_since = now
        if self._backbone_lost():
            self.close_all(4002, "the store is away")

    def found(self) -> None:
        self._lost_since = None

    def _backbone_lost(self) -> bool:
        return self._lost_since is not None and asyncio.get_running_loop().time() - self._lost_since > LOST_AFTER_S

    # The flush pass and its pages.

    def _soon(self) -> None:
        if not self._flush_due and self._loop is not None:
            self._flush_due = True
            self._loop.call_soon(self._flush)

    def _flush(self) -> None:
        self._flush_due = False
        for session in self.hub.flush():
            self.write(session)
        if self.hub.pending:
            self._soon()
        for request in self.hub.requests():
            if self._tasks is not None:
                self._tasks.create_task(self._page(request))

    async def _page(self, request: PageRequest) -> None:
        """Read one page for a session that is behind; a failure is asked again."""
        async with self._pages:
            try:
                page, values = await self._read(request)
            except LivefeedError as exc:
                log.info("a page of %s must wait: %s", request.subscription.tail.topic, exc.message)
                await asyncio.sleep(ASK_AGAIN_S * 5)
                self.hub.ask_again(request)
            else:
                if not page.cut_held:
                    await asyncio.sleep(ASK_AGAIN_S)
                self.hub.receive_page(request, page, values)
        self._soon()

    async def _read(self, request: PageRequest) -> tuple[Page, list[HeldValue]]:
        page = await self._streams.page(
            Topic(request.subscription.tail.topic),
            cut=request.cut,
            since=request.since,
            replay=request.replay,
            limit=self.hub.page_limit,
            values=request.values,
        )
        values = await asyncio.gather(*[self._with_image(value) for value in page.values or ()])
        return page, list(values)

    async def _with_image(self, value: StoredValue) -> HeldValue:
        """Fetch the bytes that a value stands for: once per node, however many sessions watch."""
        key = image_key(value)
        if key is None:
            return HeldValue(value)
        return HeldValue(value, await self._streams.store.execute("GET", key))

    async def _place(self, tail: Tail, value: StoredValue) -> None:
        """Fetch a value's bytes and give it to the tail that awaits it; without them it goes out with its URL alone."""
        try:
            held = await self._with_image(value)
        except LivefeedError as exc:
            log.info("the bytes of a preview of %s are left to its address: %s", tail.topic, exc.message)
            held = HeldValue(value)
        self.hub.place(tail, held)
        self._soon()

    async def _beat(self) -> None:
        """Move idle positions on, once per heartbeat, a few sessions at a time."""
        while True:
            await asyncio.sleep(self._config.heartbeat_s)
            for number, session in enumerate(list(self._outlets)):
                if number % BEATS_AT_ONCE == 0:
                    await asyncio.sleep(0)
                if session.writable:
                    self.hub.beat(session)
                    self.write(session)

    async def _watch(self) -> None:
        """Serve stalled sessions when their transports take bytes again; end those that take nothing for too long."""
        while True:
            await asyncio.sleep(STALL_CHECK_S)
            now = asyncio.get_running_loop().time()
            for session, (since, before) in list(self._stalled.items()):
                outlet = self._outlets[session]
                waiting = outlet.waiting()
                if waiting <= self._config.write_buffer_bytes // 2:
                    del self._stalled[session]
                    self.hub.resume(session)
                    self._soon()
                elif waiting <= before - self._config.write_buffer_bytes // 8:
                    self._stalled[session] = (now, waiting)
                elif now - since > self._config.write_timeout_s:
                    outlet.close(4001, "too slow")
