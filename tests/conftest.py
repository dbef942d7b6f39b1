"""What every test may use: a printed seed, and a browser."""

from __future__ import annotations

import os
import random
import shutil
from importlib.util import find_spec

import pytest

SEED = int(os.environ.get("LIVEFEED_TEST_SEED") or random.SystemRandom().randrange(2**32))
DIFFUSERS = all(find_spec(name) for name in ("torch", "diffusers", "transformers"))
"""Whether the tests marked `diffusers` can run here."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_report_header() -> str:
    return f"seed: {SEED} (repeat with LIVEFEED_TEST_SEED={SEED})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need torch where it is not installed."""
    if DIFFUSERS:
        return
    left_out = [item for item in items if item.get_closest_marker("diffusers")]
    items[:] = [item for item in items if not item.get_closest_marker("diffusers")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out, before the last line."""
    if not DIFFUSERS:
        terminalreporter.write_line(
            "Left out: the diffusers engine's tests, which need torch. 'make test-diffusers' installs it and runs them."
        )


@pytest.fixture
def seed() -> int:
    """This run's seed; the header and every failing test's output name it."""
    print(f"seed {SEED}")
    return SEED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the machine's Chromium. A missing one fails: nothing is skipped silently."""
    path = os.environ.get("LIVEFEED_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.fail("no Chromium: run 'apt-get install chromium', or name one with LIVEFEED_CHROMIUM", pytrace=False)
    return path
