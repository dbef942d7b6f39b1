"""How much a seeded test does: a little in `make test`, everything in `make soak`. And how it says what it has seen."""

from __future__ import annotations

import os
import sys

import pytest

FULL = os.environ.get("LIVEFEED_SOAK", "") not in {"", "0"}


def count(usual: int, full: int) -> int:
    """Return how many worlds, rounds or events a test marked `soak` goes through."""
    return full if FULL else usual


def measured_with(seed: int) -> int:
    """Return the seed for a test that holds a share of random runs to a bar: its own, and the run's at full counts.

    At the usual counts chance alone carries such a share across the bar in one of some twenty runs.
    """
    return seed if FULL else 1


def tell(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    """Print what a test that passed has seen; on stderr, which alone comes through from processes that share a run."""
    with capsys.disabled():
        print("", *lines, sep="\n", file=sys.stderr)
