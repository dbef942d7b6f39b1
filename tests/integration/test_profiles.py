"""What a profile lists and counts: kept by projections whose entries come again and in any order."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest
from livefeed.feed import liked, timelines
from livefeed.topic import feed_user
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import House, open_house, open_store, user

ME, OTHER = user(1), user(2)
FEED = feed_user(ME["id"])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        house.people.known = {user(number)["id"]: user(number) for number in range(1, 30)}
        yield house


async def remixes(house: House, **more: Any) -> list[str]:
    return [post["id"] for post in (await house.timelines.read(FEED, remixes=True, **more))["posts"]]


async def liked_by(house: House, person: str = ME["id"]) -> list[str]:
    return [post["id"] for post in (await house.liked.read(person))["posts"]]


async def counts(house: House) -> tuple[int, int, int, int]:
    found = await house.follows.standing(ME["id"])
    return found.pictures, found.remixes, found.remixed, found.liked


# Remixes.


async def test_what_somebody_made_from_another_picture_is_a_list_of_its_own(house: House) -> None:
    parent = (await house.post(author=2))["id"]
    await house.post(author=1)
    mine = [(await house.post(author=1, parent=parent, caption="#fox"))["id"] for _ in range(3)]
    theirs = (await house.post(author=2, parent=mine[0]))["id"]
    await house.carry()
    page = await house.timelines.read(FEED, remixes=True, limit=2)
    assert page["generations"] == []
    rest = await house.timelines.read(FEED, remixes=True, limit=2, before=page["next"])
    assert rest["next"] is None
    found = [post["id"] for post in [*page["posts"], *rest["posts"]]]
    assert sorted(found) == sorted(mine)
    assert [post["created"] for post in page["posts"]] == sorted(
        (post["created"] for post in page["posts"]), reverse=True
    )
    assert theirs not in found
    assert await counts(house) == (4, 3, 1, 0)
    await house.posts.delete(mine[1], ME["id"])
    await house.posts.delete(theirs, OTHER["id"])
    await house.carry()
    assert sorted(await remixes(house)) == sorted([mine[0], mine[2]])
    assert await counts(house) == (3, 2, 0, 0)


async def test_an_edit_that_comes_before_its_post_brings_a_remix_too(house: House) -> None:
    parent = (await house.post(author=2))["id"]
    mine = (await house.post(author=1, parent=parent))["id"]
    await house.posts.update(mine, ME["id"], caption="another")
    for entry in (await house.outbox())[::-1]:
        await house.timelines.apply([entry])
    assert await remixes(house) == [mine]


async def test_lists_are_right_in_whatever_order_and_however_often_they_are_told(house: House, seed: int) -> None:
    parent = (await house.post(author=2))["id"]
    kept, gone = [(await house.post(author=1, parent=parent))["id"] for _ in range(2)]
    for id, emojis in ((parent, "🦊🌊"), (kept, "🌊"), (gone, "🦊")):
        for emoji in emojis:
            await house.reactions.set(id, ME["id"], emoji, True)
    await house.reactions.set(parent, ME["id"], "🦊", False)
    await house.reactions.set(kept, ME["id"], "🌊", False)
    child = (await house.post(author=2, parent=kept))["id"]
    await house.posts.delete(gone, ME["id"])
    entries = await house.outbox()
    chance = random.Random(seed)
    for _ in range(3):
        chance.shuffle(entries)
        for entry in entries:
            for projection in house.projections:
                await projection.apply([entry])
        await house.carry()
    assert await remixes(house) == [kept]
    assert await liked_by(house) == [parent]
    assert await counts(house) == (1, 1, 1, 1)
    assert child in await house.ids("feed:all")


async def test_what_falls_off_the_end_of_a_list_stays_away(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "TIMELINE_POSTS", 2)
    monkeypatch.setattr(liked, "KEPT", 2)
    parent = (await house.post(author=2))["id"]
    mine = [(await house.post(author=1, parent=parent))["id"] for _ in range(3)]
    await house.carry()
    for id in mine:
        await house.reactions.set(id, ME["id"], "🦊", True)
        await house.carry()
    assert len(await remixes(house)) == 2
    assert await liked_by(house) == mine[:0:-1]


# What one likes.


async def test_what_one_reacts_to_is_listed_once_and_leaves_with_the_last_reaction(house: House) -> None:
    first, second = [(await house.post(author=number))["id"] for number in (2, 1)]
    for id, emoji in ((first, "🦊"), (second, "🦊"), (first, "🌊")):
        await house.reactions.set(id, ME["id"], emoji, True)
        await house.carry()
    page = await house.liked.read(ME["id"], limit=1)
    assert [post["id"] for post in page["posts"]] == [second], "one's own too; a second emoji changes no place"
    assert page["mine"] == {second: ["🦊"]}
    assert await liked_by(house) == [second, first]
    assert [post["id"] for post in (await house.liked.read(ME["id"], page["next"]))["posts"]] == [first]
    assert await liked_by(house, OTHER["id"]) == []
    await house.reactions.set(first, ME["id"], "🦊", False)
    await house.carry()
    assert await liked_by(house) == [second, first]
    await house.reactions.set(first, ME["id"], "🌊", False)
    assert await liked_by(house) == [second], "not shown any more, also before the list hears of it"
    await house.carry()
    assert await counts(house) == (1, 0, 0, 1)
    await house.reactions.set(first, ME["id"], "🦊", True)
    await house.carry()
    assert await liked_by(house) == [first, second]


async def test_a_deleted_picture_leaves_the_lists_of_those_who_like_it_when_they_are_read(house: House) -> None:
    kept, gone = [(await house.post(author=2))["id"] for _ in range(2)]
    for id in (kept, gone):
        await house.reactions.set(id, ME["id"], "🦊", True)
    await house.carry()
    await house.posts.delete(gone, OTHER["id"])
    await house.carry()
    assert await liked_by(house) == [kept]
    assert (await counts(house))[3] == 1


async def test_reactions_to_ones_own_picture_tell_nobody(house: House) -> None:
    mine = (await house.post(author=1))["id"]
    await house.reactions.set(mine, ME["id"], "🦊", True)
    await house.carry()
    assert await liked_by(house) == [mine]
    assert (await house.notifications.read(ME["id"]))["notifications"] == []


async def test_cursors_that_are_not_ours_are_refused(house: House) -> None:
    for before in ("", "x", "5", "5-x", "-1-" + "0" * 22):
        for read in (house.liked.read, house.follows.followers, house.follows.following):
            with pytest.raises(BadRequest):
                await read(ME["id"], before)


# Who follows whom.


async def test_followers_and_followed_are_listed_page_by_page(house: House) -> None:
    for number in range(2, 7):
        await house.follows.follow(user(number), ME)
    await house.follows.follow(ME, user(3))
    await house.follows.follow(ME, user(9))
    await house.carry()
    await house.follows.unfollow(user(5), ME)
    await house.carry()
    found, before = [], None
    while not found or before is not None:
        page = await house.follows.followers(ME["id"], before, limit=2)
        found += page["people"]
        before = page["next"]
    assert {each["user"]["id"]: each["followed"] for each in found} == {
        user(number)["id"]: number == 3 for number in (2, 3, 4, 6)
    }
    following = (await house.follows.following(ME["id"]))["people"]
    assert [(each["user"], each["followed"]) for each in following] == [(user(9), True), (user(3), True)]
    assert (await house.follows.following(user(9)["id"]))["people"] == []


async def test_news_of_a_follow_that_comes_late_does_not_bring_it_back(house: House) -> None:
    await house.follows.follow(OTHER, ME)
    await house.follows.unfollow(OTHER, ME)
    entries = await house.outbox()
    for entry in [*entries[::-1], *entries]:
        await house.following.apply([entry])
    assert (await house.follows.followers(ME["id"]))["people"] == []
    await house.follows.follow(OTHER, ME)
    await house.carry()
    assert [each["user"] for each in (await house.follows.followers(ME["id"]))["people"]] == [OTHER]


# Failures.


async def test_a_repeat_completes_the_lists_whichever_write_failed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as raw:
        store, failing_at = FailingStore(raw), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            house.people.known = {user(number)["id"]: user(number) for number in range(1, 30)}
            parent = (await house.post(author=2))["id"]
            mine = (await house.post(author=1, parent=parent))["id"]
            doomed = (await house.post(author=1, parent=mine))["id"]
            await house.reactions.set(parent, ME["id"], "🦊", True)
            await house.reactions.set(mine, ME["id"], "🦊", True)
            await house.reactions.set(mine, ME["id"], "🦊", False)
            await house.follows.follow(OTHER, ME)
            await house.post(author=2, parent=mine)
            await house.posts.delete(doomed, ME["id"])
            broken, done = len(store.broken), set[str]()
            while batch := [entry for entry in await house.outbox() if entry.id + entry.mark not in done]:
                for entry in batch:
                    for part in (house.timelines, house.liked, house.following):
                        await store.repeat(failing_at, part.apply, [entry])
                    done.add(entry.id + entry.mark)
            assert (await remixes(house), await liked_by(house)) == ([mine], [parent])
            assert await counts(house) == (1, 1, 1, 1)
            assert [each["user"] for each in (await house.follows.followers(ME["id"]))["people"]] == [OTHER]
            if len(store.broken) == broken:
                break
        assert failing_at > 5, store.broken
