"""The flush pass: which session is given which bytes next. [pure]

Sessions that are up to date cost nothing; sessions at the same cursor share their bytes. The names of the guards stand
in the comments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from livefeed.hub.codec import Codec
from livefeed.hub.held import HeldEvent, HeldValue, fitting
from livefeed.hub.session import Session
from livefeed.hub.shard import Shard
from livefeed.hub.subscription import Stage, Subscription
from livefeed.hub.tail import Tail
from livefeed.position import ZERO, Position

Given = tuple[Position, Position, Position, Position, bytes]
"""What a subscription was given: the cursor and rev it stood at, those it stands at now, the bytes."""
NOTHING: Given = (Position(-1, 0), ZERO, ZERO, ZERO, b"")


class Delivery:
    """What has changed since the last pass, and who was given something.

    prove: called with a subscription that stands before its tail: only the store knows what follows.
    """

    def __init__(self, shards: Sequence[Shard], prove: Callable[[Subscription], None]) -> None:
        self._shards = shards
        self._prove = prove
        self.changed: set[Tail] = set()
        """Tails that hold something new."""
        self.behind: set[Subscription] = set()
        """Subscriptions that have not been given all there is."""
        self._crowded: set[Session] = set()
        """Sessions with subscriptions that wait for each other's pages."""
        self._touched: list[Session] = []
        self._framed: set[Tail] = set()

    def send(self, session: Session, frame: Mapping[str, Any]) -> None:
        """Put a frame behind what the next pass writes to a session."""
        self.put(session, session.codec.frame(frame))

    def put(self, session: Session, data: bytes) -> None:
        """Put encoded frames behind what the next pass writes to a session."""
        if not session.outgoing:
            self._touched.append(session)
        session.put(data)

    def flush(self) -> list[Session]:
        """Give every session that is behind its next bytes; return the sessions that have some.

        Sessions that are up to date cost nothing; sessions at the same cursor share their bytes.
        """
        self._let_next_page()
        changed, self.changed = self.changed, set()
        behind, self.behind = self.behind, set()
        try:
            while changed:
                self._serve_all(changed.pop())
            while behind:
                self.serve(behind.pop())
        finally:  # whatever goes wrong with one, the others are still due
            self.changed |= changed
            self.behind |= behind
        for tail in self._framed:
            tail.frames.clear()
        self._framed.clear()
        touched, self._touched = self._touched, []
        return touched

    @property
    def pending(self) -> bool:
        """Whether the next flush pass has something to do already."""
        return bool(self.changed or self.behind or self._touched or any(map(_can_page, self._crowded)))

    def postpone(self, subscription: Subscription) -> None:
        """Have a page read again when there is room for it, and it is this subscription's turn."""
        subscription.session.crowd[subscription] = None
        self._crowded.add(subscription.session)

    def resume(self, session: Session) -> None:
        """Serve a session whose transport takes bytes again."""
        session.writable = True
        self.behind.update(session.subscriptions.values() - session.crowd.keys())
        if session.crowd:
            self._crowded.add(session)

    def _let_next_page(self) -> None:
        """Let one page be read for each session that has some waiting, none under way, and room for it."""
        for session in list(self._crowded):
            if not (session.writable and session.crowd):
                self._crowded.discard(session)  # it resumes, or all are served
            elif _can_page(session) and session.room > 0:
                for subscription in list(session.crowd):
                    del session.crowd[subscription]
                    self.behind.add(subscription)
                    if subscription.cursor < subscription.tail.start:
                        break  # the others go on from their tails, if they can

    def serve(self, subscription: Subscription, *, to_cut: bool = False) -> bool:
        """Give a subscription what it has not had, if it can be given it now; tell whether it got all of something."""
        session, tail = subscription.session, subscription.tail
        if subscription.stage is not Stage.LIVE or not session.writable:
            return False
        room, alone = session.room, not session.outgoing
        if room <= 0:
            self.behind.add(subscription)  # the next pass goes on where this one stops
            return False
        if subscription.cursor < tail.start:
            if subscription not in session.crowd:  # else its turn comes
                self._prove(subscription)
            return False
        cut, envelope = self._shards[subscription.shard].cut, session.codec.envelope_bytes
        if subscription.cursor > cut:
            return False  # guard: not even values go to a session whose position may be of another store
        events, whole, room = fitting(tail.after(subscription.cursor), room, envelope=envelope, one=alone)
        newer = tail.values_after(subscription.rev) if whole else []
        values, complete, _ = fitting(newer, room, envelope=envelope, one=alone and not events)
        end = events[-1].id if events else subscription.cursor
        if not whole:
            self.behind.add(subscription)  # guard: neither a value nor the cut overtakes the events left for later
        elif to_cut or (values and values[-1].rev > end):
            end = cut  # guard: the position moves to the cut before a value above it goes out
        moves = end > subscription.cursor
        if moves:
            self._send_events(subscription, end, events)
        if values:
            self._send_values(subscription, values)
        if not complete:
            self.behind.add(subscription)
        return whole and complete and (moves or bool(values))

    def _serve_all(self, tail: Tail) -> None:
        """Serve a tail's sessions; one that stands where another of its codec stood gets what that one got.

        The innermost loop of the product: a delivery costs a few comparisons of identity, then the transport's write.
        """
        given: dict[Codec, Given] = {}
        codec, (cursor, rev, new_cursor, new_rev, data) = None, NOTHING
        touched, live = self._touched, Stage.LIVE
        for subscription in tail.subscriptions:
            session = subscription.session
            if session.codec is not codec:
                codec = session.codec
                cursor, rev, new_cursor, new_rev, data = given.get(codec, NOTHING)
            if (
                subscription.cursor is cursor
                and subscription.rev is rev
                and subscription.stage is live
                and session.writable
                and not session.outgoing
            ):
                subscription.cursor, subscription.rev = new_cursor, new_rev
                session.outgoing = data
                touched.append(session)
                continue
            before = subscription.cursor, subscription.rev, len(session.outgoing)
            if self.serve(subscription) and codec.shared:
                cursor, rev, length = before
                new_cursor, new_rev = subscription.cursor, subscription.rev
                data = session.outgoing[length:]
                given[codec] = cursor, rev, new_cursor, new_rev, data

    def _send_events(self, subscription: Subscription, end: Position, events: Sequence[HeldEvent]) -> None:
        session, tail, start = subscription.session, subscription.tail, subscription.cursor
        key = (session.codec, start, end)
        frame = tail.frames.get(key)
        if frame is None:
            frame = session.codec.events(tail.shown, start, end, events)
            self._share(tail, key, frame)
        self.put(session, frame)
        subscription.cursor = end

    def _send_values(self, subscription: Subscription, values: Sequence[HeldValue]) -> None:
        session, tail = subscription.session, subscription.tail
        key = (session.codec, "values", subscription.rev, values[-1].rev)
        frame = tail.frames.get(key)
        if frame is None:
            frame = session.codec.latest(tail.shown, values)
            self._share(tail, key, frame)
        self.put(session, frame)
        subscription.rev = values[-1].rev

    def _share(self, tail: Tail, key: tuple[Codec, *tuple[object, ...]], frame: bytes) -> None:
        """Keep a frame for the other sessions of this pass that stand where this one stood."""
        if key[0].shared:
            tail.frames[key] = frame
            self._framed.add(tail)


def _can_page(session: Session) -> bool:
    """Tell whether a page may be read for one of a session's waiting subscriptions, now or when it has room."""
    return session.writable and not session.paging and bool(session.crowd)
