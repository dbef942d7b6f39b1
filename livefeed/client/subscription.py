"""One topic, as an async iterator of what happens on it."""

from __future__ import annotations

from types import TracebackType

from livefeed.client.following import Following, Stage
from livefeed.client.items import Item
from livefeed.client.link import Link
from livefeed.errors import Conflict
from livefeed.position import Position


class Subscription:
    """Iterates over events, values, gaps, counts and signals, over any number of connections.

    As an async context manager it waits until the server has answered, and ends the subscription at the end;
    without, call `close`. A slow consumer loses no event: see docs/client.md, "A slow consumer".
    """

    def __init__(self, following: Following, link: Link) -> None:
        self._following = following
        self._link = link
        self._bell = link.bell(following)
        self._closed = False

    @property
    def topic(self) -> str:
        """The topic, as the server spells it."""
        return self._following.topic

    @property
    def position(self) -> Position | None:
        """Where the consumer stands: pass it as `since` later, and what follows is everything after it.

        It includes the item that was taken last, or stands a little before it: it moves when the last of the
        events that came together is taken. None until the server has answered for the first time.
        """
        return self._following.position

    async def started(self) -> None:
        """Wait until the server has answered; what happens from then on is delivered.

        Raises: LivefeedError (NotFound: no such topic, or not for this caller).
        """
        while not self._following.answered:
            self._raise_failure()
            if self._closed:
                raise Conflict(f"The subscription to '{self.topic}' is closed.")
            await self._wait()

    def close(self) -> None:
        """End it. What was not taken is dropped; iteration stops."""
        if not self._closed:
            self._closed = True
            if self._following.failure is None:
                self._link.dialogue.leave(self._following)
                if self._link.failure is None:
                    self._link.speak()
            self._bell.set()
            self._link.hang_up(self._following)

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Item:
        """Return the next item. Raises: LivefeedError when the subscription cannot go on."""
        while not self._closed:
            before = self._following.stage
            item = self._following.take()
            if before is Stage.FULL and self._following.stage is Stage.WANTED and self._link.failure is None:
                self._link.speak()
            if item is not None:
                return item
            self._raise_failure()
            await self._wait()
        raise StopAsyncIteration

    async def __aenter__(self) -> Subscription:
        try:
            await self.started()
        except BaseException:
            self.close()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _raise_failure(self) -> None:
        if self._following.failure is not None:
            raise self._following.failure

    async def _wait(self) -> None:
        self._bell.clear()
        await self._bell.wait()
