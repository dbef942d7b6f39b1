"""Cancelling a picture: at once while it waits, at its next step while it is painted, and never a post afterwards."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

import livefeed.client
from livefeed.client import Feed
from livefeed.errors import Conflict, NotFound
from tests.integration import metronome
from tests.integration.crowd import Reader
from tests.integration.orders import SETTINGS, ask, ended, eventually, plug_in, posts, told
from tests.integration.server_process import ServerProcess
from tests.integration.workshop import Workshop
from tests.soak import count, tell

RACES, RACERS = count(40, 500), 4
STEPS, STEP_MS, SLOTS = 6, 20, 2
NOISE = 50
"""How many times the bar a test waits; the bars themselves are shown by `make bench ARGS=cancel`."""
QUEUED_S, BEYOND_STEP_S = NOISE * 0.1, NOISE * 0.5


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServerProcess, Path]]:
    """A server whose one worker paints two pictures at a time, and the diary of the generator."""
    folder = tmp_path_factory.mktemp("cancel")
    with pytest.MonkeyPatch.context() as patch:
        diary = plug_in(folder / "plug-in", patch)
        with ServerProcess(folder / "data", **SETTINGS, workers=1, worker_slots=SLOTS) as server:
            yield server, diary
            assert "Traceback" not in server.log()


async def test_a_picture_that_waits_is_cancelled_at_once(place: tuple[ServerProcess, Path]) -> None:
    """Its watchers are told, its place is free, and no worker ever gets it."""
    server, diary = place
    async with Workshop.of(server, 0) as shop, livefeed.client.connect(server.url) as feed:
        before = [await ask(feed, number, steps=100, step_ms=1_000) for number in range(SLOTS)]
        for id in before:
            await eventually(lambda id=id: did(diary, id, "begun"), "the worker has its hands full")
        waiting = [await ask(feed, SLOTS + number, steps=4, step_ms=10) for number in range(5)]
        for id in waiting:
            async with Reader.of(feed, f"generation:{id}") as reader, asyncio.timeout(QUEUED_S):
                await feed.cancel(id)
                await reader.reach(lambda reader: bool(reader.events("generation.cancelled")))
            assert (await feed.generation(id))["state"] == "cancelled"
            assert [data.get("stage") for _, data in await told(shop.store, f"generation:{id}")] == [None, "queued"]
        for id in before:
            await feed.cancel(id)
        await eventually(lambda: is_empty(shop), "cancelled pictures leave nothing in the queue")
        await ended(feed, await ask(feed, 10, steps=1, step_ms=10))
        assert not {entry.job for entry in metronome.read(diary)} & set(waiting)


async def test_a_picture_that_is_painted_is_cancelled_at_its_next_step(
    place: tuple[ServerProcess, Path], seed: int
) -> None:
    """The worker leaves it, tells nothing more of it, and takes the next one."""
    server, diary = place
    chance, step_ms = random.Random(seed), 300
    async with Workshop.of(server, 0) as shop, livefeed.client.connect(server.url) as feed:
        for number in range(2):
            id = await ask(feed, number, steps=90, step_ms=step_ms)
            async with Reader.of(feed, f"generation:{id}") as reader:
                await eventually(lambda id=id: did(diary, id, "1"), "the picture is begun")
                await asyncio.sleep(chance.uniform(0, step_ms / 1000))
                await feed.cancel(id)
                within_s = NOISE * step_ms / 1000 + BEYOND_STEP_S
                await eventually(lambda id=id: did(diary, id, "left"), "the worker has left it", within_s=within_s)
                await ended(feed, await ask(feed, 10 + number, steps=1, step_ms=10))
                await reader.reach(lambda reader: bool(reader.events("generation.cancelled")))
                last = reader.items[-1]
            assert getattr(last, "type", "") == "generation.cancelled", f"something followed the end: {last}"
            types = [kind for kind, _ in await told(shop.store, f"generation:{id}")]
            assert types == ["queued", "started", "cancelled"]
        await eventually(lambda: is_empty(shop), "nothing of ended jobs is left in the queue")


@pytest.mark.soak
@pytest.mark.timeout(1_800)
async def test_no_post_follows_an_acknowledged_cancel(
    place: tuple[ServerProcess, Path], seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """Cancelled at any moment, also while it is being published: it was too late and said so, or there is no post."""
    server, _ = place
    race = Race(random.Random(seed))
    async with AsyncExitStack() as stack:
        shop = await stack.enter_async_context(Workshop.of(server, 0))
        feeds = [await stack.enter_async_context(livefeed.client.connect(server.url)) for _ in range(RACERS)]
        reader = await stack.enter_async_context(Reader.of(feeds[0], "feed:all"))
        async with asyncio.TaskGroup() as group:
            for feed in feeds:
                group.create_task(race.run(feed))
        await ended(feeds[0], await ask(feeds[0], RACES + 1, steps=1, step_ms=10))
        await eventually(lambda: is_empty(shop), "nothing of ended jobs is left in the queue")
        late = {id for id, outcome in race.outcomes.items() if outcome == "too late"}
        await reader.reach(lambda reader: late <= {event.data["post"]["id"] for event in reader.events("post.created")})
        await eventually(lambda: no_cards(feeds[0]), "no card of what has ended stays on the page")
        outcomes = Counter(race.outcomes.values())
        stages = await judged(feeds[0], shop, race, reader)
    figures = ", ".join(f"{what} {number}" for what, number in (outcomes + stages).items())
    tell(capsys, f"{RACES} races between a cancel and a picture (seed {seed}): {figures}")
    assert min(outcomes["cancelled"], outcomes["too late"]) >= RACES // 10, "the race was always won by the same"


class Race:
    """Pictures that are cancelled after a random while. outcomes: by id, what the server answered."""

    def __init__(self, chance: random.Random) -> None:
        self.outcomes: dict[str, str] = {}
        self._chance = chance
        self._usual_s = 4 * STEPS * STEP_MS / 1000
        """About how long a picture takes here and now: longer after each that was not ready, else shorter."""
        self._numbers = iter(range(1, RACES + 1))

    async def run(self, feed: Feed) -> None:
        """Race until all the races are run; most of them end about when the picture does."""
        for number in self._numbers:
            id = await ask(feed, number, STEPS, STEP_MS)
            about = (0.8, 1.2) if self._chance.random() < 0.7 else (0.0, 1.5)
            await asyncio.sleep(self._usual_s * self._chance.uniform(*about))
            try:
                await feed.cancel(id)
                self.outcomes[id] = "cancelled"
                self._usual_s *= 1.2
            except Conflict:
                self.outcomes[id] = "too late"
                self._usual_s /= 1.2


async def judged(feed: Feed, shop: Workshop, race: Race, reader: Reader) -> Counter[str]:
    """Check every picture of a race; return the stages at which those that were cancelled were."""
    stages: Counter[str] = Counter()
    assert len(race.outcomes) == RACES
    created = Counter(event.data["post"]["id"] for event in reader.events("post.created"))
    listed = Counter(await posts(feed))
    for id, outcome in race.outcomes.items():
        story = await told(shop.store, f"generation:{id}")
        posted = [kind for kind, _ in await told(shop.store, f"post:{id}")]
        end, data = story[-1]
        if outcome == "too late":
            assert (end, posted, created[id], listed[id]) == ("completed", ["post.created"], 1, 1)
            continue
        assert (end, posted, created[id], listed[id]) == ("cancelled", [], 0, 0), f"{id} was posted: {story}"
        assert (await feed.generation(id))["state"] == "cancelled"
        with pytest.raises(NotFound):
            await feed.post(id)
        stages[f"while {data['stage']}"] += 1
    return stages


async def did(diary: Path, id: str, what: str) -> bool:
    """Tell whether the generator has done something for a picture."""
    return any(entry.job == id and entry.what == what for entry in metronome.read(diary))


async def no_cards(feed: Feed) -> bool:
    return (await feed.feed())["generations"] == []


async def is_empty(shop: Workshop) -> bool:
    return not await shop.left_behind()
