"""Pairs of runs, what makes a run worthless, and how long is measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bench.effort import Effort
from bench.figure import Bar
from bench.load_client import complaints
from bench.runs import Runs, ratio
from bench.servers.target import Target

REPORT: dict[str, Any] = {"clients": 10, "ready": 10, "failed": 0, "closed": 0, "lost": 0, "ended": "", "complaint": ""}


def runs(*per_s: float | None) -> Runs:
    found = Runs(Target("a server", "127.0.0.1:1/", (1,), "line", "127.0.0.1:2"), Path())
    found.reports = [None if value is None else {"deep": {"per_s": value}} for value in per_s]
    return found


def test_a_ratio_is_taken_pair_by_pair() -> None:
    """The machine was half as fast at the second pair: the ratios do not mind."""
    assert ratio("r", runs(10.0, 5.0), runs(20.0, 10.0), "deep.per_s").runs == (0.5, 0.5)


def test_a_pair_with_a_failed_run_does_not_count() -> None:
    assert ratio("r", runs(10.0, None, 30.0), runs(20.0, 10.0, None), "deep.per_s").runs == (0.5,)


def test_a_ratio_without_a_pair_misses_its_bar_and_tells_why() -> None:
    ours = runs(None)
    ours.failure = "0 of 10 clients were ready"
    figure = ratio("r", ours, runs(1.0), "deep.per_s", Bar(low=0.6))
    assert not figure.ok
    assert "0 of 10" in figure.row()


def test_a_report_that_lost_nothing_counts() -> None:
    assert complaints(REPORT) == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ready": 9}, "9 of 10 clients were ready"),
        ({"lost": 3}, "3 lost"),
        ({"closed": 1, "complaint": "closed with 4001"}, "1 closed, closed with 4001"),
        ({"ended": "deliveries stopped"}, "deliveries stopped"),
    ],
)
def test_a_report_that_lost_something_is_worthless(wrong: dict[str, Any], said: str) -> None:
    assert complaints(REPORT | wrong) == said


def test_the_effort_is_three_pairs_unless_asked_for() -> None:
    assert Effort.from_environment({}) == Effort(3, 4.0)
    assert Effort.from_environment({"PAIRS": "9", "RUN_SECONDS": "2.5"}) == Effort(9, 2.5)


@pytest.mark.parametrize("wrong", [{"PAIRS": "many"}, {"PAIRS": "0"}, {"RUN_SECONDS": "1000"}])
def test_an_effort_that_is_none_is_refused_in_a_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(SystemExit, match="bench: PAIRS"):
        Effort.from_environment(wrong)
