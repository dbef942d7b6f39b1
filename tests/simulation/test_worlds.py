"""The rules of positions and of delivery over thousands of seeded worlds; `make soak` runs 10,000 of them."""

from __future__ import annotations

import os

import pytest

from tests import soak
from tests.simulation.happenings import COUNTED
from tests.simulation.scenes import SCENES, play
from tests.simulation.world import World, run_worlds

ONE = os.environ.get("LIVEFEED_SEED")
SEEDS = range(int(ONE), int(ONE) + 1) if ONE else range(soak.count(200, 10_000))
OFTEN = 500
"""How often a full run must have seen each kind of fault."""


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_no_world_has_a_silent_hole_a_duplicate_or_a_waiting_client(capsys: pytest.CaptureFixture[str]) -> None:
    struck = run_worlds(SEEDS)
    faults = ", ".join(f"{name} {struck[name]:,}" for name in COUNTED)
    others = ", ".join(f"{name} {count:,}" for name, count in sorted(struck.items()) if name not in COUNTED)
    worlds = f"worlds {SEEDS[0]} to {SEEDS[-1]} were clean."
    soak.tell(capsys, worlds, f"faults: {faults}", f"besides: {others}")
    rare = {name: struck[name] for name in COUNTED if struck[name] < soak.count(1, OFTEN)}
    assert ONE or not rare, f"these struck too rarely: {rare}"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_the_plots_end_well(scene) -> None:
    play(scene, World(0, steps=0))


def test_a_world_is_the_same_at_every_run() -> None:
    assert World(7).run() == World(7).run()
