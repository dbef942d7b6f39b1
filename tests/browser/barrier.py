"""A way to a server on which WebSockets do not get through, as some proxies have it."""

from __future__ import annotations

import contextlib
import socket
import threading
from types import TracebackType
from typing import Self

REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
HEAD_BYTES = 16_384


class Barrier:
    """A proxy on a free port of this machine; entering the block opens it."""

    def __init__(self, server: str) -> None:
        """server: its address, `http://host:port`."""
        host, _, port = server.removeprefix("http://").partition(":")
        self._server = (host, int(port))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.refused = 0
        """Upgrades that were turned away."""
        self.open = False
        """Whether WebSockets get through after all."""
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in [self._listener, *self._sockets]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                self._sockets.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            head = client.recv(HEAD_BYTES)
            if b"upgrade: websocket" in head.lower() and not self.open:
                self.refused += 1
                client.sendall(REFUSAL)
                client.close()
                return
            server = socket.create_connection(self._server)
            self._sockets.append(server)
            server.sendall(head)
            threading.Thread(target=_carry, args=(server, client), daemon=True).start()
            _carry(client, server)


def _carry(source: socket.socket, target: socket.socket) -> None:
    """Pass on what comes until one side ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65_536):
            target.sendall(data)
    for one in (source, target):
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
