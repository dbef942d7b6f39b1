"""The room's page beside drawing: clearing, taking back, leaving, coming back, and what is gone. In real browsers."""

from __future__ import annotations

import io
import json
import re
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Person
from tests.browser.room_page import (
    draw,
    expect_marked,
    expect_paint,
    expect_strokes,
    handle_of,
    join,
    link,
    open_room,
    open_room_by_hand,
    wait_live,
)

LEAST_TARGET_PX = 43.5
TARGETS = """() => {
  const small = [];
  const visit = root => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (!element.matches('button, a, input, textarea') || !element.checkVisibility()) continue;
      const box = element.getBoundingClientRect();
      const around = getComputedStyle(element, '::after');
      const more = around.position === 'absolute' && around.content !== 'none';
      const width = Math.max(box.width, more ? parseFloat(around.width) || 0 : 0);
      const height = Math.max(box.height, more ? parseFloat(around.height) || 0 : 0);
      const name = element.getAttribute('aria-label') || element.textContent.trim();
      if (box.width > 1) small.push([`${element.tagName} ${name}`, width, height]);
    }
  };
  visit(document.querySelector('livefeed-app').shadowRoot.querySelector('room-page').shadowRoot);
  return small;
}"""
"""Everything that can be pressed, with how large it is to a finger."""
FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.getAttribute('aria-label') || element?.textContent?.trim().replace(/\\s+/g, ' ') || '';
}"""


def test_what_all_drew_is_cleared_at_once_and_what_i_drew_is_taken_back_after_a_reload(
    people: Any, picture: bytes
) -> None:
    """Paint alone, mask alone and both; one step brings it back, whoever drew it."""
    owner, friend = people(), people()
    open_room(owner, picture)
    join(friend, link(owner, "editor"))
    draw(owner.page, [(0.2, 0.3), (0.8, 0.3)])
    draw(friend.page, [(0.2, 0.5), (0.8, 0.5)])
    friend.page.keyboard.press("m")
    draw(friend.page, [(0.2, 0.8), (0.8, 0.8)])
    expect_strokes(owner.page, 3)

    owner.page.locator("[data-testid=clear]").click()
    owner.page.locator("[data-testid=clear-paint]").click()
    for page in (owner.page, friend.page):
        expect_strokes(page, 1)
        expect_marked(page, "paint", False)
        expect(page.locator("[data-testid=masked]")).to_be_visible()
    owner.page.get_by_role("button", name="Take back", exact=True).click()
    expect_strokes(friend.page, 3)
    expect_paint(friend.page, (0.5, 0.5), True)

    friend.page.locator("[data-testid=clear]").click()
    friend.page.locator("[data-testid=clear-mask]").click()
    expect_strokes(owner.page, 2)
    expect(owner.page.locator("[data-testid=masked]")).to_have_count(0)
    expect_marked(owner.page, "paint", True)
    friend.page.keyboard.press("Control+z")
    expect_strokes(owner.page, 3)

    expect(friend.page.locator("[data-testid=document-state]")).to_have_text("saved")
    friend.page.reload()
    wait_live(friend.page)
    friend.page.locator("[data-testid=undo]").click()
    expect_strokes(owner.page, 2)
    expect(owner.page.locator("[data-testid=masked]")).to_have_count(0)
    friend.page.keyboard.press("Control+z")
    expect_paint(owner.page, (0.5, 0.5), False)
    expect_paint(owner.page, (0.5, 0.3), True)
    expect(friend.page.locator("[data-testid=undo]")).to_be_disabled()
    friend.page.keyboard.press("Control+y")
    expect_paint(owner.page, (0.5, 0.5), True)
    friend.page.keyboard.press("Control+y")
    expect_strokes(owner.page, 3)

    friend.page.locator("[data-testid=clear]").click()
    friend.page.locator("[data-testid=clear-all]").click()
    expect_strokes(owner.page, 0)
    expect(owner.page.locator("[data-testid=clear]")).to_be_disabled()


def test_a_room_goes_on_when_its_picture_is_deleted_and_whoever_leaves_is_asked_once_more(
    people: Any, picture: bytes
) -> None:
    """The canvas says that it is gone, and what was drawn stays. The owner cannot leave; who has left is out."""
    owner, friend = people(), people()
    post, address = open_room(owner, picture)
    join(friend, link(owner, "editor"))
    draw(owner.page, [(0.2, 0.3), (0.8, 0.3)])
    expect_strokes(friend.page, 1)
    assert owner.request.delete(f"{owner.url}/api/posts/{post}", headers={"Origin": owner.url}).ok
    for page in (owner.page, friend.page):
        expect(page.locator("[data-testid=parent-gone]")).to_contain_text("this picture is gone")
        expect(page.locator("[data-testid=parent-gone]")).to_contain_text("you can go on")
        expect(page.locator("room-canvas .picture > img")).to_have_count(0)
        expect(page.locator("[data-testid=strength]")).to_have_count(0)
        expect_marked(page, "paint", True)
    draw(friend.page, [(0.2, 0.6), (0.8, 0.6)])
    expect_strokes(owner.page, 2)
    friend.page.reload()
    wait_live(friend.page)
    expect(friend.page.locator("[data-testid=parent-gone]")).to_be_visible()

    owner.page.locator("[data-testid=roster]").click()
    members = owner.page.locator("[data-testid=member]")
    expect(members).to_have_count(2)
    expect(owner.page.locator("[data-testid=leave]")).to_have_count(0)
    page = friend.page
    page.locator("[data-testid=roster]").click()
    page.locator("[data-testid=leave]").click()
    page.get_by_role("button", name="Stay").click()
    page.locator("[data-testid=leave]").click()
    expect(members).to_have_count(2)
    page.locator("[data-testid=leave-really]").click()
    expect(page).to_have_url(friend.url + "/")
    expect(members).to_have_count(1)
    page.goto(address)
    expect(page.locator("[data-testid=room-missing]")).to_be_visible()
    friend.complaints[:] = [text for text in friend.complaints if "404" not in text]


def test_my_rooms_are_listed_and_one_that_i_have_is_gone_on_with(people: Any, picture: bytes) -> None:
    owner, friend = people(), people()
    post, address = open_room_by_hand(owner, picture)
    join(friend, link(owner, "editor"))
    page = owner.page
    page.get_by_role("link", name="Back to the picture").click()
    expect(page).to_have_url(f"{owner.url}/post/{post}")
    together = page.locator("post-about [data-testid=together]").locator("visible=true")
    together.click()
    rooms = page.locator("[data-testid=rooms]")
    expect(rooms).to_contain_text("You have a room for this picture")
    expect(rooms.locator("[data-testid=who]")).to_have_text(f"you and {handle_of(friend)}")
    rooms.locator("[data-testid=my-room]").click()
    expect(page).to_have_url(address)
    wait_live(page)
    page.go_back()
    together.click()
    rooms.locator("[data-testid=new-room]").click()
    expect(page).not_to_have_url(re.compile(re.escape(address) + "|/post/"))
    wait_live(page)

    page.locator("[data-testid=me]").locator("visible=true").click()
    page.locator("[data-testid=your-rooms]").click()
    expect(rooms.locator("[data-testid=my-room]")).to_have_count(2)
    expect(rooms).to_contain_text("a drawing of mine")
    page.keyboard.press("Escape")
    expect(rooms).to_have_count(0)


def say_much(person: Person, address: str) -> None:
    """Fill the talk with more than a pane shows."""
    room = address.rpartition("/")[2]
    for number in range(9):
        person.post(f"/api/rooms/{room}/messages", {"text": f"message {number}, " + "and more of it " * 9})


def test_a_phone_shows_the_end_of_the_talk_and_nothing_is_too_small_for_a_thumb(people: Any, picture: bytes) -> None:
    owner = people()
    _, address = open_room(owner, picture)
    invitation = link(owner, "editor")
    say_much(owner, address)
    phone = people(viewport=PHONE, has_touch=True, is_mobile=True)
    join(phone, invitation)
    page = phone.page
    page.get_by_role("tab", name="Talk").click()
    expect(page.locator("[data-testid=message-text]").last).to_be_in_viewport(ratio=1)
    for tab in ("Talk", "Variations", "Prompt"):
        page.get_by_role("tab", name=tab).click()
        small = [one for one in page.evaluate(TARGETS) if min(one[1:]) < LEAST_TARGET_PX]
        assert not small, f"{tab}: {json.dumps(small)}"
    for colour in page.locator("room-rail .colour").all():
        expect(colour).to_be_in_viewport(ratio=1)
    page.locator("room-rail [data-tool=eraser]").tap()
    expect(page.get_by_role("button", name="Erase the mask")).to_be_in_viewport(ratio=1)
    page.locator("[data-testid=sizes]").tap()
    page.get_by_role("button", name="Broadest size").tap()
    expect(page.locator("[data-testid=sizes]")).to_have_attribute("aria-label", "Size: Broadest")


def of_rooms(fetched: list[str]) -> list[str]:
    """Return the parts of the page that only rooms need."""
    return [url for url in fetched if re.search(r"/assets/room-[^/]*\.js$", url)]


def tabbed(page: Page, most: int) -> set[str]:
    """Walk the page by the Tab key; return the names of all that had the focus."""
    names: set[str] = set()
    for _ in range(most):
        page.keyboard.press("Tab")
        names.add(page.evaluate(FOCUSED))
    return names


def test_everything_but_the_strokes_is_done_without_a_mouse(people: Any, picture: bytes) -> None:
    """Also: what only rooms need is fetched when one is opened, and not before."""
    owner = people()
    page = owner.page
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    owner.open()
    page.wait_for_load_state("networkidle")
    assert fetched
    assert of_rooms(fetched) == []
    open_room_by_hand(owner, picture)
    assert of_rooms(fetched)
    draw(page, [(0.2, 0.2), (0.8, 0.2)])
    page.mouse.move(0, 0)
    page.locator("[data-testid=room-prompt]").focus()
    page.keyboard.type("a red fox")
    names = tabbed(page, 60)
    wanted = [
        "Back to the picture", "Invite", "Publish", "Brush", "Clear", "Usual size", "Any colour", "Larger", "Paint it",
        "The prompt, written together", "How freely it is repainted", "Say something in the room",
    ]  # fmt: skip
    for name in wanted:
        assert any(name in found for found in names), f"{name} is reached by Tab: {sorted(names)}"

    page.locator("room-rail [data-tool=brush]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("room-rail [data-tool=mask]")).to_have_attribute("aria-pressed", "true")
    page.locator("[data-testid=clear]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=clear-paint]")).to_be_focused()
    page.keyboard.press("Enter")
    expect_strokes(page, 0)
    page.keyboard.press("Control+z")
    expect_strokes(page, 1)
    page.locator("[data-testid=invite]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=link-editor]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=invite]")).to_be_focused()
    page.locator("[data-testid=say]").focus()
    page.keyboard.type("without a mouse")
    page.keyboard.press("Enter")
    expect(page.locator("[data-testid=message-text]")).to_have_text("without a mouse")


LOW = ({"width": 1366, "height": 600}, {"width": 1024, "height": 400}, {"width": 844, "height": 390})
"""A small laptop's window, half of it, and a phone that lies."""
OUT_OF_REACH = """rail => {
  const missed = [];
  const rolls = getComputedStyle(rail.shadowRoot.querySelector('.rail')).overflowY === 'auto';
  for (const control of rail.shadowRoot.querySelectorAll('.rail :is(button, input)')) {
    if (!control.checkVisibility()) continue;
    if (rolls) control.scrollIntoView({block: 'nearest', inline: 'nearest'});
    const {left, top, width, height} = control.getBoundingClientRect();
    let hit = document.elementFromPoint(left + width / 2, top + height / 2);
    while (hit?.shadowRoot) {
      const inner = hit.shadowRoot.elementFromPoint(left + width / 2, top + height / 2);
      if (!inner || inner === hit) break;
      hit = inner;
    }
    if (!hit || !control.contains(hit)) missed.push(control.getAttribute('aria-label'));
  }
  return missed;
}"""
"""The tools and colours that are shown, and yet not reached by a click in their middle when they are scrolled to."""
SETTLED = """([picture, width, height]) => {
  if (innerWidth !== width || innerHeight !== height) return false;
  const box = picture.getBoundingClientRect();
  const now = [box.left, box.top, box.width].join();
  const same = window.lay === now;
  window.lay = now;
  return same;
}"""
"""Whether the window has this size and the picture lies where it lay a frame before."""
LABEL = """tile => {
  const words = [...tile.childNodes].find(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  words.data = 'En peindre aussi une autre';
  const range = document.createRange();
  range.selectNodeContents(words);
  const around = tile.getBoundingClientRect();
  return [...range.getClientRects()].map(line => [line.left - around.left, around.right - line.right]);
}"""
"""How far each line of a tile's label, when it is a long one, stands from the tile's two sides, px."""


def settled(page: Page, size: Any) -> None:
    page.set_viewport_size(size)
    shown = page.locator("room-canvas .picture").element_handle()
    page.wait_for_function(SETTLED, arg=[shown, size["width"], size["height"]])


def test_a_room_is_painted_in_where_the_window_is_low(people: Any, picture: bytes) -> None:
    """The picture has half of the height and every tool is in reach; the colour that is held is seen."""
    owner = people()
    open_room(owner, picture)
    page = owner.page
    rail = page.locator("room-rail")
    for strokes, size in enumerate(LOW, start=1):
        settled(page, size)
        box = page.locator("room-canvas .picture").bounding_box()
        assert box is not None
        assert box["height"] >= size["height"] / 2, f"{size}: {box}"
        assert rail.locator(".colour").count() >= 6
        assert rail.evaluate(OUT_OF_REACH) == [], size
        expect(page.locator("[data-testid=room-prompt]")).to_be_in_viewport(ratio=1)
        draw(page, [(0.1, 0.2 * strokes), (0.9, 0.2 * strokes)])
        expect_strokes(page, strokes)
    page.locator("[data-testid=sizes]").click()
    page.get_by_role("button", name="Broadest size").click()
    expect(page.locator("[data-testid=sizes]")).to_have_attribute("aria-label", "Size: Broadest")
    rail.locator(".any input").fill("#7a2bd6")
    expect(rail.locator(".any")).to_have_attribute("data-chosen", "true")
    shown = Image.open(io.BytesIO(rail.locator(".any i").screenshot())).convert("RGB")
    assert shown.getpixel((shown.width // 2, shown.height // 2)) == (0x7A, 0x2B, 0xD6)
    assert rail.evaluate(OUT_OF_REACH) == []

    for size in (DESKTOP, {"width": 1280, "height": 720}):
        settled(page, size)
        expect(page.get_by_role("tab")).to_have_count(0)
        expect(page.locator("[data-testid=paint-variation]")).to_be_in_viewport(ratio=1)
        assert rail.evaluate(OUT_OF_REACH) == [], size
    settled(page, PHONE)
    page.get_by_role("tab", name="Variations").click()
    sides = page.locator("[data-testid=paint-variation]").evaluate(LABEL)
    assert len(sides) > 1, "a label that long takes two lines"
    for before, behind in sides:
        assert min(before, behind) >= 8, sides
        assert abs(before - behind) < 2, sides
