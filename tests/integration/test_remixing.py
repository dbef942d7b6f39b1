"""A picture's own topic tells that it is being remixed, and its thread who does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed import identifiers
from livefeed.streams.outbox import Outgoing
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import SHARDS, House, open_house, open_store, user


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


def begun(parent: str, number: int) -> Outgoing:
    """Return the entry of a remix that person 4 asks for; it lives in another shard than the one before."""
    created = 1_700_000_000_000 + number
    id = identifiers.make(created, number % SHARDS, number)
    asked: dict[str, Any] = {"author": user(4), "prompt": "a #fox", "parent": parent, "created": created}
    return Outgoing("1-1", "generation.created", f"{created}-1", {"generation": {"id": id, **asked}})


def over(entry: Outgoing, state: str = "failed") -> Outgoing:
    made = entry.data["generation"]
    data = {"id": made["id"], "state": state, "author": user(4)["id"], "tags": ["fox"], "parent": made["parent"]}
    return Outgoing("1-1", "generation.ended", f"{made['created']}-9", data)


async def making(house: House, post: str, before: str | None = None) -> list[str]:
    found: list[str] = (await house.comments.list(post, before))["generations"]
    return found


async def told(house: House, post: str) -> list[tuple[str, Any]]:
    """Return what a post's topic tells of generations."""
    events = await house.events("post:" + post)
    return [(kind, data) for _, kind, data in events if kind.startswith("generation.")]


async def test_a_thread_names_the_remixes_that_are_being_made_and_its_topic_tells_them(house: House) -> None:
    post = (await house.post())["id"]
    first, second = begun(post, 1), begun(post, 2)
    await house.timelines.apply([first])
    await house.timelines.apply([second])
    assert await making(house, post) == [entry.data["generation"]["id"] for entry in (second, first)]
    assert await making(house, post, "1") == [], "older pages are about comments alone"
    for entry in (over(first), over(first), first):
        await house.timelines.apply([entry])
    assert await making(house, post) == [second.data["generation"]["id"]]
    assert await told(house, post) == [
        ("generation.created", first.data),
        ("generation.created", second.data),
        ("generation.ended", {"id": first.data["generation"]["id"], "state": "failed"}),
    ]


async def test_one_that_is_over_before_it_is_told_of_is_not_told_of(house: House) -> None:
    post = (await house.post())["id"]
    entry = begun(post, 1)
    await house.timelines.apply([over(entry)])
    await house.timelines.apply([entry])
    assert await making(house, post) == []
    assert await told(house, post) == []


async def test_of_a_deleted_picture_nothing_is_told_and_nothing_is_left(house: House) -> None:
    post = (await house.post())["id"]
    first, second = begun(post, 1), begun(post, 2)
    await house.timelines.apply([first])
    await house.posts.delete(post, user(1)["id"])
    await house.timelines.apply([second, over(first)])
    assert await told(house, post) == [("generation.created", first.data)]
    assert not await house.store.execute("KEYS", f"lf:*easel:{post}")


async def test_it_is_told_whichever_write_failed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as real:
        store, failing_at = FailingStore(real), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            post = (await house.post())["id"]
            ended, live = begun(post, 1), begun(post, 2)
            broken = len(store.broken)
            for entry in (ended, live, over(ended)):
                await store.repeat(failing_at, house.timelines.apply, [entry])
            assert await making(house, post) == [live.data["generation"]["id"]]
            assert {kind for kind, _ in await told(house, post)} == {"generation.created", "generation.ended"}
            if len(store.broken) == broken:
                break
        assert failing_at > 4, store.broken
