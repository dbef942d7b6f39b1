"""Lua does not roll back: every write of every script of a room fails in turn, and the command is then repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import MEDIA, open_store, painter, user
from tests.integration.test_room_house import EDITOR, OWNER, VIEWER, RoomHouse


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FailingStore]:
    async with open_store(tmp_path) as store:
        yield FailingStore(store)


@dataclass
class Scene:
    """A room with a message and two variations, one of them finished and voted for; and which attempt this is."""

    house: RoomHouse
    room: str
    message: str
    variation: str
    waiting: str
    attempt: int

    @property
    def key(self) -> str:
        return f"key{self.attempt}"

    async def votes(self) -> dict[str, int]:
        votes: dict[str, int] = (await self.house.rooms.read(self.room, OWNER))["votes"]
        told = [data for _, data in await self.house.told(self.room, "vote")]
        assert told[-1]["votes"] == votes
        return votes


async def set_scene(house: RoomHouse, attempt: int) -> Scene:
    room = await house.room()
    message = (await house.talk.say(room, user(1), "first"))["id"]
    await house.talk.react(room, message, EDITOR, "🦊", True)
    variation = await house.painted(room)
    for number in (2, 3):
        await house.votes.set(room, user(number), variation, True)
    waiting = (await house.variations.begin(room, user(1)))["id"]
    return Scene(house, room, message, variation, waiting, attempt)


async def open_room(scene: Scene) -> None:
    parent = (await scene.house.rooms.read(scene.room, OWNER))["room"]["parent_id"]
    await scene.house.rooms.open(user(6), parent, key=scene.key)


async def check_opened(scene: Scene) -> None:
    parent = (await scene.house.rooms.read(scene.room, OWNER))["room"]["parent_id"]
    room = await scene.house.rooms.open(user(6), parent, key=scene.key)
    assert (room["role"], room["owner"]) == ("owner", user(6))
    assert await scene.house.told(room["id"]) != []
    assert {data["role"] for _, data in await scene.house.told(room["id"])} == {"owner"}
    await scene.house.carry()
    assert room["id"] in [found["id"] for found in await scene.house.rooms.mine(user(6)["id"])]


async def demote(scene: Scene) -> None:
    await scene.house.members.set(scene.room, OWNER, user(2), "viewer", key=scene.key)


async def check_demoted(scene: Scene) -> None:
    assert await scene.votes() == {scene.variation: 1}
    assert str(await scene.house.rooms.role(scene.room, EDITOR)) == "viewer"
    assert (await scene.house.told(scene.room, "member"))[-1][1] == {"user": user(2), "role": "viewer"}


async def take_out(scene: Scene) -> None:
    await scene.house.members.remove(scene.room, OWNER, user(2), key=scene.key)


async def check_out(scene: Scene) -> None:
    assert await scene.votes() == {scene.variation: 1}
    assert await scene.house.rooms.role(scene.room, EDITOR) is None
    assert (await scene.house.told(scene.room, "member"))[-1][1] == {"user": user(2), "role": None}
    await scene.house.carry()
    assert scene.room not in [found["id"] for found in await scene.house.rooms.mine(EDITOR)]


async def join(scene: Scene) -> None:
    _, token = await scene.house.members.invite(scene.room, OWNER, "editor")
    await scene.house.members.join(scene.room, user(4), token, key=scene.key)


async def check_joined(scene: Scene) -> None:
    assert str(await scene.house.rooms.role(scene.room, VIEWER)) == "editor"
    assert (await scene.house.told(scene.room, "member"))[-1][1] == {"user": user(4), "role": "editor"}


async def say(scene: Scene) -> None:
    await scene.house.talk.say(scene.room, user(4), "second", key=scene.key)


async def check_said(scene: Scene) -> None:
    found = (await scene.house.talk.list(scene.room, VIEWER))["messages"]
    assert [message["text"] for message in found] == ["first", "second"]
    assert (await scene.house.told(scene.room, "message"))[-1][1]["message"] == found[-1]


async def react(scene: Scene) -> None:
    await scene.house.talk.react(scene.room, scene.message, VIEWER, "🦊", True)
    await scene.house.talk.react(scene.room, scene.message, EDITOR, "🦊", False)


async def check_reacted(scene: Scene) -> None:
    [message] = (await scene.house.talk.list(scene.room, VIEWER))["messages"]
    assert message["reactions"] == {"🦊": 1}
    assert (await scene.house.told(scene.room, "message"))[-1][1]["message"] == message


async def end_variation(scene: Scene) -> None:
    if scene.house.easel.paintings[scene.waiting].state == "queued":
        scene.house.easel.finish(scene.waiting)
    await scene.house.variations.note(scene.waiting)


async def check_ended(scene: Scene) -> None:
    found = (await scene.house.rooms.read(scene.room, OWNER))["variations"]
    assert [(item["id"], item["state"]) for item in found] == [
        (scene.variation, "completed"),
        (scene.waiting, "completed"),
    ]
    assert (await scene.house.told(scene.room, "variation"))[-1][1]["variation"] == found[-1]


async def begin_variation(scene: Scene) -> None:
    await scene.house.variations.begin(scene.room, user(3), key=scene.key)


async def check_begun(scene: Scene) -> None:
    found = (await scene.house.rooms.read(scene.room, OWNER))["variations"]
    assert [item["state"] for item in found] == ["completed", "queued", "queued"]
    assert (await scene.house.told(scene.room, "variation"))[-1][1]["variation"] == found[-1]


async def vote(scene: Scene) -> None:
    await scene.house.votes.set(scene.room, user(2), scene.waiting, True, key=scene.key)


async def check_voted(scene: Scene) -> None:
    assert await scene.votes() == {scene.variation: 1, scene.waiting: 1}
    await scene.house.carry()
    assert scene.house.papers.mirrored[scene.room][1] == {EDITOR: scene.waiting, user(3)["id"]: scene.variation}


async def publish(scene: Scene) -> None:
    scene.house.papers.who_edited = {EDITOR}
    await scene.house.publishing.publish(scene.room, user(3), scene.variation, caption="#new", key=scene.key)


async def check_published(scene: Scene) -> None:
    room = (await scene.house.rooms.read(scene.room, OWNER))["room"]
    post = (await scene.house.feed.posts.get(room["published"]))["post"]
    assert (post["author"], post["media"], post["parent"]) == (painter(3), MEDIA, room["parent_id"])
    assert [person["id"] for person in post["credits"]] == [user(3)["id"], OWNER, EDITOR]
    assert {data["post"]["id"] for _, data in await scene.house.told(scene.room, "published")} == {post["id"]}
    assert {data["post"]["id"] for _, _, data in await scene.house.feed.events("post:" + post["id"])} == {post["id"]}
    await scene.house.feed.carry()
    assert (await scene.house.feed.ids("feed:tag:new")).count(post["id"]) == 1


Step = Callable[[Scene], Awaitable[None]]


@pytest.mark.parametrize(
    ("command", "check", "at_least"),
    [
        (open_room, check_opened, 6),
        (demote, check_demoted, 8),
        (take_out, check_out, 8),
        (join, check_joined, 6),
        (say, check_said, 6),
        (react, check_reacted, 5),
        (begin_variation, check_begun, 6),
        (end_variation, check_ended, 6),
        (vote, check_voted, 6),
        (publish, check_published, 9),
    ],
)
async def test_a_repeat_completes_a_command_whichever_write_failed(
    store: FailingStore, command: Step, check: Step, at_least: int
) -> None:
    failing_at = 0
    while True:
        failing_at += 1
        await store.execute("FLUSHALL")
        scene = await set_scene(RoomHouse(store, seed=failing_at), failing_at)  # type: ignore[arg-type]
        broken = len(store.broken)
        await store.repeat(failing_at, command, scene)
        await check(scene)
        if len(store.broken) == broken:
            break
    assert failing_at > at_least, store.broken


async def test_a_repeat_completes_a_list_whichever_write_failed(store: FailingStore) -> None:
    failing_at = 0
    while True:
        failing_at += 1
        await store.execute("FLUSHALL")
        house = RoomHouse(store, seed=failing_at)  # type: ignore[arg-type]
        room = await house.room()
        await house.members.remove(room, OWNER, user(2))
        broken = len(store.broken)
        for entry in await house.feed.outbox():
            await store.repeat(failing_at, house.projection.apply, [entry])
        assert [found["id"] for found in await house.rooms.mine(VIEWER)] == [room]
        assert await house.rooms.mine(EDITOR) == []
        if len(store.broken) == broken:
            break
    assert failing_at > 3, store.broken
