"""No page and no state has a fault that axe knows of; docs/testing.md lists where each is looked at."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.axe import COLOURS, violations
from tests.browser.conftest import DEADLINE_MS, DESKTOP, PAINTING_MS, PHONE
from tests.browser.gallery import settled
from tests.browser.waiting import at_full_count
from tests.soak import FULL

SHADES = {"dark": "night", "light": "day"}
OTHER = {"dark": "light", "light": "dark"}
TABS = ("remixes", "rooms", "liked")
"""The other walls of one's own profile."""
TWICE = ("landmark-unique", "landmark-no-duplicate-main", "landmark-main-is-top-level")
"""A catalogue shows one landmark in two states, and pages in a page."""


def faults(page: Any, scheme: str, *without: str) -> list[str]:
    """Return what is wrong in a theme; at full count also what the other one's colours do wrong."""
    found = violations(page, *without)
    for shown in (OTHER[scheme], scheme) if FULL else ():
        page.emulate_media(color_scheme=shown)
        page.wait_for_function("(shade) => document.documentElement.dataset.shade === shade", arg=SHADES[shown])
        if shown != scheme:
            found += violations(page, *without, only=COLOURS)
    return found


@pytest.mark.soak
@pytest.mark.parametrize(
    ("scheme", "rtl"), [("dark", False), pytest.param("light", True, marks=at_full_count)], ids=["ltr", "rtl"]
)
def test_every_component_in_every_state_has_no_fault(people: Any, scheme: str, rtl: bool) -> None:
    visitor = people(color_scheme=scheme, reduced_motion="reduce")
    settled(visitor, rtl=rtl)
    found = faults(visitor.page, scheme, *TWICE)
    # The widget's pages, which stand in frames here; briefly, test_embed_languages.py looks at them.
    for frame in visitor.page.frames[1:] if FULL else ():
        found += violations(frame)
    assert found == []


@pytest.mark.soak
@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [("dark", DESKTOP), pytest.param("light", PHONE, marks=at_full_count)],
    ids=["desktop", "phone"],
)
def test_every_page_has_no_fault(people: Any, picture: bytes, scheme: str, viewport: dict[str, int]) -> None:
    visitor = people(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")
    visitor.sign_in()
    post = visitor.upload(picture, "a place with #words")
    visitor.post(f"/api/posts/{post['id']}/comments", {"text": "said here #words"})
    handle = visitor.request.get(visitor.url + "/api/me").json()["user"]["handle"]
    room = visitor.post("/api/rooms", {"post": post["id"]})["room"]["id"]
    remix = {"prompt": "a snail", "parent": post["id"], "width": 256, "height": 256, "steps": 4}
    visitor.post("/api/generations", remix)
    kept = visitor.post("/api/generations", {**remix, "parent": None, "publish": False})["id"]
    fan = people()
    fan.sign_in()
    other = fan.upload(picture, "of somebody else")["author"]["handle"]
    answer = fan.request.put(f"{fan.url}/api/users/{handle}/follow", headers={"Origin": fan.url})
    assert answer.ok, answer.text()
    page = visitor.page
    found = {}
    for path in (
        "/",
        "/following",
        "/search?q=words",
        "/news",
        "/settings",
        f"/post/{post['id']}",
        f"/picture/{kept}",
        "/tag/words",
        f"/@{handle}",
        *(f"/@{handle}/{tab}" for tab in TABS),
        f"/@{other}",
        "/no/such/place",
    ):
        page.goto(visitor.url + path)
        page.locator("[data-testid=connection][data-state=live]").first.wait_for(timeout=3 * DEADLINE_MS)
        page.wait_for_load_state("networkidle")
        if path.startswith("/post/"):
            page.get_by_test_id("remix-line").first.wait_for(timeout=PAINTING_MS)
        if path.startswith("/picture/"):
            page.get_by_test_id("own-picture").wait_for(timeout=PAINTING_MS)
        found[path] = faults(page, scheme)
    page.goto(f"{visitor.url}/@{handle}")
    page.get_by_role("button", name="1 follower").click()
    page.get_by_test_id("people-list").wait_for()
    found["followers"] = faults(page, scheme)
    visitor.open()
    page.locator("[data-testid=prompt-line], [data-testid=paint]").locator("visible=true").first.click()
    page.locator("[data-testid=prompt]").wait_for()
    for chosen in ("generator", "style"):
        page.locator("create-sheet").get_by_test_id(f"choose-{chosen}").click()
        page.locator("create-sheet choice-chip .menu").first.wait_for()
        found[f"create, {chosen}"] = faults(page, scheme)
        page.keyboard.press("Escape")
    page.goto(f"{visitor.url}/room/{room}")
    page.locator("room-rail").wait_for(timeout=3 * DEADLINE_MS)
    page.wait_for_load_state("networkidle")
    found["room"] = faults(page, scheme)
    page.goto(f"{visitor.url}/embed")
    page.wait_for_load_state("networkidle")
    found["configurator"] = violations(page)
    visitor.complaints = [said for said in visitor.complaints if "404" not in said]
    assert {where: wrong for where, wrong in found.items() if wrong} == {}
