"""The plug-in of docs/generators/own.md, read out of the page: built, installed, offered, and painted with."""

from __future__ import annotations

import importlib.util
import io
import re
import subprocess
import sys
from pathlib import Path
from typing import cast

import orjson
import pytest
from PIL import Image, ImageChops

import livefeed.client
from livefeed.client import Completed, Preview, Step
from livefeed.generation.generator import Generator, Picture
from tests.contract.test_generators import end, job
from tests.integration.server_process import ServerProcess

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "generators" / "own.md"
PROMPT = "three quiet mornings"


def blocks() -> dict[str, str]:
    """Return the files that the page shows, by name."""
    return dict(re.findall(r"^`([\w.]+)`:\n\n```\w+\n(.*?)```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the plug-in as pip installs it."""
    source, target = tmp_path_factory.mktemp("stripes"), tmp_path_factory.mktemp("installed")
    for name, text in blocks().items():
        (source / name).write_text(text, "utf-8")
    flags = ["--quiet", "--no-index", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *flags, "--target", str(target), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


def load(installed: Path) -> Generator:
    """Return the installed class's generator without installing it for this process."""
    specification = importlib.util.spec_from_file_location("livefeed_stripes", installed / "livefeed_stripes.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return cast(Generator, module.Stripes())


def test_the_page_shows_a_package_of_two_files_whose_generator_has_thirty_lines_at_most() -> None:
    files = blocks()
    assert files.keys() == {"pyproject.toml", "livefeed_stripes.py"}
    lines = [line for line in files["livefeed_stripes.py"].splitlines() if line.strip()]
    assert len(lines) <= 30


async def test_the_pages_generator_keeps_to_the_contract(installed: Path) -> None:
    generator = load(installed)
    assert isinstance(await end(generator, job(generator)), Picture)


async def test_a_server_offers_the_installed_plug_in_and_paints_with_it(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(installed))
    with ServerProcess(tmp_path / "data", workers=1) as server:
        async with livefeed.client.connect(server.url) as feed:
            offered = {one["name"]: one for one in orjson.loads(await feed.fetch("/api/generators"))["generators"]}
            assert next(iter(offered)) == "illustrator", "the default stays what it was"
            assert offered["stripes"]["title"] == "Stripes"
            told: list[Step] = []
            async for step in feed.generate(PROMPT, generator="stripes", width=256, height=264, steps=3, seed=5):
                told.append(step)
            assert isinstance(told[-1], Completed)
            assert any(isinstance(step, Preview) for step in told)
            file = await feed.download(told[-1].media["sha256"], 256)
    with Image.open(io.BytesIO(file)) as image:
        shown = image.convert("RGB")
    generator = load(installed)
    own = await end(generator, job(generator, prompt=PROMPT, width=256, height=264, steps=3, seed=5))
    assert isinstance(own, Picture)
    assert shown.size == own.image.size
    stripes = [(40, 100), (128, 100), (216, 100)]
    apart = ImageChops.difference(shown, own.image)
    different = apart.convert("L").point(lambda value: 255 * (value >= 8))
    assert not any(different.getpixel(place) for place in stripes), "the picture is that generator's"
    assert len({own.image.getpixel(place) for place in stripes}) == 3
