"""Finding people and pictures, as one types."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, DESKTOP, PHONE
from tests.browser.waiting import at_full_count
from tests.integration.server_process import until


@pytest.mark.parametrize("viewport", [pytest.param(DESKTOP, marks=at_full_count), PHONE], ids=["desktop", "phone"])
def test_pictures_are_found_by_the_beginning_of_a_word_and_opened(
    people: Any, picture: bytes, viewport: dict[str, int]
) -> None:
    painter, reader = people(), people(viewport=viewport)
    painter.sign_in()
    word = "zephyr" if viewport == DESKTOP else "quokka"
    post = painter.upload(picture, f"a {word} over the hills")
    painter.upload(picture, "nothing of the kind")
    _wait_until_found(painter, word, post["id"])
    reader.open()
    reader.page.get_by_role("link", name="Find", exact=True).locator("visible=true").first.click()
    field = reader.page.locator("[data-testid=search-input]")
    expect(field).to_be_focused()
    field.press_sequentially(word[:4], delay=20)
    cards = reader.page.locator("search-page [data-testid=post-card]")
    expect(cards).to_have_count(1)
    expect(reader.page).to_have_url(re.compile(rf"/search\?q={word[:4]}$"))
    field.press_sequentially("nowhere", delay=5)
    empty = reader.page.locator("search-page [data-testid=empty]")
    expect(empty).to_contain_text("nothing found")
    handle = post["author"]["handle"]
    field.fill(f"@{handle[:-1]}")
    expect(reader.page.locator("[data-testid=found-people] li").filter(has_text=handle)).to_be_visible()
    expect(empty).to_contain_text("no picture found")  # and not that they have hung none: this one did
    expect(empty).to_contain_text("Other words")
    field.fill(word)
    expect(cards).to_have_count(1)
    cards.first.locator("a.open").click()
    expect(reader.page.locator("[data-testid=post-view]")).to_have_attribute("data-post", post["id"])
    reader.page.keyboard.press("Escape")
    expect(reader.page.locator("[data-testid=search-input]")).to_have_value(word)
    expect(cards).to_have_count(1)


@at_full_count
def test_a_person_is_found_by_name_and_followed_from_there(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    post = painter.upload(picture, "hello")
    handle = post["author"]["handle"]
    _wait_until_found(painter, f"@{handle}", post["id"])
    reader.open(f"/search?q={handle}")
    found = reader.page.locator("[data-testid=found-people] li").filter(has_text=handle)
    found.locator("[data-testid=follow]").click()
    expect(found.locator("[data-testid=follow]")).to_have_attribute("aria-pressed", "true")
    found.get_by_role("link").click()
    reader.page.wait_for_url(f"**/@{handle}")


def test_without_words_there_are_tags_and_people_to_begin_with(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    painter.upload(picture, "#lanterns at night")
    reader.open("/search")
    reader.page.get_by_role("link", name="#lanterns", exact=True).click()
    reader.page.wait_for_url("**/tag/lanterns")


@at_full_count
def test_what_cannot_be_searched_says_so_and_can_be_tried_again(people: Any, picture: bytes) -> None:
    reader = people()
    reader.open("/search")
    reader.page.route("**/api/search*", lambda route: route.fulfill(status=503, body="{}"))
    reader.page.locator("[data-testid=search-input]").fill("anything")
    again = reader.page.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    reader.page.unroute("**/api/search*")
    again.click()
    expect(reader.page.locator("[data-testid=empty]")).to_contain_text("nothing found")
    reader.complaints.clear()


def _wait_until_found(person: Any, words: str, post: str) -> None:
    """The index is written a moment after the post."""

    def found() -> bool:
        answer = person.request.get(f"{person.url}/api/search", params={"q": words}).json()
        return any(one["id"] == post for one in answer["posts"])

    until(found, f"{words} is found", DEADLINE_MS / 1000)
