"""Frames as bytes."""

from __future__ import annotations

import pytest

from livefeed.client.connect import addresses
from livefeed.client.errors import ProtocolBroken
from livefeed.client.frames import Codec, decode
from livefeed.errors import BadRequest


@pytest.mark.parametrize("codec", list(Codec))
def test_a_frame_survives_its_codec(codec):
    frame = {"op": "call", "ref": 7, "data": {"text": "fuchs 🦊", "n": None}}
    message = codec.encode(frame)
    assert isinstance(message, str) is (codec is Codec.JSON)
    assert decode(message) == [frame]


def test_a_message_may_hold_several_frames():
    assert decode('[{"op":"pong"},{"op":"gap"}]') == [{"op": "pong"}, {"op": "gap"}]


@pytest.mark.parametrize("message", ["", "{", "7", '{"no":"op"}', '[{"op":1}]', b"", b"\xc1", b"\xff" * 40, b"\x07"])
def test_a_message_without_frames_breaks_the_protocol(message):
    with pytest.raises(ProtocolBroken):
        decode(message)


@pytest.mark.parametrize(
    ("url", "base", "socket"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080", "ws://127.0.0.1:8080/ws"),
        ("https://feed.example/live/?x=1#y", "https://feed.example/live", "wss://feed.example/live/ws"),
    ],
)
def test_addresses_of_the_root_and_the_socket(url, base, socket):
    assert addresses(url) == (base, socket)


@pytest.mark.parametrize("url", ["", "127.0.0.1:8080", "ftp://x", "http://", "ws://x"])
def test_what_is_no_address_is_refused(url):
    with pytest.raises(BadRequest):
        addresses(url)
