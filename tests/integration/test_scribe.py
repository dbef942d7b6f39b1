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
import warnings
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import pytest

from livefeed.errors import Busy, LivefeedError
from livefeed.rooms import hearing, ink, varints
from livefeed.rooms import scribe as scribes
from livefeed.rooms.ink import PROMPT, Spoiled
from livefeed.rooms.lanes import Lanes
from livefeed.rooms.scribe import Forgotten, Scribe
from livefeed.rooms.varints import write
from tests.integration.papers import ROOM, Writer
from tests.soak import count

HONEST, QUESTIONS = 100, 4
HOSTILE = count(6, 20)
TANGLE = count(4_000, 40_000)
"""Clients of a hostile update: of 50 KB, and half a megabyte."""
LARGE = 16_000
"""Updates of the large honest room, which take about 0.4 s."""
WAIT_S = 60.0
AGES_S = 900.0
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


async def test_whoever_asks_about_many_rooms_is_behind_others_in_a_new_room_too() -> None:
    """In both lanes: what was taken in one counts in the other."""
    lanes, told = Lanes(), list[str]()

    async def ask(scholar: Lanes | Scribe, room: str, person: str) -> None:
        await scholar.tell("check state", b"\x00", room=room, person=person)
        told.append(person)

    async with running(lanes):
        chance = random.Random(1)
        with pytest.raises(Forgotten):
            await lanes.ask("dear", None, crowded(chance), "1-1", "state", person="mallory")
        for lane in (lanes.quick, lanes.slow):
            told.clear()
            await asyncio.gather(ask(lane, "new", "mallory"), ask(lane, "other", "ann"), ask(lane, "third", ""))
            assert told == ["ann", "", "mallory"]


async def test_a_process_that_stalls_on_an_update_is_ended_and_the_update_named(scribe: Scribe) -> None:
    """What its processor timer does, done by hand, while it is at the second piece."""
    seed = await scribe.tell("seed", {"prompt": "x", "params": {}})
    pieces = [seed, *[varints.read_bytes(Writer(index).write("x" * 2_000), 0)[0] for index in range(1, 3_000)]]
    asking = asyncio.ensure_future(scribe.ask(ROOM, None, pieces, "1-1", "state"))
    await until(lambda: scribe.at > 0)
    os.kill(scribe.pid, signal.SIGPROF)
    with pytest.raises(Spoiled) as told:
        await asking
    assert 0 < told.value.index < len(pieces)
    with pytest.raises(Forgotten):
        await scribe.ask(ROOM, "1-1", [], "1-1", "state")
    assert await scribe.ask(ROOM, None, [seed], "1-1", "state")


async def test_a_process_that_is_killed_blames_no_update(scribe: Scribe) -> None:
    pieces = [varints.read_bytes(Writer(index).write("x" * 2_000), 0)[0] for index in range(1, 3_000)]
    asking = asyncio.ensure_future(scribe.ask(ROOM, None, pieces, "1-1", "state"))
    await until(lambda: scribe.at > 0)
    os.kill(scribe.pid, signal.SIGKILL)
    with pytest.raises(Busy):
        await asking
    assert await scribe.tell("check state", b"\x00") == ""


async def test_a_question_that_nobody_waits_for_any_more_confuses_nobody(scribe: Scribe) -> None:
    asking = asyncio.ensure_future(scribe.ask("a", None, [], "1-1", "whole"))
    await asyncio.sleep(0)
    asking.cancel()
    assert await scribe.tell("check state", b"\x05") != ""


async def test_work_that_nobody_waits_for_any_more_ends_and_no_process_with_it(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    ends: list[tuple[str, str]] = []
    settle = Scribe._settle

    def noted(scribe: Scribe, question: Any, word: str, value: Any, took_s: float) -> None:
        ends.append((question.room, word))
        settle(scribe, question, word, value, took_s)

    monkeypatch.setattr(Scribe, "_settle", noted)
    patient = Scribe(budget_s=WAIT_S)
    async with running(patient):
        asking = asyncio.ensure_future(patient.ask("a", None, crowded(random.Random(seed)), "1-1", "whole"))
        await until(lambda: patient.at > 0)
        pid = patient.pid
        asking.cancel()
        assert await patient.tell("check state", b"\x00", room="b") == ""
        assert ends == [("a", "overdrawn"), ("b", "answer")]
        assert (patient.pid, patient.deaths) == (pid, 0)


async def test_a_room_that_was_found_dear_is_so_whatever_is_asked_about_it(seed: int) -> None:
    """Documents are asked about by room and epoch, and some things by the room alone."""
    lanes = Lanes()
    async with running(lanes):
        with pytest.raises(Forgotten):
            await lanes.ask("a first", None, crowded(random.Random(seed)), "1-1", "whole")
        quick = lanes.quick.pid
        os.kill(quick, signal.SIGSTOP)
        try:
            assert await lanes.tell("check state", b"\x00", room="a") == "", "nobody asked the quick one"
        finally:
            os.kill(quick, signal.SIGCONT)


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not true():
            await asyncio.sleep(0)


@pytest.mark.soak
@pytest.mark.timeout(1_000)
async def test_many_hostile_rooms_hurt_none_of_a_hundred_honest_ones(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has documents that take seconds of processor time, and updates made to be hard to put in order; it asks for
    them over and over, from many connections. One honest room is large.

    A machine may have others' work to do, so time is what the processes spend, not what passes: no honest question
    waits for more of it than it would have on a machine of its own before it was refused, and the large room's for no
    more than servers insist on an answer.
    """
    deadline_s = scribes.DEADLINE_S
    monkeypatch.setattr(scribes, "DEADLINE_S", AGES_S)
    monkeypatch.setattr(scribes, "PATIENCE_S", AGES_S)
    spent = Meter(monkeypatch)
    lanes, chance = Lanes(), random.Random(seed)
    attacks = [("whole", crowded(chance), None), ("weigh", [ink.seed("", {})], tangled(chance, TANGLE))]
    large = [ink.seed("large", {}), *one_by_one(chance, LARGE)]
    waits_s: list[float] = []
    large_waits_s: list[float] = []
    async with running(lanes):
        hostile = [
            asyncio.ensure_future(_attack(lanes, f"hostile-{number}", *attacks[number % 2]))
            for number in range(HOSTILE)
            for _ in range(2)
        ]
        await asyncio.sleep(0)
        try:
            async with asyncio.timeout(AGES_S):
                await asyncio.gather(
                    *(_ask_honestly(lanes, f"room-{number}", spent, waits_s) for number in range(HONEST)),
                    _ask_honestly(lanes, "large", spent, large_waits_s, large),
                )
        finally:
            for attack in hostile:
                attack.cancel()
            refused = sum(await asyncio.gather(*hostile))
        print(
            f"honest questions waited for {max(waits_s):.2f} s of processor time, {max(large_waits_s):.2f} s if large"
        )
        print(f"hostile ones were refused {refused} times; {lanes.quick.deaths} + {lanes.slow.deaths} processes fell")
        assert refused
        assert len(waits_s) == HONEST * QUESTIONS
        assert max(waits_s) < deadline_s
        assert len(large_waits_s) == QUESTIONS
        assert max(large_waits_s) < hearing.PATIENCE_S


class Meter:
    """What each process has spent on documents, in seconds of processor time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._spent_s: Counter[Scribe] = Counter()
        settle = Scribe._settle

        def counted(scribe: Scribe, question: Any, word: str, value: Any, took_s: float) -> None:
            self._spent_s[scribe] += took_s  # type: ignore[assignment]
            settle(scribe, question, word, value, took_s)

        patch.setattr(Scribe, "_settle", counted)

    def now(self) -> Counter[Scribe]:
        return Counter(self._spent_s)

    def since(self, began: Counter[Scribe]) -> float:
        """Return the most that one of them has spent since: they work side by side."""
        return max((spent_s - began[scribe] for scribe, spent_s in self._spent_s.items()), default=0.0)


async def _attack(lanes: Lanes, room: str, question: str, pieces: Sequence[bytes], argument: bytes | None) -> int:
    """Ask until cancelled; return how often that was refused."""
    refused = 0
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            try:
                await lanes.ask(room, None, pieces, "1-1", question, argument)
            except (Busy, Forgotten):
                refused += 1
                await asyncio.sleep(0.01)
    return refused


def tangled(chance: random.Random, clients: int) -> bytes:
    """Return an update whose first client goes on by one struct whenever another has, in no order; a struct has a
    few bytes."""

    def behind(client: int, clock: int) -> bytes:
        return b"\x81" + write(client) + write(clock) + b"\x01"

    runs = [(2 + number, [behind(1, number)]) for number in range(clients)]
    chance.shuffle(runs)
    first = [b"\x00\x01", *(behind(2 + number, 0) for number in range(clients))]
    runs.append((1, first))
    said = [write(len(structs)) + write(client) + b"\x00" + b"".join(structs) for client, structs in runs]
    return write(len(runs)) + b"".join(said) + b"\x00"


def one_by_one(chance: random.Random, letters: int) -> list[bytes]:
    """Return the updates of somebody who types a long text, letter by letter."""
    client = chance.getrandbits(31) + 1
    first = b"\x01\x01" + write(client) + b"\x00\x04\x01\x04long\x01x\x00"
    rest = (
        b"\x01\x01" + write(client) + write(clock) + b"\x84" + write(client) + write(clock - 1) + b"\x01x\x00"
        for clock in range(1, letters)
    )
    return [first, *rest]


async def _ask_honestly(
    lanes: Lanes, room: str, spent: Meter, waits_s: list[float], document: Sequence[bytes] | None = None
) -> None:
    """As the server does: a document that is not held any more is given anew. Busy is a failure of this test."""
    document, held = document or [ink.seed(room, {})], None
    for _ in range(QUESTIONS):
        began = spent.now()
        while True:
            try:
                found = await lanes.ask(room, held, [] if held else document, "1-1", "contents")
                break
            except Forgotten:
                held = None
        assert found[PROMPT] == room
        held = "1-1"
        waits_s.append(spent.since(began))
        await asyncio.sleep(0.05)
