"""Ways to do without a guard: what is put in the place of the real thing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from livefeed.hub.held import HeldEvent, HeldValue
from livefeed.hub.hub import Hub, Shard
from livefeed.hub.subscription import Join, PageRequest, Stage, Step, Subscription
from livefeed.hub.tail import Tail
from livefeed.position import ZERO, Position
from livefeed.streams.chain import Chain
from livefeed.streams.entry import Entry, Page
from livefeed.streams.follower import Follower


def receive_unchecked(self: Chain, entries: Sequence[Entry]) -> tuple[Sequence[Entry], bool]:
    self.cursor = entries[-1].id if entries else self.cursor
    return entries, True


async def holds_always(self: Follower, connection: Any, shard: int, cursor: Position) -> bool:
    return True


def usable_without(*, epoch: bool = True, cut: bool = True, passed: bool = True) -> Any:
    def usable(self: Hub, request: PageRequest, page: Page) -> bool:
        there = self.shards[request.subscription.shard]
        if passed and page.good and request.cut < page.at <= there.cut:
            return False
        return (request.epoch == there.epoch or not epoch) and (page.cut_held or not cut)

    return usable


def stands_once_read(self: Hub, join: Join) -> bool:
    return join.page is not None


def recheck(*, epoch: bool = True, values: bool = True, anew: bool = True, sessions: bool = True) -> Any:
    def recheck(self: Hub, shard: int) -> None:
        there = self.shards[shard]
        there.epoch += epoch
        there.ahead.clear()
        for tail in there.tails.values():
            reload = values and tail.distrust()
            for subscription in tail.subscriptions:
                if reload and anew:
                    subscription.rev = ZERO
                if reload or (sessions and subscription.cursor > there.cut):
                    self._prove(subscription)

    return recheck


def reset(*, epoch: bool = True, prove: bool = True, anew: bool = True) -> Any:
    def reset(self: Hub, shard: int, cut: Position) -> None:
        there = self.shards[shard]
        there.cut = cut
        there.epoch += epoch
        there.ahead.clear()
        for tail in there.tails.values():
            tail.restart(cut)
            for subscription in tail.subscriptions:
                if anew:
                    subscription.rev = ZERO
                if prove:
                    self._prove(subscription)
                elif subscription.stage is Stage.LIVE:
                    subscription.cursor = max(subscription.cursor, cut)

    return reset


def restart(*, events: bool = True, values: bool = True, loaded: bool = True, start: bool = True) -> Any:
    def restart(self: Tail, cut: Position) -> None:
        if events:
            self.events.clear()
            self._bytes = 0
        if values:
            self.values = {}
        if loaded:
            self.loaded = False
        if start:
            self.start = cut

    return restart


def overtaking(self: Tail, rev: Position) -> list[HeldValue]:
    return [value for value in self.values.values() if value.rev > rev and not value.awaited]


def load_all(self: Tail, values: Iterable[HeldValue], cut: Position) -> None:
    for value in values:
        self.place(value)
    self.loaded = True


def meet_anyone(self: Hub, there: Shard, entries: Sequence[Entry]) -> None:
    passed = {subscription for subscription in there.ahead if subscription.cursor <= there.cut}
    there.ahead -= passed
    self._behind |= passed


def serve_without(*, start: bool = True, moves: bool = True, waits: bool = True) -> Any:
    def serve(self: Hub, subscription: Subscription, *, to_cut: bool = False) -> None:
        session, tail = subscription.session, subscription.tail
        if subscription.stage is not Stage.LIVE or not session.writable:
            return
        if start and subscription.cursor < tail.start:
            self._prove(subscription)
            return
        cut = self.shards[subscription.shard].cut
        if waits and subscription.cursor > cut:
            return
        events = tail.after(subscription.cursor)
        values = tail.values_after(subscription.rev)
        end = events[-1].id if events else subscription.cursor
        if to_cut or (moves and values and values[-1].rev > end):
            end = max(end, cut)
        if end > subscription.cursor:
            self._send_events(subscription, end, events)
        if values:
            self._send_values(subscription, values)

    return serve


def deliver_without(
    *, own_cut: bool = True, complete: bool = True, not_back: bool = True, gap: bool = True, forget: bool = True
) -> Any:
    def deliver(self: Hub, request: PageRequest, page: Page) -> None:
        subscription = request.subscription
        cut = request.cut if own_cut else self.shards[subscription.shard].cut
        if page.good or not gap:
            subscription.cursor = page.at
            end = max(page.at, cut) if page.complete or not complete else page.events[-1].id
            if not not_back and page.complete:
                end = cut
            if end > page.at or not not_back:
                self._send_events(subscription, end, [HeldEvent(event) for event in page.events])
            elif page.at > self.shards[subscription.shard].cut:
                self.shards[subscription.shard].ahead.add(subscription)
        else:
            subscription.session.send({"op": "gap", "topic": subscription.tail.topic, "at": str(cut)})
            subscription.cursor = cut
            if forget:
                subscription.rev = ZERO
            self._touched.add(subscription.session)
        self._behind.add(subscription)

    return deliver


def append_without_start(self: Tail, event: HeldEvent) -> None:
    self.events.append(event)
    while len(self.events) > self._max_events:
        self.events.popleft()


def place_any(self: Tail, value: HeldValue) -> bool:
    self.values.pop(value.key, None)
    self.values[value.key] = value
    self.values = dict(sorted(self.values.items(), key=lambda item: item[1].rev))
    return True


def fill_any(self: Tail, value: HeldValue) -> bool:
    return Tail.place(self, value) if value.key not in self.values else False


def request_without_values(self: Hub, subscription: Subscription, since: Position | None, replay: int) -> PageRequest:
    there = self.shards[subscription.shard]
    return PageRequest(subscription, since, replay, there.cut, there.epoch, False)


def ask_never(self: Hub, request: PageRequest) -> None:
    if request.subscription.stage is Stage.PAGING:
        request.subscription.move(Step.CAUGHT_UP)


def resume_nobody(self: Hub, session: Any) -> None:
    session.writable = True
