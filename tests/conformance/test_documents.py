"""What docs/protocol.md and the OpenAPI document say is what the server does."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.peers import Caller, Http, Server, Wire
from tests.simulation.guards import GUARDS

PROTOCOL = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")


def section(title: str) -> str:
    """Return the text under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PROTOCOL, re.DOTALL | re.MULTILINE)
    assert found is not None, title
    return found[1]


def rows(text: str) -> list[list[str]]:
    """Return the cells of a section's tables, without their heads."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines]


async def openapi(http: Http) -> dict[str, Any]:
    body = (await http.ask("GET", "/api/openapi.json")).body
    assert isinstance(body, dict)
    return body


async def test_the_table_of_routes_is_the_openapi_document(http: Http):
    documented = {
        (row[0], row[1].strip("`"))
        for row in rows(section("Routes"))
        if row[0] in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    served = {
        (method.upper(), path)
        for path, operations in (await openapi(http))["paths"].items()
        for method in operations
        if method in {"get", "post", "put", "patch", "delete"}
    }
    assert documented == served


async def test_the_table_says_who_may_ask(server: Server, http: Http):
    """Without credentials: 401 exactly where the table names a user or a key."""
    for row in rows(section("Routes")):
        method, path, who = row[0], row[1].strip("`"), row[2]
        if method not in {"GET", "POST", "PUT", "PATCH", "DELETE"}:
            continue
        concrete = re.sub(r"\{(\w+)\}", lambda part: "256" if part[1] == "width" else "all", path)
        answer = await http.ask(method, concrete, {} if method in {"POST", "PATCH"} else None)
        assert (answer.status == 401) is (who in {"user", "key"}), (method, path, answer)


async def test_every_operation_tells_its_problems(http: Http):
    for path, operations in (await openapi(http))["paths"].items():
        for method, operation in operations.items():
            responses = operation["responses"]
            assert any(status.startswith("2") for status in responses), (method, path)
            assert any("application/problem+json" in one.get("content", {}) for one in responses.values()), (
                method,
                path,
            )


async def test_every_reference_of_the_openapi_document_leads_somewhere(http: Http):
    document = await openapi(http)
    names = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert names <= set(document["components"]["schemas"])
    assert document["openapi"].startswith("3.1")


def test_the_section_on_positions_names_every_guard():
    named = set(re.findall(r"`(\w+)`", section("Positions")))
    assert {guard.name for guard in GUARDS} <= named


@pytest.mark.parametrize(
    "answer",
    ["GET /api/feeds/all", "GET /api/posts", "GET lineage", "GET comments", "POST comment", "GET generation"],
)
async def test_answers_are_as_the_openapi_document_says(http: Http, guest: Caller, answer: str):
    document = await openapi(http)
    post = await http.post(guest, "A fox #fox")
    comments = f"/api/posts/{post['id']}/comments"
    match answer:
        case "GET /api/feeds/all":
            found, where = await http.ask("GET", "/api/feeds/all"), ("/api/feeds/{feed}", "get")
        case "GET /api/posts":
            found, where = await http.ask("GET", f"/api/posts/{post['id']}"), ("/api/posts/{post}", "get")
        case "GET lineage":
            found, where = (
                await http.ask("GET", f"/api/posts/{post['id']}/lineage"),
                ("/api/posts/{post}/lineage", "get"),
            )
        case "GET comments":
            await http.comment(guest, post["id"], "Nice")
            found, where = await http.ask("GET", comments), ("/api/posts/{post}/comments", "get")
        case "POST comment":
            found, where = await http.comment(guest, post["id"], "Nice"), ("/api/posts/{post}/comments", "post")
        case _:
            body = {"prompt": "fox", "publish": False}
            made = (await http.ask("POST", "/api/generations", body, token=guest.token)).body["id"]
            found = await http.ask("GET", f"/api/generations/{made}", token=guest.token)
            where = ("/api/generations/{generation}", "get")
            await http.ask("DELETE", f"/api/generations/{made}", token=guest.token)
    responses = document["paths"][where[0]][where[1]]["responses"]
    schema = responses[str(found.status)]["content"]["application/json"]["schema"]
    check(found.body, schema, document["components"]["schemas"], "")


def check(value: Any, schema: dict[str, Any], schemas: dict[str, Any], where: str) -> None:
    """Hold a value against the parts of JSON Schema that the document uses; unknown fields fail too."""
    if "$ref" in schema:
        return check(value, schemas[schema["$ref"].rpartition("/")[2]], schemas, where)
    if "anyOf" in schema:
        errors = []
        for option in schema["anyOf"]:
            try:
                return check(value, option, schemas, where)
            except AssertionError as exc:
                errors.append(str(exc))
        raise AssertionError(f"{where}: {errors}")
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None)}
    kind = schema.get("type")
    if kind == "number":
        assert isinstance(value, int | float), where
    elif kind is not None:
        assert isinstance(value, kinds[kind]), f"{where}: {value!r} is no {kind}"
    if "enum" in schema:
        assert value in schema["enum"], where
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), f"{where}: {value!r}"
    if isinstance(value, list):
        for index, item in enumerate(value):
            check(item, schema["items"], schemas, f"{where}[{index}]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value), f"{where}: {sorted(value)}"
        assert set(value) <= set(schema["properties"]), f"{where}: {sorted(set(value) - set(schema['properties']))}"
        for name, item in value.items():
            check(item, schema["properties"][name], schemas, f"{where}.{name}")
    return None


async def test_the_limits_of_the_document_are_the_limits_of_the_welcome(server: Server):
    async with Wire.open(server.url) as wire:
        limits = wire.welcome["limits"]
    text = section("Limits")
    for number in (limits["topics"], limits["prompt"], limits["comment"]):
        assert re.search(rf"\b{number:,}\b", text), number
    assert limits["message_bytes"] == 64 * 1024
    assert limits["frames_per_s"] == 100
    assert limits["upload_bytes"] == 20 * 1024 * 1024
