"""Rate limits: what is promised is given, and no more."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed.errors import RateLimited
from livefeed.identity.limits import Rate, RateLimits, neighbourhood


class Hands:
    """A clock that is set by hand."""

    now_s = 1000.0

    def now_ms(self) -> int:
        return int(self.now_s * 1000)

    def monotonic_s(self) -> float:
        return self.now_s


def spend_all(limits: RateLimits) -> None:
    while True:
        limits.spend("guest", "a")


@pytest.fixture
def clock():
    return Hands()


@given(st.floats(0.01, 100), st.floats(1, 100), st.lists(st.floats(0, 30), max_size=60))
def test_in_any_span_no_more_is_done_than_the_burst_and_what_accrues(per_s, burst, pauses):
    clock, done = Hands(), 0
    limits = RateLimits({"guest": Rate(per_s, burst)}, clock)
    for pause_s in pauses:
        clock.now_s += pause_s
        with suppress(RateLimited):
            limits.spend("guest", "a")
            done += 1
    assert done <= burst + sum(pauses) * per_s + 1e-6


@given(st.floats(0.01, 100), st.floats(1, 100))
def test_whoever_waits_as_long_as_told_is_served(per_s, burst):
    clock = Hands()
    limits = RateLimits({"guest": Rate(per_s, burst)}, clock)
    with pytest.raises(RateLimited) as caught:
        spend_all(limits)
    clock.now_s += caught.value.retry_after_s + 1e-9
    limits.spend("guest", "a")


def test_thirty_guests_a_minute_and_ten_comments_a_second_fit_into_the_smallest_documented_defaults(clock):
    limits = RateLimits({"guest": Rate.per_minute(30), "comment": Rate.per_second(10)}, clock)
    for _ in range(30):
        limits.spend("guest", "192.0.2.1")
    for _ in range(10):
        for _ in range(10):
            limits.spend("comment", "otter")
        clock.now_s += 1


def test_beyond_the_allowance_the_wait_is_told_and_others_do_not_notice(clock):
    limits = RateLimits({"guest": Rate.per_minute(30)}, clock)
    for _ in range(30):
        limits.spend("guest", "192.0.2.1")
    with pytest.raises(RateLimited) as caught:
        limits.spend("guest", "192.0.2.1")
    assert caught.value.retry_after_s == pytest.approx(2.0)
    limits.spend("guest", "192.0.2.2")
    clock.now_s += 2.0
    limits.spend("guest", "192.0.2.1")


def test_a_refused_act_costs_nothing(clock):
    limits = RateLimits({"guest": Rate(1, 1)}, clock)
    limits.spend("guest", "a")
    for _ in range(100):
        with pytest.raises(RateLimited):
            limits.spend("guest", "a")
    clock.now_s += 1
    limits.spend("guest", "a")


def test_kinds_are_counted_apart_and_an_unknown_kind_is_a_defect(clock):
    limits = RateLimits({"guest": Rate(1, 1), "comment": Rate(1, 1)}, clock)
    limits.spend("guest", "a")
    limits.spend("comment", "a")
    with pytest.raises(KeyError):
        limits.spend("signal", "a")


def test_memory_is_bounded_and_whoever_was_quiet_longest_is_forgotten_first(clock):
    limits = RateLimits({"guest": Rate(0.001, 1)}, clock, max_allowances=3)
    for who in ("a", "b", "c"):
        limits.spend("guest", who)
    with pytest.raises(RateLimited):
        limits.spend("guest", "a")  # asked for again, so b is now the quietest
    limits.spend("guest", "d")
    assert len(limits) == 3
    for who in ("a", "c", "d"):
        with pytest.raises(RateLimited):
            limits.spend("guest", who)
    limits.spend("guest", "b")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("x" * 1000, "x" * 64),
    ],
)
def test_an_ipv6_household_is_one_neighbour(address, expected):
    assert neighbourhood(address) == expected
