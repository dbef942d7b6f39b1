"""Documents as pycrdt holds them: what is asked of one once everything that was written is applied.

Runs in a process of its own (livefeed/rooms/scribe_process.py), where it may stall or fall without harm, and in tests.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pycrdt import Array, Doc, Map, Text

from livefeed.rooms import structure

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


class Held:
    """A document up to a position.

    waiting: updates that build on something that has not come. A Doc keeps those to itself, and tells nobody.
    """

    __slots__ = ("at", "doc", "size", "waiting")

    def __init__(self) -> None:
        self.doc: Doc[Any] = Doc()
        self.at = ""
        self.size = 0
        self.waiting: list[bytes] = []

    def look_through(self, pieces: Sequence[bytes]) -> None:
        """Find out which updates still wait."""
        if self.waiting or pieces:
            known = structure.clocks(self.doc.get_state())
            candidates = [*self.waiting, *pieces]
            self.waiting = [piece for piece in candidates if not structure.within(structure.extents(piece), known)]
            self._try_again(known)

    def _try_again(self, known: dict[int, int]) -> None:
        """Apply once more what waits: a Doc does not always notice that the last thing it lacked has come."""
        while self.waiting:
            for piece in self.waiting:
                self.doc.apply_update(piece)
            before, known = known, structure.clocks(self.doc.get_state())
            if known == before:
                return
            self.waiting = [piece for piece in self.waiting if not structure.within(structure.extents(piece), known)]


class Ink:
    """Documents that were asked for lately, bounded in number and bytes; the longest unused go first.

    progress: told the index of each piece before it is applied, and -1 behind the last.
    """

    def __init__(self, progress: Progress = lambda index: None) -> None:
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._progress = progress

    def ask(
        self, room: str, held: str | None, pieces: Sequence[bytes], at: str, question: str, argument: Any
    ) -> tuple[str, Any]:
        """Bring a room's document up to `at` by pieces that follow `held`, and answer.

        held: None for a snapshot and what follows it.

        room: '' for a document that is not to be held.
        Returns: ("answer", what was asked for), or ("unknown", None) when it is not held up to `held`.
        Raises: Spoiled.
        """
        document = self._held.pop(room, None)
        if held is None:
            document = Held()
        elif document is None or document.at != held:
            return "unknown", None
        self._apply(document, pieces)
        document.look_through(pieces if held is not None else pieces[1:])  # nothing waits in a snapshot
        document.at = at
        if room:
            self._keep(room, document)
        return "answer", _QUESTIONS[question](document, argument)

    def _apply(self, document: Held, pieces: Sequence[bytes]) -> None:
        for index, piece in enumerate(pieces):
            self._progress(index)
            try:
                document.doc.apply_update(piece)
            except ValueError as exc:
                raise Spoiled(index) from exc
            except BaseException as exc:  # a panic in there is none of Exception's
                if isinstance(exc, KeyboardInterrupt | SystemExit):
                    raise
                raise Spoiled(index) from exc
            document.size += len(piece)
        self._progress(-1)

    def _keep(self, room: str, document: Held) -> None:
        self._held[room] = document
        while len(self._held) > HELD_DOCUMENTS or (
            len(self._held) > 1 and sum(held.size for held in self._held.values()) > HELD_BYTES
        ):
            self._held.popitem(last=False)


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
    return [held.doc.get_update(state), *held.waiting]


def _whole(held: Held, _: Any) -> tuple[bytes, list[bytes]]:
    """Everything, and what it cannot hold yet."""
    return held.doc.get_update(), held.waiting


def _news(held: Held, update: bytes) -> bool:
    """Whether an update says something that the document does not.

    Structs are taken as news: nobody sends them to whoever has them. Deletions everybody tells again at every sync:
    they are no news where what they delete is known, and applying them to a copy changes nothing.
    """
    if update[:1] != b"\x00" or not structure.within(structure.extents(update), structure.clocks(held.doc.get_state())):
        return True
    copy = _copy(held)
    changes: list[bytes] = []
    watching = copy.observe(lambda event: changes.append(event.update))
    copy.apply_update(update)
    copy.unobserve(watching)
    return any(change != structure.EMPTY for change in changes)


def _copy(held: Held) -> Doc[Any]:
    copy: Doc[Any] = Doc()
    copy.apply_update(held.doc.get_update())
    return copy


def _contents(held: Held, _: Any) -> dict[str, Any]:
    doc = held.doc
    params, strokes = doc.get(PARAMS, type=Map), doc.get(STROKES, type=Array)
    return {
        PROMPT: str(doc.get(PROMPT, type=Text)),
        PARAMS: {name: _plain(value) for name, value in _values(params).items()},
        STROKES: [bytes(stroke) for stroke in strokes if isinstance(stroke, bytes | bytearray)],
    }


def _values(shared: Map[Any]) -> dict[str, Any]:
    """Return what a map holds; None for what is no plain value: editors may put a whole tree there."""
    return {name: value if isinstance(value, _PLAIN) else None for name, value in shared.items()}


def _plain(value: Any) -> Any:
    """JavaScript has one kind of number; what is whole is meant as an int."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _mirrored(held: Held, told: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the update that makes the document's mirrors say what `told` does, or nothing if they do.

    It is made on a copy, under a client id of its own: what is never stored must leave no trace in the document.
    """
    copy = _copy(held)
    before = copy.get_state()
    changed = False
    with copy.transaction():
        for name, wanted in told.items():
            mirror = copy.get(name, type=Map)
            found = _values(mirror)
            for key in found.keys() - wanted.keys():
                del mirror[key]
                changed = True
            for key, value in wanted.items():
                if not _same(found.get(key), value):
                    mirror[key] = value
                    changed = True
    return copy.get_update(before) if changed else structure.EMPTY


def _same(found: Any, wanted: Any) -> bool:
    return bool(found == wanted)


_QUESTIONS: Mapping[str, Callable[[Held, Any], Any]] = {
    "state": _state,
    "missing": _missing,
    "whole": _whole,
    "news": _news,
    "contents": _contents,
    "mirrored": _mirrored,
}
