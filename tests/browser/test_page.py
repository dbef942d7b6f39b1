"""The page's other everyday things."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DEADLINE_MS, DESKTOP, PHONE
from tests.browser.waiting import at_full_count, wait_for, wait_until

TEN_MINUTES_FAST = "{ const now = Date.now.bind(Date); Date.now = () => now() + 600_000; }"
"""What the clock of some computers is."""
SMALL = {"width": 320, "height": 568}
NO_WIDER = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def test_a_newcomer_is_a_guest_with_a_name_and_can_take_another(people: Any) -> None:
    guest = people()
    guest.open()
    cookie = next(cookie for cookie in guest.context.cookies() if cookie["name"] == "livefeed")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    user = guest.request.get(guest.url + "/api/me").json()["user"]
    another_tab = guest.context.new_page()
    another_tab.goto(f"{guest.url}/@{user['handle']}")
    expect(another_tab.locator("profile-head")).to_contain_text(user["handle"])
    guest.page.locator("[data-testid=me]").first.click()
    guest.page.locator("input[name=handle]").fill("patient-lamp")
    guest.page.get_by_role("button", name="Rename").click()
    expect(guest.page.get_by_role("button", name="You, patient-lamp")).to_be_visible(timeout=DEADLINE_MS)
    assert guest.request.get(guest.url + "/api/me").json()["user"]["handle"] == "patient-lamp"
    expect(another_tab.locator("profile-head")).to_contain_text("patient-lamp")
    assert another_tab.url == f"{guest.url}/@patient-lamp"
    # Whoever has the old name before their eyes follows the same person.
    reader = people()
    reader.open()
    answer = reader.request.put(f"{guest.url}/api/users/{user['id']}/follow", headers={"Origin": guest.url})
    assert answer.status == 204, answer.text()


def test_an_upload_appears_at_others_and_its_deletion_too(people: Any, picture: bytes) -> None:
    author, reader = people(), people()
    author.sign_in()
    before = author.upload(picture, "something to begin with")
    reader.context.add_init_script(TEN_MINUTES_FAST)
    reader.open()
    old = reader.page.locator(f"[data-testid=post-card][data-post='{before['id']}']")
    expect(old.locator("time")).to_have_text("just now")  # by the server's clock
    post = author.upload(picture, "here today #gone")
    reader.page.locator("[data-testid=new-pill]").click()
    card = reader.page.locator(f"[data-testid=post-card][data-post='{post['id']}']")
    expect(card).to_have_count(1)
    answer = author.request.delete(f"{author.url}/api/posts/{post['id']}", headers={"Origin": author.url})
    assert answer.status == 204
    reader.page.locator("[data-testid=post-gone]").first.wait_for(timeout=DEADLINE_MS)


def test_typing_is_seen_by_who_looks_at_the_same_post(people: Any, picture: bytes) -> None:
    author, reader = people(), people()
    author.sign_in()
    post = author.upload(picture, "say something")
    author.open(f"/post/{post['id']}")
    reader.open(f"/post/{post['id']}")
    expect(author.page.locator("[data-testid=looking]").first).to_contain_text("2", timeout=DEADLINE_MS)
    reader.page.locator("[data-testid=comment-input]").press_sequentially("hmm", delay=30)
    expect(author.page.locator("[data-testid=typing]").first).to_contain_text("is writing", timeout=DEADLINE_MS)


def test_a_feed_in_view_follows_its_posts_and_lets_go_of_what_left(people: Any, picture: bytes) -> None:
    """The frames that the page sends say so."""
    reader = people()
    sent: list[bytes | str] = []
    reader.page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    author = people()
    author.sign_in()
    first = [author.upload(picture, f"number {number}")["id"] for number in range(12)]
    reader.page.set_viewport_size({"width": 390, "height": 700})
    reader.open()

    def said(op: str, topic: str) -> bool:
        return any(op.encode() in frame and topic.encode() in frame for frame in map(_bytes, sent))

    newest, oldest = f"post:{first[-1]}", f"post:{first[0]}"
    wait_for(reader.page, lambda: said("subscribe", newest), "the newest is followed")
    assert not said("subscribe", oldest)
    card = reader.page.locator(f"[data-testid=post-card][data-post='{first[0]}']")

    def reached() -> bool:
        reader.page.evaluate("scrollBy(0, innerHeight / 2)")
        return card.count() > 0

    # Only what is near the window is in the document.
    wait_for(reader.page, reached, "the oldest hangs")
    card.scroll_into_view_if_needed()
    wait_for(reader.page, lambda: said("subscribe", oldest), "the oldest is followed")
    wait_for(reader.page, lambda: said("unsubscribe", newest), "the newest is let go of")


@pytest.mark.parametrize(
    ("viewport", "scheme"),
    [
        (DESKTOP, "dark"),
        (PHONE, "light"),
        pytest.param(DESKTOP, "light", marks=at_full_count),
        pytest.param(PHONE, "dark", marks=at_full_count),
    ],
    ids=["desktop-dark", "phone-light", "desktop-light", "phone-dark"],
)
def test_every_address_opens_without_a_sideways_scroll(
    people: Any, picture: bytes, viewport: dict[str, int], scheme: str
) -> None:
    visitor = people(viewport=viewport, color_scheme=scheme)
    visitor.sign_in()
    post = visitor.upload(picture, "a place with #many words " + "wide " * 40)
    handle = visitor.request.get(visitor.url + "/api/me").json()["user"]["handle"]
    for path in ("/", f"/post/{post['id']}", "/tag/many", f"/@{handle}", "/news", "/search", "/settings"):
        visitor.open(path)
        visitor.page.wait_for_load_state("networkidle")
        wait_until(visitor.page, NO_WIDER)
        if viewport is PHONE:
            visitor.page.set_viewport_size(SMALL)
            wait_until(visitor.page, NO_WIDER)
            visitor.page.set_viewport_size(PHONE)


def _bytes(frame: bytes | str) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame
