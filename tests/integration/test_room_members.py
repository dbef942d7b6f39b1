"""Who is in a room, on a real store: by the owner's word, by a link, and no longer."""

from __future__ import annotations

from typing import Any

import pytest

from livefeed.errors import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
)
from livefeed.rooms import members as members_module
from tests.integration.test_feed_house import user
from tests.integration.test_room_house import EDITOR, OWNER, SECOND, STRANGER, VIEWER, RoomHouse

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


# The owner's word against a link.


async def test_whoever_was_taken_out_does_not_come_back_by_a_link_that_there_was(house: RoomHouse) -> None:
    room = await house.room()
    tokens = {role: (await house.members.invite(room, OWNER, role))[1] for role in ("viewer", "editor")}
    await house.members.remove(room, OWNER, user(2))
    for token in tokens.values():
        with pytest.raises(NotFound):
            await house.members.join(room, user(2), token)
    assert await house.rooms.role(room, EDITOR) is None
    await house.members.join(room, user(6), tokens["viewer"])  # whom nobody took out comes in by it
    await house.members.end_invite(room, OWNER, "viewer")
    _, newer = await house.members.invite(room, OWNER, "viewer")
    await house.members.join(room, user(2), newer)
    await house.members.join(room, user(2), newer)
    with pytest.raises(NotFound):
        await house.members.join(room, user(2), tokens["editor"])
    assert str(await house.rooms.role(room, EDITOR)) == "viewer"


async def test_whoever_was_made_a_viewer_does_not_become_an_editor_again_by_a_link_that_there_was(
    house: RoomHouse,
) -> None:
    """Not by leaving before either; a link that was made later, or the owner's word, does it."""
    room = await house.room()
    _, token = await house.members.invite(room, OWNER, "editor")
    await house.members.set(room, OWNER, user(2), "viewer")
    await house.members.join(room, user(2), token)
    assert str(await house.rooms.role(room, EDITOR)) == "viewer"
    await house.members.remove(room, EDITOR, user(2))
    await house.members.join(room, user(2), token)
    assert str(await house.rooms.role(room, EDITOR)) == "viewer"
    await house.members.end_invite(room, OWNER, "editor")
    _, newer = await house.members.invite(room, OWNER, "editor")
    await house.members.join(room, user(2), newer)
    assert str(await house.rooms.role(room, EDITOR)) == "editor"


async def test_whoever_was_brought_in_as_a_viewer_does_not_become_an_editor_by_a_link_that_there_was(
    house: RoomHouse,
) -> None:
    """The owner's word about a stranger counts as much as about an editor."""
    room = await house.room()
    _, token = await house.members.invite(room, OWNER, "editor")
    await house.members.set(room, OWNER, user(7), "viewer")
    await house.members.join(room, user(7), token)
    assert str(await house.rooms.role(room, user(7)["id"])) == "viewer"


async def test_whoever_leaves_may_come_back_by_the_same_link(house: RoomHouse) -> None:
    room = await house.room()
    _, token = await house.members.invite(room, OWNER, "editor")
    await house.members.remove(room, EDITOR, user(2))
    await house.members.join(room, user(2), token)
    assert str(await house.rooms.role(room, EDITOR)) == "editor"


@pytest.mark.parametrize("role", ["viewer", "editor"])
async def test_the_owner_brings_back_whom_they_took_out(house: RoomHouse, role: str) -> None:
    """As a viewer they stay one, whatever link they have kept; as an editor all is forgotten."""
    room = await house.room()
    _, token = await house.members.invite(room, OWNER, "editor")
    await house.members.remove(room, OWNER, user(2))
    await house.members.set(room, OWNER, user(2), role)
    await house.members.join(room, user(2), token)
    assert str(await house.rooms.role(room, EDITOR)) == role


async def test_when_too_many_are_barred_the_links_end_instead(
    house: RoomHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members_module, "MAX_BARRED", 2)  # the room's viewer is one of them
    room = await house.room()
    _, token = await house.members.invite(room, OWNER, "viewer")
    for number in (2, 3, 4):
        await house.members.remove(room, OWNER, user(number))
    for number in (2, 3, 4, 6):
        with pytest.raises(NotFound):
            await house.members.join(room, user(number), token)
    _, newer = await house.members.invite(room, OWNER, "viewer")
    for number in (2, 3, 4):
        await house.members.join(room, user(number), newer)
    [key] = await house.store.execute("KEYS", f"lf:*:bars:{room}")
    assert await house.store.execute("HLEN", key.decode()) == 2, "all links ended with the third, which began anew"
