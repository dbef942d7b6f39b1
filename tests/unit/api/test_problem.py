"""One error shape, whatever went wrong. Source: RFC 9457."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from livefeed import errors
from livefeed.api.problem import of_http, problems, response
from livefeed.errors import Busy, LivefeedError, NotFound, RateLimited, StoreUnavailable


def read(answer: web.StreamResponse) -> dict[str, Any]:
    assert isinstance(answer, web.Response)
    assert answer.content_type == "application/problem+json"
    body: dict[str, Any] = orjson.loads(answer.body)
    assert body["status"] == answer.status
    return body


async def answer(failure: Exception) -> web.StreamResponse:
    """Return what the middleware makes of a handler's failure."""

    async def fail(request: web.Request) -> web.StreamResponse:
        raise failure

    return await problems(make_mocked_request("GET", "/"), fail)


def test_a_problem_names_its_code_and_says_what_to_do() -> None:
    assert read(response(NotFound("There is no such post."))) == {
        "type": "about:blank#not_found",
        "title": "not found",
        "status": 404,
        "detail": "There is no such post.",
        "code": "not_found",
    }


@pytest.mark.parametrize(("wait_s", "header"), [(0.004, "1"), (1.0, "1"), (1.2, "2"), (60.0, "60")])
def test_a_wait_is_told_in_seconds_to_programs_and_in_whole_ones_to_proxies(wait_s: float, header: str) -> None:
    told = response(RateLimited("Slower.", retry_after_s=wait_s))
    assert read(told)["retry_after_s"] == wait_s
    assert told.headers["Retry-After"] == header


def test_without_a_wait_none_is_told() -> None:
    told = response(Busy("Later."))
    assert "retry_after_s" not in read(told)
    assert "Retry-After" not in told.headers


ALL = [
    error
    for error in vars(errors).values()
    if isinstance(error, type)
    if issubclass(error, LivefeedError) and error is not errors.IllegalTransition
]


@pytest.mark.parametrize("error", ALL)
async def test_every_error_of_ours_becomes_a_problem_with_its_status_and_code(error: type[LivefeedError]) -> None:
    body = read(await answer(error("What to do.")))
    assert (body["status"], body["code"], body["detail"]) == (error.status, error.code, "What to do.")


async def test_only_what_is_our_own_fault_is_written_down(caplog: pytest.LogCaptureFixture) -> None:
    for error in ALL:
        await answer(error(error.__name__))
    written = {record.getMessage().removeprefix("GET /: ") for record in caplog.records}
    assert written == {"LivefeedError", "ConfigurationError"}


async def test_an_error_with_a_code_of_its_own_keeps_it() -> None:
    assert read(await answer(RateLimited("Wait for one.", code="own_limit")))["code"] == "own_limit"


async def test_what_was_not_foreseen_tells_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    body = read(await answer(RuntimeError("secret in /etc")))
    assert (body["status"], body["code"]) == (500, "internal")
    assert "secret" not in str(body)
    assert "secret" in caplog.text


async def test_a_store_that_is_away_is_no_defect(caplog: pytest.LogCaptureFixture) -> None:
    assert read(await answer(StoreUnavailable("Again.", retry_after_s=1.0)))["status"] == 503
    assert not caplog.records


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (web.HTTPNotFound(), 404, "not_found"),
        (web.HTTPRequestEntityTooLarge(10), 413, "too_large"),
        (web.HTTPBadRequest(), 400, "bad_request"),
        (web.HTTPExpectationFailed(), 400, "bad_request"),
    ],
)
async def test_what_aiohttp_refuses_has_our_shape(failure: web.HTTPException, status: int, code: str) -> None:
    body = read(await answer(failure))
    assert (body["status"], body["code"]) == (status, code)
    assert body["detail"].endswith(".")


def test_another_method_is_told_which_ones_there_are() -> None:
    told = of_http(web.HTTPMethodNotAllowed("BREW", ["POST", "GET"]))
    assert read(told)["code"] == "method_not_allowed"
    assert told.headers["Allow"] == "GET, POST"


async def test_a_redirect_is_no_problem() -> None:
    with pytest.raises(web.HTTPFound):
        await answer(web.HTTPFound("/"))


async def test_an_answer_passes_untouched() -> None:
    async def succeed(request: web.Request) -> web.StreamResponse:
        return web.Response(text="fine")

    told = await problems(make_mocked_request("GET", "/"), succeed)
    assert isinstance(told, web.Response)
    assert told.text == "fine"
