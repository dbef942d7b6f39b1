"""Reading prompts in French, Italian and other languages: the same plans as in English."""

from __future__ import annotations

import pytest

from livefeed.generation.generators.illustrator.prompt import read

from .plans import plan, subjects


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("deux renards rouges à vélo sous un arc-en-ciel", ("2 red fox, bicycle", "fox riding bicycle", "rainbow")),
        ("une sorcière avec un chapeau violet dans une forêt brumeuse",
         ("witch, purple top hat", "witch wearing top hat", "forest fog")),
        ("un chevalier chevauchant un dragon vert au-dessus d'un château",
         ("guard, green dragon, castle", "guard riding dragon, guard over castle", "")),
        ("trois souris mangeant du fromage", ("3 mouse, cheese wedge", "mouse holding cheese wedge", "")),
        ("un petit robot jouant de la guitare, style pastel", ("robot, guitar", "robot holding guitar", "pastel")),
        ("l’éléphant et l’oiseau au bord de l’eau", ("elephant, bird", "elephant beside bird", "river")),
        ("un chat noir endormi sur un toit, au clair de lune", ("lying black cat", "", "rooftops moonlight")),
        ("une grenouille sous un champignon sous la pluie", ("frog, mushroom", "frog under mushroom", "rain")),
        ("un lapin déguisé en magicien", ("wizard rabbit", "", "")),
        ("le roi grenouille", ("person with crown frog", "", "")),
        ("trois chatons dans un panier", ("3 cat, basket", "cat inside basket", "")),
        ("des pingouins sur la banquise", ("3 penguin", "", "ice")),
        ("un renard sans chapeau", ("fox", "", "")),
        ("une forêt sans animaux", ("", "", "forest")),
        ("un chat et un chien dansant", ("dancing cat, dancing dog", "cat beside dog", "")),
        ("un éléphant rose en montgolfière",
         ("pink elephant, hot air balloon", "elephant riding hot air balloon", "")),
        ("un cheval au galop sur la plage au coucher du soleil", ("running horse", "", "beach sunset")),
        ("un canard à lunettes", ("duck, glasses", "duck wearing glasses", "")),
        ("deux chevaux et des oiseaux", ("2 horse, 3 bird", "horse beside bird", "")),
        ("une vache dans un pré à l'aube, à l'aquarelle", ("cow", "", "meadow dawn watercolour")),
        ("un hibou lisant un livre à la lueur des bougies", ("owl, open book", "owl reading open book", "candle")),
        ("un renard, à l'encre", ("fox", "", "ink")),
        ("un paon en vitrail", ("peacock", "", "glass")),
        ("un château en glace", ("ice castle", "", "")),
        ("foret enneigee", ("", "", "forest snow")),
    ],
)  # fmt: skip
def test_french_prompts_are_read(prompt, expected):
    """Plurals, elisions, adjectives after their noun, articles that tell a plural, forgotten accents."""
    assert plan(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("una volpe con un cappello", ("fox, top hat", "fox wearing top hat", "")),
        ("due gatti neri con un ombrello rosso sotto la pioggia",
         ("2 black cat, red umbrella", "cat under umbrella", "rain")),
        ("un orso in bicicletta in una città al neon", ("bear, bicycle", "bear riding bicycle", "city neon")),
        ("una balena che vola sopra le montagne al tramonto", ("flying whale", "", "mountains sunset")),
        ("tre conigli bianchi in un prato fiorito, acquerello", ("3 white rabbit", "", "meadow watercolour")),
        ("un drago verde che legge un libro in biblioteca",
         ("green dragon, open book", "dragon reading open book", "library")),
        ("un astronauta a cavallo", ("astronaut, horse", "astronaut riding horse", "")),
        ("un gatto sulla luna", ("cat", "", "moon")),
        ("la volpe e l'uva", ("fox, grapes", "fox beside grapes", "")),
        ("un topo sopra un gatto sopra un cane", ("mouse, cat, dog", "mouse on cat, cat on dog", "")),
        ("un coniglio vestito da mago", ("wizard rabbit", "", "")),
        ("un leone senza criniera nella savana", ("lion", "", "savanna")),
        ("una strega sulla scopa sotto la luna piena", ("witch, broom", "witch riding broom", "moonlight")),
        ("dei pinguini sul ghiaccio", ("3 penguin", "", "ice")),
        ("una volpe rossa nel bosco in autunno", ("red fox", "", "autumn")),
        ("un polpo gigante attacca una nave nel mare in tempesta",
         ("octopus, ship", "octopus facing ship", "sea storm")),
        ("un cavallo di legno", ("wood horse", "", "")),
        ("una tazza di caffè sul tavolo", ("hot beverage", "", "table")),
        ("una rana dentro una scatola", ("frog, package", "frog inside package", "")),
        ("un cane davanti a una casa", ("dog, house", "dog before house", "")),
        ("un cane accanto all'albero", ("dog, deciduous tree", "dog beside deciduous tree", "")),
        ("dell'uva e una mela, natura morta", ("grapes, red apple", "grapes beside red apple", "table")),
    ],
)  # fmt: skip
def test_italian_prompts_are_read(prompt, expected):
    """Plurals, articulated prepositions, adjectives after their noun."""
    assert plan(read(prompt)) == expected


@pytest.mark.parametrize(
    ("prompt", "label", "setting"),
    [
        ("ein Fuchs im Wald", "fox", "forest"),
        ("キツネと雪", "fox", "snow"),
        ("un dragón en la playa", "dragon", "beach"),
        ("drei Katzen am Strand", "3 cat", "beach"),
        ("кошка на луне", "cat", "moon"),
    ],
)
def test_other_languages_are_read_as_far_as_their_nouns_go(prompt, label, setting):
    """Labels in many languages name pictures; places are known in several."""
    said = read(prompt)
    assert (subjects(said), said.setting) == (label, setting)


def test_a_foreign_noun_stays_out_of_an_english_prompt():
    """ "pain" is bread in French, and only there."""
    assert subjects(read("the pain of waiting")) == ""


def test_a_sentence_may_borrow_the_name_of_a_style_or_a_thing():
    """People mix languages, mostly the names of styles."""
    assert plan(read("un renard cyberpunk, pixel art")) == ("fox", "", "neon pixel")
