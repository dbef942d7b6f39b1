"""The gallery shows every component of the wall and says what each property means; it asks nothing of the server."""

from __future__ import annotations

from typing import Any

from tests.browser.gallery import SPECIMEN, settled

UNSAID = """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('[data-property]')]
  .filter((said) => !said.textContent.trim())
  .map((said) => `${said.closest('article').id}: ${said.dataset.property}`)"""
EMPTY = """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('figure')]
  .filter((figure) => {
    const shown = figure.querySelector('.stage').firstElementChild;
    return shown.localName.includes('-') && !(shown.shadowRoot?.firstElementChild);
  })
  .map((figure) => figure.dataset.state)"""
STATES = ("queued", "retrying", "starting", "painting", "finishing", "refused", "failed", "aborted", "cancelled")


def test_every_specimen_is_there_in_each_state_and_explained(people: Any) -> None:
    visitor = people()
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url) if "/api/" in request.url else None)
    visitor.page.on("websocket", lambda socket: asked.append(socket.url))
    settled(visitor)
    page = visitor.page
    assert page.locator(SPECIMEN).count() >= 30
    assert page.evaluate(UNSAID) == []
    assert page.evaluate(EMPTY) == []
    for state in STATES:
        card = page.locator(f"figure[data-state='generation-card: {state}'] [data-testid=generation-card]")
        assert card.count() == 1, f"no generation card is {state}"
    page.wait_for_timeout(0)
    assert asked == []
    assert visitor.context.cookies() == []


def test_it_turns_with_the_theme_the_direction_and_the_motion(people: Any) -> None:
    visitor = people(color_scheme="dark")
    settled(visitor)
    page = visitor.page
    assert page.evaluate("document.documentElement.dataset.shade") == "night"
    page.get_by_role("button", name="Night").click()
    assert page.evaluate("document.documentElement.dataset.shade") == "day"
    page.get_by_role("button", name="Right to left").click()
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    page.get_by_role("button", name="Less motion").click()
    assert page.evaluate("document.documentElement.dataset.motion") == "reduced"


def test_what_is_pressed_in_it_leads_nowhere(people: Any) -> None:
    visitor = people()
    settled(visitor)
    page = visitor.page
    page.locator("figure[data-state='picture-card: reactions and talk'] a.open").click()
    page.get_by_role("navigation").get_by_role("link", name="toast-stack").click()
    assert page.url.endswith("/gallery#toast-stack")
