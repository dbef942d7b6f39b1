"""What conformance tests talk with. Nothing here knows how the server is made."""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import aiohttp
import msgpack
import orjson
from PIL import Image
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

START_S = 60.0
ANSWER_S = 20.0
READY = "livefeed is ready at "


class Server:
    """`livefeed serve` as a process of its own on a free port. A context manager; can be started again."""

    def __init__(self, data: Path, settings: Mapping[str, str]) -> None:
        self._data = data
        self.settings = dict(settings)
        self._process: subprocess.Popen[str] | None = None
        self.url = ""

    def __enter__(self) -> Self:
        return self.start()

    def start(self) -> Self:
        """Start the process and wait until it is ready."""
        self._data.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LIVEFEED_")}
        own = {"LIVEFEED_PORT": "0", "LIVEFEED_DATA": str(self._data), "PYTHONUNBUFFERED": "1"}
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "livefeed.cli", "serve"],
                env={**kept, **own, **self.settings},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.url = self._ready()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def log(self) -> Path:
        return self._data / "server.log"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End the process, if it runs, and return its exit code."""
        assert self._process is not None
        assert self._process.stdout is not None
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            code = self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
            raise
        finally:
            self._process.stdout.close()
        return code

    def _ready(self) -> str:
        """Return the address that the server says it is ready at."""
        assert self._process is not None
        assert self._process.stdout is not None
        until = time.monotonic() + START_S
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while selector.select(max(0.0, until - time.monotonic())):
                line = self._process.stdout.readline()
                if line.startswith(READY):
                    return line.removeprefix(READY).strip()
                if not line:
                    break
        self._process.kill()
        self._process.wait(10)
        raise AssertionError(f"the server did not start: {self.log.read_text()[-4000:]}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A person and their token."""

    user: Mapping[str, Any]
    token: str

    @property
    def id(self) -> str:
        return str(self.user["id"])


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. body: of JSON; None if it is none."""

    status: int
    headers: Mapping[str, str]
    raw: bytes
    body: Any

    @property
    def code(self) -> str:
        """The code of a problem that follows RFC 9457; fails for anything else."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.raw[:200]
        assert set(self.body) >= {"type", "title", "status", "detail", "code"}, self.body
        assert self.body["status"] == self.status
        return str(self.body["code"])


def connector() -> aiohttp.TCPConnector:
    """Return what opens a line for each request.

    The server lets go of a line that was idle for a few heartbeats, here some seconds. A test that is held up for so
    long would put its next request on a line that is just being closed, and a POST is not sent a second time.
    """
    return aiohttp.TCPConnector(force_close=True)


class Http:
    """Plain HTTP without cookies. An async context manager."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=connector(), cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=30)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        token: str | None = None,
        key: str | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        assert self._session is not None
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        if body is not None:
            data = orjson.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        async with self._session.request(method, self.url + path, data=data, headers=sent) as answer:
            raw = await answer.read()
            parsed = orjson.loads(raw) if "json" in answer.headers.get("Content-Type", "") and raw else None
            return Answer(answer.status, dict(answer.headers), raw, parsed)

    async def guest(self) -> Caller:
        answer = await self.ask("POST", "/api/guests")
        assert answer.status == 201, answer
        return Caller(answer.body["user"], answer.body["token"])

    async def post(self, author: Caller, caption: str = "A fox", *, key: str | None = None) -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("caption", caption)
        form.add_field("image", picture(), filename="fox.png", content_type="image/png")
        answer = await self.ask("POST", "/api/posts", data=form, token=author.token, key=key)
        assert answer.status == 201, answer
        post: dict[str, Any] = answer.body["post"]
        return post

    async def comment(self, author: Caller, post: str, text: str, *, key: str | None = None) -> Answer:
        return await self.ask("POST", f"/api/posts/{post}/comments", {"text": text}, token=author.token, key=key)

    async def publish(self, topic: str, *events: Mapping[str, Any], token: str = "sesame") -> list[str]:
        answer = await self.ask("POST", f"/api/topics/{topic}/events", list(events), token=token)
        assert answer.status == 202, answer
        ids: list[str] = answer.body["ids"]
        return ids

    async def tick(self, topic: str, *numbers: int) -> list[str]:
        """Publish one KEPT event per number."""
        return await self.publish(topic, *[{"type": "tick", "data": {"n": number}} for number in numbers])


def picture(side: int = 48, color: tuple[int, int, int] = (200, 90, 30)) -> bytes:
    """Return a small PNG."""
    out = BytesIO()
    Image.new("RGB", (side, side), color).save(out, "PNG")
    return out.getvalue()


class Wire:
    """A raw WebSocket connection. codec: json, msgpack, or None to ask for no subprotocol."""

    def __init__(self, socket: ClientConnection, codec: str | None) -> None:
        self.socket = socket
        self.codec = codec
        self.welcome: dict[str, Any] = {}
        self._waiting: list[dict[str, Any]] = []
        self._ref = 0

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        url: str,
        *,
        codec: str | None = "json",
        token: str | None = None,
        query: str = "",
        origin: str | None = None,
        headers: Mapping[str, str] | None = None,
        compression: str | None = None,
    ) -> AsyncIterator[Wire]:
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        async with connect(
            "ws" + url.removeprefix("http") + "/ws" + query,
            subprotocols=[Subprotocol(f"livefeed.v1.{codec}")] if codec else None,
            additional_headers=sent,
            origin=Origin(origin) if origin else None,
            compression=compression,
            proxy=None,
            max_size=16 * 1024 * 1024,
            close_timeout=2,
        ) as socket:
            wire = cls(socket, codec)
            wire.welcome = await wire.hear("welcome")
            yield wire

    async def say(self, *frames: Any, together: bool = False) -> None:
        """Send frames, each a message, or all in one."""
        for value in [list(frames)] if together else frames:
            await self.socket.send(self.encode(value))

    def encode(self, value: Any) -> str | bytes:
        if self.codec == "msgpack":
            packed: bytes = msgpack.packb(value)
            return packed
        return orjson.dumps(value).decode()

    async def hear(self, *ops: str, topic: str | None = None) -> dict[str, Any]:
        """Return the next frame of one of `ops` (any, if none is given), of `topic` if given; pass over others."""
        async with asyncio.timeout(ANSWER_S):
            while True:
                frame = await self._next()
                if (not ops or frame["op"] in ops) and (topic is None or frame.get("topic") == topic):
                    return frame

    async def _next(self) -> dict[str, Any]:
        while not self._waiting:
            message = await self.socket.recv()
            assert isinstance(message, bytes) is (self.codec == "msgpack")
            found = orjson.loads(message) if isinstance(message, str) else msgpack.unpackb(message)
            self._waiting = found if isinstance(found, list) else [found]
        return self._waiting.pop(0)

    async def ask(self, op: str, **fields: Any) -> dict[str, Any]:
        """Send a frame with a fresh ref and return what answers it; other frames on the way are passed over."""
        self._ref += 1
        ref = self._ref
        await self.say({"op": op, "ref": ref, **fields})
        while (frame := await self.hear("subscribed", "result", "error", "pong")).get("ref") != ref:
            pass
        return frame

    async def subscribe(self, topic: str, **options: Any) -> dict[str, Any]:
        """Subscribe to one topic and return the answer about it."""
        frame = await self.ask("subscribe", topics={topic: options})
        assert frame["op"] == "subscribed", frame
        answer: dict[str, Any] = frame["topics"][topic]
        return answer

    async def call(self, method: str, data: Any, key: str | None = None) -> dict[str, Any]:
        return await self.ask("call", method=method, data=data, **({} if key is None else {"key": key}))

    async def events(self, topic: str, count: int) -> list[dict[str, Any]]:
        """Return the next `count` events of a topic; checks that the frames join."""
        found: list[dict[str, Any]] = []
        position: str | None = None
        while len(found) < count:
            frame = await self.hear("events", "gap", topic=topic)
            assert frame["op"] == "events", frame
            assert position in (None, frame["from"]), (position, frame)
            position = frame["to"]
            found += frame["events"]
        assert len(found) == count
        return found

    async def closed(self) -> int | None:
        """Return the code with which the server ends the connection; what it still says is passed over."""
        async with asyncio.timeout(ANSWER_S):
            try:
                while True:
                    await self.socket.recv()
            except ConnectionClosed:
                return self.socket.close_code


class BadLine:
    """A way to a server whose connections can be cut at once, as networks do. An async context manager."""

    def __init__(self, url: str) -> None:
        self._host, _, port = url.removeprefix("http://").rpartition(":")
        self._port = int(port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Cut every connection, in the middle of whatever it carries."""
        for writer in self._writers:
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        pair = {writer, far_writer}
        self._writers |= pair
        try:
            await asyncio.gather(self._pump(reader, far_writer), self._pump(far_reader, writer))
        finally:
            self._writers -= pair

    @staticmethod
    async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(4096):
                writer.write(data)
                await writer.drain()
        writer.close()


def order(position: str) -> tuple[int, int]:
    """Return what positions are compared by; only a test may look into them."""
    milliseconds, number = position.split("-")
    return int(milliseconds), int(number)
