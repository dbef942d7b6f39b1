"""Rosters of one node and of several: who is shown, to whom, and when."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest

from livefeed.errors import NotFound
from livefeed.people import User
from livefeed.presence.attendance import AGAIN_S, BEAT_S, GRACE_S, LEASE_S, Answer, Question
from tests.unit.presence.house import CAT, FOX, HERE, OWL, ROOM, House


async def test_a_room_shows_the_same_people_on_every_node(house: House) -> None:
    (here, near), (there, far) = house.join("a"), house.join("b")
    assert here.watch("s1", ROOM, FOX) is None
    there.watch("s2", ROOM, OWL)
    there.watch("s3", ROOM, OWL)
    await house.pass_time(1.5)
    assert near.people == far.people == ["fox", "owl"]
    assert near.greeted["s1"] == ["fox"]
    assert far.greeted["s2"] == far.greeted["s3"] == ["fox", "owl"]
    there.unwatch("s2", ROOM)
    await house.pass_time(GRACE_S + 2)
    assert near.people == ["fox", "owl"]
    there.unwatch("s3", ROOM)
    await house.pass_time(GRACE_S - 2)
    assert near.people == ["fox", "owl"]
    await house.pass_time(4)
    assert near.people == ["fox"]


async def test_joins_and_leaves_of_a_second_are_shown_as_one(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s0", ROOM, FOX)
    await house.pass_time(2)
    shows: list[list[str]] = []
    show = screen.show_roster
    screen.show_roster = lambda topic, roster: shows.append(sorted(roster.entries)) or show(topic, roster)  # type: ignore[method-assign]
    for number in range(40):
        house.members[f"u{number:02d}"] = "editor"
        node.watch(f"s{number + 1}", ROOM, User(f"u{number:02d}", "u"))
        await house.pass_time(0.05)
    await house.pass_time(2)
    assert 2 <= len(shows) <= 4, "over two seconds and the first one"
    assert len(shows[-1]) == 41


async def test_a_killed_nodes_people_are_gone_within_half_a_minute(house: House) -> None:
    (here, near), (dying, _) = house.join("a"), house.join("b")
    here.watch("s1", ROOM, FOX)
    dying.watch("s2", ROOM, OWL)
    await house.pass_time(5)
    assert near.people == ["fox", "owl"]
    house.nodes.remove(dying)
    await house.pass_time(LEASE_S - BEAT_S - 1)
    assert near.people == ["fox", "owl"]
    await house.pass_time(30 - (LEASE_S - BEAT_S - 1))
    assert near.people == ["fox"]


async def test_who_hides_is_told_and_not_shown(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s1", ROOM, FOX)
    node.watch("s2", ROOM, OWL, hidden=True)
    await house.pass_time(2)
    assert screen.people == screen.greeted["s2"] == ["fox"]
    node.unwatch("s1", ROOM)
    node.watch("s1", ROOM, FOX, hidden=True)
    await house.pass_time(2)
    assert screen.people == [], "at once, without the grace"


async def test_who_hides_alone_is_told_that_nobody_is_here(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s1", ROOM, OWL, hidden=True)
    await house.pass_time(1)
    assert screen.greeted == {"s1": []}


async def test_whoever_shows_people_elsewhere_is_told_who_hides(house: House) -> None:
    """Once for each change: of two connections that hide, the last one ends it."""
    node, _ = house.join("a")
    node.watch("s1", ROOM, OWL)
    assert house.veils == []
    node.watch("s2", ROOM, OWL, hidden=True)
    node.watch("s3", ROOM, OWL, hidden=True)
    node.watch("s4", ROOM, CAT, hidden=True)
    node.unwatch("s2", ROOM)
    assert house.veils == [(ROOM, {"owl"}), (ROOM, {"owl", "cat"})]
    node.unwatch("s3", ROOM)
    node.unwatch("s1", ROOM)
    assert house.veils[2:] == [(ROOM, {"cat"})]
    del house.members["cat"]
    await house.pass_time(2)
    assert house.veils[3:] == [(ROOM, set())]


async def test_only_the_connection_that_hid_somebody_tells_that_they_hide_no_more(house: House) -> None:
    """Another one that does not hide may be of a device that knows nothing of it, and has just come back."""
    node, _ = house.join("a")
    node.watch("s1", ROOM, OWL, hidden=True)
    node.watch("s2", ROOM, OWL)
    node.unwatch("s2", ROOM)
    node.watch("s2", ROOM, OWL)
    assert (house.open, house.shown) == ({"owl"}, [])
    node.unwatch("s1", ROOM, hidden=True)
    node.watch("s1", ROOM, OWL, hidden=True)
    assert house.shown == [], "it only looks otherwise"
    node.unwatch("s1", ROOM, hidden=True)
    await house.pass_time(1)
    node.watch("s1", ROOM, OWL)
    assert (house.veils[-1], house.shown) == ((ROOM, set()), ["owl"])
    node.unwatch("s1", ROOM)
    node.unwatch("s2", ROOM)
    node.watch("s1", ROOM, OWL)
    assert house.shown == ["owl"], "once"
    node.unwatch("s1", ROOM)
    assert house.open == set()


async def test_who_has_no_part_in_a_room_is_neither_shown_nor_told(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s1", ROOM, FOX)
    node.watch("s2", ROOM, User("stranger", "stranger"))
    await house.pass_time(2)
    assert screen.people == ["fox"]
    assert "s2" not in screen.greeted
    assert screen.dismissed == ["s2"]


async def test_who_hides_is_told_only_while_they_have_a_part(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s1", ROOM, FOX)
    node.watch("s2", ROOM, User("stranger", "stranger"), hidden=True)
    node.watch("s3", ROOM, OWL, hidden=True)
    await house.pass_time(2)
    assert sorted(screen.greeted) == ["s1", "s3"]
    del house.members["owl"]
    node.role_changed(ROOM, "owl")
    await house.pass_time(1)
    assert screen.dismissed == ["s2", "s3"]
    assert screen.people == ["fox"]


async def test_who_loses_their_part_is_gone_at_once_on_every_node(house: House) -> None:
    (here, near), (there, far) = house.join("a"), house.join("b")
    here.watch("s1", ROOM, OWL)
    there.watch("s2", ROOM, OWL)
    there.watch("s3", ROOM, FOX)
    await house.pass_time(2)
    del house.members["owl"]
    for node in house.nodes:
        node.role_changed(ROOM, "owl")
    await house.pass_time(1.5)
    assert far.people == ["fox"]
    assert (near.dismissed, far.dismissed) == (["s1"], ["s2"])
    await house.pass_time(2 * BEAT_S)
    assert far.people == ["fox"]


async def test_a_part_that_changes_while_it_is_asked_for_is_asked_for_again(house: House) -> None:
    """The old answer arrives after the change was told: it is not believed, neither for the roster nor for signals."""
    node, screen = house.join("a")
    roles, told = house.roles, list[str]()

    async def overtaken(room: str, users: Collection[str]) -> Mapping[str, str]:
        found = await roles(room, users)
        if not told:
            told.append("once")
            del house.members["owl"]
            node.role_changed(ROOM, "owl")
        return found

    house.roles = overtaken  # type: ignore[method-assign]
    node.watch("s1", ROOM, OWL)
    await house.pass_time(1)
    assert screen.dismissed == ["s1"]
    with pytest.raises(NotFound):
        await node.signal("s1", OWL, ROOM, "cursor", HERE)


async def test_a_changed_part_that_nobody_told_of_is_noticed_at_the_next_beat(house: House) -> None:
    node, screen = house.join("a")
    node.watch("s1", ROOM, OWL)
    await house.pass_time(1)
    house.members["owl"] = "viewer"
    await house.pass_time(BEAT_S + 1.5)
    assert screen.roster is not None
    assert screen.roster.entries["owl"].role == "viewer"


async def test_hints_that_are_lost_are_made_good_at_the_next_beat(house: House) -> None:
    (here, near), (there, _) = house.join("a"), house.join("b")
    here.watch("s1", ROOM, FOX)
    await house.pass_time(2)
    house.cut = True
    there.watch("s2", ROOM, OWL)
    await house.pass_time(2)
    assert near.people == ["fox"]
    await house.pass_time(BEAT_S)
    assert near.people == ["fox", "owl"]


async def test_a_store_that_was_away_is_told_again(house: House) -> None:
    node, screen = house.join("a")
    house.store_away = True
    node.watch("s1", ROOM, FOX)
    await house.pass_time(5)
    assert screen.greeted == {}
    assert len(house.asked) == 0
    house.store_away = False
    await house.pass_time(AGAIN_S + 0.5)
    assert screen.greeted["s1"] == ["fox"]


async def test_a_stalled_session_is_told_the_roster_later(house: House) -> None:
    node, screen = house.join("a")
    screen.stalled = True
    node.watch("s1", ROOM, FOX)
    await house.pass_time(3)
    assert screen.roster is None
    screen.stalled = False
    await house.pass_time(1.1)
    assert screen.people == ["fox"]


async def test_a_defect_in_one_room_leaves_the_others_alone(house: House, caplog: pytest.LogCaptureFixture) -> None:
    node, screen = house.join("a")
    attend = house.attend

    async def broken(name: str, topic: str, question: Question) -> Answer:
        if topic != ROOM:
            raise ZeroDivisionError
        return await attend(name, topic, question)

    house.attend = broken  # type: ignore[method-assign]
    house.roles = lambda room, users: _everybody(users)  # type: ignore[method-assign]
    node.watch("s1", "room:broken", FOX)
    node.watch("s2", ROOM, OWL)
    await house.pass_time(2)
    assert screen.people == ["owl"]
    assert "room:broken cannot be told" in caplog.text


async def test_a_room_that_everybody_has_left_is_forgotten(house: House) -> None:
    node, _ = house.join("a")
    node.watch("s1", ROOM, FOX)
    await house.pass_time(2)
    node.unwatch("s1", ROOM)
    await house.pass_time(1)
    assert node._rosters._rooms == {}
    house.now_s += GRACE_S
    assert house.store.attend("x", Question(0), round(1000 * house.now_s)).count == 0


async def _everybody(users: Collection[str]) -> dict[str, str]:
    return dict.fromkeys(users, "editor")
