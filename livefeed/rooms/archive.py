"""Documents in the store: a snapshot, the edits since, and who made them, all in the room's slot.

The edits' stream is neither capped nor does it expire: it loses what a snapshot holds, and nothing else. Its ids are
those of the shard's stream, so an id that a crash lost is never given to another edit, and a position in it is proved
by membership like any other (docs/protocol.md, "Positions").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from livefeed import identifiers
from livefeed.errors import NotFound
from livefeed.position import Position
from livefeed.rooms import commands, varints
from livefeed.streams import keys
from livefeed.streams.script import changing, reading, source
from livefeed.streams.streams import Streams
from livefeed.topic import Topic

DOCUMENT_BYTES = 8 * 1024**2
"""Size of a document: its snapshot and what was written since."""
COMPACT_BYTES, COMPACT_ENTRIES = 131_072, 512
"""What may be written before it is compacted."""
GROWN = "doc.grown"
"""The outbox entry that asks for it."""

_CREATE, _APPEND, _COMPACT, _PUT_OFF, _SPOIL = (
    changing(source(__package__, f"doc_{name}")) for name in ("create", "append", "compact", "put_off", "spoil")
)
_READ = reading(source(__package__, "doc_read"))


class Denied(Exception):
    """Nothing was appended: some of those who wrote it may not write. people: their ids."""

    def __init__(self, people: frozenset[str]) -> None:
        super().__init__(f"{len(people)} may not write")
        self.people = people


@dataclass(frozen=True, slots=True)
class Edit:
    """An entry: the updates of one tick of one node.

    tag: whose they are, if they are all of one connection; that connection has them already.
    pieces: each update behind its length. spoiled: indexes of those that nobody can apply.
    """

    id: str
    tag: str
    pieces: Sequence[bytes]
    spoiled: frozenset[int] = frozenset()

    @property
    def sound(self) -> list[tuple[int, bytes]]:
        """Those that can be applied, with their indexes, still behind their lengths."""
        return [(index, piece) for index, piece in enumerate(self.pieces) if index not in self.spoiled]


@dataclass(frozen=True, slots=True)
class Reading:
    """What follows a position, or, where that could not be honoured, everything.

    snapshot: None when the position was good; then `edits` follow it. Else they are all there are, and the snapshot
    reaches to `base`. complete: nothing was left out behind the last edit.
    """

    epoch: str
    base: str
    snapshot: bytes | None
    edits: Sequence[Edit]
    complete: bool

    def end(self, since: str = "") -> str:
        """Return the position behind all of it; `since` where it was asked from."""
        reached = since if self.snapshot is None else self.base
        return max(reached, self.edits[-1].id, key=order) if self.edits else reached


def order(position: str) -> Position:
    """Return what positions are compared by."""
    return Position.parse(position)


def document_topic(room: str) -> Topic:
    """Return the topic under which nodes tell each other of edits; nobody can subscribe to it."""
    return Topic(f"doc:{room}")


def unpacked(updates: bytes) -> list[bytes]:
    """Return the pieces of an entry. Raises: Malformed for what we have not written."""
    pieces, at = [], 0
    while at < len(updates):
        size, begin = varints.read(updates, at)
        pieces.append(updates[at : begin + size])
        at = begin + size
    return pieces


class Archive:
    """Documents by their room's id."""

    def __init__(
        self,
        streams: Streams,
        *,
        document_bytes: int = DOCUMENT_BYTES,
        compact_bytes: int = COMPACT_BYTES,
        compact_entries: int = COMPACT_ENTRIES,
    ) -> None:
        self._streams = streams
        self._bounds = (document_bytes, compact_bytes, compact_entries)

    def shard(self, room: str) -> int:
        """Return the shard a room lives in. Raises: NotFound for what is no room's id."""
        if not identifiers.is_id(room):
            raise NotFound("This room does not exist.")
        return identifiers.shard_of(room) % self._streams.shards

    async def create(self, room: str, epoch: str, seed: bytes) -> str:
        """Begin a document unless there is one; return the epoch of the one there is.

        Raises: NotFound for a room that is not there any more, StoreUnavailable.
        """
        shard = self.shard(room)
        result = await self._streams.commit(
            _CREATE,
            shard=shard,
            keys_=[
                *self._keys(room, "doc", "snapshot"),
                f"{keys.tag(shard)}room:{room}",
                commands.members_key(room, self._streams.shards),
            ],
            args=[epoch, seed],
        )
        return result.decode()

    async def append(
        self, room: str, epoch: str, updates: bytes, tag: str, people: Iterable[str], *, writers: Sequence[str] = ()
    ) -> tuple[str, str]:
        """Append the updates of a tick, each behind its length; return the entry's id and that of the one before it.

        Repeating it does no harm: an update that is there twice says nothing new.

        people: who is credited. writers: who must be an editor or the owner as it is written; the server's own
        updates have none.
        Raises: Denied, Conflict for another epoch, TooLarge for a full document, StoreUnavailable.
        """
        result = await self._streams.commit(
            _APPEND,
            shard=self.shard(room),
            topics=[document_topic(room)],
            keys_=[*self._keys(room, "doc", "edits", "editors"), commands.members_key(room, self._streams.shards)],
            args=[epoch, updates, tag, room, *self._bounds, len(writers), *writers, *people],
        )
        id, _, previous = result.decode().partition(" ")
        if id == "denied":
            raise Denied(frozenset(previous.split()))
        return id, previous

    async def head(self, room: str) -> tuple[str, str]:
        """Return the document's epoch, and the position of its newest edit. Raises: NotFound, StoreUnavailable."""
        found = await self._streams.store.execute("HMGET", *self._keys(room, "doc"), "epoch", "base", "last")
        if found[0] is None:
            raise NotFound("This room has no document.")
        epoch, *positions = [value.decode() for value in found if value is not None]
        return epoch, max(positions, key=order)

    async def read(self, room: str, since: str = "", *, bytes_: int = 0) -> Reading:
        """Return what follows `since`, or all where that is gone.

        bytes_: about how much of what follows, at most; 0: no matter how much.

        Raises: NotFound, StoreUnavailable.
        """
        found = await self._streams.read(
            _READ,
            shard=self.shard(room),
            keys_=self._keys(room, "doc", "edits", "snapshot", "spoiled"),
            args=[since, bytes_],
        )
        if not found:
            raise NotFound("This room has no document.")
        epoch, base, good, snapshot, entries, complete, spoiled = found
        spoils: dict[str, set[int]] = {}
        for mark in spoiled:
            id, _, index = mark.decode().partition("/")
            spoils.setdefault(id, set()).add(int(index))
        edits = [_edit(entry, spoils) for entry in entries]
        return Reading(epoch.decode(), base.decode(), None if good else snapshot or b"", edits, bool(complete))

    async def compact(
        self, room: str, epoch: str, base: str, end: str, snapshot: bytes, *, keep: Iterable[str] = ()
    ) -> bool:
        """Put a snapshot in the place of everything up to `end`; tell whether nobody was faster.

        keep: edits that the snapshot cannot hold yet, because they build on something that has not come.

        Raises: StoreUnavailable.
        """
        result = await self._streams.commit(
            _COMPACT,
            shard=self.shard(room),
            keys_=self._keys(room, "doc", "edits", "snapshot", "spoiled"),
            args=[epoch, base, end, snapshot, *keep],
        )
        return result == b"1"

    async def put_off(self, room: str, epoch: str) -> None:
        """Have a document ask to be compacted only once as much was written again. Raises: StoreUnavailable."""
        await self._streams.commit(_PUT_OFF, shard=self.shard(room), keys_=self._keys(room, "doc"), args=[epoch])

    async def spoil(self, room: str, edit: str, index: int) -> None:
        """Mark an update that cannot be applied. Raises: StoreUnavailable."""
        await self._streams.commit(
            _SPOIL, shard=self.shard(room), keys_=self._keys(room, "doc", "edits", "spoiled"), args=[edit, index]
        )

    async def editors(self, room: str) -> set[str]:
        """Return the ids of everybody whose edits the document took. Raises: NotFound, StoreUnavailable."""
        self.shard(room)
        found = await self._streams.store.execute("SMEMBERS", *self._keys(room, "editors"))
        return {person.decode() for person in found}

    def _keys(self, room: str, *kinds: str) -> list[str]:
        tag = keys.tag(self.shard(room))
        return [f"{tag}{'doc' if kind == 'doc' else 'doc-' + kind}:{room}" for kind in kinds]


def _edit(raw: Sequence[Any], spoils: dict[str, set[int]]) -> Edit:
    id = raw[0].decode()
    _, updates, _, tag = raw[1]
    return Edit(id, tag.decode(), unpacked(updates), frozenset(spoils.get(id, ())))
