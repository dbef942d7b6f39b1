"""The diffusers generator and its painting process, which these tests play: who says what, and what ends what."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import threading
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from queue import Queue
from typing import Any

import pytest

from livefeed.config import Config
from livefeed.generation.generator import EngineLost, Picture, Progress, Refused
from livefeed.generation.generators.diffusers import Diffusers, painter, wire
from livefeed.generation.generators.diffusers.generator import SILENCE_S, Failed
from livefeed.generation.generators.diffusers.wire import (
    Broken,
    Failure,
    Finished,
    Paint,
    Ready,
    Setup,
    Step,
    Stop,
    Stopped,
    Withheld,
)
from livefeed.generation.job import Job

JOB = Job(
    id="01m0000000000000000000", prompt="a red fox", width=264, height=256, seed=7, steps=4, generator="diffusers"
)
SETUP = Setup(model="m", device="auto", precision="auto", previews="auto", preview_vae="", guidance=-1.0)
PAINT = Paint(number=1, prompt="a red fox", width=264, height=256, seed=7, steps=4)


class Other:
    """The other end of the line: a painting process that this test plays. It is also the process that is killed."""

    def __init__(self) -> None:
        self.lines: list[socket.socket] = []
        self.killed = 0

    def start(self) -> tuple[socket.socket, Other]:
        ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self.lines.append(theirs)
        return ours, self

    def kill(self) -> None:
        self.killed += 1

    def wait(self, timeout: float | None = None) -> int:
        if not self.killed:
            raise subprocess.TimeoutExpired("painter", timeout or 0)
        return -9

    async def hear(self, *, process: int = 1) -> Any:
        """Return the next order to a process; the first one is 1."""
        loop = asyncio.get_running_loop()
        while len(self.lines) < process:
            await asyncio.sleep(0)
        header = await loop.sock_recv(self.lines[-1], wire.HEADER.size)
        return wire.unpack(await loop.sock_recv(self.lines[-1], wire.length_of(header)))

    async def say(self, *news: Any) -> None:
        for one in news:
            await asyncio.get_running_loop().sock_sendall(self.lines[-1], wire.pack(one))


@asynccontextmanager
async def playing(**more: Any) -> AsyncIterator[tuple[Diffusers, Other]]:
    other = Other()
    made = Diffusers(Config(diffusers_model="m", workers=0), start=other.start, **more)
    async with asyncio.timeout(20):
        yield made, other
        await made.close()


async def collect(made: Diffusers) -> list[Progress | Picture]:
    return [item async for item in made.generate(JOB)]


async def loaded(made: Diffusers, other: Other) -> asyncio.Future[list[Progress | Picture]]:
    """Ask for a picture, and let the process say that it has loaded the model; return the picture in work."""
    painting = asyncio.ensure_future(collect(made))
    await other.hear()
    await other.say(Ready("loaded"))
    return painting


async def called_off(made: Diffusers, other: Other, *, done: int) -> None:
    """Ask for a picture of a new process, and leave it after the first step that it tells of."""
    async with aclosing(made.generate(JOB)) as items:
        first = asyncio.ensure_future(anext(items))
        await other.hear()
        await other.say(Ready("loaded"))
        await other.hear()
        await other.say(Step(1, done, 4))
        await first


async def test_it_sets_up_asks_and_tells() -> None:
    async with playing() as (made, other), asyncio.TaskGroup() as group:
        painting = group.create_task(collect(made))
        assert await other.hear() == SETUP
        await other.say(Ready("loaded"))
        assert await other.hear() == PAINT
        await other.say(Step(1, 1, 2, 2, 1, b"redfox"), Step(1, 2, 2), Finished(1, 272, 256, b"\x80" * 3 * 272 * 256))
        first, second, picture = await painting
    assert isinstance(first, Progress)
    assert isinstance(second, Progress)
    assert isinstance(picture, Picture)
    assert (first.step, first.steps, second.step, second.image) == (2, 4, 4, None)
    assert first.image is not None
    assert first.image.tobytes() == b"redfox"
    assert picture.image.size == (264, 256)


@pytest.mark.parametrize(
    ("news", "raised", "words"),
    [
        (Withheld(1), Refused, "safety check"),
        (Failure(1, "too few numbers"), Failed, "too few numbers"),
        (Broken("the device is lost"), EngineLost, "the device is lost"),
        (Ready("again"), EngineLost, "not asked"),
        (PAINT, EngineLost, "gives orders"),
    ],
)
async def test_every_other_end_is_told_as_what_it_is(news: Any, raised: type[Exception], words: str) -> None:
    async with playing() as (made, other), asyncio.TaskGroup() as group:
        painting = group.create_task(asyncio.wait([asyncio.ensure_future(collect(made))]))
        await other.hear()
        await other.say(Ready("loaded"), news)
        (done,), _ = await painting
        with pytest.raises(raised, match=words):
            done.result()
        assert other.killed == (raised is EngineLost), "only a process that is of no use is ended"


async def test_a_process_that_says_nothing_is_ended_and_the_next_picture_has_another_one() -> None:
    async with playing(silence_s=0.1) as (made, other):
        painting = await loaded(made, other)
        with pytest.raises(EngineLost, match="no sign"):
            await painting
        assert (other.killed, len(other.lines)) == (1, 1)
        painting = asyncio.ensure_future(collect(made))
        await other.hear(process=2)
        await other.say(Ready("loaded"), Finished(2, 264, 256, b"\0" * 3 * 264 * 256))
        assert isinstance((await painting)[-1], Picture)


async def test_a_model_that_loads_too_long_is_lost() -> None:
    async with playing(load_s=0.05) as (made, other):
        with pytest.raises(EngineLost, match="no sign"):
            await collect(made)
        assert other.killed == 1


async def test_who_is_cancelled_while_the_model_loads_leaves_it_loading() -> None:
    async with playing() as (made, other):
        painting = asyncio.ensure_future(collect(made))
        await other.hear()
        painting.cancel()
        await asyncio.wait([painting])
        painting = asyncio.ensure_future(collect(made))
        await other.say(Ready("loaded"))
        assert isinstance(await other.hear(), Paint)
        await other.say(Finished(1, 264, 256, b"\0" * 3 * 264 * 256))
        assert isinstance((await painting)[-1], Picture)
        assert (other.killed, len(other.lines)) == (0, 1)


async def test_who_is_cancelled_in_the_middle_of_a_message_leaves_the_rest_to_the_next_one() -> None:
    async with playing() as (made, other):
        painting = asyncio.ensure_future(collect(made))
        await other.hear()
        ready = wire.pack(Ready("loaded"))
        await asyncio.get_running_loop().sock_sendall(other.lines[-1], ready[:6])
        for _ in range(20):  # turns of the loop, of which reading takes two
            await asyncio.sleep(0)
        painting.cancel()
        await asyncio.wait([painting])
        painting = asyncio.ensure_future(collect(made))
        await asyncio.get_running_loop().sock_sendall(other.lines[-1], ready[6:])
        await other.hear()
        await other.say(Finished(1, 264, 256, b"\0" * 3 * 264 * 256))
        assert isinstance((await painting)[-1], Picture)


async def test_a_picture_called_off_is_stopped_and_the_next_one_waits_for_that() -> None:
    async with playing() as (made, other):
        await called_off(made, other, done=1)
        assert await other.hear() == Stop(1, SILENCE_S)
        painting = asyncio.ensure_future(collect(made))
        await other.say(Step(1, 2, 4), Stopped(1))
        paint = await other.hear()
        assert paint.number == 2
        await other.say(Step(2, 1, 4), Finished(2, 264, 256, b"\0" * 3 * 264 * 256))
        assert len(await painting) == 2


async def test_a_picture_called_off_that_does_not_stop_costs_the_next_one_nothing_but_time() -> None:
    async with playing(silence_s=0.1) as (made, other):
        await called_off(made, other, done=1)
        painting = asyncio.ensure_future(collect(made))
        await other.hear(process=2)
        await other.say(Ready("loaded"), Finished(2, 264, 256, b"\0" * 3 * 264 * 256))
        assert isinstance((await painting)[-1], Picture)
        assert other.killed == 1


async def test_a_process_that_ends_is_told_of_with_how_it_ended() -> None:
    async with playing() as (made, other):
        painting = await loaded(made, other)
        other.lines[-1].close()
        with pytest.raises(EngineLost, match=r"ended \(by SIGKILL\)"):
            await painting


@pytest.mark.parametrize("heard", [True, False], ids=["end of line", "connection reset"])
async def test_a_process_that_ended_between_two_pictures_is_replaced_before_the_next_one(heard: bool) -> None:
    async with playing() as (made, other):
        painting = await loaded(made, other)
        if heard:  # what is not, when a socket is closed, breaks the connection
            await other.hear()
        await other.say(Finished(1, 264, 256, b"\0" * 3 * 264 * 256))
        await painting
        other.lines[-1].close()
        while made._easel is not None and not made._easel.gone:
            await asyncio.sleep(0)
        painting = asyncio.ensure_future(collect(made))
        await other.hear(process=2)
        await other.say(Ready("loaded"), Finished(2, 264, 256, b"\0" * 3 * 264 * 256))
        assert isinstance((await painting)[-1], Picture)


async def test_a_process_that_cannot_be_started_is_lost() -> None:
    def start() -> tuple[socket.socket, Other]:
        raise OSError(11, "Resource temporarily unavailable")

    made = Diffusers(Config(diffusers_model="m", workers=0), start=start)
    with pytest.raises(EngineLost, match=r"cannot be started: .*unavailable"):
        await collect(made)


async def test_a_picture_finished_before_its_stop_is_heard_is_not_the_next_ones() -> None:
    async with playing() as (made, other):
        await called_off(made, other, done=4)
        await other.say(Finished(1, 264, 256, b"\xff" * 3 * 264 * 256))
        painting = asyncio.ensure_future(collect(made))
        assert await other.hear() == Stop(1, SILENCE_S)
        await other.hear()
        await other.say(Finished(2, 264, 256, b"\0" * 3 * 264 * 256))
        (picture,) = await painting
        assert picture.image is not None
        assert picture.image.getpixel((0, 0)) == (0, 0, 0)


async def test_who_waits_for_a_turn_can_be_cancelled() -> None:
    async with playing() as (made, other):
        painting = asyncio.ensure_future(collect(made))
        await other.hear()
        waiting = asyncio.ensure_future(collect(made))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        assert waiting.cancelled()
        await other.say(Ready("loaded"), Finished(1, 264, 256, b"\0" * 3 * 264 * 256))
        assert isinstance((await painting)[-1], Picture)


def test_the_process_hears_a_stop_while_it_paints(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it ends with its line, whatever it is doing."""
    ended: Queue[int] = Queue()
    monkeypatch.setattr(painter.os, "_exit", ended.put)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = painter.Line(theirs)
        ours.sendall(wire.pack(SETUP) + wire.pack(PAINT))
        assert [line.next(), line.next()] == [SETUP, PAINT]
        assert not line.is_off(1)
        ours.sendall(wire.pack(Stop(1, 120.0)))
        heard = threading.Event()
        while not line.is_off(1):
            assert not heard.wait(0.001)
        ours.close()
        assert ended.get(timeout=20) == 0


def test_only_a_picture_that_is_being_painted_is_given_time_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that paints nothing cannot hang, and must not be ended for a stop that came late."""
    timers: Queue[float] = Queue()
    ended: Queue[int] = Queue()
    monkeypatch.setattr(painter.os, "_exit", ended.put)
    monkeypatch.setattr(painter.signal, "setitimer", lambda which, seconds: timers.put(seconds))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = painter.Line(theirs)

        def stop(number: int) -> None:
            ours.sendall(wire.pack(Stop(number, 120.0)) + wire.pack(PAINT))
            assert line.next() == PAINT  # and so the stop before it was heard

        line.begin(1)
        stop(1)
        assert timers.get_nowait() == 120.0
        line.end()
        assert timers.get_nowait() == 0
        stop(1)
        line.begin(2)
        stop(1)
        assert timers.empty()
        ours.close()
        assert ended.get(timeout=20) == 0
