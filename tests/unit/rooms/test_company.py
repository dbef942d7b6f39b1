"""Who is in a document, told: once for all, never more at once than may go out, and nothing of whoever hides."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any

import msgpack
import orjson
import pytest

from livefeed.people import User
from livefeed.rooms import awareness, company, hiding, protocol, varints
from livefeed.rooms.awareness import NULL, State
from livefeed.rooms.company import Company, OpenRoom
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.veils import KEPT_S

HIDDEN = frozenset({"ann"})
NOBODY: frozenset[str] = frozenset()


def seal(messages: Sequence[bytes]) -> bytes:
    return b"".join(len(message).to_bytes(4, "big") + message for message in messages)


class Outlet:
    """Remembers what it was given."""

    def __init__(self) -> None:
        self.writable = True
        self.given: list[bytes] = []

    def give(self, messages: Sequence[bytes]) -> None:
        self.give_sealed(seal(messages))

    def give_sealed(self, data: bytes) -> None:
        self.given.append(data)

    def close(self, code: int, reason: str) -> None: ...

    def hold(self) -> None: ...

    def release(self) -> None: ...

    def take(self) -> dict[int, bytes]:
        """Return the states it was told since the last time, the newest of each client."""
        found: dict[int, bytes] = {}
        data, self.given = b"".join(self.given), []
        while data:
            size = int.from_bytes(data[:4], "big")
            states = awareness.parse(varints.read_bytes(data[4 : 4 + size], 1)[0])
            found |= {one.client: one.state for one in states}
            data = data[4 + size :]
        return found


class Nodes:
    """Nodes on one channel. What one tells the others is carried when it is asked for, in the order in which it was."""

    def __init__(self, *names: str, seconds: Any) -> None:
        self.messages: list[bytes] = []
        self.companies: dict[str, Company] = {}
        self.rooms: dict[str, dict[str, OpenRoom]] = {}
        self.clock = seconds
        for name in names:
            self.rooms[name] = {"den": OpenRoom(Relay("den", "first", "5-1"))}
            self.companies[name] = Company(self.rooms[name], self, node=name, seal=seal, start=self._start)
        self._waiting: list[Coroutine[Any, Any, None]] = []

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._waiting.append(work)

    async def publish(self, message: bytes) -> None:
        self.messages.append(message)

    def show(self) -> None:
        """Show what has changed, once at each node."""
        for name, one in self.companies.items():
            one._show_changes(self.rooms[name]["den"])

    def lose(self) -> None:
        """Let nobody hear what was told."""
        for work in self._waiting:
            work.close()
        self._waiting.clear()

    async def carry(self) -> None:
        """Let everybody hear what was told, and what they say to it; then show what has changed."""
        while self._waiting or self.messages:
            waiting, self._waiting = self._waiting, []
            for work in waiting:
                await work
            messages, self.messages = self.messages, []
            for message in messages:
                for one in self.companies.values():
                    one.receive(message)
        self.show()
        if self._waiting:
            await self.carry()

    async def beat(self, *names: str) -> None:
        for name in names or list(self.companies):
            await self.companies[name].beat()
        await self.carry()

    async def pass_time(self, seconds: float, *names: str) -> None:
        """Let time go by from beat to beat."""
        for _ in range(round(seconds / company.BEAT_S)):
            self.clock.now_s += company.BEAT_S
            await self.beat(*names)

    def join(self, node: str, user: str, client: int | None = None) -> Seat:
        """Let somebody in; client: what they say something as at once."""
        room = self.rooms[node]["den"]
        tag = f"{node}:{len(room.relay.seats)}:{user}"
        seat = Seat("den", tag, User(user, user), True, Outlet(), "editor")
        room.relay.enter(seat)
        if client is not None:
            self.say(seat, client)
        return seat

    def say(self, seat: Seat, client: int, clock: int = 1, text: bytes = b'{"x":1}') -> None:
        node = seat.tag.partition(":")[0]
        self.companies[node].hear(seat, awareness.pack([State(client, clock, text)]))

    def shown(self, node: str) -> list[int]:
        """Whom a newcomer to a node is shown."""
        return sorted(one.client for one in self.rooms[node]["den"].awareness.all())


class Clock:
    now_s = 1_000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, which only the test moves; asyncio's own goes on beside it."""
    found = Clock()
    for module in (company, hiding):
        monkeypatch.setattr(module, "_now_s", lambda: found.now_s)
    return found


def outlet(seat: Seat) -> Outlet:
    assert isinstance(seat.outlet, Outlet)
    return seat.outlet


# All are told together.


async def test_each_state_is_packed_once_and_all_are_given_the_same_bytes(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also those who said something: they pay no heed to what they said, and what is made for each takes its time."""
    nodes, packed = Nodes("here", seconds=clock), list[State]()
    monkeypatch.setattr(awareness, "packed", lambda state, pack=awareness.packed: packed.append(state) or pack(state))
    seats = [nodes.join("here", f"user {number}", number + 1) for number in range(40)]
    packed.clear()
    await nodes.carry()
    assert len(packed) == 40
    assert {len(outlet(seat).given) for seat in seats} == {1}
    assert len({id(outlet(seat).given[0]) for seat in seats}) == 1


async def test_whoever_alone_says_something_is_told_nothing(clock: Clock) -> None:
    nodes = Nodes("here", seconds=clock)
    ann, ben = nodes.join("here", "ann", 1), nodes.join("here", "ben")
    await nodes.carry()
    assert outlet(ann).given == []
    assert set(outlet(ben).take()) == {1}


async def test_whose_clock_is_behind_what_others_are_told_is_not_told_of_itself(clock: Clock) -> None:
    """It would take that for news, and forget what it has said since."""
    nodes = Nodes("here", seconds=clock)
    first, ben = nodes.join("here", "ann", 1), nodes.join("here", "ben", 2)
    nodes.companies["here"].part(first, clean=True)
    nodes.rooms["here"]["den"].awareness.expire(clock.now_s)
    await nodes.carry()
    nodes.rooms["here"]["den"].relay.leave(first)
    ann = nodes.join("here", "ann", 1)
    nodes.say(ben, 2, clock=2)
    outlet(ben).take()
    await nodes.carry()
    assert set(outlet(ann).take()) == {2}
    assert set(outlet(ben).take()) == {1, 2}


async def test_a_tick_gives_no_more_than_may_go_out_and_the_newest_of_each_comes_at_last(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who waits is told as they are when it is their turn; nobody is passed over for others who speak more often."""
    monkeypatch.setattr(company, "TICK_BYTES", 50 * 8_192)
    monkeypatch.setattr(company, "LEAST_BYTES", 4_096)
    nodes = Nodes("here", seconds=clock)
    large = b'{"x":"' + b"y" * 1_900 + b'"}'
    seats = [nodes.join("here", f"user {number}") for number in range(50)]
    for number, seat in enumerate(seats):
        nodes.say(seat, number + 1, text=large)
    reader = outlet(seats[0])
    ticks, told = 0, set[int]()
    while nodes.rooms["here"]["den"].awareness.pending:
        ticks += 1
        assert ticks < 100
        nodes.show()
        nodes.lose()
        assert sum(map(len, reader.given)) < 8_192 + 2_500
        for client, state in reader.take().items():
            told.add(client)
            if client == 50:
                assert orjson.loads(state)["x"] == "last"
        if ticks == 1:
            nodes.say(seats[49], 50, clock=2, text=b'{"x":"last"}')
            nodes.say(seats[0], 1, clock=2, text=large)
    assert told == set(range(1, 51))
    assert ticks >= 50 * 2_000 // (8_192 + 2_500)


async def test_a_tick_tells_of_no_more_clients_than_it_may_and_no_farewell_is_lost(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(company, "TICK_CLIENTS", 7)
    nodes = Nodes("here", seconds=clock)
    reader = nodes.join("here", "reader")
    seats = [nodes.join("here", f"user {number}", number + 1) for number in range(30)]
    room, known = nodes.rooms["here"]["den"].awareness, dict[int, bytes]()
    while room.pending:
        nodes.show()
        nodes.lose()
    known |= outlet(reader).take()
    assert len(known) == 30
    for number, seat in enumerate(seats):
        nodes.say(seat, number + 1, clock=2)
        if number % 2:
            nodes.companies["here"].part(seat, clean=True)
    room.expire(clock.now_s)
    while room.pending:
        nodes.show()
        nodes.lose()
        told = outlet(reader).take()
        assert len(told) <= 7
        known |= told
    assert [client for client, state in known.items() if state == NULL] == list(range(2, 31, 2))


async def test_whoever_was_shown_to_a_newcomer_before_their_turn_is_told_gone_when_they_hide(clock: Clock) -> None:
    nodes = Nodes("here", seconds=clock)
    nodes.join("here", "ann", 1)
    ben = nodes.join("here", "ben")
    nodes.companies["here"].show_all(ben)
    assert set(outlet(ben).take()) == {1}
    nodes.companies["here"].hiding.hide("den", HIDDEN)
    await nodes.carry()
    assert outlet(ben).take() == {1: NULL}


# Who hides. Ann is in the document at one node, and hides by a connection to another.


@pytest.fixture
async def nodes(clock: Clock) -> Nodes:
    nodes = Nodes("events", "document", "others", seconds=clock)
    nodes.join("document", "ann", 1)
    await nodes.beat()
    assert [nodes.shown(name) for name in nodes.companies] == [[1], [1], [1]]
    nodes.companies["events"].hiding.hide("den", HIDDEN)
    await nodes.carry()
    unseen(nodes)
    return nodes


def unseen(nodes: Nodes, *, by: Sequence[str] = ()) -> None:
    assert [nodes.shown(name) for name in by or nodes.companies] == [[]] * len(by or nodes.companies)


async def test_whoever_hides_is_not_seen_when_the_connection_that_hid_them_breaks(nodes: Nodes) -> None:
    nodes.companies["events"].hiding.hide("den", NOBODY)
    await nodes.carry()
    unseen(nodes)
    await nodes.pass_time(10 * KEPT_S)
    unseen(nodes)
    # A server that opens the room asks.
    nodes.rooms["new"] = {"den": OpenRoom(Relay("den", "first", "5-1"))}
    nodes.companies["new"] = Company(nodes.rooms["new"], nodes, node="new", seal=seal, start=nodes._start)
    nodes.companies["new"].ask("den")
    await nodes.carry()
    unseen(nodes)


async def test_nor_when_the_node_of_that_connection_is_killed(nodes: Nodes) -> None:
    del nodes.companies["events"]
    for one in nodes.companies.values():
        one._lose_silent(nodes.clock.now_s + company.SILENT_S + 1)
    await nodes.carry()
    unseen(nodes)
    await nodes.pass_time(10 * KEPT_S)
    unseen(nodes)


async def test_whoever_says_so_is_seen_at_once_everywhere(nodes: Nodes) -> None:
    """As a page does: it ends one subscription, and begins another a moment later."""
    here = nodes.companies["events"].hiding
    here.hide("den", NOBODY)
    await nodes.carry()
    unseen(nodes)
    here.openly("den", HIDDEN)
    here.show("den", "ann")
    await nodes.carry()
    assert [nodes.shown(name) for name in nodes.companies] == [[1], [1], [1]]
    await nodes.beat()
    assert [nodes.shown(name) for name in nodes.companies] == [[1], [1], [1]]


async def test_whoever_says_so_is_seen_though_the_message_is_lost(nodes: Nodes) -> None:
    here = nodes.companies["events"].hiding
    here.hide("den", NOBODY)
    await nodes.carry()
    here.show("den", "ann")
    nodes.lose()
    unseen(nodes, by=["document", "others"])
    await nodes.beat()
    assert [nodes.shown(name) for name in nodes.companies] == [[1], [1], [1]]


async def test_whoever_hides_again_is_not_seen_by_what_they_said_before(nodes: Nodes) -> None:
    """What is repeated for lost messages is old by then."""
    nodes.companies["events"].hiding.hide("den", NOBODY)
    nodes.companies["events"].hiding.openly("den", HIDDEN)
    nodes.companies["events"].hiding.show("den", "ann")
    await nodes.carry()
    nodes.companies["others"].hiding.hide("den", HIDDEN)
    await nodes.carry()
    nodes.companies["others"].hiding.hide("den", NOBODY)
    await nodes.carry()
    await nodes.beat("events")
    unseen(nodes)


async def test_whoever_is_openly_there_by_another_connection_is_seen_after_a_while(nodes: Nodes) -> None:
    """They are on the roster; but not at once: that may be the device that came back before the one that hid."""
    nodes.companies["others"].hiding.openly("den", HIDDEN)
    nodes.companies["events"].hiding.hide("den", NOBODY)
    await nodes.pass_time(KEPT_S - 2 * company.BEAT_S)
    unseen(nodes)
    await nodes.pass_time(4 * company.BEAT_S)
    assert [nodes.shown(name) for name in nodes.companies] == [[1], [1], [1]]


async def test_whoever_comes_to_the_document_hidden_is_not_seen_though_no_connection_says_so_yet(clock: Clock) -> None:
    nodes = Nodes("here", "there", seconds=clock)
    nodes.companies["here"].hiding.keep("den", "ann")
    nodes.join("here", "ann", 1)
    await nodes.carry()
    unseen(nodes)
    await nodes.pass_time(10 * KEPT_S)
    unseen(nodes)
    nodes.companies["there"].hiding.show("den", "ann")
    await nodes.carry()
    assert [nodes.shown(name) for name in nodes.companies] == [[1], [1]]


async def test_whoever_has_left_is_forgotten(nodes: Nodes) -> None:
    nodes.companies["events"].hiding.hide("den", NOBODY)
    [seat] = nodes.rooms["document"]["den"].relay.seats
    nodes.companies["document"].part(seat, clean=True)
    nodes.rooms["document"]["den"].relay.leave(seat)
    await nodes.pass_time(KEPT_S + 2 * company.BEAT_S)
    nodes.join("document", "ann", 2)
    await nodes.carry()
    assert nodes.shown("others") == [2]
    for name, one in nodes.companies.items():
        nodes.rooms[name].clear()
        one.hiding.beat()
        assert not one.hiding._veils, "of a room that is not open here nothing is kept"


async def test_messages_that_are_none_do_nothing(nodes: Nodes, caplog: pytest.LogCaptureFixture) -> None:
    for told in ({"veil": 1}, {"veils": {"den": [1]}}, {"openly": 3, "r": "den"}, {"s": [1], "r": "den"}, [], 7):
        if isinstance(told, dict):
            told["n"] = "elsewhere"
        nodes.companies["others"].receive(msgpack.packb(told))
    assert len(caplog.records) == 6
    unseen(nodes)


def test_the_tests_read_what_is_sent() -> None:
    sent = Outlet()
    sent.give([protocol.awareness(awareness.pack([State(1, 2, b"{}")])), protocol.awareness(awareness.pack([]))])
    assert sent.take() == {1: b"{}"}
