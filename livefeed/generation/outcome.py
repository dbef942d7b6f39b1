"""What comes of one claim, and which errors are losses rather than failures. [pure]"""

from __future__ import annotations

from dataclasses import dataclass

from livefeed.errors import Busy
from livefeed.generation.generator import EngineLost
from livefeed.generation.retry import Retry
from livefeed.streams.estimates import Pace


@dataclass(frozen=True, slots=True)
class Loss:
    """What it took was lost, not the picture's fault: it may be tried again.

    what: a sentence without its end, for who asked for the picture. cause: one for the operator, who may do something
    about it. painted: the picture was there, so that another attempt would not change anything.
    """

    stage: str
    code: str
    what: str
    cause: str = ""
    painted: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """The picture is there. pace: how long it took, None if that says nothing of others."""

    pace: Pace | None


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

    stage: `painting` or `publishing`. reading: the picture to remix was being read. Of a finished one, see not_stored.
    """
    if isinstance(exc, EngineLost):
        return Loss(stage, "engine_lost", "The engine that makes the pictures was lost", exc.message)
    if isinstance(exc, Busy) and reading:
        return Loss(stage, "picture_not_read", "The picture to remix could not be read", exc.message)
    return None


def not_stored(cause: str) -> Loss:
    """Return that a finished picture could not be stored for as long as it was kept."""
    return Loss("publishing", "picture_not_stored", "The picture was made but could not be stored", cause, painted=True)
