"""A remix whose words name nobody is about who is in its parent."""

from __future__ import annotations

import numpy as np
import pytest

from livefeed.generation.generators.illustrator import compose
from livefeed.generation.generators.illustrator.following import continued

FOX = ("a red fox in the snow at night", 7)


@pytest.mark.parametrize(
    "words",
    [
        "the same in heavy rain", "neon at night", "watercolour", "in the desert", "again, but underwater",
        "la stessa di notte", "le même dans le brouillard", "with three moons", "",
    ],
)  # fmt: skip
def test_words_that_name_nobody_keep_the_subject(words: str):
    understood = continued(words, 1, [FOX]).understood
    assert [subject.label for subject in understood.subjects] == ["fox"]


@pytest.mark.parametrize("words", ["two owls", "a castle", "a lighthouse on a cliff", "the same with a whale"])
def test_words_that_name_somebody_or_a_place_for_its_own_sake_stand_for_themselves(words: str):
    assert continued(words, 1, [FOX]) == continued(words, 1, [])


def test_what_is_said_wins_over_what_was_said():
    dawn = continued("the same at dawn, in watercolour, in the rain", 1, [FOX]).understood
    assert (dawn.light, dawn.style, "rain" in dawn.weather) == ("dawn", "watercolour", True)
    desert = continued("in the desert at noon", 1, [FOX]).understood
    assert (desert.setting, desert.light) == ("desert", "noon")


def test_a_remix_of_a_remix_finds_its_way_back():
    told = continued("at dawn", 1, [("the same in heavy rain", 5), FOX])
    assert (told.understood.subjects[0].label, told.prompt, told.seed) == ("fox", *FOX)
    assert "rain" in told.understood.weather


def test_the_composition_stays_until_another_place_is_named_or_where_nobody_knows_its_seed():
    assert continued("neon", 1, [FOX]).seed == 7
    assert continued("in the desert", 1, [FOX]).seed == 1
    assert continued("neon", 1, [(FOX[0], None)]).seed == 1
    assert continued("neon", 1, [("the same in heavy rain", None), FOX]).seed == 7
    assert continued("at dawn", 1, [("in the desert", None), FOX]).seed == 1


def test_the_same_fox_sits_on_the_same_spot():
    before, after = compose(*FOX, 160, 160), compose("the same at dawn", 3, 160, 160, before=[FOX])
    assert after.light == "dawn"
    fox = before.focus > 0.75
    assert np.mean(fox & (after.focus > 0.75)) > 0.9 * np.mean(fox)


def test_where_the_parent_shows_nothing_that_is_known_the_words_stand_for_themselves():
    for before in ("", "qwertz"):
        assert continued("the same in heavy rain", 1, [(before, 2)]) == continued("the same in heavy rain", 1, [])
