"""What the store's streams hold, as values: entries, pages, answers."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from livefeed.position import Position

log = logging.getLogger(__name__)

LATEST_KEYS = 256
"""LATEST values a topic keeps: those of the most recently changed keys."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a shard's stream. `data` is JSON as stored; `key` is set on a LATEST value.

    prev: the id of the shard's entry before it. origin: the id it had on the topic where it first happened, if that is
    another one: an event keeps its id on every topic that carries it.
    """

    id: Position
    prev: Position
    topic: str
    type: str
    data: bytes
    key: str | None = None
    origin: Position | None = None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """A KEPT event of a topic's stream. `data` is JSON as stored; `origin` as in Entry."""

    id: Position
    type: str
    data: bytes
    origin: Position | None = None

    @property
    def body_bytes(self) -> int:
        """What it holds, in bytes."""
        return len(self.data)


@dataclass(frozen=True, slots=True)
class StoredValue:
    """The newest LATEST value of a key. `data` is JSON as stored."""

    key: str
    rev: Position
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a topic and what it stands on, read in one round trip.

    cut_held: the reader's cut is in the shard's stream; if not, nothing else here may be used.
    good: the position asked from is proved; if not, there is a gap.
    at: where the events start from.
    complete: nothing between the last event and the cut was left out.
    values: the newest LATEST values if they were asked for; some may be newer than the cut.
    """

    cut_held: bool
    good: bool
    at: Position
    events: Sequence[StoredEvent]
    complete: bool
    values: Sequence[StoredValue] | None = None


def stored(raw: bytes) -> Position:
    """Return a position that the store wrote: as `Position.parse`, at a third of its cost. Raises: BadPosition."""
    try:
        ms, _, n = raw.partition(b"-")
        return Position(int(ms), int(n))
    except (AttributeError, TypeError, ValueError):
        return Position.parse(raw)


def parse_entry(raw: Sequence[Any]) -> Entry:
    """Return the shard entry that a raw reply `[id, [name, value, …]]` holds."""
    fields = raw[1]
    last = fields[8] if len(fields) > 8 else None
    return Entry(
        id=stored(raw[0]),
        prev=stored(fields[1]),
        topic=_text(fields[3]),
        type=_text(fields[5]),
        data=_json(fields[7]),
        key=_text(fields[9]) if last == b"l" else None,
        origin=stored(fields[9]) if last == b"i" else None,
    )


def parse_event(raw: Sequence[Any]) -> StoredEvent:
    """Return the topic entry that a raw reply holds; its fields are p, k, d and perhaps i."""
    fields = raw[1]
    origin = stored(fields[7]) if len(fields) > 6 else None
    return StoredEvent(stored(raw[0]), _text(fields[3]), _json(fields[5]), origin)


def parse_values(raw: Sequence[bytes]) -> list[StoredValue]:
    """Return the LATEST values of a raw HGETALL, ascending by rev."""
    values = []
    for key, packed in zip(raw[::2], raw[1::2], strict=True):
        rev, kind, data = packed.split(b" ", 2)
        values.append(StoredValue(_text(key), stored(rev), _text(kind), _json(data)))
    return sorted(values, key=lambda value: value.rev)


def _text(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _json(raw: bytes) -> bytes:
    """Return data as JSON on one line; `null` for what is none.

    Whoever may write to the store may publish by the append script, and it takes any bytes. One event that nobody can
    read must not keep readers from the others.
    """
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError as exc:
        log.warning("an event's data is no JSON and is shown as null: %s", exc)
        return b"null"
    return orjson.dumps(found) if b"\n" in raw or b"\r" in raw else raw
