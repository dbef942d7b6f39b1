"""One connection as the hub sees it. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from livefeed.hub.codec import Codec
from livefeed.hub.subscription import Subscription
from livefeed.people import ANONYMOUS, Caller

OUTGOING_BYTES = 262_144


class Session:
    """Subscriptions by topic, and the bytes of this pass.

    outgoing: emptied by the shell at every write. Events and values stop at `OUTGOING_BYTES`, the rest waits behind the
    cursors; answers are bounded by what the client may ask before it has read them.
    writable: False while the transport is full; the flush pass then leaves the session's cursors where they are.
    """

    __slots__ = ("__weakref__", "caller", "codec", "id", "outgoing", "outgoing_bytes", "subscriptions", "writable")

    def __init__(self, id: str, codec: Codec, caller: Caller = ANONYMOUS) -> None:
        self.id = id
        self.codec = codec
        self.caller = caller
        self.subscriptions: dict[str, Subscription] = {}
        self.outgoing: list[bytes] = []
        self.outgoing_bytes = 0
        self.writable = True

    @property
    def has_room(self) -> bool:
        """Whether events and values may be put behind what is going out."""
        return self.writable and self.outgoing_bytes < OUTGOING_BYTES

    def send(self, frame: Mapping[str, Any]) -> None:
        """Put a frame behind what is already going out."""
        self.put(self.codec.frame(frame))

    def put(self, data: bytes) -> None:
        """Put encoded frames behind what is already going out."""
        self.outgoing.append(data)
        self.outgoing_bytes += len(data)

    def take(self) -> bytes:
        """Return the bytes to write, and forget them."""
        waiting, self.outgoing, self.outgoing_bytes = self.outgoing, [], 0
        return waiting[0] if len(waiting) == 1 else b"".join(waiting)
