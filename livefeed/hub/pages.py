"""Pages from the store: each read once, however many sessions ask for it at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple

from livefeed.errors import LivefeedError
from livefeed.hub.held import HeldValue, image_key
from livefeed.hub.subscription import PageRequest, Question
from livefeed.position import Position
from livefeed.streams.entry import Page, StoredValue
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

AT_ONCE = 128
KEPT = 256
"""Different pages that are kept for a moment once they have come; those on their way are always shared."""


class Reading(NamedTuple):
    """What the store answered, and the cut it was asked with."""

    cut: Position
    page: Page
    values: list[HeldValue]


class Pages:
    """What is being read, or was just now.

    start: lets a coroutine run. limit: events of a page.
    """

    def __init__(self, streams: Streams, start: Callable[[Coroutine[Any, Any, None]], None], *, limit: int) -> None:
        self._streams = streams
        self._start = start
        self._limit = limit
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._read_now: dict[Question, asyncio.Future[Reading]] = {}
        """Pages on their way or just read: whoever asks the same meanwhile gets the same answer."""

    def reading(self, request: PageRequest) -> asyncio.Future[Reading]:
        """Return the answer to a request, as it comes, or the one that another session waits for or was just given.

        It may raise StoreUnavailable or StoreRefused. It belongs to all who ask: nobody may cancel it.
        """
        reading = self._read_now.get(request.question)
        if reading is None:
            reading = asyncio.get_running_loop().create_future()
            self._read_now[request.question] = reading
            self._start(self._fetch(request, reading))
        return reading

    def reject(self, request: PageRequest) -> None:
        """Give an answer to nobody else: it could not be used."""
        self._read_now.pop(request.question, None)

    def forget(self) -> None:
        """Let go of the pages that have come."""
        self._read_now = {question: reading for question, reading in self._read_now.items() if not reading.done()}

    async def with_image(self, value: StoredValue) -> HeldValue:
        """Fetch the bytes that a value stands for: once per node, however many sessions watch."""
        key = image_key(value)
        if key is None:
            return HeldValue(value)
        return HeldValue(value, await self._streams.store.execute("GET", key))

    async def _fetch(self, request: PageRequest, reading: asyncio.Future[Reading]) -> None:
        """Read a page from the store, a few at a time; what cannot be used serves nobody else."""
        try:
            async with self._turns:
                page = await self._streams.page(
                    Topic(request.subscription.tail.topic),
                    cut=request.cut,
                    since=request.since,
                    replay=request.replay,
                    limit=self._limit,
                    values=request.values,
                )
                values = [await self.with_image(value) for value in page.values or ()]
        except LivefeedError as exc:
            self.reject(request)
            reading.set_exception(exc)
            reading.exception()  # whoever asked may have gone
        else:
            reading.set_result(Reading(request.cut, page, values))
            if not page.cut_held or len(self._read_now) > KEPT:
                self.reject(request)
        finally:
            reading.cancel()  # does nothing to one that is done
