"""The hub at work: feeds it from the follower, reads the pages it asks for, writes what it gives out.

One flush pass per turn of the event loop joins what is waiting; there is no fixed tick.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Collection, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from livefeed.config import Config
from livefeed.errors import Busy, LivefeedError, NotFound, StoreUnavailable
from livefeed.hub.admission import Admission
from livefeed.hub.codec import Codec
from livefeed.hub.frames import Wanted
from livefeed.hub.garbage import collect_seldom
from livefeed.hub.held import HeldValue, image_key
from livefeed.hub.hub import Hub
from livefeed.hub.pages import Pages
from livefeed.hub.session import Outlet, Session, drop, ignore
from livefeed.hub.subscription import Join, PageRequest, Stage
from livefeed.hub.tail import Tail
from livefeed.hub.vigil import Vigil
from livefeed.position import Position
from livefeed.streams.entry import Entry, StoredValue
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

log = logging.getLogger(__name__)

LOST_AFTER_S = 10.0
SHARED_S = 0.5
"""How long a page that was read serves others."""
DRAINING, UNAUTHORISED = 4000, 4501
LOST_TOPIC = NotFound("You may not follow this topic any more.")
ASK_AGAIN_S = 0.02


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
        self.rights_lost = 0
        """How often somebody lost a right here. Whoever was asked about rights before it rose must ask again before a
        subscription begins: what ends those of whoever lost one has come by already."""
        self._streams = streams
        self._config = config
        self._admission = Admission(config.admissions_per_s, config.admissions_per_s)
        self._leaving = asyncio.Event()
        """Set when the server drains: whoever waits to be let in is told at once."""
        self._sessions: dict[Session, None] = {}
        self._rooms: dict[Session, asyncio.Future[None]] = {}
        """Whose next message waits until its transport takes bytes: one at a time of each session."""
        self._flush_due = False
        self._tasks: asyncio.TaskGroup | None = None
        self._vigil = Vigil(self.hub, self._sessions, self._soon, config)
        self._pages = Pages(streams, self.start, limit=config.page_events)
        self._lost_since: float | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def run(self) -> None:
        """Serve until cancelled."""
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as self._tasks:
            self._tasks.create_task(self._vigil.watch(), name="stalled sessions")
            self._tasks.create_task(self._vigil.beat(), name="heartbeats")
            self._tasks.create_task(self._forget_pages(), name="shared pages")
            self._tasks.create_task(collect_seldom(), name="cycles")

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Let a connection's work run; it ends with the node at the latest."""
        if self._tasks is None:
            work.close()
        else:
            self._tasks.create_task(work)

    # Connections.

    async def admit(self) -> None:
        """Make sure that one more connection can be taken in, and wait for its turn.

        Raises: Busy when there are too many, or too many at a time, or the store is away, or the server drains.
        """
        self._check_room()
        delay_s = self._admission.ask(asyncio.get_running_loop().time(), random.random())
        if delay_s:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay_s):
                    await self._leaving.wait()
            self._check_room()

    def _check_room(self) -> None:
        if self.draining:
            raise Busy("This server is stopping; connect again in a moment.", retry_after_s=1.0)
        if len(self._sessions) >= self._config.sessions:
            raise Busy("This server has as many connections as it takes; try again later.", retry_after_s=5.0)
        if self._backbone_lost():
            raise Busy("The server cannot reach its store; try again in a moment.", retry_after_s=2.0)

    def open(self, session: Session, outlet: Outlet) -> None:
        """Take in a connection that was admitted."""
        session.outlet = outlet
        self._sessions[session] = None

    def close(self, session: Session) -> None:
        """Forget a connection."""
        for name in list(session.subscriptions):
            self.hub.leave(session, name)
        session.outlet, session.send, session.lost = None, drop, ignore
        self._make_room(session)
        self._sessions.pop(session, None)
        self._vigil.forget(session)

    @property
    def sessions(self) -> Iterable[Session]:
        """The open sessions."""
        return list(self._sessions)

    def followers(self, topic: Topic) -> list[Session]:
        """Return the sessions that follow a topic."""
        tail = self.hub.shards[self._streams.shard(topic)].tails.get(topic.name)
        return [subscription.session for subscription in tail.subscriptions] if tail else []

    async def room(self, session: Session) -> None:
        """Wait until a session's transport takes bytes, or ends; whoever reads nothing gets no further answers."""
        if not session.writable and session.outlet is not None:
            room = self._rooms[session] = asyncio.get_running_loop().create_future()
            await room

    def _make_room(self, session: Session) -> None:
        room = self._rooms.pop(session, None)
        if room is not None and not room.done():
            room.set_result(None)

    def send(self, session: Session, frame: Mapping[str, object]) -> None:
        """Send one frame behind what is already going out."""
        self.hub.send(session, frame)
        self._soon()

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
            self.hub.put(session, data)
        self._soon()

    def put(self, session: Session, data: bytes) -> None:
        """Send encoded frames behind what is already going out."""
        self.hub.put(session, data)
        self._soon()

    def stall(self, session: Session) -> None:
        """Leave a session's cursors where they are: its transport takes nothing more."""
        session.writable = False
        self._vigil.stall(session)

    def resume(self, session: Session) -> None:
        """Serve a session whose transport takes bytes again."""
        self._vigil.forget(session)
        self._make_room(session)
        self.hub.resume(session)
        self._soon()

    def drain(self) -> None:
        """Tell every client to come back elsewhere, spread over `config.drain_s`; a stream can only be ended."""
        self.draining = True
        self._leaving.set()
        sessions = list(self._sessions)
        for index, session in enumerate(sessions):
            after_s = self._config.drain_s * index / len(sessions)
            if session.codec.shared:
                self.send(session, {"op": "drain", "after_ms": int(1000 * after_s)})
            elif session.outlet is not None:
                asyncio.get_running_loop().call_later(after_s, session.outlet.close, DRAINING, "draining")

    def close_all(self, code: int, reason: str) -> None:
        """End every connection."""
        self._flush()
        for session in list(self._sessions):
            if session.outlet is not None:
                session.outlet.close(code, reason)

    # Subscriptions.

    async def subscribe(
        self, session: Session, ref: str | int | None, wanted: Mapping[str, Wanted | LivefeedError]
    ) -> bool:
        """Subscribe to topics that the caller is known to have a right to, and answer; tell whether the store did."""
        if session.outlet is None:
            return False  # it has left, and nobody would end what began now
        joins: dict[str, Join | LivefeedError] = {
            name: self.hub.join(session, item, shard=self._streams.shard(item.topic))
            if isinstance(item, Wanted)
            else item
            for name, item in wanted.items()
        }
        failed = await self._read_joins([join for join in joins.values() if isinstance(join, Join)])
        if failed is not None:
            for name, join in joins.items():
                if isinstance(join, Join):
                    topic = join.subscription.tail.topic
                    if session.subscriptions.get(topic) is join.subscription:
                        self.hub.leave(session, topic)
                    joins[name] = failed
        self.hub.answer(session, ref, joins)
        self._soon()
        return failed is None

    def expel(self, session: Session, topic: str) -> None:
        """End a subscription whose follower has no right to it any more, and say so; a stream ends altogether.

        One that was not answered yet is answered so.
        """
        subscription = session.subscriptions.get(topic)
        if subscription is None:
            return
        answered = subscription.stage is not Stage.JOINING
        self.hub.leave(session, topic)
        session.lost(topic)
        if session.codec.shared and answered:
            self.send(session, {"op": "error", "topic": topic, "code": LOST_TOPIC.code, "message": LOST_TOPIC.message})
        elif not session.codec.shared and session.outlet is not None:
            session.outlet.close(UNAUTHORISED, "no right to a topic any more")

    def followed(self, kinds: Collection[str]) -> list[tuple[Session, str]]:
        """Return who follows which topics of some kinds."""
        return [
            (subscription.session, tail.topic)
            for shard in self.hub.shards
            for tail in shard.tails.values()
            if tail.topic.partition(":")[0] in kinds
            for subscription in tail.subscriptions
        ]

    async def _read_joins(self, joins: Sequence[Join]) -> LivefeedError | None:
        """Read what the joins need that memory cannot tell; return why they could not be read, if they could not."""
        requests = self.hub.unanswered(joins)
        if not requests:
            return None
        try:
            async with asyncio.timeout(self._config.redis_timeout_s):
                while requests:
                    asked = {id(request) for request in requests}
                    waiting = [join for join in joins if id(join.request) in asked]
                    await self._read_all(waiting)
                    requests = self.hub.unanswered(joins)
                    if requests:
                        await asyncio.sleep(ASK_AGAIN_S)
                        requests = self.hub.unanswered(joins)
        except LivefeedError as exc:
            return exc
        except TimeoutError:
            return StoreUnavailable("The store is silent.")
        return None

    async def _read_all(self, joins: Sequence[Join]) -> None:
        """Read the pages of joins; one that could not be read is asked again by whoever waits for them."""
        readings = [self._pages.reading(join.request) for join in joins if join.request is not None]
        await asyncio.wait(readings)
        for join, reading in zip(joins, readings, strict=True):
            if reading.cancelled() or join.request is None:
                continue
            error = reading.exception()
            if error is None:
                found = reading.result()
                join.request = join.request.put_at(found.cut)
                if not self.hub.receive_join(join, found.page, found.values):
                    self._pages.reject(join.request)
            elif not isinstance(error, StoreUnavailable):
                raise error

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
        try:
            touched = self.hub.flush()
        except Exception:  # a defect of ours, or an event that nobody can write: the others go on in the next pass
            log.exception("a flush pass broke down")
            touched = []
        for session in touched:
            try:
                send, data = session.send, session.outgoing
                session.outgoing = b""
                if session.writable:
                    try:
                        sent = send(data)
                    except OSError:  # full, or gone: the transport finds out which
                        sent = 0
                    if sent == len(data):
                        continue
                    data = data[sent:]
                if session.outlet is not None:
                    session.outlet.write(data)
            except Exception:  # a defect of ours, and of this connection alone: those behind it get their bytes
                self._cut(session)
        if self.hub.pending:
            self._soon()
        for request in self.hub.requests():
            self.start(self._page(request))

    def _cut(self, session: Session) -> None:
        """Tell of the error that is being handled, and cut the connection it came from: its stream has a hole now."""
        log.exception("a defect in writing to session %s: its connection is cut", session.id)
        if session.outlet is not None:
            session.outlet.abort()

    async def _page(self, request: PageRequest) -> None:
        """Read one page for a session that is behind; a failure is asked again."""
        try:
            reading = await asyncio.shield(self._pages.reading(request))
        except LivefeedError as exc:
            log.info("a page of %s must wait: %s", request.subscription.tail.topic, exc.message)
            await asyncio.sleep(ASK_AGAIN_S * 5)
            self.hub.ask_again(request)
        else:
            if not reading.page.cut_held:
                await asyncio.sleep(ASK_AGAIN_S)
            if not self.hub.receive_page(request.put_at(reading.cut), reading.page, reading.values):
                self._pages.reject(request)
        self._soon()

    async def _place(self, tail: Tail, value: StoredValue) -> None:
        """Fetch a value's bytes and give it to the tail that awaits it; without them it goes out with its URL alone."""
        try:
            held = await self._pages.with_image(value)
        except LivefeedError as exc:
            log.info("the bytes of a preview of %s are left to its address: %s", tail.topic, exc.message)
            held = HeldValue(value)
        self.hub.place(tail, held)
        self._soon()

    async def _forget_pages(self) -> None:
        """Forget the pages that were shared."""
        while True:
            await asyncio.sleep(SHARED_S)
            self.hub.forget_pages()
            self._pages.forget()
