"""A storm: many clients come back at once, each with its position. A program of its own, so that its work is not the
server's: `python -m tests.integration.returning URL CLIENTS SINCE EVENTS` prints what they saw as JSON.

Nothing is parsed that need not be: events of the topic carry `"number":N`, and these are looked for in the bytes.
"""

from __future__ import annotations

import asyncio
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import cast

import aiohttp
import orjson
import uvloop
from websockets.asyncio.client import connect as open_socket

ROOT = Path(__file__).resolve().parents[2]
NUMBER = re.compile(rb'"number":(\d+)[,}]')
RETRY = re.compile(rb'"retry_after_s":\s*([\d.]+)')
KEY, TOPIC = "storm-key", "app:storm"
PUBLISHED_AT_ONCE = 100
LONGEST_MATCH = 32
JITTER_S = 0.2
PATIENCE_S = 120.0


@dataclass(slots=True)
class Storm:
    """What the clients saw; times are seconds since the first of them came.

    admitted_s, caught_up_s: of each client, in the order in which it happened. refused: answers of 503. wrong: what
    must not be, by kind.
    """

    clients: int
    admitted_s: list[float] = field(default_factory=list)
    caught_up_s: list[float] = field(default_factory=list)
    refused: int = 0
    tries: int = 0
    cpu_s: float = 0.0
    wrong: Counter[str] = field(default_factory=Counter)


class Client(asyncio.Protocol):
    """One client: asks to be let in, subscribes with its position, and counts what comes."""

    def __init__(self, storm: Storm, subscribe: bytes, events: int, began_s: float) -> None:
        self.ended: asyncio.Future[float | None] = asyncio.get_running_loop().create_future()
        """When it ends: None, or how long to stay away before the next try."""
        self.transport: asyncio.Transport | None = None
        self._storm = storm
        self._subscribe = subscribe
        self._events = events
        self._began_s = began_s
        self._inside = False
        self._rest = b""
        self._next = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's own do not say so
        self.transport.write(
            b"GET /ws HTTP/1.1\r\nHost: storm\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            b"Sec-WebSocket-Protocol: livefeed.v1.json\r\n\r\n"
        )

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if not self._inside and not self._let_in():
            return
        self._count()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.ended.done():
            self._give_up("inside, and lost" if self._inside else "lost before an answer")

    def _give_up(self, why: str) -> None:
        """Something happened that must not."""
        self._storm.wrong[why] += 1
        if not self.ended.done():
            self.ended.set_result(None)

    def _let_in(self) -> bool:
        """Read the answer to the upgrade; tell whether it is a yes that is complete."""
        head, end, rest = self._rest.partition(b"\r\n\r\n")
        if not end:
            return False
        assert self.transport is not None
        if head.startswith(b"HTTP/1.1 101"):
            self._inside = True
            self._storm.admitted_s.append(time.monotonic() - self._began_s)
            self._rest = rest
            self.transport.write(self._subscribe)
            return True
        retry = RETRY.search(rest)
        if retry is None and head.startswith(b"HTTP/1.1 503"):
            return False  # its body is still to come
        if retry is None or b"Retry-After: " not in head:
            self._give_up(head[:60].decode(errors="replace"))
        else:
            self._storm.refused += 1
            self.ended.set_result(float(retry.group(1)))
        self.transport.close()
        return False

    def _count(self) -> None:
        """Each event once and in order, or it is told."""
        if b'"op":"gap"' in self._rest:
            self._give_up("gap")
        end = 0
        for found in NUMBER.finditer(self._rest):
            if int(found.group(1)) != self._next:
                self._give_up("an event out of order")
            self._next += 1
            end = found.end()
        self._rest = self._rest[max(end, len(self._rest) - LONGEST_MATCH) :]
        if self._next >= self._events and not self.ended.done():
            self._storm.caught_up_s.append(time.monotonic() - self._began_s)
            self.ended.set_result(None)


async def come_back(host: str, port: int, clients: int, since: str, events: int) -> Storm:
    """Let them all come at once; return when each is up to date, or has met with something that must not be."""
    loop, storm, began_s = asyncio.get_running_loop(), Storm(clients), time.monotonic()
    subscribe = _text(orjson.dumps({"op": "subscribe", "ref": 1, "topics": {TOPIC: {"since": since}}}))

    async def one() -> Client:
        while True:
            storm.tries += 1
            _, client = await loop.create_connection(lambda: Client(storm, subscribe, events, began_s), host, port)
            away_s = await client.ended
            if away_s is None:
                return client
            await asyncio.sleep(away_s + JITTER_S * random.random())

    async with asyncio.timeout(PATIENCE_S):
        everybody = await asyncio.gather(*[one() for _ in range(clients)])
    storm.cpu_s = time.process_time()
    for client in everybody:
        assert client.transport is not None
        client.transport.abort()
    return storm


def _text(payload: bytes) -> bytes:
    """Return a masked text message; the mask is zero, so its bytes are the text's. Source: RFC 6455, section 5.2."""
    assert len(payload) < 65_536
    size = bytes((0x80 | len(payload),)) if len(payload) < 126 else b"\xfe" + len(payload).to_bytes(2, "big")
    return b"\x81" + size + bytes(4) + payload


async def missed(url: str, events: int) -> str:
    """Publish numbered events, and return the position before them."""
    address = url.replace("http", "ws") + "/ws"
    async with open_socket(address) as line, aiohttp.ClientSession(url) as http:
        await publish(http, [{"type": "before", "data": {}}])
        await line.recv()
        await line.send(orjson.dumps({"op": "subscribe", "ref": 1, "topics": {TOPIC: {}}}).decode())
        at = orjson.loads(await line.recv())["topics"][TOPIC]["at"]
        for first in range(0, events, PUBLISHED_AT_ONCE):
            numbers = range(first, min(first + PUBLISHED_AT_ONCE, events))
            batch = [{"type": "tick", "data": {"text": "x" * 100, "number": number}} for number in numbers]
            await publish(http, batch)
    return str(at)


async def publish(http: aiohttp.ClientSession, events: Sequence[object]) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    async with http.post(f"/api/topics/{TOPIC}/events", json=events, headers=headers) as answer:
        assert answer.status == 202, await answer.text()


def busiest_second(moments_s: list[float], first_s: float) -> int:
    """Return how many fall into the fullest second, of those after `first_s`."""
    moments = sorted(moment for moment in moments_s if moment >= first_s)
    start, most = 0, 0
    for end, moment in enumerate(moments):
        while moment - moments[start] > 1:
            start += 1
        most = max(most, end - start + 1)
    return most


def storm_of(url: str, clients: int, since: str, events: int) -> Storm:
    """Run a storm in a process of its own and return what its clients saw. Blocks."""
    command = [sys.executable, "-m", "tests.integration.returning", url, str(clients), since, str(events)]
    with tempfile.TemporaryFile() as said:
        ran = subprocess.run(command, cwd=ROOT, stdout=said, stderr=subprocess.PIPE, timeout=PATIENCE_S + 30)
        assert ran.returncode == 0, ran.stderr.decode(errors="replace")[-2000:]
        said.seek(0)
        found = orjson.loads(said.read())
    return Storm(**{**found, "wrong": Counter(found["wrong"])})


def main(url: str, clients: str, since: str, events: str) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    host, port = url.removeprefix("http://").split(":")
    storm = uvloop.run(come_back(host, int(port), int(clients), since, int(events)))
    sys.stdout.write(orjson.dumps(asdict(storm)).decode())


if __name__ == "__main__":
    main(*sys.argv[1:])
