"""A session: the bytes of one pass."""

from __future__ import annotations

from collections.abc import Callable

from livefeed.hub.codec import JsonCodec
from livefeed.hub.frames import Wanted
from livefeed.hub.session import OUTGOING_BYTES, Session
from livefeed.hub.subscription import PageRequest
from livefeed.people import ANONYMOUS
from livefeed.streams.entry import Page
from livefeed.topic import Topic
from tests.unit.hub.talk import Talk, at, event

FULL = bytes(OUTGOING_BYTES)


def test_what_was_taken_is_gone():
    session = Session("s", JsonCodec())
    session.put(b"one")
    session.put(b"two")
    assert session.take() == b"onetwo"
    assert session.take() == b""


def test_a_single_shared_frame_is_handed_over_as_it_is():
    """The same bytes go to every session at the same cursor: nothing is copied for one of them."""
    frame = b"x" * 100_000
    session = Session("s", JsonCodec())
    session.put(frame)
    assert session.take() is frame


def test_frames_keep_their_order_behind_what_is_going_out():
    session = Session("s", JsonCodec())
    session.put(b"first")
    session.put(b"second")
    assert session.take() == b"firstsecond"


def test_a_session_begins_writable_and_with_nobody_known():
    session = Session("s", JsonCodec())
    assert session.writable
    assert session.caller is ANONYMOUS
    assert session.subscriptions == {}


def test_a_session_whose_bytes_have_not_gone_out_gets_the_rest_in_a_later_pass(talk: Talk) -> None:
    """What one pass gives is bounded; the cursor stays where the bytes stopped."""
    session = talk.listen()
    talk.given(session)
    session.put(FULL)
    talk.say(1, 2)
    talk.flush()
    assert session.outgoing == FULL
    assert talk.hub.pending, "the next pass goes on"
    session.take()
    assert talk.given(session) == [("events", 0, 2, [1, 2])]


def test_a_page_for_a_session_without_room_is_read_again_later(talk: Talk) -> None:
    """Its events are not kept in memory for whoever does not read."""
    session = talk.listen()
    talk.given(session)
    session.writable = False
    talk.say(*range(1, 9))  # more than the tail keeps
    talk.flush()
    talk.hub.resume(session)
    talk.flush()
    request = talk.asked()
    session.put(FULL)
    talk.hub.receive_page(request, talk.page(*range(1, 9), since=0), [])
    talk.flush()
    assert session.outgoing == FULL
    session.take()
    talk.flush()
    again = talk.asked()
    assert again.since == request.since
    talk.hub.receive_page(again, talk.page(*range(1, 9), since=0), [])
    assert talk.given(session) == [("events", 0, 8, list(range(1, 9)))]


def test_a_session_that_is_behind_on_many_topics_reads_each_page_about_once(make_talk: Callable[..., Talk]) -> None:
    """Only one page fits at a time: the others are not asked for until it is their turn."""
    talk, topics, pages = make_talk(), 50, 4
    talk.say(1000, topic="app:elsewhere")
    session = Session("s", talk.codec)
    names = [f"app:{number}" for number in range(topics)]
    joins = {name: talk.hub.join(session, Wanted(Topic(name), at(0)), shard=0) for name in names}
    large = "x" * (OUTGOING_BYTES // 2)

    def answer(request: PageRequest) -> Page:
        since = request.since.n if request.since else 0
        events = [event(since + 1, large), event(since + 2, large)]
        return talk.page(since=since, events=events, complete=since + 2 == 2 * pages)

    asked = talk.hub.unanswered(joins.values())
    for request, join in zip(asked, joins.values(), strict=True):
        talk.hub.receive_join(join, answer(request), [])
    talk.hub.answer(session, 1, dict(joins))
    read, given = len(asked), 0
    while talk.hub.pending:
        talk.flush()
        given += sum(len(frame["events"]) for frame in talk.taken(session) if frame["op"] == "events")
        for request in talk.hub.requests():
            read += 1
            talk.hub.receive_page(request, answer(request), [])
    assert given == 2 * pages * topics
    assert read <= (pages + 2) * topics
