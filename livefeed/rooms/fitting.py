"""What of an update builds on what is known, and what must wait for something that has not come. [pure]

A struct can be put into a document once its client is known up to it, and everything it builds on is there; a deletion
once what it deletes is. What can not is cut off, and waits outside the document: a decoder that holds it merges it
anew with everything that comes.

Source: yjs, `integrateStructs`, `Item.getMissing`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass

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

    written: the new structs in it. deletions: what it deletes. rest: None where nothing waits.
    """

    fit: bytes
    written: Sequence[Range]
    deletions: Sequence[Range]
    rest: Rest | None


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
    reached, lacks = _reach(found.runs, known)
    fit, written, rest = [], [], []
    for client, structs in found.runs:
        first, end = reached[client]
        if first < end:
            fit.append(Run(client, structs[first:end]))
            written.append(Range(client, structs[first].clock, structs[end - 1].end))
        while end < len(structs) and structs[end].gap:
            end += 1
        if end < len(structs):
            rest.append(Run(client, structs[end:]))
    now, later = _cut_deletions(found.deletions, known)
    lacks += [Need(client, clock + 1) for client, clock, _ in later]
    waits = None
    if rest or later:
        ranges = [Range(run.client, one.clock, one.end) for run in rest for one in run.structs if not one.gap]
        waits = Rest(packed(update, rest, later), lacks, ranges, later)
    return Parts(packed(update, fit, now), written, now, waits)


def _reach(runs: Sequence[Run], known: MutableMapping[int, int]) -> tuple[dict[int, tuple[int, int]], list[Need]]:
    """Return of each run the first struct that is new and the first that must wait; and what those lack.

    A run that is stuck is looked at again only when the client it is stuck on has moved.
    """
    structs_of = {run.client: run.structs for run in runs}
    first = {client: _behind(structs, known.get(client, 0)) for client, structs in structs_of.items()}
    end, stuck, lacks = dict(first), dict[int, list[int]](), dict[int, Need]()
    work = list(structs_of)
    while work:
        client = work.pop()
        structs, before = structs_of[client], known.get(client, 0)
        lacks.pop(client, None)
        while end[client] < len(structs):
            need = _lack(client, structs[end[client]], known)
            if need is not None:
                lacks[client] = need
                stuck.setdefault(need.client, []).append(client)
                break
            known[client] = max(known.get(client, 0), structs[end[client]].end)
            end[client] += 1
        if known.get(client, 0) > before:
            work += [other for other in stuck.pop(client, []) if other != client]
    return {client: (first[client], end[client]) for client in structs_of}, list(lacks.values())


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
    if not runs and not deletions:
        return EMPTY
    out = [write(len(runs))]
    for client, structs in runs:
        out.append(write(len(structs)) + write(client) + write(structs[0].clock))
        out.append(update[structs[0].begin : structs[-1].over])
    by_client: dict[int, list[Range]] = {}
    for one in deletions:
        by_client.setdefault(one.client, []).append(one)
    out.append(write(len(by_client)))
    for client, of_client in by_client.items():
        out.append(write(client) + write(len(of_client)))
        out += [write(one.clock) + write(one.end - one.clock) for one in of_client]
    return b"".join(out)
