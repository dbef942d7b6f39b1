"""The rule of positions over thousands of seeded worlds; `make soak` runs 5,000 of them."""

from __future__ import annotations

import os

import pytest

from tests import soak
from tests.simulation.scenes import SCENES
from tests.simulation.world import FAULTS, World, run_worlds

WORLDS = soak.count(300, 5_000)
FIRST = int(os.environ.get("LIVEFEED_SEED", "0"))


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_no_world_has_a_silent_hole_a_duplicate_or_a_waiting_client(capsys: pytest.CaptureFixture[str]) -> None:
    struck = run_worlds(range(FIRST, FIRST + WORLDS))
    with capsys.disabled():
        counts = ", ".join(f"{name} {count:,}" for name, count in sorted(struck.items()))
        print(f"\nworlds {FIRST} to {FIRST + WORLDS - 1} were clean: {counts}")
    assert all(struck[fault] > 0 for fault in FAULTS), f"some fault never struck: {struck}"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_plots_end_well(scene) -> None:
    scene(World(0, steps=0))


def test_a_world_is_the_same_at_every_run() -> None:
    assert World(7).run() == World(7).run()
