"""Requests become values, or one sentence that names the field."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import make_mocked_request
from pydantic import TypeAdapter

from livefeed.api import shapes
from livefeed.api.application import ROUTES
from livefeed.api.route import MAX_KEY, Ask, read_query, validate
from livefeed.api.topics import MAX_EVENTS
from livefeed.errors import BadRequest, Unauthorised
from livefeed.people import ANONYMOUS, Caller, User


def ask(caller: Caller = ANONYMOUS, headers: dict[str, str] | None = None) -> Ask:
    return Ask(None, make_mocked_request("POST", "/", headers=headers), caller)  # type: ignore[arg-type]


def test_a_value_that_fits_is_taken_and_the_unknown_is_ignored() -> None:
    body = validate(shapes.WriteComment, {"text": "hello", "colour": "red"})
    assert (body.text, body.parent) == ("hello", None)


@pytest.mark.parametrize(
    ("model", "value", "field"),
    [
        (shapes.WriteComment, {}, "'text'"),
        (shapes.WriteComment, {"text": ""}, "'text'"),
        (shapes.WriteComment, {"text": 5}, "'text'"),
        (shapes.WriteComment, {"text": "a", "parent": 5}, "'parent'"),
        (shapes.WriteComment, [], "'body'"),
        (shapes.WriteComment, None, "'body'"),
        (shapes.CreateGeneration, {"prompt": "a", "width": "512"}, "'width'"),
        (shapes.CreateGeneration, {"prompt": "a", "width": 5.5}, "'width'"),
        (shapes.CreateGeneration, {"prompt": "a", "seed": -1}, "'seed'"),
        (shapes.CreateGeneration, {"prompt": "a", "seed": 2**32}, "'seed'"),
        (shapes.CreateGeneration, {"prompt": "a", "strength": 1.5}, "'strength'"),
        (shapes.CreateGeneration, {"prompt": "a", "publish": "yes"}, "'publish'"),
        (shapes.PublishEvent, {"type": "Bad Type", "data": {}}, "'type'"),
        (shapes.PublishEvent, {"type": "a", "data": []}, "'data'"),
        (shapes.PublishEvent, {"type": "a", "data": {}, "delivery": "maybe"}, "'delivery'"),
        (shapes.Rename, {"handle": "a"}, "'handle'"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_sentence_that_names_the_field(model: Any, value: Any, field: str) -> None:
    with pytest.raises(BadRequest) as caught:
        validate(model, value)
    assert caught.value.message.startswith(field)
    assert caught.value.message.endswith(".")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("body", [[1], "x", 5, None])
def test_a_body_that_is_no_map_is_called_that_and_not_by_our_names(body: Any) -> None:
    with pytest.raises(BadRequest) as caught:
        validate(shapes.CreateGeneration, body)
    assert caught.value.message == "'body': it must be a JSON map."


def test_the_sentence_does_not_repeat_what_was_sent() -> None:
    """It may be large, or somebody's secret."""
    with pytest.raises(BadRequest) as caught:
        validate(shapes.WriteComment, {"text": {"secret": "x" * 10_000}})
    assert "secret" not in caught.value.message
    assert len(caught.value.message) < 200


def test_an_adapter_of_one_or_many_takes_both() -> None:
    either: TypeAdapter[Any] = TypeAdapter(shapes.PublishEvent | list[shapes.PublishEvent])
    event = {"type": "a", "data": {}}
    assert validate(either, event).type == "a"
    assert len(validate(either, [event] * (MAX_EVENTS + 1))) == MAX_EVENTS + 1


@pytest.mark.parametrize(("query", "limit"), [("", 30), ("?limit=1", 1), ("?limit=100&before=x", 100)])
def test_a_page_is_asked_for_with_numbers_as_text(query: str, limit: int) -> None:
    assert read_query(make_mocked_request("GET", f"/{query}"), shapes.Paging).limit == limit


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "abc", "", "1e2", "9" * 5_000])
def test_a_limit_out_of_bounds_is_refused(limit: str) -> None:
    with pytest.raises(BadRequest):
        read_query(make_mocked_request("GET", f"/?limit={limit}"), shapes.Paging)


def test_who_is_not_signed_in_is_told_how_to() -> None:
    with pytest.raises(Unauthorised, match="/api/guests"):
        _ = ask().user
    assert ask(Caller(User("u", "fox"))).user.handle == "fox"


@pytest.mark.parametrize("key", ["", "k" * (MAX_KEY + 1)])
def test_an_idempotency_key_has_bounds(key: str) -> None:
    with pytest.raises(BadRequest, match="Idempotency-Key"):
        _ = ask(headers={"Idempotency-Key": key}).key


def test_an_idempotency_key_may_be_left_out() -> None:
    assert ask().key is None
    assert ask(headers={"Idempotency-Key": "k" * MAX_KEY}).key == "k" * MAX_KEY


def test_every_write_asks_for_somebody_except_becoming_somebody() -> None:
    open_writes = {route.path for route in ROUTES if route.method != "GET" and route.access == "anyone"}
    assert open_writes == {"/api/guests"}


def test_only_reads_are_for_pages_of_any_site() -> None:
    assert {route.method for route in ROUTES if route.public} == {"GET"}
    assert "/api/me" not in {route.path for route in ROUTES if route.public}


def test_no_two_routes_have_one_address_and_method() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
