"""Who sees to the line while nobody works on it: places, estimates, deadlines, and jobs whose workers were lost.

Every server and every worker has one; the queue lets one round a second through, whoever asks. So a deadline ends what
nobody has started, and a picture whose worker died is told to be in line again, also when no worker lives.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

from livefeed.errors import LivefeedError
from livefeed.generation import documents
from livefeed.generation.authors import author_of
from livefeed.generation.job import ACTIVE, State
from livefeed.generation.ports import People
from livefeed.generation.retry import ATTEMPTS, WORKERS_LOST, given_up, returned
from livefeed.generation.store import Fence, GenerationStore, Record
from livefeed.streams.estimates import Waiting
from livefeed.streams.work import Claim, Work

log = logging.getLogger(__name__)

ROUND_S: Final = 1.0
AT_ONCE: Final = 64

Item = TypeVar("Item")


class Overseer:
    """Sees to the line, one round a second."""

    def __init__(self, work: Work, store: GenerationStore, people: People) -> None:
        self._work = work
        self._store = store
        self._people = people

    async def run(self) -> None:
        """Make rounds until cancelled."""
        while True:
            await asyncio.sleep(ROUND_S)
            try:
                await self.round()
            except LivefeedError as exc:
                log.info("the line is seen to later: %s", exc.message)

    async def round(self) -> None:
        """See to the line once, unless somebody just did. What fails is found again, and holds up nothing else.

        Raises: LivefeedError when the queue itself does not answer.
        """
        survey = await self._work.survey()
        if survey is None:
            return
        await _each(self._expire, survey.late)
        await _each(self._return, survey.returned)
        await self._work.note_told(await _each(self._store.tell_place, survey.news))

    async def _expire(self, job: str) -> None:
        """End what was not started by its deadline; the queue forgets it through the outbox.

        The queue's clock says when to look, the one of the generation's shard whether it is time: on a Cluster they are
        two, and one that is looked at too early is found again.
        """
        record = await self._store.read(job)
        fence = Fence.OVER
        if record is not None and record.state is State.QUEUED and "deadline_s" in record.document:
            fence = await self._store.expire(record.document, documents.too_late(record.document))
        if fence not in (Fence.OK, Fence.EARLY):
            await self._work.note_started(job)

    async def _return(self, waiting: Waiting) -> None:
        """Tell that a picture is in line again whose worker was lost, or stopped without a word.

        The third loss is the last, though no worker is left to say so.
        """
        record = await self._store.read(waiting.job)
        if record is None or record.state not in ACTIVE:
            return
        if waiting.attempt >= ATTEMPTS:
            claim = Claim(waiting.job, record.author, waiting.last, waiting.attempt, "")
            fence = await self._store.end(claim, record.document, given_up(), attempts=ATTEMPTS, cause=WORKERS_LOST)
            log.info("job %s is given up: %s", waiting.job, fence)
        elif record.state is State.RUNNING:
            await self._tell_of_return(waiting, record)

    async def _tell_of_return(self, waiting: Waiting, record: Record) -> None:
        announced = documents.announce(record.document, await author_of(self._people, record.document))
        retry = returned(waiting.lost, waiting.attempt)
        fence = await self._store.requeue(waiting.job, waiting.last, announced, retry)
        log.info("job %s is in line again (%s): %s", waiting.job, retry.code, fence)


async def _each(step: Callable[[Item], Awaitable[object]], items: Sequence[Item]) -> list[Item]:
    """Carry out a step for each, a few at once; return those for which it succeeded.

    A shard that does not answer costs its own pictures this round, and each batch no more than one wait.
    """
    done: list[Item] = []
    for start in range(0, len(items), AT_ONCE):
        some = items[start : start + AT_ONCE]
        answers = await asyncio.gather(*(step(item) for item in some), return_exceptions=True)
        for item, answer in zip(some, answers, strict=True):
            if isinstance(answer, LivefeedError):
                log.info("%s is seen to later: %s", item, answer.message)
            elif isinstance(answer, Exception):
                # A defect of ours with one must not stop the others, nor the server: it is seen in the log every round.
                log.error("%s cannot be seen to", item, exc_info=answer)
            elif isinstance(answer, BaseException):
                raise answer
            else:
                done.append(item)
    return done
