"""The y-protocols: what travels between a document's clients and us, one message to a WebSocket frame. [pure]

Lengths are exact and sizes bounded; whether an update's own bytes make sense is livefeed/rooms/structure.py's to say.

Source: y-protocols, PROTOCOL.md; y-websocket, `messageHandlers`.
"""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from livefeed.rooms import varints
from livefeed.rooms.varints import Malformed

UPDATE_BYTES = 262_144
"""Size of one update."""
STEP2_BYTES = 1024**2
"""Size of a sync step 2: everything that somebody did while they were away."""
CLIENTS = 16_384
"""Yjs clients that may have written a document: each page that was opened and wrote is one."""
STATE_BYTES = 16 * (CLIENTS + 1_024)
"""Size of a state vector: whoever has all that a document may hold fits, and a little of their own besides."""
UNMET_BYTES = 262_144
"""What may wait in a document for something that it builds on."""
AWARENESS_BYTES = 262_144
"""Stock clients say again what they heard of others; what is not their own is passed over."""
MESSAGE_BYTES = STEP2_BYTES + 16

_SYNC, _AWARENESS, _AUTH, _QUERY_AWARENESS = 0, 1, 2, 3
_STEP1, _STEP2, _UPDATE = 0, 1, 2
_PERMISSION_DENIED = 0


class Kind(Enum):
    """What a client may say."""

    STEP1 = "sync step 1"
    STEP2 = "sync step 2"
    UPDATE = "update"
    AWARENESS = "awareness"
    QUERY_AWARENESS = "query awareness"


class TooBig(Malformed):
    """The message is well formed, and larger than what is taken."""


class Message(NamedTuple):
    """What a client says. body: a state vector, an update or awareness states; b'' for a query."""

    kind: Kind
    body: bytes


_SYNC_KINDS = {
    _STEP1: (Kind.STEP1, STATE_BYTES),
    _STEP2: (Kind.STEP2, STEP2_BYTES),
    _UPDATE: (Kind.UPDATE, UPDATE_BYTES),
}


def parse(data: bytes) -> Message:
    """Return what a frame says. Raises: Malformed, TooBig."""
    if data[:2] == b"\x00\x02":  # nearly all of them
        size, at = varints.read(data, 2)
        return _whole(Kind.UPDATE, data, size, at, UPDATE_BYTES)
    kind, at = varints.read(data, 0)
    if kind == _SYNC:
        step, at = varints.read(data, at)
        if step not in _SYNC_KINDS:
            raise Malformed("there is no such sync message")
        what, limit = _SYNC_KINDS[step]
    elif kind == _AWARENESS:
        what, limit = Kind.AWARENESS, AWARENESS_BYTES
    elif kind == _QUERY_AWARENESS:
        if at != len(data):
            raise Malformed("a query has nothing behind it")
        return Message(Kind.QUERY_AWARENESS, b"")
    else:
        raise Malformed("clients send sync, awareness and query awareness messages only")
    size, at = varints.read(data, at)
    return _whole(what, data, size, at, limit)


def _whole(kind: Kind, data: bytes, size: int, at: int, limit: int) -> Message:
    if at + size != len(data):
        raise Malformed("the message is not as long as it says")
    if size > limit:
        raise TooBig(f"a message of this kind has at most {limit} bytes")
    return Message(kind, data[at:])


def step1(state: bytes) -> bytes:
    """Return the message that tells what we have, and asks for the rest."""
    return bytes((_SYNC, _STEP1)) + varints.write_bytes(state)


def step2(update: bytes) -> bytes:
    """Return the answer to a step 1."""
    return bytes((_SYNC, _STEP2)) + varints.write_bytes(update)


def update(piece: bytes) -> bytes:
    """Return the message that brings an update; `piece`: the update behind its length."""
    return bytes((_SYNC, _UPDATE)) + piece


def awareness(states: bytes) -> bytes:
    """Return the message that brings awareness states."""
    return bytes((_AWARENESS,)) + varints.write_bytes(states)


def permission_denied(reason: str) -> bytes:
    """Return the message that tells a client that its changes are not taken."""
    return bytes((_AUTH, _PERMISSION_DENIED)) + varints.write_bytes(reason.encode())
