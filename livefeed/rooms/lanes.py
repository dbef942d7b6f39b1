"""Two processes that hold documents: one for all rooms, and one where those that cost much hinder each other alone."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from livefeed.rooms.scribe import Forgotten, Overdrawn, Scribe

log = logging.getLogger(__name__)

DEAR_S = 0.25
"""Processor time of a question whose room is asked about in the slow lane from then on; a usual one takes 10 ms."""
BUDGET_S = 1.0
"""Processor time of a question in the quick lane, at most."""
SLOW_FOR_S = 600.0
SLOW_ROOMS = 4_096
"""Rooms that are known to be dear; the one that was dear longest ago is forgiven first."""


class Lanes:
    """A Scholar. `run` must be running; the slow lane's process is started when it is first needed."""

    def __init__(self) -> None:
        self.quick = Scribe(budget_s=BUDGET_S, dear_s=DEAR_S, dear=self._mark)
        self.slow = Scribe()
        self._dear: OrderedDict[str, float] = OrderedDict()

    async def run(self) -> None:
        """Work until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.quick.run())
            tasks.create_task(self.slow.run())

    async def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any = None
    ) -> Any:
        try:
            return await self._lane(room).ask(room, held, pieces, at, question, argument)
        except Overdrawn:  # it is not held there: ask again, with all of it
            raise Forgotten from None

    async def tell(self, question: str, argument: Any, *, room: str = "") -> Any:
        try:
            return await self._lane(room).tell(question, argument, room=room)
        except Overdrawn:
            return await self.slow.tell(question, argument, room=room)

    def _lane(self, room: str) -> Scribe:
        until_s = self._dear.get(room)
        if until_s is None or until_s < asyncio.get_running_loop().time():
            return self.quick
        return self.slow

    def _mark(self, room: str) -> None:
        if room not in self._dear:
            log.info("the document of room %s is dear, and is asked about in the slow lane", room)
        self._dear[room] = asyncio.get_running_loop().time() + SLOW_FOR_S
        self._dear.move_to_end(room)
        if len(self._dear) > SLOW_ROOMS:
            self._dear.popitem(last=False)
