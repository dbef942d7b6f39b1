"""The news: what concerns one, live in the bar and in the list, read when it was seen."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, DESKTOP, PAINTING_MS, PHONE
from tests.browser.waiting import at_full_count, wait_for


def _unread(person: Any) -> int:
    return int(person.request.get(person.url + "/api/notifications").json()["unread"])


def _react(person: Any, post: str, emoji: str) -> None:
    path = f"/api/posts/{post}/reactions/{quote(emoji)}"
    assert person.request.put(person.url + path, headers={"Origin": person.url}).ok


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_what_others_do_is_counted_live_told_in_one_line_and_read_when_seen(
    people: Any, picture: bytes, viewport: dict[str, int]
) -> None:
    painter = people(viewport=viewport)
    fans = [people() for _ in range(3)]
    painter.open()
    post = painter.upload(picture, "look at this")["id"]
    news = painter.page.get_by_role("link", name="News").locator("visible=true")
    for fan in fans:
        fan.sign_in()
    _react(fans[0], post, "🔥")
    expect(news).to_have_accessible_name("News, 1 unread", timeout=DEADLINE_MS)
    fans[0].post(f"/api/posts/{post}/comments", {"text": "the moon did all the work"})
    expect(news).to_have_accessible_name("News, 2 unread")
    for fan in fans[1:]:
        _react(fan, post, "🔥")
    news.click()
    lines = painter.page.locator("[data-testid=news-line]")
    expect(lines.filter(has_text="like your picture")).to_contain_text(" and ")
    expect(lines.filter(has_text="commented on your picture")).to_contain_text("the moon did all the work")
    expect(news).to_have_accessible_name("News")
    # What was new stays marked while it is looked at.
    expect(lines.first).to_have_attribute("data-unread", "true")
    wait_for(painter.page, lambda: _unread(painter) == 0, "the server knows that it was seen")
    lines.filter(has_text="commented").locator("a").click()
    expect(painter.page.locator("[data-testid=post-view]")).to_have_attribute("data-post", post)


def test_the_list_goes_on_over_a_lost_connection(people: Any, picture: bytes) -> None:
    painter, fan = people(), people()
    painter.open("/news")
    expect(painter.page.locator("[data-testid=no-news]")).to_be_visible()
    fan.sign_in()
    post = painter.upload(picture, "while I was away")["id"]
    painter.context.set_offline(True)
    expect(painter.page.locator("[data-testid=connection]").first).not_to_have_attribute("data-state", "live")
    fan.post(f"/api/posts/{post}/comments", {"text": "are you there?"})
    painter.context.set_offline(False)
    expect(painter.page.locator("[data-testid=news-line]")).to_contain_text("are you there?", timeout=3 * DEADLINE_MS)


@at_full_count
def test_what_was_deleted_leaves_the_list(people: Any, picture: bytes) -> None:
    painter, fan = people(), people()
    painter.open("/news")
    fan.sign_in()
    post = painter.upload(picture, "for a moment")["id"]
    comment = fan.post(f"/api/posts/{post}/comments", {"text": "never mind"})["comment"]["id"]
    line = painter.page.locator("[data-testid=news-line]")
    expect(line).to_have_count(1)
    fan.request.delete(f"{fan.url}/api/comments/{comment}", headers={"Origin": fan.url})
    expect(line).to_have_count(0)


@at_full_count
def test_what_one_tab_has_read_the_other_one_has(people: Any, picture: bytes) -> None:
    painter, fan = people(), people()
    painter.open()
    fan.sign_in()
    post = painter.upload(picture, "two tabs")["id"]
    fan.post(f"/api/posts/{post}/comments", {"text": "hello"})
    news = painter.page.get_by_role("link", name="News").locator("visible=true")
    expect(news).to_have_accessible_name("News, 1 unread")
    painter.context.new_page().goto(painter.url + "/news")
    expect(news).to_have_accessible_name("News")


def test_a_picture_of_mine_is_reachable_there(people: Any) -> None:
    painter = people()
    painter.open("/news")
    asked = painter.post("/api/generations", {"prompt": "a small lamp", "width": 256, "height": 256, "steps": 4})
    line = painter.page.locator("[data-testid=news-line][data-kind=generation]")
    expect(line).to_contain_text("Your picture is up", timeout=6 * DEADLINE_MS)
    expect(line).to_contain_text("a small lamp")
    line.locator("a").click()
    expect(painter.page.locator("[data-testid=post-view]")).to_have_attribute("data-post", asked["id"])


def test_a_picture_for_my_eyes_alone_is_told_of_wherever_i_am_and_found_again(people: Any) -> None:
    """Asked for while the news are read, where neither easel nor dock would show it."""
    painter = people()
    painter.open("/news")
    page = painter.page
    page.keyboard.press("p")
    page.locator("[data-testid=prompt]").fill("a lamp for myself")
    page.locator("[data-testid=choose-who]").click()
    page.get_by_role("radio", name="Only you see it").click()
    page.locator("[data-testid=paint-it]").click()
    expect(page.locator("[data-testid=create-sheet]")).to_have_count(0)
    toast = page.locator("[data-testid=toast]")
    expect(toast.filter(has_text="In line")).to_contain_text("a lamp for myself")
    focused = "() => document.querySelector('livefeed-app').shadowRoot.activeElement?.localName"
    assert page.evaluate(focused) == "main", "not the wordmark above the page"
    line = page.locator("[data-testid=news-line][data-kind=generation]")
    expect(line).to_contain_text("Your picture is finished", timeout=PAINTING_MS)
    expect(toast.filter(has_text="only you can see it")).to_contain_text("a lamp for myself")
    page.reload()
    line.get_by_role("link").click()
    about = page.locator("[data-testid=own-picture]")
    expect(about.get_by_role("heading")).to_have_text("a lamp for myself")
    expect(page.locator("own-picture picture-frame img")).to_have_js_property("complete", True)
    made = painter.request.get(f"{painter.url}/api/generations/{page.url.rpartition('/')[2]}").json()["generation"]
    expect(about.locator("dl")).to_contain_text(str(made["seed"]))
    with page.expect_download() as saved:
        about.get_by_role("link", name="Save").click()
    assert saved.value.suggested_filename == "a lamp for myself.webp"
    about.get_by_role("button", name="Paint it for everyone").click()
    expect(toast.filter(has_text="Your picture is up")).to_be_visible(timeout=PAINTING_MS)
    [post] = painter.request.get(f"{painter.url}/api/feeds/all").json()["posts"][:1]
    again = painter.request.get(f"{painter.url}/api/generations/{post['id']}").json()["generation"]
    assert (again["prompt"], again["seed"], again["publish"]) == (made["prompt"], made["seed"], True)
