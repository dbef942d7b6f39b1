"""Rooms on a real store: opened, joined, talked in, painted in, voted on, published once."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import (
    BadRequest,
    Busy,
    Conflict,
    Forbidden,
    KeyReused,
    LivefeedError,
    NotEnoughVotes,
    NotFound,
)
from livefeed.rooms import members as members_module
from livefeed.rooms import talk as talk_module
from livefeed.streams.connection import RedisStore
from livefeed.streams.embedded import binary
from livefeed.streams.outbox import Outgoing
from tests.integration.test_feed_house import user
from tests.integration.test_room_house import EDITOR, MADE, OWNER, SECOND, STRANGER, VIEWER, Page, RoomHouse


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The store of all these tests: each begins with it empty."""
    folder = tmp_path_factory.mktemp("rooms")
    command = [binary(), "--port", "0", "--unixsocket", str(folder / "store.sock"), "--dir", str(folder), "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield folder / "store.sock"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
async def house(socket: Path) -> AsyncIterator[RoomHouse]:
    async with RedisStore(f"unix://{socket}", timeout_s=20) as store:
        await store.execute("FLUSHALL")
        yield RoomHouse(store)


# Opening and reading.


async def test_whoever_opens_a_room_is_its_owner_and_alone_there(house: RoomHouse) -> None:
    parent = await house.feed.post(author=9)
    room = await house.rooms.open(user(1), parent["id"])
    assert room == {
        "id": room["id"],
        "topic": "room:" + room["id"],
        "post": parent,
        "parent_id": parent["id"],
        "owner": user(1),
        "role": "owner",
        "epoch": room["epoch"],
        "state": "open",
        "created": room["created"],
    }
    found = await house.rooms.read(room["id"], OWNER)
    assert found["room"] == room
    assert found["members"] == [{"user": user(1), "role": "owner"}]
    assert (found["variations"], found["votes"], found["vote"], found["messages"]) == ([], {}, None, [])
    [(id, kind, data)] = await house.feed.events(room["topic"])
    assert (id, kind, data) == (found["at"], "room.member", {"user": user(1), "role": "owner"})


async def test_every_room_has_a_document_of_its_own_epoch(house: RoomHouse) -> None:
    epochs = {(await house.rooms.read(await house.room(), OWNER))["room"]["epoch"] for _ in range(3)}
    assert len(epochs) == 3


async def test_a_room_needs_a_picture_that_is_there(house: RoomHouse) -> None:
    gone = await house.feed.post(author=9)
    await house.feed.posts.delete(gone["id"], user(9)["id"])
    for post in (gone["id"], "01m00000000000000000zz", "x", 7, None):
        with pytest.raises(NotFound):
            await house.rooms.open(user(1), post)


async def test_the_same_key_opens_the_same_room_even_after_its_picture_has_gone(house: RoomHouse) -> None:
    parent = (await house.feed.post(author=9))["id"]
    first = await house.rooms.open(user(1), parent, key="k")
    await house.feed.posts.delete(parent, user(9)["id"])
    again = await house.rooms.open(user(1), parent, key="k")
    assert again == {**first, "post": None}
    assert await house.told(first["id"]) == [("member", {"user": user(1), "role": "owner"})]
    with pytest.raises(KeyReused):
        await house.rooms.open(user(1), "01m00000000000000000zz", key="k")


async def test_a_room_goes_on_when_its_picture_is_deleted(house: RoomHouse) -> None:
    room = await house.room()
    parent = (await house.rooms.read(room, VIEWER))["room"]["parent_id"]
    await house.feed.posts.delete(parent, user(9)["id"])
    found = (await house.rooms.read(room, VIEWER))["room"]
    assert (found["post"], found["parent_id"]) == (None, parent)
    variation = await house.painted(room)
    assert house.easel.wishes[-1].parent is None
    assert house.easel.wishes[-1].strength is None
    assert (await house.publishing.publish(room, user(1), variation))["parent"] == parent


@pytest.mark.parametrize("asks", ["read", "glance"])
async def test_nobody_else_learns_that_a_room_exists(house: RoomHouse, asks: str) -> None:
    room = await house.room()
    refusals = set()
    for id, viewer in ((room, STRANGER), ("01m00000000000000000zz", OWNER), ("x", OWNER)):
        with pytest.raises(NotFound) as caught:
            await getattr(house.rooms, asks)(id, viewer)
        refusals.add(caught.value.message)
    assert len(refusals) == 1
    assert await house.rooms.role(room, STRANGER) is None
    assert await house.rooms.roles(room, [OWNER, STRANGER, VIEWER]) == {OWNER: "owner", VIEWER: "viewer"}
    assert await house.rooms.roles("x", [OWNER]) == {}


# Rights: every command, every role.

ALLOWED: dict[str, set[str]] = {
    "read": {"owner", "editor", "viewer"},
    "list messages": {"owner", "editor", "viewer"},
    "say": {"owner", "editor", "viewer"},
    "react": {"owner", "editor", "viewer"},
    "begin a variation": {"owner", "editor"},
    "vote": {"owner", "editor"},
    "take a vote back": {"owner", "editor"},
    "publish": {"owner"},
    "set a member": {"owner"},
    "take a member out": {"owner"},
    "invite": {"owner"},
    "end an invitation": {"owner"},
}
PEOPLE = {"owner": 1, "editor": 2, "viewer": 4, "outsider": 5}


async def attempt(house: RoomHouse, command: str, room: str, who: int) -> str:
    """Return 'done', or the code of the refusal."""
    variation, message = await house.painted(room), (await house.talk.say(room, user(1), "here"))["id"]
    person, id = user(who), user(who)["id"]
    commands = {
        "read": lambda: house.rooms.read(room, id),
        "list messages": lambda: house.talk.list(room, id),
        "say": lambda: house.talk.say(room, person, "hello"),
        "react": lambda: house.talk.react(room, message, id, "👍", True),
        "begin a variation": lambda: house.variations.begin(room, person),
        "vote": lambda: house.votes.set(room, person, variation, True),
        "take a vote back": lambda: house.votes.set(room, person, variation, False),
        "publish": lambda: house.publishing.publish(room, person, variation),
        "set a member": lambda: house.members.set(room, id, user(6), "viewer"),
        "take a member out": lambda: house.members.remove(room, id, user(3)),
        "invite": lambda: house.members.invite(room, id, "viewer"),
        "end an invitation": lambda: house.members.end_invite(room, id, "viewer"),
    }
    try:
        await commands[command]()
    except LivefeedError as refused:
        return refused.code
    return "done"


@pytest.mark.parametrize("command", ALLOWED)
async def test_who_may_do_what(house: RoomHouse, command: str) -> None:
    for role, who in PEOPLE.items():
        expected = "done" if role in ALLOWED[command] else "not_found" if role == "outsider" else "forbidden"
        if command == "publish" and role == "editor":
            expected = "not_enough_votes"
        assert await attempt(house, command, await house.room(), who) == expected, role


# Members.


async def test_a_role_that_changes_is_told_and_one_that_stays_is_not(house: RoomHouse) -> None:
    room = await house.room()
    before = len(await house.told(room))
    await house.members.set(room, OWNER, user(2), "editor")
    assert len(await house.told(room)) == before
    member = await house.members.set(room, OWNER, user(2), "viewer")
    assert member == {"user": user(2), "role": "viewer"}
    assert (await house.told(room))[before:] == [("member", member)]
    assert str(await house.rooms.role(room, EDITOR)) == "viewer"


async def test_an_owner_stays_and_others_may_leave(house: RoomHouse) -> None:
    room = await house.room()
    with pytest.raises(Conflict):
        await house.members.remove(room, OWNER, user(1))
    with pytest.raises(Conflict):
        await house.members.set(room, OWNER, user(1), "viewer")
    with pytest.raises(Forbidden):
        await house.members.remove(room, EDITOR, user(4))
    for _ in range(2):
        await house.members.remove(room, EDITOR, user(2))
    assert await house.rooms.role(room, EDITOR) is None
    told = await house.told(room)
    assert told[-1] == ("member", {"user": user(2), "role": None})
    await house.members.remove(room, OWNER, user(2))
    for id in (room, "01m00000000000000000zz"):
        await house.members.remove(id, STRANGER, user(5))
    assert await house.told(room) == told


@pytest.mark.parametrize("role", ["owner", "guest", "", None, 7])
async def test_only_editors_and_viewers_are_made(house: RoomHouse, role: Any) -> None:
    room = await house.room()
    with pytest.raises(BadRequest):
        await house.members.set(room, OWNER, user(6), role)
    with pytest.raises(BadRequest):
        await house.members.invite(room, OWNER, role)


async def test_a_vote_goes_with_the_right_to_vote(house: RoomHouse) -> None:
    room = await house.room()
    variation = await house.painted(room)
    for number in (1, 2, 3):
        await house.votes.set(room, user(number), variation, True)
    await house.members.set(room, OWNER, user(2), "viewer")
    await house.members.remove(room, OWNER, user(3))
    assert (await house.rooms.read(room, OWNER))["votes"] == {variation: 1}
    votes = [data for _, data in await house.told(room, "vote")]
    assert [(data["user"]["id"], data["on"], data["votes"]) for data in votes[3:]] == [
        (EDITOR, False, {variation: 2}),
        (SECOND, False, {variation: 1}),
    ]


async def test_a_room_has_room_for_so_many(house: RoomHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    room = await house.room()
    monkeypatch.setattr(members_module, "MAX_MEMBERS", 5)
    _, token = await house.members.invite(room, OWNER, "viewer")
    await house.members.join(room, user(6), token)
    with pytest.raises(Conflict):
        await house.members.join(room, user(7), token)
    with pytest.raises(Conflict):
        await house.members.set(room, OWNER, user(7), "viewer")
    await house.members.set(room, OWNER, user(6), "editor")
    await house.members.remove(room, OWNER, user(6))
    await house.members.join(room, user(7), token)


# Invitations.


async def test_an_invitation_stays_the_same_until_it_is_ended(house: RoomHouse) -> None:
    room = await house.room()
    role, token = await house.members.invite(room, OWNER, "editor")
    assert (role, len(token)) == ("editor", 32)
    assert await house.members.invite(room, OWNER, "editor") == (role, token)
    assert (await house.members.invite(room, OWNER, "viewer"))[1] != token
    await house.members.join(room, user(6), token)
    await house.members.end_invite(room, OWNER, "editor")
    await house.members.end_invite(room, OWNER, "editor")
    with pytest.raises(NotFound):
        await house.members.join(room, user(7), token)
    assert str(await house.rooms.role(room, user(6)["id"])) == "editor"
    assert (await house.members.invite(room, OWNER, "editor"))[1] != token


async def test_nobody_loses_a_right_by_a_link(house: RoomHouse) -> None:
    room = await house.room()
    _, viewers = await house.members.invite(room, OWNER, "viewer")
    _, editors = await house.members.invite(room, OWNER, "editor")
    before = len(await house.told(room))
    for number in (1, 2, 4):
        await house.members.join(room, user(number), viewers)
    assert len(await house.told(room)) == before
    await house.members.join(room, user(4), editors)
    assert str(await house.rooms.role(room, VIEWER)) == "editor"


async def test_a_wrong_token_opens_nothing(house: RoomHouse) -> None:
    room, other = await house.room(), await house.room()
    _, token = await house.members.invite(other, OWNER, "viewer")
    wrong = [(room, token), (room, "A" * 32), (room, ""), (room, None), ("01m00000000000000000zz", token), ("x", token)]
    for id, tried in wrong:
        with pytest.raises(NotFound):
            await house.members.join(id, user(6), tried)
    assert await house.rooms.role(room, user(6)["id"]) is None


# Lists.


async def test_people_find_the_rooms_they_are_in_and_no_others(house: RoomHouse) -> None:
    first, second = await house.room(), await house.room()
    await house.members.remove(second, OWNER, user(4))
    await house.carry()
    assert {room["id"] for room in await house.rooms.mine(OWNER)} == {first, second}
    assert [(room["id"], room["role"]) for room in await house.rooms.mine(VIEWER)] == [(first, "viewer")]
    assert await house.rooms.mine(STRANGER) == []


async def test_a_list_does_not_depend_on_the_order_in_which_it_is_told(house: RoomHouse) -> None:
    room = await house.room()
    await house.members.remove(room, OWNER, user(4))
    entries = [entry for entry in await house.feed.outbox() if entry.type == "room.member"]
    for batch in (entries[::-1], entries):
        for entry in batch:
            await house.projection.apply([entry])
    shelf = await house.store.execute("KEYS", f"lf:*:rooms:{VIEWER}")
    assert shelf == []
    await house.members.set(room, OWNER, user(4), "viewer")
    late = [entry for entry in await house.feed.outbox() if entry.type == "room.member"]
    for entry in late[::-1]:
        await house.projection.apply([entry])
    assert [found["id"] for found in await house.rooms.mine(VIEWER)] == [room]


# Talk.


async def test_what_is_said_is_there_in_its_order_and_told_so(house: RoomHouse) -> None:
    room = await house.room()
    said = [await house.talk.say(room, user(number), f"  word\u202e {number}\x00") for number in (1, 4, 2)]
    assert [message["text"] for message in said] == ["  word 1", "  word 4", "  word 2"]
    found = await house.rooms.read(room, VIEWER)
    assert found["messages"] == said
    assert [data["message"] for _, data in await house.told(room, "message")] == said
    assert found["next"] is None


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001, 7, None, "\ud800"])
async def test_a_message_that_is_none_is_refused(house: RoomHouse, text: Any) -> None:
    room = await house.room()
    with pytest.raises(BadRequest):
        await house.talk.say(room, user(1), text)


async def test_a_message_with_a_key_is_said_once(house: RoomHouse) -> None:
    room, other = await house.room(), await house.room()
    said = await asyncio.gather(*[house.talk.say(room, user(1), "once", key="k") for _ in range(5)])
    assert len({message["id"] for message in said}) == 1
    assert len((await house.talk.list(room, OWNER))["messages"]) == 1
    with pytest.raises(KeyReused):
        await house.talk.say(room, user(1), "twice", key="k")
    assert (await house.talk.say(other, user(1), "once", key="k"))["id"] != said[0]["id"]


async def test_messages_come_in_pages(house: RoomHouse) -> None:
    room = await house.room()
    for number in range(7):
        await house.talk.say(room, user(1), str(number))
    texts, before = [], None
    while True:
        page = await house.talk.list(room, OWNER, before, 3)
        texts = [message["text"] for message in page["messages"]] + texts
        before = page["next"]
        if before is None:
            break
    assert texts == [str(number) for number in range(7)]
    for limit, cursor in ((0, None), (101, None), (3, "x"), (3, "0")):
        with pytest.raises(BadRequest):
            await house.talk.list(room, OWNER, cursor, limit)


async def test_reactions_are_counted_once_per_person_and_told_with_their_message(house: RoomHouse) -> None:
    room = await house.room()
    message = (await house.talk.say(room, user(1), "look"))["id"]
    before = len(await house.told(room))
    assert await house.talk.react(room, message, OWNER, "❤", True) == {"reactions": {"❤️": 1}, "mine": ["❤️"]}
    assert await house.talk.react(room, message, OWNER, "❤️", True) == {"reactions": {"❤️": 1}, "mine": ["❤️"]}
    answer = await house.talk.react(room, message, VIEWER, "❤️", True)
    assert answer == {"reactions": {"❤️": 2}, "mine": ["❤️"]}
    await house.talk.react(room, message, VIEWER, "🦊", True)
    answer = await house.talk.react(room, message, OWNER, "❤️", False)
    assert answer == {"reactions": {"❤️": 1, "🦊": 1}, "mine": []}
    told = [data["message"]["reactions"] for _, data in (await house.told(room))[before:]]
    assert told == [{"❤️": 1}, {"❤️": 2}, {"❤️": 2, "🦊": 1}, {"❤️": 1, "🦊": 1}]
    found = await house.rooms.read(room, VIEWER)
    assert found["messages"][0]["reactions"] == {"❤️": 1, "🦊": 1}
    assert found["mine"] == {message: ["❤️", "🦊"]}
    assert (await house.rooms.read(room, OWNER))["mine"] == {}


async def test_reactions_need_an_emoji_a_message_and_room(house: RoomHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    room, other = await house.room(), await house.room()
    message = (await house.talk.say(room, user(1), "look"))["id"]
    with pytest.raises(BadRequest):
        await house.talk.react(room, message, OWNER, "fox", True)
    for id in ("x", "01m00000000000000000zz"):
        with pytest.raises(NotFound):
            await house.talk.react(room, id, OWNER, "🦊", True)
    with pytest.raises(NotFound):
        await house.talk.react(other, message, OWNER, "🦊", True)
    monkeypatch.setattr(talk_module, "MAX_EMOJIS", 1)
    await house.talk.react(room, message, OWNER, "🦊", True)
    with pytest.raises(Conflict):
        await house.talk.react(room, message, OWNER, "🐙", True)
    await house.talk.react(room, message, VIEWER, "🦊", True)


async def test_a_room_keeps_so_many_messages_and_nothing_of_older_ones(
    house: RoomHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk_module, "MAX_MESSAGES", 3)
    room = await house.room()
    for number in range(5):
        message = await house.talk.say(room, user(1), str(number))
        await house.talk.react(room, message["id"], OWNER, "🦊", True)
    assert [message["text"] for message in (await house.talk.list(room, OWNER))["messages"]] == ["2", "3", "4"]
    for kind, command in (("messages", "HLEN"), ("applause", "HLEN"), ("reacted", "ZCARD"), ("talk", "ZCARD")):
        [key] = await house.store.execute("KEYS", f"lf:*:{kind}:{room}")
        assert await house.store.execute(command, key.decode()) == 3, kind


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
    assert (wish.prompt, wish.parent, wish.strokes) == ("a fox in the snow, woodcut", parent, [b"stroke"])
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
    assert (post["author"], post["parent"]) == (user(1), parent)
    assert (post["caption"], post["prompt"], post["tags"]) == (" Ours #winter ", "a fox in the snow", ["winter"])
    assert post["credits"] == [user(1), user(2), user(3)]
    assert [data["post"] for _, data in await house.told(room, "published")] == [post]
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
        assert (await house.publishing.publish(room, user(2), variation))["author"] == user(2)
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
