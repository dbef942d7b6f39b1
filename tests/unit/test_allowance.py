"""The token bucket."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.allowance import Allowance


def test_a_burst_is_allowed_after_a_rest_and_then_the_rate() -> None:
    allowance = Allowance(2.0, 3, now_s=0)
    assert [allowance.take(0) for _ in range(3)] == [0, 0, 0]
    assert allowance.take(0) == pytest.approx(0.5)
    assert allowance.take(0.5) == 0
    assert allowance.take(0.5) > 0


def test_asking_in_vain_costs_nothing() -> None:
    allowance = Allowance(1.0, 1, now_s=0)
    allowance.take(0)
    waits = [allowance.take(0) for _ in range(5)]
    assert waits == [1.0] * 5


def test_no_more_is_saved_than_a_burst() -> None:
    allowance = Allowance(1.0, 2, now_s=0)
    assert [allowance.take(1_000) > 0 for _ in range(3)] == [False, False, True]


def test_a_clock_that_goes_back_gives_nothing() -> None:
    allowance = Allowance(1.0, 1, now_s=100)
    allowance.take(100)
    assert allowance.take(50) > 0


def test_a_burst_below_one_still_allows_one() -> None:
    assert Allowance(0.1, 0.2, now_s=0).take(0) == 0


def test_it_is_full_when_it_need_not_be_remembered() -> None:
    allowance = Allowance(1.0, 2, now_s=0)
    assert allowance.full(0)
    allowance.take(0)
    assert not allowance.full(0.5)
    assert allowance.full(1.0)


@given(st.floats(0.1, 100), st.floats(1, 50), st.lists(st.floats(0, 5), max_size=100))
def test_in_any_span_no_more_is_given_than_the_burst_and_what_accrues(
    rate_per_s: float, burst: float, pauses_s: list[float]
) -> None:
    allowance, now_s, given_out = Allowance(rate_per_s, burst, now_s=0), 0.0, 0
    for pause_s in pauses_s:
        now_s += pause_s
        given_out += allowance.take(now_s) == 0
    assert given_out <= burst + rate_per_s * now_s + 1e-6


@given(st.floats(0.1, 100), st.floats(1, 50))
def test_whoever_waits_as_long_as_told_is_served(rate_per_s: float, burst: float) -> None:
    allowance = Allowance(rate_per_s, burst, now_s=0)
    while (wait_s := allowance.take(0)) == 0:
        pass
    assert allowance.take(wait_s + 1e-9) == 0
