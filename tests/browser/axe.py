"""Accessibility as axe-core sees it (https://github.com/dequelabs/axe-core), in any page or frame."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

SOURCE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async ([without, only]) => {
  const rules = Object.fromEntries(without.map((rule) => [rule, { enabled: false }]));
  const which = only.length ? { runOnly: { type: 'rule', values: only } } : { rules };
  const found = await axe.run({ iframes: false, resultTypes: ['violations'], ...which });
  return found.violations;
}"""
DRAWN = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))"
"""Wait until what was changed before is on the screen, and what it sets in motion moves."""
STILL = "() => document.getAnimations().every(({ playState }) => playState !== 'running')"
COLOURS = ("color-contrast",)
"""The rules that another theme may break."""
WAIT_MS = 60_000.0


def violations(where: Page | Frame, *without: str, only: Sequence[str] = ()) -> list[str]:
    """Return what is wrong, one line for each rule and place; axe comes past the page's policy, as a tester may.

    without: names of rules that are left out. only: names of the rules to look for, if not all.
    """
    if not where.evaluate("'axe' in window"):
        where.evaluate(SOURCE.read_text("utf-8"))
    where.evaluate("document.fonts.ready.then(() => true)")
    # A transition under way would be judged half-way.
    where.evaluate(DRAWN)
    where.wait_for_function(STILL, timeout=WAIT_MS)
    where.evaluate(DRAWN)
    found: list[dict[str, Any]] = where.evaluate(RUN, [list(without), list(only)])
    return [
        f"{rule['id']}: {rule['help']}: {place['target']} {place['html'][:160]} {place['failureSummary'][:200]}"
        for rule in found
        for place in rule["nodes"]
    ]
