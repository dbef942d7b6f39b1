"""What a painter with several pictures at once sees: the sheet, what it says, and where the pictures go."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import DEADLINE_MS, PHONE
from tests.browser.waiting import wait_for
from tests.integration.server_process import ServerProcess

LAPTOP = {"width": 1280, "height": 850}
LOW = {"width": 720, "height": 480}
LIMIT = 5
LONG = "a very long prompt about a lighthouse " * 14
REFUSED = "Failed to load resource"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server without a worker: what is asked for stays on the easel, however slow the browser is."""
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", workers=0) as server:
        yield server


def in_sight(element: Locator) -> bool:
    """Whether all of an element is in the window and nothing lies over its middle."""
    seen: bool = element.evaluate(
        """(element) => {
          const { top, bottom, left, right } = element.getBoundingClientRect();
          if (top < 0 || left < 0 || bottom > innerHeight || right > innerWidth || bottom <= top) return false;
          let hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
          while (hit?.shadowRoot) {
            const inner = hit.shadowRoot.elementFromPoint((left + right) / 2, (top + bottom) / 2);
            if (!inner || inner === hit) break;
            hit = inner;
          }
          return hit !== null && (element === hit || element.contains(hit));
        }"""
    )
    return seen


@pytest.mark.parametrize("viewport", [LAPTOP, PHONE], ids=["laptop", "phone"])
def test_a_full_easel_leaves_the_button_and_what_went_wrong_in_sight(people: Any, viewport: dict[str, int]) -> None:
    """The limit is told; once a picture is called off, that is no longer said."""
    painter = people(viewport=viewport)
    page = painter.page
    painter.open()

    def opened() -> None:
        page.locator("[data-testid=prompt-line], [data-testid=paint]").locator("visible=true").first.click()

    for number in range(LIMIT):
        opened()
        page.locator("[data-testid=prompt]").fill(f"number {number}, a lighthouse in the fog")
        page.locator("[data-testid=paint-it]").click()
        page.locator("[data-testid=create-sheet]").wait_for(state="detached")
    opened()
    page.locator("[data-testid=prompt]").fill(LONG)
    page.locator("[data-testid=paint-it]").click()
    alert = page.locator("create-sheet [role=alert]")
    sentence = f"You have {LIMIT} pictures in the making, as many as one may; wait for one."
    expect(alert).to_have_text(sentence, timeout=DEADLINE_MS)
    for element in (alert, page.locator("[data-testid=paint-it]"), page.get_by_role("button", name="Close")):
        wait_for(page, partial(in_sight, element), "it is in sight")
    expect(page.locator("[data-testid=your-easel]")).to_contain_text("Keep browsing")
    page.locator("[data-testid=your-easel]").get_by_role("button", name="Cancel").first.click()
    expect(alert).to_be_empty(timeout=DEADLINE_MS)
    others = page.locator("[data-testid=your-easel]").get_by_role("button", name="Cancel")
    others.evaluate_all("(buttons) => buttons.forEach((button) => button.click())")
    expect(page.locator("[data-testid=your-easel]")).to_contain_text("Nothing is being painted", timeout=DEADLINE_MS)
    painter.complaints[:] = [said for said in painter.complaints if not said.startswith(REFUSED)]


def test_a_full_line_says_that_everybody_is_busy_and_not_that_it_is_ones_own_fault(people: Any, tmp_path: Path) -> None:
    """The one place in the line is somebody else's; what was typed stays."""
    with ServerProcess(tmp_path / "data", workers=0, generations_queued=1) as full:
        first, second = people(), people()
        for painter in (first, second):
            painter.url = full.url
            painter.open()
            painter.page.locator("[data-testid=prompt-line]").click()
            painter.page.locator("[data-testid=prompt]").fill("a lighthouse in the fog")
            painter.page.locator("[data-testid=paint-it]").click()
            if painter is first:
                painter.page.locator("[data-testid=create-sheet]").wait_for(state="detached")
        alert = second.page.locator("create-sheet [role=alert]")
        sentence = "Everybody is busy and the queue is full; try again in a minute."
        expect(alert).to_have_text(sentence, timeout=DEADLINE_MS)
        wait_for(second.page, partial(in_sight, alert), "what went wrong is in sight")
        expect(second.page.locator("[data-testid=prompt]")).to_have_value("a lighthouse in the fog")
        second.complaints[:] = [said for said in second.complaints if not said.startswith(REFUSED)]
        for painter in (first, second):
            painter.page.goto("about:blank")  # nobody is left to complain that this server goes


def test_a_low_window_shows_pictures_and_the_easel_as_one_line(people: Any, picture: bytes) -> None:
    """A desktop at 200 % zoom. That others paint moves nothing, and is shown to whoever asks."""
    reader, other = people(viewport=LOW), people()
    page = reader.page
    other.open()
    post = other.upload(picture, "the first one")["id"]
    reader.open()
    card, easel = page.locator(f"[data-testid=post-card][data-post='{post}']"), page.locator("[data-testid=easel]")
    top = card.bounding_box()["y"]
    assert top < LOW["height"] / 2
    other.post("/api/generations", {"prompt": "a lighthouse in the fog"})
    expect(easel.get_by_role("button")).to_contain_text("1 waiting")
    assert card.bounding_box()["y"] == top
    easel.get_by_role("button").click()
    expect(easel.locator("generation-card")).to_be_visible()
    handle = reader.request.get(f"{reader.url}/api/me").json()["user"]["handle"]
    page.set_viewport_size(PHONE)
    reader.open(f"/@{handle}")
    acts = page.locator("profile-head .acts")
    assert acts.get_by_role("link", name="Settings").bounding_box()["x"] == acts.bounding_box()["x"]


def test_what_is_typed_before_the_sheet_is_there_is_not_lost(people: Any) -> None:
    """The sheet's code is still under way while somebody clicks and types."""
    painter = people()
    page = painter.page
    held: list[Any] = []
    on_its_way = True
    page.route("**/*create-sheet*.js", lambda route: held.append(route) if on_its_way else route.continue_())
    painter.open()
    page.locator("[data-testid=prompt-line]").click()
    page.keyboard.type("a quiet ")
    expect(page.locator("[data-testid=create-sheet]")).to_have_count(0)
    wait_for(page, lambda: held, "the sheet's code is asked for")
    on_its_way = False
    for route in held:
        route.continue_()
    prompt = page.locator("[data-testid=prompt]")
    expect(prompt).to_be_focused(timeout=DEADLINE_MS)
    page.keyboard.type("fox")
    expect(prompt).to_have_value("a quiet fox")
    # Put away, it is what the line holds, and what new words are written over.
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=prompt-line]")).to_have_value("a quiet fox")
    page.locator("[data-testid=prompt-line]").click()
    page.keyboard.type("an owl")
    expect(prompt).to_have_value("an owl")


def test_what_is_typed_and_sent_before_the_sheet_is_there_is_sent_once(people: Any) -> None:
    painter = people()
    page = painter.page
    held: list[Any] = []
    sent: list[Any] = []
    on_its_way = True
    page.route("**/*create-sheet*.js", lambda route: held.append(route) if on_its_way else route.continue_())
    page.route("**/api/generations", lambda route: sent.append(route))
    painter.open()
    # Put in at once, as a paste or dictation does it.
    page.locator("[data-testid=prompt-line]").fill("an owl")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    wait_for(page, lambda: held, "the sheet's code is asked for")
    on_its_way = False
    for route in held:
        route.continue_()
    wait_for(page, lambda: sent, "it is sent")
    expect(page.locator("[data-testid=paint-it]")).to_have_text("Sending…")
    page.keyboard.press("Enter")
    sent[0].continue_()
    expect(page.locator("[data-testid=create-sheet]")).to_have_count(0)
    assert [route.request.post_data_json["prompt"] for route in sent] == ["an owl"]
    # Words from another time are there to be gone on with.
    page.locator("[data-testid=prompt-line]").click()
    page.keyboard.type("a fox")
    page.keyboard.press("Escape")
    expect(page.locator("[data-testid=prompt-line]")).to_have_value("a fox")
    page.locator("[data-testid=prompt-line]").press("Enter")
    expect(page.locator("[data-testid=prompt]")).to_have_value("a fox")
    expect(page.locator("[data-testid=paint-it]")).to_be_enabled()


def test_my_picture_joins_the_wall_at_once_unless_i_am_further_down(people: Any, picture: bytes) -> None:
    """At the top it hangs as its own block; below, it waits behind the pill and nothing moves."""
    painter, other = people(), people()
    other.sign_in()
    for number in range(16):
        other.upload(picture, f"there before {number}")
    painter.open()
    expect(painter.page.locator("[data-testid=post-card]")).not_to_have_count(0)
    card = "[data-testid=post-card][data-post='{}']"
    first = painter.upload(picture, "mine, at the top")
    expect(painter.page.locator(card.format(first["id"]))).to_have_count(1, timeout=DEADLINE_MS)
    expect(painter.page.locator("[data-testid=new-pill]")).to_have_count(0)

    painter.page.mouse.wheel(0, 900)
    wait_for(painter.page, lambda: painter.page.evaluate("scrollY > 400"), "it is scrolled")
    second = painter.upload(picture, "mine, while I read")
    expect(painter.page.locator("[data-testid=new-pill]")).to_have_count(1, timeout=DEADLINE_MS)
    expect(painter.page.locator(card.format(second["id"]))).to_have_count(0)
