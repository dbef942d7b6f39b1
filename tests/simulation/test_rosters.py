"""Worlds of nodes that die and hang, a store that forgets, messages that get lost: rosters become right again."""

from __future__ import annotations

from collections import Counter

import pytest

from livefeed.people import User
from livefeed.presence.attendance import BEAT_S, GRACE_S, LEASE_S, SEATS, Attendance, Question, Seat
from tests.simulation.rosters import PIGMENTS, ModelRoster, World
from tests.soak import count

WORLDS = count(60, 3_000)
LIVELY_S = 60.0
SETTLED_S = 30.0
"""Ghosts of a killed node are gone after so long."""


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_every_roster_shows_who_is_really_here_half_a_minute_after_the_last_trouble(seed: int) -> None:
    happened: Counter[str] = Counter()
    slowest_s = 0.0
    for number in range(WORLDS):
        world = World(seed + number, people=(6, 8, 20)[number % 3])
        try:
            for _ in range(int(LIVELY_S / 0.05)):
                world.step()
            world.strike()
            slowest_s = max(slowest_s, world.settle(SETTLED_S))
        except AssertionError as exc:
            raise AssertionError(f"the world of seed {seed + number}: {exc}") from exc
        happened += Counter(world.happened)
    print(f"{WORLDS} worlds, the slowest right after {slowest_s:.1f} s; {dict(happened)}")
    kinds = {"come", "go", "come_back", "another_tab", "kill_node", "hang_node", "lose_store", "hide"}
    assert set(happened) == kinds, f"in no world: {kinds - set(happened)}"


def test_without_renewal_a_world_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worlds can fail: nodes that never renew their leases lose everybody."""
    monkeypatch.setattr("livefeed.presence.attendance.BEAT_S", 10_000.0)
    world = World(1, people=6, trouble=False)
    while not world.truth():
        world.step()
    with pytest.raises(AssertionError, match="here are"):
        world.settle(SETTLED_S)


def test_without_leases_that_end_a_world_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so do people of killed nodes who stay for ever."""
    monkeypatch.setattr("tests.simulation.rosters.LEASE_S", 10_000.0)
    world = World(1, people=6)
    while not world.nodes["n1"].sessions:
        world.step()
    del world.nodes["n1"]
    with pytest.raises(AssertionError, match="shown are"):
        world.settle(SETTLED_S)


def test_who_comes_back_within_the_grace_has_never_left() -> None:
    """Neither their pigment nor the time they came change, though others came meanwhile."""
    store, fox, owl = ModelRoster(), User("fox", "fox"), User("owl", "owl")
    first = store.attend("a", Question(0, here=(Seat(fox, "editor"),)), 1_000)
    assert first.entries is not None
    store.attend("a", Question(first.rev, leaving=("fox",)), 2_000)
    store.attend("b", Question(0, here=(Seat(owl, "viewer"),)), 3_000)
    back = store.attend("b", Question(0, here=(Seat(fox, "editor"),)), 2_000 + round(1000 * GRACE_S) - 1)
    assert back.entries is not None
    assert back.entries["fox"] == first.entries["fox"]
    assert [entry.pigment for entry in back.entries.values()] == [0, 1]
    gone = store.attend("b", Question(back.rev, leaving=("fox", "owl")), 20_000)
    assert gone.changed is False
    assert store.attend("b", Question(gone.rev), 20_000 + round(1000 * GRACE_S)).count == 0


def test_the_lowest_free_pigment_is_given_and_more_than_eight_share_evenly() -> None:
    store = ModelRoster()
    seats = [Seat(User(f"u{number:02d}", "u"), "editor") for number in range(20)]
    for number, seat in enumerate(seats):
        store.attend("a", Question(0, here=(seat,)), 1_000 + number)
    assert [record.pigment for record in store.people.values()] == [number % PIGMENTS for number in range(20)]
    store.attend("a", Question(0, withdrawn=tuple(seat.user.id for seat in seats[2:14])), 5_000)
    assert {user: record.pigment for user, record in store.people.items()} == {
        "u00": 0, "u01": 1, "u14": 6, "u15": 7, "u16": 4, "u17": 5, "u18": 2, "u19": 3,
    }  # fmt: skip
    store.attend("a", Question(0, withdrawn=("u00",)), 6_000)
    store.attend("a", Question(0, here=(Seat(User("new", "new"), "editor"),)), 7_000)
    assert store.people["new"].pigment == 0


def test_who_was_known_by_a_pigment_keeps_it_when_the_store_has_lost_all() -> None:
    node, fox, owl = Attendance(0.0), User("fox", "fox"), User("owl", "owl")
    before, now_ms = ModelRoster(), 1_000_000
    for number, user in enumerate((fox, owl)):
        node.arrive(f"s{number}", user, "editor")
        question = node.ask(10.0 * number)
        assert question is not None
        node.answer(before.attend("a", question, now_ms + number), 10.0 * number)
    node.depart("s0", "fox")
    after = ModelRoster()
    question = node.ask(10.0 + BEAT_S)
    assert question is not None
    after.attend("a", question, now_ms + 10_000)
    assert {user: (record.pigment, record.since_ms) for user, record in after.people.items()} == {
        "owl": (1, now_ms + 1)
    }


def test_a_crowd_is_told_in_parts_and_nobody_is_forgotten() -> None:
    node, store, now_s = Attendance(0.0), ModelRoster(), 0.0
    for number in range(5 * SEATS + 1):
        node.arrive(f"s{number}", User(f"u{number}", "u"), "viewer")
    questions = 0
    while node.due(now_s):
        question = node.ask(now_s)
        assert question is not None
        assert len(question.here) <= SEATS
        node.answer(store.attend("a", question, round(1000 * now_s)), now_s)
        questions += 1
    assert (questions, len(store.people)) == (6, 5 * SEATS + 1)
    assert node.roster is not None
    assert (len(node.roster.entries), node.roster.count) == (100, 5 * SEATS + 1)


def test_a_room_that_nobody_looks_at_is_given_up_when_its_leases_have_run_out_anyway() -> None:
    node = Attendance(0.0)
    node.arrive("s", User("fox", "fox"), "editor")
    assert node.ask(0.0)
    node.fail(1.0)
    node.depart("s", "fox")
    assert not node.over(1.0), "others do not know yet that the fox has left"
    assert node.over(1.1 + LEASE_S)
