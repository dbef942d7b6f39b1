"""Stock y-websocket clients as processes, and servers whose rooms are what a test says."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import redis

from livefeed import identifiers
from livefeed.config import Config
from livefeed.streams import keys
from tests.integration import document_house
from tests.integration.server_process import ROOT, ServerProcess, until

WAIT_S = 30.0
SETTINGS = {"guests_per_minute": 100_000, "drain_s": 0.2}
SCRIPT = Path(__file__).with_name("stock_client.mjs")
VERSIONS = ("1", "3")
"""y-websocket 1.5.4 and 3.1.0."""


class RoomServer(ServerProcess):
    """A server on a store of its own or another's, with rooms that tests make."""

    PROGRAM = ("tests.integration.document_house",)

    def __init__(self, data: Path, **settings: object) -> None:
        super().__init__(data, **{**SETTINGS, **settings})

    @property
    def store_url(self) -> str:
        return str(self.settings.get("redis_url") or f"unix://{self.data / 'store.sock'}")

    def store(self) -> redis.Redis:
        """Return a client of its store."""
        return redis.Redis.from_url(self.store_url)

    def guest(self) -> tuple[str, str]:
        """Make a guest; return id and token."""
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=WAIT_S)
        with contextlib.closing(connection):
            connection.request("POST", "/api/guests")
            found = json.loads(connection.getresponse().read())
        return found["user"]["id"], found["token"]

    def room(self, number: int = 1, **roles: str) -> str:
        """Open a room; `everybody`: the role of whoever is not named."""
        room = identifiers.make(1_795_000_000_000 + number, number % 64, number)
        with contextlib.closing(self.store()) as store:
            for user, role in roles.items():
                store.hset(document_house.roles_key(room), "*" if user == "everybody" else user, role)
        return room

    def epoch(self, room: str) -> str:
        """Return the epoch of a room's document, once that has begun."""
        with contextlib.closing(self.store()) as store:
            found = store.hget(self.document_keys(room)[0], "epoch")
        assert isinstance(found, bytes)
        return found.decode()

    def document_keys(self, room: str) -> list[str]:
        """Return the keys of a room's document: what it is, its edits, its snapshot."""
        tag = keys.tag(identifiers.shard_of(room) % Config().shards)
        return [f"{tag}{kind}:{room}" for kind in ("doc", "doc-edits", "doc-snapshot")]

    def address(self, room: str) -> str:
        """Return where stock clients find a room."""
        return f"ws://{urlsplit(self.url).netloc}/api/rooms/{room}"


class StockClient:
    """One client process."""

    def __init__(self, version: str) -> None:
        node = shutil.which("node")
        if node is None or not (ROOT / "web" / "node_modules" / f"y-websocket-{version}").is_dir():
            pytest.fail("no Node.js with web/node_modules: run 'make web'", pytrace=False)
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(ROOT / "web"), version], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._asked = 0

    def ask(self, what: str, **more: Any) -> dict[str, Any]:
        """Have it do something and return its answer."""
        self._asked += 1
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"id": self._asked, "do": what, **more}).encode() + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        assert answer["id"] == self._asked
        return answer

    def open(self, server: RoomServer, room: str, token: str, *, user: Any = None, **params: str) -> None:
        """Connect to a room."""
        self.ask("open", url=server.address(room), params={"token": token, **params}, user=user)

    def state(self) -> dict[str, Any]:
        return self.ask("state")

    def until(self, check: Callable[[dict[str, Any]], object], what: str, within_s: float = WAIT_S) -> dict[str, Any]:
        """Wait until its state is as wanted, and return it."""
        deadline = time.monotonic() + within_s
        while not check(state := self.state()):
            assert time.monotonic() < deadline, f"waited in vain: {what}; it is {str(state)[-600:]}"
            time.sleep(0.02)
        return state

    def synced(self) -> dict[str, Any]:
        """Wait until it has what the server has."""
        return self.until(lambda state: state["synced"], "the client is synced")

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


@contextlib.contextmanager
def clients(*versions: str) -> Iterator[list[StockClient]]:
    """Run clients while the block lasts."""
    with contextlib.ExitStack() as stack:
        found = [StockClient(version) for version in versions]
        for one in found:
            stack.callback(one.close)
        yield found


def converged(*stock: StockClient) -> list[dict[str, Any]] | None:
    """Return the states if all are synced and hold the same bytes."""
    states = [one.state() for one in stock]
    same = len({state["update"] for state in states}) == 1 and all(state["synced"] for state in states)
    return states if same and not any(state["pending"] for state in states) else None


def same(*stock: StockClient, within_s: float = WAIT_S) -> dict[str, Any]:
    """Wait until all clients hold the same bytes; return one's state."""
    until(lambda: converged(*stock), "the clients hold the same bytes", within_s)
    states = converged(*stock)
    assert states is not None
    return states[0]


def raw(text: str) -> bytes:
    """Return the bytes that a state tells in base64."""
    return base64.b64decode(text)
