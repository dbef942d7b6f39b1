"""What is chosen in a browser holds in all its tabs, and after a reload."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.waiting import at_full_count, wait_until


def _root(page: Any, name: str, value: str) -> None:
    """Wait until the page says this of itself."""
    expect(page.locator("html")).to_have_attribute(f"data-{name}", value)


def test_the_light_is_chosen_for_all_tabs_and_kept(people: Any) -> None:
    visitor = people(color_scheme="dark")
    visitor.open("/settings")
    other = visitor.context.new_page()
    other.goto(visitor.url)
    other.locator("[data-testid=connection]").first.wait_for()
    _root(visitor.page, "shade", "night")
    visitor.page.locator("[data-testid=theme]").get_by_text("Day").click()
    _root(visitor.page, "shade", "day")
    wait_until(other, "() => document.documentElement.dataset.shade === 'day'")
    other.reload()
    wait_until(other, "() => document.documentElement.dataset.theme === 'day'")
    visitor.page.locator("[data-testid=theme]").get_by_text("As the system").click()
    wait_until(other, "() => document.documentElement.dataset.theme === undefined")
    _root(visitor.page, "shade", "night")


@pytest.mark.parametrize(
    ("system", "choice", "calm"),
    [pytest.param("no-preference", "Less", True, marks=at_full_count), ("reduce", "Full", False)],
)
def test_motion_follows_the_system_until_something_else_is_chosen(
    people: Any, system: str, choice: str, calm: bool
) -> None:
    visitor = people(reduced_motion=system)
    visitor.open("/settings")
    reduced = "calm => (document.documentElement.dataset.motion === 'reduced') === calm"
    wait_until(visitor.page, reduced, not calm)
    visitor.page.locator("[data-testid=motion]").get_by_text(choice).click()
    wait_until(visitor.page, reduced, calm)
    step = "getComputedStyle(document.documentElement).getPropertyValue('--step').trim()"
    assert (visitor.page.evaluate(step) in ("0ms", "0s")) is calm


def test_holding_still_reaches_the_other_tab_and_outlasts_a_reload(people: Any, picture: bytes) -> None:
    painter, visitor = people(), people()
    painter.sign_in()
    before = painter.upload(picture, "on the wall before")["id"]
    visitor.open("/settings")
    wall = visitor.context.new_page()
    wall.goto(visitor.url)
    wall.locator("[data-testid=connection][data-state=live]").first.wait_for()
    visitor.page.locator("[data-testid=switch-pause]").click()
    paused = wall.locator("[data-testid=connection][data-state=paused]").first
    paused.wait_for()
    wall.reload()
    paused.wait_for()
    expect(wall.locator(f"[data-testid=post-card][data-post='{before}']")).to_have_count(1)
    post = painter.upload(picture, "held back")
    expect(paused).to_contain_text("1 held")
    paused.click()
    expect(visitor.page.locator("[data-testid=switch-pause]")).not_to_be_checked()
    wall.locator("[data-testid=new-pill]").click()
    expect(wall.locator(f"[data-testid=post-card][data-post='{post['id']}']")).to_have_count(1)


@at_full_count
def test_being_unseen_is_not_counted_and_holds_in_the_other_tab(people: Any, picture: bytes) -> None:
    painter, visitor = people(), people()
    painter.sign_in()
    post = painter.upload(picture, "who looks")["id"]
    painter.open(f"/post/{post}")
    visitor.open(f"/post/{post}")
    looking = painter.page.locator("[data-testid=looking]").first
    expect(looking).to_contain_text("2")
    settings = visitor.context.new_page()
    settings.goto(visitor.url + "/settings")
    settings.locator("[data-testid=switch-unseen]").click()
    expect(looking).to_contain_text("1")
    settings.locator("[data-testid=switch-unseen]").click()
    expect(looking).to_contain_text("2")


@pytest.mark.parametrize("viewport", [DESKTOP, pytest.param(PHONE, marks=at_full_count)], ids=["desktop", "phone"])
def test_the_page_is_worked_by_keyboard_and_fits(people: Any, viewport: dict[str, int]) -> None:
    visitor = people(viewport=viewport)
    visitor.open("/settings")
    page = visitor.page
    page.locator("settings-page input[name=handle]").fill("calm-ember-" + str(viewport["width"]))
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=toast]")).to_contain_text("You are calm-ember")
    page.locator("[data-testid=theme] input").first.focus()
    page.keyboard.press("ArrowRight")
    _root(page, "theme", "day")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Show the keys").click()
    expect(page.locator("[data-testid=keys]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=keys]")).to_have_count(0)
    expect(page.get_by_role("button", name="Show the keys")).to_be_focused()


@at_full_count
def test_a_name_that_is_taken_is_refused_in_a_sentence(people: Any) -> None:
    first, second = people(), people()
    first.open("/settings")
    second.open("/settings")
    name = first.request.get(first.url + "/api/me").json()["user"]["handle"]
    second.page.locator("settings-page input[name=handle]").fill(name)
    second.page.locator("settings-page").get_by_role("button", name="Rename").click()
    expect(second.page.locator("settings-page handle-form .problem")).not_to_be_empty()
    second.complaints.clear()
