"""How much a seeded test does: a little in `make test`, everything in `make soak`."""

from __future__ import annotations

import os

FULL = os.environ.get("LIVEFEED_SOAK", "") not in {"", "0"}


def count(usual: int, full: int) -> int:
    """Return how many worlds, rounds or events a test marked `soak` goes through."""
    return full if FULL else usual
