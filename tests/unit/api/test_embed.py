"""Widgets: the page around the data, who may frame it, what oEmbed takes for ours."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import orjson
import pytest

from livefeed.api.embed import Feed, Widget, _frame, _key_of, ancestors
from livefeed.api.embed import OEmbedQuery as Query
from livefeed.config import Config
from livefeed.errors import ConfigurationError, NotFound
from livefeed.topic import feed_tag

FILES = {"embed.js": "1", "widget.js": "let a = '&<b>';\n", "widget.css": "a{color:red}", "compact.css": "b{color:red}"}


@pytest.fixture
def widget(tmp_path: Path) -> Widget:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "words").mkdir()
    for language, title in (("en", "{name}, live"), ("ar", "{name}، مباشر")):
        (tmp_path / "words" / f"{language}.json").write_text(f'{{"title":"{title}"}}', "utf-8")
    return Widget(tmp_path, "https://blog.example")


def test_the_policy_names_every_script_and_style_that_is_in_the_page(widget: Widget) -> None:
    page = widget.page("#foxes", "/tag/foxes", {"feed": "tag:foxes"}, "en")
    policy = widget.headers["Content-Security-Policy"]
    written = re.findall(r"<(?:style|script)(?: id=\"compact\")?>(.*?)</(?:style|script)>", page, re.DOTALL)
    assert len(written) == 3
    for text in written:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'; ")


def test_the_sandbox_keeps_the_widget_from_our_cookies_however_it_is_framed(widget: Widget) -> None:
    sandbox = re.search(r"sandbox ([^;]*)", widget.headers["Content-Security-Policy"])
    assert sandbox is not None
    assert sandbox[1].split() == ["allow-scripts", "allow-popups", "allow-popups-to-escape-sandbox"]


def test_what_people_write_cannot_leave_its_place(widget: Widget) -> None:
    evil = "</script><script>alert(1)</script><!--"
    page = widget.page(evil, f'/"{evil}', {"snapshot": {"posts": [{"caption": evil}]}}, "en")
    assert page.count("<script") == 2
    assert "<!--" not in page
    data = re.search(r'id="given">(.*?)</script>', page)
    assert data is not None
    assert orjson.loads(data[1])["snapshot"]["posts"][0]["caption"] == evil


def test_a_widget_speaks_the_language_it_is_asked_to_in_its_direction(widget: Widget) -> None:
    page = widget.page("#foxes", "/tag/foxes", {}, "ar")
    assert page.startswith('<!doctype html><html lang="ar" dir="rtl">')
    assert "<title>#foxes، مباشر</title>" in page
    assert '<html lang="en" dir="ltr">' in widget.page("#foxes", "/tag/foxes", {}, "en")


def test_without_a_build_there_is_nothing_to_serve(tmp_path: Path) -> None:
    assert not Widget(tmp_path, "*").built


@pytest.mark.parametrize(
    ("sites", "sources"),
    [
        ("*", "*"),
        ("none", "'self'"),
        ("https://blog.example", "'self' https://blog.example"),
        ("  https://a.example   *.b.example:* ", "'self' https://a.example *.b.example:*"),
    ],
)
def test_who_may_frame_a_widget(sites: str, sources: str) -> None:
    assert ancestors(Config(embed_sites=sites).embed_sites) == sources


@pytest.mark.parametrize("sites", ["", "https://a.example; script-src *", "'self'", "a,b", "* https://a.example"])
def test_a_site_that_is_none_stops_the_start(sites: str) -> None:
    with pytest.raises(ConfigurationError, match="LIVEFEED_EMBED_SITES"):
        Config(embed_sites=sites)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/", "all"),
        ("/embed", "all"),
        ("/tag/f%C3%BCchse", "tag:füchse"),
        ("/@slow-heron", "user:slow-heron"),
        ("/embed/tag:foxes", "tag:foxes"),
    ],
)
def test_a_page_of_ours_has_a_feed(path: str, key: str) -> None:
    kind, _, name = path.removeprefix("/").partition("/")
    assert _key_of(kind, name) == key


@pytest.mark.parametrize("path", ["/api/feeds", "/tag/", "/@slow-heron/more", "/room/x", "/nowhere"])
def test_other_pages_have_none(path: str) -> None:
    kind, _, name = path.removeprefix("/").partition("/")
    with pytest.raises(NotFound):
        _key_of(kind, name)


def test_a_frame_is_no_larger_than_its_consumer_takes() -> None:
    feed = Feed('tag:"foxes', feed_tag('"foxes'), '#"foxes', "/tag/%22foxes")
    answer = _frame("https://live.example", feed, Query(url="x", maxwidth=320, maxheight=99_999))
    assert (answer["width"], answer["height"]) == (320, 560)
    tiny = _frame("https://live.example", feed, Query(url="x", maxwidth=100, maxheight=90))
    assert (tiny["width"], tiny["height"]) == (100, 90)
    assert 'src="https://live.example/embed/tag:%22foxes" width="320" height="560"' in answer["html"]
    assert 'sandbox="allow-scripts allow-popups' in answer["html"]
    assert "allow-same-origin" not in answer["html"]
    assert 'title="#&quot;foxes, live pictures"' in answer["html"]
