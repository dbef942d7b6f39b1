"""The latest arrivals come again: who of them overtakes, and whom."""

from __future__ import annotations

import pytest

from livefeed.streams.replay import FEWEST, LONGEST, REPLAYS, Arrival, History, Turn


def coming(*who: str, every_ms: float = 100, takes_ms: float = 10) -> list[Arrival]:
    """One after the other, the last just now."""
    return [Arrival(one, every_ms * (len(who) - 1 - number), takes_ms) for number, one in enumerate(who)]


STRANGERS = [f"person {number}" for number in range(40)]


def test_without_a_history_the_line_is_served_as_it_stands() -> None:
    line = [Turn(0, 100), Turn(0, 300), Turn(1, 50)]
    assert History().begins_ms(line, [0.0]) == [0, 100, 400]
    assert History().begins_ms(line, [0.0, 150.0]) == [0, 100, 150]
    assert History().begins_ms([], [0.0]) == []


def test_too_few_arrivals_say_nothing() -> None:
    line = [Turn(0, 1000), Turn(5, 10)]
    few = coming(*STRANGERS[: FEWEST - 1])
    assert History(0, few).begins_ms(line, [0.0]) == [0, 1000]


def test_who_is_in_the_present_round_is_overtaken_by_nobody() -> None:
    line = [Turn(0, 1000), Turn(0, 1000), Turn(0, 10)]
    assert History(0, coming(*STRANGERS)).begins_ms(line, [0.0]) == [0, 1000, 2000]


def test_newcomers_overtake_whoever_is_in_a_later_round() -> None:
    """Ten come in the second that the first takes, then one while those ten are served: each takes 10 ms."""
    first, second = History(0, coming(*STRANGERS)).begins_ms([Turn(0, 1000), Turn(1, 10)], [0.0])
    assert first == 0
    assert 1090 <= second <= 1120


def test_who_has_come_once_comes_after_the_others_the_next_time() -> None:
    """The same person again and again: only their first job is before that of the next round."""
    line = [Turn(0, 1000), Turn(1, 10)]
    alone = ["somebody"] * 40
    assert History(0, coming(*alone)).begins_ms(line, [0.0]) == [0, 1010]
    assert History(0, coming(*alone), {"somebody": 0}).begins_ms(line, [0.0]) == [0, 1000]
    assert History(0, coming(*alone)).begins_ms([Turn(0, 1000), Turn(3, 10)], [0.0]) == [0, 1030]


def test_moments_are_chosen_by_time_so_that_a_burst_is_as_rare_as_it_was() -> None:
    """Forty at once, an hour ago, and nobody since: nobody is expected within the next second."""
    burst = [Arrival(who, 3_600_000, 10) for who in STRANGERS] + [Arrival("last", 0, 10)]
    assert History(0, burst).begins_ms([Turn(0, 1000), Turn(1, 10)], [0.0]) == [0, 1000]


@pytest.mark.parametrize("every_ms", [0, 1, 10])
def test_a_line_ends_though_more_come_than_can_be_served(every_ms: float) -> None:
    line = [Turn(0, 1000), Turn(1000, 10)]
    (_, last) = History(0, coming(*STRANGERS, every_ms=every_ms)).begins_ms(line, [0.0])
    assert 1000 <= last <= 1000 + 10 * LONGEST


def test_an_urgent_one_in_front_moves_no_round() -> None:
    line = [Turn(-1, 500), Turn(0, 500), Turn(1, 10)]
    assert History(0, coming(*STRANGERS)).begins_ms(line, [0.0])[:2] == [0, 500]


def test_what_is_told_of_one_does_not_depend_on_who_stands_behind() -> None:
    line = [Turn(number // 4, 100 + number) for number in range(24)]
    history = History(0, coming(*STRANGERS), {who: number % 3 for number, who in enumerate(STRANGERS)})
    whole = history.begins_ms(line, [0.0, 50.0])
    for length in (1, 5, 13, 24):
        assert history.begins_ms(line[:length], [0.0, 50.0]) == whole[:length]
    assert REPLAYS % 2 == 1, "so that the median is one of them"
