"""The client over sockets, against a scripted peer: what it says, and what it does when lines are cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import msgpack
import orjson
import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

import livefeed.client
from livefeed.client import Event, Gap, Unreachable
from livefeed.client.frames import Codec
from livefeed.errors import BadRequest, NotFound, RateLimited, TooLarge, Unauthorised

Script = Callable[["Line"], Coroutine[Any, Any, None]]


class Line:
    """One accepted connection of the scripted peer."""

    def __init__(self, socket: web.WebSocketResponse, headers: dict[str, str]) -> None:
        self.socket = socket
        self.headers = headers

    async def say(self, **frame: Any) -> None:
        if self.socket.ws_protocol == Codec.JSON.value:
            await self.socket.send_str(orjson.dumps(frame).decode())
        else:
            await self.socket.send_bytes(msgpack.packb(frame))

    async def hear(self, op: str) -> dict[str, Any]:
        """Return the next frame, which must be `op`."""
        message = await self.socket.receive()
        assert message.type in (WSMsgType.TEXT, WSMsgType.BINARY), message
        frame = orjson.loads(message.data) if message.type is WSMsgType.TEXT else msgpack.unpackb(message.data)
        assert frame["op"] == op, frame
        return frame

    async def grant(self, at: int, *, resumed: bool = False) -> dict[str, Any]:
        """Answer a subscribe of one topic and return what was asked."""
        frame = await self.hear("subscribe")
        ((topic, options),) = frame["topics"].items()
        await self.say(op="subscribed", ref=frame["ref"], topics={topic: {"at": f"1-{at}", "resumed": resumed}})
        return {"topic": topic, **options}

    async def events(self, start: int, end: int, topic: str = "app:a") -> None:
        found = [{"id": f"1-{n}", "type": "t", "time": 1, "data": {"n": n}} for n in range(start + 1, end + 1)]
        await self.say(op="events", topic=topic, **{"from": f"1-{start}", "to": f"1-{end}"}, events=found)

    async def rest(self) -> None:
        """Hear nothing more until the other side leaves."""
        async for _ in self.socket:
            pass


class Peer:
    """Plays one script per connection, in order, and remembers what went wrong in them."""

    def __init__(self, scripts: list[Script]) -> None:
        self.scripts = scripts
        self.failures: list[BaseException] = []
        self.guests = 0
        self.keys: list[str | None] = []

    async def socket(self, request: web.Request) -> web.StreamResponse:
        if not self.scripts:
            return web.json_response({"code": "busy", "detail": "No more scripts."}, status=503)
        script = self.scripts.pop(0)
        socket = web.WebSocketResponse(protocols=[codec.value for codec in Codec])
        await socket.prepare(request)
        line = Line(socket, dict(request.headers))
        await line.say(op="welcome", session="s", user=None, time=1, heartbeat_s=25, limits={})
        try:
            await script(line)
        except AssertionError as exc:
            self.failures.append(exc)
        if not socket.closed:
            request.transport.abort()
        return socket

    async def guest(self, request: web.Request) -> web.Response:
        self.guests += 1
        user = {"id": "u", "handle": "fox", "avatar": ""}
        return web.json_response({"user": user, "token": "secret"}, status=201)

    async def flaky(self, request: web.Request) -> web.Response:
        """Fails once with 503, then takes the post."""
        self.keys.append(request.headers.get("Idempotency-Key"))
        form = await request.post()
        if len(self.keys) == 1:
            return web.json_response({"code": "store_unavailable", "detail": "Wait."}, status=503)
        image = form["image"]
        assert isinstance(image, web.FileField)
        post = {"caption": form["caption"], "bytes": len(image.file.read())}
        return web.json_response({"post": post}, status=201)

    async def problem(self, request: web.Request) -> web.Response:
        body = {"code": "not_found", "detail": "There is no such post.", "status": 404}
        return web.json_response(body, status=404, content_type="application/problem+json")


@asynccontextmanager
async def served(*scripts: Script, **options: Any) -> AsyncIterator[tuple[Peer, livefeed.client.Feed]]:
    peer = Peer(list(scripts))
    application = web.Application()
    application.router.add_get("/ws", peer.socket)
    application.router.add_post("/api/guests", peer.guest)
    application.router.add_post("/api/posts", peer.flaky)
    application.router.add_get("/api/posts/{id}", peer.problem)
    async with TestServer(application) as server:
        async with livefeed.client.connect(str(server.make_url("/")), **options) as feed:
            try:
                async with asyncio.timeout(60):
                    yield peer, feed
            except TimeoutError:
                assert peer.failures == []
                raise
        assert peer.failures == []


async def numbers(subscription: livefeed.client.Subscription, count: int) -> list[int]:
    found: list[int] = []
    while len(found) < count:
        item = await anext(subscription)
        assert isinstance(item, Event)
        found.append(item.data["n"])
    return found


@pytest.mark.parametrize("codec", list(Codec))
async def test_a_subscription_goes_on_over_a_cut_line_without_loss_or_repetition(codec):
    async def first(line: Line) -> None:
        assert await line.grant(10) == {"topic": "app:a"}
        await line.events(10, 12)

    async def second(line: Line) -> None:
        assert await line.grant(12, resumed=True) == {"topic": "app:a", "since": "1-12"}
        await line.events(12, 15)
        await line.rest()

    async with served(first, second, codec=codec) as (_, feed), feed.subscribe("app:a") as items:
        assert await numbers(items, 5) == [11, 12, 13, 14, 15]
        assert str(items.position) == "1-15"


@pytest.mark.parametrize("code", [4000, 4001, 4002, 1001, 1011])
async def test_codes_that_ask_to_come_back_are_obeyed(code):
    back = asyncio.Event()

    async def first(line: Line) -> None:
        await line.grant(1)
        await line.socket.close(code=code)

    async def second(line: Line) -> None:
        assert (await line.hear("subscribe"))["topics"] == {"app:a": {"since": "1-1"}}
        back.set()

    async with served(first, second) as (_, feed), feed.subscribe("app:a"):
        await back.wait()


@pytest.mark.parametrize(("code", "error"), [(4501, Unauthorised), (4502, TooLarge), (4503, RateLimited)])
async def test_final_codes_raise_in_every_subscription_and_call(code, error):
    async def script(line: Line) -> None:
        await line.grant(1)
        await line.hear("call")
        await line.socket.close(code=code, message=b"why")

    async with served(script, token="t") as (_, feed):
        items = feed.subscribe("app:a")
        await items.started()
        with pytest.raises(error, match="why"):
            await feed.call("x", {})
        with pytest.raises(error, match="why"):
            await anext(items)
        with pytest.raises(error):
            feed.subscribe("app:b")


async def test_drain_is_obeyed_when_its_time_has_come():
    async def first(line: Line) -> None:
        await line.grant(1)
        await line.say(op="drain", after_ms=20)
        await line.events(1, 2)
        assert (await line.socket.receive()).type is WSMsgType.CLOSE

    async def second(line: Line) -> None:
        assert (await line.grant(2, resumed=True))["since"] == "1-2"
        await line.events(2, 3)
        await line.rest()

    async with served(first, second) as (_, feed), feed.subscribe("app:a") as items:
        assert await numbers(items, 2) == [2, 3]


async def test_a_position_that_cannot_be_honoured_is_told_as_a_gap():
    async def script(line: Line) -> None:
        assert (await line.grant(90))["since"] == "1-5"
        await line.say(op="gap", topic="app:a", at="1-90")
        await line.events(90, 91)
        await line.rest()

    async with served(script) as (_, feed), feed.subscribe("app:a", since="1-5") as items:
        assert str(items.position) == "1-5"
        assert isinstance(await anext(items), Gap)
        assert await numbers(items, 1) == [91]


async def test_a_call_makes_a_guest_once_and_is_repeated_with_its_key():
    seen: list[dict[str, Any]] = []

    async def first(line: Line) -> None:
        assert line.headers["Authorization"] == "Bearer secret"
        seen.append(await line.hear("call"))

    async def second(line: Line) -> None:
        seen.append(await line.hear("call"))
        await line.say(op="result", ref=seen[-1]["ref"], data={"ok": True})
        other = await line.hear("call")
        await line.say(op="error", ref=other["ref"], code="not_found", message="There is no such post.")
        await line.rest()

    async with served(first, second) as (peer, feed):
        assert await feed.call("reaction.set", {"on": True}) == {"ok": True}
        with pytest.raises(NotFound, match="no such post"):
            await feed.call("reaction.set", {"on": True})
        assert peer.guests == 1
        assert feed.token == "secret"
        assert feed.user is not None
    assert seen[0]["key"] == seen[1]["key"]


async def test_a_guest_made_later_signs_the_live_connection_in_before_it_calls():
    async def script(line: Line) -> None:
        assert "Authorization" not in line.headers
        await line.grant(1)
        assert (await line.hear("auth"))["token"] == "secret"
        call = await line.hear("call")
        await line.say(op="result", ref=call["ref"], data=7)
        await line.rest()

    async with served(script) as (_, feed), feed.subscribe("app:a"):
        assert await feed.call("x", {}) == 7


async def test_a_call_without_an_answer_says_how_to_be_sure():
    async def script(line: Line) -> None:
        await line.rest()

    async with served(script, token="t") as (_, feed):
        with pytest.raises(Unreachable, match="key='mine'"):
            await feed.call("x", {}, key="mine", timeout_s=0.05)


async def test_data_that_cannot_be_sent_is_refused_at_once():
    async def script(line: Line) -> None:
        await line.rest()

    async with served(script, token="t") as (_, feed):
        with pytest.raises(BadRequest, match="cannot be sent"):
            await feed.call("x", {"thing": object()})


async def test_a_slow_consumer_stops_the_topic_and_later_gets_everything():
    stopped = asyncio.Event()

    async def script(line: Line) -> None:
        await line.grant(0)
        await line.events(0, 50)
        assert (await line.hear("unsubscribe"))["topics"] == ["app:a"]
        stopped.set()
        await line.events(50, 60)
        assert (await line.grant(50, resumed=True))["since"] == "1-50"
        await line.events(50, 60)
        await line.rest()

    async with served(script) as (_, feed), feed.subscribe("app:a", max_waiting=20) as items:
        await stopped.wait()
        assert await numbers(items, 60) == list(range(1, 61))


async def test_a_slow_consumer_does_not_hold_up_a_call():
    stopped = asyncio.Event()

    async def script(line: Line) -> None:
        await line.grant(0)
        await line.events(0, 500)
        await line.hear("unsubscribe")
        stopped.set()
        call = await line.hear("call")
        await line.say(op="result", ref=call["ref"], data="still here")
        await line.rest()

    async with served(script, token="t") as (_, feed), feed.subscribe("app:a", max_waiting=5):
        await stopped.wait()
        assert await feed.call("x", {}) == "still here"


async def test_leaving_a_subscription_tells_the_server_and_the_topic_can_be_followed_again():
    left = asyncio.Event()

    async def script(line: Line) -> None:
        await line.grant(1)
        await line.hear("unsubscribe")
        left.set()
        await line.grant(2)
        await line.rest()

    async with served(script) as (_, feed):
        async with feed.subscribe("app:a"):
            pass
        await left.wait()
        async with feed.subscribe("app:a") as items:
            assert str(items.position) == "1-2"


async def test_a_server_that_was_never_reached_is_given_up_after_a_while():
    async with livefeed.client.connect("http://127.0.0.1:9", patience_s=0.3) as feed:
        with pytest.raises(Unreachable, match="No livefeed server answers"):
            async with feed.subscribe("app:a"):
                pass


async def test_frames_that_do_not_join_are_asked_again():
    async def first(line: Line) -> None:
        await line.grant(1)
        await line.events(5, 6)
        await line.rest()

    async def second(line: Line) -> None:
        assert (await line.grant(1, resumed=True))["since"] == "1-1"
        await line.events(1, 6)
        await line.rest()

    async with served(first, second) as (_, feed), feed.subscribe("app:a") as items:
        assert await numbers(items, 5) == [2, 3, 4, 5, 6]


async def test_an_upload_is_repeated_with_its_key():
    async with served() as (peer, feed):
        assert await feed.upload(b"12345", "A fox") == {"caption": "A fox", "bytes": 5}
        assert len(peer.keys) == 2
        assert peer.keys[0] == peer.keys[1] is not None


async def test_problems_are_raised_by_their_code():
    async with served() as (_, feed):
        with pytest.raises(NotFound, match="There is no such post"):
            await feed.post("x")


async def test_closing_the_client_ends_its_subscriptions():
    async def script(line: Line) -> None:
        await line.grant(1)
        await line.rest()

    async with served(script) as (_, feed):
        items = feed.subscribe("app:a")
        await items.started()
        waiting = asyncio.ensure_future(anext(items))
        await feed.__aexit__(None, None, None)
        with pytest.raises(Unreachable, match="closed"):
            await waiting
        await feed.__aenter__()
