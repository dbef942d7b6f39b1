"""Who has the next hand: one of a room at a time, whoever has taken least, and not more in line than may wait."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from livefeed.errors import Busy, TooLarge
from livefeed.rooms.canvas import Canvas, Size
from livefeed.rooms.hands import Hands

SIZE = (64, 64)


class Studio:
    """Drawings that take as long as the test lets them. begun: their strokes, in the order they were begun."""

    def __init__(self, **bounds: int) -> None:
        self.hands = Hands(self._draw, **bounds)
        self.begun: list[bytes] = []
        self.ends: dict[bytes, asyncio.Future[float]] = {}

    async def _draw(self, parent: bytes | None, size: Size, strokes: Sequence[bytes]) -> tuple[Canvas, float]:
        self.begun.append(strokes[0])
        self.ends[strokes[0]] = asyncio.get_running_loop().create_future()
        return Canvas(None, None), await self.ends[strokes[0]]

    def ask(self, room: str, stroke: bytes, *, person: str = "") -> asyncio.Task[Canvas]:
        async def drawn() -> Canvas:
            async with self.hands.turn(room, person or f"of {room}", [stroke]) as turn:
                return await turn.draw(None, SIZE)

        return asyncio.ensure_future(drawn())

    async def end(self, stroke: bytes, took_s: float = 1.0) -> None:
        self.ends[stroke].set_result(took_s)
        await settle()


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_so_many_are_drawn_at_a_time_and_one_of_a_room() -> None:
    studio = Studio(hands=2)
    asked = [studio.ask(*one) for one in (("a", b"a1"), ("a", b"a2"), ("b", b"b1"), ("c", b"c1"))]
    await settle()
    assert studio.begun == [b"a1", b"b1"]
    for stroke in (b"a1", b"b1", b"c1", b"a2"):
        await studio.end(stroke)
    await asyncio.gather(*asked)
    assert studio.begun == [b"a1", b"b1", b"c1", b"a2"]


async def test_an_honest_room_waits_for_one_drawing_of_a_hostile_one_and_not_for_its_line() -> None:
    studio = Studio(hands=1)
    hostile = [studio.ask(f"bad{n}", b"bad%d" % n, person="bad") for n in range(10)]
    await settle()
    honest = studio.ask("good", b"good")
    await settle()
    await studio.end(b"bad0", 3.0)
    assert studio.begun == [b"bad0", b"good"]
    await studio.end(b"good")
    await honest
    for place in range(2, 11):
        await studio.end(studio.begun[place])
    await asyncio.gather(*hostile)
    assert studio.begun[2:] == [b"bad%d" % n for n in range(1, 10)]


async def test_another_person_does_not_clear_a_rooms_account() -> None:
    studio = Studio(hands=1)
    first = studio.ask("bad", b"1", person="one")
    await settle()
    asked = [studio.ask("bad", b"2", person="other"), studio.ask("good", b"3")]
    await settle()
    for stroke in (b"1", b"3", b"2"):
        await studio.end(stroke)
    await asyncio.gather(first, *asked)
    assert studio.begun == [b"1", b"3", b"2"]


async def test_of_those_who_took_nothing_yet_the_smaller_drawing_comes_first() -> None:
    studio = Studio(hands=1)
    asked = [studio.ask("a", b"a"), studio.ask("b", b"b" * 1000), studio.ask("c", b"c")]
    await settle()
    await studio.end(b"a")
    await studio.end(b"c")
    await studio.end(b"b" * 1000)
    await asyncio.gather(*asked)


async def test_where_too_many_wait_the_one_that_took_most_is_told() -> None:
    studio = Studio(hands=1, most_waiting=2)
    first = studio.ask("bad", b"bad1")
    await settle()
    await studio.end(b"bad1")
    await first
    now = studio.ask("a", b"a")
    await settle()
    bad, good, other = studio.ask("bad", b"bad2"), studio.ask("b", b"b"), studio.ask("c", b"c")
    await settle()
    with pytest.raises(Busy, match="drawings wait"):
        await bad
    last = studio.ask("d", b"d")
    with pytest.raises(Busy):  # of equals, who came last
        await last
    for stroke in (b"a", b"b", b"c"):
        await studio.end(stroke)
    await asyncio.gather(now, good, other)


async def test_who_goes_away_as_somebody_else_comes_makes_room() -> None:
    studio = Studio(hands=1, most_waiting=2)
    first = studio.ask("bad", b"bad1")
    await settle()
    await studio.end(b"bad1")
    await first
    now, bad, good = studio.ask("a", b"a"), studio.ask("bad", b"bad2"), studio.ask("b", b"b")
    await settle()
    last = studio.ask("c", b"c")
    bad.cancel()  # it leaves only after the one who comes has looked who waits
    await settle()
    for stroke in (b"a", b"b", b"c"):
        await studio.end(stroke)
    await asyncio.gather(now, good, last)
    assert bad.cancelled()


async def test_who_goes_away_leaves_the_line_and_gives_the_hand_back() -> None:
    studio = Studio(hands=1)
    drawing, waiting, next_ = studio.ask("a", b"a"), studio.ask("b", b"b"), studio.ask("c", b"c")
    await settle()
    waiting.cancel()
    drawing.cancel()
    await settle()
    assert studio.begun == [b"a", b"c"]
    await studio.end(b"c")
    await next_
    handed = studio.ask("d", b"d")
    await settle()
    await studio.end(b"d")
    await handed
    assert waiting.cancelled()


async def test_a_drawing_that_is_refused_gives_the_hand_back() -> None:
    studio = Studio(hands=1)
    asked = studio.ask("a", b"a")
    await settle()
    studio.ends[b"a"].set_exception(TooLarge("No."))
    with pytest.raises(TooLarge):
        await asked
    again = studio.ask("a", b"a2")
    await settle()
    await studio.end(b"a2")
    await again
