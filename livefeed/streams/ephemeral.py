"""What may be lost: signals and counts between nodes, over the store's publish and subscribe."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable

from livefeed.errors import LivefeedError
from livefeed.streams.connection import Store

log = logging.getLogger(__name__)

CHANNEL = "lf:ephemeral"
MAX_PAUSE_S = 2.0
SILENCE_S = 30.0
"""Every node speaks more often than this, this one included: longer silence is a dead connection."""


class Ephemeral:
    """Sends small messages to every node, this one included. No order, no memory, no promise.

    channel: those on one channel do not hear those on another.
    """

    def __init__(self, store: Store, channel: str = CHANNEL) -> None:
        self._store = store
        self._channel = channel

    async def publish(self, message: bytes) -> None:
        """Send `message` to whoever listens now. Raises: StoreUnavailable."""
        await self._store.execute("PUBLISH", self._channel, message)

    async def run(self, receive: Callable[[bytes], None]) -> None:
        """Hand every message to `receive` until cancelled; reconnect with back-off."""
        pause_s = 0.05
        while True:
            try:
                async with self._store.dedicated() as connection:
                    await connection.execute("SUBSCRIBE", self._channel)
                    pause_s = 0.05
                    while True:
                        kind, _, message = await connection.read(within_s=SILENCE_S)
                        if kind == b"message":
                            receive(message)
            except LivefeedError:
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(2 * pause_s, MAX_PAUSE_S)
