"""Which errors are losses: nobody's fault, and tried again."""

from __future__ import annotations

import pytest

from livefeed.errors import Busy, StoreUnavailable
from livefeed.generation.generator import EngineLost, Refused
from livefeed.generation.outcome import loss_of, not_stored

LOST, BUSY = EngineLost("No answer from http://127.0.0.1:9."), Busy("The disk is busy.")


@pytest.mark.parametrize(
    ("exc", "stage", "reading", "code"),
    [
        (LOST, "painting", False, "engine_lost"),
        (BUSY, "painting", True, "picture_not_read"),
        (BUSY, "publishing", False, None),  # it is kept and stored again, see not_stored
        (BUSY, "painting", False, None),  # the generator's own: what it means only it knows
        (Refused("not_today", "Not today."), "painting", False, None),
        (RuntimeError("the brush broke"), "painting", False, None),
        (OSError("no space left"), "publishing", False, None),
        (StoreUnavailable("away"), "painting", True, None),
    ],
)
def test_only_what_is_nobodys_fault_is_a_loss(exc: Exception, stage: str, reading: bool, code: str | None) -> None:
    loss = loss_of(exc, stage=stage, reading=reading)
    assert (None if loss is None else loss.code) == code
    assert loss is None or loss.stage == stage


def test_what_was_lost_is_told_without_addresses() -> None:
    loss = loss_of(LOST, stage="painting", reading=False)
    assert loss is not None
    assert "127.0.0.1" not in loss.what
    assert loss.cause == LOST.message


def test_a_picture_that_could_not_be_stored_was_painted() -> None:
    """Painting it anew would not help."""
    loss = not_stored("The disk is full.")
    assert (loss.painted, loss.code, loss.cause) == (True, "picture_not_stored", "The disk is full.")
