"""The WebSocket handshake: what a client asks for, and what we agree to. [pure]

The `websockets` library reads and answers it; a connection keeps nothing of that afterwards.

Source: RFC 6455, section 4.2; RFC 7692, section 7.1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from websockets.datastructures import Headers
from websockets.exceptions import NegotiationError
from websockets.extensions import Extension
from websockets.extensions.permessage_deflate import PerMessageDeflate, ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol
from websockets.typing import ExtensionParameter, Subprotocol

from livefeed.errors import BadRequest
from livefeed.hub.codec import JSON_PROTOCOL, MSGPACK_PROTOCOL

_OURS = (Subprotocol(JSON_PROTOCOL), Subprotocol(MSGPACK_PROTOCOL))
_FULL_WINDOW = 15


@dataclass(frozen=True, slots=True)
class Agreement:
    """What a connection speaks from now on. `answer`: the bytes of the response that says so."""

    answer: bytes
    protocol: str
    deflates: bool


class _SharedDeflate(ServerPerMessageDeflateFactory):
    """Takes only offers under which everybody can be sent the same compressed bytes."""

    def __init__(self) -> None:
        super().__init__(server_no_context_takeover=True, client_no_context_takeover=True)

    def process_request_params(
        self, params: Sequence[ExtensionParameter], accepted_extensions: Sequence[Extension]
    ) -> tuple[list[ExtensionParameter], PerMessageDeflate]:
        answer, extension = super().process_request_params(params, accepted_extensions)
        if extension.local_max_window_bits < _FULL_WINDOW:
            raise NegotiationError("a smaller window would need bytes of its own")
        return answer, extension


def _chosen(_: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """Return the first of the client's subprotocols that we speak; without one it gets JSON, unnamed."""
    return next((name for name in offered if name in _OURS), None)


def agree(path: str, headers: Iterable[tuple[str, str]], *, deflate: bool) -> Agreement:
    """Answer an upgrade request. Raises: BadRequest for one that is none."""
    protocol = ServerProtocol(
        extensions=[_SharedDeflate()] if deflate else None, subprotocols=_OURS, select_subprotocol=_chosen
    )
    response = protocol.accept(Request(path, Headers(headers)))
    if response.status_code != 101:
        raise BadRequest(f"This is no WebSocket handshake: {protocol.handshake_exc}.")
    return Agreement(response.serialize(), protocol.subprotocol or JSON_PROTOCOL, bool(protocol.extensions))
