"""Fan-out in one process: what sessions follow, and where each of them stands. [pure]

Effects go out as values: requests for pages, and sessions with something to write. The rule of positions that this
file carries out is in docs/protocol.md, "Positions"; the names of its guards stand in the comments.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from livefeed.errors import BadRequest, LivefeedError, NotFound
from livefeed.hub.delivery import Delivery
from livefeed.hub.frames import Wanted
from livefeed.hub.held import HeldEvent, HeldValue, image_key
from livefeed.hub.session import Session
from livefeed.hub.shard import Shard
from livefeed.hub.subscription import Join, PageRequest, Stage, Step, Subscription
from livefeed.hub.tail import Tail
from livefeed.position import ZERO, Position
from livefeed.streams.entry import LATEST_KEYS, Entry, Page, StoredEvent, StoredValue

PAGE_FRAMES = 64
"""Pages whose bytes are kept for a moment; a page is bounded by the store's answer."""


class Hub:
    """The tails of a node and the sessions behind them."""

    def __init__(
        self, *, shards: int, tail_events: int, tail_bytes: int, page_limit: int, tail_values: int = LATEST_KEYS
    ) -> None:
        self.shards = [Shard(index) for index in range(shards)]
        self.page_limit = page_limit
        self._tail_events = tail_events
        self._tail_bytes = tail_bytes
        self._tail_values = tail_values
        self._delivery = Delivery(self.shards, self._prove)
        self._requests: list[PageRequest] = []
        self._page_frames: dict[tuple[object, ...], bytes] = {}

    # What the follower tells.

    def advance(self, shard: int, entries: Sequence[Entry]) -> list[tuple[Tail, StoredValue]]:
        """Move the shard's cut over entries that continue its chain.

        Returns: values that stand for bytes, on topics that somebody here follows: to be given to `place` with them, or
        without when they cannot be had. Until then they hold up the later values of their topic.
        """
        there, values = self.shards[shard], []
        for entry in entries:
            there.cut = entry.id
            tail = there.tails.get(entry.topic)
            if tail is None:
                continue
            self._delivery.changed.add(tail)
            if entry.key is None:
                tail.append(HeldEvent(StoredEvent(entry.id, entry.type, entry.data, entry.origin)))
            else:
                tail.unproved.discard(entry.id)
                value = StoredValue(entry.key, entry.id, entry.type, entry.data)
                awaited = image_key(value) is not None
                if tail.place(HeldValue(value, awaited=awaited)) and awaited:
                    values.append((tail, value))
        self._meet(there, entries)
        return values

    def _meet(self, there: Shard, entries: Sequence[Entry]) -> None:
        """Let sessions that were beyond the cut go on from their entry.

        Guard: it is that very entry. Else their position is of another store than the one we follow; they prove it.
        """
        passed = {subscription for subscription in there.ahead if subscription.cursor <= there.cut}
        if passed:
            there.ahead -= passed
            ids = {entry.id for entry in entries}
            for subscription in passed:
                if subscription.cursor in ids:
                    self._delivery.behind.add(subscription)
                else:
                    self._prove(subscription)

    def place(self, tail: Tail, value: HeldValue) -> None:
        """Take a value that `advance` returned; one that a newer, a reset or a lost history has replaced is ignored."""
        if tail.fill(value):
            self._delivery.changed.add(tail)

    def reset(self, shard: int, cut: Position) -> None:
        """Start a shard anew: its chain broke. Every session proves its own position, as after a reconnect."""
        there = self.shards[shard]
        there.cut = cut
        there.epoch += 1
        there.ahead.clear()
        for tail in there.tails.values():
            tail.restart(cut)
            for subscription in tail.subscriptions:
                subscription.rev = ZERO  # guard: the values are given out anew, see `recheck`
                self._prove(subscription)

    def recheck(self, shard: int) -> None:
        """Ask again for what was held beyond the cut: the connection is a new one, the store may be another.

        Guards: pages in flight are discarded (epoch), values that were beyond the cut are read again, sessions beyond
        it resume. Such a value hid the one before it, perhaps of a lower rev than what its readers have: they get all
        values anew.
        """
        there = self.shards[shard]
        there.epoch += 1
        there.ahead.clear()
        for tail in there.tails.values():
            reload = tail.distrust()
            for subscription in tail.subscriptions:
                if reload:
                    subscription.rev = ZERO
                if reload or subscription.cursor > there.cut:
                    self._prove(subscription)

    # What sessions ask.

    def join(self, session: Session, wanted: Wanted, *, shard: int) -> Join:
        """Begin a subscription; a topic that the session already follows is subscribed anew."""
        name, there = wanted.topic.name, self.shards[shard]
        self.leave(session, name)
        tail = there.tails.get(name)
        if tail is None:
            tail = Tail(
                name, there.cut, max_events=self._tail_events, max_bytes=self._tail_bytes, max_values=self._tail_values
            )
            there.tails[name] = tail
        subscription = Subscription(session, shard, tail)
        tail.subscriptions[subscription] = None
        session.subscriptions[name] = subscription
        return Join(subscription, wanted.since, wanted.latest)

    def unanswered(self, joins: Iterable[Join]) -> list[PageRequest]:
        """Return what must still be read before these joins can be answered: nothing, when all pages stand."""
        requests = []
        for join in joins:
            if join.subscription.stage is not Stage.JOINING or self._stands(join) or self._remembers(join):
                continue
            join.request = self._request(join.subscription, join.since, join.replay)
            join.page = None
            requests.append(join.request)
        return requests

    def answer(self, session: Session, ref: str | int | None, joins: Mapping[str, Join | LivefeedError]) -> None:
        """Answer a `subscribe` whose pages all stand, by the names the client used; delivery starts behind it."""
        answers: dict[str, Any] = {}
        for name, join in joins.items():
            if isinstance(join, LivefeedError):
                answers[name] = {"error": join.code}
            elif join.subscription.tail.topic not in session.subscriptions:
                answers[name] = {"error": NotFound.code}  # the right to it was lost meanwhile
            elif join.page is None or join.request is None or join.subscription.stage is not Stage.JOINING:
                answers[name] = {"error": BadRequest.code}  # the same topic came twice, under two spellings
            else:
                resumed = join.since is not None and join.page.good
                at = join.page.at if join.page.good else join.request.cut
                answers[name] = {"at": str(at), "resumed": resumed}
        self.send(session, {"op": "subscribed", **({} if ref is None else {"ref": ref}), "topics": answers})
        for join in joins.values():
            if not isinstance(join, LivefeedError) and join.subscription.stage is Stage.JOINING:
                assert join.page is not None
                assert join.request is not None
                join.subscription.move(Step.ANSWERED)
                self._deliver(join.request, join.page)

    def leave(self, session: Session, name: str) -> Subscription | None:
        """End a subscription, if there is one; the last of a topic takes the tail along."""
        subscription = session.subscriptions.pop(name, None)
        if subscription is None:
            return None
        subscription.move(Step.ENDED)
        self._delivery.behind.discard(subscription)
        session.crowd.pop(subscription, None)
        self.shards[subscription.shard].ahead.discard(subscription)
        tail, tails = subscription.tail, self.shards[subscription.shard].tails
        tail.subscriptions.pop(subscription, None)
        if not tail.subscriptions and tails.get(tail.topic) is tail:
            del tails[tail.topic]
            self._delivery.changed.discard(tail)
        return subscription

    def receive_page(self, request: PageRequest, page: Page, values: Sequence[HeldValue]) -> bool:
        """Take a page that was read for a subscription that is behind.

        Returns: False when it cannot be used and was asked for again; nobody else is to be given it.
        """
        subscription = request.subscription
        if subscription.stage is not Stage.PAGING:
            return True
        if not self._usable(request, page):
            self.ask_again(request)
            return False
        if page.values is not None:
            self.load(request, values)
        subscription.move(Step.CAUGHT_UP)
        self._deliver(request, page)
        return True

    def ask_again(self, request: PageRequest) -> None:
        """Put a request that could not be answered, or not usably, as things stand now."""
        if request.subscription.stage is Stage.PAGING:
            self._requests.append(self._request(request.subscription, request.since, request.replay))

    def receive_join(self, join: Join, page: Page, values: Sequence[HeldValue]) -> bool:
        """Take a page that was read for a join; whether it can be used is asked again when the answer goes out.

        Returns: as `receive_page`.
        """
        request = join.request
        if request is None or join.subscription.stage is not Stage.JOINING:
            return True
        if not self._usable(request, page):
            return False
        join.page = page
        if page.values is not None:
            self.load(request, values)
        return True

    def load(self, request: PageRequest, values: Sequence[HeldValue]) -> None:
        """Take the values that the store had, and show them to whoever follows the topic."""
        tail = request.subscription.tail
        tail.load(values, request.cut)
        self._delivery.changed.add(tail)

    def resume(self, session: Session) -> None:
        """Serve a session whose transport takes bytes again."""
        self._delivery.resume(session)

    def beat(self, session: Session) -> None:
        """Move the session's idle subscriptions to the present cut, so that their positions stay young."""
        for subscription in session.subscriptions.values():
            cut = self.shards[subscription.shard].cut
            if subscription.stage is Stage.LIVE and subscription.cursor < cut:
                self._delivery.serve(subscription, to_cut=True)

    def send(self, session: Session, frame: Mapping[str, Any]) -> None:
        """Put a frame behind what the next pass writes to a session."""
        self._delivery.send(session, frame)

    def put(self, session: Session, data: bytes) -> None:
        """Put encoded frames behind what the next pass writes to a session."""
        self._delivery.put(session, data)

    # What the shell does next.

    def flush(self) -> list[Session]:
        """Give every session that is behind its next bytes; return the sessions that have some."""
        return self._delivery.flush()

    @property
    def pending(self) -> bool:
        """Whether the next flush pass has something to do already."""
        return self._delivery.pending

    def forget_pages(self) -> None:
        """Let go of the bytes of pages that many sessions may have asked for."""
        self._page_frames.clear()

    def requests(self) -> list[PageRequest]:
        """Return the pages that subscriptions need, each once."""
        requests, self._requests = self._requests, []
        return requests

    # Pages.

    def _deliver(self, request: PageRequest, page: Page) -> None:
        """Send what a usable page holds and go on from its end."""
        subscription, complete = request.subscription, True
        if page.good:
            subscription.cursor = page.at
            events, whole = subscription.session.taking(page.events)
            if page.events and not events:
                self._delivery.postpone(subscription)
                return
            complete = page.complete and whole
            end = max(page.at, request.cut) if complete else events[-1].id
            if end > page.at:
                self._send_page(subscription, page.at, end, request.epoch, events)
            elif page.at > self.shards[subscription.shard].cut:
                self.shards[subscription.shard].ahead.add(subscription)
        else:
            frame = {"op": "gap", "topic": subscription.tail.shown, "at": str(request.cut)}
            self.send(subscription.session, frame)
            subscription.cursor = request.cut
            subscription.rev = ZERO
        if complete or not subscription.session.crowd:
            self._delivery.behind.add(subscription)
        else:
            self._delivery.postpone(subscription)  # others wait for their turn

    def _send_page(
        self, subscription: Subscription, start: Position, end: Position, epoch: int, events: Sequence[StoredEvent]
    ) -> None:
        """Send a page's events; who asks the same a moment later gets the same bytes."""
        session, topic = subscription.session, subscription.tail.topic
        key = (session.codec, topic, start, end, epoch)
        frame = self._page_frames.get(key)
        if frame is None:
            frame = session.codec.events(subscription.tail.shown, start, end, [HeldEvent(event) for event in events])
            if session.codec.shared:
                self._page_frames[key] = frame
                if len(self._page_frames) > PAGE_FRAMES:
                    del self._page_frames[next(iter(self._page_frames))]
        self.put(session, frame)
        subscription.cursor = end

    def _remembers(self, join: Join) -> bool:
        """Answer a join from memory if its position is one that the follower itself has passed; tell whether it was.

        Guards: the values are loaded, and the position is proved by the tail: nothing is left to ask the store. What
        follows the position comes from the tail, as for a session that was there all along.
        """
        there, tail = self.shards[join.subscription.shard], join.subscription.tail
        if not tail.loaded:
            return False
        at = there.cut if join.since is None and not join.replay else None
        if join.since is not None and (join.since == there.cut or tail.passed(join.since)):
            at = join.since
        elif join.since is None and join.replay:
            at = tail.before_newest(join.replay)
        if at is None:
            return False
        join.request = PageRequest(join.subscription, join.since, join.replay, at, there.epoch, values=False)
        join.page = Page(cut_held=True, good=True, at=at, events=(), complete=True)
        return True

    def _prove(self, subscription: Subscription) -> None:
        """Ask the store what follows the subscription's own position."""
        if subscription.stage is Stage.LIVE:
            subscription.session.crowd.pop(subscription, None)
            subscription.move(Step.FELL_BEHIND)
            self._requests.append(self._request(subscription, subscription.cursor, 0))

    def _request(self, subscription: Subscription, since: Position | None, replay: int) -> PageRequest:
        there = self.shards[subscription.shard]
        return PageRequest(subscription, since, replay, there.cut, there.epoch, not subscription.tail.loaded)

    def _usable(self, request: PageRequest, page: Page) -> bool:
        """Guards: the page was asked in this epoch, and the round trip itself proves the cut.

        A position beyond the cut of the request that the follower has passed since is asked again: it may be of another
        store than the one we follow.
        """
        there = self.shards[request.subscription.shard]
        passed = page.good and request.cut < page.at <= there.cut
        return request.epoch == there.epoch and page.cut_held and not passed

    def _stands(self, join: Join) -> bool:
        request, page = join.request, join.page
        return request is not None and page is not None and self._usable(request, page)
