"""The page's first second: what its HTML says before any script, what is asked for, and that nothing moves."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.waiting import wait_for
from tests.integration.server_process import ServerProcess

FEED = "/api/feeds/all?limit=30"
SHIFTS = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries())
    window.shifts.push([value, sources.map(({ node }) => node?.localName ?? node?.parentElement?.className)]);
}).observe({ type: 'layout-shift', buffered: true });
"""


@pytest.fixture(scope="module")
def hanging(server: ServerProcess, browser: Browser, picture: bytes) -> None:
    """Hang more pictures than the window shows."""
    with browser.new_context() as context:
        origin = {"Origin": server.url}
        assert context.request.post(f"{server.url}/api/guests", data={}, headers=origin).ok
        for number in range(12):
            form: dict[str, Any] = {
                "image": {"name": "picture.png", "mimeType": "image/png", "buffer": picture},
                "caption": f"number {number}, {'with more words than one line has room for' if number % 3 else ''}",
            }
            assert context.request.post(f"{server.url}/api/posts", multipart=form, headers=origin).status == 201
        page = context.new_page()
        shown = f"{server.url}{FEED}"
        wait_for(page, lambda: len(context.request.get(shown).json()["posts"]) == 12, "all of them hang")


@pytest.mark.parametrize(
    ("locale", "language", "direction", "said"),
    [
        ("en-GB", "en", "ltr", "JavaScript. Please turn it on."),
        ("de-AT", "de", "ltr", "Bitte schalte es ein."),
        ("ar-EG", "ar", "rtl", "يُرجى تفعيله."),
        ("ja", "en", "ltr", "JavaScript. Please turn it on."),
    ],
)
def test_the_html_is_in_the_readers_language_before_any_script(
    people: Any, locale: str, language: str, direction: str, said: str
) -> None:
    reader = people(locale=locale, java_script_enabled=False)
    answer = reader.page.goto(reader.url)
    root = reader.page.locator("html")
    expect(root).to_have_attribute("lang", language)
    expect(root).to_have_attribute("dir", direction)
    assert said in answer.text().partition("<noscript>")[2].partition("</noscript>")[0]
    assert {"Accept-Language", "Cookie"} <= set(answer.headers["vary"].split(", "))
    assert "no-cache" in answer.headers["cache-control"]


def test_the_chosen_language_comes_with_the_next_page(people: Any, hanging: None) -> None:
    """The browser asks for English; who chose German has the German words in the page, and fetches no others."""
    reader = people(locale="en-GB")
    reader.open("/settings")
    reader.page.locator("[data-testid=language]").select_option("de")
    expect(reader.page.locator("settings-page h1")).to_have_text("Einstellungen")
    catalogues: list[str] = []
    reader.page.on("response", lambda got: catalogues.append(got.url) if "/assets/page-" in got.url else None)
    answer = reader.page.goto(reader.url)
    assert '<html lang="de" dir="ltr">' in answer.text()
    expect(reader.page.locator("top-bar nav a").first).to_have_text("Alle")
    assert catalogues == []
    # Storage that was cleared is believed, and the server is told.
    reader.page.evaluate("localStorage.removeItem('livefeed.language')")
    reader.page.reload()
    expect(reader.page.locator("html")).to_have_attribute("lang", "en")
    assert [cookie for cookie in reader.context.cookies() if cookie["name"] == "livefeed_language"] == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_at_the_start_each_thing_is_asked_for_once_and_nothing_moves(
    people: Any, hanging: None, viewport: dict[str, int]
) -> None:
    reader = people(viewport=viewport)
    reader.page.add_init_script(SHIFTS)
    asked: list[Request] = []
    reader.page.on("request", lambda request: asked.append(request))
    reader.open()
    reader.page.locator("picture-card").nth(4).wait_for()
    paths = Counter(f"{one.method} {urlsplit(one.url).path}" for one in asked if one.url.startswith("http"))
    # A newcomer asks once more who they are when it is their tab's turn: another may have become a guest for them.
    assert paths.pop("GET /api/me") <= 2
    assert [path for path, times in paths.items() if times > 1] == []
    assert paths["GET /api/feeds/all"] == 1
    # The pictures are asked for before what a page needs to be alive.
    order = [urlsplit(one.url).path for one in asked]
    first = next(place for place, path in enumerate(order) if path.startswith("/media/"))
    for later in ("connecting", "socket-worker", "wall-parts"):
        assert first < next(place for place, path in enumerate(order) if path.startswith(f"/assets/{later}-")), later
    assert reader.page.evaluate("window.shifts") == []


def test_a_feed_that_is_long_in_coming_keeps_nobody_from_the_page(people: Any, hanging: None) -> None:
    reader = people()
    held: list[Route] = []
    reader.page.route("**/api/feeds/**", lambda route: held.append(route))
    reader.page.goto(reader.url)
    expect(reader.page.locator("top-bar [data-testid=connection]")).to_be_visible()
    expect(reader.page.locator("picture-card")).to_have_count(0)
    for route in held:
        route.continue_()
    expect(reader.page.locator("picture-card").first).to_be_visible()


def test_a_feed_that_did_not_come_ahead_is_asked_for_again(people: Any, hanging: None) -> None:
    """What failed is not taken a second time: when the connection stands, the feed is asked for anew."""
    reader = people()
    reader.page.route("**/api/feeds/**", lambda route: route.abort())
    reader.page.goto(reader.url)
    wall = reader.page.locator("feed-wall")
    expect(wall.get_by_role("button", name="Try again")).to_be_visible()
    reader.page.unroute("**/api/feeds/**")
    expect(reader.page.locator("picture-card").first).to_be_visible()
    reader.complaints.clear()  # the browser complains of what was refused
