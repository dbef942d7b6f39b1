"""Bad HTTP requests get a documented problem; other clients and the server's memory do not notice."""

from __future__ import annotations

import asyncio
import time
import zlib
from collections.abc import Iterator

import pytest

from tests.integration.server_process import ServerProcess
from tests.integration.siege import (
    IDLE_S,
    MB,
    a_problem,
    ask,
    besieged,
    form,
    get,
    guest,
    refused,
    undisturbed,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    yield from besieged(tmp_path_factory.mktemp("server"))


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
        b"/api/room",
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
