"""Cutouts: pictures whose named points move along."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator.cutout import Cutout, assembled, resized, tilted


@pytest.fixture
def flag() -> Cutout:
    """A sheet 40 wide and 20 high, red at the left, with a point in the red part."""
    picture = np.ones((20, 40, 4), np.float32)
    picture[..., :3] = 0.0
    picture[:, :10, 0] = 1.0
    return Cutout(picture, {"hand": (5.0, 10.0)}, head=8.0, grip=(3.0, (1.0, 0.8, 0.2)))


def red_at(cutout: Cutout, name: str) -> float:
    x, y = cutout.at(name)
    return float(cutout.picture[min(cutout.height - 1, int(y)), min(cutout.width - 1, int(x)), 0])


def test_points_stay_on_what_they_name(flag):
    """Scaled, mirrored, turned: the hand is still in the red part."""
    for changed in (flag.scaled(2.0), flag.mirrored(), flag.turned(90), flag.turned(-30), flag.to_height(60)):
        assert red_at(changed, "hand") > 0.8


def test_scaling_scales_head_and_hands_too(flag):
    twice = flag.to_width(80)
    assert (twice.width, twice.height, twice.head) == (80, 40, 16.0)
    assert twice.grip == (6.0, (1.0, 0.8, 0.2))


def test_turning_a_quarter_swaps_width_and_height(flag):
    turned = flag.turned(90)
    assert abs(turned.width - 20) <= 2
    assert abs(turned.height - 40) <= 2


def test_an_unknown_point_is_where_the_caller_says(flag):
    assert flag.at("tail", 0.5, 1.0) == (20.0, 20.0)


def test_layers_are_laid_in_order_and_cut_to_what_they_show(flag):
    """What lies outside the first layer grows the sheet; points move by as much."""
    dot = np.ones((4, 4, 4), np.float32)
    joined = assembled([(flag.picture, 0, 0), (dot, -10, 8)], flag.points)
    assert joined.width == 50
    assert joined.at("hand") == (15.0, 10.0)
    assert joined.picture[10, 2, :3].min() == 1.0


def test_nothing_at_all_is_still_a_picture():
    assert assembled([(np.zeros((9, 9, 4), np.float32), 0, 0)]).picture.size > 0


def test_clear_pixels_do_not_bleed_into_the_rest():
    """Resampling weighs colours with their alpha: a white disc on clear black stays white."""
    picture = np.zeros((30, 30, 4), np.float32)
    picture[10:20, 10:20] = 1.0
    for changed in (resized(picture, 60, 60), tilted(picture, 20)):
        solid = changed[changed[..., 3] > 0.5]
        assert solid[:, :3].min() > 0.95
