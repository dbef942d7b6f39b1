"""The OpenAPI document, made from the routes that are served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import models_json_schema

from livefeed import __version__
from livefeed.api import shapes
from livefeed.api.arrival import RequestTimeout
from livefeed.api.gate import ForeignOrigin
from livefeed.api.route import Route
from livefeed.errors import BadRequest, KeyReused, LivefeedError, RateLimited, StoreUnavailable, TooLarge, Unauthorised

REFERENCE = "#/components/schemas/{model}"
_PART = re.compile(r"\{(\w+)(?::[^{}]*(?:\{[^{}]*\}[^{}]*)*)?\}")


def document(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the document as a map. Source: OpenAPI 3.1.0."""
    listed = [route for route in routes if route.document]
    paths: dict[str, dict[str, Any]] = {}
    for route in listed:
        paths.setdefault(_PART.sub(r"{\1}", route.path), {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "livefeed",
            "version": __version__,
            "summary": "The live layer of a social network around AI-made pictures.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(listed),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A guest's token."},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "livefeed"},
                "key": {"type": "http", "scheme": "bearer", "description": "One of LIVEFEED_API_KEYS."},
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.handler.__name__,
        "summary": route.summary,
        "parameters": [*_path_parameters(route), *_query_parameters(route)],
        "responses": {str(route.status): _success(route), **_failures(route)},
    }
    if route.access != "anyone":
        operation["security"] = [{"key": []}] if route.access == "key" else [{"token": []}, {"cookie": []}]
        if route.method != "GET":
            operation["parameters"].append(_IDEMPOTENCY_KEY)
    body = _body(route)
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {route.request_content: {"schema": body}}}
    return operation


_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 128},
    "description": "The same key again returns the first answer and does nothing twice, for a day.",
}


def _path_parameters(route: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(route.path)
    ]


def _query_parameters(route: Route) -> list[dict[str, Any]]:
    if route.query is None:
        return []
    schema = route.query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", ()), "schema": about}
        for name, about in schema["properties"].items()
    ]


def _body(route: Route) -> dict[str, Any] | None:
    if route.request_content == "multipart/form-data":
        image = {"type": "string", "format": "binary"}
        return {
            "type": "object",
            "required": ["image"],
            "properties": {"image": image, "caption": {"type": "string"}},
        }
    if route.body is None:
        return None
    if isinstance(route.body, TypeAdapter):
        several = route.body.json_schema(ref_template=REFERENCE)
        several.pop("$defs", None)
        return {"anyOf": [several["items"], several]}
    return {"$ref": REFERENCE.format(model=route.body.__name__)}


def _success(route: Route) -> dict[str, Any]:
    if route.status == 204:
        return {"description": "Done."}
    if route.response is None:
        schema: dict[str, Any] = {} if route.content == "application/json" else {"type": "string", "format": "binary"}
    else:
        schema = {"$ref": REFERENCE.format(model=route.response.__name__)}
    return {"description": "As asked.", "content": {route.content: {"schema": schema}}}


def _failures(route: Route) -> dict[str, Any]:
    errors: list[type[LivefeedError]] = [BadRequest, Unauthorised, StoreUnavailable, *route.errors]
    if route.access != "anyone" and route.method != "GET":
        errors.append(KeyReused)
    if route.access == "user":
        errors += [ForeignOrigin, RateLimited]
    if _body(route) is not None:
        errors += [TooLarge, RequestTimeout]
    by_status: dict[int, list[str]] = {}
    for error in errors:
        by_status.setdefault(error.status, []).append(error.code)
    problem = {"schema": {"$ref": REFERENCE.format(model=shapes.Problem.__name__)}}
    return {
        str(status): {
            "description": ", ".join(sorted(set(codes))),
            "content": {"application/problem+json": problem},
        }
        for status, codes in sorted(by_status.items())
    }


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    models: set[type[BaseModel]] = {shapes.Problem, shapes.PublishEvent}
    for route in routes:
        models.update(model for model in (route.body, route.response) if isinstance(model, type))
    _, found = models_json_schema(
        [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)],
        ref_template=REFERENCE,
    )
    schemas: dict[str, Any] = found["$defs"]
    return schemas
