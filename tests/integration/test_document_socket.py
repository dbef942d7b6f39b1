"""`GET /api/rooms/{id}/doc` on two real nodes: stock clients, and some that do what stock clients never would."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import itertools
import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import orjson
import pytest
from pycrdt import Doc, Text
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from livefeed.config import Config
from livefeed.rooms import awareness, protocol, varints
from livefeed.rooms.awareness import GRACE_S, LEASE_S
from livefeed.streams.connection import RedisStore
from livefeed.streams.streams import Streams
from livefeed.topic import Topic
from tests.integration import document_house
from tests.integration.server_process import until
from tests.integration.stock import RoomServer, clients, same
from tests.integration.stores import PLAIN, StoreServer, free_ports, soak_only

AT_ONCE_S = 1.0
"""Ten times what is promised to a late joiner; `make bench ARGS=rooms` shows the promise itself."""
SOON_S = 20.0
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RoomServer]]:
    folder = tmp_path_factory.mktemp("document")
    store = StoreServer(folder / "store", free_ports(1)[0], *PLAIN)
    with contextlib.ExitStack() as stack:
        stack.callback(store.stop)
        store.start()
        settings = {"redis_url": f"redis://127.0.0.1:{store.port}/0", "write_timeout_s": 2.0}
        yield [stack.enter_context(RoomServer(folder / name / "data", **settings)) for name in "ab"]


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


def said(client: int, text: bytes = b'{"cursor":1,"user":{"id":"somebody else"}}', clock: int = 1) -> bytes:
    return protocol.awareness(awareness.pack([awareness.State(client, clock, text)]))


def set_role(node: RoomServer, room: str, user: str, role: str | None) -> None:
    """Change a role as rooms do: in the store, and told on the room's topic."""
    with contextlib.closing(node.store()) as store:
        if role:
            store.hset(document_house.ROLES + room, user, role)
        else:
            store.hdel(document_house.ROLES + room, user)

    async def tell() -> None:
        async with RedisStore(node.store_url, timeout_s=20) as store:
            event = ("room.member", {"user": {"id": user}, "role": role}, None)
            await Streams(store, Config()).append(Topic(f"room:{room}"), [event])

    asyncio.run(tell())


def test_stock_clients_of_both_versions_see_each_other(nodes: list[RoomServer]) -> None:
    """On different nodes: document and awareness, who is who, and who has gone."""
    room = new_room(nodes[0])
    people = [nodes[0].guest(), nodes[1].guest()]
    with clients("1", "3") as (ann, ben):
        ann.open(nodes[0], room, people[0][1], user={"cursor": 1, "user": {"id": "somebody else"}})
        ann.synced()
        ben.open(nodes[1], room, people[1][1], user={"cursor": 2})
        ann.ask("edit", count=30, seed=1)
        ben.ask("edit", count=30, seed=2)
        state = same(ann, ben)
        assert document_house.PROMPT.strip()[0] in state["prompt"]
        for one, other, user in ((ann, ben, people[1][0]), (ben, ann, people[0][0])):
            client = other.state()["client"]
            seen = one.until(lambda state, id=client: id in dict(state["awareness"]), "it sees the other")
            shown = dict(seen["awareness"])[client]
            assert (shown["user"]["id"], shown["user"]["role"]) == (user, "editor")
        ben.ask("offline")
        gone = ben.state()["client"]
        ann.until(lambda state: gone not in dict(state["awareness"]), "the other has gone", GRACE_S + SOON_S)
        ben.ask("edit", count=5, seed=3)
        ann.ask("edit", count=5, seed=4)
        ben.ask("online")
        same(ann, ben)
        ann.until(lambda state: gone in dict(state["awareness"]), "the other is back")
        assert ann.state()["heard"] == ben.state()["heard"] == []


def test_a_late_joiner_has_document_and_awareness_at_once(nodes: list[RoomServer]) -> None:
    room = new_room(nodes[0])
    with joined(nodes[0], room) as first:
        sync(first, 0)
        first.send(written("early "))
        first.send(said(7))
        assert states_of(nodes[1], room, 7)
        began = time.monotonic()
        with joined(nodes[0], room) as late:
            late.send(protocol.step1(b"\x00"))
            found = states(late)
            document = sync(late, 1)
            took_s = time.monotonic() - began
        doc: Doc[Text] = Doc()
        doc.apply_update(document)
        assert "early " in str(doc.get("prompt", type=Text))
        assert found.keys() == {7}
        assert took_s < AT_ONCE_S


def states_of(node: RoomServer, room: str, client: int) -> dict[int, object]:
    """Join on another node, and return what it shows of a client that may be told of a moment later."""
    with joined(node, room) as there:
        while True:
            there.send(b"\x03")
            found = states(there)
            if client in found:
                return found


def test_nobody_speaks_for_somebody_else(nodes: list[RoomServer]) -> None:
    """What a connection says of another's client is passed over, as is what stock clients repeat of others."""
    room = new_room(nodes[0])
    ann, ben, eve = (nodes[0].guest() for _ in range(3))
    with (
        joined(nodes[0], room, ann[1]) as a,
        joined(nodes[0], room, ben[1]) as b,
        joined(nodes[0], room, eve[1]) as e,
    ):
        a.send(said(7))
        assert states(b)[7]["user"]["id"] == ann[0]  # type: ignore[index]
        e.send(said(7, b'{"cursor":"evil"}', clock=9))
        e.send(said(8, clock=9))
        e.send(said(7, b"null", clock=10))
        assert states(b) == {8: {"cursor": 1, "user": who(nodes[0], eve, "editor")}}
        b.send(b"\x03")
        assert states(b)[7]["cursor"] == 1  # type: ignore[index]


def who(node: RoomServer, guest: tuple[str, str], role: str) -> dict[str, str]:
    """Return how a guest is shown."""
    address = urlsplit(node.url)
    with contextlib.closing(http.client.HTTPConnection(address.hostname or "", address.port)) as line:
        line.request("GET", "/api/me", headers={"Authorization": f"Bearer {guest[1]}"})
        return {**json.loads(line.getresponse().read())["user"], "role": role}


def test_a_viewers_changes_are_dropped_and_it_is_told(nodes: list[RoomServer]) -> None:
    user, token = nodes[0].guest()
    room = new_room(nodes[0], **{user: "viewer", "everybody": "editor"})
    with joined(nodes[0], room, token) as viewer, joined(nodes[1], room) as editor:
        viewer.send(protocol.step1(b"\x00"))
        assert sync(viewer, 1), "it sees all"
        viewer.send(written("not taken", client=8))
        denied = viewer.recv(timeout=SOON_S)
        assert denied == protocol.permission_denied("You may look at this room, not change it.")
        editor.send(written("taken", client=9))
        doc: Doc[Text] = Doc()
        doc.apply_update(sync(viewer, 2))
        assert str(doc.get("prompt", type=Text)) == "taken"


def test_roles_change_on_open_connections_on_every_node(nodes: list[RoomServer]) -> None:
    user, token = nodes[0].guest()
    room = new_room(nodes[0], **{user: "editor", "everybody": "editor"})
    with joined(nodes[0], room, token) as one, joined(nodes[1], room, token) as other:
        for line in (one, other):
            sync(line, 0)
        set_role(nodes[0], room, user, "viewer")
        for line in (one, other):
            assert line.recv(timeout=SOON_S)[:1] == b"\x02", "it is told that it may only look"
            line.send(written("not taken", client=8))
        set_role(nodes[0], room, user, "editor")
        for line in (one, other):
            sync(line, 0)  # asked for what it wrote meanwhile
        one.send(written("taken", client=9))
        sync(other, 2)
        with contextlib.closing(nodes[0].store()) as store:
            store.hdel(document_house.ROLES + room, "*")
        set_role(nodes[0], room, user, None)
        assert (ended(one), ended(other)) == (4501, 4501)


def test_another_epoch_is_closed(nodes: list[RoomServer]) -> None:
    room = new_room(nodes[0])
    with joined(nodes[0], room, query="&epoch=second") as line:
        assert ended(line) == 4504
    with joined(nodes[0], room, query="&epoch=first") as line:
        assert sync(line, 0)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", 4500),
        (b"\x00\x02\x05\x00", 4500),
        (b"\x07", 4500),
        (protocol.update(varints.write_bytes(b"\xff" * 100)), 4500),
        (protocol.update(varints.write_bytes(b"\xff" * 100_000)), 4500),
        (protocol.step1(b"\xff" * 100), 4500),
        (protocol.step2(b"\xff" * 10_000), 4500),
        (protocol.awareness(b"\x01\x07\x01\x02[]"), 4500),
        (said(7, b'{"x":"' + b"y" * 3_000 + b'"}'), 4502),
        (protocol.update(varints.write_bytes(bytes(protocol.UPDATE_BYTES + 1))), 4502),
        (bytes(protocol.MESSAGE_BYTES + 1), 4502),
        ("text", 4500),
    ],
    ids=lambda value: f"{len(value)} of {value[:3]!r}" if isinstance(value, bytes) else str(value),
)
def test_what_breaks_the_protocol_ends_the_connection(nodes: list[RoomServer], message: bytes | str, code: int) -> None:
    room = new_room(nodes[0])
    with joined(nodes[0], room) as line:
        line.send(message)
        assert ended(line) == code


def test_who_sends_too_much_is_cut_off(nodes: list[RoomServer]) -> None:
    room = new_room(nodes[0])
    with joined(nodes[0], room) as line:
        with contextlib.suppress(ConnectionClosed):
            for _ in range(20):
                for _ in range(500):
                    line.send(said(7))
        assert ended(line) == 4503


def test_who_may_not_come_in(nodes: list[RoomServer]) -> None:
    room, token = new_room(nodes[0], nobody="editor"), nodes[0].guest()[1]
    for path, status in ((f"?token={token}", 404), ("", 401), ("?token=wrong", 401)):
        with pytest.raises(InvalidStatus) as refused:
            connect(f"{nodes[0].address(room)}/doc{path}")
        assert refused.value.response.status_code == status
    address = urlsplit(nodes[0].url)
    with contextlib.closing(http.client.HTTPConnection(address.hostname or "", address.port)) as line:
        line.request("GET", f"/api/rooms/{room}/doc", headers={"Authorization": f"Bearer {token}"})
        assert line.getresponse().status == 404


def test_who_reads_nothing_is_cut_off_and_finds_everything_when_it_returns(nodes: list[RoomServer]) -> None:
    """Meanwhile it costs no more than its transport holds."""
    room = new_room(nodes[0])
    token = nodes[0].guest()[1]
    address = urlsplit(nodes[0].url)
    with clients("3") as (writer,), socket.socket() as slow:
        writer.open(nodes[0], room, token)
        writer.synced()
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        slow.connect((address.hostname, address.port))
        slow.sendall(
            f"GET /api/rooms/{room}/doc?token={token} HTTP/1.1\r\nHost: {address.netloc}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert slow.recv(12) == b"HTTP/1.1 101"
        before = nodes[0].resident_mb()
        for _ in range(20):
            writer.ask("big", bytes=100_000)
            time.sleep(0.1)
        writer.synced()
        assert nodes[0].resident_mb() - before < 40
        until(lambda: f":{slow.getsockname()[1]:04X} " not in connections(nodes[0]), "it is cut off", SOON_S)
    with clients("1") as (again,):
        again.open(nodes[1], room, token)
        again.until(lambda state: len(state["strokes"]) == 20, "it has everything")


def connections(node: RoomServer) -> str:
    """Return the peers of a server's open connections, as the kernel lists them."""
    port = urlsplit(node.url).port
    lines = Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]
    return "\n".join(
        line.split()[2] + " " for line in lines if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "01"
    )


def test_a_server_that_stops_sends_its_clients_elsewhere(nodes: list[RoomServer], tmp_path: Path) -> None:
    settings = {"redis_url": nodes[0].store_url, "drain_s": 0.5}
    with RoomServer(tmp_path / "data", **settings) as leaving:
        room = new_room(nodes[0])
        with joined(leaving, room) as line:
            sync(line, 0)
            leaving.terminate()
            assert ended(line) == 4000
        leaving.wait()
        assert "Traceback" not in leaving.log()


@soak_only[0]
@soak_only[1]
def test_whoever_was_on_a_killed_node_is_gone_within_half_a_minute(nodes: list[RoomServer], tmp_path: Path) -> None:
    with RoomServer(tmp_path / "data", redis_url=nodes[0].store_url) as doomed:
        room = new_room(nodes[0])
        with joined(nodes[0], room) as here, joined(doomed, room) as there:
            there.send(said(7))
            while 7 not in states(here):
                pass
            doomed.kill()
            began = time.monotonic()
            while states(here).get(7, "gone") is not None:
                pass
            assert time.monotonic() - began < LEASE_S


def test_nothing_was_written_to_the_log_that_should_not_be(nodes: list[RoomServer]) -> None:
    for node in nodes:
        until(lambda node=node: "Traceback" not in node.log(), "no trace", 1)
