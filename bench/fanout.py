"""What one delivery costs the server: 200 subscribers of one topic, one event at a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import orjson

from bench.figure import Figure
from tests.integration.server_process import ServerProcess, cpu_s

RUNS = 3
SUBSCRIBERS, EVENTS = 200, 300
KEY, TOPIC = "bench-key", "app:bench"
WAIT_S = 60.0


async def measure(folder: Path) -> AsyncIterator[Figure]:
    """Count deliveries per second of the server's processor time; the store's and the clients' is not in it."""
    with ServerProcess(folder / "data", api_keys=f"{KEY}={TOPIC}") as server:
        async with AsyncExitStack() as stack:
            connector = aiohttp.TCPConnector(limit=0)
            http = await stack.enter_async_context(aiohttp.ClientSession(server.url, connector=connector))
            sockets = [await stack.enter_async_context(http.ws_connect("/ws")) for _ in range(SUBSCRIBERS)]
            for socket in sockets:
                await socket.send_str(orjson.dumps({"op": "subscribe", "topics": {TOPIC: {}}}).decode())
            for socket in sockets:
                await _until(socket, b'"op":"subscribed"', 1)
            per_cpu_s, per_s = [], []
            for _ in range(RUNS):
                began, used = time.monotonic(), cpu_s(server.pid)
                counting = [asyncio.create_task(_until(socket, b'"bench.tick"', EVENTS)) for socket in sockets]
                await _publish(http)
                await asyncio.gather(*counting)
                per_cpu_s.append(SUBSCRIBERS * EVENTS / (cpu_s(server.pid) - used))
                per_s.append(SUBSCRIBERS * EVENTS / (time.monotonic() - began))
            yield Figure(f"deliveries, {SUBSCRIBERS} subscribers, per CPU second", "", tuple(per_cpu_s))
            yield Figure("the same by the clock, this machine, all in", "/s", tuple(per_s))


async def _publish(http: aiohttp.ClientSession) -> None:
    """Publish the events one by one, each after the answer to the last."""
    headers = {"Authorization": f"Bearer {KEY}"}
    for number in range(EVENTS):
        event = {"type": "bench.tick", "data": {"number": number, "text": "x" * 200}}
        async with http.post(f"/api/topics/{TOPIC}/events", json=event, headers=headers) as answer:
            assert answer.status == 202, await answer.text()


async def _until(socket: aiohttp.ClientWebSocketResponse, mark: bytes, count: int) -> None:
    """Read until a text has come so many times; nothing is parsed, so that the clients stay cheap."""
    async with asyncio.timeout(WAIT_S):
        while count > 0:
            count -= (await socket.receive_str()).encode().count(mark)
