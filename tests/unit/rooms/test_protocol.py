"""Messages of the y-protocols, byte for byte."""

from __future__ import annotations

import pytest

from livefeed.rooms import protocol, varints
from livefeed.rooms.protocol import Kind, Message, TooBig
from livefeed.rooms.varints import Malformed


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x00\x00\x01\x00", Message(Kind.STEP1, b"\x00")),
        (b"\x00\x01\x02\x00\x00", Message(Kind.STEP2, b"\x00\x00")),
        (b"\x00\x02\x02\x00\x00", Message(Kind.UPDATE, b"\x00\x00")),
        (b"\x01\x01\x00", Message(Kind.AWARENESS, b"\x00")),
        (b"\x03", Message(Kind.QUERY_AWARENESS, b"")),
        (b"\x80\x00\x02\x02\x00\x00", Message(Kind.UPDATE, b"\x00\x00")),
    ],
)
def test_a_message_of_each_kind_is_read(data: bytes, message: Message) -> None:
    assert protocol.parse(data) == message


@pytest.mark.parametrize(
    "data",
    [
        *[b"", b"\x00", b"\x00\x02", b"\x00\x03\x01\x00", b"\x02\x00\x00", b"\x04", b"\x03\x00", b"\x01\x05"],
        *[b"\x00\x02\x02\x00", b"\x00\x02\x02\x00\x00\x00", b"\x00\x00" + b"\xff" * 8 + b"\x01"],
    ],
)
def test_what_is_shorter_or_longer_than_it_says_is_refused(data: bytes) -> None:
    with pytest.raises(Malformed):
        protocol.parse(data)


@pytest.mark.parametrize(
    ("make", "limit"),
    [
        (protocol.step1, protocol.STATE_BYTES),
        (protocol.step2, protocol.STEP2_BYTES),
        (lambda body: protocol.update(varints.write_bytes(body)), protocol.UPDATE_BYTES),
        (protocol.awareness, protocol.AWARENESS_BYTES),
    ],
)
def test_a_message_is_as_large_as_its_limit_and_no_larger(make, limit: int) -> None:
    assert len(protocol.parse(make(bytes(limit))).body) == limit
    with pytest.raises(TooBig):
        protocol.parse(make(bytes(limit + 1)))
    assert len(make(bytes(limit))) <= protocol.MESSAGE_BYTES


def test_a_refusal_reads_as_stock_clients_do() -> None:
    """Auth (2), permission denied (0), the reason behind its length."""
    assert protocol.permission_denied("no é") == b"\x02\x00\x05no \xc3\xa9"
