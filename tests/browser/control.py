"""Whether this browser draws as the one did with which the stored looks were made: a page that is none of ours says so.

Not the version decides: a newer one that draws the same is as good. The page (`control/control.html`) has letters,
emoji, curves, shadows, gradients and fields, and its stored picture is of the same browser as the looks.
"""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.browser import visual

FOLDER = Path(__file__).parent / "control"
PAGE, STORED = FOLDER / "control.html", FOLDER / "control.webp"
REQUIRED = "LIVEFEED_LOOKS"
"""`required`: looks that cannot be compared fail. `.ci/run` sets it."""
ANEW = "`.venv/bin/python -m tests.browser.visual` makes looks and control anew; look at them before you commit them"


def drawn(browser: Browser, style: str = "") -> Image.Image:
    """Return how a browser draws the control. style: rules that are added to it."""
    context = browser.new_context(**visual.context_options(visual.THEMES["night"]))
    page = context.new_page()
    page.goto(PAGE.as_uri())
    page.add_style_tag(content=style or "/* none */")
    page.evaluate(READY)
    shot = page.locator("body").screenshot(animations="disabled")
    context.close()
    with Image.open(io.BytesIO(shot)) as image:
        return image.convert("RGB")


READY = """async () => {
  const asked = ['italic 420 28px Leaning', '600 14px Upright'];
  const fonts = await Promise.all(asked.map((font) => document.fonts.load(font)));
  if (fonts.some((found) => found.length !== 1)) throw new Error('a font of the control is not there');
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode()));
}"""


def difference(now: Image.Image) -> int:
    """Return in how many pixels a control differs from the stored one, as looks do; another size differs everywhere."""
    with Image.open(STORED) as stored:
        return visual.beyond(now, stored.convert("RGB"))


def unlike(pixels: int, made_with: Mapping[str, Any], here: Mapping[str, Any]) -> str:
    """Return why looks cannot be compared here; "" if they can.

    Not one pixel may differ more than the edge of a letter may in a look: where all of the control is as it was, 60
    pixels of a look are not the browser's doing.
    """
    if not pixels:
        return ""
    return (
        f"this browser draws the control otherwise, in {pixels} pixels: the looks were made with {_told(made_with)}, "
        f"and this is {_told(here)}. {ANEW}"
    )


def _told(surroundings: Mapping[str, Any]) -> str:
    return f"Chromium {surroundings['chromium']} (system fonts {surroundings['fonts']})"


def leave_out(why: str, environment: Mapping[str, str] = os.environ) -> NoReturn:
    """Skip the test; fail it where looks have to be compared."""
    if environment.get(REQUIRED) == "required":
        pytest.fail(why, pytrace=False)
    pytest.skip(why)


def store(browser: Browser) -> None:
    """Make the stored picture anew."""
    drawn(browser).save(STORED, lossless=True, quality=100, method=6)
