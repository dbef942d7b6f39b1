"""What comes of one claim, and which errors are losses rather than failures. [pure]"""

from __future__ import annotations

from dataclasses import dataclass

from livefeed.errors import Busy
from livefeed.generation.generator import EngineLost
from livefeed.generation.job import Retry
from livefeed.streams.estimates import Pace


@dataclass(frozen=True, slots=True)
class Loss:
    """What it took was lost, not the picture's fault: it may be tried again. what: a sentence without its end."""

    stage: str
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Done:
    """The picture is there. pace: how long it took."""

    pace: Pace


@dataclass(frozen=True, slots=True)
class Ended:
    """It ended without a picture."""


@dataclass(frozen=True, slots=True)
class Again:
    """It is in line again, after a rest. kind, units: what it takes."""

    retry: Retry
    kind: str
    units: int


Outcome = Done | Ended | Again


def loss_of(exc: Exception, *, stage: str, reading: bool) -> Loss | None:
    """Return what was lost, if an error says so: the engine, or the storage of pictures while it is busy.

    stage: `painting` or `publishing`. reading: the picture to remix was being read.
    """
    if isinstance(exc, EngineLost):
        return Loss(stage, "engine_lost", "The engine that makes the pictures was lost")
    if isinstance(exc, Busy) and stage == "publishing":
        return Loss(stage, "picture_not_stored", "The picture was made but could not be stored")
    if isinstance(exc, Busy) and reading:
        return Loss(stage, "picture_not_read", "The picture to remix could not be read")
    return None
