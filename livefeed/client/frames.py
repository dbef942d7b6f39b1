"""Frames as bytes, in both codecs. [pure]"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

import msgpack
import orjson

from livefeed.client.errors import ProtocolBroken


class Codec(Enum):
    """How frames travel; the value is the WebSocket subprotocol."""

    MSGPACK = "livefeed.v1.msgpack"
    JSON = "livefeed.v1.json"

    def encode(self, frame: Mapping[str, Any]) -> str | bytes:
        """Return one frame as a WebSocket message: text for JSON, bytes for MessagePack."""
        if self is Codec.JSON:
            return orjson.dumps(frame).decode()
        packed: bytes = msgpack.packb(frame)
        return packed


def decode(message: str | bytes) -> list[dict[str, Any]]:
    """Return the frames in one WebSocket message of the server.

    Raises: ProtocolBroken.
    """
    try:
        found = orjson.loads(message) if isinstance(message, str) else msgpack.unpackb(message, strict_map_key=False)
    except (ValueError, RecursionError, msgpack.UnpackException) as exc:
        raise ProtocolBroken("The server sent a message that is neither JSON nor MessagePack.") from exc
    frames = found if isinstance(found, list) else [found]
    if not all(isinstance(frame, dict) and isinstance(frame.get("op"), str) for frame in frames):
        raise ProtocolBroken("The server sent a message that holds no frame.")
    return frames
