"""The gallery's specimens as pictures, and the widget's configurator; and how two pictures of one are compared.

`python -m tests.browser.visual` makes the stored ones anew; look at them before you commit them.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, ImageFilter, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

STORED = Path(__file__).parent / "visual"
MADE_WITH = STORED / "made-with.json"
WIDTH, HEIGHT = 1180, 6200
PHONE_WIDTH = 390
ON_A_PHONE = (
    "bottom-bar",
    "create-sheet",
    "keys-sheet",
    "news-page",
    "people-sheet",
    "post-view",
    "profile-page",
    "room-list",
    "room-page",
    "search-page",
    "settings-page",
    "share-sheet",
    "top-bar",
)
"""What stands differently where it is narrow: places and sheets."""
CONFIGURATOR = "configurator"
CONFIGURATOR_HEIGHT = 800
"""Of the window at first, px: it becomes as high as what it shows."""


@dataclass(frozen=True, slots=True)
class Theme:
    """How the gallery is looked at. only: names of the specimens, without any all."""

    scheme: str
    rtl: bool = False
    width: int = WIDTH
    only: Collection[str] = ()


THEMES = {
    "night": Theme("dark"),
    "day-rtl": Theme("light", rtl=True),
    "phone": Theme("dark", width=PHONE_WIDTH, only=ON_A_PHONE),
}
TIME = 1_795_000_000
"""What the page's clock says, seconds."""
READY_S = 60
"""So long may the gallery take to be drawn, seconds."""
SETTLE_MS, FRAME_MS = 1_000, 50
"""How long the page has, by its own clock, to come to rest: at first, and where it is scrolled to."""
MARGIN = 20
"""Room above the first specimen in the window, px."""
NATIVE = "window.nativeFrame = requestAnimationFrame.bind(window)"
"""Real frames, for when the page's clock stands still."""
FRAMES = "const frames = () => new Promise((resolve) => nativeFrame(() => nativeFrame(resolve)));"
LETTERS = """() => Promise.all(
  ['italic 420 17px Newsreader', '500 14px Figtree'].map((font) => document.fonts.load(font)),
).then(() => document.fonts.ready).then(() => true)"""
"""Wait for our fonts."""
SCROLL = f"""async (top) => {{
  {FRAMES}
  scrollTo(0, top);
  await frames();
}}"""
PICTURES = f"""async () => {{
  {FRAMES}
  const pictures = (root) => [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.localName === 'img' && element.getAttribute('src') ? [element] : []),
    ...(element.shadowRoot ? pictures(element.shadowRoot) : []),
    ...(element.contentDocument ? pictures(element.contentDocument) : []),
  ]);
  let drawn = -1;
  for (let found = pictures(document); found.length !== drawn; found = pictures(document)) {{
    drawn = found.length;
    await Promise.all(found.map((picture) => {{
      picture.loading = 'eager';
      return picture.decode().catch(() => undefined);
    }}));
    await frames();
  }}
}}"""
"""Wait until every picture is drawn."""
ELSEWHERE = """() => {
  const fields = (root) => [...root.querySelectorAll('*')].flatMap((element) => [
    ...(element.matches('input, textarea') ? [element] : []),
    ...(element.shadowRoot ? fields(element.shadowRoot) : []),
  ]);
  for (const field of fields(document)) field.value = field.value.replaceAll(location.origin, 'https://feed.example');
}"""
"""Addresses that are shown begin alike, whatever the server's port."""
BITS = 5
"""Of each channel of a stored picture: few enough for a repository. What one pixel becomes hangs on no other, as it
would with a palette, where one more state could repaint a colour that few pixels have."""
CHANGED = 24
"""A pixel is another one when a channel is by so much beyond all that the other picture has around it: the softened
edge of a letter may move by a pixel, a line may not be fainter."""
SPOT = 60
"""So many other pixels are another look: a dab, a letter, the outline of a button."""
FONTS = """() => {
  const context = document.createElement('canvas').getContext('2d');
  return ['🔥❄️👏', 'باقة من عبّاد الشمس', '○●'].map((text) => {
    context.font = '40px Figtree, sans-serif';
    return Math.round(context.measureText(text).width);
  });
}"""
"""How wide the system's own fonts set what ours have no letters for."""


def context_options(theme: Theme) -> dict[str, Any]:
    """Return the options of a browser context in which nothing depends on the machine."""
    return {
        "viewport": {"width": theme.width, "height": HEIGHT},
        "color_scheme": theme.scheme,
        "reduced_motion": "reduce",
        "device_scale_factor": 1,
        "locale": "en-GB",
        "timezone_id": "UTC",
    }


def open_gallery(page: Page, url: str, theme: Theme) -> None:
    """Open the gallery and wait until all of it stands still."""
    _stop_clock(page)
    page.goto(url + "/gallery")
    page.locator("gallery-page").wait_for(timeout=READY_S * 1_000)
    complete = time.monotonic() + READY_S
    while not page.locator("gallery-page[data-complete]").count():
        # What changes often is drawn by a clock of its own.
        page.clock.run_for(FRAME_MS)
        assert time.monotonic() < complete, "the gallery was never drawn whole"
    page.add_style_tag(content="gallery-page { --step: 0ms; --quick: 0ms; --far: visible; }")
    page.evaluate(LETTERS)
    if theme.rtl:
        page.get_by_role("button", name="Right to left").click()
    page.clock.run_for(SETTLE_MS)
    page.evaluate(ELSEWHERE)
    page.evaluate(PICTURES)


def configurator(page: Page, url: str) -> Image.Image:
    """Return how the widget's configurator looks; the widget in it is the gallery's affair."""
    _stop_clock(page)
    page.goto(url + "/embed")
    page.locator("textarea").first.wait_for()
    page.evaluate(LETTERS)
    page.clock.run_for(SETTLE_MS)
    page.evaluate(ELSEWHERE)
    page.set_viewport_size({"width": WIDTH, "height": CONFIGURATOR_HEIGHT})
    height = page.evaluate("document.querySelector('main').getBoundingClientRect().bottom")
    page.set_viewport_size({"width": WIDTH, "height": round(height)})
    look = {"animations": "disabled", "style": "iframe { visibility: hidden }"}
    page.screenshot(**look)  # what the window did not reach before may be drawn only behind it
    with Image.open(io.BytesIO(page.screenshot(**look))) as shot:
        return shot.convert("RGB")


def _stop_clock(page: Page) -> None:
    """Let the page's clock go on only when it is told to: however slow the machine, as much time has passed."""
    page.add_init_script(NATIVE)
    page.clock.install(time=TIME)
    page.clock.pause_at(TIME + 1)


def specimens(page: Page, only: Collection[str] = ()) -> Iterator[tuple[str, Image.Image]]:
    """Go through the gallery, as many specimens at a time as the window holds; yield each one's name and look.

    only: names of those to look at; without any, all.
    """
    places = page.evaluate(
        """() => [...document.querySelector('gallery-page').shadowRoot.querySelectorAll('article')].map((article) => {
          const { x, y, width, height } = article.getBoundingClientRect();
          return [article.id, Math.round(x), Math.round(y + scrollY), Math.round(width), Math.round(height)];
        })"""
    )
    places = [place for place in places if not only or place[0] in only]
    while places:
        top, window = places[0][2] - MARGIN, HEIGHT
        page.evaluate(SCROLL, top)
        page.clock.run_for(FRAME_MS)
        page.evaluate(PICTURES)
        scrolled = page.evaluate("scrollY")
        shot = page.screenshot(animations="disabled", style=":host(gallery-page) > header { visibility: hidden }")
        with Image.open(io.BytesIO(shot)) as whole:
            while places and places[0][2] + places[0][4] <= scrolled + window:
                name, x, y, width, height = places.pop(0)
                yield name, whole.crop((x, y - scrolled, x + width, y - scrolled + height)).convert("RGB")
        assert not places or places[0][2] - MARGIN > top, f"{places[0][0]} is higher than the window"


def difference(now: Image.Image, stored: Image.Image) -> int:
    """Return in how many pixels two looks differ; another size differs everywhere."""
    return beyond(few(now), stored)


def beyond(now: Image.Image, stored: Image.Image) -> int:
    """Return in how many pixels two pictures differ by more than the edge of a letter may; another size in all."""
    if now.size != stored.size:
        return now.width * now.height
    if ImageChops.difference(now, stored).getbbox() is None:
        return 0
    return _beyond(now, stored) + _beyond(stored, now)


def _beyond(one: Image.Image, other: Image.Image) -> int:
    """Return how many pixels of a picture are lighter or darker than all that the other has around them."""
    lighter = ImageChops.subtract(one, other.filter(ImageFilter.MaxFilter(3)))
    darker = ImageChops.subtract(other.filter(ImageFilter.MinFilter(3)), one)
    red, green, blue = ImageChops.lighter(lighter, darker).split()
    strongest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return sum(strongest.histogram()[CHANGED:])


def few(image: Image.Image) -> Image.Image:
    """Return a picture in as few colours as stored ones have."""
    return ImageOps.posterize(image, BITS)


def path_of(theme: str, specimen: str) -> Path:
    return STORED / f"{specimen}.{theme}.webp"


def _store(theme: str, name: str, look: Image.Image) -> None:
    few(look).save(path_of(theme, name), lossless=True, method=6)


def surroundings(browser: Browser, page: Page) -> dict[str, Any]:
    """Return what else decides about pixels: the browser's version, and the system's fonts."""
    return {"chromium": browser.version, "fonts": page.evaluate(FONTS)}


def main() -> None:
    """Make the stored pictures anew, and the control with which their browser is compared with others."""
    from tests.browser import control
    from tests.browser.conftest import ARGUMENTS
    from tests.conftest import BROWSERS
    from tests.integration.server_process import ServerProcess

    chromium = os.environ.get("LIVEFEED_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        raise SystemExit("There is no Chromium: apt-get install chromium.")
    shutil.rmtree(STORED, ignore_errors=True)
    STORED.mkdir()
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data") as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        control.store(browser)
        for name, theme in THEMES.items():
            page = browser.new_context(**context_options(theme)).new_page()
            open_gallery(page, server.url, theme)
            MADE_WITH.write_text(json.dumps(surroundings(browser, page)) + "\n", "utf-8")
            for specimen, look in specimens(page, theme.only):
                _store(name, specimen, look)
            if not theme.only:
                _store(name, CONFIGURATOR, configurator(page.context.new_page(), server.url))
        browser.close()
    size = sum(path.stat().st_size for path in STORED.iterdir())
    print(f"{len(list(STORED.glob('*.webp')))} pictures, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
