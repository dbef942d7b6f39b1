"""A person's wall: ribbon, counts, what they paint now, their pictures."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.axe import violations
from tests.browser.conftest import DEADLINE_MS, DESKTOP, PAINTING_MS, PHONE
from tests.browser.waiting import at_full_count
from tests.integration.server_process import until


@pytest.mark.parametrize("viewport", [DESKTOP, pytest.param(PHONE, marks=at_full_count)], ids=["desktop", "phone"])
def test_a_profile_shows_ribbon_counts_and_pictures(people: Any, picture: bytes, viewport: dict[str, int]) -> None:
    painter, visitor = people(), people(viewport=viewport)
    painter.sign_in()
    posts = [painter.upload(picture, f"number {number}") for number in range(3)]
    visitor.open(f"/@{posts[0]['author']['handle']}")
    expect(visitor.page.locator("[data-testid=post-card]")).to_have_count(3)
    expect(visitor.page.locator("[data-testid=counts]")).to_contain_text("3 pictures")
    expect(visitor.page.locator("[data-testid=counts]")).to_contain_text("0 followers")
    ribbon = visitor.page.locator("profile-head .ribbon a")
    expect(ribbon).to_have_count(3)
    ribbon.first.click()
    expect(visitor.page.locator("[data-testid=post-view]")).to_have_attribute("data-post", posts[-1]["id"])
    visitor.page.locator("[data-testid=close-post]").click()
    expect(visitor.page.locator("[data-testid=counts]")).to_contain_text("3 pictures")


def test_what_somebody_paints_now_is_shown_on_their_wall(people: Any) -> None:
    painter, visitor = people(), people()
    painter.sign_in()
    handle = painter.request.get(painter.url + "/api/me").json()["user"]["handle"]
    visitor.open(f"/@{handle}")
    expect(visitor.page.locator("[data-testid=nothing]")).to_be_visible()
    prompt = {"prompt": "a lighthouse in fog", "width": 512, "height": 512, "steps": 20}
    asked = painter.post("/api/generations", prompt)["id"]
    expect(visitor.page.locator("[data-testid=painting-now]")).to_be_visible(timeout=PAINTING_MS)
    card = visitor.page.locator(f"[data-testid=post-card][data-post='{asked}']")
    expect(card).to_have_count(1, timeout=PAINTING_MS)
    expect(visitor.page.locator("[data-testid=painting-now]")).to_have_count(0, timeout=DEADLINE_MS)


@at_full_count
def test_a_name_that_nobody_has_says_so(people: Any) -> None:
    visitor = people()
    visitor.open("/@nobody-has-this")
    expect(visitor.page.get_by_text("nobody by that name")).to_be_visible()
    visitor.complaints.clear()


def test_the_pictures_of_somebody_are_shared_with_a_code_that_shows_them(people: Any, picture: bytes) -> None:
    painter, visitor = people(), people()
    painter.sign_in()
    author = painter.upload(picture, "share them")["author"]
    visitor.open(f"/@{author['handle']}")
    visitor.page.get_by_role("button", name="Share the pictures").click()
    expect(visitor.page.get_by_label("The link")).to_have_value(f"{visitor.url}/@{author['handle']}")
    visitor.page.locator("[data-testid=embed] summary").click()
    source = f'src="{visitor.url}/embed/user:{author["id"]}"'
    expect(visitor.page.locator("[data-testid=embed-code]")).to_have_value(re.compile(re.escape(source)))
    assert visitor.request.get(f"{visitor.url}/embed/user:{author['id']}").ok
    visitor.page.get_by_label("Without a script").click()
    expect(visitor.page.locator("[data-testid=embed-code]")).to_have_value(re.compile("^<iframe "))


def handle_of(person: Any) -> str:
    return str(person.request.get(person.url + "/api/me").json()["user"]["handle"])


def cards(person: Any) -> Any:
    return person.page.locator("feed-wall [data-testid=post-card]")


def tab(person: Any, name: str) -> Any:
    return person.page.locator(f"[data-tab={name}]")


def test_each_wall_of_a_profile_has_an_address_and_what_is_liked_is_ones_own(people: Any, picture: bytes) -> None:
    painter, visitor = people(), people(viewport=PHONE)
    painter.sign_in()
    visitor.sign_in()
    handle = handle_of(painter)
    mine, theirs = painter.upload(picture, "mine"), visitor.upload(picture, "to like")
    painter.post("/api/rooms", {"post": theirs["id"]})
    liked = f"{painter.url}/api/posts/{theirs['id']}/reactions/%F0%9F%A6%8A"
    assert painter.request.put(liked, headers={"Origin": painter.url}).ok
    painter.open(f"/@{handle}")
    expect(painter.page.get_by_test_id("profile-tabs").get_by_role("link")).to_have_text(
        ["Pictures 1", "Remixes 0", "Rooms 1", "Liked 1"]
    )
    expect(tab(painter, "pictures")).to_have_attribute("aria-current", "page")
    tab(painter, "liked").click()
    expect(painter.page).to_have_url(re.compile(f"/@{handle}/liked$"))
    expect(painter.page).to_have_title(f"Liked · {handle} · livefeed")
    expect(cards(painter)).to_have_count(1)
    expect(cards(painter)).to_have_attribute("data-post", theirs["id"])
    expect(cards(painter).get_by_text(handle_of(visitor))).to_be_visible()
    expect(painter.page.locator("profile-head .ribbon a")).to_have_count(1)
    assert violations(painter.page) == []
    tab(painter, "rooms").click()
    expect(painter.page.get_by_test_id("my-room")).to_contain_text("to like")
    assert violations(painter.page) == []
    tab(painter, "remixes").click()
    expect(painter.page.get_by_test_id("nothing")).to_contain_text("nothing remixed yet")
    assert violations(painter.page) == []
    painter.page.go_back()
    expect(painter.page.get_by_test_id("my-room")).to_be_visible()
    painter.page.go_back()
    expect(cards(painter)).to_have_attribute("data-post", theirs["id"])
    painter.page.go_forward()
    expect(painter.page.get_by_test_id("my-room")).to_be_visible()
    visitor.open(f"/@{handle}/liked")
    expect(visitor.page.get_by_test_id("private")).to_contain_text("shown to nobody else")
    expect(visitor.page.get_by_test_id("profile-tabs").get_by_role("link")).to_have_text(["Pictures 1", "Remixes 0"])
    visitor.page.get_by_role("link", name="Their pictures").click()
    expect(cards(visitor)).to_have_attribute("data-post", mine["id"])


def test_a_remix_comes_to_its_wall_live_and_is_counted(people: Any) -> None:
    painter, visitor = people(), people()
    painter.sign_in()
    handle = handle_of(painter)
    ask = {"prompt": "a snail", "width": 256, "height": 256, "steps": 4}
    first = painter.post("/api/generations", ask)["id"]
    until(lambda: painter.request.get(f"{painter.url}/api/posts/{first}").ok, "it is a post", PAINTING_MS / 1000)
    visitor.open(f"/@{handle}/remixes")
    expect(visitor.page.get_by_test_id("nothing")).to_be_visible()
    second = painter.post("/api/generations", {**ask, "parent": first})["id"]
    expect(cards(visitor)).to_have_attribute("data-post", second, timeout=PAINTING_MS)
    expect(tab(visitor, "remixes")).to_have_text("Remixes 1")
    expect(tab(visitor, "pictures")).to_have_text("Pictures 2")
    expect(visitor.page.get_by_test_id("remixed")).to_have_text("1 remix of theirs")


def test_followers_are_named_to_whom_they_follow_and_followed_back_there(people: Any) -> None:
    person, fan = people(color_scheme="light"), people()
    person.sign_in()
    fan.sign_in()
    handle, other = handle_of(person), handle_of(fan)
    assert fan.request.put(f"{fan.url}/api/users/{handle}/follow", headers={"Origin": fan.url}).ok
    counts = f"{fan.url}/api/users/{handle}"
    until(lambda: fan.request.get(counts).json()["followers"] == 1, "it is counted", DEADLINE_MS / 1000)
    person.open(f"/@{handle}")
    person.page.get_by_role("button", name="1 follower").click()
    sheet = person.page.get_by_role("dialog", name="Who follows you")
    expect(sheet.get_by_role("link", name=other)).to_be_visible()
    assert violations(person.page) == []
    sheet.get_by_test_id("follow").click()
    expect(sheet.get_by_test_id("follow")).to_have_attribute("aria-pressed", "true")
    person.page.keyboard.press("Escape")
    person.page.get_by_role("button", name="1 following").click()
    person.page.get_by_role("dialog", name="Whom you follow").get_by_role("link", name=other).click()
    expect(person.page).to_have_url(re.compile(f"/@{other}$"))
    expect(person.page.get_by_role("dialog")).to_have_count(0)
    # Of others only the numbers are shown.
    expect(person.page.get_by_test_id("followers")).to_have_text("1 follower")
    expect(person.page.get_by_role("button", name="follower")).to_have_count(0)


def test_a_picture_that_loses_a_tag_leaves_its_place_on_the_wall_of_that_tag(people: Any, picture: bytes) -> None:
    painter, reader = people(), people()
    painter.sign_in()
    stays, leaves = painter.upload(picture, "one #lost"), painter.upload(picture, "two #lost")
    reader.open("/tag/lost")
    expect(cards(reader)).to_have_count(2)
    before = reader.page.locator(f"[data-testid=post-card][data-post='{stays['id']}']").bounding_box()
    edited = painter.request.patch(
        f"{painter.url}/api/posts/{leaves['id']}", data={"caption": "two"}, headers={"Origin": painter.url}
    )
    assert edited.ok
    expect(reader.page.get_by_test_id("post-gone")).to_have_text("no longer under this tag")
    assert reader.page.locator(f"[data-testid=post-card][data-post='{stays['id']}']").bounding_box() == before
