"""What a document's clients say, message by message: checked, then taken, answered or refused."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from livefeed.errors import Conflict, LivefeedError, NotFound
from livefeed.rooms import protocol, structure
from livefeed.rooms.awareness import TooMuch
from livefeed.rooms.company import Company
from livefeed.rooms.documents import INLINE_BYTES, Documents, Weight
from livefeed.rooms.protocol import Kind, Message, TooBig
from livefeed.rooms.relay import Relay, Seat
from livefeed.rooms.varints import Malformed, write_bytes

log = logging.getLogger(__name__)

LOST, BAD_FRAME, UNAUTHORISED, TOO_BIG, OTHER_EPOCH = 4002, 4500, 4501, 4502, 4504
PAUSE_S, PATIENCE_S = 0.1, 30.0
WRITTEN_S, WRITTEN_MOST_S = 0.01, 0.5
"""How soon it is looked whether what was in line is written; each time twice as late as before, up to the latter."""
DENIED_EVERY_S = 2.0
DENIED = "You may look at this room, not change it."
BEGUN_ANEW = "the document was begun anew: load the room again"
UNWRITTEN = "the document cannot be written just now"
UNMET = "too much in this document builds on edits that have not come: send those first"
TOO_MANY_CLIENTS = "too many clients have written this document"


class Refused(Exception):
    """The connection is to be closed."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


async def insist(seat: Seat, ask: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Ask until there is an answer or the reader has left (None). A document that is gone ends the connection."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + PATIENCE_S
    while not seat.gone:
        try:
            return await ask()
        except NotFound:
            seat.outlet.close(UNAUTHORISED, "the room is gone")
            return None
        except Conflict:
            seat.outlet.close(OTHER_EPOCH, BEGUN_ANEW)
            return None
        except LivefeedError as exc:
            if loop.time() > until_s:
                log.info("room %s cannot be served: %s", seat.room, exc.message)
                seat.outlet.close(LOST, "the document cannot be read just now")
                return None
        await asyncio.sleep(PAUSE_S)
    return None


async def _written(seat: Seat, relay: Relay, taken: int) -> bool:
    """Wait until so many updates are written or refused; False where the reader has left. Raises: Refused."""
    loop = asyncio.get_running_loop()
    until_s, pause_s = loop.time() + PATIENCE_S, WRITTEN_S
    while relay.settled < taken and not seat.gone:
        if loop.time() > until_s:
            raise Refused(LOST, UNWRITTEN)
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, WRITTEN_MOST_S)
    return not seat.gone


class Taking(Protocol):
    """Where updates go."""

    def relay(self, seat: Seat) -> Relay | None:
        """Return the relay of somebody's room, None when they have left it."""

    def take(self, seat: Seat, piece: bytes, *, credited: bool, waits: int = 0) -> None:
        """Put an update, behind its length, in line to be written."""

    def is_anothers(self, seat: Seat, client: int) -> bool:
        """Tell whether a Yjs client is known to be somebody else's."""


class Hearing:
    """Listens to the clients of a node."""

    def __init__(self, documents: Documents, company: Company, taking: Taking) -> None:
        self._documents = documents
        self._company = company
        self._taking = taking

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
                return self._hear_step2(seat, message.body)
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
        relay = self._taking.relay(seat)
        if len(update) <= INLINE_BYTES and relay is not None:
            found = structure.anatomy(update)
            if relay.fits(found):
                self._taking.take(seat, piece, credited=relay.note(found))
                return None
        return self._take_weighed(seat, update, live=True)

    def _hear_step2(self, seat: Seat, update: bytes) -> Coroutine[Any, Any, None] | None:
        """Take what a client had that we had not; nearly always that is nothing but deletions everybody knows."""
        if update == structure.EMPTY:
            return None
        if not seat.writes:
            self.deny(seat)
            return None
        return self._take_weighed(seat, update, live=False)

    async def _take_weighed(self, seat: Seat, update: bytes, *, live: bool) -> None:
        """Take what is new of an update, once it was looked at where that keeps nobody waiting.

        live: it was made just now by this client; else it may have been made by anybody.
        """
        if (relay := self._taking.relay(seat)) is None:
            return
        taken, unwritten, settled = relay.taken, relay.taken > relay.settled, relay.waits_settled
        weight = await self._weigh(seat, update)
        if weight is not None and weight.waits and unwritten:
            # What it builds on may have been in line: that is not asked about, what is written is.
            if not await _written(seat, relay, taken):
                return
            settled = relay.waits_settled
            weight = await self._weigh(seat, update)
        if weight is None:
            return
        if weight.complaint:
            raise Refused(BAD_FRAME, weight.complaint)
        if not seat.writes or (relay := self._taking.relay(seat)) is None:
            return
        if weight.newcomers and weight.clients + weight.newcomers > protocol.CLIENTS:
            raise Refused(TOO_BIG, TOO_MANY_CLIENTS)
        credited = self._is_credited(seat, weight, live=live)
        if weight.news != structure.EMPTY:
            self._taking.take(seat, write_bytes(weight.news), credited=credited)
        relay.learn(weight.known)
        # What was taken since it was asked about, and what was in line then, is not in the answer.
        waiting = weight.waiting + relay.waits_taken - settled
        if weight.waits and waiting + len(weight.waits) > protocol.UNMET_BYTES:
            raise Refused(TOO_BIG, UNMET)
        if weight.waits:
            self._taking.take(seat, write_bytes(weight.waits), credited=credited, waits=len(weight.waits))

    async def _weigh(self, seat: Seat, update: bytes) -> Weight | None:
        """None: the reader has left."""
        person = seat.user.id
        found: Weight | None = await insist(
            seat, lambda: self._documents.weigh(seat.room, update, epoch=seat.epoch, person=person)
        )
        return found

    def _is_credited(self, seat: Seat, weight: Weight, *, live: bool) -> bool:
        """Tell whether what is new is of whoever brings it: others' edits come along where the store had lost them."""
        if live or not weight.written:
            return bool(weight.written) or weight.unmade or bool(weight.waits)
        return any(not self._taking.is_anothers(seat, client) for client in weight.written)

    async def _answer(self, seat: Seat, state: bytes) -> None:
        """Answer a step 1: what the client lacks of what is in the store."""
        person = seat.user.id
        if len(state) > INLINE_BYTES:
            complaint = await insist(seat, lambda: self._documents.complaint(seat.room, state, person=person))
            if complaint is None:
                return
        else:
            complaint = structure.complaint(structure.check_state, state)
        if complaint:
            raise Refused(BAD_FRAME, complaint)
        missing = await insist(seat, lambda: self._documents.missing(seat.room, state, epoch=seat.epoch, person=person))
        if missing is not None:
            waiting = [protocol.update(write_bytes(update)) for update in missing[1:]]
            seat.outlet.give([protocol.step2(missing[0]), *waiting])

    def deny(self, seat: Seat) -> None:
        """Tell a viewer that its changes are not taken."""
        now_s = asyncio.get_running_loop().time()
        if now_s - seat.denied_s >= DENIED_EVERY_S:
            seat.denied_s = now_s
            seat.outlet.give([protocol.permission_denied(DENIED)])
