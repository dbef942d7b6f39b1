"""What any site may read, and how a read that cannot begin ends."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from tests.integration.server_process import ServerProcess
from tests.integration.siege import besieged, guest

FOREIGN = {"Origin": "https://elsewhere.example"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    yield from besieged(tmp_path_factory.mktemp("server"))


@pytest.mark.parametrize(
    "path",
    [
        "/api/feeds/all",
        "/api/feeds/nonsense",
        "/api/posts/nothing",
        "/sse?topic=post:nothing",
        "/sse",
        "/api/openapi.json",
    ],
)
async def test_another_site_can_read_what_is_public_and_why_it_cannot(server: ServerProcess, path: str) -> None:
    async with aiohttp.ClientSession(server.url) as http, http.get(path, headers=FOREIGN) as answer:
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/api/feeds/all", "/sse", "/api/openapi.json"])
async def test_a_browser_may_ask_first(server: ServerProcess, path: str) -> None:
    async with aiohttp.ClientSession(server.url) as http, http.options(path, headers=FOREIGN) as answer:
        assert answer.status == 204
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


async def test_what_is_somebodys_own_is_not_open(server: ServerProcess) -> None:
    async with guest(server) as http, http.get("/api/me", headers=FOREIGN) as answer:
        assert "Access-Control-Allow-Origin" not in answer.headers


async def test_every_page_that_can_be_got_can_be_asked_about(server: ServerProcess) -> None:
    async with aiohttp.ClientSession(server.url) as http, http.head("/api/feeds/all") as answer:
        assert answer.status == 200
        assert await answer.read() == b""


async def test_an_idempotency_key_of_odd_bytes_is_refused_and_stops_nobody(server: ServerProcess) -> None:
    """The bytes are sent as they are: a client library would not let them through."""
    async with guest(server) as http:
        token = http.headers["Authorization"]
        reader, writer = await asyncio.open_connection(*server.url.removeprefix("http://").split(":"))
        body = b'{"prompt":"a fox"}'
        writer.write(
            b"POST /api/generations HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            b"Authorization: " + token.encode() + b"\r\nIdempotency-Key: a\xffb\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
        )
        answer = await reader.read()
        writer.close()
        assert b" 400 " in answer.split(b"\r\n", 1)[0]
        async with http.get("/readyz") as ready:
            assert ready.status == 200


async def test_a_stream_that_cannot_begin_ends_and_keeps_its_readers_position(server: ServerProcess) -> None:
    """The store stands still: an EventSource must come back with what it had, not start anew without a word."""
    async with aiohttp.ClientSession(server.url, headers={"Authorization": "Bearer secret"}) as publisher:
        event = {"type": "said", "data": {"n": 1}}
        async with publisher.post("/api/topics/app:test/events", json=event) as answer:
            position = (await answer.json())["ids"][0]
        os.kill(server.store_pid, signal.SIGSTOP)
        try:
            async with publisher.get(
                "/sse", params={"topic": "app:test"}, headers={"Last-Event-ID": position}
            ) as answer:
                told = await asyncio.wait_for(answer.text(), 60)
        finally:
            os.kill(server.store_pid, signal.SIGCONT)
        ids = {line for line in told.splitlines() if line.startswith("id:")}
        assert ids <= {f"id: {position}"}, told


@pytest.mark.parametrize("path", ["/nowhere/at/all", "/tag/", "/post/x/y"])
async def test_a_browser_at_a_wrong_address_gets_a_page_and_a_program_a_problem(
    server: ServerProcess, path: str
) -> None:
    async with aiohttp.ClientSession(server.url) as http:
        async with http.get(path, headers={"Accept": "text/html,*/*"}) as answer:
            assert answer.status == 404
            assert answer.content_type == "text/html"
            assert "livefeed" in await answer.text()
        async with http.get(path) as answer:
            assert answer.status == 404
            assert answer.content_type == "application/problem+json"


async def test_a_storage_of_pictures_that_fails_is_told_and_the_feed_goes_on(tmp_path: Path) -> None:
    """The server stays ready: what it has is still shown, and every other server has the same storage."""
    with ServerProcess(tmp_path / "data") as server:
        unfinished = server.data / "media" / ".unfinished"
        async with aiohttp.ClientSession(server.url) as http:
            async with http.get("/readyz") as ready:
                assert (await ready.json())["checks"]["pictures"] == "ok"
            unfinished.rmdir()
            unfinished.write_bytes(b"in the way")
            async with http.get("/readyz") as ready:
                assert ready.status == 200
                assert (await ready.json())["checks"]["pictures"].startswith("The picture storage failed")
