"""`GET /api/rooms/{id}/doc` on two real nodes: stock clients, and some that do what stock clients never would."""

from __future__ import annotations

import contextlib
import http.client
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from pycrdt import Doc, Text
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from livefeed.rooms import protocol, varints
from livefeed.rooms.awareness import GRACE_S, LEASE_S
from livefeed.rooms.hearing import UNMET
from tests.integration import document_house
from tests.integration.document_lines import (
    SOON_S,
    ended,
    joined,
    new_room,
    said,
    states,
    sync,
    two_nodes,
    who,
    written,
)
from tests.integration.server_process import until
from tests.integration.stock import RoomServer, clients, same
from tests.integration.stores import soak_only


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RoomServer]]:
    with two_nodes(tmp_path_factory.mktemp("document")) as (_, found):
        yield found


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


def test_another_epoch_is_closed(nodes: list[RoomServer]) -> None:
    room = new_room(nodes[0])
    with joined(nodes[0], room, query="&epoch=second") as line:
        assert ended(line) == 4504
    with joined(nodes[0], room, query=f"&epoch={nodes[0].epoch(room)}") as line:
        assert sync(line, 0)


def test_a_document_that_the_store_lost_is_another_one(nodes: list[RoomServer]) -> None:
    """As after a failover to a replica that had not heard of it: no copy of the old one is mixed into the new one."""
    room = new_room(nodes[0])
    with joined(nodes[0], room) as one, joined(nodes[1], room) as other:
        for line in (one, other):
            sync(line, 0)
        epoch = nodes[0].epoch(room)
        one.send(written("painted", client=9))
        sync(other, 2)
        with contextlib.closing(nodes[0].store()) as store:
            store.delete(*nodes[0].document_keys(room))
        one.send(written("on", client=10))
        assert ended(one) == 4504
        other.send(protocol.step1(b"\x00"))
        assert ended(other) == 4504
    for node in nodes:
        with joined(node, room, query=f"&epoch={epoch}") as line:
            assert ended(line) == 4504
    renewed = nodes[0].epoch(room)
    assert renewed != epoch
    for node in nodes:
        with joined(node, room, query=f"&epoch={renewed}") as line:
            sync(line, 0)
            line.send(protocol.step1(b"\x00"))
            doc: Doc = Doc()
            doc.apply_update(sync(line, 1))
            assert str(doc.get("prompt", type=Text)) == document_house.PROMPT


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


def test_what_waits_for_ever_is_bounded_and_hurts_nobody(nodes: list[RoomServer]) -> None:
    """Updates that build on what never comes: more than may wait end their sender's connection, and no other."""
    room = new_room(nodes[0])
    with joined(nodes[0], room) as honest, joined(nodes[1], room) as reader:
        for line in (honest, reader):
            sync(line, 0)
        with joined(nodes[0], room) as hostile:
            taken = protocol.UNMET_BYTES // len(unmet(1_000, 20_000))
            for number in range(taken):
                hostile.send(protocol.update(varints.write_bytes(unmet(1_000 + number, 20_000))))
                assert len(sync(reader, 2)) > 20_000, "it is handed on"
            hostile.send(protocol.update(varints.write_bytes(unmet(999, 20_000))))
            assert ended(hostile) == 4502
            assert hostile.close_reason == UNMET
        honest.send(written("goes on", client=9))
        sync(reader, 2)
        with joined(nodes[1], room) as newcomer:
            sync(newcomer, 0)
            newcomer.send(protocol.step1(b"\x00"))
            doc: Doc = Doc()
            doc.apply_update(sync(newcomer, 1))
            assert "goes on" in str(doc.get("prompt", type=Text))
            waiting = [sync(newcomer, 2) for _ in range(taken)]
            assert len(set(waiting)) == taken, "what was taken is still there"


def test_large_updates_that_build_on_each_other_may_come_in_a_row(nodes: list[RoomServer]) -> None:
    """Each is read elsewhere before it is written, and the next is there before that: none of them waits for ever."""
    doc: Doc[Text] = Doc()
    prompt = doc.get("prompt", type=Text)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    for number in range(9):
        prompt.insert(len(str(prompt)), f"{number}" * 150_000)
    room = new_room(nodes[0])
    with joined(nodes[0], room) as line, joined(nodes[1], room) as reader:
        for each in (line, reader):
            sync(each, 0)
        for update in updates:
            line.send(protocol.update(varints.write_bytes(update)))
        found: Doc[Text] = Doc()
        while len(str(found.get("prompt", type=Text))) < 9 * 150_000:
            found.apply_update(sync(reader, 2))
        assert str(found.get("prompt", type=Text)) == str(prompt)


def unmet(client: int, size: int) -> bytes:
    """Return an update that builds on what its client never sends."""
    text = varints.write_bytes(b"x" * size)
    return b"\x01\x01" + varints.write(client) + b"\x05\x04\x01\x06prompt" + text + b"\x00"


def test_a_text_message_is_told_what_a_document_speaks(nodes: list[RoomServer]) -> None:
    with joined(nodes[0], new_room(nodes[0])) as line:
        line.send("text")
        assert ended(line) == 4500
        assert line.close_reason == "a document's messages are binary, see the y-protocols"


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
