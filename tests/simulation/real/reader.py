"""A client over a real WebSocket: it holds every frame against the protocol, and comes back with its positions."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgpack
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from livefeed.hub.codec import JSON_PROTOCOL, MSGPACK_PROTOCOL
from livefeed.position import Position
from livefeed.topic import Topic
from tests.simulation.client import Reading, Violation

RECEIVE_BYTES = 4_096
AGAIN_S = 0.05
CLOSE_CODES = {1000, 1001, 1005, 1006, 4000, 4001, 4002}
"""What a connection may end with when its client did nothing wrong."""


class Reader:
    """One client. urls: the servers that there are at the moment.

    calm: tells whether nothing was lost that a client might still have to be told of, so that a gap is a needless one.
    """

    def __init__(
        self,
        name: str,
        chance: random.Random,
        topics: Sequence[Topic],
        urls: Callable[[], list[str]],
        struck: Counter[str],
        calm: Callable[[], bool],
    ) -> None:
        self.name = name
        self.readings = {topic.name: Reading(replay=chance.choice((0, 0, 3))) for topic in topics}
        self.running = asyncio.Event()
        self.running.set()
        self._chance = chance
        self._urls = urls
        self._struck = struck
        self._calm = calm
        self._packed = chance.random() < 0.5
        self._ref = 0
        self._told: set[str] = set()
        self._last_url = ""
        self._connection: ClientConnection | None = None

    async def run(self) -> None:
        """Read until cancelled; whatever ends a connection, come back. Raises: Violation."""
        while True:
            with contextlib.suppress(OSError, TimeoutError, InvalidHandshake, InvalidMessage, EOFError):
                await self._read_one()
            await asyncio.sleep(self._chance.uniform(0, AGAIN_S))

    def drop(self) -> None:
        """Lose the connection, with what is under way."""
        if self._connection is not None:
            self._struck["client_dropped"] += 1
            self._connection.transport.abort()

    async def subscribe_again(self, *, leave: bool) -> None:
        """Subscribe anew to a topic from where it stands; with an unsubscribe before it, or without."""
        name = self._chance.choice(list(self.readings))
        if self._connection is not None:
            with contextlib.suppress(ConnectionClosed):
                if leave:
                    self.readings[name].answered = False
                    await self._send(self._connection, {"op": "unsubscribe", "ref": f"bye {name}", "topics": [name]})
                await self._ask(self._connection, [name])
                self._struck["unsubscribed" if leave else "subscribed_again"] += 1

    async def _read_one(self) -> None:
        url = self._chance.choice(self._urls())
        parts = urlsplit(url)
        line = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BYTES)
        line.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(line, (parts.hostname, parts.port))
        except BaseException:
            line.close()
            raise
        async with asyncio.timeout(10):
            connection = await connect(
                f"ws://{parts.netloc}/ws",
                sock=line,
                subprotocols=[MSGPACK_PROTOCOL if self._packed else JSON_PROTOCOL],
                compression=self._chance.choice((None, "deflate")),
                ping_interval=None,
                close_timeout=1,
                max_queue=4,
                max_size=None,
            )
        self._struck["moved_to_another_node"] += self._last_url not in ("", url)
        self._last_url = url
        try:
            await self._converse(connection)
        except ConnectionClosed as exc:
            code = exc.rcvd.code if exc.rcvd else 1006
            self._struck[f"closed_{code}"] += 1
            self._demand(code in CLOSE_CODES, f"the connection ended with {code}")
        finally:
            self._connection = None
            connection.transport.abort()

    async def _converse(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._told.clear()
        for reading in self.readings.values():
            reading.answered = reading.gap_due = False
        await self._ask(connection, list(self.readings))
        while True:
            await self.running.wait()
            message = await connection.recv()
            self._demand(isinstance(message, bytes) == self._packed, "a message of the other codec")
            frames = msgpack.unpackb(message) if isinstance(message, bytes) else json.loads(message)
            for frame in frames if isinstance(frames, list) else [frames]:
                if frame["op"] == "drain":
                    self._struck["drained"] += 1
                    await asyncio.sleep(frame["after_ms"] / 1000)
                    return
                await self._hear(connection, frame)

    async def _ask(self, connection: ClientConnection, names: Sequence[str]) -> None:
        self._ref += 1
        topics: dict[str, Any] = {}
        for name in names:
            reading = self.readings[name]
            reading.ask(self._ref)
            topics[name] = {"since": str(reading.since)} if reading.since is not None else {"latest": reading.replay}
        await self._send(connection, {"op": "subscribe", "ref": self._ref, "topics": topics})

    async def _send(self, connection: ClientConnection, frame: dict[str, Any]) -> None:
        await connection.send(msgpack.packb(frame) if self._packed else json.dumps(frame))

    async def _hear(self, connection: ClientConnection, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case "welcome":
                pass
            case "subscribed":
                refused = [name for name, answer in frame["topics"].items() if not self._answered(frame, name, answer)]
                if refused:
                    self._struck["subscribe_refused"] += 1
                    await asyncio.sleep(AGAIN_S)
                    await self._ask(connection, refused)
            case "result":
                if str(frame["ref"]).startswith("bye"):
                    self._told.difference_update(frame["data"]["topics"])
            case "events" | "gap" | "latest":
                self._demand(frame["topic"] in self._told, f"frames of {frame['topic']}, which it does not follow")
                reading = self.readings[frame["topic"]]
                if reading.answered:
                    getattr(self, "_" + frame["op"])(frame, reading)
            case op:
                self._demand(False, f"an unexpected frame {op}: {frame}")

    def _answered(self, frame: dict[str, Any], name: str, answer: dict[str, Any]) -> bool:
        """Take the answer of one topic; False: the client is to ask again."""
        reading = self.readings[name]
        newest = reading.ref == frame["ref"]
        if "error" in answer:
            self._demand(answer["error"] == "store_unavailable", f"{name} was refused: {answer}")
            if newest:
                self._told.discard(name)
            return not newest
        self._told.add(name)
        if newest:
            at, reading.answered = Position.parse(answer["at"]), True
            if answer["resumed"]:
                self._struck["resumed"] += 1
                self._struck["resumed_in_calm"] += self._calm()
                self._demand(at == reading.since == reading.position, f"{name}: resumed at {at}, not {reading.since}")
            else:
                reading.gap_due = reading.since is not None
                if reading.gap_due:
                    self._hear_of_loss(f"{name} was not resumed at {reading.since}")
                reading.restart(at)
        return True

    def _events(self, frame: dict[str, Any], reading: Reading) -> None:
        start, end = Position.parse(frame["from"]), Position.parse(frame["to"])
        told = [(Position.parse(event["id"]), event["data"]["n"]) for event in frame["events"]]
        ids = [id for id, _ in told]
        self._demand(not reading.gap_due, "events came where a gap was due")
        self._demand(start == reading.position, f"{frame['topic']}: from {start} does not follow {reading.position}")
        self._demand(ids == sorted(set(ids)), f"out of order: {ids}")
        self._demand(start <= end and all(start < id <= end for id in ids), f"{ids} are not in ({start}, {end}]")
        reading.position = end
        reading.events += told

    def _gap(self, frame: dict[str, Any], reading: Reading) -> None:
        self._struck["gap"] += 1
        if not reading.gap_due:
            self._hear_of_loss(f"a gap on {frame['topic']} after {reading.position}")
        reading.gap_due = False
        reading.restart(Position.parse(frame["at"]))

    def _hear_of_loss(self, what: str) -> None:
        self._demand(not self._calm(), f"{what}, though nothing was lost")

    def _latest(self, frame: dict[str, Any], reading: Reading) -> None:
        self._demand(not reading.gap_due, "values came where a gap was due")
        revs = [Position.parse(value["rev"]) for value in frame["values"]]
        self._demand(revs == sorted(set(revs)) and revs[-1] <= reading.position, f"{revs} at {reading.position}")
        for rev, value in zip(revs, frame["values"], strict=True):
            held = reading.values.get(value["key"])
            if held is None or held[0] < rev:
                reading.values[value["key"]] = (rev, value["data"]["n"])

    def _demand(self, holds: bool, what: str) -> None:
        if not holds:
            raise Violation(f"{self.name}: {what}")
