"""Server-sent events: the same road, for anything that has no WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson
import pytest

from tests.conformance.peers import ANSWER_S, Caller, Http, Server


@dataclass
class Message:
    """One message as EventSource gives it. Source: the HTML standard, "Interpreting an event stream"."""

    event: str = "message"
    id: str | None = None
    lines: list[str] = field(default_factory=list)

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = orjson.loads("\n".join(self.lines))
        return found


class Stream:
    """An event stream; comments and messages without data are passed over, ids are kept."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response
        self.last_id = ""

    async def next(self, *events: str) -> Message:
        """Return the next message of one of `events` (any, if none is given)."""
        async with asyncio.timeout(ANSWER_S):
            while True:
                message = await self._message()
                if message.lines and (not events or message.event in events):
                    return message

    async def _message(self) -> Message:
        message = Message()
        while True:
            line = (await self.response.content.readline()).decode()
            if not line:
                raise EOFError
            line = line.rstrip("\n")
            if not line:
                if message.id is not None:
                    self.last_id = message.id
                return message
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                message.event = value
            elif name == "id":
                message.id = value
            elif name == "data":
                message.lines.append(value)


@asynccontextmanager
async def stream(server: Server, query: str, headers: Mapping[str, str] | None = None) -> AsyncIterator[Stream]:
    timeout = aiohttp.ClientTimeout(total=60)
    async with (
        aiohttp.ClientSession(timeout=timeout, read_bufsize=2**20) as session,
        session.get(f"{server.url}/sse?{query}", headers=headers) as response,
    ):
        assert response.status == 200, await response.text()
        assert response.headers["Content-Type"].startswith("text/event-stream")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        yield Stream(response)


async def test_the_stream_begins_with_the_positions(server: Server, topic: str):
    async with stream(server, f"topic={topic}") as events:
        message = await events.next("subscribed")
        assert message.data["topics"][topic]["resumed"] is False
        assert events.last_id == message.data["topics"][topic]["at"]


async def test_events_carry_type_topic_and_data(server: Server, http: Http, topic: str):
    async with stream(server, f"topic={topic}") as events:
        await events.next("subscribed")
        (identifier,) = await http.tick(topic, 7)
        message = await events.next("tick")
        assert message.data["topic"] == topic
        assert (message.data["id"], message.data["type"], message.data["data"]) == (identifier, "tick", {"n": 7})


async def test_last_event_id_resumes_every_topic_without_loss_or_repetition(server: Server, http: Http, topic: str):
    names = [f"{topic}a", f"{topic}b", f"{topic}c"]
    query = "&".join(f"topic={name}" for name in names)
    for name in names:
        await http.tick(name, 0)
    async with stream(server, query) as events:
        await events.next("subscribed")
        for name in names[:2]:
            await http.tick(name, 1)
        for _ in range(2):
            await events.next("tick")
        last = events.last_id
    for number in (2, 3):
        for name in names:
            await http.tick(name, number)
    got: dict[str, list[int]] = {name: [] for name in names}
    async with stream(server, query, {"Last-Event-ID": last}) as events:
        message = await events.next("subscribed")
        assert all(answer["resumed"] for answer in message.data["topics"].values())
        for _ in range(6):
            tick = (await events.next("tick")).data
            got[tick["topic"]].append(tick["data"]["n"])
    assert got == {name: [2, 3] for name in names}


async def test_every_id_on_the_way_resumes_from_exactly_there(server: Server, http: Http, topic: str):
    await http.tick(topic, 0)
    ids = []
    async with stream(server, f"topic={topic}") as events:
        await events.next("subscribed")
        await http.tick(topic, *range(1, 6))
        for _ in range(5):
            await events.next("tick")
            ids.append(events.last_id)
    for place, last in enumerate(ids[:-1]):
        async with stream(server, f"topic={topic}", {"Last-Event-ID": last}) as events:
            assert (await events.next("tick")).data["data"] == {"n": place + 2}
        async with stream(server, f"topic={topic}&since={last}") as events:
            assert (await events.next("tick")).data["data"] == {"n": place + 2}


async def test_what_is_gone_is_told_by_a_gap_event(server: Server, http: Http, topic: str):
    await http.tick(topic, 1)
    async with stream(server, f"topic={topic}", {"Last-Event-ID": "1-1"}) as events:
        message = await events.next("gap")
        assert message.data["topic"] == topic
        assert events.last_id == message.data["at"]


async def test_latest_values_come_with_their_key(server: Server, http: Http, topic: str):
    await http.publish(topic, {"type": "total", "delivery": "latest", "key": "a", "data": {"n": 5}})
    async with stream(server, f"topic={topic}") as events:
        message = await events.next("total")
        assert (message.data["key"], message.data["data"]) == ("a", {"n": 5})
        assert {"topic", "rev"} <= set(message.data)


async def test_latest_replays_events(server: Server, http: Http, topic: str):
    await http.tick(topic, 1, 2, 3)
    async with stream(server, f"topic={topic}&latest=2") as events:
        assert [(await events.next("tick")).data["data"]["n"] for _ in range(2)] == [2, 3]


async def test_a_type_cannot_smuggle_lines_into_the_stream(http: Http, topic: str):
    for kind in ("tick\ndata: {}", "tick\r", "tick tock", "", "Tick", "t" * 65):
        body = {"type": kind, "data": {}}
        answer = await http.ask("POST", f"/api/topics/{topic}/events", body, token="sesame")
        assert (answer.status, answer.code) == (400, "bad_request"), kind


async def test_data_with_line_breaks_arrives_whole(server: Server, http: Http, topic: str):
    text = "one\ntwo\r\nthree\u2028four\n\ndata: five"
    async with stream(server, f"topic={topic}") as events:
        await events.next("subscribed")
        await http.publish(topic, {"type": "tick", "data": {"text": text}})
        assert (await events.next("tick")).data["data"] == {"text": text}


async def test_a_token_in_the_address_opens_what_is_ones_own(server: Server, http: Http, guest: Caller):
    query = f"topic=user:{guest.id}"
    answer = await http.ask("GET", f"/sse?{query}")
    assert (answer.status, answer.code) == (404, "not_found")
    async with stream(server, f"{query}&token={guest.token}") as events:
        await events.next("subscribed")


@pytest.mark.parametrize(
    ("query", "headers", "code"),
    [
        ("", {}, "bad_request"),
        ("topic=", {}, "bad_topic"),
        ("topic=No+Topic", {}, "bad_topic"),
        ("topic=post:nothing", {}, "not_found"),
        ("topic=feed:all&topic=post:nothing", {}, "not_found"),
        ("topic=feed:all&latest=201", {}, "bad_request"),
        ("topic=feed:all&latest=-1", {}, "bad_request"),
        ("topic=feed:all&latest=²", {}, "bad_request"),
        ("topic=feed:all&since=yesterday", {}, "bad_position"),
        ("topic=feed:all", {"Last-Event-ID": "1-1,2-2"}, "bad_position"),
        ("topic=feed:all", {"Last-Event-ID": "x"}, "bad_position"),
        ("&".join(f"topic=app:demo:{n}" for n in range(257)), {}, "bad_request"),
    ],
)
async def test_a_stream_that_cannot_begin_is_a_problem(http: Http, query: str, headers: dict[str, str], code: str):
    answer = await http.ask("GET", f"/sse?{query}", headers=headers)
    assert answer.code == code


async def test_the_stream_keeps_itself_alive(server: Server, topic: str):
    """Comments, or ids that moved on: something comes at every heartbeat."""
    async with stream(server, f"topic={topic}") as events:
        await events.next("subscribed")
        async with asyncio.timeout(ANSWER_S):
            assert await events.response.content.readline() != b""


async def asked(server: Server, *lines: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, str]:
    """Send a request as it stands; return what follows the head of the answer, and the head."""
    host, port = server.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("\r\n".join([*lines, f"Host: {host}:{port}", "", ""]).encode())
    return reader, writer, (await reader.readuntil(b"\r\n\r\n")).decode()


async def test_an_old_proxy_gets_the_stream_without_chunks(server: Server, http: Http):
    """nginx speaks HTTP/1.0 to what is behind it unless it is told otherwise."""
    async with asyncio.timeout(ANSWER_S):
        reader, writer, head = await asked(server, "GET /sse?topic=app:demo:old HTTP/1.0")
        assert " 200 " in head
        assert "chunked" not in head.lower()
        await reader.readuntil(b"event: subscribed")
        await http.tick("app:demo:old", 7)
        assert b'"n":7' in await reader.readuntil(b'"data":{"n":7}')
        writer.close()


@pytest.mark.parametrize("path", ["/sse?topic=app:demo:a", "/ws"])
async def test_what_has_no_end_has_no_head_alone(server: Server, path: str):
    async with asyncio.timeout(ANSWER_S):
        _, writer, head = await asked(server, f"HEAD {path} HTTP/1.1")
        assert " 405 " in head
        writer.close()


async def test_a_websocket_needs_http_1_1(server: Server):
    async with asyncio.timeout(ANSWER_S):
        _, writer, head = await asked(
            server, "GET /ws HTTP/1.0", "Upgrade: websocket", "Connection: Upgrade",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
        )  # fmt: skip
        assert " 400 " in head
        writer.close()


async def test_who_asks_for_counts_is_counted_and_told(server: Server) -> None:
    """On feeds and posts; a stream that ends is counted no more."""
    query = "topic=feed:tag:counted&topic=app:counted&presence=count"
    async with stream(server, query) as one:
        first = await one.next("presence")
        assert first.data == {"topic": "feed:tag:counted", "count": 1}
        async with stream(server, query), stream(server, "topic=feed:tag:counted"):
            assert (await one.next("presence")).data["count"] == 2
        assert (await one.next("presence")).data == {"topic": "feed:tag:counted", "count": 1}
