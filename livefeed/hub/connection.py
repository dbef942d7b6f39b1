"""The transport under a session: what goes out, and when it takes no more.

Writes go straight to the transport, which hands them to the socket at once. What the socket does not take is the only
buffer: the session gets nothing more until it is empty again.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import socket
import struct
import sys
import termios
from collections.abc import Callable
from typing import Protocol

from livefeed.hub.session import Session, drop

GIVE_UP_S = 2.0
"""How long a peer may take to leave after it was told to, before the connection is cut."""
UNSENT_BYTES = 16_384
"""What the kernel takes for a peer that does not read, beyond what is on the line: by itself it takes megabytes, all
stale by the time they are read. What it does not take waits behind the cursors, where a newer value replaces an older
one: with so little, whoever is slow is one preview behind, not a dozen. Source: tcp(7), TCP_NOTSENT_LOWAT."""


class Keeper(Protocol):
    """Who looks after the sessions: the node."""

    def stall(self, session: Session) -> None:
        """Note that the session's transport takes nothing more."""

    def resume(self, session: Session) -> None:
        """Note that it does again."""


class Connection(asyncio.Protocol):
    """One taken-over transport and its session."""

    __slots__ = ("_keeper", "_session", "_socket", "_transport", "closing", "heard")

    def __init__(self, session: Session, keeper: Keeper) -> None:
        self._session = session
        self._keeper = keeper
        self.closing = False
        """Nothing more is written."""
        self.heard = True
        """The peer gave a sign of life since it was last asked for one."""
        self._transport: asyncio.Transport
        self._socket: socket.socket | None = None
        """The transport's own, lent: its file is the transport's to close, after `connection_lost`."""

    def begin(self, transport: asyncio.Transport) -> None:
        """Take the transport; `set_protocol` calls no `connection_made`."""
        self._transport = transport
        transport.set_write_buffer_limits(high=0)
        transport.set_protocol(self)
        self._session.send = self.sender()

    def sender(self) -> Callable[[bytes], int]:
        """Return what the flush pass calls with a session's bytes: the socket's own `send`.

        While nothing waits in the transport, it would do the same, only dearer: see docs/architecture.md.
        """
        self._socket = socket.socket(fileno=self._transport.get_extra_info("socket").fileno())
        self._socket.setblocking(False)
        if sys.platform == "linux":
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT_BYTES)
        return self._socket.send

    def pause_writing(self) -> None:
        self._keeper.stall(self._session)

    def resume_writing(self) -> None:
        self._keeper.resume(self._session)

    def connection_lost(self, exc: Exception | None) -> None:
        self.shut()
        if self._socket is not None:
            self._socket.detach()

    def shut(self) -> None:
        """Write nothing more."""
        self.closing = True
        self._session.send = drop

    def write(self, data: bytes) -> None:
        """Send bytes, or let them wait behind what waits already."""
        if not self.closing:
            with contextlib.suppress(RuntimeError):  # closed under us: `connection_lost` is on its way
                self._transport.write(data)

    def waiting(self) -> int:
        """Return how many bytes have not reached the peer: those that the transport holds, and the kernel's.

        A slow peer takes the kernel's for a long time before there is room for one of the transport's.
        """
        if self._transport.is_closing():
            return 0
        return self._transport.get_write_buffer_size() + self._unacknowledged()

    def _unacknowledged(self) -> int:
        """Source: tcp(7), SIOCOUTQ, which has TIOCOUTQ's number."""
        if sys.platform != "linux" or self._socket is None:
            return 0
        try:
            return struct.unpack("i", fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4)))[0]  # type: ignore[no-any-return]
        except OSError:
            return 0  # gone meanwhile

    def abort(self) -> None:
        """Cut the connection; what waits is thrown away."""
        self.shut()
        self._transport.abort()

    def _give_up_later(self) -> None:
        asyncio.get_running_loop().call_later(GIVE_UP_S, self._transport.abort)
