"""WebSocket messages as bytes, both ways. [pure]

Compression is per message and without context: what a message needs to be read is in it, so that the same compressed
bytes serve every connection, and none keeps a window in memory.

Source: RFC 6455, section 5 (frames); RFC 7692, section 7.2 (permessage-deflate).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from operator import xor
from typing import NamedTuple

import numpy as np

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
_CONTROL = 0x8
_FIN, _DEFLATED, _RESERVED, _MASKED = 0x80, 0x40, 0x30, 0x80
_CONTROL_BYTES = 125
_LONG = 8_192
"""Bytes from which an array is quicker than a number."""
_FLUSHED = b"\x00\x00\xff\xff"
"""What ends a flushed deflate block; it does not travel. Source: RFC 7692, section 7.2.1."""

WORTH_DEFLATING = 128
"""Bytes from which a message is compressed."""
_LEVEL = 3

BAD_FRAME, TOO_BIG = 4500, 4502

Seal = Callable[[int, bytes], bytes]


class Goodbye(Exception):
    """The connection is to be closed with one of the protocol's close codes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Message(NamedTuple):
    """One message from a client; the payload of a TEXT is `str`, of anything else `bytes`."""

    opcode: int
    payload: str | bytes


FRAGMENT = Message(CONTINUATION, b"")


def seal(opcode: int, payload: bytes) -> bytes:
    """Return one whole, unmasked message; `opcode` may carry the bit that says it is compressed."""
    size = len(payload)
    if size < 126:
        return bytes((_FIN | opcode, size)) + payload
    if size < 65_536:
        return bytes((_FIN | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((_FIN | opcode, 127)) + size.to_bytes(8, "big") + payload


def seal_deflated(opcode: int, payload: bytes) -> bytes:
    """Return one whole message, compressed on its own if that is worth it."""
    if len(payload) < WORTH_DEFLATING:
        return seal(opcode, payload)
    deflate = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = deflate.compress(payload) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return seal(_DEFLATED | opcode, data[: -len(_FLUSHED)])


def seal_close(code: int, reason: str) -> bytes:
    """Return a close frame; the reason is cut to what fits."""
    return seal(CLOSE, code.to_bytes(2, "big") + reason.encode()[: _CONTROL_BYTES - 2])


class Reader:
    """A client's bytes, message by message, when they are asked for.

    It holds what was fed and not yet asked for, and the message under way, which `limit` bounds (bytes, inflated).
    """

    __slots__ = ("_at", "_data", "_deflates", "_inflates", "_limit", "_opcode", "_parts")

    def __init__(self, *, limit: int, deflates: bool = False) -> None:
        """deflates: permessage-deflate was agreed on, without context takeover by the client."""
        self._limit = limit
        self._deflates = deflates
        self._data = b""
        self._at = 0
        self._opcode = 0
        """Of the fragmented message under way; 0: there is none."""
        self._inflates = False
        self._parts: bytearray | None = None

    @property
    def waiting(self) -> int:
        """Bytes that were fed and not read as messages yet."""
        return len(self._data) - self._at

    def feed(self, data: bytes) -> None:
        """Take bytes as they arrive."""
        self._data = self._data[self._at :] + data if self.waiting else data
        self._at = 0

    def forget(self) -> None:
        """Throw away what was fed."""
        self._data, self._at = b"", 0

    def next(self) -> Message | None:
        """Return the next message or control frame, or None when its bytes have not all come.

        A frame that does not end its message is a FRAGMENT: nothing to read yet, and a frame to be counted.

        Raises: Goodbye for what breaks the protocol or the limit; nothing more can be read then.
        """
        frame = self._frame()
        if frame is None:
            return None
        first, payload = frame
        opcode = first & 0x0F
        if opcode & _CONTROL:
            return Message(opcode, _close_reason(payload) if opcode == CLOSE else payload)
        if opcode:
            self._opcode, self._inflates = opcode, bool(first & _DEFLATED)
        if first & _FIN:
            return self._message(bytes(self._parts) + payload if self._parts else payload)
        self._parts = self._parts or bytearray()
        self._parts += payload
        return FRAGMENT

    def _frame(self) -> tuple[int, bytes] | None:
        """Take a whole frame off what waits: its first byte, and its payload unmasked."""
        data, at = self._data, self._at
        left = len(data) - at
        if left < 2:
            return None
        first, second = data[at], data[at + 1]
        size, head = second & 0x7F, 6
        if size > _CONTROL_BYTES:
            wide = 2 if size == 126 else 8
            if left < 2 + wide:
                return None
            size, head = int.from_bytes(data[at + 2 : at + 2 + wide], "big"), 6 + wide
        self._check(first, masked=bool(second & _MASKED), size=size)
        if left < head + size:
            return None
        start = at + head
        self._at = start + size
        return first, _unmasked(data[start : start + size], data[start - 4 : start])

    def _check(self, first: int, *, masked: bool, size: int) -> None:
        """Judge a frame by its head, before its payload has come. Raises: Goodbye."""
        opcode, whole = first & 0x0F, bool(first & _FIN)
        if not masked:
            raise Goodbye(BAD_FRAME, "a client masks its frames")
        if opcode & _CONTROL:
            if opcode > PONG or not whole or size > _CONTROL_BYTES:
                raise Goodbye(BAD_FRAME, "the control frame breaks the WebSocket protocol")
        elif opcode > BINARY or (opcode == CONTINUATION) != bool(self._opcode):
            raise Goodbye(BAD_FRAME, "the frame is of no known kind, or out of turn")
        if first & _RESERVED or (first & _DEFLATED and not (self._deflates and opcode in (TEXT, BINARY))):
            raise Goodbye(BAD_FRAME, "the frame uses bits that were not agreed on")
        if size + len(self._parts or b"") > self._limit and not opcode & _CONTROL:
            raise Goodbye(TOO_BIG, "the message is too big")

    def _message(self, payload: bytes) -> Message:
        opcode, inflates = self._opcode, self._inflates
        self._opcode, self._parts = 0, None
        if inflates:
            payload = _inflated(payload, self._limit)
        if opcode == BINARY:
            return Message(BINARY, payload)
        try:
            return Message(TEXT, payload.decode())
        except UnicodeDecodeError as exc:
            raise Goodbye(BAD_FRAME, "the text is no UTF-8") from exc


def _unmasked(payload: bytes, mask: bytes) -> bytes:
    """Source: RFC 6455, section 5.3. One XOR of two long numbers beats any loop over bytes."""
    size = len(payload)
    if size >= _LONG:
        # Of very long ones, an array's beats the numbers'.
        words = np.frombuffer(payload, "<u4", size // 4) ^ np.uint32(int.from_bytes(mask, "little"))
        return words.tobytes() + bytes(map(xor, payload[size & ~3 :], mask))
    repeated = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "little") ^ int.from_bytes(repeated, "little")).to_bytes(size, "little")


def _inflated(payload: bytes, limit: int) -> bytes:
    """Return what a compressed message says. Raises: Goodbye, before more than `limit` bytes are held."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        data = inflate.decompress(payload + _FLUSHED, limit + 1)
    except zlib.error as exc:
        raise Goodbye(BAD_FRAME, "the compressed message cannot be read") from exc
    if len(data) > limit:
        raise Goodbye(TOO_BIG, "the message is too big")
    return data


def _close_reason(payload: bytes) -> bytes:
    """Return a close frame's payload if it may be one. Source: RFC 6455, section 5.5.1. Raises: Goodbye."""
    if len(payload) == 1:
        raise Goodbye(BAD_FRAME, "the close frame breaks the WebSocket protocol")
    return payload
