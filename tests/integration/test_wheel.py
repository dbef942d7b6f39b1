"""The package as others get it: built, installed into an environment of its own, and served from there."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.ports import free_ports

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.timeout(900)


def run(*command: str | Path, **options: object) -> None:
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, **options)
    assert done.returncode == 0, f"{command}: {done.stdout[-4000:]}\n{done.stderr[-4000:]}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the source distribution, so that both hold what they must."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    (found,) = folder.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def livefeed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in a fresh environment that holds the wheel and what it asks for, at the pinned versions."""
    folder = tmp_path_factory.mktemp("fresh")
    pins = re.findall(r"^[\w.-]+==[\w.]+", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pins) + "\n")
    # Without a pip of its own, which would have to be unpacked first: ours installs there.
    run(sys.executable, "-m", "venv", "--without-pip", folder / "environment")
    python = folder / "environment" / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python)
    # Not compiled ahead: of all that is installed, a start imports little.
    run(*pip, "install", "--quiet", "--no-compile", "--constraint", constraints, wheel, cwd=folder)
    return python.with_name("livefeed")


@pytest.fixture
def address(livefeed: Path, tmp_path: Path) -> Iterator[str]:
    """Where the installed package serves, from a folder that is not the checkout."""
    [port] = free_ports(1)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("LIVEFEED_", "PYTHON"))}
    environment |= {"LIVEFEED_PORT": str(port), "LIVEFEED_DATA": str(tmp_path / "data")}
    log = tmp_path / "log"
    with log.open("wb") as output:
        server = subprocess.Popen([livefeed, "serve"], cwd=tmp_path, env=environment, stdout=output, stderr=output)
    try:
        until = time.monotonic() + 90
        while not answers(f"http://127.0.0.1:{port}/healthz"):
            assert server.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(signal.SIGINT)
        code = server.wait(60)
    assert code in {0, 130}, log.read_text()


def answers(url: str) -> bool:
    try:
        return get(url)[0] == 200
    except OSError:
        return False


def get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status, response.read().decode(errors="replace")


def test_the_wheel_holds_the_page_the_art_and_the_licences(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert "livefeed/web_dist/index.html" in names
    assert any(name.startswith("livefeed/web_dist/assets/") and name.endswith(".js") for name in names)
    assert sum(name.endswith(".webp") for name in names) > 100
    assert any(name.endswith(".lua") for name in names)
    licences = [name.partition(".dist-info/licenses/")[2] for name in names]
    assert {"LICENSE", "NOTICE", "web/NOTICE.md"} <= set(licences)
    assert not [name for name in names if name.startswith(("tests/", "web/", "tools/"))]


def test_the_installed_package_serves_the_page(address: str) -> None:
    status, page = get(f"{address}/")
    assert status == 200
    script = re.search(r'src="(/assets/[^"]+\.js)"', page)
    assert script is not None, page
    assert get(address + script.group(1))[0] == 200


def test_the_installed_package_is_ready_with_its_own_store(address: str) -> None:
    assert get(f"{address}/readyz")[0] == 200


def test_the_installed_generators_are_found_by_their_entry_points(address: str) -> None:
    assert "illustrator" in get(f"{address}/api/generators")[1]
