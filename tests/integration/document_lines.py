"""Lines to a room's document, for tests that speak its protocol themselves."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import itertools
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
from pycrdt import Doc, Text
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from livefeed.config import Config
from livefeed.rooms import awareness, protocol, varints
from livefeed.streams.connection import RedisStore
from livefeed.streams.streams import Streams
from livefeed.topic import Topic
from tests.integration import document_house
from tests.integration.ports import free_ports
from tests.integration.stock import RoomServer
from tests.integration.stores import PLAIN, StoreServer

SOON_S = 20.0
_numbers = itertools.count(1)


@contextlib.contextmanager
def two_nodes(folder: Path) -> Iterator[tuple[StoreServer, list[RoomServer]]]:
    """Run a store and two servers on it."""
    store = StoreServer(folder / "store", free_ports(1)[0], *PLAIN)
    with contextlib.ExitStack() as stack:
        stack.callback(store.stop)
        store.start()
        settings = {"redis_url": f"redis://127.0.0.1:{store.port}/0", "write_timeout_s": 2.0}
        yield store, [stack.enter_context(RoomServer(folder / name / "data", **settings)) for name in "ab"]


def new_room(node: RoomServer, **roles: str) -> str:
    return node.room(next(_numbers), **(roles or {"everybody": "editor"}))


def joined(node: RoomServer, room: str, token: str = "", query: str = "") -> ClientConnection:
    """Open a line as a guest."""
    token = token or node.guest()[1]
    return connect(f"{node.address(room)}/doc?token={token}{query}", compression=None, max_size=None)


def sync(line: ClientConnection, step: int) -> bytes:
    """Wait for a sync message of this step and return what it holds."""
    while True:
        message = line.recv(timeout=SOON_S)
        assert isinstance(message, bytes)
        if message[:2] == bytes((0, step)):
            return varints.read_bytes(message, 2)[0]


def states(line: ClientConnection) -> dict[int, object]:
    """Wait for awareness that tells of somebody and return it."""
    while True:
        message = line.recv(timeout=SOON_S)
        assert isinstance(message, bytes)
        if message[0] == 1 and (found := awareness.parse(varints.read_bytes(message, 1)[0])):
            return {one.client: orjson.loads(one.state) for one in found}


def denied(line: ClientConnection) -> None:
    """Wait until the line is told that its changes are not taken."""
    while line.recv(timeout=SOON_S) != protocol.permission_denied("You may look at this room, not change it."):
        pass


def prompts(line: ClientConnection, text: str) -> str:
    """Ask for the document, again and again, until the prompt has `text` in it; return all of it.

    A line is not told what it wrote itself, and an answer may be older than that.
    """
    deadline = time.monotonic() + SOON_S
    while True:
        doc: Doc[Text] = Doc()
        line.send(protocol.step1(b"\x00"))
        doc.apply_update(sync(line, 1))
        prompt = str(doc.get("prompt", type=Text))
        if text in prompt:
            return prompt
        assert time.monotonic() < deadline, f"{prompt!r} never had {text!r}"
        time.sleep(0.02)


@contextlib.contextmanager
def watching(node: RoomServer, room: str, token: str, *, hidden: bool = False) -> Iterator[ClientConnection]:
    """Open a line to the events, and look at who is in a room."""
    with events(node, token) as line:
        look(line, room, hidden=hidden)
        yield line


def events(node: RoomServer, token: str) -> ClientConnection:
    """Open a line to the events."""
    return connect(f"{node.url.replace('http', 'ws')}/ws?token={token}", compression=None)


def look(line: ClientConnection, room: str, *, hidden: bool) -> None:
    """Look at who is in a room from now on, and wait for the answer."""
    ask_who(line, room, hidden=hidden)
    wait_who(line)


def ask_who(line: ClientConnection, room: str, *, hidden: bool = False) -> None:
    wanted = {"presence": "roster", "hidden": hidden}
    line.send(json.dumps({"op": "subscribe", "ref": 1, "topics": {f"room:{room}": wanted}}))


def wait_who(line: ClientConnection) -> list[dict[str, Any]]:
    """Wait for a roster and return it."""
    while True:
        found = json.loads(line.recv(timeout=SOON_S))
        for frame in found if isinstance(found, list) else [found]:
            if frame["op"] == "presence" and "roster" in frame:
                roster: list[dict[str, Any]] = frame["roster"]
                return roster


@contextlib.contextmanager
def settled(node: RoomServer, room: str, token: str, *, text: str, client: int) -> Iterator[ClientConnection]:
    """Be in a room at a node while the block lasts: with something written, which the store has, and something said."""
    with joined(node, room, token) as line, watching(node, room, token), contextlib.closing(node.store()) as store:
        sync(line, 0)
        line.send(written(text))
        line.send(said(client))
        deadline = time.monotonic() + SOON_S
        while not store.exists(document_house.edits_key(room)):
            assert time.monotonic() < deadline
        yield line


def arrive(node: RoomServer, room: str, token: str, *, text: bytes, client: int) -> float:
    """Come to a room; return the seconds until document (with `text`), roster and awareness (of `client`) are there."""
    began = time.monotonic()
    with joined(node, room, token) as line, events(node, token) as other:
        line.send(protocol.step1(b"\x00"))
        ask_who(other, room)
        lacks = {"awareness", "document"}
        while lacks:
            message = line.recv(timeout=SOON_S)
            assert isinstance(message, bytes)
            if message[0] == 1:
                there = {one.client for one in awareness.parse(varints.read_bytes(message, 1)[0])}
                lacks -= {"awareness"} if client in there else set()
            elif message[:2] == b"\0\1":
                assert text in message
                lacks.remove("document")
        wait_who(other)
        return time.monotonic() - began


def ended(line: ClientConnection) -> int | None:
    """Wait for the end and return the close code."""
    try:
        while True:
            line.recv(timeout=SOON_S)
    except ConnectionClosed as exc:
        return exc.rcvd.code if exc.rcvd else None


def written(text: str, client: int = 5) -> bytes:
    """Return the message that brings an update which writes `text`."""
    doc: Doc[Text] = Doc(client_id=client)
    doc.get("prompt", type=Text).insert(0, text)
    return protocol.update(varints.write_bytes(doc.get_update()))


class Typist:
    """Somebody who types on and on: each message brings what follows the one before it."""

    def __init__(self, client: int) -> None:
        self._doc: Doc[Text] = Doc(client_id=client)
        self._prompt = self._doc.get("prompt", type=Text)

    def typed(self, text: str) -> bytes:
        """Return the message that brings `text`."""
        before = self._doc.get_state()
        self._prompt.insert(len(self._prompt), text)
        return protocol.update(varints.write_bytes(self._doc.get_update(before)))


def said(client: int, text: bytes = b'{"cursor":1,"user":{"id":"somebody else"}}', clock: int = 1) -> bytes:
    return protocol.awareness(awareness.pack([awareness.State(client, clock, text)]))


def set_role(node: RoomServer, room: str, user: str, role: str | None, *, told: bool = True) -> None:
    """Change a role as rooms do: in the store, and told on the room's topic; `told`: whether servers hear of it."""
    with contextlib.closing(node.store()) as store:
        if role:
            store.hset(document_house.roles_key(room), user, role)
        else:
            store.hdel(document_house.roles_key(room), user)

    async def tell() -> None:
        async with RedisStore(node.store_url, timeout_s=20) as store:
            event = ("room.member", {"user": {"id": user}, "role": role}, None)
            await Streams(store, Config()).append(Topic(f"room:{room}"), [event])

    if told:
        asyncio.run(tell())


def who(node: RoomServer, guest: tuple[str, str], role: str) -> dict[str, str]:
    """Return how a guest is shown."""
    address = urlsplit(node.url)
    with contextlib.closing(http.client.HTTPConnection(address.hostname or "", address.port)) as line:
        line.request("GET", "/api/me", headers={"Authorization": f"Bearer {guest[1]}"})
        return {**json.loads(line.getresponse().read())["user"], "role": role}
