"""The slot that the work queue lives in: its keys, and how its scripts are run."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

from livefeed.streams.connection import Argument, Store
from livefeed.streams.script import Script, source

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Value = TypeVar("Value", bound="DataclassInstance")

SLOT = "lf:{queue}:"
GROUP = "workers"
TICKETS = SLOT + "tickets"

_COMMON = source(__package__, "work")
_OUTLOOK = source(__package__, "work_outlook")
_NAMES = (
    *("jobs", "line", "held", "counters", "ended", "told", "turns", "resting", "due"),
    *("dead", "buried", "paces", "paced", "came"),
)
_KEYS = [TICKETS, *(SLOT + name for name in _NAMES)]


def script(name: str, *, looks_out: bool = False) -> Script:
    """Return a script of the queue, see scripts/work.lua. looks_out: it may use `outlook`."""
    parts = [_COMMON, *([_OUTLOOK] if looks_out else []), source(__package__, name)]
    return Script("\n".join(parts))


def value_of(kind: type[Value], raw: bytes) -> Value:
    """Return a dataclass from its JSON. What a newer release has added to it is left out."""
    known = {field.name for field in fields(kind)}
    return kind(**{name: value for name, value in orjson.loads(raw).items() if name in known})


async def run(store: Store, script: Script, who: str | None, *args: Argument) -> Any:
    """Run a script of the queue. who: whose places it counts, if anybody's. Raises: StoreUnavailable."""
    mine = SLOT + ("gate" if who is None else f"of:{who}")
    return await store.run(script, [*_KEYS, mine], args)
