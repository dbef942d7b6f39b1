"""What every test may use: a printed seed, and a browser. And how `make test` shares the tests out among processes."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Generator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.soak import FULL

SEED = int(os.environ.get("LIVEFEED_TEST_SEED") or random.SystemRandom().randrange(2**32))
os.environ["LIVEFEED_TEST_SEED"] = str(SEED)  # for the processes that share this run
DIFFUSERS = all(find_spec(name) for name in ("torch", "diffusers", "transformers"))
"""Whether the tests marked `diffusers` can run here."""
FOLDER = Path(__file__).parent
LATER = ("conformance", "simulation", "contract", "unit")
"""What comes after the rest, whose files take longest. The engines of `contract` have the shortest patience with us, so
they come when servers no longer start and paint beside them."""
MOST_PROCESSES = 6
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_configure() -> None:
    """Let what the tests start be interrupted, also where a shell that runs us in the background has us ignore it."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_report_header() -> str:
    return f"seed: {SEED} (repeat with LIVEFEED_TEST_SEED={SEED})"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return among how many processes `make test` shares the files out; 0 is this one alone, as for a debugger.

    One more than there are cores, because half of the time is spent waiting; few, because the longest files decide.
    """
    files = [argument for argument in config.args if ".py" in argument]
    one_file = len(config.args) == len(files) == 1
    if one_file or config.getoption("capture") == "no" or config.getoption("trace"):
        return 0
    return min(1 + (os.cpu_count() or 1), MOST_PROCESSES)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Name the seed in what a failing test says."""
    report = yield
    if report.failed:
        report.sections.append(("Seed", f"repeat with LIVEFEED_TEST_SEED={SEED}"))
    return report


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that need torch where it is not installed, and those that are for full counts alone.

    Where several processes share a run, the kinds whose files take longest come first: none is left for the end.
    """
    if hasattr(config, "workerinput"):
        _share_out(items)
    for item in items if not FULL else ():
        if any(mark.kwargs.get("alone") for mark in item.iter_markers("soak")):
            item.add_marker(pytest.mark.skip(reason="left to `make soak`: others show most of it"))
    if DIFFUSERS:
        return
    left_out = [item for item in items if item.get_closest_marker("diffusers")]
    items[:] = [item for item in items if not item.get_closest_marker("diffusers")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)


def _share_out(items: list[pytest.Item]) -> None:
    """Order the tests for a run that several processes share.

    The folders that are not LATER take turns, in proportion: browsers keep the processors busy, real servers are mostly
    waited for, and one after the other they would first be in each other's way and then leave processors idle.
    """
    files: dict[str, dict[Path, None]] = {}
    for item in items:
        files.setdefault(_folder(item.path), {})[item.path] = None
    turns: dict[Path, tuple[int, float]] = {}
    for folder, paths in files.items():
        rank = LATER.index(folder) + 1 if folder in LATER else 0
        turns |= {path: (rank, (place + 0.5) / len(paths)) for place, path in enumerate(paths)}
    items.sort(key=lambda item: turns[item.path])


def _folder(path: Path) -> str:
    return path.relative_to(FOLDER).parts[0]


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
