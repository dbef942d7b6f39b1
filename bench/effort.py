"""How long to measure: PAIRS and RUN_SECONDS of the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

DEFAULT_PAIRS, DEFAULT_SECONDS = 3, 4.0


@dataclass(frozen=True, slots=True)
class Effort:
    """pairs: alternating runs of us and a reference. seconds: of one saturated run; others last in proportion."""

    pairs: int = DEFAULT_PAIRS
    seconds: float = DEFAULT_SECONDS

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Effort:
        """Return what is asked for. Ends the program where that is no number."""
        try:
            pairs = int(environment.get("PAIRS") or DEFAULT_PAIRS)
            seconds = float(environment.get("RUN_SECONDS") or DEFAULT_SECONDS)
        except ValueError as exc:
            raise SystemExit(f"bench: PAIRS and RUN_SECONDS are numbers: {exc}.") from exc
        if not 1 <= pairs <= 99 or not 1 <= seconds <= 60:
            raise SystemExit("bench: PAIRS is 1 to 99, RUN_SECONDS 1 to 60.")
        return cls(pairs, seconds)
