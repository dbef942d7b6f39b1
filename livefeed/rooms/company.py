"""Who is in the documents that are open here: told to the readers, to the other nodes, and heard from them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any, Protocol

import msgpack

from livefeed.errors import LivefeedError
from livefeed.rooms import awareness, protocol
from livefeed.rooms.awareness import Awareness
from livefeed.rooms.hiding import Hiding
from livefeed.rooms.relay import Relay, Seat

log = logging.getLogger(__name__)

TICK_S = 0.05
BEAT_S = 5.0
ANSWERED_S = 1.0
"""So long after a room was opened here the others' answers are shown without waiting for the tick."""
SILENT_S = 20.0
"""After so long without a beat, the people on another node are gone."""
KEEP_ALIVE_S = 10.0
"""Stock clients leave a server that says nothing for 30 s, and do not see WebSocket pings."""
TICK_BYTES = 4 * 1024**2
"""States that a tick gives to all readers of a room together; what is over waits for the next."""
LEAST_BYTES = 16_384
"""So much each of them gets in a tick, however many they are."""
TICK_CLIENTS = 250
_NOBODY = protocol.awareness(awareness.pack(()))


class Channel(Protocol):
    """Carries small messages to every node, without promise."""

    async def publish(self, message: bytes) -> None:
        """Send a message to all nodes, this one included. Raises: StoreUnavailable."""


class OpenRoom:
    """An open room: its edits, and who is there. idle_beats: for how many beats nobody has been.

    asked: until when the other nodes' answers are shown at once.
    """

    __slots__ = ("asked", "awareness", "idle_beats", "relay")

    def __init__(self, relay: Relay) -> None:
        self.relay = relay
        self.awareness = Awareness()
        self.idle_beats = 0
        self.asked = 0.0


class Company:
    """The people in all rooms that are open here. node: this node's name among all; start: lets work run."""

    def __init__(
        self,
        rooms: Mapping[str, OpenRoom],
        channel: Channel,
        *,
        node: str,
        seal: Callable[[Sequence[bytes]], bytes],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._rooms = rooms
        self._channel = channel
        self._node = node
        self._seal = seal
        self._start = start
        self._nodes: dict[str, float] = {}
        """When each of the others was heard last."""
        self.hiding = Hiding(rooms, node=node, publish=self._publish, start=start)

    def hear(self, seat: Seat, payload: bytes) -> None:
        """Take what a client says of itself. Raises: Malformed."""
        room = self._rooms.get(seat.room)
        if room is not None:
            states = awareness.parse(payload)
            seat.client = room.awareness.say(seat.tag, seat.user.id, seat.client, states, _stamp(seat), _now_s())

    def restamp(self, seat: Seat) -> None:
        """Say anew who a client is: its role is another one."""
        room = self._rooms.get(seat.room)
        if room is not None:
            room.awareness.restamp(seat.tag, seat.client, _stamp(seat))

    def show_all(self, seat: Seat, *, gone: bool = False) -> None:
        """Tell a client who is there. gone: and who has left, as it may still believe them there."""
        room = self._rooms.get(seat.room)
        states = room.awareness.all() if room is not None else []
        if gone and room is not None:
            states += room.awareness.gone()
        seat.outlet.give([protocol.awareness(awareness.pack(states))])

    def part(self, seat: Seat, *, clean: bool) -> None:
        """Note that a client's connection has ended; clean: it said goodbye."""
        room = self._rooms.get(seat.room)
        if room is not None:
            room.awareness.part(seat.tag, seat.client, _now_s(), clean=clean)

    # What nodes tell each other.

    def ask(self, room: str) -> None:
        """Ask the other nodes who is in a room that was opened here, and who hides."""
        self.hiding.draw(room)
        self._rooms[room].asked = _now_s() + ANSWERED_S
        self._start(self._publish({"n": self._node, "ask": room}))

    async def beat(self) -> None:
        """Say that we are there, and who hides: messages get lost."""
        await self._publish({"n": self._node, **self.hiding.beat()})

    def receive(self, message: bytes) -> None:
        """Take what any node says of who is where; what cannot be read is dropped."""
        try:
            told = msgpack.unpackb(message)
            self._receive_told(told, _now_s())
        except (ValueError, TypeError, KeyError, AttributeError) as exc:
            log.warning("another node says what cannot be read (%r): %.80r", exc, message)

    def _receive_told(self, told: dict[str, Any], now_s: float) -> None:
        node = str(told["n"])
        if node == self._node:
            return
        self._nodes[node] = now_s
        self.hiding.hear(node, told)
        room = self._rooms.get(str(told.get("r", told.get("ask", ""))))
        if room is None:
            return
        if "ask" in told:
            self._start(self._tell(room, room.awareness.ours()))
        elif "past" in told:
            room.awareness.outdo([(int(client), int(clock)) for client, clock in told["past"]])
        elif "s" in told:
            states = [(int(client), int(clock), bytes(state), str(user)) for client, clock, state, user in told["s"]]
            past = room.awareness.hear(node, states, now_s)
            if past:
                self._start(self._publish({"n": self._node, "r": room.relay.room, "past": past}))
            if now_s < room.asked and room.awareness.pending:
                self._show_changes(room)  # whoever has just come waits for this

    async def tick(self) -> None:
        """Show what changed to everybody, here and elsewhere: of each client its newest state alone."""
        next_keep_alive_s = 0.0
        while True:
            await asyncio.sleep(TICK_S)
            now_s = _now_s()
            keep_alive = now_s >= next_keep_alive_s
            if keep_alive:
                next_keep_alive_s = now_s + KEEP_ALIVE_S
            silent = self._lose_silent(now_s)
            for room in list(self._rooms.values()):
                room.awareness.expire(now_s, silent=silent)
                if room.awareness.pending:
                    self._show_changes(room)
                    await asyncio.sleep(0)  # one room does not keep all others waiting
                elif keep_alive:
                    self._give_live(room.relay.seats, self._seal([_NOBODY]))

    def _lose_silent(self, now_s: float) -> list[str]:
        """Forget the nodes that fell silent, and return them. Whoever hid by a connection to one of them hides on."""
        silent = [node for node, heard_s in self._nodes.items() if now_s - heard_s > SILENT_S]
        for node in silent:
            del self._nodes[node]
            self.hiding.lose(node)
        return silent

    def _show_changes(self, room: OpenRoom) -> None:
        """Tell what has changed: as much as may go to so many readers at once."""
        readers = sum(seat.live for seat in room.relay.seats)
        bytes_ = max(LEAST_BYTES, TICK_BYTES // max(1, readers))
        here, elsewhere = room.awareness.take(bytes_=bytes_, clients=TICK_CLIENTS)
        if here:
            self._show(room, here)
        if elsewhere:
            self._start(self._tell(room, elsewhere))

    def _show(self, room: OpenRoom, states: Sequence[awareness.State]) -> None:
        """Tell everybody, most of them by the same bytes: what a client is told of itself it knows already.

        Whose own clock is behind the one that others are told is not told of itself.
        """
        parts = [awareness.packed(one) for one in states]
        whole = self._seal([protocol.awareness(awareness.joined(parts))])
        left_out = {
            one.client: number
            for number, one in enumerate(states)
            if len(states) == 1 or not room.awareness.echoes(one.client)
        }
        for seat in list(room.relay.seats):
            if seat.live and seat.client is not None and seat.client in left_out:
                number = left_out[seat.client]
                others = parts[:number] + parts[number + 1 :]
                if others:
                    seat.outlet.give([protocol.awareness(awareness.joined(others))])
            elif seat.live:
                seat.outlet.give_sealed(whole)

    def _give_live(self, seats: Iterable[Seat], data: bytes) -> None:
        for seat in list(seats):
            if seat.live:
                seat.outlet.give_sealed(data)

    async def _tell(self, room: OpenRoom, states: Sequence[tuple[int, int, bytes, str]]) -> None:
        await self._publish({"n": self._node, "r": room.relay.room, "s": states})

    async def _publish(self, message: dict[str, Any]) -> None:
        try:
            await self._channel.publish(msgpack.packb(message))
        except LivefeedError as exc:
            log.debug("who is where is not told: %s", exc.message)


def _now_s() -> float:
    return asyncio.get_running_loop().time()


def _stamp(seat: Seat) -> dict[str, str]:
    """Return how everybody is shown who a client is."""
    return {**seat.user.as_dict(), "role": seat.role}
