"""Whole numbers as Yjs writes them: seven bits to a byte, the lowest first. [pure]

Source: lib0, `encoding.writeVarUint`. A number has at most 53 bits, as in JavaScript, and so at most eight bytes.
"""

from __future__ import annotations

MAX_BYTES = 8
MAX_NUMBER = 2**53 - 1


class Malformed(ValueError):
    """The bytes are not what they should be. Its text says why, for a person."""


def read(data: bytes, at: int) -> tuple[int, int]:
    """Return the number that begins at `at`, and where it ends. Raises: Malformed."""
    if at < len(data) and data[at] < 0x80:  # most numbers are that small
        return data[at], at + 1
    value = shift = 0
    end = min(at + MAX_BYTES, len(data))
    while at < end:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            if value > MAX_NUMBER:
                raise Malformed("a number is larger than 2^53 - 1")
            return value, at
        shift += 7
    raise Malformed("a number has no end, or more than eight bytes")


def write(value: int) -> bytes:
    """Return the bytes of a number, 0 to MAX_NUMBER."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def read_bytes(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the bytes that begin at `at` behind their length, and where they end. Raises: Malformed."""
    size, at = read(data, at)
    end = at + size
    if end > len(data):
        raise Malformed("something is longer than what holds it")
    return data[at:end], end


def write_bytes(data: bytes) -> bytes:
    """Return bytes behind their length."""
    return write(len(data)) + data
