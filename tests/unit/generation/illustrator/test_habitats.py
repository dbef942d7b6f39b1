"""Where a prompt is set: the place it names, the place it is, or a habitat; and crowds, bridges and trains there."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator.asked import Asked
from livefeed.generation.generators.illustrator.groups import group
from livefeed.generation.generators.illustrator.habitats import situated
from livefeed.generation.generators.illustrator.light import light_for
from livefeed.generation.generators.illustrator.prompt import read
from livefeed.generation.generators.illustrator.scene import asked_of, compose
from livefeed.generation.generators.illustrator.settings import SETTINGS, viaduct
from livefeed.generation.generators.illustrator.stage import Stage
from livefeed.generation.generators.illustrator.staging import arranged


def set_on_a_stage(prompt: str) -> tuple[Stage, list[tuple[float, float, float]]]:
    """Return the stage of a prompt and (x, foot, height) of everybody on it."""
    said = read(prompt)
    random = np.random.default_rng(1)
    shown, place = situated(said, random)
    stage = Stage(192, 192, 3, light_for("day", frozenset(), random), shown.weather)
    stage.flying = shown.flying
    SETTINGS[place](stage, asked_of(said, shown))
    if shown.bridged:
        viaduct.lead_over(stage)
    return stage, [(spot.x, spot.base, spot.height) for _, _, _, spot in arranged(stage, shown).entries]


@pytest.mark.parametrize(
    ("prompt", "place", "left"),
    [
        ("a castle", "castle", 0),
        ("a castle at night in the snow", "castle", 0),
        ("a castle on a beach", "beach", 1),
        ("two castles", None, 1),
        ("a volcano", "volcano", 0),
        ("a knight riding a dragon over a volcano", "volcano", 2),
        ("a cow flying over a castle", "castle", 1),
        ("a train on a bridge in a canyon", "canyon", 1),
        ("a fox on a bridge", "bridge", 1),
    ],
)
def test_a_prompt_is_set_where_it_says_or_where_it_is(prompt: str, place: str | None, left: int):
    shown, found = situated(read(prompt), np.random.default_rng(1))
    assert place is None or found == place
    assert len(shown.subjects) == left


def test_what_the_place_itself_shows_is_still_told_and_attended_to():
    scene = compose("a golden castle", 7, 128, 128)
    assert scene.subjects == (("castle", 1),)
    assert (scene.focus > 0.75).mean() > 0.05


def test_who_flies_over_a_castle_is_in_the_air():
    assert situated(read("a cow flying over a castle"), np.random.default_rng(1))[0].flying


@pytest.mark.parametrize("prompt", ["twenty ducks", "twelve cats", "a hundred bees", "ten sheep", "five ducks"])
def test_a_crowd_is_spread_over_the_ground(prompt: str):
    stage, spots = set_on_a_stage(prompt)
    assert len(spots) == read(prompt).subjects[0].count
    low, high = stage.span
    places = [x for x, _, _ in spots]
    assert max(places) - min(places) > 0.5 * (high - low)
    assert len({round(foot, 2) for _, foot, _ in spots}) > 1
    apart = [
        min(abs(x - other) + 2 * abs(y - below) for j, (other, below, _) in enumerate(spots) if j != i)
        for i, (x, y, _) in enumerate(spots)
    ]
    assert min(apart) > 0.02


def test_a_train_stands_on_the_bridge_over_the_canyon():
    stage, spots = set_on_a_stage("a train on a bridge in a canyon")
    assert stage.ground == viaduct.DECK
    assert abs(spots[0][1] - viaduct.DECK) < 0.03


def test_an_engine_has_its_carriages():
    train = group(read("a train"), 0)
    assert train.width > 2.5 * train.height


def test_a_lighthouse_on_a_cliff_is_the_only_one():
    stages = [Stage(128, 128, 3, light_for("day", frozenset(), np.random.default_rng(1)), frozenset()) for _ in "ab"]
    for stage, shown in zip(stages, (frozenset(), frozenset({"lighthouse"})), strict=True):
        SETTINGS["cliff"](stage, Asked(shown=shown))
    assert np.abs(stages[0].picture - stages[1].picture).max() > 0.2
