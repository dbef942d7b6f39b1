"""Lineages on a real store: who stands where, what a deletion leaves, in whatever order it is told."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from livefeed import identifiers
from livefeed.errors import BadRequest, NotFound
from livefeed.feed import store
from livefeed.position import Position
from livefeed.streams import keys
from livefeed.streams.outbox import Outgoing
from livefeed.topic import post_topic
from tests.integration.test_feed_house import MEDIA, House, open_house, user

SEED = int(os.environ.get("LIVEFEED_TEST_SEED", "20"))


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def grown(house: House, *parents: int | None) -> list[str]:
    """Post one picture after the other; parents: of each its parent's number. Return their ids."""
    made: list[str] = []
    for parent in parents:
        post = await house.post(parent=None if parent is None else made[parent])
        made.append(post["id"])
        await house.carry()
    return made


async def delete(house: House, *posts: str) -> None:
    for post in posts:
        await house.posts.delete(post, user(1)["id"])


async def shape(house: House, post: str, **more: Any) -> list[tuple[str, str | None]]:
    """Return what a post's lineage names: each id, with '+' if it was deleted, and its parent."""
    nodes = (await house.lineages.read(post, **more))["nodes"]
    return [(node["id"] + "+" * ("deleted" in node), node.get("parent")) for node in nodes]


async def left(house: House) -> set[str]:
    """Return the kinds of keys that lineages have in the store."""
    found = await house.store.execute("KEYS", "lf:*")
    kinds = {key.decode().split("}:")[-1].split(":")[0] for key in found}
    return kinds & {"lineage", "felled"}


async def placed(house: House, root: str) -> set[str]:
    """Return the posts that the store keeps in a lineage, and check that all but the root hang from another."""
    members = await house.store.execute("ZRANGE", store.lineage_keys(root, house.streams.shards)[0], 0, -1)
    texts = [member.decode() for member in members]
    found = {text[1:].split()[0] for text in texts if text[0] == "."}
    branches = [text.split() for text in texts if text[0] not in ".+"]
    assert {child for _, _, child in branches} == found - {root}
    assert {parent for parent, _, _ in branches} <= found
    assert {text[1:] for text in texts if text[0] == "+"} <= found
    return found


async def test_a_post_without_remixes_is_its_own_lineage_and_keeps_nothing(house: House) -> None:
    post = await house.post(prompt="a fox")
    await house.carry()
    [node] = (await house.lineages.read(post["id"]))["nodes"]
    at = node.pop("at")
    told = {name: post[name] for name in ("id", "author", "caption", "prompt", "media", "created")}
    assert node == {**told, "remixes": 0, "next": None}
    assert (await house.streams.page(post_topic(post["id"]), cut=Position.parse(at), since=Position.parse(at))).good
    assert not await left(house)


async def test_the_whole_tree_is_seen_from_each_of_its_posts(house: House) -> None:
    a, b, c, d, e = await grown(house, None, 0, 0, 1, 2)
    whole = [(a, None), (b, a), (d, b), (c, a), (e, c)]
    for post in (a, b, c, d, e):
        assert await shape(house, post) == whole
    counts = {node["id"]: node["remixes"] for node in (await house.lineages.read(e))["nodes"]}
    assert counts == {a: 2, b: 1, c: 1, d: 0, e: 0}


async def test_authors_are_called_as_they_are_called_now(house: House) -> None:
    _, child = await grown(house, None, 0)
    house.people.known[user(1)["id"]] = {**user(1), "handle": "renamed"}
    nodes = (await house.lineages.read(child))["nodes"]
    assert [node["author"]["handle"] for node in nodes] == ["renamed", "renamed"]


async def test_a_remix_that_was_not_carried_yet_sees_where_it_comes_from(house: House) -> None:
    a, b = await grown(house, None, 0)
    c = (await house.post(parent=b))["id"]
    d = (await house.post(parent=c))["id"]
    assert await shape(house, d) == [(a, None), (b, a), (c, b), (d, c)]
    assert await shape(house, b) == [(a, None), (b, a)]


async def test_deleting_a_parent_leaves_the_child_and_a_tombstone_for_good(house: House) -> None:
    a, b, c = await grown(house, None, 0, 1)
    await delete(house, b)
    await house.carry()
    nodes = (await house.lineages.read(c))["nodes"]
    assert nodes[1] == {"id": b, "parent": a, "deleted": True, "media": None, "next": None}
    assert nodes[0]["remixes"] == 0, "a tombstone is no remix"
    await delete(house, a)
    await house.carry()
    await forgotten(house, a, b)
    assert await shape(house, c) == [(a + "+", None), (b + "+", a), (c, b)]
    assert (await house.lineages.read(c))["nodes"][0] == {"id": a, "deleted": True, "media": None, "next": None}
    d = (await house.post(author=2, parent=c))["id"]
    await house.carry()
    assert await shape(house, d) == [(a + "+", None), (b + "+", a), (c, b), (d, c)]


async def test_of_a_deleted_post_the_store_keeps_no_word(house: House) -> None:
    a = (await house.post(caption="a secret garden"))["id"]
    b = (await house.post(caption="a secret path", prompt="a secret wish", parent=a))["id"]
    c = (await house.post(author=2, caption="a fox", parent=b))["id"]
    await house.carry()
    await delete(house, a, b)
    await house.carry()
    for post in (a, b):
        found = await house.store.execute("HGETALL", keys.tag(identifiers.shard_of(post)) + "post:" + post)
        assert b"secret" not in b" ".join(found)
    assert "secret" not in str(await house.lineages.read(c))
    assert user(1)["id"] not in str(await house.lineages.read(c))


async def test_deleting_a_leaf_leaves_nothing(house: House) -> None:
    a, b, c = await grown(house, None, 0, 0)
    await delete(house, b)
    await house.carry()
    assert await shape(house, a) == [(a, None), (c, a)]
    await delete(house, c)
    await house.carry()
    assert await shape(house, a) == [(a, None)]
    assert await left(house) == {"felled"}
    [felled] = await house.store.execute("KEYS", "lf:*:felled:*")
    assert await house.store.execute("PTTL", felled) > 0


async def test_the_last_descendant_takes_the_tombstones_above_it_along(house: House) -> None:
    a, b, c, d, e = await grown(house, None, 0, 1, 2, 1)
    await delete(house, b, c)
    await house.carry()
    await delete(house, d)
    await house.carry()
    assert await shape(house, e) == [(a, None), (b + "+", a), (e, b)]
    await delete(house, e)
    await house.carry()
    assert await shape(house, a) == [(a, None)]


async def test_a_deleted_post_has_no_lineage_of_its_own(house: House) -> None:
    a, _ = await grown(house, None, 0)
    await delete(house, a)
    for carried in (False, True):
        if carried:
            await house.carry()
        for post in (a, "x", identifiers.make(1, 1, 1)):
            with pytest.raises(NotFound):
                await house.lineages.read(post)


async def test_a_remix_of_a_post_that_was_deleted_while_it_was_painted_hangs_from_a_tombstone(house: House) -> None:
    """Also where that post, and the one above it, had left the tree by then."""
    a, b, c = await grown(house, None, 0, 1)
    await delete(house, b, c)
    await house.carry()
    assert await shape(house, a) == [(a, None)]
    late = await painted_over(house, c)
    await house.carry()
    whole = [(a, None), (b + "+", a), (c + "+", b), (late, c)]
    for post in (a, late):
        assert await shape(house, post) == whole


async def carry_only(house: House, kind: str, post: str) -> None:
    """Carry out one entry and nothing else: `carry` begins with what was carried before."""
    for entry in await house.outbox():
        if entry.type == kind and (entry.data.get("id") or entry.data["post"]["id"]) == post:
            await house.timelines.apply([entry])


async def forgotten(house: House, *posts: str) -> None:
    """Let the week pass in which the store knows of deleted posts."""
    for post in posts:
        await house.store.execute("DEL", keys.tag(identifiers.shard_of(post)) + "post:" + post)
    for felled in await house.store.execute("KEYS", "lf:*:felled:*"):
        await house.store.execute("DEL", felled)


async def test_of_a_parent_that_nobody_remembers_the_place_is_left(house: House) -> None:
    a, b = await grown(house, None, 0)
    await delete(house, a, b)
    await house.carry()
    await forgotten(house, a, b)
    late = await painted_over(house, b)
    await carry_only(house, "post.created", late)
    assert await shape(house, late) == [(b + "+", None), (late, b)]


async def test_an_ancestor_that_nobody_remembers_hangs_from_the_root(house: House) -> None:
    a, b, c = await grown(house, None, 0, 1)
    await delete(house, b, c)
    await house.carry()
    await forgotten(house, b)
    late = await painted_over(house, c)
    await carry_only(house, "post.created", late)
    assert await shape(house, a) == [(a, None), (b + "+", a), (c + "+", b), (late, c)]
    await house.posts.delete(late, user(3)["id"])
    await carry_only(house, "post.deleted", late)
    assert not await placed(house, a)


async def test_an_ancestor_that_is_deleted_while_a_remix_takes_its_place_is_a_tombstone(
    house: House, monkeypatch: Any
) -> None:
    """It was read as alive, and its deletion found it in no tree."""
    a = (await house.post())["id"]
    b = (await house.post(parent=a))["id"]
    c = (await house.post(parent=b))["id"]
    take_place = house.lineages._placed

    async def slowly(*asked: Any) -> str:
        if await house.posts.exists(b):
            await delete(house, b)
            await carry_only(house, "post.deleted", b)
        return await take_place(*asked)

    monkeypatch.setattr(house.lineages, "_placed", slowly)
    await carry_only(house, "post.created", c)
    assert await shape(house, c) == [(a, None), (b + "+", a), (c, b)]
    await delete(house, c)
    await carry_only(house, "post.deleted", c)
    assert not await placed(house, a)


async def painted_over(house: House, parent: str) -> str:
    """Post a remix as a worker does that began before the parent was deleted. Return its id."""

    async def there(post: str) -> dict[str, Any]:
        return {"media": MEDIA}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(house.posts, "origin", there)
        return str((await house.post(author=3, parent=parent))["id"])


async def test_a_deep_lineage_is_told_up_to_a_bound(house: House) -> None:
    made = await grown(house, None, *range(29))
    found = await shape(house, made[-1], limit=20)
    assert found == [(made[number], made[number - 1]) for number in range(20, 30)]
    assert await shape(house, made[-1], limit=1) == [(made[-1], made[-2])]


async def test_many_remixes_are_paged_each_once_while_new_ones_come(house: House) -> None:
    made = await grown(house, None)
    children = [post["id"] for post in await asyncio.gather(*[house.post(parent=made[0]) for _ in range(50)])]
    await house.carry()
    first = (await house.lineages.read(made[0]))["nodes"]
    assert [node["id"] for node in first[1:]] == sorted(children, key=await births(house, children))[-12:]
    before, seen = first[0]["next"], [node["id"] for node in first[1:]]
    pages = 0
    while before is not None:
        pages += 1
        await house.post(parent=made[0])
        await house.carry()
        top, *more = (await house.lineages.read(made[0], before=before, limit=9))["nodes"]
        assert top["id"] == made[0]
        before, seen = top["next"], [*(node["id"] for node in more), *seen]
    assert pages == 5
    assert seen == sorted(children, key=await births(house, children))


async def births(house: House, posts: Sequence[str]) -> Any:
    """Return a key to sort posts by: when they were told of, then their ids."""
    born = {post: (await house.events("post:" + post))[0][0].split("-")[0] for post in posts}
    return lambda post: (born[post], post)


@pytest.mark.parametrize("limit", [1, 7, 11, 40])
async def test_what_does_not_fit_says_where_it_goes_on(house: House, limit: int) -> None:
    """Whoever follows every `next` from the root sees the whole tree."""
    chance = random.Random(SEED)
    made = await grown(house, None, *[chance.randrange(number + 1) for number in range(40)])
    nodes = (await house.lineages.read(made[0], limit=limit))["nodes"]
    assert len(nodes) <= limit
    seen, waiting = {node["id"] for node in nodes}, [node["next"] for node in nodes if node["next"]]
    asked = 0
    while waiting:
        asked += 1
        assert asked < 100
        top, *more = (await house.lineages.read(made[0], before=waiting.pop(), limit=limit))["nodes"]
        fresh = [node for node in more if node["id"] not in seen]
        assert len(fresh) == len(more) <= limit, "no path was shown, so nothing comes twice"
        seen |= {node["id"] for node in fresh}
        waiting += [node["next"] for node in (top, *fresh) if node["next"]]
    assert seen == set(made), f"seed {SEED}"


@pytest.mark.parametrize(("before", "limit"), [("x", 10), ("0" * 21, 10), (None, 0), (None, 101), (None, True)])
async def test_a_page_that_cannot_be_is_refused(house: House, before: str | None, limit: int) -> None:
    post = await house.post()
    with pytest.raises(BadRequest):
        await house.lineages.read(post["id"], before, limit)


async def test_a_cursor_of_another_lineage_leads_nowhere(house: House) -> None:
    a, b = await grown(house, None, None)
    assert (await house.lineages.read(a, before=b))["nodes"] == []


@pytest.mark.parametrize("number", range(12))
async def test_the_order_in_which_it_is_told_does_not_matter(house: House, number: int) -> None:
    """A random forest, random deletions; every entry twice, shuffled: the tree is what it should be."""
    chance = random.Random(f"{SEED} {number}")
    size = 24
    parents = [None, *[chance.randrange(position) for position in range(1, size)]]
    made: list[str] = []
    for parent in parents:
        made.append((await house.post(parent=None if parent is None else made[parent]))["id"])
    doomed = set(chance.sample(range(size), chance.randrange(size)))
    await delete(house, *[made[position] for position in doomed])
    batch = 2 * await house.outbox()
    chance.shuffle(batch)
    for position in range(0, len(batch), 5):
        await house.timelines.apply(batch[position : position + 5])
    held = set(range(size)) - doomed
    for position in reversed(range(1, size)):
        if position in held:
            held.add(parents[position])  # type: ignore[arg-type]
    expected = {(made[one] + "+" * (one in doomed), made[parents[one]] if one else None) for one in held}  # type: ignore[index]
    assert await placed(house, made[0]) == ({made[one] for one in held} if len(held) > 1 else set())
    for position in set(range(size)) - doomed:
        found = await shape(house, made[position], limit=100)
        assert set(found) == expected, f"seed {SEED}, from {position}"
        assert len(found) == len(expected)


async def test_who_reads_a_lineage_while_it_grows_misses_nothing(house: House) -> None:
    """What a node's position leaves out is among the nodes."""
    root = (await house.post())["id"]
    await house.carry()
    seen: list[list[dict[str, Any]]] = []

    async def read() -> None:
        for _ in range(40):
            seen.append((await house.lineages.read(root, limit=100))["nodes"])

    async def grow() -> None:
        made = [root]
        for number in range(40):
            made.append((await house.post(parent=made[number // 4]))["id"])
            await house.carry()

    await asyncio.gather(read(), grow(), read())
    assert len(seen[-1]) > len(seen[0])
    for nodes in seen:
        named = {node["id"] for node in nodes}
        for node in nodes:
            told = await house.events("post:" + node["id"])
            at = Position.parse(node["at"])
            before = [data for id, kind, data in told if kind == "remix.created" and Position.parse(id) <= at]
            whole = node["next"] is None
            assert not whole or {data["post"]["id"] for data in before} <= named


async def test_a_remix_that_is_told_while_a_lineage_is_read_is_in_it(house: House, monkeypatch: Any) -> None:
    """The tree was read without it, the parent's position stands behind it."""
    a, _ = await grown(house, None, 0)
    read_nodes = house.lineages._nodes
    born: list[str] = []

    async def slowly(rows: Any, **more: Any) -> Any:
        born.append((await house.post(parent=born[-1] if born else a))["id"])
        await house.carry()
        return await read_nodes(rows, **more)

    monkeypatch.setattr(house.lineages, "_nodes", slowly)
    nodes = {node["id"]: node for node in (await house.lineages.read(a))["nodes"]}
    first, grandchild = born
    told = {id: await house.events("post:" + id) for id in (a, first)}
    assert told[a][-1][2]["post"]["id"] == first
    assert Position.parse(told[a][-1][0]) <= Position.parse(nodes[a]["at"])
    assert told[first][0][0] == nodes[first]["at"], "it is followed from its very beginning"
    assert told[first][-1][2]["post"]["id"] == grandchild
    assert (grandchild in nodes) or Position.parse(told[first][-1][0]) > Position.parse(nodes[first]["at"])


async def test_a_picture_that_was_not_posted_is_in_no_lineage(house: House) -> None:
    """Whatever else the outbox tells of a private picture means nothing here."""
    a, b = await grown(house, None, 0)
    generation = {"id": identifiers.make(5, 5, 5), "author": user(2), "prompt": "a secret", "created": 5, "parent": a}
    ended = {"id": generation["id"], "state": "completed", "author": user(2)["id"], "tags": []}
    queued = Outgoing("1-1", "generation.queued", "5-5", {"generation": generation})
    await house.timelines.apply([queued, Outgoing("1-1", "generation.ended", "5-6", ended)])
    assert await shape(house, b) == [(a, None), (b, a)]
