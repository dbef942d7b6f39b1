"""Who may write a document and who is seen in it, on two real nodes; what a late joiner finds."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from websockets.sync.client import ClientConnection

from livefeed.rooms import awareness, protocol, varints
from tests.integration.document_lines import (
    SOON_S,
    Typist,
    arrive,
    denied,
    ended,
    joined,
    look,
    new_room,
    prompts,
    said,
    set_role,
    settled,
    states,
    sync,
    two_nodes,
    watching,
    written,
)
from tests.integration.stock import RoomServer
from tests.integration.stores import StoreServer

AT_ONCE_S = 1.0
"""Ten times what is promised to a late joiner; `make bench ARGS=rooms` shows the promise itself."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StoreServer, list[RoomServer]]]:
    with two_nodes(tmp_path_factory.mktemp("rights")) as found:
        yield found


@pytest.fixture
def nodes(house: tuple[StoreServer, list[RoomServer]]) -> list[RoomServer]:
    return house[1]


def test_a_viewers_changes_are_dropped_and_it_is_told(nodes: list[RoomServer]) -> None:
    user, token = nodes[0].guest()
    room = new_room(nodes[0], **{user: "viewer", "everybody": "editor"})
    with joined(nodes[0], room, token) as viewer, joined(nodes[1], room) as editor:
        viewer.send(protocol.step1(b"\x00"))
        assert sync(viewer, 1), "it sees all"
        viewer.send(written("not taken", client=8))
        denied(viewer)
        editor.send(written("and taken", client=9))
        assert "not taken" not in prompts(viewer, "and taken")


def test_roles_change_on_open_connections_on_every_node(nodes: list[RoomServer]) -> None:
    user, token = nodes[0].guest()
    room = new_room(nodes[0], **{user: "editor"})
    with joined(nodes[0], room, token) as one, joined(nodes[1], room, token) as other:
        for line in (one, other):
            sync(line, 0)
        set_role(nodes[0], room, user, "viewer")
        for line in (one, other):
            denied(line)
            line.send(written("not taken", client=8))
        set_role(nodes[0], room, user, "editor")
        for line in (one, other):
            sync(line, 0)  # asked for what it wrote meanwhile
        one.send(written("and taken", client=9))
        assert "not taken" not in prompts(other, "and taken")
        set_role(nodes[0], room, user, None)
        assert (ended(one), ended(other)) == (4501, 4501)


# A right that is lost while its node does not know it yet: the store alone has been told.


def test_what_comes_after_its_author_was_removed_is_not_taken(nodes: list[RoomServer]) -> None:
    user, token = nodes[0].guest()
    room = new_room(nodes[0], **{user: "editor", nodes[0].guest()[0]: "owner", "everybody": "editor"})
    with joined(nodes[0], room, token) as late, joined(nodes[1], room) as other:
        sync(late, 0)
        sync(other, 0)
        set_role(nodes[0], room, "*", None, told=False)
        set_role(nodes[0], room, user, None, told=False)
        late.send(written("not taken", client=8))
        assert ended(late) == 4501
        other.send(written("and taken", client=9))
        assert "not taken" not in prompts(other, "and taken")


def test_what_comes_after_its_author_was_demoted_is_not_taken_until_they_may_write_again(
    nodes: list[RoomServer],
) -> None:
    user, token = nodes[0].guest()
    room = new_room(nodes[0], **{user: "editor", "everybody": "editor"})
    with joined(nodes[0], room, token) as late, joined(nodes[1], room) as other:
        sync(late, 0)
        sync(other, 0)
        set_role(nodes[0], room, user, "viewer", told=False)
        late.send(written("at last", client=8))
        denied(late)
        other.send(written("and taken", client=9))
        assert "at last" not in prompts(other, "and taken")
        set_role(nodes[0], room, user, "editor")
        sync(late, 0)
        late.send(written("at last", client=8))
        prompts(other, "at last")


def test_others_keep_what_they_wrote_in_the_same_tick(house: tuple[StoreServer, list[RoomServer]]) -> None:
    """An editor's and a removed one's updates wait together while the store stands still."""
    store, (node, _) = house
    (gone, gone_token), (editor, editor_token) = node.guest(), node.guest()
    room = new_room(node, **{gone: "editor", editor: "editor"})
    with joined(node, room, editor_token) as here, joined(node, room, gone_token) as late:
        sync(here, 0)
        sync(late, 0)
        editors, removed = Typist(9), Typist(8)
        here.send(editors.typed("zeroth "))
        late.send(removed.typed("in time "))
        prompts(late, "zeroth ")
        prompts(here, "in time ")
        set_role(node, room, gone, None, told=False)
        store.pause()
        try:
            here.send(editors.typed("first "))
            heard(here, late, client=1)
            late.send(removed.typed("not taken "))
            heard(late, here, client=2)
            here.send(editors.typed("second "))
            heard(here, late, client=1, clock=2)
        finally:
            store.resume()
        assert ended(late) == 4501
        prompt = prompts(here, "second ")
    assert "first " in prompt
    assert "not taken " not in prompt


def heard(line: ClientConnection, other: ClientConnection, *, client: int, clock: int = 1) -> None:
    """Wait until the node has heard all that a line has said: awareness goes to the other without the store."""
    line.send(said(client, b'{"clock":%d}' % clock, clock))
    while states(other).get(client, {}).get("clock") != clock:
        pass


# Whoever hides in a room is not seen in its document.


def test_whoever_hides_leaves_the_document_for_all_others_and_comes_back_as_they_are(nodes: list[RoomServer]) -> None:
    ann, token = nodes[0].guest()
    room = new_room(nodes[0], **{ann: "editor", "everybody": "editor"})
    with (
        watching(nodes[0], room, token) as events,
        joined(nodes[0], room, token) as mine,
        joined(nodes[0], room) as near,
        joined(nodes[1], room) as far,
    ):
        mine.send(said(7))
        for line in (near, far):
            assert until_shown(line, 7)["user"]["id"] == ann
        look(events, room, hidden=True)
        for line in (near, far):
            until_gone(line, 7)
        mine.send(said(7, b'{"cursor":2}', clock=2))
        heard(near, far, client=8)
        for line in (near, far):
            assert 7 not in everybody(line)
        look(events, room, hidden=False)
        for line in (near, far):
            assert until_shown(line, 7)["cursor"] == 2


def test_whoever_hides_before_they_come_is_never_seen(nodes: list[RoomServer]) -> None:
    """Here at once; on another node, which hears of it a moment later, for no longer than that."""
    ann, token = nodes[0].guest()
    room = new_room(nodes[0], **{ann: "editor", "everybody": "editor"})
    with joined(nodes[0], room) as near, joined(nodes[1], room) as far, watching(nodes[0], room, token, hidden=True):
        with joined(nodes[0], room, token) as mine:
            mine.send(said(7))
            mine.send(b"\x03")
            mine.send(protocol.step1(b"\x00"))
            sync(mine, 1)
            for number, line in enumerate((near, far)):
                line.send(said(8 + number, b'{"cursor":3}'))
            for line, other in ((near, 9), (far, 8)):
                seen: dict[int, object] = {}
                while other not in seen:
                    seen |= states(line)
                assert 7 not in seen
        with joined(nodes[1], room, token) as mine:
            mine.send(said(6))
            mine.send(protocol.step1(b"\x00"))
            sync(mine, 1)
            until_gone(near, 6)
            until_gone(far, 6)


def until_shown(line: ClientConnection, client: int) -> dict[str, object]:
    while not (found := states(line).get(client)):
        pass
    assert isinstance(found, dict)
    return found


def until_gone(line: ClientConnection, client: int) -> None:
    """Wait until somebody who asks who is there is not told of this client any more."""
    deadline = time.monotonic() + SOON_S
    while client in everybody(line):
        assert time.monotonic() < deadline


def everybody(line: ClientConnection) -> set[int]:
    """Ask who is there; the answer is the last that comes before that to a question about the document."""
    line.send(b"\x03")
    line.send(protocol.step1(b"\x00"))
    found: set[int] = set()
    while True:
        message = line.recv(timeout=SOON_S)
        assert isinstance(message, bytes)
        if message[:2] == b"\0\1":
            return found
        if message[0] == 1:
            told = awareness.parse(varints.read_bytes(message, 1)[0])
            found = {one.client for one in told if one.state != b"null"} or found


# A late joiner.


@pytest.mark.parametrize("cold", [False, True], ids=["at the same node", "at one that has never served the room"])
def test_a_late_joiner_has_document_roster_and_awareness_at_once(nodes: list[RoomServer], cold: bool) -> None:
    (first, token), (late, late_token) = nodes[0].guest(), nodes[0].guest()
    room = new_room(nodes[0], **{first: "owner", late: "editor"})
    with settled(nodes[0], room, token, text="early ", client=7):
        assert arrive(nodes[int(cold)], room, late_token, text=b"early ", client=7) < AT_ONCE_S


def test_nothing_was_written_to_the_log_that_should_not_be(nodes: list[RoomServer]) -> None:
    for node in nodes:
        assert "Traceback" not in node.log()
