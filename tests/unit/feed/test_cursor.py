"""Cursors are ours alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livefeed import identifiers
from livefeed.errors import BadRequest
from livefeed.feed import cursor

times = st.integers(min_value=0, max_value=10**14)
ids = st.builds(identifiers.make, st.integers(0, 2**50 - 1), st.integers(0, 1023), st.integers(0, 2**50 - 1))


@given(times, ids)
def test_a_timelines_cursor_says_what_it_was_given(created_ms: int, post: str) -> None:
    assert cursor.parse_timeline(cursor.after_post(created_ms, post)) == (created_ms, post)


@given(ids, st.integers(0, 10**13 - 1), ids)
def test_a_lineages_cursor_says_whose_remixes_go_on_after_which(post: str, born: int, child: str) -> None:
    last = f"{born:013d} {child}"
    assert cursor.parse_branch(cursor.after_branch(post, last)) == (post, *last.split())
    assert cursor.parse_branch(cursor.after_branch(post, " ")) == (post, "", "")


@pytest.mark.parametrize("text", [None, 7, "", "x", "0" * 21, "0" * 22 + "-", "U" * 22, f"{'0' * 22}-1-{'0' * 22}"])
def test_what_is_no_lineages_cursor_is_refused(text: object) -> None:
    with pytest.raises(BadRequest):
        cursor.parse_branch(text)


@given(st.integers(1, 10**14))
def test_a_threads_cursor_says_its_number(number: int) -> None:
    assert cursor.parse_thread(str(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        None,
        5,
        "",
        "1",
        "1-",
        "-1-x",
        "1-x",
        "01-" + "0" * 22,
        "1 -" + "0" * 22,
        "1-" + "u" * 22,
        "(1",
        "+inf",
    ],
)
def test_other_text_is_no_cursor_of_a_timeline(text: object) -> None:
    with pytest.raises(BadRequest):
        cursor.parse_timeline(text)


@pytest.mark.parametrize("text", [None, 5, "", "0", "-1", "1.5", "(1", "+inf", "1" * 16, "١"])
def test_other_text_is_no_cursor_of_a_thread(text: object) -> None:
    with pytest.raises(BadRequest):
        cursor.parse_thread(text)


@pytest.mark.parametrize("limit", [0, -1, 101, True, "10", 1.0, None])
def test_a_limit_is_from_one_to_a_hundred(limit: object) -> None:
    assert [cursor.check_limit(good) for good in (1, 100)] == [1, 100]
    with pytest.raises(BadRequest):
        cursor.check_limit(limit)
