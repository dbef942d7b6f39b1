"""One picture fetched from a server: asked for, watched, taken home or called off."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from typing import Final

from PIL import Image

from livefeed.generation.generator import EngineLost, Picture, Progress
from livefeed.generation.generators.automatic1111 import wire
from livefeed.generation.generators.automatic1111.server import LOOK_S, Server
from livefeed.generation.generators.automatic1111.watch import Watch
from livefeed.generation.generators.automatic1111.wire import Phase, Sighting
from livefeed.generation.job import Job

log = logging.getLogger(__name__)

NO_PREVIEW: Final = -1
TRIES: Final = 3
"""How often a server that does not answer is told to stop."""


class Errand:
    """Asks `server` for a job's picture under the name `task`. `close` it in any case, after `call_off`."""

    def __init__(self, server: Server, job: Job, task: str, *, silence_s: float, poll_s: float) -> None:
        self._server = server
        self._job = job
        self._task = task
        self._silence_s = silence_s
        self._poll_s = poll_s
        self._clock = asyncio.get_running_loop().time
        self._watch = Watch(job.steps, silence_s=silence_s, now_s=self._clock())
        self._asked: asyncio.Task[bytes] | None = None
        self._preview_id = NO_PREVIEW
        self._shown = 0.0
        self._by_task = True
        """Whether this server can tell of our task by its name."""
        self._alone = False
        """Whether the server had nothing to do when we came: then what it does is ours."""

    async def run(self) -> AsyncGenerator[Progress | Picture]:
        """Yield what the generator yields. Raises: EngineLost, Failed."""
        await self._arrive()
        route, body = await asyncio.to_thread(wire.request_of, self._job, self._task)
        self._watch = Watch(self._job.steps, silence_s=self._silence_s, now_s=self._clock())
        self._asked = asyncio.create_task(self._server.paint(route, body), name=f"picture {self._task}")
        while not self._asked.done():
            step = await self._look()
            if step is not None:
                yield Progress(step, self._job.steps, await self._picture_so_far())
            if not self._asked.done() and not self._watch.left_s(self._clock()):
                raise EngineLost(
                    f"The server at {self._server.shown} fell silent at step {self._watch.step} of {self._job.steps}."
                )
            await asyncio.wait({self._asked}, timeout=self._poll_s)
        yield Picture((await self._finished(self._asked.result())).image)

    async def _arrive(self) -> None:
        """See what the server is doing, which tells at once when it is gone or has no API.

        It has time for it: while it loads a model, it may answer nobody.
        """
        self._alone = not (await self._server.state(timeout_s=self._silence_s)).busy

    async def _look(self) -> int | None:
        """Look once; return a step to tell of. A look that fails is no sign, and the picture may come all the same."""
        try:
            async with asyncio.timeout(max(self._poll_s, min(LOOK_S, self._watch.left_s(self._clock())))):
                sighting = await self._sight()
        except (TimeoutError, EngineLost, wire.Failed) as exc:
            log.info("a look at %s fails: %s", self._task, exc)
            return None
        return self._watch.see(sighting, self._clock())

    async def _sight(self) -> Sighting:
        """Return what is known of our task: by its name, or else, from a server that was idle when we came."""
        if self._by_task:
            seen = await self._server.task(self._task, self._preview_id)
            self._by_task = seen is not None
            if seen is not None:
                self._preview_id = self._preview_id if seen.preview_id is None else seen.preview_id
                if self._watch.takes_names(seen.phase, self._clock()):
                    return seen
        state = await self._server.state()
        if not self._alone:  # somebody else's steps are nobody's business, but they are a sign of life
            return Sighting(Phase.UNKNOWN, mark=state.mark)
        if state.busy and state.done - self._shown >= 1 / wire.PREVIEWS:
            self._shown = state.done
            state = await self._server.state(preview=True)
        return Sighting(Phase.ACTIVE if state.busy else Phase.UNKNOWN, state.done, state.preview, mark=state.mark)

    async def _picture_so_far(self) -> Image.Image | None:
        preview = self._watch.take_preview()
        return None if preview is None else await asyncio.to_thread(wire.read_preview, preview)

    async def _finished(self, answer: bytes) -> wire.Finished:
        """Read the answer, and make sure that it is a finished picture.

        A job that somebody interrupts at the server answers 200 with what there was; only the server's state says so.
        """
        finished = await asyncio.to_thread(wire.read_picture, answer, self._job.width, self._job.height)
        try:
            state = await self._server.state()
        except (EngineLost, wire.Failed) as exc:
            log.info("whether %s is finished cannot be asked: %s", self._task, exc)
            return finished
        if state.stopped and state.begun == finished.begun:
            raise EngineLost(f"Somebody else interrupted the picture at {self._server.shown}: it is not finished.")
        return finished

    async def call_off(self) -> None:
        """Have the server stop painting, if it paints ours: an interruption stops whatever runs.

        The server has no way to take a job out of its queue: one that waits there is interrupted when its turn comes.
        Returns once it is stopped, over or was never asked for. Raises: EngineLost, Failed.
        """
        failures = unknown = 0
        while (asked := self._asked) is not None and (not asked.done() or self._answer_is_lost()):
            try:
                phase = (await self._sight()).phase
                if phase is Phase.ACTIVE:
                    await self._server.interrupt()
                if phase in (Phase.ACTIVE, Phase.COMPLETED):
                    return
                unknown += phase is Phase.UNKNOWN and asked.done()
                if unknown == TRIES:  # at first it may still be on its way into the queue
                    return
            except EngineLost:
                failures += 1
                if failures == TRIES:
                    raise
            await (asyncio.sleep(self._poll_s) if asked.done() else asyncio.wait({asked}, timeout=self._poll_s))

    def _answer_is_lost(self) -> bool:
        """Tell whether the line that asked has broken, which the server does not notice: it paints on for nobody."""
        asked = self._asked
        return (
            asked is not None and asked.done() and not asked.cancelled() and isinstance(asked.exception(), EngineLost)
        )

    async def close(self) -> None:
        """Let go of the connections."""
        try:
            if self._asked is not None:
                self._asked.cancel()
                await asyncio.gather(self._asked, return_exceptions=True)
        finally:
            await self._server.close()
