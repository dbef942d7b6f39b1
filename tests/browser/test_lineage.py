"""Remixing in a browser: the tree of what was made from what, the stamp on the wall, the line in the thread."""

from __future__ import annotations

import json
import re
import time
from typing import Any

from playwright.sync_api import Locator, expect

from tests.browser.conftest import DEADLINE_MS, PAINTING_MS, PHONE
from tests.browser.waiting import settled_box

SMALL = {"width": 256, "height": 256, "steps": 4}


def painted(painter: Any, prompt: str, **options: Any) -> str:
    """Have a small picture painted by the server; return the id of its post."""
    made: str = painter.post("/api/generations", {"prompt": prompt, **SMALL, **options})["id"]
    deadline = time.monotonic() + PAINTING_MS / 1000
    while painter.request.get(f"{painter.url}/api/posts/{made}").status != 200:
        assert time.monotonic() < deadline, "the picture was never posted"
        time.sleep(0.05)
    return made


def delete(person: Any, post: str) -> None:
    answer = person.request.delete(f"{person.url}/api/posts/{post}", headers={"Origin": person.url})
    assert answer.status == 204


def node(person: Any, post: str) -> Locator:
    found: Locator = person.page.locator(f"lineage-tree [role=treeitem][data-node='{post}']")
    return found


def test_a_tree_grows_under_ones_eyes_and_keeps_a_tombstone(people: Any, picture: bytes) -> None:
    """The first remix moves nothing; the others join; a parent that is deleted leaves an empty frame."""
    painter, friend = people(), people()
    painter.sign_in()
    first = painter.upload(picture, "a drawing of mine")["id"]
    friend.open(f"/post/{first}")
    frame = friend.page.locator("post-view .hang")
    friend.page.locator("post-view .hang img.loaded").wait_for()
    before = settled_box(frame)

    second = painted(painter, "a red fox", parent=first)
    chip = friend.page.locator("[data-testid=show-lineage]")
    expect(chip).to_have_text("1 remix", timeout=DEADLINE_MS)
    assert settled_box(frame) == before, "nothing moves until it is asked for"
    chip.click()
    expect(node(friend, first)).to_have_attribute("aria-current", "page")
    expect(node(friend, second)).to_have_attribute("aria-level", "2")
    room = settled_box(frame)

    third = painted(painter, "a blue owl", parent=second)
    expect(node(friend, third)).to_have_attribute("aria-level", "3", timeout=DEADLINE_MS)
    assert settled_box(frame) == room, "the tree grows in the room it has"
    delete(painter, second)
    expect(node(friend, second)).to_have_attribute("aria-label", "Gone: deleted by its author", timeout=DEADLINE_MS)
    expect(node(friend, second).locator("img")).to_have_count(0)
    delete(painter, third)
    expect(friend.page.locator("lineage-tree [role=treeitem]")).to_have_count(1, timeout=DEADLINE_MS)


def test_the_tree_is_walked_by_keyboard_and_by_hand(people: Any) -> None:
    painter = people()
    painter.sign_in()
    first = painted(painter, "a lighthouse by the sea")
    second = painted(painter, "a lighthouse in the fog", parent=first)
    third = painted(painter, "a lighthouse at night", parent=first)
    painter.open(f"/post/{first}")
    page = painter.page
    expect(page.get_by_role("tree", name="Lineage")).to_be_visible()
    expect(page.locator("lineage-tree [role=treeitem]")).to_have_count(3)
    expect(page.locator("lineage-tree [tabindex='0']")).to_have_count(1)
    node(painter, first).focus()
    page.keyboard.press("ArrowRight")
    expect(node(painter, second)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(node(painter, third)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(node(painter, first)).to_be_focused()
    page.keyboard.press("End")
    expect(node(painter, third)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/post/{third}")
    expect(node(painter, third)).to_have_attribute("aria-current", "page")
    expect(page.locator("post-about h1")).to_have_text("a lighthouse at night")
    handle = painter.request.get(f"{painter.url}/api/me").json()["user"]["handle"]
    expect(node(painter, first)).to_have_attribute("aria-label", f"a lighthouse by the sea, by {handle}, 2 remixes")
    node(painter, second).click()
    page.wait_for_url(f"**/post/{second}")
    page.locator("[data-testid=close-post]").click()
    page.wait_for_url("**/")


def test_a_remix_says_what_it_starts_from_and_how_freely(people: Any) -> None:
    """The sheet shows the parent and a slider, only where there is a parent; the request carries both."""
    painter = people(viewport=PHONE)
    painter.sign_in()
    first = painted(painter, "a snail in the desert")
    painter.open(f"/post/{first}")
    page = painter.page
    page.locator("[data-testid=remix]").locator("visible=true").click()
    expect(page.get_by_role("dialog", name="Remix")).to_be_visible()
    expect(page.locator("[data-testid=remix-of]")).to_have_attribute("data-post", first)
    expect(page.locator("[data-testid=prompt]")).to_have_value("a snail in the desert")
    slider = page.get_by_role("slider", name="How freely it is repainted")
    expect(slider).to_have_value("0.6")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "55 percent free")
    page.locator("[data-testid=prompt]").fill("a snail in the snow")
    with page.expect_request(lambda request: request.url.endswith("/api/generations")) as asked:
        page.locator("[data-testid=paint-it]").click()
    body = json.loads(asked.value.post_data or "")
    assert (body["prompt"], body["parent"], body["strength"]) == ("a snail in the snow", first, 0.55)
    expect(page.locator("lineage-tree [data-job], lineage-tree [aria-level='2']").first).to_be_attached(
        timeout=PAINTING_MS
    )


def test_a_remix_can_be_let_go_of(people: Any, picture: bytes) -> None:
    painter = people()
    painter.sign_in()
    first = painter.upload(picture, "mine")
    painter.open(f"/post/{first['id']}")
    page = painter.page
    page.locator("[data-testid=remix]").locator("visible=true").click()
    page.get_by_role("button", name="Paint without it").click()
    expect(page.get_by_role("dialog", name="New picture")).to_be_visible()
    expect(page.locator("[data-testid=remix-of], [data-testid=strength]")).to_have_count(0)
    page.get_by_role("button", name="Close").last.click()
    page.locator("[data-testid=remix]").locator("visible=true").click()
    expect(page.get_by_role("dialog", name="Remix")).to_be_visible()
    delete(painter, first["id"])
    alert = page.locator("create-sheet [role=alert]")
    expect(alert).to_have_text("The picture to remix is gone. You can paint without it.", timeout=DEADLINE_MS)
    expect(page.locator("[data-testid=strength]")).to_have_count(0)


def line(person: Any, remix: str) -> Locator:
    found: Locator = person.page.locator(f"[data-testid=remix-line][data-remix='{remix}']")
    return found


def test_a_remix_has_a_line_in_the_thread_and_a_stamp_on_the_wall(people: Any, picture: bytes) -> None:
    """The line keeps its place from the first step to the post; the stamp goes with the parent, also on a wall that the
    parent was never on.
    """
    painter, visitor = people(), people()
    painter.sign_in()
    parent = painter.upload(picture, "a drawing of mine")["id"]
    visitor.open(f"/post/{parent}")
    page = visitor.page
    expect(page.get_by_text("Nobody has said anything yet.")).to_be_visible()
    child = painter.post("/api/generations", {"prompt": "a red fox #stamped", **SMALL, "steps": 12, "parent": parent})
    shown = line(visitor, child["id"])
    expect(shown).to_contain_text("is remixing this", timeout=DEADLINE_MS)
    expect(shown).to_contain_text(re.compile(r"Step \d+ of 12"), timeout=PAINTING_MS)
    box = settled_box(shown)
    expect(shown).to_contain_text("remixed this", timeout=PAINTING_MS)
    expect(shown.get_by_role("link", name=re.compile("^a red fox #stamped, by "))).to_have_count(1)
    assert settled_box(shown) == box

    # A large one paints while the next waits in line, for as long as it takes to look at that.
    large = {**SMALL, "width": 1024, "height": 1024, "steps": 20}
    before = painter.post("/api/generations", {"prompt": "a storm", **large})["id"]
    waiting = painter.post("/api/generations", {"prompt": "an owl", **large, "parent": parent})["id"]
    expect(line(visitor, waiting)).to_contain_text("is remixing this", timeout=DEADLINE_MS)
    page.goto(visitor.url + "/tag/stamped")
    card = page.locator(f"[data-testid=post-card][data-post='{child['id']}']")
    stamp = card.get_by_role("link", name="The picture this was made from")
    expect(stamp.locator("img.loaded")).to_have_count(1)
    edge, frame = settled_box(stamp), settled_box(card.locator(".hang"))
    assert (edge["width"], edge["height"]) == (40, 40)
    assert frame["x"] < edge["x"] < frame["x"] + 20, "in the start corner"
    assert 0 < frame["y"] + frame["height"] - edge["y"] - edge["height"] < 20
    stamp.focus()
    page.keyboard.press("Enter")
    expect(line(visitor, waiting)).to_contain_text("is remixing this")
    for painting in (waiting, before):
        answer = painter.request.delete(f"{painter.url}/api/generations/{painting}", headers={"Origin": painter.url})
        assert answer.ok, answer.text()
    expect(line(visitor, waiting)).to_contain_text("remix was not finished", timeout=DEADLINE_MS)
    page.go_back()
    delete(painter, parent)
    expect(stamp).to_have_count(0, timeout=DEADLINE_MS)
    assert settled_box(card.locator(".hang")) == frame
