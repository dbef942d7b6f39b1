"""A document as pycrdt holds it, and what waits outside of it: brought up to date step by step."""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from pycrdt import Doc

from livefeed.rooms import structure
from livefeed.rooms.fitting import Rest, cut, cut_together
from livefeed.rooms.pairs import Cuts, Edge, Middles, edges, in_order, may_have_pairs, mended
from livefeed.rooms.structure import Anatomy
from livefeed.rooms.varints import Malformed

IDLE = -1
"""The index of no piece."""


class Unfinished(NamedTuple):
    """What a document was being brought up to date by. held: as in `Ink.ask`. digest: of the pieces that were read."""

    held: str | None
    digest: bytes


class Held:
    """A document up to a position.

    Pieces are read first (`begin`, `put`, `try_again`), then what they cut in half is replaced everywhere at once
    (`mend`), then what fits is written (`write`). So it can stop before each step, and go on later.

    known: how much of each client was read. waiting: what builds on something that has not come; it is kept out of the
    document, each with the index of its piece. read: pieces of the question so far. unwritten: what fits, each with the
    index of its piece.
    """

    __slots__ = (
        "_cuts",
        "_given",
        "_middles",
        "_new_cuts",
        "_unread",
        "at",
        "doc",
        "known",
        "read",
        "unfinished",
        "unwritten",
        "waiting",
    )

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.at = ""
        self.known: dict[int, int] = {}
        self.waiting: list[tuple[int, Rest]] = []
        self.read = 0
        self.unwritten: deque[tuple[int, bytes]] = deque()
        self.unfinished: Unfinished | None = None
        self._given = 0
        """Bytes of all pieces."""
        self._middles = Middles()
        """Of what was read, but for what is in `_unread`."""
        self._unread: bytes | None = None
        self._new_cuts: set[Edge] = set()
        self._cuts: Cuts = {}
        """What was cut since all was written: the characters are to be replaced in what is unwritten."""

    @property
    def size(self) -> int:
        """Bytes that are held, about."""
        unread = len(self._unread) if self._unread is not None else 0
        return self._given + unread + self._middles.size + sum(len(update) for _, update in self.unwritten)

    @property
    def waiting_bytes(self) -> int:
        return sum(len(rest.update) for _, rest in self.waiting)

    def begin(self, snapshot: bytes) -> None:
        """Apply what nothing in it waits."""
        self.doc.apply_update(snapshot)
        self.known = structure.clocks(self.doc.get_state())
        self._unread = snapshot if may_have_pairs(snapshot) else None
        self._given += len(snapshot)

    def put(self, index: int, update: bytes) -> None:
        """Read an update: what fits of it will be written, the rest is kept."""
        parts = cut(update, self.known)
        if parts.fit != structure.EMPTY:
            self._take(index, parts.fit, parts.seams, parts.found if parts.fit == update else None)
        if parts.rest is not None:
            self.waiting.append((index, parts.rest))
        self._given += len(update)

    def try_again(self) -> None:
        """Read what need not wait any more; it may build on each other in turns, so it is cut together."""
        if any(rest.has_hope(self.known) for _, rest in self.waiting):
            together = cut_together([rest.update for _, rest in self.waiting], self.known)
            for update in together.fit:
                self._take(IDLE, update, together.seams)
            indexes = [index for index, _ in self.waiting]
            self.waiting = [
                (index, rest) for index, rest in zip(indexes, together.rests, strict=True) if rest is not None
            ]

    def _take(self, index: int, update: bytes, seams: Iterable[Edge], found: Anatomy | None = None) -> None:
        if self._unread is not None or self._middles or may_have_pairs(update):
            self._look_back()
            found = found or structure.anatomy(update)
            self._middles.add(update, found)
            self._new_cuts |= self._cut_by([*edges(update, found), *seams])
        self.unwritten.append((index, update))

    def mend(self) -> None:
        """Replace what was cut in half since this was last done: in the document, and in what is unwritten."""
        if self._new_cuts:
            cuts, written = in_order(self._new_cuts), structure.clocks(self.doc.get_state())
            if any(places[0] < written.get(client, 0) for client, places in cuts.items()):
                self.doc = self._mended(cuts)
            self._middles.discard(cuts)
            before = [(client, place) for client, places in self._cuts.items() for place in places]
            self._cuts, self._new_cuts = in_order([*before, *self._new_cuts]), set()

    def write(self) -> None:
        """Write the first of what is unwritten."""
        _, update = self.unwritten[0]
        self.doc.apply_update(mended(update, self._cuts) if self._cuts and may_have_pairs(update) else update)
        self.unwritten.popleft()
        if not self.unwritten:
            self._cuts = {}

    def up_to(self, state: Mapping[int, int]) -> Doc[Any]:
        """Return the document to read what follows a state from: no character goes across that."""
        self._look_back()
        cuts = self._cut_by(state.items())
        return self._mended(in_order(cuts)) if cuts else self.doc

    def _look_back(self) -> None:
        """Have the snapshot's characters among the others, which must come behind them."""
        if self._unread is not None:
            snapshot, self._unread = self._unread, None
            with contextlib.suppress(Malformed):  # a snapshot from before this was known; nothing mends it
                self._middles.add(snapshot, structure.anatomy(snapshot))

    def _cut_by(self, places: Iterable[Edge]) -> set[Edge]:
        """Return those of some places that a character goes across."""
        return {place for place in places if place in self._middles}

    def _mended(self, cuts: Cuts) -> Doc[Any]:
        doc: Doc[Any] = Doc()
        doc.apply_update(mended(self.doc.get_update(), cuts))
        return doc
