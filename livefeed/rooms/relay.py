"""One room on one node: edits on their way to the store, and from there to everybody who reads along. [pure]

An edit goes to others only once it is in the store: they get what was read there, or what the store said it appended
right behind what they have. Effects go out as values; the shell is livefeed/rooms/relays.py.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from livefeed.people import User
from livefeed.rooms import protocol
from livefeed.rooms.archive import Edit, Reading, order
from livefeed.rooms.varints import write_bytes

WAITING_BYTES = 1024**2
"""What may wait to be written; those who write more are not read from until it is."""
BATCH_BYTES = 1024**2
"""What is written at once, at most; a single update may be larger than what is left."""


class Outlet(Protocol):
    """The connection of a reader."""

    @property
    def writable(self) -> bool:
        """Whether it takes bytes just now."""

    def give(self, messages: Sequence[bytes]) -> None:
        """Send messages; never blocks. When it takes no more, the relay is told (`stall`)."""

    def give_sealed(self, data: bytes) -> None:
        """Send what the node's `seal` has made of messages: the same bytes for many."""

    def close(self, code: int, reason: str) -> None:
        """End the connection."""

    def hold(self) -> None:
        """Hear nothing from the client for now."""

    def release(self) -> None:
        """Hear it again."""


@dataclass(slots=True, eq=False)
class Seat:
    """Somebody who reads along, and may write.

    tag: of the connection, unique among all nodes. cursor: everything up to it was given.
    live: given each edit as it comes; else it is stalled or behind, and reads pages of its own.
    """

    room: str
    tag: str
    user: User
    writes: bool
    outlet: Outlet
    role: str = ""
    cursor: str = ""
    live: bool = True
    gone: bool = False
    client: int | None = None
    """The Yjs client id whose awareness is this connection's."""
    denied_s: float = -math.inf
    """When it was last told that its changes are not taken."""
    catching_up: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """Updates that are written together. seats: whose they are."""

    pieces: Sequence[bytes]
    seats: Sequence[Seat]

    @property
    def tag(self) -> str:
        """The connection they all come from, or ''."""
        return self.seats[0].tag if len(self.seats) == 1 else ""

    @property
    def people(self) -> list[str]:
        """The ids of those who wrote them."""
        return list(dict.fromkeys(seat.user.id for seat in self.seats))


@dataclass(slots=True)
class _Waiting:
    pieces: list[bytes] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    size: int = 0


class Relay:
    """What a node knows of a room while somebody here reads along: no document, only positions.

    cursor: what everybody who is live was given. stale: there is more in the store than that.
    """

    def __init__(self, room: str, epoch: str, cursor: str) -> None:
        self.room = room
        self.epoch = epoch
        self.cursor = cursor
        self.seats: dict[Seat, None] = {}
        self.stale = False
        self.reading = False
        self._waiting = _Waiting()
        self._sending: Batch | None = None
        self._held: list[Seat] = []

    # Edits on their way to the store.

    def take(self, seat: Seat, piece: bytes) -> None:
        """Put an update (behind its length) in line; a writer who is too fast is held."""
        waiting = self._waiting
        waiting.pieces.append(piece)
        waiting.seats.append(seat)
        waiting.size += len(piece)
        if waiting.size > WAITING_BYTES and seat not in self._held:
            self._held.append(seat)
            seat.outlet.hold()

    def batch(self) -> Batch | None:
        """Return what is to be written now: one batch at a time, and the same again until it is settled."""
        if self._sending is None and self._waiting.pieces:
            count = size = 0
            for piece in self._waiting.pieces:
                if count and size + len(piece) > BATCH_BYTES:
                    break
                count, size = count + 1, size + len(piece)
            waiting = self._waiting
            self._sending = Batch(waiting.pieces[:count], list(dict.fromkeys(waiting.seats[:count])))
            self._waiting = _Waiting(waiting.pieces[count:], waiting.seats[count:], waiting.size - size)
        return self._sending

    def settle(self, batch: Batch) -> None:
        """Forget a batch that was written, or refused."""
        if self._sending is batch:
            self._sending = None
        if self._waiting.size <= WAITING_BYTES // 2:
            held, self._held = self._held, []
            for seat in held:
                if not seat.gone:
                    seat.outlet.release()

    @property
    def idle(self) -> bool:
        """Whether nobody reads along and nothing waits to be written."""
        return not self.seats and self._sending is None and not self._waiting.pieces

    # Edits on their way to the readers.

    def appended(self, batch: Batch, id: str, previous: str) -> list[Edit] | None:
        """Return the edit if it follows what everybody has; else the store must be read (None)."""
        if order(id) <= order(self.cursor):
            return []
        if self.reading or previous != self.cursor:
            self.stale = True
            return None
        self.cursor = id
        return [Edit(id, batch.tag, batch.pieces)]

    def heard(self, id: str) -> None:
        """Note that there is an edit in the store."""
        if order(id) > order(self.cursor):
            self.stale = True

    def receive(self, reading: Reading) -> bool:
        """Move on behind what was read; tell whether it follows what everybody has. Else all of it is to be given."""
        follows = reading.snapshot is None
        self.cursor = reading.end(self.cursor)
        self.epoch = reading.epoch
        return follows

    def enter(self, seat: Seat) -> None:
        """Let somebody read along from here on; what came before is given by the answer to its step 1."""
        seat.cursor = self.cursor
        self.seats[seat] = None

    def leave(self, seat: Seat) -> None:
        """Forget a reader; what it wrote is still written."""
        seat.gone = True
        seat.live = False
        self.seats.pop(seat, None)
        if seat in self._held:
            self._held.remove(seat)

    def caught_up(self, seat: Seat, reading: Reading) -> bool:
        """Note what a reader that was behind was given; tell whether it has all that the others have."""
        seat.cursor = reading.end(seat.cursor)
        seat.live = not seat.gone and reading.complete and order(seat.cursor) >= order(self.cursor)
        return seat.live


def messages(reading: Reading) -> list[bytes]:
    """Return the messages that bring what was read."""
    found = [protocol.update(write_bytes(reading.snapshot))] if reading.snapshot is not None else []
    return found + [message for edit in reading.edits for message in messages_of(edit)]


def messages_of(edit: Edit) -> list[bytes]:
    """Return the messages that bring an edit."""
    if not edit.spoiled:
        return [b"\x00\x02" + piece for piece in edit.pieces]
    return [protocol.update(piece) for _, piece in edit.sound]
