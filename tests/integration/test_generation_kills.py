"""Workers, the server and the store die by `kill -9` while pictures are made: none is lost, none is posted twice."""

from __future__ import annotations

import asyncio
import contextlib
import random
import signal
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest

import livefeed.client
from livefeed.client import Feed
from livefeed.errors import Conflict, NotFound
from livefeed.generation.retry import ATTEMPTS
from livefeed.streams import keys
from livefeed.topic import Topic
from tests.integration import metronome
from tests.integration.crowd import Reader
from tests.integration.havoc import Havoc
from tests.integration.orders import (
    ENDS,
    SETTINGS,
    SHARDS,
    WAIT_S,
    ask,
    ended,
    eventually,
    insist,
    plug_in,
    posts,
    told,
)
from tests.integration.server_process import ServerProcess
from tests.integration.workshop import Hand, Workshop, half_written
from tests.soak import count, tell

JOBS, KILLS = count(4, 100), count(6, 300)
ROUNDS = count(2, 30)
HANDS = count(2, 3)
UNDER_WAY = 5
STEP_MS = (30, 120, 220)
"""With 4 to 19 steps a picture takes 1.4 s on average: a kill finds somebody at work on a fast machine too."""
LEASE_S = count(10, 20)
CANCELLED = 0.1


@pytest.fixture
def diary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the generator tells what it does."""
    return plug_in(tmp_path / "plug-in", monkeypatch)


@pytest.mark.soak
@pytest.mark.timeout(1_800)
async def test_no_picture_is_lost_and_none_is_posted_twice_whoever_is_killed(
    tmp_path: Path, diary: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each ends once and for good: as one post, or as given up, and then indeed its third worker had died."""
    chance = random.Random(seed)
    with ServerProcess(tmp_path / "data", workers=1, lease_s=LEASE_S, **SETTINGS) as server:
        async with (
            Workshop.of(server, HANDS) as shop,
            livefeed.client.connect(server.url, patience_s=WAIT_S) as feed,
            Reader.of(feed, "feed:all") as reader,
        ):
            havoc = Havoc(shop, server, chance)
            async with asyncio.TaskGroup() as group:
                group.create_task(havoc.run(KILLS))
                asking = group.create_task(ask_all(feed, havoc, chance))
            ids = await asking
            states = [await ended(feed, id) for id in ids]
            outcomes = Counter(state["state"] for state in states)
            posted = {state["id"] for state in states if state["state"] == "completed"}
            await reader.reach(lambda reader: len(reader.events("post.created")) >= len(posted))
            met = sum([await judge(feed, shop, havoc, state) for state in states])
            await eventually(lambda: is_empty(shop), "nothing of ended jobs is left in the queue")
            created = [event.data["post"]["id"] for event in reader.events("post.created")]
            assert sorted(created) == sorted(posted)
            assert sorted(await posts(feed)) == sorted(posted)
            assert reader.gaps == 0
            cancelled = {state["id"] for state in states if state["state"] == "cancelled"}
            assert cancelled == havoc.cancelled, "cancelled are those whose cancel was answered so"
    assert [path.name for path in tmp_path.glob("*.err") if "Traceback" in path.read_text("utf-8")] == []
    figures = ", ".join(f"{name} {number}" for name, number in (havoc.struck + outcomes).items())
    tell(
        capsys,
        f"{JOBS} pictures, {HANDS} workers and the server's (seed {seed}): {figures}",
        f"{met} times somebody else had to begin again, or a picture was given up",
        f"{len(half_written(server.data / 'media'))} files that a worker was writing when it died are left",
    )
    assert havoc.struck["worker at work"] >= count(1, KILLS // 4), "the kills hardly met anybody at work"
    assert met >= count(1, KILLS // 4), "hardly a death cost a picture anything"
    assert havoc.struck["worker fenced off"] >= count(0, 3), "hardly a worker stood still and was fenced off"
    assert len(posted) >= count(1, JOBS // 2), "hardly a picture was finished: this shows nothing"


async def ask_all(feed: Feed, havoc: Havoc, chance: random.Random) -> list[str]:
    """Ask for all the pictures, evenly over the kills, and cancel some of them; return their ids."""
    ids: list[str] = []
    async with asyncio.TaskGroup() as group:
        for number in range(JOBS):
            while havoc.kills < min(KILLS, (number - UNDER_WAY) * KILLS // JOBS):
                await asyncio.sleep(0.05)
            id = await ask(feed, number, steps=chance.randrange(4, 20), step_ms=chance.choice(STEP_MS))
            ids.append(id)
            if chance.random() < CANCELLED:
                group.create_task(cancel(feed, havoc, id, chance.uniform(0, 4)))
    assert len(set(ids)) == JOBS
    return ids


async def cancel(feed: Feed, havoc: Havoc, id: str, after_s: float) -> None:
    """Cancel a picture after a while, and note it if that is answered so."""
    await asyncio.sleep(after_s)
    with contextlib.suppress(Conflict):  # it has ended before
        await insist(lambda: feed.cancel(id))
        havoc.cancelled.add(id)


async def judge(feed: Feed, shop: Workshop, havoc: Havoc, state: dict[str, Any]) -> int:
    """Check that what was told of a picture is one story with one end, the one that its state says.

    Returns: how many losses it tells of, attempts after the first and being given up: each is the end of another claim.
    """
    id, deaths = state["id"], len(shop.deaths[state["id"]])
    story = await told(shop.store, f"generation:{id}")
    types = [kind for kind, _ in story]
    assert types[0] == "queued"
    assert [kind for kind in types if kind in ENDS] == [state["state"]] == types[-1:], types
    attempts = [data["attempt"] for kind, data in story if kind == "started"]
    assert is_rising(story, id in havoc.handed_back), f"{id} was started by a worker that had lost it: {attempts}"
    losses = max(attempts, default=1) - 1 + (state["state"] == "failed")
    assert losses <= deaths, f"{id} began {attempts} and is {state['state']}, but only {deaths} of its claims were lost"
    created = [data["post"]["id"] for kind, data in await told(shop.store, f"post:{id}") if kind == "post.created"]
    if state["state"] == "completed":
        assert created == [id]
        assert (await feed.post(id))["post"]["id"] == id
        assert await feed.download(state["media"]["sha256"], 256)
        return losses
    assert created == []
    with pytest.raises(NotFound):
        await feed.post(id)
    if state["state"] != "cancelled":
        assert (state["state"], state["error"]["code"]) == ("failed", "worker_lost"), state
        assert deaths >= ATTEMPTS, f"{id} was given up after {deaths} of its claims were lost"
    return losses


def is_rising(story: Sequence[tuple[str, dict[str, Any]]], handed_back: bool) -> bool:
    """Tell whether each attempt is a later one than that before it; only one that was handed back is made again.

    handed_back: nobody need have told that it was: the worker may have had no time to.
    """
    before, may_repeat = 0, handed_back
    for kind, data in story:
        if kind == "queued" and "retry" in data:
            may_repeat = handed_back or data["retry"]["code"] == "worker_stopped"
        elif kind == "started":
            if data["attempt"] < before + (not may_repeat):
                return False
            before, may_repeat = data["attempt"], handed_back
    return True


async def is_empty(shop: Workshop) -> bool:
    return not await shop.left_behind()


@pytest.mark.soak
@pytest.mark.timeout(900)
async def test_a_worker_that_stood_still_past_its_lease_changes_nothing_when_it_goes_on(
    tmp_path: Path, diary: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stopped at any moment, until another one paints or has finished: what it has in hand is refused by its token."""
    chance, overtaken, moments = random.Random(seed), 0, Counter[str]()
    with ServerProcess(tmp_path / "data", **SETTINGS, lease_s=2.0) as server:
        async with Workshop.of(server, 2) as shop, livefeed.client.connect(server.url) as feed:
            await ended(feed, await ask(feed, 0, steps=1, step_ms=10))
            number = 0
            while overtaken < ROUNDS:
                number += 1
                assert number < 20 * ROUNDS, f"only {overtaken} of {number} workers were overtaken"
                id = await ask(feed, number, steps=8, step_ms=60)
                stopped = await stop_its_worker(shop, diary, id, chance.uniform(0, 0.7))
                moment = [entry.what for entry in metronome.read(diary) if entry.job == id][-1]
                goes_on = goes_on_beside if overtaken % 2 else goes_on_afterwards
                if await goes_on(feed, shop, stopped, id):
                    overtaken += 1
                    moments[moment] += 1
                    await one_story(feed, shop, diary, id)
            await eventually(lambda: is_empty(shop), "nothing of ended jobs is left in the queue")
            assert "Traceback" not in "".join(hand.log.read_text() for hand in shop.hands)
    said = ", ".join(f"{moment} {times}" for moment, times in sorted(moments.items()))
    tell(capsys, f"{overtaken} workers stood still and were overtaken (seed {seed}); the last they did: {said}")


async def stop_its_worker(shop: Workshop, diary: Path, id: str, after_s: float) -> Hand:
    """Stop the worker of a picture, `after_s` after it has begun; return it."""

    async def begun() -> Hand | None:
        pids = {entry.pid for entry in metronome.read(diary) if entry.job == id}
        return next((hand for hand in shop.hands if hand.pid in pids), None)

    hand: Hand = await eventually(begun, f"{id} begins")
    await asyncio.sleep(after_s)
    hand.signal(signal.SIGSTOP)
    return hand


async def goes_on_beside(feed: Feed, shop: Workshop, stopped: Hand, id: str) -> bool:
    """Let a worker go on as soon as another one has begun; tell whether it had been overtaken."""

    async def taken_or_over() -> list[int] | None:
        over = (await feed.generation(id))["state"] in ENDS
        begun = await attempts_at(shop, id)
        return begun if over or len(begun) > 1 else None

    try:
        begun: list[int] = await eventually(taken_or_over, f"{id} is taken over")
    finally:
        stopped.signal(signal.SIGCONT)
    if len(begun) > 1:
        await understands(stopped, id)
    return len(begun) > 1


async def goes_on_afterwards(feed: Feed, shop: Workshop, stopped: Hand, id: str) -> bool:
    """Let a worker go on when another one has finished; tell whether it had been overtaken."""
    try:
        await ended(feed, id)
        if await attempts_at(shop, id) == [1]:
            return False  # it had finished before it was stopped
        before = await everything(shop, id)
    finally:
        stopped.signal(signal.SIGCONT)
    await understands(stopped, id)
    after = await everything(shop, id)
    assert {name: after[name] for name in after if b":pv:" not in name} == {
        name: before[name] for name in before if b":pv:" not in name
    }
    assert after.items() <= before.items(), "a preview was written late"
    return True


async def understands(stopped: Hand, id: str) -> None:
    """Wait until a worker has learned that a picture is no longer its own."""

    async def said() -> bool:
        return stopped.said(f"job {id} stops here")

    await eventually(said, f"{stopped.name} learns that {id} is no longer its own")


async def attempts_at(shop: Workshop, id: str) -> list[int]:
    return [data["attempt"] for kind, data in await told(shop.store, f"generation:{id}") if kind == "started"]


async def one_story(feed: Feed, shop: Workshop, diary: Path, id: str) -> None:
    """Check that since the second worker began nothing was told but what it had done by then."""
    assert (await ended(feed, id))["state"] == "completed"
    assert await attempts_at(shop, id) == [1, 2]
    notes = [entry for entry in metronome.read(diary) if entry.job == id]
    second = [entry.pid for entry in notes if entry.what == "begun"][-1]
    done_ms = {entry.what: entry.at_us / 1000 for entry in notes if entry.pid == second}
    steps = await steps_told(shop, id)
    assert steps, "it told nothing at all"
    for at_ms, step in steps:
        assert done_ms[str(step)] <= at_ms + 1, f"step {step} was told by whoever had lost {id}"
    assert [step for _, step in steps] == sorted({step for _, step in steps})


async def steps_told(shop: Workshop, id: str) -> list[tuple[int, int]]:
    """Return when the steps of a picture were told that came after its last start, in ms, and which."""
    topic, found = Topic(f"generation:{id}"), list[tuple[int, int]]()
    for name, fields in await shop.store.execute("XRANGE", keys.fan(topic.shard(SHARDS)), "-", "+"):
        entry = dict(zip(fields[::2], fields[1::2], strict=True))
        if entry[b"t"] == topic.name.encode():
            if entry[b"k"] == b"generation.started":
                found.clear()
            elif entry[b"k"] == b"generation.progress":
                found.append((int(name.partition(b"-")[0]), orjson.loads(entry[b"d"])["step"]))
    return found


async def everything(shop: Workshop, id: str) -> dict[bytes, bytes]:
    """Return all keys of a generation and its post, and the feed that carries it, with their contents."""
    names = sorted(await shop.store.execute("KEYS", f"*{id}*"))
    names += await shop.store.execute("KEYS", "*feed:all*")
    return {name: await shop.store.execute("DUMP", name) for name in names}
