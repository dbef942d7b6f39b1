"""Who is in a document, on two real nodes: how many may be, who is not seen, and what somebody finds who comes late."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection

from livefeed.rooms import awareness, protocol, varints
from livefeed.rooms.relays import PERSON_SEATS
from tests.integration.crowded_room import come_late, crowd
from tests.integration.document_lines import (
    SOON_S,
    ended,
    events,
    joined,
    look,
    new_room,
    said,
    states,
    sync,
    two_nodes,
)
from tests.integration.stock import RoomServer

PEOPLE, STROKES = 50, 2_000
"""The strokes are 2 MB."""
AT_ONCE_S = 10.0
"""Comes late to those: `make bench ARGS=rooms` shows how soon they have it all."""


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[RoomServer]]:
    with two_nodes(tmp_path_factory.mktemp("company")) as (_, found):
        yield found


def test_a_person_has_a_document_open_a_few_times_at_a_node(nodes: list[RoomServer]) -> None:
    token, other = nodes[0].guest()[1], nodes[0].guest()[1]
    room = new_room(nodes[0])
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(joined(nodes[0], room, token)) for _ in range(PERSON_SEATS)]
        for line in lines:
            sync(line, 0)
        with joined(nodes[0], room, token) as line:
            assert ended(line) == 4505
        for node, whose in ((nodes[0], other), (nodes[1], token)):
            with joined(node, room, whose) as line:
                assert sync(line, 0)
        lines[0].close()
        with joined(nodes[0], room, token) as line:
            assert sync(line, 0), "there is a place again"


# Whoever hides by a connection to the events stays unseen when that breaks.


@pytest.mark.parametrize("document", [0, 1], ids=["at the same node", "at another node than the document's"])
def test_whoever_hides_stays_unseen_when_their_events_break_and_is_seen_when_they_say_so(
    nodes: list[RoomServer], document: int
) -> None:
    ann, token = nodes[0].guest()
    room = new_room(nodes[0], **{ann: "editor", "everybody": "editor"})
    with (
        joined(nodes[0], room) as near,
        joined(nodes[1], room) as far,
        joined(nodes[document], room, token) as mine,
    ):
        mine.send(said(7))
        with events(nodes[0], token) as line:
            look(line, room, hidden=True)
            until_gone(near, far)
            line.socket.close()  # without a goodbye
        for round in range(3):
            mine.send(said(7, b'{"cursor":%d}' % round, clock=2 + round))
            unseen(mine, near, far, clock=10 * round)
        with events(nodes[1], token) as line:
            look(line, room, hidden=True)
            unseen(mine, near, far, clock=50)
            look(line, room, hidden=False)
            for one in (near, far):
                while not states(one).get(7):
                    pass


def test_whoever_comes_to_the_document_hidden_is_never_seen(nodes: list[RoomServer]) -> None:
    token = nodes[0].guest()[1]
    room = new_room(nodes[0])
    with joined(nodes[0], room) as near, joined(nodes[1], room) as far:
        sync(near, 0)
        sync(far, 0)
        with joined(nodes[0], room, token, "&hidden=true") as mine:
            mine.send(said(7))
            unseen(mine, near, far, clock=0)
    with pytest.raises(InvalidStatus) as caught, joined(nodes[0], room, token, "&hidden=perhaps"):
        pass
    assert caught.value.response.status_code == 400


def unseen(mine: ClientConnection, near: ClientConnection, far: ClientConnection, *, clock: int) -> None:
    """Whatever was said until now has been told: near and far have told each other something since, but not of me."""
    mine.send(protocol.step1(b"\x00"))
    sync(mine, 1)
    near.send(said(8, b'{"cursor":%d}' % clock, clock=clock + 1))
    far.send(said(9, b'{"cursor":%d}' % clock, clock=clock + 1))
    for line, other in ((near, 9), (far, 8)):
        seen: dict[int, object] = {}
        while (seen.get(other) or {}).get("cursor") != clock:  # type: ignore[attr-defined]
            seen |= states(line)
        assert not seen.get(7)


def until_gone(*lines: ClientConnection) -> None:
    """Wait until who asks who is there is not told of client 7."""
    for line in lines:
        while True:
            line.send(b"\x03")
            line.send(protocol.step1(b"\x00"))
            there: set[int] = set()
            while (message := line.recv(timeout=SOON_S))[:2] != b"\0\1":
                assert isinstance(message, bytes)
                if message[0] == 1:
                    told = awareness.parse(varints.read_bytes(message, 1)[0])
                    there = {one.client for one in told if one.state != b"null"} or there
            if 7 not in there:
                break


# A late joiner.


def test_who_comes_late_to_many_people_and_a_large_document_has_it_all(nodes: list[RoomServer], seed: int) -> None:
    """At the node where they all are, and at one that has never served the room."""
    room = new_room(nodes[0])
    with crowd(nodes[0], room, people=PEOPLE, strokes=STROKES, seed=seed) as painted:
        for node in nodes:
            took_s = come_late(node, room, people=PEOPLE, painted=painted)
            print(f"it took {1000 * took_s:.0f} ms")
            assert took_s < AT_ONCE_S


def test_nothing_was_written_to_the_log_that_should_not_be(nodes: list[RoomServer]) -> None:
    for node in nodes:
        assert "Traceback" not in node.log()
