"""Changing one's own words, and naming others in them."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.waiting import at_full_count


def _handle(person: Any) -> str:
    return str(person.request.get(person.url + "/api/me").json()["user"]["handle"])


LINES = """(title) => {
  const range = document.createRange();
  range.selectNodeContents(title);
  return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
}"""


def test_title_and_description_of_a_picture_change_at_others_too(people: Any, picture: bytes) -> None:
    painter, reader, passer = people(), people(), people(viewport=PHONE)
    painter.sign_in()
    post = painter.upload(picture, "a first title")
    passer.open()
    title = passer.page.locator(f"[data-testid=post-card][data-post='{post['id']}'] h2")
    before = title.bounding_box()
    painter.open(f"/post/{post['id']}")
    reader.open(f"/post/{post['id']}")
    painter.page.locator("[data-testid=edit-post]").click()
    form = painter.page.locator("[data-testid=post-edit]")
    form.locator("textarea[name=caption]").fill("a better title #better")
    form.locator("textarea[name=alt]").fill("a grey slope, dark above")
    painter.page.locator("[data-testid=save-post]").click()
    for person in (painter, reader):
        expect(person.page.locator("[data-testid=post-title]")).to_have_text("a better title #better")
        expect(person.page.locator("[data-testid=post-edited]")).to_be_visible()
        image = person.page.locator("post-view .hang picture-frame img")
        expect(image).to_have_attribute("alt", "a grey slope, dark above")
    expect(reader.page.locator("[data-testid=edit-post]")).to_have_count(0)

    longer = "a title that takes two lines where there was room for one, to be read in full #longer"
    painter.page.locator("[data-testid=edit-post]").click()
    form.locator("textarea[name=caption]").fill(longer)
    painter.page.locator("[data-testid=save-post]").click()
    # On a wall it keeps its place and shows one line, of the next not even the tall letters.
    expect(title).to_have_text(longer)
    assert title.bounding_box() == before
    assert title.evaluate(LINES) == 1


@at_full_count
def test_an_edit_that_fails_keeps_the_words_and_says_why(people: Any, picture: bytes) -> None:
    painter = people()
    painter.sign_in()
    post = painter.upload(picture, "as it was")
    painter.open(f"/post/{post['id']}")
    painter.page.locator("[data-testid=edit-post]").click()
    field = painter.page.locator("[data-testid=post-edit] textarea[name=caption]")
    field.fill("as it may be")
    painter.context.set_offline(True)
    painter.page.locator("[data-testid=save-post]").click()
    expect(painter.page.locator("post-edit .problem")).to_contain_text("cannot be reached")
    expect(field).to_have_value("as it may be")
    painter.context.set_offline(False)
    painter.page.locator("[data-testid=save-post]").click()
    expect(painter.page.locator("[data-testid=post-title]")).to_have_text("as it may be")


@pytest.mark.parametrize("viewport", [DESKTOP, pytest.param(PHONE, marks=at_full_count)], ids=["desktop", "phone"])
def test_a_comment_is_edited_and_deleted_live_at_others(people: Any, picture: bytes, viewport: dict[str, int]) -> None:
    painter, reader = people(viewport=viewport), people()
    painter.sign_in()
    post = painter.upload(picture, "say something")
    painter.open(f"/post/{post['id']}")
    reader.open(f"/post/{post['id']}")
    painter.page.locator("[data-testid=comment-input]").fill("a frist thought")
    painter.page.keyboard.press("Enter")
    there = reader.page.locator("[data-testid=comment]")
    expect(there).to_contain_text("a frist thought")
    expect(there.locator("[data-testid=edit-comment]")).to_have_count(0)
    painter.page.locator("[data-testid=edit-comment]").click()
    painter.page.locator("[data-testid=edit-input]").fill("a first thought")
    painter.page.locator("[data-testid=edit-input]").press("Enter")
    for person in (painter, reader):
        expect(person.page.locator("[data-testid=comment-text]")).to_have_text("a first thought")
        expect(person.page.locator("[data-testid=comment-edited]")).to_be_visible()
    # Left as it was, nothing changes, and the focus is back where it came from.
    painter.page.locator("[data-testid=edit-comment]").click()
    painter.page.locator("[data-testid=edit-input]").press("Escape")
    expect(painter.page.locator("[data-testid=edit-comment]")).to_be_focused()
    expect(painter.page.locator("[data-testid=post-view]")).to_be_visible()
    painter.page.locator("[data-testid=delete-comment]").click()
    painter.page.locator("[data-testid=confirm-delete-comment]").click()
    expect(there).to_have_count(0)


@at_full_count
def test_the_place_of_a_comment_with_replies_says_that_it_was_removed(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    post = painter.upload(picture, "talk")["id"]
    comment = painter.post(f"/api/posts/{post}/comments", {"text": "to be removed"})["comment"]["id"]
    painter.post(f"/api/posts/{post}/comments", {"text": "an answer", "parent": comment})
    reader.open(f"/post/{post}")
    expect(reader.page.locator("[data-testid=comment]")).to_have_count(2)
    reader.page.locator(f"[data-comment='{comment}']").get_by_role("button", name="Reply").click()
    reader.page.locator("[data-testid=comment-input]").fill("and another")
    painter.request.delete(f"{painter.url}/api/comments/{comment}", headers={"Origin": painter.url})
    expect(reader.page.get_by_text("comment removed")).to_be_visible()
    expect(reader.page.locator("[data-testid=comment]")).to_contain_text("an answer")
    # What was being answered is gone, the talk under it is not.
    expect(reader.page.locator("[data-testid=answering]")).to_contain_text("a removed comment")
    reader.page.locator("[data-testid=comment-input]").press("Enter")
    expect(reader.page.locator(".replies [data-testid=comment]")).to_have_count(2)
    expect(reader.page.locator("[data-testid=comment-draft]")).to_have_count(0)


def test_who_takes_part_is_offered_after_an_at_and_named_as_a_link(people: Any, picture: bytes) -> None:
    painter, reader, stranger = people(), people(viewport=PHONE, has_touch=True), people()
    painter.sign_in()
    stranger.sign_in()
    post = painter.upload(picture, "who is who")["id"]
    reader.open(f"/post/{post}")
    handle = _handle(painter)
    field = reader.page.locator("[data-testid=comment-input]")
    field.press_sequentially("well done @")
    option = reader.page.get_by_role("option", name=handle)
    expect(option).to_have_attribute("aria-selected", "true")
    field.press_sequentially(handle[:2])
    field.press("Enter")
    expect(field).to_have_value(f"well done @{handle} ")
    expect(reader.page.locator("[data-testid=mentions]")).to_have_count(0)
    elsewhere = _handle(stranger)
    field.press_sequentially(f"with @{elsewhere[:-1]}")
    reader.page.evaluate(
        "addEventListener('click', (tap) => (window.tapped = tap.composedPath().map(({role}) => role)), true)"
    )
    reader.page.get_by_role("option", name=elsewhere, exact=True).tap()
    reader.page.wait_for_function("window.tapped")
    assert "option" in reader.page.evaluate("window.tapped"), "the click goes to nothing that lies under the list"
    expect(field).to_have_value(f"well done @{handle} with @{elsewhere} ")
    expect(reader.page.locator("[data-testid=mentions]")).to_have_count(0)
    field.press_sequentially("#bravo and mail@nobody")
    field.press("Enter")
    text = reader.page.locator("[data-testid=comment-text]")
    expect(text.get_by_role("link", name=f"@{handle}")).to_have_attribute("href", f"/@{handle}")
    # Kept together in words of another direction.
    expect(text.locator("bdi")).to_have_text([f"@{handle}", f"@{elsewhere}"])
    expect(text.get_by_role("link", name="#bravo")).to_have_attribute("href", "/tag/bravo")
    expect(text.get_by_role("link")).to_have_count(3)


@at_full_count
def test_escape_closes_the_offer_and_not_the_picture(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    post = painter.upload(picture, "escape")["id"]
    reader.open(f"/post/{post}")
    field = reader.page.locator("[data-testid=comment-input]")
    field.press_sequentially("@")
    expect(reader.page.locator("[data-testid=mentions]")).to_be_visible()
    field.press("Escape")
    expect(reader.page.locator("[data-testid=mentions]")).to_have_count(0)
    expect(reader.page.locator("[data-testid=post-view]")).to_be_visible()
    expect(field).to_have_value("@")
