"""Reading prompts: nouns, counts, colours, places, hours, weather, relations, other languages."""

from __future__ import annotations

import pytest

from livefeed.generation.generators.illustrator.prompt import Understanding, read
from livefeed.generation.generators.illustrator.words import seed_of, singulars, tokens


def shown(said: Understanding) -> list[tuple[str, int]]:
    """Return (label, count) of what is to be drawn."""
    return [(subject.label, subject.count) for subject in said.subjects]


@pytest.mark.parametrize(
    ("prompt", "place", "hour", "weather"),
    [
        ("a red fox in the snow at night", "snow", "night", {"snow"}),
        ("a lighthouse by the sea in fog", "sea", None, {"fog"}),
        ("mushrooms in a dark forest", "forest", "night", set()),
        ("a rocket over the city at night", "city", "night", set()),
        ("an astronaut in outer space", "space", None, set()),
        ("a whale in the hills at sunset", "hills", "sunset", set()),
        ("an owl in a library", "library", None, set()),
        ("a cat in the living room", "room", None, set()),
        ("a turtle underwater", "underwater", None, set()),
        ("a camel among the dunes at noon", "desert", "day", set()),
        ("a boat on a windy lake at dawn", "lake", "dawn", {"wind"}),
        ("a goat in the mountains in a thunderstorm", "mountains", None, {"storm"}),
        ("penguins on the ice under the northern lights", "snow", None, {"aurora"}),
    ],
)
def test_places_hours_and_weather_are_recognised_from_words(prompt, place, hour, weather):
    """The setting words of a prompt decide where, when and in which weather."""
    said = read(prompt)
    assert (said.place, said.hour, set(said.weather)) == (place, hour, weather)


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("three mice and a wolf", [("mouse", 3), ("wolf", 1)]),
        ("two foxes", [("fox", 2)]),
        ("geese", [("goose", 3)]),
        ("a bowl of ramen", [("steaming bowl", 1)]),
        ("a painting of a fox, after van gogh", [("fox", 1)]),
        ("a bouquet of sunflowers", [("sunflower", 11)]),
        ("12 bees", [("honeybee", 12)]),
        ("roses and horses", [("rose", 3), ("horse", 3)]),
        ("fox fox fox", [("fox", 1)]),
    ],
)
def test_nouns_and_their_counts_are_recognised(prompt, expected):
    """Plurals, number words and digits count; vessels and media are no subjects."""
    assert shown(read(prompt)) == expected


@pytest.mark.parametrize("word", ["of", "in", "the", "the of and in at", "melancholy of unspoken tuesdays"])
def test_little_words_name_no_picture(word):
    """Words that are no nouns never become subjects."""
    said = read(word)
    assert said.subjects == ()
    assert said.abstract


def test_the_first_noun_is_the_subject_and_keeps_its_colour():
    """Colours belong to the noun that follows them."""
    first, second = read("a blue dragon and a golden crown").subjects
    assert (first.label, first.colour, first.relation) == ("dragon", "blue", "main")
    assert (second.label, second.colour) == ("crown", "golden")


def test_an_orange_is_a_fruit_unless_a_noun_follows():
    """ "orange" alone is drawn; before a noun it is a colour."""
    assert shown(read("an orange on a table")) == [("tangerine", 1)]
    (cat,) = read("an orange cat").subjects
    assert (cat.label, cat.colour) == ("cat", "orange")


def test_a_person_before_an_animal_is_its_role():
    """ "astronaut cat" is one subject in costume."""
    (cat,) = read("an astronaut cat").subjects
    assert cat.label == "cat"
    assert cat.role is not None


@pytest.mark.parametrize(
    ("prompt", "label", "relation"),
    [
        ("a robot playing guitar", "guitar", "held"),
        ("a bear riding a bicycle", "bicycle", "ridden"),
        ("a lion wearing a crown", "crown", "worn"),
        ("two foxes sharing one umbrella", "umbrella", "above"),
        ("an owl reading", "open book", "read"),
    ],
)
def test_words_between_nouns_say_how_they_stand_to_each_other(prompt, label, relation):
    """The verb or preposition decides what the second noun does."""
    second = read(prompt).subjects[1]
    assert (second.label, second.relation) == (label, relation)


def test_moons_hang_in_the_sky_and_are_counted():
    """Two moons are no subject but two lights."""
    said = read("city of coral under two moons")
    assert said.moons == 2
    assert (said.place, said.material) == ("city", "coral")


@pytest.mark.parametrize(
    ("prompt", "label", "place"),
    [
        ("un gatto sulla luna", "cat", "moon"),
        ("ein Fuchs im Wald", "fox", "forest"),
        ("キツネと雪", "fox", "snow"),
        ("un dragón en la playa", "dragon", "beach"),
    ],
)
def test_other_languages_are_read_too(prompt, label, place):
    """Labels in many languages name pictures; places are known in several."""
    said = read(prompt)
    assert shown(said)[0][0].split()[0] == label
    assert said.place == place


def test_a_foreign_noun_stays_out_of_an_english_prompt():
    """ "pain" is bread in French, and only there."""
    assert shown(read("the pain of waiting")) == []


def test_emoji_are_read_as_what_they_show():
    """A fox emoji is a fox."""
    assert shown(read("🦊")) == [("fox", 1)]


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("foxes", "fox"),
        ("roses", "rose"),
        ("horses", "horse"),
        ("berries", "berry"),
        ("mice", "mouse"),
        ("cats", "cat"),
        ("glass", None),
        ("cactus", None),
    ],
)
def test_plurals_lead_to_singulars(plural, expected):
    """Regular and a few irregular plurals are understood; words that only look plural are left alone."""
    assert expected in singulars(plural) or (expected is None and singulars(plural) == ())


def test_tokens_hold_no_controls_or_punctuation():
    """Only words are left of a prompt."""
    assert tokens("A\x00 cat's\n\t“moon” — ﬁsh!") == ["a", "cat", "moon", "fish"]


def test_seeds_and_words_both_change_the_scene():
    """The same prompt and seed give the same number; either changed gives another; case does not matter."""
    assert seed_of("a fox", 1) == seed_of("A  FOX!", 1)
    assert len({seed_of("a fox", 1), seed_of("a fox", 2), seed_of("a wolf", 1)}) == 3
