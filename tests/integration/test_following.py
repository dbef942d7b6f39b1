"""Following people, and everybody's own feed: kept by a projection whose entries come again and in any order."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest, Conflict, KeyReused
from livefeed.feed import following, follows, store
from livefeed.feed.following import Following
from livefeed.topic import feed_following
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import House, open_house, open_store, user
from tests.integration.test_feed_timelines import a_generation, ended, queued

READER, AUTHOR, OTHER = user(9), user(1), user(2)
FEED = feed_following(READER["id"])


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def seen(house: House) -> list[str]:
    return await house.ids(FEED.name)


def newest(posts: list[dict[str, Any]]) -> list[str]:
    """Return the ids of posts as feeds have them; those of one millisecond by their ids."""
    return [post["id"] for post in sorted(posts, key=lambda post: (post["created"], post["id"]), reverse=True)]


async def told(house: House) -> list[tuple[str, Any]]:
    """Return what the reader's feed told: types, and of whom or what."""
    return [
        (kind, data.get("id") or data.get("post", data.get("generation", data.get("user", {}))).get("id"))
        for _, kind, data in await house.events(FEED.name)
    ]


async def test_what_those_whom_one_follows_post_comes_into_ones_own_feed_alone(house: House) -> None:
    await house.follows.follow(READER, AUTHOR)
    await house.carry()
    mine, other = await house.post(author=1), await house.post(author=2)
    await house.carry()
    assert await seen(house) == [mine["id"]]
    assert await house.ids(feed_following(OTHER["id"]).name) == []
    assert other["id"] not in await seen(house)
    [_, told_here] = await house.events(FEED.name)
    assert told_here in await house.events("post:" + mine["id"]), "the event keeps its id"


async def test_a_new_follow_brings_the_newest_posts_of_that_person(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "NEWEST", 3)
    posts = [await house.post(author=1) for _ in range(5)]
    await house.carry()
    gone = newest(posts)[0]
    await house.posts.delete(gone, AUTHOR["id"])
    await house.carry()
    await house.follows.follow(READER, AUTHOR)
    await house.carry()
    found = await seen(house)
    assert found[:2] == newest(posts)[1:3]
    assert len(found) <= 3
    assert await told(house) == [("follow.created", AUTHOR["id"]), *[("post.created", id) for id in found[::-1]]]


async def test_an_unfollow_takes_effect_at_once_and_for_good(house: House) -> None:
    for followed in (AUTHOR, OTHER):
        await house.follows.follow(READER, followed)
    await house.carry()
    before, kept = await house.post(author=1), await house.post(author=2)
    await house.carry()
    late = await house.post(author=1)  # told after the unfollow
    await house.follows.unfollow(READER, AUTHOR)
    assert await seen(house) == [kept["id"]]
    await house.carry()
    assert await seen(house) == [kept["id"]]
    assert (await told(house))[-1] == ("follow.deleted", AUTHOR["id"])
    standing = await house.follows.standing(AUTHOR["id"], READER["id"])
    assert (standing.followers, standing.following, standing.followed) == (0, 0, False)
    await house.follows.follow(READER, AUTHOR)
    await house.carry()
    assert set(await seen(house)) == {kept["id"], before["id"], late["id"]}


async def test_a_profile_counts_who_follows_and_is_followed(house: House) -> None:
    await house.follows.follow(READER, AUTHOR)
    await house.follows.follow(READER, AUTHOR)
    await house.follows.follow(OTHER, AUTHOR)
    await house.follows.follow(AUTHOR, OTHER)
    await house.carry()
    found = await house.follows.standing(AUTHOR["id"], READER["id"])
    assert (found.followers, found.following, found.followed) == (2, 1, True)
    assert not (await house.follows.standing(AUTHOR["id"])).followed


async def test_cards_edits_totals_and_deletions_come_to_followers(house: House) -> None:
    await house.follows.follow(READER, AUTHOR)
    await house.carry()
    post, doomed = await house.post(author=1), await house.post(author=1)
    card, over = a_generation(1, author=1), a_generation(2, author=1)
    await house.carry()
    await house.following.apply([queued(card), queued(over), ended(over)])
    await house.reactions.set(post["id"], OTHER["id"], "🦊", True)
    await house.posts.delete(doomed["id"], AUTHOR["id"])
    await house.carry()
    page = await house.timelines.read(FEED)
    assert [found["id"] for found in page["posts"]] == [post["id"]]
    assert page["generations"] == [card["id"]]
    assert (await house.latest(FEED.name))[post["id"]]["reactions"] == {"🦊": 1}
    assert ("post.deleted", doomed["id"]) in await told(house)
    assert ("generation.created", card["id"]) in await told(house)


async def test_everybody_is_told_once_in_steps_however_many_follow(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "FOLLOWERS_AT_ONCE", 3)
    readers = [user(number) for number in range(10, 21)]
    for reader in readers:
        await house.follows.follow(reader, AUTHOR)
    await house.carry()
    post = await house.post(author=1)
    await house.carry()
    steps = [entry for entry in await house.outbox() if entry.type == "following.step"]
    assert len(steps) == 3
    await house.following.apply(await house.outbox())
    for reader in readers:
        feed = feed_following(reader["id"]).name
        assert await house.ids(feed) == [post["id"]]
        assert (await house.types(feed)).count("post.created") == 1
    await house.reactions.set(post["id"], OTHER["id"], "🦊", True)
    await house.carry()
    assert not await house.latest(feed_following(readers[0]["id"]).name), "of so many, nobody is told totals"


async def test_entries_may_come_again_and_in_any_order(house: House, seed: int) -> None:
    chance = random.Random(seed)
    posts = [await house.post(author=number % 3 + 1) for number in range(12)]
    for number in range(20):
        change = chance.choice([house.follows.follow, house.follows.unfollow])
        await change(READER, user(number % 3 + 1))
    for post in posts[::4]:
        await house.posts.delete(post["id"], post["author"]["id"])
    batch = [entry for entry in await house.outbox() for _ in range(2)]
    chance.shuffle(batch)
    for entry in batch:
        await house.following.apply([entry])
    followed = {author for author in (1, 2, 3) if (await standing(house, author)).followed}
    assert set(await seen(house)) == {
        post["id"] for number, post in enumerate(posts) if number % 4 and number % 3 + 1 in followed
    }
    for author in (1, 2, 3):
        assert (await standing(house, author)).followers == int(author in followed)


async def standing(house: House, author: int) -> follows.Standing:
    return await house.follows.standing(user(author)["id"], READER["id"])


async def test_what_follows_make_no_sense_of_is_refused(house: House, monkeypatch: Any) -> None:
    with pytest.raises(BadRequest):
        await house.follows.follow(AUTHOR, AUTHOR)
    monkeypatch.setattr(follows, "MAX_FOLLOWED", 1)
    await house.follows.follow(READER, AUTHOR, key="k")
    with pytest.raises(Conflict):
        await house.follows.follow(READER, OTHER)
    with pytest.raises(KeyReused):
        await house.follows.unfollow(READER, OTHER, key="k")
    await house.follows.follow(READER, AUTHOR, key="k")


async def test_a_feed_keeps_so_many_posts_and_knows_whose_they_are(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(following, "TIMELINE_POSTS", 3)
    await house.follows.follow(READER, AUTHOR)
    await house.carry()
    posts = [await house.post(author=1) for _ in range(5)]
    await house.carry()
    assert await seen(house) == newest(posts)[:3]
    whose = store.following_keys(READER["id"], house.streams.shards)[4]
    assert await house.store.execute("HLEN", whose) == 3


Command = Callable[[House], Awaitable[None]]


async def follow(house: House) -> None:
    await house.follows.follow(READER, OTHER, key="f")


async def unfollow(house: House) -> None:
    await house.follows.unfollow(READER, AUTHOR, key="u")


@pytest.mark.parametrize(("command", "followed"), [(follow, {1, 2}), (unfollow, set())])
async def test_a_repeat_completes_what_broke_whichever_write_failed(
    tmp_path: Path, command: Command, followed: set[int]
) -> None:
    async with open_store(tmp_path) as raw:
        store, failing_at = FailingStore(raw), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            posts = [await house.post(author=number) for number in (1, 2)]
            await house.follows.follow(READER, AUTHOR)
            await house.carry()
            broken = len(store.broken)
            await store.repeat(failing_at, partial(command, house))
            done: set[str] = set()
            while batch := [entry for entry in await house.outbox() if entry.id + entry.mark not in done]:
                for entry in batch:
                    await store.repeat(failing_at, partial(house.following.apply, [entry]))
                    done.add(entry.id + entry.mark)
            assert set(await seen(house)) == {posts[number - 1]["id"] for number in followed}
            for author in (1, 2):
                found = await house.follows.standing(user(author)["id"], READER["id"])
                assert (found.followed, found.followers) == (author in followed, int(author in followed))
            if len(store.broken) == broken:
                break
        assert failing_at > 7, store.broken


async def test_an_entry_that_makes_no_sense_is_refused(house: House) -> None:
    [entry] = [entry for entry in await house.outbox() + await entries(house) if entry.type == "post.created"]
    broken = type(entry)(entry.id, entry.type, entry.mark, {"post": {}})
    with pytest.raises(BadRequest):
        await Following(house.streams).apply([broken])


async def entries(house: House) -> list[Any]:
    await house.post()
    return await house.outbox()
