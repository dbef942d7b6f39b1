"""An outage is two lines in the log, however many parts have it and however often they try."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import hiredis
import pytest

from livefeed.errors import StoreUnavailable
from livefeed.streams import outbox
from livefeed.streams.connection import Led
from livefeed.streams.outage import Outage
from livefeed.streams.outbox import Carrier, Outgoing

AWAY = StoreUnavailable("It is away.")
LED = Led(hiredis.ReplyError("MOVED 1 host:2"))
SHARDS = 8


@pytest.fixture
def outage(caplog: pytest.LogCaptureFixture) -> Outage:
    caplog.set_level(logging.INFO)
    return Outage(logging.getLogger("livefeed.test"), "it")


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [(record.levelname, record.getMessage()) for record in caplog.records]


def test_the_first_part_lost_and_the_last_one_back_are_told(outage: Outage, caplog: pytest.LogCaptureFixture):
    for part in (1, 2, 1, 2, 1):
        outage.lost(part, AWAY)
    outage.back(1)
    outage.lost(1, AWAY)
    outage.back(2)
    assert lines(caplog) == [("WARNING", "it lost the store and tries again: It is away.")]
    outage.back(1)
    assert lines(caplog)[1:] == [("INFO", "it has the store again")]


def test_the_next_outage_is_told_again(outage: Outage, caplog: pytest.LogCaptureFixture):
    for _ in range(2):
        outage.lost(1, AWAY)
        outage.back(1)
    assert [level for level, _ in lines(caplog)] == ["WARNING", "INFO"] * 2


def test_what_was_never_lost_is_not_told_to_be_back(outage: Outage, caplog: pytest.LogCaptureFixture):
    outage.back(1)
    assert lines(caplog) == []


def test_a_loss_is_told_even_while_others_are_only_led_elsewhere(outage: Outage, caplog: pytest.LogCaptureFixture):
    outage.lost(1, LED)
    outage.lost(2, LED)
    outage.lost(3, AWAY)
    outage.lost(2, LED)
    assert [level for level, _ in lines(caplog)] == ["INFO", "WARNING"]


class Strand:
    """A master of outboxes: up and empty, or away. Counts who tried."""

    def __init__(self) -> None:
        self.up, self.tries, self.changed = False, 0, asyncio.Event()

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Strand]:
        self.tries += 1
        if not self.up:
            raise AWAY
        yield self

    async def execute(self, *command: Any, **_: Any) -> Any:
        if command[0] == "XREADGROUP":
            await self.changed.wait()
            if not self.up:
                raise AWAY
        return (b"0-0", []) if command[0] == "XAUTOCLAIM" else None


class Effects:
    """A projection whose effects need a part of the store that is away."""

    name = "timelines"

    def __init__(self) -> None:
        self.away = True

    async def apply(self, batch: Sequence[Outgoing]) -> None:
        if self.away:
            raise AWAY


async def turns_until(condition: Any) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0)


async def test_a_projection_without_its_store_is_two_lines_for_all_shards(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.INFO)
    strands = [Strand() for _ in range(SHARDS)]
    monkeypatch.setattr(outbox, "strands", lambda _, names: list(zip(strands, [[name] for name in names], strict=True)))
    monkeypatch.setattr(outbox, "MAX_PAUSE_S", 0.0)
    monkeypatch.setattr(outbox.random, "uniform", lambda *_: 0.0)
    carrier = Carrier(None, Effects(), shards=SHARDS, consumer="c")  # type: ignore[arg-type]
    running = asyncio.create_task(carrier.run())
    try:
        await turns_until(lambda: all(strand.tries > 3 for strand in strands))
        assert lines(caplog) == [("WARNING", "projection timelines lost the store and tries again: It is away.")]
        for strand in strands:
            strand.up = True
        await turns_until(lambda: len(caplog.records) > 1)
        assert lines(caplog)[1:] == [("INFO", "projection timelines has the store again")]
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


class Settles:
    """A store that takes what was carried out."""

    async def run(self, *_: Any) -> None:
        return


async def test_effects_that_wait_for_the_store_are_one_line_and_not_one_per_entry(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    effects = Effects()
    carrier = Carrier(Settles(), effects, shards=1, consumer="c")  # type: ignore[arg-type]
    batch = [Outgoing(f"{number}-0", "post.created", f"m{number}", {}) for number in range(20)]
    for _ in range(3):
        await carrier._carry("lf:{s00}:outbox", batch)
    assert [level for level, _ in lines(caplog)] == ["WARNING"]
    effects.away = False
    await carrier._carry("lf:{s00}:outbox", batch)
    assert [level for level, _ in lines(caplog)] == ["WARNING", "INFO"]
