"""The gallery as tests look at it."""

from __future__ import annotations

from typing import Any

from tests.browser.conftest import DEADLINE_MS

SPECIMEN = "gallery-page [data-testid=specimen]"


def settled(visitor: Any, *, rtl: bool = False) -> None:
    """Open the gallery and wait until all of it stands still."""
    page = visitor.page
    page.goto(visitor.url + "/gallery")
    page.locator(SPECIMEN).first.wait_for(timeout=3 * DEADLINE_MS)
    if rtl:
        page.get_by_role("button", name="Right to left").click()
    page.evaluate("document.fonts.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
