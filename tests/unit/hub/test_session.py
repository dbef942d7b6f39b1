"""A session: the bytes of one pass."""

from __future__ import annotations

from livefeed.hub.codec import JsonCodec
from livefeed.hub.session import Session
from livefeed.people import ANONYMOUS


def test_what_was_taken_is_gone():
    session = Session("s", JsonCodec())
    session.outgoing = [b"one", b"two"]
    assert session.take() == b"onetwo"
    assert session.take() == b""


def test_a_single_shared_frame_is_handed_over_as_it_is():
    """The same bytes go to every session at the same cursor: nothing is copied for one of them."""
    frame = b"x" * 100_000
    session = Session("s", JsonCodec())
    session.outgoing.append(frame)
    assert session.take() is frame


def test_frames_keep_their_order_behind_what_is_going_out():
    session = Session("s", JsonCodec())
    session.outgoing.append(b"first")
    session.send({"op": "pong"})
    assert session.take() == b"first" + JsonCodec().frame({"op": "pong"})


def test_a_session_begins_writable_and_with_nobody_known():
    session = Session("s", JsonCodec())
    assert session.writable
    assert session.caller is ANONYMOUS
    assert session.subscriptions == {}
