"""A backbone in parts, as a Cluster is: the loss of one is not the loss of all."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from livefeed.errors import StoreUnavailable
from livefeed.position import Position
from livefeed.streams import follower as follower_module
from livefeed.streams.follower import Follower


class Part:
    """A master without entries: up, or away."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self.up = True

    def turn(self, *, up: bool) -> None:
        self.up = up
        self.changed.set()
        self.changed = asyncio.Event()

    @contextlib.asynccontextmanager
    async def dedicated(self) -> AsyncIterator[Part]:
        if not self.up:
            raise StoreUnavailable("It is away.")
        yield self

    async def execute(self, *command: Any, **_: Any) -> Any:
        if command[0] == "XREAD":
            await self.changed.wait()
            if not self.up:
                raise StoreUnavailable("It went away.")
        return None


class Told:
    """What the follower told, in order."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def reset(self, shard: int, cut: Position) -> None:
        pass

    def recheck(self, shard: int) -> None:
        pass

    def advance(self, shard: int, entries: Sequence[Any]) -> None:
        raise AssertionError("nothing happens here")

    def lost(self) -> None:
        self.words.append("lost")

    def found(self) -> None:
        self.words.append("found")


@pytest.fixture
async def parts(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Follower, Told, list[Part]]]:
    masters, told = [Part(), Part()], Told()
    monkeypatch.setattr(
        follower_module, "strands", lambda _, names: list(zip(masters, [[n] for n in names], strict=True))
    )
    monkeypatch.setattr(follower_module, "MAX_PAUSE_S", 0.001)
    follower = Follower(None, told, shards=2)  # type: ignore[arg-type]
    running = asyncio.create_task(follower.run())
    await follower.ready.wait()
    yield follower, told, masters
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def test_a_master_that_is_away_is_not_the_loss_of_the_backbone(parts: Any) -> None:
    follower, told, (first, _) = parts
    first.turn(up=False)
    while follower.ready.is_set():
        await asyncio.sleep(0)
    assert "lost" not in told.words
    first.turn(up=True)
    await follower.ready.wait()


async def test_with_the_last_master_the_backbone_is_lost_and_with_the_first_it_is_found(parts: Any) -> None:
    follower, told, (first, second) = parts
    first.turn(up=False)
    second.turn(up=False)
    while "lost" not in told.words:
        await asyncio.sleep(0)
    told.words.clear()
    second.turn(up=True)
    while "found" not in told.words:
        await asyncio.sleep(0)
    assert not follower.ready.is_set()
    first.turn(up=True)
    await follower.ready.wait()


async def test_an_outage_of_all_masters_is_two_lines_in_the_log(parts: Any, caplog: pytest.LogCaptureFixture) -> None:
    follower, told, masters = parts
    caplog.set_level(logging.INFO)
    for master in masters:
        master.turn(up=False)
    while "lost" not in told.words:
        await asyncio.sleep(0)
    for master in masters:
        master.turn(up=True)
    await follower.ready.wait()
    while len(caplog.records) < 2:
        await asyncio.sleep(0)
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
