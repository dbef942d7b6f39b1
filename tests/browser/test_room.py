"""A remix room in three browsers: what is written, painted, said and voted for reaches all; one picture comes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS, PHONE, Person
from tests.browser.room_page import (
    PREVIEWS,
    draw,
    expect_marked,
    expect_paint,
    expect_pointer,
    expect_strokes,
    handle_of,
    join,
    link,
    open_room,
    open_room_by_hand,
    point,
)


@pytest.fixture
def room(people: Any, picture: bytes) -> tuple[list[Person], str, str]:
    """An owner and two editors in a room; the post it began with, and the room's address."""
    everybody = [people(), people(), people()]
    post, address = open_room_by_hand(everybody[0], picture)
    invitation = link(everybody[0], "editor")
    for guest in everybody[1:]:
        join(guest, invitation)
    for person in everybody:
        expect(person.page.locator("[data-testid=roster]")).to_have_attribute("data-here", "3", timeout=DEADLINE_MS)
    return everybody, post, address


def test_three_make_one_picture(room: tuple[list[Person], str, str]) -> None:
    """Words, strokes and masks, a variation painted before their eyes, votes also while offline, all names on it."""
    (owner, friend, third), post, _ = room
    pages = [owner.page, friend.page, third.page]
    field = "[data-testid=room-prompt]"
    owner.page.locator(field).fill("a red fox")
    expect(friend.page.locator(field)).to_have_value("a red fox")
    friend.page.locator(field).press("End")
    friend.page.locator(field).press_sequentially(" in the snow")
    third.page.locator(field).press("Home")
    third.page.locator(field).press_sequentially("look: ")
    for page in pages:
        expect(page.locator(field)).to_have_value("look: a red fox in the snow")
    expect(owner.page.locator("room-prompt .caret")).to_have_count(2)
    for writer in (friend, third):
        expect(owner.page.locator("room-prompt .caret", has_text=handle_of(writer))).to_have_count(1)
    # One takes words away while another writes behind them.
    friend.page.locator(field).press("End")
    third.page.locator(field).press("Home")
    for _ in range(len("look: ")):
        third.page.locator(field).press("Delete")
        friend.page.keyboard.type("!")
    for page in pages:
        expect(page.locator(field)).to_have_value("a red fox in the snow!!!!!!")
    for _ in range(6):
        friend.page.keyboard.press("Backspace")
    for page in pages:
        expect(page.locator(field)).to_have_value("a red fox in the snow")

    # Whoever draws has left the words: the next key is a tool's.
    third.page.locator(field).click()
    draw(third.page, [(0.1, 0.9), (0.2, 0.9)])
    third.page.keyboard.press("Control+z")
    third.page.keyboard.press("m")
    expect(third.page.locator("room-rail [data-tool=mask]")).to_have_attribute("aria-pressed", "true")
    third.page.keyboard.press("b")
    expect(third.page.locator(field)).to_have_value("a red fox in the snow")
    expect_strokes(third.page, 0)

    for place in ((0.3, 0.4), (0.7, 0.6)):
        point(friend.page, place)
        for page in (owner.page, third.page):
            expect_pointer(page, handle_of(friend), place)
    point(owner.page, (0.6, 0.2))
    for page in (friend.page, third.page):
        expect_pointer(page, handle_of(owner), (0.6, 0.2))

    draw(friend.page, [(0.2, 0.3), (0.8, 0.3)], lift=False)
    pointer = owner.page.locator("room-canvas .pointer", has_text=handle_of(friend))
    expect(pointer).to_have_text(f"{handle_of(friend)}, painting")
    for page in (owner.page, third.page):
        expect_pointer(page, handle_of(friend), (0.8, 0.3))
        expect_marked(page, "others", True)
        expect_marked(page, "paint", False)
    friend.page.mouse.up()
    for page in pages:
        expect_strokes(page, 1)
        expect_paint(page, (0.5, 0.3), True)
        expect_paint(page, (0.5, 0.8), False)
        expect_marked(page, "others", False)

    owner.page.keyboard.press("Escape")
    owner.page.locator("room-rail [data-tool=mask]").click()
    draw(owner.page, [(0.5, 0.6), (0.8, 0.7)])
    draw(third.page, [(0.1, 0.9), (0.4, 0.9)])
    for page in pages:
        expect_strokes(page, 3)
        expect_paint(page, (0.25, 0.9), True)
        expect(page.locator("[data-testid=masked]")).to_be_visible()

    for page in pages:
        page.evaluate(PREVIEWS)
    friend.page.locator("[data-testid=paint-variation]").click()
    for page in pages:
        expect(page.locator("[data-testid=variation] [data-testid=preview]")).to_be_visible(timeout=PAINTING_MS)
    expect(third.page.locator("[data-testid=eta]")).to_be_visible(timeout=PAINTING_MS)
    for page in pages:
        expect(page.locator("[data-testid=variation]")).to_have_attribute(
            "data-state", "completed", timeout=PAINTING_MS
        )
    for page in (owner.page, third.page):
        assert page.evaluate("previews.size") >= 2, "those who did not ask for it saw it come into being"

    friend.page.locator("[data-testid=publish]").click()
    expect(friend.page.locator("[data-testid=publish-reason]")).to_contain_text("2 more votes")
    expect(friend.page.locator("[data-testid=publish-it]")).to_be_disabled()
    friend.page.keyboard.press("Escape")
    third.page.locator("[data-testid=vote]").click()
    votes = [page.locator("[data-testid=vote]") for page in pages]
    friend.context.set_offline(True)
    expect(friend.page.locator("room-page [data-testid=connection]")).to_have_attribute("data-state", "offline")
    votes[1].click()
    expect(votes[1]).to_contain_text("not sent yet")
    expect(votes[0]).to_have_attribute("aria-description", re.compile("1 vote$"))
    friend.context.set_offline(False)
    for one in votes:
        expect(one).to_have_attribute("aria-description", re.compile("2 votes"), timeout=3 * DEADLINE_MS)
    expect(votes[1]).to_contain_text("your vote")
    third.page.reload()
    for page in pages:
        expect(page.locator("[data-testid=note]")).to_have_text("variation 1 is finished")
    friend.page.locator("[data-testid=publish]").click()
    friend.page.locator("[data-testid=caption]").fill("the fox we painted")
    friend.page.locator("[data-testid=publish-it]").click()
    for page in pages:
        expect(page.locator("[data-testid=published]")).to_be_visible()
    owner.page.locator("[data-testid=published]").click()
    expect(owner.page.locator("post-about h1")).to_have_text("the fox we painted")
    credit = owner.page.locator("[data-testid=credit]")
    expect(credit).to_have_count(3)
    for person in (owner, friend, third):
        expect(credit.get_by_text(handle_of(person), exact=True)).to_have_count(1)
    tree = owner.page.locator("lineage-tree [role=treeitem]")
    expect(tree.and_(owner.page.locator(f"[data-node='{post}']"))).to_have_attribute("aria-level", "1")
    child = tree.and_(owner.page.locator("[aria-current=page]"))
    expect(child).to_have_attribute("aria-level", "2")
    published = owner.page.url.rpartition("/")[2]
    expect(child).to_have_attribute("data-node", published)
    # Who published it, what it is a remix of, and whose work it is, as the server has it.
    told = owner.request.get(f"{owner.url}/api/posts/{published}").json()["post"]
    assert told["author"]["handle"] == handle_of(friend)
    assert told["parent"] == post
    assert {user["handle"] for user in told["credits"]} == {handle_of(person) for person in (owner, friend, third)}


def test_everybody_takes_back_their_own_and_nothing_is_lost_without_a_network(people: Any, picture: bytes) -> None:
    """Two draw, take back and talk; what one of them draws while the network is away arrives later."""
    owner, friend = people(), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    draw(owner.page, [(0.2, 0.2), (0.4, 0.2)])
    draw(friend.page, [(0.2, 0.6), (0.4, 0.6)])
    for page in (owner.page, friend.page):
        expect_strokes(page, 2)
    owner.page.keyboard.press("Control+z")
    expect_strokes(friend.page, 1)
    expect(owner.page.locator("[data-testid=undo]")).to_be_disabled()
    owner.page.keyboard.press("Control+y")
    expect_strokes(friend.page, 2)
    friend.page.locator("[data-testid=undo]").click()
    expect_strokes(owner.page, 1)

    line = owner.page.locator("[data-testid=say]")
    line.press_sequentially("scarf first?")
    expect(friend.page.locator("[data-testid=room-typing]")).to_have_text(f"{handle_of(owner)} is writing")
    line.press("Enter")
    expect(friend.page.locator("[data-testid=message-text]")).to_have_text("scarf first?")
    message = friend.page.locator("[data-testid=message]")
    message.hover()
    message.locator("[data-testid=react]").click()
    friend.page.get_by_role("button", name="🔥", exact=True).click()
    expect(owner.page.locator("[data-testid=message] .reaction")).to_have_attribute("aria-label", "🔥, 1")

    friend.context.set_offline(True)
    status = friend.page.locator("room-page [data-testid=connection]")
    expect(status).to_have_attribute("data-state", "offline")
    draw(friend.page, [(0.2, 0.4), (0.6, 0.4)])
    expect_strokes(friend.page, 2)
    draw(owner.page, [(0.2, 0.8), (0.6, 0.8)])
    friend.context.set_offline(False)
    for page in (owner.page, friend.page):
        expect_strokes(page, 3)


def test_what_is_erased_can_come_back_and_a_word_being_composed_is_left_alone(people: Any, picture: bytes) -> None:
    owner, friend = people(), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    middle, aside = (0.5, 0.5), (0.3, 0.5)
    draw(owner.page, [(0.2, 0.5), (0.8, 0.5)])
    expect_paint(friend.page, middle, True)
    friend.page.keyboard.press("e")
    draw(friend.page, [(0.5, 0.3), (0.5, 0.7)], lift=False)
    for page in (owner.page, friend.page):
        expect_paint(page, middle, False)
        expect_paint(page, aside, True)
    friend.page.mouse.up()
    expect_strokes(owner.page, 2)
    expect_paint(owner.page, middle, False)
    friend.page.keyboard.press("Control+z")
    for page in (owner.page, friend.page):
        expect_paint(page, middle, True)

    mask = owner.page.locator("[data-testid=masked]")
    friend.page.keyboard.press("m")
    draw(friend.page, [(0.2, 0.8), (0.8, 0.8)], lift=False)
    expect(mask).to_be_disabled()  # there is nothing finished to take away
    friend.page.mouse.up()
    mask.click()
    expect(mask).to_have_count(0)
    owner.page.keyboard.press("Control+z")
    expect(mask).to_be_visible()

    field, other = (person.page.locator("[data-testid=room-prompt]") for person in (friend, owner))
    field.fill("a fox")
    field.press("End")
    expect(other).to_have_value("a fox")
    keyboard = friend.context.new_cdp_session(friend.page)
    keyboard.send("Input.imeSetComposition", {"text": "きつ", "selectionStart": 2, "selectionEnd": 2})
    other.press("Home")
    other.press_sequentially("see ")
    expect(friend.page.locator("room-prompt .mirror")).to_have_text(re.compile("see a fox"))
    expect(field).to_have_value("a foxきつ")
    keyboard.send("Input.insertText", {"text": "狐"})
    for one in (field, other):
        expect(one).to_have_value("see a fox狐")


def test_a_viewer_looks_on_until_the_owner_says_otherwise(people: Any, picture: bytes) -> None:
    """Tools and words are closed with a reason; a new role holds at once; who is removed stands outside."""
    owner, viewer, stranger = people(), people(), people()
    _, address = open_room(owner, picture)
    join(viewer, link(owner, "viewer"))
    page = viewer.page
    expect(page.locator("[data-testid=why]")).to_contain_text("look on")
    expect(page.locator("room-rail [data-tool=brush]")).to_be_disabled()
    expect(page.locator("[data-testid=room-prompt]")).to_be_disabled()
    expect(page.locator("[data-testid=paint-variation]")).to_be_disabled()
    expect(page.locator("[data-testid=publish]")).to_have_count(0)
    draw(page, [(0.2, 0.2), (0.6, 0.2)])
    page.locator("[data-testid=say]").fill("may I?")
    page.locator("[data-testid=say]").press("Enter")
    expect(owner.page.locator("[data-testid=message-text]")).to_have_text("may I?")
    expect_strokes(owner.page, 0)

    owner.page.locator("[data-testid=roster]").click()
    owner.page.get_by_title(f"Let {handle_of(viewer)} paint").click()
    expect(page.locator("room-rail [data-tool=brush]")).to_be_enabled()
    draw(page, [(0.2, 0.2), (0.6, 0.2)])
    expect_strokes(owner.page, 1)
    remove = owner.page.locator("[data-testid=remove]")
    remove.click()
    expect(remove).to_be_focused()
    owner.page.locator("[data-testid=remove-not]").click()
    expect(remove).to_be_focused()
    remove.click()
    really = owner.page.locator("[data-testid=remove-really]")
    expect(really).to_have_text(f"Take {handle_of(viewer)} out of the room")
    really.click()
    expect(page.locator("[data-testid=room-revoked]")).to_be_visible()

    stranger.page.goto(address)
    expect(stranger.page.locator("[data-testid=room-missing]")).to_contain_text("Rooms are for those who were invited")
    # The browser itself says that the room was not to be had.
    for person in (viewer, stranger):
        person.complaints[:] = [text for text in person.complaints if "404" not in text]


def test_a_phone_has_it_all_in_one_sheet_and_may_be_there_unseen(people: Any, picture: bytes) -> None:
    owner = people()
    open_room(owner, picture)
    phone = people(viewport=PHONE, has_touch=True, is_mobile=True)
    join(phone, link(owner, "editor"))
    page = phone.page
    for tab, part in (("Talk", "room-talk"), ("Variations", "room-strip"), ("Prompt", "room-prompt")):
        page.get_by_role("tab", name=tab).click()
        expect(page.locator(part)).to_be_visible()
    box = page.locator("room-canvas .picture").bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect_strokes(owner.page, 1)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing stands out at the side"

    here = owner.page.locator("[data-testid=roster]")
    expect(here).to_have_attribute("data-here", "2", timeout=DEADLINE_MS)
    page.locator("[data-testid=roster]").click()
    page.get_by_role("button", name="Be here unseen").click()
    expect(here).to_have_attribute("data-here", "1", timeout=3 * DEADLINE_MS)
    draw(owner.page, [(0.2, 0.2), (0.6, 0.2)])
    expect_strokes(page, 2)
