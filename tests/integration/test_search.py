"""Search: what says a word is found by it, and what does so no more is not."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest
from livefeed.feed import cursor, search
from livefeed.streams.outbox import Outgoing
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import House, open_house, open_store, user

AUTHOR, OTHER = user(1), user(2)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        for number in range(1, 5):
            house.people.known[user(number)["id"]] = user(number)
        yield house


async def found(house: House, question: str) -> set[str]:
    return {post["id"] for post in (await house.search.find(question, limit=100))["posts"]}


async def test_posts_are_found_by_all_the_words_of_a_question(house: House) -> None:
    red = (await house.post(caption="A red fox in the #Forêt"))["id"]
    blue = (await house.post(author=2, caption="Blue", prompt="a FOX under the moon"))["id"]
    await house.post(caption="An owl")
    await house.carry()
    assert await found(house, "fox") == {red, blue}
    assert await found(house, "the red fox") == {red}
    assert await found(house, "fox moon") == {blue}
    assert await found(house, "FORET") == await found(house, "#forêt") == {red}
    assert await found(house, "#fox") == set(), "a word is no tag"
    assert await found(house, "fox owl") == set()
    assert await found(house, "") == await found(house, "the") == set()


async def test_of_the_last_word_the_beginning_will_do(house: House) -> None:
    posts = {word: (await house.post(caption=f"#t{word} {word}"))["id"] for word in ("foal", "fog", "fox", "forest")}
    await house.carry()
    assert await found(house, "fo") == set(posts.values())
    assert await found(house, "for") == {posts["forest"]}
    assert await found(house, "#tfo") == set(posts.values())
    assert await found(house, "fo fog") == set(), "only of the last"


async def test_a_handle_finds_its_owner_and_what_they_made_whatever_it_is_now(house: House) -> None:
    mine, other = (await house.post())["id"], (await house.post(author=2, caption="vixen"))["id"]
    await house.carry()
    house.people.known[AUTHOR["id"]] = {**AUTHOR, "handle": "vixen"}
    page = await house.search.find("@vixen")
    assert ([post["id"] for post in page["posts"]], page["users"]) == ([mine], [{**AUTHOR, "handle": "vixen"}])
    assert page["posts"][0]["author"]["handle"] == "vixen"
    assert await found(house, "vixen") == {mine, other}
    assert await found(house, "@person1") == set()
    assert await found(house, "@vixen fox") == {mine}


async def test_people_are_found_by_how_they_begin_who_is_named_in_full_first(house: House, monkeypatch: Any) -> None:
    async def people(question: str, **more: Any) -> list[str]:
        return [user["handle"] for user in (await house.search.find(question, **more))["users"]]

    assert (
        await people("PERS")
        == await people("@pers")
        == await people("by @pers")
        == [f"person{number}" for number in range(1, 5)]
    )
    assert await people("fox pers") == [], "words are no beginning of one name"
    assert (await people("person3 @person"))[0] == "person3"
    assert await people("pers", before=cursor.after_post(1, AUTHOR["id"])) == [], "on the first page only"
    for question in ("", "p", "pers*", "[p", "p" * 200):
        assert await people(question) == []
    monkeypatch.setattr(search, "PEOPLE", 2)
    assert await people("person3 @person") == ["person3", "person1"]


async def test_what_is_edited_or_deleted_is_found_as_it_is_now(house: House) -> None:
    edited, deleted = (await house.post(caption="a fox #red"))["id"], (await house.post(caption="a fox"))["id"]
    await house.carry()
    await house.posts.update(edited, AUTHOR["id"], caption="an owl #blue", alt="On a branch")
    await house.posts.delete(deleted, AUTHOR["id"])
    assert await found(house, "fox") <= {edited}, "at once, even before the words are gone"
    await house.carry()
    assert await found(house, "fox") == await found(house, "#red") == await found(house, "fo") == set()
    assert await found(house, "owl #blue bran") == {edited}
    keys = [key.decode() for key in await house.store.execute("KEYS", "lf:*:found:*")]
    assert {key.split(":found:")[1] for key in keys} == {"owl", "blue", "#blue", "branch", f"@{AUTHOR['id']}"}
    words = [
        word.decode()
        for key in await house.store.execute("KEYS", "lf:*:alike:*")
        for word in await house.store.execute("ZRANGE", key, 0, -1)
    ]
    assert set(words) == {"owl", "blue", "#blue", "branch"}


async def test_pages_join_and_hold_each_post_once_newest_first(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "CHUNK", 4)
    monkeypatch.setattr(search, "CHUNKS", 2)
    posts = [await house.post(caption=f"fox{number % 3}" + " owl" * (number % 7 == 0)) for number in range(40)]
    await house.carry()
    order = sorted(posts, key=lambda post: (post["created"], post["id"]), reverse=True)
    for question, expected in (
        ("fox", [post["id"] for post in order]),
        ("owl fox", [post["id"] for post in order if "owl" in post["caption"]]),
    ):
        ids, before, pages = [], None, 0
        while pages == 0 or before is not None:
            page = await house.search.find(question, before, 5)
            ids += [post["id"] for post in page["posts"]]
            before, pages = page["next"], pages + 1
        assert ids == expected, question
        assert pages > 1


async def test_so_many_posts_are_found_and_the_oldest_make_room(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "POSTS", 8)  # one in each shard
    posts = [await house.post(caption=f"fox number{number}") for number in range(40)]
    await house.carry()
    kept = await found(house, "fox")
    assert 1 <= len(kept) <= 8
    gone = next(post for post in posts if post["id"] not in kept)
    assert await found(house, gone["caption"]) == set()
    keys = await house.store.execute("KEYS", "lf:*:found:number*")
    assert len(keys) == len(kept), "nothing is left of the others"


async def test_a_word_has_so_many_posts(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(search, "POSTS_OF_WORD", 3)
    posts = [await house.post(caption=f"fox {number}") for number in range(6)]
    await house.carry()
    newest = sorted(posts, key=lambda post: (post["created"], post["id"]))[3:]
    assert await found(house, "fox") == {post["id"] for post in newest}
    assert await found(house, f"{posts[0]['caption'][4:]}") == {posts[0]["id"]}


async def test_entries_may_come_again_and_in_any_order(house: House, seed: int) -> None:
    posts = [(await house.post(caption="fox red"))["id"] for _ in range(6)]
    for number, id in enumerate(posts):
        if number % 2:
            await house.posts.update(id, AUTHOR["id"], caption="owl")
            await house.posts.update(id, AUTHOR["id"], caption="owl fox")
        if number % 3 == 0:
            await house.posts.delete(id, AUTHOR["id"])
    batch = [entry for entry in await house.outbox() for _ in range(2)]
    random.Random(seed).shuffle(batch)
    for start in range(0, len(batch), 5):
        await house.search.apply(batch[start : start + 5])
    assert await found(house, "fox") == {posts[number] for number in (1, 2, 4, 5)}
    assert await found(house, "red") == {posts[number] for number in (2, 4)}
    assert await found(house, "owl") == {posts[number] for number in (1, 5)}
    sets = await house.store.execute("KEYS", "lf:*:found:*")
    assert len(sets) == 4, "three words and an author"


async def test_a_repeat_completes_what_broke_whichever_write_failed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as raw:
        store, failing_at = FailingStore(raw), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            edited, deleted = (await house.post(caption="fox red"))["id"], (await house.post(caption="fox"))["id"]
            await house.posts.update(edited, AUTHOR["id"], caption="owl")
            await house.posts.delete(deleted, AUTHOR["id"])
            broken = len(store.broken)
            for entry in await house.outbox():
                await store.repeat(failing_at, house.search.apply, [entry])
            left = [key.decode() for key in await store.execute("KEYS", "lf:*:found:*")]
            assert {key.split(":found:")[1] for key in left} == {"owl", f"@{AUTHOR['id']}"}
            assert await found(house, "ow") == {edited}
            assert await found(house, "fo") == set()
            if len(store.broken) == broken:
                break
        assert failing_at > 4, store.broken


@pytest.mark.parametrize(("question", "before", "limit"), [("x" * 201, None, 3), ("x", "y", 3), ("x", None, 0)])
async def test_a_question_that_cannot_be_is_refused(house: House, question: str, before: Any, limit: int) -> None:
    with pytest.raises(BadRequest):
        await house.search.find(question, before, limit)


async def test_an_entry_without_its_parts_is_refused(house: House) -> None:
    with pytest.raises(BadRequest):
        await house.search.apply([Outgoing("1-1", "post.created", "5-1", {"post": {"id": "x"}})])
