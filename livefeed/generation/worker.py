"""A worker: takes jobs from the queue as long as it runs, and gives back what it cannot finish.

Whoever has cancelled a job, or taken it over, ends the work on it here through what the fenced writes and the
renewal of the lease answer.
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from livefeed.clock import Clock, SystemClock
from livefeed.config import Config
from livefeed.errors import LivefeedError, StoreUnavailable
from livefeed.generation.outcome import Again, Done, Ended, Outcome
from livefeed.generation.overseer import Overseer
from livefeed.generation.painting import MAX_PAUSE_S, Interrupted, Painting, Studio, insist
from livefeed.generation.ports import Parents, People, Pictures, Publisher
from livefeed.generation.previews import PreviewMaker
from livefeed.generation.registry import Generators
from livefeed.generation.retry import rest_s, returned
from livefeed.generation.store import Fence, GenerationStore
from livefeed.streams.connection import WritesRefused
from livefeed.streams.streams import Streams
from livefeed.streams.work import Claim, Work

log = logging.getLogger(__name__)

LOOK_S: Final = 0.5
"""How often a free slot looks for jobs whose worker is lost; new jobs wake it at once."""
LEAVE_S: Final = 2.0


class _Stopping(Exception):
    """The worker stops and the job goes back to the queue."""


class Worker:
    """One worker process's work: `config.worker_slots` jobs at a time."""

    def __init__(
        self,
        streams: Streams,
        config: Config,
        *,
        name: str,
        work: Work,
        generators: Generators,
        pictures: Pictures,
        parents: Parents,
        people: People,
        publish: Publisher,
        previews: PreviewMaker,
        clock: Clock | None = None,
        grace_s: float | None = None,
        pauses: Callable[[int, float], float] = rest_s,
    ) -> None:
        """name: unlike that of every other worker, and without dots; `Work.abandon` knows it by this name.

        grace_s: how long a stopping worker may go on with what it has begun; by default `config.drain_s`.
        pauses: how long a picture rests before it is tried again, see retry.rest_s.
        """
        self._studio = Studio(
            store=GenerationStore(streams),
            generators=generators,
            pictures=pictures,
            parents=parents,
            people=people,
            publish=publish,
            previews=previews,
            clock=clock or SystemClock(),
            timeout_s=config.generation_timeout_s,
            pauses=pauses,
        )
        self._overseer = Overseer(work, self._studio.store, people)
        self._name = name
        self._work = work
        self._slots = config.worker_slots
        self._grace_s = config.drain_s if grace_s is None else grace_s

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop`; then finish within the grace or give the job back at once."""
        try:
            async with asyncio.TaskGroup() as group:
                slots = [
                    group.create_task(self._slot(f"{self._name}.{number}", stop), name=f"slot {number}")
                    for number in range(self._slots)
                ]
                overseer = group.create_task(self._overseer.run(), name="overseer")
                await asyncio.wait(slots)
                overseer.cancel()
        finally:
            with suppress(LivefeedError, TimeoutError):
                async with asyncio.timeout(LEAVE_S):
                    await self._work.abandon(self._name, crashed=False)

    async def _slot(self, consumer: str, stop: asyncio.Event) -> None:
        pause_s = 0.05
        while not stop.is_set():
            try:
                async with self._work.desk(consumer) as desk:
                    while not stop.is_set():
                        claim = await desk.receive(wait_s=min(LOOK_S, self._work.renew_every_s))
                        pause_s = 0.05
                        if claim is not None:
                            await self._handle(claim, stop)
            except LivefeedError as exc:
                log.warning("worker %s pauses: %s", consumer, exc.message)
                await asyncio.sleep(pause_s * random.uniform(0.5, 1.0))
                pause_s = min(2 * pause_s, MAX_PAUSE_S)

    async def _handle(self, claim: Claim, stop: asyncio.Event) -> None:
        """Carry out one job while its lease is held. What fails without an answer is left to the lease."""
        fence: Fence | None = Fence.OK
        outcome: Outcome = Ended()
        painting = Painting(claim, self._studio)
        try:
            async with asyncio.TaskGroup() as group:
                lease = group.create_task(self._hold(claim, painting, stop), name="lease")
                outcome = await painting.carry_out()
                lease.cancel()
        except* Interrupted as stopped:
            fence = _why(stopped)
            log.info("job %s stops here: %s", claim.job, fence)
        except* _Stopping:
            log.info("job %s goes back to the queue", claim.job)
            fence = None
            await self._hand_back(claim, painting)
        except* Exception:
            log.exception("job %s is left to its lease", claim.job)
            fence = None
        if fence is Fence.OK and isinstance(outcome, Again):
            await self._rest(claim, outcome)
        elif fence in (Fence.OK, Fence.OVER, Fence.LATE, Fence.GONE):
            pace = outcome.pace if isinstance(outcome, Done) else None
            await insist(lambda: self._work.done(claim, pace=pace))

    async def _rest(self, claim: Claim, again: Again) -> None:
        """Let go of a job that is tried again after a pause, and tell where it stands."""
        after_s = again.retry.after_s
        place = await insist(lambda: self._work.rest(claim, pause_s=after_s, kind=again.kind, units=again.units))
        if place is not None and place.place:
            await insist(lambda: self._studio.store.tell_place(place))

    async def _hand_back(self, claim: Claim, painting: Painting) -> None:
        """Return a job to the line because this worker stops; it does not count as an attempt."""
        try:
            await painting.hand_back(returned(lost=False, attempt=claim.attempt - 1))
        except Interrupted as stopped:
            log.info("job %s needs no handing back: %s", claim.job, stopped.fence)
        await self._work.give_back(claim)

    async def _hold(self, claim: Claim, painting: Painting, stop: asyncio.Event) -> None:
        """Renew the lease until cancelled.

        Raises: Interrupted when it is lost; _Stopping when the worker has stopped and the grace is over.
        """
        while not await _set_within(stop, self._work.renew_every_s):
            await self._renew(claim, painting)
        clock = self._studio.clock
        until_s = clock.monotonic_s() + self._grace_s
        while (left_s := until_s - clock.monotonic_s()) > 0:
            await asyncio.sleep(min(left_s, self._work.renew_every_s))
            await self._renew(claim, painting)
        raise _Stopping

    async def _renew(self, claim: Claim, painting: Painting) -> None:
        try:
            held = await self._work.renew(claim, left_s=painting.left_s())
        except (StoreUnavailable, WritesRefused) as exc:
            log.warning("the lease of %s is not renewed: %s", claim.job, exc.message)
            return  # unknown: every write is fenced, so going on is safe
        if not held:
            raise Interrupted(Fence.STALE)


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event at most so long; tell whether it is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
    return event.is_set()


def _why(stopped: BaseExceptionGroup[Interrupted]) -> Fence:
    """Return the reason of the first interruption in a group."""
    first = stopped.exceptions[0]
    return first.fence if isinstance(first, Interrupted) else Fence.STALE
