"""Lua does not roll back: every write of every script fails in turn, and the command is then repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from livefeed.streams.outbox import Outgoing
from livefeed.topic import FEED_ALL
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import House, open_store, user


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FailingStore]:
    async with open_store(tmp_path) as store:
        yield FailingStore(store)


@dataclass
class Scene:
    """A post by person 1 with a comment and a reaction by person 2, and which attempt this is."""

    house: House
    post: str
    comment: str
    attempt: int

    @property
    def key(self) -> str:
        return f"key{self.attempt}"

    async def state(self) -> tuple[dict[str, Any], list[str]]:
        """Return the post's totals as everyone was told them, and the texts of its comments."""
        found = (await self.house.posts.get(self.post))["post"]
        totals = {name: found[name] for name in ("reactions", "comments", "remixes")}
        assert (await self.house.latest("post:" + self.post))[self.post] == {"post": self.post, **totals}
        told = [
            entry.data
            for entry in await self.house.outbox()
            if entry.type == "post.counters" and entry.data["post"] == self.post
        ]
        assert {name: told[-1][name] for name in totals} == totals
        assert told[-1]["author"] == user(1)["id"]
        assert told[-1]["tags"] == ["fox"]
        listed = (await self.house.comments.list(self.post))["comments"]
        assert len(listed) == totals["comments"]
        return totals, [comment["text"] for comment in listed]

    async def types(self) -> set[str]:
        return set(await self.house.types("post:" + self.post))


async def set_scene(house: House, attempt: int) -> Scene:
    post = (await house.post(caption="#fox"))["id"]
    comment = (await house.comments.create(post, user(2), "first"))["id"]
    await house.reactions.set(post, user(2)["id"], "🦊", True)
    return Scene(house, post, comment, attempt)


async def create_post(scene: Scene) -> None:
    await scene.house.post(author=3, caption="#new", key=scene.key)


async def check_created(scene: Scene) -> None:
    post = await scene.house.post(author=3, caption="#new", key=scene.key)
    assert (await scene.house.posts.get(post["id"]))["post"] == post
    assert [data["post"] for _, _, data in await scene.house.events("post:" + post["id"])][-1] == post
    entries = [entry for entry in await scene.house.outbox() if entry.data.get("post") == post]
    [mark] = {entry.mark for entry in entries}
    assert mark in [id for id, _, _ in await scene.house.events("post:" + post["id"])]
    await scene.house.carry()
    assert (await scene.house.ids("feed:tag:new")).count(post["id"]) == 1


async def delete_post(scene: Scene) -> None:
    await scene.house.posts.delete(scene.post, user(1)["id"], key=scene.key)


async def check_deleted(scene: Scene) -> None:
    assert not await scene.house.posts.exists(scene.post)
    assert (await scene.house.types("post:" + scene.post))[-1] == "post.deleted"
    entries = [entry for entry in await scene.house.outbox() if entry.type == "post.deleted"]
    told = [entry for entry in entries if entry.data["id"] == scene.post]
    assert told[0].data == {"id": scene.post, "author": user(1)["id"], "tags": ["fox"]}
    assert len({entry.mark for entry in told}) == 1
    left = {key.decode().split(":")[2] for key in await scene.house.store.execute("KEYS", f"lf:*:{scene.post}")}
    assert left <= {"post", "t", "l", "o"}
    await scene.house.carry()
    assert scene.post not in await scene.house.ids("feed:all")


async def create_comment(scene: Scene) -> None:
    await scene.house.comments.create(scene.post, user(3), "second", parent=scene.comment, key=scene.key)


async def check_commented(scene: Scene) -> None:
    assert await scene.state() == ({"reactions": {"🦊": 1}, "comments": 2, "remixes": 0}, ["first", "second"])
    told = [
        data["comment"] for _, kind, data in await scene.house.events("post:" + scene.post) if kind == "comment.created"
    ]
    assert told[-1] == (await scene.house.comments.list(scene.post))["comments"][-1]


async def delete_comment(scene: Scene) -> None:
    await scene.house.comments.delete(scene.comment, user(2)["id"], key=scene.key)


async def check_comment_deleted(scene: Scene) -> None:
    assert await scene.state() == ({"reactions": {"🦊": 1}, "comments": 0, "remixes": 0}, [])
    assert (await scene.house.events("post:" + scene.post))[-1][1:] == (
        "comment.deleted",
        {"id": scene.comment},
    )


async def react(scene: Scene) -> None:
    await scene.house.reactions.set(scene.post, user(3)["id"], "❤️", True)
    await scene.house.reactions.set(scene.post, user(3)["id"], "🦊", True)


async def check_reacted(scene: Scene) -> None:
    assert await scene.state() == ({"reactions": {"❤️": 1, "🦊": 2}, "comments": 1, "remixes": 0}, ["first"])


async def unreact(scene: Scene) -> None:
    await scene.house.reactions.set(scene.post, user(2)["id"], "🦊", False, key=scene.key)


async def check_unreacted(scene: Scene) -> None:
    assert await scene.state() == ({"reactions": {}, "comments": 1, "remixes": 0}, ["first"])


@pytest.mark.parametrize(
    ("command", "check", "at_least"),
    [
        (create_post, check_created, 8),
        (delete_post, check_deleted, 8),
        (create_comment, check_commented, 10),
        (delete_comment, check_comment_deleted, 10),
        (react, check_reacted, 8),
        (unreact, check_unreacted, 8),
    ],
)
async def test_a_repeat_completes_a_command_whichever_write_failed(
    store: FailingStore,
    command: Callable[[Scene], Awaitable[None]],
    check: Callable[[Scene], Awaitable[None]],
    at_least: int,
) -> None:
    failing_at = 0
    while True:
        failing_at += 1
        scene = await set_scene(House(store, seed=failing_at), failing_at)
        broken = len(store.broken)
        await store.repeat(failing_at, command, scene)
        await check(scene)
        if len(store.broken) == broken:
            break
    assert failing_at > at_least, store.broken


async def test_a_repeat_completes_a_projection_whichever_write_failed(store: FailingStore) -> None:
    """A batch of everything a feed is told, each entry by itself as the carrier repeats it."""
    failing_at = 0
    while True:
        failing_at += 1
        house = House(store, seed=100 + failing_at)
        await store.execute("FLUSHALL")
        parent = await house.post(caption="#a")
        child = await house.post(author=2, caption="#a", parent=parent["id"])
        doomed = await house.post(author=2, caption="#a", parent=parent["id"])
        await house.posts.delete(doomed["id"], user(2)["id"])
        await house.reactions.set(child["id"], user(3)["id"], "🦊", True)
        live, over = house.posts._new_id("x", None), house.posts._new_id("x", None)
        batch = await house.outbox()
        batch += [generation(live, 5), generation(over, 6), ended(over)]
        broken = len(store.broken)
        for entry in batch:
            await store.repeat(failing_at, house.timelines.apply, [entry])
        for feed in ("feed:all", "feed:tag:a"):
            assert set(await house.ids(feed)) == {parent["id"], child["id"]}
            assert (await house.latest(feed))[child["id"]]["reactions"] == {"🦊": 1}
            assert set(await house.types(feed)) == {"post.created", "post.deleted", "generation.created"}
        assert (await house.timelines.read(FEED_ALL))["generations"] == [live]
        assert (await house.posts.get(parent["id"]))["post"]["remixes"] == 1
        assert (await house.latest("post:" + parent["id"]))[parent["id"]]["remixes"] == 1
        assert "remix.created" in await house.types("post:" + parent["id"])
        if len(store.broken) == broken:
            break
    assert failing_at > 7, store.broken


def generation(id: str, n: int) -> Outgoing:
    shown = {
        "id": id,
        "topic": "generation:" + id,
        "author": user(4),
        "prompt": "a #a",
        "width": 8,
        "height": 8,
        "state": "queued",
        "created": 1_700_000_000_000,
    }
    return Outgoing("1-1", "generation.created", f"1-{n}", {"generation": shown})


def ended(id: str) -> Outgoing:
    data = {"id": id, "state": "failed", "author": user(4)["id"], "tags": ["a"]}
    return Outgoing("1-1", "generation.ended", "1-9", data)
