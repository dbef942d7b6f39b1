"""The queue as its operator sees it: who waits, who runs, and the dead letters of what could not be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import orjson

from livefeed.streams.connection import Store
from livefeed.streams.work_slot import SLOT, run, script, value_of

KEPT_LETTERS = 1_000
"""The newest dead letters; older ones are dropped."""
LETTER_MS = 7 * 86_400_000
LISTED = 1_000

_BURY = script("work_bury")
_UNBURY = script("work_unbury")
_LIST = script("work_list")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is kept of a job that was given up: not its own fault, and it may be tried again.

    code, reason: why, as its author was told. cause: what was behind it, for the operator, '' if nothing is known.
    attempts: how many workers had it. at: when, in ms.
    """

    id: str
    author: str
    generator: str
    code: str
    reason: str
    attempts: int
    at: int
    cause: str = ""


class Standing(StrEnum):
    """What a job in the queue is doing."""

    WAITING = "waiting"
    RESTING = "resting"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A job in the queue. place: 1 is next, 0 for one that runs. attempt: how many workers have had it.

    for_ms: how long it runs, or how long it will rest; 0 for one in line. urgent: put before all others by a host.
    """

    id: str
    author: str
    standing: Standing
    place: int
    attempt: int
    priority: int
    urgent: bool
    for_ms: int
    consumer: str


class Ledger:
    """Reads the queue and its dead letters. Every method may be repeated after StoreUnavailable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def entries(self, *, limit: int = LISTED) -> list[Entry]:
        """Return who rests, then the line in order, then who runs; at most `limit` of each."""
        now_ms, found = await run(self._store, _LIST, None, limit)
        return [_entry(orjson.loads(raw), now_ms) for raw in found]

    async def letters(self) -> list[Letter]:
        """Return the dead letters, newest first."""
        names: Sequence[bytes] = await self._store.execute("ZREVRANGE", SLOT + "buried", 0, -1)
        if not names:
            return []
        found = await self._store.execute("HMGET", SLOT + "dead", *names)
        return [value_of(Letter, raw) for raw in found if raw is not None]

    async def letter(self, job: str) -> Letter | None:
        """Return the dead letter of a job, None if there is none."""
        raw = await self._store.execute("HGET", SLOT + "dead", job)
        return value_of(Letter, raw) if raw is not None else None

    async def bury(self, letter: Letter, *, life: int = 1) -> None:
        """Keep a dead letter; once for each life of a job, however often this is repeated."""
        text = orjson.dumps(asdict(letter))
        await run(self._store, _BURY, None, letter.id, life, text, letter.at, KEPT_LETTERS, LETTER_MS)

    async def drop(self, job: str) -> bool:
        """Drop a dead letter; False if there was none."""
        return bool(await run(self._store, _UNBURY, None, job))


def _entry(record: dict[str, Any], now_ms: int) -> Entry:
    if record["token"]:
        standing, for_ms = Standing.RUNNING, now_ms - record.get("since", now_ms)
    elif "until_ms" in record:
        standing, for_ms = Standing.RESTING, max(0, record["until_ms"] - now_ms)
    else:
        standing, for_ms = Standing.WAITING, 0
    return Entry(
        id=record["job"],
        author=record["who"],
        standing=standing,
        place=record["place"],
        attempt=record["attempt"],
        priority=record["priority"],
        urgent=record["round"] == -1,
        for_ms=for_ms,
        consumer=record.get("consumer", ""),
    )
