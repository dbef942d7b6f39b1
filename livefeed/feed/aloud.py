"""A port: what else is done in the step that tells a person something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Aloud:
    """lua: defines `aloud(id)`, which tells of the notification `id`. keys: what it names, the last keys of the script,
    all of the person's slot.
    """

    lua: str
    keys: Callable[[str], list[str]]


SILENT = Aloud("local function aloud() end\n", lambda person: [])
"""Nothing else is done."""
