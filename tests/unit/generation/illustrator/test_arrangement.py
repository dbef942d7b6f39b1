"""Arrangement: where groups stand to each other on the stage."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator.asked import Pose, Relation, Understanding
from livefeed.generation.generators.illustrator.company import Cast, blocks_of
from livefeed.generation.generators.illustrator.light import light_for
from livefeed.generation.generators.illustrator.placing import Spot
from livefeed.generation.generators.illustrator.stage import Stage
from livefeed.generation.generators.illustrator.staging import arranged

from .test_groups import said


def stage(**more: object) -> Stage:
    """Return a stage of 400 pixels by day."""
    empty = Stage(400, 400, 5, light_for("day", frozenset(), np.random.default_rng(1)), frozenset())
    for name, value in more.items():
        setattr(empty, name, value)
    return empty


def spots(plan: Understanding, **more: object) -> list[Spot]:
    """Return where everybody stands, in the order in which they are painted, the main subject's first."""
    return [entry[3] for entry in arranged(stage(**more), plan).entries]


def painted_last(cast: Cast) -> Spot:
    return max(cast.entries, key=lambda entry: entry[:2])[3]


def two(
    relation: Relation, *, inverse: bool = False, one: str = "fox", other: str = "bear", count: int = 1
) -> Understanding:
    link = (1, relation, 0) if inverse else (0, relation, 1)
    return said(one, other, links=(link,), counts=(1, count))


def top(spot: Spot) -> float:
    return spot.base - spot.height - spot.lift


def test_the_main_subject_stands_on_the_ground_near_the_middle():
    (alone,) = spots(said("fox"))
    assert abs(alone.x - 0.5) < 0.1
    assert abs(alone.base - 0.84) < 0.03
    assert 0.4 < alone.height < 0.8
    assert alone.shadow


def test_beside_is_left_or_right_on_the_same_ground():
    main, other = spots(two(Relation.BESIDE))
    assert abs(main.x - other.x) > 0.25
    assert abs(main.base - other.base) < 0.06


def test_facing_looks_at_each_other():
    """The art looks to the left: whoever stands at the left is mirrored."""
    main, other = spots(two(Relation.FACING))
    left, right = sorted((main, other), key=lambda spot: spot.x)
    assert (left.mirrored, right.mirrored) == (True, False)


def test_between_has_one_on_each_side():
    main, *others = spots(two(Relation.BETWEEN, count=2))
    assert min(spot.x for spot in others) < main.x < max(spot.x for spot in others)


def test_among_has_some_behind_and_some_before():
    main, *others = spots(two(Relation.AMONG, other="mushroom", count=3))
    assert len(others) >= 6
    assert min(spot.base for spot in others) < main.base - 0.01
    assert max(spot.base for spot in others) > main.base


def test_behind_and_before_overlap_in_depth():
    """ "fox BEHIND rock": the rock is painted over the fox. "fox BEFORE temple": the other way round."""
    hidden = arranged(stage(), two(Relation.BEHIND, other="rock"))
    assert painted_last(hidden) is hidden.entries[1][3]
    shown = arranged(stage(), two(Relation.BEFORE, other="hindu temple"))
    assert painted_last(shown) is shown.entries[0][3]
    first, house = (entry[3] for entry in shown.entries)
    assert house.height > first.height


def test_over_hangs_above_what_stands_below():
    main, castle = spots(two(Relation.OVER, one="cow", other="castle"))
    assert not main.shadow
    assert main.base < top(castle) + 0.12
    below, bird = spots(two(Relation.OVER, inverse=True, one="fox", other="bird"))
    assert bird.base < top(below) + 0.05


def test_under_a_tree_is_at_its_foot_and_under_a_bird_is_below_it():
    main, tree = spots(two(Relation.UNDER, other="deciduous tree"))
    assert tree.height > 1.3 * main.height
    assert top(tree) < top(main)
    main, bird = spots(two(Relation.UNDER, other="airplane"))
    assert bird.base < top(main) + 0.05


@pytest.mark.parametrize("count", [2, 3, 5, 8, 12])
def test_a_group_is_all_there_and_within_the_frame(count):
    """As many as were asked for, not all in one place, the farther the smaller and the higher."""
    places = spots(said("owl", counts=(count,)))
    assert len(places) == count
    assert len({round(spot.x, 2) for spot in places}) > count // 2
    assert all(0.0 <= spot.x <= 1.0 for spot in places)
    near, far = max(places, key=lambda s: s.base), min(places, key=lambda s: s.base)
    if count > 3:
        assert near.height > far.height


def test_what_floats_sinks_in_the_water_and_a_boat_hardly():
    (pig,) = spots(said("pig"), water=0.8)
    (boat,) = spots(said("sailboat"), water=0.8)
    assert pig.sunk > 0.3 > 0.1 > boat.sunk
    assert not pig.shadow


def test_the_flying_have_no_ground_below_them_and_the_jumping_do():
    (bird,) = spots(said("dove"))
    assert bird.base < 0.7
    assert not bird.shadow
    plan = said("frog")
    jumping = Understanding((), (type(plan.subjects[0])(**{**_fields(plan.subjects[0]), "pose": Pose.JUMPING}),))
    (frog,) = spots(jumping)
    assert frog.lift > 0.05
    assert frog.shadow


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]


def test_sizes_are_true_enough():
    """A mouse beside an elephant is much smaller; an elephant beside a mouse is much larger."""
    elephant, mouse = spots(two(Relation.BESIDE, one="elephant", other="mouse"))
    assert mouse.height < 0.55 * elephant.height
    mouse, elephant = spots(two(Relation.BESIDE, one="mouse", other="elephant"))
    assert elephant.height > 1.2 * mouse.height


def test_groups_that_touch_are_one_block():
    plan = said("cat", "top hat", "bicycle", "dog",
                links=((0, Relation.WEARING, 1), (0, Relation.RIDING, 2), (0, Relation.BESIDE, 3)))  # fmt: skip
    blocks = blocks_of(plan)
    assert [(block.base, block.held) for block in blocks] == [(2, 3), (3, 1)]
    assert blocks[1].relation is Relation.BESIDE
