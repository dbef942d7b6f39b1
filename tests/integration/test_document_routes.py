"""What the product's own routes do to documents that are open, on two real nodes at once."""

from __future__ import annotations

import contextlib
import http.client
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from pycrdt import Doc, Text
from websockets.sync.client import ClientConnection, connect

from livefeed.rooms import protocol
from tests.integration.crowd import picture
from tests.integration.document_lines import Typist, denied, ended, prompts, sync
from tests.integration.server_process import ServerProcess

RATES = {"guests_per_minute": 10_000, "commands_per_s": 10_000, "rooms_per_hour": 10_000, "drain_s": 0.2}


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[ServerProcess]]:
    """Two servers; the first one's store is both's."""
    folder = tmp_path_factory.mktemp("routes")
    with ServerProcess(folder / "first", **RATES) as first:
        url = f"unix://{first.data / 'store.sock'}"
        with ServerProcess(folder / "second", redis_url=url, **RATES) as second:
            yield [first, second]
            for node in (first, second):
                assert "Traceback" not in node.log()


class Person:
    """Somebody with a token, asking the first server."""

    def __init__(self, node: ServerProcess) -> None:
        self._node = node
        self.token = ""
        found = self.ask("POST", "/api/guests")
        self.token, self.handle = found["token"], found["user"]["handle"]

    def ask(self, method: str, path: str, body: Any = None, *, type: str = "application/json") -> Any:
        """Ask, and return what is answered."""
        address = urlsplit(self._node.url)
        headers = {"Content-Type": type, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=30)
        with contextlib.closing(line):
            line.request(method, path, body if isinstance(body, bytes) else json.dumps(body), headers)
            answer = line.getresponse()
            said = answer.read()
        assert answer.status < 300, said
        return json.loads(said) if said else None

    def upload(self) -> str:
        """Post a picture, and return the post's id."""
        form = io.BytesIO()
        form.write(b'--x\r\nContent-Disposition: form-data; name="image"; filename="x.png"\r\n')
        form.write(b"Content-Type: image/png\r\n\r\n" + picture() + b"\r\n--x--\r\n")
        posted = self.ask("POST", "/api/posts", form.getvalue(), type="multipart/form-data; boundary=x")
        return str(posted["post"]["id"])

    def document(self, node: ServerProcess, room: str) -> ClientConnection:
        """Open the room's document at a node."""
        address = f"{node.url.replace('http', 'ws')}/api/rooms/{room}/doc?token={self.token}"
        return connect(address, compression=None, max_size=None)


class Room:
    """A room of an owner, with somebody who came in as an editor, and another."""

    def __init__(self, node: ServerProcess) -> None:
        self.owner, self.editor, self.other = Person(node), Person(node), Person(node)
        self.post = self.owner.upload()
        self.id: str = self.owner.ask("POST", "/api/rooms", {"post": self.post})["room"]["id"]
        self.path = f"/api/rooms/{self.id}"
        token = self.owner.ask("POST", f"{self.path}/invites", {"role": "editor"})["token"]
        for person in (self.editor, self.other):
            person.ask("POST", f"{self.path}/join", {"token": token})

    @contextlib.contextmanager
    def lines(self, person: Person, nodes: list[ServerProcess]) -> Iterator[list[ClientConnection]]:
        """Have the document open at every node, and be asked for what one knows there."""
        with contextlib.ExitStack() as stack:
            lines = [stack.enter_context(person.document(node, self.id)) for node in nodes]
            for line in lines:
                sync(line, 0)
            yield lines


def test_whoever_is_removed_is_closed_everywhere_and_the_others_go_on(nodes: list[ServerProcess]) -> None:
    room = Room(nodes[0])
    with room.lines(room.editor, nodes) as gone, room.lines(room.other, nodes) as here:
        gone[0].send(Typist(8).typed("in time "))
        prompts(here[1], "in time ")
        room.owner.ask("DELETE", f"{room.path}/members/{room.editor.handle}")
        assert [ended(line) for line in gone] == [4501, 4501]
        here[0].send(Typist(9).typed("and on "))
        assert "in time " in prompts(here[1], "and on ")


def test_whoever_leaves_is_closed_everywhere(nodes: list[ServerProcess]) -> None:
    room = Room(nodes[0])
    with room.lines(room.editor, nodes) as gone:
        room.editor.ask("DELETE", f"{room.path}/members/{room.editor.handle}")
        assert [ended(line) for line in gone] == [4501, 4501]


def test_whoever_is_made_a_viewer_writes_nothing_anywhere_until_they_may_again(nodes: list[ServerProcess]) -> None:
    room = Room(nodes[0])
    with room.lines(room.editor, nodes) as silenced, room.lines(room.other, nodes) as here:
        room.owner.ask("PUT", f"{room.path}/members/{room.editor.handle}", {"role": "viewer"})
        typists = [Typist(8), Typist(9)]
        for line, typist in zip(silenced, typists, strict=True):
            denied(line)
            line.send(typist.typed("not taken "))
        here[0].send(Typist(10).typed("and on "))
        for line in silenced:
            assert "not taken" not in prompts(line, "and on ")
        room.owner.ask("PUT", f"{room.path}/members/{room.editor.handle}", {"role": "editor"})
        for line in silenced:
            sync(line, 0)  # asked for what it wrote meanwhile
        silenced[1].send(Typist(11).typed("at last "))
        assert "not taken" not in prompts(here[0], "at last ")


def test_a_document_outlives_the_picture_that_its_room_began_with(nodes: list[ServerProcess]) -> None:
    room = Room(nodes[0])
    with room.lines(room.editor, nodes) as here:
        room.owner.ask("DELETE", f"/api/posts/{room.post}")
        here[0].send(Typist(8).typed("and on "))
        prompts(here[1], "and on ")
        with room.other.document(nodes[1], room.id) as late:
            late.send(protocol.step1(b"\x00"))
            doc: Doc[Text] = Doc()
            doc.apply_update(sync(late, 1))
            assert "and on " in str(doc.get("prompt", type=Text))
