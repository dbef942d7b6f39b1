"""Bytes to messages and back; the `websockets` library says what they should be."""

from __future__ import annotations

import contextlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.extensions.permessage_deflate import PerMessageDeflate
from websockets.frames import Close, Frame, Opcode
from websockets.protocol import OPEN, Protocol, Side

from livefeed.hub.wire import (
    BINARY,
    CLOSE,
    FRAGMENT,
    PING,
    TEXT,
    WORTH_DEFLATING,
    Goodbye,
    Message,
    Reader,
    seal,
    seal_close,
    seal_deflated,
)

LIMIT = 1_000
DEFLATE = [PerMessageDeflate(True, True, 15, 15)]


def frame(opcode: int, data: bytes = b"", *, fin: bool = True, deflate: bool = False) -> bytes:
    """Return one masked frame, as a client sends it."""
    return Frame(Opcode(opcode), data, fin).serialize(mask=True, extensions=DEFLATE if deflate else [])


def read(data: bytes, *, deflates: bool = False, limit: int = LIMIT) -> list[Message]:
    reader = Reader(limit=limit, deflates=deflates)
    reader.feed(data)
    return all_of(reader)


def all_of(reader: Reader) -> list[Message]:
    """Return what can be read, without the frames that end no message."""
    return [message for message in iter(reader.next, None) if message is not FRAGMENT]


def refusal(data: bytes, **how: bool) -> int:
    with pytest.raises(Goodbye) as goodbye:
        read(data, **how)
    return goodbye.value.code


@given(st.binary(max_size=LIMIT), st.booleans())
def test_a_message_is_read_as_it_was_sent(data, deflate):
    assert read(frame(BINARY, data, deflate=deflate), deflates=True) == [(BINARY, data)]


@given(st.text(max_size=100))
def test_a_text_is_text(text):
    assert read(frame(TEXT, text.encode())) == [(TEXT, text)]


@given(
    st.lists(st.tuples(st.sampled_from([TEXT, BINARY]), st.lists(st.text(max_size=40), min_size=1)), max_size=5),
    st.lists(st.integers(1, 40)),
    st.booleans(),
)
def test_fragments_pings_and_cuts_change_nothing(messages, cuts, deflate):
    """However a message is cut into frames, frames into packets, and whatever control frames come between."""
    data, expected = b"", []
    for opcode, parts in messages:
        whole = "".join(parts)
        if deflate:  # the extension compresses a message before it is cut: one frame of it
            data += frame(opcode, whole.encode(), deflate=True)
        else:
            for number, part in enumerate(parts):
                last = number == len(parts) - 1
                data += frame(0 if number else opcode, part.encode(), fin=last) + frame(PING, b"?")
                expected += [] if last else [(PING, b"?")]
        expected.append((opcode, whole if opcode == TEXT else whole.encode()))
        expected += [] if deflate else [(PING, b"?")]
    reader, found = Reader(limit=10_000, deflates=True), []
    for cut in [*cuts, len(data)]:
        reader.feed(data[:cut])
        data = data[cut:]
        found += all_of(reader)
    assert found == expected
    assert reader.waiting == 0


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_every_length_is_written_and_read(size):
    data = bytes(size)
    assert read(frame(BINARY, data), limit=size) == [(BINARY, data)]
    assert seal(BINARY, data) == Frame(Opcode.BINARY, data).serialize(mask=False)


@pytest.mark.parametrize("size", [0, WORTH_DEFLATING - 1, WORTH_DEFLATING, 70_000])
def test_what_is_compressed_is_understood_by_others(size):
    client = Protocol(Side.CLIENT, state=OPEN)
    client.extensions = list(DEFLATE)
    texts = [b"x" * size, b"y" * size]
    client.receive_data(b"".join([seal_deflated(TEXT, text) for text in texts]))
    assert [event.data for event in client.events_received()] == texts


@pytest.mark.parametrize(
    ("data", "code"),
    [
        pytest.param(seal(TEXT, b"{}"), 4500, id="unmasked"),
        pytest.param(b"\x91\x80\x00\x00\x00\x00", 4500, id="a reserved bit"),
        pytest.param(b"\xc1\x80\x00\x00\x00\x00", 4500, id="compressed though nobody agreed"),
        pytest.param(b"\x83\x80\x00\x00\x00\x00", 4500, id="an unknown kind"),
        pytest.param(b"\x8b\x80\x00\x00\x00\x00", 4500, id="an unknown control frame"),
        pytest.param(b"\x09\x80\x00\x00\x00\x00", 4500, id="a ping in fragments"),
        pytest.param(b"\x89\xfe\x00\x80\x00\x00\x00\x00", 4500, id="a ping of 128 bytes"),
        pytest.param(frame(0, b"x"), 4500, id="a continuation of nothing"),
        pytest.param(frame(TEXT, b"x", fin=False) + frame(TEXT, b"y"), 4500, id="a message within another"),
        pytest.param(frame(TEXT, b"\xff\xfe"), 4500, id="no UTF-8"),
        pytest.param(b"\x88\x81\x00\x00\x00\x00\x03", 4500, id="half a close code"),
        pytest.param(b"\x81\xff" + b"\xff" * 12, 4502, id="a length of eight bytes"),
        pytest.param(frame(BINARY, bytes(LIMIT + 1)), 4502, id="too big"),
        pytest.param(frame(BINARY, bytes(LIMIT), fin=False) + frame(0, b"x"), 4502, id="too big in all"),
    ],
)
def test_what_breaks_the_protocol_is_refused(data, code):
    assert refusal(data) == code


def test_a_message_that_would_be_too_big_is_refused_before_it_has_come():
    assert refusal(frame(BINARY, bytes(LIMIT + 1))[:8]) == 4502


def test_a_bomb_is_refused_without_being_held():
    assert refusal(frame(TEXT, b"x" * 400_000, deflate=True), deflates=True) == 4502


def test_a_broken_compressed_message_is_refused():
    assert refusal(b"\xc1\x84\x00\x00\x00\x00\xff\xff\xff\xff", deflates=True) == 4500


def test_a_finished_deflate_stream_is_read_too():
    """RFC 7692, section 7.2.3.4: a block may say that it is the last."""
    packed = zlib.compress(b"hello", wbits=-15) + b"\x00"
    assert read(b"\xc2" + bytes([0x80 | len(packed)]) + b"\0\0\0\0" + packed, deflates=True) == [(BINARY, b"hello")]


@given(st.binary(max_size=300))
def test_garbage_is_read_or_refused(data):
    reader = Reader(limit=LIMIT, deflates=True)
    reader.feed(data)
    with contextlib.suppress(Goodbye):
        while reader.next() is not None:
            pass
        assert reader.waiting <= 14 + LIMIT


def test_nothing_is_kept_of_empty_fragments():
    reader = Reader(limit=LIMIT)
    reader.feed(frame(TEXT, fin=False) + frame(0, fin=False) * 10_000)
    assert [reader.next() for _ in range(10_001)] == [FRAGMENT] * 10_001
    assert reader.waiting == 0
    reader.feed(frame(0, b"end"))
    assert reader.next() == (TEXT, "end")


def test_a_close_frame_says_why_in_what_fits():
    close = Close.parse(seal_close(4503, "too many frames " * 20)[2:])
    assert (close.code, close.reason[:15]) == (4503, "too many frames")
    assert read(frame(CLOSE, close.serialize())) == [(CLOSE, close.serialize())]
