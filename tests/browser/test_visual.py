"""Every component looks as it did: the gallery's specimens against stored pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browser import control, visual
from tests.browser.gallery import SHOWN
from tests.browser.waiting import at_full_count
from tests.integration.server_process import ROOT, ServerProcess
from tests.soak import FULL


@pytest.fixture(scope="module")
def pixels(browser: Browser) -> int:
    """In how many pixels the control is another one here."""
    return control.difference(control.drawn(browser))


@pytest.fixture
def gallery(browser: Browser, server: ServerProcess, pixels: int) -> Iterator[Any]:
    """Call it with a theme for the gallery in it; leaves out the test where other pixels are to be expected."""
    contexts = []

    def opened(theme: str) -> Page:
        look = visual.THEMES[theme]
        context = browser.new_context(**visual.context_options(look))
        contexts.append(context)
        page = context.new_page()
        visual.open_gallery(page, server.url, look)
        made_with = json.loads(visual.MADE_WITH.read_text("utf-8"))
        if why := control.unlike(pixels, made_with, visual.surroundings(browser, page)):
            control.leave_out(why)
        return page

    yield opened
    for context in contexts:
        context.close()


BRIEFLY = (
    "colours",
    "buttons",
    "generation-card",
    "feed-wall",
    "toast-stack",
    "comment-thread",
    "top-bar",
    "post-view",
    "profile-head",
    "news-page",
    "settings-page",
    "share-sheet",
    "room-page",
    "live-feed",
)
"""What nearly all the others are parts of, or made like: so many are looked at where everybody waits."""


@pytest.mark.soak
@pytest.mark.parametrize(
    "theme",
    ["night", pytest.param("day-rtl", marks=at_full_count), pytest.param("phone", marks=at_full_count)],
)
def test_every_specimen_looks_as_it_did(gallery: Any, tmp_path_factory: pytest.TempPathFactory, theme: str) -> None:
    folder = tmp_path_factory.mktemp("looks")
    page, other, only = gallery(theme), {}, visual.THEMES[theme].only
    for name, look in visual.specimens(page, only if FULL else BRIEFLY):
        if told := _different(theme, name, look, folder):
            other[name] = told
    assert other == {}
    stored = {path.name.split(".")[0] for path in visual.STORED.glob(f"*.{theme}.webp")} - {visual.CONFIGURATOR}
    assert stored == set(only or page.evaluate(SHOWN)), "`.venv/bin/python -m tests.browser.visual` makes them anew"


@pytest.mark.soak
@at_full_count
@pytest.mark.parametrize("theme", ["night", "day-rtl"])
def test_the_configurator_looks_as_it_did(
    gallery: Any, server: ServerProcess, tmp_path_factory: pytest.TempPathFactory, theme: str
) -> None:
    look = visual.configurator(gallery(theme).context.new_page(), server.url)
    assert _different(theme, visual.CONFIGURATOR, look, tmp_path_factory.mktemp("looks")) == ""


def _different(theme: str, name: str, look: Image.Image, folder: Path) -> str:
    """Say in how many pixels a look is another one, and where both are; "" if it is not."""
    stored = visual.path_of(theme, name)
    assert stored.is_file(), f"there is no stored picture of {name}: .venv/bin/python -m tests.browser.visual"
    with Image.open(stored) as picture:
        pixels = visual.difference(look, picture.convert("RGB"))
    if pixels < visual.SPOT:
        return ""
    look.save(folder / stored.name)
    made = json.loads(visual.MADE_WITH.read_text("utf-8"))["chromium"]
    return f"{pixels} pixels, made with Chromium {made}, now {folder / stored.name}, before {stored}"


OTHERWISE = {
    "letters": "h1 { letter-spacing: 0.2px }",
    "weight": "b { font-weight: 650 }",
    "hinting": "body { text-rendering: geometricPrecision }",
    "emoji": ".emoji { font-family: 'DejaVu Sans' }",
    "shadows": ".hung { box-shadow: none }",
    "gradients": ".lit { filter: brightness(0.9) }",
    "pictures": "img { image-rendering: pixelated }",
    "curves": ".lit { border-radius: 6px }",
}


@pytest.mark.soak
@pytest.mark.parametrize(
    "what", [name if name == "emoji" else pytest.param(name, marks=at_full_count) for name in OTHERWISE]
)
def test_a_browser_that_draws_otherwise_is_noticed(browser: Browser, pixels: int, what: str) -> None:
    """And one that does not is not, whatever its version: here is the same page without any of it."""
    if pixels:
        control.leave_out(f"the control differs in {pixels} pixels without any of it. {control.ANEW}")
    assert control.difference(control.drawn(browser, OTHERWISE[what])) > 0


MADE_WITH = {"chromium": "1.2.3", "fonts": [1, 2, 3]}
HERE = {"chromium": "4.5.6", "fonts": [1, 2, 4]}


def test_not_the_version_decides_whether_looks_are_compared_but_what_the_browser_draws() -> None:
    assert control.unlike(0, MADE_WITH, HERE) == ""
    why = control.unlike(7, MADE_WITH, HERE)
    for told in ("7 pixels", "1.2.3", "4.5.6", "[1, 2, 3]", "[1, 2, 4]", "python -m tests.browser.visual"):
        assert told in why


def test_looks_that_cannot_be_compared_are_skipped_and_fail_a_submission() -> None:
    with pytest.raises(pytest.skip.Exception, match="drawn otherwise"):
        control.leave_out("drawn otherwise", {})
    with pytest.raises(pytest.fail.Exception, match="drawn otherwise"):
        control.leave_out("drawn otherwise", {control.REQUIRED: "required"})
    assert f"export {control.REQUIRED}=required" in (ROOT / ".ci" / "run").read_text("utf-8")


CHANGES = {
    "dab-row": ":root { --lean: -8deg }",
    "live-status": ":root { --ink2: #a0a09a }",
    "buttons": ":root { --edge: #50524f }",
}


@pytest.mark.soak
@at_full_count
def test_another_look_is_noticed(gallery: Any) -> None:
    """A dab that leans less, words that are fainter, an outline that is: each is told from the stored picture."""
    page = gallery("night")
    before = _differences(page)
    assert max(before.values()) < visual.SPOT, before
    page.add_style_tag(content="\n".join(CHANGES.values()))
    after = _differences(page)
    assert min(after.values()) >= visual.SPOT, after


def _differences(page: Page) -> dict[str, int]:
    """Return in how many pixels each of those specimens differs from its stored picture."""
    found = {}
    for name, look in visual.specimens(page, CHANGES):
        with Image.open(visual.path_of("night", name)) as stored:
            found[name] = visual.difference(look, stored.convert("RGB"))
    return found
