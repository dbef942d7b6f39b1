"""A million frames for the document's socket, valid and spoiled: none is dear, none breaks anything."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

import pytest
from pycrdt import Array, Doc, Map, Text

from livefeed import identifiers
from livefeed.api.documents import sealed
from livefeed.hub.wire import Goodbye, Reader
from livefeed.people import User
from livefeed.rooms import awareness, protocol, varints
from livefeed.rooms.archive import Reading
from livefeed.rooms.documents import Appended
from livefeed.rooms.hearing import Refused
from livefeed.rooms.ink import Spoiled
from livefeed.rooms.relay import Seat
from livefeed.rooms.relays import Relays
from livefeed.rooms.scribe import Scribe
from tests.soak import FULL, count

FRAMES = count(20_000, 1_000_000)
LIMIT_S = 0.005 if FULL else 0.05
"""Processor time of one frame: `make test`, where others work beside, allows ten times as much."""
SAMPLES = count(300, 5_000)
ROOM = identifiers.make(1_795_000_000_000, 3, 3)
USER = User("01m80z", "rosy-meadow")


class Paper:
    """Documents that say yes at once: what they cost is another process's."""

    def __init__(self) -> None:
        self.appended = 0

    def shard(self, room: str) -> int:
        return 3

    async def head(self, room: str) -> tuple[str, str]:
        return "first", "0-0"

    async def since(self, room: str, position: str = "", *, bytes_: int = 0) -> Reading:
        return Reading("first", "0-0", None, (), True)

    async def append(self, room: str, epoch: str, pieces: Sequence[bytes], **_: Any) -> Appended:
        before, self.appended = self.appended, self.appended + 1
        return Appended(f"1-{self.appended}", f"1-{before}" if before else "0-0")

    async def state(self, room: str) -> bytes:
        return b"\x00"

    async def missing(self, room: str, state: bytes) -> list[bytes]:
        return [b"\x00\x00"]

    async def is_news(self, room: str, update: bytes) -> bool:
        return True

    async def complaint(self, data: bytes, *, state: bool = False) -> str:
        return ""


class Everybody:
    async def role(self, room: str, user: str) -> str:
        return "editor"


class Nowhere:
    async def publish(self, message: bytes) -> None:
        return None


class Outlet:
    """Takes everything, and forgets it."""

    writable = True

    def give(self, messages: Sequence[bytes]) -> None:
        assert all(messages)

    def give_sealed(self, data: bytes) -> None:
        assert data

    def close(self, code: int, reason: str) -> None:
        raise AssertionError(f"closed with {code}: {reason}")

    def hold(self) -> None: ...

    def release(self) -> None: ...


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
        values["k"] = {"deep": [1, 2.5, None, True, {"x": "y"}], "text": "z" * index}
        strokes.append(bytes(index * 9))
    del text[3:9]
    text.format(0, 4, {"bold": True})
    values["map"] = Map({"a": Array([1, "2"])})
    doc.unobserve(watching)
    whole = doc.get_update()
    states = [awareness.State(index, index, b'{"cursor":{"x":1},"n":"%d"}' % index) for index in range(5)]
    found = [protocol.update(varints.write_bytes(update)) for update in updates]
    found += [protocol.step1(doc.get_state()), protocol.step2(whole), protocol.step2(b"\x00\x00"), b"\x03"]
    found += [protocol.awareness(awareness.pack(states[:size])) for size in range(5)]
    return found


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


async def cost(relays: Relays, seat: Seat, data: bytes) -> tuple[float, str]:
    """Return the processor time of a frame with all that follows from it, and what became of it."""
    began = time.thread_time()
    end = "taken"
    try:
        reader = Reader(limit=protocol.MESSAGE_BYTES)
        reader.feed(data)
        message = reader.next()
        assert message is not None
        assert isinstance(message.payload, bytes)
        waiting = relays.hear(seat, message.payload)
        if waiting is not None:
            await waiting
    except Refused as exc:
        end = f"closed with {exc.code}"
    except Goodbye as exc:
        end = f"too big for a frame: {exc.code}"
    took_s = time.thread_time() - began
    await asyncio.sleep(0)
    return took_s, end


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_no_frame_is_dear_or_breaks_anything(seed: int) -> None:
    chance, messages = random.Random(seed), corpus()
    relays = Relays(Paper(), Everybody(), Nowhere(), node="n", seal=sealed)  # type: ignore[arg-type]
    ends: Counter[str] = Counter()
    dearest = 0.0
    accepted: list[bytes] = []
    running = asyncio.ensure_future(relays.run())
    await relays.prepare(ROOM, USER)
    seats = [relays.enter(ROOM, USER, Outlet(), role="editor", epoch="") for _ in range(5)]
    for number in range(FRAMES):
        payload = large(chance) if number % 500 == 0 else spoilt(chance, messages)
        data, seat = frame(payload), seats[number % 5]
        took_s, end = await cost(relays, seat, data)
        for _ in range(2):  # a dear one is looked at again: others work on this machine
            if took_s > LIMIT_S:
                took_s = min(took_s, (await cost(relays, seat, data))[0])
        dearest = max(dearest, took_s)
        assert took_s <= LIMIT_S, f"{1000 * took_s:.1f} ms for {len(payload)} bytes: {payload[:60].hex()}…"
        ends[end] += 1
        if end == "taken" and payload[:2] == b"\x00\x02" and payload not in messages and len(accepted) < SAMPLES:
            accepted.append(varints.read_bytes(payload, 2)[0])
    running.cancel()
    await asyncio.gather(*[running], return_exceptions=True)
    print(f"{FRAMES} frames: {dict(ends)}; the dearest took {1000 * dearest:.2f} ms")
    assert ends["taken"] > FRAMES // 20
    assert ends["closed with 4500"] > FRAMES // 20
    assert ends["closed with 4502"]
    await scribe_survives(accepted)


async def scribe_survives(updates: Sequence[bytes]) -> None:
    """What was accepted is an update to the one who decodes it, or is refused at once: its process never falls."""
    scribe = Scribe()
    running = asyncio.ensure_future(scribe.run())
    refused = 0
    try:
        for update in updates:
            try:
                await scribe.ask("", None, [update], "1-1", "state")
            except Spoiled:
                refused += 1
        assert scribe.deaths == 0
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    print(f"{len(updates)} spoiled updates that have the form of one were decoded, {refused} of them refused")
    assert updates
