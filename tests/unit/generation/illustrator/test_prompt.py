"""Reading English prompts: nouns, counts, colours, places, lights, weather, styles, relations."""

from __future__ import annotations

import random

import pytest

from livefeed.generation.generators.illustrator.asked import Relation
from livefeed.generation.generators.illustrator.lexicon import LANGUAGES, vocabulary
from livefeed.generation.generators.illustrator.prompt import read

from .plans import links, plan, scene, subjects


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a red fox in the snow at night", "snow night snow"),
        ("a lighthouse by the sea in fog", "sea fog"),
        ("mushrooms in a dark forest", "forest night"),
        ("a rocket over the city at night", "city night"),
        ("an astronaut in outer space", "space"),
        ("a whale in the hills at sunset", "hills sunset"),
        ("an owl in a library", "library"),
        ("a turtle underwater", "underwater"),
        ("a camel among the dunes at noon", "desert noon"),
        ("a boat on a windy lake at dawn", "lake dawn wind"),
        ("a goat in the mountains in a thunderstorm", "mountains storm"),
        ("penguins on the ice under the northern lights", "ice aurora"),
        ("a lonely bench on a pier, blizzard", "pier snow wind"),
        ("a castle in the mountains at golden hour", "mountains golden"),
        ("a village in the snow by moonlight", "village moonlight snow"),
        ("a lighthouse on a cliff by the sea in a storm", "cliff storm"),
        ("a fox in the forest, autumn", "autumn leaves"),
        ("a city under the sea", "underwater"),
        ("a deer in an enchanted forest with fireflies", "mushrooms fireflies"),
        ("rooftops in the rain, cyberpunk", "rooftops neon rain"),
    ],
)
def test_places_lights_and_weather_are_recognised_from_words(prompt, expected):
    """The setting words of a prompt decide where, when and in which weather."""
    assert scene(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("three mice and a wolf", "3 mouse, wolf"),
        ("two foxes", "2 fox"),
        ("geese", "3 goose"),
        ("a herd of elephants", "6 elephant"),
        ("a bowl of ramen", "steaming bowl"),
        ("a painting of a fox, after van gogh", "fox"),
        ("a bouquet of sunflowers", "11 sunflower"),
        ("12 bees", "12 honeybee"),
        ("900 bees", "24 honeybee"),
        ("twenty ducks", "20 duck"),
        ("vingt canards", "20 duck"),
        ("venti anatre", "20 duck"),
        ("roses and horses", "3 rose, 3 horse"),
        ("fox fox fox", "fox"),
        ("a cat wearing glasses", "cat, glasses"),
        ("a baby elephant and a baby", "elephant, person"),
        ("a flock of white birds", "7 white bird"),
    ],
)
def test_nouns_and_their_counts_are_recognised(prompt, expected):
    """Plurals, number words and digits count; vessels and media are no subjects; a pair of glasses is one."""
    assert subjects(read(prompt)) == expected


@pytest.mark.parametrize("word", ["of", "in", "the", "the of and in at", "melancholy of unspoken tuesdays"])
def test_little_words_name_no_picture(word):
    """Words that are no nouns never become subjects."""
    said = read(word)
    assert said.subjects == ()
    assert said.abstract


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a blue dragon and a golden crown", "blue dragon, golden crown"),
        ("an orange cat", "orange cat"),
        ("an orange on a table", "tangerine"),
        ("a light blue elephant", "azure elephant"),
        ("a castle of ice", "ice castle"),
        ("a statue of a lion", "stone lion"),
        ("a wooden horse", "wood horse"),
        ("a black cat", "black cat"),
        ("a rose", "rose"),
        ("a robot cat", "steel cat"),
    ],
)
def test_colours_belong_to_their_noun(prompt, expected):
    """A colour is the next noun's; a fruit or a flower stays one when no noun follows; materials colour, too."""
    assert subjects(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("an astronaut cat", "astronaut cat"),
        ("frog king", "person with crown frog"),
        ("a rabbit dressed as a wizard", "wizard rabbit"),
    ],
)
def test_a_person_by_an_animal_is_its_role(prompt, expected):
    """The animal is one subject in costume."""
    assert subjects(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a robot playing guitar", "robot holding guitar"),
        ("a bear riding a bicycle", "bear riding bicycle"),
        ("a bicycle ridden by a bear", "bear riding bicycle"),
        ("a fox in a car", "fox riding automobile"),
        ("a knight on a horse", "guard riding horse"),
        ("a penguin surfing", "penguin riding surfboard"),
        ("a lion wearing a crown", "lion wearing crown"),
        ("a bear with a red hat and a blue scarf", "bear wearing top hat, bear wearing scarf"),
        ("a hat on a cat", "cat wearing top hat"),
        ("two foxes sharing one umbrella", "fox under umbrella"),
        ("a girl with an umbrella", "woman under umbrella"),
        ("an owl reading", "owl reading open book"),
        ("an owl reading a newspaper", "owl reading newspaper"),
        ("a cat on a chair", "cat on chair"),
        ("a cat sitting on a cloud", "cat on cloud"),
        ("a frog under a mushroom", "frog under mushroom"),
        ("a cow jumping over the moon", "cow over full moon"),
        ("a dragon over a castle", "dragon over castle"),
        ("a mouse inside a teacup", "mouse inside teacup without handle"),
        ("a basket full of apples", "red apple inside basket"),
        ("a cat next to a dog", "cat beside dog"),
        ("a cat behind a tree", "cat behind deciduous tree"),
        ("a knight in front of a castle", "guard before castle"),
        ("a dragon chasing a knight", "dragon facing guard"),
        ("a cat between a tree and a house", "cat between deciduous tree, cat between house"),
        ("a dog surrounded by flowers", "dog among blossom"),
        ("a mouse on a cat on a dog", "mouse on cat, cat on dog"),
        ("a cat and a dog riding a bicycle", "cat beside dog, cat riding bicycle, dog riding bicycle"),
        ("a girl holding a cat wearing a hat", "woman holding cat, cat wearing top hat"),
        ("a fox wearing a crown and holding a sword", "fox wearing crown, fox holding dagger"),
        ("a knight riding a dragon over a castle", "guard riding dragon, guard over castle"),
        (
            "a robot with a red hat playing guitar under a tree",
            "robot wearing top hat, robot holding guitar, robot under deciduous tree",
        ),
        ("a dog and a cat. The dog is holding a balloon", "dog beside cat, dog holding balloon"),
        ("a turtle with a house on its back", "house on turtle"),
        ("a dog with a bone in its mouth", "dog holding bone"),
        ("a turtle carrying a castle", "castle on turtle"),
        ("a raccoon stealing a pizza", "raccoon holding pizza"),
        ("a rabbit popping out of a top hat", "rabbit inside top hat"),
        ("a knight fighting a dragon in front of a castle", "guard facing dragon, guard before castle"),
        ("\N{FOX FACE} on a \N{BICYCLE}", "fox riding bicycle"),
        ("\N{FOX FACE}\N{BICYCLE}", "fox beside bicycle"),
    ],
)
def test_words_between_nouns_say_how_they_stand_to_each_other(prompt, expected):
    """The verb or preposition, and what the two are, decide who does what to whom."""
    assert links(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a sleeping cat", "lying cat"),
        ("a cat sleeping on a chair", "lying cat, chair"),
        ("two giraffes dancing", "2 dancing giraffe"),
        ("a cat and a dog dancing", "dancing cat, dancing dog"),
        ("a flying pig", "flying pig"),
        ("a whale swimming with a diver", "swimming whale"),
    ],
)
def test_verbs_give_their_subject_a_pose(prompt, expected):
    """A verb after its noun, or between article and noun; of a group all do it."""
    assert subjects(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("a village without people", ("", "", "village")),
        ("a cat with no hat and a dog", ("cat, dog", "cat beside dog", "")),
        ("a forest without deer or foxes", ("", "", "forest")),
        ("a fox, not a wolf", ("fox", "", "")),
        ("no dogs, just a cat", ("cat", "", "")),
        ("hills without snow", ("", "", "hills")),
        ("a cat but no dog", ("cat", "", "")),
        ("a cat not wearing a hat", ("cat", "", "")),
        ("a cat with no hat on a chair", ("cat, chair", "cat on chair", "")),
    ],
)
def test_what_is_said_not_to_be_there_is_not(prompt, expected):
    """A negation holds for the next noun, and over "or"."""
    assert plan(read(prompt)) == expected


@pytest.mark.parametrize(
    ("words", "style"),
    [
        ("in a van gogh style", "impasto"),
        ("after van gogh", "impasto"),
        ("watercolor", "watercolour"),
        ("ink drawing", "ink"),
        ("pixel art", "pixel"),
        ("as a stained glass window", "glass"),
        ("night neon", "neon"),
        ("in pastel", "pastel"),
        ("pointillism", "pointillist"),
        ("oil on canvas", "oil"),
        ("an illustration in watercolour", "watercolour"),
        ("gouache", "gouache"),
    ],
)
def test_words_name_a_style(words, style):
    """And the words of the style are no subjects."""
    said = read(f"a fox, {words}")
    assert (said.style, subjects(said)) == (style, "fox")


def test_neon_lights_are_a_light_and_no_style():
    """A city of neon signs may be painted in any manner."""
    said = read("a taxi in the city, neon signs")
    assert (said.light, said.style) == ("neon", None)


def test_moons_hang_in_the_sky_and_are_counted():
    """Two moons are no subject but two lights."""
    said = read("city of coral under two moons")
    assert said.moons == 2
    assert (said.setting, said.material, said.decor[0].label) == ("city", "coral", "coral")


@pytest.mark.parametrize(
    "prompt", ["a field of sunflowers", "a sunflower field", "a hot air balloon over sunflower fields"]
)
def test_what_a_place_is_full_of_grows_all_over_it(prompt):
    """A plant named as part of the place is decor, not a subject."""
    said = read(prompt)
    assert (said.setting, [one.label for one in said.decor]) == ("meadow", ["sunflower"])


@pytest.mark.parametrize(
    ("prompt", "flying"),
    [
        ("a whale over the city", True),
        ("a flying pig", True),
        ("a dragon over a castle", True),
        ("a cat flying above the mountains", True),
        ("an astronaut floating in space", True),
        ("a duck floating on a lake", False),
        ("a cat in the city", False),
        ("a cat and a flying pig", False),
    ],
)
def test_the_main_subject_flies_when_its_verb_or_what_is_below_says_so(prompt, flying):
    """Over a place, over a thing, or simply flying."""
    assert read(prompt).flying is flying


@pytest.mark.parametrize(
    ("prompt", "setting", "subject"),
    [
        ("a castle", None, "castle"),
        ("a cat in a castle", "castle", "cat"),
        ("inside a volcano, a dragon sleeps", "volcano", "lying dragon"),
        ("a dragon on a volcano", None, "dragon, volcano"),
        ("a monk at the temple", "temple", ""),
    ],
)
def test_a_building_is_a_place_once_something_is_in_it(prompt, setting, subject):
    """Alone, or beside something, it is a thing."""
    said = read(prompt)
    assert (said.setting, subjects(said)) == (setting, subject)


def test_what_is_named_first_and_below_is_not_the_main_subject():
    """ "Under a tree, a frog sleeps" is about the frog."""
    assert plan(read("under a tree, a frog sleeps")) == ("lying frog, deciduous tree", "frog under deciduous tree", "")


@pytest.mark.parametrize(
    "prompt",
    ["an elephant with butterfly wings", "un éléphant avec des ailes de papillon", "un elefante con ali di farfalla"],
)
def test_parts_of_a_body_are_no_subjects(prompt):
    """Nor is the animal that they are like."""
    assert subjects(read(prompt)) == "elephant"


def test_a_vase_of_flowers_is_one_still_life():
    """The flowers are the subject, and stand in a vase."""
    for prompt in ("a vase of roses on a table", "roses in a vase", "des roses dans un vase", "un mazzo di rose"):
        said = read(prompt)
        assert said.in_vase
        assert {one.label for one in said.subjects} == {"rose"}, prompt
    assert not read("a cat beside a vase of roses").in_vase


def test_a_great_wave_is_not_just_the_sea():
    """Size words make the wave a giant one."""
    assert read("a giant wave").great_wave
    assert not read("a wave").great_wave


@pytest.mark.parametrize(
    "prompt",
    ["fox " * 300, "a cat " + "and a dog wearing a hat " * 40, " ".join(["cat dog bird fish owl fox bear wolf"] * 9)],
)
def test_plans_stay_small_and_whole(prompt):
    """At most five subjects, and links between these only."""
    said = read(prompt)
    assert 1 <= len(said.subjects) <= 5
    indices = range(len(said.subjects))
    assert all(n.subject in indices and n.object in indices and n.subject != n.object for n in said.links)


@pytest.mark.parametrize("seed", [5, 6])
def test_any_mixture_of_words_is_read_into_a_whole_plan(seed):
    """Whatever the words and their order: no exception, and nobody who stands to nobody."""
    print("seed", seed)
    source = random.Random(seed)
    known = [vocabulary(language) for language in LANGUAGES]
    words = [term for terms in known for term in (*terms.senses, *terms.nouns)]
    for _ in range(200):
        prompt = " ".join(source.choice(words) for _ in range(source.randint(1, 12)))
        said = read(prompt)
        linked = {n.object for n in said.links} | {n.subject for n in said.links}
        assert linked == (set(range(len(said.subjects))) if len(said.subjects) > 1 else set()), prompt


def test_every_subject_but_the_main_one_stands_to_another():
    """Whoever draws can rely on it."""
    for prompt in (
        "a cat, a dog and a bird",
        "a cat on a table and a lamp",
        "a fox with a hat and a wolf holding a fish",
    ):
        said = read(prompt)
        linked = {n.object for n in said.links} | {n.subject for n in said.links}
        assert linked == set(range(len(said.subjects))), prompt


def test_what_is_attached_to_a_subject_is_told_in_order():
    """The view of the links that drawing needs."""
    said = read("a fox wearing a hat and holding a fish")
    assert [(relation, thing.label) for relation, thing in said.attached(0)] == [
        (Relation.WEARING, "top hat"),
        (Relation.HOLDING, "fish"),
    ]
