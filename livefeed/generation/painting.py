"""One claimed job, from its start to its end: painted, told of, published."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, aclosing
from dataclasses import dataclass
from typing import Final, TypeVar

from PIL import Image

from livefeed.clock import Clock
from livefeed.errors import Busy, StoreUnavailable
from livefeed.generation import documents
from livefeed.generation.generator import EngineLost, Picture, Progress, Refused
from livefeed.generation.job import Ending, Job, JobEvent
from livefeed.generation.ports import JSON, Parents, People, Pictures, Publisher
from livefeed.generation.previews import Preview, PreviewBudget, PreviewMaker
from livefeed.generation.registry import Generators
from livefeed.generation.store import Fence, GenerationStore
from livefeed.making import Making
from livefeed.streams.work import Claim

log = logging.getLogger(__name__)

ATTEMPTS: Final = 3
"""How many workers may die on a job before it counts as the job's fault."""
REPORTS_PER_S: Final = 10
MAX_PAUSE_S: Final = 2.0
PICTURE_TRIES: Final = 5
MAX_REASON: Final = 300

Result = TypeVar("Result")


class Interrupted(Exception):
    """The job needs this worker no more; `fence` says why."""

    def __init__(self, fence: Fence) -> None:
        super().__init__(fence)
        self.fence = fence


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


async def insist(step: Callable[[], Awaitable[Result]]) -> Result:
    """Repeat an idempotent step until the store answers; whoever owns the task ends the wait."""
    pause_s = 0.05
    while True:
        try:
            return await step()
        except StoreUnavailable as exc:
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

    async def carry_out(self) -> float | None:
        """Do the job to its end; return the seconds it took if it became a picture.

        Raises: Interrupted when somebody cancelled it or took it over.
        """
        if self._claim.attempt > ATTEMPTS:
            await self._give_up()
            return None
        fence, document = await insist(lambda: self._studio.store.start(self._claim))
        if document is None:
            raise Interrupted(fence)
        began_s = self._studio.clock.monotonic_s()
        made = await self._make(document)
        if isinstance(made, Ending):
            await self._write(lambda: self._studio.store.end(self._claim, document, made))
            return None
        await self._publish(document, made)
        return self._studio.clock.monotonic_s() - began_s

    async def _give_up(self) -> None:
        record = await insist(lambda: self._studio.store.read(self._claim.job))
        if record is None:
            raise Interrupted(Fence.GONE)
        ending = Ending(
            JobEvent.FAILED, "painting", "worker_lost",
            f"The picture could not be finished in {ATTEMPTS} attempts; try again or change the prompt.",
        )  # fmt: skip
        await self._write(lambda: self._studio.store.end(self._claim, record.document, ending))

    async def _make(self, document: JSON) -> JSON | Ending:
        """Return the stored picture's `media`, or how it ended without one."""
        stage = "painting"
        deadline = asyncio.timeout(self._studio.timeout_s)
        try:
            async with deadline:
                making = self._making(document)
                image = await self._paint(documents.job_of(document, await self._parent(document)))
                stage = "publishing"
                return await self._add(image, making)
        except Interrupted:
            raise
        except Refused as exc:
            return Ending(JobEvent.REFUSED, stage, exc.code[:64], exc.message[:MAX_REASON])
        except _NoPicture:
            message = "The generator made no picture; try again or choose another generator."
            return Ending(JobEvent.FAILED, stage, "no_picture", message)
        except Exception as exc:
            if deadline.expired():
                message = f"The picture took longer than {self._studio.timeout_s:g} s; ask for a smaller one."
                return Ending(JobEvent.ABORTED, stage, "deadline", message)
            if isinstance(exc, EngineLost):
                name = document["generator"]
                log.warning("generation %s: the engine of '%s' is lost: %s", document["id"], name, exc.message)
                message = "The engine that makes the pictures was lost; try again in a moment."
                return Ending(JobEvent.FAILED, stage, "engine_lost", message)
            log.exception("generation %s failed", document["id"])
            if stage == "publishing":
                message = "The picture was made but could not be stored; try again in a moment."
                return Ending(JobEvent.FAILED, stage, "picture_not_stored", message)
            message = "The generator failed at this picture; try again or change the prompt."
            return Ending(JobEvent.FAILED, stage, "generator_failed", message)

    async def _paint(self, job: Job) -> Image.Image:
        generator = self._studio.generators.named(job.generator)
        budget, began_s = PreviewBudget(job.steps), self._studio.clock.monotonic_s()
        items = generator.generate(job)
        async with AsyncExitStack() as stack:
            if isinstance(items, AsyncGenerator):
                await stack.enter_async_context(aclosing(items))
            async for item in items:
                match item:
                    case Picture():
                        return item.image
                    case Progress():
                        await self._report(item, budget, began_s)
        raise _NoPicture

    async def _report(self, progress: Progress, budget: PreviewBudget, began_s: float) -> None:
        """Tell of a step, unless the last was told a moment ago. What the store misses is not told again."""
        now_s = self._studio.clock.monotonic_s()
        shown = progress.image is not None and budget.wants(progress.step, now_s)
        if not shown and self._reported_s and now_s - self._reported_s < 1 / REPORTS_PER_S:
            return
        self._reported_s = now_s
        preview: Preview | None = None
        if shown and progress.image is not None:
            preview = await asyncio.to_thread(self._studio.previews.make, progress.image, progress.step)
        step = max(1, progress.step)
        eta_s = round((now_s - began_s) / step * max(0, progress.steps - step))
        try:
            fence = await self._studio.store.report(
                self._claim,
                step=progress.step,
                steps=progress.steps,
                eta_s=eta_s,
                preview=preview,
                before=self._shown,
            )
        except StoreUnavailable as exc:
            log.info("step %d of %s is not told: %s", progress.step, self._claim.job, exc.message)
            return
        if fence is not Fence.OK:
            raise Interrupted(fence)
        if preview is not None:
            self._shown = preview.step

    def _making(self, document: JSON) -> Making:
        return documents.making_of(document, self._studio.generators.named(document["generator"]))

    async def _parent(self, document: JSON) -> bytes | None:
        """Return the picture to remix. Of one that was deleted since it was asked for only the lineage is left."""
        if "parent" not in document:
            return None
        return await insist(lambda: self._unless_busy(lambda: self._studio.parents.picture(document["parent"])))

    async def _add(self, image: Image.Image, making: Making) -> JSON:
        return await self._unless_busy(lambda: self._studio.pictures.add_image(image, making))

    async def _unless_busy(self, step: Callable[[], Awaitable[Result]]) -> Result:
        """Do what needs the storage of pictures, a few times while that is busy."""
        for attempt in range(1, PICTURE_TRIES):
            try:
                return await step()
            except Busy as exc:
                log.warning("the picture of %s waits: %s", self._claim.job, exc.message)
                await asyncio.sleep(min(MAX_PAUSE_S, 0.1 * 2**attempt))
        return await step()

    async def _publish(self, document: JSON, media: JSON) -> None:
        store, claim = self._studio.store, self._claim
        if not document["publish"]:
            await self._write(lambda: store.complete(claim, document, media=media))
            return
        author = document["author"]
        person = (await insist(lambda: self._studio.people.users([author]))).get(author)
        known = person.as_dict() if person else {"id": author, "handle": "", "avatar": ""}
        post = documents.post_of(document, known, media)
        publication = self._studio.publish({**post, "made": self._making(document).as_dict()})
        await self._write(lambda: store.complete(claim, document, media=media, post=post, publication=publication))

    async def _write(self, step: Callable[[], Awaitable[Fence]]) -> None:
        fence = await insist(step)
        if fence is not Fence.OK:
            raise Interrupted(fence)
