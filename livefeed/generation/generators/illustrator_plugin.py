"""The built-in illustrator as a generator: each pass is painted in a thread, so the loop lives and can cancel."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from threading import Thread
from typing import Final, TypeVar

from PIL import Image

from livefeed.generation.generator import DigitalSource, EngineLost, Picture, Progress, Range
from livefeed.generation.generators.fitting import decode
from livefeed.generation.generators.illustrator import NAME, STRENGTH, TITLE, paint
from livefeed.generation.inpainting import mask_of
from livefeed.generation.job import Job

PASS_S = 0.25
"""A pass lasts at least so long: previews are shown four a second, and a picture is there to be watched."""
SILENCE_S: Final = 60.0
"""A pass takes seconds at most; what takes so long stands still."""

Result = TypeVar("Result")


class Illustrator:
    """Paints what the prompt says, the same picture for the same prompt, seed, size and steps, over the same parent."""

    name = NAME
    title = TITLE
    source = DigitalSource.ALGORITHMIC
    sizes = Range(256, 1024, 768, multiple=8)
    steps = Range(4, 20, 10)

    def __init__(self, *, silence_s: float = SILENCE_S) -> None:
        """silence_s: a pass that takes longer is lost."""
        self._silence_s = silence_s

    async def generate(self, job: Job) -> AsyncIterator[Progress | Picture]:
        """Yield every pass and the picture. Cancelled, it stops after the pass that is being painted.

        It refuses nothing. Raises: EngineLost when there is no thread to paint in, or a pass stands still; whatever
        painting raises, which is a failure.
        """
        canvases = paint(
            job.prompt, seed=job.seed, width=job.width, height=job.height, steps=job.steps,
            parent=await asyncio.to_thread(_opened, job),
            strength=STRENGTH if job.strength is None else job.strength,
            mask=None if job.mask is None else await asyncio.to_thread(mask_of, job.mask, job.width, job.height),
            before=tuple((one.prompt, one.seed) for one in job.ancestors),
        )  # fmt: skip
        image, clock = None, asyncio.get_running_loop().time
        began_s = clock()
        while (canvas := await self._in_time(lambda: next(canvases, None))) is not None:
            await asyncio.sleep(max(0.0, PASS_S - (clock() - began_s)))
            began_s = clock()
            image = canvas.image
            yield Progress(canvas.step, canvas.steps, image)
        if image is not None:
            yield Picture(image)

    async def _in_time(self, work: Callable[[], Result]) -> Result:
        """Return what a thread of its own makes of `work`. Raises: EngineLost; whatever `work` raises."""
        try:
            painting = _in_thread(work)
        except RuntimeError as exc:  # from the system's limits
            raise EngineLost(f"There is no thread to paint in: {exc}.") from exc
        try:
            await asyncio.wait({painting}, timeout=self._silence_s)
        finally:
            painting.cancel()  # it makes nothing of what comes later; what is done stays done
        if painting.cancelled():
            raise EngineLost(f"The illustrator painted at one pass for more than {self._silence_s:g} s.")
        return painting.result()


def _in_thread(work: Callable[[], Result]) -> asyncio.Future[Result]:
    """Begin `work` in a thread. Raises: RuntimeError when none can be started.

    A thread that never ends holds up nobody: it is none of the loop's few, and a process that stops does not wait for
    it.
    """
    loop = asyncio.get_running_loop()
    made: asyncio.Future[Result] = loop.create_future()

    def deliver(result: Result | None, error: BaseException | None) -> None:
        if made.done():
            return  # nobody waits any more
        if error is not None:
            made.set_exception(error)
        else:
            made.set_result(result)  # type: ignore[arg-type]

    def carry_out() -> None:
        result, error = None, None
        try:
            result = work()
        except BaseException as exc:
            error = exc
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(deliver, result, error)

    Thread(target=carry_out, name="illustrator", daemon=True).start()
    return made


def _opened(job: Job) -> Image.Image | None:
    """Return the parent's picture at the size that is asked for: what a mask keeps of it is kept at that size."""
    return None if job.parent_image is None else decode(job.parent_image, job.width, job.height)
