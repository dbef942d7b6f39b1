"""Pipelines: what travels together, what fails and what waits when a connection goes. The links are handed bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import hiredis
import pytest

from livefeed.errors import BadRequest, StoreUnavailable
from livefeed.streams import line as line_module
from livefeed.streams.line import Line, NotSent
from livefeed.streams.link import Link, pack


class Wire:
    """The transport of a link: keeps what was written, and breaks when it is told to."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.written: list[bytes] = []
        link.connection_made(self)  # type: ignore[arg-type]

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def abort(self) -> None:
        asyncio.get_running_loop().call_soon(self.link.connection_lost, None)

    def reply(self, *replies: bytes) -> None:
        self.link.data_received(b"".join(replies))


class Scene:
    """A line whose connections are made by hand."""

    def __init__(self, **options: Any) -> None:
        self.wires: list[Wire] = []
        self.refuse = False
        self.tries = 0
        self.line = Line(self._open, timeout_s=options.pop("timeout_s", 60), **options)

    async def _open(self, make: Callable[[], Link]) -> Link:
        self.tries += 1
        if self.refuse:
            raise StoreUnavailable("Nobody there.")
        self.wires.append(Wire(make()))
        return self.wires[-1].link

    def ask(self, *command: str) -> asyncio.Future[Any]:
        return self.line.ask(pack(command))


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    found = Scene()
    running = asyncio.create_task(found.line.run())
    yield found
    running.cancel()


async def turns(count: int = 8) -> None:
    """Let the loop go round."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_is_asked_in_one_turn_travels_together_and_is_answered_in_order(scene: Scene) -> None:
    first, second = scene.ask("GET", "a"), scene.ask("GET", "b")
    await turns()
    assert scene.wires[0].written == [pack(("GET", "a")) + pack(("GET", "b"))]
    third = scene.ask("GET", "c")
    await turns()
    assert len(scene.wires[0].written) == 2, "a second pipeline is under way before the first is answered"
    scene.wires[0].reply(b"+1\r\n$1\r\n", b"2\r\n-ERR 3\r\n")
    assert (await first, await second) == (b"1", b"2")
    assert isinstance(await third, hiredis.ReplyError)


async def test_what_was_sent_fails_when_the_connection_breaks_and_what_was_not_waits(scene: Scene) -> None:
    sent = scene.ask("SET", "a", "1")
    await turns()
    scene.wires[0].link.close()
    waiting = scene.ask("GET", "a")
    await turns()
    with pytest.raises(StoreUnavailable) as caught:
        await sent
    assert not isinstance(caught.value, NotSent), "whether it took effect is unknown"
    assert scene.wires[1].written == [pack(("GET", "a"))]
    scene.wires[1].reply(b"+1\r\n")
    assert await waiting == b"1"


async def test_whoever_gave_up_waiting_is_not_sent(scene: Scene) -> None:
    scene.refuse = True
    given_up, patient = scene.ask("SET", "a", "1"), scene.ask("GET", "a")
    await turns()
    given_up.cancel()
    scene.refuse = False
    while not scene.wires:
        await turns()
    await turns()
    assert scene.wires[0].written == [pack(("GET", "a"))]
    scene.wires[0].reply(b"+1\r\n")
    assert await patient == b"1"


async def test_an_answer_that_nobody_waits_for_any_more_is_passed_over(scene: Scene) -> None:
    gone, here = scene.ask("GET", "a"), scene.ask("GET", "b")
    await turns()
    gone.cancel()
    scene.wires[0].reply(b"+1\r\n+2\r\n")
    assert await here == b"2"


async def test_a_connection_that_takes_no_more_bytes_is_not_fed(scene: Scene) -> None:
    first = scene.ask("GET", "a")
    await turns()
    scene.wires[0].link.pause_writing()
    second = scene.ask("GET", "b")
    await turns()
    assert len(scene.wires[0].written) == 1
    scene.wires[0].link.resume_writing()
    assert scene.wires[0].written[1:] == [pack(("GET", "b"))]
    scene.wires[0].reply(b"+1\r\n+2\r\n")
    assert (await first, await second) == (b"1", b"2")


async def test_the_last_command_of_a_turn_goes_behind_all_others_once(scene: Scene) -> None:
    first = scene.ask("SET", "a", "1")
    wait = scene.line.ask_last(pack(("WAIT", "1", "9")))
    second = scene.ask("SET", "b", "2")
    assert scene.line.ask_last(pack(("WAIT", "1", "9"))) is wait
    await turns()
    assert scene.wires[0].written == [b"".join(map(pack, (("SET", "a", "1"), ("SET", "b", "2"), ("WAIT", "1", "9"))))]
    scene.wires[0].reply(b"+OK\r\n+OK\r\n:1\r\n")
    assert (await first, await second, await wait) == (b"OK", b"OK", 1)


async def test_a_store_that_cannot_be_reached_is_told_after_the_time_a_command_has() -> None:
    scene = Scene(timeout_s=0)
    scene.refuse = True
    running = asyncio.create_task(scene.line.run())
    with pytest.raises(NotSent, match=r"did not answer in time|Nobody there"):
        await scene.ask("GET", "a")
    running.cancel()


async def test_an_impatient_line_says_at_once_that_nothing_was_sent() -> None:
    scene = Scene(patient=False)
    scene.refuse = True
    running = asyncio.create_task(scene.line.run())
    with pytest.raises(NotSent, match="Nobody there"):
        await scene.ask("GET", "a")
    assert scene.tries == 1
    running.cancel()


async def test_too_many_waiting_commands_are_refused_at_once(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_module, "MAX_WAITING", 3)
    asked = [scene.ask("GET", "a") for _ in range(3)]
    with pytest.raises(StoreUnavailable, match="Too many"):
        scene.ask("GET", "b")
    await turns()
    with pytest.raises(StoreUnavailable, match="Too many"):
        scene.ask("GET", "b")
    scene.wires[0].reply(b"+1\r\n" * 3)
    await asyncio.gather(*asked)
    scene.ask("GET", "b")


async def test_a_stopped_line_fails_what_waits(scene: Scene) -> None:
    scene.refuse = True
    waiting = scene.ask("GET", "a")
    await turns()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with pytest.raises(StoreUnavailable, match="stopping"):
        await waiting
    with pytest.raises(StoreUnavailable):
        scene.ask("GET", "b")


async def test_a_silent_server_breaks_the_connection() -> None:
    scene = Scene(timeout_s=0.01)
    running = asyncio.create_task(scene.line.run())
    with pytest.raises(StoreUnavailable):
        await scene.ask("GET", "a")
    assert not scene.wires[0].link.alive
    running.cancel()


async def test_bytes_that_are_no_reply_break_the_connection(scene: Scene) -> None:
    answer = scene.ask("GET", "a")
    await turns()
    scene.wires[0].reply(b"HTTP/1.1 400 Bad Request\r\n")
    with pytest.raises(StoreUnavailable):
        await answer


async def test_what_the_store_pushes_is_read_in_order_and_ends_with_the_link() -> None:
    link = Link()
    wire = Wire(link)
    wire.reply(b"+a\r\n+b\r\n")
    assert [await link.pushed(), await link.pushed()] == [b"a", b"b"]
    link.close()
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            await link.pushed()


def test_half_a_character_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(BadRequest, match="half of a character"):
        pack(("SET", "key\udcff", "1"))


async def test_a_timer_that_comes_early_finds_its_commands_due(scene: Scene) -> None:
    """uvloop rounds to milliseconds: what the timer is for is over when it comes, whatever the clock says."""
    scene.refuse = True
    answer = scene.ask("GET", "a")
    await turns()
    held = scene.line._held[0]
    scene.line._expire(held.deadline)
    with pytest.raises(NotSent):
        await answer
