"""One connection as the hub sees it. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from livefeed.hub.codec import Codec
from livefeed.hub.subscription import Subscription
from livefeed.people import ANONYMOUS, Caller


class Session:
    """Subscriptions by topic, and the bytes of this pass.

    outgoing: emptied by the shell at every write; what may gather there is bounded by what one flush pass gives a
    writable session and by the frames its client may send.
    writable: False while the transport is full; the flush pass then leaves the session's cursors where they are.
    """

    __slots__ = ("__weakref__", "caller", "codec", "id", "outgoing", "subscriptions", "writable")

    def __init__(self, id: str, codec: Codec, caller: Caller = ANONYMOUS) -> None:
        self.id = id
        self.codec = codec
        self.caller = caller
        self.subscriptions: dict[str, Subscription] = {}
        self.outgoing: list[bytes] = []
        self.writable = True

    def send(self, frame: Mapping[str, Any]) -> None:
        """Put a frame behind what is already going out."""
        self.outgoing.append(self.codec.frame(frame))

    def take(self) -> bytes:
        """Return the bytes to write, and forget them."""
        waiting, self.outgoing = self.outgoing, []
        return waiting[0] if len(waiting) == 1 else b"".join(waiting)
