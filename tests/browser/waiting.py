"""Waiting for a page to come to something: the page's policy allows no `eval`, which Playwright's own waiting uses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator

from tests.browser.conftest import DEADLINE_MS

EVERY_MS = 50
STILL = 4
"""What was in one place so often, one look after the other, has come to rest."""

at_full_count = pytest.mark.soak(alone=True)
"""What a run that everybody waits for does without; tests/conftest.py skips it there, and `make soak` finds it."""


def wait_until(page: Any, function: str, argument: Any = None, *, timeout_ms: int = DEADLINE_MS) -> None:
    """Wait until a function in the page answers something true."""
    for _ in range(timeout_ms // EVERY_MS):
        if page.evaluate(function, argument):
            return
        page.wait_for_timeout(EVERY_MS)
    raise AssertionError(f"it never came true: {function}")


def wait_for(page: Any, holds: Callable[[], object], what: str = "") -> None:
    """Wait until something outside of the page holds: what it has sent, what the server says."""
    for _ in range(DEADLINE_MS // EVERY_MS):
        if holds():
            return
        page.wait_for_timeout(EVERY_MS)
    raise AssertionError(f"it did not come to hold: {what}")


def settled_box(element: Locator) -> FloatRect:
    """Return where something is once it moves no more: fonts, pictures and what glides have come to rest."""
    last, still = element.bounding_box(), 0
    for _ in range(DEADLINE_MS // EVERY_MS):
        element.page.wait_for_timeout(EVERY_MS)
        box = element.bounding_box()
        still = still + 1 if box == last else 0
        last = box
        if last is not None and still == STILL:
            return last
    raise AssertionError("it did not come to rest")
