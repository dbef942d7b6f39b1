"""Widgets in their readers' languages, and as assistive technology sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import Person
from tests.browser.test_embed import LIVE, _feed, at, element, script, widget
from tests.integration.server_process import ServerProcess, until


@pytest.fixture(scope="module")
def author(server: ServerProcess, browser: Any, picture: bytes) -> Iterator[Person]:
    """Somebody who has posted three pictures."""
    context = browser.new_context()
    somebody = Person(context, server.url)
    somebody.sign_in()
    for number in range(3):
        somebody.upload(picture, f"number {number} #spoken")
    until(lambda: len(_feed(somebody, "tag:spoken")["posts"]) == 3, "the pictures are in their feed", 20)
    yield somebody
    context.close()


@pytest.mark.parametrize(
    ("page_lang", "locale", "said", "direction"),
    [
        ("de-AT", "fr-FR", "Live", "ltr"),
        ("", "fr-FR", "En direct", "ltr"),
        ("sv", "es-ES", "En directo", "ltr"),
        ("", "sv-SE", "Live", "ltr"),
        ("ar", "en-US", "مباشر", "rtl"),
    ],
)
def test_the_page_decides_then_the_reader(
    people: Any, server: ServerProcess, author: Person, page_lang: str, locale: str, said: str, direction: str
) -> None:
    reader = people(locale=locale)
    body = f'<div lang="{page_lang}">' if page_lang else "<div>"
    with at(reader, f"{body}{element(server.url, 'tag:spoken')}</div>{script(server.url)}") as page:
        # The page of these tests says that it is English; without a word of its own it would say nothing.
        if not page_lang:
            page.evaluate("document.documentElement.removeAttribute('lang'); document.querySelector('live-feed').src")
            page.evaluate("{ const feed = document.querySelector('live-feed'); feed.replaceWith(feed); }")
        inside = widget(page)
        inside.locator(LIVE).wait_for()
        expect(inside.locator("[data-testid=connection] span").first).to_have_text(said)
        expect(inside.locator("main")).to_have_css("direction", direction)


STREAMS = """
globalThis.streams = [];
globalThis.EventSource = class extends EventSource {
  constructor(...given) { super(...given); streams.push(this); }
};
"""
"""What is open does not end when a browser is told to be offline."""
STATES = {
    "light": "tag:spoken#theme=light",
    "dark": "tag:spoken#theme=dark",
    "compact": "tag:spoken#theme=light&layout=compact",
    "compact, dark": "tag:spoken#theme=dark&layout=compact",
    "right to left": "tag:spoken?lang=ar#theme=light&dir=rtl",
    "German, dark": "tag:spoken?lang=de#theme=dark",
    "empty": "tag:nothing-hangs-here#theme=light",
    "empty, dark": "tag:nothing-hangs-here#theme=dark",
    "not there": "user:nobody-at-all#theme=light",
}


@pytest.mark.parametrize("state", [*STATES, "offline", "offline, dark", "held still", "behind the button"])
def test_axe_finds_nothing(people: Any, server: ServerProcess, author: Person, picture: bytes, state: str) -> None:
    reader = people(reduced_motion="reduce")
    theme = "dark" if "dark" in state else "light"
    reader.page.add_init_script(STREAMS)
    address = f"{server.url}/embed/" + STATES.get(state, f"tag:spoken#theme={theme}")
    reader.page.goto(address)
    if state != "not there":
        reader.page.locator(LIVE).wait_for()
    match state:
        case "offline" | "offline, dark":
            reader.context.set_offline(True)
            reader.page.evaluate("streams.forEach((one) => (one.close(), one.dispatchEvent(new Event('error'))))")
            reader.page.locator("[data-testid=connection][data-state=offline]").wait_for()
        case "held still":
            reader.page.locator("[data-testid=connection]").click()
            reader.page.locator("[data-testid=connection][data-state=paused]").wait_for()
        case "behind the button":
            author.upload(picture, "one more #spoken")
            reader.page.locator("[data-testid=new-pill]").wait_for()
    assert violations(reader.page) == []
    reader.complaints.clear()  # what a lost network makes the browser say


def test_axe_finds_nothing_in_the_page_around(people: Any, server: ServerProcess, author: Person) -> None:
    reader = people()
    around = f"<main><h1>A page</h1>{element(server.url, 'tag:spoken')}</main>{script(server.url)}"
    with at(reader, around) as page:
        widget(page).locator(LIVE).wait_for()
        assert violations(page) == []


@pytest.mark.parametrize(
    ("locale", "language", "heading", "direction"),
    [
        ("de-DE", "de", "Eine lebendige Wand für deine Seite", "ltr"),
        ("ar-EG", "ar", "جدار حيّ لصفحتك", "rtl"),
    ],
)
def test_the_page_for_site_owners_speaks_their_language_and_keeps_what_was_chosen_when_it_changes(
    people: Any, server: ServerProcess, locale: str, language: str, heading: str, direction: str
) -> None:
    owner = people(locale=locale)
    owner.page.goto(f"{server.url}/embed")
    page = owner.page
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    page.locator("input[name=kind][value=tag]").check()
    page.locator("input[name=name]").fill("two words")
    expect(page.locator(".wrong")).not_to_be_empty()
    page.locator("input[name=name]").fill("spoken")
    page.locator("input[name=theme][value=dark]").check()
    code = page.locator("textarea.code")
    expect(code).to_have_value(re.compile(r'theme="dark"'))
    assert violations(page) == []
    other = owner.context.new_page()
    other.goto(f"{server.url}/")
    other.evaluate("localStorage.setItem('livefeed.language', 'it')")
    expect(page.get_by_role("heading", level=1)).to_have_text("Una parete dal vivo per la tua pagina")
    expect(page.locator("input[name=name]")).to_have_value("spoken")
    expect(code).to_have_value(re.compile(r'tag:spoken[\s\S]*theme="dark"'))
    other.close()
