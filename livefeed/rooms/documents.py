"""Documents as the rest of the house sees them: begun, read, mirrored into, compacted. None is held here."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from livefeed.errors import Busy, Conflict, NotFound
from livefeed.rooms import ink, structure, varints
from livefeed.rooms.archive import Archive, Reading
from livefeed.rooms.ink import Spoiled
from livefeed.rooms.scribe import Forgotten, Scholar

log = logging.getLogger(__name__)

ATTEMPTS = 20
REMEMBERED = 1_024
INLINE_BYTES = 4_096
"""Bytes that are checked at once; more of them would keep the others waiting."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a document says just now. Whoever reads it believes no type in `params`: any editor writes there."""

    prompt: str
    params: Mapping[str, Any]
    strokes: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a room's document begins as. epoch: which of its lives it is in."""

    epoch: str
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


class _Place(NamedTuple):
    """What the process that holds documents has of one."""

    epoch: str
    at: str


class Documents:
    """The shared documents of all rooms, by room id. One begins when it is first asked for.

    Everything here raises NotFound for what is no room, StoreUnavailable, and Busy.
    """

    def __init__(self, archive: Archive, scholar: Scholar, origins: Origins) -> None:
        self._archive = archive
        self._scholar = scholar
        self._origins = origins
        self._held: OrderedDict[str, _Place] = OrderedDict()

    def shard(self, room: str) -> int:
        """Return the shard a room lives in."""
        return self._archive.shard(room)

    async def begin(self, room: str) -> None:
        """Write what a document begins with. Repeatable: one that is there stays as it is."""
        origin = await self._origins.origin(room)
        seed = await self._scholar.tell("seed", {"prompt": origin.prompt, "params": dict(origin.params)})
        await self._archive.create(room, origin.epoch, seed)

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
        epoch, _ = await self.head(room)
        update = await self._ask(room, "mirrored", wanted)
        if update != structure.EMPTY:
            await self.append(room, epoch, [varints.write_bytes(update)])

    # What the relays need.

    async def append(
        self, room: str, epoch: str, pieces: Sequence[bytes], *, tag: str = "", people: Iterable[str] = ()
    ) -> Appended:
        """Append updates, each behind its length, in one step. Raises: Conflict, TooLarge, StoreUnavailable."""
        return Appended(*await self._archive.append(room, epoch, b"".join(pieces), tag, people))

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

    async def state(self, room: str) -> bytes:
        """Return the state vector."""
        found: bytes = await self._ask(room, "state")
        return found

    async def missing(self, room: str, state: bytes) -> list[bytes]:
        """Return the updates that somebody in this state lacks."""
        found: list[bytes] = await self._ask(room, "missing", state)
        return found

    async def is_news(self, room: str, update: bytes) -> bool:
        """Tell whether an update says something the document does not."""
        return bool(await self._ask(room, "news", update))

    async def complaint(self, data: bytes, *, state: bool = False) -> str:
        """Return why bytes are no update (or no state vector), or ''; for large ones: checked elsewhere."""
        return str(await self._scholar.tell("check state" if state else "check update", data))

    async def measure(self, room: str) -> Reading:
        """Return all of a document as it stands, to be compacted in a moment."""
        return await self._archive.read(room)

    async def compact(self, room: str, reading: Reading) -> bool:
        """Put a snapshot in the place of what was measured; tell whether that was done."""
        if not reading.edits:
            return await self._archive.compact(room, reading.epoch, reading.base, reading.base, b"")
        pieces, origins = _pieces(reading)
        end = reading.end()
        try:
            whole, waiting = await self._scholar.ask("", None, pieces, end, "whole")
        except Spoiled as exc:
            await self._spoil(room, origins[exc.index])
            raise Busy("An update was found that cannot be applied; compact again.", retry_after_s=1.0) from exc
        waiting = set(waiting)
        keep = {origin[0] for piece, origin in zip(pieces, origins, strict=True) if origin and piece in waiting}
        return await self._archive.compact(room, reading.epoch, reading.base, end, whole, keep=keep)

    async def _ask(self, room: str, question: str, argument: Any = None) -> Any:
        """Have the document brought up to date where it is held, and ask it."""
        for _ in range(ATTEMPTS):
            place = self._held.get(room)
            reading = await self._read(room, place.at if place else "")
            follows = place is not None and reading.snapshot is None and reading.epoch == place.epoch
            if not follows and reading.snapshot is None:
                self._held.pop(room, None)
                continue
            pieces, origins = _pieces(reading)
            held = place.at if place is not None and follows else None
            at = reading.end(held or "")
            try:
                answer = await self._scholar.ask(f"{room} {reading.epoch}", held, pieces, at, question, argument)
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


def bare(piece: bytes) -> bytes:
    """Return an update without the length in front of it."""
    return piece[varints.read(piece, 0)[1] :]
