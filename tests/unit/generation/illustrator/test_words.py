"""Words: splitting, plurals, languages, terms."""

from __future__ import annotations

import pytest

from livefeed.generation.generators.illustrator.lexicon import fold
from livefeed.generation.generators.illustrator.terms import language_of, terms
from livefeed.generation.generators.illustrator.words import LONGEST_PROMPT, phrases, seed_of, singulars, tokens


@pytest.mark.parametrize(
    ("plural", "language", "expected"),
    [
        ("foxes", "en", "fox"),
        ("roses", "en", "rose"),
        ("berries", "en", "berry"),
        ("mice", "en", "mouse"),
        ("fallen leaves", "en", "fallen leaf"),
        ("chevaux", "fr", "cheval"),
        ("châteaux", "fr", "château"),
        ("pommes de terre", "fr", "pomme de terre"),
        ("gatti", "it", "gatto"),
        ("volpi", "it", "volpe"),
        ("case", "it", "casa"),
        ("funghi", "it", "fungo"),
        ("oche", "it", "oca"),
        ("pesci rossi", "it", "pesce rossi"),
        ("Katzen", "others", "Katze"),
    ],
)
def test_plurals_lead_to_singulars(plural, language, expected):
    """Regular and a few irregular plurals are understood."""
    assert expected in singulars(plural, language)


@pytest.mark.parametrize(("word", "language"), [("glass", "en"), ("cactus", "en"), ("chat", "fr"), ("gatto", "it")])
def test_what_only_looks_like_a_plural_is_left_alone(word, language):
    """No singulars are invented."""
    assert singulars(word, language) == ()


def test_tokens_hold_no_controls_or_punctuation():
    """Only words are left of a prompt."""
    assert tokens("A\x00 cat's\n\t“moon” — ﬁsh!") == ["a", "cat", "moon", "fish"]


def test_phrases_keep_pauses_and_name_emoji():
    """Where a phrase ends matters to the reader; an emoji is read as the thing it shows."""
    assert phrases("A cat, a dog. \N{FOX FACE}") == ["a", "cat", ",", "a", "dog", ",", "fox"]
    assert phrases("l'ours d’Anna") == ["l", "ours", "d", "anna"]


@pytest.mark.parametrize(
    ("prompt", "language"),
    [
        ("a cat on a table", "en"),
        ("fox", "en"),
        ("", "en"),
        ("zzz", "en"),
        ("un chat sur une table", "fr"),
        ("renard", "fr"),
        ("un gatto sul tavolo", "it"),
        ("volpe rossa", "it"),
        ("eine Katze auf dem Tisch", "others"),
    ],
)
def test_the_language_is_that_of_most_words(prompt, language):
    """Little words tell more than names; English when in doubt."""
    assert language_of(tokens(prompt)) == language


def test_terms_are_the_longest_that_mean_something():
    """ "hot air balloon" is one thing, and neither heat nor air."""
    _, found = terms(tokens("a hot air balloon over cherry blossoms"))
    assert [term.text for term in found] == ["a", "hot air balloon", "over", "cherry blossoms"]


def test_accents_may_be_left_out():
    """Only where letters are Latin."""
    assert fold("forêt") == "foret"
    assert fold("œuf") == "oeuf"
    assert fold("зелёный") == "зелёный"


def test_seeds_and_words_both_change_the_scene():
    """The same prompt and seed give the same number; either changed gives another; case does not matter."""
    assert seed_of("a fox", 1) == seed_of("A  FOX!", 1)
    assert len({seed_of("a fox", 1), seed_of("a fox", 2), seed_of("a wolf", 1)}) == 3


def test_a_prompt_that_grows_when_it_is_normalised_is_read_no_further():
    """One ligature stands for eighteen characters; a thousand of them were read for seconds."""
    assert len("".join(phrases("\ufdfa" * 1000))) <= LONGEST_PROMPT
    assert len("".join(tokens("\ufdfa" * 1000))) <= LONGEST_PROMPT
