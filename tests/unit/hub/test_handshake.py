"""What a client may ask for in its upgrade, and what is agreed."""

from __future__ import annotations

import pytest

from livefeed.errors import BadRequest
from livefeed.hub.codec import JSON_PROTOCOL, MSGPACK_PROTOCOL
from livefeed.hub.handshake import Agreement, agree

UPGRADE = {
    "Host": "pictures.example",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
WITHOUT_CONTEXT = b"permessage-deflate; server_no_context_takeover; client_no_context_takeover"


def ask(*, deflate: bool = True, protocol: str | None = None, extensions: str | None = None) -> Agreement:
    headers = dict(UPGRADE)
    if protocol is not None:
        headers["Sec-WebSocket-Protocol"] = protocol
    if extensions is not None:
        headers["Sec-WebSocket-Extensions"] = extensions
    return agree("/ws", headers.items(), deflate=deflate)


def test_the_answer_proves_that_the_question_was_read():
    """The example of RFC 6455, section 1.3."""
    answer = ask().answer
    assert answer.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (None, JSON_PROTOCOL),
        (MSGPACK_PROTOCOL, MSGPACK_PROTOCOL),
        (f"{JSON_PROTOCOL}, {MSGPACK_PROTOCOL}", JSON_PROTOCOL),
        (f"chat, {MSGPACK_PROTOCOL}, {JSON_PROTOCOL}", MSGPACK_PROTOCOL),
        ("chat", JSON_PROTOCOL),
    ],
)
def test_the_first_subprotocol_that_we_speak_is_chosen(offered, chosen):
    agreement = ask(protocol=offered)
    assert agreement.protocol == chosen
    named = b"Sec-WebSocket-Protocol: " + chosen.encode() in agreement.answer
    assert named == (offered is not None and chosen in offered)


@pytest.mark.parametrize(
    "offer",
    [
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; client_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits=10, permessage-deflate; client_max_window_bits",
    ],
)
def test_compression_is_agreed_on_without_context(offer):
    agreement = ask(extensions=offer)
    assert agreement.deflates
    assert WITHOUT_CONTEXT in agreement.answer


@pytest.mark.parametrize("offer", ["permessage-deflate; server_max_window_bits=10", "x-webkit-deflate-frame"])
def test_an_offer_that_would_need_bytes_of_its_own_is_declined(offer):
    agreement = ask(extensions=offer)
    assert not agreement.deflates
    assert b"Extensions" not in agreement.answer


def test_compression_can_be_turned_off():
    assert not ask(extensions="permessage-deflate", deflate=False).deflates


@pytest.mark.parametrize(
    "wrong",
    [
        {"Sec-WebSocket-Key": "short"},
        {"Sec-WebSocket-Version": "8"},
        {"Connection": "close"},
        {"Sec-WebSocket-Extensions": "permessage-deflate; ="},
    ],
)
def test_half_a_handshake_is_refused_in_words(wrong):
    with pytest.raises(BadRequest, match="no WebSocket handshake"):
        agree("/ws", {**UPGRADE, **wrong}.items(), deflate=True)
