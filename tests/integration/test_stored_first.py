"""An edit is shown to others once it is stored, and not before: the store stands still meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from websockets.sync.client import ClientConnection

from livefeed.rooms import awareness, protocol, varints
from tests.integration.document_lines import SOON_S, Typist, joined, new_room, said, sync
from tests.integration.hasty_house import HastyServer
from tests.integration.ports import free_ports
from tests.integration.stock import RoomServer
from tests.integration.stores import PLAIN, StoreServer


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreServer]:
    found = StoreServer(tmp_path_factory.mktemp("paused") / "store", free_ports(1)[0], *PLAIN)
    try:
        found.start()
        yield found
    finally:
        found.resume()
        found.stop()


def show(server: RoomServer, store: StoreServer) -> None:
    """Write while the store stands still. Raises: AssertionError where somebody is shown what is not stored.

    Awareness goes to others here without the store, and a line's messages are heard in their order: whoever has seen
    what was said behind an edit would have seen the edit.
    """
    room = new_room(server)
    with joined(server, room) as writer, joined(server, room) as reader:
        for line in (writer, reader):
            line.send(protocol.step1(b"\x00"))
            sync(line, 1)
        typist = Typist(11)
        writer.send(typist.typed("edit 0 "))
        sync(reader, 2)  # from now on what they type is known to build on what is there, and asked about nowhere
        store.pause()
        try:
            for clock in range(1, 4):
                writer.send(typist.typed(f"edit {clock} "))
                writer.send(said(7, b"{}", clock))
                before = until_said(reader, 7, clock)
                assert not before, "an edit was shown before it was stored"
        finally:
            store.resume()
        shown = b""
        while not all(b"edit %d " % clock in shown for clock in range(1, 4)):
            shown += sync(reader, 2)


def until_said(line: ClientConnection, client: int, clock: int) -> list[bytes]:
    """Wait until a client's awareness has this clock; return the edits that came before it."""
    edits = []
    while True:
        message = line.recv(timeout=SOON_S)
        assert isinstance(message, bytes)
        if message[:2] == b"\0\2":
            edits.append(message)
        elif message[0] == 1:
            told = awareness.parse(varints.read_bytes(message, 1)[0])
            if any(one.client == client and one.clock >= clock for one in told):
                return edits


@pytest.mark.parametrize("kind", [RoomServer, HastyServer], ids=["stored first", "guard taken out"])
def test_others_see_an_edit_only_after_its_append(
    kind: type[RoomServer], store: StoreServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Without the guard the same test fails: it can."""
    data = tmp_path_factory.mktemp("node") / "data"
    with kind(data, redis_url=f"redis://127.0.0.1:{store.port}/0", redis_timeout_s=SOON_S) as server:
        if kind is RoomServer:
            show(server, store)
        else:
            with pytest.raises(AssertionError, match="before it was stored"):
                show(server, store)
