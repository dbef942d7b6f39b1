"""The vocabularies: every meaning exists, and every language can ask for everything."""

from __future__ import annotations

import pytest

from livefeed.generation.generators.illustrator import art, light, styles
from livefeed.generation.generators.illustrator.asked import Pose, Relation, Subject
from livefeed.generation.generators.illustrator.lexicon import COLOURS, LANGUAGES, MATERIALS, vocabulary
from livefeed.generation.generators.illustrator.meanings import resolve
from livefeed.generation.generators.illustrator.prompt import LIGHTS
from livefeed.generation.generators.illustrator.settings import SETTINGS

SPOKEN = ("en", "fr", "it")
MEANINGS = {
    "settings": set(SETTINGS),
    "lights": set(light.HOURS),
    "styles": set(styles.STYLES),
    "colours": set(COLOURS),
    "materials": set(MATERIALS),
    "poses": set(Pose),
}


def meanings(language: str, *sections: str) -> set[str]:
    """Return every meaning that a language has words for in some sections."""
    terms = vocabulary(language).senses.values()
    return {senses[section] for senses in terms for section in sections if section in senses}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("section", sorted(MEANINGS))
def test_every_meaning_is_one_that_can_be_painted(language, section):
    """No word leads to a place, a light or a colour that does not exist."""
    assert meanings(language, section) <= MEANINGS[section]


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("section", ["settings", "lights", "styles", "poses"])
def test_every_place_light_and_style_has_words(language, section):
    """In each of the three languages; venues are places, too."""
    sections = ("settings", "venues") if section == "settings" else (section,)
    assert MEANINGS[section] <= meanings(language, *sections)


@pytest.mark.parametrize("language", SPOKEN)
def test_every_weather_has_words_in_every_language(language):
    """English is the measure."""
    assert meanings(language, "weather") == meanings("en", "weather")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_relation_resolves(language):
    """Whatever the word, and whatever the things, a relation comes out."""
    pictures = {picture.kind: picture for picture in art.index().pictures.values()}
    things = [Subject(picture.code, picture.label, picture.kind) for picture in pictures.values()]
    for raw in meanings(language, "relations", "passives"):
        for thing in things:
            assert isinstance(resolve(raw, things[0], thing), Relation)


@pytest.mark.parametrize("language", SPOKEN)
def test_implied_things_have_pictures(language):
    """ "Surfing" needs a board."""
    for meaning in meanings(language, "implied"):
        relation, _, thing = meaning.partition("_")
        assert Relation(relation)
        assert art.named(thing.replace("_", " "))


def test_lights_are_ranked():
    """The reader knows of each which tells more."""
    assert set(LIGHTS) == set(light.HOURS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_noun_has_a_picture_of_the_whole(language):
    """No noun leads to a face where there is the whole animal."""
    known = art.index()
    for term, code in vocabulary(language).nouns.items():
        label = known.pictures[code].label
        assert not (label.endswith(" face") and label.removesuffix(" face") in known.words), term
