"""Documents as pycrdt holds them: what is asked of one once everything that was written is applied.

Runs in a process of its own (livefeed/rooms/scribe_process.py), where it may stall or fall without harm, and in tests.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from pycrdt import Array, Doc, Map, Text

from livefeed.rooms import structure
from livefeed.rooms.fitting import Rest, cut, packed, uncovered
from livefeed.rooms.held import IDLE, Held, Unfinished
from livefeed.rooms.varints import write

HELD_DOCUMENTS = 16
HELD_BYTES = 33_554_432
PROMPT, PARAMS, STROKES, VARIATIONS, VOTES = "prompt", "params", "strokes", "variations", "votes"

Progress = Callable[[int], None]
_PLAIN = (str, int, float, bool, bytes, bytearray, list, dict)


class Spoiled(Exception):
    """An update cannot be applied. index: of the pieces that were given."""

    def __init__(self, index: int) -> None:
        super().__init__(f"piece {index} cannot be applied")
        self.index = index


class Overdrawn(Exception):
    """A question took more processor time than there is for one here."""


class Ink:
    """Documents that were asked for lately, bounded in number and bytes; the longest unused go first.

    progress: told the index of each piece before it is read, and again before it is written, and IDLE behind the last;
    it may raise Overdrawn. goes_on: keeps a document where that was raised, and goes on when asked the same again.
    """

    def __init__(self, progress: Progress = lambda index: None, *, goes_on: bool = True) -> None:
        self._held: OrderedDict[tuple[str, bool], Held] = OrderedDict()
        """By room, and whether it is asked in passing; those only while they are unfinished."""
        self._progress = progress
        self._goes_on = goes_on

    def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any
    ) -> tuple[str, Any]:
        """Bring a room's document up to `at` by pieces that follow `held`, and answer.

        held: None for a snapshot and what follows it. A document that a question came to grief on is forgotten, but
        not one for which there was no more time.

        Returns: ("answer", what was asked for), or ("unknown", None) when it is not held up to `held`.
        Raises: Spoiled, Overdrawn.
        """
        key = room, question in _IN_PASSING
        document = self._taken(key, held, pieces)
        if document is None:
            return "unknown", None
        try:
            self._apply(document, pieces, anew=held is None)
        except Overdrawn:
            if self._goes_on:
                document.unfinished = Unfinished(held, _digest(pieces[: document.read]))
                self._keep(key, document)
            raise
        document.at, document.read, document.unfinished = at, 0, None
        answer = _QUESTIONS[question](document, argument)
        if question not in _IN_PASSING:
            self._keep(key, document)
        return "answer", answer

    def _taken(self, key: tuple[str, bool], held: str | None, pieces: Sequence[bytes]) -> Held | None:
        """Return a document to bring up to date: what of the pieces was read before is not read again."""
        document = self._held.pop(key, None)
        if document is not None and document.unfinished is not None:
            if document.unfinished == (held, _digest(pieces[: document.read])):
                return document
            document = None
        if held is None:
            return Held()
        return document if document is not None and document.at == held else None

    def _apply(self, document: Held, pieces: Sequence[bytes], *, anew: bool) -> None:
        while document.read < len(pieces):
            index = document.read
            self._progress(index)
            with _blamed(index):
                if anew and index == 0:
                    document.begin(pieces[index])
                else:
                    document.put(index, pieces[index])
            document.read += 1
        self._progress(IDLE)
        if pieces:
            document.try_again()
            document.mend()
        while document.unwritten:
            index = document.unwritten[0][0]
            self._progress(index)
            with _blamed(index):
                document.write()
        self._progress(IDLE)

    def _keep(self, key: tuple[str, bool], document: Held) -> None:
        self._held[key] = document
        while len(self._held) > HELD_DOCUMENTS or (
            len(self._held) > 1 and sum(held.size for held in self._held.values()) > HELD_BYTES
        ):
            self._held.popitem(last=False)


@contextlib.contextmanager
def _blamed(index: int) -> Iterator[None]:
    """Raise what fails as Spoiled; what no single piece brought is nobody's fault but ours."""
    try:
        yield
    except BaseException as exc:  # a panic in there is none of Exception's
        if index == IDLE or isinstance(exc, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise Spoiled(index) from exc


def _digest(pieces: Iterable[bytes]) -> bytes:
    """Return what tells these pieces from all others."""
    digest = hashlib.blake2b(digest_size=16)
    for piece in pieces:
        digest.update(write(len(piece)))
        digest.update(piece)
    return digest.digest()


def seed(prompt: str, params: Mapping[str, Any], *, client: int | None = None) -> bytes:
    """Return the update that a new document begins with, said by a Yjs client of its own."""
    doc: Doc[Any] = Doc(client_id=client)
    with doc.transaction():
        doc.get(PROMPT, type=Text).insert(0, prompt)
        doc.get(PARAMS, type=Map).update(dict(params))
    return doc.get_update()


def _state(held: Held, _: Any) -> bytes:
    return held.doc.get_state()


def _missing(held: Held, state: bytes) -> list[bytes]:
    """What somebody in this state lacks."""
    return [held.up_to(structure.clocks(state)).get_update(state), *[rest.update for _, rest in held.waiting]]


def _whole(held: Held, _: Any) -> tuple[bytes, list[int]] | None:
    """Everything, and the indexes of the pieces that it cannot hold yet; None where it reads back as something else."""
    whole = held.doc.get_update()
    copy = Held()
    if structure.complaint(structure.check_update, whole):
        return None
    copy.begin(whole)
    if copy.known != structure.clocks(held.doc.get_state()) or _shown(copy) != _shown(held):
        return None
    return whole, [index for index, _ in held.waiting]


def _shown(held: Held) -> Any:
    """Return all that a document shows, to be compared."""
    mirrors = {name: _values(held.doc.get(name, type=Map)) for name in (VARIATIONS, VOTES)}
    return _comparable({"": _contents(held, None), **mirrors})


def _comparable(value: Any) -> Any:
    """Return a value that is equal to one that was read from the same bytes: NaN is not, nor are shared types."""
    if isinstance(value, dict):
        return {key: _comparable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_comparable(one) for one in value]
    return value if isinstance(value, _PLAIN) and value == value else type(value).__name__


def _weigh(held: Held, update: bytes) -> dict[str, Any]:
    """Return what of an update is new here, see `livefeed.rooms.documents.Weight`.

    What somebody else has written is sent again by whoever was shown it, and deletions everybody tells again.
    """
    complaint = structure.complaint(structure.check_update, update)
    if complaint:
        return {"complaint": complaint}
    found, known = structure.anatomy(update), dict(held.known)
    parts = cut(update, known)
    deletions = uncovered(parts.deletions, _deleted(held)) if parts.deletions else []
    written = {client: clock for client, clock, _ in parts.written}
    runs = [_from(run, written[run.client], known) for run in found.runs if run.client in written]
    waits = b""
    if parts.rest is not None and not _is_kept(held, parts.rest):
        waits = parts.rest.update
    writers = {*written, *(_writers(parts.rest) if parts.rest is not None and waits else ())}
    there = {*held.known, *[one for _, rest in held.waiting for one in _writers(rest)]}
    touched = {run.client for run in found.runs}
    touched.update(need.client for run in found.runs for one in run.structs for need in one.needs)
    touched.update(one.client for one in found.deletions)
    return {
        "complaint": "",
        "news": packed(update, runs, deletions),
        "waits": waits,
        "written": sorted(writers),
        "unmade": bool(deletions),
        "waiting": held.waiting_bytes,
        "clients": len(there),
        "newcomers": len(writers - there),
        "known": {client: known[client] for client in touched if client in known},
    }


def _from(run: structure.Run, clock: int, known: Mapping[int, int]) -> structure.Run:
    """Return the structs of a run from a clock on, as far as they are known."""
    kept = [one for one in run.structs if one.clock >= clock and one.end <= known[run.client]]
    return structure.Run(run.client, kept)


def _writers(rest: Rest) -> set[int]:
    return {one.client for one in rest.ranges}


def _is_kept(held: Held, rest: Rest) -> bool:
    """Tell whether all that waits of an update waits here already."""
    kept = [one for _, one in held.waiting]
    return not uncovered(rest.ranges, [range for one in kept for range in one.ranges]) and not uncovered(
        rest.deletions, [range for one in kept for range in one.deletions]
    )


def _deleted(held: Held) -> Sequence[structure.Range]:
    """Return what is deleted in a document: an update for whoever knows all structs says nothing else."""
    return structure.anatomy(held.doc.get_update(held.doc.get_state())).deletions


def _contents(held: Held, _: Any) -> dict[str, Any]:
    doc = held.doc
    return {
        PROMPT: str(doc.get(PROMPT, type=Text)),
        PARAMS: {name: _plain(value) for name, value in _values(doc.get(PARAMS, type=Map)).items()},
        STROKES: [bytes(stroke) for stroke in _elements(doc, STROKES) if isinstance(stroke, bytes | bytearray)],
    }


def _elements(doc: Doc[Any], name: str) -> list[Any]:
    """Return what an array holds, in one pass: as a copy tells it that is given everything at once.

    Asked by index, pycrdt goes through the array from its beginning for each element. And it never comes back where an
    editor has put text into it, which it measures in bytes and reads in characters (yrs 0.28, `BlockIter::slice`).
    """
    copy: Doc[Any] = Doc()
    array, found = copy.get(name, type=Array), list[Any]()

    def take(event: Any) -> None:
        for part in event.delta:
            found.extend(part.get("insert", ()))

    watching = array.observe(take)
    copy.apply_update(doc.get_update())
    array.unobserve(watching)
    return found


def _values(shared: Map[Any]) -> dict[str, Any]:
    """Return what a map holds; None for what is no plain value: editors may put a whole tree there, or only a format.

    `items` fails at a format: the map names its key, and has nothing there.
    """
    found = {name: shared.get(name) for name in shared.keys()}  # noqa: SIM118
    return {name: value if isinstance(value, _PLAIN) else None for name, value in found.items()}


def _plain(value: Any) -> Any:
    """JavaScript has one kind of number; what is whole is meant as an int."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _mirrored(held: Held, argument: Mapping[str, Any]) -> tuple[bytes, int] | None:
    """Return the update that makes the document's mirrors say what is `told`, or EMPTY; and the clock behind it.

    client, clock: as whom it is said, and how much that client has written. None where the document has another clock
    of it: the store has lost what it said, or has not got it yet. It is made on a copy: what is never stored must
    leave no trace in the document.
    """
    client, clock, told = argument["client"], argument["clock"], argument["told"]
    if held.known.get(client, 0) != clock:
        return None
    copy: Doc[Any] = Doc(client_id=client)
    copy.apply_update(held.doc.get_update())
    before = copy.get_state()
    changed = False
    with copy.transaction():
        for name, wanted in told.items():
            mirror = copy.get(name, type=Map)
            found = _values(mirror)
            for key in found.keys() - wanted.keys():
                if key not in mirror:
                    mirror[key] = None  # a format; only what has a value is deleted
                del mirror[key]
                changed = True
            for key, value in wanted.items():
                if not _same(found.get(key), value):
                    mirror[key] = value
                    changed = True
    if not changed:
        return structure.EMPTY, clock
    return copy.get_update(before), structure.clocks(copy.get_state()).get(client, 0)


def _same(found: Any, wanted: Any) -> bool:
    return bool(found == wanted)


_QUESTIONS: Mapping[str, Callable[[Held, Any], Any]] = {
    "state": _state,
    "missing": _missing,
    "whole": _whole,
    "weigh": _weigh,
    "contents": _contents,
    "mirrored": _mirrored,
}
_IN_PASSING = frozenset({"whole"})
"""Asked of a document that is given as a whole, beside the one that is held."""
