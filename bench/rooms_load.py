"""The load client of bench/rooms.py: `python -m bench.rooms_load ADDRESS PATH SECONDS TOKEN …`; it speaks JSON lines.

One writer types letter by letter, as fast as that is taken: each update is new, and follows the one before it. Readers
count bytes. Both cost so little that the server is what is measured. The first token is the writer's, each other one a
reader's: nobody may have many connections to one document.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import sys
import time
from collections.abc import Iterator
from itertools import islice

from livefeed.rooms.varints import write

CLIENT = write(1_234_567_890)
CHUNK = 100
"""Updates that are sent at once."""
SEND_BYTES = 65_536
MASK = bytes(4)
"""A mask like any other, and the one that is cheapest to put on."""


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


def updates() -> Iterator[bytes]:
    """Give what somebody types, letter by letter, without an end."""
    yield b"\x01\x01" + CLIENT + b"\x00\x04\x01\x04load\x01x\x00"
    clock, before = 1, b"\x00"
    while True:
        at = write(clock)
        yield b"\x01\x01" + CLIENT + at + b"\x84" + CLIENT + before + b"\x01x\x00"
        clock, before = clock + 1, at


def chunks() -> Iterator[tuple[bytes, int]]:
    """Give frames as clients send them, many at once, and how long they are as the server sends them: with no mask."""
    typed = updates()
    while True:
        said = [b"\x00\x02" + write(len(one)) + one for one in islice(typed, CHUNK)]
        yield b"".join(bytes((0x82, 0x80 | len(one))) + MASK + one for one in said), sum(len(one) + 2 for one in said)


def main(address: str, path: str, seconds: float, writing: str, *reading: str) -> None:
    """Send for so long, then wait until all that was sent has come."""
    typed = chunks()
    writer = connect(address, f"{path}?token={writing}")
    writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BYTES)  # what lies in there is sent, and not taken
    lines = [connect(address, f"{path}?token={token}") for token in reading]
    time.sleep(0.5)
    selector = selectors.DefaultSelector()
    got = dict.fromkeys(lines, 0)
    for line in lines:
        line.setblocking(False)
        drained(line)
        selector.register(line, selectors.EVENT_READ)
    writer.setblocking(False)
    selector.register(writer, selectors.EVENT_READ | selectors.EVENT_WRITE)
    print(json.dumps({"ready": os.getpid()}), flush=True)
    began = time.monotonic()
    sent = expected = 0
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
                    rest, size = next(typed)
                    sent, expected = sent + CHUNK, expected + size
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
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), *sys.argv[4:])
