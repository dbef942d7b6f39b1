"""What a room has painted, votes on and publishes once, on a real store."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from livefeed.errors import (
    BadRequest,
    Busy,
    Conflict,
    Forbidden,
    KeyReused,
    NotEnoughVotes,
    NotFound,
)
from livefeed.rooms import variations as variations_module
from livefeed.streams.outbox import Outgoing
from tests.integration.test_feed_house import painter, user
from tests.integration.test_room_house import EDITOR, MADE, OWNER, SECOND, VIEWER, Page, RoomHouse

# Variations.


async def test_a_variation_is_painted_from_what_the_document_says(house: RoomHouse) -> None:
    room = await house.room()
    house.papers.page = Page(
        "a fox in the snow",
        {"width": 512.0, "height": 640.0, "strength": 0.8, "seed": 5.0, "generator": "quick", "style": "woodcut"},
        [b"stroke"],
    )
    variation = await house.variations.begin(room, user(2))
    [wish] = house.easel.wishes
    parent = (await house.rooms.read(room, OWNER))["room"]["parent_id"]
    assert (wish.prompt, wish.style, wish.parent) == ("a fox in the snow", "woodcut", parent)
    assert (wish.strokes, variation["style"]) == ([b"stroke"], "woodcut")
    assert (wish.width, wish.height, wish.strength, wish.seed) == (512, 640, 0.8, 5)
    assert (wish.generator, variation["state"], variation["author"]) == ("quick", "queued", user(2))
    assert variation["topic"] == "generation:" + variation["id"]
    assert (await house.rooms.read(room, OWNER))["variations"] == [variation]
    assert [data for _, data in await house.told(room, "variation")] == [{"variation": variation}]
    assert (await house.variations.begin(room, user(2), seed=11))["seed"] == 11


async def test_a_variation_is_told_again_at_its_end_whoever_brings_the_news(house: RoomHouse) -> None:
    room = await house.room()
    variation = (await house.variations.begin(room, user(2)))["id"]
    news = Outgoing("1-1", "generation.ended", "1-1", {"id": variation, "room": room, "state": "failed"})
    house.easel.change(variation, "failed", error={"stage": "painting", "code": "no_picture", "message": "Nothing."})
    for _ in range(3):
        await house.projection.apply([news])
    told = [data["variation"] for _, data in await house.told(room, "variation")]
    assert [item["state"] for item in told] == ["queued", "failed"]
    assert (told[1]["code"], told[1]["message"]) == ("no_picture", "Nothing.")
    assert (await house.rooms.read(room, OWNER))["variations"] == [told[1]]


async def test_of_two_readings_of_a_generation_the_later_one_stands(house: RoomHouse) -> None:
    room = await house.room()
    variation = (await house.variations.begin(room, user(2)))["id"]
    queued = house.easel.paintings[variation]
    house.easel.finish(variation)
    await house.variations.note(variation)
    house.easel.paintings[variation] = queued
    await house.variations.note(variation)
    assert [item["state"] for item in (await house.rooms.read(room, OWNER))["variations"]] == ["completed"]
    assert len(await house.told(room, "variation")) == 2


async def test_a_variation_that_a_crash_cut_short_is_told_by_the_projection(house: RoomHouse) -> None:
    """The generation was made, and the server died before the room heard of it."""
    room = await house.room()
    begun = house.easel.begin
    variation: list[str] = []

    async def begin(*args: Any, **more: Any) -> str:
        variation.append(await begun(*args, **more))
        raise Busy("The server died here.")

    house.easel.begin = begin  # type: ignore[method-assign]
    with pytest.raises(Busy):
        await house.variations.begin(room, user(2))
    assert (await house.rooms.read(room, OWNER))["variations"] == []
    news = Outgoing("1-1", "generation.queued", "1-1", {"id": variation[0], "room": room, "user": EDITOR})
    await house.projection.apply([news, news])
    assert [item["id"] for item in (await house.rooms.read(room, OWNER))["variations"]] == variation
    assert len(await house.told(room, "variation")) == 1


async def test_a_variation_with_a_key_is_one_whatever_the_document_says_meanwhile(house: RoomHouse) -> None:
    room, other = await house.room(), await house.room()
    first = await house.variations.begin(room, user(2), key="k")
    house.papers.page = Page("an owl")
    assert await house.variations.begin(room, user(2), key="k") == first
    assert len(house.easel.wishes) == 1
    with pytest.raises(KeyReused):
        await house.variations.begin(other, user(2), key="k")


async def test_what_painting_refuses_leaves_nothing_in_the_room(house: RoomHouse) -> None:
    room = await house.room()
    house.easel.trouble = [Busy("Everyone is busy.")]
    with pytest.raises(Busy):
        await house.variations.begin(room, user(2))
    assert (await house.rooms.read(room, OWNER))["variations"] == []


@pytest.mark.parametrize("role", ["viewer", None])
async def test_whoever_lost_the_right_while_a_variation_was_prepared_has_none_painted(
    house: RoomHouse, role: str | None
) -> None:
    """The right is asked in the step in which the picture is begun, not only before."""
    room = await house.room()
    change = house.members.remove(room, OWNER, user(2))
    if role is not None:
        change.close()
        change = house.members.set(room, OWNER, user(2), role)  # type: ignore[assignment]
    house.easel.meanwhile = lambda: change
    with pytest.raises(NotFound if role is None else Forbidden):
        await house.variations.begin(room, user(2))
    assert house.easel.paintings == {}
    assert (await house.rooms.read(room, OWNER))["variations"] == []


async def test_a_room_has_so_many_variations_on_the_way_and_so_many_in_all(
    house: RoomHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(variations_module, "MAX_ON_THE_WAY", 2)
    monkeypatch.setattr(variations_module, "MAX_VARIATIONS", 3)
    room = await house.room()
    first = (await house.variations.begin(room, user(1)))["id"]
    await house.variations.begin(room, user(2))
    with pytest.raises(Conflict, match="2 variations on the way"):
        await house.variations.begin(room, user(3))
    house.easel.change(first, "failed", error={"stage": "painting", "code": "x", "message": '"state":"queued"'})
    await house.variations.note(first)
    third = (await house.variations.begin(room, user(3)))["id"]
    house.easel.finish(third)
    await house.variations.note(third)
    with pytest.raises(Conflict, match="3 variations, as many"):
        await house.variations.begin(room, user(3))


@pytest.mark.parametrize(
    ("state", "cleared"),
    [("completed", True), ("cancelled", True), ("refused", True), ("aborted", True), ("failed", False)],
)
async def test_what_a_variation_started_from_goes_when_it_can_never_be_painted_again(
    house: RoomHouse, state: str, cleared: bool
) -> None:
    room = await house.room()
    variation = (await house.variations.begin(room, user(2)))["id"]
    house.easel.change(variation, state, drawings=["a" * 64, "b" * 64])
    await house.variations.note(variation)
    assert house.easel.cleared == (["a" * 64, "b" * 64] if cleared else [])


# Votes.


async def test_a_person_has_one_vote_which_moves(house: RoomHouse) -> None:
    room = await house.room()
    one, two = await house.painted(room), await house.painted(room)
    for variation in (one, one, two):
        await house.votes.set(room, user(1), variation, True)
    await house.votes.set(room, user(2), one, True)
    await house.votes.set(room, user(2), two, False)
    found = await house.rooms.read(room, EDITOR)
    assert (found["votes"], found["vote"]) == ({one: 1, two: 1}, one)
    await house.votes.set(room, user(2), one, False)
    told = [(data["variation"], data["on"], data["votes"]) for _, data in await house.told(room, "vote")]
    assert told == [(one, True, {one: 1}), (two, True, {two: 1}), (one, True, {one: 1, two: 1}), (one, False, {two: 1})]
    for wrong in ("x", "01m00000000000000000zz"):
        with pytest.raises(NotFound):
            await house.votes.set(room, user(1), wrong, True)


async def test_the_document_shows_what_the_room_decides(house: RoomHouse) -> None:
    room = await house.room()
    variation = await house.painted(room)
    await house.votes.set(room, user(1), variation, True)
    await house.carry()
    shown = {"state": "completed", "seed": 7, "prompt": "a fox in the snow"}
    assert house.papers.mirrored[room] == ({variation: shown}, {OWNER: variation})


# Publishing.


async def test_an_owner_publishes_and_all_names_are_on_it(house: RoomHouse) -> None:
    room = await house.room(caption="#fox")
    variation = await house.painted(room, by=3)
    house.papers.who_edited = {OWNER, EDITOR, SECOND}
    post = await house.publishing.publish(room, user(1), variation, caption=" Ours #winter ")
    parent = (await house.rooms.read(room, OWNER))["room"]["parent_id"]
    assert (post["author"], post["parent"]) == (painter(1), parent)
    assert (post["caption"], post["prompt"], post["tags"]) == (" Ours #winter ", "a fox in the snow", ["winter"])
    assert post["credits"] == [painter(1), user(2), user(3)], "who has a new face has it everywhere"
    inside = {name: value for name, value in post.items() if name != "origin"}
    assert [data["post"] for _, data in await house.told(room, "published")] == [inside], "which nobody could take back"
    assert [data["post"] for _, _, data in await house.feed.events("post:" + post["id"])] == [post]
    made, _ = await house.feed.posts.provenance(post["id"])
    assert made["generator"] == MADE["generator"]
    await house.feed.carry()
    assert post["id"] in await house.feed.ids("feed:all")
    nodes = (await house.feed.lineages.read(post["id"]))["nodes"]
    assert [node["id"] for node in nodes] == [parent, post["id"]]
    assert nodes[1]["credits"] == post["credits"]
    found = (await house.rooms.read(room, VIEWER))["room"]
    assert (found["state"], found["published"]) == ("published", post["id"])


async def test_whoever_is_named_on_a_picture_is_told_once_that_it_was_published(house: RoomHouse) -> None:
    house.feed.people.known = {user(number)["id"]: user(number) for number in range(1, 10)}
    room = await house.room()
    house.papers.who_edited = {OWNER, EDITOR, user(9)["id"]}
    post = await house.publishing.publish(room, user(1), await house.painted(room, by=3))
    for _ in range(2):  # what is told comes again
        await house.feed.carry()
    told = {"kind": "publication", "post": post["id"], "actors": [user(1)], "people": 1, "unread": True}
    for person in (2, 3, 9):  # the picture that was remixed is the ninth's, who is told no second time
        [notice] = (await house.feed.notifications.read(user(person)["id"]))["notifications"]
        assert {name: notice[name] for name in told} == told
        assert notice["media"] == post["media"]
    for person in (1, 4):
        assert (await house.feed.notifications.read(user(person)["id"]))["notifications"] == []
    await house.feed.posts.delete(post["id"], OWNER)
    await house.feed.carry()
    assert await house.feed.types("user:" + EDITOR) == ["notification.created", "notification.deleted"]
    assert (await house.feed.notifications.read(EDITOR))["unread"] == 0


@pytest.mark.parametrize(("voters", "expected"), [((), 403), ((2,), 403), ((2, 3), 201), ((1, 2), 201)])
async def test_an_editor_publishes_once_more_than_half_vote_for_it(
    house: RoomHouse, voters: tuple[int, ...], expected: int
) -> None:
    """Of three who may vote: the viewer does not count."""
    room = await house.room()
    variation, other = await house.painted(room), await house.painted(room)
    for voter in voters:
        await house.votes.set(room, user(voter), variation, True)
    with pytest.raises(NotEnoughVotes):
        await house.publishing.publish(room, user(2), other)
    if expected == 201:
        assert (await house.publishing.publish(room, user(2), variation))["author"] == painter(2)
    else:
        with pytest.raises(NotEnoughVotes):
            await house.publishing.publish(room, user(2), variation)


async def test_half_of_them_is_not_more_than_half(house: RoomHouse) -> None:
    room = await house.room()
    await house.members.set(room, OWNER, user(4), "editor")
    variation = await house.painted(room)
    for voter in (2, 3):
        await house.votes.set(room, user(voter), variation, True)
    with pytest.raises(NotEnoughVotes):
        await house.publishing.publish(room, user(2), variation)
    await house.members.remove(room, OWNER, user(4))
    await house.publishing.publish(room, user(2), variation)


async def test_a_room_publishes_once(house: RoomHouse) -> None:
    room = await house.room()
    variation, other = await house.painted(room), await house.painted(room)
    tries = [house.publishing.publish(room, user(1), variation, caption=str(number)) for number in range(8)]
    posts = await asyncio.gather(*tries)
    assert len({post["id"] for post in posts}) == 1
    assert len({post["caption"] for post in posts}) == 1
    assert len(await house.told(room, "published")) == 1
    for command in (
        lambda: house.publishing.publish(room, user(1), other),
        lambda: house.variations.begin(room, user(1)),
        lambda: house.votes.set(room, user(1), other, True),
    ):
        with pytest.raises(Conflict):
            await command()
    await house.talk.say(room, user(1), "we did it")
    await house.feed.posts.delete(posts[0]["id"], OWNER)
    with pytest.raises(NotFound):
        await house.publishing.publish(room, user(1), variation)
    assert not await house.feed.posts.exists(posts[0]["id"])


async def test_only_what_is_finished_is_published(house: RoomHouse) -> None:
    room, other = await house.room(), await house.room()
    waiting = (await house.variations.begin(room, user(1)))["id"]
    with pytest.raises(Conflict):
        await house.publishing.publish(room, user(1), waiting)
    for wrong in ("x", "01m00000000000000000zz", await house.painted(other)):
        with pytest.raises(NotFound):
            await house.publishing.publish(room, user(1), wrong)
    with pytest.raises(BadRequest):
        await house.publishing.publish(room, user(1), await house.painted(room), caption="x" * 1001)


async def test_people_are_shown_as_they_are_called_now(house: RoomHouse) -> None:
    room = await house.room()
    house.papers.who_edited = {EDITOR}
    post = await house.publishing.publish(room, user(1), await house.painted(room))
    house.feed.people.known = {EDITOR: {**user(2), "handle": "renamed"}}
    shown = (await house.feed.posts.get(post["id"]))["post"]
    assert [person["handle"] for person in shown["credits"]] == ["person1", "renamed"]
