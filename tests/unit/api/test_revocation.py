"""A lost right ends what it was for, before anything that came later goes out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import AsyncMock, Mock

import orjson
import pytest

from livefeed.api.revocation import Revocations
from livefeed.config import Config
from livefeed.errors import StoreUnavailable
from livefeed.hub.frames import Wanted
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.people import Caller, User
from livefeed.position import Position
from livefeed.streams.entry import Entry
from livefeed.topic import Topic
from tests.unit.hub.talk import RecordingCodec

ROOM, PAINTING = Topic("room:r"), Topic("generation:g")
ANN, BOB = User("ann", "ann"), User("bob", "bob")


class Judge:
    """Answers for rights as the test has it; the store may be away for so many questions."""

    def __init__(self) -> None:
        self.refused: set[tuple[str, str]] = set()
        self.away = 0

    def may_subscribe(self, caller: Caller, topic: Topic) -> Any:
        async def answer() -> bool:
            if self.away:
                self.away -= 1
                raise StoreUnavailable("away")
            return caller.user is None or (caller.user.id, topic.name) not in self.refused

        return answer()


class House:
    """A node without a store, with somebody on it."""

    def __init__(self) -> None:
        away = AsyncMock(side_effect=StoreUnavailable("away"))
        self.node = Node(Mock(shards=1, shard=lambda topic: 0, page=away), Config(shards=1))
        self.judge = Judge()
        self.changes: list[tuple[str, str]] = []
        self.revocations = Revocations(
            self.node,
            self.judge,  # type: ignore[arg-type]
            lambda topic, user: self.changes.append((topic, user)),
        )
        self._said = 0

    def follow(self, user: User, *topics: Topic) -> Session:
        session = Session(user.id, RecordingCodec(), Caller(user))
        self.node.open(session, Mock())
        for topic in topics:
            join = self.node.hub.join(session, Wanted(topic), shard=0)
            join.subscription.tail.loaded = True
            assert not self.node.hub.unanswered([join])
            self.node.hub.answer(session, 1, {topic.name: join})
        session.take()
        return session

    def tell(self, *events: tuple[str, Any], topic: Topic = ROOM) -> None:
        entries = []
        for kind, data in events:
            before, self._said = self._said, self._said + 1
            entries.append(Entry(_at(self._said), _at(before), topic.name, kind, orjson.dumps(data)))
        self.revocations.advance(0, entries)

    def heard(self, session: Session) -> list[dict[str, Any]]:
        self.node.hub.flush()
        return RecordingCodec().decode(session.take())

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        running = asyncio.create_task(self.node.run())
        await asyncio.sleep(0)
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])


def _at(n: int) -> Position:
    return Position(1_000, n) if n else Position(0, 0)


def removal(user: User, role: str | None = None) -> tuple[str, Any]:
    return "room.member", {"user": user.as_dict(), "role": role}


@pytest.fixture
def house() -> House:
    return House()


def test_who_is_removed_hears_neither_of_it_nor_of_what_comes_in_the_same_breath(house: House) -> None:
    ann, bob = house.follow(ANN, ROOM), house.follow(BOB, ROOM)
    lost: list[str] = []
    ann.lost = lost.append
    house.tell(("room.message", {}), removal(ANN), ("room.message", {}))
    [error] = house.heard(ann)
    assert (error["op"], error["topic"], error["code"]) == ("error", ROOM.name, "not_found")
    assert (ann.subscriptions, lost) == ({}, [ROOM.name])
    [frame] = house.heard(bob)
    assert len(frame["events"]) == 3


def test_another_role_and_another_topics_event_end_nothing(house: House) -> None:
    ann = house.follow(ANN, ROOM, Topic("app:x"))
    house.tell(removal(ANN, "viewer"))
    house.tell(removal(ANN), ("room.member", {}), topic=Topic("app:x"))
    assert set(ann.subscriptions) == {ROOM.name, "app:x"}
    assert house.node.rights_lost == 0
    assert house.changes == [(ROOM.name, ANN.id)]


def test_whoever_is_asked_about_rights_meanwhile_is_asked_again(house: House) -> None:
    house.tell(removal(ANN))
    assert house.node.rights_lost == 1


def test_a_join_that_is_not_answered_yet_is_answered_with_the_refusal(house: House) -> None:
    session = Session("ann", RecordingCodec(), Caller(ANN))
    house.node.open(session, Mock())
    join = house.node.hub.join(session, Wanted(ROOM), shard=0)
    house.tell(removal(ANN))
    assert house.heard(session) == []
    house.node.hub.answer(session, 7, {ROOM.name: join})
    assert house.heard(session) == [{"op": "subscribed", "ref": 7, "topics": {ROOM.name: {"error": "not_found"}}}]


async def test_the_rooms_pictures_go_with_the_room(house: House) -> None:
    """What else somebody follows is judged again, also when the store must be waited for; others are left alone."""
    async with house.running():
        ann, bob = house.follow(ANN, PAINTING, Topic("app:x")), house.follow(BOB, PAINTING)
        house.judge.refused = {("ann", PAINTING.name), ("bob", PAINTING.name)}
        house.judge.away = 1
        house.tell(removal(ANN))
        async with asyncio.timeout(10):
            while PAINTING.name in ann.subscriptions:
                await asyncio.sleep(0.01)
        assert set(ann.subscriptions) == {"app:x"}
        assert set(bob.subscriptions) == {PAINTING.name}


async def test_after_a_reset_everybody_is_judged_again(house: House) -> None:
    async with house.running():
        ann, bob = house.follow(ANN, ROOM), house.follow(BOB, ROOM)
        house.judge.refused = {("ann", ROOM.name)}
        house.revocations.reset(0, _at(50))
        async with asyncio.timeout(10):
            while ann.subscriptions:
                await asyncio.sleep(0.01)
        assert set(bob.subscriptions) == {ROOM.name}
        assert house.node.rights_lost == 1
