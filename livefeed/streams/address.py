"""Where the store is, as an operator writes it in one line. [pure]

    redis://[user:password@]host[:port][/db]          one server; rediss:// with TLS, unix:///path for a socket
    redis://host:port,host:port[/db]                  a primary and its replicas: whichever is the primary just now
    redis+sentinel://host:port[,host:port]/service[/db]
    redis+cluster://host:port[,host:port]

TLS and certificates: `rediss+…` and redis-py's `ssl_…` options behind a question mark; the sentinels' own
credentials: `?sentinel_username=…&sentinel_password=…`.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from redis.asyncio.connection import SSLConnection, parse_url
from redis.exceptions import RedisError

from livefeed.config import variable
from livefeed.errors import ConfigurationError

PORT, SENTINEL_PORT = 6379, 26379
_SENTINEL_OPTIONS = {"sentinel_username", "sentinel_password"}
_OPTIONS = {"username", "password", "host", "path", "db", "connection_class"} | _SENTINEL_OPTIONS
_HOST = re.compile(r"(?:\[(?P<six>[^\[\]]+)\]|(?P<name>[^:\[\]]+))(?::(?P<port>\d{1,5}))?")


class Kind(Enum):
    """How the servers of an address belong together."""

    SINGLE = "redis"
    REPLICAS = "replicas"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Server:
    """Where one server listens: a TCP address, or the path of a unix socket."""

    host: str = "localhost"
    port: int = PORT
    path: str = ""

    def __str__(self) -> str:
        return self.path or (f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}")


@dataclass(frozen=True, slots=True)
class Login:
    """What a server wants to know before it takes commands."""

    username: str = ""
    password: str = field(default="", repr=False)
    db: int = 0
    tls: ssl.SSLContext | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed LIVEFEED_REDIS_URL.

    service: the name of the primary at the sentinels. sentinel_options: how redis-py reaches these.
    """

    kind: Kind
    servers: tuple[Server, ...]
    login: Login
    service: str = ""
    sentinel_options: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, url: str) -> Address:
        """Return the address a URL stands for. Raises: ConfigurationError with what is wrong, without the password."""
        parts = urlsplit(url)
        transport, _, suffix = parts.scheme.partition("+")
        if transport == "unix":
            login, _ = _login(parts, transport, "")
            return cls(Kind.SINGLE, (Server(path=unquote(parts.path)),), login)
        if transport not in ("redis", "rediss") or suffix not in ("", "sentinel", "cluster"):
            raise _wrong(f"it begins with '{parts.scheme}://'")
        default = SENTINEL_PORT if suffix == "sentinel" else PORT
        servers = tuple(_server(text, default) for text in parts.netloc.rpartition("@")[2].split(","))
        if suffix == "sentinel":
            service, _, db = parts.path.strip("/").partition("/")
            if not service:
                raise _wrong("it names no service: redis+sentinel://host:port,host:port/service")
            login, sentinels = _login(parts, transport, db)
            return cls(Kind.SENTINEL, servers, login, unquote(service), sentinels)
        login, _ = _login(parts, transport, parts.path.strip("/"))
        if suffix == "cluster":
            if login.db:
                raise _wrong("a Cluster has no numbered databases")
            return cls(Kind.CLUSTER, servers, login)
        return cls(Kind.REPLICAS if len(servers) > 1 else Kind.SINGLE, servers, login)


def _login(parts: SplitResult, transport: str, db: str) -> tuple[Login, dict[str, Any]]:
    """Let redis-py read what it has words for: credentials, the database, and the options of TLS."""
    if db and not db.isdigit():
        raise _wrong(f"'{db}' is no number of a database")
    user = parts.netloc.rpartition("@")[0]
    try:
        options: dict[str, Any] = dict(parse_url(f"{transport}://{user}@host/{db}?{parts.query}"))
        tls = {name: value for name, value in options.items() if name.startswith("ssl_")}
        unknown = set(options) - set(tls) - _OPTIONS
        if unknown:
            raise _wrong(f"it has the option '{min(unknown)}', which livefeed does not take")
        context = SSLConnection(**tls).ssl_context.get() if transport == "rediss" else None
    except (ValueError, TypeError, OSError, RedisError) as exc:
        raise _wrong(str(exc)) from exc
    login = Login(options.get("username", ""), options.get("password", ""), int(options.get("db", 0)), context)
    sentinels = {name.removeprefix("sentinel_"): options[name] for name in _SENTINEL_OPTIONS & set(options)}
    return login, sentinels | ({"ssl": True} | tls if transport == "rediss" else {})


def _server(text: str, port: int) -> Server:
    found = _HOST.fullmatch(text)
    if found is None or int(found["port"] or port) not in range(1, 65_536):
        raise _wrong(f"'{text}' is no host:port")
    return Server(unquote(found["six"] or found["name"]), int(found["port"] or port))


def _wrong(why: str) -> ConfigurationError:
    return ConfigurationError(f"{variable('redis_url')} is wrong: {why}.")
