"""Notifications: told once, whatever comes again or in another order, and gone with what they are about."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest
from livefeed.feed import notifications
from livefeed.streams.outbox import Outgoing
from tests.integration.failing_store import FailingStore
from tests.integration.test_feed_house import MEDIA, House, open_house, open_store, user

ME, OTHER, THIRD = user(1), user(2), user(3)
MINE = "user:" + ME["id"]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_house(tmp_path) as house:
        known(house)
        yield house


def known(house: House) -> None:
    for number in range(1, 30):
        house.people.known[user(number)["id"]] = user(number)


async def shown(house: House, person: dict[str, str] = ME) -> list[tuple[str, list[str], int]]:
    """Return kind, actors' handles and people of a person's notifications, newest first."""
    found = (await house.notifications.read(person["id"]))["notifications"]
    return [(each["kind"], [actor["handle"] for actor in each["actors"]], each["people"]) for each in found]


async def test_what_others_do_with_ones_pictures_is_told(house: House) -> None:
    post = (await house.post(author=1))["id"]
    comment = (await house.comments.create(post, OTHER, "Nice"))["id"]
    await house.comments.create(post, ME, "Thanks @person3", parent=comment)
    await house.reactions.set(post, OTHER["id"], "🦊", True)
    remix = await house.post(author=3, parent=post)
    await house.follows.follow(OTHER, ME)
    await house.carry()
    page = await house.notifications.read(ME["id"])
    assert {each["kind"] for each in page["notifications"]} == {"comment", "reaction", "remix", "follow"}
    assert page["unread"] == 4
    by_kind = {each["kind"]: each for each in page["notifications"]}
    assert (by_kind["comment"]["text"], by_kind["comment"]["media"]) == ("Nice", MEDIA)
    assert (by_kind["remix"]["post"], by_kind["remix"]["parent"]) == (remix["id"], post)
    assert by_kind["follow"]["actors"] == [OTHER]
    assert await shown(house, OTHER) == [("reply", ["person1"], 1)]
    assert await shown(house, THIRD) == [("mention", ["person1"], 1)]
    events = await house.events(MINE)
    assert {kind for _, kind, _ in events} == {"notification.created"}
    assert sorted(data["notification"]["time"] for _, _, data in events) == sorted(
        each["time"] for each in page["notifications"]
    )
    assert all(data["notification"]["unread"] for _, _, data in events)


async def test_nobody_is_told_of_themselves(house: House) -> None:
    post = (await house.post(author=1))["id"]
    comment = (await house.comments.create(post, ME, "Mine, @person1"))["id"]
    await house.comments.create(post, ME, "again", parent=comment)
    await house.reactions.set(post, ME["id"], "🦊", True)
    await house.post(author=1, parent=post)
    await house.carry()
    assert await shown(house) == []
    assert await house.events(MINE) == []


async def test_reactions_to_one_post_are_one_notification_that_counts_people(house: House) -> None:
    post, other = (await house.post(author=1))["id"], (await house.post(author=1))["id"]
    for number in range(2, 14):
        await house.reactions.set(post, user(number)["id"], "🦊", True)
        await house.reactions.set(post, user(number)["id"], "❤️", True)
        await house.carry()
    await house.reactions.set(other, OTHER["id"], "🦊", True)
    await house.carry()
    assert await shown(house) == [
        ("reaction", ["person2"], 1),
        ("reaction", ["person13", "person12", "person11"], 12),
    ]
    told = [data["notification"] for _, _, data in await house.events(MINE)]
    assert [each["people"] for each in told if each["post"] == post] == [1, 2, 3, 5, 10]
    assert told[0]["actors"] == [OTHER]
    await house.reactions.set(post, user(13)["id"], "🦊", False)
    await house.carry()
    assert (await shown(house))[1][2] == 12, "somebody who has taken one of two back still reacts"
    await house.reactions.set(post, user(13)["id"], "❤️", False)
    await house.carry()
    assert (await shown(house))[1] == ("reaction", ["person12", "person11", "person10"], 11)


async def test_reactions_are_told_anew_once_they_were_read(house: House) -> None:
    post = (await house.post(author=1))["id"]
    for number in range(2, 8):
        await house.reactions.set(post, user(number)["id"], "🦊", True)
    await house.carry()
    [notice] = (await house.notifications.read(ME["id"]))["notifications"]
    assert await house.notifications.mark_read(ME["id"], notice["time"]) == {"until": notice["time"], "unread": 0}
    before = len(await house.events(MINE))
    await house.reactions.set(post, user(8)["id"], "🦊", True)
    await house.carry()
    page = await house.notifications.read(ME["id"])
    assert (page["unread"], page["notifications"][0]["people"]) == (1, 7)
    assert len(await house.events(MINE)) == before + 1


async def test_what_was_read_stays_read(house: House) -> None:
    post = (await house.post(author=1))["id"]
    for number in range(3):
        await house.comments.create(post, OTHER, f"{number}")
    await house.carry()
    times = [each["time"] for each in (await house.notifications.read(ME["id"]))["notifications"]]
    assert times == sorted(set(times), reverse=True)
    assert (await house.notifications.mark_read(ME["id"], times[1]))["unread"] == 1
    assert (await house.latest(MINE))["notification.read"] == {"until": times[1], "unread": 1}
    assert (await house.notifications.mark_read(ME["id"], 0)) == {"until": times[1], "unread": 1}
    assert [each["unread"] for each in (await house.notifications.read(ME["id"]))["notifications"]] == [
        *(True, False, False)
    ]
    assert (await house.notifications.mark_read(ME["id"], 2**52)) == {"until": times[0], "unread": 0}
    await house.comments.create(post, OTHER, "later")
    await house.carry()
    assert (await house.notifications.read(ME["id"]))["unread"] == 1
    with pytest.raises(BadRequest):
        await house.notifications.mark_read(ME["id"], -1)


async def test_what_is_deleted_leaves(house: House) -> None:
    post, other = (await house.post(author=1))["id"], (await house.post(author=2))["id"]
    comment = (await house.comments.create(post, OTHER, "Nice @person3"))["id"]
    await house.comments.create(other, THIRD, "On another's picture, @person1")
    remix = (await house.post(author=3, parent=post))["id"]
    await house.reactions.set(post, OTHER["id"], "🦊", True)
    await house.follows.follow(OTHER, ME)
    await house.carry()
    assert len(await shown(house)) == 5
    await house.comments.delete(comment, OTHER["id"])
    await house.posts.delete(remix, THIRD["id"])
    await house.follows.unfollow(OTHER, ME)
    await house.carry()
    assert {kind for kind, *_ in await shown(house)} == {"mention", "reaction"}
    assert await shown(house, THIRD) == []
    gone = [data["id"] for _, kind, data in await house.events(MINE) if kind == "notification.deleted"]
    assert set(gone) == {f"comment.{comment}", f"remix.{remix}", f"follow.{OTHER['id']}"}
    await house.posts.delete(post, ME["id"])
    await house.posts.delete(other, OTHER["id"])
    await house.carry()
    page = await house.notifications.read(ME["id"])
    assert (page["notifications"], page["unread"]) == ([], 0)
    assert (await house.notifications.read(ME["id"]))["unread"] == 0


async def test_a_comment_is_shown_as_it_stands_and_people_as_they_are_called(house: House) -> None:
    post = (await house.post(author=1))["id"]
    comment = (await house.comments.create(post, OTHER, "Nice"))["id"]
    await house.carry()
    await house.comments.update(comment, OTHER["id"], "Nicer @person3")
    await house.carry()
    house.people.known[OTHER["id"]] = {**OTHER, "handle": "vixen"}
    [notice] = (await house.notifications.read(ME["id"]))["notifications"]
    assert (notice["text"], notice["actors"][0]["handle"]) == ("Nicer @person3", "vixen")
    assert await shown(house, THIRD) == [("mention", ["vixen"], 1)]


async def test_the_end_of_ones_own_picture_is_told(house: House) -> None:
    id = (await house.post(author=1))["id"]
    for state in ("completed", "cancelled"):
        data = {"id": id, "state": state, "author": ME["id"], "tags": []}
        await house.notifications.apply([Outgoing("1-1", "generation.ended", "5-1", data)])
    [notice] = (await house.notifications.read(ME["id"]))["notifications"]
    assert (notice["kind"], notice["generation"], notice["state"]) == ("generation", id, "completed")
    assert (notice["actors"], notice["people"]) == ([], 0)


async def test_pages_join_and_the_oldest_leave(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(notifications, "KEPT", 5)
    post = (await house.post(author=1))["id"]
    for number in range(8):
        await house.comments.create(post, OTHER, f"{number}")
    await house.carry()
    first = await house.notifications.read(ME["id"], limit=3)
    second = await house.notifications.read(ME["id"], first["next"], 3)
    texts = [each["text"] for each in first["notifications"] + second["notifications"]]
    assert len(set(texts)) == 5
    assert second["next"] is None
    assert first["unread"] == 5
    for before, limit in (("x", 3), (None, 0), (None, 101)):
        with pytest.raises(BadRequest):
            await house.notifications.read(ME["id"], before, limit)


async def test_so_many_people_are_counted(house: House, monkeypatch: Any) -> None:
    monkeypatch.setattr(notifications, "PEOPLE", 3)
    post = (await house.post(author=1))["id"]
    for number in range(2, 8):
        await house.reactions.set(post, user(number)["id"], "🦊", True)
    await house.carry()
    assert (await shown(house))[0][2] == 3


async def happenings(house: House) -> str:
    """Let everything happen that is told; return the one post that remains."""
    post, doomed = (await house.post(author=1))["id"], (await house.post(author=1))["id"]
    comments = [(await house.comments.create(post, OTHER, f"{number} @person3"))["id"] for number in range(3)]
    await house.comments.create(doomed, OTHER, "on a picture that goes")
    await house.comments.delete(comments[0], OTHER["id"])
    for number in (2, 3, 4):
        await house.reactions.set(post, user(number)["id"], "🦊", True)
        await house.reactions.set(doomed, user(number)["id"], "🦊", True)
    await house.reactions.set(post, user(4)["id"], "🦊", False)
    remixes = [(await house.post(author=3, parent=post))["id"] for _ in range(2)]
    await house.posts.delete(remixes[0], THIRD["id"])
    await house.follows.follow(OTHER, ME)
    await house.follows.follow(THIRD, ME)
    await house.follows.unfollow(THIRD, ME)
    await house.posts.delete(doomed, ME["id"])
    return post


EXPECTED = {("comment", 1): 2, ("reaction", 2): 1, ("remix", 1): 1, ("follow", 1): 1}


async def check(house: House) -> None:
    found: dict[tuple[str, int], int] = {}
    for kind, _, people in await shown(house):
        found[kind, people] = found.get((kind, people), 0) + 1
    assert found == EXPECTED
    assert [kind for kind, *_ in await shown(house, THIRD)] == ["mention", "mention"]
    told: set[str] = set()
    for _, kind, data in await house.events(MINE):
        if kind == "notification.created":
            told.add(data["notification"]["id"])
        else:
            told.discard(data["id"])
    listed = {each["id"] for each in (await house.notifications.read(ME["id"]))["notifications"]}
    assert told >= listed, "what is listed was told"


async def test_entries_may_come_again_and_in_any_order(house: House, seed: int) -> None:
    await happenings(house)
    batch = [entry for entry in await house.outbox() for _ in range(2)]
    random.Random(seed).shuffle(batch)
    for entry in batch:
        await house.notifications.apply([entry])
    await check(house)


async def test_a_repeat_completes_a_notification_whichever_write_failed(tmp_path: Path) -> None:
    async with open_store(tmp_path) as raw:
        store, failing_at = FailingStore(raw), 0
        while True:
            failing_at += 1
            await store.execute("FLUSHALL")
            house = House(store, seed=failing_at)
            known(house)
            await happenings(house)
            broken = len(store.broken)
            for entry in await house.outbox():
                await store.repeat(failing_at, house.notifications.apply, [entry])
            await check(house)
            top = (await house.notifications.read(ME["id"]))["notifications"][0]["time"]
            await store.repeat(failing_at, house.notifications.mark_read, ME["id"], top)
            assert (await house.notifications.read(ME["id"]))["unread"] == 0
            assert (await house.latest(MINE))["notification.read"] == {"until": top, "unread": 0}
            if len(store.broken) == broken:
                break
        assert failing_at > 8, store.broken
