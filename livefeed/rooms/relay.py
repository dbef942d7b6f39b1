"""One room on one node: edits on their way to the store, and from there to everybody who reads along. [pure]

An edit goes to others only once it is in the store: they get what was read there, or what the store said it appended
right behind what they have. Effects go out as values; the shell is livefeed/rooms/relays.py.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from livefeed.people import User
from livefeed.rooms import protocol
from livefeed.rooms.archive import Edit, Reading, order
from livefeed.rooms.fitting import fits
from livefeed.rooms.structure import Anatomy, anatomy
from livefeed.rooms.varints import Malformed, read, write_bytes

WAITING_BYTES = 1024**2
"""What may wait to be written; those who write more are not read from until it is."""
BATCH_BYTES = 1024**2
"""What is written at once, at most; a single update may be larger than what is left."""
KNOWN_CLIENTS = 20_000
LEARNED_BYTES = 1_024


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
    epoch: str = ""
    """That of the document it was let into."""
    cursor: str = ""
    live: bool = True
    gone: bool = False
    client: int | None = None
    """The Yjs client id whose awareness is this connection's."""
    denied_s: float = -math.inf
    """When it was last told that its changes are not taken."""
    catching_up: bool = False


class Piece(NamedTuple):
    """An update on its way to the store, behind its length.

    credited: whether its sender has a part in the picture. waits: its bytes, if it builds on something missing, else 0.
    """

    data: bytes
    seat: Seat
    credited: bool = True
    waits: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Updates that are written together."""

    sent: Sequence[Piece]

    @property
    def pieces(self) -> list[bytes]:
        """The updates, each behind its length."""
        return [piece.data for piece in self.sent]

    @property
    def seats(self) -> list[Seat]:
        """Whose they are, each once."""
        return list(dict.fromkeys(piece.seat for piece in self.sent))

    @property
    def tag(self) -> str:
        """The connection they all come from, or ''."""
        seats = self.seats
        return seats[0].tag if len(seats) == 1 else ""

    @property
    def writers(self) -> list[str]:
        """The ids of those who sent them, and must have the right to."""
        return list(dict.fromkeys(piece.seat.user.id for piece in self.sent))

    @property
    def people(self) -> list[str]:
        """The ids of those who are credited for them."""
        return list(dict.fromkeys(piece.seat.user.id for piece in self.sent if piece.credited))

    def without(self, people: Collection[str]) -> Batch:
        """Return what others than these wrote of it."""
        return Batch([piece for piece in self.sent if piece.seat.user.id not in people])

    @property
    def waits(self) -> int:
        """Bytes of them that build on something missing."""
        return sum(piece.waits for piece in self.sent)


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
        self.taken = 0
        """Updates that were ever put in line."""
        self.settled = 0
        """Those of them that were written since, or refused."""
        self.waits_taken = 0
        """Bytes of all updates that build on something missing and were ever put in line."""
        self.waits_settled = 0
        """Those of them that were written since, or refused."""
        self._known: dict[int, int] = {}
        self._waiting: list[Piece] = []
        self._size = 0
        self._sending: Batch | None = None
        self._held: list[Seat] = []

    # What the document is known to have, or will have once what is in line is written.

    def learn(self, known: Mapping[int, int]) -> None:
        """Note how much of some clients there is."""
        if len(self._known) > KNOWN_CLIENTS:
            self._known.clear()
        self._known.update(known)

    def forget(self) -> None:
        """Believe nothing any more: the store has lost or refused something."""
        self._known.clear()

    def fits(self, found: Anatomy) -> bool:
        """Tell whether an update surely builds on nothing that is missing."""
        return fits(found, self._known)

    def note(self, found: Anatomy) -> bool:
        """Note an update that fits and was put in line; tell whether it says anything new."""
        new = bool(found.deletions)
        for client, structs in found.runs:
            if structs and structs[-1].end > self._known.get(client, 0):
                self._known[client] = structs[-1].end
                new = True
        return new

    # Edits on their way to the store.

    def take(self, seat: Seat, piece: bytes, *, credited: bool = True, waits: int = 0) -> None:
        """Put an update (behind its length) in line; a writer who is too fast is held."""
        self._waiting.append(Piece(piece, seat, credited, waits))
        self._size += len(piece)
        self.taken += 1
        self.waits_taken += waits
        if self._size > WAITING_BYTES and seat not in self._held:
            self._held.append(seat)
            seat.outlet.hold()

    def batch(self) -> Batch | None:
        """Return what is to be written now: one batch at a time, and the same again until it is settled."""
        if self._sending is None and self._waiting:
            count = size = 0
            for piece in self._waiting:
                if count and size + len(piece.data) > BATCH_BYTES:
                    break
                count, size = count + 1, size + len(piece.data)
            sent, self._waiting, self._size = self._waiting[:count], self._waiting[count:], self._size - size
            self._sending = Batch(sent)
        return self._sending

    def drop(self, batch: Batch, people: Collection[str]) -> list[Seat]:
        """Leave out of a batch what people wrote who may not, and what of theirs waits; return their connections.

        What waits builds on what is left out, and they may be editors again before it has its turn.
        """
        rest = batch.without(people)
        if self._sending is batch:
            self._sending = rest if rest.sent else None
            self.settled += len(batch.sent) - len(rest.sent)
            self.waits_settled += batch.waits - rest.waits
        self.forget()  # what was dropped may have been taken for known
        waiting = [piece.seat for piece in self._waiting]
        seats = [seat for seat in dict.fromkeys([*batch.seats, *waiting]) if seat.user.id in people]
        self._expel(seats)
        return seats

    def halve(self, batch: Batch) -> bool:
        """Have only the first half of a batch written; tell whether there is one."""
        half = len(batch.sent) // 2
        if half and self._sending is batch:
            rest = batch.sent[half:]
            self._sending = Batch(batch.sent[:half])
            self._waiting = [*rest, *self._waiting]
            self._size += sum(len(piece.data) for piece in rest)
        return half > 0

    def expel(self, seat: Seat) -> None:
        """Forget what somebody wrote that waits: it builds on what was refused."""
        self._expel([seat])

    def _expel(self, seats: Collection[Seat]) -> None:
        gone = [piece for piece in self._waiting if piece.seat in seats]
        self._waiting = [piece for piece in self._waiting if piece.seat not in seats]
        self._size -= sum(len(piece.data) for piece in gone)
        self.settled += len(gone)
        self.waits_settled += sum(piece.waits for piece in gone)
        self._release()

    def settle(self, batch: Batch) -> None:
        """Forget a batch that was written, or refused."""
        if self._sending is batch:
            self._sending = None
            self.settled += len(batch.sent)
            self.waits_settled += batch.waits
        self._release()

    def _release(self) -> None:
        """Hear those again who were held, once there is room for what they write."""
        if self._size <= WAITING_BYTES // 2:
            held, self._held = self._held, []
            for seat in held:
                if not seat.gone:
                    seat.outlet.release()

    @property
    def idle(self) -> bool:
        """Whether nobody reads along and nothing waits to be written."""
        return not self.seats and self._sending is None and not self._waiting

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
        if follows:
            self._learn_from(reading)
        else:
            self.forget()
        self.cursor = reading.end(self.cursor)
        self.epoch = reading.epoch
        return follows

    def _learn_from(self, reading: Reading) -> None:
        """Note what others wrote, so that what is built on it fits; large updates are asked about when it matters."""
        for edit in reading.edits:
            for _, piece in edit.sound:
                if len(piece) <= LEARNED_BYTES:
                    with contextlib.suppress(Malformed):  # written when less was asked of updates
                        found = anatomy(piece[read(piece, 0)[1] :])
                        if fits(found, self._known, newcomers=True):
                            self.note(found)

    def enter(self, seat: Seat) -> None:
        """Let somebody read along from here on; what came before is given by the answer to its step 1."""
        seat.cursor, seat.epoch = self.cursor, self.epoch
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
