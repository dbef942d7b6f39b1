"""Every guard of the rules is needed: taken out, worlds fail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from livefeed.errors import IllegalTransition
from tests import soak
from tests.simulation.client import Violation
from tests.simulation.guard import Guard
from tests.simulation.guards import GUARDS
from tests.simulation.scenes import play
from tests.simulation.world import World

WORLDS = 1_000
FAILURES = (Violation, IllegalTransition)
"""What the oracle says, and what the hub says of itself."""


@pytest.fixture(scope="module")
def caught(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """What broke without each guard; a full run prints it."""
    found: dict[str, str] = {}
    yield found
    if soak.FULL:
        with request.config.pluginmanager.getplugin("capturemanager").global_and_fixture_disabled():
            print(f"\n{len(found)} guards, each caught when taken out:")
            for name, what in found.items():
                print(f"  {name}: {what:.120}")


@pytest.mark.soak
@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_this_guard_worlds_fail(guard: Guard, caught: dict[str, str]) -> None:
    with guard.taken_out() as make:
        found = first_failure(guard, make)
    assert found is not None, f"{WORLDS} worlds did not notice that '{guard.says}' no longer holds"
    print(f"without {guard.name}: {found}")
    caught[guard.name] = found


def first_failure(guard: Guard, make) -> str | None:
    """Return what broke first, and in which world."""
    if guard.scene is not None:
        try:
            play(guard.scene, make(0))
        except FAILURES as exc:
            return f"its scene: {exc}"
        return None
    for seed in range(WORLDS):
        try:
            make(seed).run()
        except FAILURES as exc:
            return f"world {seed}: {exc}"
    return None


@pytest.mark.parametrize("guard", [guard for guard in GUARDS if guard.scene], ids=lambda guard: guard.name)
def test_with_this_guard_its_scene_ends_well(guard: Guard) -> None:
    assert guard.scene is not None
    play(guard.scene, World(0, steps=0))
