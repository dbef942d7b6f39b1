"""What a flush pass does not do: anything for sessions that are up to date, and a wake-up for each delivery."""

from __future__ import annotations

import asyncio
import tracemalloc
from typing import Any, cast

import pytest

from livefeed.config import Config
from livefeed.hub.node import Node
from livefeed.hub.session import Session
from livefeed.streams.streams import Streams
from tests.unit.hub.talk import Talk

FEW, MANY = 10, 2_000
SLACK_BYTES = 512


def allocated_by_a_pass(talk: Talk, *, listeners: int) -> int:
    """Return the most bytes that one pass holds at a time, when one session of all is behind."""
    for number in range(listeners):
        talk.listen(f"up to date {number}")
    behind = talk.listen("behind")
    for session in talk.flush():
        session.take()
    behind.writable = False
    talk.say(1)
    for session in talk.flush():
        session.take()
    talk.hub.resume(behind)
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        tracemalloc.reset_peak()
        assert talk.flush() == [behind]
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


def test_a_pass_allocates_nothing_for_sessions_that_are_up_to_date(make_talk: Any) -> None:
    few, many = (allocated_by_a_pass(make_talk(), listeners=count) for count in (FEW, MANY))
    assert many <= few + SLACK_BYTES


class Turns(asyncio.SelectorEventLoop):
    """An event loop that counts what it is asked to call."""

    calls = 0

    def call_soon(self, *args: Any, **more: Any) -> asyncio.Handle:
        self.calls += 1
        return super().call_soon(*args, **more)

    def call_at(self, *args: Any, **more: Any) -> asyncio.TimerHandle:
        self.calls += 1
        return super().call_at(*args, **more)


def wake_ups_of_an_event(listeners: int) -> tuple[int, int]:
    """Return how many calls the loop was asked for by one event, and how many listeners were written to."""
    written: list[bytes] = []

    def send(data: bytes) -> int:
        written.append(data)
        return len(data)

    async def deliver(loop: Turns) -> int:
        node = Node(cast(Streams, None), Config())
        running = loop.create_task(node.run())
        await asyncio.sleep(0)
        talk = Talk()
        talk.hub = node.hub
        sessions: list[Session] = [talk.listen(f"listener {number}") for number in range(listeners)]
        talk.flush()
        for session in sessions:
            session.take()
            session.send = send
        await asyncio.sleep(0)
        loop.calls = 0
        node.advance(0, [talk.entry(1)])
        while len(written) < listeners:
            await asyncio.sleep(0)
            loop.calls -= 1  # our own turn
        calls = loop.calls
        running.cancel()
        return calls

    with asyncio.Runner(loop_factory=Turns) as runner:
        calls = runner.run(deliver(cast(Turns, runner.get_loop())))
    return calls, len(written)


@pytest.mark.parametrize("listeners", [1, MANY])
def test_an_event_wakes_the_loop_once_however_many_listen(listeners: int) -> None:
    calls, written = wake_ups_of_an_event(listeners)
    assert written == listeners
    assert calls <= 2
