"""The OpenAPI document and the server agree: generated requests of every kind get documented answers."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import seed as seeded
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from livefeed.api.application import ROUTES
from livefeed.api.openapi import document
from tests.integration.crowd import picture
from tests.integration.server_process import ServerProcess

EXAMPLES = 15
KEY = "secret"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = [found.ok() for found in schemathesis.openapi.from_dict(document(ROUTES)).get_all_operations()]
CASES = [(operation, GenerationMode.POSITIVE) for operation in OPERATIONS] + [
    (operation, GenerationMode.NEGATIVE) for operation in OPERATIONS if operation.body or operation.query
]
"""Every operation with values that fit the document and, if it takes any but names, with values that do not."""
TOPIC = "app:test"
RATES = {"guests_per_minute": 100_000, "commands_per_s": 100_000, "comments_per_s": 100_000}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("openapi") / "data", api_keys=f"{KEY}={TOPIC}", **RATES) as running:
        yield running
        assert "Traceback" not in running.log()


@pytest.fixture(scope="module")
def guest(server: ServerProcess) -> str:
    """A guest's token."""
    return str(requests.post(f"{server.url}/api/guests", timeout=30).json()["token"])


@pytest.fixture(scope="module")
def post(server: ServerProcess, guest: str) -> str:
    """A post that exists."""
    answer = requests.post(
        f"{server.url}/api/posts",
        files={"image": picture()},
        headers={"Authorization": f"Bearer {guest}"},
        timeout=30,
    )
    return str(answer.json()["post"]["id"])


def test_the_served_document_is_that_of_the_routes(server: ServerProcess) -> None:
    assert requests.get(f"{server.url}/api/openapi.json", timeout=30).json() == document(ROUTES)
    assert len(OPERATIONS) == len([route for route in ROUTES if route.document])


@pytest.mark.parametrize(("operation", "mode"), CASES, ids=[f"{case[0].label} {case[1].value}" for case in CASES])
def test_requests_get_documented_answers(
    server: ServerProcess, guest: str, post: str, operation: APIOperation, mode: GenerationMode, seed: int
) -> None:
    """No 5xx, no undocumented status, content type or shape, whether the values fit the document or not."""
    # oEmbed has a 5xx of its own: 501 for a format that is not offered.
    checks = [check for check in CHECKS if operation.path != "/oembed" or check is not not_a_server_error]
    token = KEY if operation.path.startswith("/api/topics/") else guest

    @seeded(seed)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case) -> None:
        if mode is GenerationMode.POSITIVE and operation.method != "delete":
            there_are = {"post": post, "feed": "all", "topic": TOPIC, "emoji": "🦊"}
            case.path_parameters.update({name: there_are.get(name, old) for name, old in case.path_parameters.items()})
        headers = {"Authorization": f"Bearer {token}"}
        case.call_and_validate(base_url=server.url, headers=headers, checks=checks, timeout=30)

    check()
