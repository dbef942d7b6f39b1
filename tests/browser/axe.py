"""Accessibility as axe-core sees it, in any page or frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

SOURCE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


def violations(where: Page | Frame) -> list[str]:
    """Return what is wrong, one line for each rule and place; axe comes past the page's policy, as a tester may."""
    where.evaluate(SOURCE.read_text("utf-8"))
    found: list[dict[str, Any]] = where.evaluate("axe.run({iframes: false}).then((found) => found.violations)")
    return [
        f"{rule['id']}: {rule['help']}: {place['html'][:160]} {place['failureSummary'][:200]}"
        for rule in found
        for place in rule["nodes"]
    ]
