"""A real server with a worker, and real browsers looking at it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.integration.server_process import ServerProcess, until

ARGUMENTS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
DESKTOP = {"width": 1440, "height": 960}
PHONE = {"width": 390, "height": 844}
DEADLINE_MS = 20_000
PAINTING_MS = 120_000
AWAY = "ERR_INTERNET_DISCONNECTED"
NO_WORKER = "An unknown error occurred when fetching the script."
"""What Chromium itself writes where there is no network; the second of a service worker that it asks for just then."""
COMPLETE = "() => document.querySelector('livefeed-app')?.hasAttribute('data-complete') ?? true"

expect.set_options(timeout=DEADLINE_MS)  # five seconds are Playwright's own, too few where other tests run beside


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data", workers=1) as server:
        yield server


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Of a module, not of the session: its event loop must be gone before asyncio's own tests run.
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
    yield browser
    browser.close()


@dataclass
class Person:
    """Somebody with a browser of their own: cookies, storage, connection."""

    context: BrowserContext
    url: str
    complaints: list[str] = field(default_factory=list)

    @cached_property
    def page(self) -> Page:
        """What they look at; whoever only sends commands has none, which is much less to do for the machine."""
        page = self.context.new_page()
        page.set_default_timeout(DEADLINE_MS)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        return page

    @property
    def faults(self) -> list[str]:
        """What their pages complained about, but for what comes of a network that was away."""
        was_away = any(AWAY in text for text in self.complaints)
        return [text for text in self.complaints if AWAY not in text and not (was_away and NO_WORKER in text)]

    @property
    def request(self) -> APIRequestContext:
        return self.context.request

    def post(self, path: str, data: Any) -> Any:
        """Send a command with this person's cookie, as their page would."""
        response = self.request.post(self.url + path, data=data, headers={"Origin": self.url})
        assert response.ok, response.text()
        return response.json()

    def sign_in(self) -> None:
        """Become a guest, as a page does when it is opened, but without one."""
        self.post("/api/guests", {})

    def upload(self, picture: bytes, caption: str) -> dict[str, Any]:
        """Post a picture, and wait until the feeds have it, which they do a moment later: a page reads them once."""
        form: dict[str, Any] = {
            "image": {"name": "picture.png", "mimeType": "image/png", "buffer": picture},
            "caption": caption,
        }
        response = self.request.post(self.url + "/api/posts", multipart=form, headers={"Origin": self.url})
        assert response.status == 201, response.text()
        post: dict[str, Any] = response.json()["post"]
        for feed in ("all", f"user:{post['author']['handle']}", *(f"tag:{tag}" for tag in post["tags"])):
            until(lambda feed=feed: post["id"] in self._hanging(feed), f"{feed} has it", DEADLINE_MS / 1000)
        return post

    def _hanging(self, feed: str) -> list[str]:
        answer = self.request.get(f"{self.url}/api/feeds/{quote(feed, safe=':')}")
        assert answer.ok, answer.text()
        return [post["id"] for post in answer.json()["posts"]]

    def open(self, path: str = "/") -> None:
        """Open a page and wait until it is live and has all its parts, the keys among them."""
        self.page.goto(self.url + path)
        self.page.locator("[data-testid=connection][data-state=live]").first.wait_for(timeout=3 * DEADLINE_MS)
        self.page.wait_for_function(COMPLETE, timeout=3 * DEADLINE_MS)


@pytest.fixture
def people(browser: Browser, server: ServerProcess) -> Iterator[Any]:
    """Call it for one more person; whatever their pages complained about on the console fails the test."""
    everybody: list[Person] = []

    def come(**options: Any) -> Person:
        context = browser.new_context(**{"viewport": DESKTOP, "color_scheme": "dark", **options})
        person = Person(context, server.url)
        everybody.append(person)
        return person

    yield come
    faults = [fault for person in everybody for fault in person.faults]
    for person in everybody:
        person.context.close()
    assert faults == []


@pytest.fixture(scope="session")
def picture() -> bytes:
    """A small painting to upload."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(out, "PNG")
    return out.getvalue()
