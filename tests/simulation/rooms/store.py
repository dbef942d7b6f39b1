"""A model of the documents' store: what the Lua scripts do, and what may go wrong with it.

tests/contract/test_document_rule.py holds it against the scripts.
"""

from __future__ import annotations

from collections.abc import Iterable

from livefeed.errors import Conflict, NotFound, TooLarge
from livefeed.rooms.archive import Edit, Reading, order, unpacked

SHARD = 0


class Model:
    """One document. `ever` has every update that was ever appended."""

    def __init__(self, *, document_bytes: int, compact_bytes: int, compact_entries: int) -> None:
        self.bounds = (document_bytes, compact_bytes, compact_entries)
        self.epoch = ""
        self.base = "0-0"
        self.last = ""
        self.snapshot = b""
        self.edits: list[Edit] = []
        self.kept = (0, 0)
        self.asked = False
        self.spoiled: dict[str, set[int]] = {}
        self.people: set[str] = set()
        self.ever: set[bytes] = set()
        self.compactions = 0

    def create(self, epoch: str, seed: bytes) -> str:
        if not self.epoch:
            self.epoch, self.snapshot = epoch, seed
        return self.epoch

    def tail(self) -> tuple[int, int]:
        """Bytes and entries of the edits that are there."""
        return sum(len(piece) for edit in self.edits for piece in edit.pieces), len(self.edits)

    def append(self, id: str, epoch: str, updates: bytes, tag: str, people: Iterable[str]) -> tuple[str, str, bool]:
        """Return id, the one before, and whether compaction is asked for."""
        if self.epoch != epoch:
            raise Conflict("another epoch")
        if len(self.snapshot) + self.tail()[0] + len(updates) > self.bounds[0]:
            raise TooLarge("full")
        previous, self.last = self.last or self.base, id
        pieces = unpacked(updates)
        self.ever.update(pieces)
        self.edits.append(Edit(id, tag, pieces))
        self.people.update(people)
        size, entries = self.tail()
        asks = not self.asked and (size - self.kept[0] > self.bounds[1] or entries - self.kept[1] > self.bounds[2])
        self.asked = self.asked or asks
        return id, previous, asks

    def head(self) -> tuple[str, str]:
        if not self.epoch:
            raise NotFound("none")
        return self.epoch, max([self.base, *([self.last] if self.last else [])], key=order)

    def read(self, since: str = "", *, bytes_: int = 0) -> Reading:
        if not self.epoch:
            raise NotFound("none")
        there = any(edit.id == since for edit in self.edits)
        good = since != "" and (since == self.base or (there and order(since) > order(self.base)))
        edits = [Edit(one.id, one.tag, one.pieces, frozenset(self.spoiled.get(one.id, ()))) for one in self.edits]
        if not good:
            return Reading(self.epoch, self.base, self.snapshot, edits, True)
        follow = [edit for edit in edits if order(edit.id) > order(since)]
        fit: list[Edit] = []
        size = 0
        for edit in follow:
            size += sum(map(len, edit.pieces))
            if bytes_ and fit and size > bytes_:
                break
            fit.append(edit)
        return Reading(self.epoch, self.base, None, fit, len(fit) == len(follow))

    def put_off(self) -> None:
        """Ask to be compacted again once as much was written."""
        self.kept, self.asked = self.tail(), False

    def compact(self, epoch: str, base: str, end: str, snapshot: bytes, keep: Iterable[str]) -> bool:
        if (epoch, base) != (self.epoch, self.base) or all(edit.id != end for edit in self.edits):
            self.asked = False
            return False
        self.compactions += 1
        kept = set(keep)
        self.snapshot, self.base = snapshot, end
        self.edits = [edit for edit in self.edits if edit.id in kept or order(edit.id) > order(end)]
        self.kept, self.asked = self.tail(), False
        there = {edit.id for edit in self.edits}
        self.spoiled = {id: marks for id, marks in self.spoiled.items() if id in there}
        return True

    def spoil(self, edit: str, index: int) -> None:
        if any(one.id == edit for one in self.edits):
            self.spoiled.setdefault(edit, set()).add(index)

    def lose_tail(self, count: int) -> None:
        """Forget the newest edits, as a failover to a replica that lags does."""
        for _ in range(min(count, len(self.edits))):
            if order(self.edits[-1].id) > order(self.base):
                self.edits.pop()
        self.last = self.edits[-1].id if self.edits else ""
