"""Posts, comments and reactions on a real store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from livefeed import identifiers
from livefeed.errors import BadRequest, Conflict, Forbidden, KeyReused, NotFound
from livefeed.feed.publication import publication
from livefeed.feed.reactions import MAX_EMOJIS
from livefeed.feed.store import PUBLICATION, post_key
from livefeed.position import Position
from livefeed.streams.keys import tag
from livefeed.streams.script import changing
from livefeed.topic import Topic, generation_topic, post_topic
from tests.integration.test_feed_house import MEDIA, SHARDS, House, open_house, painter, user


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        yield house


async def test_a_post_is_read_as_it_was_created(house: House) -> None:
    post = await house.post(caption="a #Fox", prompt="a red fox in the #snow")
    assert (
        post.items()
        >= {
            "author": painter(1),
            "caption": "a #Fox",
            "prompt": "a red fox in the #snow",
            "media": MEDIA,
            "tags": ["fox", "snow"],
            "reactions": {},
            "comments": 0,
            "remixes": 0,
        }.items()
    )
    assert "parent" not in post
    [(event, kind, data)] = await house.events("post:" + post["id"])
    assert (kind, data) == ("post.created", {"post": post})
    assert await house.posts.get(post["id"], "nobody") == {"post": post, "at": event, "mine": []}
    assert await house.posts.exists(post["id"])


async def test_the_same_key_creates_one_post_and_another_body_is_refused(house: House) -> None:
    posts = await asyncio.gather(*[house.post(key="k1") for _ in range(5)])
    assert all(post == posts[0] for post in posts)
    assert len(await house.outbox()) == 1
    with pytest.raises(KeyReused):
        await house.post(caption="another", key="k1")
    assert (await house.post(author=2, key="k1"))["id"] != posts[0]["id"]


async def test_another_domains_script_publishes_a_post_in_its_own_step(house: House) -> None:
    """As a generation's last step does: its state and the post are one write, and a repeat adds none."""
    finish = changing(f"{PUBLICATION}\ncall('SET', keys[1], args[1])\nreturn create_post(2, 2, 2)")
    id = identifiers.make(1_700_000_000_000, 3, 99)
    shard = post_topic(id).shard(SHARDS)
    new = publication({"id": id, "author": user(1), "caption": "", "prompt": "a #fox", "media": MEDIA}, SHARDS)
    topics = [generation_topic(id), post_topic(id)]
    for _ in range(2):
        event = await house.streams.commit(
            finish,
            shard=shard,
            topics=topics,
            keys_=[f"{tag(shard)}job:{id}", *new.keys],
            args=["done", *new.args],
            outbox=True,
        )
    assert [each[0].encode() for each in await house.events("post:" + id)] == [event]
    assert [(entry.type, entry.mark.encode()) for entry in await house.outbox()] == [("post.created", event)]
    post = (await house.posts.get(id))["post"]
    assert (post["prompt"], post["tags"], post["author"]) == ("a #fox", ["fox"], painter(1))
    assert (await house.comments.create(id, user(2), "hi"))["post"] == id


async def test_a_post_shows_its_authors_present_name_and_keeps_the_old_one_for_the_unknown(
    house: House,
) -> None:
    post = await house.post()
    await house.comments.create(post["id"], user(1), "mine")
    await house.comments.create(post["id"], user(2), "hers")
    house.people.known[user(1)["id"]] = user(1) | {"handle": "renamed", "email": "not shown"}
    assert (await house.posts.get(post["id"]))["post"]["author"] == user(1) | {"handle": "renamed"}
    listed = (await house.comments.list(post["id"]))["comments"]
    assert [comment["author"]["handle"] for comment in listed] == ["renamed", "person2"]


async def test_a_remix_of_a_post_that_is_not_there_is_refused(house: House) -> None:
    post = await house.post()
    await house.posts.delete(post["id"], user(1)["id"])
    for parent in (post["id"], "nothing"):
        with pytest.raises(NotFound):
            await house.post(parent=parent)


async def test_only_the_author_deletes_and_nothing_of_the_post_remains(house: House) -> None:
    post = await house.post(caption="#one")
    comment = await house.comments.create(post["id"], user(2), "hello")
    await house.reactions.set(post["id"], user(2)["id"], "👍", True)
    with pytest.raises(Forbidden):
        await house.posts.delete(post["id"], user(2)["id"])
    await house.posts.delete(post["id"], user(1)["id"])
    await house.posts.delete(post["id"], user(1)["id"])
    assert (await house.types("post:" + post["id"])).count("post.deleted") == 1
    assert not await house.posts.exists(post["id"])
    gone = [
        house.posts.get(post["id"]),
        house.posts.delete(post["id"], user(2)["id"]),
        house.comments.list(post["id"]),
        house.comments.create(post["id"], user(1), "late"),
        house.comments.delete(comment["id"], user(2)["id"]),
        house.reactions.set(post["id"], user(1)["id"], "👍", True),
        house.posts.create(user(1), MEDIA, id=post["id"]),
    ]
    assert [type(answer) for answer in await asyncio.gather(*gone, return_exceptions=True)] == [NotFound] * len(gone)
    keys = [key.decode() for key in await house.store.execute("KEYS", f"lf:*:{post['id']}")]
    assert [key.split(":")[2] for key in keys if key.split(":")[2] not in ("t", "l", "o")] == ["post"]  # the tombstone


async def test_a_deletion_that_broke_half_way_has_deleted(house: House) -> None:
    """From the write that tells of it on, nobody sees the post; the author's repeat takes away the rest."""
    post = await house.post()
    await house.store.execute("HSET", post_key(post["id"], SHARDS), "gone", "1-1")
    assert not await house.posts.exists(post["id"])
    with pytest.raises(NotFound):
        await house.comments.create(post["id"], user(2), "hi")
    await house.posts.delete(post["id"], user(1)["id"])
    assert [(entry.type, entry.mark) for entry in await house.outbox()][1:] == [("post.deleted", "1-1")]


async def test_comments_are_listed_in_the_order_of_their_events_and_counted(house: House) -> None:
    post = await house.post()
    texts = [f"comment {number}" for number in range(60)]
    created = await asyncio.gather(
        *[house.comments.create(post["id"], user(number % 7), text) for number, text in enumerate(texts)]
    )
    listed = await house.comments.list(post["id"], limit=100)
    told = [data["comment"] for _, kind, data in await house.events("post:" + post["id"]) if kind == "comment.created"]
    assert listed["comments"] == told
    assert sorted(comment["id"] for comment in told) == sorted(comment["id"] for comment in created)
    assert listed["next"] is None
    assert (await house.posts.get(post["id"]))["post"]["comments"] == 60
    assert (await house.latest("post:" + post["id"]))[post["id"]]["comments"] == 60


async def test_comment_pages_have_no_holes_and_no_duplicates_while_new_ones_come(house: House) -> None:
    post = await house.post()
    before = [(await house.comments.create(post["id"], user(2), f"{number}"))["id"] for number in range(25)]
    pages, cursor = [], None
    while True:
        page = await house.comments.list(post["id"], cursor, 10)
        pages.append([comment["id"] for comment in page["comments"]])
        await house.comments.create(post["id"], user(2), "a new one")
        if page["next"] is None:
            break
        cursor = page["next"]
    assert [len(page) for page in pages] == [10, 10, 5]
    assert [comment for page in reversed(pages) for comment in page] == before


async def test_replies_have_one_level(house: House) -> None:
    post, other = await house.post(), await house.post()
    top = await house.comments.create(post["id"], user(2), "top")
    reply = await house.comments.create(post["id"], user(3), "reply", parent=top["id"])
    assert reply["parent"] == top["id"]
    elsewhere = await house.comments.create(other["id"], user(2), "elsewhere")
    gone = await house.comments.create(post["id"], user(2), "gone", parent=top["id"])
    await house.comments.delete(gone["id"], user(2)["id"])
    for parent in (reply["id"], elsewhere["id"], gone["id"], "nothing"):
        with pytest.raises(BadRequest):
            await house.comments.create(post["id"], user(2), "again", parent=parent)
    assert (await house.posts.get(post["id"]))["post"]["comments"] == 2


async def test_talk_goes_on_under_a_deleted_comment_and_its_writer_is_told_of_none_of_it(house: House) -> None:
    post = await house.post()
    top = await house.comments.create(post["id"], user(2), "top")
    reply = await house.comments.create(post["id"], user(3), "reply", parent=top["id"])
    await house.comments.delete(top["id"], user(2)["id"])
    answer = await house.comments.create(post["id"], user(4), "and yet", parent=top["id"])
    assert answer["parent"] == top["id"]
    assert (await house.comments.list(post["id"]))["comments"] == [reply, answer]
    created = [entry.data for entry in await house.outbox() if entry.type == "comment.created"]
    assert [data.get("above") for data in created] == [None, user(2)["id"], None]


async def test_a_comment_is_deleted_by_its_author_alone_and_its_replies_stay(house: House) -> None:
    post = await house.post()
    top = await house.comments.create(post["id"], user(2), "top")
    reply = await house.comments.create(post["id"], user(3), "reply", parent=top["id"])
    with pytest.raises(Forbidden):
        await house.comments.delete(top["id"], user(1)["id"])
    await house.comments.delete(top["id"], user(2)["id"])
    await house.comments.delete(top["id"], user(2)["id"])
    with pytest.raises(NotFound):
        await house.comments.delete(top["id"], user(1)["id"])
    assert (await house.events("post:" + post["id"]))[-1][1:] == ("comment.deleted", {"id": top["id"]})
    assert (await house.comments.list(post["id"]))["comments"] == [reply]
    assert (await house.latest("post:" + post["id"]))[post["id"]]["comments"] == 1


async def test_the_same_key_comments_once(house: House) -> None:
    post = await house.post()
    same = await asyncio.gather(*[house.comments.create(post["id"], user(2), "hi", key="k") for _ in range(10)])
    assert all(comment == same[0] for comment in same)
    assert await house.types("post:" + post["id"]) == ["post.created", "comment.created"]
    with pytest.raises(KeyReused):
        await house.comments.create(post["id"], user(2), "other", key="k")


async def test_a_key_repeated_after_its_day_still_makes_nothing_twice(house: House) -> None:
    """The record of the key is gone, but its id is that of the thing it made."""
    post = await house.post(key="k")
    comment = await house.comments.create(post["id"], user(2), "hi", key="k")
    at = (await house.posts.get(post["id"]))["at"]
    assert await house.store.execute("DEL", *await house.store.execute("KEYS", "lf:*:i:*")) == 2
    assert await house.comments.create(post["id"], user(2), "hi", key="k") == comment
    assert await house.post(key="k") == post | {"comments": 1}
    assert (await house.posts.get(post["id"]))["at"] == at
    await house.comments.delete(comment["id"], user(2)["id"])
    await house.store.execute("DEL", *await house.store.execute("KEYS", "lf:*:i:*"))
    with pytest.raises(NotFound):
        await house.comments.create(post["id"], user(2), "hi", key="k")


@pytest.mark.parametrize("text", ["", "  \n\t", "\u200b\u2060", "\x00\x07", "x" * 2_001, "\ud800", 7, None])
async def test_comments_that_say_nothing_or_too_much_are_refused(house: House, text: str) -> None:
    post = await house.post()
    with pytest.raises(BadRequest):
        await house.comments.create(post["id"], user(2), text)
    assert await house.types("post:" + post["id"]) == ["post.created"]


async def test_totals_are_exact_under_two_hundred_concurrent_reactions(house: House) -> None:
    post = await house.post()
    emojis = ["👍", "👍🏽", "❤", "❤️", "🦊"]
    asked = [(user(number % 40)["id"], emojis[number % 5], number % 11 != 0) for number in range(200)]
    await asyncio.gather(*[house.reactions.set(post["id"], *each) for each in asked])
    last = {(who, "❤️" if emoji == "❤" else emoji): on for who, emoji, on in asked}
    expected = Counter(emoji for (_, emoji), on in last.items() if on)
    found = await house.posts.get(post["id"], user(3)["id"])
    assert found["post"]["reactions"] == expected
    assert set(found["mine"]) == {emoji for (who, emoji), on in last.items() if on and who == user(3)["id"]}
    assert (await house.latest("post:" + post["id"]))[post["id"]] == {
        "post": post["id"],
        "reactions": expected,
        "comments": 0,
        "remixes": 0,
    }
    newest = max(
        (entry for entry in await house.outbox() if entry.type == "post.counters"),
        key=lambda entry: Position.parse(entry.mark),
    )
    assert newest.data["reactions"] == expected


async def test_a_repeated_reaction_changes_nothing_and_tells_nothing(house: House) -> None:
    post = await house.post()
    first = await house.reactions.set(post["id"], user(2)["id"], "❤", True)
    assert first == {"reactions": {"❤️": 1}, "mine": ["❤️"]}
    at = (await house.posts.get(post["id"]))["at"]
    assert await house.reactions.set(post["id"], user(2)["id"], "❤️", True) == first
    assert await house.reactions.set(post["id"], user(2)["id"], "🦊", False) == first
    assert (await house.posts.get(post["id"]))["at"] == at
    assert await house.reactions.set(post["id"], user(2)["id"], "❤️", False) == {"reactions": {}, "mine": []}


async def test_a_late_repeat_of_a_reaction_does_not_undo_a_newer_one(house: House) -> None:
    post = await house.post()
    await house.reactions.set(post["id"], user(2)["id"], "🦊", True, key="k1")
    await house.reactions.set(post["id"], user(2)["id"], "🦊", False, key="k2")
    await house.reactions.set(post["id"], user(2)["id"], "🦊", True, key="k1")
    assert (await house.posts.get(post["id"]))["post"]["reactions"] == {}


async def test_a_post_has_a_bounded_number_of_different_emojis(house: House) -> None:
    post = await house.post()
    emojis = [chr(0x1F400 + number) for number in range(MAX_EMOJIS + 1)]
    for emoji in emojis[:-1]:
        await house.reactions.set(post["id"], user(2)["id"], emoji, True)
    with pytest.raises(Conflict):
        await house.reactions.set(post["id"], user(3)["id"], emojis[-1], True)
    assert (await house.reactions.set(post["id"], user(3)["id"], emojis[0], True))["reactions"][emojis[0]] == 2


async def test_what_happens_after_a_snapshot_is_after_its_position(house: House) -> None:
    """A snapshot plus the events after its `at` is the whole, whenever it was taken."""
    post = await house.post()

    async def comment(number: int) -> None:
        await house.comments.create(post["id"], user(number % 5), str(number))

    async def check() -> None:
        topic = Topic.parse("post:" + post["id"])
        listed = await house.comments.list(post["id"], limit=100)
        cut = Position.parse((await house.posts.get(post["id"]))["at"])
        page = await house.streams.page(topic, cut=cut, since=Position.parse(listed["at"]))
        assert page.good
        whole = await house.comments.list(post["id"], limit=100)
        later = [event.id for event in page.events if event.type == "comment.created"]
        seen = {comment["id"] for comment in listed["comments"]}
        assert len(seen) + len(later) <= len(whole["comments"])
        told = [id for id, kind, _ in await house.events(topic.name) if kind == "comment.created"]
        assert len(told[: len(seen) + len(later)]) == len(seen) + len(later)
        assert [Position.parse(id) for id in told[len(seen) : len(seen) + len(later)]] == later

    await asyncio.gather(*[work for number in range(40) for work in (comment(number), check())])
    assert (await house.posts.get(post["id"]))["post"]["comments"] == 40
