"""What a remix shows of the picture it was made from, and that it goes with that picture."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed.feed import origins
from livefeed.topic import feed_tag
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import MEDIA, House, open_house, open_store, user

ORIGIN = {"media": MEDIA}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def shown(house: House, post: str) -> Any:
    """Return what a post shows of its parent, to whoever reads it."""
    return (await house.posts.get(post))["post"].get("origin")


async def delete(house: House, post: str) -> None:
    await house.posts.delete(post, user(1)["id"])


async def test_a_remix_shows_its_parents_picture_wherever_it_is_told_of(house: House) -> None:
    parent = await house.post()
    child = await house.post(author=2, caption="#new", parent=parent["id"])
    await house.carry()
    assert "origin" not in parent
    assert child["origin"] == await shown(house, child["id"]) == ORIGIN
    for topic in ("post:" + child["id"], "feed:tag:new"):
        assert [data["post"]["origin"] for _, _, data in await house.events(topic)] == [ORIGIN]
    assert (await house.timelines.read(feed_tag("new")))["posts"] == [child]
    edited = await house.posts.update(child["id"], user(2)["id"], caption="#newer")
    assert edited["origin"] == ORIGIN


async def test_a_picture_that_is_deleted_is_shown_by_its_remixes_no_more(house: House) -> None:
    """Nor is it where the deletion itself is not told: on the feed of a tag that only the remix has."""
    parent = await house.post()
    child = await house.post(author=2, caption="#new", parent=parent["id"])
    later = await house.post(author=1, parent=child["id"])
    await house.carry()
    await delete(house, parent["id"])
    await house.carry()
    assert await shown(house, child["id"]) is None
    assert await shown(house, later["id"]) == ORIGIN, "its own parent is still there"
    for topic in ("post:" + child["id"], "feed:tag:new", "feed:user:" + user(2)["id"]):
        told = [data["post"] for _, kind, data in await house.events(topic) if kind == "post.updated"]
        assert [(post["id"], post["parent"]) for post in told] == [(child["id"], parent["id"])]
        assert not {"origin", "edited"} & told[0].keys()


async def test_a_remix_that_was_begun_before_the_deletion_and_posted_after_it_shows_nothing(house: House) -> None:
    parent = (await house.post())["id"]

    async def there(post: str) -> dict[str, Any]:
        return ORIGIN

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.posts, "origin", there)
        child = (await house.post(author=2, parent=parent))["id"]
    assert await shown(house, child) == ORIGIN, "its parent was read as alive"
    await delete(house, parent)
    await house.carry()
    assert await shown(house, child) is None


async def test_many_remixes_are_told_in_steps(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "REMIXES_AT_ONCE", 2)
    parent = (await house.post())["id"]
    remixes = [(await house.post(author=2, parent=parent))["id"] for _ in range(5)]
    await house.carry()
    await delete(house, parent)
    await house.carry()
    assert [await shown(house, remix) for remix in remixes] == [None] * 5
    assert len([entry for entry in await house.outbox() if entry.type == "origin.step"]) == 2
    assert not await house.store.execute("KEYS", f"lf:*remixes:{parent}")


async def test_it_goes_whichever_write_failed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as real:
        store, failing_at = FailingStore(real), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            parent = (await house.post())["id"]
            child = (await house.post(author=2, parent=parent))["id"]
            await house.carry()
            await delete(house, parent)
            [deleted] = [entry for entry in await house.outbox() if entry.type == "post.deleted"]
            broken = len(store.broken)
            await store.repeat(failing_at, house.timelines.apply, [deleted])
            assert await shown(house, child) is None
            assert (await house.types("post:" + child))[-1] == "post.updated"
            assert [entry for entry in await house.outbox() if entry.type == "post.updated"]
            if len(store.broken) == broken:
                break
        assert failing_at > 4, store.broken
