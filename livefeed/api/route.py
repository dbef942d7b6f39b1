"""Routes as values: what serves a request is what the OpenAPI document lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import orjson
from aiohttp import web
from pydantic import BaseModel, TypeAdapter, ValidationError

from livefeed.api.arrival import arriving
from livefeed.api.codings import squeezed
from livefeed.errors import BadRequest, LivefeedError
from livefeed.people import Caller, User

if TYPE_CHECKING:
    from livefeed.api.house import House

MAX_KEY = 128
LEAST_COMPRESSED = 1024
"""Bytes of a JSON answer below which it fits into a packet as it is."""

Model = TypeVar("Model", bound=BaseModel)
Access = Literal["anyone", "user", "key"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request whose caller and values are known to be well formed."""

    house: House
    request: web.Request
    caller: Caller
    body: Any = None
    query: Any = None

    @property
    def user(self) -> User:
        """The person who asks. Raises: Unauthorised."""
        return self.caller.person()

    @property
    def key(self) -> str | None:
        """The idempotency key. Raises: BadRequest."""
        key = self.request.headers.get("Idempotency-Key")
        if key is not None and not (0 < len(key) <= MAX_KEY and key.isascii() and key.isprintable()):
            raise BadRequest(f"Idempotency-Key has 1 to {MAX_KEY} printable ASCII characters.")
        return key

    def part(self, name: str) -> str:
        """Return a part of the path."""
        return self.request.match_info[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One address and method.

    body, query, response: models, for validation and for the document. status: of success.
    access: who may ask; `user` also means that credentials may be a cookie, which then needs our Origin.
    public: a read that any site may make (Access-Control-Allow-Origin: *).
    """

    method: str
    path: str
    handler: Callable[[Ask], Awaitable[web.StreamResponse]]
    summary: str
    access: Access = "anyone"
    status: int = 200
    body: type[BaseModel] | TypeAdapter[Any] | None = None
    body_bytes: int = 65_536
    query: type[BaseModel] | None = None
    response: type[BaseModel] | None = None
    content: str = "application/json"
    request_content: str = "application/json"
    public: bool = False
    document: bool = True
    errors: tuple[type[LivefeedError], ...] = field(default=())


async def read_body(
    request: web.Request, model: type[BaseModel] | TypeAdapter[Any], limit: int, *, within_s: float
) -> Any:
    """Return the JSON body as the model's value; an adapter is of a list, and takes a single item as a list of one.

    Raises: BadRequest naming the field; RequestTimeout; aiohttp's own error for more than `limit` bytes.
    """
    async with arriving(within_s):
        raw = await request.clone(client_max_size=limit).read()
    try:
        value = orjson.loads(raw) if raw else {}
        orjson.dumps(value)  # what is nested too deep to be written again is refused here, not where it would be stored
    except (orjson.JSONDecodeError, TypeError) as exc:
        raise BadRequest("The body is no JSON, or it is nested too deep.") from exc
    return validate(model, [value] if isinstance(model, TypeAdapter) and not isinstance(value, list) else value)


def read_query(request: web.Request, model: type[Model]) -> Model:
    """Return the query as the model's value. Raises: BadRequest."""
    value: Model = validate(model, dict(request.query))
    return value


def validate(model: type[BaseModel] | TypeAdapter[Any], value: Any) -> Any:
    """Return `value` as the model's. Raises: BadRequest naming the first field that is wrong."""
    try:
        return model.validate_python(value) if isinstance(model, TypeAdapter) else model.model_validate(value)
    except ValidationError as exc:
        first = exc.errors(include_url=False, include_context=False, include_input=False)[0]
        steps = [str(step) for step in first["loc"]]
        single = isinstance(value, list) and len(value) == 1
        where = ".".join(steps[1:] if single else steps)
        if not where and first["type"] in ("model_type", "model_attributes_type", "dict_type"):
            raise BadRequest("'body': it must be a JSON map.") from exc
        where = where or "body"
        raise BadRequest(f"'{where}': {first['msg'][0].lower()}{first['msg'][1:]}.") from exc


def compressed(request: web.Request, response: web.Response) -> web.Response:
    """Return the response, to be sent compressed if whoever asks takes that and it is worth it.

    Not for what holds a secret beside what others may have written: its length would tell of it.
    """
    if isinstance(response.body, bytes) and len(response.body) >= LEAST_COMPRESSED:
        squeezed(request, response)
    response.headers["Vary"] = "Accept-Encoding"
    return response


def json(data: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Return a JSON response."""
    return web.Response(status=status, body=orjson.dumps(data), content_type="application/json", headers=headers)
