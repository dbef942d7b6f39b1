"""The load client of bench/rooms.py: `python -m bench.rooms_load ADDRESS PATH READERS SECONDS`; it speaks JSON lines.

One writer sends updates of one size as fast as they are taken, and readers count bytes: both cost so little that the
server is what is measured.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import struct
import sys
import time

from pycrdt import Doc, Text

UPDATES = 20_000
MASK = b"\x01\x02\x03\x04"


def connect(address: str, path: str) -> socket.socket:
    """Open a WebSocket and return it behind the server's answer."""
    host, _, port = address.partition(":")
    line = socket.create_connection((host, int(port)), timeout=10)
    key = "AAAAAAAAAAAAAAAAAAAAAA=="
    line.sendall(
        f"GET {path} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    said = b""
    while b"\r\n\r\n" not in said:
        said += line.recv(4096)
    if b" 101 " not in said.partition(b"\r\n")[0]:
        raise SystemExit(f"refused: {said[:200]!r}")
    return line


def updates() -> list[bytes]:
    """Return what somebody types, letter by letter: updates that are nearly all of one size."""
    found: list[bytes] = []
    doc: Doc[Text] = Doc(client_id=1_234_567_890)
    text = doc.get("load", type=Text)
    watching = doc.observe(lambda event: found.append(event.update))
    for _ in range(UPDATES):
        text.insert(len(text), "x")
    doc.unobserve(watching)
    return found


def masked(payload: bytes) -> bytes:
    """Return a frame as clients send it."""
    repeated = (MASK * (len(payload) // 4 + 1))[: len(payload)]
    body = bytes(one ^ other for one, other in zip(payload, repeated, strict=True))
    head = bytes((0x82, 0x80 | len(payload))) if len(payload) < 126 else struct.pack(">BBH", 0x82, 0xFE, len(payload))
    return head + MASK + body


def main(address: str, path: str, readers: int, seconds: float) -> None:
    """Send for so long, then wait until all that was sent has come."""
    frames = [masked(b"\x00\x02" + bytes((len(one),)) + one) for one in updates()]
    sizes = [len(frame) - 4 for frame in frames]  # as the server sends it: without the mask
    writer = connect(address, path)
    lines = [connect(address, path) for _ in range(readers)]
    time.sleep(0.5)
    selector = selectors.DefaultSelector()
    got = dict.fromkeys(lines, 0)
    for line in lines:
        line.setblocking(False)
        drained(line)
        selector.register(line, selectors.EVENT_READ)
    writer.setblocking(False)
    selector.register(writer, selectors.EVENT_READ | selectors.EVENT_WRITE)
    chunks = [(b"".join(frames[at : at + 100]), sum(sizes[at : at + 100])) for at in range(0, UPDATES, 100)]
    print(json.dumps({"ready": os.getpid()}), flush=True)
    began = time.monotonic()
    sent = turn = expected = 0
    rest = b""
    while time.monotonic() - began < 3 * seconds + 20:
        sending = time.monotonic() - began < seconds
        if not sending and not rest and all(count >= expected for count in got.values()):
            break
        for key, events in selector.select(0.2):
            ready = key.fileobj
            assert isinstance(ready, socket.socket)
            if events & selectors.EVENT_READ:
                data = ready.recv(1 << 20)
                if not data:
                    raise SystemExit("the server has closed a connection")
                if ready in got:
                    got[ready] += len(data)
            if ready is writer and events & selectors.EVENT_WRITE:
                if not rest and sending:
                    rest, size = chunks[turn % len(chunks)]
                    turn, sent, expected = turn + 1, sent + 100, expected + size
                if rest:
                    rest = rest[writer.send(rest) :]
                elif not sending:
                    selector.modify(writer, selectors.EVENT_READ)
    took = time.monotonic() - began
    missing = sum(count < expected for count in got.values())
    print(json.dumps({"sent": sent, "seconds": took, "behind": missing, "bytes": expected}), flush=True)


def drained(line: socket.socket) -> None:
    """Throw away what has come."""
    try:
        while line.recv(1 << 16):
            pass
    except BlockingIOError:
        pass


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]))
