"""Following somebody: the button, the feed of those who are followed, and whom to follow when there is nobody."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.waiting import at_full_count


@pytest.mark.parametrize("viewport", [DESKTOP, pytest.param(PHONE, marks=at_full_count)], ids=["desktop", "phone"])
def test_an_empty_following_feed_says_whom_to_follow_and_fills_at_once(
    people: Any, picture: bytes, viewport: dict[str, int]
) -> None:
    painter, reader = people(), people(viewport=viewport)
    painter.sign_in()
    post = painter.upload(picture, "something to follow")
    handle = post["author"]["handle"]
    reader.open("/following")
    expect(reader.page.locator("[data-testid=empty]")).to_contain_text("whose pictures do you want to see")
    row = reader.page.locator("[data-testid=people] li").filter(has_text=handle)
    assert row.bounding_box()["x"] == (18 if viewport is PHONE else 28)  # the gutter
    row.locator("[data-testid=follow]").click()
    card = reader.page.locator(f"[data-testid=post-card][data-post='{post['id']}']")
    expect(card).to_have_count(1)
    # What they make from now on waits behind the pill, live.
    later = painter.upload(picture, "a second one")
    reader.page.locator("[data-testid=new-pill]").click()
    expect(reader.page.locator(f"[data-testid=post-card][data-post='{later['id']}']")).to_have_count(1)


def test_following_from_a_post_counts_on_the_profile_and_is_undone_there(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    post = painter.upload(picture, "follow me")
    reader.open(f"/post/{post['id']}")
    button = reader.page.locator("post-about [data-testid=follow]")
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()  # and leaves at once: a follow arrives all the same
    reader.open(f"/@{post['author']['handle']}")
    profile = reader.page.locator("profile-head [data-testid=follow]")
    expect(profile).to_have_attribute("aria-pressed", "true")
    expect(reader.page.locator("[data-testid=followers]")).to_contain_text("1 follower")
    with reader.page.expect_response("**/follow"):
        profile.click()
    expect(reader.page.locator("[data-testid=followers]")).to_contain_text("0 followers")
    reader.page.get_by_role("link", name="Following", exact=True).click()
    expect(reader.page.locator("[data-testid=empty]")).to_be_visible()
    answer = reader.request.get(f"{reader.url}/api/users/{post['author']['handle']}").json()
    assert answer["followed"] is False


@at_full_count
def test_there_is_nothing_to_follow_of_oneself(people: Any, picture: bytes) -> None:
    painter = people()
    painter.sign_in()
    post = painter.upload(picture, "my own")
    painter.open(f"/@{post['author']['handle']}")
    expect(painter.page.locator("[data-testid=counts]")).to_contain_text("1 picture")
    expect(painter.page.locator("[data-testid=follow]")).to_have_count(0)


@at_full_count
def test_a_follow_that_cannot_be_told_is_taken_back(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    post = painter.upload(picture, "out of reach")
    reader.open(f"/@{post['author']['handle']}")
    button = reader.page.locator("profile-head [data-testid=follow]")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(reader.page.locator("[data-testid=followers]")).to_contain_text("0 followers")
    reader.context.set_offline(True)
    button.click()
    expect(reader.page.locator("[data-testid=toast]")).to_contain_text("cannot be reached")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(reader.page.locator("[data-testid=followers]")).to_contain_text("0 followers")


def test_a_tag_that_is_kept_stays_beside_the_other_feeds(people: Any, picture: bytes) -> None:
    reader = people()
    reader.sign_in()
    reader.upload(picture, "one of the #herons")
    reader.open("/tag/herons")
    expect(reader.page.locator("[data-testid=post-card]")).to_have_count(1)
    reader.page.locator("[data-testid=keep-tag]").click()
    reader.open("/")
    tab = reader.page.get_by_role("navigation", name="Feeds").get_by_role("link", name="#herons")
    tab.click()
    reader.page.wait_for_url("**/tag/herons")
    reader.page.locator("[data-testid=keep-tag]").click()
    reader.open("/")
    expect(tab).to_have_count(0)
