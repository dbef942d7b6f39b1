"""Documents as the rest of the house sees them: begun, read, mirrored into, compacted. None is held here."""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from livefeed import identifiers
from livefeed.errors import Busy, Conflict, NotFound
from livefeed.rooms import ink, structure, varints
from livefeed.rooms.archive import Archive, Edit, Reading, order
from livefeed.rooms.ink import Overdrawn, Spoiled
from livefeed.rooms.scribe import Forgotten, Scholar, TooDear

log = logging.getLogger(__name__)

ATTEMPTS = 20
REMEMBERED = 1_024
PENS = 4
INLINE_BYTES = 4_096
"""Bytes that are checked at once; more of them would keep the others waiting."""
PART_BYTES = 262_144
"""Bytes of edits that are put into a snapshot at once, about; somebody's keystrokes take 0.4 s then."""
EPOCH_BITS, CLIENT_BITS = 50, 32


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document says just now. Whoever reads it believes no type in `params`: any editor writes there."""

    prompt: str
    params: Mapping[str, Any]
    strokes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a room's document begins as."""

    prompt: str
    params: Mapping[str, Any]


class Origins(Protocol):
    """Who knows what rooms begin from."""

    async def origin(self, room: str, /) -> Origin:
        """Return what a room's document begins as. Raises: NotFound for what is no room, StoreUnavailable."""


class Appended(NamedTuple):
    """An entry that was written, and the one before it."""

    id: str
    previous: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """What an update says that the document does not.

    complaint: why it is none; then the rest means nothing. news: what of it can be put into the document, EMPTY for
    nothing. waits: what builds on something that has not come, b'' for nothing; what waits there already is left out.
    written: the clients whose structs are new. unmade: whether anything is deleted that was there.
    waiting: bytes that wait in the document. clients: how many have written it; newcomers: how many more would have.
    known: how much of each client that the update names will be known once the news are in.
    """

    complaint: str = ""
    news: bytes = structure.EMPTY
    waits: bytes = b""
    written: Sequence[int] = ()
    unmade: bool = False
    waiting: int = 0
    clients: int = 0
    newcomers: int = 0
    known: Mapping[int, int] = field(default_factory=dict)


class _Place(NamedTuple):
    """What the process that holds documents has of one."""

    epoch: str
    at: str


class _Pen(NamedTuple):
    """The Yjs client as whom this server writes into a document, and how much of it is in there."""

    client: int
    clock: int


def new_epoch() -> str:
    """Return an epoch that no document ever had."""
    return identifiers.encode(secrets.randbits(EPOCH_BITS), EPOCH_BITS // 5)


class Documents:
    """The shared documents of all rooms, by room id. One begins when it is first asked for.

    Everything here raises NotFound for what is no room, StoreUnavailable, and Busy. epochs: names each beginning, so
    that one that was begun anew, because the store had lost it, is told from the one before.
    """

    def __init__(
        self, archive: Archive, scholar: Scholar, origins: Origins, *, epochs: Callable[[], str] = new_epoch
    ) -> None:
        self._archive = archive
        self._scholar = scholar
        self._origins = origins
        self._epochs = epochs
        self._held: OrderedDict[str, _Place] = OrderedDict()
        self._pens: OrderedDict[tuple[str, str], list[_Pen]] = OrderedDict()
        """Those that nobody writes with just now, by room and epoch."""

    def shard(self, room: str) -> int:
        """Return the shard a room lives in."""
        return self._archive.shard(room)

    async def begin(self, room: str) -> None:
        """Write what a document begins with. Repeatable: one that is there stays as it is."""
        origin = await self._origins.origin(room)
        seed = await self._scholar.tell("seed", {"prompt": origin.prompt, "params": dict(origin.params)}, room=room)
        await self._archive.create(room, self._epochs(), seed)

    async def read(self, room: str) -> Contents:
        """Return what a document says."""
        found = await self._ask(room, "contents")
        return Contents(found[ink.PROMPT], found[ink.PARAMS], found[ink.STROKES])

    async def editors(self, room: str) -> set[str]:
        """Return the ids of everybody whose edits a document took."""
        return await self._archive.editors(room)

    async def mirror(
        self,
        room: str,
        *,
        variations: Mapping[str, Mapping[str, Any]] | None = None,
        votes: Mapping[str, str] | None = None,
    ) -> None:
        """Make the document say what was decided elsewhere; None leaves that part as it is. Repeatable.

        variations: id → {state, seed, prompt}. votes: user id → variation id.

        Raises: TooLarge for a document that is full, Conflict for one that was begun anew meanwhile.
        """
        told = {ink.VARIATIONS: variations, ink.VOTES: votes}
        wanted = {name: dict(values) for name, values in told.items() if values is not None}
        for _ in range(ATTEMPTS):
            epoch, _ = await self.head(room)
            # Whoever writes holds the pen alone, and lays it back only when all is known to be well: so no two
            # updates ever have the same client and clock. That is also why servers do not share one.
            pens = self._pens.get((room, epoch))
            pen = pens.pop() if pens else _Pen(secrets.randbits(CLIENT_BITS), 0)
            asked = {"client": pen.client, "clock": pen.clock, "told": wanted}
            found = await self._ask(room, "mirrored", asked, epoch=epoch)
            if found is None:
                continue  # the store has lost what this pen wrote: somebody may have seen it
            update, clock = found
            if update != structure.EMPTY:
                await self.append(room, epoch, [varints.write_bytes(update)])
            self._lay_back(room, epoch, _Pen(pen.client, clock))
            return
        raise Busy("The document changes too fast to be written; try again in a moment.", retry_after_s=1.0)

    def _lay_back(self, room: str, epoch: str, pen: _Pen) -> None:
        pens = self._pens.setdefault((room, epoch), [])
        if len(pens) < PENS:
            pens.append(pen)
        self._pens.move_to_end((room, epoch))
        if len(self._pens) > REMEMBERED:
            self._pens.popitem(last=False)

    # What the relays need.

    async def append(
        self,
        room: str,
        epoch: str,
        pieces: Sequence[bytes],
        *,
        tag: str = "",
        people: Iterable[str] = (),
        writers: Sequence[str] = (),
    ) -> Appended:
        """Append updates, each behind its length, in one step, if all `writers` may write at that moment.

        Raises: Denied, Conflict, TooLarge, StoreUnavailable.
        """
        return Appended(*await self._archive.append(room, epoch, b"".join(pieces), tag, people, writers=writers))

    async def head(self, room: str) -> tuple[str, str]:
        """Return the epoch, and the position of the newest edit."""
        try:
            return await self._archive.head(room)
        except NotFound:
            await self.begin(room)
            return await self._archive.head(room)

    async def since(self, room: str, position: str = "", *, bytes_: int = 0) -> Reading:
        """Return what was written after a position, as `Archive.read`."""
        return await self._archive.read(room, position, bytes_=bytes_)

    async def state(self, room: str, *, epoch: str = "", person: str = "") -> bytes:
        """Return the state vector.

        epoch, here and below: Raises Conflict where the document has another one. person: the id of whoever asks.
        """
        found: bytes = await self._ask(room, "state", epoch=epoch, person=person)
        return found

    async def missing(self, room: str, state: bytes, *, epoch: str = "", person: str = "") -> list[bytes]:
        """Return the updates that somebody in this state lacks."""
        found: list[bytes] = await self._ask(room, "missing", state, epoch=epoch, person=person)
        return found

    async def weigh(self, room: str, update: bytes, *, epoch: str = "", person: str = "") -> Weight:
        """Return what an update says that the document does not, or why it is no update."""
        return Weight(**await self._ask(room, "weigh", update, epoch=epoch, person=person))

    async def complaint(self, room: str, state: bytes, *, person: str = "") -> str:
        """Return why bytes are no state vector, or ''; for large ones: checked elsewhere."""
        return str(await self._scholar.tell("check state", state, room=room, person=person))

    async def measure(self, room: str) -> Reading:
        """Return all of a document as it stands, to be compacted in a moment."""
        return await self._archive.read(room)

    async def compact(self, room: str, reading: Reading) -> bool:
        """Put a snapshot in the place of what was measured; tell whether that was done.

        Much is done part by part: a question about a document has only so much time. A part that takes too long is
        halved. A snapshot that would be read back as something else is not put there; the document is put off.
        """
        rest = [edit for edit in reading.edits if order(edit.id) > order(reading.base)]
        if not rest:
            return await self._archive.compact(room, reading.epoch, reading.base, reading.base, b"")
        kept = [edit for edit in reading.edits if order(edit.id) <= order(reading.base)]
        base, snapshot = reading.base, reading.snapshot
        most = len(rest)
        while rest:
            count = min(_part(rest), most)
            part = [*kept, *rest[:count]]
            try:
                found = await self._whole(room, Reading(reading.epoch, base, snapshot, part, True))
            except (Forgotten, Overdrawn, TooDear):
                if count == 1:
                    raise Busy("The document takes long to compact; compact again.", retry_after_s=1.0) from None
                most = count // 2
                continue
            rest = rest[count:]
            if found is None:
                log.error("room %s is not compacted: its document reads back as something else", room)
                await self.put_off(room, reading)
                return False
            whole, keep = found
            if not await self._archive.compact(room, reading.epoch, base, part[-1].id, whole, keep=keep):
                return False
            kept = [edit for edit in part if edit.id in keep]
            base, snapshot = part[-1].id, whole
        return True

    async def _whole(self, room: str, reading: Reading) -> tuple[bytes, set[str]] | None:
        """Return a reading as a snapshot, and the edits that it cannot hold yet; None where it reads back otherwise.

        Raises: Forgotten, Overdrawn, TooDear where it took too long.
        """
        pieces, origins = _pieces(reading)
        try:
            found = await self._scholar.ask(_key(room, reading), None, pieces, reading.end(), "whole")
        except Spoiled as exc:
            await self._spoil(room, origins[exc.index])
            raise Busy("An update was found that cannot be applied; compact again.", retry_after_s=1.0) from exc
        if found is None:
            return None
        whole, waiting = found
        return whole, {origin[0] for origin in [origins[index] for index in waiting] if origin}

    async def put_off(self, room: str, reading: Reading) -> None:
        """Leave a document as it is; it asks to be compacted again once as much was written as made it ask."""
        await self._archive.put_off(room, reading.epoch)

    async def _ask(self, room: str, question: str, argument: Any = None, *, epoch: str = "", person: str = "") -> Any:
        """Have the document brought up to date where it is held, and ask it. Raises: Conflict for another epoch."""
        for _ in range(ATTEMPTS):
            place = self._held.get(room)
            reading = await self._read(room, place.at if place else "")
            follows = place is not None and reading.snapshot is None and reading.epoch == place.epoch
            if not follows and reading.snapshot is None:
                self._held.pop(room, None)
                continue
            if epoch and reading.epoch != epoch:
                raise Conflict("The document was begun anew; load the room again.")
            pieces, origins = _pieces(reading)
            held = place.at if place is not None and follows else None
            at = reading.end(held or "")
            try:
                answer = await self._scholar.ask(
                    _key(room, reading), held, pieces, at, question, argument, person=person
                )
            except Forgotten:
                if self._held.get(room) == place:
                    self._held.pop(room, None)
            except Spoiled as exc:
                self._held.pop(room, None)
                await self._spoil(room, origins[exc.index])
            else:
                self._hold(room, _Place(reading.epoch, at))
                return answer
        raise Busy("The document changes too fast to be read; try again in a moment.", retry_after_s=1.0)

    async def _read(self, room: str, since: str) -> Reading:
        try:
            return await self._archive.read(room, since)
        except NotFound:
            await self.begin(room)
            return await self._archive.read(room, since)

    async def _spoil(self, room: str, origin: tuple[str, int] | None) -> None:
        """Have an update passed over from now on: it is told to nobody who comes later."""
        if origin is None:
            raise Conflict("The room's document cannot be read any more.")
        log.error("room %s: update %d of edit %s cannot be applied and is passed over", room, origin[1], origin[0])
        await self._archive.spoil(room, *origin)

    def _hold(self, room: str, place: _Place) -> None:
        self._held[room] = place
        self._held.move_to_end(room)
        if len(self._held) > REMEMBERED:
            self._held.popitem(last=False)


def _key(room: str, reading: Reading) -> str:
    """Return what a document is called by those who hold it."""
    return f"{room} {reading.epoch}"


def _pieces(reading: Reading) -> tuple[list[bytes], list[tuple[str, int] | None]]:
    """Return the updates of a reading, bare, and for each its edit and index; None for the snapshot."""
    pieces: list[bytes] = []
    origins: list[tuple[str, int] | None] = []
    if reading.snapshot is not None:
        pieces.append(reading.snapshot)
        origins.append(None)
    for edit in reading.edits:
        for index, piece in edit.sound:
            pieces.append(bare(piece))
            origins.append((edit.id, index))
    return pieces, origins


def _part(edits: Sequence[Edit]) -> int:
    """Return how many edits are compacted at once: one at least."""
    size = 0
    for count, edit in enumerate(edits):
        size += sum(map(len, edit.pieces))
        if count and size > PART_BYTES:
            return count
    return len(edits)


def bare(piece: bytes) -> bytes:
    """Return an update without the length in front of it."""
    return piece[varints.read(piece, 0)[1] :]
