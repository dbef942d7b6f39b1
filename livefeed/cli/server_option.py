"""How commands find their server: the options that all of them share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from livefeed.client import Feed, connect
from livefeed.client.frames import Codec
from livefeed.config import Config

PATIENCE_S = 3.0
"""Somebody waits at the terminal: a server that is not there is told of soon."""

Function = TypeVar("Function", bound=Callable[..., Any])


def default_server() -> str:
    """Return the address of a server that was started with the same LIVEFEED_* variables on this machine."""
    config = Config.from_environment()
    host = "127.0.0.1" if config.host in ("", "0.0.0.0", "::") else config.host
    return f"http://[{host}]:{config.port}" if ":" in host else f"http://{host}:{config.port}"


def with_server(function: Function) -> Function:
    """Give a command the options `--server` and `--token`."""
    server = click.option(
        "--server",
        metavar="URL",
        envvar="LIVEFEED_SERVER",
        help="The server's address (LIVEFEED_SERVER); else this machine's own, by LIVEFEED_HOST and _PORT.",
    )
    token = click.option("--token", envvar="LIVEFEED_TOKEN", help="A user's token or an API key (LIVEFEED_TOKEN).")
    return server(token(function))


def open_feed(server: str | None, token: str | None, codec: Codec = Codec.MSGPACK) -> Feed:
    """Return the client of a command. Raises: BadRequest, ConfigurationError."""
    if server and "://" not in server:
        server = f"http://{server}"
    return connect(server or default_server(), token=token, codec=codec, patience_s=PATIENCE_S)
