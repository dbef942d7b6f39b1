"""What becomes of a message after an answer."""

from __future__ import annotations

import pytest

from livefeed.push.verdict import ATTEMPTS, LONGEST_WAIT_MS, Verdict, rest_s, verdict, wait_ms


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *[(status, Verdict.DONE) for status in (200, 201, 202, 204)],
        *[(status, Verdict.GONE) for status in (404, 410)],
        *[(status, Verdict.AGAIN) for status in (408, 425, 429, 500, 502, 503)],
        *[(status, Verdict.REFUSED) for status in (301, 307, 400, 401, 403, 413)],
    ],
)
def test_what_an_answer_means(status: int, expected: Verdict) -> None:
    assert verdict(status) is expected


def test_each_wait_is_four_times_longer_up_to_a_bound() -> None:
    waits = [wait_ms(attempt, 30_000) for attempt in range(1, ATTEMPTS + 3)]
    assert waits[:4] == [30_000, 120_000, 480_000, 1_920_000]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT_MS


@pytest.mark.parametrize(("said", "expected"), [("5", 5), ("99999", 3600), (None, 0), ("tomorrow", 60), ("-1", 60)])
def test_a_push_service_is_left_alone_for_as_long_as_it_says(said: str | None, expected: float) -> None:
    assert rest_s(said) == expected
