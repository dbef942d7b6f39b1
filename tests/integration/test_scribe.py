"""The processes that hold documents: what they fail at, whom they keep waiting, who suffers from a room at fault."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from livefeed.errors import Busy, LivefeedError
from livefeed.rooms import ink
from livefeed.rooms import scribe as scribes
from livefeed.rooms.ink import PROMPT
from livefeed.rooms.lanes import Lanes
from livefeed.rooms.scribe import Forgotten, Scribe
from livefeed.rooms.varints import write

HONEST, QUESTIONS = 100, 4
WAIT_S = 60.0
STRANGERS = 6_000
"""Updates that all write at the same place: each costs what all before it have cost together."""


@contextlib.asynccontextmanager
async def running(scholar: Any) -> AsyncIterator[None]:
    task = asyncio.ensure_future(scholar.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
async def scribe() -> AsyncIterator[Scribe]:
    found = Scribe()
    async with running(found):
        yield found


def crowded(chance: random.Random) -> list[bytes]:
    """Return a document that takes seconds to put together."""
    clients = [chance.getrandbits(50) + 1 for _ in range(STRANGERS)]
    return [ink.seed("", {}), *(b"\x01\x01" + write(client) + b"\x00\x04\x01\x06prompt\x01x\x00" for client in clients)]


async def test_a_question_it_fails_at_costs_that_question_alone(
    scribe: Scribe, caplog: pytest.LogCaptureFixture
) -> None:
    assert await scribe.ask("a", None, [ink.seed("a fox", {})], "1-1", "state")
    pid = scribe.pid
    with caplog.at_level(logging.ERROR), pytest.raises(LivefeedError) as told:
        await scribe.ask("b", None, [ink.seed("", {})], "1-1", "no such question")
    assert told.value.code == "internal"
    assert "Traceback" in caplog.text
    assert "no such question" in caplog.text
    assert (scribe.failures, scribe.deaths, scribe.pid) == (1, 0, pid)
    contents = await scribe.ask("a", "1-1", [], "1-1", "contents")
    assert contents[PROMPT] == "a fox", "what it holds of others it still has"
    with pytest.raises(LivefeedError):
        await scribe.ask("a", "1-1", [], "1-1", "missing", "no bytes")
    with pytest.raises(Forgotten):
        await scribe.ask("a", "1-1", [], "1-1", "contents")


async def test_who_waits_too_long_is_told_so_and_asks_again(scribe: Scribe, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await scribe.tell("check state", b"\x00") == ""
    pid = scribe.pid
    monkeypatch.setattr(scribes, "DEADLINE_S", 0.2)
    os.kill(pid, signal.SIGSTOP)
    try:
        asked = [scribe.tell("check state", b"\x00", room=room) for room in "abc"]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(answer) for answer in answers] == [Busy] * 3
        assert scribe.waiting == 0, "what nobody waits for is not asked"
    finally:
        os.kill(pid, signal.SIGCONT)
    monkeypatch.setattr(scribes, "DEADLINE_S", WAIT_S)
    assert await scribe.tell("check state", b"\x05") != "", "the answers that came late are nobody's"
    assert (scribe.pid, scribe.deaths) == (pid, 0)


@pytest.mark.parametrize("turns", [1, 30, None], ids=["as it starts", "at its first question", "as it is replaced"])
def test_when_it_has_stopped_no_process_and_no_pipe_of_it_is_left(
    turns: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """turns: how often the loop goes round before it is stopped; None: until a process was given up."""
    unraised: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", unraised.append)
    monkeypatch.setattr(scribes, "PATIENCE_S", 0.05)

    async def stopped_early() -> None:
        found = Scribe()
        async with running(found):
            asked = asyncio.ensure_future(found.ask("a", None, crowded(random.Random(1)), "1-1", "whole"))
            if turns is None:
                with pytest.raises(Busy):
                    await asked
            for _ in range(turns or 0):
                await asyncio.sleep(0)
        await asyncio.gather(asked, return_exceptions=True)

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        asyncio.run(stopped_early())
        gc.collect()
    assert [str(warning.message) for warning in told if "transport" in str(warning.message)] == []
    assert unraised == []


async def test_a_room_that_asks_too_much_is_refused_and_no_other(
    scribe: Scribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await scribe.tell("check state", b"\x00") == ""
    os.kill(scribe.pid, signal.SIGSTOP)
    try:
        loud = [
            asyncio.ensure_future(scribe.tell("check state", b"\x00", room="loud"))
            for _ in range(scribes.WAITING_OF_ROOM + 10)
        ]
        quiet = asyncio.ensure_future(scribe.tell("check state", b"\x00", room="quiet"))
        await asyncio.sleep(0)
        assert not quiet.done()
    finally:
        os.kill(scribe.pid, signal.SIGCONT)
    assert await quiet == ""
    refused = [answer for answer in await asyncio.gather(*loud, return_exceptions=True) if answer != ""]
    assert {type(answer) for answer in refused} == {Busy}
    assert 5 <= len(refused) <= 10


async def test_a_hostile_room_hurts_none_of_a_hundred_honest_ones(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a document that takes seconds of processor time, and asks for it over and over from many connections.

    The deadline is ten times as long here: others work beside. The longest wait is told.
    """
    monkeypatch.setattr(scribes, "DEADLINE_S", 10 * scribes.DEADLINE_S)
    lanes, hostile = Lanes(), crowded(random.Random(seed))
    waits_s: list[float] = []
    async with running(lanes):
        attacks = [asyncio.ensure_future(_attack(lanes, hostile)) for _ in range(8)]
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(4 * WAIT_S):
                await asyncio.gather(*(_ask_honestly(lanes, f"room {number}", waits_s) for number in range(HONEST)))
        finally:
            for attack in attacks:
                attack.cancel()
            await asyncio.gather(*attacks, return_exceptions=True)
        print(f"{len(waits_s)} honest questions; the longest took {max(waits_s):.2f} s, {sum(waits_s):.1f} s together")
        assert len(waits_s) == HONEST * QUESTIONS
        assert max(waits_s) < scribes.DEADLINE_S
        assert lanes.quick.deaths <= 1, "it is asked elsewhere since its first question"


async def _attack(lanes: Lanes, pieces: Sequence[bytes]) -> None:
    while True:
        try:
            await lanes.ask("hostile", None, pieces, "1-1", "whole")
        except (Busy, Forgotten):
            await asyncio.sleep(0.01)


async def _ask_honestly(lanes: Lanes, room: str, waits_s: list[float]) -> None:
    """As the server does: a document that is not held any more is given anew. Busy is a failure of this test."""
    document, held = [ink.seed(room, {})], None
    for _ in range(QUESTIONS):
        began_s = time.monotonic()
        while True:
            try:
                found = await lanes.ask(room, held, [] if held else document, "1-1", "contents")
                break
            except Forgotten:
                held = None
        assert found[PROMPT] == room
        held = "1-1"
        waits_s.append(time.monotonic() - began_s)
        await asyncio.sleep(0.05)
