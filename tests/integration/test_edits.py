"""Edits of posts and comments, and the people that comments mention."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest, Conflict, Forbidden, KeyReused, NotFound
from livefeed.feed import store as names
from livefeed.feed import timelines
from livefeed.topic import feed_following
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import House, open_house, open_store, user

AUTHOR, OTHER, READER = user(1), user(2), user(9)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        for number in range(1, 5):
            house.people.known[user(number)["id"]] = user(number)
        yield house


async def test_an_edited_post_says_so_wherever_it_is_shown(house: House) -> None:
    await house.follows.follow(READER, AUTHOR)
    await house.carry()
    post = await house.post(caption="a #fox")
    await house.carry()
    edited = await house.posts.update(post["id"], AUTHOR["id"], caption="a red #fox", alt="A fox in the snow")
    await house.carry()
    assert edited == {**post, "caption": "a red #fox", "alt": "A fox in the snow", "edited": edited["edited"]}
    assert edited["edited"] >= post["created"]
    # This house has no projection that would give its people other faces.
    assert (await house.posts.get(post["id"]))["post"] == edited | {"author": AUTHOR}
    [*_, event] = await house.events("post:" + post["id"])
    assert event[1:] == ("post.updated", {"post": edited})
    for feed in ("feed:all", "feed:user:" + AUTHOR["id"], "feed:tag:fox", feed_following(READER["id"]).name):
        assert (await house.events(feed))[-1] == event, feed
        assert await house.ids(feed) == [post["id"]]


async def test_tags_follow_the_caption_into_and_out_of_their_feeds(house: House) -> None:
    post = await house.post(caption="#fox #snow", prompt="a #moon")
    await house.carry()
    await house.posts.update(post["id"], AUTHOR["id"], caption="#fox #owl")
    await house.carry()
    shown = [tag for tag in ("fox", "snow", "owl", "moon") if await house.ids("feed:tag:" + tag)]
    assert shown == ["fox", "owl", "moon"]
    assert (await house.types("feed:tag:snow"))[-1] == "post.updated", "whoever follows it sees that the tag is gone"
    assert await house.types("feed:tag:owl") == ["post.created"]
    await house.posts.update(post["id"], AUTHOR["id"], caption="#snow again")
    await house.carry()
    assert await house.ids("feed:tag:snow") == [post["id"]]
    assert await house.ids("feed:tag:fox") == []
    await house.posts.delete(post["id"], AUTHOR["id"])
    await house.carry()
    assert await house.ids("feed:tag:snow") == []


async def test_edits_may_be_told_again_and_in_any_order(house: House) -> None:
    post = await house.post(caption="#a")
    for caption in ("#b", "#c", "#a #b"):
        await house.posts.update(post["id"], AUTHOR["id"], caption=caption)
    batch = await house.outbox()
    for entry in [*batch[::-1], *batch]:
        await house.timelines.apply([entry])
    assert {tag: await house.ids("feed:tag:" + tag) for tag in "abc"} == {"a": [post["id"]], "b": [post["id"]], "c": []}
    assert (await house.events("feed:all"))[0][2]["post"]["caption"] == "#a #b"
    assert len(await house.events("feed:all")) == 1


async def test_an_edit_does_not_bring_an_old_post_back(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(timelines, "TIMELINE_POSTS", 2)
    posts = [(await house.post())["id"] for _ in range(3)]
    await house.carry()
    kept = await house.ids("feed:all")
    [gone] = set(posts) - set(kept)
    await house.posts.update(gone, AUTHOR["id"], caption="other")
    await house.carry()
    assert await house.ids("feed:all") == kept


async def test_only_its_author_changes_a_post_and_only_what_may_be_changed(house: House) -> None:
    post = (await house.post(prompt="a fox"))["id"]
    with pytest.raises(Forbidden):
        await house.posts.update(post, OTHER["id"], caption="mine")
    with pytest.raises(BadRequest):
        await house.posts.update(post, AUTHOR["id"])
    with pytest.raises(BadRequest):
        await house.posts.update(post, AUTHOR["id"], caption="x" * 1001)
    with pytest.raises(NotFound):
        await house.posts.update("0" * 22, AUTHOR["id"], caption="x")
    assert (await house.posts.update(post, AUTHOR["id"], alt="A fox"))["alt"] == "A fox"
    assert "alt" not in await house.posts.update(post, AUTHOR["id"], alt=" ")
    await house.posts.delete(post, AUTHOR["id"])
    with pytest.raises(NotFound):
        await house.posts.update(post, AUTHOR["id"], caption="x")


async def test_the_same_key_edits_once(house: House) -> None:
    post = (await house.post())["id"]
    comment = (await house.comments.create(post, OTHER, "one"))["id"]
    first = [await house.posts.update(post, AUTHOR["id"], caption="two", key="p") for _ in range(2)]
    said = [await house.comments.update(comment, OTHER["id"], "two", key="c") for _ in range(2)]
    assert first[0] == first[1]
    assert said[0] == said[1]
    types = await house.types("post:" + post)
    assert (types.count("post.updated"), types.count("comment.updated")) == (1, 1)
    with pytest.raises(KeyReused):
        await house.posts.update(post, AUTHOR["id"], caption="three", key="p")
    with pytest.raises(KeyReused):
        await house.comments.update(comment, OTHER["id"], "three", key="c")


async def test_of_two_edits_at_the_same_moment_one_is_told_of_the_other(house: House, monkeypatch: Any) -> None:
    post = (await house.post())["id"]
    comment = (await house.comments.create(post, OTHER, "one"))["id"]
    read = house.streams.read

    async def read_and_be_overtaken(*args: Any, **kwargs: Any) -> Any:
        found = await read(*args, **kwargs)
        monkeypatch.undo()
        await house.posts.update(post, AUTHOR["id"], caption="first")
        return found

    monkeypatch.setattr(house.streams, "read", read_and_be_overtaken)
    with pytest.raises(Conflict):
        await house.posts.update(post, AUTHOR["id"], caption="second")
    named = house.people.named

    async def named_late(handles: Any) -> Any:
        monkeypatch.undo()
        await house.comments.update(comment, OTHER["id"], "first")
        return await named(handles)

    monkeypatch.setattr(house.people, "named", named_late)
    with pytest.raises(Conflict):
        await house.comments.update(comment, OTHER["id"], "second @person1")
    assert (await house.posts.get(post))["post"]["caption"] == "first"
    assert (await house.comments.list(post))["comments"][0]["text"] == "first"


async def test_an_edited_comment_says_so(house: House) -> None:
    post = (await house.post())["id"]
    comment = await house.comments.create(post, OTHER, "Nice #one @person1")
    reply = await house.comments.create(post, AUTHOR, "Thanks", parent=comment["id"])
    assert (comment["tags"], comment["mentions"]) == (["one"], [{"id": AUTHOR["id"], "handle": "person1"}])
    edited = await house.comments.update(comment["id"], OTHER["id"], "Nicer @person3")
    assert edited == {
        **{name: comment[name] for name in ("id", "post", "author", "created")},
        "text": "Nicer @person3",
        "mentions": [{"id": user(3)["id"], "handle": "person3"}],
        "edited": edited["edited"],
    }
    assert (await house.events("post:" + post))[-1][1:] == ("comment.updated", {"comment": edited})
    assert (await house.comments.list(post))["comments"] == [edited, reply], "its place in the thread stays"
    assert (await house.posts.get(post))["post"]["comments"] == 2
    assert (await house.comments.update(reply["id"], AUTHOR["id"], "Thank you"))["parent"] == comment["id"]


async def test_only_its_author_changes_a_comment_while_it_is_there(house: House) -> None:
    post = (await house.post())["id"]
    comment = (await house.comments.create(post, OTHER, "one"))["id"]
    with pytest.raises(Forbidden):
        await house.comments.update(comment, AUTHOR["id"], "two")
    for text in (" ", "x" * 2001):
        with pytest.raises(BadRequest):
            await house.comments.update(comment, OTHER["id"], text)
    await house.comments.delete(comment, OTHER["id"])
    for missing in (comment, "x", f"{post}.{'0' * 22}"):
        with pytest.raises(NotFound):
            await house.comments.update(missing, OTHER["id"], "two")


async def test_a_mention_stays_right_when_the_handle_changes(house: House) -> None:
    post = (await house.post())["id"]
    await house.comments.create(post, OTHER, "Look, @Person1, and @nobody")
    house.people.known[AUTHOR["id"]] = {**AUTHOR, "handle": "vixen"}
    house.people.known[user(3)["id"]] = {**user(3), "handle": "person1"}
    [comment] = (await house.comments.list(post))["comments"]
    assert comment["text"] == "Look, @vixen, and @nobody"
    assert comment["mentions"] == [{"id": AUTHOR["id"], "handle": "vixen"}]


async def edit_post(house: House, post: str, comment: str) -> None:
    await house.posts.update(post, AUTHOR["id"], caption="#new", key="k")


async def edit_comment(house: House, post: str, comment: str) -> None:
    await house.comments.update(comment, OTHER["id"], "new", key="k")


@pytest.mark.parametrize("command", [edit_post, edit_comment])
async def test_a_repeat_completes_an_edit_whichever_write_failed(
    tmp_path: Path, command: Callable[[House, str, str], Awaitable[None]]
) -> None:
    async with open_store(tmp_path) as raw:
        store, failing_at = FailingStore(raw), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            post = (await house.post(caption="#old"))["id"]
            comment = (await house.comments.create(post, OTHER, "old"))["id"]
            await house.carry()
            broken = len(store.broken)
            await store.repeat(failing_at, command, house, post, comment)
            kind = "post" if command is edit_post else "comment"
            now = (await house.posts.get(post))["post"]
            if kind == "comment":
                [now] = (await house.comments.list(post))["comments"]
            assert "new" in now.get("caption", now.get("text"))
            assert (await house.events("post:" + post))[-1][1:] == (f"{kind}.updated", {kind: now})
            for entry in await house.outbox():
                await store.repeat(failing_at, house.timelines.apply, [entry])
            if kind == "post":
                assert await house.ids("feed:tag:new") == [post]
                assert await house.ids("feed:tag:old") == []
            if len(store.broken) == broken:
                break
        assert failing_at > 5, store.broken


def test_every_key_of_a_feed_s_entry_is_its_own() -> None:
    keys = names.timeline_entry_keys(feed_following(READER["id"]), "x", 8)
    assert len(set(keys)) == len(keys) == 8
