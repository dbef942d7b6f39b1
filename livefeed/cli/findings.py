"""What `livefeed doctor` finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class State(Enum):
    """How a thing is. Only WRONG makes the doctor's exit code 1."""

    GOOD = "good"
    IDLE = "idle"
    """Not running, which is nobody's fault."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing, how it is, and what to do about it if it is wrong."""

    name: str
    state: State
    says: str
    do: str = ""
