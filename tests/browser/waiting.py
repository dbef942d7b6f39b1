"""Waiting for a page to come to something: the page's policy allows no `eval`, which Playwright's own waiting uses."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import DEADLINE_MS
from tests.soak import FULL

EVERY_MS = 50

at_full_count = pytest.mark.skipif(not FULL, reason="left to `make soak`: others show most of it")
"""What a run that everybody waits for does without."""


def wait_until(page: Any, function: str, argument: Any = None, *, timeout_ms: int = DEADLINE_MS) -> None:
    """Wait until a function in the page answers something true."""
    for _ in range(timeout_ms // EVERY_MS):
        if page.evaluate(function, argument):
            return
        page.wait_for_timeout(EVERY_MS)
    raise AssertionError(f"it never came true: {function}")
