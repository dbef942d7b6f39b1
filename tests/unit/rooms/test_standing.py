"""What people may do: of several answers the one to the latest question."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping

from livefeed.people import User
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.standing import Standing


class House:
    """Answers each question when it is told to, and notes what is played."""

    def __init__(self) -> None:
        self.questions: list[asyncio.Future[str]] = []
        self.played: list[str] = []
        self.standing = Standing(self, self)
        self.relay = Relay("den", "first", "5-1")
        self.seat = Seat("den", "a:1", User("ann", "ann"), True, None)  # type: ignore[arg-type]
        self.relay.enter(self.seat)

    async def role(self, room: str, user: str) -> str | None:
        self.questions.append(asyncio.get_running_loop().create_future())
        return await self.questions[-1] or None

    async def roles(self, room: str, users: Collection[str]) -> Mapping[str, str]:
        role = await self.role(room, "ann")
        return dict.fromkeys(users, role) if role else {}

    def play(self, seat: Seat, role: str) -> None:
        self.played.append(role)

    def end(self, relay: Relay, code: int, reason: str) -> None:
        raise AssertionError(reason)

    async def answered(self, answers: Mapping[int, str], *, alone: bool = False) -> list[str]:
        """Ask as often as there are answers, by one and by all; answer in this order; return what is played."""
        async with asyncio.TaskGroup() as tasks:
            for number in range(len(answers)):
                by_all = number % 2 and not alone
                again = self.standing.recheck_all(self.relay) if by_all else self.standing.recheck(self.seat)
                tasks.create_task(again)
                while len(self.questions) <= number:
                    await asyncio.sleep(0)
            for number, role in answers.items():
                self.questions[number].set_result(role)
                for _ in range(5):
                    await asyncio.sleep(0)
        return self.played


async def test_answers_are_played_as_they_come() -> None:
    assert await House().answered({0: "editor", 1: "viewer", 2: ""}) == ["editor", "viewer", ""]


async def test_an_answer_to_an_older_question_does_not_win() -> None:
    assert await House().answered({1: "viewer", 0: "editor"}) == ["viewer"]
    assert await House().answered({2: "", 1: "viewer", 0: "editor"}) == [""]
    assert await House().answered({1: "viewer", 0: "editor"}, alone=True) == ["viewer"]


async def test_what_was_asked_before_the_store_refused_somebody_counts_for_nothing() -> None:
    house = House()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(house.standing.recheck_all(house.relay))
        while not house.questions:
            await asyncio.sleep(0)
        house.standing.doubt(house.seat)
        house.questions[0].set_result("editor")
    assert house.played == []
    house.questions.clear()
    assert await house.answered({0: "viewer"}) == ["viewer"]


async def test_nothing_is_played_for_whoever_has_left() -> None:
    house = House()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(house.standing.recheck_all(house.relay))
        while not house.questions:
            await asyncio.sleep(0)
        house.relay.leave(house.seat)
        house.standing.forget(house.seat)
        house.questions[0].set_result("editor")
    assert house.played == []
