"""How newcomers are paced: a line in time, bounded, with a time of return for those it cannot hold."""

from __future__ import annotations

import heapq
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import Busy
from livefeed.hub.admission import AT_ONCE_S, FURTHEST_S, Admission

RATES = st.floats(0.5, 5_000)


def ask(admission: Admission, now_s: float) -> float | None:
    """Return the delay, or None for who is sent away."""
    return try_to(admission, now_s, 0.5)[0]


def try_to(admission: Admission, now_s: float, chance: float) -> tuple[float | None, float]:
    """Return the delay, or None and the time to stay away."""
    try:
        return admission.ask(now_s, chance), 0.0
    except Busy as busy:
        return None, busy.retry_after_s or 0.0


def test_a_few_newcomers_are_let_in_at_once() -> None:
    admission = Admission(10, 10)
    assert [admission.ask(5.0, 0) for _ in range(10)] == [0] * 10
    assert admission.ask(5.0, 0) == pytest.approx(0.1)


def test_behind_the_burst_they_go_in_one_by_one() -> None:
    admission = Admission(10, 3, patience_s=1)
    assert [admission.ask(0, 0) for _ in range(6)] == pytest.approx([0, 0, 0, 0.1, 0.2, 0.3])
    assert admission.waiting(0) == 3
    assert admission.waiting(0.15) == 2
    assert admission.waiting(10) == 0


def test_who_would_wait_too_long_is_sent_away_and_takes_no_place() -> None:
    admission = Admission(10, 1, patience_s=0.55)
    delays = [ask(admission, 0) for _ in range(20)]
    assert [delay for delay in delays if delay is not None] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.5])
    assert admission.waiting(0) == 5
    assert admission.ask(0.1, 0) == pytest.approx(0.5)


def test_those_sent_away_come_back_one_by_one_behind_those_who_wait() -> None:
    admission = Admission(10, 1, patience_s=0.5)
    while ask(admission, 0) is not None:
        pass
    told = []
    for _ in range(3):
        with pytest.raises(Busy) as refused:
            admission.ask(0, 0)
        told.append(refused.value.retry_after_s)
    assert told == pytest.approx([0.7, 0.8, 0.9])


def test_nobody_is_sent_away_for_longer_than_a_minute() -> None:
    """Of a crowd that no minute can hold, each is given a time by chance."""
    admission, chances = Admission(1, 1, patience_s=0.5), random.Random(1)
    told = [away_s for _ in range(1_000) if (away_s := try_to(admission, 0, chances.random())[1])]
    assert max(told) <= FURTHEST_S
    late = told[100:]
    assert len({round(one, 6) for one in late}) == len(late)
    assert min(late) >= FURTHEST_S / 2


def test_a_rest_saves_no_more_than_the_burst() -> None:
    admission = Admission(10, 5, patience_s=1)
    ask(admission, 0)
    assert [admission.ask(1_000, 0) > 0 for _ in range(6)] == [False] * 5 + [True]


@given(rate=RATES, burst=st.floats(0, 2_000), asked=st.lists(st.floats(0, 3), max_size=300))
def test_no_stretch_of_time_lets_in_more_than_its_share(rate: float, burst: float, asked: list[float]) -> None:
    admission, turns = Admission(rate, burst), []
    for now_s in sorted(asked):
        delay_s = ask(admission, now_s)
        if delay_s is not None:
            assert 0 <= delay_s <= 4
            turns.append(now_s + delay_s)
    for first, start_s in enumerate(turns):
        for last in range(first, len(turns)):
            allowed = max(burst, 1) + (turns[last] - start_s + AT_ONCE_S) * rate
            assert last - first + 1 <= allowed + 1e-3


@given(rate=RATES, asked=st.lists(st.floats(0, 3), min_size=1, max_size=200))
def test_turns_are_in_the_order_of_asking(rate: float, asked: list[float]) -> None:
    admission = Admission(rate, 1)
    delays = [(now_s, ask(admission, now_s)) for now_s in sorted(asked)]
    turns = [now_s + delay_s for now_s, delay_s in delays if delay_s is not None]
    assert all(later >= turn - AT_ONCE_S for turn, later in itertools.pairwise(turns))


@pytest.mark.parametrize("crowd", [300, 5_000, 20_000])
def test_a_whole_storm_is_in_after_the_time_its_rate_needs(crowd: int) -> None:
    """Everybody who is sent away comes back when told: nobody asks more than twice, and no second is idle."""
    rate = 500.0
    admission = Admission(rate, rate)
    arrivals = [(0.0, number, 0) for number in range(crowd)]
    inside, tries = [], 0
    while arrivals:
        now_s, number, before = heapq.heappop(arrivals)
        delay_s, away_s = try_to(admission, now_s, 0.5)
        tries = max(tries, before + 1)
        if delay_s is None:
            heapq.heappush(arrivals, (now_s + away_s, number, before + 1))
        else:
            inside.append(now_s + delay_s)
    assert len(inside) == crowd
    assert tries <= 2
    assert max(inside) <= crowd / rate + 4.1
