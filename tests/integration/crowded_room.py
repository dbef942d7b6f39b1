"""A room full of people around a large document, and somebody who comes late to it."""

from __future__ import annotations

import contextlib
import random
import time
from collections.abc import Iterator

from pycrdt import Array, Doc
from websockets.sync.client import ClientConnection, connect

from livefeed.rooms import awareness, protocol, varints
from tests.integration.document_lines import SOON_S, ask_who, joined, said, sync, wait_who
from tests.integration.stock import RoomServer

STROKE_BYTES, STROKES_AT_ONCE = 9 + 5 * 200, 200
CLIENT = 1_000
"""The Yjs client of the first person; the others have the next ones."""


@contextlib.contextmanager
def crowd(node: RoomServer, room: str, *, people: int, strokes: int, seed: int) -> Iterator[list[bytes]]:
    """Have so many strokes painted in a room, and so many people there while the block lasts; return the strokes."""
    chance = random.Random(seed)
    painted = [chance.randbytes(STROKE_BYTES) for _ in range(strokes)]
    with joined(node, room) as line, joined(node, room) as reader:
        sync(reader, 0)
        _paint(line, reader, painted)
    with contextlib.ExitStack() as stack:
        for number in range(people):
            token = node.guest()[1]
            line = stack.enter_context(_unread(f"{node.address(room)}/doc?token={token}"))
            line.send(said(CLIENT + number, b'{"cursor":{"anchor":%d}}' % number))
            events = stack.enter_context(_unread(_events(node, token)))
            ask_who(events, room)
            wait_who(events)
        yield painted


def _events(node: RoomServer, token: str) -> str:
    return f"{node.url.replace('http', 'ws')}/ws?token={token}"


def _unread(address: str) -> ClientConnection:
    """Open a line whose messages nobody looks at; it takes them all the same."""
    return connect(address, compression=None, max_size=None, max_queue=None, ping_interval=None)


def _paint(line: ClientConnection, reader: ClientConnection, strokes: list[bytes]) -> None:
    """Paint so that each piece is in the store before the next one, which builds on it, comes."""
    doc: Doc[Array[bytes]] = Doc(client_id=CLIENT)
    painted = doc.get("strokes", type=Array)
    for start in range(0, len(strokes), STROKES_AT_ONCE):
        before = doc.get_state()
        painted.extend(strokes[start : start + STROKES_AT_ONCE])
        line.send(protocol.update(varints.write_bytes(doc.get_update(before))))
        sync(reader, 2)


def _painted(update: bytes) -> list[bytes]:
    doc: Doc[Array[bytes]] = Doc()
    doc.apply_update(update)
    return list(doc.get("strokes", type=Array))


def come_late(node: RoomServer, room: str, *, people: int, painted: list[bytes]) -> float:
    """Come to such a room; return the seconds until all strokes, the roster and everybody's awareness are there."""
    token, missing = node.guest()[1], {CLIENT + number for number in range(people)}
    whole = b""
    began = time.monotonic()
    with joined(node, room, token) as line, _unread(_events(node, token)) as other:
        line.send(protocol.step1(b"\x00"))
        ask_who(other, room)
        while missing or not whole:
            message = line.recv(timeout=SOON_S)
            assert isinstance(message, bytes)
            if message[0] == 1:
                missing -= {one.client for one in awareness.parse(varints.read_bytes(message, 1)[0])}
            elif message[:2] == b"\0\1":
                whole = varints.read_bytes(message, 2)[0]
        assert len(wait_who(other)) > people
        took_s = time.monotonic() - began
    assert _painted(whole) == painted
    return took_s
