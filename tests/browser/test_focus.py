"""What takes itself away hands the keyboard on: the focus never falls back to the page."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.focus import focused, held, press
from tests.browser.waiting import wait_until

SAY = """words => customElements.whenDefined('toast-stack').then(() => document.querySelector('livefeed-app')
  .shadowRoot.querySelector('toast-stack').notices.say({ text: words }))"""


def _said(person: Any, post: str, *words: str) -> list[str]:
    return [person.post(f"/api/posts/{post}/comments", {"text": text})["comment"]["id"] for text in words]


def test_what_is_pressed_away_in_a_post_hands_the_focus_on(people: Any, picture: bytes) -> None:
    painter = people()
    painter.sign_in()
    post = painter.upload(picture, "say something")["id"]
    _said(painter, post, "one", "two", "three")
    painter.request.put(f"{painter.url}/api/posts/{post}/reactions/🔥", headers={"Origin": painter.url})
    painter.open(f"/post/{post}")
    page = painter.page
    comments = page.locator("[data-testid=comment]")
    expect(comments).to_have_count(3)

    press(comments.nth(1).get_by_test_id("edit-comment"))
    expect(page.get_by_test_id("edit-input")).to_be_focused()
    page.keyboard.press("Escape")
    expect(comments.nth(1).get_by_test_id("edit-comment")).to_be_focused()
    press(comments.nth(1).get_by_test_id("delete-comment"))
    expect(page.get_by_test_id("keep-comment")).to_be_focused()
    page.keyboard.press("Enter")
    expect(comments.nth(1).get_by_test_id("delete-comment")).to_be_focused()
    for left in (2, 1, 0):
        press(comments.nth(left // 2).get_by_test_id("delete-comment"))
        press(page.get_by_test_id("confirm-delete-comment"))
        expect(comments).to_have_count(left)
        assert "comment-thread" in held(page)["path"]
    expect(page.get_by_test_id("comment-count")).to_be_focused()

    chip = page.locator("reaction-row [data-emoji]")
    press(chip)
    expect(chip).to_have_count(0)
    assert "reaction-row" in held(page)["path"]
    press(page.get_by_test_id("edit-post"))
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("edit-post")).to_be_focused()
    press(page.get_by_test_id("take-down"))
    press(page.get_by_role("button", name="Not now"))
    expect(page.get_by_test_id("take-down")).to_be_focused()
    page.keyboard.press("Enter")
    press(page.get_by_test_id("confirm-delete"))
    expect(page.get_by_test_id("post-missing")).to_be_focused()
    expect(page.get_by_test_id("post-missing")).to_contain_text("You took it down.")
    press(page.get_by_role("button", name="To the feed"))
    held(page, page.get_by_test_id("post-missing"))


def test_what_is_pressed_away_on_the_wall_hands_the_focus_on(people: Any, picture: bytes) -> None:
    reader, painter = people(), people()
    reader.sign_in()
    reader.upload(picture, "hangs already")
    reader.open()
    painter.sign_in()
    page = reader.page
    newest = painter.upload(picture, "a newer one")["id"]
    press(page.get_by_test_id("new-pill"))
    card = page.locator("picture-card").filter(has=page.locator(f"[data-post={newest!r}]"))
    expect(card).to_be_focused()

    page.evaluate(SAY, "something in passing")
    toast = page.get_by_test_id("toast")
    press(toast.get_by_role("button"))
    toast.wait_for(state="detached")
    expect(card).to_be_focused()
    press(card)
    press(page.get_by_test_id("close-post"))
    expect(card).to_be_focused()
    page.keyboard.press("/")
    page.get_by_role("searchbox").fill("nothing of the kind")
    press(page.get_by_role("button", name="Clear"))
    expect(page.get_by_role("searchbox")).to_be_focused()
    # Opened by its address, there is nothing to go back to but the picture on the wall.
    reader.open(f"/post/{newest}")
    press(page.get_by_test_id("close-post"))
    expect(card).to_be_focused()


def test_words_being_changed_outlast_the_comment_they_were_in(people: Any, picture: bytes) -> None:
    painter = people()
    painter.sign_in()
    post = painter.upload(picture, "one and two")["id"]
    first, _ = _said(painter, post, "to be removed", "another")
    painter.open(f"/post/{post}")
    page = painter.page
    press(page.get_by_test_id("comment").nth(0).get_by_test_id("edit-comment"))
    page.get_by_test_id("edit-input").fill("many words that took long")
    painter.request.delete(f"{painter.url}/api/comments/{first}", headers={"Origin": painter.url})
    expect(page.get_by_role("alert").filter(has_text="taken away meanwhile")).to_be_visible()
    expect(page.get_by_test_id("edit-input")).to_be_focused()
    expect(page.get_by_test_id("edit-input")).to_have_value("many words that took long")
    page.keyboard.press("Enter")
    said = page.get_by_test_id("comment-text")
    expect(said).to_have_text(["another", "many words that took long"])
    held(page)


def test_single_keys_are_switched_off_for_all_tabs_and_kept(people: Any, picture: bytes) -> None:
    reader = people()
    reader.sign_in()
    post = reader.upload(picture, "walked to")["id"]
    reader.open("/settings")
    page = reader.page
    press(page.get_by_test_id("switch-keys"), " ")
    expect(page.get_by_test_id("switch-keys")).not_to_be_checked()
    press(page.get_by_role("button", name="Show the keys"), "?")
    expect(page.get_by_test_id("keys")).to_have_count(0)
    reader.open()
    for key in ("j", "/", "p"):
        page.keyboard.press(key)
    assert focused(page)["path"] == ["body"]
    card = page.locator("picture-card").filter(has=page.locator(f"[data-post={post!r}]"))
    press(card, "l")
    page.keyboard.press("Enter")
    page.get_by_test_id("post-view").wait_for()
    for key in ("l", "c", "+"):
        page.keyboard.press(key)
    expect(page.get_by_test_id("zoom")).to_have_attribute("aria-pressed", "false")
    expect(page.get_by_test_id("comment-input")).not_to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_focused()
    assert not reader.request.get(f"{reader.url}/api/posts/{post}").json()["post"]["reactions"]
    reader.open("/settings")
    press(page.get_by_test_id("switch-keys"), " ")
    press(page.get_by_role("button", name="Show the keys"), "?")
    page.get_by_test_id("keys").wait_for()
    wait_until(page, "() => localStorage.getItem('livefeed.keys') === null")
