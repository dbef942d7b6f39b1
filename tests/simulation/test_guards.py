"""Every guard of the rule is needed: taken out, worlds fail."""

from __future__ import annotations

import pytest

from tests.simulation.client import Violation
from tests.simulation.guards import GUARDS, Guard
from tests.simulation.world import World

WORLDS = 400


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_this_guard_worlds_fail(guard: Guard) -> None:
    with guard.taken_out() as make:
        found = first_failure(guard, make)
    assert found is not None, f"{WORLDS} worlds did not notice that '{guard.says}' no longer holds"
    print(f"without {guard.name}: {found}")


def first_failure(guard: Guard, make) -> str | None:
    """Return what broke first, and in which world."""
    if guard.scene is not None:
        try:
            guard.scene(make(0))
        except Violation as exc:
            return f"its scene: {exc}"
        return None
    for seed in range(WORLDS):
        try:
            make(seed).run()
        except Violation as exc:
            return f"world {seed}: {exc}"
    return None


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if guard.scene], ids=lambda guard: guard.name)
def test_with_this_guard_its_scene_ends_well(guard: Guard) -> None:
    assert guard.scene is not None
    guard.scene(World(0, steps=0))
