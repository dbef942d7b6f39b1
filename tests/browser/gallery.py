"""The gallery as tests look at it."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import DEADLINE_MS
from tests.browser.visual import NATIVE, PICTURES

SHOWN = (
    """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('article')].map(({ id }) => id)"""
)
"""The names of all specimens."""


def settled(visitor: Any, *, rtl: bool = False) -> None:
    """Open the gallery and wait until all of it is drawn, also what is out of sight, and stands still."""
    page = visitor.page
    page.goto(visitor.url + "/gallery")
    page.locator("gallery-page[data-complete]").wait_for(timeout=3 * DEADLINE_MS)
    page.add_style_tag(content="gallery-page { --far: visible }")
    if rtl:
        page.get_by_role("button", name="Right to left").click()
    page.evaluate("document.fonts.ready.then(() => true)")
    # Not "networkidle": frames in it may wait for what nobody answers.
    page.evaluate(f"void ({NATIVE})")
    page.evaluate(PICTURES)
