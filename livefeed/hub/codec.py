"""The protocol's frames as bytes, ready for the transport. [pure]

A frame of events is put together from parts that each event encoded once; what two sessions at the same cursor get is
the same bytes object.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import msgpack
import orjson

from livefeed.hub.held import HeldEvent, HeldSignal, HeldValue
from livefeed.hub.wire import BINARY, TEXT, Seal, seal
from livefeed.position import Position

JSON_PROTOCOL = "livefeed.v1.json"
MSGPACK_PROTOCOL = "livefeed.v1.msgpack"
ENVELOPE_BYTES = 100
POSITION_BYTES = 24
"""What each topic adds to the id of every server-sent event."""


class Codec(Protocol):
    """One way to write frames."""

    @property
    def shared(self) -> bool:
        """Whether sessions of this codec get the same bytes for the same frame."""

    @property
    def envelope_bytes(self) -> int:
        """What an event or a value has in a frame besides its body, about."""

    def frame(self, frame: Mapping[str, Any]) -> bytes:
        """Return one frame given as a map."""

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> bytes:
        """Return an `events` frame from `start` to `end`."""

    def latest(self, topic: str, values: Sequence[HeldValue]) -> bytes:
        """Return a `latest` frame."""

    def signals(self, topic: str, signals: Sequence[HeldSignal], *, alone: bool = False) -> bytes:
        """Return a `signals` frame. alone: it is for one session."""


class JsonCodec:
    """livefeed.v1.json: each frame a WebSocket text message.

    seal_shared: seals what many sessions get; `seal_deflated` compresses it, once for all. What one session gets alone
    is not worth a compressor.
    """

    shared = True
    envelope_bytes = ENVELOPE_BYTES

    def __init__(self, seal_shared: Seal = seal) -> None:
        self._seal_shared = seal_shared

    def frame(self, frame: Mapping[str, Any]) -> bytes:
        return seal(TEXT, orjson.dumps(frame))

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> bytes:
        return self._seal_shared(
            TEXT,
            b'{"op":"events","topic":%s,"from":"%s","to":"%s","events":[%s]}'
            % (
                orjson.dumps(topic),
                str(start).encode(),
                str(end).encode(),
                b",".join([event.json() for event in events]),
            ),
        )

    def latest(self, topic: str, values: Sequence[HeldValue]) -> bytes:
        return self._seal_shared(
            TEXT,
            b'{"op":"latest","topic":%s,"values":[%s]}'
            % (
                orjson.dumps(topic),
                b",".join([value.json() for value in values]),
            ),
        )

    def signals(self, topic: str, signals: Sequence[HeldSignal], *, alone: bool = False) -> bytes:
        told = b",".join([signal.json() for signal in signals])
        frame = b'{"op":"signals","topic":%s,"signals":[%s]}' % (orjson.dumps(topic), told)
        return seal(TEXT, frame) if alone else self._seal_shared(TEXT, frame)


class MsgpackCodec:
    """livefeed.v1.msgpack: each frame a WebSocket binary message. `seal_shared` as in JsonCodec."""

    shared = True
    envelope_bytes = ENVELOPE_BYTES

    def __init__(self, seal_shared: Seal = seal) -> None:
        self._seal_shared = seal_shared
        self._packer = msgpack.Packer()

    def frame(self, frame: Mapping[str, Any]) -> bytes:
        return seal(BINARY, self._pack(frame))

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> bytes:
        head = {"op": "events", "topic": topic, "from": str(start), "to": str(end)}
        return self._seal_shared(BINARY, self._with_list(head, "events", [event.msgpack() for event in events]))

    def latest(self, topic: str, values: Sequence[HeldValue]) -> bytes:
        return self._seal_shared(
            BINARY, self._with_list({"op": "latest", "topic": topic}, "values", [value.msgpack() for value in values])
        )

    def signals(self, topic: str, signals: Sequence[HeldSignal], *, alone: bool = False) -> bytes:
        frame = self._with_list({"op": "signals", "topic": topic}, "signals", [signal.msgpack() for signal in signals])
        return seal(BINARY, frame) if alone else self._seal_shared(BINARY, frame)

    def _with_list(self, head: Mapping[str, str], name: str, packed: Sequence[bytes]) -> bytes:
        parts = [self._packer.pack_map_header(len(head) + 1)]
        for key, value in head.items():
            parts += (self._pack(key), self._pack(value))
        parts += (self._pack(name), self._packer.pack_array_header(len(packed)), *packed)
        return b"".join(parts)

    def _pack(self, value: Any) -> bytes:
        packed: bytes = self._packer.pack(value)
        return packed


class SseCodec:
    """Server-sent events. Each event's `id` tells the positions of all its topics: one instance per session."""

    shared = False

    def __init__(self, positions: Mapping[str, Position | None]) -> None:
        """positions: by topic, in the order of the request, where the client stands now, if it has said."""
        self._positions = dict(positions)

    @property
    def envelope_bytes(self) -> int:
        return ENVELOPE_BYTES + POSITION_BYTES * len(self._positions)

    def frame(self, frame: Mapping[str, Any]) -> bytes:
        op = frame["op"]
        if op == "subscribed":
            for topic, answer in frame["topics"].items():
                # Who could not be resumed stands where they stood until the gap that follows.
                if "at" in answer and (answer["resumed"] or self._positions.get(topic) is None):
                    self._positions[topic] = Position.parse(answer["at"])
        elif op == "gap":
            self._positions[frame["topic"]] = Position.parse(frame["at"])
        data = {name: value for name, value in frame.items() if name != "op"}
        return self._block(op, orjson.dumps(data))

    def events(self, topic: str, start: Position, end: Position, events: Sequence[HeldEvent]) -> bytes:
        blocks = []
        for event in events:
            self._positions[topic] = end if event is events[-1] else event.id
            blocks.append(self._block(event.type, self._with_topic(topic, event.json())))
        if not events:
            self._positions[topic] = end
            blocks.append(b"id: %s\n\n" % self._id())
        return b"".join(blocks)

    def latest(self, topic: str, values: Sequence[HeldValue]) -> bytes:
        return b"".join([self._block(value.type, self._with_topic(topic, value.json())) for value in values])

    def signals(self, topic: str, signals: Sequence[HeldSignal], *, alone: bool = False) -> bytes:
        """Return nothing: what is fleeting is for connections that can answer it."""
        return b""

    def _block(self, kind: str, data: bytes) -> bytes:
        name = kind.replace("\r", " ").replace("\n", " ").encode()
        return b"event: %s\nid: %s\ndata: %s\n\n" % (name, self._id(), data)

    def _id(self) -> bytes:
        return ",".join("" if position is None else str(position) for position in self._positions.values()).encode()

    @staticmethod
    def _with_topic(topic: str, encoded: bytes) -> bytes:
        return b'{"topic":%s,%s' % (orjson.dumps(topic), encoded[1:])
