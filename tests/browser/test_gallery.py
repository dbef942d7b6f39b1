"""The gallery shows every component and says what each property means; it asks nothing of the server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from tests.browser.gallery import SHOWN, settled

WEB = Path(__file__).resolve().parents[2] / "web"
DEFINED = re.compile(r"customElements\.define\(\s*[\"'`]([a-z-]+)")
NOT_SHOWN = {"livefeed-app": "the page itself, which all the other tests look at"}

UNSAID = """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('[data-property]')]
  .filter((said) => !said.textContent.trim())
  .map((said) => `${said.closest('article').id}: ${said.dataset.property}`)"""
EMPTY = """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('figure')]
  .filter((figure) => {
    const shown = figure.querySelector('.stage').firstElementChild;
    return !shown || shown.localName.includes('-') && !(shown.shadowRoot?.firstElementChild);
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
    assert defined() - set(page.evaluate(SHOWN)) == set(NOT_SHOWN)
    assert page.evaluate(UNSAID) == []
    assert page.evaluate(EMPTY) == []
    for state in STATES:
        card = page.locator(f"figure[data-state='generation-card: {state}'] [data-testid=generation-card]")
        assert card.count() == 1, f"no generation card is {state}"
    page.wait_for_timeout(0)
    assert asked == []
    assert visitor.context.cookies() == []


HIDDEN = """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('generation-card')]
  .flatMap((card) => {
    const seen = (node) => {
      const range = document.createRange();
      range.selectNodeContents(node);
      let { left, right, top, bottom } = range.getBoundingClientRect();
      const whole = right - left;
      for (let box = node.parentElement; box; box = box.parentElement) {
        if (getComputedStyle(box).overflowX === 'visible') continue;
        const room = box.getBoundingClientRect();
        [left, right] = [Math.max(left, room.left), Math.min(right, room.right)];
        [top, bottom] = [Math.max(top, room.top), Math.min(bottom, room.bottom)];
      }
      return [node.data, bottom > top ? Math.max(0, right - left) : 0, whole];
    };
    const texts = document.createTreeWalker(card.shadowRoot, NodeFilter.SHOW_TEXT);
    const found = [];
    while (texts.nextNode()) found.push([texts.currentNode.parentElement?.localName, ...seen(texts.currentNode)]);
    const times = found.filter(([, text]) => /\\d\\s(s|Min\\.)$/.test(text));
    const names = found.filter(([name]) => name === 'bdi');
    return [
      ...times.filter(([, , shown, whole]) => shown < whole - 1),
      ...names.filter(([, , shown, whole]) => shown && shown < Math.min(whole, 30)),
      ...(times.length || !/queued|painting/.test(card.parentElement.parentElement.dataset.state) ? [] : [['no time']]),
    ];
  })"""
"""Times of pictures being painted that are cut off, and names of which a few letters are left."""


def test_where_words_are_long_it_is_still_said_how_long_a_picture_takes(people: Any) -> None:
    visitor = people(locale="de-DE")
    settled(visitor)
    assert visitor.page.get_by_text("Nr. 3 in der Schlange").count()
    assert visitor.page.evaluate(HIDDEN) == []


def defined() -> set[str]:
    """Return the name of every element that the page's sources define."""
    sources = [path for folder in ("components", "embed", "pages", "pwa") for path in (WEB / folder).rglob("*.ts")]
    return {name for path in sources for name in DEFINED.findall(path.read_text("utf-8"))}


def test_it_turns_with_theme_direction_and_motion_and_leads_nowhere(people: Any) -> None:
    visitor = people(color_scheme="dark")
    settled(visitor)
    page = visitor.page
    assert page.evaluate("document.documentElement.dataset.shade") == "night"
    page.get_by_role("button", name="Night").first.click()
    assert page.evaluate("document.documentElement.dataset.shade") == "day"
    page.get_by_role("button", name="Right to left").click()
    assert page.evaluate("getComputedStyle(document.documentElement).direction") == "rtl"
    page.get_by_role("button", name="Less motion").click()
    assert page.evaluate("document.documentElement.dataset.motion") == "reduced"
    page.locator("figure[data-state='picture-card: reactions and talk'] a.open").click()
    page.locator("figure[data-state='post-view: with lineage and talk'] [data-testid=close-post]").click()
    page.keyboard.press("Escape")
    page.get_by_role("navigation").get_by_role("link", name="toast-stack").click()
    assert page.url.endswith("/gallery#toast-stack")
    assert page.title().startswith("Gallery")
