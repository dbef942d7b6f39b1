"""Events and values in memory, each encoded at most once per codec. [pure]"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeVar

import msgpack
import orjson

from livefeed.position import Position
from livefeed.streams.entry import StoredEvent, StoredValue

IMAGE_KEY = b'"image_key"'
"""A value whose data has this field stands for bytes kept elsewhere: see docs/protocol.md, "Previews"."""

_READABLE = re.compile(r"lf:\{s\d+\}:pv:\S+")
"""Keys whose bytes readers may have: what else the store holds is not for whoever publishes to ask for."""


class HeldEvent:
    """A KEPT event, ready to be written into any number of frames."""

    __slots__ = ("_json", "_msgpack", "data", "id", "name", "type")

    def __init__(self, event: StoredEvent) -> None:
        self.id = event.id
        self.name = event.origin or event.id
        """The id that clients see: the same on every topic that carries the event."""
        self.type = event.type
        self.data = event.data
        self._json: bytes | None = None
        self._msgpack: bytes | None = None

    @property
    def size(self) -> int:
        """Bytes that holding it costs, about."""
        return 2 * len(self.data) + 200

    @property
    def body_bytes(self) -> int:
        """What it holds, in bytes: about what a frame has of it besides the envelope."""
        return len(self.data)

    def json(self) -> bytes:
        """Return `{"id", "type", "time", "data"}` as JSON."""
        if self._json is None:
            self._json = b'{"id":"%s","type":%s,"time":%d,"data":%s}' % (
                str(self.name).encode(),
                orjson.dumps(self.type),
                self.name.ms,
                self.data,
            )
        return self._json

    def msgpack(self) -> bytes:
        """Return the same map as MessagePack."""
        if self._msgpack is None:
            self._msgpack = _pack(
                {"id": str(self.name), "type": self.type, "time": self.name.ms, "data": orjson.loads(self.data)}
            )
        return self._msgpack


class HeldValue:
    """A LATEST value, with the bytes it stands for when it has some.

    awaited: those bytes are being read; the value goes out when they have come, or cannot.
    """

    __slots__ = ("_json", "_msgpack", "awaited", "data", "image", "key", "rev", "type")

    def __init__(self, value: StoredValue, image: bytes | None = None, *, awaited: bool = False) -> None:
        self.key = value.key
        self.rev = value.rev
        self.type = value.type
        self.data = value.data
        self.image = image
        self.awaited = awaited
        self._json: bytes | None = None
        self._msgpack: bytes | None = None

    @property
    def body_bytes(self) -> int:
        """What it holds, in bytes: about what a frame has of it besides the envelope."""
        return len(self.data) + len(self.image or b"")

    def json(self) -> bytes:
        """Return `{"key", "type", "time", "rev", "data"}` as JSON; bytes are left to their URL."""
        if self._json is None:
            data = self.data
            if image_key(self) is not None:
                data = orjson.dumps({name: item for name, item in orjson.loads(data).items() if name != "image_key"})
            self._json = b'{"key":%s,"type":%s,"time":%d,"rev":"%s","data":%s}' % (
                orjson.dumps(self.key),
                orjson.dumps(self.type),
                self.rev.ms,
                str(self.rev).encode(),
                data,
            )
        return self._json

    def msgpack(self) -> bytes:
        """Return the same map as MessagePack, bytes in place when they are at hand."""
        if self._msgpack is None:
            data = orjson.loads(self.data)
            if image_key(self) is not None:
                del data["image_key"]
                if self.image is not None:
                    data.pop("url", None)
                    data["image"] = self.image
            self._msgpack = _pack(
                {"key": self.key, "type": self.type, "time": self.rev.ms, "rev": str(self.rev), "data": data}
            )
        return self._msgpack


class HeldSignal:
    """What somebody does just now, ready to be written into frames.

    origin: the id of the session it came from. json: the signal as JSON, where that is known already.
    """

    __slots__ = ("_json", "_msgpack", "origin", "signal")

    def __init__(self, signal: Mapping[str, Any], origin: str, json: bytes | None = None) -> None:
        self.signal = signal
        self.origin = origin
        self._json = json
        self._msgpack: bytes | None = None

    def json(self) -> bytes:
        """Return `{"user", "type", "data"}` as JSON."""
        if self._json is None:
            self._json = orjson.dumps(self.signal)
        return self._json

    def msgpack(self) -> bytes:
        """Return the same map as MessagePack."""
        if self._msgpack is None:
            self._msgpack = _pack(self.signal)
        return self._msgpack


class Weighed(Protocol):
    """Something that a frame holds."""

    @property
    def body_bytes(self) -> int:
        """What it holds, in bytes."""


Held = TypeVar("Held", bound=Weighed)


def fitting(held: Sequence[Held], room: int, *, envelope: int, one: bool) -> tuple[Sequence[Held], bool, int]:
    """Return as many of these, oldest first, as fit into `room` bytes; whether that is all; and the room that is left.

    envelope: bytes that each has in a frame besides its body. one: the first fits whatever its size: it would never go
    out else.
    """
    for index, item in enumerate(held):
        size = item.body_bytes + envelope
        if (index or not one) and size > room:
            return held[:index], False, room
        room -= size
    return held, True, room


def image_key(value: StoredValue | HeldValue) -> str | None:
    """Return the store key of the bytes a value stands for, if it stands for any."""
    if IMAGE_KEY not in value.data:
        return None
    found = orjson.loads(value.data)
    key = found.get("image_key") if isinstance(found, dict) else None
    return key if isinstance(key, str) and _READABLE.fullmatch(key) else None


def first_above(values: dict[str, HeldValue], rev: Position) -> list[HeldValue]:
    """Return the values above `rev`, ascending; `values` is ascending by rev."""
    found = []
    for value in reversed(values.values()):
        if value.rev <= rev:
            break
        found.append(value)
    found.reverse()
    return found


def _pack(data: object) -> bytes:
    packed: bytes = msgpack.packb(data)
    return packed
