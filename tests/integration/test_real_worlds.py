"""Real processes that die, stop, drain and lose data, and clients that must know everything all the same."""

from __future__ import annotations

import os
import random
from collections import Counter
from pathlib import Path

import pytest

from tests import soak
from tests.simulation.client import Violation
from tests.simulation.real.world import RealWorld

ONE = os.environ.get("LIVEFEED_SEED")
WORLDS = soak.count(2, 50)


@pytest.mark.soak
@pytest.mark.timeout(3_600)
async def test_no_client_of_real_processes_misses_anything_unnoticed(
    tmp_path: Path, seed: int, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(seed)
    seeds = [int(ONE)] if ONE else [chance.randrange(2**32) for _ in range(WORLDS)]
    struck: Counter[str] = Counter()
    for number in seeds:
        try:
            struck += await RealWorld(number, tmp_path / str(number)).run()
        except (Violation, ExceptionGroup) as exc:
            raise AssertionError(f"real world {number} (LIVEFEED_SEED={number} runs it alone): {exc!r}") from exc
    counts = ", ".join(f"{name} {count:,}" for name, count in sorted(struck.items()))
    soak.tell(capsys, f"{len(seeds)} real worlds (from {seeds[0]}) were clean: {counts}")
