"""A connection whose client we are: a transport on a real socket, read from by hand, and what the server sent on it."""

from __future__ import annotations

import asyncio
import socket
import zlib
from collections.abc import Iterator
from typing import Any

import msgpack
import orjson

from tests.integration.fuzzed import CLOSE, PONG, READ_BYTES, TEXT

SMALL = 4_096
"""The kernel's buffers of a client that reads nothing."""


class Listener:
    """Makes pairs of connected sockets: TCP, for a connection sets options of it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))

    def pair(self, *, reads: bool) -> tuple[socket.socket, socket.socket]:
        """Return the server's end and the client's."""
        far = socket.socket()
        if not reads:
            far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        far.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # leave no TIME_WAIT
        far.connect(self._socket.getsockname())
        near, _ = self._socket.accept()
        if not reads:
            near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
        near.setblocking(False)
        far.setblocking(False)
        return near, far

    def close(self) -> None:
        self._socket.close()


class Line(asyncio.Transport):
    """Writes as asyncio's own transport does: to the socket at once, and what that does not take waits here.

    Nothing is read from the socket: the test hands the protocol its bytes. reads: the client takes what is sent.
    """

    def __init__(self, listener: Listener, *, reads: bool) -> None:
        super().__init__()
        self._loop = asyncio.get_running_loop()
        self._near, self._far = listener.pair(reads=reads)
        self.reads = reads
        self._protocol: asyncio.Protocol
        self._waiting = bytearray()
        self._received = bytearray()
        self._closing = False
        self.deaf = False
        """The server does not read from the client now."""
        self.stuck = asyncio.Event()
        """Set once something waits for a client that reads nothing."""
        self.taken = asyncio.Event()
        """Set while nothing waits: the socket has taken all that was written, or the connection has ended."""
        self.taken.set()
        self.ended = asyncio.Event()
        if reads:
            self._loop.add_reader(self._far, self._receive)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        assert isinstance(protocol, asyncio.Protocol)
        self._protocol = protocol

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._near if name == "socket" else default

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        assert high == 0, "this transport calls pause_writing as soon as anything waits"

    def get_write_buffer_size(self) -> int:
        return len(self._waiting)

    def write(self, data: Any) -> None:
        if self._closing:
            return
        sent = 0 if self._waiting else self._send(data)
        if sent < len(data):
            first = not self._waiting
            self._waiting += data[sent:]
            if first:
                self.taken.clear()
                self._loop.add_writer(self._near, self._go_on)
                self._protocol.pause_writing()
                if not self.reads:
                    self.stuck.set()

    def _send(self, data: bytes) -> int:
        try:
            return self._near.send(data)
        except BlockingIOError:
            return 0

    def _go_on(self) -> None:
        del self._waiting[: self._send(self._waiting)]
        if not self._waiting:
            self.taken.set()
            self._loop.remove_writer(self._near)
            self._protocol.resume_writing()
            if self._closing:
                self.lose(None)

    def pause_reading(self) -> None:
        self.deaf = True

    def resume_reading(self) -> None:
        self.deaf = False

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if not self._closing:
            self._closing = True
            if not self._waiting:
                self._loop.call_soon(self.lose, None)

    def abort(self) -> None:
        self._closing = True
        self._loop.call_soon(self.lose, None)

    def lose(self, exc: Exception | None) -> None:
        """End the connection, as when the client is gone."""
        if not self.ended.is_set():
            self.ended.set()
            self.taken.set()
            self._closing = True
            self._loop.remove_writer(self._near)
            self._loop.remove_reader(self._far)
            self._protocol.connection_lost(exc)

    def _receive(self) -> None:
        self._received += self._far.recv(READ_BYTES)

    def received(self) -> bytes:
        """Return all that was sent, and close the sockets. Call it when the connection has ended."""
        self._near.shutdown(socket.SHUT_WR)
        self._far.setblocking(True)
        while data := self._far.recv(READ_BYTES):
            self._received += data
        self._near.close()
        self._far.close()
        return bytes(self._received)


def told(data: bytes, *, deflates: bool) -> Iterator[tuple[str, Any]]:
    """Read what a server sent: ("frame", its map), ("close", its code), ("pong", its payload); stop where it is cut."""
    at = 0
    while len(data) - at >= 2:
        first, size, start = data[at], data[at + 1], at + 2
        if size > 125:
            wide = 2 if size == 126 else 8
            size, start = int.from_bytes(data[start : start + wide], "big"), start + wide
        at = start + size
        if at > len(data):
            return
        payload = data[start:at]
        if first & 0x40:
            assert deflates, "a compressed message, which was not agreed on"
            payload = zlib.decompressobj(-zlib.MAX_WBITS).decompress(payload + b"\x00\x00\xff\xff")
        match first & 0x0F:
            case 8:
                assert first == 0x80 | CLOSE
                assert at == len(data), "something was sent behind a close frame"
                yield "close", int.from_bytes(payload[:2], "big")
            case 10:
                assert first == 0x80 | PONG
                yield "pong", payload
            case opcode:
                yield "frame", orjson.loads(payload) if opcode == TEXT else msgpack.unpackb(payload)
