"""A million frames for the document's socket, valid and spoiled: none is dear, none breaks anything."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from pycrdt import Array, Doc, Map, Text

from livefeed import identifiers
from livefeed.api.documents import sealed
from livefeed.hub.wire import Goodbye, Reader
from livefeed.people import User
from livefeed.position import Position
from livefeed.rooms import awareness, protocol, varints
from livefeed.rooms import writing as writing_module
from livefeed.rooms.archive import Reading
from livefeed.rooms.documents import Documents, Origin
from livefeed.rooms.hearing import Refused
from livefeed.rooms.lanes import DEAR_S
from livefeed.rooms.relay import Seat
from livefeed.rooms.relays import Relays
from livefeed.rooms.scribe import Scribe
from livefeed.streams.entry import Entry
from tests.simulation.rooms.store import Model
from tests.soak import FULL, count

FRAMES = count(20_000, 1_000_000)
LIMIT_S = 0.005 if FULL else 0.05
"""Processor time of one frame: `make test`, where others work beside, allows ten times as much."""
PROCESS_LIMIT_S = DEAR_S
"""Processor time of one question about the document, as the process says: more of it makes a room dear."""
ROOM_FRAMES = 1_000
"""Frames for one room; then there is another one."""
SHARD, DOCUMENT_BYTES = 3, 8 * 1024**2
USER = User("01m80z", "rosy-meadow")


class Papers:
    """Archives of documents in memory, as the store would keep them; every edit is told to all nodes."""

    def __init__(self) -> None:
        self.models: dict[str, Model] = {}
        self.nodes: list[Relays] = []
        self.appended = 0

    def shard(self, room: str) -> int:
        return SHARD

    def model(self, room: str) -> Model:
        return self.models.setdefault(
            room, Model(document_bytes=DOCUMENT_BYTES, compact_bytes=DOCUMENT_BYTES, compact_entries=10**9)
        )

    async def create(self, room: str, epoch: str, seed: bytes) -> str:
        return self.model(room).create(epoch, seed)

    async def head(self, room: str) -> tuple[str, str]:
        return self.model(room).head()

    async def read(self, room: str, since: str = "", *, bytes_: int = 0) -> Reading:
        return self.model(room).read(since, bytes_=bytes_)

    async def append(
        self, room: str, epoch: str, updates: bytes, tag: str, people: Iterable[str], **_: Any
    ) -> tuple[str, str]:
        self.appended += 1
        id, previous, _ = self.model(room).append(f"1-{self.appended}", epoch, updates, tag, people)
        position = Position.parse(id)
        for node in self.nodes:
            node.advance(SHARD, [Entry(position, position, f"doc:{room}", "doc.edited", b"{}", "edited")])
        return id, previous

    async def put_off(self, room: str, epoch: str) -> None:
        self.model(room).put_off()

    async def spoil(self, room: str, edit: str, index: int) -> None:
        self.model(room).spoil(edit, index)


class Rooms:
    """Everybody is an editor of every room."""

    async def role(self, room: str, user: str) -> str:
        return "editor"

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        return dict.fromkeys(users, "editor")

    async def origin(self, room: str) -> Origin:
        return Origin("a fox", {"width": 768})


class Nowhere:
    async def publish(self, message: bytes) -> None:
        return None


class Outlet:
    """Takes everything, and counts it."""

    writable = True

    def __init__(self) -> None:
        self.given = 0

    def give(self, messages: Sequence[bytes]) -> None:
        assert all(messages)
        self.given += len(messages)

    def give_sealed(self, data: bytes) -> None:
        assert data
        self.given += 1

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(f"closed with {code}: {reason}")

    def hold(self) -> None: ...

    def release(self) -> None: ...


class Clerk(Scribe):
    """Notes what its process says that the dearest question has taken."""

    def __init__(self) -> None:
        super().__init__()
        self.dearest_s = 0.0

    def _settle(self, question: Any, word: str, value: Any, took_s: float) -> None:
        self.dearest_s = max(self.dearest_s, took_s)
        super()._settle(question, word, value, took_s)


class Cost(NamedTuple):
    """Processor time that a frame took: of this thread with all that follows, of its dearest question; and its end."""

    thread_s: float
    question_s: float
    end: str

    @property
    def dear(self) -> bool:
        return self.thread_s > LIMIT_S or self.question_s > PROCESS_LIMIT_S

    def least(self, other: Cost) -> Cost:
        return Cost(min(self.thread_s, other.thread_s), min(self.question_s, other.question_s), self.end)


class House:
    """Two nodes on one archive, and one room at a time with two who read and write on each.

    heard: what was said in this room, each by the seat of that number. given: to those in all rooms before.
    """

    def __init__(self, scribe: Clerk) -> None:
        self.scribe = scribe
        self.papers = Papers()
        rooms = Rooms()
        self.documents = Documents(self.papers, scribe, rooms)  # type: ignore[arg-type]
        self.nodes = [Relays(self.documents, rooms, Nowhere(), node=name, seal=sealed) for name in "ab"]
        self.papers.nodes = self.nodes
        self.room = ""
        self.seats: list[Seat] = []
        self.relays: dict[Seat, Relays] = {}
        self.heard: list[tuple[int, bytes]] = []
        self.given = 0
        self._count = 0

    async def move(self) -> None:
        """Go into a new room; the document of the one before is read, whatever was written into it."""
        await self.close()
        for seat, node in self.relays.items():
            node.leave(seat, clean=True)
        self._count += 1
        self.room = identifiers.make(1_795_000_000_000 + self._count, SHARD, self._count)
        self.relays = {}
        for node in 2 * self.nodes:
            await node.prepare(self.room, USER)
            self.relays[node.enter(self.room, USER, Outlet(), role="editor", epoch="")] = node
        self.seats = list(self.relays)
        self.heard = []

    async def close(self) -> None:
        if self.room:
            contents = await self.documents.read(self.room)
            assert isinstance(contents.prompt, str)
            self.given += sum(seat.outlet.given for seat in self.seats if isinstance(seat.outlet, Outlet))

    async def hear(self, number: int, data: bytes) -> Cost:
        """Hear a frame from a seat, and wait for all that follows."""
        self.heard.append((number, data))
        return await cost(self, self.seats[number], data)

    async def hear_again(self) -> Cost:
        """Hear the last frame again, in a new room where all was said that came before it: what is known is cheap."""
        *before, last = self.heard
        await self.move()
        for one in before:
            await self.hear(*one)
        return await self.hear(*last)

    async def quiet(self) -> None:
        """Wait until what was taken is written, and given to everybody."""
        for seat, node in self.relays.items():
            relay = node.relay(seat)
            while relay is not None and (relay.batch() is not None or relay.stale or relay.reading):
                await asyncio.sleep(0)


def corpus() -> list[bytes]:
    """Return messages that a client may send, of every kind."""
    updates: list[bytes] = []
    doc: Doc[Any] = Doc(client_id=77)
    watching = doc.observe(lambda event: updates.append(event.update))
    text, values, strokes = (
        doc.get("prompt", type=Text),
        doc.get("params", type=Map),
        doc.get("strokes", type=Array),
    )
    for index in range(30):
        text.insert(index // 2, "aé€")
        text.insert(index, "😀🦊")
        values["k"] = {"deep": [1, 2.5, None, True, {"x": "y"}], "text": "z" * index}
        strokes.append(bytes(index * 9))
    del text[3:9]
    text.format(0, 4, {"bold": True})
    values["map"] = Map({"a": Array([1, "2"])})
    doc.unobserve(watching)
    updates += [halved(77, clock) for clock in range(0, 240, 3)]
    whole = doc.get_update()
    states = [awareness.State(index, index, b'{"cursor":{"x":1},"n":"%d"}' % index) for index in range(5)]
    found = [protocol.update(varints.write_bytes(update)) for update in updates]
    found += [protocol.step1(doc.get_state()), protocol.step2(whole), protocol.step2(b"\x00\x00"), b"\x03"]
    found += [protocol.awareness(awareness.pack(states[:size])) for size in range(5)]
    return found


def halved(client: int, clock: int) -> bytes:
    """Return an update that deletes one UTF-16 unit, and often half a character with it."""
    return b"\x00\x01" + varints.write(client) + b"\x01" + varints.write(clock) + b"\x01"


def spoilt(chance: random.Random, messages: list[bytes]) -> bytes:
    """Return a message with something wrong, or nothing."""
    data = bytearray(chance.choice(messages))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 5])):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(9):
            case 0 if data:
                data[at % len(data)] ^= 1 << chance.randrange(8)
            case 1 if data:
                data[at % len(data)] = chance.choice([0, 1, 0x7F, 0x80, 0xFF])
            case 2:
                del data[at:]
            case 3:
                data[at:at] = chance.randbytes(chance.choice([1, 3, 40]))
            case 4:
                data[at:at] = b"\xff" * chance.choice([1, 8, 9, 300])
            case 5:
                other = chance.choice(messages)
                data[at:] = other[chance.randrange(len(other)) :]
            case 6:  # the right length around something wrong inside
                data = bytearray(protocol.update(varints.write_bytes(bytes(data[3:]))))
            case 7:
                data = bytearray(protocol.awareness(bytes(data[2:])))
            case 8:
                data[at:at] = varints.write(chance.getrandbits(chance.choice([7, 14, 32, 53])))
    return bytes(data)


def large(chance: random.Random) -> bytes:
    """Return a message near a limit, full of one thing."""
    size = chance.choice([4_096, 65_530, 65_537, 262_140, 262_145, 1_048_576])
    fill = chance.choice([b"\xff", b"\x00", b"\x01", b"\x80", b"\x75\x01", b"\x00\x01\x02"])
    body = (fill * size)[:size]
    make = chance.choice([protocol.step1, protocol.step2, protocol.awareness, bytes])
    return make(body) if chance.random() < 0.7 else protocol.update(varints.write_bytes(body))


def frame(payload: bytes) -> bytes:
    """Return a client's frame, masked with zeros: what unmasking costs does not depend on the mask."""
    size = len(payload)
    head = bytes((0x82, 0x80 | size)) if size < 126 else b""
    if size >= 126:
        head = b"\x82\xfe" + size.to_bytes(2, "big") if size < 65_536 else b"\x82\xff" + size.to_bytes(8, "big")
    return head + bytes(4) + payload


async def cost(house: House, seat: Seat, data: bytes) -> Cost:
    """Return what a frame took with all that follows from it."""
    began, house.scribe.dearest_s = time.thread_time(), 0.0
    end = "taken"
    try:
        reader = Reader(limit=protocol.MESSAGE_BYTES)
        reader.feed(data)
        message = reader.next()
        assert message is not None
        assert isinstance(message.payload, bytes)
        waiting = house.relays[seat].hear(seat, message.payload)
        if waiting is not None:
            await waiting
    except Refused as exc:
        end = f"closed with {exc.code}"
    except Goodbye as exc:
        end = f"too big for a frame: {exc.code}"
    await house.quiet()
    return Cost(time.thread_time() - began, house.scribe.dearest_s, end)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
async def test_no_frame_is_dear_or_breaks_anything(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is heard, weighed, appended, read by the other node and given to everybody; then documents are read."""
    monkeypatch.setattr(writing_module, "TICK_S", 0.0)
    chance, messages = random.Random(seed), corpus()
    scribe = Clerk()
    house = House(scribe)
    ends: Counter[str] = Counter()
    dearest_s, dearest_question_s = 0.0, 0.0
    works = [asyncio.ensure_future(work) for work in (scribe.run(), *[node.run() for node in house.nodes])]
    for number in range(FRAMES):
        if number % ROOM_FRAMES == 0:
            await house.move()
        payload = large(chance) if number % 500 == 0 else spoilt(chance, messages)
        took = await house.hear(chance.randrange(len(house.seats)), frame(payload))
        for _ in range(2):  # a dear one is looked at again: others work on this machine
            if took.dear:
                took = took.least(await house.hear_again())
        dearest_s, dearest_question_s = max(dearest_s, took.thread_s), max(dearest_question_s, took.question_s)
        assert not took.dear, f"{took} for {len(payload)} bytes: {payload[:60].hex()}…"
        ends[took.end] += 1
        assert not any(work.done() for work in works), f"broken by {len(payload)} bytes: {payload[:200].hex()}…"
    await house.close()
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    spoiled = sum(map(len, (marks for model in house.papers.models.values() for marks in model.spoiled.values())))
    print(
        f"{FRAMES} frames: {dict(ends)}; the dearest took {1000 * dearest_s:.2f} ms, and the dearest question "
        f"{1000 * dearest_question_s:.2f} ms; {house.papers.appended} entries, {spoiled} updates that cannot be "
        f"applied, {house.given} messages to readers"
    )
    assert ends["taken"] > FRAMES // 20
    assert ends["closed with 4500"] > FRAMES // 20
    assert ends["closed with 4502"]
    assert house.papers.appended > FRAMES // 50
    assert house.given > house.papers.appended
    assert (scribe.deaths, scribe.failures) == (0, 0)
