"""A server under bad input, and a bystander who must not notice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import orjson

import livefeed.client
from tests.conformance.peers import connector
from tests.integration.crowd import Reader
from tests.integration.server_process import ServerProcess

MB = 1024 * 1024
MAX_RISE_MB = 60
IDLE_S = 3.0
SETTINGS = {
    "api_keys": "secret=app:test",
    "guests_per_minute": 10_000,
    "heartbeat_s": IDLE_S / 3,
    "write_timeout_s": 2.0,
}


def besieged(folder: Path) -> Iterator[ServerProcess]:
    """A server for a whole file of tests: none of them may end it, or make it write a trace into its log."""
    with ServerProcess(folder / "data", **SETTINGS) as running:
        pid = running.pid
        yield running
        assert running.pid == pid
        assert "Traceback" not in running.log()


@asynccontextmanager
async def undisturbed(server: ServerProcess) -> AsyncIterator[None]:
    """See another client receive an event before and after what happens in the block, and the memory stay low."""
    publisher = livefeed.client.connect(server.url, token="secret")
    async with publisher, livefeed.client.connect(server.url) as feed, Reader.of(feed, "app:test") as reader:
        await publisher.publish("app:test", "before", {})
        await reader.reach(lambda reader: bool(reader.events("before")))
        before_mb = server.resident_mb()
        yield
        rise_mb = server.resident_mb() - before_mb
        assert rise_mb < MAX_RISE_MB
        began = time.monotonic()
        await publisher.publish("app:test", "after", {})
        await reader.reach(lambda reader: bool(reader.events("after")))
        assert time.monotonic() - began < 10
        assert reader.gaps == 0


@asynccontextmanager
async def guest(server: ServerProcess) -> AsyncIterator[aiohttp.ClientSession]:
    """A guest's HTTP session, by Bearer token."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(server.url, connector=connector(), cookie_jar=jar) as http:
        async with http.post("/api/guests") as answer:
            token = (await answer.json())["token"]
        http.headers["Authorization"] = f"Bearer {token}"
        yield http


async def refused(answer: aiohttp.ClientResponse, status: int, code: str) -> None:
    """Check that an answer is the documented problem."""
    a_problem(answer.headers.get("Content-Type", ""), answer.status, await answer.read(), status, code)


def a_problem(content: str, found: int, body: bytes, status: int, code: str) -> None:
    assert content.split(";")[0] == "application/problem+json", body[:200]
    problem = orjson.loads(body)
    assert (found, problem["status"], problem["code"]) == (status, status, code), problem
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"].endswith((".", "…")), problem["detail"]


async def ask(server: ServerProcess, request: bytes, *, timeout_s: float = 20) -> tuple[int, str, bytes]:
    """Send raw bytes; return the status, the content type and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.settings["port"])
    try:
        writer.write(request)
        async with asyncio.timeout(timeout_s):
            lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (item.partition(":") for item in lines[1:])}
            body = await reader.readexactly(int(headers["content-length"]))
            return int(lines[0].split()[1]), headers["content-type"], body
    finally:
        writer.close()


def get(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers, b"", b""])


def form(image: bytes, *, boundary: str = "b0undary") -> tuple[bytes, str]:
    """Return a multipart body with a picture, and its content type."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    return head.encode() + image + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"
