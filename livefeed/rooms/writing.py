"""Edits on their way to the store: one append per tick and room, and only then do others hear of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from livefeed.errors import Conflict, LivefeedError, NotFound, TooLarge
from livefeed.rooms.archive import Denied, Edit
from livefeed.rooms.documents import Appended, Documents
from livefeed.rooms.hearing import OTHER_EPOCH, PAUSE_S, TOO_BIG, UNAUTHORISED
from livefeed.rooms.relay import Batch, Relay, Seat

log = logging.getLogger(__name__)

TICK_S = 0.02
"""Between two appends of a room on this node, at least; the first one of a rest goes out at once."""


class Readers(Protocol):
    """Where edits go once they are stored."""

    def deliver(self, relay: Relay, edits: Sequence[Edit]) -> None:
        """Give edits to all who are live, each but its own."""

    def read_soon(self, relay: Relay) -> None:
        """Read what is new in a room, unless somebody is about to."""


class Writing:
    """Writes what clients have said. deny: tells those who may not write any more; start: begins an owned task."""

    def __init__(
        self,
        documents: Documents,
        readers: Readers,
        *,
        deny: Callable[[Sequence[Seat]], None],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._documents = documents
        self._readers = readers
        self._deny = deny
        self._start = start
        self._busy: set[Relay] = set()

    def write(self, relay: Relay) -> None:
        """Write what waits in a room, unless that is being done."""
        if relay not in self._busy:
            self._busy.add(relay)
            self._start(self._append_all(relay))

    async def _append_all(self, relay: Relay) -> None:
        """Write what waits, tick by tick, until nothing does. A failed append is repeated: it may have been done."""
        loop = asyncio.get_running_loop()
        try:
            while (batch := relay.batch()) is not None:
                began_s = loop.time()
                try:
                    found = await self._append(relay, batch)
                except Denied as exc:
                    self._deny(relay.drop(batch, exc.people))
                    continue
                except TooLarge as exc:
                    if relay.halve(batch):
                        continue  # whoever's fits has done no wrong
                    self._give_up(relay, batch, exc)
                    for seat in batch.seats:
                        relay.expel(seat)
                except (Conflict, NotFound) as exc:
                    self._give_up(relay, batch, exc)
                except LivefeedError as exc:
                    log.info("edits of room %s wait: %s", relay.room, exc.message)
                    await asyncio.sleep(PAUSE_S)
                    continue
                else:
                    self._hand_on(relay, batch, found)
                await asyncio.sleep(max(0.0, TICK_S - (loop.time() - began_s)))
        finally:
            self._busy.discard(relay)

    async def _append(self, relay: Relay, batch: Batch) -> Appended:
        return await self._documents.append(
            relay.room, relay.epoch, batch.pieces, tag=batch.tag, people=batch.people, writers=batch.writers
        )

    def _hand_on(self, relay: Relay, batch: Batch, found: Appended) -> None:
        relay.settle(batch)
        edits = relay.appended(batch, found.id, found.previous)
        if edits is None:
            self._readers.read_soon(relay)
        elif edits:
            self._readers.deliver(relay, edits)

    def _give_up(self, relay: Relay, batch: Batch, exc: LivefeedError) -> None:
        """End the connections whose edits were not taken: what they show is not what others see."""
        relay.settle(batch)
        relay.forget()
        code = TOO_BIG if isinstance(exc, TooLarge) else OTHER_EPOCH if isinstance(exc, Conflict) else UNAUTHORISED
        for seat in batch.seats:
            if not seat.gone:
                seat.outlet.close(code, exc.message)
        if not isinstance(exc, TooLarge):
            relay.stale = True
            self._readers.read_soon(relay)
