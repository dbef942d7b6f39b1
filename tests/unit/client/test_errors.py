"""Errors by code."""

from __future__ import annotations

import pytest

from livefeed.client.errors import from_code, from_problem
from livefeed.errors import BadTopic, Busy, LivefeedError, NotFound, PeerError, RateLimited, StoreUnavailable


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("not_found", NotFound),
        ("bad_topic", BadTopic),
        ("rate_limited", RateLimited),
        ("store_unavailable", StoreUnavailable),
        ("busy", Busy),
    ],
)
def test_a_known_code_is_the_error_of_the_vocabulary(code, kind):
    error = from_code(code, "A sentence.")
    assert type(error) is kind
    assert (error.code, error.message) == (code, "A sentence.")


def test_an_unknown_code_keeps_its_name_and_is_sorted_by_status():
    error = from_code("too_many_topics", "No.", status=429)
    assert isinstance(error, RateLimited)
    assert error.code == "too_many_topics"
    assert isinstance(from_code("odd", "No.", status=418), PeerError)
    assert type(from_code("odd", "No.")) is LivefeedError


def test_a_problem_tells_code_detail_and_patience():
    error = from_problem(429, {"code": "rate_limited", "detail": "Slow down.", "retry_after_s": 1.5})
    assert isinstance(error, RateLimited)
    assert (error.message, error.retry_after_s) == ("Slow down.", 1.5)


@pytest.mark.parametrize(("status", "code"), [(502, "busy"), (500, "internal"), (400, "bad_request")])
@pytest.mark.parametrize("body", [None, [], "no", {}])
def test_an_answer_that_is_no_problem_is_told_by_its_status(status, code, body):
    error = from_problem(status, body)
    assert error.code == code
    assert str(status) in error.message
