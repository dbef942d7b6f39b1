"""Bad WebSocket messages get a documented error or close code; other clients and the server's memory do not notice."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import msgpack
import orjson
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.integration.server_process import ServerProcess
from tests.integration.siege import (
    MB,
    besieged,
    undisturbed,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    yield from besieged(tmp_path_factory.mktemp("server"))


@asynccontextmanager
async def line(
    server: ServerProcess, protocol: str = "livefeed.v1.json", **options: Any
) -> AsyncIterator[ClientConnection]:
    """A greeted WebSocket."""
    address = server.url.replace("http", "ws") + "/ws"
    async with open_socket(address, subprotocols=[Subprotocol(protocol)], **options) as socket:
        await socket.recv()
        yield socket


async def closed(socket: ClientConnection) -> int | None:
    """Wait for the end of a connection and return its close code."""
    try:
        async with asyncio.timeout(20):
            while True:
                await socket.recv()
    except ConnectionClosed as exc:
        return exc.rcvd.code if exc.rcvd else None


@pytest.mark.parametrize(
    "message",
    [
        pytest.param("nonsense", id="no JSON"),
        pytest.param("", id="nothing"),
        pytest.param("null", id="null"),
        pytest.param('"subscribe"', id="text"),
        pytest.param("[1, 2]", id="a list of numbers"),
        pytest.param('[{"op": "ping"}, []]', id="a list with a list"),
        pytest.param('{"op": "ping"', id="half a map"),
        pytest.param("[" * 60_000, id="60,000 open brackets"),
        pytest.param('{"a":' * 10_000 + "1" + "}" * 10_000, id="10,000 maps deep"),
        pytest.param('{"op": NaN}', id="NaN"),
        pytest.param('{"op": "ping", "ref": 1e999}', id="a number beyond numbers"),
        pytest.param("\ud800".encode("utf-8", "surrogatepass"), id="half a surrogate pair"),
        pytest.param(b"\xff\xfe{}", id="no UTF-8"),
    ],
)
async def test_a_json_message_that_is_no_frame_closes_with_4500(server: ServerProcess, message: str | bytes) -> None:
    async with undisturbed(server), line(server) as socket:
        await socket.send(message, text=True)
        assert await closed(socket) == 4500


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xc1", id="a byte that MessagePack never uses"),
        pytest.param(b"\x81", id="half a map"),
        pytest.param(b"\x01", id="a number"),
        pytest.param(b"\xdf\xff\xff\xff\xff", id="a map of four billion"),
        pytest.param(b"\xdd\xff\xff\xff\xff", id="a list of four billion"),
        pytest.param(b"\xc6\xff\xff\xff\xff", id="four gigabytes of bytes"),
        pytest.param(b"\x91" * 60_000, id="60,000 lists deep"),
        pytest.param(msgpack.packb({1: 2}), id="a map without names"),
        pytest.param(msgpack.packb({b"op": "ping"}), id="a map with names of bytes"),
        pytest.param(b"\x81\xa2op\xa4\xff\xff\xff\xff", id="a text that is no UTF-8"),
    ],
)
async def test_a_messagepack_message_that_is_no_frame_closes_with_4500(server: ServerProcess, message: bytes) -> None:
    async with undisturbed(server), line(server, "livefeed.v1.msgpack") as socket:
        await socket.send(message)
        assert await closed(socket) == 4500


async def test_the_other_codecs_messages_close_with_4500(server: ServerProcess) -> None:
    async with undisturbed(server), line(server) as json, line(server, "livefeed.v1.msgpack") as packed:
        await json.send(msgpack.packb({"op": "ping"}))
        await packed.send('{"op": "ping"}')
        assert [await closed(json), await closed(packed)] == [4500, 4500]


async def test_a_message_that_is_too_big_closes_with_4502(server: ServerProcess) -> None:
    """In one piece, in fragments, and 64 MB of it: it is never gathered."""
    async with undisturbed(server):
        async with line(server) as socket:
            await socket.send("x" * 70_000)
            assert await closed(socket) == 4502
        async with line(server) as socket:
            end = asyncio.create_task(closed(socket))
            with contextlib.suppress(ConnectionClosed):
                await socket.send(["x" * MB] * 64)
            assert await end == 4502


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({}, "unknown_op"),
        ({"op": None}, "unknown_op"),
        ({"op": ["subscribe"]}, "unknown_op"),
        ({"op": "x" * 1_000}, "unknown_op"),
        ({"op": "subscribe"}, "bad_request"),
        ({"op": "subscribe", "topics": ["feed:all"]}, "bad_request"),
        ({"op": "unsubscribe", "topics": {"feed:all": {}}}, "bad_request"),
        ({"op": "unsubscribe", "topics": [1]}, "bad_request"),
        ({"op": "call"}, "bad_request"),
        ({"op": "call", "method": "no.such"}, "unknown_method"),
        ({"op": "call", "method": "__class__", "data": {}}, "unknown_method"),
        ({"op": "call", "method": "comment.create", "data": []}, "bad_request"),
        ({"op": "call", "method": "comment.create", "data": {}, "key": ""}, "bad_request"),
        ({"op": "call", "method": "comment.create", "data": {}, "key": "k" * 200}, "bad_request"),
        ({"op": "call", "method": "comment.create", "data": {"post": "x", "text": "y"}}, "unauthorised"),
        ({"op": "signal", "topic": "feed:all", "type": ""}, "bad_request"),
        ({"op": "signal", "topic": "feed:all", "type": "typing"}, "unauthorised"),
        ({"op": "auth"}, "bad_request"),
    ],
)
async def test_a_frame_with_wrong_values_is_answered_and_the_connection_lives(
    server: ServerProcess, frame: dict[str, Any], code: str
) -> None:
    async with line(server) as socket:
        await socket.send(orjson.dumps({"ref": 7, **frame}), text=True)
        answer = orjson.loads(await socket.recv())
        assert (answer["op"], answer["ref"], answer["code"]) == ("error", 7, code)
        assert answer["message"]
        await socket.send('{"op": "ping", "ref": 8}')
        assert orjson.loads(await socket.recv()) == {"op": "pong", "ref": 8}


@pytest.mark.parametrize(
    ("topic", "options", "code"),
    [
        ("feed:nowhere", {}, "not_found"),
        ("post:nobody-made-this", {}, "not_found"),
        ("generation:nobody-made-this", {}, "not_found"),
        ("room:not-built", {}, "not_found"),
        ("user:somebody-else", {}, "not_found"),
        ("app:private:x", {}, "not_found"),
        ("", {}, "bad_topic"),
        ("FEED:ALL", {}, "bad_topic"),
        ("feed:all ", {}, "bad_topic"),
        ("app:" + "x" * 200, {}, "bad_topic"),
        ("app:a:b:c:d", {}, "bad_topic"),
        ("lf:{s00}:fan", {}, "not_found"),
        ("feed:all", [], "bad_request"),
        ("feed:all", {"since": 5}, "bad_position"),
        ("feed:all", {"since": "yesterday"}, "bad_position"),
        ("feed:all", {"since": "9" * 40 + "-0"}, "bad_position"),
        ("feed:all", {"latest": -1}, "bad_request"),
        ("feed:all", {"latest": 201}, "bad_request"),
        ("feed:all", {"latest": True}, "bad_request"),
        ("feed:all", {"latest": 2**80}, "bad_request"),
        ("feed:all", {"presence": "all"}, "bad_request"),
    ],
)
async def test_a_topic_that_cannot_be_followed_says_why(
    server: ServerProcess, topic: str, options: Any, code: str
) -> None:
    """And the other topics of the same frame are followed all the same."""
    message = orjson.dumps if not isinstance(options, dict) or options.get("latest", 0) < 2**64 else _json
    async with line(server) as socket:
        await socket.send(message({"op": "subscribe", "ref": 1, "topics": {topic: options, "app:good": {}}}), text=True)
        answer = orjson.loads(await socket.recv())
        assert answer["op"] == "subscribed"
        assert answer["topics"][topic]["error"] == code
        assert "at" in answer["topics"]["app:good"]


def _json(value: object) -> bytes:
    """Write JSON with numbers of any size."""
    import json

    return json.dumps(value).encode()


async def test_a_thousand_unknown_ops_are_a_thousand_errors(server: ServerProcess) -> None:
    """A burst that is allowed is answered to the last; more than that closes with 4503."""
    async with undisturbed(server):
        async with line(server) as socket:
            for number in range(1_000):
                await socket.send(orjson.dumps({"op": f"nonsense-{number}", "ref": number}), text=True)
            answers = [orjson.loads(await socket.recv()) for _ in range(1_000)]
            assert [answer["ref"] for answer in answers] == list(range(1_000))
            assert {answer["code"] for answer in answers} == {"unknown_op"}
        async with line(server) as socket:
            ends = asyncio.create_task(closed(socket))
            for _ in range(2):
                await socket.send(b"[" + b",".join([b'{"op":"x"}'] * 900) + b"]", text=True)
            assert await ends == 4503
        async with line(server) as socket:
            ends = asyncio.create_task(closed(socket))
            await socket.send(b"[" + b",".join([b'{"op":"x"}'] * 1_001) + b"]", text=True)
            assert await ends == 4500


async def test_more_topics_than_allowed_are_refused_one_by_one(server: ServerProcess) -> None:
    topics: dict[str, Any] = {f"app:many:{number}": {} for number in range(300)}
    async with undisturbed(server), line(server) as socket:
        await socket.send(orjson.dumps({"op": "subscribe", "topics": topics}), text=True)
        answers = orjson.loads(await socket.recv())["topics"]
        assert sum("at" in answer for answer in answers.values()) == 256
        assert {answer["error"] for answer in answers.values() if "error" in answer} == {"too_many_topics"}


async def test_random_bytes_never_do_more_than_close_a_connection(server: ServerProcess, seed: int) -> None:
    """Raw bytes after the upgrade, whatever they mean as WebSocket frames."""
    chance = random.Random(seed)
    async with undisturbed(server):
        for _ in range(20):
            async with line(server) as socket:
                socket.transport.write(chance.randbytes(chance.randint(1, 2_000)))
                socket.transport.close()
