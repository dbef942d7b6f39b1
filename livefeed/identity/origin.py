"""Who may act on a person's cookie: only our own pages. Pure.

A browser sends our cookie along with whatever page asks it to, and says in Origin which page that was.
Where the cookie authenticates a write or a WebSocket, the Origin must be ours. A Bearer token is never
sent by accident, and a request without cookie acts for nobody: these need no Origin.
Source: docs/protocol.md, "Credentials".
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

Place = tuple[str, str, int]
"""Scheme, host, port."""


def is_allowed(
    *,
    method: str,
    websocket: bool,
    cookie: bool,
    bearer: bool,
    origin: str | None,
    host: str | None,
    public_url: str = "",
) -> bool:
    """Tell whether the request may go on as whoever it says it is.

    cookie, bearer: the request carries a session cookie, a Bearer (or query) token. With a token, the caller
    is whoever the token names; the cookie must then be ignored.
    origin, host: the headers, None where absent.
    public_url: LIVEFEED_PUBLIC_URL; without it, Host counts as ours.
    """
    if bearer or not cookie or (method.upper() in SAFE_METHODS and not websocket):
        return True
    return origin is not None and is_ours(origin, host=host, public_url=public_url)


def is_ours(origin: str, *, host: str | None, public_url: str = "") -> bool:
    """Tell whether a page of `origin` was served by us."""
    place = _place(origin)
    if place is None:
        return False  # 'null' (sandboxed frames, files) and anything that is no web address
    if public_url:
        return place == _place(public_url)
    # Whether a proxy speaks TLS for us is unknown here, so the scheme is taken from the Origin.
    return host is not None and place == _place(f"{place[0]}://{host}")


def _place(url: str) -> Place | None:
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
    except ValueError:
        return None
    if scheme not in _DEFAULT_PORTS or not host or parts.username is not None:
        return None
    return scheme, host, _DEFAULT_PORTS[scheme] if port is None else port
