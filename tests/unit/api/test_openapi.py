"""The document lists exactly what is served, and every reference in it leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from livefeed.api.application import ROUTES
from livefeed.api.openapi import document
from livefeed.api.route import Route

DOCUMENT = document(ROUTES)
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


PART = re.compile(r"{(\w+):(?:[^{}]|{[^{}]*})*}")
"""A part of a path with a pattern of its own, such as {width:\\d{1,5}}."""


def named(route: Route) -> str:
    return f"{route.method} {PART.sub(lambda match: f'{{{match[1]}}}', route.path)}"


def references(value: Any) -> Iterator[str]:
    match value:
        case {"$ref": str(target)}:
            yield target
        case dict():
            for item in value.values():
                yield from references(item)
        case list():
            for item in value:
                yield from references(item)


def test_it_lists_exactly_the_routes() -> None:
    assert {name for name, _ in OPERATIONS} == {named(route) for route in ROUTES if route.document}


def test_every_reference_leads_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    targets = set(references(DOCUMENT))
    assert targets
    assert not [target for target in targets if target.removeprefix("#/components/schemas/") not in schemas]


def test_every_operation_has_a_name_of_its_own_and_a_summary() -> None:
    names = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(names)) == len(names)
    assert all(operation["summary"].endswith(".") for _, operation in OPERATIONS)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_an_operation_names_its_parameters_its_success_and_its_problems(name: str, operation: dict[str, Any]) -> None:
    in_path = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"]
    assert in_path == re.findall(r"{(\w+)}", name)
    statuses = {int(status) for status in operation["responses"]}
    assert len([status for status in statuses if status < 300]) == 1
    assert {400, 401, 503} <= statuses
    for status, told in operation["responses"].items():
        if int(status) >= 400:
            assert list(told["content"]) == ["application/problem+json"]
            assert told["description"]


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_what_needs_credentials_says_so(route: Route) -> None:
    operation = DOCUMENT["paths"][named(route).partition(" ")[2]][route.method.lower()]
    schemes = {name for option in operation.get("security", []) for name in option}
    assert schemes == {"anyone": set(), "user": {"token", "cookie"}, "key": {"key"}}[route.access]
    assert schemes <= DOCUMENT["components"]["securitySchemes"].keys()
