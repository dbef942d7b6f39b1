"""The first HTML: in whose language, with which words, and what it names so that it travels ahead."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from livefeed.api.front import Front, read
from livefeed.api.heads import Head
from livefeed.api.languages import COOKIE
from livefeed.api.pages import Frame, language_for
from livefeed.api.sentences import Sentences

INDEX = """<!doctype html><html lang="en" dir="ltr"><head><title>livefeed</title>
<meta
  name="description"
  content="Say what you want to see."
/></head><body><noscript>Please turn it on.</noscript></body></html>"""
SCRIPTS = {"en": "Please turn it on.", "fr": "Veuillez l’activer.", "ar": "يُرجى تفعيله."}
NASTY = "\\1 \\g<0> </title></noscript></head></body><script>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text(INDEX, "utf-8")
    (tmp_path / "words").mkdir()
    for language, scripts in SCRIPTS.items():
        said = {"head": {"head.scripts": scripts}, "page": {"in": language, "mark": "</script><!--"}}
        (tmp_path / "words" / f"{language}.json").write_text(json.dumps(said), "utf-8")
    return tmp_path


@pytest.fixture
def front(folder: Path) -> Front:
    found = read(folder)
    assert found is not None
    return found


def head(title: str = "livefeed") -> Head:
    return Head(title=title, path="/", description=title)


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")])
def test_the_page_comes_in_a_language_with_its_words_and_no_others(front: Front, language: str, direction: str) -> None:
    page = front.page(head(), "", language).decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert re.findall(r"<noscript>.*?</noscript>", page) == [f"<noscript><p>{SCRIPTS[language]}</p></noscript>"]
    [words] = re.findall(r'<script type="application/json" id="words">(.*?)</script>', page)
    assert json.loads(words) == {"in": language, "mark": "</script><!--"}
    assert (page.count("<html"), page.count("<title>"), page.count('"description"')) == (1, 1, 1)


def test_what_people_write_ends_no_element_of_the_page(front: Front) -> None:
    page = front.page(head(NASTY), "https://pictures.example", "fr").decode()
    assert page.count("<script") == 1
    assert all(page.count(end) == 1 for end in ("</title>", "</noscript>", "</head>", "</body>"))
    assert "\\1 \\g&lt;0&gt;" in page


def test_what_the_page_asks_first_is_named_in_its_head(front: Front) -> None:
    page = front.page(head(), "", "en", ["/api/feeds/all?limit=30&a=1"]).decode()
    named = '<link rel="preload" as="fetch" crossorigin href="/api/feeds/all?limit=30&amp;a=1" />'
    assert named in page.partition("</head>")[0]
    assert "preload" not in front.page(head(), "", "en").decode()


@pytest.mark.parametrize(
    ("cookie", "accepted", "language"),
    [
        (None, None, "en"),
        (None, "fr-CA,fr;q=0.9,en;q=0.8", "fr"),
        (None, "de, ar;q=0.5, fr;q=0.4", "ar"),
        ("ar", "fr", "ar"),
        ("klingon", "fr", "fr"),
        ("../en", "fr", "fr"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers_else_english(
    front: Front, cookie: str | None, accepted: str | None, language: str
) -> None:
    said = {"Cookie": f"{COOKIE}={cookie}", "Accept-Language": accepted}
    headers = {name: value for name, value in said.items() if value is not None and value != f"{COOKIE}=None"}
    assert language_for(make_mocked_request("GET", "/", headers=headers), front) == language


def test_a_page_that_is_built_anew_is_read_anew(folder: Path) -> None:
    frame = Frame(folder)
    before = frame.front
    assert before is not None
    assert frame.front is before
    built = folder / "index.html"
    built.write_text(INDEX.replace("livefeed", "lifeveed"), "utf-8")
    now = frame.front
    assert now is not None
    assert "lifeveed" in now.index
    built.unlink()
    assert frame.front is None


def test_without_its_words_there_is_no_page(folder: Path) -> None:
    (folder / "words" / "en.json").unlink()
    assert read(folder) is None


def test_in_arabic_names_do_not_turn_the_sentence_around_them() -> None:
    said = {"head.by": "من {handle}"}
    assert Sentences("ar", said)("by", handle="slow-heron") == "من \u2068slow-heron\u2069"
    assert Sentences("ar", said)("by", handle="مها") == "من مها"
    assert Sentences("fr", {"head.by": "par {handle}"})("by", handle="{handle}") == "par {handle}"
