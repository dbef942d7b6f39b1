"""A person's wall: ribbon, counts, what they paint now, their pictures."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, DESKTOP, PAINTING_MS, PHONE
from tests.browser.waiting import at_full_count


@pytest.mark.parametrize("viewport", [DESKTOP, pytest.param(PHONE, marks=at_full_count)], ids=["desktop", "phone"])
def test_a_profile_shows_ribbon_counts_and_pictures(people: Any, picture: bytes, viewport: dict[str, int]) -> None:
    painter, visitor = people(), people(viewport=viewport)
    painter.open()
    posts = [painter.upload(picture, f"number {number}") for number in range(3)]
    visitor.open(f"/@{posts[0]['author']['handle']}")
    expect(visitor.page.locator("[data-testid=post-card]")).to_have_count(3)
    expect(visitor.page.locator("[data-testid=counts]")).to_contain_text("3 pictures")
    expect(visitor.page.locator("[data-testid=counts]")).to_contain_text("0 followers")
    ribbon = visitor.page.locator("profile-head .ribbon a")
    expect(ribbon).to_have_count(3)
    ribbon.first.click()
    expect(visitor.page.locator("[data-testid=post-view]")).to_have_attribute("data-post", posts[-1]["id"])
    visitor.page.locator("[data-testid=close-post]").click()
    expect(visitor.page.locator("[data-testid=counts]")).to_contain_text("3 pictures")


def test_what_somebody_paints_now_is_shown_on_their_wall(people: Any) -> None:
    painter, visitor = people(), people()
    painter.open()
    handle = painter.request.get(painter.url + "/api/me").json()["user"]["handle"]
    visitor.open(f"/@{handle}")
    expect(visitor.page.locator("[data-testid=empty]")).to_be_visible()
    prompt = {"prompt": "a lighthouse in fog", "width": 512, "height": 512, "steps": 20}
    asked = painter.post("/api/generations", prompt)["id"]
    expect(visitor.page.locator("[data-testid=painting-now]")).to_be_visible(timeout=PAINTING_MS)
    card = visitor.page.locator(f"[data-testid=post-card][data-post='{asked}']")
    expect(card).to_have_count(1, timeout=PAINTING_MS)
    expect(visitor.page.locator("[data-testid=painting-now]")).to_have_count(0, timeout=DEADLINE_MS)


@at_full_count
def test_a_name_that_nobody_has_says_so(people: Any) -> None:
    visitor = people()
    visitor.open("/@nobody-has-this")
    expect(visitor.page.get_by_text("nobody by that name")).to_be_visible()
    visitor.complaints.clear()


def test_the_pictures_of_somebody_are_shared_with_a_code_that_shows_them(people: Any, picture: bytes) -> None:
    painter, visitor = people(), people()
    painter.open()
    author = painter.upload(picture, "share them")["author"]
    visitor.open(f"/@{author['handle']}")
    visitor.page.get_by_role("button", name="Share the pictures").click()
    expect(visitor.page.get_by_label("The link")).to_have_value(f"{visitor.url}/@{author['handle']}")
    visitor.page.locator("[data-testid=embed] summary").click()
    source = f'src="{visitor.url}/embed/user:{author["id"]}"'
    expect(visitor.page.locator("[data-testid=embed-code]")).to_have_value(re.compile(re.escape(source)))
    assert visitor.request.get(f"{visitor.url}/embed/user:{author['id']}").ok
    visitor.page.get_by_label("Without a script").click()
    expect(visitor.page.locator("[data-testid=embed-code]")).to_have_value(re.compile("^<iframe "))
