"""Scenes: every setting, tint, shape of frame and odd text composes."""

from __future__ import annotations

import random

import numpy as np
import pytest

from livefeed.generation.generators.illustrator import art, compose
from livefeed.generation.generators.illustrator.lexicon import vocabulary
from livefeed.generation.generators.illustrator.pixels import to_hsv
from livefeed.generation.generators.illustrator.planting import recolour
from livefeed.generation.generators.illustrator.settings import SETTINGS


def word_for(setting: str) -> str:
    """Return a word that asks for a setting once something is "in" it."""
    terms = vocabulary("en").senses.items()
    return next(term for term, senses in terms if setting in (senses.get("venues"), senses.get("settings")))


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_composes_with_a_subject_in_it(name):
    """The place is what the word says, the subject is told, and the picture is no flat colour."""
    scene = compose(f"a cat in the {word_for(name)}", 3, 128, 96)
    assert scene.setting == name
    assert scene.subjects[0] == ("cat", 1)
    assert scene.picture.shape == (96, 128, 3)
    assert scene.picture.std() > 12
    assert scene.focus.max() > 0.9


@pytest.mark.parametrize("hour", ["day", "dawn", "sunset", "dusk", "night"])
def test_the_hour_is_in_the_picture(hour):
    """The scene tells its hour; nights are darker than days."""
    scene = compose(f"hills at {hour}", 3, 96, 96)
    assert scene.light == hour
    bright = compose("hills at noon", 3, 96, 96).picture.mean()
    assert hour != "night" or scene.picture.mean() < 0.8 * bright


@pytest.mark.parametrize("word", ["snow", "rain", "fog", "wind", "storm", "aurora", "rainbow", "petals", "autumn"])
def test_weather_changes_the_picture(word):
    """Each weather leaves its mark on the same hills."""
    plain = compose("hills", 3, 128, 128)
    with_weather = compose(f"hills {word}", 3, 128, 128)
    assert with_weather.weather
    assert (plain.picture != with_weather.picture).mean() > 0.02


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ("after van gogh", "impasto"),
        ("watercolour", "watercolour"),
        ("pointillism", "pointillist"),
        ("gouache", "gouache"),
        ("oil", "oil"),
    ],
)
def test_words_choose_the_painters_hand(words, style):
    """At least two painterly styles can be asked for by name."""
    assert compose(f"a fox, {words}", 1, 96, 96).style.name == style


@pytest.mark.parametrize(("width", "height"), [(96, 128), (128, 96), (160, 90), (90, 160), (64, 64), (257, 131)])
def test_every_shape_of_frame_composes(width, height):
    """Portrait, landscape, wide and odd sizes."""
    for prompt in ("a whale in the sea", "two foxes in a forest", "the unsayable"):
        scene = compose(prompt, 2, width, height)
        assert scene.picture.shape == (height, width, 3)
        assert scene.flow.shape == scene.focus.shape == (height, width)


def test_a_colour_word_tints_the_subject():
    """A blue dragon is bluer than a dragon, and a red one redder."""
    scenes = {c: compose(f"a {c} dragon on a table", 4, 160, 160) for c in ("blue", "red", "green")}
    dominant = {c: s.picture[s.focus > 0.8].astype(np.int16).mean(0) for c, s in scenes.items()}
    assert dominant["blue"][2] > dominant["green"][2] + 20
    assert dominant["red"][0] > dominant["green"][0] + 20


def test_recolouring_leaves_dark_eyes_and_alpha_alone():
    """Only the main hue moves."""
    picture = np.zeros((8, 8, 4), np.float32)
    picture[..., :3], picture[..., 3] = (0.95, 0.55, 0.1), 1.0
    picture[3, 3, :3] = (0.05, 0.05, 0.06)
    tinted = recolour(picture, (0.13, 0.36, 0.86))
    assert abs(float(to_hsv(tinted[..., :3])[0, 0, 0]) - 0.61) < 0.05
    assert np.allclose(tinted[3, 3], picture[3, 3], atol=0.02)
    assert (tinted[..., 3] == 1).all()


def test_more_of_a_subject_fills_more_of_the_frame():
    """Counts are drawn, not only read."""
    one, many = (compose(f"{n} owl{s} in a meadow", 3, 160, 160) for n, s in (("one", ""), ("five", "s")))
    assert many.subjects == (("owl", 5),)
    columns = [(scene.focus > 0.6).any(0).mean() for scene in (one, many)]
    assert columns[1] > columns[0] + 0.15


def test_an_unmatched_prompt_gets_an_abstract_painting_of_its_own():
    """The words drive it: other words, another painting; it still is a picture."""
    first, second = compose("melancholy of unspoken tuesdays", 1, 128, 128), compose("recursive longing", 1, 128, 128)
    assert first.setting == second.setting == "abstract"
    assert first.subjects == ()
    assert np.abs(first.picture.astype(np.int16) - second.picture).mean() > 15
    assert first.picture.std() > 20


@pytest.mark.parametrize(
    "prompt",
    ["", "   ", "!?…", "a" * 1000, "fox " * 300, "\x00\x07\x1b[31m", "🧿🫧👾", "🏳️‍🌈", "\ud800", "خط", "深い森",
     "%s {0} <b>", "two", "red", "of the in", "99 red 99", "in in in in", "a giant wave wave wave", "moons " * 40],
)  # fmt: skip
def test_odd_text_never_raises(prompt):
    """Whatever people type, a picture comes out."""
    assert compose(prompt, 1, 96, 64).picture.shape == (64, 96, 3)


@pytest.mark.parametrize("seed", [11, 12])
def test_any_mixture_of_known_words_composes(seed):
    """Words of the art, of places, weather and relations, in any order and number."""
    print("seed", seed)
    source = random.Random(seed)
    nouns = sorted({*art.index().words, *list(art.index().foreign)[::9]})
    others = [term for language in ("en", "fr", "it") for term in vocabulary(language).senses]
    for _ in range(25):
        words = [source.choice(nouns if source.random() < 0.5 else others) for _ in range(source.randint(1, 8))]
        prompt = " ".join(words)
        assert compose(prompt, seed, 64, 72).picture.shape == (72, 64, 3), prompt


def test_sizes_it_cannot_paint_are_refused():
    """The error says which sizes are possible."""
    with pytest.raises(ValueError, match="64 to 1024"):
        compose("a fox", 1, 32, 512)
