"""The rooms that are open on a node, at work: hears clients, writes their edits, reads everybody's, hands them on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from livefeed.errors import LivefeedError, NotFound
from livefeed.people import User
from livefeed.rooms import protocol, structure
from livefeed.rooms.archive import Edit, Reading
from livefeed.rooms.company import BEAT_S, Channel, Company, OpenRoom
from livefeed.rooms.documents import INLINE_BYTES, Documents
from livefeed.rooms.hearing import (
    BEGUN_ANEW,
    LOST,
    OTHER_EPOCH,
    PAUSE_S,
    UNAUTHORISED,
    Hearing,
    Refused,
    insist,
)
from livefeed.rooms.relay import Outlet, Relay, Seat, messages, messages_of
from livefeed.rooms.standing import WRITERS, Rights, Standing
from livefeed.rooms.writing import Writing
from livefeed.streams.entry import Entry

log = logging.getLogger(__name__)

CATCH_UP_BYTES = 65_536
CROWDED = 4505
PERSON_SEATS, ROOM_SEATS = 8, 200
"""Connections to one document on one node: of a person, and of all together."""


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
        self.hiding = self._company.hiding
        """Is told who hides in a room."""
        self._hearing = Hearing(documents, self._company, self)
        self._standing = Standing(rights, self)
        self._seats = 0
        self._writing = Writing(documents, self, deny=self._deny, start=self._start)
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
        epoch, cursor = await self._documents.head(room)
        opened = self._rooms.get(room)
        if opened is not None and opened.relay.epoch != epoch:
            epoch, cursor = await self._documents.head(room)  # asked again: the room may have been opened anew since
            if opened.relay.epoch != epoch:
                self.end(opened.relay, OTHER_EPOCH, BEGUN_ANEW)
        if room not in self._rooms:
            self._open(Relay(room, epoch, cursor))
        return str(role)

    async def begin(self, room: str) -> str:
        """Begin a document unless it has begun, and return its epoch. Raises: NotFound, StoreUnavailable, Busy."""
        epoch, _ = await self._documents.head(room)
        return epoch

    def _open(self, relay: Relay) -> None:
        opened = self._rooms[relay.room] = OpenRoom(relay)
        self._of_topic[f"doc:{relay.room}"] = self._of_topic[f"room:{relay.room}"] = opened
        relay.stale = True  # what came between the store's answer and now
        self.read_soon(relay)
        self._company.ask(relay.room)

    def enter(self, room: str, user: User, outlet: Outlet, *, role: str, epoch: str = "", hidden: bool = False) -> Seat:
        """Let somebody read along in a room that was prepared. hidden: they hide in it.

        Raises: Refused for another epoch ('': any), and where there are too many connections.
        """
        opened = self._rooms.get(room)
        if opened is None:
            raise Refused(LOST, "come again in a moment")
        if epoch and epoch != opened.relay.epoch:
            raise Refused(OTHER_EPOCH, BEGUN_ANEW)
        if sum(seat.user.id == user.id for seat in opened.relay.seats) >= PERSON_SEATS:
            raise Refused(CROWDED, f"you have this room open {PERSON_SEATS} times: close one of them first")
        if len(opened.relay.seats) >= ROOM_SEATS:
            raise Refused(CROWDED, "too many are in this room just now: try again later")
        if hidden:
            self.hiding.keep(room, user.id)
        self._seats += 1
        seat = Seat(room, f"{self._node}:{self._seats}", user, role in WRITERS, outlet, role)
        opened.relay.enter(seat)
        opened.idle_beats = 0
        self._start(self._greet(seat))
        return seat

    async def _greet(self, seat: Seat) -> None:
        """Ask for what the newcomer has, and tell who is there."""
        self._company.show_all(seat)
        await self._standing.recheck(seat)
        await self._ask_for_edits(seat)

    async def _ask_for_edits(self, seat: Seat) -> None:
        """Tell a writer what the document has, so that it sends the rest."""
        if seat.writes and not seat.gone:
            state = await insist(seat, lambda: self._documents.state(seat.room, epoch=seat.epoch, person=seat.user.id))
            relay = self.relay(seat)
            if state is not None and relay is not None:
                if len(state) <= INLINE_BYTES:
                    relay.learn(structure.clocks(state))
                seat.outlet.give([protocol.step1(state)])

    def leave(self, seat: Seat, *, clean: bool) -> None:
        """Forget a connection that has ended; clean: its client said goodbye."""
        if not seat.gone:
            seat.gone, seat.live = True, False
            self._standing.forget(seat)
            room = self._rooms.get(seat.room)
            if room is not None and seat in room.relay.seats:
                room.relay.leave(seat)
                self._company.part(seat, clean=clean)

    def relay(self, seat: Seat) -> Relay | None:
        """Return the relay of somebody's room, None when they have left it."""
        room = self._rooms.get(seat.room)
        return room.relay if room is not None and seat in room.relay.seats else None

    def is_anothers(self, seat: Seat, client: int) -> bool:
        """Tell whether a Yjs client is that of somebody else who is there, as far as awareness tells."""
        room = self._rooms.get(seat.room)
        speaker = room.awareness.speaker(client) if room is not None else None
        return speaker is not None and speaker != seat.user.id

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
                relay = self.relay(seat)
                if reading is None or relay is None:
                    return
                if reading.epoch != seat.epoch:
                    self.end(relay, OTHER_EPOCH, BEGUN_ANEW)
                    return
                done = relay.caught_up(seat, reading)
                seat.outlet.give(messages(reading))
                if reading.snapshot is not None:
                    self._start(self._ask_for_edits(seat))
                if done:
                    self._company.show_all(seat, gone=True)  # it was shown none of what others did meanwhile
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

    # Edits on their way to the readers.

    def take(self, seat: Seat, piece: bytes, *, credited: bool, waits: int = 0) -> None:
        """Put an update, behind its length, in line to be written."""
        relay = self.relay(seat)
        if relay is not None:
            relay.take(seat, piece, credited=credited, waits=waits)
            self._writing.write(relay)

    def _deny(self, seats: Sequence[Seat]) -> None:
        """Tell those whose edits came after they had lost the right to write, and find out what they are now."""
        for seat in seats:
            if not seat.gone:
                seat.writes = False
                self._hearing.deny(seat)
                self._standing.doubt(seat)
                self._start(self._standing.recheck(seat))

    def read_soon(self, relay: Relay) -> None:
        """Read what is new in a room, unless somebody is about to."""
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
                    await self._begin_anew(relay)
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
            self.end(relay, OTHER_EPOCH, BEGUN_ANEW)
        elif relay.receive(reading):
            self.deliver(relay, reading.edits)
        else:
            log.info("room %s was read anew: what this node knew of it is gone from the store", relay.room)
            whole = self._seal(messages(reading))
            for seat in list(relay.seats):
                if seat.live:
                    seat.cursor = relay.cursor
                    seat.outlet.give_sealed(whole)
                self._start(self._ask_for_edits(seat))

    def deliver(self, relay: Relay, edits: Sequence[Edit]) -> None:
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

    async def _begin_anew(self, relay: Relay) -> None:
        """End what is open here of a document that is gone: with its room, or lost by the store."""
        try:
            await self._documents.head(relay.room)
        except NotFound:
            self.end(relay, UNAUTHORISED, "the room is gone")
        except LivefeedError as exc:
            log.info("the document of room %s is not there: %s", relay.room, exc.message)
            relay.stale = True
            await asyncio.sleep(PAUSE_S)
        else:
            self.end(relay, OTHER_EPOCH, BEGUN_ANEW)

    def end(self, relay: Relay, code: int, reason: str) -> None:
        """Close everybody's connection; whoever comes now finds the room as it is then."""
        for seat in list(relay.seats):
            self.leave(seat, clean=True)
            seat.outlet.close(code, reason)
        self._close_room(relay)

    def play(self, seat: Seat, role: str) -> None:
        """Let somebody do what their role ('': none) allows, and nothing else."""
        if seat.gone:
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
            self._start(self._ask_for_edits(seat))

    def _close_room(self, relay: Relay) -> None:
        room = self._rooms.get(relay.room)
        if room is not None and room.relay is relay:
            del self._rooms[relay.room], self._of_topic[f"doc:{relay.room}"], self._of_topic[f"room:{relay.room}"]

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
                self.read_soon(room.relay)
            elif entry.type == "room.member":
                self._start(self._standing.recheck_all(room.relay))

    def reset(self, shard: int, cut: object) -> None:
        """Read every room of a shard again: what was told of it is unknown."""
        self.recheck(shard)

    def recheck(self, shard: int) -> None:
        """As `reset`: news may have been lost with the connection."""
        for room in self._rooms.values():
            if self._documents.shard(room.relay.room) == shard:
                room.relay.stale = True
                room.relay.forget()
                self.read_soon(room.relay)
                self._start(self._standing.recheck_all(room.relay))
                for seat in room.relay.seats:
                    # What was acknowledged may be lost, and nobody but its writer has seen it.
                    self._start(self._ask_for_edits(seat))

    def lost(self) -> None:
        """Nothing: connections are ended by the hub's node, which they are known to as well."""

    def found(self) -> None:
        """Nothing, see `lost`."""

    async def _beat(self) -> None:
        """Say that we are there, and let go of rooms that nobody is in."""
        while True:
            await self._company.beat()
            await asyncio.sleep(BEAT_S)
            for room in list(self._rooms.values()):
                room.idle_beats = room.idle_beats + 1 if room.relay.idle else 0
                if room.idle_beats > 1:
                    self._close_room(room.relay)
