"""What is taken of what clients say, who is credited for it, and what is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from livefeed.people import User
from livefeed.rooms import hearing, protocol
from livefeed.rooms.documents import Weight
from livefeed.rooms.hearing import BAD_FRAME, LOST, TOO_BIG, TOO_MANY_CLIENTS, UNMET, UNWRITTEN, Hearing, Refused
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.varints import write, write_bytes


def written(client: int, clock: int) -> bytes:
    return b"\x01\x01" + write(client) + write(clock) + b"\x04\x01\x06prompt\x01x\x00"


NEWS, WAITS = written(5, 0), written(6, 9)


class Documents:
    """Gives the answer that it was told."""

    def __init__(self) -> None:
        self.weight = Weight()
        self.asked = 0
        self.open = asyncio.Event()
        self.open.set()

    async def weigh(self, room: str, update: bytes, *, epoch: str = "", person: str = "") -> Weight:
        assert person == "ann", "whoever asks is charged"
        self.asked += 1
        await self.open.wait()
        return self.weight


class House:
    """A room with a relay, in which some Yjs clients are others'."""

    def __init__(self, others: Sequence[int] = ()) -> None:
        self.room = Relay("room", "first", "5-1")
        self.others = others
        self.documents = Documents()
        self.hearing = Hearing(self.documents, None, self)  # type: ignore[arg-type]
        self.seat = Seat("room", "a:1", User("ann", "ann"), True, None)  # type: ignore[arg-type]
        self.room.enter(self.seat)

    def relay(self, seat: Seat) -> Relay | None:
        return self.room if seat in self.room.seats else None

    def take(self, seat: Seat, piece: bytes, *, credited: bool, waits: int = 0) -> None:
        self.room.take(seat, piece, credited=credited, waits=waits)

    def is_anothers(self, seat: Seat, client: int) -> bool:
        return client in self.others

    async def hear(self, message: bytes) -> tuple[list[bytes], list[str]]:
        """Say something; return what was taken since the last time, and who is credited for it."""
        waiting = self.hearing.hear(self.seat, message)
        if waiting is not None:
            await waiting
        batch = self.room.batch()
        if batch is None:
            return [], []
        self.room.settle(batch)
        return batch.pieces, batch.people

    async def weighed(self, message: bytes, **weight: Any) -> tuple[list[bytes], list[str]]:
        self.documents.weight = Weight(**weight)
        return await self.hear(message)


STEP2, UPDATE = protocol.step2(NEWS), protocol.update(write_bytes(NEWS))


async def test_what_fits_at_the_first_look_is_taken_at_once() -> None:
    house = House()
    house.room.learn({5: 1})
    assert await house.hear(protocol.update(write_bytes(written(5, 1)))) == ([write_bytes(written(5, 1))], ["ann"])
    assert house.documents.asked == 0
    assert await house.hear(protocol.update(write_bytes(written(5, 0)))) == ([write_bytes(written(5, 0))], [])


async def test_who_only_sends_again_what_others_wrote_is_not_credited() -> None:
    house = House(others=[7])
    assert await house.weighed(STEP2) == ([], []), "nothing is new: nothing is taken"
    assert await house.weighed(STEP2, news=NEWS, written=[7]) == ([write_bytes(NEWS)], []), "the store had lost it"
    assert await house.weighed(STEP2, news=NEWS, written=[7], unmade=True) == ([write_bytes(NEWS)], [])
    assert await house.weighed(STEP2, news=NEWS, written=[7, 5]) == ([write_bytes(NEWS)], ["ann"])
    assert await house.weighed(STEP2, news=NEWS, unmade=True) == ([write_bytes(NEWS)], ["ann"]), "nobody else would"
    assert await house.weighed(UPDATE, news=NEWS, written=[7]) == ([write_bytes(NEWS)], ["ann"]), "it was made now"
    assert await house.weighed(UPDATE) == ([], [])


async def test_what_was_weighed_is_known_and_what_builds_on_it_fits() -> None:
    house = House()
    await house.weighed(STEP2, news=NEWS, written=[5], known={5: 1})
    await house.hear(protocol.update(write_bytes(written(5, 1))))
    assert house.documents.asked == 1


async def refusal(house: House, message: bytes, **weight: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as told:
        await house.weighed(message, **weight)
    return told.value.code, told.value.reason


async def test_what_waits_is_bounded_and_what_does_not_is_taken_all_the_same() -> None:
    house = House()
    full: Mapping[str, Any] = {"waits": WAITS, "waiting": protocol.UNMET_BYTES - len(WAITS)}
    assert await house.weighed(UPDATE, **full) == ([write_bytes(WAITS)], ["ann"])
    over = {"waits": WAITS, "waiting": protocol.UNMET_BYTES - len(WAITS) + 1}
    assert await refusal(house, STEP2, news=NEWS, **over) == (TOO_BIG, UNMET)
    assert (await house.hear(b"\x00\x01\x02\x00\x00"))[0] == [write_bytes(NEWS)]


async def test_what_came_while_it_was_asked_counts_with_what_waits_in_the_store() -> None:
    """Answers are of a moment when what this server takes meanwhile is not written yet."""
    house = House()
    house.documents.weight = Weight(waits=WAITS, waiting=protocol.UNMET_BYTES - 2 * len(WAITS))
    house.documents.open.clear()
    asking = [asyncio.ensure_future(house.hear(STEP2)) for _ in range(3)]
    while house.documents.asked < 3:
        await asyncio.sleep(0)
    house.documents.open.set()
    told = [one for one in await asyncio.gather(*asking, return_exceptions=True) if isinstance(one, Refused)]
    assert [(one.code, one.reason) for one in told] == [(TOO_BIG, UNMET)]


async def test_what_builds_on_an_update_in_line_is_looked_at_again_once_that_is_written() -> None:
    house = House()
    house.room.take(house.seat, write_bytes(written(6, 0)))
    house.documents.weight = Weight(waits=WAITS)
    saying = asyncio.ensure_future(house.hear(UPDATE))
    while house.documents.asked < 1:
        await asyncio.sleep(0)
    house.documents.weight = Weight(news=NEWS, written=[5])
    batch = house.room.batch()
    assert batch is not None
    house.room.settle(batch)
    assert await saying == ([write_bytes(NEWS)], ["ann"])
    assert house.documents.asked == 2


async def test_whoever_leaves_is_not_waited_for() -> None:
    house = House()
    house.room.take(house.seat, write_bytes(written(6, 0)))
    house.documents.weight = Weight(waits=WAITS)
    waiting = house.hearing.hear(house.seat, UPDATE)
    assert waiting is not None
    saying = asyncio.ensure_future(waiting)
    while house.documents.asked < 1:
        await asyncio.sleep(0)
    house.room.leave(house.seat)
    await saying
    assert house.documents.asked == 1


async def test_what_is_never_written_is_not_waited_for_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks are few, and the connection is to come again in the end."""
    house, now_s, looks = House(), [0.0], list[float]()
    house.room.take(house.seat, write_bytes(written(6, 0)))

    async def sleep(pause_s: float) -> None:
        looks.append(pause_s)
        now_s[0] += pause_s

    with monkeypatch.context() as patch:
        patch.setattr(hearing, "asyncio", SimpleNamespace(sleep=sleep, get_running_loop=lambda: clock(now_s)))
        assert await refusal(house, UPDATE, waits=WAITS) == (LOST, UNWRITTEN)
    assert len(looks) < 80
    assert now_s[0] == pytest.approx(hearing.PATIENCE_S, abs=1)


def clock(now_s: Sequence[float]) -> SimpleNamespace:
    return SimpleNamespace(time=lambda: now_s[0])


async def test_there_is_an_end_to_clients() -> None:
    house = House()
    assert await refusal(house, UPDATE, news=NEWS, clients=protocol.CLIENTS, newcomers=1) == (
        TOO_BIG,
        TOO_MANY_CLIENTS,
    )
    assert await house.weighed(UPDATE, news=NEWS, written=[5], clients=protocol.CLIENTS)


def test_whoever_has_all_of_a_full_document_is_still_answered() -> None:
    """At eight bytes for every number, the largest there are."""
    count = protocol.CLIENTS + 1
    state = write(count) + b"".join(write(2**53 - 1 - client) + write(2**53 - 1) for client in range(count))
    assert protocol.parse(protocol.step1(state)).body == state
    with pytest.raises(protocol.TooBig):
        protocol.parse(protocol.step1(bytes(protocol.STATE_BYTES + 1)))


async def test_what_is_no_update_ends_the_connection() -> None:
    house = House()
    assert await refusal(house, STEP2, complaint="an update ends too early") == (BAD_FRAME, "an update ends too early")
