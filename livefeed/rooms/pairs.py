"""Characters of two UTF-16 units, and what cuts one of them in half. [pure]

Yjs counts text in UTF-16 units. Where something is put between the two halves of a character, or one of them is
deleted, it replaces each by U+FFFD, and all clocks stay as they are. Yrs (0.28) leaves the character whole, or deletes
all of it, and writes other clocks than it has read. So the character is replaced before yrs gets to see the cut.

Source: yjs, `ContentString.splice`; yrs, `split_str`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from livefeed.rooms import structure
from livefeed.rooms.structure import Anatomy, Struct, anatomy
from livefeed.rooms.varints import read_bytes, write_bytes

Edge = tuple[int, int]
"""A client, and a clock: the place between what it wrote before that clock, and from there on."""

REPLACEMENT = "\ufffd"
_MAYBE = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")


def may_have_pairs(update: bytes) -> bool:
    """Tell whether there may be such a character in an update; much cheaper than to look."""
    return _MAYBE.search(update) is not None


def pairs(update: bytes, found: Anatomy) -> set[Edge]:
    """Return the middle of each such character that an update brings."""
    return {(run.client, edge) for run in found.runs for one in run.structs for edge in _middles(update, one)}


def edges(update: bytes, found: Anatomy) -> Iterator[Edge]:
    """Return where an update needs what is there to end or to begin."""
    for run in found.runs:
        for one in run.structs:
            origin, right = structure.neighbours(update, one)
            if origin is not None:
                yield origin.client, origin.end
            if right is not None:
                yield right.client, right.end - 1
    for client, clock, end in found.deletions:
        yield client, clock
        yield client, end


def mended(update: bytes, cuts: Collection[Edge]) -> bytes:
    """Return an update in which the characters that are cut there are replaced, half by half."""
    found, out, at = anatomy(update), list[bytes](), 0
    for run in found.runs:
        for one in run.structs:
            middles = _middles(update, one)
            if any((run.client, edge) in cuts for edge in middles):
                begin = structure.text_at(update, one)
                text, _ = read_bytes(update, begin)
                out += [update[at:begin], write_bytes(_replaced(text.decode(), one.clock, run.client, cuts).encode())]
                at = one.over
    return b"".join([*out, update[at:]])


def _replaced(text: str, clock: int, client: int, cuts: Collection[Edge]) -> str:
    out = []
    for character in text:
        wide = character > "\uffff"
        out.append(REPLACEMENT * 2 if wide and (client, clock + 1) in cuts else character)
        clock += 2 if wide else 1
    return "".join(out)


def _middles(update: bytes, one: Struct) -> Iterator[int]:
    """Return the clock in the middle of each such character of a struct."""
    begin = structure.text_at(update, one)
    if begin >= 0 and _MAYBE.search(update, begin, one.over):
        clock = one.clock
        for character in read_bytes(update, begin)[0].decode():
            if character > "\uffff":
                yield clock + 1
            clock += 2 if character > "\uffff" else 1
