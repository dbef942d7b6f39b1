"""Clients that break the protocol: told why, closed with its codes, and nobody else notices."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from pathlib import Path
from typing import Any

import msgpack
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame, Opcode

from tests.conformance.peers import Caller, Http, Server, Wire

DEEP = "[" * 30_000


@pytest.mark.parametrize(
    "message", ["", "{", "7", "null", '"op"', "[7]", "[[]]", '[{"op":"ping"},3]', DEEP, '{"op":"ping"', "NaN", "\x00"]
)
async def test_text_that_is_no_frame_closes_with_4500(server: Server, message: str):
    async with Wire.open(server.url) as wire:
        await wire.socket.send(message)
        assert await wire.closed() == 4500


BYTES = [
    b"",
    b"\xc1",
    b"\x07",
    b"\x91\x07",
    b"\xdf\xff\xff\xff\xff",
    b"\x81\x01\x02",
    b"\x91" * 30_000,
    b"\xff" * 5_000,
    msgpack.packb({"op": "ping"}) + b"\x00",
    b"\xd4\x05\x00",
    b"\xd7\xff" + b"\x00" * 8,
]


@pytest.mark.parametrize("message", BYTES)
async def test_bytes_that_are_no_frame_close_with_4500(server: Server, message: bytes):
    async with Wire.open(server.url, codec="msgpack") as wire:
        await wire.socket.send(message)
        assert await wire.closed() == 4500


async def test_json_as_bytes_and_messagepack_as_text_close_with_4500(server: Server):
    async with Wire.open(server.url, codec="json") as wire:
        await wire.socket.send(b'{"op":"ping"}')
        assert await wire.closed() == 4500
    async with Wire.open(server.url, codec="msgpack") as wire:
        await wire.socket.send('{"op":"ping"}')
        assert await wire.closed() == 4500


async def test_text_that_is_no_utf8_closes_with_4500(server: Server):
    async with Wire.open(server.url) as wire:
        wire.socket.protocol.send_frame(Frame(Opcode.TEXT, b'"\xff\xfe"'))  # past the library's own checks
        wire.socket.send_data()
        assert await wire.closed() == 4500


@pytest.mark.parametrize("size", [65_537, 1_000_000, 8_000_000])
async def test_a_message_that_is_too_big_closes_with_4502(server: Server, size: int):
    async with Wire.open(server.url) as wire:
        with contextlib.suppress(ConnectionClosed):
            await wire.socket.send('{"op":"ping","x":"' + "x" * size + '"}')
        assert await wire.closed() == 4502


async def test_a_message_as_big_as_allowed_is_heard(wire: Wire):
    limit = wire.welcome["limits"]["message_bytes"]
    frame = {"op": "ping", "ref": 1, "x": ""}
    room = limit - len(wire.encode(frame)) - 8
    await wire.say({**frame, "x": "x" * room})
    assert (await wire.hear("pong"))["ref"] == 1


async def test_too_many_frames_close_with_4503(server: Server):
    async with Wire.open(server.url) as wire:
        limit = wire.welcome["limits"]["frames_per_s"]
        try:
            for _ in range(25):
                await wire.say(*[{"op": "ping"}] * int(limit), together=True)
        except ConnectionClosed:
            pass
        assert await wire.closed() == 4503


async def test_each_topic_of_a_subscribe_counts_as_a_frame(server: Server):
    """Else a few frames a second would be thousands of pages a second."""
    async with Wire.open(server.url) as wire:
        topics = {f"app:demo:storm{number}": {"latest": 200} for number in range(wire.welcome["limits"]["topics"])}
        with contextlib.suppress(ConnectionClosed):
            for _ in range(8):
                await wire.say({"op": "subscribe", "topics": topics})
        assert await wire.closed() == 4503


@pytest.mark.parametrize("op", ["", "events", "welcome", "shutdown", None, 7, [], {"a": 1}])
async def test_an_unknown_op_is_an_error_and_the_connection_goes_on(wire: Wire, op: Any):
    await wire.say({"op": op, "ref": 5})
    frame = await wire.hear("error")
    assert (frame["ref"], frame["code"]) == (5, "unknown_op")
    assert (await wire.ask("ping"))["op"] == "pong"


async def test_a_frame_without_op_is_an_error(wire: Wire):
    await wire.say({"ref": 5})
    assert (await wire.hear("error"))["code"] == "unknown_op"


@pytest.mark.parametrize(
    "frame",
    [
        {"op": "subscribe"},
        {"op": "subscribe", "topics": ["feed:all"]},
        {"op": "subscribe", "topics": "feed:all"},
        {"op": "unsubscribe"},
        {"op": "unsubscribe", "topics": {"feed:all": {}}},
        {"op": "unsubscribe", "topics": [7]},
        {"op": "call", "method": "x", "data": "text"},
        {"op": "call", "method": ["x"]},
        {"op": "auth"},
        {"op": "auth", "token": 7},
    ],
)
async def test_fields_of_the_wrong_type_are_an_error_and_the_connection_goes_on(wire: Wire, frame: dict[str, Any]):
    await wire.say({**frame, "ref": 5})
    answer = await wire.hear("error")
    assert (answer["ref"], answer["code"]) == (5, "bad_request")
    assert (await wire.ask("ping"))["op"] == "pong"


NO_TOPICS = [
    "",
    ":",
    "Feed:all",
    "feed:",
    "feed::x",
    "feed:tag:a:b",
    "feed:tag:" + "x" * 65,
    "feed:tag:a b",
    "a" * 129,
    "feed:tag:" + "é" * 61,
    "feed:tag:\x00\n",
]


@pytest.mark.parametrize("name", NO_TOPICS)
async def test_a_topic_that_is_none_is_told(wire: Wire, name: str):
    assert await wire.subscribe(name) == {"error": "bad_topic"}


async def test_half_a_surrogate_pair_is_no_text(server: Server):
    async with Wire.open(server.url) as wire:
        await wire.socket.send('{"op":"subscribe","ref":1,"topics":{"feed:tag:\\ud800":{}}}')
        assert await wire.closed() == 4500


async def test_a_token_that_is_not_valid_closes_with_4501(wire: Wire):
    await wire.say({"op": "auth", "ref": 1, "token": "made up"})
    assert await wire.closed() == 4501


async def test_more_topics_than_allowed_are_refused_and_the_others_stay(server: Server):
    async with Wire.open(server.url) as wire:
        limit = wire.welcome["limits"]["topics"]
        names = [f"app:demo:many{number}" for number in range(limit + 3)]
        answers = (await wire.ask("subscribe", topics={name: {} for name in names}))["topics"]
        assert [answers[name].get("error") for name in names[limit:]] == ["too_many_topics"] * 3
        assert all("at" in answers[name] for name in names[:limit])
        assert await wire.subscribe(names[-1]) == {"error": "too_many_topics"}
        await wire.ask("unsubscribe", topics=names[:1])
        assert "at" in await wire.subscribe(names[-1])


async def test_others_do_not_notice(server: Server, http: Http, guest: Caller, topic: str):
    """While dozens of clients misbehave in every way, one that follows a topic gets every event in order."""

    async def misbehave(number: int) -> None:
        async with Wire.open(server.url, codec="msgpack" if number % 2 else "json") as wire:
            garbage: Any = [b"\xc1", "{", b"\x91" * 9_000, "x" * 100_000][number % 4]
            try:
                await wire.socket.send(garbage)
                await wire.closed()
            except ConnectionClosed:
                pass

    async with Wire.open(server.url) as wire:
        await wire.subscribe(topic)
        async with asyncio.TaskGroup() as tasks:
            for number in range(40):
                tasks.create_task(misbehave(number))
            for number in range(40):
                await http.tick(topic, number)
        assert [event["data"]["n"] for event in await wire.events(topic, 40)] == list(range(40))


async def test_a_client_that_reads_nothing_is_sent_away_and_can_still_have_everything(start_server: Any):
    server = start_server(LIVEFEED_WRITE_TIMEOUT_S="0.5")
    name = "app:demo:a"
    async with Http(server.url) as http, Wire.open(server.url) as reader:
        await http.tick(name, 0)
        start, said = (await reader.subscribe(name))["at"], 0
        # Who wakes up before it is closed, or when it was cut, as on a machine that is held up, has shown nothing.
        for _ in range(3):
            code = await _overslept(server, http, reader, name, said)
            said += 60
            if code == 4001:
                break
        assert code == 4001
        async with Wire.open(server.url, codec="msgpack") as again:
            assert await again.subscribe(name, since=start) == {"at": start, "resumed": True}
            assert [event["data"]["n"] for event in await again.events(name, said)] == list(range(said))


async def _overslept(server: Server, http: Http, reader: Wire, name: str, first: int) -> int | None:
    """Publish sixty large events while somebody reads nothing; return the code with which that one was closed."""
    async with Wire.open(server.url) as sleeper:
        await sleeper.subscribe(name)
        sleeper.socket.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        sleeper.socket.transport.pause_reading()

        async def wake_up() -> None:
            """Closed after half a second to three quarters of one, cut two seconds later: it wakes up in between."""
            await asyncio.sleep(1.5)
            sleeper.socket.transport.resume_reading()

        async with asyncio.TaskGroup() as tasks:
            for begin in range(first, first + 60, 20):  # the first twenty are more than the sleeper's side can hold
                numbers = range(begin, begin + 20)
                await http.publish(name, *[{"type": "big", "data": {"n": n, "x": "x" * 50_000}} for n in numbers])
                if begin == first:
                    tasks.create_task(wake_up())
            assert [event["data"]["n"] for event in await reader.events(name, 60)] == list(range(first, first + 60))
        with contextlib.suppress(TimeoutError):
            return await sleeper.closed()
        return None


@pytest.mark.parametrize("size", [30_000, 70_000])
async def test_a_message_in_pieces_is_as_big_as_its_pieces(server: Server, size: int):
    async with Wire.open(server.url) as wire:

        async def pieces() -> Any:
            yield '{"op":"ping","ref":1,"x":"'
            for _ in range(size // 1000):
                yield "x" * 1000
            yield '"}'

        with contextlib.suppress(ConnectionClosed):
            await wire.socket.send(pieces())
        if size < 65_536:
            assert (await wire.hear("pong"))["ref"] == 1
        else:
            assert await wire.closed() == 4502


async def test_a_frame_that_breaks_the_websocket_protocol_closes_with_4500(server: Server):
    async with Wire.open(server.url) as wire:
        wire.socket.transport.write(b"\xf1\x80\x00\x00\x00\x00")  # reserved bits are set
        assert await wire.closed() == 4500


async def test_pings_are_answered_and_counted_like_any_frame(server: Server):
    """A client that pings while it does not read is its own problem; one that does nothing else is sent away."""
    ping = b"\x89\xfd\x00\x00\x00\x00" + b"p" * 125
    async with Wire.open(server.url) as wire:
        wire.socket.transport.pause_reading()
        wire.socket.transport.write(ping * 500)
        wire.socket.transport.resume_reading()
        assert (await wire.ask("ping"))["op"] == "pong"
        wire.socket.transport.write(ping * 2_000)
        assert await wire.closed() == 4503


async def test_an_event_stream_that_nobody_reads_is_let_go(start_server: Any):
    server = start_server(LIVEFEED_WRITE_TIMEOUT_S="0.5")
    host, _, port = server.url.removeprefix("http://").rpartition(":")

    sleeping: set[int] = set()

    def held() -> int:
        """Return how many of the sleepers' connections the server has, whatever else it opens and closes."""
        rows = [line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]]
        ends = [(int(row[1].rpartition(":")[2], 16), int(row[2].rpartition(":")[2], 16), row[3]) for row in rows]
        return sum(own == int(port) and peer in sleeping and state == "01" for own, peer, state in ends)

    async with Http(server.url) as http:
        await http.tick("app:demo:a", 0)
        with contextlib.ExitStack() as sleepers:
            for _ in range(10):
                sleeper = sleepers.enter_context(socket.create_connection((host, int(port))))
                sleeping.add(sleeper.getsockname()[1])
                sleeper.sendall(b"GET /sse?topic=app:demo:a HTTP/1.1\r\nHost: livefeed\r\n\r\n")
                assert await asyncio.to_thread(sleeper.recv, 1) == b"H"
            assert held() == 10
            for _ in range(30):
                await http.publish("app:demo:a", *[{"type": "big", "data": {"x": "x" * 50_000}}] * 20)
            async with asyncio.timeout(30):
                while held():
                    await asyncio.sleep(0.1)
