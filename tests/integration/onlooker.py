"""People who watch a picture: one who comes back and must never see it go back, and one who falls asleep over it."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgpack
import orjson
from websockets.asyncio.client import connect as open_socket
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage
from websockets.frames import Frame, Opcode
from websockets.typing import Subprotocol
from websockets.uri import parse_uri

from livefeed.hub.codec import JSON_PROTOCOL, MSGPACK_PROTOCOL
from livefeed.position import Position

AGAIN_S = 0.02
AWAY = (OSError, ConnectionClosed, InvalidHandshake, InvalidMessage, TimeoutError)


class Onlooker:
    """Follows one topic over a WebSocket, and comes back with its position; holds frames against the protocol.

    values: the newest of each key. seen: every preview, in the order they came. joined_s, shown_s: when it last asked
    to be let in on the topic, and when it then had the first preview; of a monotonic clock, 0 for not yet.
    """

    def __init__(self, topic: str, *, packed: bool) -> None:
        self.topic = topic
        self.values: dict[str, dict[str, Any]] = {}
        self.seen: list[dict[str, Any]] = []
        self.kinds: list[str] = []
        """Types of the KEPT events."""
        self.lines = 0
        """How often it was subscribed."""
        self.joined_s = self.shown_s = 0.0
        self._packed = packed
        self._at: str | None = None

    async def look(self, url: str) -> None:
        """Watch until cancelled; whatever ends a connection, come back."""
        while True:
            try:
                await self._look_once(url)
            except AWAY:
                await asyncio.sleep(AGAIN_S)

    async def _look_once(self, url: str) -> None:
        protocol = Subprotocol(MSGPACK_PROTOCOL if self._packed else JSON_PROTOCOL)
        address = url.replace("http", "ws", 1) + "/ws"
        async with open_socket(address, subprotocols=[protocol], close_timeout=1, proxy=None) as line:
            wanted = {} if self._at is None else {"since": self._at}
            self.joined_s, self.shown_s = time.monotonic(), 0.0
            await line.send(encoded({"op": "subscribe", "ref": 1, "topics": {self.topic: wanted}}, self._packed))
            async for message in line:
                for frame in frames_of(message):
                    self._hear(frame)

    def _hear(self, frame: Mapping[str, Any]) -> None:
        match frame["op"]:
            case "subscribed":
                answer = frame["topics"][self.topic]
                assert "error" not in answer, answer
                assert answer["resumed"] is (self._at is not None), "a needless gap"
                self._at = answer["at"]
                self.lines += 1
            case "events":
                assert frame["from"] == self._at, f"from {frame['from']} does not follow {self._at}"
                self._at = frame["to"]
                self.kinds += [event["type"] for event in frame["events"]]
            case "gap":
                raise AssertionError(f"a needless gap: {frame}")
            case "latest":
                for value in frame["values"]:
                    self._take(value)

    def _take(self, value: dict[str, Any]) -> None:
        """Keep a value. Its rev never falls."""
        held = self.values.get(value["key"])
        if held is not None:
            old, new = Position.parse(held["rev"]), Position.parse(value["rev"])
            assert new >= old, f"{value['key']} went back from {held} to {value}"
            assert new > old or value["data"] == held["data"], "one rev with two values"
        self.values[value["key"]] = value
        if value["type"] == "generation.preview":
            self.shown_s = self.shown_s or time.monotonic()
            if held is None or held["rev"] != value["rev"]:
                self.seen.append(value)


class Sleeper:
    """A client that subscribes and then reads nothing, until it wakes up and reads what is there.

    Its receive buffer is small, as a phone's that is put away soon is.
    """

    def __init__(self, url: str, topics: Iterable[str], *, packed: bool) -> None:
        parts = urlsplit(url)
        self._packed = packed
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8_192)
        self._socket.settimeout(20)
        self._socket.connect((parts.hostname, parts.port))
        protocols = [Subprotocol(MSGPACK_PROTOCOL if packed else JSON_PROTOCOL)]
        self._protocol = ClientProtocol(parse_uri(f"ws://{parts.netloc}/ws"), subprotocols=protocols, max_size=None)
        self._protocol.send_request(self._protocol.connect())
        self._follow(list(topics))

    def _follow(self, topics: list[str]) -> None:
        asked = encoded({"op": "subscribe", "ref": 1, "topics": {topic: {} for topic in topics}}, self._packed)
        self._push()
        while not self._protocol.events_received():  # the answer to the upgrade
            self._pull()
        if isinstance(asked, str):
            self._protocol.send_text(asked.encode())
        else:
            self._protocol.send_binary(asked)
        self._push()
        while not any(frame["op"] == "subscribed" for frame in self._frames()):
            self._pull()

    def wake(self, until: str) -> list[dict[str, Any]]:
        """Read all that comes until an event of this type; return the values on the way, in their order."""
        values: list[dict[str, Any]] = []
        deadline, over = time.monotonic() + 60, False
        self._socket.settimeout(0.5)
        while time.monotonic() < deadline:
            for frame in self._frames():
                values += frame.get("values", ())
                over = over or any(event["type"] == until for event in frame.get("events", ()))
            try:
                self._pull()
            except TimeoutError:
                if over:
                    return values
        raise AssertionError(f"no '{until}' came in a minute")

    def close(self) -> None:
        self._socket.close()

    def _frames(self) -> list[dict[str, Any]]:
        events = self._protocol.events_received()
        found = [event for event in events if isinstance(event, Frame) and event.opcode in (Opcode.TEXT, Opcode.BINARY)]
        return [frame for event in found for frame in frames_of(_payload(event))]

    def _pull(self) -> None:
        data = self._socket.recv(65_536)
        assert data, "the server has cut the line"
        self._protocol.receive_data(data)
        self._push()

    def _push(self) -> None:
        for data in self._protocol.data_to_send():
            self._socket.sendall(data)


def _payload(frame: Frame) -> str | bytes:
    return bytes(frame.data).decode() if frame.opcode is Opcode.TEXT else bytes(frame.data)


def encoded(frame: Mapping[str, Any], packed: bool) -> str | bytes:
    """Return a frame as a message of the codec."""
    if packed:
        data: bytes = msgpack.packb(frame)
        return data
    return orjson.dumps(frame).decode()


def frames_of(message: str | bytes) -> list[dict[str, Any]]:
    """Return the frames of a message, one or a list."""
    found = orjson.loads(message) if isinstance(message, str) else msgpack.unpackb(message)
    return found if isinstance(found, list) else [found]
