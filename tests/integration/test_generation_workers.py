"""Workers that die, stall, stop; leases, tokens and what is left to the next one."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from livefeed.errors import StoreUnavailable
from livefeed.feed.publication import publication
from livefeed.generation import documents
from livefeed.generation.job import Ending, JobEvent
from livefeed.generation.previews import Preview
from livefeed.generation.retry import Retry
from livefeed.generation.store import Fence
from livefeed.streams.work import GROUP, SLOT, Claim
from tests.integration.test_generation_studio import (
    DEADLINE_S,
    SHARDS,
    Studio,
    eventually,
    open_store,
    user,
    worker_process,
)

MEDIA = {"sha256": "ab" * 32, "width": 8, "height": 8, "thumbhash": "1QcSHQ", "palette": ["#102030"] * 6}
LOST = Retry(2, "engine_lost", "The engine was lost; it is tried again by itself.", 1.0)
PREVIEW = Preview(3, 8, 8, ["#102030"] * 6, b"jpeg")


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[tuple[Studio, str]]:
    async with open_store(tmp_path) as (store, url):
        yield Studio(store), url


@pytest.fixture
def studio(place: tuple[Studio, str]) -> Studio:
    return place[0]


async def is_empty(studio: Studio) -> bool:
    return not await studio.left_behind()


async def stepped(studio: Studio, id: str, step: int) -> bool:
    return (await studio.state(id)).get("step", 0) >= step


async def test_a_worker_killed_mid_painting_is_replaced_within_the_lease_and_two_seconds(
    place: tuple[Studio, str],
) -> None:
    """One post and one completed, by the other worker."""
    (studio, url), lease_s = place, 2.0
    async with worker_process(url, "first", lease_s=lease_s) as first, studio.working():
        id = await studio.ask("slow fox", steps=20)
        await eventually(lambda: stepped(studio, id, 3))
        killed_s = time.monotonic()
        first.send_signal(signal.SIGKILL)
        await first.wait()
        async with worker_process(url, "second", lease_s=lease_s):
            await studio.until(id, "completed")
            took_s = time.monotonic() - killed_s
            await eventually(lambda: is_empty(studio))
    print(f"finished {took_s:.2f} s after the kill, lease {lease_s} s, painting 2 s")
    assert took_s < 10 * (lease_s + 2)
    assert await studio.types(id) == ["queued", "started", "started", "completed"]
    assert [kind for kind, _ in await studio.events(f"post:{id}")] == ["post.created"]
    attempts = [data["attempt"] for kind, data in await studio.events(f"generation:{id}") if kind.endswith("started")]
    assert attempts == [1, 2]


async def test_a_worker_told_to_stop_hands_its_job_back_at_once(place: tuple[Studio, str]) -> None:
    """The lease is a minute; nobody waits for it, and the stop does not count as an attempt."""
    _, url = place
    studio = Studio(place[0].store, lease_s=60.0)
    async with worker_process(url, "first", lease_s=60) as first, studio.working():
        id = await studio.ask("slow fox", steps=20)
        await eventually(lambda: stepped(studio, id, 2))
        first.send_signal(signal.SIGTERM)
        assert await first.wait() == 0
        again = await studio.state(id)
        assert (again["state"], again["retry"]["code"]) == ("queued", "worker_stopped")
        async with worker_process(url, "second", lease_s=60):
            await studio.until(id, "completed")
            await eventually(lambda: is_empty(studio))
    attempts = [data["attempt"] for kind, data in await studio.events(f"generation:{id}") if kind.endswith("started")]
    assert attempts == [1, 1]


async def test_a_worker_told_to_stop_finishes_what_it_can_within_the_grace(place: tuple[Studio, str]) -> None:
    studio, url = place
    async with worker_process(url, "first", lease_s=2, grace_s=60) as first, studio.working():
        id = await studio.ask("slow fox", steps=5)
        await eventually(lambda: stepped(studio, id, 1))
        first.send_signal(signal.SIGTERM)
        assert await first.wait() == 0
        assert (await studio.state(id))["state"] == "completed"
        consumers = await studio.store.execute("XINFO", "CONSUMERS", SLOT + "tickets", GROUP)
        assert consumers == []


async def test_whoever_learns_that_a_worker_is_dead_returns_its_jobs_at_once(place: tuple[Studio, str]) -> None:
    _, url = place
    studio = Studio(place[0].store, lease_s=60.0)
    async with worker_process(url, "first", lease_s=60) as first, studio.working():
        id = await studio.ask("slow fox", steps=20)
        await eventually(lambda: stepped(studio, id, 2))
        first.send_signal(signal.SIGKILL)
        await first.wait()
        assert await studio.work.abandon("first", crashed=True) == 1
        assert await studio.work.abandon("first", crashed=True) == 0
        async with worker_process(url, "second", lease_s=60):
            await studio.until(id, "completed")
    attempts = [data["attempt"] for kind, data in await studio.events(f"generation:{id}") if kind.endswith("started")]
    assert attempts == [1, 2]


async def claimed(studio: Studio, consumer: str) -> Claim:
    """Return the next job, received at a desk of `consumer`."""
    async with studio.work.desk(consumer) as desk:
        claim = await desk.receive(wait_s=20)
    assert claim is not None
    return claim


Call = Callable[[Studio, Claim], Awaitable[object]]


def _document(claim: Claim) -> dict[str, object]:
    return {"id": claim.job, "author": user(1).id, "tags": [], "prompt": "a fox"}


def _announced(claim: Claim) -> dict[str, object]:
    return {**_document(claim), "state": "queued", "steps": 10}


async def _complete(studio: Studio, claim: Claim) -> object:
    document = _document(claim)
    post = documents.post_of(document, user(1).as_dict(), MEDIA)
    return await studio.jobs.complete(claim, document, media=MEDIA, post=post, publication=publication(post, SHARDS))


FENCED: dict[str, Call] = {
    "start": lambda studio, claim: studio.jobs.start(claim),
    "report": lambda studio, claim: studio.jobs.report(claim, step=3, steps=10, eta_s=1, preview=None),
    "preview": lambda studio, claim: studio.jobs.report(claim, step=3, steps=10, eta_s=1, preview=PREVIEW),
    "complete": _complete,
    "end": lambda studio, claim: studio.jobs.end(
        claim, _document(claim), Ending(JobEvent.FAILED, "painting", "generator_failed", "It broke.")
    ),
    "renew": lambda studio, claim: studio.work.renew(claim),
    "requeue": lambda studio, claim: studio.jobs.requeue(claim.job, claim.token, _announced(claim), LOST),
    "give_back": lambda studio, claim: studio.work.give_back(claim),
    "rest": lambda studio, claim: studio.work.rest(claim, pause_s=60),
    "renew with what is left": lambda studio, claim: studio.work.renew(claim, left_s=4.0),
    "done": lambda studio, claim: studio.work.done(claim, took_s=1.0),
}
REFUSED = (False, None, Fence.STALE, (Fence.STALE, None, 0))


@pytest.mark.parametrize("name", FENCED)
async def test_a_stale_worker_is_fenced_in_every_call(place: tuple[Studio, str], name: str) -> None:
    """The job was taken over: whatever its first worker still does changes nothing, anywhere."""
    studio = Studio(place[0].store, lease_s=60.0)
    id = await studio.ask()
    await studio.carry()
    stale = await claimed(studio, "first")
    assert (await studio.jobs.start(stale))[0] is Fence.OK
    assert await studio.work.abandon("first", crashed=True) == 1
    holder = await claimed(studio, "second")
    assert holder.token > stale.token
    assert (await studio.jobs.start(holder))[0] is Fence.OK
    before = await everything(studio)
    assert await FENCED[name](studio, stale) in REFUSED
    assert await everything(studio) == before
    assert await studio.work.renew(holder)
    assert await FENCED[name](studio, holder) not in REFUSED, "the same call does something for the holder"
    assert (await studio.state(id))["state"] in {"queued", "running", "completed", "failed"}


async def everything(studio: Studio) -> dict[bytes, bytes]:
    """Return the contents of the whole store."""
    names = sorted(await studio.store.execute("KEYS", "lf:*"))
    return {name: await studio.store.execute("DUMP", name) for name in names}


async def test_a_claim_that_was_never_started_is_stale_in_the_queue_too(studio: Studio) -> None:
    await studio.ask()
    await studio.carry()
    stale = await claimed(studio, "first")
    await studio.work.abandon("first", crashed=True)
    await claimed(studio, "second")
    assert not await studio.work.renew(stale)
    assert not await studio.work.give_back(stale)
    assert not await studio.work.done(stale)


async def test_a_lease_that_runs_out_passes_the_job_on_and_a_renewed_one_does_not(tmp_path: Path) -> None:
    async with open_store(tmp_path) as (store, _):
        studio = Studio(store, lease_s=3.0)
        lapsing, kept = await studio.ask(), await studio.ask()
        await studio.carry()
        first = await claimed(studio, "first")
        second = await claimed(studio, "second")
        assert {first.job, second.job} == {lapsing, kept}

        async def overdue() -> Claim | None:
            assert await studio.work.renew(second)
            return await studio.work.claim("third")

        taken = await eventually(overdue)
        assert (taken.job, taken.attempt) == (first.job, 2)
        assert not await studio.work.renew(first)
        assert await studio.work.renew(second)


async def test_a_job_that_kills_its_workers_fails_after_three(studio: Studio) -> None:
    id = await studio.ask()
    await studio.carry()
    for attempt in (1, 2, 3):
        claim = await claimed(studio, "doomed")
        assert claim.attempt == attempt
        await studio.jobs.start(claim)
        await studio.work.abandon("doomed", crashed=True)
    async with studio.working("healthy"):
        failed = await studio.until(id, "failed")
        await eventually(lambda: is_empty(studio))
    assert failed["error"]["code"] == "worker_lost"
    assert await studio.types(id) == ["queued", "started", "started", "started", "failed"]


async def test_a_job_that_killed_three_workers_fails_though_none_is_left(studio: Studio) -> None:
    """Whoever looks after the line ends it, and a worker that comes a moment later finds nothing."""
    id = await studio.ask()
    await studio.carry()
    for _ in range(3):
        claim = await claimed(studio, "doomed")
        await studio.jobs.start(claim)
        await studio.work.abandon("doomed", crashed=True)

    async def failed() -> bool:
        await studio.overseer.round()
        return bool((await studio.state(id))["state"] == "failed")

    await eventually(failed)
    assert (await studio.state(id))["error"]["code"] == "worker_lost"
    late = await claimed(studio, "late")
    assert (await studio.jobs.start(late))[0] is Fence.OVER
    await studio.carry()
    await studio.work.abandon("late", crashed=False)
    assert await studio.left_behind() == {}
    (letter,) = await studio.ledger.letters()
    assert (letter.id, letter.code, letter.attempts) == (id, "worker_lost", 3)


async def test_workers_share_the_line_and_nobody_paints_a_picture_twice(studio: Studio) -> None:
    async with studio.working("one", "two", "three"):
        ids = [await studio.ask(by=number % 10) for number in range(40)]
        for id in ids:
            await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    for id in ids:
        assert await studio.types(id) == ["queued", "started", "completed"]


async def queued(studio: Studio, *, by: int) -> str:
    """Ask for a picture and see it into the line."""
    id = await studio.ask(by=by)
    await studio.carry()
    return id


async def test_somebody_with_one_picture_waits_for_one_of_everybody_else_not_for_all(studio: Studio) -> None:
    many = [await queued(studio, by=1) for _ in range(5)]
    one = await queued(studio, by=2)
    order = [(await claimed(studio, "worker")).job for _ in range(6)]
    assert order == [many[0], one, *many[1:]]


async def test_a_newcomer_does_not_overtake_the_rounds_that_were_served(studio: Studio) -> None:
    many = [await queued(studio, by=1) for _ in range(4)]
    first = [(await claimed(studio, "worker")).job for _ in range(2)]
    two = [await queued(studio, by=2) for _ in range(2)]
    rest = [(await claimed(studio, "worker")).job for _ in range(4)]
    assert first == many[:2]
    assert rest == [two[0], many[2], two[1], many[3]]


async def test_projecting_again_and_in_any_order_changes_nothing(studio: Studio) -> None:
    ended = await studio.ask()
    await studio.generations.cancel(ended, user(1))
    waiting = await studio.ask()
    entries = await studio.outbox()
    await studio.projection.apply(list(reversed(entries)))
    before = await everything(studio)
    queued = [name for name in before if name.startswith(SLOT.encode())]
    await studio.projection.apply(entries)
    await studio.projection.apply(list(reversed(entries)))
    after = await everything(studio)
    ended_at = SLOT.encode() + b"ended"
    assert [name for name in queued if name != ended_at and before[name] != after[name]] == []
    assert (await claimed(studio, "worker")).job == waiting
    assert await studio.store.execute("XLEN", SLOT + "tickets") == 1


async def test_a_reservation_whose_generation_never_came_lapses(studio: Studio) -> None:
    """The server died between the two steps of a create."""
    limit = studio.config.generations_per_user
    for number in range(limit):
        await studio.work.reserve(f"job{number}", user(1).id)
    for name in ("held", f"of:{user(1).id}"):
        for number in range(limit):
            await studio.store.execute("ZADD", SLOT + name, "XX", 1, f"job{number}")
    id = await studio.ask()
    await studio.carry()
    assert (await claimed(studio, "worker")).job == id


async def test_a_queue_entry_whose_generation_is_gone_is_dropped(studio: Studio) -> None:
    await studio.work.enqueue("01m0000000000000000000", user(1).id)
    async with studio.working("one"):
        await eventually(lambda: is_empty(studio))


async def answered(check: Awaitable[bool]) -> bool:
    """Return what the store answers; False when it cannot be reached."""
    try:
        return await check
    except StoreUnavailable:
        return False


async def test_a_worker_waits_out_a_store_that_is_away(studio: Studio) -> None:
    """Connections are cut while it paints; the picture comes all the same, once."""
    async with studio.working("one"):
        id = await studio.ask("slow fox", steps=10)
        await eventually(lambda: stepped(studio, id, 2))
        for step in (3, 4, 5):
            async with studio.store.dedicated() as connection:
                await connection.execute("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
            await eventually(lambda step=step: answered(stepped(studio, id, step)))  # type: ignore[misc]
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "completed"]


async def test_a_worker_keeps_its_picture_while_the_store_takes_no_writes(
    place: tuple[Studio, str], caplog: pytest.LogCaptureFixture
) -> None:
    """A store without its replicas refuses to renew the lease; the same attempt finishes the picture."""
    studio = Studio(place[0].store, lease_s=10.0)
    async with studio.working("one"):
        id = await studio.ask("hold the line")
        await asyncio.wait_for(studio.quick.holding.wait(), DEADLINE_S)
        await studio.store.execute("CONFIG", "SET", "min-replicas-to-write", "1")

        async def refused() -> bool:
            return "is not renewed" in caplog.text

        try:
            await eventually(refused)
        finally:
            await studio.store.execute("CONFIG", "SET", "min-replicas-to-write", "0")
        studio.quick.release.set()
        await studio.until(id, "completed")
        await eventually(lambda: is_empty(studio))
    assert await studio.types(id) == ["queued", "started", "completed"]
