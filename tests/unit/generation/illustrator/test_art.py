"""The vendored art: complete, loadable, licensed."""

from __future__ import annotations

import pytest
from PIL import Image

from livefeed.generation.generators.illustrator import (
    art,
    attire,
    casting,
    company,
    groups,
    habitats,
    sizes,
    species,
    wholes,
)
from livefeed.generation.generators.illustrator.mounts import MOUNTS
from livefeed.generation.generators.illustrator.props import PROPS
from livefeed.generation.generators.illustrator.settings import SETTINGS


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


LABELS = {picture.label for picture in art.index().pictures.values()}
TABLES = {
    "habitats": set(habitats.HABITATS), "coats": set(species.COATS), "heads": set(species.HEADS),
    "faces": {coat.face for coat in species.COATS.values()}, "face lines": set(species.FACE_LINES),
    "mounts": set(MOUNTS), "whole heads": set(wholes.WHOLE_HEADS), "boats": set(wholes.WATERLINES),
    "sizes": set(sizes.SIZES), "airborne": set(company.AIRBORNE), "afloat": set(company.AFLOAT),
    "natural": {label for _, label in casting.NATURAL}, "busts": set(casting.BUSTS),
    "stand-ins": {*casting.STAND_INS, *casting.STAND_INS.values()}, "flyers": set(groups.FLYERS),
    "hats": attire.HATS, "clothes": attire.CLOTHES, "footwear": attire.FOOTWEAR, "airy": attire.AIRY,
}  # fmt: skip


@pytest.mark.parametrize("table", sorted(TABLES))
def test_tables_name_only_pictures_that_exist(table):
    """Labels in the illustrator's own tables are labels of the art."""
    assert TABLES[table] - LABELS == set()


def test_habitats_are_settings():
    """Where somebody lives can be painted."""
    places = {place for choices in habitats.HABITATS.values() for place in choices}
    assert places | {place for _, choices in habitats.BY_KIND for place in choices} <= set(SETTINGS)
    assert {*habitats.ANYWHERE, *habitats.OPEN, *habitats.AFLOAT, *habitats.ROOFED} <= set(SETTINGS)
