"""One claimed job, from its start to its end: painted, told of, published."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from PIL import Image

from livefeed.clock import Clock
from livefeed.errors import Busy, StoreUnavailable
from livefeed.generation import documents
from livefeed.generation.authors import author_of
from livefeed.generation.generator import EngineLost, Picture, Progress, Refused
from livefeed.generation.inpainting import keeping
from livefeed.generation.job import Ancestor, Ending, Job, JobEvent
from livefeed.generation.outcome import Again, Done, Ended, Loss, Outcome, loss_of, not_stored
from livefeed.generation.ports import JSON, Parents, People, Pictures, Publisher
from livefeed.generation.previews import Preview, PreviewBudget, PreviewMaker
from livefeed.generation.registry import Generators
from livefeed.generation.retry import ATTEMPTS, WORKERS_LOST, Retry, given_up, rest_s
from livefeed.generation.store import Fence, GenerationStore, Record
from livefeed.making import Making
from livefeed.streams.connection import WritesRefused
from livefeed.streams.estimates import told_s
from livefeed.streams.tempo import Tempo
from livefeed.streams.work import Claim

log = logging.getLogger(__name__)

REPORTS_PER_S: Final = 10
MAX_PAUSE_S: Final = 2.0
ANCESTORS: Final = 6
"""How far back it is read what a remix goes on from."""
PICTURE_TRIES: Final = 5
STORE_FOR_S: Final = 120.0
"""How long a finished picture is kept, and tried to be stored again, while the storage of pictures is busy. Its slot is
kept too: what would be painted there meanwhile could not be stored either."""
MAX_REASON: Final = 300

Result = TypeVar("Result")


class Interrupted(Exception):
    """The job needs this worker no more; `fence` says why."""

    def __init__(self, fence: Fence) -> None:
        super().__init__(fence)
        self.fence = fence


class _NotKept(Exception):
    """What people have drawn for it is gone: painting something else instead would surprise them."""


class _NoPicture(Exception):
    """The generator ended without a picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What painting needs."""

    store: GenerationStore
    generators: Generators
    pictures: Pictures
    parents: Parents
    people: People
    publish: Publisher
    previews: PreviewMaker
    clock: Clock
    timeout_s: float
    pauses: Callable[[int, float], float] = rest_s


async def insist(step: Callable[[], Awaitable[Result]]) -> Result:
    """Repeat an idempotent step until the store answers, and takes writes; whoever owns the task ends the wait."""
    pause_s = 0.05
    while True:
        try:
            return await step()
        except (StoreUnavailable, WritesRefused) as exc:
            log.warning("a worker waits for the store: %s", exc.message)
            await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
            pause_s = min(2 * pause_s, MAX_PAUSE_S)


class Painting:
    """The work on one claim."""

    def __init__(self, claim: Claim, studio: Studio) -> None:
        self._claim = claim
        self._studio = studio
        self._reported_s = 0.0
        self._shown: int | None = None
        self._previews = 0
        """How many were told of at the attempts before this one."""
        self._tempo = Tempo(claim.pace, 1, studio.clock.monotonic_s())
        self._busy = ""
        """Why the storage of pictures last did not take the finished one."""

    async def carry_out(self) -> Outcome:
        """Do the job to its end, or until it has to be tried again.

        Raises: Interrupted when somebody cancelled it or took it over.
        """
        if self._claim.attempt > ATTEMPTS:
            await self._give_up()
            return Ended()
        document = await self._start()
        self._tempo = Tempo(self._claim.pace, document["steps"], self._studio.clock.monotonic_s())
        match await self._make(document):
            case Loss(painted=False) as loss if self._claim.attempt < ATTEMPTS:
                return await self._again(document, loss)
            case Loss(stage, code, what, cause):
                ending = Ending(JobEvent.FAILED, stage, code, f"{what}; try again in a moment.")
                await self._end(document, ending, self._claim.attempt, cause)
                return Ended()
            case Ending() as ending:
                await self._end(document, ending)
                return Ended()
            case media:
                await self._publish(document, media)
                return Done(None if self._busy else self._tempo.pace(self._studio.clock.monotonic_s()))

    def left_s(self) -> float | None:
        """Return what is left of the job, if anything allows a guess: nothing does while its picture is kept."""
        if self._busy:
            return None
        return self._tempo.left_s(self._studio.clock.monotonic_s())

    async def hand_back(self, retry: Retry) -> None:
        """Tell that the job is in line again, because this worker stops. Raises: Interrupted, LivefeedError."""
        record = await self._studio.store.read(self._claim.job)
        if record is not None:
            await self._requeue(record.document, retry)

    async def _give_up(self) -> None:
        record = await insist(lambda: self._studio.store.read(self._claim.job))
        if record is None:
            raise Interrupted(Fence.GONE)
        await self._end(record.document, given_up(), ATTEMPTS, WORKERS_LOST)

    async def _start(self) -> JSON:
        """Return what is to be painted. Raises: Interrupted when it is not to be; what is late is ended."""
        while True:
            fence, document, self._previews = await insist(lambda: self._studio.store.start(self._claim))
            if document is not None:
                return document
            # Where the shard's clock was set back since it said that it is late, it is in time again.
            if fence is not Fence.LATE or await self._expire() is not Fence.EARLY:
                raise Interrupted(fence)

    async def _expire(self) -> Fence:
        record = await insist(lambda: self._studio.store.read(self._claim.job))
        if record is None:
            return Fence.GONE
        ending = documents.too_late(record.document)
        return await insist(lambda: self._studio.store.expire(record.document, ending))

    async def _end(self, document: JSON, ending: Ending, attempts: int | None = None, cause: str = "") -> None:
        store, told = self._studio.store, cause[:MAX_REASON]
        await self._write(lambda: store.end(self._claim, document, ending, attempts=attempts, cause=told))

    async def _again(self, document: JSON, loss: Loss) -> Again:
        attempt = self._claim.attempt
        after_s = self._studio.pauses(attempt, random.random())
        retry = Retry(attempt + 1, loss.code, f"{loss.what}; it is tried again by itself.", after_s)
        await insist(lambda: self._requeue(document, retry))
        return Again(retry, documents.kind_of(document), document["steps"])

    async def _requeue(self, document: JSON, retry: Retry) -> None:
        announced = documents.announce(document, await self._author(document))
        fence = await self._studio.store.requeue(self._claim.job, self._claim.token, announced, retry)
        if fence is not Fence.OK:
            raise Interrupted(fence)

    async def _make(self, document: JSON) -> JSON | Ending | Loss:
        """Return the stored picture's `media`, or why there is none."""
        stage, reading = "painting", True
        deadline = asyncio.timeout(self._studio.timeout_s)
        try:
            async with deadline:
                making = self._making(document)
                start, mask = await self._parent(document), await self._draft(document, "mask")
                reading = False
                ancestors = await self._ancestors(document)
                image = await self._paint(documents.job_of(document, start, mask, ancestors))
                self._tempo.painted(self._studio.clock.monotonic_s())
                stage = "publishing"
                deadline.reschedule(asyncio.get_running_loop().time() + STORE_FOR_S)
                return await self._add(image, making, document["steps"])
        except Interrupted:
            raise
        except Refused as exc:
            return Ending(JobEvent.REFUSED, stage, exc.code[:64], exc.message[:MAX_REASON])
        except _NotKept:
            message = "What was painted in the room is no longer kept; have it made again."
            return Ending(JobEvent.FAILED, stage, "drawing_gone", message)
        except _NoPicture:
            message = "The generator made no picture; try again or choose another generator."
            return Ending(JobEvent.FAILED, stage, "no_picture", message)
        except Exception as exc:
            if deadline.expired() and stage == "publishing":
                log.error("generation %s: the picture was not stored within %g s", document["id"], STORE_FOR_S)
                return not_stored(self._busy or f"The picture storage did not answer for {STORE_FOR_S:g} s.")
            if deadline.expired():
                message = f"The picture took longer than {self._studio.timeout_s:g} s; ask for a smaller one."
                return Ending(JobEvent.ABORTED, stage, "deadline", message)
            if loss := loss_of(exc, stage=stage, reading=reading):
                if isinstance(exc, EngineLost):
                    name = document["generator"]
                    log.warning("generation %s: the engine of '%s' is lost: %s", document["id"], name, exc.message)
                return loss
            log.exception("generation %s failed", document["id"])
            if stage == "publishing":
                message = "The picture was made but could not be stored; try again in a moment."
                return Ending(JobEvent.FAILED, stage, "picture_not_stored", message)
            message = "The generator failed at this picture; try again or change the prompt."
            return Ending(JobEvent.FAILED, stage, "generator_failed", message)

    async def _paint(self, job: Job) -> Image.Image:
        generator = self._studio.generators.named(job.generator)
        budget = PreviewBudget(job.steps, self._previews)
        async with aclosing(keeping(job, generator.generate(job))) as items:
            async for item in items:
                match item:
                    case Picture():
                        return item.image
                    case Progress():
                        await self._report(item, budget)
        raise _NoPicture

    async def _report(self, progress: Progress, budget: PreviewBudget) -> None:
        """Tell of a step, unless the last was told a moment ago. What the store misses is not told again."""
        now_s = self._studio.clock.monotonic_s()
        self._tempo.step(progress.step, progress.steps, now_s)
        shown = progress.image is not None and budget.wants(progress.step, now_s)
        if not shown and self._reported_s and now_s - self._reported_s < 1 / REPORTS_PER_S:
            return
        self._reported_s = now_s
        preview: Preview | None = None
        if shown and progress.image is not None:
            preview = await asyncio.to_thread(self._studio.previews.make, progress.image, progress.step)
        await self._tell(progress.step, progress.steps, preview)

    async def _tell(self, step: int, steps: int, preview: Preview | None = None) -> None:
        left_s = self.left_s()
        try:
            fence = await self._studio.store.report(
                self._claim,
                step=step,
                steps=steps,
                eta_s=None if left_s is None else told_s(1000 * left_s),
                preview=preview,
                before=self._shown,
            )
        except (StoreUnavailable, WritesRefused) as exc:
            log.info("step %d of %s is not told: %s", step, self._claim.job, exc.message)
            return
        if fence is not Fence.OK:
            raise Interrupted(fence)
        if preview is not None:
            self._shown = preview.step

    def _making(self, document: JSON) -> Making:
        return documents.making_of(document, self._studio.generators.named(document["generator"]))

    async def _parent(self, document: JSON) -> bytes | None:
        """Return the picture to start from: what was painted over the parent, or that itself.

        Of one that was deleted since it was asked for only the lineage is left.
        """
        if "canvas" in document:
            return await self._draft(document, "canvas")
        if "parent" not in document:
            return None
        return await insist(lambda: self._read(lambda: self._studio.parents.picture(document["parent"])))

    async def _ancestors(self, document: JSON) -> tuple[Ancestor, ...]:
        """Return what the parent, its parent and so on were asked for, as far as they are still there."""
        found: list[Ancestor] = []
        post = document.get("parent")
        while post is not None and len(found) < ANCESTORS:
            said, record = await insist(partial(self._asked_for, post))
            if said is None:
                break
            ours = record is not None and record.document["generator"] == document["generator"]
            found.append(Ancestor(said[0], record.document["seed"] if record is not None and ours else None))
            post = said[1]
        return tuple(found)

    async def _asked_for(self, post: str) -> tuple[tuple[str, str | None] | None, Record | None]:
        """Return what is known of a post's picture. A generation's post has its id."""
        return await self._studio.parents.said(post), await self._studio.store.read(post)

    async def _draft(self, document: JSON, name: str) -> bytes | None:
        """Return what people have drawn, None where they have not. Raises: _NotKept."""
        if name not in document:
            return None
        draft = await insist(lambda: self._read(lambda: self._studio.parents.draft(document[name])))
        if draft is None:
            raise _NotKept
        return draft

    async def _read(self, step: Callable[[], Awaitable[bytes | None]]) -> bytes | None:
        """Read a picture to start from, a few times while the storage of pictures is busy."""
        for attempt in range(1, PICTURE_TRIES):
            try:
                return await step()
            except Busy as exc:
                await self._wait(attempt, exc)
        return await step()

    async def _add(self, image: Image.Image, making: Making, steps: int) -> JSON:
        """Store the finished picture, again and again while the storage of pictures is busy: the caller ends it.

        Whoever watches is told once that nobody knows how long.
        """
        attempt = 0
        while True:
            try:
                return await self._studio.pictures.add_image(image, making)
            except Busy as exc:
                self._busy, attempt = exc.message, attempt + 1
                if attempt == 1:
                    await self._tell(steps, steps)
                await self._wait(attempt, exc)

    async def _wait(self, attempt: int, why: Busy) -> None:
        log.warning("the picture of %s waits: %s", self._claim.job, why.message)
        await asyncio.sleep(min(MAX_PAUSE_S, 0.1 * 2 ** min(attempt, 8)))

    async def _publish(self, document: JSON, media: JSON) -> None:
        store, claim = self._studio.store, self._claim
        if not document["publish"]:
            await self._write(lambda: store.complete(claim, document, media=media))
            return
        post = documents.post_of(document, await insist(lambda: self._author(document)), media)
        told = {**post, "made": self._making(document).as_dict()}
        publication = await insist(lambda: self._studio.publish(told))
        await self._write(lambda: store.complete(claim, document, media=media, post=post, publication=publication))

    async def _author(self, document: JSON) -> JSON:
        return await author_of(self._studio.people, document)

    async def _write(self, step: Callable[[], Awaitable[Fence]]) -> None:
        fence = await insist(step)
        if fence is not Fence.OK:
            raise Interrupted(fence)
