"""What of an update builds on what is known, and what must wait for something that has not come. [pure]

A struct can be put into a document once its client is known up to it, and everything it builds on is there; a deletion
once what it deletes is. What can not is cut off, and waits outside the document: a decoder that holds it merges it
anew with everything that comes.

Source: yjs, `integrateStructs`, `Item.getMissing`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from livefeed.rooms.structure import EMPTY, Anatomy, Need, Range, Run, Struct, anatomy
from livefeed.rooms.varints import MAX_NUMBER, write


@dataclass(frozen=True, slots=True)
class Rest:
    """What waits. lacks: once one of these is known, more of it fits."""

    update: bytes
    lacks: Sequence[Need]
    ranges: Sequence[Range]
    deletions: Sequence[Range]

    def has_hope(self, known: Mapping[int, int]) -> bool:
        """Tell whether something it lacked is known now."""
        return any(end <= known.get(client, 0) for client, end in self.lacks)


@dataclass(frozen=True, slots=True)
class Parts:
    """An update, cut in two. fit: what can be put into the document, EMPTY for nothing; of structs only new ones.

    written: the new structs in it. deletions: what it deletes. rest: None where nothing waits. seams: the clients and
    clocks up to which only the first part of a struct was known. found: what all of the update is made of.
    """

    found: Anatomy
    fit: bytes
    written: Sequence[Range]
    deletions: Sequence[Range]
    rest: Rest | None
    seams: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, slots=True)
class Together:
    """Updates, cut. fit: what can be put into the document, in this order. rests: what of each still waits.

    seams: as in Parts.
    """

    fit: Sequence[bytes]
    rests: Sequence[Rest | None]
    seams: Sequence[tuple[int, int]]


def fits(found: Anatomy, known: Mapping[int, int], *, newcomers: bool = False) -> bool:
    """Tell whether an update surely fits, at the first look.

    newcomers: also by clients that are not known yet; there is no end to them.
    """
    for client, structs in found.runs:
        have = known.get(client, 0)
        if not have and not newcomers:
            return False
        for struct in structs:
            if struct.gap or struct.clock > have:
                return False
            for other, end in struct.needs:
                if other != client and end > known.get(other, 0):
                    return False
            have = max(have, struct.end)
    return all(end <= known.get(client, 0) for client, _, end in found.deletions)


def cut(update: bytes, known: MutableMapping[int, int]) -> Parts:
    """Cut an update (of the right form) where it stops to fit; `known` is told what fits."""
    found = anatomy(update)
    reach = _Reach(found.runs, known)
    reach.go()
    fit, written = [], []
    for number, (client, structs) in enumerate(found.runs):
        first, end = reach.first[number], reach.end[number]
        if first < end:
            fit.append(Run(client, structs[first:end]))
            written.append(Range(client, structs[first].clock, structs[end - 1].end))
    now, later = _cut_deletions(found.deletions, known)
    rest = _rest(update, reach, range(len(found.runs)), later)
    return Parts(found, packed(update, fit, now), written, now, rest, reach.seams)


def cut_together(updates: Sequence[bytes], known: MutableMapping[int, int]) -> Together:
    """Cut updates that may build on each other, however often in turns, in one go; `known` is told what fits."""
    found = [anatomy(update) for update in updates]
    whose = [index for index, one in enumerate(found) for _ in one.runs]
    reach = _Reach([run for one in found for run in one.runs], known)
    fit: list[bytes] = []
    pending = _Pending(updates, reach, whose)
    for number, index in reach.steps():
        if not pending.add(number, index):
            fit.append(pending.packed())
            pending = _Pending(updates, reach, whose)
            pending.add(number, index)
    rests, begin = list[Rest | None](), 0
    deletions: list[Range] = []
    for update, one in zip(updates, found, strict=True):
        now, later = _cut_deletions(one.deletions, known)
        deletions += now
        rests.append(_rest(update, reach, range(begin, begin + len(one.runs)), later))
        begin += len(one.runs)
    fit.append(pending.packed(deletions))
    return Together([update for update in fit if update != EMPTY], rests, reach.seams)


class _Pending:
    """Structs of several updates that are to be put in together: of each client a row without a gap or an overlap."""

    def __init__(self, updates: Sequence[bytes], reach: _Reach, whose: Sequence[int]) -> None:
        self._updates = updates
        self._reach = reach
        self._whose = whose
        self._rows: dict[int, tuple[int, int, list[bytes]]] = {}
        """Of each client: where its row begins and ends, and its structs."""

    def add(self, number: int, index: int) -> bool:
        """Add a struct of a run, unless it overlaps with the one before it: then the others go first."""
        client, structs = self._reach.runs[number]
        one = structs[index]
        begin, end, row = self._rows.get(client, (one.clock, one.clock, []))
        if one.clock != end:
            return False
        row.append(self._updates[self._whose[number]][one.begin : one.over])
        self._rows[client] = (begin, one.end, row)
        return True

    def packed(self, deletions: Sequence[Range] = ()) -> bytes:
        """Return them as an update."""
        rows = [(client, begin, len(row), b"".join(row)) for client, (begin, _, row) in self._rows.items()]
        return _packed(rows, deletions)


class _Reach:
    """How far runs can be put in, of which several may be of one client; `known` is told.

    first, end: of each run the first struct that was new, and the first that must wait. A run that is stuck is looked
    at again only once what it lacks is there: what waits for a client waits in the order of what it needs of it.
    """

    def __init__(self, runs: Sequence[Run], known: MutableMapping[int, int]) -> None:
        self.runs = runs
        self.first = [0] * len(runs)
        self.end = [0] * len(runs)
        self.lacks: dict[int, Need] = {}
        self.seams: list[tuple[int, int]] = []
        self._known = known
        self._stuck: dict[int, list[tuple[int, int]]] = {}
        """By client: how far it must be known, and for which run."""

    def go(self) -> None:
        """Go as far as can be."""
        for _ in self.steps():
            pass

    def steps(self) -> Iterator[tuple[int, int]]:
        """Go on by one struct (of which run, which one) after the other, as far as can be."""
        known, work = self._known, list(range(len(self.runs) - 1, -1, -1))
        for number, (client, structs) in enumerate(self.runs):
            self.first[number] = self.end[number] = _behind(structs, known.get(client, 0))
        while work:
            number = work.pop()
            client, structs = self.runs[number]
            self.lacks.pop(number, None)
            while self.end[number] < len(structs):
                one, have = structs[self.end[number]], known.get(client, 0)
                need = _lack(client, one, known)
                if need is not None:
                    self.lacks[number] = need
                    heappush(self._stuck.setdefault(need.client, []), (need.end, number))
                    break
                if one.end > have:
                    if one.clock < have:
                        self.seams.append((client, have))
                    known[client] = one.end
                    yield number, self.end[number]
                elif self.first[number] == self.end[number]:
                    self.first[number] += 1  # another run has brought it
                self.end[number] += 1
            work += self._freed(client)

    def _freed(self, client: int) -> Iterator[int]:
        """Take the runs that need not wait for a client any more."""
        stuck, have = self._stuck.get(client), self._known.get(client, 0)
        while stuck and stuck[0][0] <= have:
            yield heappop(stuck)[1]


def _rest(update: bytes, reach: _Reach, numbers: Iterable[int], deletions: Sequence[Range]) -> Rest | None:
    """Return what must wait of an update, which has these runs; None for nothing."""
    rest, lacks = [], [reach.lacks[number] for number in numbers if number in reach.lacks]
    for number in numbers:
        (client, structs), end = reach.runs[number], reach.end[number]
        while end < len(structs) and structs[end].gap:
            end += 1
        if end < len(structs):
            rest.append(Run(client, structs[end:]))
    if not rest and not deletions:
        return None
    lacks += [Need(client, clock + 1) for client, clock, _ in deletions]
    ranges = [Range(run.client, one.clock, one.end) for run in rest for one in run.structs if not one.gap]
    return Rest(packed(update, rest, deletions), lacks, ranges, deletions)


def _behind(structs: Sequence[Struct], have: int) -> int:
    """Return the index of the first struct that is not known as a whole."""
    return next((index for index, struct in enumerate(structs) if struct.end > have), len(structs))


def _lack(client: int, struct: Struct, known: Mapping[int, int]) -> Need | None:
    """Return something that a struct lacks, or None."""
    if struct.gap:
        return Need(client, struct.end) if struct.end > known.get(client, 0) else None
    if struct.clock > known.get(client, 0):
        return Need(client, struct.clock)
    return next((need for need in struct.needs if need.end > known.get(need.client, 0)), None)


def _cut_deletions(ranges: Iterable[Range], known: Mapping[int, int]) -> tuple[list[Range], list[Range]]:
    now, later = [], []
    for client, clock, end in ranges:
        have = known.get(client, 0)
        if clock < have:
            now.append(Range(client, clock, min(end, have)))
        if end > have:
            later.append(Range(client, max(clock, have), end))
    return now, later


def uncovered(ranges: Iterable[Range], cover: Iterable[Range]) -> list[Range]:
    """Return the ranges that are not within `cover` as a whole."""
    joined = _joined(cover)
    return [one for one in ranges if not _is_within(one, joined.get(one.client, ()))]


def _is_within(one: Range, cover: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(cover, (one.clock, MAX_NUMBER)) - 1
    return index >= 0 and one.end <= cover[index][1]


def _joined(ranges: Iterable[Range]) -> dict[int, list[tuple[int, int]]]:
    """Return the ranges of each client, those that touch made one."""
    found: dict[int, list[tuple[int, int]]] = {}
    for client, clock, end in sorted(ranges):
        of_client = found.setdefault(client, [])
        if of_client and clock <= of_client[-1][1]:
            of_client[-1] = (of_client[-1][0], max(end, of_client[-1][1]))
        else:
            of_client.append((clock, end))
    return found


def packed(update: bytes, runs: Sequence[Run], deletions: Sequence[Range]) -> bytes:
    """Return an update of these parts of `update`."""
    rows = [
        (client, structs[0].clock, len(structs), update[structs[0].begin : structs[-1].over])
        for client, structs in runs
    ]
    return _packed(rows, deletions)


def _packed(rows: Sequence[tuple[int, int, int, bytes]], deletions: Iterable[Range]) -> bytes:
    """Return an update. rows: client, clock, count and bytes of structs."""
    out = [write(len(rows))]
    for client, clock, count, structs in rows:
        out.append(write(count) + write(client) + write(clock) + structs)
    by_client: dict[int, list[Range]] = {}
    for one in deletions:
        by_client.setdefault(one.client, []).append(one)
    out.append(write(len(by_client)))
    for client, of_client in by_client.items():
        out.append(write(client) + write(len(of_client)))
        out += [write(one.clock) + write(one.end - one.clock) for one in of_client]
    return b"".join(out)
