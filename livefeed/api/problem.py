"""One error shape: application/problem+json. Source: RFC 9457."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from livefeed.api.pages import nowhere
from livefeed.errors import BadRequest, Busy, LivefeedError, NotFound, StoreUnavailable, TooLarge, UnknownFormat

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class MethodNotAllowed(LivefeedError):
    """The route exists, the method does not."""

    code = "method_not_allowed"
    status = 405


def response(error: LivefeedError) -> web.Response:
    """Return the problem that an error is told as."""
    body: dict[str, Any] = {
        "type": f"about:blank#{error.code}",
        "title": error.code.replace("_", " "),
        "status": error.status,
        "detail": error.message,
        "code": error.code,
    }
    headers = {"Cache-Control": "no-store"}
    if error.retry_after_s is not None:
        body["retry_after_s"] = math.ceil(error.retry_after_s * 1000) / 1000
        headers["Retry-After"] = str(max(1, math.ceil(error.retry_after_s)))
    return web.Response(
        status=error.status, body=orjson.dumps(body), content_type="application/problem+json", headers=headers
    )


def of_http(exc: web.HTTPException) -> web.Response:
    """Return the problem that a refusal of aiohttp's is told as."""
    match exc:
        case web.HTTPMethodNotAllowed():
            answer = response(MethodNotAllowed(f"This address takes {', '.join(sorted(exc.allowed_methods))}."))
            answer.headers["Allow"] = ", ".join(sorted(exc.allowed_methods))
            return answer
        case web.HTTPRequestEntityTooLarge():
            return response(TooLarge("The request is larger than this address takes."))
        case web.HTTPNotFound():
            return response(NotFound("There is nothing at this address."))
    return response(BadRequest(f"{exc.reason}."))


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every failure into a problem; what we did not foresee is logged with its trace."""
    try:
        return await handler(request)
    except LivefeedError as exc:
        # A storm of the first two is no news, and what there is not is the caller's to know.
        if exc.status >= 500 and not isinstance(exc, StoreUnavailable | Busy | UnknownFormat):
            log.warning("%s %s: %s", request.method, request.path, exc.message)
        return response(exc)
    except web.HTTPException as exc:
        if exc.status < 400:
            raise
        page = nowhere(request) if exc.status == 404 else None
        return page or of_http(exc)
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        return response(LivefeedError("The server made a mistake; it has been written down. Try again."))
