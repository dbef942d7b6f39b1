"""What rooms owe."""

from __future__ import annotations

import pytest

from livefeed.rooms.debts import Debts


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
