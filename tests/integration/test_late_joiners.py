"""Who comes late to a picture, comes back, or sleeps over it: the newest preview at once, none older, no pile."""

from __future__ import annotations

import asyncio
import io
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

import livefeed.client
from livefeed.client import Feed
from livefeed.position import Position
from tests.integration.onlooker import Onlooker, Sleeper
from tests.integration.orders import SETTINGS, ask, ended, plug_in
from tests.integration.server_process import ServerProcess, status_kib
from tests.integration.workshop import Workshop
from tests.soak import FULL, count

JOINS = count(6, 100)
FAULTS = count(2, 30)
SLEEPERS, PICTURES = count(8, 100), 3
AT_ONCE_S = 10.0
"""Fifty times what we promise; `make bench ARGS=watchers` shows the promise itself."""
WAIT_S = 60.0
KEY, FILLER = "secret", "app:filler"
PREVIEW, PROGRESS = "generation.preview", "generation.progress"


@pytest.fixture(autouse=True)
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the generator tells what it does."""
    return plug_in(tmp_path / "plug-in", monkeypatch)


@asynccontextmanager
async def looking(url: str, *onlookers: Onlooker) -> AsyncIterator[None]:
    """Let people look while the block lasts."""
    tasks = [asyncio.create_task(one.look(url)) for one in onlookers]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for found in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(found, Exception):
                raise found


async def until(check: object, what: str, *, within_s: float = WAIT_S) -> None:
    """Wait for a state while others work."""
    assert callable(check)
    deadline = time.monotonic() + within_s
    while not check():
        assert time.monotonic() < deadline, f"waited {within_s:g} s in vain: {what}"
        await asyncio.sleep(0.01)


def rev(value: dict[str, object]) -> Position:
    return Position.parse(str(value["rev"]))


@pytest.mark.soak
@pytest.mark.timeout(600)
async def test_who_comes_late_has_the_state_and_the_newest_preview_at_once(tmp_path: Path, seed: int) -> None:
    """At any moment: not an older preview than what others have seen already, and its picture is there."""
    chance, joined_s = random.Random(seed), []
    with ServerProcess(tmp_path / "data", **SETTINGS, workers=1) as server:
        async with livefeed.client.connect(server.url) as feed:
            id = await ask(feed, 0, steps=90, step_ms=500 + 4 * JOINS)
            first = Onlooker(f"generation:{id}", packed=True)
            async with looking(server.url, first):
                await until(lambda: bool(first.seen), "the first preview comes")
                for number in range(JOINS):
                    await asyncio.sleep(chance.uniform(0, 0.2))
                    joined_s.append(await comes_late(feed, server.url, first, packed=bool(number % 2)))
                assert "generation.completed" not in first.kinds, "the picture was finished before all had come"
            await feed.cancel(id)
    print(f"{JOINS} came late, each had the newest preview within {max(joined_s):.3f} s (seed {seed})")


async def comes_late(feed: Feed, url: str, first: Onlooker, *, packed: bool) -> float:
    """Join beside the first onlooker; return the seconds until the newest preview was there."""
    known, step = rev(first.values[PREVIEW]), first.values[PROGRESS]["data"]["step"]
    late = Onlooker(first.topic, packed=packed)
    async with looking(url, late):
        began_s = time.monotonic()
        await until(lambda: PREVIEW in late.values, "a preview comes", within_s=AT_ONCE_S)
        took_s = time.monotonic() - began_s
        await until(lambda: PROGRESS in late.values, "how far it is comes", within_s=AT_ONCE_S)
    snapshot = await feed.generation(first.topic.partition(":")[2])
    assert rev(late.seen[0]) >= known, "an older preview than others have seen"
    assert late.values[PROGRESS]["data"]["step"] >= step
    assert (snapshot["state"], snapshot["step"] >= step) == ("running", True)
    data = late.seen[0]["data"]
    with Image.open(io.BytesIO(data["image"] if packed else await feed.fetch(data["url"]))) as image:
        assert (image.format, image.size) == ("JPEG", (data["width"], data["height"]))
    return took_s


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_nobody_sees_a_picture_go_back_whatever_restarts(tmp_path: Path, seed: int) -> None:
    """Server and store are killed, or drained, while it is painted: all come back, to the newest, and end alike."""
    chance, back_s = random.Random(seed), []
    with ServerProcess(tmp_path / "data", **SETTINGS) as server:
        async with Workshop.of(server, 1), livefeed.client.connect(server.url, patience_s=WAIT_S) as feed:
            id = await ask(feed, 0, steps=100, step_ms=800 + 60 * FAULTS)
            people = [Onlooker(f"generation:{id}", packed=packed) for packed in (True, True, False, False)]
            async with looking(server.url, *people):
                await until(lambda: all(one.seen for one in people), "the first preview comes to all")
                for number in range(FAULTS):
                    await asyncio.sleep(chance.uniform(0, 0.5))
                    back_s += await strike(server, people, ("server", "store", "drain")[number % 3])
                await feed.cancel(id)
                await until(lambda: all("generation.cancelled" in one.kinds for one in people), "all are told the end")
                late = Onlooker(f"generation:{id}", packed=True)
                async with looking(server.url, late):
                    await until(lambda: PREVIEW in late.values, "who comes afterwards has the last preview")
            for one in people:
                assert one.kinds[-1] == "generation.cancelled"
                assert {key: value["rev"] for key, value in one.values.items()} == {
                    key: value["rev"] for key, value in late.values.items()
                }
                assert one.lines > FAULTS // 3, "it was hardly ever away"
    shown = max(back_s, default=0.0)
    print(f"{FAULTS} faults; who came back had a preview {shown:.3f} s after subscribing (seed {seed})")


async def strike(server: ServerProcess, people: list[Onlooker], what: str) -> list[float]:
    """Let something end and begin again; return how long each who had to come back waited for the preview."""
    lines = [one.lines for one in people]
    match what:
        case "store":
            os.kill(server.store_pid, signal.SIGKILL)
            return []  # their connections stay
        case "server":
            server.kill()
        case "drain":
            server.terminate()
            await asyncio.to_thread(server.wait)
    await asyncio.to_thread(server.start)
    for one, before in zip(people, lines, strict=True):
        await until(lambda one=one, before=before: one.lines > before, "it is back")  # type: ignore[misc]
        await until(lambda one=one: one.shown_s > 0, "it has the preview at once", within_s=AT_ONCE_S)  # type: ignore[misc]
    return [one.shown_s - one.joined_s for one in people]


async def fill(publisher: Feed) -> None:
    """Publish more than the kernel takes for a client that reads nothing: its connection stands still from then on."""
    for _ in range(10):
        await publisher.publish_many(FILLER, [{"type": "filler", "data": {"text": "x" * 10_000}} for _ in range(6)])


@pytest.mark.soak
async def test_who_sleeps_over_pictures_is_kept_one_preview_of_each(tmp_path: Path) -> None:
    """Nothing piles up for them in the server, and awake they get the newest preview of each picture, no other.

    That is whose line stands still already. Whose line is free is given a few first: what the network holds for them.
    """
    settings = {**SETTINGS, "api_keys": f"{KEY}={FILLER}", "write_timeout_s": 300, "heartbeat_s": 120}
    with ServerProcess(tmp_path / "data", **settings, workers=1, worker_slots=PICTURES) as server:
        publisher = livefeed.client.connect(server.url, token=KEY)
        async with publisher, livefeed.client.connect(server.url) as feed:
            ids = [await ask(feed, number, steps=20, step_ms=150) for number in range(PICTURES)]
            topics = [f"generation:{id}" for id in ids]
            awake = [Onlooker(topic, packed=True) for topic in topics]
            async with looking(server.url, *awake):
                sleepers = [
                    Sleeper(server.url, [FILLER, *topics], packed=bool(number % 2)) for number in range(SLEEPERS)
                ]
                dozing = [Sleeper(server.url, topics, packed=True) for _ in range(3)]
                await fill(publisher)
                before_kib = status_kib(server.pid, "VmRSS")
                for id in ids:
                    assert (await ended(feed, id))["state"] == "completed"
                await until(lambda: all("generation.completed" in one.kinds for one in awake), "all are told")
                grown_kib = status_kib(server.pid, "VmRSS") - before_kib
            await publisher.publish(FILLER, "over", {})
            told = await asyncio.gather(*[asyncio.to_thread(sleeper.wake, "over") for sleeper in sleepers])
            late = [await asyncio.to_thread(sleeper.wake, "generation.completed") for sleeper in dozing]
            for sleeper in [*sleepers, *dozing]:
                sleeper.close()
    made = sum(len(one.seen) for one in awake)
    assert made >= 5 * PICTURES, "too few previews to show anything"
    for values in told:
        shown = [value for value in values if value["type"] == PREVIEW]
        assert sorted(value["rev"] for value in shown) == sorted(one.values[PREVIEW]["rev"] for one in awake)
    for values in late:
        shown = [value for value in values if value["type"] == PREVIEW]
        assert {one.values[PREVIEW]["rev"] for one in awake} <= {value["rev"] for value in shown}
        assert len(shown) <= made // 2, "the kernel was given previews that are older than the newest"
    size_kib = sum(len(one.seen[-1]["data"]["image"]) for one in awake) / PICTURES / 1024
    print(f"{SLEEPERS} slept over {made} previews of {size_kib:.1f} KiB; the server grew by {grown_kib} KiB")
    assert not FULL or grown_kib < SLEEPERS * made * size_kib / 2, "as if all previews were held for each"
