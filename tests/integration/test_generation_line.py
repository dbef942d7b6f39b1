"""The line: fair between people, ordered by their own priorities, with deadlines and estimates that hold."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import BadRequest, Conflict, NotFound
from livefeed.generation.job import Ending
from livefeed.generation.jobs import Jobs
from livefeed.generation.overseer import ROUND_S
from livefeed.generation.retry import Retry
from livefeed.generation.store import Fence, GenerationStore
from livefeed.streams.work import SLOT, TOLD_PLACES, Claim, Pace
from tests.integration.test_generation_studio import KnownPeople, Studio, eventually, open_store, user
from tests.soak import count


@pytest.fixture
async def studio(tmp_path: Path) -> AsyncIterator[Studio]:
    async with open_store(tmp_path) as (store, _):
        yield Studio(store, generations_per_user=500)


async def is_empty(studio: Studio) -> bool:
    return not await studio.left_behind()


async def queued(studio: Studio, *, by: int = 1, **asked: Any) -> str:
    """Ask for a picture and see it into the line."""
    id = await studio.ask(by=by, **asked)
    entries = [entry for entry in await studio.outbox() if entry.data.get("id") == id]
    await studio.projection.apply(entries)
    return id


async def order(studio: Studio, count: int) -> list[str]:
    """Return the next jobs, as they are given out."""
    found = []
    async with studio.work.desk("worker") as desk:
        for _ in range(count):
            claim = await desk.receive(wait_s=20)
            assert claim is not None
            found.append(claim.job)
    return found


async def oversee(studio: Studio) -> None:
    """Make one round, whoever made one a moment ago."""
    await studio.store.execute("DEL", SLOT + "gate")
    await studio.overseer.round()


async def test_a_newcomer_starts_within_as_many_turns_as_there_are_people(studio: Studio) -> None:
    """One has 200 in line, four others 20 each; whoever comes then waits for one of each."""
    for number in range(200):
        await queued(studio, by=1)
        if number < 20:
            for person in (2, 3, 4, 5):
                await queued(studio, by=person)
    for newcomer in range(10, 16):
        await order(studio, 7)
        id = await queued(studio, by=newcomer)
        active = 5 + newcomer - 10 + 1
        turns = 1 + (await order(studio, active)).index(id)
        print(f"newcomer {newcomer} starts at turn {turns} of {active}")
        assert turns <= active


async def test_who_comes_back_again_and_again_overtakes_nobody(studio: Studio) -> None:
    """Three ask for another as soon as theirs is done; somebody with three in line has a turn in each round."""
    work = studio.work
    for id in ("a1", "a2", "a3"):
        await work.enqueue(id, "a")
    for who in "bcd":
        await work.enqueue(f"{who}0", who)
    served = []
    async with work.desk("worker") as desk:
        for turn in range(1, 13):
            claim = await desk.receive(wait_s=20)
            assert claim is not None
            served.append(claim.job)
            await work.done(claim)
            if claim.who != "a":
                await work.enqueue(f"{claim.who}{turn}", claim.who)
    assert [served.index(id) for id in ("a1", "a2", "a3")] == [0, 4, 8]
    assert sorted(id[0] for id in served) == sorted("abcd" * 3)


async def test_nobody_is_remembered_whose_rounds_were_served_or_while_none_waits(studio: Studio) -> None:
    work = studio.work
    for number in range(3):
        await work.enqueue(f"one {number}", f"guest {number}")
        await work.enqueue(f"two {number}", f"guest {number}")
    remembered = []
    async with work.desk("worker") as desk:
        for _ in range(6):
            claim = await desk.receive(wait_s=20)
            assert claim is not None
            await work.done(claim)
            await work.enqueue(claim.job, claim.who)  # once in each life
            remembered.append(await studio.store.execute("ZCARD", SLOT + "turns"))
    assert remembered == [3, 3, 3, 3, 3, 0]


async def test_a_priority_orders_ones_own_pictures_and_takes_nothing_from_others(studio: Studio) -> None:
    mine = [await queued(studio, by=1, priority=priority) for priority in (0, 0, 3, 9, 3)]
    theirs = [await queued(studio, by=2) for _ in range(3)]
    first, second, third, ninth, again = mine
    assert await order(studio, 8) == [ninth, theirs[0], third, theirs[1], again, theirs[2], first, second]


async def test_a_round_that_one_leaves_is_filled_by_ones_next(studio: Studio) -> None:
    """Who cancels what waits loses no turn by it."""
    mine = [await queued(studio, by=1) for _ in range(5)]
    theirs = [await queued(studio, by=2) for _ in range(3)]
    for id in mine[:3]:
        await studio.generations.cancel(id, user(1))
    await studio.carry()
    later = await queued(studio, by=1)
    assert await order(studio, 6) == [mine[3], theirs[0], mine[4], theirs[1], theirs[2], later]


async def test_an_urgent_picture_goes_before_all_rounds(studio: Studio) -> None:
    mine = [await queued(studio, by=1) for _ in range(2)]
    theirs = [await queued(studio, by=2) for _ in range(3)]
    await studio.generations.urgent(theirs[2])
    await studio.generations.urgent(theirs[2])
    rows = await Jobs(studio.streams, KnownPeople()).queued()
    assert [(row["id"], row.get("urgent")) for row in rows[:2]] == [(theirs[2], True), (mine[0], None)]
    assert await order(studio, 5) == [theirs[2], mine[0], theirs[0], mine[1], theirs[1]]
    with pytest.raises(Conflict):
        await studio.generations.urgent(mine[0])
    with pytest.raises(NotFound):
        await studio.generations.urgent("nothing")


@pytest.mark.parametrize("asked", [{"priority": 10}, {"priority": -1}, {"priority": True}, {"priority": 1.5}])
async def test_a_priority_is_a_whole_number_up_to_nine(studio: Studio, asked: dict[str, Any]) -> None:
    with pytest.raises(BadRequest, match="priority must be a whole number from 0 to 9"):
        await studio.ask(**asked)
    assert await studio.left_behind() == {}


@pytest.mark.parametrize("deadline_s", [0, -1, True, "1", 8 * 86_400, float("nan")])
async def test_a_deadline_is_a_number_of_seconds(studio: Studio, deadline_s: Any) -> None:
    with pytest.raises(BadRequest, match="deadline must be a number of seconds"):
        await studio.ask(deadline_s=deadline_s)
    assert await studio.left_behind() == {}


async def test_what_is_not_started_by_its_deadline_is_aborted_though_no_worker_lives(studio: Studio) -> None:
    late = await queued(studio, deadline_s=0.05)
    patient = await queued(studio, deadline_s=600)

    async def over() -> bool:
        await oversee(studio)
        return bool((await studio.state(late))["state"] == "aborted")

    await eventually(over)
    await studio.carry()
    error = (await studio.state(late))["error"]
    assert (error["stage"], error["code"]) == ("queued", "deadline")
    assert await studio.types(late) == ["queued", "aborted"]
    assert (await studio.state(patient))["state"] == "queued"
    assert await order(studio, 1) == [patient]
    await studio.generations.cancel(patient, user(1))
    await studio.carry()
    await studio.work.abandon("worker", crashed=False)
    assert await studio.left_behind() == {}


async def test_a_deadline_is_judged_by_the_clock_that_set_it(studio: Studio) -> None:
    """On a Cluster the queue may be where the clock is ahead: it looks too early, and looks again."""
    id = await queued(studio, deadline_s=600)
    await studio.store.execute("ZADD", SLOT + "due", 1, id)
    await oversee(studio)
    assert (await studio.state(id))["state"] == "queued"
    assert await studio.store.execute("ZCARD", SLOT + "due") == 1
    await studio.set_due(id, at_ms=1)
    await oversee(studio)
    assert (await studio.state(id))["error"]["code"] == "deadline"


async def test_a_worker_starts_nothing_after_its_deadline(studio: Studio) -> None:
    """It has the claim before anybody has noticed."""
    id = await queued(studio, deadline_s=0.05)
    await asyncio.sleep(0.1)
    async with studio.working("one"):
        await studio.until(id, "aborted")
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "aborted"]
    assert studio.quick.jobs == []


async def test_who_is_in_time_again_because_the_clock_was_set_back_is_painted_at_once(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shard says that it is late, fails over, and by the other clock it is not."""
    id = await queued(studio, deadline_s=600)
    await studio.set_due(id, at_ms=1)
    expire, answers = GenerationStore.expire, []

    async def set_back(store: GenerationStore, document: dict[str, Any], ending: Ending) -> Fence:
        await studio.set_due(id, at_ms=2**42)
        answers.append(await expire(store, document, ending))
        return answers[-1]

    monkeypatch.setattr(GenerationStore, "expire", set_back)
    async with studio.working("one"):
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    assert answers == [Fence.EARLY]
    assert await studio.types(id) == ["queued", "started", "completed"]


async def test_a_deadline_is_for_the_first_start_alone(studio: Studio) -> None:
    """It has started in time and is lost: it waits again, however long that takes."""
    id = await queued(studio, deadline_s=3)
    claim = await _claim(studio)
    assert (await studio.jobs.start(claim))[1] is not None
    await studio.work.abandon("worker", crashed=True)

    async def seen() -> dict[str, Any] | None:
        await oversee(studio)
        found = await studio.state(id)
        due = await studio.store.execute("ZCARD", SLOT + "due")
        return found if found["state"] == "queued" and not due else None

    found = await eventually(seen)
    assert (found["place"], found["retry"]["code"]) == (1, "worker_lost")
    async with studio.working("one"):
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))


async def test_the_operators_deadline_is_for_whoever_asks_for_none_or_a_longer_one(tmp_path: Path) -> None:
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, generation_deadline_s=60)
        ids = [await studio.ask(), await studio.ask(deadline_s=600), await studio.ask(deadline_s=5)]
        assert [(await studio.state(id))["deadline_s"] for id in ids] == [60, 60, 5]


async def _claim(studio: Studio, worker: str = "worker") -> Claim:
    async with studio.work.desk(worker) as desk:
        claim = await desk.receive(wait_s=20)
    assert claim is not None
    return claim


async def test_a_picture_whose_worker_died_is_told_to_wait_again_though_no_worker_lives(tmp_path: Path) -> None:
    """Nobody says that it died: its lease runs out."""
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, lease_s=2.0)
        id = await queued(studio)
        claim = await _claim(studio)
        await studio.jobs.start(claim)

        async def seen() -> bool:
            await oversee(studio)
            return bool((await studio.state(id))["state"] == "queued")

        await eventually(seen)
        found = await studio.state(id)
        assert (found["place"], found["retry"]["code"], found["retry"]["attempt"]) == (1, "worker_lost", 2)
        assert not await studio.work.renew(claim)
        async with studio.working("other"):
            await studio.until(id, "completed")
        assert await studio.types(id) == ["queued", "started", "queued", "started", "completed"]


async def test_all_whose_workers_died_at_once_are_told_and_not_only_the_first_in_line(studio: Studio) -> None:
    ids = [await queued(studio, by=1 + number) for number in range(TOLD_PLACES + 10)]
    for number in range(len(ids)):
        claim = await _claim(studio, f"worker{number}")
        await studio.jobs.start(claim)
    for number in range(len(ids)):
        await studio.work.abandon(f"worker{number}", crashed=True)
    behind = await queued(studio, by=1)
    await oversee(studio)
    states = [await studio.state(id) for id in ids]
    assert [state["retry"]["code"] for state in states] == ["worker_lost"] * len(ids)
    assert sorted(state["place"] for state in states) == list(range(1, len(ids) + 1))
    before = len(await studio.told(behind)) + sum([len(await studio.told(id)) for id in ids])
    await oversee(studio)
    assert len(await studio.told(behind)) + sum([len(await studio.told(id)) for id in ids]) == before


async def test_what_a_picture_took_is_learnt_though_the_queue_forgot_it_first(studio: Studio) -> None:
    """The outbox may be quicker than the worker's own word; the answer to that may be lost, and it says it again."""
    id = await queued(studio)
    claim = await _claim(studio)
    assert (claim.kind, claim.pace) == ("quick 65536", None)
    await studio.work.forget(id, user(1).id)
    for _ in range(2):
        assert await studio.work.done(claim, pace=Pace(100, 50, 10))
    await queued(studio, by=2)
    assert await studio.store.execute("HLEN", SLOT + "paces") == 1
    assert (await _claim(studio)).pace == Pace(100, 50, 10)


async def test_everybody_in_a_real_line_is_told_an_estimate_and_who_waits_for_more_is_told_more(tmp_path: Path) -> None:
    """Two slots stand still while twelve people ask; how near the estimates come is measured in bench/eta.py."""
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, generations_per_user=100, worker_slots=2)
        async with studio.working("one"):
            for steps in (5, 15):
                await studio.until(await studio.ask("slow one", steps=steps), "completed")
            for number in (20, 21):
                await studio.until(await studio.ask("hold this", by=number, steps=15), "running")
            ids, first = list[str](), list[tuple[int, float]]()
            for number in range(12):
                ids.append(id := await studio.ask("slow one", by=1 + number, steps=5 + 10 * (number % 2)))
                first.append(await eventually(lambda id=id: _first_place(studio, id)))  # type: ignore[misc]
            studio.quick.release.set()
            for id in ids:
                await studio.until(id, "completed")
        assert [place for place, _ in first] == list(range(1, 13))
        short, long = [eta for _, eta in first[::2]], [eta for _, eta in first[1::2]]
        assert all(after > before for before, after in zip(short, long, strict=True)), first
        assert min(short[0], long[0]) > 0, first
        assert short[-1] > short[0], first
        assert long[-1] > long[0], first
        for id in ids:
            told = [data for kind, data in await studio.told(id) if kind == "progress"]
            assert any(data["eta_s"] is not None for data in told), f"{id} was painted without an estimate"


async def _first_place(studio: Studio, id: str) -> tuple[int, float] | None:
    """Return the place that a picture was first told with an estimate, and the seconds until it is there."""
    for kind, data in await studio.told(id):
        if kind == "place" and data["eta_s"] is not None:
            return data["place"], float(data["eta_s"])
    return None


KEPT = {"came", "counters", "ended", "paces", "paced"}
"""What the queue keeps when nothing is in it: numbers, what ended in the last day, how long pictures take."""


@pytest.mark.soak
async def test_a_random_run_leaves_nothing_behind(studio: Studio, seed: int) -> None:
    """Losses, deadlines, cancels, priorities, urgent ones, deaths, dead letters dropped and tried again."""
    chance = random.Random(seed)
    jobs, ids = Jobs(studio.streams, KnownPeople()), []
    words = ("a fox", "a fox", "slow fox", "lose this", "lose once", "lose thrice", "refuse this", "break this")
    async with studio.working("one", "two", "three"):
        for number in range(count(120, 2000)):
            by = chance.randrange(1, 6)
            asked: dict[str, Any] = {"steps": 4, "priority": chance.choice((0, 0, 1, 9))}
            if chance.random() < 0.3:
                asked["deadline_s"] = chance.choice((0.01, 0.5, 30))
            ids.append((await studio.ask(chance.choice(words), by=by, **asked), by))
            some, whose = chance.choice(ids)
            with suppress(Conflict, NotFound):  # it ended a moment ago
                match chance.randrange(5):
                    case 0:
                        await studio.generations.cancel(some, user(whose))
                    case 1:
                        await studio.generations.urgent(some)
                    case 2 if number % 4 == 0:
                        await studio.work.abandon(f"{chance.choice(('one', 'two', 'three'))}", crashed=True)
                    case 3:
                        for row in await jobs.dead():
                            await (jobs.retry if chance.random() < 0.5 else jobs.drop)(row["id"])
        for id, _ in ids:
            await studio.until(id, "completed", "refused", "failed", "cancelled", "aborted")
        await eventually(lambda: is_empty(studio))
    for row in await jobs.dead():
        await jobs.drop(row["id"])
    ends = [(await studio.state(id, by))["state"] for id, by in ids]
    print({state: ends.count(state) for state in sorted(set(ends))})
    for id, _ in ids:
        posts = [kind for kind, _ in await studio.events(f"post:{id}")]
        completed = (await studio.types(id)).count("completed")
        assert (len(posts), completed) in {(0, 0), (1, 1)}
    names = {name.decode().removeprefix(SLOT) for name in await studio.store.execute("KEYS", "lf:\\{queue}:*")}
    assert names - {"tickets", "gate"} <= KEPT
    assert await studio.store.execute("XLEN", SLOT + "tickets") == 0


async def test_rounds_are_made_once_a_second_however_many_oversee(studio: Studio) -> None:
    assert ROUND_S == 1.0
    await queued(studio)
    assert await studio.work.survey() is not None
    assert await studio.work.survey() is None


def test_a_retry_says_which_attempt_is_next() -> None:
    assert Retry(2, "engine_lost", "It was lost.", 1.234).as_dict()["after_s"] == 1.2
