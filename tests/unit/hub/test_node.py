"""The node's flush pass writes to each connection for itself: what goes wrong with one is that one's alone."""

from __future__ import annotations

import logging
from unittest.mock import Mock

import pytest

from livefeed.config import Config
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from tests.unit.hub.talk import RecordingCodec


class Line:
    """A connection that keeps what it is given. full: its socket takes nothing, its transport everything."""

    def __init__(self, name: str, *, full: bool = False, broken: type[BaseException] | None = None) -> None:
        self.session = Session(name, RecordingCodec())
        self.taken = b""
        self.ends: list[str] = []
        self._full = full
        self._broken = broken

    @property
    def ops(self) -> list[str]:
        return [frame["op"] for frame in RecordingCodec().decode(self.taken)]

    def send(self, data: bytes) -> int:
        if self._broken is not None:
            raise self._broken(f"{self.session.id} has a defect")
        if self._full:
            raise BlockingIOError
        self.taken += data
        return len(data)

    def write(self, data: bytes) -> None:
        if self._broken is not None:
            raise self._broken(f"{self.session.id} has a defect")
        self.taken += data

    def waiting(self) -> int:
        return 0

    def ping(self) -> bool:
        return True

    def close(self, code: int, reason: str) -> None:
        self.ends.append(f"closed with {code}")

    def abort(self) -> None:
        self.ends.append("cut")


def flushed(*lines: Line) -> Node:
    """Give every connection a frame and write them all in one pass; then the node closes them with 4000."""
    node = Node(Mock(), Config())
    for line in lines:
        node.open(line.session, line)
        line.session.send = line.send
        node.send(line.session, {"op": "pong"})
    node.close_all(4000, "draining")
    return node


@pytest.mark.parametrize("writable", [True, False])
def test_an_unexpected_error_of_one_session_costs_those_behind_it_nothing(
    writable: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """In its socket's `send`, or in its transport's `write`: it is cut, and the log has the trace."""
    before, broken, behind = Line("before"), Line("broken", broken=RuntimeError), Line("behind")
    broken.session.writable = writable
    with caplog.at_level(logging.ERROR):
        flushed(before, broken, behind)
    assert before.ops == behind.ops == ["pong"]
    assert broken.ends[0] == "cut"
    assert before.ends == behind.ends == ["closed with 4000"]
    [record] = caplog.records
    assert "broken" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is RuntimeError


def test_what_a_full_socket_does_not_take_goes_to_the_transport(caplog: pytest.LogCaptureFixture) -> None:
    """That is no defect: nobody is cut, and the log is silent."""
    full, behind = Line("full", full=True), Line("behind")
    flushed(full, behind)
    assert full.ops == behind.ops == ["pong"]
    assert full.ends == ["closed with 4000"]
    assert not caplog.records


def test_what_is_no_error_but_an_end_is_not_held_up() -> None:
    """An interrupt ends the pass, and the process."""
    with pytest.raises(KeyboardInterrupt):
        flushed(Line("interrupted", broken=KeyboardInterrupt))
