"""Take the pictures of docs/screenshots: a real server, real paintings, Chromium by day and by night.

Run: `make screenshots`. It takes some minutes: every picture on the wall is painted first. The machine needs a font
with emoji, such as Debian's fonts-noto-color-emoji.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.integration.server_process import ServerProcess  # noqa: E402

OUT = ROOT / "docs" / "screenshots"
DESKTOP = {"width": 1440, "height": 960}
PHONE = {"width": 390, "height": 844}
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]

WALL = (
    ("a lighthouse by the sea in fog", 768, 960),
    ("a robot playing guitar in a meadow", 768, 768),
    ("mushrooms in a dark forest", 768, 576),
    ("a blue dragon before the rain", 768, 768),
    ("a rocket over the city at night", 640, 960),
    ("a turtle underwater", 960, 720),
    ("an owl reading in a library", 768, 768),
    ("city of coral under two moons", 960, 640),
    ("an astronaut cat surfing a giant wave at sunset", 768, 960),
    ("a bowl of ramen on a wooden table", 768, 768),
    ("bouquet of sunflowers, after van gogh", 768, 960),
    ("a red fox in the snow at night", 768, 960),
)
EASEL = ("a whale in the hills at sunset", "two foxes sharing one umbrella", "a snail in the desert", "a quiet harbour")
TALK = (
    "the moon did all the work here",
    "seed please? the trees are perfect",
    "I watched it from the first stroke",
    "what if the moon were closer",
)


class Visitor:
    """A guest with cookies of their own."""

    def __init__(self, browser: Browser, url: str, **options: Any) -> None:
        self.url = url
        self.context: BrowserContext = browser.new_context(**options)
        self.context.request.post(url + "/api/guests")

    def ask(self, path: str, data: Any = None, method: str = "POST") -> Any:
        """Send a command; return its answer."""
        answer = self.context.request.fetch(self.url + path, method=method, data=data, headers={"Origin": self.url})
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.text()}")
        return answer.json() if answer.text() else None

    def paint(self, prompt: str, width: int = 768, height: int = 768) -> str:
        """Ask for a picture; return its id."""
        made = self.ask("/api/generations", {"prompt": prompt, "width": width, "height": height})
        return str(made["id"])

    def wait_for(self, generation: str, *states: str) -> None:
        """Wait until a picture has come so far."""
        deadline = time.monotonic() + 180
        while self.ask(f"/api/generations/{generation}", method="GET")["generation"]["state"] not in states:
            if time.monotonic() > deadline:
                raise SystemExit(f"{generation} never came to {states}")
            time.sleep(0.2)


def fill(browser: Browser, url: str) -> str:
    """Paint a wall with several people, let them talk; return the post to show."""
    people = [Visitor(browser, url) for _ in range(4)]
    newest = ""
    for number, (prompt, width, height) in enumerate(WALL):
        painter = people[number % len(people)]
        newest = painter.paint(prompt, width, height)
        painter.wait_for(newest, "completed")
        for fan in people[: 1 + number % 4]:
            fan.ask(f"/api/posts/{newest}/reactions/{'🔥🌊💗👏'[number % 4]}", method="PUT")
    for person, text in zip(people, TALK, strict=True):
        person.ask(f"/api/posts/{newest}/comments", {"text": text})
        person.ask(f"/api/posts/{newest}/reactions/❄️", method="PUT")
    return newest


def open_page(visitor: Visitor, path: str) -> Page:
    """Open a page and wait until it is live and its pictures are there."""
    page = visitor.context.new_page()
    page.goto(visitor.url + path)
    page.locator("[data-testid=connection][data-state=live]").first.wait_for()
    page.wait_for_load_state("networkidle")
    return page


def save(page: Page, name: str) -> None:
    """Keep what is on screen, small enough for a repository."""
    with Image.open(io.BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").save(OUT / f"{name}.webp", quality=88, method=6)


def shoot(browser: Browser, url: str, post: str) -> None:
    """Take every picture, phone and desktop, night and day."""
    for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        for scheme in ("dark", "light"):
            visitor = Visitor(browser, url, viewport=viewport, color_scheme=scheme, device_scale_factor=1)
            jobs = [visitor.paint(prompt) for prompt in EASEL]
            page = open_page(visitor, "/")
            visitor.wait_for(jobs[0], "running", "completed")
            page.wait_for_timeout(4_000)
            save(page, f"feed-{size}-{scheme}")
            page.locator("[data-testid=prompt-line], [data-testid=paint]").locator("visible=true").first.click()
            page.locator("[data-testid=prompt]").fill("two foxes sharing one umbrella, lantern light")
            page.wait_for_timeout(600)
            save(page, f"create-{size}-{scheme}")
            page = open_page(visitor, f"/post/{post}")
            page.wait_for_timeout(800)
            save(page, f"post-{size}-{scheme}")
            for job in jobs:
                visitor.context.request.delete(f"{url}/api/generations/{job}", headers={"Origin": url})
            visitor.context.close()


def main() -> None:
    """Make docs/screenshots anew."""
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if chromium is None:
        raise SystemExit("There is no Chromium: apt-get install chromium.")
    OUT.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        ServerProcess(Path(folder) / "data", workers=1) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        shoot(browser, server.url, fill(browser, server.url))
        browser.close()


if __name__ == "__main__":
    main()
