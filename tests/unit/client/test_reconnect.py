"""When to come back, when to give up."""

from __future__ import annotations

import pytest

from livefeed.client.reconnect import BackOff, verdict
from livefeed.errors import RateLimited, TooLarge, Unauthorised


@pytest.mark.parametrize("code", [None, 1000, 1001, 1006, 1011, 4000, 4001, 4002, 4099, 4499, 4600])
def test_a_lost_connection_and_the_codes_below_4500_are_reasons_to_come_back(code):
    assert verdict(code, "") is None


@pytest.mark.parametrize(
    ("code", "name"),
    [(4500, "bad_frame"), (4501, "unauthorised"), (4502, "too_large"), (4503, "rate_limited")],
)
def test_the_codes_from_4500_are_final(code, name):
    error = verdict(code, "because")
    assert error is not None
    assert error.code == name
    assert "because" in error.message


def test_final_codes_become_the_errors_of_the_vocabulary():
    assert isinstance(verdict(4501, ""), Unauthorised)
    assert isinstance(verdict(4502, ""), TooLarge)
    assert isinstance(verdict(4503, ""), RateLimited)
    assert verdict(4577, "") is not None


def test_pauses_double_are_jittered_and_bounded():
    back_off = BackOff(first_s=1.0, longest_s=5.0)
    assert [back_off.pause_s(0.5) for _ in range(5)] == [0.5, 1.0, 2.0, 2.5, 2.5]
    assert BackOff().pause_s(0.0) == 0.0


def test_the_server_may_ask_for_a_longer_pause():
    assert BackOff(first_s=1.0).pause_s(0.5, at_least_s=30.0) == 30.5


def test_only_a_connection_that_lasted_makes_the_next_pause_short():
    back_off = BackOff(first_s=1.0, longest_s=60.0, settled_s=5.0)
    for _ in range(4):
        back_off.pause_s(0.0)
    back_off.lived(0.1)
    assert back_off.pause_s(1.0) == 16.0
    back_off.lived(5.0)
    assert back_off.pause_s(1.0) == 1.0
