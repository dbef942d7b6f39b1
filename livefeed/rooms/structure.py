"""Whether bytes are a Yjs update or a state vector at all, before anybody decodes them. [pure]

A decoder believes the counts it reads, and some go on for minutes where there is nothing. Here every count is held
against what is left, every number against its bounds, nesting against a depth, and the bytes must end where they say.
It costs a few tenths of a microsecond per byte.

Source: yjs, `UpdateDecoderV1`, `readClientsStructRefs`, `readItemContent`; lib0, `decoding.readAny`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import orjson

from livefeed.rooms.varints import MAX_NUMBER, Malformed, read

DEPTH = 32
"""How deep values may be nested."""
EMPTY = b"\x00\x00"
"""The update that says nothing."""

_ORIGIN, _RIGHT_ORIGIN, _KEYED, _CONTENT = 0x80, 0x40, 0x20, 0x1F
_GC, _DELETED, _JSON, _BINARY, _STRING, _EMBED, _FORMAT, _TYPE, _ANY, _DOC, _SKIP = range(11)
_TYPES, _NAMED_TYPES = frozenset(range(7)), frozenset({3, 5})
_FIXED = {127: 0, 126: 0, 124: 4, 123: 8, 122: 8, 121: 0, 120: 0}
_INTEGER, _TEXT, _OBJECT, _ARRAY, _BYTES = 125, 119, 118, 117, 116


class Need(NamedTuple):
    """What a struct builds on: a client must be known up to `end`."""

    client: int
    end: int


class Struct(NamedTuple):
    """What a client wrote from `clock` to `end`, in the bytes `begin` to `over` of its update. gap: it stands for
    something that is left out."""

    clock: int
    end: int
    begin: int
    over: int
    needs: Sequence[Need]
    gap: bool


class Run(NamedTuple):
    """The structs of one client, each beginning where the one before it ends."""

    client: int
    structs: list[Struct]


class Range(NamedTuple):
    """A part of what a client wrote."""

    client: int
    clock: int
    end: int


class Anatomy(NamedTuple):
    """What an update is made of. No client has two runs."""

    runs: Sequence[Run]
    deletions: Sequence[Range]


def complaint(check: Callable[[bytes], None], data: bytes) -> str:
    """Return what `check` has against bytes, '' if nothing."""
    try:
        check(data)
    except Malformed as exc:
        return str(exc)
    return ""


def check_update(data: bytes) -> None:
    """Raises: Malformed for what is no update (version 1)."""
    anatomy(data)


def check_state(data: bytes) -> None:
    """Raises: Malformed for what is no state vector."""
    count, at = _count(data, 0, least=2)
    for _ in range(count):
        _, at = read(data, at)
        _, at = read(data, at)
    if at != len(data):
        raise Malformed("a state vector is followed by something else")


def clocks(state: bytes) -> dict[int, int]:
    """Return what a state vector that was checked says: client → how much of it is known."""
    count, at = read(state, 0)
    found = {}
    for _ in range(count):
        client, at = read(state, at)
        found[client], at = read(state, at)
    return found


def anatomy(update: bytes) -> Anatomy:
    """Return what an update is made of. Raises: Malformed for what is no update."""
    runs: list[Run] = []
    at = _runs(update, runs)
    deletions: list[Range] = []
    at = _deletions(update, at, deletions)
    if at != len(update):
        raise Malformed("an update is followed by something else")
    return Anatomy(runs, deletions)


def neighbours(update: bytes, struct: Struct) -> tuple[Need | None, Need | None]:
    """Return what a struct was put behind and before, each as the need for it; None where it names none."""
    info = update[struct.begin]
    if info in (_GC, _SKIP):
        return None, None
    origin = struct.needs[0] if info & _ORIGIN else None
    return origin, struct.needs[1 if origin is not None else 0] if info & _RIGHT_ORIGIN else None


def text_at(update: bytes, struct: Struct) -> int:
    """Return where a struct's text begins, its length first; -1 for what is no text."""
    info = update[struct.begin]
    return _place(update, struct.begin + 1, info, []) if info & _CONTENT == _STRING else -1


def _count(data: bytes, at: int, *, least: int = 1) -> tuple[int, int]:
    """Read how many follow; each of them takes `least` bytes or more."""
    count, at = read(data, at)
    if count * least > len(data) - at:
        raise Malformed("more is announced than there is room for")
    return count, at


def _runs(data: bytes, found: list[Run]) -> int:
    clients, at = _count(data, 0, least=3)
    for _ in range(clients):
        structs, at = _count(data, at)
        client, at = read(data, at)
        clock, at = read(data, at)
        run = Run(client, [])
        for _ in range(structs):
            needs: list[Need] = []
            length, end = _struct(data, at, needs)
            run.structs.append(Struct(clock, clock + length, at, end, needs, data[at] == _SKIP))
            for other, needed in needs:
                if other == client and needed > clock:
                    raise Malformed("a struct builds on what its own client writes later")
            clock, at = clock + length, end
        if clock > MAX_NUMBER:
            raise Malformed("a clock runs over")
        found.append(run)
    if clients > 1 and len({run.client for run in found}) < clients:
        raise Malformed("a client is named twice")
    return at


def _deletions(data: bytes, at: int, found: list[Range]) -> int:
    clients, at = _count(data, at, least=2)
    for _ in range(clients):
        client, at = read(data, at)
        ranges, at = _count(data, at, least=2)
        for _ in range(ranges):
            clock, at = read(data, at)
            length, at = read(data, at)
            if length == 0 or clock + length > MAX_NUMBER:
                raise Malformed("a deletion has no length, or too much of it")
            found.append(Range(client, clock, clock + length))
    return at


def _struct(data: bytes, at: int, needs: list[Need]) -> tuple[int, int]:
    """Return a struct's length in clock ticks, and where it ends; note what it builds on."""
    if at >= len(data):
        raise Malformed("an update ends too early")
    info = data[at]
    at += 1
    kind = info & _CONTENT
    if info in (_GC, _SKIP):
        return _length(data, at)
    return _content(data, _place(data, at, info, needs), kind)


def _place(data: bytes, at: int, info: int, needs: list[Need]) -> int:
    """Pass over what tells where a struct belongs; note what that builds on."""
    if info & _ORIGIN:
        at = _need(data, at, needs)
    if info & _RIGHT_ORIGIN:
        at = _need(data, at, needs)
    if not info & (_ORIGIN | _RIGHT_ORIGIN):
        at = _parent(data, at, needs, keyed=bool(info & _KEYED))
    return at


def _length(data: bytes, at: int) -> tuple[int, int]:
    length, at = read(data, at)
    if length == 0:
        raise Malformed("a struct has no length")
    return length, at


def _need(data: bytes, at: int, needs: list[Need]) -> int:
    client, at = read(data, at)
    clock, at = read(data, at)
    needs.append(Need(client, clock + 1))
    return at


def _parent(data: bytes, at: int, needs: list[Need], *, keyed: bool) -> int:
    by_name, at = read(data, at)
    if by_name == 1:
        at = _text(data, at)[1]
    elif by_name == 0:
        at = _need(data, at, needs)
    else:
        raise Malformed("a parent is named in no known way")
    return _text(data, at)[1] if keyed else at


def _content(data: bytes, at: int, kind: int) -> tuple[int, int]:
    match kind:
        case 4:
            text, at = _text(data, at)
            if not text:
                raise Malformed("a struct has no length")
            return (len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2), at
        case 1:
            return _length(data, at)
        case 2:
            count, at = _items(data, at)
            for _ in range(count):
                at = _text(data, at)[1]
            return count, at
        case 3:
            return 1, _skip(data, at)
        case 5:
            return 1, _json(data, at)
        case 6:
            return 1, _json(data, _text(data, at)[1])
        case 7:
            return 1, _type(data, at)
        case 8:
            count, at = _items(data, at)
            for _ in range(count):
                at = _any(data, at, DEPTH)
            return count, at
        case 9:
            return 1, _any(data, _text(data, at)[1], DEPTH)
    raise Malformed("a struct is of no known kind")


def _items(data: bytes, at: int) -> tuple[int, int]:
    count, at = _count(data, at)
    if count == 0:
        raise Malformed("a struct has no length")
    return count, at


def _skip(data: bytes, at: int) -> int:
    size, at = read(data, at)
    if at + size > len(data):
        raise Malformed("something is longer than what holds it")
    return at + size


def _text(data: bytes, at: int) -> tuple[str, int]:
    end = _skip(data, at)
    begin = read(data, at)[1]
    try:
        return data[begin:end].decode(), end
    except UnicodeDecodeError as exc:
        raise Malformed("a text is no UTF-8") from exc


def _json(data: bytes, at: int) -> int:
    text, at = _text(data, at)
    if text.count("[") + text.count("{") > DEPTH:
        raise Malformed("a value is nested too deep")
    try:
        orjson.loads(text)
    except orjson.JSONDecodeError as exc:
        raise Malformed("a value is no JSON") from exc
    return at


def _type(data: bytes, at: int) -> int:
    kind, at = read(data, at)
    if kind not in _TYPES:
        raise Malformed("there is no such shared type")
    return _text(data, at)[1] if kind in _NAMED_TYPES else at


def _any(data: bytes, at: int, depth: int) -> int:
    if at >= len(data):
        raise Malformed("a value ends too early")
    tag = data[at]
    at += 1
    fixed = _FIXED.get(tag)
    if fixed is not None:
        if at + fixed > len(data):
            raise Malformed("a value ends too early")
        return at + fixed
    if tag == _INTEGER:
        return _signed(data, at)
    if tag == _TEXT:
        return _text(data, at)[1]
    if tag == _BYTES:
        return _skip(data, at)
    if tag not in (_OBJECT, _ARRAY):
        raise Malformed("a value is of no known kind")
    if depth == 0:
        raise Malformed("a value is nested too deep")
    count, at = _count(data, at, least=2 if tag == _OBJECT else 1)
    for _ in range(count):
        if tag == _OBJECT:
            at = _text(data, at)[1]
        at = _any(data, at, depth - 1)
    return at


def _signed(data: bytes, at: int) -> int:
    """Pass over a signed number: as `read`, with one bit less in the first byte."""
    for end in range(at, min(at + 8, len(data))):
        if data[end] < 0x80:
            return end + 1
    raise Malformed("a number has no end, or more than eight bytes")
