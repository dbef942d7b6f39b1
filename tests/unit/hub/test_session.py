"""A session: the bytes of one pass."""

from __future__ import annotations

from livefeed.hub.codec import JsonCodec
from livefeed.hub.session import OUTGOING_BYTES, Session
from livefeed.people import ANONYMOUS
from tests.unit.hub.talk import Talk

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
