"""One connection for all tabs, the other road where WebSockets are blocked, and pages that nobody looks at."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.barrier import Barrier
from tests.browser.conftest import DEADLINE_MS, Person
from tests.integration.server_process import ServerProcess

LIVE = "[data-testid=connection][data-state=live]"
TALK = "[data-testid=comment-text]"
LONG_MS = 6 * 60_000
SHORT_MS = 100
HASTE = f"""{{
    const later = setTimeout;
    globalThis.setTimeout = (act, ms, ...given) => later(act, ms > 60_000 ? {SHORT_MS} : ms, ...given);
}}"""
"""What a page does after minutes, it does at once. Playwright's clock would put all tabs forward: one that is just
connecting would take that for a WebSocket that hangs."""
AWAY_MS = 4_000
"""Longer over a WebSocket is test_coming_back.py's."""
HIDE = """state => {
    Object.defineProperty(document, 'visibilityState', {configurable: true, get: () => state});
    document.dispatchEvent(new Event('visibilitychange'));
}"""


class Tabs:
    """The tabs of one person, and the WebSockets that they have open now."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.opened = 0
        self._sockets: list[Page] = []
        self._watch(person.page)

    @property
    def sockets(self) -> list[Page]:
        """The tabs that have a connection, each as often as it has one. A closed tab has none."""
        return [page for page in self._sockets if not page.is_closed()]

    def settle(self, *pages: Page) -> None:
        """Wait until just these have one: the browser tells of it a moment after it is so."""
        self.until(lambda: self.sockets == list(pages))

    def until(self, true: Callable[[], bool]) -> None:
        until_s = time.monotonic() + DEADLINE_MS / 1000
        while not true():
            assert time.monotonic() < until_s, self.sockets
            self.pages[-1].wait_for_timeout(50)

    @property
    def pages(self) -> list[Page]:
        return self.person.context.pages

    def come(self, path: str) -> Page:
        page = self.person.context.new_page()
        page.set_default_timeout(DEADLINE_MS)
        page.on("pageerror", lambda error: self.person.complaints.append(str(error)))
        self._watch(page)
        page.goto(self.person.url + path)
        page.locator(LIVE).first.wait_for(timeout=3 * DEADLINE_MS)
        return page

    def _watch(self, page: Page) -> None:
        def opened(socket: Any) -> None:
            if not socket.url.endswith("/ws"):
                return
            self.opened += 1
            self._sockets.append(page)
            socket.on("close", lambda _: self._sockets.remove(page))

        page.on("websocket", opened)


def here(page: Page, number: int) -> None:
    """Wait until the server says that so many are here."""
    expect(page.locator(LIVE).first).to_contain_text(f"{number} here", timeout=3 * DEADLINE_MS)


def say(person: Person, post: str, *texts: str) -> None:
    for text in texts:
        person.post(f"/api/posts/{post}/comments", {"text": text})


def test_tabs_share_one_connection_and_the_next_one_takes_over(people: Any, picture: bytes) -> None:
    """The server counts one; when the tab that has the connection is closed, the others miss and double nothing."""
    writer, reader = people(), people()
    writer.open()
    post = writer.upload(picture, "for several tabs")["id"]
    tabs = Tabs(reader)
    reader.open(f"/post/{post}")
    second, third = tabs.come(f"/post/{post}"), tabs.come("/")
    tabs.settle(reader.page)
    here(writer.page, 2)
    here(third, 2)

    say(writer, post, "one", "two")
    for page in (reader.page, second):
        expect(page.locator(TALK)).to_have_text(["one", "two"])
    reader.page.close()
    say(writer, post, "three", "four", "five")
    expect(second.locator(TALK)).to_have_text(["one", "two", "three", "four", "five"])
    expect(second.locator(LIVE).first).to_be_visible(timeout=3 * DEADLINE_MS)
    tabs.until(lambda: tabs.sockets in ([second], [third]))
    say(writer, post, "six")
    expect(second.locator(TALK)).to_have_text(["one", "two", "three", "four", "five", "six"])
    here(writer.page, 2)
    assert tabs.opened == 2


def test_a_tab_in_a_room_shares_the_connection_too(people: Any, picture: bytes) -> None:
    """What is said in the room comes over the connection that another tab has."""
    owner = people()
    tabs = Tabs(owner)
    owner.open()
    post = owner.upload(picture, "a picture for a room")["id"]
    room = owner.post("/api/rooms", {"post": post})["room"]["id"]
    page = tabs.come(f"/room/{room}")
    tabs.settle(owner.page)
    owner.post(f"/api/rooms/{room}/messages", {"text": "said from elsewhere"})
    expect(page.get_by_text("said from elsewhere")).to_be_visible()
    owner.page.close()
    owner.post(f"/api/rooms/{room}/messages", {"text": "said after the other tab"})
    expect(page.get_by_text("said after the other tab")).to_be_visible(timeout=3 * DEADLINE_MS)
    tabs.settle(page)


def test_different_people_share_nothing(people: Any) -> None:
    """Each browser has its own, and is counted as one."""
    one, other = people(), people()
    mine, theirs = Tabs(one), Tabs(other)
    one.open()
    other.open()
    here(one.page, 2)
    mine.settle(one.page)
    theirs.settle(other.page)


def test_a_tab_whose_person_has_changed_joins_the_others_of_the_new_one(people: Any, picture: bytes) -> None:
    """The cookie is all tabs': when it is another's, the tabs are found together on one connection of that one.

    What the first one liked is not the other's.
    """
    person = people()
    tabs = Tabs(person)
    person.sign_in()
    post = person.upload(picture, "liked by whom")["id"]
    path = f"{person.url}/api/posts/{post}/reactions/%F0%9F%A6%8A"
    assert person.request.put(path, headers={"Origin": person.url}).ok
    person.open(f"/post/{post}")
    mine = person.page.locator("post-view reaction-row [aria-pressed=true]")
    expect(mine).to_have_count(1)
    person.context.clear_cookies()
    second = tabs.come("/")  # becomes somebody else
    tabs.settle(person.page, second)
    person.context.set_offline(True)
    expect(person.page.locator("[data-testid=connection][data-state=offline]").first).to_be_visible()
    person.context.set_offline(False)
    for page in (person.page, second):
        page.locator(LIVE).first.wait_for(timeout=3 * DEADLINE_MS)
    tabs.until(lambda: len(tabs.sockets) == 1)
    here(second, 1)
    expect(mine).to_have_count(0)
    expect(person.page.locator("post-view reaction-row [aria-pressed=false]")).not_to_have_count(0)


@pytest.fixture
def barrier(server: ServerProcess) -> Iterator[Barrier]:
    with Barrier(server.url) as barrier:
        yield barrier


def test_where_websockets_are_blocked_the_page_is_live_by_events(
    people: Any, picture: bytes, barrier: Barrier, server: ServerProcess
) -> None:
    """Comments, new pictures and counts come; what is said goes; being offline loses nothing."""
    writer, reader = people(), people()
    writer.sign_in()
    post = writer.upload(picture, "behind a barrier")["id"]
    reader.url = barrier.url
    reader.open(f"/post/{post}")
    assert barrier.refused >= 2
    say(writer, post, "one", "two")
    expect(reader.page.locator(TALK)).to_have_text(["one", "two"])
    reader.context.set_offline(True)
    expect(reader.page.locator("[data-testid=connection][data-state=offline]").first).to_be_visible()
    told = [f"while away {number}" for number in range(10)]
    say(writer, post, *told)
    reader.page.wait_for_timeout(AWAY_MS)
    reader.context.set_offline(False)
    expect(reader.page.locator(TALK)).to_have_text(["one", "two", *told], timeout=3 * DEADLINE_MS)
    say(reader, post, "said from behind")
    expect(reader.page.locator(TALK).last).to_have_text("said from behind")
    # A refused WebSocket is the browser's own complaint.
    reader.complaints[:] = [text for text in reader.complaints if not re.search(r"WebSocket connection|ERR_", text)]


def test_a_page_that_is_hidden_for_long_lets_go_and_comes_back_by_its_position(people: Any, picture: bytes) -> None:
    """Nothing is open meanwhile; what happened is there when it is looked at again, each once."""
    writer, reader = people(), people()
    writer.open()
    post = writer.upload(picture, "seen later")["id"]
    tabs = Tabs(reader)
    reader.page.clock.install()
    reader.open(f"/post/{post}")
    say(writer, post, "before")
    expect(reader.page.locator(TALK)).to_have_text(["before"])
    reader.page.evaluate(HIDE, "hidden")
    reader.page.clock.fast_forward(LONG_MS)
    expect(writer.page.locator(LIVE).first).to_contain_text("1 here", timeout=3 * DEADLINE_MS)
    tabs.settle()
    say(writer, post, "one", "two", "three")
    reader.page.evaluate(HIDE, "visible")
    expect(reader.page.locator(TALK)).to_have_text(["before", "one", "two", "three"], timeout=3 * DEADLINE_MS)
    tabs.settle(reader.page)


def test_the_visible_tab_leads_when_the_one_that_led_goes_to_sleep(people: Any, picture: bytes) -> None:
    """The connection moves to who is looked at; both have everything in the end."""
    writer, reader = people(), people()
    writer.sign_in()
    post = writer.upload(picture, "one sleeps")["id"]
    tabs = Tabs(reader)
    reader.page.add_init_script(HASTE)
    reader.open(f"/post/{post}")
    second = tabs.come(f"/post/{post}")
    reader.page.evaluate(HIDE, "hidden")
    say(writer, post, "one", "two")
    expect(second.locator(TALK)).to_have_text(["one", "two"], timeout=3 * DEADLINE_MS)
    tabs.settle(second)
    reader.page.evaluate(HIDE, "visible")
    expect(reader.page.locator(TALK)).to_have_text(["one", "two"], timeout=3 * DEADLINE_MS)
    tabs.settle(second)


def test_the_last_feed_is_there_without_a_network_and_goes_on_from_where_it_was(people: Any, picture: bytes) -> None:
    """What was deleted meanwhile leaves, what is new waits behind the pill; somebody else finds nothing."""
    writer, reader = people(), people()
    writer.sign_in()
    kept, deleted = (writer.upload(picture, caption)["id"] for caption in ("kept", "deleted meanwhile"))
    reader.open()
    for post in (kept, deleted):
        card(reader.page, post).wait_for()
    until_kept(reader.page, deleted)

    reader.context.route("**/api/**", lambda route: route.abort())
    reader.page.reload()
    for post in (kept, deleted):
        card(reader.page, post).wait_for()
    expect(reader.page.locator("[data-testid=connection][data-state=offline]").first).to_be_visible()
    response = writer.request.delete(f"{writer.url}/api/posts/{deleted}", headers={"Origin": writer.url})
    assert response.ok
    new = writer.upload(picture, "new meanwhile")["id"]
    reader.context.unroute("**/api/**")
    expect(card(reader.page, deleted)).to_have_count(0, timeout=3 * DEADLINE_MS)
    reader.page.locator("[data-testid=new-pill]").click(timeout=3 * DEADLINE_MS)
    card(reader.page, new).wait_for()
    expect(card(reader.page, kept)).to_have_count(1)

    reader.context.clear_cookies()
    reader.page.reload()
    reader.page.locator(LIVE).first.wait_for(timeout=3 * DEADLINE_MS)
    somebody_else = reader.request.get(reader.url + "/api/me").json()["user"]["id"]
    until_kept(reader.page, new, somebody_else)
    reader.complaints[:] = [text for text in reader.complaints if "ERR_FAILED" not in text]


BOOK = """() => new Promise((resolve) => {
    const opening = indexedDB.open('livefeed', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('last-feed');
    opening.onsuccess = () => {
        const reading = opening.result.transaction('last-feed').objectStore('last-feed').get('book');
        reading.onsuccess = () => { opening.result.close(); resolve(reading.result ?? null); };
    };
})"""


def until_kept(page: Page, post: str, person: str = "") -> None:
    """Wait until the browser keeps a feed with this post, and for this person if one is given."""
    for _ in range(DEADLINE_MS // 100):
        book = page.evaluate(BOOK)
        whose = book and person in ("", book["person"])
        if whose and any(one["id"] == post for feed in book["feeds"] for one in feed["posts"]):
            return
        page.wait_for_timeout(100)
    raise AssertionError("it was not kept")


def card(page: Page, post: str) -> Any:
    return page.locator(f"[data-testid=post-card][data-post='{post}']")
