"""What rooms owe."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from livefeed.rooms.debts import Debts, Ledger, rank
from livefeed.rooms.turns import Turns


def test_a_debt_adds_up_and_fades() -> None:
    debts = Debts(half_life_s=60.0)
    debts.charge("a", 1.0, 0.0)
    debts.charge("a", 1.0, 60.0)
    assert debts.of("a", 60.0) == pytest.approx(1.5)
    assert debts.of("a", 180.0) == pytest.approx(0.375)
    assert debts.of("b", 0.0) == 0.0


def test_no_more_rooms_are_known_than_there_may_be() -> None:
    debts = Debts(most=2)
    for now_s, room in enumerate("abac"):
        debts.charge(room, 1.0, float(now_s))
    assert len(debts) == 2
    assert debts.of("b", 3.0) == 0.0, "it was charged longest ago"
    assert debts.of("a", 3.0) > 1.0


def test_ranks_are_finer_where_debts_are_small_and_small_questions_go_first_among_equals() -> None:
    assert rank(0.0, 0.0) == rank(0.002, 0.049) < rank(0.0, 0.051) < rank(0.003, 0.0)
    assert rank(0.03, 0.0) < rank(0.05, 0.0) < rank(0.08, 0.0)
    assert rank(10.0, 0.0) == rank(11.0, 0.0) < rank(16.0, 0.0)


def test_a_question_is_charged_to_its_room_and_to_whoever_asked() -> None:
    ledger = Ledger()
    ledger.charge("a", "ann", 1.0, 0.0)
    ledger.charge("b", "ann", 1.0, 0.0)
    ledger.charge("b", "", 0.5, 0.0)
    assert [ledger.larger(room, who, 0.0) for room, who in (("a", "ben"), ("b", "ben"), ("c", "ann"))] == [1, 1.5, 2]
    assert (ledger.larger("c", "ben", 0.0), ledger.larger("c", "", 0.0), ledger.of_room("b", 0.0)) == (0, 0, 1.5)


@pytest.mark.parametrize(("rooms", "took_s"), [(200, 0.02), (500, 0.02), (200, 0.1)])
def test_however_many_rooms_a_few_people_keep_asking_about_others_are_soon_answered(rooms: int, took_s: float) -> None:
    """Six guests keep the process busy; somebody with a room of their own asks now and then."""
    askers = [(f"room {number}", f"guest {number % 6}") for number in range(rooms)]
    waits = answered(askers, took_s, honest="ann", every_s=5.0, span_s=30.0)
    assert len(waits) >= 4
    assert max(waits) <= took_s + 0.02, "the one that is being asked, and its own"


def test_of_questions_that_nobody_is_charged_for_those_about_costly_rooms_give_way() -> None:
    waits = answered([(f"room {number}", "") for number in range(200)], 0.1, honest="", every_s=20.0, span_s=200.0)
    assert len(waits) >= 8
    assert max(waits[1:]) <= 0.12, "once each room has had its turn"


def answered(
    askers: Sequence[tuple[str, str]], took_s: float, *, honest: str, every_s: float, span_s: float
) -> list[float]:
    """Return how long each question about one more room waits while askers (room, person) ask all the time."""
    ledger, now_s, due_s, waits = Ledger(), 0.0, 5.0, list[float]()
    asked_s: float | None = None
    turns: Turns[tuple[str, str]] = Turns(
        most=1_024, most_of_room=64, rank=lambda one: rank(ledger.larger(*one, now_s), 0.01)
    )
    for one in askers:
        turns.add(one[0], one)
    while now_s < span_s:
        if asked_s is None and now_s >= due_s:
            turns.add("honest", ("honest", honest))
            asked_s = now_s
        one = turns.next() or ("", "")
        cost_s = 0.01 if one[0] == "honest" else took_s
        now_s += cost_s
        ledger.charge(*one, cost_s, now_s)
        if one[0] == "honest":
            waits.append(now_s - (asked_s or 0.0))
            asked_s, due_s = None, now_s + every_s
        else:
            turns.add(one[0], one)
    return waits
