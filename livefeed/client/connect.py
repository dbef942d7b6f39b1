"""Where a server is."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

from livefeed.client.feed import Feed
from livefeed.client.frames import Codec
from livefeed.errors import BadRequest

_SOCKETS = {"http": "ws", "https": "wss"}


def connect(
    url: str = "http://127.0.0.1:8080",
    *,
    token: str | None = None,
    codec: Codec = Codec.MSGPACK,
    patience_s: float = 10.0,
) -> Feed:
    """Return a feed, to be used with `async with`. Nothing is sent before something is asked.

    token: of a user, or an API key. patience_s: how long a server that was never reached is tried.
    Raises: BadRequest if `url` is no http or https address.
    """
    base, socket_url = addresses(url)
    return Feed(base, socket_url, token, codec, patience_s=patience_s)


def addresses(url: str) -> tuple[str, str]:
    """Return the server's root (no slash at the end) and its WebSocket's address. Raises: BadRequest."""
    parts = urlsplit(url)
    if parts.scheme not in _SOCKETS or not parts.hostname:
        raise BadRequest(f"'{url}' is no server's address; it looks like http://127.0.0.1:8080.")
    path = parts.path.rstrip("/")
    base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
    return base, urlunsplit((_SOCKETS[parts.scheme], parts.netloc, path + "/ws", "", ""))
