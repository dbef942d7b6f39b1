"""Take the pictures of docs/screenshots: a real server, real paintings, Chromium by day and by night.

Run: `make screenshots`, or some alone: `make screenshots ARGS="room post"`. It takes some minutes: every picture on
the wall is painted first. The machine needs a font with emoji, such as Debian's fonts-noto-color-emoji.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.hosts import host  # noqa: E402
from tests.browser.room_page import draw, wait_live  # noqa: E402
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
EASELS = {
    "desktop-dark": (
        "an arctic fox, first snow", "a cat in space, surfing a wave", "pink dahlias at midnight",
        "a whale in the hills at sunset", "a lighthouse made of sugar, evening tide", "two foxes sharing one umbrella",
    ),
    "desktop-light": (
        "a snail in the desert", "a hot air balloon over tulip fields", "a panda in the bamboo, morning fog",
        "a teapot garden at noon", "a quiet harbour", "a hare with a kite on the cliff",
    ),
    "phone-dark": (
        "a wolf under the aurora", "a jellyfish underwater, glowing", "a train across the canyon at dusk",
        "a dragon asleep on a volcano", "a lantern festival on the river",
    ),
    "phone-light": (
        "a rabbit reading under a cherry tree", "a penguin on a bicycle by the sea", "a bowl of oranges, watercolour",
        "a windmill in the vineyard", "a hedgehog with a balloon",
    ),
}  # fmt: skip
"""What is being painted while the wall is looked at."""
SHOWN_STEP = 6
"""So far a picture has come when its wall is shown."""
REMIXES = (
    ("the same at dawn, watercolour", 0.5),
    ("the same in heavy rain, neon at night", 0.6),
    ("a badger instead of the fox", 0.9),
)
KEPT = "a hedgehog with a lantern in an autumn forest at night"
TOGETHER = "a red fox in the snow at night, a lantern beside it, northern lights"
STROKES = (
    ((0.16, 0.2), (0.3, 0.12), (0.5, 0.2), (0.7, 0.1), (0.86, 0.18)),
    ((0.2, 0.28), (0.4, 0.22), (0.6, 0.3), (0.84, 0.24)),
)
MASK = ((0.62, 0.62), (0.74, 0.56), (0.84, 0.66), (0.72, 0.78), (0.6, 0.7), (0.7, 0.66))
TAGGED = {
    "mushrooms in a dark forest": "mushrooms in a dark forest #night",
    "a rocket over the city at night": "a rocket over the city #night",
    "city of coral under two moons": "city of coral under two moons #night",
    "an owl reading in a library": "an owl, reading late #night",
    "a red fox in the snow at night": "a red fox in the snow #night",
}
HOST = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The Night Notebook</title>
<style>
  body {
    margin: 0 auto;
    max-width: 1120px;
    padding: 40px 24px;
    font: 18px/1.65 Georgia, "DejaVu Serif", serif;
    color: light-dark(#2b2118, #e8e2d6);
    background: light-dark(#fbf7ef, #1c1b19);
  }
  h1 { font-size: clamp(30px, 4vw, 44px); line-height: 1.15; margin: 0 0 8px; }
  .line { color: light-dark(#75695a, #a79f90); margin: 0 0 28px; }
  main { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 520px); gap: 48px; align-items: start; }
  p { margin: 0 0 1em; }
  :root { color-scheme: light dark; }
  live-feed { --livefeed-panel: #fffdf8; --livefeed-ink: #2b2118; --livefeed-radius: 10px; }
  @media (prefers-color-scheme: dark) { live-feed { --livefeed-panel: #262421; --livefeed-ink: #eee8dc; } }
  @media (max-width: 800px) {
    main { display: flex; flex-direction: column; gap: 24px; align-items: stretch; }
    body { padding: 24px 16px; }
    live-feed { order: -1; }
  }
</style>
<h1>Painting after dark</h1>
<p class="line">From a notebook about pictures made at night</p>
<main>
  <div>
    <p>A lamp, a window, a fox that has not noticed us yet. Pictures of the night have little light to spend, and so
    they spend it with care: one lit window is enough to make a street, one moon enough to make snow.</p>
    <p>What hangs beside these lines is being painted while you read. Nobody has to reload: when somebody asks for the
    next night, it appears here stroke by stroke.</p>
    <p>The colours of the frame are those of this notebook, by day and by night, and the words are in its language.</p>
  </div>
  <live-feed src="{url}/embed/tag:night" height="760"></live-feed>
</main>
<script type="module" src="{url}/embed.js"></script>
"""
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
        if "storage_state" not in options:
            self.context.request.post(url + "/api/guests")
        self.handle = str(self.ask("/api/me", method="GET")["user"]["handle"])

    def ask(self, path: str, data: Any = None, method: str = "POST") -> Any:
        """Send a command; return its answer."""
        answer = self.context.request.fetch(self.url + path, method=method, data=data, headers={"Origin": self.url})
        if not answer.ok:
            raise SystemExit(f"{method} {path}: {answer.text()}")
        return answer.json() if answer.text() else None

    def paint(self, prompt: str, width: int = 768, height: int = 768, *, publish: bool = True) -> str:
        """Ask for a picture; return its id."""
        asked = {"prompt": prompt, "width": width, "height": height, "publish": publish}
        made = self.ask("/api/generations", asked)
        return str(made["id"])

    def wait_for(self, generation: str, *states: str, step: int = 0) -> None:
        """Wait until a picture has come so far, and to this step if it is still being painted."""
        deadline = time.monotonic() + 180
        while True:
            told = self.ask(f"/api/generations/{generation}", method="GET")["generation"]
            if told["state"] in states and (told["state"] != "running" or told.get("step", 0) >= step):
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"{generation} never came to {states}")
            time.sleep(0.1)


@dataclass(frozen=True)
class Day:
    """What has happened on the server when the pictures are taken."""

    host: Visitor
    """Whose pages are shown: has pictures, news, and people to follow."""
    picture: str
    """What only the host sees."""
    post: str
    room: str
    guests: Sequence[Visitor]


def live_through(browser: Browser, url: str) -> Day:
    """Paint a wall with several people, let them talk, remix and meet in a room."""
    host, *guests = people = [Visitor(browser, url, viewport=DESKTOP) for _ in range(4)]
    kept = host.paint(KEPT, 768, 960, publish=False)
    host.wait_for(kept, "completed")
    newest = ""
    for number, (prompt, width, height) in enumerate(WALL):
        painter = people[(number + 1) % len(people)]
        newest = painter.paint(prompt, width, height)
        painter.wait_for(newest, "completed")
        if caption := TAGGED.get(prompt):
            painter.ask(f"/api/posts/{newest}", {"caption": caption}, method="PATCH")
        for fan in people[: 1 + number % 4]:
            fan.ask(f"/api/posts/{newest}/reactions/{'🔥🌊💗👏'[number % 4]}", method="PUT")
    for person, text in zip(people, TALK, strict=True):
        person.ask(f"/api/posts/{newest}/comments", {"text": text})
        person.ask(f"/api/posts/{newest}/reactions/❄️", method="PUT")
    for guest in guests:
        host.ask(f"/api/users/{guest.handle}/follow", method="PUT")
        guest.ask(f"/api/users/{host.handle}/follow", method="PUT")
    parent = newest
    for guest, (prompt, strength) in zip(guests, REMIXES, strict=True):
        made = guest.ask("/api/generations", {"prompt": prompt, "parent": parent, "strength": strength})["id"]
        guest.wait_for(made, "completed")
        parent = parent if guest is guests[0] else made
    day = Day(host, kept, newest, meet(host, guests, newest), guests)
    for guest in guests:
        open_page(guest, "/")  # they stay, and look on
    return day


def meet(host: Visitor, guests: Sequence[Visitor], post: str) -> str:
    """Open a room on a post, let everybody in and draw, have two variations painted; return its id."""
    room = host.ask("/api/rooms", {"post": post})["room"]["id"]
    token = host.ask(f"/api/rooms/{room}/invites", {"role": "editor"})["token"]
    pages = []
    for guest in guests:
        guest.ask(f"/api/rooms/{room}/join", {"token": token})
        pages.append(guest.context.new_page())
        pages[-1].goto(f"{guest.url}/room/{room}")
        wait_live(pages[-1])
    pages[0].locator("[data-testid=room-prompt]").fill(TOGETHER)
    for page, stroke in zip(pages, STROKES, strict=False):
        draw(page, stroke)
    pages[2].get_by_role("button", name="Mask, where").click()
    draw(pages[2], MASK)
    for guest, text in zip(guests, ("only the corner, please", "the lights are yours", "voted"), strict=True):
        guest.ask(f"/api/rooms/{room}/messages", {"text": text})
    made = [guests[0].ask(f"/api/rooms/{room}/variations", {})["variation"]["id"] for _ in range(2)]
    for one in made:
        guests[0].wait_for(one, "completed")
    for guest in guests[:2]:
        guest.ask(f"/api/rooms/{room}/votes/{made[0]}", method="PUT")
    return str(room)


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


def feed(visitor: Visitor, day: Day, name: str) -> None:
    """The wall while the pictures of several people are being painted, and the sheet to ask for one."""
    painters = [painter for guest in day.guests for painter in (guest, visitor)]
    jobs = [(one, one.paint(prompt)) for one, prompt in zip(painters, EASELS[name], strict=False)]
    page = visitor.context.new_page()  # no `open_page`: while something is painted, the network is never idle
    page.goto(visitor.url + "/")
    page.locator("[data-testid=connection][data-state=live]").first.wait_for()
    painter, shown = jobs[1]
    painter.wait_for(shown, "running", "completed", step=SHOWN_STEP)
    page.wait_for_timeout(400)
    save(page, f"feed-{name}")
    page.locator("[data-testid=prompt-line], [data-testid=paint]").locator("visible=true").first.click()
    page.locator("[data-testid=prompt]").fill("two foxes sharing one umbrella, lantern light")
    page.wait_for_timeout(600)
    save(page, f"create-{name}")
    for painter, job in jobs:
        painter.context.request.delete(f"{visitor.url}/api/generations/{job}", headers={"Origin": visitor.url})


def room(visitor: Visitor, day: Day, name: str) -> None:
    """A room with its people in it, while a variation is being painted."""
    page = visitor.context.new_page()
    page.goto(f"{visitor.url}/room/{day.room}")
    wait_live(page)
    visitor.ask(f"/api/rooms/{day.room}/variations", {})
    page.wait_for_timeout(3_000)
    save(page, f"room-{name}")


def elsewhere(visitor: Visitor, day: Day, name: str) -> None:
    """The widget in a page of another site."""
    page = visitor.context.new_page()
    with host({"/": HOST.replace("{url}", visitor.url)}) as address:
        page.goto(address)
        page.frame_locator("live-feed iframe").first.locator("img").first.wait_for()
        page.wait_for_timeout(2_500)
        save(page, name)


def configurator(visitor: Visitor, day: Day, name: str) -> None:
    """Where the widget's code is put together."""
    page = visitor.context.new_page()
    page.goto(visitor.url + "/embed")
    page.frame_locator("iframe").first.locator("img").first.wait_for()
    page.wait_for_timeout(1_500)
    save(page, name)


def gallery(visitor: Visitor, day: Day, name: str) -> None:
    """The catalogue of components, at a picture in the making."""
    page = visitor.context.new_page()
    page.goto(visitor.url + "/gallery#generation-card")
    page.locator("gallery-page[data-complete]").wait_for(timeout=60_000)
    page.wait_for_timeout(1_500)
    save(page, name)


def empty(visitor: Visitor, day: Day, name: str) -> None:
    """A wall on which nothing hangs yet."""
    page = open_page(visitor, "/tag/nothinghereyet")
    page.locator("blank-canvas").first.wait_for()
    save(page, name)


def offline(visitor: Visitor, day: Day, name: str) -> None:
    """The feed as it was when the line was lost."""
    page = open_page(visitor, "/")
    visitor.context.set_offline(True)
    page.locator("[data-testid=connection][data-state=offline]").first.wait_for()
    page.wait_for_timeout(2_000)
    save(page, name)
    visitor.context.set_offline(False)


def nowhere(visitor: Visitor, day: Day, name: str) -> None:
    """An address at which there is nothing."""
    page = open_page(visitor, "/no/such/place")
    page.get_by_role("link", name="Back to the feed").first.wait_for()
    save(page, name)


def at(path: Callable[[Day], str]) -> Callable[[Visitor, Day, str], None]:
    """Return what shows a page that needs nothing but its address."""

    def show(visitor: Visitor, day: Day, name: str) -> None:
        page = open_page(visitor, path(day))
        page.wait_for_timeout(800)
        save(page, name)

    return show


SCENES: dict[str, Callable[[Visitor, Day, str], None]] = {
    "feed": feed,
    "post": at(lambda day: f"/post/{day.post}"),
    "picture": at(lambda day: f"/picture/{day.picture}"),
    "room": room,
    "profile": at(lambda day: f"/@{day.host.handle}"),
    "following": at(lambda day: "/following"),
    "search": at(lambda day: "/search?q=fox"),
    "news": at(lambda day: "/news"),
    "settings": at(lambda day: "/settings"),
    "tag": at(lambda day: "/tag/night"),
    "widget": elsewhere,
    "configurator": configurator,
    "gallery": gallery,
    "empty": empty,
    "offline": offline,
    "404": nowhere,
}


def shoot(browser: Browser, day: Day, scenes: Sequence[str]) -> None:
    """Take every picture, phone and desktop, night and day."""
    state = day.host.context.storage_state()
    for size, viewport in (("desktop", DESKTOP), ("phone", PHONE)):
        for scheme in ("dark", "light"):
            visitor = Visitor(
                browser, day.host.url, viewport=viewport, color_scheme=scheme, device_scale_factor=1,
                storage_state=state,
            )  # fmt: skip
            for scene in scenes:
                name = f"{size}-{scheme}"
                SCENES[scene](visitor, day, name if scene in ("feed", "room") else f"{scene}-{name}")
            visitor.context.close()


def main() -> None:
    """Make docs/screenshots anew, or the scenes that are named."""
    scenes = sys.argv[1:] or list(SCENES)
    if unknown := set(scenes) - set(SCENES):
        raise SystemExit(f"There is no scene {', '.join(sorted(unknown))}; there are {', '.join(SCENES)}.")
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
        shoot(browser, live_through(browser, server.url), scenes)
        browser.close()


if __name__ == "__main__":
    main()
