"""What a document's clients say, message by message: checked, then taken, answered or refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from livefeed.errors import LivefeedError, NotFound
from livefeed.rooms import protocol, structure
from livefeed.rooms.awareness import TooMuch
from livefeed.rooms.company import Company
from livefeed.rooms.documents import INLINE_BYTES, Documents
from livefeed.rooms.protocol import Kind, Message, TooBig
from livefeed.rooms.relay import Seat
from livefeed.rooms.varints import Malformed, write_bytes

log = logging.getLogger(__name__)

LOST, BAD_FRAME, UNAUTHORISED, TOO_BIG, OTHER_EPOCH = 4002, 4500, 4501, 4502, 4504
PAUSE_S, PATIENCE_S = 0.1, 10.0
DENIED_EVERY_S = 2.0
DENIED = "You may look at this room, not change it."


class Refused(Exception):
    """The connection is to be closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def insist(seat: Seat, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Ask until there is an answer or the reader has left (None). A room that is gone ends the connection."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + PATIENCE_S
    while not seat.gone:
        try:
            return await ask()
        except NotFound:
            seat.outlet.close(UNAUTHORISED, "the room is gone")
            return None
        except LivefeedError as exc:
            if loop.time() > until_s:
                log.info("room %s cannot be served: %s", seat.room, exc.message)
                seat.outlet.close(LOST, "the document cannot be read just now")
                return None
        await asyncio.sleep(PAUSE_S)
    return None


class Hearing:
    """Listens to the clients of a node. take: puts an update, behind its length, in line to be written."""

    def __init__(self, documents: Documents, company: Company, take: Callable[[Seat, bytes], None]) -> None:
        self._documents = documents
        self._company = company
        self._take = take

    def hear(self, seat: Seat, data: bytes) -> Coroutine[Any, Any, None] | None:
        """Take a message; return what must be awaited before the client's next one, if anything.

        Raises: Refused, also when awaited.
        """
        try:
            message = protocol.parse(data)
            if message.kind is Kind.UPDATE:
                return self._hear_update(seat, message.body, data[2:])
            return self._hear(seat, message)
        except (TooBig, TooMuch) as exc:
            raise Refused(TOO_BIG, str(exc)) from exc
        except Malformed as exc:
            raise Refused(BAD_FRAME, str(exc)) from exc

    def _hear(self, seat: Seat, message: Message) -> Coroutine[Any, Any, None] | None:
        match message.kind:
            case Kind.STEP1:
                return self._answer(seat, message.body)
            case Kind.STEP2:
                return self._take_step2(seat, message.body)
            case Kind.AWARENESS:
                self._company.hear(seat, message.body)
            case Kind.QUERY_AWARENESS:
                self._company.show_all(seat)
        return None

    def _hear_update(self, seat: Seat, update: bytes, piece: bytes) -> Coroutine[Any, Any, None] | None:
        if update == structure.EMPTY:
            return None
        if not seat.writes:
            self.deny(seat)
            return None
        if len(update) > INLINE_BYTES:
            return self._take_checked(seat, update)
        structure.check_update(update)
        self._take(seat, piece)
        return None

    async def _take_checked(self, seat: Seat, update: bytes) -> None:
        """Take a large update once it has been checked where that keeps nobody waiting."""
        complaint = await insist(seat, lambda: self._documents.complaint(update))
        if complaint:
            raise Refused(BAD_FRAME, complaint)
        if complaint is not None and seat.writes:
            self._take(seat, write_bytes(update))

    async def _take_step2(self, seat: Seat, update: bytes) -> None:
        """Take what a client had that we had not; nearly always that is nothing but deletions everybody knows."""
        if update == structure.EMPTY:
            return
        if not seat.writes:
            self.deny(seat)
            return
        if len(update) > INLINE_BYTES:
            complaint = await insist(seat, lambda: self._documents.complaint(update))
            if complaint is None:
                return
        else:
            complaint = structure.complaint(structure.check_update, update)
        if complaint:
            raise Refused(BAD_FRAME, complaint)
        news = update[:1] != b"\x00" or await insist(seat, lambda: self._documents.is_news(seat.room, update))
        if news and seat.writes:
            self._take(seat, write_bytes(update))

    async def _answer(self, seat: Seat, state: bytes) -> None:
        """Answer a step 1: what the client lacks of what is in the store."""
        if len(state) > INLINE_BYTES:
            complaint = await insist(seat, lambda: self._documents.complaint(state, state=True))
            if complaint is None:
                return
        else:
            complaint = structure.complaint(structure.check_state, state)
        if complaint:
            raise Refused(BAD_FRAME, complaint)
        missing = await insist(seat, lambda: self._documents.missing(seat.room, state))
        if missing is not None:
            waiting = [protocol.update(write_bytes(update)) for update in missing[1:]]
            seat.outlet.give([protocol.step2(missing[0]), *waiting])

    def deny(self, seat: Seat) -> None:
        """Tell a viewer that its changes are not taken."""
        now_s = asyncio.get_running_loop().time()
        if now_s - seat.denied_s >= DENIED_EVERY_S:
            seat.denied_s = now_s
            seat.outlet.give([protocol.permission_denied(DENIED)])
