"""Somebody who hides in a room by one of their tabs is not seen by another."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import DEADLINE_MS
from tests.browser.room_page import join, link, open_room, wait_live

MANY_MS = 3 * DEADLINE_MS
ASLEEP = "addEventListener('storage', event => event.stopImmediatePropagation(), true)"
"""A tab that does not hear what others say to it."""


def hides(page: Page, *, hidden: bool) -> None:
    """Wait until a tab says that one hides, or that one is seen."""
    button = page.get_by_role("button", name="Be seen again" if hidden else "Be here unseen")
    expect(button).to_be_visible(timeout=MANY_MS)


def test_hiding_in_one_tab_hides_whoever_has_another_that_knows_nothing_of_it(people: Any, picture: bytes) -> None:
    owner, guest = people(), people()
    _, address = open_room(owner, picture)
    join(guest, link(owner, "editor"))
    second = guest.context.new_page()
    second.add_init_script(ASLEEP)
    second.goto(address)
    wait_live(second)
    here = owner.page.locator("[data-testid=roster]")
    expect(here).to_have_attribute("data-here", "2", timeout=MANY_MS)

    for page in (guest.page, second):
        page.locator("[data-testid=roster]").click()
        hides(page, hidden=False)
    guest.page.get_by_role("button", name="Be here unseen").click()
    hides(guest.page, hidden=True)
    expect(here).to_have_attribute("data-here", "1", timeout=MANY_MS)
    hides(second, hidden=False)

    with second.expect_event("websocket", lambda socket: "/doc?" in socket.url) as opened:
        second.reload()
    assert "hidden=true" in opened.value.url, "its lines come back in any order"
    wait_live(second)
    second.locator("[data-testid=roster]").click()
    hides(second, hidden=True)
    guest.page.close()
    expect(here).to_have_attribute("data-here", "1", timeout=MANY_MS)
    second.get_by_role("button", name="Be seen again").click()
    expect(here).to_have_attribute("data-here", "2", timeout=MANY_MS)
