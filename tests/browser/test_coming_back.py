"""Offline and back: nothing missed, nothing twice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import soak
from tests.browser.conftest import DEADLINE_MS
from tests.browser.test_transport import card, until_kept
from tests.browser.waiting import wait_until

AWAY_MS = soak.count(4_000, 10_000)
NEVER_SOON = """{
    const later = setTimeout;
    globalThis.setTimeout = (act, ms, ...given) => (ms === 2_500 ? 0 : later(act, ms, ...given));
}"""
"""What a page fetches once it has settled it never does."""


@pytest.mark.soak
def test_a_browser_that_was_offline_shows_every_comment_once_and_in_order(people: Any, picture: bytes) -> None:
    """Twenty comments come while it is away."""
    writer, reader = people(), people()
    writer.sign_in()
    post = writer.upload(picture, "a quiet place to talk #talk")
    reader.open(f"/post/{post['id']}")
    writer.post(f"/api/posts/{post['id']}/comments", {"text": "before"})
    expect(reader.page.locator("[data-testid=comment-text]")).to_have_text(["before"], timeout=DEADLINE_MS)

    reader.context.set_offline(True)
    reader.page.locator("[data-testid=connection][data-state=offline]").first.wait_for(timeout=DEADLINE_MS)
    told = [f"comment {number}" for number in range(20)]
    for text in told:
        writer.post(f"/api/posts/{post['id']}/comments", {"text": text})
    reader.page.wait_for_timeout(AWAY_MS)
    reader.context.set_offline(False)

    expect(reader.page.locator("[data-testid=comment-text]")).to_have_text(["before", *told], timeout=3 * DEADLINE_MS)


def test_posts_that_came_while_offline_wait_behind_the_pill(people: Any, picture: bytes) -> None:
    """The wall of somebody who was away grows by exactly what was posted."""
    writer, reader = people(), people()
    writer.sign_in()
    before = writer.upload(picture, "the one before")["id"]
    reader.open()
    expect(reader.page.locator(f"[data-testid=post-card][data-post='{before}']")).to_have_count(1)
    reader.context.set_offline(True)
    reader.page.locator("[data-testid=connection][data-state=offline]").first.wait_for(timeout=DEADLINE_MS)
    posts = [writer.upload(picture, f"while you were away {number}")["id"] for number in range(3)]
    reader.context.set_offline(False)
    reader.page.locator("[data-testid=new-pill]").click(timeout=3 * DEADLINE_MS)
    for post in posts:
        expect(reader.page.locator(f"[data-testid=post-card][data-post='{post}']")).to_have_count(1)


def test_a_picture_opened_without_a_server_is_whole_when_it_is_back_and_what_was_said_is_said(
    people: Any, picture: bytes
) -> None:
    """The page begins from what was kept: neither is it known who we are, nor how the picture was made."""
    reader = people()
    reader.open("/tag/kept")
    page, post = reader.page, reader.upload(picture, "kept #kept")["id"]
    card(page, post).wait_for(timeout=DEADLINE_MS)
    until_kept(page, post)
    wait_until(page, "() => localStorage.getItem('livefeed.last-person') !== null")
    handle = reader.request.get(reader.url + "/api/me").json()["user"]["handle"]
    reader.context.route("**/api/**", lambda route: route.abort())
    # The wall's own copy is all there is of the picture.
    reader.context.route(re.compile(r"/media/.*/(512|1024)\.webp$"), lambda route: route.abort())
    page.reload()
    card(page, post).locator("a.open").click(timeout=DEADLINE_MS)
    line = page.locator("[data-testid=comment-input]")
    line.fill("words of mine")
    line.press("Enter")
    expect(page.locator("[data-testid=comment-draft][data-status=waiting]")).to_contain_text("words of mine")
    # The next page has it too, and sends it. It was come to by its address: the wall under it was never kept.
    wait_until(page, "() => localStorage.getItem('livefeed.unsent')?.includes('words of mine')")
    page.add_init_script(NEVER_SOON)  # without a line nothing is waited for
    page.evaluate("history.replaceState(null, '')")
    page.reload()
    expect(page.locator("[data-testid=comment-draft][data-status=waiting]")).to_contain_text("words of mine")
    # What is one's own is, and the picture is shown as it hung last.
    about = page.locator("post-about")
    expect(page.get_by_test_id("me")).to_have_attribute("aria-label", re.compile(re.escape(handle)))
    expect(about.get_by_test_id("edit-post")).to_be_visible()
    expect(about.get_by_test_id("follow")).to_have_count(0)
    expect(page.locator("post-view .stage picture-frame img.loaded")).to_be_visible()
    made = {"provenance": {"generator": {"title": "The painter"}}}
    reader.context.route("**/provenance", lambda route: route.fulfill(json=made))
    reader.context.unroute("**/api/**")
    expect(page.locator("post-facts")).to_contain_text("The painter", timeout=3 * DEADLINE_MS)
    expect(page.locator("[data-testid=comment-text]")).to_have_text(["words of mine"], timeout=3 * DEADLINE_MS)
    expect(page.locator("[data-testid=comment-draft]")).to_have_count(0)
    reader.complaints.clear()


def test_a_place_whose_program_could_not_be_fetched_says_so_and_is_there_with_the_line(people: Any) -> None:
    reader = people(service_workers="block")
    reader.open("/")
    reader.context.set_offline(True)
    reader.page.get_by_role("link", name="News").first.click()
    there = reader.page.get_by_role("main").get_by_text("There is no line just now.")
    expect(there).to_be_visible()
    expect(reader.page.get_by_test_id("toast")).to_be_visible()
    expect(reader.page.get_by_text("newer page")).to_have_count(0)
    reader.context.set_offline(False)
    expect(reader.page.get_by_role("heading", name="News")).to_be_visible()
    expect(there).to_have_count(0)
