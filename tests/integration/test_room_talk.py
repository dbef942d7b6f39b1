"""What is said in a room, on a real store."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from livefeed.errors import (
    BadRequest,
    Conflict,
    KeyReused,
    NotFound,
)
from livefeed.rooms import talk as talk_module
from tests.integration.test_feed_house import user
from tests.integration.test_room_house import OWNER, VIEWER, RoomHouse


async def test_what_is_said_is_there_in_its_order_and_told_so(house: RoomHouse) -> None:
    room = await house.room()
    said = [await house.talk.say(room, user(number), f"  word\u202e {number}\x00") for number in (1, 4, 2)]
    assert [message["text"] for message in said] == ["  word 1", "  word 4", "  word 2"]
    found = await house.rooms.read(room, VIEWER)
    assert found["messages"] == said
    assert [data["message"] for _, data in await house.told(room, "message")] == said
    assert found["next"] is None


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, 7, None, "\ud800"])
async def test_a_message_that_is_none_is_refused(house: RoomHouse, text: Any) -> None:
    room = await house.room()
    with pytest.raises(BadRequest):
        await house.talk.say(room, user(1), text)


async def test_a_message_with_a_key_is_said_once(house: RoomHouse) -> None:
    room, other = await house.room(), await house.room()
    said = await asyncio.gather(*[house.talk.say(room, user(1), "once", key="k") for _ in range(5)])
    assert len({message["id"] for message in said}) == 1
    assert len((await house.talk.list(room, OWNER))["messages"]) == 1
    with pytest.raises(KeyReused):
        await house.talk.say(room, user(1), "twice", key="k")
    assert (await house.talk.say(other, user(1), "once", key="k"))["id"] != said[0]["id"]


async def test_messages_come_in_pages(house: RoomHouse) -> None:
    room = await house.room()
    for number in range(7):
        await house.talk.say(room, user(1), str(number))
    texts, before = [], None
    while True:
        page = await house.talk.list(room, OWNER, before, 3)
        texts = [message["text"] for message in page["messages"]] + texts
        before = page["next"]
        if before is None:
            break
    assert texts == [str(number) for number in range(7)]
    for limit, cursor in ((0, None), (101, None), (3, "x"), (3, "0")):
        with pytest.raises(BadRequest):
            await house.talk.list(room, OWNER, cursor, limit)


async def test_reactions_are_counted_once_per_person_and_told_with_their_message(house: RoomHouse) -> None:
    room = await house.room()
    message = (await house.talk.say(room, user(1), "look"))["id"]
    before = len(await house.told(room))
    assert await house.talk.react(room, message, OWNER, "❤", True) == {"reactions": {"❤️": 1}, "mine": ["❤️"]}
    assert await house.talk.react(room, message, OWNER, "❤️", True) == {"reactions": {"❤️": 1}, "mine": ["❤️"]}
    answer = await house.talk.react(room, message, VIEWER, "❤️", True)
    assert answer == {"reactions": {"❤️": 2}, "mine": ["❤️"]}
    await house.talk.react(room, message, VIEWER, "🦊", True)
    answer = await house.talk.react(room, message, OWNER, "❤️", False)
    assert answer == {"reactions": {"❤️": 1, "🦊": 1}, "mine": []}
    told = [data["message"]["reactions"] for _, data in (await house.told(room))[before:]]
    assert told == [{"❤️": 1}, {"❤️": 2}, {"❤️": 2, "🦊": 1}, {"❤️": 1, "🦊": 1}]
    found = await house.rooms.read(room, VIEWER)
    assert found["messages"][0]["reactions"] == {"❤️": 1, "🦊": 1}
    assert found["mine"] == {message: ["❤️", "🦊"]}
    assert (await house.rooms.read(room, OWNER))["mine"] == {}


async def test_reactions_need_an_emoji_a_message_and_room(house: RoomHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    room, other = await house.room(), await house.room()
    message = (await house.talk.say(room, user(1), "look"))["id"]
    with pytest.raises(BadRequest):
        await house.talk.react(room, message, OWNER, "fox", True)
    for id in ("x", "01m00000000000000000zz"):
        with pytest.raises(NotFound):
            await house.talk.react(room, id, OWNER, "🦊", True)
    with pytest.raises(NotFound):
        await house.talk.react(other, message, OWNER, "🦊", True)
    monkeypatch.setattr(talk_module, "MAX_EMOJIS", 1)
    await house.talk.react(room, message, OWNER, "🦊", True)
    with pytest.raises(Conflict):
        await house.talk.react(room, message, OWNER, "🐙", True)
    await house.talk.react(room, message, VIEWER, "🦊", True)


async def test_a_room_keeps_so_many_messages_and_nothing_of_older_ones(
    house: RoomHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_module, "MAX_MESSAGES", 3)
    room = await house.room()
    for number in range(5):
        message = await house.talk.say(room, user(1), str(number))
        await house.talk.react(room, message["id"], OWNER, "🦊", True)
    assert [message["text"] for message in (await house.talk.list(room, OWNER))["messages"]] == ["2", "3", "4"]
    for kind, command in (("messages", "HLEN"), ("applause", "HLEN"), ("reacted", "ZCARD"), ("talk", "ZCARD")):
        [key] = await house.store.execute("KEYS", f"lf:*:{kind}:{room}")
        assert await house.store.execute(command, key.decode()) == 3, kind
