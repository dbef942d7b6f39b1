"""What a connection is besides its frames: compressed or not, alive or not, and cheap for the store."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from tests.conformance.peers import Http, Server, Wire
from tests.integration.ports import free_ports
from tests.integration.stores import StoreServer

CODECS = ["json", "msgpack"]
UPGRADE = (
    b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


@pytest.mark.parametrize("codec", CODECS)
async def test_a_client_that_offers_compression_gets_the_same_frames_in_fewer_bytes(
    server: Server, http: Http, topic: str, codec: str
):
    async with (
        Wire.open(server.url, codec=codec, compression="deflate") as packed,
        Wire.open(server.url, codec=codec) as plain,
    ):
        offered = packed.socket.response.headers["Sec-WebSocket-Extensions"]
        assert {"server_no_context_takeover", "client_no_context_takeover"} <= set(offered.split("; "))
        assert "Sec-WebSocket-Extensions" not in plain.socket.response.headers
        for wire in (packed, plain):
            await wire.subscribe(topic)
        await http.publish(topic, *[{"type": "said", "data": {"n": n, "text": "again " * 40}} for n in range(20)])
        assert await packed.events(topic, 20) == await plain.events(topic, 20)
        assert (await packed.ask("ping"))["op"] == "pong"  # what it says is compressed as well


async def test_a_deflate_bomb_ends_its_connection_only(server: Server, http: Http, topic: str):
    async with Wire.open(server.url, compression="deflate") as bomber, Wire.open(server.url) as bystander:
        await bystander.subscribe(topic)
        await bomber.socket.send('{"op":"ping","ref":"' + "x" * 4_000_000 + '"}')
        assert await bomber.closed() == 4502
        await http.tick(topic, 1)
        assert (await bystander.events(topic, 1))[0]["data"] == {"n": 1}


async def test_a_client_that_gives_no_sign_of_life_is_cut(start_server: Callable[..., Server]):
    """It answers no ping: its line may have been dead for hours, and nobody would notice."""
    server = start_server(LIVEFEED_HEARTBEAT_S="1")
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as silent:
        silent.sendall(UPGRADE)
        while await asyncio.to_thread(_read, silent):
            pass
    async with Wire.open(server.url) as alive:  # the library answers pings
        for _ in range(5):
            assert (await alive.ask("ping"))["op"] == "pong"
            await asyncio.sleep(0.5)


def _read(peer: socket.socket) -> bytes:
    try:
        return peer.recv(4096)
    except ConnectionResetError:
        return b""


async def test_a_stalled_client_that_is_reset_leaves_nothing_behind(start_server: Callable[..., Server]):
    """It has said more than it was answered: what it said last waits for room that will never come."""
    server = start_server(LIVEFEED_SESSIONS="2")
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    async with Http(server.url) as http:
        for _ in range(6):
            await http.publish("app:demo:x", *[{"type": "said", "data": {"text": "x" * 600}} for _ in range(80)])
        for _ in range(2):
            with socket.socket() as stalled:
                stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                stalled.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                stalled.connect((host, int(port)))
                stalled.sendall(UPGRADE)
                assert (await asyncio.to_thread(stalled.recv, 12)) == b"HTTP/1.1 101"
                stalled.sendall(_masked(b'{"op":"subscribe","topics":{"app:demo:x":{"latest":200}}}') * 60)
                await http.tick("app:demo:y", 0)  # it had its turn meanwhile
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(InvalidStatus):
                    async with Wire.open(server.url) as one, Wire.open(server.url) as other:
                        assert (await one.ask("ping"))["op"] == (await other.ask("ping"))["op"] == "pong"
                        return
                await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    "frame", [pytest.param(b"\x8a\x80\0\0\0\0", id="pongs"), pytest.param(b"\x00\x80\0\0\0\0", id="empty fragments")]
)
async def test_frames_that_say_nothing_count_too(server: Server, frame: bytes):
    async with Wire.open(server.url) as wire:
        start = b"\x01\x80\0\0\0\0" if frame[:1] == b"\x00" else b""
        wire.socket.transport.write(start + frame * 20_000)
        assert await wire.closed() == 4503


def _masked(text: bytes) -> bytes:
    return bytes((0x81, 0x80 | len(text))) + bytes(4) + text


async def test_many_who_come_back_to_the_same_place_cost_the_store_a_few_pages(
    start_server: Callable[..., Server], tmp_path: Path
):
    """Thirty clients, one position, events that memory no longer holds: the pages are read once, not thirty times."""
    store = StoreServer(tmp_path / "store", *free_ports(1))
    store.start()
    try:
        server = start_server(
            LIVEFEED_REDIS_URL=f"redis://127.0.0.1:{store.port}", LIVEFEED_TAIL_EVENTS="8", LIVEFEED_PAGE_EVENTS="50"
        )
        async with Http(server.url) as http, AsyncExitStack() as stack:
            await http.tick("app:demo:x", 0, 1)
            async with Wire.open(server.url) as first:
                since = (await first.subscribe("app:demo:x", latest=1))["at"]
            await http.tick("app:demo:x", *range(2, 200))
            wires = [await stack.enter_async_context(Wire.open(server.url)) for _ in range(30)]
            before = _scripts_run(store)
            await asyncio.gather(*[wire.subscribe("app:demo:x", since=since) for wire in wires])
            for found in await asyncio.gather(*[wire.events("app:demo:x", 199) for wire in wires]):
                assert [event["data"]["n"] for event in found] == list(range(1, 200))
            # Each alone would read four; the server's own rounds are among them, however long this takes here.
            assert _scripts_run(store) - before < 60, "fewer than two pages for each of them"
    finally:
        store.stop()


def _scripts_run(store: StoreServer) -> int:
    counts = store.info("commandstats")
    return sum(
        int(counts[name]["calls"])  # type: ignore[index]
        for name in ("cmdstat_evalsha", "cmdstat_eval")
        if name in counts
    )
