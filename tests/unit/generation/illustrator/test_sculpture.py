"""Sculptures: round, smooth where parts join, lit from the upper left."""

from __future__ import annotations

import numpy as np

from livefeed.generation.generators.illustrator.sculpture import Sculpture

CLAY = (0.8, 0.5, 0.4)


def test_a_ball_is_brighter_towards_the_light_than_away_from_it():
    clay = Sculpture(120, 120)
    clay.ball(60, 60, 40, 40, CLAY)
    picture = clay.picture()
    assert picture[40, 40, :3].sum() > 1.2 * picture[80, 80, :3].sum()
    assert (picture[60, 60, 3], picture[5, 5, 3]) == (1.0, 0.0)


def test_parts_that_touch_join_without_a_step():
    """Along the seam of two balls the surface bends, but does not jump."""
    clay = Sculpture(200, 120)
    clay.ball(80, 60, 40, 40, CLAY)
    clay.ball(120, 60, 40, 40, CLAY, blend=16)
    ridge = clay.height[60, 60:140]
    assert np.abs(np.diff(ridge)).max() < 3


def test_a_part_in_front_keeps_its_colour_and_stays_within_its_rim():
    clay = Sculpture(200, 200)
    clay.ball(100, 100, 80, 80, CLAY)
    clay.ball(100, 100, 12, 12, (0.1, 0.1, 0.9), z=80)
    assert np.abs(clay.colours[100, 100] - np.float32([0.1, 0.1, 0.9])).max() < 0.01
    assert np.abs(clay.colours[100, 140] - np.float32(CLAY)).max() < 0.02


def test_a_limb_covers_its_way_and_ends_in_its_tip():
    clay = Sculpture(220, 80)
    clay.limb([(30, 40, 14.0), (100, 40, 12.0), (190, 40, 10.0)], CLAY, tip=(0.1, 0.9, 0.1))
    assert clay.alpha[40, 20:200].min() == 1.0
    assert clay.colours[40, 40, 0] > 0.7
    assert clay.colours[40, 188, 1] > 0.85


def test_rings_alternate_along_a_tail():
    clay = Sculpture(220, 80)
    clay.limb([(30, 40, 14.0), (100, 40, 12.0), (190, 40, 10.0)], CLAY, tip=(0.1, 0.9, 0.1), rings=3)
    green = clay.colours[40, 30:190, 1] > 0.7
    assert np.count_nonzero(np.diff(green.astype(int))) >= 4


def test_a_patch_colours_only_what_is_there():
    clay = Sculpture(100, 100)
    clay.ball(50, 50, 20, 20, CLAY)
    clay.patch(50, 50, 45, 45, (0.0, 0.0, 1.0))
    assert clay.colours[50, 50, 2] == 1.0
    assert clay.alpha[10, 10] == 0.0


def test_the_layer_of_a_sheet_is_cut_and_says_where_it_lies():
    clay = Sculpture(300, 200)
    clay.ball(200, 120, 20, 10, CLAY)
    part, x, y = clay.layer()
    assert abs(x - 180) <= 2
    assert abs(y - 110) <= 2
    assert part.shape[0] < 30
    assert part.shape[1] < 50


def test_what_lies_off_the_sheet_is_left_out():
    clay = Sculpture(50, 50)
    clay.ball(-100, -100, 20, 20, CLAY)
    assert clay.layer()[0].shape == (1, 1, 4)
