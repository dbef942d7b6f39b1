"""What the sessions of one server are shown of who is there and what they do."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from typing import Any
from unittest.mock import Mock

import pytest

from livefeed.api.audience import SessionAudience
from livefeed.config import Config
from livefeed.hub.held import HeldSignal
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.hub.subscription import Subscription
from livefeed.presence.roster import Entry, Roster
from livefeed.presence.signals import Signal
from tests.unit.hub.talk import RecordingCodec

ROOM, FEED = "room:den", "feed:all"


class Codec(RecordingCodec):
    """Counts what it writes; `alone` frames are marked."""

    def __init__(self, *, shared: bool = True) -> None:
        self.shared = shared
        self.written = 0

    def frame(self, frame: Any) -> bytes:
        self.written += 1
        return pickle.dumps(frame)

    def signals(self, topic: str, signals: Sequence[HeldSignal], *, alone: bool = False) -> bytes:
        self.written += 1
        return pickle.dumps({"op": "signals", "alone": alone, "users": [one.signal["user"]["id"] for one in signals]})


class Hall:
    """A node with sessions that follow one topic."""

    def __init__(self, topic: str) -> None:
        streams = Mock()
        streams.shard.return_value = 0
        self.node = Node(streams, Config(shards=1))
        self.audience = SessionAudience(self.node)
        self.topic = topic
        self.codec = Codec()
        self.tail = Mock(subscriptions={})
        self.node.hub.shards[0].tails[topic] = self.tail

    def enter(self, name: str, codec: Codec | None = None) -> Session:
        session = Session(name, codec or self.codec)
        subscription = Subscription(session, 0, self.tail)
        session.subscriptions[self.topic] = subscription
        self.tail.subscriptions[subscription] = None
        return session

    def watch(self, name: str, count: int | None = None, *, roster: bool = True) -> Session:
        session = self.enter(name)
        self.audience.watch(session, self.topic, count, roster=roster)
        return session


def given(session: Session) -> list[dict[str, Any]]:
    stream, frames = io.BytesIO(session.take()), []
    while stream.tell() < len(stream.getvalue()):
        frames.append(pickle.load(stream))
    return frames


def roster(rev: int, *people: str) -> Roster:
    entries = {name: Entry({"id": name}, "editor", number, 1) for number, name in enumerate(people)}
    return Roster(rev, len(people), entries)


@pytest.fixture
def room() -> Hall:
    return Hall(ROOM)


def test_a_count_is_told_once_to_each_and_written_once_for_all() -> None:
    hall = Hall(FEED)
    first, second = hall.watch("s1", 1), hall.watch("s2", 2)
    assert given(first) == [{"op": "presence", "topic": FEED, "count": 1}]
    given(second)
    hall.codec.written = 0
    assert hall.audience.show_count(FEED, 2)
    assert hall.audience.show_count(FEED, 2)
    assert given(first) == [{"op": "presence", "topic": FEED, "count": 2}]
    assert given(second) == []
    assert hall.codec.written == 1


def test_a_stalled_session_is_told_the_count_when_it_takes_bytes_again() -> None:
    hall = Hall(FEED)
    session = hall.watch("s1", 1)
    given(session)
    session.writable = False
    assert not hall.audience.show_count(FEED, 2)
    session.writable = True
    assert hall.audience.show_count(FEED, 2)
    assert [frame["count"] for frame in given(session)] == [2]


def test_a_session_is_told_the_whole_roster_and_then_what_changes(room: Hall) -> None:
    session = room.watch("s1")
    room.audience.show_roster(ROOM, roster(1, "fox"))
    assert given(session) == [], "it has not been greeted"
    room.audience.greet(ROOM, "s1", roster(1, "fox"))
    room.audience.show_roster(ROOM, roster(2, "fox", "owl"))
    room.audience.show_roster(ROOM, roster(3, "owl"))
    whole, joined, left = given(session)
    assert (whole["count"], [entry["user"]["id"] for entry in whole["roster"]]) == (1, ["fox"])
    assert (joined["count"], [entry["user"]["id"] for entry in joined["joined"]]) == (2, ["owl"])
    assert (left["count"], left["left"], left["changed"][0]["pigment"]) == (1, ["fox"], 0)


def test_a_stalled_session_gets_one_difference_for_all_that_it_missed(room: Hall) -> None:
    slow, quick = room.watch("s1"), room.watch("s2")
    for name in ("s1", "s2"):
        room.audience.greet(ROOM, name, roster(1, "fox"))
    slow.writable = False
    assert not room.audience.show_roster(ROOM, roster(2, "fox", "owl"))
    assert not room.audience.show_roster(ROOM, roster(3, "fox", "owl", "cat"))
    given(slow)
    slow.writable = True
    last = roster(4, "fox", "owl", "cat", "hen")
    assert room.audience.show_roster(ROOM, last)
    (frame,) = given(slow)
    assert [entry["user"]["id"] for entry in frame["joined"]] == ["owl", "cat", "hen"]
    assert len(given(quick)) == 4


def test_who_stalls_before_the_first_roster_gets_it_whole(room: Hall) -> None:
    session = room.watch("s1")
    session.writable = False
    assert not room.audience.greet(ROOM, "s1", roster(1, "fox"))
    session.writable = True
    assert room.audience.show_roster(ROOM, roster(1, "fox"))
    assert "roster" in given(session)[0]


def test_a_roster_is_written_once_for_all_who_know_the_same(room: Hall) -> None:
    sessions = [room.watch(f"s{number}") for number in range(50)]
    first = roster(1, "fox")
    for session in sessions:
        room.audience.greet(ROOM, session.id, first)
    room.codec.written = 0
    room.audience.show_roster(ROOM, roster(2, "fox", "owl"))
    assert room.codec.written == 1
    assert [len(given(session)) for session in sessions] == [2] * 50


def test_a_room_that_is_counted_tells_numbers_alone(room: Hall) -> None:
    session = room.watch("s1", roster=False)
    room.audience.greet(ROOM, "s1", roster(1, "fox"))
    room.audience.show_roster(ROOM, roster(2, "owl"))
    room.audience.show_roster(ROOM, roster(3, "owl", "cat"))
    assert given(session) == [{"op": "presence", "topic": ROOM, "count": count} for count in (1, 2)]


def test_who_is_dismissed_or_follows_no_more_is_told_nothing(room: Hall) -> None:
    gone, ended = room.watch("s1"), room.watch("s2")
    for name in ("s1", "s2"):
        room.audience.greet(ROOM, name, roster(1, "fox"))
    given(gone), given(ended)
    room.audience.dismiss(ROOM, "s1")
    ended.subscriptions.clear()
    room.audience.show_roster(ROOM, roster(2, "owl"))
    assert given(gone) == given(ended) == []


def test_signals_are_written_once_and_for_each_of_their_senders_without_their_own(room: Hall) -> None:
    sessions = [room.enter(f"s{number}") for number in range(20)]
    stalled, stream = room.enter("stalled"), room.enter("sse", Codec(shared=False))
    stalled.writable = False
    signals = [Signal({"id": name}, "cursor", None, origin=origin) for name, origin in (("fox", "s0"), ("owl", ""))]
    room.audience.show_signals(ROOM, signals)
    assert given(sessions[0]) == [{"op": "signals", "alone": True, "users": ["owl"]}]
    for session in sessions[1:]:
        assert given(session) == [{"op": "signals", "alone": False, "users": ["fox", "owl"]}]
    assert given(stalled) == given(stream) == []
    assert room.codec.written == 2
    assert room.audience.size(ROOM) == 22


def test_a_tick_that_holds_nothing_but_ones_own_is_no_frame(room: Hall) -> None:
    session = room.enter("s0")
    room.audience.show_signals(ROOM, [Signal({"id": "fox"}, "cursor", None, origin="s0")])
    assert given(session) == []
