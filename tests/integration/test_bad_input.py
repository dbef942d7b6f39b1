"""Bad input of every kind gets a documented error; other clients and the server's memory do not notice."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
import struct
import time
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgpack
import orjson
import pytest
from PIL import Image
from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_socket
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

import livefeed.client
from tests.integration.crowd import Reader, picture
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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for the whole file; no test may make it fail, or write a trace into its log."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", **SETTINGS) as running:
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
        assert time.monotonic() - began < 5
        assert reader.gaps == 0


@asynccontextmanager
async def guest(server: ServerProcess) -> AsyncIterator[aiohttp.ClientSession]:
    """A guest's HTTP session, by Bearer token."""
    jar = aiohttp.DummyCookieJar()
    async with aiohttp.ClientSession(server.url, cookie_jar=jar) as http:
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


# WebSocket.


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
            await socket.send(b"[" + b",".join([b'{"op":"x"}'] * 5_000) + b"]", text=True)
            assert await ends == 4503


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


# HTTP.


async def ask(server: ServerProcess, request: bytes, *, timeout_s: float = 20) -> tuple[int, str, bytes]:
    """Send raw bytes; return the status, the content type and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.settings["port"])
    try:
        writer.write(request)
        async with asyncio.timeout(timeout_s):
            answer = await reader.read(65_536)
            head, _, body = answer.partition(b"\r\n\r\n")
            lines = head.decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (item.partition(":") for item in lines[1:])}
            while len(body) < int(headers.get("content-length", 0)):
                body += await reader.read(65_536)
            return int(lines[0].split()[1]), headers.get("content-type", ""), body
    finally:
        writer.close()


def get(path: bytes, *headers: bytes, method: bytes = b"GET") -> bytes:
    return b"\r\n".join([method + b" " + path + b" HTTP/1.1", b"Host: x", b"Connection: close", *headers, b"", b""])


@pytest.mark.parametrize(
    "path",
    [
        b"/media/..%2f..%2fetc%2fpasswd/256.webp",
        b"/media/%2e%2e/256.webp",
        b"/media/%00/256.webp",
        b"/media/" + b"0" * 64 + b"/256.webp",
        b"/media/" + b"0" * 64 + b"/257.webp",
        b"/media/" + b"0" * 64 + b"/99999999999.webp",
        b"/assets/../index.html",
        b"/assets/..%2findex.html",
        b"/assets/..%5cindex.html",
        b"/assets/%2e%2e/%2e%2e/server.py",
        b"/assets/..%2f..%2fserver.py",
        b"/assets/%2fetc%2fpasswd",
        b"/assets/.hidden",
        b"/assets/%00",
        b"/assets/",
        b"/../../../../etc/passwd",
        b"//etc/passwd",
        b"/server.py",
        b"/store.sock",
        b"/api/posts/..%2f..%2fguests",
        b"/api/posts/%00",
        b"/api/posts/lf:%7Bs00%7D:fan",
        b"/api/users/%00",
        b"/api/feeds/nowhere",
        b"/api/feeds/user:%0d%0aSet-Cookie:%20a=b",
        b"/api/comments",
        b"/api/rooms",
        b"/api/generations/../posts",
        b"/metrics",
    ],
)
async def test_a_path_that_leads_nowhere_is_not_found(server: ServerProcess, path: bytes) -> None:
    status, content, body = await ask(server, get(path))
    a_problem(content, status, body, 404, "not_found")


@pytest.mark.parametrize(
    ("request_", "status", "code"),
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "bad_request", id="TLS"),
        pytest.param(b"\x00" * 100 + b"\r\n\r\n", 400, "bad_request", id="zeros"),
        pytest.param(get(b"/api/me", method=b"BREW COFFEE"), 400, "bad_request", id="a request line of four words"),
        pytest.param(get(b"/api/me", method=b"PATCH/"), 400, "bad_request", id="a method that is none"),
        pytest.param(b"GET /api/me HTTP/9.9\r\n\r\n", 400, "bad_request", id="another version"),
        pytest.param(get(b"/" + b"a" * 9_000), 400, "bad_request", id="a long path"),
        pytest.param(get(b"/api/me", b"X-Long: " + b"a" * 9_000), 400, "bad_request", id="a long header"),
        pytest.param(get(b"/api/me", *[b"X-%d: a" % n for n in range(500)]), 400, "bad_request", id="500 headers"),
        pytest.param(get(b"/api/me", b"X: a\x00b"), 400, "bad_request", id="NUL in a header"),
        pytest.param(get(b"/api/users/\xff\xfe"), 400, "bad_request", id="no ASCII in the path"),
        pytest.param(
            get(b"/api/guests", b"Content-Length: 5", b"Transfer-Encoding: chunked", method=b"POST"),
            400, "bad_request", id="two lengths",
        ),
        pytest.param(get(b"/api/guests", b"Content-Length: -5", method=b"POST"), 400, "bad_request", id="-5 bytes"),
        pytest.param(get(b"/api/me", b"Authorization: Basic abc"), 401, "unauthorised", id="another scheme"),
        pytest.param(get(b"/api/me", b"Authorization: Bearer \xff\xfe"), 401, "unauthorised", id="a token of bytes"),
        pytest.param(get(b"/api/me", b"Authorization: Bearer " + b"a" * 8_000), 401, "unauthorised", id="a long token"),
        pytest.param(get(b"/api/feeds/all?limit=abc"), 400, "bad_request", id="a limit that is no number"),
        pytest.param(get(b"/api/feeds/all?limit=0"), 400, "bad_request", id="limit 0"),
        pytest.param(get(b"/api/feeds/all?limit=" + b"9" * 5_000), 400, "bad_request", id="limit of 5,000 digits"),
        pytest.param(get(b"/api/feeds/all?limit=%D9%A3"), 400, "bad_request", id="an Arabic three"),
        pytest.param(get(b"/api/feeds/all?before=%00"), 400, "bad_request", id="NUL as a cursor"),
        pytest.param(get(b"/api/feeds/tag:%20"), 400, "bad_topic", id="a tag of blanks"),
        pytest.param(get(b"/ws"), 404, "not_found", id="no upgrade"),
        pytest.param(get(b"/ws", b"Upgrade: websocket"), 400, "bad_request", id="half an upgrade"),
        pytest.param(get(b"/sse"), 400, "bad_request", id="no topic"),
        pytest.param(get(b"/sse?topic=feed:all&latest=-1"), 400, "bad_request", id="latest -1"),
        pytest.param(get(b"/sse?topic=feed:all", b"Last-Event-ID: x"), 400, "bad_position", id="a bad Last-Event-ID"),
        pytest.param(get(b"/sse?topic=feed:all", b"Last-Event-ID: 1-1,2-2"), 400, "bad_position", id="two positions"),
        pytest.param(get(b"/sse?topic=FEED"), 400, "bad_topic", id="no topic name"),
        pytest.param(get(b"/sse?topic=post:none"), 404, "not_found", id="no such post"),
        pytest.param(get(b"/api/guests"), 405, "method_not_allowed", id="GET of what is made by POST"),
        pytest.param(get(b"/", method=b"DELETE"), 405, "method_not_allowed", id="DELETE of the page"),
        pytest.param(get(b"/api/me", b"Expect: miracles"), 400, "bad_request", id="an unknown expectation"),
    ],
)  # fmt: skip
async def test_a_request_that_makes_no_sense_is_a_problem(
    server: ServerProcess, request_: bytes, status: int, code: str
) -> None:
    found, content, body = await ask(server, request_)
    a_problem(content, found, body, status, code)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("POST", "/api/posts/x/comments", b"", 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b"{", 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b"[]", 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b"null", 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"text": 5}', 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"text": ""}', 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"text": "\xff"}', 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"text": "\\ud800"}', 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"text": "a", "parent": {}}', 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b"[" * 50_000, 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400, "bad_request"),
        ("POST", "/api/posts/x/comments", b'{"text": "' + b"a" * 70_000 + b'"}', 413, "too_large"),
        ("POST", "/api/posts/x/comments", b'{"text": "fine"}', 404, "not_found"),
        ("PUT", "/api/posts/x/reactions/%F0%9F%A6%8A", b"", 404, "not_found"),
        ("PUT", "/api/posts/x/reactions/fox", b"", 404, "not_found"),
        ("PUT", "/api/posts/x/reactions/%00", b"", 404, "not_found"),
        ("PUT", "/api/posts/x/reactions/%FF", b"", 404, "not_found"),
        ("DELETE", "/api/posts/x", b"", 404, "not_found"),
        ("DELETE", "/api/comments/x", b"", 404, "not_found"),
        ("DELETE", "/api/generations/x", b"", 404, "not_found"),
        ("PATCH", "/api/me", b'{"handle": "a"}', 400, "bad_request"),
        ("PATCH", "/api/me", b'{"handle": "a/../b"}', 400, "bad_request"),
        ("PATCH", "/api/me", b'{"handle": "\\u0000\\u0000"}', 400, "bad_request"),
        ("POST", "/api/generations", b"{}", 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "   "}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "width": 99999}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "width": 257}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "width": 1e400}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "seed": 99999999999999999999999}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "steps": "ten"}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "generator": "../../x"}', 400, "bad_request"),
        ("POST", "/api/generations", b'{"prompt": "a", "parent": "nobody-made-this"}', 404, "not_found"),
        ("POST", "/api/topics/app:test/events", b'{"type": "a", "data": {}}', 401, "unauthorised"),
        ("POST", "/api/posts", b"", 400, "bad_request"),
        ("POST", "/api/posts", b"no form", 400, "bad_request"),
    ],
)
async def test_a_body_with_wrong_values_is_a_problem(
    server: ServerProcess, method: str, path: str, body: bytes, status: int, code: str
) -> None:
    from yarl import URL

    async with guest(server) as http:
        headers = {"Content-Type": "application/json"}
        async with http.request(method, URL(server.url + path, encoded=True), data=body, headers=headers) as answer:
            await refused(answer, status, code)


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([b"Content-Length: 3", b"Content-Encoding: gzip"], b"abc"),
        ([b"Content-Length: 3", b"Content-Encoding: deflate"], b"abc"),
        ([b"Transfer-Encoding: chunked"], b"zz\r\nabc\r\n0\r\n\r\n"),
        ([b"Transfer-Encoding: chunked"], b"3\r\nabcdef\r\n0\r\n\r\n"),
    ],
)
async def test_a_body_that_is_not_what_its_headers_say_is_a_problem(
    server: ServerProcess, headers: list[bytes], body: bytes
) -> None:
    async with guest(server) as http:
        bearer = f"Authorization: {http.headers['Authorization']}".encode()
    request = get(b"/api/posts/x/comments", bearer, *headers, method=b"POST") + body
    status, content, answer = await ask(server, request)
    a_problem(content, status, answer, 400, "bad_request")


async def test_a_gzip_bomb_as_a_body_is_too_large(server: ServerProcess) -> None:
    """200 MB of blanks in 200 KB: it is cut off at the limit of the address."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join([packer.compress(b" " * MB) for _ in range(200)]) + packer.flush()
    async with undisturbed(server), guest(server) as http:
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/json"}
        async with http.post("/api/posts/x/comments", data=bomb, headers=headers) as answer:
            await refused(answer, 413, "too_large")


async def test_a_body_that_does_not_come_is_given_up(server: ServerProcess) -> None:
    async with undisturbed(server), guest(server) as http:
        bearer = f"Authorization: {http.headers['Authorization']}".encode()
        request = get(b"/api/posts/x/comments", bearer, b"Content-Length: 100", method=b"POST") + b'{"te'
        status, content, body = await ask(server, request)
        a_problem(content, status, body, 408, "request_timeout")


async def test_half_requests_are_dropped_after_a_while(server: ServerProcess) -> None:
    """Two hundred of them that never end: others are served meanwhile, and the connections do not stay."""
    async with undisturbed(server):
        lines = await asyncio.gather(
            *[asyncio.open_connection("127.0.0.1", server.settings["port"]) for _ in range(200)]
        )
        for _, writer in lines:
            writer.write(b"GET /api/me HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        async with guest(server) as http, http.get("/api/me") as answer:
            assert answer.status == 200
        deadline = time.monotonic() + 10 * IDLE_S
        waiting = {asyncio.create_task(reader.read()) for reader, _ in lines}
        while waiting and time.monotonic() < deadline:
            for _, writer in lines:
                if not writer.is_closing():
                    writer.write(b"a")
            _, waiting = await asyncio.wait(waiting, timeout=0.3)
        assert not waiting
        for _, writer in lines:
            writer.close()


# Pictures.


def form(image: bytes, *, boundary: str = "b0undary") -> tuple[bytes, str]:
    """Return a multipart body with a picture, and its content type."""
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="image"; filename="a"\r\n\r\n'
    return head.encode() + image + f"\r\n--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


@pytest.mark.parametrize("announced", [True, False], ids=["with a length", "in chunks"])
async def test_a_hundred_megabytes_are_cut_off_early(server: ServerProcess, announced: bool) -> None:
    """413 as soon as the limit is passed, or before anything is read; never 100 MB in memory."""
    total = 100 * MB
    async with undisturbed(server):
        async with guest(server) as http:
            bearer = f"Authorization: {http.headers['Authorization']}".encode()
        length = f"Content-Length: {total}".encode() if announced else b"Transfer-Encoding: chunked"
        start, kind = form(b"")
        start = start.split(b"\r\n--b0undary--")[0]
        reader, writer = await asyncio.open_connection("127.0.0.1", server.settings["port"])
        request = get(b"/api/posts", bearer, length, f"Content-Type: {kind}".encode(), method=b"POST")
        writer.write(request)
        answer = asyncio.create_task(reader.readuntil(b"}"))
        sent, block, peak_mb, before_mb = 0, start + b"\x89PNG" * 16_384, 0.0, server.resident_mb()
        while sent < total and not answer.done():
            writer.write(block if announced else b"%x\r\n%s\r\n" % (len(block), block))
            sent += len(block)
            block = block[-65_536:]
            try:
                await writer.drain()
            except ConnectionError:
                break
            peak_mb = max(peak_mb, server.resident_mb() - before_mb)
        async with asyncio.timeout(20):
            head, _, body = (await answer).partition(b"\r\n\r\n")
        writer.close()
        a_problem("application/problem+json", int(head.split()[1]), body, 413, "too_large")
        assert b"application/problem+json" in head
        assert sent < (total if announced else 40 * MB)
        assert peak_mb < MAX_RISE_MB
        print(f"cut off after {sent / MB:.1f} MB, memory rose by {peak_mb:.1f} MB")


def png(width: int, height: int, data: bytes, *, bits: int = 8) -> bytes:
    """Return a grey PNG that claims a size."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def bomb_png() -> bytes:
    """20,000 by 20,000 black pixels, 1.2 GB of memory as RGB, in 50 KB."""
    packer = zlib.compressobj()
    rows = b"\0" * (1 + 20_000 // 8) * 100
    return png(20_000, 20_000, b"".join([packer.compress(rows) for _ in range(200)]) + packer.flush(), bits=1)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


BOMBS = {
    "a PNG of 400 megapixels": (bomb_png, 413, "too_large"),
    "a PNG that claims four billion columns": (lambda: png(2**32 - 1, 1, zlib.compress(b"\0")), 413, "too_large"),
    "a PNG that claims 100,000 by 100,000": (lambda: png(100_000, 100_000, zlib.compress(b"\0")), 413, "too_large"),
    "a GIF that claims 65,535 by 65,535": (
        lambda: b"GIF89a\xff\xff\xff\xff\x80\0\0" + b"\0" * 50 + b";",
        413,
        "too_large",
    ),
    "an empty file": (lambda: b"", 400, "bad_request"),
    "one byte": (lambda: b"\x89", 422, "bad_picture"),
    "a zip": (lambda: b"PK\x03\x04" + b"\0" * 2_000, 422, "bad_picture"),
    "an SVG": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 422, "bad_picture"),
    "HTML": (lambda: b"<!doctype html><script>alert(1)</script>", 422, "bad_picture"),
    "half a PNG": (lambda: picture(640, 480)[:200], 422, "bad_picture"),
    "half a JPEG": (lambda: saved(Image.effect_noise((640, 480), 90), "JPEG")[:5_000], 422, "bad_picture"),
    "a TIFF": (lambda: saved(Image.new("RGB", (64, 64)), "TIFF"), 422, "bad_picture"),
    "a PDF": (lambda: saved(Image.new("RGB", (64, 64)), "PDF"), 422, "bad_picture"),
}


@pytest.mark.parametrize("kind", BOMBS)
async def test_what_is_no_picture_or_too_much_of_one_is_refused(server: ServerProcess, kind: str) -> None:
    make, status, code = BOMBS[kind]
    body, content = form(make())
    headers = {"Content-Type": content}
    async with (
        undisturbed(server),
        guest(server) as http,
        http.post("/api/posts", data=body, headers=headers) as answer,
    ):
        await refused(answer, status, code)


@pytest.mark.parametrize(
    ("body", "content"),
    [
        pytest.param(b"", "multipart/form-data", id="no boundary"),
        pytest.param(b"", "multipart/form-data; boundary=" + "b" * 200, id="a long boundary"),
        pytest.param(b"--b\r\n", "multipart/form-data; boundary=b", id="half a form"),
        pytest.param(b"--b--\r\n", "multipart/form-data; boundary=b", id="an empty form"),
        pytest.param(b"--b\r\n" + b"X: y\r\n" * 1_000 + b"\r\n", "multipart/form-data; boundary=b", id="1,000 headers"),
        pytest.param(b"--b\r\nX: " + b"y" * 50_000, "multipart/form-data; boundary=b", id="an endless header"),
        pytest.param(b"--b\r\n\xff\xfe\r\n\r\n", "multipart/form-data; boundary=b", id="headers of bytes"),
        pytest.param(b"nothing like it", "multipart/form-data; boundary=b", id="no form"),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Transfer-Encoding: base64\r\n\r\n!'
            b"!\r\n--b--",
            "multipart/form-data; boundary=b", id="bad base64",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Transfer-Encoding: x\r\n\r\nabc\r\n--b--',
            "multipart/form-data; boundary=b", id="an unknown encoding",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="image"\r\nContent-Length: 99999999999\r\n\r\nabc\r\n--b--',
            "multipart/form-data; boundary=b", id="a wrong length",
        ),
        pytest.param(
            b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--",
            "multipart/form-data; boundary=b", id="a form in a form",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n' * 200 + b"--b--",
            "multipart/form-data; boundary=b", id="200 fields",
        ),
        pytest.param(
            b'--b\r\nContent-Disposition: form-data; name="caption"\r\n\r\n\xff\xfe\r\n--b--',
            "multipart/form-data; boundary=b", id="a caption that is no UTF-8",
        ),
    ],
)  # fmt: skip
async def test_a_form_that_is_broken_is_a_problem(server: ServerProcess, body: bytes, content: str) -> None:
    headers = {"Content-Type": content}
    async with guest(server) as http, http.post("/api/posts", data=body, headers=headers) as answer:
        assert answer.status in (400, 422)
        await refused(answer, answer.status, "bad_request" if answer.status == 400 else "bad_picture")


async def test_a_caption_that_is_too_long_is_refused(server: ServerProcess) -> None:
    async with guest(server) as http:
        for characters, status, code in ((1_001, 400, "bad_request"), (10_000, 413, "too_large")):
            data = aiohttp.FormData()
            data.add_field("caption", "x" * characters)
            data.add_field("image", picture(), filename="a.png")
            async with http.post("/api/posts", data=data) as answer:
                await refused(answer, status, code)


async def test_a_client_that_goes_away_in_the_middle_of_a_body_is_no_event(server: ServerProcess) -> None:
    """The log stays free of traces: the fixture looks."""
    async with undisturbed(server):
        async with guest(server) as http:
            bearer = f"Authorization: {http.headers['Authorization']}".encode()
        for path, kind in ((b"/api/posts/x/comments", b"application/json"), (b"/api/posts", form(b"")[1].encode())):
            _, writer = await asyncio.open_connection("127.0.0.1", server.settings["port"])
            headers = [bearer, b"Content-Length: 1000", b"Content-Type: " + kind]
            writer.write(get(path, *headers, method=b"POST") + form(b"")[0][:60])
            await writer.drain()
            await asyncio.sleep(0.1)
            writer.transport.abort()
        await asyncio.sleep(0.1)
