"""Timelines, kept by a projection whose entries may come again and out of order."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import orjson
import pytest

from livefeed import identifiers
from livefeed.errors import BadRequest, BadTopic, NotFound
from livefeed.feed import timelines
from livefeed.position import Position
from livefeed.streams import keys
from livefeed.streams.outbox import Carrier, Outgoing
from livefeed.topic import FEED_ALL, Topic, feed_tag, feed_user
from tests.integration.test_feed_house import SHARDS, House, open_house, user


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


@asynccontextmanager
async def carriers(house: House, count: int) -> AsyncIterator[None]:
    """Let `count` nodes share the projection's work, and await its end."""
    tasks = [
        asyncio.create_task(Carrier(house.store, house.timelines, shards=SHARDS, consumer=f"node{number}").run())
        for number in range(count)
    ]
    try:
        yield
        async with asyncio.timeout(60):
            while await house.outbox():
                await asyncio.sleep(0)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def pages(house: House, topic: Topic, limit: int) -> list[str]:
    """Return the ids of all pages of a feed."""
    found, cursor = [], None
    while True:
        page = await house.timelines.read(topic, cursor, limit)
        found += [post["id"] for post in page["posts"]]
        cursor = page["next"]
        if cursor is None:
            return found


def a_generation(number: int, *, author: int = 4, prompt: str = "a #fox") -> dict[str, Any]:
    id = identifiers.make(1_700_000_000_000 + number, number % SHARDS, number)
    return {
        "id": id,
        "topic": "generation:" + id,
        "author": user(author),
        "prompt": prompt,
        "width": 8,
        "height": 8,
        "state": "queued",
        "created": 1_700_000_000_000 + number,
    }


def queued(generation: dict[str, Any], n: int = 1) -> Outgoing:
    return Outgoing("1-1", "generation.created", f"{generation['created']}-{n}", {"generation": generation})


def ended(generation: dict[str, Any], state: str = "failed") -> Outgoing:
    data = {"id": generation["id"], "state": state, "author": generation["author"]["id"], "tags": ["fox"]}
    return Outgoing("1-1", "generation.ended", f"{generation['created']}-99", data)


async def test_a_post_comes_to_everyone_to_its_author_and_to_its_tags(house: House) -> None:
    post = await house.post(caption="#Fox in the #snow")
    other = await house.post(author=2)
    await house.carry()
    assert await house.ids("feed:all") == [other["id"], post["id"]]
    for topic in (feed_user(user(1)["id"]), feed_tag("fox"), feed_tag("snow")):
        page = await house.timelines.read(topic)
        assert page["posts"] == [post]
        assert page["next"] is None
        assert await house.events(topic.name) == await house.events("post:" + post["id"]), "the event keeps its id"


async def test_a_feed_says_what_the_viewer_reacted_with(house: House) -> None:
    post, other = await house.post(), await house.post()
    await house.reactions.set(post["id"], user(2)["id"], "🦊", True)
    await house.reactions.set(other["id"], user(3)["id"], "🦊", True)
    await house.carry()
    assert (await house.timelines.read(FEED_ALL, viewer=user(2)["id"]))["mine"] == {post["id"]: ["🦊"]}
    assert (await house.timelines.read(FEED_ALL))["mine"] == {}


@pytest.mark.parametrize("name", ["feed:allx", "feed:following", "post:x", "app:x"])
async def test_only_feeds_have_timelines(house: House, name: str) -> None:
    with pytest.raises(BadTopic):
        await house.timelines.read(Topic(name))


@pytest.mark.parametrize(("before", "limit"), [("x", 10), ("1-x", 10), (None, 0), (None, 101), (None, True)])
async def test_a_page_that_cannot_be_is_refused(house: House, before: str | None, limit: int) -> None:
    with pytest.raises(BadRequest):
        await house.timelines.read(FEED_ALL, before, limit)


async def test_three_hundred_posts_are_paged_once_each_while_new_ones_come(house: House) -> None:
    before = [post["id"] for post in await asyncio.gather(*[house.post(author=number % 9) for number in range(300)])]
    await house.carry()
    found, cursor, count = [], None, 0
    while True:
        page = await house.timelines.read(FEED_ALL, cursor, 17)
        found += [post["id"] for post in page["posts"]]
        count += 1
        await house.post()
        await house.timelines.apply((await house.outbox())[-5:])
        cursor = page["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found))
    assert set(found) == set(before)
    assert count == 18


async def test_posts_of_one_millisecond_are_paged_once_each(house: House) -> None:
    made = [await house.post() for _ in range(25)]
    for number, post in enumerate(made):
        entry = Outgoing(
            "1-1",
            "post.created",
            f"5-{number}",
            {"post": post | {"created": 1_700_000_000_000 + number // 10}},
        )
        await house.timelines.apply([entry])
    for limit in (1, 3, 10, 24, 25, 26):
        found = await pages(house, FEED_ALL, limit)
        assert sorted(found) == sorted(post["id"] for post in made)


async def test_a_timeline_forgets_its_oldest_posts_at_its_bound(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timelines, "TIMELINE_POSTS", 3)
    made = []
    for _ in range(5):
        made.append((await house.post())["id"])
        await house.carry()
    assert len(await house.ids("feed:all")) == 3
    assert set(await house.ids("feed:all")) <= set(made[1:])
    assert await house.posts.exists(made[0])


async def test_a_deletion_that_comes_first_keeps_the_post_off_the_feeds(house: House) -> None:
    post = await house.post(caption="#fox")
    await house.reactions.set(post["id"], user(2)["id"], "🦊", True)
    await house.posts.delete(post["id"], user(1)["id"])
    created, counters, deleted = [entry for entry in await house.outbox() if entry.type.startswith("post.")]
    assert [entry.type for entry in (created, counters, deleted)] == [
        "post.created",
        "post.counters",
        "post.deleted",
    ]
    for entry in (deleted, counters, created, deleted, created):
        await house.timelines.apply([entry])
    assert await house.ids("feed:all") == []
    assert await house.types("feed:tag:fox") == ["post.deleted"]
    assert await house.latest("feed:tag:fox") == {}


async def test_a_deleted_post_leaves_every_feed(house: House) -> None:
    post = await house.post(caption="#fox")
    await house.carry()
    await house.posts.delete(post["id"], user(1)["id"])
    assert await house.ids("feed:all") == []  # before the projection: the post itself is not there any more
    await house.carry()
    told = await house.events("post:" + post["id"])
    assert [each[1:] for each in told] == [
        ("post.created", {"post": post}),
        ("post.deleted", {"id": post["id"]}),
    ]
    for topic in ("feed:all", "feed:tag:fox", "feed:user:" + user(1)["id"]):
        assert await house.events(topic) == told


def newest(told: list[str], counters: list[Outgoing]) -> dict[str, Any]:
    """Return the totals that a feed tells after one entry, then after more."""
    entry = counters[1 if len(told) == 1 else 3]
    return {part: entry.data[part] for part in ("post", "reactions", "comments", "remixes")} | {"rev": entry.mark}


async def test_older_totals_do_not_replace_newer_ones(house: House) -> None:
    post = await house.post()
    for number in range(4):
        await house.reactions.set(post["id"], user(number)["id"], "🦊", True)
    counters = [entry for entry in await house.outbox() if entry.type == "post.counters"]
    told = []
    for entry in (counters[1], counters[3], counters[0], counters[2], counters[3]):
        await house.timelines.apply([entry])
        told.append((await house.timelines.read(FEED_ALL))["at"])
        assert (await house.latest("feed:all"))[post["id"]] == newest(told, counters)
    assert told[1:] == [told[1]] * 4, "what is older or the same is not told at all"


async def test_whoever_tells_totals_says_which_they_are(house: House) -> None:
    """Read before a reaction, told of it by a feed, and read after it: in this order, wherever they come from."""
    post = await house.post()
    await house.carry()
    before = await house.timelines.read(FEED_ALL)
    await house.reactions.set(post["id"], user(2)["id"], "🦊", True)
    [mark] = [entry.mark for entry in await house.outbox() if entry.type == "post.counters"]
    await house.carry()
    assert (await house.latest("feed:all"))[post["id"]]["rev"] == mark
    after = await house.timelines.read(FEED_ALL)
    assert [page["posts"][0]["reactions"] for page in (before, after)] == [{}, {"🦊": 1}]
    first, last = (Position.parse(page["revs"][post["id"]]) for page in (before, after))
    assert first < Position.parse(mark) <= last


async def test_of_a_batch_only_the_newest_totals_of_a_post_are_carried(house: House) -> None:
    post = await house.post()
    for number in range(20):
        await house.reactions.set(post["id"], user(number)["id"], "🦊", True)
    await house.timelines.apply(await house.outbox())
    raw = await house.store.execute("XRANGE", keys.fan(FEED_ALL.shard(SHARDS)), "-", "+")
    carried = [entry for entry in raw if entry[1][3] == b"feed:all" and entry[1][5] == b"post.counters"]
    assert len(carried) == 1
    assert (await house.latest("feed:all"))[post["id"]]["reactions"] == {"🦊": 20}


@pytest.mark.parametrize("seed", range(12))
async def test_repeated_and_reordered_entries_give_the_same_timeline(house: House, seed: int) -> None:
    """Whatever order, batches and repeats two nodes make of it, the outcome is that of the straight run."""
    rng = random.Random(seed)
    made = [await house.post(author=number % 3, caption=rng.choice(["#a", "#b", "#a #b"])) for number in range(6)]
    made += [await house.post(author=2, caption="#b", parent=made[number]["id"]) for number in (0, 0, 1)]
    for _ in range(30):
        await house.reactions.set(rng.choice(made)["id"], user(rng.randrange(5))["id"], rng.choice("🦊🐻"), True)
    for post in (made[5], made[8]):
        await house.posts.delete(post["id"], post["author"]["id"])
    live = [a_generation(number, prompt="#a") for number in range(4)]
    outbox = await house.outbox() + [queued(each) for each in live]
    outbox += [
        Outgoing(
            "1-1",
            "generation.ended",
            "7-7",
            {"id": live[0]["id"], "state": "failed", "author": live[0]["author"]["id"], "tags": ["a"]},
        )
    ]
    left = outbox + rng.sample(outbox, len(outbox) // 2)
    rng.shuffle(left)
    batches = []
    while left:
        size = rng.randint(1, 8)
        batches.append(left[:size])
        left = left[size:]
    for first, second in zip(batches[::2], [*batches[1::2], []], strict=False):
        await asyncio.gather(house.timelines.apply(first), house.timelines.apply(second))
    await house.carry()  # what that brought: totals of the remixed

    there = [post for post in made if post not in (made[5], made[8])]
    for name in ("feed:all", "feed:tag:a", "feed:tag:b"):
        expected = {post["id"] for post in there if name == "feed:all" or name[9:] in post["tags"]}
        assert set(await house.ids(name)) == expected
        created = [data["post"]["id"] for _, kind, data in await house.events(name) if kind == "post.created"]
        assert len(created) == len(set(created))
        deleted = [data["id"] for _, kind, data in await house.events(name) if kind == "post.deleted"]
        assert len(deleted) == len(set(deleted))
        told = await house.latest(name)
        for post in (await house.timelines.read(Topic(name), limit=100))["posts"]:
            totals = {part: post[part] for part in ("reactions", "comments", "remixes")}
            assert totals == {part: told.get(post["id"], post)[part] for part in totals}
    page = await house.timelines.read(FEED_ALL, limit=100)
    assert page["generations"] == [each["id"] for each in live[:0:-1]]
    assert {post["id"]: post["remixes"] for post in page["posts"] if post["remixes"]} == {made[0]["id"]: 2}, (
        "the third remix was deleted"
    )


async def test_a_live_generation_is_on_the_feeds_until_it_ends(house: House) -> None:
    first, second = a_generation(1), a_generation(2)
    await house.timelines.apply([queued(first), queued(second), queued(first)])
    for topic in (FEED_ALL, feed_tag("fox"), feed_user(user(4)["id"])):
        assert (await house.timelines.read(topic))["generations"] == [second["id"], first["id"]]
        assert await house.types(topic.name) == ["generation.created"] * 2
    await house.timelines.apply([ended(first)])
    assert (await house.timelines.read(feed_tag("fox")))["generations"] == [second["id"]]


async def test_an_end_that_comes_before_the_beginning_leaves_no_card(house: House) -> None:
    generation = a_generation(1)
    await house.timelines.apply([ended(generation)])
    await house.timelines.apply([queued(generation)])
    assert (await house.timelines.read(FEED_ALL))["generations"] == []
    assert await house.types("feed:all") == []


@pytest.mark.parametrize("late", [False, True])
async def test_the_post_of_a_generation_takes_its_place(house: House, late: bool) -> None:
    generation = a_generation(1)
    before, after = ([], [queued(generation)]) if late else ([queued(generation)], [])
    await house.timelines.apply(before)
    post = await house.post(author=4, caption="#fox", id=generation["id"])
    await house.timelines.apply(await house.outbox())
    await house.timelines.apply(after)
    page = await house.timelines.read(FEED_ALL)
    assert (page["posts"], page["generations"]) == ([post], [])
    assert await house.types("feed:all") == (["post.created"] if late else ["generation.created", "post.created"])


async def test_an_ended_generation_does_not_keep_its_post_away(house: House) -> None:
    generation = a_generation(1)
    await house.timelines.apply([queued(generation), ended(generation, "completed")])
    post = await house.post(author=4, caption="#fox", id=generation["id"])
    await house.carry()
    assert await house.ids("feed:all") == [post["id"]]


async def test_a_remix_is_told_and_counted_once_at_its_parent(house: House) -> None:
    parent = await house.post()
    child = await house.post(author=2, parent=parent["id"])
    assert child["parent"] == parent["id"]
    await house.carry()
    await house.timelines.apply(await house.outbox())
    assert [each[1:] for each in await house.events("post:" + parent["id"])][1:] == [("remix.created", {"post": child})]
    assert (await house.posts.get(parent["id"]))["post"]["remixes"] == 1
    assert (await house.latest("feed:all"))[parent["id"]]["remixes"] == 1
    await house.posts.delete(child["id"], user(2)["id"])
    await house.carry()
    assert (await house.latest("feed:all"))[parent["id"]]["remixes"] == 0


async def test_an_entry_that_comes_again_after_its_mark_expired_says_nothing(house: House) -> None:
    parent, gone = await house.post(caption="#fox"), await house.post()
    await house.post(author=2, parent=parent["id"])
    await house.posts.delete(gone["id"], user(1)["id"])
    batch = [*await house.outbox(), queued(a_generation(1))]
    await house.timelines.apply(batch)
    topics = ("feed:all", "feed:tag:fox", "feed:user:" + user(1)["id"], "post:" + parent["id"])
    before = [await house.events(topic) for topic in topics]
    marks = await house.store.execute("KEYS", "lf:*:i:timelines:*")
    assert await house.store.execute("DEL", *marks) >= len(topics)
    for entry in batch:
        await house.timelines.apply([entry])
    assert [await house.events(topic) for topic in topics] == before


async def test_a_deletion_takes_the_live_card_along_and_keeps_it_away(house: House) -> None:
    first, second = a_generation(1), a_generation(2)
    for generation in (first, second):
        await house.post(author=4, caption="#fox", id=generation["id"])
        await house.posts.delete(generation["id"], user(4)["id"])
    deleted = [entry for entry in await house.outbox() if entry.type == "post.deleted"]
    await house.timelines.apply([queued(first)])
    await house.timelines.apply(deleted)
    await house.timelines.apply([queued(second)])
    assert (await house.timelines.read(FEED_ALL))["generations"] == []


async def test_a_remix_whose_deletion_comes_first_is_never_counted(house: House) -> None:
    parent = await house.post()
    child = await house.post(author=2, parent=parent["id"])
    await house.posts.delete(child["id"], user(2)["id"])
    for kind in ("post.deleted", "post.created"):
        await house.timelines.apply([entry for entry in await house.outbox() if entry.type == kind])
    assert (await house.posts.get(parent["id"]))["post"]["remixes"] == 0
    assert await house.types("post:" + parent["id"]) == ["post.created"]


async def test_a_remix_of_a_deleted_post_is_told_to_nobody(house: House) -> None:
    parent = await house.post()
    await house.post(author=2, parent=parent["id"])
    await house.posts.delete(parent["id"], user(1)["id"])
    await house.carry()
    assert await house.types("post:" + parent["id"]) == ["post.created", "post.deleted"]
    with pytest.raises(NotFound):
        await house.posts.get(parent["id"])


async def test_an_entry_that_makes_no_sense_is_refused_for_good(house: House) -> None:
    with pytest.raises(BadRequest):
        await house.timelines.apply([Outgoing("1-1", "post.deleted", "1-1", {"id": "x"})])
    await house.timelines.apply([Outgoing("1-1", "of.another.domain", "1-1", {})])


async def test_a_snapshot_and_what_follows_its_position_are_the_whole_feed(house: House) -> None:
    """Two nodes carry while people post and others open the page: nobody misses one; the outbox empties."""

    async def open_page() -> tuple[set[str], Position]:
        page = await house.timelines.read(FEED_ALL, limit=100)
        return {post["id"] for post in page["posts"]}, Position.parse(page["at"])

    first = await house.post(caption="#x")
    await house.carry()  # the position of an empty shard would be a gap as soon as the shard is not empty
    async with carriers(house, 2):
        results: Sequence[Any] = await asyncio.gather(
            *[work for number in range(60) for work in (house.post(author=number % 5, caption="#x"), open_page())]
        )
    made = {post["id"] for post in [first, *results[::2]]}
    assert set(await pages(house, FEED_ALL, 50)) == set(await pages(house, feed_tag("x"), 7)) == made
    [cut] = await house.store.execute("XREVRANGE", keys.fan(FEED_ALL.shard(SHARDS)), "+", "-", "COUNT", 1)
    for seen, at in results[1::2]:
        page = await house.streams.page(FEED_ALL, cut=Position.parse(cut[0]), since=at)
        assert page.good
        later = [orjson.loads(event.data)["post"]["id"] for event in page.events]
        assert seen | set(later) == made
        assert len(later) == len(set(later))
