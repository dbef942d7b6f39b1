"""What is made of the times at which watchers saw something."""

from __future__ import annotations

import pytest

from bench.watchers import PREVIEW, delays_ms, missed, percentile, seen_percent

CARD = "generation.created"
REPORT = {
    "clients": 2,
    "asked_us": {"a": 1_000_000, "b": 2_000_000},
    "sights": [
        {"id": "a", "type": CARD, "step": 0, "at_us": [1_010_000, 1_020_000]},
        {"id": "b", "type": CARD, "step": 0, "at_us": [2_005_000, 0]},
        {"id": "a", "type": PREVIEW, "step": 3, "at_us": [1_300_000, 0]},
        {"id": "a", "type": "post.created", "step": 0, "at_us": [9_000_000, 9_000_000]},
    ],
}


def test_a_card_counts_from_when_its_picture_was_asked_for():
    assert delays_ms(REPORT, CARD, {}) == [10.0, 20.0, 5.0]


def test_a_preview_counts_from_when_the_generator_had_it():
    assert delays_ms(REPORT, PREVIEW, {("a", "3"): 1_250_000}) == [50.0]


def test_a_preview_that_nobody_made_is_an_error():
    with pytest.raises(KeyError):
        delays_ms(REPORT, PREVIEW, {("a", "2"): 1_250_000})


def test_previews_that_were_left_out_are_told():
    assert seen_percent(REPORT) == 50.0


def test_a_card_that_never_came_is_told():
    """It has no delay, and would count against nothing."""
    assert missed(REPORT) == "1 cards never came"


def test_who_saw_no_preview_at_all_is_told():
    card = {"id": "a", "type": CARD, "step": 0, "at_us": [1_010_000, 1_020_000]}
    seen = {"id": "a", "type": PREVIEW, "step": 3, "at_us": [1_300_000, 0]}
    report = {"clients": 2, "asked_us": {"a": 1_000_000}, "sights": [card, seen]}
    assert missed(report) == "1 watchers of a picture saw no preview"
    later = {"id": "a", "type": PREVIEW, "step": 5, "at_us": [0, 1_900_000]}
    assert missed({**report, "sights": [card, seen, later]}) == ""


def test_a_percentile_is_not_below_what_most_have_seen():
    assert percentile([float(number) for number in range(1, 101)], 99) >= 99.0
