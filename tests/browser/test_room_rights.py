"""What a room's page says when rights, the connection or the picture's place change under one's hands."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS, PHONE, Person
from tests.browser.room_page import draw, expect_marked, expect_strokes, handle_of, join, link, open_room, wait_live

IN_SIGHT = """() => {
  const canvas = document.querySelector('livefeed-app').shadowRoot.querySelector('room-page')
    .shadowRoot.querySelector('room-canvas').shadowRoot;
  const [window, picture] = ['.window', '.picture'].map(name => canvas.querySelector(name).getBoundingClientRect());
  const share = (from, to, low, high) => (Math.min(to, high) - Math.max(from, low)) / Math.min(to - from, high - low);
  return Math.min(
    share(picture.left, picture.right, window.left, window.right),
    share(picture.top, picture.bottom, window.top, window.bottom),
  );
}"""
"""How much of the picture's width or height (the lesser) is in its window, or of the window's if that is smaller."""
FLAG = """bar => {
  const [flag, line, paper] = [bar.querySelector('span'), bar, bar.closest('.paper')].map(
    element => element.getBoundingClientRect());
  return {overLine: flag.bottom - line.top, cut: paper.top - flag.top, still: bar.classList.contains('still')};
}"""
"""How far a caret's flag reaches into its own line, and how much of it is cut off above, px."""


def set_role(owner: Person, person: Person, role: str) -> None:
    room = owner.page.url.rpartition("/")[2]
    path = f"{owner.url}/api/rooms/{room}/members/{handle_of(person)}"
    answer = owner.request.put(path, data={"role": role}, headers={"Origin": owner.url})
    assert answer.ok, answer.text()


def drag(page: Page, by: tuple[float, float]) -> None:
    """Move the picture by the hand, from its middle."""
    box = page.locator("room-canvas .window").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by[0], y + by[1], steps=4)
    page.mouse.up()


def test_whoever_becomes_a_viewer_in_a_stroke_is_told_and_can_put_it_in_later(people: Any, picture: bytes) -> None:
    """Stroke and vote are not lost without a word, and the others see no stroke that will not be finished."""
    owner, friend = people(), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    name = handle_of(owner)
    owner.page.locator("[data-testid=room-prompt]").fill("a fox")
    owner.page.locator("[data-testid=paint-variation]").click()
    vote = friend.page.locator("[data-testid=vote]")
    expect(vote).to_be_enabled(timeout=PAINTING_MS)

    draw(friend.page, [(0.2, 0.3), (0.8, 0.3)], lift=False)
    expect_marked(owner.page, "others", True)
    set_role(owner, friend, "viewer")
    note = friend.page.locator("[data-testid=room-note]")
    expect(note).to_contain_text(f"{name} has made you a viewer")
    expect(note).to_contain_text("Your last stroke was not taken")
    expect_marked(friend.page, "kept", True)
    expect_marked(owner.page, "others", False)
    friend.page.mouse.up()
    expect(friend.page.locator("[data-testid=put-in]")).to_have_count(0)
    expect_strokes(owner.page, 0)
    expect_strokes(friend.page, 0)

    set_role(owner, friend, "editor")
    expect(note).to_contain_text("You may paint again")
    friend.page.locator("[data-testid=put-in]").click()
    expect(note).to_have_count(0)
    for page in (owner.page, friend.page):
        expect_strokes(page, 1)
        expect_marked(page, "paint", True)
    expect_marked(friend.page, "kept", False)

    # What was drawn and voted for while the network was away is refused when it is back.
    friend.context.set_offline(True)
    expect(friend.page.locator("room-page [data-testid=connection]")).to_have_attribute("data-state", "offline")
    vote.click()
    expect(vote).to_contain_text("not sent yet")
    draw(friend.page, [(0.2, 0.6), (0.8, 0.6)])
    expect_strokes(friend.page, 2)
    set_role(owner, friend, "viewer")
    friend.context.set_offline(False)
    expect(note).to_contain_text("Your vote for variation 1 does not count", timeout=3 * DEADLINE_MS)
    expect(note).to_contain_text("Your last stroke was not taken", timeout=3 * DEADLINE_MS)
    expect(vote).to_have_attribute("aria-description", re.compile("0 votes$"))
    expect_strokes(friend.page, 1)
    expect_marked(friend.page, "kept", True)
    friend.page.locator("[data-testid=let-go]").click()
    expect(note).to_have_count(0)
    expect_marked(friend.page, "kept", False)
    expect_strokes(owner.page, 1)
    # The browser itself says that the vote was refused, if it was sent before the page knew.
    friend.complaints[:] = [text for text in friend.complaints if "403" not in text]


def test_an_eraser_over_nothing_makes_no_stroke(people: Any, picture: bytes) -> None:
    owner = people()
    open_room(owner, picture)
    page = owner.page
    undo = page.locator("[data-testid=undo]")
    page.keyboard.press("e")
    draw(page, [(0.2, 0.3), (0.8, 0.3)])
    page.keyboard.press("b")
    draw(page, [(0.2, 0.6), (0.8, 0.6)])
    expect_strokes(page, 1)
    page.keyboard.press("e")
    draw(page, [(0.2, 0.1), (0.8, 0.1)])
    draw(page, [(0.5, 0.4), (0.5, 0.9)])
    expect_strokes(page, 2)
    undo.click()
    undo.click()
    expect_strokes(page, 0)
    expect(undo).to_be_disabled()


def test_the_picture_stays_in_sight_wherever_a_viewer_pushes_it(people: Any, picture: bytes) -> None:
    owner, viewer = people(), people()
    open_room(owner, picture)
    join(viewer, link(owner, "viewer"))
    page = viewer.page
    share = page.locator("room-canvas .zoom .share")
    fitting = share.inner_text()
    half = f"() => ({IN_SIGHT})() > 0.49 && ({IN_SIGHT})() < 0.99"
    for by in ((5000, 0), (-9000, 0), (0, -5000), (0, 9000), (9000, 9000)):
        drag(page, by)
        page.wait_for_function(half)
    page.keyboard.press("0")
    page.wait_for_function(f"() => ({IN_SIGHT})() === 1")
    for _ in range(30):
        page.keyboard.press("-")
    expect(share).not_to_have_text(fitting)
    page.wait_for_function(f"() => ({IN_SIGHT})() > 0.49")
    box = page.locator("room-canvas .window").bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(share).to_have_text(fitting)


def test_a_phone_says_that_it_is_offline_and_the_closed_door_who_closed_it(people: Any, picture: bytes) -> None:
    """Over the picture and on the list of rooms; whoever is taken out is told by whom, and where to go on."""
    owner = people()
    post, _ = open_room(owner, picture)
    name = handle_of(owner)
    hint = owner.page.locator("[data-testid=vote-hint]")
    expect(hint).to_have_text("publish the one you like")
    phone = people(viewport=PHONE, has_touch=True, is_mobile=True)
    join(phone, link(owner, "editor"))
    page = phone.page
    expect(hint).to_contain_text("votes show what the others like")
    standing = page.locator("[data-testid=standing]")
    expect(standing).to_have_count(0)
    phone.context.set_offline(True)
    expect(standing).to_have_text("Offline. What you do is kept here.")
    expect(standing).to_be_in_viewport(ratio=1)
    expect(standing.locator("span")).to_have_css("clip-path", "none")
    phone.context.set_offline(False)
    expect(standing).to_have_count(0, timeout=3 * DEADLINE_MS)

    room = owner.page.url.rpartition("/")[2]
    path = f"{owner.url}/api/rooms/{room}/members/{handle_of(phone)}"
    assert owner.request.delete(path, headers={"Origin": owner.url}).ok
    door = page.locator("[data-testid=room-revoked]")
    expect(door).to_contain_text(f"{name} has taken you out of this room")
    expect(door).to_contain_text(f"ask {name} for a new link")
    door.locator("[data-testid=to-rooms]").click()
    rooms = page.locator("[data-testid=rooms]")
    expect(rooms).to_contain_text("no rooms yet")
    phone.context.set_offline(True)
    expect(page.locator("[data-testid=rooms-standing]")).to_have_text("Offline")
    phone.context.set_offline(False)
    expect(page.locator("[data-testid=rooms-standing]")).to_have_count(0, timeout=3 * DEADLINE_MS)
    page.keyboard.press("Escape")
    door.get_by_role("link", name="Back to the picture").click()
    expect(page).to_have_url(f"{phone.url}/post/{post}")
    phone.complaints[:] = [text for text in phone.complaints if "404" not in text]


def test_an_ended_invitation_tells_nothing_to_whoever_is_in_already(people: Any, picture: bytes) -> None:
    owner, friend = people(), people()
    _, address = open_room(owner, picture)
    invitation = link(owner, "editor")
    join(friend, invitation)
    room = address.rpartition("/")[2]
    ended = f"{owner.url}/api/rooms/{room}/invites/editor"
    assert owner.request.delete(ended, headers={"Origin": owner.url}).ok
    friend.page.goto(invitation)
    wait_live(friend.page)
    friend.complaints[:] = [text for text in friend.complaints if "404" not in text]


def test_the_flag_of_a_caret_covers_no_words_of_its_line_and_goes(people: Any, picture: bytes) -> None:
    """It stands above the line, whole also over the first one; words that come in before it do not bring it back."""
    owner, friend = people(), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    field = "[data-testid=room-prompt]"
    friend.page.locator(field).click()
    friend.page.keyboard.type("The Tall fjord")
    bar = owner.page.locator("room-prompt .caret")
    expect(bar).to_have_count(1)
    expect(owner.page.locator(field)).to_have_value("The Tall fjord")
    found = bar.evaluate(FLAG)
    assert found["overLine"] <= 0.5, found
    assert found["cut"] <= 0, found
    expect(bar).to_have_class(re.compile("still"))
    owner.page.locator(field).press("Home")
    owner.page.locator(field).press_sequentially("See: ")
    expect(friend.page.locator(field)).to_have_value("See: The Tall fjord")
    # It stays away all the time: there is nothing to wait for.
    assert bar.evaluate(FLAG)["still"]
    friend.page.keyboard.press("Home")
    expect(bar).not_to_have_class(re.compile("still"))
