"""The store goes away, for longer than a connection is kept: everybody is sent away, and is back when it is."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pytest
from websockets.exceptions import InvalidStatus

from livefeed.hub.node import LOST_AFTER_S
from tests.integration.following import WAIT_S, Socket, Stream, until
from tests.integration.ports import free_ports
from tests.integration.server_process import ServerProcess
from tests.integration.stores import PLAIN, StoreServer, soak_only

KEY, TOPIC = "secret", "app:steady"
SOCKETS = 5
EVERY_S = 0.02
AGAIN_S = 0.05
UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


class Commands:
    """Numbered events, one after the other, each said again with its key until it is acknowledged."""

    def __init__(self, url: str) -> None:
        self.acknowledged = 0
        self.put_off = 0
        self.stopping = False
        self._address = f"{url}/api/topics/{TOPIC}/events"

    async def run(self) -> None:
        """Publish until told to stop; what was begun is finished."""
        async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {KEY}"}) as http:
            while not self.stopping:
                await self._say(http, self.acknowledged)
                self.acknowledged += 1
                await asyncio.sleep(EVERY_S)

    async def go_on(self) -> None:
        """Wait until some more are acknowledged."""
        wanted = self.acknowledged + 20
        await until(lambda: self.acknowledged >= wanted, "commands are acknowledged again")

    async def _say(self, http: aiohttp.ClientSession, number: int) -> None:
        body = {"type": "tick", "data": {"number": number}}
        while True:
            async with http.post(self._address, json=body, headers={"Idempotency-Key": f"n{number}"}) as answer:
                if answer.status == 202:
                    return
                assert (answer.status, (await answer.json())["code"]) == (503, "store_unavailable")
            self.put_off += 1
            await asyncio.sleep(AGAIN_S)


async def assert_sent_away(url: str) -> None:
    """A newcomer is told in words and in a header to come again, on either road."""
    roads = (("/ws", UPGRADE), (f"/sse?topic={TOPIC}", {}))
    async with aiohttp.ClientSession() as http:
        for road, headers in roads:
            async with http.get(url + road, headers=headers) as answer:
                assert answer.status == 503, road
                problem = await answer.json()
                assert problem["code"] == "busy"
                assert problem["retry_after_s"] > 0
                assert answer.headers["Retry-After"] == str(math.ceil(problem["retry_after_s"]))


async def come_back(client: Socket | Stream, url: str) -> None:
    """Follow from where it stood; while it is sent away, or cannot subscribe yet, come again."""
    while True:
        try:
            await client.follow(url)
        except InvalidStatus as exc:
            if exc.response.status_code != 503:
                raise
        except aiohttp.ClientResponseError as exc:
            if exc.status != 503:
                raise
        await asyncio.sleep(AGAIN_S)


@pytest.mark.parametrize(
    ("leave", "back"),
    [
        (StoreServer.kill, StoreServer.start),
        pytest.param(StoreServer.pause, StoreServer.resume, marks=soak_only, id="pause-resume"),
    ],
)
async def test_clients_are_closed_with_4002_when_the_store_stays_away_and_have_everything_when_it_is_back(
    tmp_path: Path, leave: Callable[[StoreServer], None], back: Callable[[StoreServer], None]
) -> None:
    """Killed, or hanging with its connections open. Commands are repeated with their keys, and happen once."""
    [port] = free_ports(1)
    store = StoreServer(tmp_path / "store", port, *PLAIN)
    settings = {"redis_url": f"redis://127.0.0.1:{port}", "redis_timeout_s": 1, "api_keys": f"{KEY}={TOPIC}"}
    clients: list[Socket | Stream] = [*[Socket(TOPIC) for _ in range(SOCKETS)], Stream([TOPIC])]
    now_s = asyncio.get_running_loop().time
    try:
        await asyncio.to_thread(store.start)
        with ServerProcess(tmp_path / "data", **settings) as server:
            commands = Commands(server.url)
            async with asyncio.TaskGroup() as group:
                saying = group.create_task(commands.run())
                staying = [group.create_task(client.follow(server.url)) for client in clients]
                for client in clients:
                    await client.reach(0)
                began_s = now_s()
                leave(store)
                _, left = await asyncio.wait(staying, timeout=WAIT_S)
                assert not left, "somebody was kept"
                assert now_s() - began_s > LOST_AFTER_S, "a shorter outage costs nobody the connection"
                assert [client.close_code for client in clients if isinstance(client, Socket)] == [4002] * SOCKETS
                await assert_sent_away(server.url)
                assert commands.put_off > 0
                await asyncio.to_thread(back, store)
                returning = [group.create_task(come_back(client, server.url)) for client in clients]
                await commands.go_on()
                commands.stopping = True
                await saying
                for client in clients:
                    await client.reach(commands.acknowledged - 1)
                for task in returning:
                    task.cancel()
            for client in clients:
                assert client.is_unbroken
                assert client.heard[-1] == commands.acknowledged - 1
                assert client.gaps == 0
                assert client.resumed == [True]
            assert "Traceback" not in server.log()
    finally:
        store.stop()
