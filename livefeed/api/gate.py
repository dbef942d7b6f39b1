"""Who is asking: cookie, Bearer token or `?token=`, and the Origin that a cookie needs."""

from __future__ import annotations

import re

from aiohttp import web

from livefeed.api.house import House
from livefeed.errors import Forbidden, Unauthorised
from livefeed.identity.origin import is_allowed
from livefeed.people import ANONYMOUS, Caller

COOKIE = "livefeed"
COOKIE_AGE_S = 365 * 86_400
QUERY_TOKEN_PATHS = re.compile(r"/ws|/sse|/api/rooms/[^/]+/doc")
"""Addresses whose clients may be unable to set headers."""


class ForeignOrigin(Forbidden):
    """A page of another site tried to act with our cookie."""

    code = "foreign_origin"


async def caller_of(house: House, request: web.Request, *, websocket: bool = False) -> Caller:
    """Return whose request it is.

    Raises: Unauthorised for a token that is not valid; ForeignOrigin.
    """
    token = _token(request)
    cookie = request.cookies.get(COOKIE)
    allowed = is_allowed(
        method=request.method,
        websocket=websocket,
        cookie=cookie is not None,
        bearer=token is not None,
        origin=request.headers.get("Origin"),
        host=request.headers.get("Host"),
        public_url=house.config.public_url,
    )
    if not allowed:
        raise ForeignOrigin("The session cookie works on this site's own pages only; send a Bearer token instead.")
    if token is not None:
        return await authenticate(house, token)
    user = await house.identity.authenticate(cookie) if cookie is not None else None
    return ANONYMOUS if user is None else Caller(user)


async def authenticate(house: House, token: str) -> Caller:
    """Return whose token it is: a person's, or one of our API keys. Raises: Unauthorised."""
    user = await house.identity.authenticate(token)
    if user is not None:
        return Caller(user)
    if house.keys.knows(token):
        return Caller(key=token)
    raise Unauthorised("These credentials are not valid here, or not any more; take others, or none.")


def _token(request: web.Request) -> str | None:
    """Return the token that the request names; raises: Unauthorised for another scheme than Bearer."""
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Unauthorised("Authorization must be 'Bearer' and a token.")
        return token.strip()
    return request.query.get("token") if QUERY_TOKEN_PATHS.fullmatch(request.path) else None


def sign_in(house: House, response: web.StreamResponse, token: str) -> None:
    """Put the session cookie on a response."""
    secure = house.config.public_url.lower().startswith("https:")
    response.set_cookie(COOKIE, token, max_age=COOKIE_AGE_S, path="/", httponly=True, samesite="Lax", secure=secure)
