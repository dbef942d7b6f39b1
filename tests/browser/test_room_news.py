"""What a room's page says of what others did: cleared, published, deleted; and what it keeps. In real browsers."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, PHONE
from tests.browser.room_page import draw, expect_strokes, handle_of, join, link, open_room, wait_live

PAINTING_MS = 60_000


def test_who_cleared_and_who_published_is_said_to_the_others(people: Any, picture: bytes) -> None:
    """An open sheet says why it is closed; the talk has it, the strip marks it, also for whoever comes later."""
    owner, friend = people(), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    name = handle_of(owner)
    toast = friend.page.locator("toast-stack")
    draw(owner.page, [(0.2, 0.3), (0.8, 0.3)])
    expect_strokes(friend.page, 1)
    owner.page.locator("[data-testid=clear]").click()
    owner.page.locator("[data-testid=clear-paint]").click()
    expect(toast).to_contain_text(f"{name} has cleared all paint and can take that back.")

    owner.page.locator("[data-testid=room-prompt]").fill("a fox")
    owner.page.locator("[data-testid=paint-variation]").click()
    for page in (owner.page, friend.page):
        expect(page.locator("[data-testid=variation]")).to_have_attribute(
            "data-state", "completed", timeout=PAINTING_MS
        )
    friend.page.locator("[data-testid=publish]").click()
    expect(friend.page.locator("[data-testid=publish-it]")).to_be_visible()
    owner.page.locator("[data-testid=publish]").click()
    owner.page.locator("[data-testid=publish-it]").click()
    expect(toast).to_contain_text(f"{name} has published variation 1")
    expect(owner.page.locator("[data-testid=note]").last).to_have_text("You have published variation 1")
    # SHOT friend published
    friend.page.reload()
    wait_live(friend.page)
    for page in (owner.page, friend.page):
        expect(page.locator("[data-testid=variation] [data-testid=hangs]")).to_have_text("On the wall")
    expect(friend.page.locator("[data-testid=note]").last).to_have_text(f"{name} has published variation 1")


def test_a_deleted_picture_leaves_white_paper_and_a_note_that_goes_when_it_is_read(people: Any, picture: bytes) -> None:
    owner = people(color_scheme="dark")
    post, _ = open_room(owner, picture)
    draw(owner.page, [(0.2, 0.3), (0.8, 0.3)])
    assert owner.request.delete(f"{owner.url}/api/posts/{post}", headers={"Origin": owner.url}).ok
    note = owner.page.locator("[data-testid=parent-gone]")
    expect(note).to_be_visible()
    for ground in (".picture", "[data-testid=variations] .paper"):
        expect(owner.page.locator(ground)).to_have_css("background-color", "rgb(255, 255, 255)")
    # SHOT owner gone
    assert note.evaluate("one => !one.closest('.picture')"), "it lies over the paint"
    note.get_by_role("button").click()
    expect(note).to_have_count(0)


def test_a_phone_keeps_what_is_half_said_and_does_not_offer_to_paint_offline(people: Any, picture: bytes) -> None:
    """To take somebody out is asked for on a line that is seen whole."""
    owner, friend = people(viewport=PHONE, has_touch=True, is_mobile=True), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    page = owner.page
    page.locator("[data-testid=room-prompt]").fill("a fox")
    page.get_by_role("tab", name="Talk").click()
    page.locator("[data-testid=say]").fill("what if we")
    page.get_by_role("tab", name="Variations").click()
    page.get_by_role("tab", name="Talk").click()
    expect(page.locator("[data-testid=say]")).to_have_value("what if we")
    page.reload()
    page.get_by_role("tab", name="Talk").click()
    expect(page.locator("[data-testid=say]")).to_have_value("what if we")
    page.locator("[data-testid=say]").press("Enter")
    expect(friend.page.locator("[data-testid=message-text]")).to_have_text("what if we")
    page.get_by_role("tab", name="Variations").click()
    page.get_by_role("tab", name="Talk").click()
    expect(page.locator("[data-testid=say]")).to_have_value("")

    page.locator("[data-testid=roster]").click()
    page.get_by_role("button", name="Be here unseen").click()
    expect(page.locator("[data-testid=member][data-role=owner] small")).to_have_text("opened the room, unseen")
    page.locator("[data-testid=remove]").click()
    for one in ("remove-really", "remove-not"):
        expect(page.locator(f"[data-testid={one}]")).to_be_in_viewport(ratio=1)
    assert page.locator("#people").evaluate("one => one.scrollWidth <= one.clientWidth"), "nothing is cut off"
    # SHOT owner remove
    page.locator("[data-testid=remove-not]").click()
    expect(page.locator("[data-testid=remove-really]")).to_have_count(0)
    page.keyboard.press("Escape")

    paint = page.locator(".bar [data-testid=paint-it]")
    expect(paint).to_be_enabled()
    owner.context.set_offline(True)
    expect(paint).to_be_disabled()
    expect(paint).to_have_attribute("title", "The connection is away.")
    # SHOT owner offline
    owner.context.set_offline(False)
    expect(paint).to_be_enabled(timeout=3 * DEADLINE_MS)
