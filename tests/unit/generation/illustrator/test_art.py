"""The vendored art: complete, loadable, licensed."""

from __future__ import annotations

import pytest
from PIL import Image

from livefeed.generation.generators.illustrator import art, figures, lexicon, scene, staging
from livefeed.generation.generators.illustrator.bodies import COATS
from livefeed.generation.generators.illustrator.prompt import Subject
from livefeed.generation.generators.illustrator.props import PROPS


def test_every_picture_of_the_index_loads_and_no_other_lies_there():
    """Index and folder agree, and each file is a small picture with transparency."""
    files = {path.stem: path for path in art.FOLDER.glob("*.webp")}
    assert set(files) == set(art.index().pictures) - set(PROPS)
    for path in files.values():
        with Image.open(path) as image:
            assert image.format == "WEBP"
            assert max(image.size) <= 288
            image.load()
            assert image.mode == "RGBA", path.name
    assert sum(path.stat().st_size for path in art.FOLDER.iterdir()) < 12_000_000


def test_every_word_leads_to_a_picture():
    """No word of the index dangles."""
    known = art.index()
    assert set(known.words.values()) <= set(known.pictures)
    assert set(known.foreign.values()) <= set(known.pictures)
    assert len(known.words) > 1000


@pytest.mark.parametrize("name", ["LICENSE.fluent-emoji", "LICENSE.emojibase"])
def test_the_licences_lie_beside_the_art(name):
    """Both sources are MIT and say who holds the copyright."""
    text = (art.FOLDER / name).read_text(encoding="utf-8")
    assert "MIT License" in text
    assert "Copyright (c)" in text
    assert name in (art.FOLDER / "NOTICE").read_text(encoding="utf-8")


def test_only_nouns_that_can_be_painted_are_kept():
    """No smileys, flags, hands or signs."""
    kinds = {picture.kind for picture in art.index().pictures.values()}
    assert not kinds & {"face-smiling", "hand-fingers-open", "country-flag", "flag", "arrow", "zodiac", "keycap"}
    assert not {"of", "in", "on", "at", "the", "a", "and"} & set(art.index().words)


@pytest.mark.parametrize("name", sorted(PROPS))
def test_every_modelled_thing_is_a_picture(name):
    """What is modelled here has colour and transparency like the vendored pictures."""
    picture = art.pixels(name)
    assert picture.shape[2] == 4
    assert 0.1 < picture[..., 3].mean() < 1.0


@pytest.mark.parametrize("label", [*sorted(COATS), "robot", "alien", "astronaut", "unicorn"])
def test_heads_get_bodies(label):
    """What the art shows only as a head stands on a body: it is taller than wide."""
    picture = art.named(label)
    whole = figures.figure(Subject(picture.code, picture.label, picture.kind))
    assert whole[..., 3].max() > 0.9
    if label != "unicorn":
        assert whole.shape[0] > 1.1 * whole.shape[1]


def test_tables_name_only_pictures_that_exist():
    """Labels in the illustrator's own tables are labels of the art."""
    labels = {picture.label for picture in art.index().pictures.values()}
    named = {*scene.HABITATS, *staging.BUSTS, *figures.HATS, *COATS, *(label for _, label in figures.NATURAL)}
    assert named - labels == set()
    assert staging.AIRBORNE - labels == set()
    assert staging.AFLOAT - labels == set()
    assert {colour for colour, _ in figures.NATURAL} <= set(lexicon.COLOURS)
