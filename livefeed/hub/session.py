"""One connection as the hub sees it. [pure]"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from livefeed.hub.codec import Codec
from livefeed.hub.held import fitting
from livefeed.hub.subscription import Subscription
from livefeed.people import ANONYMOUS, Caller
from livefeed.streams.entry import StoredEvent

OUTGOING_BYTES = 32_768
"""With so much of events and values before a transport nothing more is put there, until it has gone out."""
MOST_BYTES = 65_536
"""What a page may make of it, at most; a stalled client costs no more than that."""


def ignore(topic: str) -> None:
    """Hear of a lost topic where nobody keeps count of topics."""


def drop(data: bytes) -> int:
    """Take what nobody is there for."""
    return len(data)


class Outlet(Protocol):
    """The connection under a session."""

    def write(self, data: bytes) -> None:
        """Send bytes, or let them wait behind what waits already; never blocks."""

    def waiting(self) -> int:
        """Return how many bytes the transport still holds."""

    def ping(self) -> bool:
        """Ask for a sign of life; return False when the last one was not given."""

    def close(self, code: int, reason: str) -> None:
        """End the connection with a close code of the protocol."""

    def abort(self) -> None:
        """Cut the connection."""


class Session:
    """Subscriptions by topic, and the bytes of this pass.

    outlet: None before it is open and after it is closed. send: hands bytes to the socket and returns how many it took,
    all of them when there is none; it may raise OSError, and is for a session that is writable.
    outgoing: taken by the shell at every write. Events and values stop at `OUTGOING_BYTES`, the rest waits behind the
    cursors; answers are bounded by what the client may ask before it has read them.
    lost: called with a topic that the session is made to follow no more.
    writable: False while the transport is full; the flush pass then leaves the session's cursors where they are.
    paging: how many of its pages are being read. crowd: subscriptions whose page came when there was no room for it:
    theirs are read again one after the other, or most of a hundred would be thrown away again and again.
    """

    __slots__ = (
        *("caller", "codec", "crowd", "id", "lost", "outgoing", "outlet", "paging", "send", "subscriptions"),
        "writable",
    )

    def __init__(self, id: str, codec: Codec, caller: Caller = ANONYMOUS) -> None:
        self.id = id
        self.codec = codec
        self.caller = caller
        self.outlet: Outlet | None = None
        self.send: Callable[[bytes], int] = drop
        self.lost: Callable[[str], None] = ignore
        self.subscriptions: dict[str, Subscription] = {}
        self.outgoing = b""
        self.writable = True
        self.paging = 0
        self.crowd: dict[Subscription, None] = {}

    @property
    def room(self) -> int:
        """Bytes of events and values that may be put behind what is going out; none while the transport is full."""
        return OUTGOING_BYTES - len(self.outgoing) if self.writable else 0

    def taking(self, events: Sequence[StoredEvent]) -> tuple[Sequence[StoredEvent], bool]:
        """Return those of a page's events that may be put behind what is going out, and whether that is all."""
        room = MOST_BYTES - len(self.outgoing) if self.room > 0 else 0
        found, whole, _ = fitting(
            events, room, envelope=self.codec.envelope_bytes, one=self.writable and not self.outgoing
        )
        return found, whole

    def put(self, data: bytes) -> None:
        """Put encoded frames behind what is already going out."""
        self.outgoing = self.outgoing + data if self.outgoing else data

    def take(self) -> bytes:
        """Return the bytes to write, and forget them."""
        data, self.outgoing = self.outgoing, b""
        return data
