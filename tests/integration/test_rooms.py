"""Rooms on a real store: opened, read, listed; who may do what in them."""

from __future__ import annotations

import pytest

from livefeed.errors import (
    BadRequest,
    KeyReused,
    LivefeedError,
    NotFound,
)
from livefeed.rooms import service
from tests.integration.test_feed_house import user
from tests.integration.test_room_house import OWNER, STRANGER, VIEWER, RoomHouse

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


# Lists.


async def test_people_find_the_rooms_they_are_in_and_no_others(house: RoomHouse) -> None:
    first, second = await house.room(), await house.room()
    await house.members.remove(second, OWNER, user(4))
    await house.carry()
    assert {room["id"] for room in await house.rooms.mine(OWNER)} == {first, second}
    assert [(room["id"], room["role"]) for room in await house.rooms.mine(VIEWER)] == [(first, "viewer")]
    assert await house.rooms.mine(STRANGER) == []


async def test_a_long_list_is_read_page_by_page(house: RoomHouse) -> None:
    rooms = {await house.room() for _ in range(5)}
    await house.carry()
    found, before = [], None
    while not found or before is not None:
        page = await house.rooms.page(OWNER, before, limit=2)
        found += [room["id"] for room in page["rooms"]]
        before = page["next"]
    assert (len(found), set(found)) == (5, rooms)
    assert found == [room["id"] for room in await house.rooms.mine(OWNER)]
    assert await house.rooms.count(OWNER) == 5
    for wrong in ("", "x", "1-2"):
        with pytest.raises(BadRequest):
            await house.rooms.page(OWNER, wrong, limit=2)


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


async def test_people_find_the_rooms_of_one_picture_wherever_on_their_list_these_are(
    house: RoomHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "NEWEST", 2)
    wanted = await house.room()
    parent = (await house.rooms.read(wanted, OWNER))["room"]["parent_id"]
    for _ in range(5):
        await house.room()
    again = (await house.rooms.open(user(1), parent))["id"]
    await house.carry()
    assert [room["id"] for room in await house.rooms.mine(OWNER, post=parent)] == [again, wanted]
    assert [room["id"] for room in await house.rooms.mine(VIEWER, post=parent)] == [wanted]
    for post in ("01m00000000000000000zz", "x", ""):
        assert await house.rooms.mine(OWNER, post=post) == []
    assert len(await house.rooms.mine(OWNER)) == 2
