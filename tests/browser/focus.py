"""Where the keyboard is, in shadow trees too."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

from tests.browser.waiting import wait_until

_DEEP = """() => {
  let element = document.activeElement;
  const path = [];
  while (element) {
    path.push(element.localName);
    if (!element.shadowRoot?.activeElement) break;
    element = element.shadowRoot.activeElement;
  }
  return { path, name: element?.dataset.testid ?? '', words: element?.ariaLabel ?? element?.textContent?.trim() ?? '' };
}"""
HELD = "() => document.activeElement !== null && document.activeElement !== document.body"


def focused(page: Page) -> dict[str, Any]:
    """Return the names of the elements around what has the focus, outermost first, its test id and its words."""
    found: dict[str, Any] = page.evaluate(_DEEP)
    return found


def press(element: Locator, key: str = "Enter") -> None:
    """Focus something and press a key on it, as somebody without a pointer does."""
    element.focus()
    element.page.keyboard.press(key)


def held(page: Page, gone: Locator | None = None) -> dict[str, Any]:
    """Wait until something has gone and the focus is somewhere again; return where."""
    if gone is not None:
        gone.wait_for(state="detached")
    wait_until(page, HELD)
    return focused(page)
