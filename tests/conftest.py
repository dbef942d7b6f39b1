"""What every test may use: a printed seed, and a browser."""

from __future__ import annotations

import os
import random
import shutil

import pytest

SEED = int(os.environ.get("LIVEFEED_TEST_SEED") or random.SystemRandom().randrange(2**32))
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_report_header() -> str:
    return f"seed: {SEED} (repeat with LIVEFEED_TEST_SEED={SEED})"


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
