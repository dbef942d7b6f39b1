"""Settings: every place paints in every light and weather, tells where one may stand, and looks like no other."""

from __future__ import annotations

import random
from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from livefeed.generation.generators.illustrator import weather
from livefeed.generation.generators.illustrator.asked import Asked
from livefeed.generation.generators.illustrator.light import HOURS, light_for
from livefeed.generation.generators.illustrator.pixels import luminance, to_bytes
from livefeed.generation.generators.illustrator.settings import SETTINGS
from livefeed.generation.generators.illustrator.settings.perspective import Perspective
from livefeed.generation.generators.illustrator.stage import Stage

WEATHERS = sorted({
    *weather.BEHIND, "snow", "rain", "fog", "wind", "stars", "petals", "leaves", "fireflies", "clear", "clouds",
    "hail", "dust", "embers", "sunbeams", "confetti", "bubbles",
})  # fmt: skip
FALLING = frozenset({"snow", "rain", "fog", "hail", "wind", "leaves"})
WATERS = "beach canal canyon cave harbour ice island lake oasis pier pool river sea swamp waterfall".split()


def painted(name, hour="day", under=frozenset(), *, seed=3, size=(72, 72), asked=None):
    """Return the stage of a setting, with its weather, as it is before anything stands on it and after."""
    stage = Stage(*size, seed, light_for(hour, under, np.random.default_rng(seed)), under)
    SETTINGS[name](stage, asked or Asked())
    weather.behind(stage)
    for paint in stage.foreground:
        paint()
    weather.before(stage)
    return stage


def test_there_are_far_more_places_than_forty():
    """What the illustrator promises; every hour and weather comes on top."""
    assert len(SETTINGS) >= 70
    assert len(HOURS) >= 12
    assert len(WEATHERS) >= 20


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_paints_a_picture_and_says_where_to_stand(name):
    """No colour is missing or infinite; ground, back, span and air lie in the frame, the back behind the ground."""
    stage = painted(name)
    for part in (stage.picture, stage.flow, stage.focus):
        assert part.dtype == np.float32
        assert np.isfinite(part).all()
    assert to_bytes(stage.picture).std() > 12
    assert 0.4 < stage.back <= stage.ground < 0.95
    assert 0.0 <= stage.span[0] < 0.4 < 0.6 < stage.span[1] <= 1.0
    assert 0.1 < stage.air < stage.ground


@pytest.mark.parametrize("name", WATERS)
def test_where_there_is_water_a_boat_floats_and_a_duck_may_swim(name):
    """A floating main subject gets a waterline; a standing one leaves shallows for another, where they are seen."""
    afloat, ashore = painted(name, asked=Asked(floats=True)), painted(name, asked=Asked(floats=False))
    assert afloat.water is not None
    assert 0.5 < afloat.water < 0.95
    assert ashore.water is None
    assert name == "canyon" or ashore.shallows is not None


def test_the_same_seed_paints_the_same_place_and_another_seed_another():
    """Deterministic to the bit."""
    for name in ("jungle", "market", "greenhouse"):
        first, again, other = painted(name), painted(name), painted(name, seed=4)
        assert np.array_equal(first.picture, again.picture)
        assert not np.array_equal(first.picture, other.picture)


def test_no_two_settings_share_a_composition():
    """Brightness alone, freed of its mean and contrast, tells every place from every other: none is a recolouring."""
    forms = {}
    for name in SETTINGS:
        small = Image.fromarray(to_bytes(luminance(painted(name).picture))).resize((24, 24), Image.Resampling.BOX)
        values = np.asarray(small, np.float64).ravel()
        forms[name] = (values - values.mean()) / values.std()
    for one, other in combinations(forms, 2):
        likeness = float((forms[one] * forms[other]).mean())
        assert likeness < 0.96, (one, other, likeness)


@pytest.mark.parametrize("seed", [21])
def test_every_setting_combines_with_any_light_and_weather(seed):
    """Any hour, up to three weathers, any shape of frame, boats or not: a picture comes out."""
    print("seed", seed)
    source = random.Random(seed)
    for name in SETTINGS:
        under = frozenset(source.sample(WEATHERS, source.randint(0, 3)))
        size = source.choice([(64, 64), (64, 128), (128, 64), (97, 71)])
        asked = Asked(floats=source.random() < 0.4, moons=source.choice([0, 2]), lamps=frozenset(["neon"]))
        stage = painted(name, source.choice(sorted(HOURS)), under, seed=source.randint(0, 9999), size=size, asked=asked)
        assert np.isfinite(stage.picture).all(), (name, under)


@pytest.mark.parametrize("name", WEATHERS)
def test_every_weather_leaves_its_mark(name):
    """On the same hills at the same hour."""
    plain, changed = painted("hills").picture, painted("hills", under=frozenset([name])).picture
    assert (np.abs(plain - changed).max(-1) > 0.02).mean() > 0.01


def test_no_two_lights_look_the_same():
    """Of the same village; and the dark ones are darker than noon."""
    pictures = {hour: painted("village", hour).picture for hour in HOURS}
    for one, other in combinations(pictures, 2):
        assert np.abs(pictures[one] - pictures[other]).mean() > 0.01, (one, other)
    for hour, picture in pictures.items():
        assert HOURS[hour][0].dark < 0.5 or picture.mean() < 0.8 * pictures["noon"].mean(), hour


@pytest.mark.parametrize("name", ["kitchen", "church", "greenhouse", "mine", "underwater", "space", "theatre"])
def test_under_a_roof_nothing_falls_from_the_sky(name):
    """Snow, rain and fog stay outside; confetti and bubbles come along."""
    stage = Stage(72, 72, 3, light_for("day", FALLING, np.random.default_rng(3)), FALLING)
    SETTINGS[name](stage, Asked())
    assert not stage.open_air
    before = stage.picture.copy()
    weather.behind(stage)
    weather.before(stage)
    assert np.array_equal(stage.picture, before)
    stage.weather = frozenset(["confetti"])
    weather.before(stage)
    assert not np.array_equal(stage.picture, before)


@pytest.mark.parametrize("name", ["aurora", "rainbow", "meteors", "fireworks", "tornado"])
def test_spectacles_stay_behind_the_land(name):
    """What the weather hangs in the sky is hidden by the mountains before it, and seen above them."""
    under = frozenset([name])
    stage = Stage(96, 96, 3, light_for("night", under, np.random.default_rng(3)), under)
    SETTINGS["mountains"](stage, Asked())
    before, land = stage.picture.copy(), stage.covered() == 1.0
    assert 0.3 < land.mean() < 0.9
    weather.behind(stage)
    changed = np.abs(stage.picture - before).max(-1) > 0.01
    assert changed[~land].any()
    assert not changed[land].any()


def test_depth_halves_the_way_to_the_vanishing_point():
    """A place one depth away lies half way there, three depths away three quarters."""
    stage = Stage(200, 100, 1, light_for("day", frozenset(), np.random.default_rng(1)), frozenset())
    view = Perspective(stage, 0.5, 0.4)
    assert view.at((1.0, 1.0, 0.0)) == pytest.approx((200, 100))
    assert view.at((1.0, 1.0, 1.0)) == pytest.approx((150, 70))
    assert view.at((1.0, 1.0, 3.0)) == pytest.approx((125, 55))
    assert view.size(1.0) == 50
