"""Lua does not roll back. Here every write of every script fails in turn, and the same command is then repeated."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from livefeed.errors import NotFound
from livefeed.feed.publication import publication
from livefeed.generation import documents
from livefeed.generation.job import Ending, JobEvent
from livefeed.generation.jobs import Jobs
from livefeed.generation.previews import Preview
from livefeed.generation.retry import Retry
from livefeed.generation.store import Fence
from livefeed.position import Position
from livefeed.streams.connection import StoreRefused
from livefeed.streams.ledger import Letter
from livefeed.streams.work import GROUP, SLOT, Claim
from tests.integration.failing_store import FailingStore
from tests.integration.test_generation_studio import SHARDS, KnownPeople, Studio, open_store, user

FULL = {"width": 256, "height": 256, "steps": 10, "generator": "quick", "publish": True}
LOST = Retry(2, "engine_lost", "The engine was lost; it is tried again by itself.")
MEDIA = {"sha256": "ab" * 32, "width": 8, "height": 8, "thumbhash": "1QcSHQ", "palette": ["#102030"] * 6}


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[FailingStore]:
    async with open_store(tmp_path) as (store, _):
        yield FailingStore(store)


class Scene:
    """One job on its way, and which attempt this is."""

    def __init__(self, studio: Studio, attempt: int) -> None:
        self.studio = studio
        self.key = f"key{attempt}"
        self.person = user(attempt)
        self.id = ""
        self.claim: Claim | None = None
        self.others: list[str] = []

    async def create(self) -> None:
        made = await self.studio.generations.create(self.person, prompt="a fox", seed=1, key=self.key)
        self.id = made["id"]

    async def create_with_a_deadline(self) -> None:
        made = await self.studio.generations.create(
            self.person, prompt="a fox", seed=1, key=self.key, deadline_s=600, priority=5
        )
        self.id = made["id"]

    async def queue_others(self) -> None:
        """Three more wait, of the same person: they have the rounds before this one's."""
        for number in range(3):
            asked: dict[str, Any] = {"prompt": "a fox", "seed": 1, "key": f"{self.key} {number}"}
            self.others.append((await self.studio.generations.create(self.person, **asked))["id"])
        entries = [entry for entry in await self.studio.outbox() if entry.data.get("id") in self.others]
        await self.studio.projection.apply(entries)

    async def cancel_others(self) -> None:
        for other in self.others:
            await self.studio.generations.cancel(other, self.person)
        entries = [entry for entry in await self.studio.outbox() if entry.data.get("id") in self.others]
        await self.studio.projection.apply(entries)
        self.others = []

    async def carry(self) -> None:
        entries = [entry for entry in await self.studio.outbox() if entry.data.get("id") == self.id]
        await self.studio.projection.apply(entries)

    async def receive(self) -> None:
        """Receive at a desk; a ticket that was delivered before comes back once its lease has run out."""
        if self.claim is not None:
            return
        async with self.studio.work.desk("worker") as desk:
            self.claim = await desk.receive(wait_s=0.01)
        assert self.claim is None or self.claim.job == self.id
        if self.claim is None:
            await self.studio.work.abandon("worker", crashed=False)
            raise StoreRefused("nothing came yet")

    async def deliver(self) -> None:
        """Have the ticket delivered to a worker that never claims."""
        command = ("XREADGROUP", "GROUP", GROUP, "worker", "COUNT", 1, "STREAMS", SLOT + "tickets", ">")
        async with self.studio.work.desk("worker"):
            assert await self.studio.store.execute(*command)

    @property
    def held(self) -> Claim:
        assert self.claim is not None
        return self.claim

    @property
    def document(self) -> dict[str, Any]:
        return {"id": self.id, "author": self.person.id, "tags": ["fox"], "prompt": "a #fox"}

    async def start(self) -> None:
        assert (await self.studio.jobs.start(self.held))[0] is Fence.OK

    async def report(self) -> None:
        preview = Preview(2, 8, 8, ["#102030"] * 6, b"jpeg")
        told = await self.studio.jobs.report(self.held, step=2, steps=10, eta_s=1, preview=preview)
        assert told is Fence.OK

    async def complete(self) -> None:
        post = documents.post_of(self.document, self.person.as_dict(), MEDIA)
        done = await self.studio.jobs.complete(
            self.held, self.document, media=MEDIA, post=post, publication=publication(post, SHARDS)
        )
        assert done is Fence.OK

    async def fail(self) -> None:
        ending = Ending(JobEvent.FAILED, "painting", "generator_failed", "It broke.")
        assert await self.studio.jobs.end(self.held, self.document, ending) is Fence.OK

    async def cancel(self) -> None:
        await self.studio.generations.cancel(self.id, self.person)

    async def requeue(self) -> None:
        announced = documents.announce({**self.document, **FULL}, self.person.as_dict())
        told = await self.studio.jobs.requeue(self.id, self.held.token, announced, LOST)
        assert told is Fence.OK

    async def requeue_and_die(self) -> None:
        """Nothing more is heard of the worker: the queue gives its job to another."""
        claim = self.held
        await self.requeue()
        await self.abandon()
        self.claim = claim

    async def rest(self) -> None:
        assert await self.studio.work.rest(self.held, pause_s=0.0) is not None

    async def rested(self) -> None:
        """Its claim is over; it waits for another one."""
        await self.rest()
        self.claim = None

    async def lose_for_good(self) -> None:
        ending = Ending(JobEvent.FAILED, "painting", "engine_lost", "It was lost.")
        assert await self.studio.jobs.end(self.held, self.document, ending, attempts=3) is Fence.OK

    async def settle(self) -> None:
        """The worker is told that its job is over; the projection is not."""
        await self.studio.work.done(self.held)
        self.claim = None

    async def bury(self) -> None:
        await self.carry()
        assert [letter.id for letter in await self.studio.ledger.letters()] == [self.id]

    async def bury_alone(self) -> None:
        """The projection dies between the two: the queue has not heard that it is over."""
        letter = Letter(
            id=self.id, author=self.person.id, generator="quick", code="engine_lost", reason="It was lost.",
            attempts=3, at=Position.parse((await self.studio.outbox())[0].mark).ms,
        )  # fmt: skip
        await self.studio.ledger.bury(letter)

    async def carry_the_newest(self) -> None:
        entries = [entry for entry in await self.studio.outbox() if entry.data.get("id") == self.id]
        await self.studio.projection.apply(entries[-1:])

    async def retry(self) -> None:
        """What `livefeed jobs retry` does; again after the first time, there is no such letter."""
        try:
            await Jobs(self.studio.streams, KnownPeople()).retry(self.id)
        except NotFound:
            assert (await self.studio.state(self.id))["state"] == "queued"

    async def expire(self) -> None:
        document = {**self.document, "deadline_s": 600}
        await self.studio.set_due(self.id, at_ms=1)
        assert await self.studio.jobs.expire(document, documents.too_late(document)) is Fence.OK

    async def urgent(self) -> None:
        assert await self.studio.work.urgent(self.id, self.person.id)

    async def survey(self) -> None:
        await self.studio.store.execute("DEL", SLOT + "gate")
        assert await self.studio.work.survey() is not None

    async def give_back(self) -> None:
        if await self.studio.work.give_back(self.held):
            self.claim = None

    async def abandon(self) -> None:
        await self.studio.work.abandon("worker", crashed=False)
        self.claim = None

    async def done(self) -> None:
        assert await self.studio.work.done(self.held, took_s=1.0)

    async def end_well(self) -> None:
        """Bring the job to its end, from wherever it is, and check that nothing of it is left."""
        state = (await self.studio.generations.get(self.id, self.person))["generation"]["state"]
        if state in {"queued", "running"}:
            await self.carry()
            await self.cancel_others()
            while self.claim is None or not await self.studio.work.renew(self.claim):
                self.claim = None
                try:
                    await self.receive()
                except StoreRefused:
                    continue
            await self.start()
            await self.complete()
        await self.carry()
        await self.cancel_others()
        await self.studio.work.abandon("worker", crashed=False)  # what the next worker sweeps after a lease
        assert await self.studio.left_behind() == {}
        for letter in await self.studio.ledger.letters():
            assert await self.studio.ledger.drop(letter.id)
        assert not await self.studio.store.execute("EXISTS", SLOT + "dead", SLOT + "buried")
        state = (await self.studio.generations.get(self.id, self.person))["generation"]["state"]
        posts = {data["post"]["id"] for _, data in await self.studio.events(f"post:{self.id}")}
        assert posts == ({self.id} if state == "completed" else set())
        ended: dict[int, str] = {}
        for entry in await self.studio.outbox():
            if entry.type == "generation.ended" and entry.data["id"] == self.id:
                assert ended.setdefault(entry.data["life"], entry.data["state"]) == entry.data["state"]
        *earlier, last = [ended[life] for life in sorted(ended)]
        assert (set(earlier) <= {"failed"}, last) == (True, state)


Step = Callable[[Scene], Awaitable[None]]
CREATED: list[Step] = [Scene.create]
QUEUED: list[Step] = [*CREATED, Scene.carry]
RECEIVED: list[Step] = [*QUEUED, Scene.receive]
STARTED: list[Step] = [*RECEIVED, Scene.start]
REQUEUED: list[Step] = [*STARTED, Scene.requeue]
LOST_FOR_GOOD: list[Step] = [*STARTED, Scene.lose_for_good, Scene.settle]
TIMED: list[Step] = [Scene.create_with_a_deadline, Scene.carry]
BEHIND_OTHERS: list[Step] = [Scene.create_with_a_deadline, Scene.queue_others]

CASES: dict[str, tuple[list[Step], Step]] = {
    "create": ([], Scene.create),
    "enqueue": (CREATED, Scene.carry),
    "claim": (QUEUED, Scene.receive),
    "start": (RECEIVED, Scene.start),
    "report": (STARTED, Scene.report),
    "complete": (STARTED, Scene.complete),
    "fail": (STARTED, Scene.fail),
    "cancel when queued": (QUEUED, Scene.cancel),
    "cancel when running": (STARTED, Scene.cancel),
    "give back": (STARTED, Scene.give_back),
    "abandon": (STARTED, Scene.abandon),
    "abandon what was delivered": ([*QUEUED, Scene.deliver], Scene.abandon),
    "done": ([*STARTED, Scene.complete], Scene.done),
    "forget when ended": ([*STARTED, Scene.fail], Scene.carry),
    "forget when queued": ([*QUEUED, Scene.cancel], Scene.carry),
    "create with a deadline": ([], Scene.create_with_a_deadline),
    "enqueue with a deadline and a priority": (BEHIND_OTHERS, Scene.carry),
    "forget in front of others": ([*BEHIND_OTHERS, Scene.carry, Scene.cancel], Scene.carry),
    "claim what has a deadline": (TIMED, Scene.receive),
    "expire": (TIMED, Scene.expire),
    "forget when expired": ([*TIMED, Scene.expire], Scene.carry),
    "requeue": (STARTED, Scene.requeue_and_die),
    "rest": (REQUEUED, Scene.rest),
    "receive after a rest": ([*REQUEUED, Scene.rested], Scene.receive),
    "survey after a rest": ([*REQUEUED, Scene.rested], Scene.survey),
    "survey what is late": (TIMED, Scene.survey),
    "lose for good": (STARTED, Scene.lose_for_good),
    "bury": (LOST_FOR_GOOD, Scene.bury),
    "retry": ([*LOST_FOR_GOOD, Scene.bury], Scene.retry),
    "enqueue another life": ([*LOST_FOR_GOOD, Scene.bury, Scene.retry], Scene.carry),
    "enqueue another life before the first is over": (
        [*STARTED, Scene.lose_for_good, Scene.bury_alone, Scene.retry],
        Scene.carry_the_newest,
    ),
    "urgent": ([*BEHIND_OTHERS, Scene.carry], Scene.urgent),
}


@pytest.mark.parametrize("name", CASES)
async def test_a_write_that_fails_is_made_good_by_repeating(store: FailingStore, name: str) -> None:
    before, step = CASES[name]
    studio = Studio(store, lease_s=60.0)
    attempts = 0
    while True:
        attempts += 1
        scene = Scene(studio, attempts)
        for earlier in before:
            await earlier(scene)
        broken = len(store.broken)
        store.fail_at = attempts
        try:
            await step(scene)
        except StoreRefused:
            pass
        finally:
            store.fail_at = 0
        failed = len(store.broken) > broken
        if failed:
            while True:
                try:
                    await step(scene)
                    break
                except StoreRefused:
                    continue
        await scene.end_well()
        if not failed:
            break
    print(f"{name}: {attempts - 1} writes failed in turn")
    assert attempts > 1
