"""Characters of two UTF-16 units, and what cuts one of them in half. [pure]

Yjs counts text in UTF-16 units. Where something is put between the two halves of a character, or one of them is
deleted, it replaces each by U+FFFD, and all clocks stay as they are. Yrs (0.28) leaves the character whole, or deletes
all of it, and writes other clocks than it has read. So the character is replaced before yrs gets to see the cut.

Source: yjs, `ContentString.splice`; yrs, `split_str`.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence

from livefeed.rooms import structure
from livefeed.rooms.structure import Anatomy, Struct, anatomy
from livefeed.rooms.varints import read_bytes, write_bytes

Edge = tuple[int, int]
"""A client, and a clock: the place between what it wrote before that clock, and from there on."""
Cuts = Mapping[int, Sequence[int]]
"""The clocks of such places by client, in order."""

REPLACEMENT = "\ufffd"
_REPLACED = (2 * REPLACEMENT).encode("utf-16-le")
_MAYBE = re.compile(rb"[\xf0-\xf4][\x80-\xbf]{3}")
_WIDE = re.compile("[\U00010000-\U0010ffff]+")


class Middles:
    """The middle of each such character of a document: eight bytes for one, those of a client in order."""

    __slots__ = ("_by_client",)

    def __init__(self) -> None:
        self._by_client: dict[int, array[int]] = {}

    def __contains__(self, place: Edge) -> bool:
        clocks = self._by_client.get(place[0])
        if clocks is None:
            return False
        at = bisect_left(clocks, place[1])
        return at < len(clocks) and clocks[at] == place[1]

    def __bool__(self) -> bool:
        return bool(self._by_client)

    @property
    def size(self) -> int:
        """Bytes that they take."""
        return sum(clocks.itemsize * len(clocks) for clocks in self._by_client.values())

    def add(self, update: bytes, found: Anatomy) -> None:
        """Add those that an update brings; of each client it has nothing that lies before what is here."""
        for run in found.runs:
            for one in run.structs:
                new = _middles(update, one)
                if new:
                    clocks = self._by_client.setdefault(run.client, array("Q"))
                    known = bisect_right(new, clocks[-1]) if clocks else 0
                    clocks.extend(new[known:] if known else new)

    def discard(self, cuts: Cuts) -> None:
        """Take out those of some places that are here, in one pass."""
        for client, places in cuts.items():
            old, new, begin = self._by_client.get(client, array("Q")), array("Q"), 0
            for place in places:
                at = bisect_left(old, place, begin)
                new.extend(old[begin:at])
                begin = at + (at < len(old) and old[at] == place)
            new.extend(old[begin:])
            if new:
                self._by_client[client] = new
            else:
                self._by_client.pop(client, None)


def may_have_pairs(update: bytes) -> bool:
    """Tell whether there may be such a character in an update; much cheaper than to look."""
    return _MAYBE.search(update) is not None


def in_order(places: Iterable[Edge]) -> dict[int, list[int]]:
    """Return places, each once, as Cuts."""
    found: dict[int, list[int]] = {}
    for client, clock in sorted(set(places)):
        found.setdefault(client, []).append(clock)
    return found


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


def mended(update: bytes, cuts: Cuts) -> bytes:
    """Return an update in which the characters that are cut there are replaced, half by half."""
    out, at = list[bytes](), 0
    for client, structs in anatomy(update).runs:
        places = cuts.get(client, ())
        for one in structs if places else ():
            first, end = bisect_right(places, one.clock), bisect_left(places, one.end)
            begin = structure.text_at(update, one) if first < end else -1
            if begin >= 0:
                text, _ = read_bytes(update, begin)
                replaced = _replaced(text, [place - one.clock for place in places[first:end]])
                out += [update[at:begin], write_bytes(replaced)]
                at = one.over
    return b"".join([*out, update[at:]])


def _replaced(text: bytes, places: Iterable[int]) -> bytes:
    """Return a text (UTF-8) in which each character that such a place, in UTF-16 units, lies within is replaced."""
    units = bytearray(text.decode().encode("utf-16-le"))
    for place in places:
        if 0xD8 <= units[2 * place - 1] < 0xDC:
            units[2 * place - 2 : 2 * place + 2] = _REPLACED
    return units.decode("utf-16-le").encode()


def _middles(update: bytes, one: Struct) -> array[int]:
    """Return the clock in the middle of each such character of a struct."""
    found = array("Q")
    begin = structure.text_at(update, one)
    if begin >= 0 and _MAYBE.search(update, begin, one.over):
        clock = one.clock + 1
        for run in _WIDE.finditer(read_bytes(update, begin)[0].decode()):
            first = clock + run.start() + len(found)
            found.extend(range(first, first + 2 * (run.end() - run.start()), 2))
    return found
