"""What comes before the routes: bytes that are no HTTP request get a problem too, not a page and a trace."""

from __future__ import annotations

import logging

from aiohttp import web

from livefeed.api.problem import of_http, response
from livefeed.errors import BadRequest, LivefeedError

log = logging.getLogger(__name__)


class Door(web.AppRunner):
    """Serves an application like its base class; errors that no route sees have our one shape as well."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Connection(web.RequestHandler):
    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """Answer what could not be read, or what failed outside the routes, and end the connection.

        Anybody can send garbage: it is no event for the log.
        """
        if status >= 500:
            log.error("%s %s failed", request.method, request.path, exc_info=exc)
        else:
            log.debug("garbage from %s: %s", request.remote, message)
        if request.writer.output_size > 0:
            raise ConnectionError("half of a response is sent already")
        error = (
            LivefeedError("The server made a mistake; it has been written down. Try again.")
            if status >= 500
            else BadRequest("This is no HTTP request, or its line or headers are larger than 8190 bytes.")
        )
        answer = response(error)
        answer.force_close()
        return answer

    def log_exception(self, *args: object, **more: object) -> None:
        """Log what went wrong outside the routes, unless the peer broke its own body or left."""
        if not isinstance(more.get("exc_info"), web.RequestPayloadError | ConnectionError):
            log.error(*args, **more)  # type: ignore[arg-type]

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send a response; a refusal that aiohttp words itself, such as that of an Expect header, becomes ours."""
        if isinstance(resp, web.HTTPException) and resp.status >= 400:
            resp = of_http(resp)
        return await super().finish_response(request, resp, start_time)
