"""The rooms that are open on a node, at work: hears clients, writes their edits, reads everybody's, hands them on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Protocol

from livefeed.errors import Conflict, LivefeedError, NotFound, TooLarge
from livefeed.people import User
from livefeed.rooms import protocol
from livefeed.rooms.archive import Edit, Reading
from livefeed.rooms.company import BEAT_S, Channel, Company, OpenRoom
from livefeed.rooms.documents import Documents
from livefeed.rooms.hearing import LOST, OTHER_EPOCH, PAUSE_S, TOO_BIG, UNAUTHORISED, Hearing, Refused, insist
from livefeed.rooms.relay import Batch, Outlet, Relay, Seat, messages, messages_of
from livefeed.streams.entry import Entry

log = logging.getLogger(__name__)

WRITERS = frozenset({"owner", "editor"})

TICK_S = 0.02
"""Between two appends of a room on this node, at least; the first one of a rest goes out at once."""
CATCH_UP_BYTES = 65_536


class Rights(Protocol):
    """Who may do what in a room."""

    async def role(self, room: str, user: str, /) -> str | None:
        """Return `owner`, `editor` or `viewer`, or None for who is no member of it. Raises: StoreUnavailable."""


class Relays:
    """All rooms that are open here. Owns its tasks between `run` and its cancellation; listens to the follower.

    seal: what the outlets' `give_sealed` takes, made of messages. node: this node's name among all.
    """

    def __init__(
        self,
        documents: Documents,
        rights: Rights,
        channel: Channel,
        *,
        node: str,
        seal: Callable[[Sequence[bytes]], bytes],
    ) -> None:
        self._documents = documents
        self._rights = rights
        self._node = node
        self._seal = seal
        self._rooms: dict[str, OpenRoom] = {}
        self._of_topic: dict[str, OpenRoom] = {}
        self._company = Company(self._rooms, channel, node=node, seal=seal, start=self._start)
        self._hearing = Hearing(documents, self._company, self._take)
        self._seats = 0
        self._appending: set[Relay] = set()
        self._tasks: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            tasks.create_task(self._company.tick(), name="awareness")
            try:
                await self._beat()
            finally:
                self._tasks = None  # whatever is begun from here on would not be waited for

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._tasks is None:
            work.close()
        else:
            self._tasks.create_task(work)

    # Readers.

    async def prepare(self, room: str, user: User) -> str:
        """Open a room here for somebody who comes in; return what they are in it.

        Raises: NotFound for who is no member, StoreUnavailable.
        """
        role = await self._rights.role(room, user.id)
        if role is None:
            raise NotFound("This room does not exist, or you are not a member of it.")
        if room not in self._rooms:
            epoch, cursor = await self._documents.head(room)
            if room not in self._rooms:
                self._open(Relay(room, epoch, cursor))
        return str(role)

    def _open(self, relay: Relay) -> None:
        opened = self._rooms[relay.room] = OpenRoom(relay)
        self._of_topic[f"doc:{relay.room}"] = self._of_topic[f"room:{relay.room}"] = opened
        relay.stale = True  # what came between the store's answer and now
        self._read_soon(relay)
        self._company.ask(relay.room)

    def enter(self, room: str, user: User, outlet: Outlet, *, role: str, epoch: str) -> Seat:
        """Let somebody read along in a room that was prepared. Raises: Refused for another epoch ('': any)."""
        opened = self._rooms.get(room)
        if opened is None:
            raise Refused(LOST, "come again in a moment")
        if epoch and epoch != opened.relay.epoch:
            raise Refused(OTHER_EPOCH, "the document was begun anew: load the room again")
        self._seats += 1
        seat = Seat(room, f"{self._node}:{self._seats}", user, role in WRITERS, outlet, role)
        opened.relay.enter(seat)
        opened.idle_beats = 0
        self._start(self._greet(seat))
        return seat

    async def _greet(self, seat: Seat) -> None:
        """Ask for what the newcomer has, and tell who is there."""
        self._company.show_all(seat)
        await self._recheck(seat)
        await self._ask_for_edits(seat)

    async def _ask_for_edits(self, seat: Seat) -> None:
        """Tell a writer what the document has, so that it sends the rest."""
        if seat.writes and not seat.gone:
            state = await insist(seat, lambda: self._documents.state(seat.room))
            if state is not None:
                seat.outlet.give([protocol.step1(state)])

    def leave(self, seat: Seat, *, clean: bool) -> None:
        """Forget a connection that has ended; clean: its client said goodbye."""
        room = self._rooms.get(seat.room)
        if room is not None and not seat.gone:
            room.relay.leave(seat)
            self._company.part(seat, clean=clean)

    def stall(self, seat: Seat) -> None:
        """Give a reader nothing more: its transport is full."""
        seat.live = False

    def thaw(self, seat: Seat) -> None:
        """Serve a reader whose transport takes bytes again, from where it stood."""
        if not seat.live and not seat.gone and not seat.catching_up:
            seat.catching_up = True
            self._start(self._catch_up(seat))

    async def _catch_up(self, seat: Seat) -> None:
        try:
            while not seat.gone and seat.outlet.writable:
                reading = await insist(
                    seat, lambda: self._documents.since(seat.room, seat.cursor, bytes_=CATCH_UP_BYTES)
                )
                room = self._rooms.get(seat.room)
                if reading is None or room is None:
                    return
                done = room.relay.caught_up(seat, reading)
                seat.outlet.give(messages(reading))
                if reading.snapshot is not None:
                    self._start(self._ask_for_edits(seat))
                if done:
                    return
        finally:
            seat.catching_up = False
        if not seat.live and not seat.gone and seat.outlet.writable:
            self.thaw(seat)

    def hear(self, seat: Seat, data: bytes) -> Coroutine[Any, Any, None] | None:
        """Take a message of a client; return what must be awaited before its next one, if anything.

        Raises: Refused, also when awaited.
        """
        return self._hearing.hear(seat, data)

    def receive(self, message: bytes) -> None:
        """Take what any node says of who is where."""
        self._company.receive(message)

    # Edits on their way to the store.

    def _take(self, seat: Seat, piece: bytes) -> None:
        room = self._rooms.get(seat.room)
        if room is not None and not seat.gone:
            room.relay.take(seat, piece)
            if room.relay not in self._appending:
                self._appending.add(room.relay)
                self._start(self._append(room.relay))

    async def _append(self, relay: Relay) -> None:
        """Write what waits, tick by tick, until nothing does. A failed append is repeated: it may have been done."""
        loop = asyncio.get_running_loop()
        try:
            while (batch := relay.batch()) is not None:
                began_s = loop.time()
                try:
                    found = await self._documents.append(
                        relay.room, relay.epoch, batch.pieces, tag=batch.tag, people=batch.people
                    )
                except (Conflict, NotFound, TooLarge) as exc:
                    relay.settle(batch)
                    self._refuse(batch, exc)
                except LivefeedError as exc:
                    log.info("edits of room %s wait: %s", relay.room, exc.message)
                    await asyncio.sleep(PAUSE_S)
                    continue
                else:
                    relay.settle(batch)
                    edits = relay.appended(batch, found.id, found.previous)
                    if edits is None:
                        self._read_soon(relay)
                    elif edits:
                        self._deliver(relay, edits)
                await asyncio.sleep(max(0.0, TICK_S - (loop.time() - began_s)))
        finally:
            self._appending.discard(relay)

    def _refuse(self, batch: Batch, exc: LivefeedError) -> None:
        """End the connections whose edits were not taken: what they show is not what others see."""
        code = TOO_BIG if isinstance(exc, TooLarge) else OTHER_EPOCH if isinstance(exc, Conflict) else UNAUTHORISED
        for seat in batch.seats:
            if not seat.gone:
                seat.outlet.close(code, exc.message)

    # Edits on their way to the readers.

    def _read_soon(self, relay: Relay) -> None:
        if relay.stale and not relay.reading:
            relay.reading = True
            self._start(self._read(relay))

    async def _read(self, relay: Relay) -> None:
        """Read what is new, until nothing is."""
        try:
            while relay.stale:
                relay.stale = False
                try:
                    reading = await self._documents.since(relay.room, relay.cursor)
                except NotFound:
                    self._end(relay, UNAUTHORISED, "the room is gone")
                except LivefeedError as exc:
                    log.info("what is new in room %s waits: %s", relay.room, exc.message)
                    relay.stale = True
                    await asyncio.sleep(PAUSE_S)
                else:
                    self._receive(relay, reading)
        finally:
            relay.reading = False

    def _receive(self, relay: Relay, reading: Reading) -> None:
        if reading.epoch != relay.epoch:
            self._end(relay, OTHER_EPOCH, "the document was begun anew: load the room again")
        elif relay.receive(reading):
            self._deliver(relay, reading.edits)
        else:
            log.info("room %s was read anew: what this node knew of it is gone from the store", relay.room)
            whole = self._seal(messages(reading))
            for seat in list(relay.seats):
                if seat.live:
                    seat.cursor = relay.cursor
                    seat.outlet.give_sealed(whole)
                self._start(self._ask_for_edits(seat))

    def _deliver(self, relay: Relay, edits: Sequence[Edit]) -> None:
        """Give edits to all who are live, each but its own."""
        parts = [(edit.tag, self._seal(messages_of(edit))) for edit in edits]
        tags = {tag for tag, _ in parts if tag}
        whole = parts[0][1] if len(parts) == 1 else b"".join([data for _, data in parts])
        for seat in list(relay.seats):
            if seat.live:
                seat.cursor = relay.cursor
                data = b"".join([data for tag, data in parts if tag != seat.tag]) if seat.tag in tags else whole
                if data:
                    seat.outlet.give_sealed(data)

    def _end(self, relay: Relay, code: int, reason: str) -> None:
        for seat in list(relay.seats):
            seat.outlet.close(code, reason)

    # What the follower tells.

    def advance(self, shard: int, entries: Sequence[Entry]) -> None:
        """Hear that documents were edited, and that roles were changed."""
        if not self._of_topic:
            return
        for entry in entries:
            room = self._of_topic.get(entry.topic)
            if room is None:
                continue
            if entry.topic.startswith("doc:"):
                room.relay.heard(str(entry.id))
                self._read_soon(room.relay)
            elif entry.type == "room.member":
                self._recheck_all(room.relay)

    def reset(self, shard: int, cut: object) -> None:
        """Read every room of a shard again: what was told of it is unknown."""
        self.recheck(shard)

    def recheck(self, shard: int) -> None:
        """As `reset`: news may have been lost with the connection."""
        for room in self._rooms.values():
            if self._documents.shard(room.relay.room) == shard:
                room.relay.stale = True
                self._read_soon(room.relay)
                self._recheck_all(room.relay)
                for seat in room.relay.seats:
                    # What was acknowledged may be lost, and nobody but its writer has seen it.
                    self._start(self._ask_for_edits(seat))

    def lost(self) -> None:
        """Nothing: connections are ended by the hub's node, which they are known to as well."""

    def found(self) -> None:
        """Nothing, see `lost`."""

    def _recheck_all(self, relay: Relay) -> None:
        for seat in list(relay.seats):
            self._start(self._recheck(seat))

    async def _recheck(self, seat: Seat) -> None:
        """Carry out what somebody's role now is."""
        role = await insist(seat, lambda: self._role(seat))
        if role is None or seat.gone:
            return
        if role == "":
            seat.outlet.close(UNAUTHORISED, "you are no member of this room any more")
            return
        if role != seat.role:
            seat.role = role
            self._company.restamp(seat)
        wrote, seat.writes = seat.writes, role in WRITERS
        if wrote and not seat.writes:
            self._hearing.deny(seat)
        elif seat.writes and not wrote:
            await self._ask_for_edits(seat)

    async def _role(self, seat: Seat) -> str:
        return str(await self._rights.role(seat.room, seat.user.id) or "")

    async def _beat(self) -> None:
        """Say that we are there, and let go of rooms that nobody is in."""
        while True:
            await self._company.beat()
            await asyncio.sleep(BEAT_S)
            for name, room in list(self._rooms.items()):
                room.idle_beats = room.idle_beats + 1 if room.relay.idle else 0
                if room.idle_beats > 1:
                    del self._rooms[name], self._of_topic[f"doc:{name}"], self._of_topic[f"room:{name}"]
