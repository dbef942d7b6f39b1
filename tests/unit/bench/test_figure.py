"""Figures and the bars they are held to."""

from __future__ import annotations

import pytest

from bench.figure import Bar, Figure, Note, heading, number


def test_the_median_is_held_to_the_bar() -> None:
    assert Figure("a", "s", (1.0, 2.9, 9.0), Bar(high=3.0)).ok
    assert not Figure("a", "s", (1.0, 3.1, 9.0), Bar(high=3.0)).ok


@pytest.mark.parametrize(("value", "ok"), [(1.9, False), (2.0, True), (6.0, True), (6.1, False)])
def test_a_bar_may_have_two_ends(value: float, ok: bool) -> None:
    assert Figure("a", "s", (value,), Bar(2.0, 6.0)).ok is ok


def test_a_row_tells_the_figure_the_spread_the_bar_and_the_verdict() -> None:
    words = Figure("start", "s", (1.0, 2.0, 4.0), Bar(high=3.0)).row().split()
    assert words == ["start", "2.00", "s", "1.00", "…", "4.00", "≤", "3", "s", "ok"]
    assert Figure("previews", "", (3.0,), Bar(low=4.0)).row().split() == "previews 3.00 one run ≥ 4 missed".split()


def test_without_a_bar_there_is_no_verdict() -> None:
    figure = Figure("cost", "µs", (25.0, 26.0, 27.0))
    assert figure.ok
    assert figure.row().split() == "cost 26.0 µs 25.0 … 27.0 –".split()
    assert len(heading().splitlines()) == 2


def test_without_a_run_a_bar_is_missed_and_the_reason_is_told() -> None:
    figure = Figure("ratio", "", (), Bar(low=0.6), trouble="nobody was ready")
    assert not figure.ok
    assert figure.row().split() == "ratio none ≥ 0.6 missed nobody was ready".split()
    assert Figure("ratio", "", ()).ok, "nothing is asked of it"


def test_a_missing_run_is_told_although_others_count() -> None:
    figure = Figure("ratio", "", (0.7,), Bar(low=0.6), trouble="a run counts for nothing")
    assert figure.ok
    assert figure.row().endswith("ok\n  a run counts for nothing")


def test_a_bar_is_not_held_where_the_machine_could_not_do_what_it_is_about() -> None:
    """A page that is asked for a third does a third of the work: that says nothing of it."""
    share = Figure("share", "%", (6.0, 7.0, 6.5), Bar(high=20.0))
    slow = share.at(1_000.0, (990.0, 312.0, 1_000.0), "reactions")
    assert not slow.ok
    assert slow.row().split("\n")[0].endswith("not tried")
    assert slow.trouble == "the machine was too slow: it made 312 of 1,000 reactions/s; the bar was not tried"
    assert share.at(1_000.0, (900.0, 1_000.0, 1_000.0), "reactions") == share


def test_a_bar_that_is_missed_at_a_lower_rate_is_missed() -> None:
    missed = Figure("moved", "px", (3.0,), Bar(high=0.0)).at(100.0, (40.0,), "posts")
    assert (missed.ok, missed.verdict) == (False, "missed")
    assert missed.trouble.endswith("the bar is missed even so")


def test_a_figure_of_one_of_several_servers_names_it() -> None:
    assert Figure("deliveries", "/s", (1.0,), server="NATS").row().startswith("deliveries: NATS ")


def test_a_note_is_told_apart_from_a_figure() -> None:
    assert Note("NATS is not here").row() == "  (NATS is not here)"


@pytest.mark.parametrize(
    ("value", "shown"), [(0.0061, "0.006"), (0.12, "0.12"), (1.234, "1.23"), (12.34, "12.3"), (18_288.4, "18,288")]
)
def test_numbers_are_shown_with_the_digits_that_matter(value: float, shown: str) -> None:
    assert number(value) == shown


def test_a_figure_on_its_own_keeps_its_title_and_names_no_server() -> None:
    figure = Figure("deliveries", "/s", (1.0,), server="NATS").alone()
    assert (figure.title, figure.server) == ("deliveries: NATS", "")
