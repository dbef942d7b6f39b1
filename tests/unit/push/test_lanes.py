"""Lanes: a push service that answers is waited for, a silent one holds up nobody else."""

from __future__ import annotations

import asyncio

import pytest

from livefeed.push import lanes as push_lanes
from livefeed.push.lanes import AT_ONE_SERVICE, Lanes

BROWSERS = 10 * AT_ONE_SERVICE


async def test_many_messages_to_one_service_take_turns_and_none_is_sent_away() -> None:
    lanes, inside, most = Lanes(), 0, 0

    async def send() -> None:
        nonlocal inside, most
        async with lanes.place("https://push.example"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*[send() for _ in range(BROWSERS)])
    assert most == AT_ONE_SERVICE


async def test_a_silent_service_sends_away_and_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_lanes, "MOVES_S", 0.01)
    lanes, answer = Lanes(), asyncio.Event()
    begun = 0

    async def send() -> None:
        nonlocal begun
        async with lanes.place("https://silent.example"):
            begun += 1
            await answer.wait()

    async with asyncio.TaskGroup() as tasks:
        for _ in range(AT_ONE_SERVICE):
            tasks.create_task(send())
        while begun < AT_ONE_SERVICE:
            await asyncio.sleep(0)
        for _ in range(2):
            with pytest.raises(TimeoutError):
                async with lanes.place("https://silent.example"):
                    raise AssertionError("there is no place")
        async with lanes.place("https://other.example"):
            answer.set()
    async with lanes.place("https://silent.example"):
        pass
