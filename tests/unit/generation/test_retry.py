"""How often and how soon a lost picture is tried again."""

from __future__ import annotations

import pytest

from livefeed.generation.retry import ATTEMPTS, rest_s, returned


@pytest.mark.parametrize(("attempt", "around"), [(1, 1.0), (2, 4.0), (3, 4.0)])
def test_a_lost_picture_rests_about_one_and_then_four_seconds(attempt: int, around: float) -> None:
    assert rest_s(attempt, 0.5) == around
    assert (rest_s(attempt, 0.0), rest_s(attempt, 1.0)) == (0.75 * around, 1.25 * around)


def test_a_picture_whose_worker_was_lost_says_so() -> None:
    assert returned(lost=True, attempt=1).as_dict() == {
        "attempt": 2, "attempts": ATTEMPTS, "code": "worker_lost", "after_s": 0.0,
        "message": "What was painting it was lost; it is painted again.",
    }  # fmt: skip
    assert returned(lost=False, attempt=0).code == "worker_stopped"
