"""The port of a server: held for processes that share it, and left without turning away who waits at it."""

from __future__ import annotations

import asyncio
import contextlib
import select
import socket
import time
from collections.abc import Iterator

from livefeed.config import variable
from livefeed.errors import ConfigurationError

HANDOVER_S = 3.0
"""How long a port may still be in use by the processes of a server that was just killed."""
AGAIN_S = 0.05
EMPTYING_S = 1.0
"""How long newcomers may keep coming to a listener that is to be closed."""


def refused(host: str, port: int, exc: OSError) -> ConfigurationError:
    """Return what is said of an address that cannot be listened on."""
    return ConfigurationError(
        f"Cannot listen on {host}:{port} ({exc.strerror}); set {variable('port')} or {variable('host')}."
    )


@contextlib.contextmanager
def held_port(host: str, port: int) -> Iterator[tuple[str, int]]:
    """Hold a port for processes that listen on it together (SO_REUSEPORT); yield its address, as it was bound.

    Nobody listens here, so the kernel sends nobody here; but the number stays ours (0 takes a free one), and no
    process of another server slips in: it is first bound in the ordinary way, which fails where somebody listens.
    Blocks, for HANDOVER_S at the most. Raises: ConfigurationError.
    """
    with contextlib.ExitStack() as held:
        try:
            shown, number = _hold(held, host, port)
        except OSError as exc:
            raise refused(host, port, exc) from exc
        yield shown, number


def _hold(held: contextlib.ExitStack, host: str, port: int) -> tuple[str, int]:
    """Bind every address that a server of asyncio would listen on; return the first, as it was bound."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    number, shown = port, ""
    for family, kind, protocol, _, (name, _, *scope) in found:
        _wait_until_free(family, kind, protocol, (name, number, *scope))
        one = held.enter_context(_socket(family, kind, protocol))
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        one.bind((name, number, *scope))
        bound = one.getsockname()
        number, shown = bound[1], shown or bound[0]
    return shown, number


def _socket(family: int, kind: int, protocol: int) -> socket.socket:
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    return made


def _wait_until_free(family: int, kind: int, protocol: int, address: tuple[object, ...]) -> None:
    """Wait until nobody listens there. Raises: OSError when somebody goes on to."""
    deadline = time.monotonic() + HANDOVER_S
    while True:
        try:
            with _socket(family, kind, protocol) as probe:
                probe.bind(address)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(AGAIN_S)


async def close_emptied(server: asyncio.Server) -> None:
    """Close a listener as soon as nobody waits in its queue: the kernel resets who does when it is closed.

    What comes between the last look and the closing, some microseconds, is still lost; nothing can be done about it.
    """
    waiting = select.poll()
    for listener in server.sockets:
        waiting.register(listener.fileno(), select.POLLIN)
    deadline = time.monotonic() + EMPTYING_S
    while waiting.poll(0) and time.monotonic() < deadline:
        await asyncio.sleep(0)  # the loop accepts them meanwhile
    server.close()
