"""Two processes that hold documents: one for all rooms, and one where those that cost much hinder each other alone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from livefeed.rooms.debts import Ledger
from livefeed.rooms.ink import Overdrawn
from livefeed.rooms.scribe import MOST_BUDGET_S, Forgotten, Scribe, TooDear, room_of

log = logging.getLogger(__name__)

DEAR_S = 0.25
"""Processor time of a question in the quick lane, and whose room is asked about in the slow lane from then on; a usual
one takes 10 ms."""
SLOW_FOR_S = 600.0
SLOW_ROOMS = 4_096
"""Rooms that are known to be dear; the one that was dear longest ago is forgiven first."""


class Lanes:
    """A Scholar. `run` must be running; the slow lane's process is started when it is first needed.

    Processor time is charged to rooms and people alike, whichever lane it was spent in.
    """

    def __init__(self) -> None:
        ledger = Ledger()
        self.quick = Scribe(budget_s=DEAR_S, blames=False, ledger=ledger, dear_s=DEAR_S, dear=self._mark)
        self.slow = Scribe(ledger=ledger)
        self._dear: OrderedDict[str, float] = OrderedDict()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.quick.run())
            tasks.create_task(self.slow.run())

    async def ask(
        self,
        room: str,
        held: str | None,
        pieces: Sequence[bytes],
        at: str,
        question: str,
        argument: Any = None,
        *,
        person: str = "",
    ) -> Any:
        if self._lane(room) is self.quick:
            try:
                return await self.quick.ask(room, held, pieces, at, question, argument, person=person)
            except Overdrawn:  # it is not held there: ask again, with all of it
                raise Forgotten from None
        return await self._insist(
            room, lambda: self.slow.ask(room, held, pieces, at, question, argument, person=person)
        )

    async def tell(self, question: str, argument: Any, *, room: str = "", person: str = "") -> Any:
        if self._lane(room) is self.quick:
            with contextlib.suppress(Overdrawn):
                return await self.quick.tell(question, argument, room=room, person=person)
        return await self._insist(room, lambda: self.slow.tell(question, argument, room=room, person=person))

    async def _insist(self, room: str, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Ask in the slow lane until there is an answer, or no more time is given to a question.

        It goes on each time from where it stopped, unless one step took all the time. Raises: TooDear, Busy.
        """
        while True:
            most = self.slow.budget_s(room) >= MOST_BUDGET_S
            try:
                return await ask()
            except Overdrawn:
                if most:
                    raise _dear() from None

    def _lane(self, room: str) -> Scribe:
        until_s = self._dear.get(room_of(room))
        if until_s is None or until_s < asyncio.get_running_loop().time():
            return self.quick
        return self.slow

    def _mark(self, room: str) -> None:
        """Note a room (its id) as dear."""
        if room not in self._dear:
            log.info("the document of room %s is dear, and is asked about in the slow lane", room)
        self._dear[room] = asyncio.get_running_loop().time() + SLOW_FOR_S
        self._dear.move_to_end(room)
        if len(self._dear) > SLOW_ROOMS:
            self._dear.popitem(last=False)


def _dear() -> TooDear:
    return TooDear("The room's document takes long to read; try again in a moment.", retry_after_s=1.0)
