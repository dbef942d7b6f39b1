"""A thousand rooms on nodes and a store that suffer: in the end everybody holds the same, and sees who is there."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.simulation.rooms.guards import GUARDS, Guard
from tests.simulation.rooms.loop import play
from tests.simulation.rooms.plots import PLOTS
from tests.simulation.rooms.world import Plot, World
from tests.soak import FULL, count

WORLDS = count(25, 1_000)
STEPS = 60
TRIED = 150
HAPPENINGS = {"edit", "leave", "come", "move", "stall", "kill", "outage", "deaf", "lose", "demote", "stray"}


@pytest.mark.soak
@pytest.mark.timeout(3_600)
def test_rooms_converge(seed: int) -> None:
    """LIVEFEED_SEED=n repeats one world alone."""
    alone = os.environ.get("LIVEFEED_SEED")
    numbers = [int(alone)] if alone else range(seed, seed + WORLDS)
    happened: Counter[str] = Counter()
    compactions = 0
    for number in numbers:
        world = World(number)
        try:
            play(world.live(STEPS))
        except BaseException:
            print(f"world {number} failed: LIVEFEED_SEED={number}; {dict(world.happened)}")
            raise
        happened += world.happened
        compactions += world.model.compactions
    print(f"{len(list(numbers))} worlds: {dict(happened)}, {compactions} compactions")
    if not alone:
        assert compactions
        assert happened.keys() == HAPPENINGS
        assert not FULL or min(happened.values()) >= 500


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.__name__)
def test_plots_end_well(plot: Plot) -> None:
    for number in range(5):
        play(World(number).live(0, plot))


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.__name__)
def test_worlds_fail_without(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    guard(monkeypatch)
    for number, plot in [*enumerate(PLOTS), *[(number, None) for number in range(TRIED)]]:
        try:
            play(World(number).live(0 if plot else STEPS, plot))
        except BaseException as exc:
            if isinstance(exc, KeyboardInterrupt):
                raise
            print(f"world {number} fails without {guard.__name__}: {str(exc)[:200]}")
            return
    pytest.fail(f"{TRIED} worlds do not notice that this is missing: {guard.__doc__}")
